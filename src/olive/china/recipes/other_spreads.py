"""Other spreads of income that the published figures allow as well as the recipe's.

The sampling error of a synthetic population says nothing about how true it is. Its spread of
incomes rests on a shape borrowed from another place, on a factor on the spread and on how much
smaller richer households are. Every household is moved to the same rank of another spread, with
the mean of its kind of place kept; statistics of the result show how far the choice matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize

from olive.china.recipes.recipe import SIZE_CLASSES
from olive.china.recipes.solving.target_distribution import (
    fit_kappa,
    shape_by_size,
    shape_fits,
    size_shares,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from olive.china.recipes.recipe import Recipe
    from olive.population import Population
    from olive.statistics.distributions import Distribution, IncomeFit

    FloatArray = NDArray[np.float64]

OTHER_SHAPE = {"urban": "national urban 2022", "rural": "national rural 2022"}
SPREADS = (1.0, 0.9, 1.1)  # factors on log spread
_RANKS = np.concatenate(
    [
        np.geomspace(1e-5, 0.01, 60),
        np.linspace(0.01, 0.99, 400)[1:-1],
        1 - np.geomspace(0.01, 1e-5, 60),
    ]
)
_AREAS = ("rural", "urban")


def has_variants(population: Population) -> bool:
    """Say whether families of every size live in town and country: their spread is moved apart.

    Examples
    --------
    >>> from olive.population import Population
    >>> [has_variants(Population.synthetic(households=n, seed=1)) for n in (10, 2_000)]
    [False, True]
    """
    if "urban" not in population.tables.households.column_names:
        return False
    families = size_shares(population)[..., 0]
    largest = SIZE_CLASSES - 2  # the last class of families holds all larger ones
    classes = np.column_stack([families[:, :largest], families[:, largest:].sum(axis=1)])
    return bool((classes > 0).all())


def spread_variants(
    recipe: Recipe, population: Population, urban: NDArray[np.bool_], income: FloatArray
) -> Iterator[FloatArray]:
    """Yield the incomes of all households under each variant of the recipe's spread.

    Parameters
    ----------
    recipe : Recipe
        What the population was drawn from.
    population : Population
        One that `has_variants`.
    urban : numpy.ndarray of bool, shape (households,)
    income : numpy.ndarray of float64, shape (households,)
        Disposable income, yuan a year.

    Yields
    ------
    numpy.ndarray of float64, shape (households,)
        Shape (the recipe's, the nation's, both with the recipe's thin low tail) x factor on log
        spread (1, 0.9, 1.1) x size gradient (the recipe's, the nation's, and that which was fitted
        with the recipe's shape where the recipe has another): the first changes nothing.
    """
    spread = recipe.place["spread"]
    fitted = {key: setting for key, setting in spread.items() if key != "size_gradient"}
    fits = {"own": shape_fits(spread), "other": shape_fits({**fitted, "shape": OTHER_SHAPE})}
    own, other = fits.values()
    slopes = [own, other, *([shape_fits(fitted)] if "size_gradient" in spread else [])]
    shares, low_tail = size_shares(population), float(recipe.solved.low_tail[0])
    cells = {name: shape_by_size(shape, shares) for name, shape in fits.items()}
    kappa = {name: fit_kappa(each, recipe.place, low_tail) for name, each in cells.items()}
    in_towns = urban.astype(bool)
    areas = [_Area(rows, income, population) for rows in (~in_towns, in_towns)]
    before = [_at(own[area], kappa["own"]) for area in _AREAS]
    for (name, shape), factor in product(fits.items(), SPREADS):
        after = [_at(shape[area], kappa[name] * factor) for area in _AREAS]
        spread_out = [
            _Bending(_moved(area, old, new), area)
            for area, old, new in zip(areas, before, after, strict=True)
        ]
        for slope in slopes:
            moved = np.empty(income.size)
            for name_of_area, area, bending in zip(_AREAS, areas, spread_out, strict=True):
                steeper = slope[name_of_area].size_gradient / own[name_of_area].size_gradient
                moved[area.rows] = area.size * bending.steeper(steeper)
            yield moved


class _Area:
    """What no variant changes of the households of an area."""

    def __init__(self, rows: NDArray[np.bool_], income: FloatArray, population: Population) -> None:
        self.rows = rows
        self.persons: NDArray[np.int64] = population.size[rows]
        self.size = self.persons.astype(np.float64)
        self.weight = population.weight[rows]
        self.all_persons = self.weight * self.size
        self.a_head = income[rows].astype(np.float64) / self.size
        self.mean = float(self.all_persons @ self.a_head / self.all_persons.sum())
        self.positive = self.a_head > 0.0
        self.place = np.log(np.where(self.positive, self.a_head, self.mean) / self.mean)

    def of_size(self, function: Callable[[FloatArray], FloatArray]) -> FloatArray:
        """Return a function of household size: of the few sizes that there are."""
        return function(np.arange(1.0, self.persons.max() + 1.0))[self.persons - 1]


def _at(fitted: IncomeFit, kappa: float) -> Distribution:
    return fitted.reshaped(mean=1.0, spread=kappa).households


def _moved(area: _Area, old: Distribution, new: Distribution) -> FloatArray:
    """Return incomes at the same rank of another distribution, with the same mean over persons."""
    before, after = np.log(old.quantile(_RANKS)), np.log(new.quantile(_RANKS))
    shift = np.interp(area.place, before, after - before)
    moved = np.where(area.positive, area.a_head * np.exp(shift), area.a_head)
    mean = float(area.all_persons @ moved / area.all_persons.sum())
    return np.asarray(moved * (area.mean / mean))


class _Bending:
    """Incomes a head of an area, to be given other slopes of household size on them."""

    def __init__(self, a_head: FloatArray, area: _Area) -> None:
        self._a_head, self._area = a_head, area
        used = a_head > 0.0
        x, y, w = np.log(a_head[used]), area.of_size(np.log)[used], area.weight[used]
        x = x - w @ x / w.sum()
        self._slope = float((w * x) @ y / ((w * x) @ x))  # of log size on log income per head
        y = y - w @ y / w.sum()
        self._moments = [float((w * one) @ other) for one, other in ((x, x), (x, y), (y, y))]

    def steeper(self, factor: float) -> FloatArray:
        """Return incomes whose households shrink ``factor`` times as fast with income per head."""
        if factor == 1.0:
            return self._a_head
        xx, xy, yy = self._moments
        wanted = factor * self._slope

        def miss(power: float) -> float:
            """Return by how much the slope misses when incomes per head are times size**power.

            Logarithms turn the product into x + power * y, so the slope follows from three moments.
            """
            return (xy + power * yy) / (xx + 2.0 * power * xy + power**2 * yy) - wanted

        low, high = -1.5, 1.5
        if miss(low) * miss(high) > 0.0:
            return self._a_head
        power = float(optimize.brentq(miss, low, high, xtol=1e-4))
        bent = self._a_head * self._area.of_size(lambda size: size**power)
        persons = self._area.all_persons
        return np.asarray(bent * (persons @ self._a_head) / (persons @ bent))
