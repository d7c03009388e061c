"""The report as a page in one language: sections of sentences and tables, for every medium.

Nothing is computed here: figures come from `olive.analysis`, and are put into words and cells.
"""

from __future__ import annotations

from dataclasses import dataclass

from olive.analysis.heavy_values import sentence_on_plan
from olive.analysis.terminal_table import TextTable
from olive.places.labels import Language
from olive.report.assumption_table import (
    all_assumptions,
    carried_line,
    carried_table,
    decisive_table,
    summary_of_assumptions,
)
from olive.report.balance_table import balance_table, few_note, revenue_line
from olive.report.build import Report
from olive.report.footnotes import remarks
from olive.report.gain_table import few_households_note, gain_table
from olive.report.indicator_rows import all_indicators, parts_table, target_table
from olive.report.request import IN_FORCE
from olive.report.words import word


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it.

    Attributes
    ----------
    key : str
        Names the section; pictures are placed by it.
    title : str
    items : tuple of str or TextTable
        Sentences and tables, in order.
    """

    key: str
    title: str
    items: tuple[str | TextTable, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A report in one language.

    Attributes
    ----------
    title, label, subtitle : str
        What it is of, that data are synthetic (or the user's), and how many households stand for
        how many.
    headline : tuple of str
        The sentences that everything else explains.
    sections : tuple of Section
    """

    title: str
    label: str
    subtitle: str
    headline: tuple[str, ...]
    sections: tuple[Section, ...]


def page(
    report: Report, language: Language, *, detail: bool = False, every_assumption: bool = False
) -> Page:
    """Return the report as a page.

    Parameters
    ----------
    language : {"zh", "en"}
    detail : bool
        Whether to show every indicator, programme and range.
    every_assumption : bool
        Whether to list all assumptions, not only those that matter most.
    """
    found = [
        _targets(report, language),
        _parts(report, language),
        _balance(report, language, detail=detail),
        _gains(report, language),
        _assumptions(report, language),
    ]
    if detail:
        found.append(_detail(report, language))
    if every_assumption:
        items = tuple(all_assumptions(report, language))
        found.append(Section("all_assumptions", word("all_assumptions", language), items))
    found.append(Section("notes", word("notes", language), tuple(remarks(report, language))))
    rows, weighted, persons = (
        f"{each:,.0f}" for each in (report.sample_households, report.households, report.persons)
    )
    return Page(
        _title(report, language),
        word("synthetic" if report.synthetic else "own_data", language),
        word("households", language, rows=rows, weighted=weighted, persons=persons),
        tuple(each.in_language(language) for each in report.headline),
        tuple(each for each in found if each.items),
    )


def _title(report: Report, language: Language) -> str:
    place = report.place.label.in_language(language)
    title = word("title", language, place=place, year=report.year)
    target = report.target_year
    if target is None:
        return title
    key = "target_year" if report.year == target else "other_year"
    return title + word(key, language, target=target)


def _targets(report: Report, language: Language) -> Section:
    items: list[str | TextTable] = []
    items += [target_table(report, language, at) for at in range(len(report.effects))]
    money, has_plan = report.place.currency, report.place.has_plan
    if has_plan:
        items.insert(1, word("target_note" if report.doubt else "target_note_undrawn", language))
    if has_plan and report.reforms and report.base == IN_FORCE:
        items.append(word("reform_undrawn", language))
    if report.outlook is not None:
        items.append(report.outlook.sentence(money).in_language(language))
    items += [each.sentence(money).in_language(language) for each in report.heavy]
    carried = carried_line(report, language)
    if carried:
        items.append(carried)
    title = word("targets" if has_plan else "incomes", language)
    return Section("targets", title, tuple(items))


def _parts(report: Report, language: Language) -> Section:
    title, place = word("parts", language), report.place
    if not place.has_plan or report.streamed:
        return Section("parts", title, ())
    if report.parts is None:
        number = 2 ** len(place.plan.parts())
        return Section("parts", title, (word("no_parts", language, number=number),))
    heavy = sentence_on_plan(report.parts.heavy, place.currency)
    said = (heavy.in_language(language),) if heavy else ()
    note = word("parts_note", language, money=place.currency.in_language(language))
    return Section("parts", title, (parts_table(report, language), note, *said))


def _balance(report: Report, language: Language, *, detail: bool) -> Section:
    items: list[str | TextTable] = [balance_table(report, language, every_line=detail)]
    items += [line for line in (revenue_line(report, language), few_note(report, language)) if line]
    return Section("balance", word("balance", language), tuple(items))


def _gains(report: Report, language: Language) -> Section:
    items: list[str | TextTable] = []
    items += [gain_table(report, language, at) for at in range(len(report.effects))]
    few = few_households_note(report, language)
    items += [few] if few else []
    items.append(report.effects[0].tables[1].notes[0].in_language(language))
    if report.enrolment is not None:
        items.append(report.enrolment.sentence(report.place.currency).in_language(language))
    return Section("gains", word("gains", language), tuple(items))


def _assumptions(report: Report, language: Language) -> Section:
    decisive = decisive_table(report, language)
    items: tuple[str | TextTable, ...] = (decisive,) if decisive else ()
    title = word("decisive", language)
    return Section("assumptions", title, (*items, *summary_of_assumptions(report, language)))


def _detail(report: Report, language: Language) -> Section:
    items: list[str | TextTable] = [all_indicators(report, language)]
    carried = carried_table(report, language)
    if carried is not None:
        items.append(carried)
    return Section("detail", word("detail", language), tuple(items))
