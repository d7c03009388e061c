"""Fit an income distribution and the size gradient to published group means.

Richer households are smaller: the expected number of persons falls as ``income**-size_gradient``.
Weighting the distribution of households by persons is then a tilt by minus the gradient, and by
income a tilt by one minus the gradient, so that the mean of a group is a ratio of two differences
of cumulative distribution functions. The gap between the plain mean of the group means and the
mean over persons identifies the gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import scipy

from olive.errors import nearest
from olive.messages import joined
from olive.statistics.distributions.double_pareto import DoubleParetoLognormal
from olive.statistics.distributions.families import (
    Distribution,
    DistributionError,
    FloatArray,
    GeneralizedBeta,
    Lognormal,
    beta_2,
    dagum,
    fisk,
    singh_maddala,
)

if TYPE_CHECKING:
    import pandas as pd

    from olive.statistics.distributions.grouped import GroupedIncome

LARGEST_GRADIENT = 0.8
STARTING_GRADIENTS = (0.05, 0.3)


@dataclass(frozen=True)
class Family:
    """How to build a distribution of unit scale from its shape parameters, and where to search."""

    build: Callable[..., Distribution]
    ranges: Mapping[str, tuple[float, float]]
    starts: tuple[tuple[float, ...], ...]


# Shapes are searched in logarithms inside these ranges. Means must exist, and a tail thinner than
# the upper bounds cannot be told from no power tail at all by five group means.
FAMILIES: Mapping[str, Family] = {
    "double_pareto_lognormal": Family(
        partial(DoubleParetoLognormal, 0.0),
        {"sigma": (0.1, 3.0), "upper": (1.3, 40.0), "lower": (0.9, 40.0)},
        ((0.4, 3.0, 2.0), (0.3, 2.0, 1.5), (0.6, 10.0, 3.0)),
    ),
    "generalized_beta": Family(
        partial(GeneralizedBeta, 1.0),
        {"shape": (0.3, 15.0), "low": (0.05, 50.0), "high": (0.1, 50.0)},
        ((2.5, 1.0, 1.5), (1.0, 3.0, 6.0), (6.0, 0.3, 0.5)),
    ),
    "singh_maddala": Family(
        partial(singh_maddala, 1.0),
        {"shape": (0.5, 15.0), "high": (0.1, 50.0)},
        ((2.0, 2.0), (3.0, 1.0)),
    ),
    "dagum": Family(
        partial(dagum, 1.0), {"shape": (1.3, 15.0), "low": (0.05, 50.0)}, ((3.0, 0.6), (4.0, 0.4))
    ),
    "beta_2": Family(
        partial(beta_2, 1.0), {"low": (0.05, 50.0), "high": (1.1, 50.0)}, ((3.0, 4.0), (1.5, 2.5))
    ),
    "fisk": Family(partial(fisk, 1.0), {"shape": (1.1, 15.0)}, ((3.0,),)),
    "lognormal": Family(partial(Lognormal, 0.0), {"sigma": (0.05, 3.0)}, ((0.6,),)),
}

# The Fisk distribution, of one shape, is inside Singh-Maddala and Dagum, so it never fits better.
COMPARED = tuple(name for name in FAMILIES if name != "fisk")


@dataclass(frozen=True)
class IncomeFit:
    """A distribution of per-capita income fitted to group means.

    Attributes
    ----------
    family
        Name of the family, a key of `FAMILIES`.
    data
        The published figures that were fitted.
    households
        Distribution of per-capita income over households, yuan per year.
    size_gradient
        Elasticity of the expected number of persons in a household with respect to per-capita
        income, with the sign changed (0 = household size does not depend on income).
    used_median
        Whether the published median was fitted; otherwise it is held out.
    at_bounds
        Shape parameters that ended on the edge of the searched range: weakly identified.
    """

    family: str
    data: GroupedIncome
    households: Distribution
    size_gradient: float
    used_median: bool = False
    at_bounds: tuple[str, ...] = ()

    @property
    def persons(self) -> Distribution:
        """Distribution of per-capita income over persons, yuan per year."""
        return self.households.tilt(-self.size_gradient)

    @property
    def group_means(self) -> FloatArray:
        """Fitted income per person in each group, yuan per year."""
        return group_means(self.households, self.size_gradient, len(self.data.group_means))

    @property
    def person_shares(self) -> FloatArray:
        """Share of all persons who live in the households of each group."""
        return _group_shares(self.households, self.persons, len(self.data.group_means))

    @property
    def rms_log_error(self) -> float:
        """Root of the mean squared difference of the logarithms of fitted and published means."""
        errors = np.log(self.group_means / np.asarray(self.data.group_means))
        return float(np.sqrt(np.mean(errors**2)))

    @property
    def median_error(self) -> float | None:
        """Relative error of the median household's income; None where no median is published."""
        published = self.data.median
        return None if published is None else self.households.median / published - 1.0

    def reshaped(self, mean: float | None = None, spread: float = 1.0) -> IncomeFit:
        """Return the fit moved to another place: log spread multiplied, then the mean set.

        Parameters
        ----------
        mean
            Income per person after reshaping, yuan per year; by default that of the data.
        spread
            Factor on the deviations of log income (0.9 = ten per cent less unequal).
            The size gradient is divided by it, so that each rank keeps its expected size.

        Examples
        --------
        >>> from olive.china.recipes.quintiles import quintiles
        >>> from olive.statistics.distributions import fit
        >>> city = fit(quintiles()["national urban 2022"]).reshaped(mean=73_879, spread=0.9)
        >>> round(city.persons.mean)
        73879
        """
        gradient = self.size_gradient / spread
        wanted = self.data.mean if mean is None else mean
        shape = self.households.spread(spread)
        households = shape.scaled(wanted / shape.tilt(-gradient).mean)
        return replace(self, households=households, size_gradient=gradient)


