"""Figures beyond their record: as they are, or grown with what the law ties them to."""

from __future__ import annotations

import textwrap
import warnings
from pathlib import Path

import numpy as np
import pytest

import olive
from olive.engine import RuleSet, policy_on
from olive.engine.parameter_files import read_parameters
from olive.errors import DateError, LawWarning, ParameterError

# A standard of 1,000, recorded to 2021; consumption 100, 110, 132, then 10 % a year.
RECORD = """
standard:
  {zh: 标准, en: standard, unit: yuan/year, known_to: 2021-12-31, indexed_to: consumption, values: [
    {from: 2020-01-01, value: 1000, status: published, source: a}]}
care:
  {zh: 护理, en: care, unit: yuan/year, known_to: 2022-12-31, indexed_to: standard, values: [
    {from: 2019-01-01, value: 50, status: law, source: b}]}
consumption:
  {zh: 消费, en: consumption, unit: yuan/year, known_to: 2022-12-31, grows_at: growth, values: [
    {from: 2020-01-01, value: 100, status: published, source: c},
    {from: 2021-01-01, value: 110, status: published, source: c},
    {from: 2022-01-01, value: 132, status: published, source: c}]}
growth:
  {zh: 增长, en: growth, unit: "1", known_to: 2030-12-31, values: [
    {from: 2019-01-01, value: 0.1, status: assumption, source: d}]}
allowance:
  {zh: 扣除, en: allowance, unit: yuan/year, known_to: 2030-12-31, values: [
    {from: 2019-01-01, value: 60, status: law, source: e}]}
share:
  {zh: 比例, en: share, unit: "1", known_to: 2030-12-31, values: [
    {from: 2019-01-01, value: 0.5, status: law, source: f}]}
"""


@pytest.fixture
def rules(tmp_path: Path) -> RuleSet:
    file = tmp_path / "record.yaml"
    file.write_text(textwrap.dedent(RECORD), encoding="utf-8")
    return RuleSet.build([], columns={}, parameter_files=[file])


def figure(rules: RuleSet, name: str, day: str, **options: object) -> float:
    return float(np.asarray(policy_on(rules, day, **options).values[name].datum))


def test_nominal_keeps_the_last_figure(rules: RuleSet) -> None:
    assert figure(rules, "standard", "2024-05-01") == 1000


def test_indexed_grows_from_the_last_known_day_with_the_reference(rules: RuleSet) -> None:
    """132 / 110 = 1.2 in 2022; two years of 10 % after that: 1.2 x 1.21 = 1.452."""
    indexed = {"carry": "indexed"}
    assert figure(rules, "standard", "2021-12-31", **indexed) == 1000
    assert figure(rules, "standard", "2022-01-01", **indexed) == pytest.approx(1200)
    assert figure(rules, "standard", "2024-05-01", **indexed) == pytest.approx(1452)


def test_a_reference_may_be_carried_itself(rules: RuleSet) -> None:
    """Care follows the standard from its own last day (2022): 1,452 / 1,200 = 1.21."""
    assert figure(rules, "care", "2024-05-01", carry="indexed") == pytest.approx(50 * 1.21)


def test_what_was_carried_says_since_when_with_what_and_by_how_much(rules: RuleSet) -> None:
    value = policy_on(rules, "2024-05-01", carry="indexed").values["standard"]
    assert (str(value.known_since), value.reference, value.status) == (
        "2020-01-01",
        "consumption",
        "assumption",
    )
    assert value.growth == pytest.approx(1.452)
    # From no rise at all to twice the growth.
    assert value.plausible is not None
    assert value.plausible.ends(1452) == (pytest.approx(1000), pytest.approx(1452 * 1.452))
    nominal = policy_on(rules, "2024-05-01").values["standard"]
    assert nominal.plausible is not None
    assert nominal.plausible.ends(1000)[0] == pytest.approx(1000)


def test_a_day_in_the_prices_of_a_year(rules: RuleSet) -> None:
    """From 2021 to 2024: consumption 110 to 132 x 1.21 = 159.72, a ratio of 1.452."""
    options = {"uprated_to": 2024, "income": "consumption"}
    assert figure(rules, "standard", "2021-07-01", **options) == pytest.approx(1452)
    assert figure(rules, "care", "2021-07-01", **options) == pytest.approx(50 * 1.452)
    assert figure(rules, "allowance", "2021-07-01", **options) == pytest.approx(60 * 1.452)
    assert figure(rules, "share", "2021-07-01", **options) == 0.5


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("indexed_to: consumption", "indexed_to: consumtion"), "did you mean 'consumption'"),
        (("indexed_to: consumption", "indexed_to: care"), "circle"),
        (("indexed_to: standard", "indexed_to: standard, grows_at: growth"), "not both"),
    ],
)
def test_faults_of_references_are_told(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    file = tmp_path / "record.yaml"
    file.write_text(RECORD.replace(*change), encoding="utf-8")
    with pytest.raises(ParameterError, match=told):
        read_parameters([file], {})


def test_an_unknown_way_to_carry_is_refused() -> None:
    with pytest.raises(DateError, match="did you mean 'indexed'"):
        olive.law(year=2025, carry="index")


def test_a_law_after_the_record_says_so() -> None:
    with pytest.warns(LawWarning, match="recorded to 2026-11-23"):
        later = olive.law(year=2040)
    assert later.is_beyond_record
    assert "recorded to 2026-11-23" in repr(later)
    assert "dibao_standard" in later.carried()
    with pytest.warns(LawWarning):
        indexed = olive.law(year=2040, carry="indexed")
    assert indexed.values["dibao_standard"].datum[0] > later.values["dibao_standard"].datum[0]


def test_a_law_that_nobody_can_know_is_refused() -> None:
    with pytest.raises(DateError, match="25 years at most"):
        olive.law(year=9999)
    with pytest.raises(DateError, match="25 years at most"):
        olive.law("2100-01-01")


def test_the_year_in_which_the_record_ends_counts_as_recorded() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", LawWarning)
        law = olive.law(year=2026)
    assert not law.is_beyond_record
    assert law.values["comprehensive_income_schedule"].status == "law"


def test_indexed_law_of_2026_by_hand() -> None:
    """Contribution floor 4,986 a month in 2025; wages grow by 3.5 % a year by assumption."""
    law = olive.law(year=2026, carry="indexed")
    assert law.values["social_insurance_base_floor"].datum == pytest.approx(4986 * 12 * 1.035)
    # The disability care subsidy of 500 a month was last known in 2021, when dibao was 950.
    care = law.values["disability_care_amount"].datum[3]
    assert care == pytest.approx(500 * 12 * 1125 * 1.05 / 950)


def test_frozen_law_in_the_prices_of_a_year_by_hand() -> None:
    """Income per head 58,040 in 2022 and 67,318 in 2025 moves the basic deduction of 60,000."""
    frozen = olive.law("2022-07-01", uprated_to=2025)
    assert frozen.values["basic_deduction"].datum == pytest.approx(60_000 * 67_318 / 58_040)
    # Dibao 950 a month with consumption 36,668 (2021) to 45,000 (2024).
    assert frozen.values["dibao_standard"].datum[0] == pytest.approx(950 * 12 * 45_000 / 36_668)
    assert frozen.values["housing_fund_average_wage"].datum == pytest.approx(
        (6 * 133_045 + 6 * 137_239) / 12
    )
    assert frozen.values["employee_pension_rate"].datum == 0.08
