"""`olive.uncertainty`: what the ranges of assumed figures do to a reform's effect."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import olive
from olive.analysis import many_policies
from olive.analysis.assumed import assumptions
from olive.analysis.assumed_study import latin_hypercube
from olive.analysis.indicators import income_variables
from olive.engine import Operation, PlausibleRange, Reform
from olive.engine.draws import stream_key
from olive.errors import DataError

LAW = olive.law(year=2023)
RAISE = Reform(add={"dibao_standard": 6_000}, label="dibao + 6,000")
TAKE_UP = {"dibao_take_up_rate": (0.3, 0.95)}


@pytest.fixture(scope="module")
def city() -> olive.Population:
    return olive.Population.synthetic(households=3_000, seed=1)


INCOMES = income_variables(olive.place())


def ranged(name: str, value: float, low: float, high: float, **more) -> Operation:
    plausible = PlausibleRange(low, high, "a test")
    return Operation(name, "set", value, status="assumption", plausible=plausible, **more)


def row(table, indicator="per_capita_income", definition="persons"):
    frame = table.frame
    found = frame[(frame["indicator"] == indicator) & (frame["definition"] == definition)]
    return found.iloc[0]


def mean_income(city, policy) -> float:
    result = olive.simulate(city, policy)
    income = result.values("disposable_income") * city.weight
    return float(income.sum() / (city.weight * result.values("household_size")).sum())


def test_one_figure_at_a_time_is_two_simulations_each(city) -> None:
    """The change at an end is that of two policies with the figure set by a reform."""
    table = olive.uncertainty(city, LAW, RAISE, TAKE_UP, method="one_at_a_time")
    found = row(table)
    for end, column in ((0.3, "change_at_low"), (0.95, "change_at_high")):
        before = LAW | {"dibao_take_up_rate": end}
        expected = mean_income(city, before | RAISE) - mean_income(city, before)
        assert found[column] == pytest.approx(expected, rel=1e-12)
    assert found["swing"] == pytest.approx(
        max(found["change_at_high"], found["change"]) - found["change_at_low"]
    )
    assert found["rank"] == 1


@pytest.mark.slow  # quick: the same seed gives the same bits
def test_joint_draws_lie_between_the_ends_of_a_monotone_effect(city) -> None:
    one = row(olive.uncertainty(city, LAW, RAISE, TAKE_UP, method="one_at_a_time"))
    table = olive.uncertainty(city, LAW, RAISE, TAKE_UP, draws=40)
    found = row(table)
    assert one["change_at_low"] < found["change_low"] < found["change_median"]
    assert found["change_median"] < found["change_high"] < one["change_at_high"]
    assert found["rises"] == 1.0
    assert found["falls"] == 0.0
    assert row(table, "gini")["falls"] == 1.0
    assert table.frame["met"].notna().sum() == table.frame["target"].notna().sum() == 9


def test_same_seed_same_bits_and_another_seed_another_design(city) -> None:
    first, again = (olive.uncertainty(city, LAW, RAISE, TAKE_UP, draws=8) for _ in range(2))
    assert first.frame.equals(again.frame)
    other = olive.uncertainty(city, LAW, RAISE, TAKE_UP, draws=8, seed=4)
    assert row(first)["change_median"] != row(other)["change_median"]


def test_quantiles_of_a_triangle_and_of_a_uniform_range() -> None:
    """Hand: mode .8 between .3 and .9; F(mode) = .5/.6; F^-1(p) = .3 + sqrt(p .6 .5) below it."""
    figure = float(LAW.values["dibao_take_up_rate"].datum)
    found = assumptions(LAW, RAISE, INCOMES, {"dibao_take_up_rate": (0.3, figure + 0.1)})
    (each,) = found.drawn
    width, below = figure + 0.1 - 0.3, figure - 0.3
    p = below / width / 2
    assert each.quantile(np.array([p]))[0] == pytest.approx(0.3 + np.sqrt(p * width * below))
    uniform = PlausibleRange(0.3, 0.9, "a test", shape="uniform")
    (each,) = assumptions(LAW, RAISE, INCOMES, {"dibao_take_up_rate": uniform}).drawn
    assert each.quantile(np.array([0.0, 0.25, 1.0])).tolist() == pytest.approx([0.3, 0.45, 0.9])


def test_designs_and_triangles_are_those_of_scipy_to_the_last_bit() -> None:
    key = stream_key(7, "latin hypercube/rate")
    design = stats.qmc.LatinHypercube(1, seed=np.random.default_rng(key)).random(101)
    assert np.array_equal(latin_hypercube(["rate"], 101, 7), design)
    (each,) = assumptions(LAW, RAISE, INCOMES, {"dibao_take_up_rate": (0.3, 0.9)}).drawn
    width = each.high - each.low
    theirs = stats.triang.ppf(design[:, 0], (each.figure - each.low) / width, each.low, width)
    assert np.array_equal(each.quantile(design[:, 0]), theirs)


def test_a_figure_of_the_law_is_drawn_for_both_and_one_of_the_reform_for_it_alone() -> None:
    reform = Reform.from_operations([ranged("work_disregard_rate", 0.3, 0.1, 0.5)])
    found = assumptions(
        LAW, reform, INCOMES, {"dibao_take_up_rate": (0.3, 0.9), "work_disregard_rate": None}
    )
    sides = {each.name: each.side for each in found.drawn}
    assert sides["dibao_take_up_rate"] == "law"
    labels = {each.label: 0.4 for each in found.drawn if each.name != "work_disregard_rate"}
    before, after = found.policies(labels | {"work_disregard_rate (plan)": 0.2}, 0)
    assert before.values["dibao_take_up_rate"].datum == 0.4
    assert after.values["dibao_take_up_rate"].datum == 0.4
    assert before.values["work_disregard_rate"] is LAW.values["work_disregard_rate"]
    assert after.values["work_disregard_rate"].datum == 0.2


def test_a_range_of_ones_own_goes_to_the_reform_where_it_leaves_the_figure_open() -> None:
    own = {"dibao_take_up_rate": (0.5, 0.9)}

    def ranges(reform: Reform) -> dict[str, tuple[float, float]]:
        found = assumptions(LAW, reform, INCOMES, own)
        return {each.side: (each.plausible.low, each.plausible.high) for each in found.drawn}

    in_force = LAW.values["dibao_take_up_rate"].plausible
    assert in_force is not None
    assert ranges(Reform({"dibao_take_up_rate": 0.7})) == {
        "plan": (0.5, 0.9),
        "law": (in_force.low, in_force.high),
    }
    firm = Reform.from_operations(
        [Operation("dibao_take_up_rate", "set", 0.7, status="published", source="a test")]
    )
    assert ranges(firm) == ranges(RAISE) == {"law": (0.5, 0.9)}


def test_a_figure_that_the_reform_leaves_as_it_stands_may_still_be_one_that_it_might_move() -> None:
    stands = float(LAW.values["frontline_wage_raise"].datum)
    reform = Reform.from_operations([ranged("frontline_wage_raise", stands, 0.0, 0.02)])
    found = assumptions(LAW, reform, INCOMES, ["frontline_wage_raise"])
    assert [each.side for each in found.drawn] == ["plan"]
    before, after = found.policies({"frontline_wage_raise (plan)": 0.015}, 0)
    assert before.values["frontline_wage_raise"].datum == stands
    assert after.values["frontline_wage_raise"].datum == 0.015


def test_a_reform_moves_what_is_drawn_of_the_law() -> None:
    """At least 13,000 of 12,492 x 0.9 is 13,000; of 12,492 x 1.2 it is 14,990.4."""
    floor = Reform.from_operations(
        [Operation("dibao_standard", "at_least", 13_000, status="published", source="a plan")]
    )
    law = LAW | {"dibao_standard": 12_492}
    found = assumptions(law, floor, INCOMES, {"dibao_standard": (0.9, 1.2)})
    for drawn, low, high in ((0.9, 11_242.8, 13_000.0), (1.2, 14_990.4, 14_990.4)):
        before, after = found.policies({"dibao_standard": drawn}, 0)
        assert np.allclose(before.values["dibao_standard"].datum, low)
        assert np.allclose(after.values["dibao_standard"].datum, high)


def test_the_entries_of_a_table_that_the_reform_leaves_stay() -> None:
    linhai = ranged("dibao_standard", {"linhai": 20_000}, 0.5, 1.5)
    reform = Reform.from_operations(
        [replace(linhai, plausible=PlausibleRange(0.5, 1.5, "a test", "factor"))]
    )
    found = assumptions(LAW, reform, INCOMES, ["dibao_standard"])
    before, after = found.policies({"dibao_standard (plan)": 0.5}, 0)
    keys = LAW.rules.parameters["dibao_standard"].keys[0]
    drawn = dict(zip(keys, after.values["dibao_standard"].datum.tolist(), strict=True))
    stands = dict(zip(keys, before.values["dibao_standard"].datum.tolist(), strict=True))
    assert drawn.pop("linhai") == 10_000
    assert stands.pop("linhai") != 10_000
    assert drawn == stands


def test_each_clause_alone_and_left_out(city) -> None:
    reform = Reform.from_operations(
        [
            Operation("dibao_standard", "at_least", 20_000, clause="first"),
            ranged("dibao_take_up_rate", 0.9, 0.8, 0.95, clause="second"),
        ]
    )
    table = olive.uncertainty(city, LAW, reform, ["dibao_take_up_rate"], method="one_at_a_time")
    frame = table.frame
    mean = frame[(frame["indicator"] == "per_capita_income") & (frame["kind"] == "clause")]
    assert set(mean["name"]) == {"first", "second"}
    alone = mean_income(city, LAW | {"dibao_take_up_rate": 0.9}) - mean_income(city, LAW)
    second = mean[mean["name"] == "second"].iloc[0]
    first = mean[mean["name"] == "first"].iloc[0]
    assert second["alone"] == pytest.approx(alone, rel=1e-9)
    assert first["change_at_low"] == pytest.approx(alone, rel=1e-9)


def test_sobol_indices_of_one_figure_and_of_one_that_does_nothing(city) -> None:
    """A single figure explains all of the variance; its first-order and total index are 1."""
    table = olive.uncertainty(city, LAW, RAISE, TAKE_UP, method="sobol", draws=16)
    found = row(table)
    assert found["first_order"] == pytest.approx(1.0, abs=0.2)
    assert found["total"] == pytest.approx(1.0, abs=0.2)
    assert found["total_error"] >= 0


def test_errors_of_sobol_indices_are_the_same_in_every_run(city) -> None:
    first, again = (
        olive.uncertainty(city, LAW, RAISE, TAKE_UP, method="sobol", draws=4) for _ in range(2)
    )
    assert (first["total_error"] > 0).any()
    pd.testing.assert_frame_equal(first.frame, again.frame, check_exact=True)


@pytest.mark.parametrize(
    ("parameters", "more", "message"),
    [
        (["dibao_take_up_rat"], {}, "did you mean 'dibao_take_up_rate'"),
        (["低保申领率"], {}, "did you mean 'dibao_take_up_rate'"),
        ({"dibao_take_up_rate": (0.5, 0.5)}, {}, "low to high"),
        ({"dibao_take_up_rate": (0.9, 0.5)}, {}, "low to high"),
        ({"dibao_take_up_rate": (0.5, 1.5)}, {}, "outside the allowed range"),
        ({"dibao_take_up_rate": (50, 95)}, {}, r"\[0, 1\]; 50 % is 0.5"),
        ({"dibao_take_up_rate": "wide"}, {}, r"\(low, high\)"),
        (["basic_deduction"], {}, "is law or published; give it"),
        ("dibao_take_up_rate", {}, "give a list"),
        ([], {}, "names none"),
        (TAKE_UP, {"draws": 0}, "draws is 0"),
        (TAKE_UP, {"draws": 1.5}, "draws is 1.5"),
        (TAKE_UP, {"method": "jiont"}, "did you mean 'joint'"),
        (TAKE_UP, {"method": "sobol", "draws": 12}, "power of 2, for example 8 or 16"),
        ({"medical_assistance_cap": (50_000, 150_000)}, {}, "can move .* medical_assistance_cap"),
        ({"dibao_standard": (10_000, 15_000)}, {}, "multiples .* around 1"),
    ],
)
def test_bad_input_is_refused_before_any_work(city, parameters, more, message) -> None:
    with pytest.raises(DataError, match=message):
        olive.uncertainty(city, LAW, RAISE, parameters, **more)


def test_the_table_is_readable_in_both_languages(city) -> None:
    for method, draws in (("joint", 4), ("one_at_a_time", None), ("sobol", 2)):
        table = olive.uncertainty(city, LAW, RAISE, TAKE_UP, method=method, draws=draws)
        assert "低保" in table.to_markdown("zh") or method == "joint"
        assert table.synthetic
        assert all(name in table.units and name in table.labels for name in table.columns)
        assert "Synthetic".upper() in table.to_markdown("en")


@pytest.mark.slow  # quick: test_many_policies.py
def test_results_do_not_depend_on_how_policies_are_grouped(city, monkeypatch) -> None:
    first = olive.uncertainty(city, LAW, RAISE, TAKE_UP, draws=10)
    monkeypatch.setattr(many_policies, "_MOST_AT_ONCE", 3)
    monkeypatch.setattr(many_policies, "_WORKERS", 1)
    told = []
    second = olive.uncertainty(
        city, LAW, RAISE, TAKE_UP, draws=10, progress=lambda done, whole: told.append((done, whole))
    )
    assert first.frame.equals(second.frame)
    assert told == [(3, 11), (6, 11), (9, 11), (11, 11)]


@pytest.mark.parametrize(
    ("width", "most", "sizes"),
    [(1, 37, [32, 1]), (2, 37, [16, 1]), (1, 9, [9, 9, 1]), (2, 9, [4, 4, 1]), (2, 0, [1, 1])],
)
def test_policies_of_a_large_city_share_a_pass(city, monkeypatch, width, most, sizes) -> None:
    """A group of two would compute nearly everything again, but memory is bounded."""
    rows = [
        tuple(LAW | {"dibao_standard": 9_000.0 + 10 * row + place} for place in range(width))
        for row in range(sum(sizes))
    ]
    expected = many_policies.figures_of(city, rows, seed=0)
    simulate, found = many_policies.simulate, []
    monkeypatch.setattr(many_policies, "_KEPT", 2 * 2 * len(city))
    monkeypatch.setattr(many_policies, "_MOST_KEPT", 2 * most * len(city))
    monkeypatch.setattr(
        many_policies,
        "simulate",
        lambda *given, **more: (found.append(len(given[1])), simulate(*given, **more))[1],
    )
    assert many_policies.figures_of(city, rows, seed=0).tobytes() == expected.tobytes()
    assert found == [width * size for size in sizes]


@pytest.mark.parametrize(("households", "policies"), [(2_500_000, 32), (10_000_000, 9)])
def test_incomes_of_a_large_city_are_bounded(monkeypatch, households, policies) -> None:
    # Two arrays of float64 a policy: 32 of 2.5 million keep 1.28 GB, and 9 of 10 million 1.44 GB.
    class Large:
        place = olive.place()

        def __len__(self) -> int:
            return households

    monkeypatch.setattr(many_policies, "simulate", lambda _, columns, **more: columns)
    monkeypatch.setattr(
        many_policies, "reduced", lambda columns, *more: np.full((len(columns), 1), len(columns))
    )
    found = many_policies.figures_of(Large(), [(LAW,)] * 64, seed=0)
    assert found[0, 0, 0] == policies
