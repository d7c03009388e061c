"""Verdicts on the targets, in sentences whose figures are worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from olive.analysis.assumption_range import AssumptionRanges, Decisive, Range
from olive.analysis.outlook import GrowthOutlook, growth_outlook
from olive.analysis.table import Table
from olive.analysis.verdicts import (
    Verdict,
    decisive_sentence,
    definition_sentence,
    sign_sentence,
    verdict_sentences,
    verdicts,
)
from olive.places import place
from olive.places.labels import Label
from olive.places.place import YUAN

DEFINITIONS = ("household", "household_persons", "three_person", "three_person_persons")
# Shares in force and under the plan, by definition.
SHARES = {
    "share_10_50": ((0.60, 0.61), (0.70, 0.72), (0.74, 0.75), (0.73, 0.74)),
    "share_20_60": ((0.27, 0.27), (0.36, 0.365), (0.40, 0.41), (0.35, 0.36)),
}
TARGETS = {"share_10_50": 0.70, "share_20_60": 0.45}


def table(**ranges: tuple[float, float]) -> Table:
    rows = [
        {
            "indicator": "per_capita_income",
            "definition": "persons",
            "in force": 68_000.0,
            "plan": 68_800.0,
            "change": 800.0,
            "target": 75_000.0,
        }
    ]
    for share, figures in SHARES.items():
        for definition, (before, after) in zip(DEFINITIONS, figures, strict=True):
            low, high = ranges.get(f"{share}_{definition}", (float("nan"), float("nan")))
            rows.append(
                {
                    "indicator": share,
                    "definition": definition,
                    "in force": before,
                    "plan": after,
                    "change": after - before,
                    "target": TARGETS[share],
                    "after_range_low": low,
                    "after_range_high": high,
                }
            )
    rows.append({"indicator": "gini", "definition": "persons", "in force": 0.3, "plan": 0.29})
    return Table(pd.DataFrame(rows), Label("", ""), {}, {})


def drawn(low: float, high: float, rises: float, met: float | None) -> Range:
    return Range(0, 0, 0, 0, 0, low, 0, high, rises, 1 - rises, met)


def test_a_sentence_for_the_mean_and_for_each_reading_of_a_share() -> None:
    sentences = verdict_sentences(verdicts(table(), "plan", None), place())
    assert [each.en for each in sentences] == [
        "Income per head: 68,800 yuan, not met, 6,200 short of 75,000.",
        (
            "70% with 100,000-500,000 yuan, own income: households 61.0%, not met, 9.0 points "
            "short; persons 72.0%, met."
        ),
        (
            "70% with 100,000-500,000 yuan, three times income per head: households 75.0%, met; "
            "persons 74.0%, met."
        ),
        (
            "45% with 200,000-600,000 yuan, own income: households 27.0%, not met, 18.0 points "
            "short; persons 36.5%, not met, 8.5 points short."
        ),
        (
            "45% with 200,000-600,000 yuan, three times income per head: households 41.0%, not "
            "met, 4.0 points short; persons 36.0%, not met, 9.0 points short."
        ),
    ]
    assert sentences[1].zh == (
        "10—50万元占70%的目标，本户收入：按户61.0%，未达到，差9.0个百分点；按人72.0%，达到。"
    )


@pytest.mark.parametrize(
    ("recipes", "interval", "draws", "said"),
    [
        (None, None, None, None),
        ((0.5, 0.69), None, None, "sure"),
        ((0.5, 0.70), None, None, "depends on the recipe"),
        ((0.70, 0.8), None, 1.0, "sure"),
        (None, (0.6, 0.8), None, "within the sampling error"),
        ((0.5, 0.6), None, 0.25, "met in 25% of draws"),
        ((0.5, 0.6), None, 0.999, "met in >99% of draws"),
        ((0.5, 0.8), None, 0.5, "depends on the recipe, met in 50% of draws"),
    ],
)
def test_how_sure_a_verdict_is(recipes, interval, draws, said) -> None:
    found = Verdict("share_10_50", "household", 0.61, 0.70, recipes, interval, draws).certainty()
    assert (found.en if found else None) == said


def test_what_counting_and_the_plan_are_worth() -> None:
    # 75 - 61 = 14 points and 41 - 27 = 14 points; the plan 1 to 2, and 0 to 1.
    found = definition_sentence(table(), "in force", "plan", place())
    assert found.en == (
        "How one counts matters more than the plan. 100,000-500,000 yuan: 14.0 points between "
        "definitions, +1.00 to +2.00 by the plan; 200,000-600,000 yuan: 14.0 points between "
        "definitions, +0.00 to +1.00 by the plan."
    )
    assert found.zh.startswith("口径的影响大于方案。10—50万元：口径之间相差14.0个百分点")
    strong = table()
    strong.frame.loc[strong.frame["definition"] == "household", "in force"] = 0.10
    assert definition_sentence(strong, "in force", "plan", place()).en.startswith(
        "What counting and"
    )


def test_the_sign_of_the_effect() -> None:
    unknown = sign_sentence(800.0, drawn(-45.0, 2_643.0, 0.9, None), 1_000, YUAN)
    assert "of unknown sign (above 0 in 90% of 1,000 draws)" in unknown.en
    assert "-45 to +2,643" in unknown.en
    assert "符号不确定" in unknown.zh
    known = sign_sentence(800.0, drawn(40.0, 2_643.0, 0.97, None), 1_000, YUAN)
    assert "its sign survives them" in known.en
    assert "not computed here" in sign_sentence(800.0, None, 0, YUAN).en


def test_a_nought_has_no_minus() -> None:
    found = sign_sentence(-0.3, None, 0, YUAN)
    assert "by +0 yuan" in found.en
    assert "变化+0元" in found.zh


def test_the_three_decisive_assumptions() -> None:
    decisive = tuple(
        Decisive(
            name, f"参数{name}", f"Parameter {name}", "law", "1", 0, 0.1, 0.3, -10 * at, 50, ""
        )
        for at, name in enumerate("abcd")
    )
    ranges = AssumptionRanges(100, 4, 1, decisive, {})
    found = decisive_sentence(ranges, YUAN)
    assert found is not None
    assert found.en == (
        "What decides it: parameter a (+0 to +50 yuan); parameter b (-10 to +50 yuan); parameter "
        "c (-20 to +50 yuan)."
    )
    assert "参数d" not in found.zh
    assert decisive_sentence(None, YUAN) is None


def test_growth_alone() -> None:
    found = growth_outlook(place())
    # 61,067 published for 2023, 55,499 for 2021.
    assert found.observed == pytest.approx((61_067 / 55_499) ** 0.5 - 1)
    assert found.needed_from_known == pytest.approx((75_000 / 61_067) ** 0.5 - 1)
    assert not found.reached
    assert "out of reach of growth alone" in found.sentence(YUAN).en
    enough = GrowthOutlook(2021, 2023, 2025, 0.07, 0.05, 0.05, 0.06, 75_500.0, 75_000.0)
    assert "is met by growth alone" in enough.sentence(YUAN).en
    assert "靠增长即可达到" in enough.sentence(YUAN).zh
