"""The middle class, polarisation and growth of quantiles: what the literature measures."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from olive import statistics
from olive.analysis.indicators import FloatArray, Incomes, IndicatorMeasure
from olive.analysis.intervals import LEVEL, Uncertainty, interval_rows
from olive.analysis.pairs import PolicyPair
from olive.errors import DataError
from olive.places.labels import Label
from olive.population.measures.measure import INCOME, Measure
from olive.statistics.money import edge_at


def _of(name: str, measure: str, zh: str, en: str) -> IndicatorMeasure:
    return IndicatorMeasure(name, Label(zh, en), Measure.parse(measure))


_MIDDLE = (
    _of(
        "middle_67_200",
        f"middle_share:{INCOME}:median_67_200",
        "中等收入群体：中位数的2/3—2倍",
        "middle class: 67-200 % of median",
    ),
    _of(
        "middle_75_200",
        f"middle_share:{INCOME}:median_75_200",
        "中等收入群体：中位数的75%—200%",
        "middle class: 75-200 % of the median",
    ),
    _of(
        "middle_75_125",
        f"middle_share:{INCOME}:median_75_125",
        "中等收入群体：中位数的75%—125%",
        "middle class: 75-125 % of the median",
    ),
)
_MEASURES = (
    *_MIDDLE,
    _of("wolfson", f"wolfson:{INCOME}", "沃尔夫森极化指数", "Wolfson's polarisation"),
    _of(
        "duclos_esteban_ray",
        f"duclos_esteban_ray:{INCOME}",
        "杜克洛—埃斯特班—雷极化指数（α＝0.5）",
        "polarisation of Duclos, Esteban and Ray (0.5)",
    ),
)
MEASURE_LABELS = {each.id: each.label for each in _MEASURES}
DISTRIBUTION_NOTE = Label(
    "按人均可支配收入、以人数加权，含集体户；界线随各政策下的中位数变动，中间收入只按绝对额增长时相对比例可能下降。极化指数中负收入计为0。",
    "Disposable income per head, weighted by persons, collective households included. The bands "
    "move with the median under each policy, so shares may fall while the middle grows in money. "
    "Negative incomes count as 0 in polarisation.",
)
GROWTH_NOTE = Label(
    "按人均可支配收入、以人数加权；各分位不论由谁占据（匿名）。",
    "Disposable income per head, weighted by persons; each rank is compared with itself, whoever "
    "holds it.",
)


def distribution(pair: PolicyPair, uncertainty: Uncertainty | None) -> pd.DataFrame:
    """Return the middle class and polarisation before and after.

    Returns
    -------
    pandas.DataFrame
        One row an indicator: figures under both policies, change, sample households inside the
        band (or all), standard errors and intervals where the design of the sample is given.
    """
    labels = [pair.result.labels[position] for position in pair.positions]
    rows = []
    for measure in _MEASURES:
        values = [measure.value(one) for one in (pair.before, pair.after)]
        counts = [_counts(measure, one) for one in (pair.before, pair.after)]
        rows.append(
            {
                "indicator": measure.id,
                "definition": measure.definition,
                "unit": measure.unit,
                **dict(zip(labels, values, strict=True)),
                "change": values[1] - values[0],
                **{
                    name: _smallest(count[position] for count in counts)
                    for position, name in enumerate(("sample", "_others", "_beside"))
                },
            }
        )
    frame = pd.DataFrame(rows)
    if uncertainty is None:
        return frame
    errors = interval_rows(pair.result, pair.positions, uncertainty, _MEASURES)
    return pd.concat([frame, errors], axis=1)


def _counts(measure: IndicatorMeasure, one: Incomes) -> tuple[int, int, int]:
    """Return sample households inside a band, outside, and between it and the next wider one."""
    values, weights = measure.basis(one)
    counted = values[weights > 0]
    if measure not in _MIDDLE:
        return counted.size, 0, 0
    middle = statistics.median(values, weights)
    edges = sorted({line * middle for each in _MIDDLE for line in _lines(each)})
    own = [line * middle for line in _lines(measure)]
    inside = _between(counted, *own)
    cells = [_between(counted, low, high) for low, high in pairwise(edges)]
    return inside, counted.size - inside, _smallest(cells)


def _lines(middle: IndicatorMeasure) -> list[float]:
    bounds = statistics.MIDDLE_CLASS_BANDS[middle.arguments["band"]]
    return [bound.fraction for bound in bounds if isinstance(bound, statistics.RelativeLine)]


def _between(values: FloatArray, low: float, high: float) -> int:
    return int(np.count_nonzero((values >= edge_at(low)) & (values < edge_at(high))))


def _smallest(counts: Any) -> int:
    return min((int(count) for count in counts if count), default=0)


def growth_incidence(
    pair: PolicyPair, uncertainty: Uncertainty | None, groups: int
) -> pd.DataFrame:
    """Return the growth incidence curve at the ends of equal groups of persons.

    Returns
    -------
    pandas.DataFrame
        One row a rank (share of persons below): income per head there before and after, and its
        growth, with standard error and interval where the design of the sample is given.

    Raises
    ------
    DataError
        When `groups` is not a whole number of 2 or more.
    """
    if isinstance(groups, bool) or not isinstance(groups, int | np.integer) or groups < 2:
        raise DataError(
            "groups is {groups!r}; it is how many equal groups of persons, 2 or more", groups=groups
        )
    before, after = pair.before.per_capita, pair.after.per_capita
    weights = pair.before.weight * pair.before.size
    ordered = [statistics.ordered(values, weights) for values in (before, after)]
    ranks = np.arange(1, groups) / groups
    levels = np.array([[statistics.quantile(each, p=p) for p in ranks] for each in ordered])
    below = np.array(
        [
            [np.count_nonzero(each.values <= level) for level in own]
            for each, own in zip(ordered, levels, strict=True)
        ]
    ).min(axis=0)
    rows = []
    for position, rank in enumerate(ranks):
        start, end = levels[:, position]
        rows.append(
            {
                "rank": rank,
                "quantile_before": start,
                "quantile_after": end,
                "growth": end / start - 1.0 if start > 0 else math.nan,
                **_growth_interval(before, after, weights, float(rank), uncertainty),
                "sample": int(below[position]),
                "_others": ordered[0].values.size - int(below[position]),
            }
        )
    return pd.DataFrame(rows)


def _growth_interval(
    before: FloatArray,
    after: FloatArray,
    weights: FloatArray,
    rank: float,
    uncertainty: Uncertainty | None,
) -> dict[str, float]:
    if uncertainty is None:
        return {}
    try:
        found = statistics.estimate(
            statistics.quantile_growth,
            before,
            after,
            weights=weights,
            uncertainty=uncertainty,
            counted="persons",
            level=LEVEL,
            p=rank,
        )
        figures = (found.standard_error, found.low, found.high)
    except DataError:
        # Such as a rank at which all incomes are alike: the error does not exist.
        figures = (math.nan,) * 3
    return dict(zip(("growth_error", "growth_low", "growth_high"), figures, strict=True))
