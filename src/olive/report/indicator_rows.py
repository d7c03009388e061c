"""The indicator table as rows of text or numbers, the same for screen, CSV and JSON."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from olive.analysis.indicators import MEAN, indicator_labels, measures_of
from olive.analysis.rendering import RATIO, SHARE
from olive.analysis.terminal_table import TextColumn, TextTable, indented
from olive.analysis.words import DEFINITION_LABELS
from olive.places.labels import Language
from olive.places.place import Bracket, Place
from olive.report.build import Report
from olive.report.request import CREDITED
from olive.report.words import word

Row = Mapping[Hashable, Any]

# Synthetic data have the recipe range, real data an interval, some neither.
_DOUBTS = (
    ("after_range_low", "after_range_high", "range_after"),
    ("change_range_low", "change_range_high", "range_change"),
    ("after_low", "after_high", "interval_after"),
    ("change_low", "change_high", "interval_change"),
)


def indicator_name(row: Row, language: Language, place: Place) -> str:
    """Return the label of an indicator with its poverty line and unit."""
    label = indicator_labels(place)[row["indicator"]].in_language(language)
    money = place.currency.in_language(language)
    parts: list[str] = []
    if not _missing(row["line"]):
        space = "" if language == "zh" else " "
        parts.append(f"{row['line']:,.0f}{space}{money}")
    if _is_share(row):
        parts.append("%")
    elif row["unit"] != RATIO:
        parts.append(money)
    left, right = ("（", "）") if language == "zh" else (" (", ")")
    return label + (f"{left}{word('comma', language).join(parts)}{right}" if parts else "")


def _is_share(row: Row) -> bool:
    return bool(row["unit"] == SHARE)


def _shown(row: Row, value: float | None, share: str, pure: str, money: str) -> str:
    """Return a value in the format of its unit: shares in per cent, amounts whole."""
    if value is None or _missing(value):
        return ""
    if _is_share(row):
        return format(100 * value, share)
    return format(value, pure if row["unit"] == RATIO else money)


def figure(row: Row, value: float | None) -> str:
    """Return a value as it is shown: shares in per cent, pure numbers as they are, money whole."""
    return _shown(row, value, ".1f", ".3f", ",.0f")


def difference(row: Row, value: float | None) -> str:
    """Return a change as it is shown, with its sign."""
    return _shown(row, value, "+z.2f", "+z.4f", "+z,.0f")


def gap(row: Row, value: float | None) -> str:
    """Return a gap to a target as it is shown: with its sign, as exact as the figure itself."""
    return _shown(row, value, "+z.1f", "+z.3f", "+z,.0f")


def residual_growth(row: Row, language: Language) -> str:
    """Return in words how much uniform growth the target still needs."""
    if _missing(row["target"]) or _missing(row["best_under_uniform_growth"]):
        return ""
    if _missing(row["residual_growth"]):
        best = figure(row, row["best_under_uniform_growth"])
        percent = "%" if _is_share(row) else ""
        return word("unreachable", language, best=best + percent)
    if row["residual_growth"] == 0:
        return word("met", language)
    return f"+{100 * row['residual_growth']:.1f}%"


def policy_name(label: str, language: Language, report: Report) -> str:
    """Return the heading of a policy's column."""
    if label in report.reform_labels:
        return report.reform_labels[label].in_language(language)
    return word(label.replace(" ", "_").replace(",", ""), language)


def target_table(report: Report, language: Language, at: int) -> TextTable:
    """Return income per head and shares, before and after one of the report's effects."""
    effect = report.effects[at]
    both = [(_kind(row.indicator, report.place), row) for row in effect.targets]
    labels = indented(
        [indicator_name(kind, language, report.place) for kind, _ in both],
        [DEFINITION_LABELS[row.definition].in_language(language) for _, row in both],
    )
    names = [policy_name(each, language, report) for each in (effect.before, effect.after)]
    cells = [
        (names[0], [figure(kind, row.before) for kind, row in both]),
        (names[1], [figure(kind, row.after) for kind, row in both]),
        (word("change_short", language), [difference(kind, row.change) for kind, row in both]),
    ]
    if effect.doubt is not None:
        ranges = [
            _between(difference(kind, row.low), difference(kind, row.high)) for kind, row in both
        ]
        cells.append((word("assumption_range", language), ranges))
    if report.place.has_plan:
        cells.append((word("target", language), [figure(kind, row.target) for kind, row in both]))
        cells.append((word("gap", language), [gap(kind, row.gap) for kind, row in both]))
    title = word("targets_of", language, after=names[1], before=names[0])
    return _block(title, _head(language), labels, cells)