def _group_shares(households: Distribution, units: Distribution, groups: int) -> FloatArray:
    """Share of `units` (persons, income) that falls to each group of ranked households."""
    limits = households.quantile(np.arange(1, groups) / groups)
    return np.diff(units.cdf(limits), prepend=0.0, append=1.0)


def group_means(households: Distribution, size_gradient: float, groups: int = 5) -> FloatArray:
    """Income per person in equal groups of households ranked by per-capita income.

    Parameters
    ----------
    households
        Distribution of per-capita income over households.
    size_gradient
        Expected household size is proportional to ``income**-size_gradient``.
    groups
        Number of groups with equal numbers of households.

    Returns
    -------
    numpy.ndarray
        One mean per group, poorest first, in the unit of `households`.

    Examples
    --------
    >>> group_means(Lognormal(10.0, 0.5), 0.0).round()
    array([11214., 16943., 22085., 28840., 45715.])
    """
    persons = households.tilt(-size_gradient)
    income_shares = _group_shares(households, households.tilt(1.0 - size_gradient), groups)
    return persons.mean * income_shares / _group_shares(households, persons, groups)


def fit(
    data: GroupedIncome,
    family: str = "double_pareto_lognormal",
    *,
    use_median: bool = False,
    size_gradient: float | None = None,
    fixed: Mapping[str, float] | None = None,
) -> IncomeFit:
    """Fit a family to group means by least squares on logarithms; the mean is met exactly.

    Parameters
    ----------
    data
        Published group means and mean, yuan per year.
    family
        One of `FAMILIES`. Tails are weakly identified by five means: report several families.
    use_median
        Fit the published median too, as one more moment. By default it is held out.
    size_gradient
        Keep this gradient instead of fitting it.
    fixed
        Shape parameters to keep, by name, for example ``{"lower": 3.0}`` to set the low tail.

    Raises
    ------
    DistributionError
        If the family or a fixed parameter is unknown, or there is no median to use.

    Notes
    -----
    Household-ranked group means follow the definition of the National Bureau of Statistics of
    China; matching group means is the minimum-distance estimator of Hajargasht, Griffiths, Brice,
    Rao and Chotikapanich, *Journal of Business & Economic Statistics* 30(4), 2012, with equal
    weights on logarithms.

    Examples
    --------
    >>> from olive.china.recipes.quintiles import quintiles
    >>> result = fit(quintiles()["national urban 2022"])
    >>> result.rms_log_error < 0.002, round(result.size_gradient, 2)
    (True, 0.16)
    """
    chosen = family_named(family)
    kept = _checked_fixed(family, chosen, fixed or {})
    if use_median and data.median is None:
        raise DistributionError(
            "{name} has no published median; leave use_median at False.", data.name
        )
    problem = _Problem(data, chosen, kept, size_gradient, use_median)
    best = min((problem.solve(start) for start in problem.starts()), key=lambda found: found.cost)
    shape, gradient = problem.read(best.x)
    households = shape.scaled(data.mean / shape.tilt(-gradient).mean)
    return IncomeFit(family, data, households, gradient, use_median, problem.at_bounds(best.x))


def family_named(name: str) -> Family:
    """Return a family by name; raises DistributionError when there is none."""
    if name not in FAMILIES:
        raise DistributionError(
            "Unknown family {name!r}{hint}; known: {families}",
            name,
            nearest(name, FAMILIES),
            joined(FAMILIES),
        )
    return FAMILIES[name]


