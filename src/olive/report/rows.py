"""The indicator table as rows of text or numbers, the same for screen, CSV and JSON."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from olive.analysis.words import DEFINITION_LABELS, INDICATOR_LABELS
from olive.report.build import Report
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


def heads(report: Report, language: Language) -> list[str]:
    """Return the headings of the indicator table."""
    doubts = {low: word(key, language) for low, _, key in _doubts(report)}
    after = [head for name, head in doubts.items() if name.startswith("after")]
    change = [head for name, head in doubts.items() if name.startswith("change")]
    return [
        word("indicator", language),
        word("definition", language),
        *(policy_name(label, language, report) for label in report.policies),
        *after,
        word("change", language),
        *change,
        *(word(each, language) for each in ("target", "gap", "residual")),
    ]


def text_rows(report: Report, language: Language) -> list[list[str]]:
    """Return the indicator table as text."""
    doubts = _doubts(report)
    after = [ends[:2] for ends in doubts if ends[0].startswith("after")]
    change = [ends[:2] for ends in doubts if ends[0].startswith("change")]
    return [
        [
            indicator_name(row, language),
            DEFINITION_LABELS[row["definition"]].in_language(language),
            *(figure(row, row[label]) for label in report.policies),
            *(_between(figure(row, row[low]), figure(row, row[high])) for low, high in after),
            difference(row, row["change"]),
            *(
                _between(difference(row, row[low]), difference(row, row[high]))
                for low, high in change
            ),
            figure(row, row["target"]),
            difference(row, row["gap"]),
            residual_growth(row, language),
        ]
        for row in report.targets.frame.to_dict("records")
    ]


def number_rows(report: Report) -> list[dict[str, Any]]:
    """Return the indicator table as numbers: shares are fractions, money is yuan a year."""
    return [
        {str(name): None if _missing(value) else value for name, value in row.items()}
        | {"synthetic": report.synthetic}
        for row in report.targets.frame.to_dict("records")
    ]


def _doubts(report: Report) -> list[tuple[str, str, str]]:
    return [ends for ends in _DOUBTS if ends[0] in report.targets.frame]


def _between(low: str, high: str) -> str:
    return f"{low} … {high}" if low else ""


def _missing(value: Any) -> bool:
    return bool(pd.isna(value))
