"""Goal-seek: known optima of linear cases, certificates where nothing reaches, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from typer.testing import CliRunner

import olive
from olive.analysis.goal_levers import Limits
from olive.cli.commands import app
from olive.errors import DataError

LAW = olive.law(year=2023)
PENSION, OLD_AGE = "resident_basic_pension_standard", "old_age_allowance_from_80"


@pytest.fixture(scope="module")
def city():
    return olive.Population.synthetic(households=300, seed=1)


def income(city, **factors):
    """Return income per head with parameters multiplied."""
    result = olive.simulate(city, [LAW | olive.Reform(multiply=factors)])
    return float(
        np.average(result.values("disposable_income") / city.size, weights=city.weight * city.size)
    )


def test_one_lever_meets_the_target_exactly(city) -> None:
    # Nearly everybody's basic pension adds to income one for one, so income is a line in it.
    low, high = income(city), income(city, **{PENSION: 21.0})
    target = low + 0.4 * (high - low)
    found = olive.reach(
        city, LAW, {PENSION: Limits(1.0, 21.0, "factor")}, targets={"per_capita_income": target}
    )
    assert found.met
    factor = float(found.levers["found"].iloc[0])
    # By hand: within the step of the search of the point where a straight line would be; dibao
    # gives way to the pension below it, so the line bends a little.
    assert factor == pytest.approx(1.0 + 0.4 * 20.0, abs=0.6)
    assert income(city, **{PENSION: factor}) >= target
    assert income(city, **{PENSION: factor - 20.0 / 1000}) < target  # no smaller one does
    again = olive.simulate(city, [LAW | found.reform])
    mean = np.average(
        again.values("disposable_income") / city.size, weights=city.weight * city.size
    )
    assert mean == pytest.approx(found.targets["found"].iloc[0], rel=1e-12)


def gini(city, factor):
    """Return the Gini of income per head, by the mean absolute difference of all pairs."""
    result = olive.simulate(city, [LAW | olive.Reform(multiply={PENSION: factor})])
    each = np.maximum(result.values("disposable_income") / city.size, 0.0)
    weight = city.weight * city.size / (city.weight @ city.size)
    return float(weight @ np.abs(each[:, None] - each) @ weight / (2.0 * weight @ each))


def test_inequality_comes_down_to_its_target(city) -> None:
    now, low = gini(city, 1.0), gini(city, 11.0)
    assert low < now - 0.01
    target = (now + low) / 2.0
    found = olive.reach(city, LAW, {PENSION: Limits(1.0, 11.0, "factor")}, targets={"gini": target})
    factor = float(found.levers["found"].iloc[0])
    assert found.met
    assert gini(city, factor) <= target + 1e-6
    assert gini(city, factor - 10.0 / 1000) > target  # no smaller one does
    far = olive.reach(city, LAW, {PENSION: Limits(1.0, 1.5, "factor")}, targets={"gini": 0.01})
    row = far.targets.frame.iloc[0]
    assert (far.met, row["met"]) == (False, "no")
    assert row["missing"] == pytest.approx(row["found"] - 0.01)
    assert row["best"] == pytest.approx(gini(city, 1.5), abs=1e-6)
    assert "Out of reach within the limits even by itself: Gini" in far.verdict.en


def test_a_target_is_met_but_for_rounding(city) -> None:
    # As in every other table: half a fen decides nothing.
    levers = {PENSION: Limits(1.0, 2.0, "factor")}
    found = olive.reach(city, LAW, levers, targets={"per_capita_income": income(city) + 0.004})
    assert found.met
    assert found.levers["found"].tolist() == [1.0]


@pytest.mark.slow  # quick: one lever
def test_the_lever_that_does_more_is_taken(city) -> None:
    # One tenth of the span of the pension does more than all of the old-age allowance.
    levers = {PENSION: Limits(1.0, 31.0, "factor"), OLD_AGE: Limits(1.0, 1.5, "factor")}
    target = income(city) + 0.5 * (income(city, **{PENSION: 31.0}) - income(city))
    found = olive.reach(city, LAW, levers, targets={"per_capita_income": target})
    moved = found.levers.frame.set_index("parameter")["found"]
    assert found.met
    assert moved[OLD_AGE] == pytest.approx(1.0, abs=1e-6)


def shares(city, settings):
    """Return the share of 100,000-500,000 under factors of two pensions, by single simulations."""
    result = olive.simulate(
        city,
        [
            (LAW | olive.Reform(multiply=dict(zip((PENSION, OLD_AGE), each, strict=True)))).renamed(
                str(at)
            )
            for at, each in enumerate(settings)
        ],
    )
    family = ~city.households["collective"].to_numpy(bool)
    weight = city.weight * family
    found = []
    for at in range(len(settings)):
        income = result.values("disposable_income", at)
        inside = (income >= 100_000 - 0.005) & (income < 500_000 - 0.005)
        found.append(float(weight @ inside / weight.sum()))
    return np.array(found)


@pytest.mark.slow  # quick: one lever meets its target exactly
def test_steps_are_found_to_the_tolerance(city) -> None:
    # Brute force: the share at 101 factors, then at 41 from the last that misses the target to the
    # first that meets it; a share of households moves in steps.
    grid = np.linspace(1.0, 21.0, 101)
    found = shares(city, [(factor, 1.0) for factor in grid])
    target = float(found[0] + 0.5 * (found.max() - found[0]))
    first = int(np.flatnonzero(found >= target)[0])
    fine = np.linspace(grid[first - 1], grid[first], 41)
    met = shares(city, [(factor, 1.0) for factor in fine]) >= target
    expected = fine[np.flatnonzero(met)[0]]
    answer = olive.reach(
        city, LAW, {PENSION: Limits(1.0, 21.0, "factor")}, targets={"share_10_50": target}
    )
    assert answer.met
    factor = float(answer.levers["found"].iloc[0])
    # No further than the first grid point that meets it, and a step of the grid below none does.
    assert expected - 0.005 - 1e-9 <= factor <= expected + 20.0 / 2048


@pytest.mark.slow  # quick: one lever against a grid
def test_two_levers_do_no_worse_than_a_grid(city) -> None:
    levers = {PENSION: Limits(1.0, 21.0, "factor"), OLD_AGE: Limits(1.0, 41.0, "factor")}
    steps = np.linspace(0.0, 1.0, 21)
    settings = [(1.0 + 20.0 * one, 1.0 + 40.0 * two) for one in steps for two in steps]
    found = np.concatenate([shares(city, settings[at::8]) for at in range(8)])
    ordered = [each for at in range(8) for each in settings[at::8]]
    target = float(found.min() + 0.6 * (found.max() - found.min()))
    least = min(
        (each[0] - 1.0) / 20.0 + (each[1] - 1.0) / 40.0
        for each, share in zip(ordered, found, strict=True)
        if share >= target
    )
    answer = olive.reach(city, LAW, levers, targets={"share_10_50": target})
    one, two = answer.levers["found"]
    assert answer.met
    assert (one - 1.0) / 20.0 + (two - 1.0) / 40.0 <= least + 1e-9


@pytest.mark.slow  # quick: the chart of the frontier by the command
def test_no_policy_of_the_frontier_is_beaten(city) -> None:
    levers = {PENSION: Limits(1.0, 21.0, "factor"), OLD_AGE: Limits(1.0, 41.0, "factor")}
    answer = olive.reach(city, LAW, levers, targets={"share_10_50": 0.9}, objective="nearest")
    points = answer.frontier.frame
    assert (np.diff(points["cost"]) > 0.0).all()
    assert (np.diff(points["missing_share"]) < 0.0).all()
    assert len(points) >= 8
    settings = list(zip(points[PENSION], points[OLD_AGE], strict=True))
    np.testing.assert_allclose(shares(city, settings), points["share_10_50"], rtol=1e-12)


@pytest.mark.slow  # quick: targets that contradict each other
def test_what_stands_in_the_way_is_told_apart(city) -> None:
    levers = {PENSION: Limits(1.0, 21.0, "factor")}
    far = olive.reach(city, LAW, levers, targets={"share_10_50": 0.99})
    assert "Out of reach within the limits even by itself: share 100,000" in far.verdict.en
    assert "No limit binds" in far.verdict.en  # more pension than that takes nobody over a bound
    target = income(city, **{PENSION: 10.0})
    dear = olive.reach(city, LAW, levers, targets={"per_capita_income": target}, budget=1.0)
    assert "not within the budget: the least public cost found is" in dear.verdict.en
    assert "超出预算" in dear.verdict.zh


def test_targets_that_contradict_each_other(city) -> None:
    # A higher deduction leaves more to those who pay tax, and makes incomes less equal: the Gini
    # coefficient of today and a higher mean are met by themselves, and never together.
    levers, full = {"basic_deduction": (60_000, 200_000)}, {"basic_deduction": 200_000.0}
    now, high = (olive.simulate(city, policy) for policy in (LAW, LAW | olive.Reform(full)))
    means = [
        np.average(each.values("disposable_income") / city.size, weights=city.weight * city.size)
        for each in (now, high)
    ]
    targets = {"per_capita_income": float(np.mean(means)), "gini": gini(city, 1.0)}
    found = olive.reach(city, LAW, levers, targets=targets)
    assert not found.met
    assert "contradict each other" in found.verdict.en
    assert found.targets["missing"].max() > 0.0
    mean, unequal = found.targets["best"] - found.targets["target"]
    assert mean >= 0.0 >= unequal - 1e-6


def test_a_certificate_where_nothing_reaches(city) -> None:
    found = olive.reach(
        city, LAW, {PENSION: Limits(1.0, 2.0, "factor")}, targets={"per_capita_income": 90_000.0}
    )
    assert not found.met
    assert "Limits that bind: Basic part of the resident pension" in found.verdict.en
    assert found.levers["limit"].tolist() == ["high"]
    (best,) = found.targets["best"]
    assert best == found.targets["found"].iloc[0] == pytest.approx(income(city, **{PENSION: 2.0}))
    assert found.targets["missing"].iloc[0] == pytest.approx(90_000.0 - best)


@pytest.mark.slow  # quick: targets that contradict each other
def test_the_budget_is_kept(city) -> None:
    levers = {PENSION: Limits(1.0, 31.0, "factor")}
    target = income(city, **{PENSION: 20.0})
    free = olive.reach(city, LAW, levers, targets={"per_capita_income": target})
    tight = olive.reach(
        city, LAW, levers, targets={"per_capita_income": target}, budget=free.cost / 2
    )
    assert free.met
    assert not tight.met
    costs = tight.frontier["cost"].to_numpy()
    gaps = tight.frontier["missing_share"].to_numpy()
    assert (np.diff(costs) > 0).all()
    assert (np.diff(gaps) < 0).all()


@pytest.mark.slow  # quick: the answers to the tests above
def test_the_same_seed_gives_the_same_answer(city) -> None:
    levers = {PENSION: Limits(1.0, 9.0, "factor")}
    target = {"per_capita_income": income(city, **{PENSION: 4.0})}
    first, second = (olive.reach(city, LAW, levers, targets=target) for _ in range(2))
    assert first.levers.frame.equals(second.levers.frame)


@pytest.mark.parametrize(
    ("levers", "more", "fault"),
    [
        ({}, {}, "at least one lever"),
        ({"dibao_standart": (1, 2)}, {}, "did you mean 'dibao_standard'"),
        ({"低保标准": (1, 2)}, {}, "'dibao_standard'"),
        ({"dibao_standard": (9_000, 20_000)}, {}, "'factor'"),
        ({"dibao_take_up_rate": (0.9, 0.5)}, {}, "from low to high"),
        ({"dibao_take_up_rate": (0.5, 1.5)}, {}, "outside the allowed range"),
        ({"dibao_take_up_rate": (0.85, 1.0)}, {}, "lies outside the limits"),
        ({"dibao_single_claim_below_line": (0, 1)}, {}, "is a switch"),
        ({"star_rating_share": (0.0, 0.5)}, {}, "move nothing by themselves: star_rating_share"),
        ({"dibao_take_up_rate": (0.5, 1)}, {"targets": {"share_20_60": 45}}, "fraction of 1"),
        ({"dibao_take_up_rate": (0.5, 1)}, {"targets": {"share": 0.4}}, "no indicator 'share'"),
        ({"dibao_take_up_rate": olive.Limits(0.5, 1, "factr")}, {}, "'value' or 'factor'"),
        ({"dibao_take_up_rate": (0.5, 1)}, {"targets": {}}, "at least one target"),
        (
            {"dibao_take_up_rate": (0.5, 1)},
            {"targets": {"gini": np.nan}},
            "gini is nan; give a number above 0",
        ),
        ({"dibao_take_up_rate": (0.5, 1)}, {"budget": np.nan}, "budget is nan"),
        ({"dibao_take_up_rate": (0.5, 1)}, {"budget": -5}, "budget is -5; .* 0 or more"),
        ({"dibao_take_up_rate": (0.5, 1)}, {"definition": "home"}, "definition 'home'"),
        ({"dibao_take_up_rate": (0.5, 1)}, {"objective": "cheap"}, "objective 'cheap'"),
    ],
)
def test_refusals(city, levers, more, fault) -> None:
    with pytest.raises(DataError, match=fault):
        olive.reach(city, LAW, levers, **more)


def test_command(city, tmp_path) -> None:
    city.write(tmp_path / "city")
    done = CliRunner().invoke(
        app,
        [
            "reach",
            "--population",
            str(tmp_path / "city"),
            "--lever",
            f"{PENSION}=x1:x9",
            "--target",
            "per_capita_income=1000",
            "--lang",
            "zh",
            "--write",
            str(tmp_path / "found.yaml"),
            "--chart",
            str(tmp_path / "frontier.png"),
            "--csv",
            str(tmp_path / "tables.csv"),
        ],
    )
    assert done.exit_code == 0, done.output
    assert "所需手段" in done.output
    assert "全部目标均可达到" in done.output
    assert (tmp_path / "frontier.png").exists()
    assert (tmp_path / "tables.csv").exists()
    assert olive.Reform.read(tmp_path / "found.yaml").operations == ()
