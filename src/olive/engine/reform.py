"""Reforms: named changes to parameters and rules, which compose."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import yaml
from numpy.typing import NDArray

from olive.engine.parameter_files import number_from
from olive.engine.parameters import (
    FIRM_STATUSES,
    Datum,
    Parameter,
    ParameterValue,
    check_range,
)
from olive.engine.reform_operations import (
    Operation,
    Word,
    only_keys,
    read_operation,
    text_of,
    warn_of_slips,
)
from olive.engine.rules import Rule
from olive.engine.vocabulary import Schedule
from olive.engine.yaml_loader import read_yaml
from olive.errors import ParameterError, ReformError, labelled, nearest, shown
from olive.messages import Message, joined
from olive.native.files import write_text
from olive.native.html import as_html

_FILE_KEYS = ("label", "zh", "operations")
_NAMES_SHOWN = 8
_FILE_FORM = (
    "changes stand in a list, as in `operations: [{parameter: dibao_standard, operation: set, "
    "value: 13000}]`"
)


class Reform:
    """An immutable list of operations on parameters, and rules to replace or add.

    Parameters
    ----------
    set : mapping of str to number or mapping, optional
        New values, in the parameter's unit; a mapping of key to number changes those entries of
        a table; ``{"thresholds": [...], "rates": [...]}`` replaces a schedule.
    at_least, at_most, multiply, add : mapping, optional
        The other operations, in this order after ``set``.
    rules : iterable of Rule
        A structural reform: rules that replace or join those of the policy.
    label, zh : str
        Names for tables.

    Examples
    --------
    >>> floor = Reform(at_least={"dibao_standard": 13_000}, label="floor")
    >>> (floor | Reform({"dibao_marginal_multiple": 2})).parameters
    ('dibao_standard', 'dibao_marginal_multiple')
    """

    __slots__ = ("label", "operations", "rules", "zh")

    operations: tuple[Operation, ...]
    rules: tuple[Rule, ...]
    label: str
    zh: str

    def __init__(
        self,
        set: Mapping[str, Any] | None = None,  # noqa: A002 - the word users read in YAML
        *,
        at_least: Mapping[str, Any] | None = None,
        at_most: Mapping[str, Any] | None = None,
        multiply: Mapping[str, Any] | None = None,
        add: Mapping[str, Any] | None = None,
        rules: Iterable[Rule] = (),
        label: str = "",
        zh: str = "",
    ) -> None:
        given: tuple[Mapping[str, Any] | None, ...] = (set, at_least, at_most, multiply, add)
        for word, changes in zip(get_args(Word), given, strict=True):
            if changes is not None and not isinstance(changes, Mapping):
                raise ReformError(
                    "{word} is {changes}; give parameters and figures, such as "
                    "{{'dibao_standard': 13_000}}",
                    word=word,
                    changes=shown(changes),
                )
        for name, text in (("label", label), ("zh", zh)):
            if not isinstance(text, str):
                raise ReformError(
                    "{name} is {text}; it must be a text", name=name, text=shown(text)
                )
        if not isinstance(rules, Iterable):
            raise ReformError("rules is {rules}; give a list of rules", rules=shown(rules))
        operations = tuple(
            Operation(parameter, word, value)
            for word, changes in zip(get_args(Word), given, strict=True)
            for parameter, value in (changes or {}).items()
        )
        chosen = tuple(rules)
        for rule in chosen:
            if not isinstance(rule, Rule):
                raise ReformError(
                    "rules holds a {type}, which is no rule; mark the function with "
                    "@household_rule(...) or @person_rule(...) of olive.engine",
                    type=type(rule).__name__,
                )
        self._fill(operations, chosen, label, zh)

    def _fill(
        self, operations: tuple[Operation, ...], rules: tuple[Rule, ...], label: str, zh: str
    ) -> None:
        for name, value in zip(self.__slots__, (label, operations, rules, zh), strict=True):
            object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        return _composed, tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reform):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    def __hash__(self) -> int:
        return hash((self.label, self.zh, self.parameters, len(self.rules)))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Reform cannot be changed; compose a new one with |")

    @classmethod
    def from_operations(
        cls,
        operations: Iterable[Operation],
        *,
        rules: Iterable[Rule] = (),
        label: str = "",
        zh: str = "",
    ) -> Reform:
        """Return the reform that carries out operations in order."""
        reform = cls()
        chosen = tuple(operations)
        for each in chosen:
            if not isinstance(each, Operation):
                raise ReformError("operations hold {each}, which is no Operation", each=shown(each))
        reform._fill(chosen, tuple(rules), label, zh)
        return reform

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters that the reform touches."""
        return tuple(dict.fromkeys(each.parameter for each in self.operations))

    @property
    def assumptions(self) -> tuple[Operation, ...]:
        """Operations whose figure is neither law nor published; their notes say why it stands."""
        return tuple(each for each in self.operations if each.is_assumed)

    def at(self, year: int) -> Reform:
        """Return the reform of one year: each phase-in path gives way to its value of that year.

        The last value of a path stays; an operation whose path begins later is left out. A policy
        does this by itself with the year of its day: ``olive.law(year=2024) | reform``.

        Examples
        --------
        >>> steps = Operation("dibao_standard", "at_least", path={2023: 12_000, 2025: 13_000})
        >>> Reform.from_operations([steps], label="steps").at(2024)
        Reform(steps: dibao_standard at_least 12000)
        """
        settled = (each.at(year) for each in self.operations)
        return Reform.from_operations(
            [each for each in settled if each is not None],
            rules=self.rules,
            label=self.label,
            zh=self.zh,
        )

    def __or__(self, other: Reform | Mapping[str, Any]) -> Reform:
        """Return the reform that carries out this one, then the other."""
        later = as_reform(other, "a reform")
        label = " | ".join(each for each in (self.label, later.label) if each)
        zh = " | ".join(each for each in (self.zh, later.zh) if each)
        return Reform.from_operations(
            (*self.operations, *later.operations),
            rules=(*self.rules, *later.rules),
            label=label,
            zh=zh,
        )

    def __repr__(self) -> str:
        changes = ", ".join(
            f"{each.parameter} {each.word} {dict(each.path) if each.path else each.value}"
            for each in self.operations
        )
        return f"Reform({self.label or 'unnamed'}: {changes})"

    def _repr_html_(self) -> str:
        head = ["parameter", "operation", "value", "status", "clause", "note"]
        rows = [
            [
                each.parameter,
                each.word,
                str(dict(each.path) if each.path else each.value),
                each.status,
                each.clause,
                each.note,
            ]
            for each in self.operations
        ]
        added = [f"Rules of its own: {', '.join(rule.name for rule in self.rules)}"]
        return as_html(
            f"Reform {self.label or 'unnamed'}", head, rows, remarks=added if self.rules else []
        )

    def differences(self, policy: Any) -> list[tuple[str, str, str, str, str, str]]:
        """Return what the reform changes in a policy, as texts.

        A table that becomes uneven, as when one county alone is moved, has a row for each key
        that changes.

        Returns
        -------
        list of (parameter, key, before, after, unit, clause)
            ``key`` is empty where the parameter changes as a whole.
        """
        after = policy | self
        rows = []
        for name in self.parameters:
            parameter = policy.rules.parameters[name]
            clause = next((x.clause for x in self.operations if x.parameter == name), "")
            for label, *ends in _moved(
                parameter, policy.values[name].datum, after.values[name].datum
            ):
                before, later = (_shown(end) for end in ends)
                key = label.removeprefix(name).removeprefix(": ")
                rows.append((name, key, before, later, parameter.unit, clause))
        return rows

    def diff(self, policy: Any) -> str:
        """Return a table of what the reform changes in a policy: before, after, clause."""
        rows = [
            (": ".join(filter(None, (name, key))), *texts)
            for name, key, *texts in self.differences(policy)
        ]
        heads = ("parameter", "before", "after", "unit", "clause")
        widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in [heads, *rows]
        ]
        return "\n".join(lines)

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Reform:
        """Read a reform from YAML.

        Raises
        ------
        ReformError
            When keys are unknown or missing (file, place and nearest name are given).
        """
        where = Path(path)
        content = read_yaml(where)
        if not isinstance(content, Mapping):
            raise ReformError(
                "{where}: expected keys {file_keys}; {file_form}",
                where=where,
                file_keys=list(_FILE_KEYS),
                file_form=_FILE_FORM,
            )
        try:
            only_keys(content, _FILE_KEYS, str(where))
        except ReformError as error:
            raise ReformError("{error}; {file_form}", error=error, file_form=_FILE_FORM) from error
        entries = content.get("operations")
        if not isinstance(entries, Sequence) or isinstance(entries, str):
            raise ReformError("{where}: `operations` must be a list", where=where)
        return cls.from_operations(
            (read_operation(entry, f"{where}: operations[{i}]") for i, entry in enumerate(entries)),
            label=text_of(content, "label", str(where)) or where.stem,
            zh=text_of(content, "zh", str(where)),
        )

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the reform as YAML, whole or not at all; rules cannot be written."""
        if self.rules:
            raise ReformError("a reform with rules cannot be written as YAML; keep it in Python")
        content = {
            "label": self.label,
            "zh": self.zh,
            "operations": [each.as_mapping() for each in self.operations],
        }
        write_text(path, yaml.safe_dump(content, allow_unicode=True, sort_keys=False))


def as_reform(given: object, what: str) -> Reform:
    """Return what is composed with a policy or a reform as a reform.

    Raises
    ------
    ReformError
        When it is neither a reform nor a mapping of parameters to figures.
    """
    if isinstance(given, Reform):
        return given
    if isinstance(given, Mapping):
        return Reform(given)
    raise ReformError(
        "{what} is composed with a reform, found {given}; write for example "
        "... | {{'dibao_standard': 13_000}} or ... | olive.Reform.read('reform.yaml')",
        what=what,
        given=shown(given),
    )


def _composed(
    label: str, operations: tuple[Operation, ...], rules: tuple[Rule, ...], zh: str
) -> Reform:
    return Reform.from_operations(operations, rules=rules, label=label, zh=zh)


def _hint(name: str, parameters: Mapping[str, Parameter]) -> str:
    """Return the nearest names, by spelling, by Chinese label, or by their first word."""
    close = nearest(name, parameters) or labelled(
        name, {each.name: each.zh for each in parameters.values()}
    )
    begin = [other for other in parameters if other.startswith(f"{name}_")][:_NAMES_SHOWN]
    return close or (f"; parameters that begin so are {', '.join(begin)}" if begin else "")


def apply_reform(
    reform: Reform,
    values: Mapping[str, ParameterValue],
    parameters: Mapping[str, Parameter],
    year: int,
) -> tuple[dict[str, ParameterValue], tuple[Rule, ...]]:
    """Return the parameter values after a reform in a year, and the rules that it brings."""
    after = dict(values)
    for name in reform.parameters:
        if name not in parameters:
            raise ReformError(
                "no parameter {name!r}{hint}", name=name, hint=_hint(name, parameters)
            )
    for each in reform.at(year).operations:
        parameter = parameters[each.parameter]
        old = after[each.parameter].datum
        new = _changed(each, parameter, old)
        if isinstance(new, Schedule) or not np.array_equal(new, np.asarray(old)):
            source = each.source or each.clause or reform.label or "reform"
            plausible = (each.plausible or parameter.plausible) if each.is_assumed else None
            after[each.parameter] = ParameterValue(new, each.status, source, plausible)
        elif each.plausible is not None and after[each.parameter].status not in FIRM_STATUSES:
            # The figure stands as it was, but a reader of the reform believes in another range.
            after[each.parameter] = replace(after[each.parameter], plausible=each.plausible)
    touched = set(reform.parameters)
    for name, parameter in parameters.items():
        # A range may name a parameter that the reform moves.
        if touched.intersection((name, parameter.minimum, parameter.maximum)):
            fault = check_range(parameter, after[name].datum, after)
            if fault:
                raise ReformError(fault)
    return after, reform.rules


def _changed(change: Operation, parameter: Parameter, old: Datum) -> Datum:
    if isinstance(old, Schedule):
        if change.word != "set" or not isinstance(change.value, Mapping):
            raise ReformError(
                "{name}: a schedule is changed by set: {{thresholds: [...], rates: [...]}}",
                name=parameter.name,
            )
        only_keys(change.value, ("thresholds", "rates"), parameter.name)
        thresholds, rates = (
            _list_of_numbers(change.value.get(key), f"{parameter.name}: {key}")
            for key in ("thresholds", "rates")
        )
        if thresholds.shape != rates.shape:
            raise ReformError("{name}: as many rates as thresholds are needed", name=parameter.name)
        return Schedule(thresholds, rates)
    amount = _amount(change, parameter, old)
    if not np.isfinite(amount).all():
        raise ReformError(
            "{name}: {value} is not a finite number", name=parameter.name, value=shown(change.value)
        )
    warn_of_slips(change, parameter.unit, old, amount)
    result: Any
    match change.word:
        case "set":
            result = amount
        case "at_least":
            result = np.maximum(old, amount)
        case "at_most":
            result = np.minimum(old, amount)
        case "multiply":
            result = old * amount
        case "add":
            result = old + amount
    array = np.asarray(result, dtype=np.float64)
    return float(array) if parameter.kind == "scalar" else np.broadcast_to(array, np.shape(old))


def _amount(
    change: Operation, parameter: Parameter, old: float | NDArray[np.float64]
) -> float | NDArray[np.float64]:
    """Return the operand as a number, or as an array over all keys of a table."""
    if not isinstance(change.value, Mapping):
        return _number(change.value, parameter, parameter.name)
    if parameter.kind != "table":
        raise ReformError("{name} is a single value and has no keys", name=parameter.name)
    neutral = {"multiply": 1.0, "add": 0.0}
    untouched = np.full(np.shape(old), neutral[change.word]) if change.word in neutral else old
    amount = np.array(untouched, dtype=np.float64)
    _fill_entries(amount, change.value, parameter, parameter.keys)
    return amount


def _fill_entries(
    entries: NDArray[np.float64],
    values: Mapping[Any, Any],
    parameter: Parameter,
    keys: tuple[tuple[str, ...], ...],
) -> None:
    """Write the named entries of a table; a number for a first key goes to all its second keys."""
    for key, value in values.items():
        if str(key) not in keys[0]:
            raise ReformError(
                "{name}: no key {key}; keys are {keys}{hint}",
                name=parameter.name,
                key=shown(key),
                keys=joined(keys[0]),
                hint=nearest(str(key), keys[0]),
            )
        place = keys[0].index(str(key))
        if isinstance(value, Mapping) and len(keys) > 1:
            _fill_entries(entries[place], value, parameter, keys[1:])
        else:
            entries[place] = _number(value, parameter, f"{parameter.name}, {key}:")


def _number(value: object, parameter: Parameter, where: str) -> float:
    try:
        return number_from(value, where, truth=parameter.unit == "bool")
    except ParameterError as error:
        raise ReformError(str(error)) from error


def _list_of_numbers(value: object, where: str) -> NDArray[np.float64]:
    try:
        entries = value if isinstance(value, list | tuple) else [None]
        return np.array([number_from(each, where, truth=False) for each in entries])
    except ParameterError as error:
        message = Message(
            "{where} must be a list of numbers, found {value}", where=where, value=shown(value)
        )
        raise ReformError(message) from error


def _moved(parameter: Parameter, old: Datum, new: Datum) -> list[tuple[str, Datum, Datum]]:
    """Return the rows of a parameter in a table of changes: name, before, after."""
    whole = [(parameter.name, old, new)]
    if not isinstance(old, np.ndarray) or not isinstance(new, np.ndarray) or new.ndim > 1:
        return whole
    if (new == new[0]).all():
        return whole
    by_key = zip(parameter.keys[0], old.tolist(), new.tolist(), strict=True)
    return [(f"{parameter.name}: {key}", *ends) for key, *ends in by_key if ends[0] != ends[1]] or (
        whole
    )


def _shown(datum: Datum) -> str:
    if isinstance(datum, Schedule):
        return f"{datum.rates.size} brackets"
    if isinstance(datum, np.ndarray):
        flat = datum.ravel()
        if (flat == flat[0]).all():
            return f"{flat[0]:.12g}"
        return f"{flat.min():.12g} to {flat.max():.12g}"
    return f"{datum:.12g}"