def _kind(indicator: str, place: Place) -> Row:
    """Return what tells how figures of an indicator with a target are shown."""
    found = next(each for each in measures_of(place) if each.id == indicator)
    return {"indicator": indicator, "line": None, "unit": found.unit}


def all_indicators(report: Report, language: Language) -> TextTable:
    """Return every indicator under every policy, with the ranges over recipes or the sample."""
    labels = indented(
        [indicator_name(row, language, report.place) for row in _records(report)],
        [DEFINITION_LABELS[row["definition"]].in_language(language) for row in _records(report)],
    )
    return _block(word("indicators", language), _head(language), labels, columns(report, language))


def parts_table(report: Report, language: Language) -> TextTable:
    """Return what each part of the plan contributes to the targets, one row a part."""
    assert report.parts is not None, "a page asks for it only where there is one"
    parts, place = report.parts.parts, report.place
    heads = {(MEAN, "persons"): word("part_per_capita_income_persons", language)}
    heads |= {
        (each.name, definition): word(f"part_{definition}", language, **_short(each))
        for each in place.brackets_shown()
        for definition in ("household", "three_person")
    }
    columns = []
    for key, head in heads.items():
        kind = _kind(key[0], place)
        cells = [difference(kind, part.figures.get(key)) for part in parts]
        columns.append(TextColumn(head, cells))
    labels = [part.zh if language == "zh" else part.en for part in parts]
    if parts[-1].part == CREDITED:
        labels[-1] = word("not_counted", language, name=labels[-1])
    return TextTable(word("parts_title", language), word("part", language), labels, columns)


def _short(bracket: Bracket) -> dict[str, str]:
    """Return the bounds of a bracket in few letters: in 万, in thousands."""
    return {
        "zh": f"{bracket.low / 1e4:g}—{bracket.high / 1e4:g}万",
        "en": f"{bracket.low / 1000:g}-{bracket.high / 1000:g}",
    }


def _head(language: Language) -> str:
    return f"{word('indicator', language)} / {word('definition', language)}"


def _records(report: Report) -> list[dict[Hashable, Any]]:
    return report.targets.frame.to_dict("records")


def _block(
    title: str,
    head: str,
    labels: Sequence[tuple[str, int | None]],
    cells: list[tuple[str, list[str]]],
) -> TextTable:
    columns = [
        TextColumn(name, ["" if row is None else column[row] for _, row in labels])
        for name, column in cells
    ]
    return TextTable(title, head, [label for label, _ in labels], columns)


def columns(report: Report, language: Language) -> list[tuple[str, list[str]]]:
    """Return headings and cells of the indicator table, a cell for each row of the frame."""
    rows = _records(report)
    found = [
        (policy_name(label, language, report), [figure(row, row[label]) for row in rows])
        for label in report.policies
    ]
    if report.place.has_plan:
        found.append((word("target", language), [figure(row, row["target"]) for row in rows]))
        found.append((word("gap_plan", language), [gap(row, row["gap"]) for row in rows]))
        found.append((word("residual", language), [residual_growth(row, language) for row in rows]))
    found += _between_ends(report, language, "after", figure)
    changes = [_change_column(report, language, at) for at in range(len(report.effects))]
    found += [changes[0], *_between_ends(report, language, "change", difference), *changes[1:]]
    return found


def _change_column(report: Report, language: Language, at: int) -> tuple[str, list[str]]:
    effect = report.effects[at]
    names = [policy_name(each, language, report) for each in (effect.after, effect.before)]
    head = word("change", language, after=names[0], before=names[1])
    rows = _records(report)
    return head, [difference(row, row[effect.after] - row[effect.before]) for row in rows]


def _between_ends(
    report: Report, language: Language, side: str, shown: Callable[[Row, float | None], str]
) -> list[tuple[str, list[str]]]:
    """Return the columns with the range over recipes or the interval of one side."""
    rows, found = _records(report), []
    after = policy_name(report.effects[0].after, language, report)
    for low, high, key in _DOUBTS:
        if low in report.targets.frame and low.startswith(side):
            cells = [_between(shown(row, row[low]), shown(row, row[high])) for row in rows]
            found.append((word(key, language, after=after), cells))
    return found


def number_rows(report: Report) -> list[dict[str, Any]]:
    """Return the indicator table as numbers: shares are fractions, money is that of the place."""
    return [
        {str(name): None if _missing(value) else value for name, value in row.items()}
        | {"synthetic": report.synthetic}
        for row in _records(report)
    ]


def _between(low: str, high: str) -> str:
    return f"{low}…{high}" if low else ""


def _missing(value: Any) -> bool:
    return bool(pd.isna(value))
