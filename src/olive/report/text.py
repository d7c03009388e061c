"""The report on a terminal.

What qualifies the figures comes before or right below them: costs, assumptions, then the
indicators with their notes, so that the targets are what stands on the screen in the end.
"""

from __future__ import annotations

from collections import Counter

from rich.console import Console

from olive.report.blocks import Block, Column
from olive.report.build import PLAN_POSITION, Report
from olive.report.ingredients import Assumption, Programme
from olive.report.remarks import remarks
from olive.report.rows import columns, lines, policy_name
from olive.report.unit_words import source_name, status_name, unit_name
from olive.report.words import Language, word

_HUNDRED_MILLION = 1e8
_TEN_THOUSAND = 1e4


def print_report(
    report: Report, language: Language, console: Console, *, every_assumption: bool = False
) -> None:
    """Print the report: label, programmes, assumptions, indicators, notes.

    Assumptions are counted by status, and those that the plan or a reform brings are named;
    ``every_assumption`` lists all with value, unit, status and source.
    """
    title = "title" if report.synthetic else "title_own"
    console.print(word(title, language, place=report.place, year=report.year), style="bold")
    label = word("synthetic" if report.synthetic else "own_data", language)
    console.print(label, style="yellow")
    console.print(
        word(
            "households",
            language,
            rows=f"{report.sample_households:,}",
            weighted=f"{report.households:,.0f}",
            persons=f"{report.persons:,.0f}",
        )
    )
    console.print()
    _print_programmes(report, language, console)
    if every_assumption:
        _print_every_assumption(report, language, console)
    _print_summary_of_assumptions(report, language, console, listed=every_assumption)
    console.print()
    console.print(label, style="yellow")
    _print_indicators(report, language, console)
    console.print(word("notes", language), style="bold")
    for remark in remarks(report, language):
        console.print("  " + remark, highlight=False, markup=False)


def _print_indicators(report: Report, language: Language, console: Console) -> None:
    labels = lines(report, language)
    Block(
        word("targets", language),
        f"{word('indicator', language)} / {word('definition', language)}",
        [label for label, _ in labels],
        [
            Column(head, ["" if row is None else cells[row] for _, row in labels])
            for head, cells in columns(report, language)
        ],
    ).print(console)


def _print_programmes(report: Report, language: Language, console: Console) -> None:
    """Print the programmes that cost something under some policy."""
    names = [policy_name(label, language, report) for label in report.policies]
    base = report.policies.index(report.base)
    pairs = [(PLAN_POSITION, PLAN_POSITION - 1)]
    pairs += [(at, base) for at in range(PLAN_POSITION + 1, len(names))]
    shown = [each for each in report.programmes if any(cost != 0 for cost in each.cost)]
    found = [
        *(
            Column(name, [_hundred_millions(each.cost[at]) for each in shown])
            for at, name in enumerate(names)
        ),
        *(
            Column(
                word("change", language, after=names[after], before=names[before]),
                [_change(each, after, before) for each in shown],
            )
            for after, before in pairs
        ),
        Column(
            word("receiving", language),
            [_ten_thousands(each.receiving[PLAN_POSITION]) for each in shown],
        ),
    ]
    labels = [each.zh if language == "zh" and each.zh else each.en for each in shown]
    title, head = word("programmes", language), word("programme", language)
    Block(title, head, labels, found).print(console)
    rest = len(report.programmes) - len(shown)
    if rest:
        console.print(word("no_cost", language, count=rest), highlight=False)
        console.print()


def _hundred_millions(amount: float | None) -> str:
    return "–" if amount is None else f"{amount / _HUNDRED_MILLION:,.2f}"


def _ten_thousands(households: float | None) -> str:
    return "–" if households is None else f"{households / _TEN_THOUSAND:,.1f}"


def _change(programme: Programme, after: int, before: int) -> str:
    later, earlier = programme.cost[after], programme.cost[before]
    if later is None or earlier is None:
        return ""
    return f"{(later - earlier) / _HUNDRED_MILLION:+,.2f}"


def _print_summary_of_assumptions(
    report: Report, language: Language, console: Console, *, listed: bool
) -> None:
    """Print how many parameters are assumed, and which the plan or a reform brings."""
    statuses = {each.parameter: each.status for each in report.assumptions}
    comma = "、" if language == "zh" else ", "
    counts = comma.join(
        f"{status_name(status, language)} {count}"
        for status, count in Counter(statuses.values()).most_common()
    )
    console.print(word("assumptions", language), style="bold")
    console.print(
        word("assumption_counts", language, count=len(statuses), counts=counts), highlight=False
    )
    brought = [each for each in report.assumptions if each.is_new]
    if brought:
        named = comma.join(f"{_label(each, language)} {_value(each, language)}" for each in brought)
        line = word("brought", language, count=len(brought), names=named)
        console.print(line, highlight=False, markup=False)
    if not listed:
        console.print(word("see_assumptions", language), highlight=False)


def _assumed_zero(report: Report) -> set[str]:
    """Return the parameters whose only assumed value is zero: named in one line, not a row."""
    values: dict[str, set[str]] = {}
    for each in report.assumptions:
        values.setdefault(each.parameter, set()).add(each.value)
    return {name for name, found in values.items() if found == {"0"}}


def _print_every_assumption(report: Report, language: Language, console: Console) -> None:
    zero = _assumed_zero(report)
    rows = [each for each in report.assumptions if each.parameter not in zero]
    console.print(word("assumptions", language), style="bold")
    for each in rows:
        facts = (
            _value(each, language),
            status_name(each.status, language),
            source_name(each.source, language),
        )
        name = f"{_label(each, language)} ({each.parameter})"
        console.print(f"{name}: {' · '.join(facts)}", highlight=False, markup=False)
    labels = {each.parameter: _label(each, language) for each in report.assumptions}
    if zero:
        names = ("、" if language == "zh" else ", ").join(labels[name] for name in sorted(zero))
        console.print(word("assumed_zero", language, names=names), highlight=False, markup=False)
    console.print()


def _label(each: Assumption, language: Language) -> str:
    return each.zh if language == "zh" else each.en


def _value(each: Assumption, language: Language) -> str:
    """Return the value with its unit: shares in per cent, switches as yes or no.

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
