"""The middle class, polarisation and growth of quantiles: what the literature measures."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive import statistics
from olive.analysis.indicators import FloatArray, Incomes, IndicatorMeasure
from olive.analysis.intervals import (
    COLUMNS_OF_INTERVALS,
    Uncertainty,
    interval_rows,
    paired_figures,
    persons_interval,
)
from olive.analysis.pairs import PolicyPair, variables
from olive.analysis.two_distributions import check_groups
from olive.errors import DataError
from olive.native.immutable import FrozenMapping
from olive.places.labels import Label
from olive.population.measures.measure import INCOME, PURE_NUMBER, Measure
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
_BUREAU = IndicatorMeasure(
    "middle_bureau",
    Label(
        "中等收入群体：统计局口径（典型三口之家10—50万元）",
        "middle class: statistical bureau (100-500 thousand, family of 3)",
    ),
    Measure(
        "middle_share",
        (INCOME,),
        "three_person",
        "collective == false",
        FrozenMapping({"band": "statistical_bureau"}),
    ),
)
AFTER_COSTS = "income_after_necessary_expenses"
_COSTS = (
    _of(
        "mean_after_costs",
        f"mean:{AFTER_COSTS}",
        "必要支出后的人均收入",
        "income per head after necessary expenses",
    ),
    _of(
        "median_after_costs",
        f"median:{AFTER_COSTS}",
        "必要支出后的人均收入中位数",
        "median income per head after necessary expenses",
    ),
)
_MEASURES = (
    _BUREAU,
    *_MIDDLE,
    _of("wolfson", f"wolfson:{INCOME}", "沃尔夫森极化指数", "Wolfson's polarisation"),
    _of(
        "duclos_esteban_ray",
        f"duclos_esteban_ray:{INCOME}",
        "杜克洛—埃斯特班—雷极化指数（α＝0.5）",
        "polarisation of Duclos, Esteban and Ray (0.5)",
    ),
)
# Polarisation between groups that are given: households of each value of a column.
_BETWEEN = {
    "esteban_ray_county": (
        "county",
        Label(
            "县（市、区）之间的埃斯特班—雷极化指数（α＝1.3）",
            "polarisation of Esteban and Ray between counties (1.3)",
        ),
    ),
    "esteban_ray_urban": (
        "urban",
        Label(
            "城乡之间的埃斯特班—雷极化指数（α＝1.3）",
            "polarisation of Esteban and Ray between town and country (1.3)",
        ),
    ),
}
MEASURE_LABELS = {each.id: each.label for each in (*_MEASURES, *_COSTS)} | {
    name: label for name, (_, label) in _BETWEEN.items()
}
DISTRIBUTION_NOTE = Label(
    "按人均可支配收入、以人数加权，含集体户（统计局口径除外，按2018年价格定义，此处为名义价格）；相对界线随各政策下的"
    "中位数变动，中间收入只按绝对额增长时相对比例可能下降。极化指数中负收入计为0（群体之间的指数比较均值，按原值）。",
    "Disposable income per head, weighted by persons, collective households included, except in "
    "the statistical bureau's band (of 2018, at nominal prices here). The relative bands "
    "move with the median under each policy, so shares may fall while the middle grows in money. "
    "Negative incomes count as 0 in polarisation, but not in that between groups, which compares "
    "their means.",
)
MIXED_NOTE = Label(
    "混合口径（下限为人均食品支出的3倍，上限为人均收入中位数的3倍）未列出：住户数据没有食品支出，也没有可引用的"
    "当地恩格尔系数。有此数据时用olive.statistics.middle_share(low=..., high=...)计算。",
    "The mixed definition (from three times food spending a head to three times the median) has no "
    "row: households have no food spending, and no Engel coefficient of the place is at hand. "
    "With one, olive.statistics.middle_share(low=..., high=...) computes it.",
)
GROWTH_NOTE = Label(
    "按人均可支配收入、以人数加权；各分位不论由谁占据（匿名）。",
    "Disposable income per head, weighted by persons; each rank is compared with itself, whoever "
    "holds it.",
)


def distribution(pair: PolicyPair, uncertainty: Uncertainty | None) -> pd.DataFrame:
    """Return the columns of `Comparison.distribution`; samples are those inside a band, or all."""
    measures, incomes = _measured(pair)
    rows = []
    for measure in measures:
        values = [measure.value(one) for one in incomes]
        counts = zip(*(_counts(measure, one) for one in incomes), strict=True)
        row = {"indicator": measure.id, "definition": measure.definition, "unit": measure.unit}
        rows.append(row | _figures(pair, values, map(_smallest, counts)))
    frame = pd.DataFrame(rows)
    if uncertainty is not None:
        frame = pd.concat([frame, interval_rows(*incomes, uncertainty, measures)], axis=1)
    between = pd.DataFrame(_between_groups(pair, uncertainty), columns=frame.columns)
    place = frame.index[frame["indicator"] == "duclos_esteban_ray"][0] + 1
    parts = [part for part in (frame[:place], between, frame[place:]) if len(part)]
    return pd.concat(parts, ignore_index=True)


def _between_groups(pair: PolicyPair, uncertainty: Uncertainty | None) -> list[dict[str, Any]]:
    """Return polarisation between groups of households, where the data tell them apart."""
    before, after = pair.before.per_capita, pair.after.per_capita
    weights, households = pair.weight * pair.size, pair.result.population.households
    rows = []
    for name, (column, _) in _BETWEEN.items():
        if column not in households:
            continue
        codes = pd.factorize(households[column])[0]
        counts = np.unique(codes[weights > 0], return_counts=True)[1]
        if counts.size < 2:
            continue
        values = [_polarisation(each, codes, weights) for each in (before, after)]
        row: dict[str, Any] = {"indicator": name, "definition": "persons", "unit": PURE_NUMBER}
        row |= _figures(pair, values, (int(counts.sum()), 0, _smallest(counts)))
        if uncertainty is not None:
            figures = paired_figures(
                statistics.esteban_ray,
                before,
                after,
                codes,
                weights=weights,
                uncertainty=uncertainty,
                counted="persons",
            )
            row |= dict(zip(COLUMNS_OF_INTERVALS, figures, strict=True))
        rows.append(row)
    return rows


def _figures(pair: PolicyPair, values: list[float], counts: Iterable[int]) -> dict[str, Any]:
    """Return an indicator under both policies, its change, and the sample households behind it."""
    labels = (pair.result.labels[position] for position in pair.positions)
    return {
        **dict(zip(labels, values, strict=True)),
        "change": values[1] - values[0],
        **dict(zip(("sample", "_others", "_beside"), counts, strict=True)),
    }


def _polarisation(incomes: FloatArray, codes: NDArray[np.int64], weights: FloatArray) -> float:
    """Return that between groups; missing where it is undefined, such as where the mean is 0."""
    try:
        return statistics.esteban_ray(incomes, codes, weights)
    except DataError:
        return math.nan


def _measured(pair: PolicyPair) -> tuple[tuple[IndicatorMeasure, ...], tuple[Incomes, Incomes]]:
    """Return the measures that the law of the place allows, and incomes with what they read."""
    place, incomes = pair.result.place, (pair.before, pair.after)
    measures: tuple[IndicatorMeasure, ...] = _MEASURES
    if AFTER_COSTS in place.rules.rules:
        left = variables(pair, [AFTER_COSTS])
        before, after = (
            replace(one, amounts={**one.amounts, AFTER_COSTS: left[side, AFTER_COSTS]})
            for side, one in enumerate(incomes)
        )
        measures, incomes = (*_MEASURES, *_COSTS), (before, after)
    return tuple(replace(each, currency=place.currency.en) for each in measures), incomes


def _counts(measure: IndicatorMeasure, one: Incomes) -> tuple[int, int, int]:
    """Return sample households inside a band, outside, and between it and the next wider one."""
    values, weights = measure.basis(one)
    counted = values[weights > 0]
    if measure.id == _BUREAU.id:
        inside = _between(counted, *_bureau_band())
        return inside, counted.size - inside, 0
    if measure.id not in {each.id for each in _MIDDLE}:
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


def _bureau_band() -> list[float]:
    return [float(bound) for bound in statistics.MIDDLE_CLASS_BANDS["statistical_bureau"]]  # type: ignore[arg-type]


def _between(values: FloatArray, low: float, high: float) -> int:
    return int(np.count_nonzero((values >= edge_at(low)) & (values < edge_at(high))))


def _smallest(counts: Any) -> int:
    return min((int(count) for count in counts if count), default=0)


def growth_incidence(
    pair: PolicyPair, uncertainty: Uncertainty | None, groups: int
) -> pd.DataFrame:
    """Return the columns of `Comparison.growth_incidence`: its curve at the ends of equal groups.

    Raises
    ------
    DataError
        When `groups` is not a whole number of 2 or more.
    """
    check_groups(groups)
    before, after = pair.before.per_capita, pair.after.per_capita
    weights = pair.before.weight * pair.before.size
    ordered = [statistics.ordered(values, weights) for values in (before, after)]
    ranks = np.arange(1, groups) / groups
    levels = np.array([[statistics.quantile(each, p=p) for p in ranks] for each in ordered])
    below = np.min(
        [
            np.searchsorted(each.values, own, side="right")
            for each, own in zip(ordered, levels, strict=True)
        ],
        axis=0,
    )
    interval = partial(persons_interval, "growth", statistics.estimate, statistics.quantile_growth)
    rows = []
    for rank, (start, end), few in zip(ranks.tolist(), levels.T, below.tolist(), strict=True):
        rows.append(
            {
                "rank": rank,
                "quantile_before": start,
                "quantile_after": end,
                "growth": end / start - 1.0 if start > 0 else math.nan,
                **interval(before, after, weights=weights, uncertainty=uncertainty, p=rank),
                "sample": few,
                "_others": ordered[0].values.size - few,
            }
        )
    return pd.DataFrame(rows)
