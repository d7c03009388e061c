"""Other spreads of income that the published figures allow as well as the recipe's.

The sampling error of a synthetic population says nothing about how true it is. Its spread of
incomes rests on a shape borrowed from another place, on a factor on the spread and on how much
smaller richer households are. Every household is moved to the same rank of another spread, with
the mean of its kind of place kept; statistics of the result show how far the choice matters.
"""

from __future__ import annotations

from collections.abc import Iterator
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
        One that :func:`has_variants`.
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
    kappa = {
        name: fit_kappa(shape_by_size(shape, shares), recipe.place, low_tail)
        for name, shape in fits.items()
    }
    size = population.size.astype(np.float64)
    for (name, shape), factor, slope in product(fits.items(), SPREADS, slopes):
        moved = income.astype(np.float64).copy()
        for area, here in zip(_AREAS, (~urban.astype(bool), urban.astype(bool)), strict=True):
            weight = population.weight[here]
            old = _at(own[area], kappa["own"])
            new = _at(shape[area], kappa[name] * factor)
            a_head = _moved(moved[here] / size[here], old, new, weight * size[here])
            steeper = slope[area].size_gradient / own[area].size_gradient
            moved[here] = size[here] * _sloped(a_head, size[here], weight, steeper)
        yield moved


def _at(fitted: IncomeFit, kappa: float) -> Distribution:
    return fitted.reshaped(mean=1.0, spread=kappa).households


def _moved(
    a_head: FloatArray, old: Distribution, new: Distribution, persons: FloatArray
) -> FloatArray:
    """Return incomes at the same rank of another distribution, with the same mean over persons."""
    mean = float(persons @ a_head / persons.sum())
    positive = a_head > 0.0
    before, after = np.log(old.quantile(_RANKS)), np.log(new.quantile(_RANKS))
    place = np.log(np.where(positive, a_head, mean) / mean)
    shift = np.interp(place, before, after - before)
    moved = np.where(positive, a_head * np.exp(shift), a_head)
    return np.asarray(moved * (mean / float(persons @ moved / persons.sum())))


def _sloped(a_head: FloatArray, size: FloatArray, weight: FloatArray, steeper: float) -> FloatArray:
    """Return incomes whose households shrink ``steeper`` times as fast with income a head."""
    if steeper == 1.0:
        return a_head
    wanted = steeper * _gradient(a_head, size, weight)
    used = a_head > 0.0
    x, y, w = np.log(a_head[used]), np.log(size[used]), weight[used]
    x, y = x - w @ x / w.sum(), y - w @ y / w.sum()
    xx, xy, yy = (float((w * first) @ second) for first, second in ((x, x), (x, y), (y, y)))

    def miss(power: float) -> float:
        """Return by how much the slope misses when incomes a head are times size**power.

        Logarithms turn the product into x + power * y, so the slope follows from three moments.
        """
        return (xy + power * yy) / (xx + 2.0 * power * xy + power**2 * yy) - wanted

    low, high = -1.5, 1.5
    if miss(low) * miss(high) > 0.0:
        return a_head
    power = float(optimize.brentq(miss, low, high, xtol=1e-4))
    bent = a_head * size**power
    return np.asarray(bent * (weight * size @ a_head) / (weight * size @ bent))


def _gradient(a_head: FloatArray, size: FloatArray, weight: FloatArray) -> float:
    """Return the slope of log size on log income a head, over households."""
    used = a_head > 0.0
    x, y, w = np.log(a_head[used]), np.log(size[used]), weight[used]
    x = x - w @ x / w.sum()
    return float((w * x) @ y / ((w * x) @ x))
