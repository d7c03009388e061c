"""`olive.compare`: two policies of a result, checked before any work."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from olive.analysis.comparison import Comparison
from olive.analysis.disclosure import smallest_cell_for
from olive.analysis.intervals import Uncertainty, design_of, note_on
from olive.errors import DataError

if TYPE_CHECKING:
    from olive.analysis.words import Label
    from olive.population import Population
    from olive.simulation.result import Result


def compare(
    result: Result,
    before: int | str = 0,
    after: int | str | None = None,
    *,
    smallest_cell: int | None = None,
    deflator: float = 1.0,
    uncertainty: Uncertainty | None = None,
) -> Comparison:
    """Compare two policies of a result.

    Parameters
    ----------
    result : Result
        From `olive.simulate` with at least two policies.
    before, after : int or str, optional
        Policies by position or label; by default the first and the last.
    smallest_cell : int, optional
        Cells that rest on fewer sample households are suppressed (missing, with a note): by
        default 10, and 0 (no guard) when the population is synthetic.
    deflator : float
        Price level of the data over that of the income brackets: bounds are multiplied by it.
        1 leaves brackets nominal; 1.05 takes them as 5 per cent more yuan of the data's year.
    uncertainty : Design or ReplicateWeights, optional
        How the sample was drawn, from `olive.statistics`. By default told from the household
        columns ``stratum`` and ``psu`` of real data; synthetic data have no sampling error.

    Raises
    ------
    DataError
        When there is only one policy, no such policy, twice the same, or an argument is out of
        range.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=200, seed=1)
    >>> law = olive.law(year=2023)
    >>> reform = olive.Reform({"dibao_standard": 20_000}, label="dibao 20,000")
    >>> comparison = compare(olive.simulate(city, [law, law | reform]))
    >>> shares = comparison.cells()["share_after"]
    >>> bool(abs(shares[:5].sum() - 1) < 1e-12)
    True
    """
    positions = _two_policies(result, before, after)
    number = isinstance(deflator, int | float | np.number) and not isinstance(deflator, bool)
    if not number or not (math.isfinite(deflator) and deflator > 0):
        raise DataError(
            f"deflator is {deflator!r}; it is the price level of the data over that of the "
            "brackets, a finite number above 0 (1 for nominal brackets)"
        )
    least = smallest_cell_for(smallest_cell, synthetic=result.population.is_synthetic)
    drawn, note = _uncertainty(result.population, uncertainty)
    return Comparison(result, positions, least, float(deflator), drawn, note)


def _two_policies(result: Result, before: int | str, after: int | str | None) -> tuple[int, int]:
    if len(result.policies) < 2:
        raise DataError(
            "a comparison needs two policies: olive.simulate(population, [before, after])"
        )
    listed = ", ".join(map(repr, result.labels))
    for policy in (before, after):
        if policy is not None and not isinstance(policy, int | str):
            raise DataError(
                f"a policy is named by its label or its position, not by {policy!r}; labels are "
                f"{listed}"
            )
    last = len(result.policies) - 1
    positions = (result.position(before), result.position(last if after is None else after))
    if positions[0] == positions[1]:
        raise DataError(
            f"policy {result.labels[positions[0]]!r} is compared with itself; name two of {listed}"
        )
    return positions


def _uncertainty(
    population: Population, uncertainty: Uncertainty | None
) -> tuple[Uncertainty | None, Label]:
    if uncertainty is None:
        return design_of(population)
    if population.is_synthetic:
        raise DataError(
            "the households are synthetic, so they have no sampling error; leave uncertainty out"
        )
    if uncertainty.rows != len(population):
        raise DataError(
            f"uncertainty is for {uncertainty.rows} rows; the population has {len(population)} "
            "households"
        )
    return uncertainty, note_on(uncertainty)
