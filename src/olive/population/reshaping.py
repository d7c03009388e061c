"""New tables from old ones: other weights, fewer households."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from olive.columns import catalogue
from olive.errors import DataError
from olive.population.conform import ColumnFault, conform
from olive.population.structure import Tables


def reweighted(tables: Tables, weights: Any) -> Tables:
    """Return the same households with other weights.

    Raises
    ------
    DataError
        When the length is wrong or a weight is NaN, infinite or negative.
    """
    values = np.asarray(weights)
    households = len(tables.households)
    if values.shape != (households,):
        message = (
            f"weights have the shape {values.shape}; one for each of the {households} "
            "households is needed"
        )
        raise DataError(message)
    try:
        column = conform(catalogue()["weight"], pa.array(values, from_pandas=True))
    except (ColumnFault, pa.ArrowException) as fault:
        raise DataError(str(fault)) from None
    position = tables.households.schema.get_field_index("weight")
    return replace(tables, households=tables.households.set_column(position, "weight", column))


def selected(tables: Tables, mask: Any) -> Tables:
    """Return the households where ``mask`` is true, with all their persons.

    Raises
    ------
    DataError
        When the mask is not one truth value a household, or is true nowhere.
    """
    chosen = np.asarray(mask)
    households = len(tables.households)
    if chosen.dtype != np.bool_ or chosen.shape != (households,):
        message = (
            f"select() needs one truth value for each of the {households} households; got "
            f"{chosen.dtype} of shape {chosen.shape}"
        )
        raise DataError(message)
    if not chosen.any():
        message = "select() would leave no household: the mask is true nowhere"
        raise DataError(message)
    size = np.diff(tables.starts)
    return Tables(
        tables.households.filter(pa.array(chosen)).combine_chunks(),
        tables.persons.filter(pa.array(np.repeat(chosen, size))).combine_chunks(),
        np.concatenate([[0], np.cumsum(size[chosen])]).astype(np.int64),
    )
