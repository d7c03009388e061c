"""Reforms: named changes to parameters and rules, which compose."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Protocol, get_args

import yaml

from olive.engine.parameter_text import ParameterFile
from olive.engine.reform_differences import Difference, InForce, changes_text, differences_between
from olive.engine.reform_operations import (
    Operation,
    OperationKind,
    read_operation,
    text_of,
)
from olive.engine.rules import Rule
from olive.engine.yaml_loader import read_yaml
from olive.errors import ReformError, only_keys, shown, told_where
from olive.messages import Message
from olive.native.files import path_of, write_text
from olive.native.html import as_html

FilePath = str | os.PathLike[str]

_FILE_KEYS = ("label", "zh", "operations")
_FILE_FORM = Message(
    "changes stand in a list, as in `operations: [{parameter: dibao_standard, operation: set, "
    "value: 13000}]`"
)


class Reformed(InForce, Protocol):
    """What a reform is carried out on: a policy."""

    def __or__(self, reform: Reform, /) -> InForce: ...


@dataclass(init=False, repr=False, slots=True)
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
    parameter_files : path or iterable of path
        YAML files of parameters that the reform brings, each with unit, range, status and
        source, as they stand beside the rules of a law. They are read at once.
    label, zh : str
        Names for tables.

    Raises
    ------
    ReformError, OliveError
        For arguments of another kind, and files that cannot be read.

    Examples
    --------
    >>> floor = Reform(at_least={"dibao_standard": 13_000}, label="floor")
    >>> (floor | Reform({"dibao_marginal_multiple": 2})).parameters
    ('dibao_standard', 'dibao_marginal_multiple')
    """

    label: str
    operations: tuple[Operation, ...]
    parameter_files: tuple[ParameterFile, ...]
    rules: tuple[Rule, ...]
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
        parameter_files: FilePath | Iterable[FilePath] = (),
        label: str = "",
        zh: str = "",
    ) -> None:
        words = get_args(OperationKind)
        given = dict(zip(words, (set, at_least, at_most, multiply, add), strict=True))
        for word, changes in given.items():
            if changes is not None and not isinstance(changes, Mapping):
                raise ReformError(
                    "{word} is {changes}; give parameters and figures, such as "
                    "{{'dibao_standard': 13_000}}",
                    word,
                    shown(changes),
                )
        for name, text in (("label", label), ("zh", zh)):
            if not isinstance(text, str):
                raise ReformError("{name} is {text}; it must be a text", name, shown(text))
        if not isinstance(rules, Iterable):
            raise ReformError("rules is {rules}; give a list of rules", shown(rules))
        operations = tuple(
            Operation(parameter, word, value)
            for word, changes in given.items()
            for parameter, value in (changes or {}).items()
        )
        chosen = tuple(rules)
        for rule in chosen:
            if not isinstance(rule, Rule):
                raise ReformError(
                    "rules holds a {type}, which is no rule; mark the function with "
                    "@household_rule(...) or @person_rule(...) of olive.engine",
                    type(rule).__name__,
                )
        self._fill(label, operations, _files(parameter_files), chosen, zh)

    def _fill(self, *content: Any) -> None:
        """Set the fields in their order."""
        for field, value in zip(fields(self), content, strict=True):
            object.__setattr__(self, field.name, value)

    def __reduce__(self) -> tuple[Any, ...]:
        return _composed, tuple(getattr(self, field.name) for field in fields(self))

    def __hash__(self) -> int:
        return hash((self.label, self.zh, self.parameters, len(self.rules)))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Reform cannot be changed; compose a new one with |")

    @staticmethod
    def from_operations(
        operations: Iterable[Operation],
        *,
        rules: Iterable[Rule] = (),
        label: str = "",
        zh: str = "",
    ) -> Reform:
        """Return the reform that carries out operations in order."""
        chosen = tuple(operations)
        for each in chosen:
            if not isinstance(each, Operation):
                raise ReformError("operations hold {each}, which is no Operation", shown(each))
        return _composed(label, chosen, parameter_files=(), rules=tuple(rules), zh=zh)

    def with_operations(self, operations: Iterable[Operation]) -> Reform:
        """Return the reform with other operations: its rules, parameters and labels stay."""
        return _composed(self.label, tuple(operations), self.parameter_files, self.rules, self.zh)

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
        return self.with_operations(each for each in settled if each is not None)

    def __or__(self, other: Reform | Mapping[str, Any]) -> Reform:
        """Return the reform that carries out this one, then the other."""
        later = as_reform(other, Message("a reform"))
        label = " | ".join(each for each in (self.label, later.label) if each)
        zh = " | ".join(each for each in (self.zh, later.zh) if each)
        files = dict.fromkeys((*self.parameter_files, *later.parameter_files))
        return _composed(
            label=label,
            operations=(*self.operations, *later.operations),
            parameter_files=tuple(files),
            rules=(*self.rules, *later.rules),
            zh=zh,
        )

    def __repr__(self) -> str:
        told = (f"{each.parameter} {each.kind} {_figure(each)}" for each in self.operations)
        changes = ", ".join(told)
        return f"Reform({self.label or 'unnamed'}: {changes})"

    def _repr_html_(self) -> str:
        head = ["parameter", "operation", "value", "status", "clause", "note"]
        rows = [
            [each.parameter, each.kind, str(_figure(each)), each.status, each.clause, each.note]
            for each in self.operations
        ]
        own = ", ".join(rule.name for rule in self.rules)
        remarks = [f"Rules of its own: {own}"] if own else []
        return as_html(f"Reform {self.label or 'unnamed'}", head, rows, remarks=remarks)

    def differences(self, policy: Reformed) -> list[Difference]:
        """Return what the reform changes in a policy: figures, parameters and rules.

        A table that becomes uneven, as when one county alone is moved, has a row for each key
        that changes.

        Returns
        -------
        list of Difference
            Texts: (name, key, before, after, unit, clause, kind). ``key`` is empty where a
            parameter changes as a whole; ``kind`` says what was added or replaced.
        """
        return differences_between(policy, policy | self, self.operations, self.rules)

    def diff(self, policy: Reformed) -> str:
        """Return a table of what the reform changes in a policy: before, after, clause."""
        return changes_text(self.differences(policy))

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Reform:
        """Read a reform from YAML.

        Raises
        ------
        ReformError
            When keys are unknown or missing (file, place and nearest name are given).
        """
        where = path_of(path, "reform.yaml")
        content = read_yaml(where)
        with told_where(str(where)):
            if not isinstance(content, Mapping):
                raise ReformError(
                    "expected keys {file_keys}; {file_form}", list(_FILE_KEYS), _FILE_FORM
                )
            try:
                only_keys(content, _FILE_KEYS, ReformError)
            except ReformError as error:
                raise ReformError("{error}; {file_form}", error, _FILE_FORM) from error
            entries = content.get("operations")
            if not isinstance(entries, Sequence) or isinstance(entries, str):
                raise ReformError("`operations` must be a list")
            label, zh = text_of(content, "label"), text_of(content, "zh")
        return cls.from_operations(
            (read_operation(entry, f"{where}: operations[{i}]") for i, entry in enumerate(entries)),
            label=label or where.stem,
            zh=zh,
        )

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the reform as YAML, whole or not at all; rules cannot be written."""
        if self.rules or self.parameter_files:
            raise ReformError(
                "a reform with rules or parameters of its own cannot be written as YAML; keep it "
                "in Python"
            )
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
        what,
        shown(given),
    )


def _figure(operation: Operation) -> Any:
    return dict(operation.path) if operation.path else operation.value


def _composed(
    label: str,
    operations: tuple[Operation, ...],
    parameter_files: tuple[ParameterFile, ...],
    rules: tuple[Rule, ...],
    zh: str,
) -> Reform:
    """Return the reform with these fields."""
    reform = Reform()
    reform._fill(label, operations, parameter_files, rules, zh)
    return reform


def _files(given: FilePath | Iterable[FilePath]) -> tuple[ParameterFile, ...]:
    single = isinstance(given, str | os.PathLike)
    if not single and not isinstance(given, Iterable):
        raise ReformError(
            "parameter_files is {given}; give a path, or a list of paths", shown(given)
        )
    paths: Any = [given] if single else given
    return tuple(ParameterFile.read(path) for path in paths)
