"""One operation of a reform: what it changes, how, from when, and how firm the figure is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
from pydantic import ValidationError

from olive.engine.parameter_files import PlausibleEntry
from olive.engine.parameters import FIRM_STATUSES, STATUSES, PlausibleRange
from olive.errors import (
    ParameterError,
    ReformError,
    ReformWarning,
    nearest,
    only_keys,
    shown,
    spelled,
    tell,
    told_where,
)
from olive.messages import Message, joined

OperationKind = Literal["set", "at_least", "at_most", "multiply", "add"]
OPERATION_KINDS: tuple[str, ...] = get_args(OperationKind)
_TEXTS = ("clause", "note", "status", "source")
OPERATION_KEYS = ("parameter", "operation", "value", "path", "plausible", *_TEXTS, "credit")
# Whose measure it is: the plan's own, one of state or province, or one taken before the plan.
Credit = Literal["plan", "national", "in_force_before"]
CREDITS: tuple[Credit, ...] = get_args(Credit)
FIRST_YEAR, LAST_YEAR = 1900, 2200  # a year outside is a slip of the pen
# How many times an amount in force exceeds one that was given in another unit: from, to; the period
# of the unit that is meant ("" for any); the question; what the given one has to be multiplied by.
_SLIPS = (
    ((9.0, 15.0), "year", Message("the figure of a month"), 12.0),
    ((1.0 / 15.0, 1.0 / 9.0), "month", Message("the figure of a year"), 1.0 / 12.0),
    ((3_000.0, 30_000.0), "", Message("a figure in 10,000 yuan (万元)"), 10_000.0),
    (
        (30_000.0, 300_000.0),
        "year",
        Message("a figure of a month in 10,000 yuan (万元)"),
        120_000.0,
    ),
)


@dataclass(frozen=True, slots=True)
class Operation:
    """One change: ``parameter`` is set to, raised to, held to, multiplied by or moved by ``value``.

    Attributes
    ----------
    parameter : str
    kind : {"set", "at_least", "at_most", "multiply", "add"}
    value : number or mapping
        None where a path gives the values.
    clause, note, source : str
        Where it stands in a plan, why, and where the figure is from.
    status : str
        How firm the figure is (``"law"``, ``"published"``, ``"assumption"``, ...).
    path : tuple of (year, value)
        Values phased in over the years, ascending; the last one stays.
    plausible : PlausibleRange or None
        The range with its basis, for uncertainty analysis; when None, that of the parameter.
    credit : {"plan", "national", "in_force_before"}
        Whose measure it is. What state or province do anyway, and what was in force before, is
        no effect of a plan that mentions it.
    """

    parameter: str
    kind: OperationKind
    value: Any = None
    clause: str = ""
    note: str = ""
    status: str = "assumption"
    source: str = ""
    path: tuple[tuple[int, Any], ...] = ()
    plausible: PlausibleRange | None = None
    credit: Credit = "plan"

    def __post_init__(self) -> None:
        if not isinstance(self.parameter, str):
            raise ReformError(
                "{parameter} is no name of a parameter; write a text such as 'dibao_standard'",
                shown(self.parameter),
            )
        for what, given, allowed in (
            ("operation", self.kind, OPERATION_KINDS),
            ("status", self.status, STATUSES),
            ("credit", self.credit, CREDITS),
        ):
            if given not in allowed:
                raise ReformError(
                    "{parameter}: {what} {given}; use one of {allowed}{hint}",
                    self.parameter,
                    what,
                    shown(given),
                    joined(allowed),
                    nearest(str(given), allowed),
                )
        object.__setattr__(self, "value", plain_value(self.value))
        steps = self.path.items() if isinstance(self.path, Mapping) else self.path
        dated = ((_year(year, self.parameter), plain_value(value)) for year, value in steps)
        path = tuple(sorted(dated, key=lambda step: step[0]))
        object.__setattr__(self, "path", path)
        if path and self.value is not None:
            raise ReformError(
                "{parameter}: give either `value` or `path`, not both", self.parameter
            )

    def __hash__(self) -> int:
        """Return a hash; the value may be a mapping, which has none."""
        return hash((self.parameter, self.kind, self.clause, self.status, len(self.path)))

    @property
    def is_assumed(self) -> bool:
        """Whether the figure is neither law nor published."""
        return self.status not in FIRM_STATUSES

    def at(self, year: int) -> Operation | None:
        """Return the operation of a year without a path; None before the first year of its path.

        Examples
        --------
        >>> step = Operation("dibao_standard", "at_least", path={2023: 12_000, 2025: 13_000})
        >>> step.at(2024).value, step.at(2030).value, step.at(2022)
        (12000, 13000, None)
        """
        if not self.path:
            return self
        reached = [value for start, value in self.path if start <= year]
        return replace(self, value=reached[-1], path=()) if reached else None

    def as_mapping(self) -> dict[str, Any]:
        """Return the operation as it is written in YAML."""
        written: dict[str, Any] = {"parameter": self.parameter, "operation": self.kind}
        written |= {"path": dict(self.path)} if self.path else {"value": self.value}
        if self.plausible is not None:
            content = asdict(self.plausible)
            written["plausible"] = {"range": [content.pop("low"), content.pop("high")], **content}
        written |= {key: getattr(self, key) for key in _TEXTS if getattr(self, key)}
        return written if self.credit == "plan" else {**written, "credit": self.credit}


def read_operation(entry: object, where: str, **defaults: str) -> Operation:
    """Return the operation of a YAML mapping.

    Parameters
    ----------
    entry : object
        As read from the file.
    where : str
        File and place, for errors.
    **defaults : str
        Texts such as ``clause`` that the entry may leave out.

    Raises
    ------
    ReformError
        When keys are unknown or missing, or a word, status, credit, year or range is not allowed.
    """
    with told_where(where):
        if not isinstance(entry, Mapping):
            raise ReformError("expected keys {operation_keys}", list(OPERATION_KEYS))
        only_keys(entry, OPERATION_KEYS, ReformError)
        for key in ("parameter", "operation"):
            if key not in entry:
                raise ReformError("`{key}` is missing", key)
        if ("value" in entry) == ("path" in entry):
            raise ReformError(
                "`value` is missing (or `path`, a value for each year), or both are given"
            )
        texts = defaults | {key: text_of(entry, key) for key in _TEXTS if key in entry}
        return Operation(
            str(entry["parameter"]),
            entry["operation"],
            entry.get("value"),
            **texts,
            path=_path(entry["path"]) if "path" in entry else (),
            plausible=_plausible(entry.get("plausible")),
            credit=entry.get("credit", "plan"),
        )


def warn_of_slips(change: Operation, unit: str, old: Any, amount: Any) -> None:
    """Warn of a figure that can be carried out but looks like a slip of unit or operation.

    Warns
    -----
    ReformWarning
        When an amount of money stands to the one in force as a month's to a year's, a year's to a
        month's, or an amount in 10,000 yuan (万元) to one in yuan; when ``multiply`` makes nought
        of what is in force.
    """
    money = unit.startswith("yuan") and change.kind in {"set", "at_least"}
    if not money and change.kind != "multiply":  # there is nothing to look for
        return
    given, before = np.broadcast_arrays(np.asarray(amount, float), np.asarray(old, float))
    if change.kind == "multiply":
        lost = before[(given == 0) & (before != 0)]
        if lost.size:
            tell(
                "{parameter}: multiplied by 0, {before:,.12g} becomes 0; no change is a "
                "factor of 1, and `set` to 0 says plainly that nothing is meant",
                change.parameter,
                lost[0],
                category=ReformWarning,
            )
        return
    for (low, high), period, question, factor in _SLIPS:
        slip = (before > given * low) & (before < given * high)
        if slip.any() and (not period or unit == f"yuan/{period}"):
            stated = given[slip][0]
            tell(
                "{parameter}: {given:,.12g} against {before:,.12g} in force; the unit is "
                "{unit}: is this {question} ({given2:,.12g} {unit})?",
                change.parameter,
                stated,
                before[slip][0],
                unit,
                question,
                stated * factor,
                category=ReformWarning,
            )
            return


def text_of(content: Mapping[Any, Any], key: str) -> str:
    """Return a text of a YAML mapping; what stands without quotes may look like a number or a day.

    Raises
    ------
    ReformError
        For a list or a mapping.
    """
    value = content.get(key)
    if isinstance(value, list | tuple | set | Mapping | bytes):
        raise ReformError("`{key}` must be a text, found {value}", key, shown(value))
    return "" if value is None else str(value).strip()


def plain_value(value: Any) -> Any:
    """Return a value of its own, without numpy types, so that it can be written as YAML."""
    if isinstance(value, Mapping):
        return {spelled(key): plain_value(each) for key, each in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return list(value) if isinstance(value, list | tuple) else value


def _path(content: object) -> tuple[tuple[int, Any], ...]:
    if not isinstance(content, Mapping) or not content:
        raise ReformError(
            "`path` must give a value for each year, such as {2023: 12000, 2025: 13000}"
        )
    return tuple((year, value) for year, value in content.items())


def _year(year: object, parameter: str) -> int:
    if isinstance(year, bool) or not isinstance(year, int) or not FIRST_YEAR <= year <= LAST_YEAR:
        raise ReformError(
            "{parameter}: path: {year} is no year; write whole years from "
            "{first_year} to {last_year}, such as 2023",
            parameter,
            shown(year),
            FIRST_YEAR,
            LAST_YEAR,
        )
    return year


def _plausible(content: object) -> PlausibleRange | None:
    if content is None:
        return None
    try:
        return PlausibleEntry.model_validate(content).settled()
    except ValidationError as error:
        raise ReformError(
            "`plausible` must be {{range: [low, high], basis: why}}, found {content}",
            shown(content),
        ) from error
    except ParameterError as error:
        raise ReformError(error.message) from error
