"""A reform on a terminal: what it does, and what it changes in a law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from olive.analysis.terminal_table import TextColumn, TextTable, print_wrapped
from olive.engine import Operation, Reform
from olive.messages import joined
from olive.places.labels import Language, policy_label
from olive.places.place import Place
from olive.places.registry import place as place_of
from olive.places.unit_words import source_name, status_name, unit_name
from olive.report.words import word_of

if TYPE_CHECKING:
    from olive.engine import Parameter, Policy, Rule

_WORDS = {
    "parameter": ("参数", "parameter"),
    "operation": ("操作", "operation"),
    "value": ("取值", "value"),
    "range": ("合理范围", "range"),
    "status": ("状态", "status"),
    "before": ("改革前", "before"),
    "after": ("改革后", "after"),
    "unit": ("单位", "unit"),
    "set": ("设为", "set"),
    "at_least": ("不低于", "at_least"),
    "at_most": ("不高于", "at_most"),
    "multiply": ("乘以", "multiply"),
    "add": ("增加", "add"),
    "added_rule": ("新增规则", "added rule"),
    "replaced_rule": ("替换规则", "replaced rule"),
    "to": ("{low} 至 {high}", "{low} to {high}"),
    "times": ("{low} 至 {high} 倍", "{low} to {high} times"),
    "assumed": (
        "既非法律也非公布数（{count} 项）：{names}",
        "Neither law nor published ({count}): {names}",
    ),
    "fits": (
        "{file}：{operations} 项操作，涉及 {parameters} 个参数，与{law}相符；{assumed} 项为假定",
        (
            "{file}: {operations} operations on {parameters} parameters fit the {law}; {assumed} "
            "rest on an assumption"
        ),
    ),
    "fault": ("{file}：operations[{position}]：{error}", "{file}: operations[{position}]: {error}"),
    "fault_together": (
        "{file}：全部操作合在一起：{error}",
        "{file}: all operations together: {error}",
    ),
}
_OPERATION_COLUMNS = ("operation", "value", "range", "status")
_CHANGE_COLUMNS = ("before", "after", "unit")


def reform_word(key: str, language: Language, **values: object) -> str:
    """Return a word or sentence about reforms in a language.

    >>> reform_word("at_least", "zh"), reform_word("at_least", "en")
    ('不低于', 'at_least')
    """
    return word_of(_WORDS, key, language, **values)


def print_reform(reform: Reform, place: Place, language: Language, console: Console) -> None:
    """Print the label of a reform, its operations in order, and how many are assumed.

    Parameters and regions are called as in the law of a place.
    """
    labels = (reform.label, reform.zh) if language == "en" else (reform.zh or reform.label,)
    title, parameters = " · ".join(filter(None, labels)), place.rules.parameters
    names = [_name(each.parameter, parameters, language) for each in reform.operations]
    cells = [_cells(each, place, language) for each in reform.operations]
    remarks = [_remarks(each, language) for each in reform.operations]
    columns = _columns(_OPERATION_COLUMNS, cells, language)
    TextTable(title, reform_word("parameter", language), names, columns, remarks).print(console)
    assumed = dict.fromkeys(each.parameter for each in reform.assumptions)
    if assumed:
        listed = joined(_name(each, parameters, language) for each in assumed)
        line = reform_word(
            "assumed", language, count=len(assumed), names=listed.in_language(language)
        )
        print_wrapped(line, console)


def print_differences(reform: Reform, policy: Policy, language: Language, console: Console) -> None:
    """Print every parameter and rule that a reform changes in a law: before and after."""
    after, place = (policy | reform).rules, place_of(policy.place)
    known: dict[str, Parameter | Rule] = {**after.parameters, **after.rules}
    regions = _regions(place, language)
    colon = "：" if language == "zh" else ": "
    names, cells, clauses = [], [], []
    for each in reform.differences(policy):
        parts = _name(each.name, known, language), regions.get(each.key, each.key)
        names.append(colon.join(filter(None, parts)))
        changed = each.after or reform_word(each.kind, language)
        cells.append((each.before, changed, unit_name(each.unit, language, place)))
        clauses.append(each.clause)
    columns = _columns(_CHANGE_COLUMNS, cells, language)
    title = policy_label(policy).in_language(language)
    TextTable(title, reform_word("parameter", language), names, columns, clauses).print(console)


def _regions(place: Place, language: Language) -> Mapping[str, str]:
    """Return what regions are called; in English their names are their identifiers."""
    return {key: each.zh for key, each in place.regions.items()} if language == "zh" else {}


def _columns(
    names: tuple[str, ...], cells: Sequence[tuple[str, ...]], language: Language
) -> list[TextColumn]:
    """Return the columns in which anything stands; none where there are no rows."""
    return [
        TextColumn(reform_word(name, language), column)
        for name, column in zip(names, zip(*cells, strict=True), strict=False)
        if any(column)
    ]


def _name(name: str, known: Mapping[str, Parameter | Rule], language: Language) -> str:
    """Return the Chinese label of a parameter with its identifier, or the identifier."""
    if language == "en" or name not in known:
        return name
    return f"{known[name].zh} ({name})"


def _cells(operation: Operation, place: Place, language: Language) -> tuple[str, ...]:
    regions = _regions(place, language)
    value = _lines(operation.value, regions)
    if operation.path:
        value = "\n".join(f"{year}: {_lines(step, regions)}" for year, step in operation.path)
    allowed, plausible = "", operation.plausible
    if plausible is not None:
        low, high = (f"{end:.12g}" for end in (plausible.low, plausible.high))
        key = "to" if plausible.form == "value" else "times"
        allowed = reform_word(key, language, low=low, high=high)
    return (
        reform_word(operation.kind, language),
        value,
        allowed,
        status_name(operation.status, language),
    )


def _remarks(operation: Operation, language: Language) -> str:
    """Return the clause of an operation, its source and its note, in a line each."""
    return "\n".join(
        filter(None, (operation.clause, source_name(operation.source, language), operation.note))
    )


def _lines(value: object, regions: Mapping[str, str]) -> str:
    """Return a figure, or the entries of a table one below the other."""
    if not isinstance(value, Mapping):
        return str(value)
    return "\n".join(
        f"{regions.get(key, key)}: {_lines(each, regions)}" for key, each in value.items()
    )
