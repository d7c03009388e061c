"""Cost-effectiveness: agrees with the tables of a comparison, ranks, keeps its ranges in order."""

from __future__ import annotations

import numpy as np
import pytest
from typer.testing import CliRunner

import olive
from olive.analysis.assumed_study import joint_pairs
from olive.analysis.indicators import income_variables
from olive.analysis.public_purse import all_instruments
from olive.cli.commands import app
from olive.engine import Operation, PlausibleRange, Reform
from olive.errors import DataError

LAW = olive.law(year=2023)
PENSION = Reform(multiply={"resident_basic_pension_standard": 5.0}, label="pension", zh="养老金")
NOTHING = Reform(label="nothing")


@pytest.fixture(scope="module")
def city():
    return olive.Population.synthetic(households=500, seed=1)


@pytest.fixture(scope="module")
def table(city):
    return olive.cost_effectiveness(city, LAW, {"nothing": NOTHING, "pension": PENSION}, draws=0)


def test_figures_are_those_of_the_comparison(city, table) -> None:
    result = olive.simulate(city, [LAW, LAW | PENSION])
    compared = olive.compare(result, smallest_cell=0, model_range=False)
    crossed = compared.crossings().frame
    own = crossed[(crossed["definition"] == "household")].set_index(["threshold", "direction"])
    found = table.frame.set_index("measure").loc["pension"]
    for bound, name in ((100_000.0, "over_100"), (200_000.0, "over_200")):
        net = own.loc[(bound, "up"), "households"] - own.loc[(bound, "down"), "households"]
        assert found[name] == pytest.approx(net)
    gain = result.values("disposable_income", 1) - result.values("disposable_income", 0)
    assert found["income_gain"] == pytest.approx(float(city.weight @ gain))
    balance = compared.budget().frame.set_index("programme").loc["public_balance"]
    assert found["public_cost"] == pytest.approx(balance["amount_before"] - balance["amount_after"])
    assert found["cost_per_household"] == pytest.approx(found["public_cost"] / found["over_100"])


def test_the_year_of_the_households_is_told(city, table) -> None:
    assert any(str(city.year) in note.en and str(city.year) in note.zh for note in table.notes)


def test_what_moves_nobody_comes_last(table) -> None:
    assert table["measure"].tolist() == ["pension", "nothing"]
    last = table.frame.iloc[-1]
    assert last["public_cost"] == last["over_100"] == 0.0
    assert np.isnan(last["cost_per_household"])


@pytest.mark.slow  # quick: figures of the comparison
def test_ranges_are_those_of_single_draws(city) -> None:
    wide = PlausibleRange(0.5, 2.0, "why", "factor")
    step = Operation(
        "resident_basic_pension_standard", "multiply", 4.0, status="assumption", plausible=wide
    )
    reform = Reform.from_operations([step], label="pension")
    table = olive.cost_effectiveness(city, LAW, {"pension": reform, "nothing": NOTHING}, draws=3)
    found = table.frame.set_index("measure").loc["pension"]
    wanted = (*income_variables(city.place), *all_instruments([LAW]))
    net, cost = [], []
    for before, after in joint_pairs([(LAW, reform)], wanted, 3, 0)[0][1:]:
        compared = olive.compare(
            olive.simulate(city, [before, after]), smallest_cell=0, model_range=False
        )
        crossed = compared.crossings().frame
        own = crossed[crossed["definition"] == "household"].set_index(["threshold", "direction"])
        moved = own["households"]
        net.append(moved[100_000.0, "up"] - moved[100_000.0, "down"])
        balance = compared.budget().frame.set_index("programme").loc["public_balance"]
        cost.append(balance["amount_before"] - balance["amount_after"])
    # Of three draws the 5 % quantile is the least, the 95 % quantile the largest.
    assert found["over_100_low"] == pytest.approx(min(net))
    assert found["over_100_high"] == pytest.approx(max(net))
    assert found["public_cost_low"] == pytest.approx(min(cost))
    assert found["public_cost_high"] == pytest.approx(max(cost))
    prices = [one / two for one, two in zip(cost, net, strict=True)]
    assert found["cost_per_household_low"] == pytest.approx(min(prices))
    idle = table.frame.set_index("measure").loc["nothing"]
    assert idle["public_cost_high"] == idle["over_200_low"] == 0.0
    # It costs nothing and moves nobody: it has no price, not an infinite one.
    assert np.isnan(idle["cost_per_household_low"])


def test_refusals(city) -> None:
    with pytest.raises(DataError, match="at least one measure"):
        olive.cost_effectiveness(city, LAW, {})
    with pytest.raises(DataError, match="'a' is a dict"):
        olive.cost_effectiveness(city, LAW, {"a": {"dibao_standard": 1}})
    with pytest.raises(DataError, match="definition 'home'"):
        olive.cost_effectiveness(city, LAW, {"pension": PENSION}, definition="home")
    with pytest.raises(DataError, match="draws is -1"):
        olive.cost_effectiveness(city, LAW, {"pension": PENSION}, draws=-1)


@pytest.mark.slow  # quick: their figures here, their words in test_languages.py
def test_commands(city, tmp_path) -> None:
    city.write(tmp_path / "city")
    folder = ["--population", str(tmp_path / "city")]
    run = CliRunner().invoke
    ranked = run(app, ["rank", *folder, "--lang", "zh", "--csv", str(tmp_path / "rank.csv")])
    assert ranked.exit_code == 0, ranked.output
    assert "各项措施的成本效果" in ranked.output
    assert (tmp_path / "rank.csv").read_text(encoding="utf-8").startswith("#")
    fragile = run(app, ["vulnerability", *folder])
    assert fragile.exit_code == 0, fragile.output
    assert "just crossed the bound" in fragile.output
    line = run(app, ["budget-line", *folder, "--household", "0", "--high", "20000"])
    assert line.exit_code == 0, line.output
    assert "Budget line of household 0" in line.output
