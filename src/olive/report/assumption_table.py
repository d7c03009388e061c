"""The assumptions behind a report: those that matter most, all of them, and amounts carried on."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from olive.report.blocks import Block, Column
from olive.report.unit_words import source_name, status_name, unit_name
from olive.report.words import Language, word

if TYPE_CHECKING:
    from olive.analysis.ingredients import Assumption
    from olive.report.build import Report

_SHOWN = 10
_CARRIED_SHOWN = 6


def decisive_table(report: Report, language: Language) -> Block | None:
    """Return the ten assumptions that move the plan's effect most; None where none was drawn."""
    if report.doubt is None or not report.doubt.influences:
        return None
    rows = report.doubt.influences[:_SHOWN]
    by_name = {each.parameter: each for each in report.assumptions}
    labels, values, ranges, effects, sources = [], [], [], [], []
    for row in rows:
        label = report.parameter_labels[row.parameter].in_language(language)
        labels.append(label)
        known = by_name.get(row.parameter)
        values.append(_value(known, language) if known else "")
        ranges.append(f"{_number(row.low, known)}…{_number(row.high, known)}")
        effects.append(f"{row.change_low:+,.0f}…{row.change_high:+,.0f}")
        sources.append(source_name(known.source, language) if known else "")
    columns = [
        Column(word("value", language), values),
        Column(word("plausible", language), ranges),
        Column(word("effect_a_head", language), effects),
        Column(word("source", language), sources, is_words=True),
    ]
    return Block(word("decisive_title", language), word("assumption", language), labels, columns)


def _number(figure: float, known: Assumption | None) -> str:
    if known is not None and known.is_share:
        return f"{100 * figure:.4g}%"
    return f"{figure:,.4g}" if abs(figure) < 1000 else f"{figure:,.0f}"


def summary_of_assumptions(report: Report, language: Language) -> tuple[str, ...]:
    """Return how many parameters are assumed, by status, and where they are listed."""
    statuses = {each.parameter: each.status for each in report.assumptions}
    comma = "、" if language == "zh" else ", "
    counts = comma.join(
        f"{status_name(status, language)} {count}"
        for status, count in Counter(statuses.values()).most_common()
    )
    brought = len({each.parameter for each in report.assumptions if each.is_new})
    return (
        word("assumption_counts", language, count=len(statuses), counts=counts, brought=brought),
        word("see_assumptions", language),
    )


def carried_line(report: Report, language: Language) -> str | None:
    """Return which amounts of the law in force are carried forward, and since when."""
    if not report.carried:
        return None
    comma = "、" if language == "zh" else ", "
    named = comma.join(
        f"{_carried_name(each, language)} {each.since:%Y-%m}"
        for each in report.carried[:_CARRIED_SHOWN]
    )
    more = len(report.carried) - _CARRIED_SHOWN
    key = "carried_and_more" if more > 0 else "carried"
    return word(key, language, year=report.year, named=named, more=more)


def carried_table(report: Report, language: Language) -> Block | None:
    """Return every amount that is carried forward, with the day since when it is known."""
    if not report.carried:
        return None
    labels = [_carried_name(each, language) for each in report.carried]
    days = [f"{each.since:%Y-%m-%d}" for each in report.carried]
    return Block(
        word("carried_title", language),
        word("assumption", language),
        labels,
        [Column(word("known_since", language), days)],
    )


def _carried_name(each: object, language: Language) -> str:
    return str(getattr(each, language))


def all_assumptions(report: Report, language: Language) -> list[str]:
    """Return every assumption in a line: value, status, source; those of zero in one line."""
    zero = _assumed_zero(report)
    found = []
    for each in report.assumptions:
        if each.parameter in zero:
            continue
        facts = (
            _value(each, language),
            status_name(each.status, language),
            source_name(each.source, language),
        )
        found.append(f"{_label(each, language)} ({each.parameter}): {' · '.join(facts)}")
    labels = {each.parameter: _label(each, language) for each in report.assumptions}
    if zero:
        names = ("、" if language == "zh" else ", ").join(labels[name] for name in sorted(zero))
        found.append(word("assumed_zero", language, names=names))
    return found


def _assumed_zero(report: Report) -> set[str]:
    """Return the parameters whose only assumed value is zero: named in one line, not a row."""
    values: dict[str, set[str]] = {}
    for each in report.assumptions:
        values.setdefault(each.parameter, set()).add(each.value)
    return {name for name, found in values.items() if found == {"0"}}


def _label(each: Assumption, language: Language) -> str:
    return each.zh if language == "zh" else each.en


def _value(each: Assumption, language: Language) -> str:
    """Return the value with its unit: shares in per cent, switches as yes or no.

    >>> from olive.analysis.ingredients import Assumption
    >>> rate = Assumption("rate", "率", "rate", "0.25", "1", "assumption", "", True, False)
    >>> _value(rate, "en")
    '25%'
    """
    if each.is_share:
        ends = (float(end) for end in each.value.split(" … "))
        return " … ".join(f"{100 * end:.6g}%" for end in ends)
    if each.unit == "bool" and each.value in {"0", "1"}:
        return word("yes" if each.value == "1" else "no", language)
    return f"{each.value} {unit_name(each.unit, language)}".strip()
