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


def test_the_lever_that_does_more_is_taken(city) -> None:
    # One tenth of the span of the pension does more than all of the old-age allowance.
    levers = {PENSION: Limits(1.0, 31.0, "factor"), OLD_AGE: Limits(1.0, 1.5, "factor")}
    target = income(city) + 0.5 * (income(city, **{PENSION: 31.0}) - income(city))
    found = olive.reach(city, LAW, levers, targets={"per_capita_income": target})
    moved = found.levers.frame.set_index("parameter")["found"]
    assert found.met
    assert moved[OLD_AGE] == pytest.approx(1.0, abs=1e-6)


def test_a_certificate_where_nothing_reaches(city) -> None:
    found = olive.reach(
        city, LAW, {PENSION: Limits(1.0, 2.0, "factor")}, targets={"per_capita_income": 90_000.0}
    )
    assert not found.met
    assert found.levers["limit"].tolist() == ["high"]
    (best,) = found.targets["best"]
    assert best == found.targets["found"].iloc[0] == pytest.approx(income(city, **{PENSION: 2.0}))
    assert found.targets["missing"].iloc[0] == pytest.approx(90_000.0 - best)


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
        ({"dibao_standard": (9_000, 20_000)}, {}, "'factor'"),
        ({"dibao_take_up_rate": (0.9, 0.5)}, {}, "from low to high"),
        ({"dibao_take_up_rate": (0.5, 1.5)}, {}, "outside the allowed range"),
        ({"dibao_take_up_rate": (0.85, 1.0)}, {}, "lies outside the limits"),
        ({"dibao_single_claim_below_line": (0, 1)}, {}, "is a switch"),
        ({"star_rating_share": (0.0, 0.5)}, {}, "move nothing by themselves: star_rating_share"),
        ({"dibao_take_up_rate": (0.5, 1)}, {"targets": {"share_20_60": 45}}, "fraction of 1"),
        ({"dibao_take_up_rate": (0.5, 1)}, {"targets": {"share": 0.4}}, "no indicator 'share'"),
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
        ],
    )
    assert done.exit_code == 0, done.output
    assert "所需手段" in done.output
    assert olive.Reform.read(tmp_path / "found.yaml").operations == ()
