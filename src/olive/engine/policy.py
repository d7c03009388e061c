"""A policy: a rule set with the value of every parameter."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import numpy as np

from olive.engine.carrying import Carried, Carry, Dating
from olive.engine.parameter_files import read_parameters
from olive.engine.parameters import FIRM_STATUSES, ParameterValue
from olive.engine.reform import Reform, as_reform
from olive.engine.reform_application import apply_reform
from olive.engine.rule_digest import described_rules
from olive.engine.rule_versions import changing
from olive.engine.ruleset import RuleSet, code_names
from olive.errors import DateError, LawWarning, tell
from olive.messages import Message, joined
from olive.native.given_numbers import is_whole
from olive.native.html import as_html
from olive.native.immutable import ByContent, FrozenMapping

# Later than so many years after its record, a law would be a guess about everything.
LONGEST_CARRY = 25
# Rules cannot be averaged over a year as figures are: those of this day hold for all of it, which
# are those of its greater part when a rule changes once.
MIDDLE_OF_YEAR = (7, 1)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Policy(ByContent):
    """What is in force: rules, and every parameter's value with status and source.

    Compose with reforms by ``policy | reform``; nothing is changed in place. Of a reform's rules
    with dates those are carried out that are in force on the policy's day, or on 1 July of its
    year.

    Attributes
    ----------
    rules : RuleSet
    values : mapping of str to ParameterValue
    label : str
    period : str
        The day ("2022-07-01") or the year ("2023") that the values are for.
    recorded_to : date
        Last day for which the record as a whole is complete.
    dating : Dating or None
        How figures were carried and uprated; None for as they stand.
    zh : str
        The label in Chinese; empty where there is none.
    """

    rules: RuleSet
    values: Mapping[str, ParameterValue]
    label: str
    period: str
    recorded_to: date = date.max
    dating: Dating | None = None
    zh: str = ""

    @property
    def dated(self) -> Dating:
        """How figures come to the policy's day or year."""
        return self.dating or Dating(self.period)

    def __or__(self, reform: Reform | Mapping[str, object]) -> Policy:
        """Return the policy with the reform carried out on it, as it stands in its year."""
        settled = as_reform(reform, Message("policy {label!r}", self.label))
        rules, values = self.rules, self.values
        if settled.rules or settled.parameter_files:
            codes = code_names(rules.columns)
            added = read_parameters(settled.parameter_files, codes, rules.parameters)
            rules = rules.with_rules(settled.rules, added, day=_day_of(self.period))
            values = {**self.dated.values(rules.parameters, added), **values}
        after = apply_reform(settled, values, rules.parameters, int(self.period[:4]))
        what = settled.label or _told(settled)
        label = f"{self.label} | {what}" if what else self.label
        zh = " | ".join(each for each in (self.zh or self.label, settled.zh or what) if each)
        return replace(self, rules=rules, values=FrozenMapping(after), label=label, zh=zh)

    def __repr__(self) -> str:
        """Return the label and the size; all rules and values would fill many screens."""
        size = f"{len(self.rules.rules)} rules, {len(self.values)} parameters"
        firm = f"{len(self.uncertain())} neither law nor published"
        beyond = f", recorded to {self.recorded_to}" if self.is_beyond_record else ""
        return f"Policy({self.label}: {size}, {firm}{beyond})"

    def _repr_html_(self) -> str:
        statuses = Counter(value.status for value in self.values.values())
        counted = ", ".join(f"{number} {status}" for status, number in statuses.most_common())
        facts = [["in force", self.period], ["rules", str(len(self.rules.rules))]]
        facts += [["parameters", f"{len(self.values)}: {counted}"]]
        if self.is_beyond_record:
            facts.append(["recorded to", str(self.recorded_to)])
        return as_html(f"Policy {self.label}", [], facts)

    def renamed(self, label: str, zh: str = "") -> Policy:
        """Return the policy under another label, in Chinese too where one is given."""
        return replace(self, label=label, zh=zh)

    @property
    def place(self) -> str:
        """Whose law it is; empty where it is nobody's."""
        return self.rules.place

    @property
    def is_beyond_record(self) -> bool:
        """Whether the policy is for a time after the last day of the record as a whole.

        The year in which the record ends is not.
        """
        end = str(self.recorded_to)
        return self.period > end[: len(self.period)]

    def carried(self) -> Mapping[str, Carried]:
        """Return the figures that are carried forward, of those that some rule reads.

        For each parameter: since when its last figure is known, what it has grown with (None when
        it stands as it was), and what that has multiplied it by.
        """
        read = {name for rule in self.rules.rules.values() for name in rule.arguments}
        return {
            name: Carried(value.known_since, value.reference, value.growth)
            for name, value in self.values.items()
            if name in read and value.known_since is not None
        }

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
        total.update(described_rules(self.rules))
        return total.hexdigest()


def _day_of(period: str) -> date:
    """Return the day whose rules hold for a day or a year."""
    if len(period) == len("2023"):
        return date(int(period), *MIDDLE_OF_YEAR)
    return date.fromisoformat(period) if period else date.max


