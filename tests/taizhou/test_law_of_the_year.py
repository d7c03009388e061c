"""The law of 2025 is that of 2025: what has a source is dated, what has none says so."""

from __future__ import annotations

import pytest

import olive
from olive.places import place

# What the benefits of the year hang on: none may be older than the year.
OF_THE_YEAR = (
    "dibao_standard",
    "urban_consumption_last_year",
    "social_insurance_base_floor",
    "social_insurance_base_cap",
    "resident_basic_pension_standard",
    "central_basic_pension",
    "minimum_wage",
    "work_disregard_rate",
    "childcare_subsidy_per_child",
    "last_kindergarten_year_free",
)


@pytest.mark.parametrize("carry", ["nominal", "indexed"])
def test_no_large_programme_of_2025_stands_on_an_older_figure(carry: str) -> None:
    carried = olive.law(year=2025, carry=carry).carried()
    assert not set(OF_THE_YEAR) & set(carried)


def test_the_dibao_floor_of_the_plan_is_law_in_2025() -> None:
    """The plan wants 13,000 yuan; the province's floor of April 2025 is 13,500."""
    law = olive.law(year=2025)
    floor = law | olive.Reform(at_least={"dibao_standard": 13_000})
    assert (floor.values["dibao_standard"].datum == law.values["dibao_standard"].datum).all()


def test_every_carried_figure_of_2026_that_is_tied_to_something_has_a_range() -> None:
    law = olive.law(year=2026, carry="indexed")
    tied = {name: each for name, each in law.carried().items() if each.reference is not None}
    assert {"dibao_standard", "minimum_wage", "social_insurance_base_floor"} <= set(tied)
    for name, each in tied.items():
        assert each.growth >= 1.0
        assert law.values[name].plausible is not None, name
        assert law.values[name].status not in {"law", "published"}


def test_what_is_recalled_is_never_called_published() -> None:
    for name, parameter in place().rules.parameters.items():
        for entry in parameter.history:
            if entry.status in {"law", "published"}:
                assert "未查到原文" not in entry.source, (name, entry.start)


def test_the_remembered_minimum_wage_of_2026_is_not_in_force() -> None:
    """2,430 yuan a month is remembered for January 2026; no notice was found."""
    assert olive.law("2026-02-01").values["minimum_wage"].datum[0] == 2_260 * 12


def test_a_presumed_support_lowers_dibao_and_a_larger_share_never_raises_it() -> None:
    parent = {
        "age": 72,
        "assistance_unit": 0,
        "household_id": 0,
        "kin_income_draw": 0.6,
        "kin_elsewhere": True,
        "county": 0,
    }

    def dibao(share: float) -> float:
        law = olive.law("2023-07-01") | olive.Reform({"kin_support_share": share})
        found = olive.evaluate(
            "dibao_of_whole_family",
            {name: [value] for name, value in parent.items()},
            law,
            absent="neutral",
        )
        return float(found[0])

    paid = [dibao(share) for share in (0.0, 0.1, 0.3, 0.5, 1.0)]
    assert paid == sorted(paid, reverse=True)
    # Without a share: the standard less what of the basic pension counts, 285 - 103 a month.
    assert paid[0] == pytest.approx(12_492 - (285 - 103) * 12)
    assert paid[-1] == 0.0
