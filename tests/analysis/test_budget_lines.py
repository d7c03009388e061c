"""Budget lines: pieces of known functions, statutory slopes by hand, one household's draws."""

from __future__ import annotations

import numpy as np
import pytest

import olive
from olive.analysis.budget_lines import pieces_of
from olive.errors import DataError

DAY = olive.law("2023-07-01")


def line_of(members, policy=DAY, **more):
    place = {key: more.pop(key) for key in ("county", "urban") if key in more}
    family = olive.household(members, **{"county": "wenling", **place})
    return olive.budget_line(olive.simulate(family, policy, seed=3), 0, **more)


def test_pieces_of_a_function_with_kinks_and_a_jump() -> None:
    # 0 below 30, then half, from 70 on 20 less, from 71 on flat: two breaks within a step.
    def function(x):
        y = np.maximum(x - 30.0, 0.0) * 0.5 - 20.0 * (x >= 70.0)
        return np.where(x > 71.0, 0.5, np.minimum(y, 20.0))[None, :]

    found = pieces_of(function, 0.0, 300.0)
    assert [each.start for each in found] == pytest.approx([0.0, 30.0, 70.0, 71.0], abs=1e-4)
    assert [float(each.slope[0]) for each in found] == pytest.approx([0, 0.5, 0.5, 0], abs=1e-5)
    assert float(found[1].last[0]) == pytest.approx(20.0, abs=1e-4)
    assert float(found[2].value[0]) == pytest.approx(0.0, abs=1e-4)


def test_the_slope_of_an_employee_by_hand() -> None:
    # Bases are below wages by compliance; with full compliance 8 + 2 + 0.5 % leave the wage, and
    # of the rest 10 % in tax between 36,000 and 144,000 taxable: 1 - 0.895 x 0.9 = 0.1945.
    full = DAY | olive.Reform({"contribution_base_compliance": 1.0})
    table = line_of(
        [olive.member(40, contractual_wage=60_000.0)], full, low=130_000.0, high=150_000.0
    )
    assert table["marginal_rate"].tolist() == pytest.approx([0.1945], abs=1e-6)
    assert table["income_taxes"].tolist() == pytest.approx([0.0895], abs=1e-6)


def test_the_cliff_of_the_disability_living_subsidy() -> None:
    # Sanmen 2023: 30 % of dibao, 12,492 x 0.3 = 3,747.6 a year, ends at 1.5 times dibao.
    parent = olive.member(38, sex="female", contractual_wage=36_000.0)
    child = olive.member(9, mother=0, disability_grade="grade_1", in_education=True)
    claims = DAY | olive.Reform({"dibao_take_up_rate": 1.0})
    table = line_of([parent, child], claims, county="sanmen", urban=False, high=60_000.0)
    cliffs = table.frame[table["notch"] < 0.0]
    assert cliffs["notch"].tolist() == pytest.approx([-3_747.6], abs=1e-3)
    # It ends at 1.5 times the standard for two, 37,476, after what the means test leaves out.
    at = float(cliffs["to"].iloc[0])
    assert f"at {at:,.0f}, {at - 36_000:,.0f} more, and takes 3,748" in table.notes[-1].en
    # Below it dibao takes away what is earned: a rate of 100 %, all of it dibao.
    assert table["marginal_rate"].max() == pytest.approx(1.0, abs=1e-6)
    assert table["dibao"].max() == pytest.approx(1.0, abs=1e-6)


def test_the_parts_of_a_rate_add_up_to_it() -> None:
    # 1,840 yuan a month in Sanmen: below the minimum wage more by contract brings nothing.
    parent = olive.member(38, sex="female", contractual_wage=36_000.0)
    child = olive.member(9, mother=0, disability_grade="grade_1", in_education=True)
    table = line_of([parent, child], county="sanmen", urban=False)
    parts = table.frame.columns[list(table.columns).index("average_rate") + 1 :]
    assert table[parts].sum(axis=1).to_numpy() == pytest.approx(table["marginal_rate"], abs=1e-6)
    below = table["to"] <= 1_840 * 12 + 0.01
    assert table["not_received"][below].tolist() == pytest.approx([1.0], abs=1e-6)
    assert not table["not_received"][~below].any()
    assert table.labels["not_received"].zh == "未到手"


