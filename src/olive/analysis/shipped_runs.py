"""For which population and policies a run that olive ships was made."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from olive.places.place import Place
    from olive.population import Population

# Shares of the golden ratio: each row weighs differently, so that rows in another order are told.
_STEP = (np.sqrt(5.0) - 1.0) / 2.0


def shipped_run(place: Place, name: str, file: Path | None = None) -> dict[str, Any]:
    """Return what a place ships under a name, or the content of another file; empty for none."""
    path = file or (place.runs / name if place.runs is not None else None)
    if path is None or not path.exists():
        return {}
    return dict(json.loads(path.read_text(encoding="utf-8")))


def what_for(population: Population, seed: int) -> dict[str, Any]:
    """Return which data and seed of draws a run is for."""
    return {"population": mark_of(population), "seed": seed}


def is_for(
    content: Mapping[str, Any],
    population: Population,
    seed: int,
    policies: Callable[[], Mapping[str, Any]],
) -> bool:
    """Say whether a run is for a population, a seed and policies; never when it is empty.

    The policies are told only where the data are those of the run, for that takes long.
    """
    made_for = content.get("for", {})
    wanted = what_for(population, seed)
    return wanted.items() <= made_for.items() and bool(made_for == wanted | dict(policies()))


def mark_of(population: Population) -> str:
    """Return a text that is the same for populations that give the same figures.

    Unlike the fingerprint, which tells every bit, it holds sums to six digits: a city that is
    aged by another machine's linear algebra differs in the last bits, and no figure with it.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=50, seed=1)
    >>> mark_of(city) == mark_of(city.with_weights(city.weight * (1 + 1e-13)))
    True
    >>> mark_of(city) == mark_of(city.with_weights(city.weight * 1.001))
    False
    """
    arrays = population.arrays()
    told = [f"{population.year}:{len(population)}"]
    for columns in (arrays.households, arrays.persons):
        for name in sorted(columns):
            values = np.asarray(columns[name], dtype=np.float64)
            places = np.arange(1, values.size + 1) * _STEP % 1.0
            told.append(f"{name}:{np.nansum(values * places):.6g}")
    return hashlib.sha256("|".join(told).encode()).hexdigest()
