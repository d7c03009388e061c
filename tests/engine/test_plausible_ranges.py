"""Plausible ranges: read from files, kept with values that are not firm, replaced by reforms."""

from __future__ import annotations

from datetime import date

import pytest
from olive_tests.toy import KEYS

from olive.engine import Operation, PlausibleRange, Reform
from olive.engine.parameter_files import read_parameters
from olive.engine.parameters import value_in, value_on
from olive.engine.reform_application import apply_reform
from olive.engine.reform_operations import read_operation
from olive.errors import ParameterError, ReformError

HEAD = "zh: 标准, en: standard, unit: yuan/year, known_to: 2022-12-31"


def read(folder, text):
    file = folder / "topic.yaml"
    file.write_text(text, encoding="utf-8")
    return read_parameters([file], KEYS)


def test_a_range_belongs_to_values_that_are_not_firm(tmp_path) -> None:
    found = read(
        tmp_path,
        f"""
standard: {{{HEAD}, stated_in: yuan/month,
  plausible: {{range: [1, 3], basis: other cities}}, values: [
    {{from: 2019-01-01, value: 2, status: law}},
    {{from: 2020-01-01, value: 2, status: assumption}},
    {{from: 2021-01-01, value: 2, status: proxy,
      plausible: {{range: [0.5, 2], basis: one survey, form: factor}}}},
    {{from: 2022-01-01, status: missing, source: none}}]}}""",
    )["standard"]
    assert value_on(found, date(2019, 1, 1)).plausible is None
    # Stated by the month, kept by the year: 1 and 3 yuan a month are 12 and 36 a year.
    assert value_on(found, date(2020, 1, 1)).plausible == PlausibleRange(12, 36, "other cities")
    assert value_on(found, date(2021, 1, 1)).plausible.ends(24.0) == (12.0, 48.0)
    # Carried forward in 2022: the figure of 2021 with its range.
    carried = value_in(found, 2022)
    assert carried.known_since == date(2021, 1, 1)
    assert carried.plausible.basis == "one survey"
    assert value_on(found, date(2023, 1, 1)).known_since == date(2021, 1, 1)
    assert value_on(found, date(2021, 5, 1)).known_since is None


@pytest.mark.parametrize(
    ("plausible", "fault"),
    [
        ("{range: [3, 1], basis: b}", "runs from low to high"),
        ("{range: [1, 1], basis: b}", "runs from low to high"),
        ("{range: [1, 3], basis: ' '}", "needs a `basis`"),
        ("{range: [1, 300], basis: b}", "outside the allowed range"),
        ("{range: [-1, 3], basis: b, form: factor}", "0 or more"),
        ("{range: [1, 3]}", "basis: this key is missing"),
    ],
)
def test_faults_of_a_range(plausible, fault, tmp_path) -> None:
    text = f"""
standard: {{{HEAD}, range: [0, 100], plausible: {plausible}, values: [
    {{from: 2019-01-01, value: 2, status: assumption}}]}}"""
    with pytest.raises(ParameterError, match=fault):
        read(tmp_path, text)


def test_a_table_has_factors(tmp_path) -> None:
    text = f"""
standard: {{{HEAD}, by: county, plausible: {{range: [1, 3], basis: b}}, values: [
    {{from: 2019-01-01, value: {{north: 1, south: 2, islands: 3}}, status: assumption}}]}}"""
    with pytest.raises(ParameterError, match="`form: factor`"):
        read(tmp_path, text)


def test_an_operation_brings_its_own_range(tmp_path) -> None:
    parameters = read(
        tmp_path,
        f"""
standard: {{{HEAD}, plausible: {{range: [1, 3], basis: other cities}}, values: [
    {{from: 2019-01-01, value: 2, status: assumption}}]}}""",
    )
    before = {"standard": value_on(parameters["standard"], date(2020, 1, 1))}
    own = PlausibleRange(4, 9, "a survey")

    def after(**more):
        reform = Reform.from_operations([Operation("standard", "set", 5, **more)])
        return apply_reform(reform, before, parameters, 2020)["standard"].plausible

    assert after(plausible=own) == own
    assert after() == PlausibleRange(1, 3, "other cities")
    assert after(status="published") is None
    # The same figure as before with another range: the range is that of the reform.
    same = Reform.from_operations([Operation("standard", "set", 2, plausible=own)])
    assert apply_reform(same, before, parameters, 2020)["standard"].plausible == own


def test_a_range_is_read_and_written_with_an_operation() -> None:
    entry = {"parameter": "p", "operation": "set", "value": 1.0}
    plausible = {"range": [0.5, 2.0], "basis": "why", "form": "factor", "shape": "uniform"}
    operation = read_operation({**entry, "plausible": plausible}, "here")
    assert operation.plausible == PlausibleRange(0.5, 2.0, "why", "factor", "uniform")
    assert operation.as_mapping()["plausible"] == plausible
    for fault in ({"range": [1, 2]}, "wide", {"range": [2, 1], "basis": "b"}):
        with pytest.raises(ReformError, match="here"):
            read_operation({**entry, "plausible": fault}, "here")


def test_the_range_of_a_year_is_the_mean_of_its_months(tmp_path) -> None:
    """0 to 0.1 for nine months and 0 to 0.3 for three: 0 to (9 x 0.1 + 3 x 0.3) / 12 = 0.15."""
    found = read(
        tmp_path,
        """
rate: {zh: 率, en: rate, unit: "1", known_to: 2025-12-31, values: [
    {from: 2019-01-01, value: 0.02, status: assumption,
      plausible: {range: [0, 0.1], basis: before}},
    {from: 2025-10-01, value: 0.1, status: assumption,
      plausible: {range: [0, 0.3], basis: after}}]}
mixed: {zh: 率, en: mixed, unit: "1", known_to: 2025-12-31, values: [
    {from: 2019-01-01, value: 0.4, status: law},
    {from: 2025-07-01, value: 0.5, status: assumption,
      plausible: {range: [0.2, 0.8], basis: after}}]}""",
    )
    rate = value_in(found["rate"], 2025)
    assert rate.datum == pytest.approx((9 * 0.02 + 3 * 0.1) / 12)
    assert (rate.plausible.low, rate.plausible.high) == pytest.approx((0.0, 0.15))
    assert rate.plausible.basis == "before; after"
    # Six months of law have no doubt: (0.4 + 0.2) / 2 to (0.4 + 0.8) / 2.
    mixed = value_in(found["mixed"], 2025).plausible
    assert (mixed.low, mixed.high) == pytest.approx((0.3, 0.6))
