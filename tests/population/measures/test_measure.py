"""Measures: each word of their text by hand arithmetic, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

import olive
from olive.errors import CalibrationError, DataError
from olive.population.measures.measure import STATISTICS, Measure
from olive.population.measures.measured_tables import MeasuredTables

WEIGHT = np.array([10.0, 30.0, 60.0])


def tables() -> MeasuredTables:
    """Weights 10, 30, 60; sizes 2, 1, 3; incomes 60,000, 90,000, 30,000."""
    return MeasuredTables(
        {
            "weight": WEIGHT,
            "household_size": np.array([2.0, 1.0, 3.0]),
            "disposable_income": np.array([60_000.0, 90_000.0, 30_000.0]),
            "urban": np.array([True, True, False]),
        },
        {
            "age": np.array([40, 10, 70, 30, 31, 2]),
            "recipient": np.array([False, False, True, True, False, True]),
            "other": np.array([False, True, False, False, False, False]),
        },
        home=np.array([0, 0, 1, 2, 2, 2]),
        sizes=np.array([2.0, 1.0, 3.0]),
        columns=olive.place().columns,
        amounts=frozenset({"disposable_income"}),
    )


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        # persons: 2 x 10 + 1 x 30 + 3 x 60 = 230
        (Measure.parse("count"), 230),
        (Measure.parse("count", "household"), 100),
        (Measure.parse("count", where="age < 18"), 10 + 60),
        (Measure.parse("count", where="urban == true"), 20 + 30),
        (Measure.parse("count", where="urban == true and age < 18"), 10),
        (Measure.parse("share", where="urban == true"), 50 / 230),
        (Measure.parse("share", "household", "urban == true"), 40 / 100),
        # 10 x 60,000 + 30 x 90,000 + 60 x 30,000 = 5,100,000
        (Measure.parse("sum:disposable_income"), 5_100_000),
        (Measure.parse("sum:disposable_income", "household"), 5_100_000),
        (Measure.parse("mean:disposable_income"), 5_100_000 / 230),
        (Measure.parse("mean:disposable_income", "household"), 51_000),
        (Measure.parse("mean:disposable_income", where="urban == true"), 3_300_000 / 50),
        (Measure.parse("mean:household_size", "household"), 2.3),
        (Measure.parse("mean:age"), (10 * 40 + 10 * 10 + 30 * 70 + 60 * 63) / 230),
        (Measure.parse("sum:recipient"), 30 + 60 + 60),
        (Measure.parse("sum:recipient+other"), 30 + 60 + 60 + 10),
        # households by income: 30,000 (60), 60,000 (10), 90,000 (30): half of 100 within the first
        (Measure.parse("median:disposable_income", "household"), 30_000),
        # per head: 10,000 (180 persons), 30,000 (20), 90,000 (30)
        (Measure.parse("median:disposable_income"), 10_000),
        # x 3 per head: 30,000 / 90,000 / 270,000
        (Measure.parse("bracket:three_person:100000:500000", "household"), 0.3),
        (Measure.parse("bracket:three_person_persons:100000:500000"), 30 / 230),
        (Measure.parse("bracket:household:50000:100000"), 0.4),
        # households by income per head: 10,000 (60), 30,000 (10), 90,000 (30), in all 3,600,000:
        # the lowest 20 hold 200,000, those from 60 to 80 hold 10 x 30,000 + 10 x 90,000
        (Measure.parse("fifth:disposable_income:1", "household"), 200_000 / 3_600_000),
        (Measure.parse("fifth:disposable_income:4", "household"), 1_200_000 / 3_600_000),
        (
            Measure.parse("fifth:disposable_income:5", "household", "urban == true"),
            90_000 * 8 / 3_000_000,
        ),
        # of 30 and over: 10 (40) + 30 (70) in towns, 60 + 60 (30 and 31) in the country
        (Measure.parse("share:age >= 30", where="age >= 30 and urban == true"), 40 / 160),
        # households by income per head: 10,000 (60 of 100); mean per person 5,100,000 / 230
        (
            Measure.parse("median_over_mean:disposable_income", "household"),
            10_000 / (5_100_000 / 230),
        ),
        # Gini of 30,000 (0.6), 60,000 (0.1), 90,000 (0.3): sum of p_i p_j |x_i - x_j| / (2 mean)
        # = (2 x (0.06 x 30,000 + 0.18 x 60,000 + 0.03 x 30,000)) / (2 x 51,000)
        (Measure.parse("gini:disposable_income", "household"), 13_500 / 51_000),
        # below 20,000 a head are the 180 persons of the third household, 10,000 short
        (Measure.parse("headcount:disposable_income:20000"), 180 / 230),
        (Measure.parse("headcount:disposable_income:20000", "household"), 0.0),
        (Measure.parse("poverty_gap:disposable_income:20000"), 180 * 0.5 / 230),
        # the square of the gap ratio; half of the mean absolute deviation over the mean
        (Measure.parse("poverty_severity:disposable_income:20000"), 180 * 0.25 / 230),
        (
            Measure.parse("hoover:disposable_income", "household"),
            (60 * 21_000 + 10 * 9_000 + 30 * 39_000) / 100 / (2 * 51_000),
        ),
        # the highest tenth of households hold 10 x 90,000
        (Measure.parse("top_share:disposable_income:0.1", "household"), 900_000 / 5_100_000),
        (Measure.parse("share_between:disposable_income:30000:90000", "household"), 0.7),
        # what is no amount belongs to every person of a household: 4 + 1 + 9
        (Measure.parse("mean:household_size"), (10 * 4 + 30 * 1 + 60 * 9) / 230),
        # nobody
        (Measure.parse("mean:age", where="age > 200"), math.nan),
        (Measure.parse("share:age > 200", where="age > 200"), math.nan),
    ],
)
def test_measures_by_hand(measure, expected):
    assert measure.value(tables(), WEIGHT) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("medain:disposable_income", "did you mean 'median'"),
        ("headcount:disposable_income", "must be 'headcount:variable:line'"),
        ("headcount:disposable_income:low", "line 'low' is not a number"),
        ("share_between:disposable_income:1", "'share_between:variable:low:high'"),
        ("gini", "needs a variable"),
        ("fifth:disposable_income:6", "the fifths are 1, 2, 3, 4 and 5, not 6"),
        ("fifth:disposable_income", "must be 'fifth:variable:group'"),
        ("middle_share:disposable_income:median_75_20", "did you mean 'median_75_200'"),
        ("share_between:disposable_income:5:1", "low"),
    ],
)
def test_a_text_that_is_no_measure_is_refused(text, said):
    with pytest.raises(DataError, match=said):
        Measure.parse(text)


def test_a_statistic_of_the_list_can_be_measured_at_once():
    for name, statistic in STATISTICS.items():
        given = {"low": "1", "high": "9e9", "line": "13000", "group": "1", "top": "0.1"}
        given["band"] = "median_75_200"
        text = ":".join((name, "disposable_income", *(given[each] for each in statistic.arguments)))
        assert math.isfinite(Measure.parse(text).value(tables(), WEIGHT)), text


def test_persons_cannot_be_counted_without_them():
    alone = MeasuredTables({"weight": WEIGHT}, None, np.empty(0, np.int64), None, {})
    with pytest.raises(CalibrationError, match=r"give \{'household': frame, 'person': frame\}"):
        Measure.parse("count").value(alone, WEIGHT)
