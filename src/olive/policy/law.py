"""The law of Taizhou as a policy: every topic's rules with the parameters of a day or a year."""

from __future__ import annotations

import importlib
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from olive.columns import catalogue
from olive.engine.policy import policy_on
from olive.engine.reform import Reform
from olive.engine.ruleset import RuleSet

if TYPE_CHECKING:
    from olive.engine.policy import Policy

FIRST_DAY = date(2019, 1, 1)

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

_FOLDER = Path(__file__).parent
_NOT_TOPICS = {"__init__", "law", "codes", "programmes"}


@cache
def topics() -> tuple[str, ...]:
    """Return the names of all topics: each is ``topic.py`` beside ``topic.yaml``."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.py") if path.stem not in _NOT_TOPICS))


@cache
def rule_set() -> RuleSet:
    """Return all rules of all topics, fitted together."""
    modules = [importlib.import_module(f"olive.policy.{topic}") for topic in topics()]
    files = [_FOLDER / f"{topic}.yaml" for topic in topics()]
    return RuleSet.build(
        modules, columns=catalogue(), parameter_files=[path for path in files if path.exists()]
    )


def law(day: str | date | None = None, *, year: int | None = None) -> Policy:
    """Return the law in force on a day, or weighted by months over a year, as a policy.

    Amounts are annualised: a standard of 1,041 yuan a month is 12,492 yuan a year. The law is as it
    is carried out: take-up and compliance rates are among its parameters, each a named assumption.

    Parameters
    ----------
    day : str or date
        ISO date such as ``"2022-07-01"``.
    year : int
        Instead of a day: mid-year changes are weighted by months.

    Raises
    ------
    DateError
        Before 2019, for which no law is recorded.

    Examples
    --------
    >>> law("2022-07-01").values["basic_deduction"].datum
    60000.0
    """
    return policy_on(rule_set(), day, year=year, not_before=FIRST_DAY)
