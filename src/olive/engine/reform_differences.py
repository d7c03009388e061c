"""What a reform changes in a policy: figures, parameters and rules, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, Protocol

import numpy as np

from olive.engine.parameters import Datum, Parameter, ParameterValue
from olive.engine.reform_operations import Operation
from olive.engine.rules import Rule
from olive.engine.ruleset import RuleSet
from olive.engine.vocabulary import Schedule

Kind = Literal["figure", "added_parameter", "added_rule", "replaced_rule"]
# How the table of changes in plain text tells what is no figure.
_KIND_TEXT = {"added_rule": "added rule", "replaced_rule": "replaced rule"}


class Difference(NamedTuple):
    """One thing that a reform changes.

    Attributes
    ----------
    name : str
        Parameter, or variable of a rule.
    key : str
        Key of a table; "" where the parameter changes as a whole, and for a rule.
    before, after : str
        Figures as texts; "" for a rule, and before a parameter was there.
    unit, clause : str
    kind : {"figure", "added_parameter", "added_rule", "replaced_rule"}
    """

    name: str
    key: str
    before: str
    after: str
    unit: str
    clause: str
    kind: Kind = "figure"


class InForce(Protocol):
    """What a policy has in force."""

    @property
    def rules(self) -> RuleSet:
        """Its rules."""

    @property
    def values(self) -> Mapping[str, ParameterValue]:
        """The value of every parameter."""


def differences_between(
    policy: InForce, after: InForce, operations: Iterable[Operation], rules: Iterable[Rule]
) -> list[Difference]:
    """Return what operations and rules change in a policy: figures, then parameters, then rules."""
    rows = []
    clauses: dict[str, str] = {}  # by parameter: that of its first operation
    for each in operations:
        clauses.setdefault(each.parameter, each.clause)
    for name, clause in clauses.items():
        if name not in policy.values:
            continue
        parameter = policy.rules.parameters[name]
        for key, old, new in _moved(parameter, policy.values[name].datum, after.values[name].datum):
            rows.append(Difference(name, key, _shown(old), _shown(new), parameter.unit, clause))
    for name, value in after.values.items():
        if name not in policy.values:
            unit = after.rules.parameters[name].unit
            figure = _shown(value.datum)
            rows.append(
                Difference(name, "", "", after=figure, unit=unit, clause="", kind="added_parameter")
            )
    for name in dict.fromkeys(rule.name for rule in rules):
        rule = after.rules.rules.get(name)
        if rule is None:  # not in force on the policy's day
            continue
        before = policy.rules.rules.get(name)
        if rule != before:
            kind: Kind = "added_rule" if before is None else "replaced_rule"
            unit, clause = rule.unit or "", rule.clause or ""
            rows.append(
                Difference(name, key="", before="", after="", unit=unit, clause=clause, kind=kind)
            )
    return rows


def changes_text(rows: list[Difference]) -> str:
    """Return a table of what a reform changes: before, after, unit, clause."""
    cells = [
        (
            ": ".join(filter(None, (row.name, row.key))),
            row.before,
            row.after or _KIND_TEXT[row.kind],
            row.unit,
            row.clause,
        )
        for row in rows
    ]
    heads = ("parameter", "before", "after", "unit", "clause")
    widths = [max(len(row[i]) for row in [heads, *cells]) for i in range(len(heads))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [heads, *cells]
    ]
    return "\n".join(lines)


def _moved(parameter: Parameter, old: Datum, new: Datum) -> list[tuple[str, Datum, Datum]]:
    """Return the rows of a parameter in a table of changes: key, before, after."""
    whole = [("", old, new)]
    if not isinstance(old, np.ndarray) or not isinstance(new, np.ndarray) or new.ndim > 1:
        return whole
    if (new == new[0]).all():
        return whole
    by_key = zip(parameter.keys[0], old.tolist(), new.tolist(), strict=True)
    return [(key, before, after) for key, before, after in by_key if before != after] or whole


def _shown(datum: Datum) -> str:
    if isinstance(datum, Schedule):
        return f"{datum.rates.size} brackets"
    if isinstance(datum, np.ndarray):
        flat = datum.ravel()
        if (flat == flat[0]).all():
            return f"{flat[0]:.12g}"
        return f"{flat.min():.12g} to {flat.max():.12g}"
    return f"{datum:.12g}"
