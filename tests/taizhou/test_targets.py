"""The three headline targets, as the plan words them."""

from __future__ import annotations

import pytest

from olive import plan


def test_targets_are_those_of_the_text():
    # 到2025年，全市居民人均可支配收入达到7.5万元；10—50万元、20—60万元群体比例分别达到70%、45%
    found = [
        (target.statistic, target.value, target.unit, target.comparator, target.year, target.bounds)
        for target in plan.targets()
    ]
    assert found == [
        ("per_capita_mean", 75_000, "yuan/year", ">=", 2025, None),
        ("share", 0.70, "1", ">=", 2025, (100_000, 500_000)),
        ("share", 0.45, "1", ">=", 2025, (200_000, 600_000)),
    ]


def test_every_target_has_both_labels_and_a_clause_of_its_kind():
    for target in plan.targets():
        assert target.label.zh
        assert target.label.en
        assert plan.clause(target.id).kind == "target"


def test_arithmetic_of_the_two_shares():
    """With both met exactly: (100-200) + (200-500) = 70 and (200-500) + (500-600) = 45."""
    _, wide, high = plan.targets()
    share_500_600 = 0.05
    share_200_500 = high.value - share_500_600
    share_100_200 = wide.value - share_200_500
    assert share_100_200 == pytest.approx(0.25 + share_500_600)
