"""Fits of the double Pareto-lognormal to shipped quintiles, kept so that nobody waits for them.

``published_fits.yaml`` holds their parameters with a hash of the figures that were fitted. A fit
whose figures have changed, or that is not there, is computed. ``write_published_fits`` renews the
file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import astuple, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from olive.china.recipes.quintiles import quintiles
from olive.native.files import write_text
from olive.statistics.distributions.double_pareto import DoubleParetoLognormal
from olive.statistics.distributions.fitting import IncomeFit, fit
from olive.statistics.distributions.grouped import GroupedIncome

FAMILY = "double_pareto_lognormal"
_FILE = "published_fits.yaml"
_SHAPE = tuple(each.name for each in fields(DoubleParetoLognormal))


@cache
def published_fit(name: str, family: str = FAMILY) -> IncomeFit:
    """Return the fit of a family to the shipped quintiles of a name.

    Raises
    ------
    DataError
        When there are no such quintiles, or no such family.

    Examples
    --------
    >>> round(published_fit("national urban 2022").size_gradient, 2)
    0.16
    """
    data = quintiles()[name]
    kept = _kept().get(name) if family == FAMILY else None
    if kept is None or kept["figures"] != _digest(data):
        return fit(data, family)
    shape = DoubleParetoLognormal(**{each: kept[each] for each in _SHAPE})
    at_bounds = tuple(kept["at_bounds"])
    return IncomeFit(family, data, shape, kept["size_gradient"], at_bounds=at_bounds)


def write_published_fits(names: Iterable[str], path: Path) -> None:
    """Fit the quintiles of names anew and write their parameters."""
    records = {}
    for name in names:
        data = quintiles()[name]
        found = fit(data, FAMILY)
        assert isinstance(found.households, DoubleParetoLognormal)
        records[name] = {
            "figures": _digest(data),
            **dict(zip(_SHAPE, map(float, astuple(found.households)), strict=True)),
            "size_gradient": float(found.size_gradient),
            "at_bounds": list(found.at_bounds),
        }
    write_text(path, yaml.safe_dump(records, sort_keys=True))


def _digest(data: GroupedIncome) -> str:
    figures = repr((data.group_means, data.mean)).encode()
    return hashlib.sha256(figures).hexdigest()[:16]


@cache
def _kept() -> dict[str, dict[str, Any]]:
    text = files("olive.china.recipes.solving").joinpath(_FILE).read_text(encoding="utf-8")
    kept: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return kept
