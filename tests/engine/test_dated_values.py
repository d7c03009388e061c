"""The value of a parameter on a day and over a year, with its status and source."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from olive_tests.toy import KEYS

from olive.engine.parameter_files import read_parameters
from olive.engine.parameters import STATUSES, value_in, value_on
from olive.errors import DateError, ParameterError

HEAD = "zh: 标准, en: standard, unit: yuan/year, known_to: 2024-12-31"
HISTORY = f"""
standard: {{{HEAD}, values: [
    {{from: 2019-01-01, value: 100, status: law, source: first}},
    {{from: 2020-07-01, value: 220, status: published, source: second}},
    {{from: 2021-07-01, status: missing, source: no notice found}},
    {{from: 2023-01-01, value: 400, status: recalled, source: fourth}}]}}
table: {{{HEAD}, by: county, values: [
    {{from: 2019-01-01, value: {{north: 1, south: 2, islands: 3}}, status: law}}]}}
switch: {{zh: a, en: b, unit: bool, known_to: 2024-12-31, values: [
    {{from: 2019-01-01, value: false, status: law}},
    {{from: 2020-05-01, value: true, status: assumption, source: guess}}]}}
brackets: {{{HEAD}, kind: schedule, values: [
    {{from: 2019-01-01, thresholds: [0, 100], rates: [0.1, 0.2], status: law}},
    {{from: 2020-10-01, thresholds: [0, 200], rates: [0.1, 0.4], status: law}},
    {{from: 2021-10-01, thresholds: [0], rates: [0.1], status: law}}]}}
"""


def read(folder):
    file = folder / "topic.yaml"
    file.write_text(HISTORY, encoding="utf-8")
    return read_parameters([file], KEYS)


@pytest.mark.parametrize(
    ("day", "value", "status", "source"),
    [
        (date(2019, 1, 1), 100, "law", "first"),
        (date(2020, 6, 30), 100, "law", "first"),
        (date(2020, 7, 1), 220, "published", "second"),
        (date(2022, 1, 1), 220, "assumption", "carried forward: no notice found"),
        (date(2023, 1, 1), 400, "recalled", "fourth"),
        (date(2024, 12, 31), 400, "recalled", "fourth"),
        (date(2025, 1, 1), 400, "assumption", "carried forward after 2024-12-31: fourth"),
    ],
)
def test_value_on_a_day(day, value, status, source, tmp_path) -> None:
    found = value_on(read(tmp_path)["standard"], day)
    assert (found.datum, found.status, found.source) == (value, status, source)


def test_day_before_the_record(tmp_path) -> None:
    with pytest.raises(DateError, match=r"standard: no value on 2018-12-31; .* from 2019-01-01 on"):
        value_on(read(tmp_path)["standard"], date(2018, 12, 31))


def test_mean_over_the_months_of_a_year(tmp_path) -> None:
    found = read(tmp_path)
    standard = value_in(found["standard"], 2020)
    assert standard.datum == (6 * 100 + 6 * 220) / 12
    assert standard.status == "published"
    assert standard.source == "first; second"
    assert value_in(found["standard"], 2019).datum == 100
    # Half of 2021 is carried forward: the year is no firmer than that.
    assert value_in(found["standard"], 2021).status == "assumption"
    assert value_in(found["standard"], 2021).datum == 220
    # A switch is on or off: what holds on 1 July.
    assert value_in(found["switch"], 2020).datum == 1.0
    assert value_in(found["switch"], 2019).datum == 0.0
    brackets = value_in(found["brackets"], 2020).datum
    np.testing.assert_allclose(brackets.thresholds, [0, (9 * 100 + 3 * 200) / 12])
    np.testing.assert_allclose(brackets.rates, [0.1, (9 * 0.2 + 3 * 0.4) / 12])
    with pytest.raises(ParameterError, match=r"brackets: the number of brackets changes"):
        value_in(found["brackets"], 2021)


def test_statuses_go_from_firm_to_unknown() -> None:
    assert STATUSES[:2] == ("law", "published")
    assert STATUSES[-2:] == ("assumption", "missing")


def test_values_are_shared_and_cannot_be_changed(tmp_path) -> None:
    found = read(tmp_path)
    day = date(2020, 1, 1)
    with pytest.raises(ValueError, match=r"read-only"):
        value_on(found["table"], day).datum[0] = 9
    with pytest.raises(ValueError, match=r"read-only"):
        value_on(found["brackets"], day).datum.rates[0] = 9
    with pytest.raises(ValueError, match=r"read-only"):
        value_in(found["brackets"], 2020).datum.thresholds[0] = 9
