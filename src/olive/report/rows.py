"""The indicator table as rows of text or numbers, the same for screen, CSV and JSON."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

import pandas as pd

from olive.analysis.words import DEFINITION_LABELS, INDICATOR_LABELS
from olive.report.blocks import indented
from olive.report.build import PLAN_POSITION, Report, change_column
from olive.report.words import Language, knows, word

Row = Mapping[Hashable, Any]

_SHARES = {"headcount", "poverty_gap", "share_10_50", "share_20_60"}
# Synthetic data have the model range, real data an interval, some neither.
_DOUBTS = (
    ("after_range_low", "after_range_high", "range_plan"),
    ("change_range_low", "change_range_high", "range_change"),
    ("after_low", "after_high", "interval_plan"),
    ("change_low", "change_high", "interval_change"),
)


def indicator_name(row: Row, language: Language) -> str:
    """Return the label of an indicator with its poverty line and unit."""
    label = INDICATOR_LABELS[row["indicator"]].in_language(language)
    parts: list[str] = []
    if not _missing(row["line"]):
        space = "" if language == "zh" else " "
        parts.append(f"{row['line']:,.0f}{space}{word('yuan', language)}")
    if row["indicator"] in _SHARES:
        parts.append("%")
    elif row["unit"] != "1":
        parts.append(word("yuan", language))
    left, right = ("（", "）") if language == "zh" else (" (", ")")
    return label + (f"{left}{word('comma', language).join(parts)}{right}" if parts else "")


def figure(row: Row, value: float) -> str:
    """Return a value as it is shown: shares in per cent, the Gini as it is, money in yuan."""
    if _missing(value):
        return ""
    if row["indicator"] in _SHARES:
        return f"{100 * value:.1f}"
    return f"{value:.3f}" if row["indicator"] == "gini" else f"{value:,.0f}"


def difference(row: Row, value: float) -> str:
    """Return a change as it is shown, with its sign."""
    if _missing(value):
        return ""
    if row["indicator"] in _SHARES:
        return f"{100 * value:+.2f}"
    return f"{value:+.4f}" if row["indicator"] == "gini" else f"{value:+,.0f}"


def residual_growth(row: Row, language: Language) -> str:
    """Return in words how much uniform growth the target still needs."""
    if _missing(row["target"]) or _missing(row["best_under_uniform_growth"]):
        return ""
    if _missing(row["residual_growth"]):
        best = figure(row, row["best_under_uniform_growth"])
        percent = "%" if row["indicator"] in _SHARES else ""
        return word("unreachable", language, best=best + percent)
    if row["residual_growth"] == 0:
        return word("met", language)
    return f"+{100 * row['residual_growth']:.1f}%"


def policy_name(label: str, language: Language, report: Report) -> str:
    """Return the heading of a policy's column."""
    key = label.replace(" ", "_")
    if knows(key):
        return word(key, language)
    return report.chinese_labels.get(label, label) if language == "zh" else label


def lines(report: Report, language: Language) -> list[tuple[str, int | None]]:
    """Return the labels of the indicator table, each with its row; None for a heading."""
    rows = report.targets.frame.to_dict("records")
    return indented(
        [indicator_name(row, language) for row in rows],
        [DEFINITION_LABELS[row["definition"]].in_language(language) for row in rows],
    )


def columns(report: Report, language: Language) -> list[tuple[str, list[str]]]:
    """Return headings and cells of the indicator table, a cell for each row of the frame."""
    rows = report.targets.frame.to_dict("records")
    in_force, plan = (
        policy_name(report.policies[at], language, report)
        for at in (PLAN_POSITION - 1, PLAN_POSITION)
    )
    found = [
        (policy_name(label, language, report), [figure(row, row[label]) for row in rows])
        for label in report.policies
    ]
    found.append((word("target", language), [figure(row, row["target"]) for row in rows]))
    found.append((word("gap", language), [difference(row, row["gap"]) for row in rows]))
    found.append((word("residual", language), [residual_growth(row, language) for row in rows]))
    found += _between_ends(report, language, "after", figure)
    change = word("change", language, after=plan, before=in_force)
    found.append((change, [difference(row, row["change"]) for row in rows]))
    found += _between_ends(report, language, "change", difference)
    for label in report.reforms:
        names = (policy_name(each, language, report) for each in (label, report.base))
        head = word("change", language, **dict(zip(("after", "before"), names, strict=True)))
        found.append((head, [difference(row, row[change_column(label)]) for row in rows]))
    return found


def _between_ends(
    report: Report, language: Language, side: str, shown: Callable[[Row, float], str]
) -> list[tuple[str, list[str]]]:
    """Return the columns with the model range or the interval of one side."""
    rows = report.targets.frame.to_dict("records")
    return [
        (
            word(key, language),
            [_between(shown(row, row[low]), shown(row, row[high])) for row in rows],
        )
        for low, high, key in _DOUBTS
        if low in report.targets.frame and low.startswith(side)
    ]


def number_rows(report: Report) -> list[dict[str, Any]]:
    """Return the indicator table as numbers: shares are fractions, money is yuan a year."""
    return [
        {str(name): None if _missing(value) else value for name, value in row.items()}
        | {"synthetic": report.synthetic}
        for row in report.targets.frame.to_dict("records")
    ]


def _between(low: str, high: str) -> str:
    return f"{low} … {high}" if low else ""


def _missing(value: Any) -> bool:
    return bool(pd.isna(value))
