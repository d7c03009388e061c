"""What is taken for granted of a member of a household that is built by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SCHOOL_LEAVING = 16


def completed_member(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a member as given, a wage earner insured as an employee, with a labour status.

    >>> completed_member({"age": 8})["labour_status"]
    'child'
    """
    adult = given["age"] >= _SCHOOL_LEAVING
    if given.get("contractual_wage", 0) > 0:
        added: dict[str, Any] = {
            "pension_scheme": "employee",
            "medical_scheme": "employee",
            "unemployment_insured": True,
            "labour_status": "employee" if adult else "child",
        }
    else:
        added = {"labour_status": "homemaker" if adult else "child"}
    return {**added, **given}
