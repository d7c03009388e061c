"""A policy: a rule set with the value of every parameter."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

import numpy as np

from olive.engine.parameters import FIRM_STATUSES, ParameterValue, value_in, value_on
from olive.engine.reform import Reform, apply_reform
from olive.engine.rules import FormulaRule
from olive.engine.ruleset import RuleSet
from olive.errors import DateError


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Policy:
    """What is in force: rules, and every parameter's value with status and source.

    Compose with reforms by ``policy | reform``; nothing is changed in place.

    Attributes
    ----------
    rules : RuleSet
    values : mapping of str to ParameterValue
    label : str
    period : str
        The day ("2022-07-01") or the year ("2023") that the values are for.
    """

    rules: RuleSet
    values: Mapping[str, ParameterValue]
    label: str
    period: str

    def __or__(self, reform: Reform | Mapping[str, object]) -> Policy:
        """Return the policy with the reform carried out on it, as it stands in its year."""
        if not isinstance(reform, Reform | Mapping):
            return NotImplemented
        settled = reform if isinstance(reform, Reform) else Reform(reform)
        year = int(self.period[:4])
        values, added = apply_reform(settled, self.values, self.rules.parameters, year)
        rules = self.rules.with_rules(added) if added else self.rules
        what = settled.label or _told(settled)
        label = f"{self.label} | {what}" if what else self.label
        return Policy(rules, MappingProxyType(values), label, self.period)

    def __repr__(self) -> str:
        """Return the label and the size; all rules and values would fill many screens."""
        size = f"{len(self.rules.rules)} rules, {len(self.values)} parameters"
        return f"Policy({self.label}: {size}, {len(self.uncertain())} neither law nor published)"

    def renamed(self, label: str) -> Policy:
        """Return the policy under another label."""
        return Policy(self.rules, self.values, label, self.period)

    def uncertain(self) -> Mapping[str, ParameterValue]:
        """Return the parameters whose value is neither law nor published."""
        return {
            name: value for name, value in self.values.items() if value.status not in FIRM_STATUSES
        }

    def digest(self) -> str:
        """Return a hash of all values and rules, for provenance."""
        total = hashlib.sha256()
        for name in sorted(self.values):
            total.update(name.encode())
            total.update(self.values[name].vector().tobytes())
        for name in sorted(self.rules.rules):
            total.update(name.encode())
            total.update(_described(self.rules, name).encode())
        return total.hexdigest()


def _described(rules: RuleSet, name: str) -> str:
    """Return what a rule computes, in words that do not depend on where it is in memory."""
    rule = rules.rules[name]
    if not isinstance(rule, FormulaRule):
        return repr(replace(rule, zh="", en="", clause=None))
    code = rule.function.__code__
    plain = (code.co_code, code.co_names, [x for x in code.co_consts if not hasattr(x, "co_code")])
    what = plain if rule.plain else rules.nodes[name]
    return repr((what, rule.entity, rule.unit, rule.arguments))


def policy_on(
    rules: RuleSet,
    day: str | date | None = None,
    *,
    year: int | None = None,
    not_before: date = date.min,
) -> Policy:
    """Return the policy of a rule set on a day, or averaged over the months of a year.

    Parameters
    ----------
    rules : RuleSet
    day : str or date
        ISO date such as ``"2022-07-01"``.
    year : int
        Instead of a day.
    not_before : date
        First day for which the record as a whole is complete.

    Raises
    ------
    DateError
        When neither or both are given, the date is malformed, or it is before the record.
    """
    if (day is None) == (year is None):
        raise DateError("give either a day such as '2022-07-01' or year=2023")
    if year is not None:
        if not isinstance(year, int | np.integer) or not 1 <= year <= 9999:
            raise DateError(f"year {year!r} is not a calendar year; give for example year=2023")
        _check_recorded(date(int(year), 1, 1), not_before)
        values = {name: value_in(each, int(year)) for name, each in rules.parameters.items()}
        return Policy(rules, MappingProxyType(values), f"law {year}", str(year))
    settled = _day(day)
    _check_recorded(settled, not_before)
    values = {name: value_on(each, settled) for name, each in rules.parameters.items()}
    return Policy(rules, MappingProxyType(values), f"law {settled}", str(settled))


def _check_recorded(day: date, first: date) -> None:
    if day < first:
        raise DateError(f"the law is recorded from {first} on; {day} lies before it")


def _day(day: str | date | None) -> date:
    if day != day:  # noqa: PLR0124 - the missing date of pandas is a date that equals nothing
        raise DateError("the day is missing (NaT); write for example '2022-07-01'")
    if isinstance(day, datetime):
        return day.date()
    if isinstance(day, date):
        return day
    try:
        return date.fromisoformat(str(day))
    except ValueError as error:
        raise DateError(f"{day!r} is not a date; write for example '2022-07-01'") from error


_TOLD = 3


def _told(reform: Reform) -> str:
    """Return what a reform without a label changes, for the label of the policy."""
    names = list(
        dict.fromkeys(
            [
                *(each.parameter for each in reform.operations),
                *(rule.name for rule in reform.rules),
            ]
        )
    )
    more = len(names) - _TOLD
    return ", ".join(names[:_TOLD]) + (f" and {more} more" if more > 0 else "")
