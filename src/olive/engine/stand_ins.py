"""Codes that a table of parameters does not have, and whose figures stand in for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

StandIns = Mapping[str, Mapping[str, str]]
_FIRM = ("law", "published")


def with_stand_ins(definition: Any, stand_ins: StandIns) -> Any:
    """Return a definition of a parameter file whose tables have the codes that are to be filled.

    A table that has a code keeps its own figure. Where another code's figure stands in, a firm
    status becomes ``proxy``. Codes that stand in only are left out. What is no table over one of
    the columns, which have the codes of the place and whose figure each takes, stays as it is.

    Examples
    --------
    >>> table = {"by": "county", "values": [{"value": {"linhai": 7}, "status": "law"}]}
    >>> with_stand_ins(table, {"county": {"all": "linhai"}})["values"]
    [{'value': {'all': 7}, 'status': 'proxy'}]
    """
    if not isinstance(definition, Mapping) or not isinstance(definition.get("values"), list):
        return definition
    by = definition.get("by")
    axes = [by] if isinstance(by, str) else by if isinstance(by, list) else []
    if definition.get("keys") is not None or not set(axes) & set(stand_ins):
        return definition
    entries = [_entry(each, axes, stand_ins) for each in definition["values"]]
    return {**definition, "values": entries}


def _entry(entry: Any, axes: list[Any], stand_ins: StandIns) -> Any:
    if not isinstance(entry, Mapping):
        return entry
    filled = _filled(entry.get("value"), axes, stand_ins)
    if filled == entry.get("value"):
        return entry
    status = "proxy" if entry.get("status") in _FIRM else entry.get("status")
    return {**entry, "value": filled, "status": status}


def _filled(value: Any, axes: list[Any], stand_ins: StandIns) -> Any:
    if not axes or not isinstance(value, Mapping):
        return value
    inner = {key: _filled(each, axes[1:], stand_ins) for key, each in value.items()}
    codes = stand_ins.get(axes[0], {})
    if not codes or not any(code in inner or codes[code] in inner for code in codes):
        return inner
    return {
        code: inner[code if code in inner else stand_in]
        for code, stand_in in codes.items()
        if code in inner or stand_in in inner
    }
