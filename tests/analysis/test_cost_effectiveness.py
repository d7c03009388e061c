"""Cost-effectiveness: agrees with the tables of a comparison, ranks, keeps its ranges in order."""

from __future__ import annotations

import numpy as np
import pytest
from typer.testing import CliRunner

import olive
from olive.analysis.cost_effectiveness import at_end
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
    return olive.cost_effectiveness(city, LAW, {"nothing": NOTHING, "pension": PENSION})


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


def test_what_moves_nobody_comes_last(table) -> None:
    assert table["measure"].tolist() == ["pension", "nothing"]
    last = table.frame.iloc[-1]
    assert last["public_cost"] == last["over_100"] == 0.0
    assert np.isnan(last["cost_per_household"])


def test_ends_of_the_assumptions(city) -> None:
    wide = PlausibleRange(0.5, 2.0, "why", "factor")
    step = Operation("resident_basic_pension_standard", "multiply", 4.0, plausible=wide)
    reform = Reform.from_operations([step, Operation("dibao_standard", "multiply", 1.0)])
    assert [each.value for each in at_end(reform, "low").operations] == [2.0, 1.0]
    assert [each.value for each in at_end(reform, "high").operations] == [8.0, 1.0]
    assert at_end(PENSION, "low") is None
    found = olive.cost_effectiveness(city, LAW, {"pension": reform}).frame.iloc[0]
    assert found["public_cost_low"] < found["public_cost"] < found["public_cost_high"]
    assert found["over_100_low"] <= found["over_100"] <= found["over_100_high"]


def test_refusals(city) -> None:
    with pytest.raises(DataError, match="at least one measure"):
        olive.cost_effectiveness(city, LAW, {})
    with pytest.raises(DataError, match="'a' is a dict"):
        olive.cost_effectiveness(city, LAW, {"a": {"dibao_standard": 1}})
    with pytest.raises(DataError, match="definition 'home'"):
        olive.cost_effectiveness(city, LAW, {"pension": PENSION}, definition="home")


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
