"""The indicator table as rows of text or numbers, the same for screen, CSV and JSON."""

from __future__ import annotations

from typing import Any

from olive.analysis.indicators import Indicator
from olive.report.build import PLAN_POSITION, Report
from olive.report.words import Language, knows, word

IN_FORCE_POSITION = 1

_SHARES = {"headcount", "poverty_gap", "share_10_50", "share_20_60"}


def indicator_name(indicator: Indicator, language: Language) -> str:
    """Return the label of an indicator."""
    line = f"{indicator.line:,.0f}" if indicator.line is not None else ""
    return word(indicator.id, language, line=line)


def figure(indicator: Indicator, value: float) -> str:
    """Return a value as it is shown: shares in per cent, the Gini as it is, money in yuan."""
    if indicator.id in _SHARES:
        return f"{100 * value:.1f}"
    return f"{value:.3f}" if indicator.id == "gini" else f"{value:,.0f}"


def difference(indicator: Indicator, value: float) -> str:
    """Return a change as it is shown, with its sign."""
    if indicator.id in _SHARES:
        return f"{100 * value:+.2f}"
    return f"{value:+.4f}" if indicator.id == "gini" else f"{value:+,.0f}"


def residual_growth(indicator: Indicator, language: Language) -> str:
    """Return in words how much uniform growth the target still needs."""
    growth = indicator.growth
    if growth is None or indicator.target is None:
        return ""
    if growth.growth is None:
        return word("unreachable", language, best=f"{100 * growth.best:.1f}%")
    if growth.growth == 0:
        return word("met", language)
    return f"+{100 * growth.growth:.1f}%"


def policy_name(label: str, language: Language, report: Report) -> str:
    """Return the heading of a policy's column."""
    key = label.replace(" ", "_")
    if knows(key):
        return word(key, language)
    return report.chinese_labels.get(label, label) if language == "zh" else label


def heads(report: Report, language: Language) -> list[str]:
    """Return the headings of the indicator table."""
    policies = [policy_name(label, language, report) for label in report.policies]
    ends = ("change", "target", "gap", "residual")
    return [
        word("indicator", language),
        word("definition", language),
        *policies,
        *(word(each, language) for each in ends),
    ]


def text_rows(report: Report, language: Language) -> list[list[str]]:
    """Return the indicator table as text."""
    rows = []
    for indicator in report.indicators:
        plan = indicator.values[PLAN_POSITION]
        target = indicator.target
        rows.append(
            [
                indicator_name(indicator, language),
                word(indicator.definition, language),
                *(figure(indicator, value) for value in indicator.values),
                difference(indicator, plan - indicator.values[IN_FORCE_POSITION]),
                figure(indicator, target.value) if target else "",
                difference(indicator, plan - target.value) if target else "",
                residual_growth(indicator, language),
            ]
        )
    return rows


def number_rows(report: Report) -> list[dict[str, Any]]:
    """Return the indicator table as numbers: shares are fractions, money is yuan a year."""
    rows = []
    for indicator in report.indicators:
        plan = indicator.values[PLAN_POSITION]
        target, growth = indicator.target, indicator.growth
        rows.append(
            {
                "indicator": indicator.id,
                "definition": indicator.definition,
                "line": indicator.line,
                "unit": indicator.unit,
                **dict(zip(report.policies, indicator.values, strict=True)),
                "change": plan - indicator.values[IN_FORCE_POSITION],
                "target": target.value if target else None,
                "gap": plan - target.value if target else None,
                "residual_growth": growth.growth if growth else None,
                "best_under_uniform_growth": growth.best if growth else None,
                "clause": target.id if target else None,
                "synthetic": report.synthetic,
            }
        )
    return rows
