"""What joining the pension scheme costs now and earns later, by hand."""

import numpy as np
import pytest

import olive
from olive.analysis.bracket_rule import BracketRule
from olive.analysis.enrolment import EnrolmentMemo, enrolment_memo
from olive.analysis.pairs import PolicyPair
from olive.places.place import YUAN


def test_a_flexible_worker_on_the_lowest_base() -> None:
    # 4,986 x 12 x 20 % = 11,966.40 a year; (8,310 + 4,986) / 2 x 1 % = 66.48 and
    # 4,986 x 12 x 8 % / 139 = 34.43568 a month for life: 100.91568, 1,210.9881 a year.
    memo = EnrolmentMemo(1, 1_000.0, 11_966_400.0, 1_210_988.1)
    assert memo.contribution_each == pytest.approx(11_966.4)
    assert memo.accrued_each == pytest.approx(100.91568)
    assert memo.years_to_recover == pytest.approx(11_966.4 / 1_210.9881)
    assert "11,966 yuan a year" in memo.sentence(YUAN).en
    assert "101 yuan a month for life" in memo.sentence(YUAN).en
    assert "9.9 years" in memo.sentence(YUAN).en
    assert "每月101元" in memo.sentence(YUAN).zh


def test_who_joins_is_who_pays_after_and_not_before() -> None:
    city = olive.Population.synthetic(households=300, seed=1)
    law = olive.law(year=2023)
    after = law | olive.Reform({"pension_participation": 0.9})
    names = ("pays_enterprise_pension", "enterprise_pension_contribution", "pension_accrued")
    result = olive.simulate(
        city, [law, after], outputs=("disposable_income", "household_size", *names)
    )
    memo = enrolment_memo(PolicyPair.of(result, (0, 1), BracketRule()))
    pays = [result.values("pays_enterprise_pension", at) for at in (0, 1)]
    joins = pays[1] & ~pays[0]
    weight = np.repeat(city.weight, city.size)
    assert memo.persons == pytest.approx(weight[joins].sum())
    assert memo.sample == joins.sum() > 0
    # Nobody pays without earning a pension, and each earns what the rule says of a year.
    accrued = result.values("pension_accrued", 1)
    assert (accrued[joins] > 0).all()
    assert memo.accrued == pytest.approx(float(weight[joins] @ accrued[joins]))
    paid = result.values("enterprise_pension_contribution", 1)
    assert memo.contributions == pytest.approx(float(weight[joins] @ paid[joins]))


def test_nobody_joins_under_the_same_law() -> None:
    memo = EnrolmentMemo(0, 0.0, 0.0, 0.0)
    assert memo.sentence(YUAN).en == "Nobody joins the employees' pension scheme."
    assert memo.contribution_each == memo.accrued_each == 0.0
