"""The law of Taizhou as a policy: every topic's rules with the parameters of a day or a year."""

from __future__ import annotations

import importlib
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from olive.china.columns import catalogue
from olive.engine.policy import policy_on
from olive.engine.reform import Reform
from olive.engine.ruleset import RuleSet

if TYPE_CHECKING:
    from types import ModuleType

    from olive.engine.carrying import Carry
    from olive.engine.policy import Policy

FIRST_DAY = date(2019, 1, 1)
LAST_DAY = date(2026, 11, 23)
#: What amounts grow with where the law ties them to nothing.
INCOME = "income_per_head"

#: The statute alone: everybody declares and pays in full. `law(...) | FULL_COMPLIANCE` is what an
#: official would compute by hand, and what worked cases are checked against.
FULL_COMPLIANCE = Reform(
    {
        "contribution_base_compliance": 1.0,
        "operating_tax_compliance": 1.0,
        "rental_tax_compliance": 1.0,
    },
    label="full compliance",
    zh="足额申报缴纳",
)

_FOLDERS = {"china": Path(__file__).parents[2] / "china" / "law", "taizhou": Path(__file__).parent}
_NOT_TOPICS = {"__init__", "in_force"}


@cache
def topics() -> tuple[str, ...]:
    """Return the names of all topics: each is ``topic.py`` beside ``topic.yaml``."""
    return tuple(sorted(_places()))


@cache
def _places() -> dict[str, str]:
    return {
        path.stem: pack
        for pack, folder in _FOLDERS.items()
        for path in folder.glob("*.py")
        if path.stem not in _NOT_TOPICS
    }


@cache
def topic_module(topic: str) -> ModuleType:
    """Return the module that holds the rules of a topic."""
    return importlib.import_module(f"olive.{_places()[topic]}.law.{topic}")


@cache
def rule_set() -> RuleSet:
    """Return all rules of all topics, fitted together."""
    modules = [topic_module(topic) for topic in topics()]
    files = [_FOLDERS[_places()[topic]] / f"{topic}.yaml" for topic in topics()]
    return RuleSet.build(
        modules, columns=catalogue(), parameter_files=[path for path in files if path.exists()]
    )


def law(
    day: str | date | None = None,
    *,
    year: int | None = None,
    carry: Carry = "nominal",
    uprated_to: int | None = None,
) -> Policy:
    """Return the law in force on a day, or weighted by months over a year, as a policy.

    Amounts are annualised: a standard of 1,041 yuan a month is 12,492 yuan a year. The law is as it
    is carried out: take-up and compliance rates are among its parameters, each a named assumption.

    Parameters
    ----------
    day : str or date
        ISO date such as ``"2022-07-01"``.
    year : int
        Instead of a day: mid-year changes are weighted by months.
    carry : {"nominal", "indexed"}
        What becomes of a figure whose record has ended: it stands as it was, or it grows with what
        the law ties it to (dibao with consumption, contribution bounds with wages).
        ``policy.carried()`` lists them.
    uprated_to : int
        With a day: the law of that day with all its amounts grown to a year, each with what the law
        ties it to, the others (tax brackets, deductions) with income per head. It is what a
        government that changes nothing but prices would have, the counterfactual of Bargain and
        Callan (2010); the law of the day as it is lets growing incomes run into old brackets.

    Raises
    ------
    DateError
        Before 2019, for which no law is recorded, or more than 25 years after the record.

    Warns
    -----
    LawWarning
        After the last recorded day.

    References
    ----------
    Bargain, O. and Callan, T. (2010): Analysing the effects of tax-benefit reforms on income
    distribution: a decomposition approach. Journal of Economic Inequality 8(1).

    Examples
    --------
    >>> law("2022-07-01").values["basic_deduction"].datum
    60000.0
    >>> law("2022-07-01", uprated_to=2025).values["basic_deduction"].datum > 60000
    True
    """
    return policy_on(
        rule_set(),
        day,
        year=year,
        carry=carry,
        uprated_to=uprated_to,
        income=INCOME,
        not_before=FIRST_DAY,
        recorded_to=LAST_DAY,
    )
