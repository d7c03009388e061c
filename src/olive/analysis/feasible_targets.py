"""Whether the targets can be met together: under which mean, household size, spread and shape.

Two shares and a mean are three conditions on one distribution. This room asks families of income
distributions, linear programming over all distributions, and mixtures over household sizes,
what the three leave possible; `olive.analysis.feasible_city` asks the simulated city.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from olive.analysis.feasibility_words import (
    EXACT_NOTE,
    FAMILY_LABELS,
    FLOOR_NOTE,
    MIXTURE_NOTE,
    READ_AS_LABELS,
    UNIMODAL_NOTE,
    UNIT_LABELS,
    table_of,
    target_labels,
)
from olive.analysis.feasible_city import city_table
from olive.analysis.feasible_lognormal import (
    exact_lognormal,
    least_lognormal,
    lognormal_of,
    lognormal_share,
    mixture,
)
from olive.analysis.feasible_shapes import (
    Bracket,
    exact_shape,
    largest_spread,
    least_means,
    rows_of_most,
)
from olive.errors import DataError
from olive.native.given_numbers import is_finite, listed
from olive.places.labels import Label
from olive.places.place import Place
from olive.places.registry import place as place_named

if TYPE_CHECKING:
    from olive.analysis.table import Table
    from olive.simulation.result import Result

FloatArray = NDArray[np.float64]

SIZES = (2.4, 2.5, 2.6, 2.7, 2.8, 2.9, 3.0, 3.1, 3.2)
# Standard deviations of log income that are looked at: a Gini from 0.01 to 0.84.
_SPREADS = np.linspace(0.02, 2.0, 397)


@dataclass(frozen=True, slots=True)
class Feasibility:
    """What a mean income per head and shares of brackets leave possible. See `feasibility`."""

    income_per_head: float
    brackets: tuple[Bracket, ...]
    place: Place

    def by_size(self, sizes: Sequence[float] = SIZES) -> Table:
        """Return how unequal lognormal incomes may be for each share to reach its target.

        Household incomes are lognormal with mean ``income_per_head`` times the size, so three
        persons are the reading "three times income per head" too.

        Parameters
        ----------
        sizes : sequence of float
            Mean persons in a household.

        Returns
        -------
        Table
            One row a ``size`` and ``bracket`` (and one, ``both``, for all of them together):
            ``mean`` (yuan a year), ``best`` (largest share at any spread), ``spread``
            (largest standard deviation of log income at which the share reaches its target as a
            floor; missing when none does), ``gini`` there, the share of every bracket there, and
            in the row ``both`` the bracket that ``binds``.

        Examples
        --------
        >>> table = feasibility().by_size([2.8]).frame
        >>> table[["bracket", "spread", "gini"]].round(3).values.tolist()
        [['share_10_50', 0.707, 0.383], ['share_20_60', 0.445, 0.247], ['both', 0.445, 0.247]]
        """
        rows = []
        for size in _checked(sizes, "sizes"):
            mean = self.income_per_head * size
            most = {
                each: largest_spread(partial(lognormal_share, each, mean), each.target, _SPREADS)
                for each in self.brackets
            }
            found = rows_of_most(most, "spread", partial(_share, mean), lognormal_gini)
            rows += [{"size": size, "mean": mean, **row} for row in found]
        return table_of(
            self.place,
            pd.DataFrame(rows),
            Label("对数正态分布下的可行性", "Feasibility under lognormal incomes"),
            words=dict.fromkeys(("bracket", "binds"), target_labels(self.place)),
            notes=(FLOOR_NOTE,),
        )

    def lognormal(self) -> Table:
        """Return the lognormal incomes that meet the shares exactly, and with the least mean.

        Returns
        -------
        Table
            Rows ``exactly`` (shares equal their targets; two shares determine a lognormal) and
            ``at_least`` (floors): ``median`` and ``mean`` (yuan a year), ``spread``, ``gini``, and
            ``size_needed`` (persons that the mean takes at ``income_per_head``); missing where
            there is none.
        """
        found = {
            "exactly": exact_lognormal(self.brackets),
            "at_least": least_lognormal(self.brackets),
        }
        rows = [
            {
                "read_as": name,
                "median": np.nan if each is None else np.exp(each.location),
                "mean": np.nan if each is None else each.mean,
                "spread": np.nan if each is None else each.sigma,
                "gini": np.nan if each is None else each.gini,
                "size_needed": np.nan if each is None else each.mean / self.income_per_head,
            }
            for name, each in found.items()
        ]
        return table_of(
            self.place,
            pd.DataFrame(rows),
            Label("满足两个比例的对数正态分布", "Lognormal incomes that meet the shares"),
            words={"read_as": READ_AS_LABELS},
            notes=(),
        )

    def shapes(self, sizes: Sequence[float] = SIZES) -> Table:
        """Return distributions of three parameters that meet mean and both shares exactly.

        A lognormal has two parameters and meets two of the three. Dagum and Singh-Maddala have
        three: where one is found, "infeasible" was a statement about the lognormal, not about
        the targets. A row without figures says that none was found from a grid of starts, which
        is no proof that there is none.

        Returns
        -------
        Table
            One row a ``family`` and ``size``: ``shape``, ``scale`` (yuan a year), ``tail``
            (exponent of the lower tail of Dagum, of the upper one of Singh-Maddala), ``gini``,
            ``below`` (share below the lowest bound).
        """
        rows = []
        for family in ("dagum", "singh_maddala"):
            for size in _checked(sizes, "sizes"):
                found = exact_shape(family, self.income_per_head * size, self.brackets)
                rows.append({"family": family, "size": size, **found})
        return table_of(
            self.place,
            pd.DataFrame(rows),
            Label("恰好同时满足均值和两个比例的分布", "Shapes that meet mean and shares exactly"),
            words={"family": FAMILY_LABELS},
            notes=(EXACT_NOTE,),
        )

    def any_distribution(self) -> Table:
        """Return the least mean household income with which the shares are possible at all.

        Linear programming over cells of 10,000 yuan up to 2 million: without any assumption on
        the shape (every income at the lower end of its cell), and for densities that rise to one
        mode and fall after it (incomes spread evenly in each cell).

        Returns
        -------
        Table
            One row an ``assumption``: ``mean`` (yuan a year) and ``size_needed`` (persons that this
            takes at ``income_per_head``).
        """
        means = least_means(self.brackets)
        rows = [
            {"assumption": name, "mean": mean, "size_needed": mean / self.income_per_head}
            for name, mean in means.items()
        ]
        return table_of(
            self.place,
            pd.DataFrame(rows),
            Label("任何分布都需要的户均收入", "Mean household income that any distribution needs"),
            words={"assumption": UNIT_LABELS},
            notes=(UNIMODAL_NOTE,),
        )

    def mixture(
        self, sizes: Sequence[float] = (2.4, 2.6, 2.8, 3.0, 3.2), elasticity: float = 1.0
    ) -> Table:
        """Return how unequal incomes may be within sizes when household sizes vary.

        Size is one plus a Poisson number; mean income grows with size to the power
        ``elasticity``; incomes of a size are lognormal. Income per head over all persons is
        ``income_per_head``.

        Returns
        -------
        Table
            One row a ``size`` (mean) and ``counted`` (households, persons): ``spread``, the
            largest standard deviation of log income within sizes at which every share reaches its
            target as a floor (missing when none does), and the shares there.
        """
        rows = [
            mixture(self.brackets, self.income_per_head, size, counted, elasticity)
            for size in _checked(sizes, "sizes")
            for counted in ("households", "persons")
        ]
        return table_of(
            self.place,
            pd.DataFrame(rows),
            Label("户规模不一时的可行性", "Feasibility when household sizes vary"),
            words={"counted": UNIT_LABELS},
            notes=(MIXTURE_NOTE,),
        )

    def city(self, result: Result, policy: int | str = 0) -> Table:
        """Return how unequal the simulated incomes may be, at this income per head.

        Incomes are scaled to ``income_per_head``; then the log distance of every household's
        income per head from the median is multiplied by one factor, and the mean restored.

        Parameters
        ----------
        result : Result
        policy : int or str
            Position or label of the policy whose incomes are taken.

        Returns
        -------
        Table
            One row a ``definition`` and ``bracket`` (and one, ``both``): ``best`` (largest
            share at any factor), ``factor`` (the largest at which the share reaches its target as
            a floor; missing when none does), ``gini`` of income per head there, ``gini_now``, and
            both shares there.
        """
        return city_table(self.income_per_head, self.brackets, result, policy)


def feasibility(
    income_per_head: float | None = None,
    shares: Sequence[float] | None = None,
    *,
    place: str | Place | None = None,
) -> Feasibility:
    """Ask whether the plan's three targets can be met together.

    Parameters
    ----------
    income_per_head : float, optional
        Disposable income per head, yuan a year; the plan's 75,000 by default.
    shares : sequence of float, optional
        Targets of the plan's brackets, fractions of 1; the plan's 0.70 and 0.45 by default.
    place : str or Place, optional
        Whose plan; by default Taizhou's.

    Returns
    -------
    Feasibility
        Tables by household size (lognormal), exact shapes (Dagum, Singh-Maddala), for any
        distribution, and for mixtures over household sizes.

    Raises
    ------
    DataError
        When the income is not positive, or the shares are not one for each bracket within (0, 1).

    References
    ----------
    Aitchison and Brown (1957), The Lognormal Distribution, for the Gini coefficient
    ``2 Phi(sigma / sqrt(2)) - 1``; Kleiber and Kotz (2003), Statistical Size Distributions in
    Economics and Actuarial Sciences, for Dagum and Singh-Maddala.

    Examples
    --------
    At any mean, 70 % between 100,000 and 500,000 yuan needs a Gini of at most 0.417:

    >>> question = feasibility()
    >>> round(most_unequal(question.brackets[0]), 3)
    0.417
    """
    where = place_named(place)
    targets = where.plan.targets()
    mean = next(each.value for each in targets if each.bounds is None)
    within = [
        Bracket(each.name, *each.bounds, each.value) for each in targets if each.bounds is not None
    ]
    usual = tuple(each.target for each in within)
    wanted = usual if shares is None else shares
    found = listed(wanted) or []
    if len(found) != len(within) or not all(is_finite(x) and 0.0 < x < 1.0 for x in found):
        raise DataError(
            "shares must be {number} fractions between 0 and 1, such as {within}; found {wanted!r}",
            len(within),
            usual,
            wanted,
        )
    (income,) = _checked([mean if income_per_head is None else income_per_head], "income_per_head")
    brackets = (
        replace(each, target=float(share)) for each, share in zip(within, found, strict=True)
    )
    return Feasibility(income, tuple(brackets), where)


def _share(mean: float, bracket: Bracket, spread: float) -> float:
    return bracket.share(lognormal_of(mean, spread))


def most_unequal(bracket: Bracket) -> float:
    """Return the largest Gini of lognormal incomes, at any mean, that reaches a bracket's target.

    The bracket then lies symmetrically around the median on the logarithmic scale.
    """
    half_width = np.log(bracket.high / bracket.low) / 2.0
    return lognormal_gini(float(half_width / scipy.special.ndtri((1.0 + bracket.target) / 2.0)))


def lognormal_gini(spread: float) -> float:
    """Return the Gini coefficient of lognormal incomes, ``2 Phi(sigma / sqrt(2)) - 1``."""
    return float(2.0 * scipy.special.ndtr(spread / np.sqrt(2.0)) - 1.0)


def _checked(values: Sequence[float], name: str) -> list[float]:
    found = listed(values)
    if not found or not all(is_finite(value) and value > 0.0 for value in found):
        raise DataError("{name} must be finite numbers above 0, found {values!r}", name, values)
    return [float(value) for value in found]