@pytest.mark.slow  # quick: the slope of an employee by hand
def test_lines_are_finite_differences_away_from_breaks() -> None:
    city = olive.Population.synthetic(households=200, seed=4)
    result = olive.simulate(city, [DAY], seed=5)
    assert not result.population_totals  # so that one household can be moved alone
    ids = city.households["household_id"].to_numpy()
    starts = city.arrays().starts
    for at in (0, 50, 120):
        table = olive.budget_line(result, ids[at], high=200_000.0).frame
        assert table["marginal_rate"].between(-5.0, 1.5).all()  # no draw changes along the line
        for _, piece in table.iterrows():
            width = piece["to"] - piece["from"]
            if width < 1.0:
                continue
            points = piece["from"] + width * np.array([0.3, 0.6])
            wages = city.persons["contractual_wage"].to_numpy(dtype=float)
            found = []
            for amount in points:
                wages[starts[at]] = amount
                moved = city.with_columns({"contractual_wage": wages})
                again = olive.simulate(moved, result.policies, seed=5)
                found.append(again.values("disposable_income")[at])
            slope = (found[1] - found[0]) / (points[1] - points[0])
            assert 1.0 - slope == pytest.approx(piece["marginal_rate"], abs=1e-5)


def test_refusals() -> None:
    worker = [olive.member(40, contractual_wage=60_000.0)]
    with pytest.raises(DataError, match="no amount 'wage'"):
        line_of(worker, over="wage")
    with pytest.raises(DataError, match="from low to high"):
        line_of(worker, low=5.0, high=5.0)
    with pytest.raises(DataError, match="contractual_wage is at least 0; the line starts at -100"):
        line_of(worker, low=-100.0)
    with pytest.raises(DataError, match="no person 3"):
        line_of(worker, person=3)
    for members, fault in [
        ([], "at least one member"),
        ([{"wage": 3}], "has no age"),
        ([{"age": 40, "wages": 3}], "no column 'wages' of a person"),
        ([olive.member(40), olive.member(50, father=0)], "a parent is older"),
        ([olive.member(40, sex="male"), olive.member(8, mother=0)], "mother 0 is male"),
        ([olive.member(40, spouse=4)], "names nobody else"),
        ([olive.member(-3)], "at least 0 and at most 120"),
        ([olive.member("40")], "member 0: age is '40', which is no number"),
        ([olive.member(40, contractual_wage="many")], "contractual_wage is 'many'"),
        ([olive.member(40, spouse=1), olive.member(8, spouse=0)], "a spouse is 15 or older"),
        ([olive.member(40), olive.member(8, father=True)], "names nobody else"),
        ([40], "write olive.member"),
        (olive.member(40), "give a list"),
    ]:
        with pytest.raises(DataError, match=fault):
            olive.household(members, county="wenling")
    with pytest.raises(DataError, match="county"):
        olive.household([olive.member(40)], county="atlantis")


def test_a_line_on_which_kinks_would_be_passed_over_is_refused() -> None:
    worker = olive.simulate(
        olive.household([olive.member(40, contractual_wage=60_000)], county="wenling"),
        olive.law("2023-07-01"),
    )
    with pytest.raises(DataError, match="from 0 to 1,000,000,000 is wider than 10,000,000"):
        olive.budget_line(worker, 0, high=1e9)
    # A wider line, with more brackets of the tax, has the same pieces below.
    usual, wide = (olive.budget_line(worker, 0, high=high)["from"] for high in (300_000.0, 1e7))
    assert wide[: len(usual)].tolist() == pytest.approx(usual.tolist(), abs=0.01)