def policy_on(
    rules: RuleSet,
    day: str | date | None = None,
    *,
    year: int | None = None,
    carry: Carry = "nominal",
    uprated_to: int | None = None,
    income: str | None = None,
    not_before: date = date.min,
    recorded_to: date = date.max,
) -> Policy:
    """Return the policy of a rule set on a day, or averaged over the months of a year.

    Figures are averaged; of rules that change within the year those of 1 July hold for all of it.

    Parameters
    ----------
    rules : RuleSet
    day : str or date
        ISO date such as ``"2022-07-01"``.
    year : int
        Instead of a day.
    carry : {"nominal", "indexed"}
        Whether figures whose record has ended stand as they are, or grow with what the law ties
        them to.
    uprated_to : int
        With a day: the year in whose prices all amounts of that day are given.
    income : str
        Parameter that amounts without a reference are uprated with.
    not_before : date
        First day for which the record as a whole is complete.
    recorded_to : date
        Last day for which it is; a later law is carried forward, with a warning.

    Raises
    ------
    DateError
        When neither or both are given, the date is malformed, it is before the record, or so
        long after it that no figure would mean anything.

    Warns
    -----
    LawWarning
        After the last recorded day, and when a rule changes within the year.
    """
    if (day is None) == (year is None):
        raise DateError("give either a day such as '2022-07-01' or year=2023")
    if year is not None and uprated_to is not None:
        raise DateError("uprated_to goes with a day, as in law('2022-07-01', uprated_to=2025)")
    first = _day(day) if year is None else date(_year(year, "year"), 1, 1)
    _check_recorded(first, not_before, recorded_to)
    period = str(first if year is None else first.year)
    told, zh = period, f"{period} 法规"
    if year is not None:
        zh = f"{period} 年法规"
        _warn_of_changes(rules, first.year)
    if uprated_to is not None:
        uprated_to = _year(uprated_to, "uprated_to")
        _check_recorded(date(uprated_to, 1, 1), first.replace(month=1, day=1), recorded_to)
        told += f" uprated to {uprated_to}"
        zh += f"（增长到 {uprated_to} 年）"
    dating = Dating(period, carry, uprated_to, income)
    label, in_force = f"law {told}", rules.on(_day_of(period))
    policy = Policy(in_force, _values_on(rules, dating), label, period, recorded_to, dating, zh)
    if policy.is_beyond_record:
        tell(
            "law {period}: the law is recorded to {recorded_to}; {number} figures are "
            "carried forward ({carry}), see policy.carried()",
            told,
            recorded_to,
            len(policy.carried()),
            carry,
            category=LawWarning,
        )
    return policy


@lru_cache(maxsize=64)  # sessions and worked cases ask for the same few days again and again
def _values_on(rules: RuleSet, dating: Dating) -> Mapping[str, ParameterValue]:
    return FrozenMapping(dating.values(rules.parameters))


def _warn_of_changes(rules: RuleSet, year: int) -> None:
    changed = changing(rules.versions, date(year, 1, 1), date(year, 12, 31))
    if changed:
        tell(
            "law {year}: {names} changes within the year; the rule of 1 July holds for all of it, "
            "and a day such as law('{year}-12-31') has its own",
            year,
            joined(changed),
            category=LawWarning,
        )


def _year(year: Any, key: str) -> int:
    if not is_whole(year) or not 1 <= year <= 9999:
        raise DateError(
            "{key} {year!r} is not a calendar year; give for example {key}=2023", key, year
        )
    return int(year)


def _check_recorded(day: date, first: date, last: date) -> None:
    if day < first:
        raise DateError("the law is recorded from {first} on; {day} lies before it", first, day)
    if day.year > last.year + LONGEST_CARRY:
        raise DateError(
            "the law is recorded to {last} and is carried forward for "
            "{longest_carry} years at most, to {year}; {year2} lies after that",
            last,
            LONGEST_CARRY,
            last.year + LONGEST_CARRY,
            day.year,
        )


def _day(day: str | date | None) -> date:
    # The missing date of pandas is a date that equals nothing.
    if isinstance(day, date | np.datetime64) and day != day:  # noqa: PLR0124
        raise DateError("the day is missing (NaT); write for example '2022-07-01'")
    if isinstance(day, datetime):
        return day.date()
    if isinstance(day, date):
        return day
    try:
        return date.fromisoformat(str(day))
    except ValueError as error:
        raise DateError("{day!r} is not a date; write for example '2022-07-01'", day) from error


_TOLD = 3


def _told(reform: Reform) -> str:
    """Return what a reform without a label changes, for the label of the policy."""
    names = list(dict.fromkeys([*reform.parameters, *(rule.name for rule in reform.rules)]))
    left = len(names) - _TOLD
    more = Message(" and {more} more", left) if left > 0 else ""
    return Message("{names}{more}", joined(names[:_TOLD]), more)
