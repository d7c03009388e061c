"""Errors that a user meets: what is wrong, where, the nearest valid name, how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class OliveError(ValueError):
    """Root of every error that olive raises on purpose; its message is one readable paragraph."""


class DataError(OliveError):
    """A table or a column of the user's data cannot be used."""


class RuleError(OliveError):
    """A rule, or the set of rules, is not well formed."""


class TraceError(RuleError):
    """A rule uses something outside the vocabulary, so it cannot be read as an expression."""


class UnitError(RuleError):
    """A rule combines quantities whose units do not agree."""


class ParameterError(OliveError):
    """A parameter file has faults; the message lists all of them."""


class ReformError(OliveError):
    """A reform names an unknown parameter, or a value that is out of range."""


class DateError(OliveError):
    """A date lies outside the period for which the law is known."""


class PlanError(OliveError):
    """A clause, target or scenario of the plan is unknown."""


class ReformWarning(UserWarning):
    """A reform can be carried out but looks like a slip, such as a monthly figure for a year."""


def nearest(name: str, valid: Iterable[str]) -> str:
    """Return a hint such as ``; did you mean 'dibao_standard'?``, or an empty string.

    >>> nearest("dibao_standart", ["dibao_standard", "weight"])
    "; did you mean 'dibao_standard'?"
    >>> nearest("zzz", ["dibao_standard"])
    ''
    """
    matches = difflib.get_close_matches(name, list(valid), n=3, cutoff=0.6)
    if not matches:
        return ""
    return "; did you mean " + " or ".join(repr(match) for match in matches) + "?"
