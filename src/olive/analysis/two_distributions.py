"""One distribution of incomes beside another: dominance, and the relative distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from olive import statistics
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
DOMINANCE_NOTE = Label(
    "按人均可支配收入、以人数加权。一方占优，即不论贫困线定在何处，另一方的贫困都不更低；均不占优时，"
    "最低交叉点以下、最高交叉点以上的各条贫困线仍各有一致的判断。",
    "Disposable income per head, weighted by persons. A distribution dominates when poverty is "
    "nowhere higher in it, whatever the line; where neither does, all lines below the lowest "
    "crossing still agree, and so do all lines above the highest.",
)


def dominance(pair: PolicyPair) -> pd.DataFrame:
    """Return which policy's distribution of income per head dominates, and where curves cross.

    Returns
    -------
    pandas.DataFrame
        One row an order: ``better``; ``better_below`` the lowest crossing and ``better_above`` the
        highest; how many ``crossing_points``; ``lowest_crossing`` and ``highest_crossing`` (yuan
        per head and year); ``sample`` households below the lowest.
    """
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


def relative_distribution(pair: PolicyPair, groups: int) -> tuple[pd.DataFrame, tuple[Label, ...]]:
    """Return where persons after stand in the ranks before, with location and shape apart.

    Returns
    -------
    rows : pandas.DataFrame
        One row a group of ranks before: ``rank`` at its end, relative ``density``, and the
        densities of ``location`` and ``shape`` that make it; ``sample`` households after.
    notes : tuple of Label
        What the densities are, and the median relative polarisation.

    Raises
    ------
    DataError
        When `groups` cannot be used, or all incomes before are equal.
    """
    check_groups(groups)
    before, after, weights = _per_head(pair)
    found = statistics.relative_distribution(after, before, weights, groups=groups)
    ranks = ranks_in(statistics.ordered(before, weights), after[weights > 0])
    group = np.minimum((ranks * groups + 1e-9).astype(np.int64), groups - 1)
    frame = pd.DataFrame(
        {
            "rank": np.arange(1, groups + 1) / groups,
            "density": found.density,
            "location": found.location,
            "shape": found.shape,
            "sample": np.bincount(group, minlength=groups),
        }
    )
    return frame, (_RELATIVE_NOTE, _polarisation(found))


def check_groups(groups: int) -> None:
    """Refuse what is no number of groups.

    Raises
    ------
    DataError
        When it is not a whole number of 2 or more.
    """
    if isinstance(groups, bool) or not isinstance(groups, int | np.integer) or groups < 2:
        raise DataError(
            "groups is {groups!r}; it is how many equal groups of persons, 2 or more", groups=groups
        )


def _per_head(pair: PolicyPair) -> tuple[FloatArray, FloatArray, FloatArray]:
    return pair.before.per_capita, pair.after.per_capita, pair.weight * pair.size


def _polarisation(found: statistics.RelativeDistribution) -> Label:
    figures = [f"{each + 0.0:.4f}" for each in (found.polarisation, found.lower, found.upper)]
    middle, lower, upper = (each.replace("-0.0000", "0.0000") for each in figures)
    return Label(
        f"中位数相对极化指数（Handcock-Morris）：{middle}；下半部分{lower}，上半部分{upper}；大于0为离开"
        "中间。",
        f"Median relative polarisation of Handcock and Morris: {middle}; lower half {lower}, upper "
        f"half {upper}; above 0 when incomes leave the middle.",
    )


_RELATIVE_NOTE = Label(
    "按人均可支配收入、以人数加权。相对密度：之后的人口落在之前各等分组的比例×组数，1为不变；位置：只有"
    "中位数移动时的密度；形状：中位数对齐后的密度。",
    "Disposable income per head, weighted by persons. Relative density: share of persons after in "
    "each equal group before, times the groups; 1 is as before. Location: with only the median "
    "moved. Shape: with the medians matched.",
)
