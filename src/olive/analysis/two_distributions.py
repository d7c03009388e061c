"""One distribution of incomes beside another: dominance, and the relative distribution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from olive import statistics
from olive.analysis.intervals import Uncertainty, persons_interval
from olive.errors import DataError
from olive.places.labels import Label
from olive.statistics.relative_distribution import ranks_in

if TYPE_CHECKING:
    from olive.analysis.indicators import FloatArray
    from olive.analysis.pairs import PolicyPair

ORDER_LABELS = {
    "first": Label("一阶（贫困线以下人口比例）", "first order (headcount at every line)"),
    "second": Label("二阶（贫困缺口）", "second order (poverty gap at every line)"),
}
BETTER_LABELS = {
    "before": Label("之前", "before"),
    "after": Label("之后", "after"),
    "equal": Label("相同", "equal"),
    "neither": Label("均不占优", "neither"),
}
_SIDES = {"first": "before", "second": "after"}
CURVES_NOTE = Label(
    "按人均可支配收入、以人数加权。各界线为之前各等分组的上端；平均缺口为全体居民距界线的不足部分的人均值。"
    "变化低于0即之后更优；某一范围内各界线的区间都在0的同一侧，"
    "即该范围内的占优可由样本认定（Kaur、Prakasa Rao与Singh，1994）。",
    "Disposable income per head, weighted by persons. Lines are the upper ends of equal groups "
    "before; the mean shortfall is what all residents lack to the line, per head. After is better "
    "where a change is below 0; where the intervals of a range of lines all lie on one side of "
    "0, the sample shows dominance over that range (Kaur, Prakasa Rao and Singh 1994).",
)
DOMINANCE_NOTE = Label(
    "按人均可支配收入、以人数加权。一方占优，即不论贫困线定在何处，另一方的贫困都不更低；均不占优时，"
    "最低交叉点以下、最高交叉点以上的各条贫困线仍各有一致的判断。",
    "Disposable income per head, weighted by persons. A distribution dominates when poverty is "
    "nowhere higher in it, whatever the line; where neither does, all lines below the lowest "
    "crossing still agree, and so do all lines above the highest.",
)


def dominance(pair: PolicyPair) -> pd.DataFrame:
    """Return the columns of `Comparison.dominance`; samples are those below the lowest crossing."""
    before, after, weights = _per_head(pair)
    rows = []
    for name, order in (("first", 1), ("second", 2)):
        found = statistics.dominance(before, after, weights, order=order)
        lowest, highest = found.crossings[[0, -1]] if found.crossings.size else (np.nan, np.nan)
        rows.append(
            {
                "order": name,
                "better": _SIDES.get(found.better, found.better),
                "better_below": _SIDES.get(found.better_below, found.better_below),
                "better_above": _SIDES.get(found.better_above, found.better_above),
                "crossing_points": found.crossings.size,
                "lowest_crossing": lowest,
                "highest_crossing": highest,
                # Missing crossings leave everybody on both sides.
                "sample": int(np.count_nonzero((weights > 0) & ~(before >= lowest))),
                "_others": int(np.count_nonzero((weights > 0) & ~(before < highest))),
            }
        )
    return pd.DataFrame(rows)


def dominance_curves(
    pair: PolicyPair, uncertainty: Uncertainty | None, groups: int
) -> pd.DataFrame:
    """Return the curves that dominance compares, as columns of `Comparison.dominance_curves`.

    ``sample`` counts the households below a line before or after.

    Raises
    ------
    DataError
        When `groups` is not a whole number of 2 or more.
    """
    check_groups(groups)
    before, after, weights = _per_head(pair)
    first, change = statistics.ordered(before, weights), statistics.estimate_difference
    share, mean = statistics.share_between, statistics.mean
    options: dict[str, Any] = {"weights": weights, "uncertainty": uncertainty}
    rows = []
    for rank in np.arange(1, groups) / groups:
        line = statistics.quantile(first, p=float(rank))
        bounds: dict[str, Any] = {"low": -np.inf, "high": line}
        shares = [share(each, weights, **bounds) for each in (before, after)]
        lacking = [np.maximum(line - each, 0.0) for each in (before, after)]
        gaps = [mean(each, weights) for each in lacking]
        below = (weights > 0) & ((before < line) | (after < line))
        rows.append(
            {
                "rank": rank,
                "poverty_line": line,
                **_both("headcount", shares),
                **persons_interval(
                    "headcount_change", change, share, before, after, **bounds, **options
                ),
                **_both("shortfall", gaps),
                **persons_interval("shortfall_change", change, mean, *lacking, **options),
                "sample": int(np.count_nonzero(below)),
                "_others": int(np.count_nonzero((weights > 0) & ~below)),
            }
        )
    return pd.DataFrame(rows)


def _both(name: str, values: list[float]) -> dict[str, float]:
    before, after = values
    return {f"{name}_before": before, f"{name}_after": after, f"{name}_change": after - before}


def relative_distribution(
    pair: PolicyPair, uncertainty: Uncertainty | None, groups: int
) -> tuple[pd.DataFrame, tuple[Label, ...]]:
    """Return where persons after stand in the ranks before, with location and shape apart.

    Returns
    -------
    rows : pandas.DataFrame
        One row a group of ranks before: ``rank`` at its end, relative ``density``, and the
        densities of ``location`` and ``shape`` that make it; ``sample`` households after. Standard
        errors and intervals of the density and the shape where the design of the sample is given.
    notes : tuple of Label
        What the densities are, and the median relative polarisation.

    Raises
    ------
    DataError
        When `groups` cannot be used, or all incomes before are equal.
    """
    check_groups(groups)
    before, after, weights = _per_head(pair)
    one, base = statistics.ordered(after, weights), statistics.ordered(before, weights)
    found = statistics.relative_distribution(one, base, groups=groups)
    ranks = ranks_in(base, after[weights > 0])
    group = np.minimum((ranks * groups + 1e-9).astype(np.int64), groups - 1)
    count = np.bincount(group, minlength=groups)
    error, density = statistics.estimate, statistics.relative_density
    options: dict[str, Any] = {"weights": weights, "uncertainty": uncertainty}
    rows = []
    for each in range(groups):
        given = options | {"low": each / groups, "high": (each + 1) / groups}
        rows.append(
            {
                "rank": given["high"],
                "density": found.density[each],
                **persons_interval(
                    "density", error, density, after, before, part="density", **given
                ),
                "location": found.location[each],
                "shape": found.shape[each],
                **persons_interval("shape", error, density, after, before, part="shape", **given),
                "sample": count[each],
            }
        )
    polarisation = statistics.relative_polarisation
    interval = persons_interval("", error, polarisation, after, before, **options)
    return pd.DataFrame(rows), (_RELATIVE_NOTE, _polarisation(found, interval))


def check_groups(groups: int) -> None:
    """Refuse what is no number of groups.

    Raises
    ------
    DataError
        When it is not a whole number of 2 or more.
    """
    if isinstance(groups, bool) or not isinstance(groups, int | np.integer) or groups < 2:
        raise DataError(
            "groups is {groups!r}; it is how many equal groups of persons, 2 or more", groups
        )


def _per_head(pair: PolicyPair) -> tuple[FloatArray, FloatArray, FloatArray]:
    return pair.before.per_capita, pair.after.per_capita, pair.weight * pair.size


def _polarisation(found: statistics.RelativeDistribution, interval: Mapping[str, float]) -> Label:
    middle, lower, upper, *ends = (
        f"{each:.4f}".replace("-0.0000", "0.0000")
        for each in (found.polarisation, found.lower, found.upper, *interval.values())
    )
    zh, en = "", ""
    if ends:
        zh = f"（标准误{ends[0]}，95%区间{ends[1]}至{ends[2]}）"
        en = f" (standard error {ends[0]}, 95 % interval {ends[1]} to {ends[2]})"
    return Label(
        f"中位数相对极化指数（Handcock-Morris）：{middle}{zh}；下半部分{lower}，上半部分{upper}；大于0为"
        "离开中间。",
        f"Median relative polarisation of Handcock and Morris: {middle}{en}; lower half {lower}, "
        f"upper half {upper}; above 0 when incomes leave the middle.",
    )


_RELATIVE_NOTE = Label(
    "按人均可支配收入、以人数加权。相对密度：之后的人口落在之前各等分组的比例×组数，1为不变；位置：只有"
    "中位数移动时的密度；形状：中位数对齐后的密度。",
    "Disposable income per head, weighted by persons. Relative density: share of persons after in "
    "each equal group before, times the groups; 1 is as before. Location: with only the median "
    "moved. Shape: with the medians matched.",
)