def _checked_fixed(name: str, family: Family, fixed: Mapping[str, float]) -> dict[str, float]:
    for parameter in fixed:
        if parameter not in family.ranges:
            hint = nearest(parameter, family.ranges)
            raise DistributionError(
                "{name} has no parameter {parameter!r}{hint}; it has: {ranges}",
                name,
                parameter,
                hint,
                joined(family.ranges),
            )
    return dict(fixed)


@dataclass(frozen=True)
class _Problem:
    """The least-squares problem: logarithms of free shapes, then the gradient if it is free."""

    data: GroupedIncome
    family: Family
    fixed: Mapping[str, float]
    size_gradient: float | None
    use_median: bool

    @property
    def free(self) -> list[str]:
        return [name for name in self.family.ranges if name not in self.fixed]

    def starts(self) -> Iterable[FloatArray]:
        names = list(self.family.ranges)
        gradients = STARTING_GRADIENTS if self.size_gradient is None else (None,)
        for shapes in self.family.starts:
            logarithms = [np.log(shapes[names.index(name)]) for name in self.free]
            for gradient in gradients:
                yield np.array(logarithms if gradient is None else [*logarithms, gradient])

    def bounds(self) -> tuple[FloatArray, FloatArray]:
        low = [np.log(self.family.ranges[name][0]) for name in self.free]
        high = [np.log(self.family.ranges[name][1]) for name in self.free]
        if self.size_gradient is None:
            low, high = [*low, -LARGEST_GRADIENT], [*high, LARGEST_GRADIENT]
        return np.array(low), np.array(high)

    def read(self, unknowns: FloatArray) -> tuple[Distribution, float]:
        shapes = dict(zip(self.free, np.exp(unknowns[: len(self.free)]), strict=True))
        values = {name: float({**self.fixed, **shapes}[name]) for name in self.family.ranges}
        gradient = float(unknowns[-1]) if self.size_gradient is None else self.size_gradient
        return self.family.build(**values), gradient

    def residuals(self, unknowns: FloatArray) -> FloatArray:
        shape, gradient = self.read(unknowns)
        means = group_means(shape, gradient, len(self.data.group_means))
        mean = shape.tilt(-gradient).mean
        errors = np.log(means / mean) - np.log(np.asarray(self.data.group_means) / self.data.mean)
        if self.data.median is None or not self.use_median:
            return errors
        median_error = np.log(shape.median / mean) - np.log(self.data.median / self.data.mean)
        return np.append(errors, median_error)

    def solve(self, start: FloatArray) -> scipy.optimize.OptimizeResult:
        return scipy.optimize.least_squares(
            self.residuals, start, bounds=self.bounds(), xtol=1e-12, ftol=1e-12, gtol=1e-12
        )

    def at_bounds(self, unknowns: FloatArray) -> tuple[str, ...]:
        low, high = self.bounds()
        names = [*self.free, "size_gradient"][: len(unknowns)]
        near = (unknowns - low < 1e-3) | (high - unknowns < 1e-3)
        return tuple(name for name, edge in zip(names, near, strict=True) if edge)


def goodness_of_fit(
    data: Iterable[GroupedIncome], families: Iterable[str] = COMPARED
) -> pd.DataFrame:
    """Fit several families to several sets of group means and tabulate how well they do.

    Returns
    -------
    pandas.DataFrame
        One row per set and family: root mean squared log error of the group means, relative error
        of the held-out median (NaN where none is published), size gradient, Gini over persons,
        weakly identified parameters, and the figures that are not published.

    Examples
    --------
    >>> from olive.china.recipes.quintiles import quintiles
    >>> table = goodness_of_fit([quintiles()["fujian urban 2021"]], ["lognormal", "dagum"])
    >>> table["rms_log_error"].round(3).tolist()
    [0.013, 0.01]
    """
    import pandas as pd  # noqa: PLC0415 - keeps the import of olive light

    names = tuple(families)
    fits = [fit(income, family) for income in data for family in names]
    missed = [np.nan if found.median_error is None else found.median_error for found in fits]
    return pd.DataFrame(
        {
            "data": [found.data.name for found in fits],
            "family": [found.family for found in fits],
            "rms_log_error": [found.rms_log_error for found in fits],
            "held_out_median_error": missed,
            "size_gradient": [found.size_gradient for found in fits],
            "gini_persons": [found.persons.gini for found in fits],
            "at_bounds": [", ".join(found.at_bounds) for found in fits],
            "not_published": [", ".join(found.data.proxies) for found in fits],
        }
    )
