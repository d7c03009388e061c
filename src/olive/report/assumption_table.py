"""The assumptions behind a report: those that matter most, all of them, and amounts carried on."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from olive.analysis.terminal_table import TextColumn, TextTable
from olive.messages import joined
from olive.places.labels import Language
from olive.places.unit_words import basis_name, source_name, status_name, unit_name
from olive.report.words import word

if TYPE_CHECKING:
    from olive.analysis.assumption_range import Decisive
    from olive.analysis.assumptions import Assumption, CarriedAmount
    from olive.places.place import Place
    from olive.report.build import Report

_SHOWN = 10
_CARRIED_SHOWN = 6
_MULTIPLES = ("", "x")  # of a table, of a figure


def decisive_table(report: Report, language: Language) -> TextTable | None:
    """Return the ten assumptions that move the plan's effect most; None where none was drawn."""
    if report.doubt is None or not report.doubt.decisive:
        return None
    rows = report.doubt.decisive[:_SHOWN]
    cells = {
        "value": [_number(row.figure, row) for row in rows],
        "plausible": [f"{_number(row.low, row)}…{_number(row.high, row)}" for row in rows],
        "effect_a_head": [
            f"{row.change_at_low:+z,.0f}…{row.change_at_high:+z,.0f}" for row in rows
        ],
    }
    return TextTable(
        word("decisive_title", language, money=report.place.currency.in_language(language)),
        word("assumption", language),
        [_label(row, language) for row in rows],
        [TextColumn(word(key, language), own) for key, own in cells.items()],
        asides=[_basis(row, report, language) for row in rows],
    )


def _basis(row: Decisive, report: Report, language: Language) -> str:
    """Return whose figure it is, in what unit, how firm, and what its range rests on."""
    known = next((each for each in report.assumptions if each.parameter == row.name), None)
    status = status_name(known.status, language) if known is not None else ""
    unit = unit_name(row.unit, language, report.place)
    if row.unit in _MULTIPLES:
        unit = word("multiple", language)
    facts = (word(f"side_{row.side}", language), status, unit, basis_name(row.basis, language))
    return " · ".join(filter(None, facts))


def _number(figure: float, row: Decisive) -> str:
    if row.unit == "1" and max(abs(row.low), abs(row.high)) <= 1.0:
        return f"{100 * figure:.3g}%"
    if row.unit in _MULTIPLES:
        return f"x{figure:.3g}"
    return f"{figure:,.3g}" if abs(figure) < 1000 else f"{figure:,.0f}"


def summary_of_assumptions(report: Report, language: Language) -> tuple[str, ...]:
    """Return how many parameters are assumed, by status, and where they are listed."""
    statuses = {each.parameter: each.status for each in report.assumptions}
    counted = [
        f"{status_name(status, language)} {count}"
        for status, count in Counter(statuses.values()).most_common()
    ]
    counts = joined(counted).in_language(language)
    key = "assumption_counts" if report.place.has_plan else "assumption_counts_alone"
    brought = len({each.parameter for each in report.assumptions if each.is_new})
    return (
        word(key, language, count=len(statuses), counts=counts, brought=brought),
        word("see_assumptions", language),
    )


def carried_line(report: Report, language: Language) -> str | None:
    """Return which amounts of the law in force are carried forward, and since when."""
    if not report.carried:
        return None
    shown = report.carried[:_CARRIED_SHOWN]
    named = [f"{_label(each, language)} {each.since:%Y-%m}" for each in shown]
    more = len(report.carried) - _CARRIED_SHOWN
    key = "carried_and_more" if more > 0 else "carried"
    listed = joined(named).in_language(language)
    return word(key, language, year=report.year, named=listed, more=more)


def carried_table(report: Report, language: Language) -> TextTable | None:
    """Return every amount that is carried forward: since when it is known, and how it has grown."""
    rows = report.carried
    if not rows:
        return None
    grown = [
        f"x{row.growth:.3f}" if row.reference_en else word("as_it_was", language) for row in rows
    ]
    references = [row.reference_zh if language == "zh" else row.reference_en for row in rows]
    return TextTable(
        word("carried_title", language),
        word("assumption", language),
        [_label(row, language) for row in rows],
        [
            TextColumn(word("known_since", language), [f"{row.since:%Y-%m-%d}" for row in rows]),
            TextColumn(word("carried_growth", language), grown),
        ],
        [word("grown_with", language, reference=each) if each else "" for each in references],
    )


def all_assumptions(report: Report, language: Language) -> list[str]:
    """Return every assumption in a line: value, status, source; those of zero in one line."""
    zero = _assumed_zero(report)
    found = []
    for each in report.assumptions:
        if each.parameter not in zero:
            value = _value(each, language, report.place)
            firm = f"{status_name(each.status, language)} · {source_name(each.source, language)}"
            found.append(f"{_label(each, language)} ({each.parameter}): {value} · {firm}")
    if zero:
        labels = {each.parameter: _label(each, language) for each in report.assumptions}
        names = joined(labels[name] for name in sorted(zero)).in_language(language)
        found.append(word("assumed_zero", language, names=names))
    return found


def _assumed_zero(report: Report) -> set[str]:
    """Return the parameters whose only assumed value is zero: named in one line, not a row."""
    values: dict[str, set[str]] = {}
    for each in report.assumptions:
        values.setdefault(each.parameter, set()).add(each.value)
    return {name for name, found in values.items() if found == {"0"}}


def _label(each: Assumption | CarriedAmount | Decisive, language: Language) -> str:
    return each.zh if language == "zh" else each.en


def _value(each: Assumption, language: Language, place: Place) -> str:
    """Return the value with its unit: shares in per cent, switches as yes or no.

    >>> import olive
    >>> from olive.analysis.assumptions import Assumption
    >>> rate = Assumption("rate", "率", "rate", "0.25", "1", "assumption", "", True, False)
    >>> _value(rate, "en", olive.place())
    '25%'
    """
    if each.is_share:
        ends = (float(end) for end in each.value.split(" … "))
        return " … ".join(f"{100 * end:.6g}%" for end in ends)
    if each.unit == "bool" and each.value in {"0", "1"}:
        return word("yes" if each.value == "1" else "no", language)
    return f"{each.value} {unit_name(each.unit, language, place)}".strip()
