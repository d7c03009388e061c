"""Policies as files hold them: the law, and a reform that makes the policy of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.engine import Operation, Reform
from olive.engine.written import as_written
from olive.errors import DataError
from olive.places.law import law

if TYPE_CHECKING:
    from olive.engine import Policy


def policy_record(policy: Policy) -> dict[str, Any]:
    """Return label, day or year, digest and the reform in the form of a reform file.

    Raises
    ------
    DataError
        When the policy has rules of its own, which a file cannot hold.

    Examples
    --------
    >>> import olive
    >>> policy = olive.law(year=2023) | olive.Reform({"basic_deduction": 72_000})
    >>> [change["value"] for change in policy_record(policy)["reform"]["operations"]]
    [72000.0]
    """
    base = _law(policy.period, policy.place)
    if set(policy.rules.rules) != set(base.rules.rules):
        raise DataError(
            "policy {label!r} has rules of its own, which a file cannot hold; keep "
            "the policies without them",
            policy.label,
        )
    known = policy.rules.parameters
    changes = [
        Operation(
            name, "set", as_written(known[name], each), status=each.status, source=each.source
        )
        for name, each in policy.values.items()
        if not np.array_equal(each.vector(), base.values[name].vector())
    ]
    return {
        "label": policy.label,
        "period": policy.period,
        "digest": policy.digest(),
        "reform": {
            "label": policy.label,
            "zh": policy.zh,
            "operations": [each.as_mapping() for each in changes],
        },
    }


def recorded_policy(record: Mapping[str, Any], place: str) -> Policy:
    """Return the policy of a record; whether it is the same one, its digest says."""
    changes = [
        Operation(
            each["parameter"],
            "set",
            each["value"],
            status=each.get("status", "assumption"),
            source=each.get("source", ""),
        )
        for each in record["reform"]["operations"]
    ]
    policy = _law(record["period"], place) | Reform.from_operations(changes)
    return policy.renamed(record["label"], record["reform"].get("zh", ""))


def _law(period: str, place: str) -> Policy:
    year = len(period) == len("2025")
    return law(year=int(period), place=place) if year else law(period, place=place)
