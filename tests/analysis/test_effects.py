"""Effects of policies as a report shows them: rows from the tables, gaps in common."""

from __future__ import annotations

import pytest

import olive
from olive.analysis.assumption_range import AssumptionRanges, Range
from olive.analysis.effects import BalanceRow, Effect, effect, with_common_gaps


@pytest.fixture(scope="module")
def comparison():
    city = olive.Population.synthetic(households=300, seed=1)
    law = olive.law(year=2023)
    after = law | olive.Reform({"dibao_standard": 30_000, "basic_deduction": 30_000})
    result = olive.simulate(city, [law.renamed("before"), after.renamed("after")])
    return olive.compare(result, model_range=False)


def test_rows_are_those_of_the_tables(comparison) -> None:
    targets = comparison.targets()
    found = effect(comparison, targets, None)
    frame = targets.frame[targets.frame["target"].notna()]
    assert len(found.targets) == len(frame) == 9
    for row, shown in zip(frame.to_dict("records"), found.targets, strict=True):
        assert (shown.before, shown.after) == (row["before"], row["after"])
        assert shown.change == row["change"]
        assert shown.gap == pytest.approx(row["gap"], abs=1e-15)
        assert shown.low is shown.high is None
    budget = comparison.budget().frame.set_index("programme")
    for shown in found.balance:
        assert shown.change == budget.loc[shown.id, "amount_change"]
        assert shown.is_sum == (shown.id.startswith("all_") or shown.id == "public_balance")
        few = 0 < budget.loc[shown.id, "sample_after"] < 50
        assert shown.few == (few and not shown.is_sum)
    gains = comparison.winners_and_losers("all").frame.set_index("outcome")
    own = [row for row in found.gains if row.concept == "disposable_income"]
    for shown in own:
        assert shown.share == gains.loc[shown.outcome, "share"]


def test_the_assumption_range_stands_beside_its_own_indicator(comparison) -> None:
    targets = comparison.targets()
    ranges = {
        (row["indicator"], row["definition"], None): Range(
            0, 0, 0, 0, 0, -1.0 - at, 0, 1.0 + at, 0.6, 0.4, 0.0
        )
        for at, row in enumerate(targets.frame.to_dict("records"))
    }
    found = effect(comparison, targets, AssumptionRanges(10, 3, 0, (), ranges))
    for row in found.targets:
        expected = ranges[row.indicator, row.definition, None]
        assert (row.low, row.high) == (expected.change_low, expected.change_high)


def test_what_one_table_hides_no_other_shows() -> None:
    def row(name: str, amount: float | None) -> BalanceRow:
        return BalanceRow("spending", name, amount, amount, amount, amount, False, False)

    first = Effect("a", "b", (), (row("dibao", None), row("tekun", 2.0)), (), None, ())
    second = Effect("a", "c", (), (row("dibao", 1.0), row("tekun", 2.0)), (), None, ())
    for each in with_common_gaps([first, second]):
        dibao, tekun = each.balance
        assert (dibao.before, dibao.after, dibao.change, dibao.recipients) == (None,) * 4
        assert tekun.before == 2.0
