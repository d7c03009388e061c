"""A reform on a terminal: what it does, and what it changes in a law."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from olive.engine import Operation, Reform
from olive.messages import joined
from olive.places.labels import Label, Language, policy_label
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
    "clause": ("方案条文", "clause"),
    "source": ("来源", "source"),
    "note": ("说明", "note"),
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
_OPERATION_COLUMNS = (
    "parameter",
    "operation",
    "value",
    "range",
    "status",
    "clause",
    "source",
    "note",
)
_CHANGE_COLUMNS = ("parameter", "before", "after", "unit", "clause")


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
    table = _table(" · ".join(filter(None, labels)), _OPERATION_COLUMNS, language)
    for operation in reform.operations:
        table.add_row(*_cells(operation, place, language))
    console.print(table)
    assumed = dict.fromkeys(each.parameter for each in reform.assumptions)
    if assumed:
        names = joined(_name(each, place.rules.parameters, language, " ") for each in assumed)
        listed = names.in_language(language)
        line = reform_word("assumed", language, count=len(assumed), names=listed)
        console.print(line, highlight=False, markup=False)


def print_differences(reform: Reform, policy: Policy, console: Console) -> None:
    """Print in Chinese every parameter that a reform changes in a law: before and after."""
    after, place = (policy | reform).rules, place_of(policy.place)
    table = _table(policy_label(policy).zh, _CHANGE_COLUMNS, "zh")
    for each in reform.differences(policy):
        label = _name(each.name, {**after.parameters, **after.rules}, "zh", "\n")
        region = place.regions[each.key].zh if each.key in place.regions else each.key
        table.add_row(
            f"{label}：{region}" if each.key else label,
            each.before,
            each.after or reform_word(each.kind, "zh"),
            unit_name(each.unit, "zh", place),
            each.clause,
        )
    console.print(table)


def _table(title: str, columns: tuple[str, ...], language: Language) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", show_lines=True)
    for column in columns:
        table.add_column(reform_word(column, language), overflow="fold")
    return table


def _name(name: str, known: Mapping[str, Parameter | Rule], language: Language, gap: str) -> str:
    """Return the Chinese label of a parameter with its identifier, or the identifier."""
    if language == "en" or name not in known:
        return name
    return f"{known[name].zh}{gap}({name})"


def _cells(operation: Operation, place: Place, language: Language) -> tuple[str, ...]:
    regions = place.regions if language == "zh" else {}
    value = _lines(operation.value, regions)
    if operation.path:
        value = "\n".join(f"{year}: {_lines(step, regions)}" for year, step in operation.path)
    allowed, plausible = "", operation.plausible
    if plausible is not None:
        low, high = (f"{end:.12g}" for end in (plausible.low, plausible.high))
        key = "to" if plausible.form == "value" else "times"
        allowed = reform_word(key, language, low=low, high=high)
    return (
        _name(operation.parameter, place.rules.parameters, language, "\n"),
        reform_word(operation.kind, language),
        value,
        allowed,
        status_name(operation.status, language),
        operation.clause,
        source_name(operation.source, language),
        operation.note,
    )


def _lines(value: object, regions: Mapping[str, Label]) -> str:
    """Return a figure, or the entries of a table one below the other."""
    if not isinstance(value, Mapping):
        return str(value)
    return "\n".join(
        f"{regions[key].zh if key in regions else key}: {_lines(each, regions)}"
        for key, each in value.items()
    )
