"""The clauses of the plan, read once from ``clauses.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, get_args

import yaml

from olive.errors import PlanError, nearest
from olive.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

Comparator = Literal[">=", "<=", ">", "="]
Kind = Literal[
    "target", "indicator", "income_lever", "labour_market_lever", "cost_lever", "governance"
]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that a clause names.

    Attributes
    ----------
    value : float
        The number, in ``unit``.
    unit : str
        In words, for example ``"yuan/person/year"`` or ``"percent of villages"``.
    comparator : {">=", "<=", ">", "="}
        How the wording is read: 以上, 达到 and 不低于 as at least, 以下 as at most, 超 as more
        than.
    deadline_year : int or None
        The year by which, where the clause names one.
    period : str
        ``"level"``, ``"annual flow"``, ``"cumulative 2021-2025"`` or ``"stock or flow open"``;
        quantities of different periods must not be mixed.
    note : str
        What was read into the wording, if anything.
    """

    value: float
    unit: str
    comparator: Comparator
    deadline_year: int | None
    period: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One measure, target or indicator of the plan.

    Attributes
    ----------
    id : str
        For example ``"path.11.dibao_floor"``: part, item and a name.
    section : str
        Heading in the plan, in Chinese.
    item : int or None
        Number of the paragraph, where it has one.
    quote_zh : str
        The words of the plan, without white space.
    summary : str
        What the clause says, in English.
    kind : str
        What it is to a model: a target, an indicator, a lever on income, on the labour market
        or on household costs, or governance.
    affected_group : str
        Whom it is about.
    income_component : str
        Which part of income or cost it would change; ``"none"`` where none.
    modellable : {"direct", "assumption", "no"}
        ``"direct"`` when the text gives all numbers, ``"assumption"`` when some are open.
    quantity : Quantity or None
        The number, where there is one. The plan states no baseline for any.
    assumption_parameters : tuple of str
        What the text leaves open.
    note : str
        How a model may read the clause.
    """

    id: str
    section: str
    item: int | None
    quote_zh: str
    summary: str
    kind: Kind
    affected_group: str
    income_component: str
    modellable: Literal["direct", "assumption", "no"]
    quantity: Quantity | None = None
    assumption_parameters: tuple[str, ...] = ()
    note: str = ""


def clauses(*, kind: str | None = None, group: str | None = None) -> tuple[Clause, ...]:
    """Return the clauses of the plan in the order of its text.

    Parameters
    ----------
    kind : str, optional
        Keep the clauses of this kind.
    group : str, optional
        Keep the clauses about this affected group.

    Raises
    ------
    PlanError
        When no clause has such a kind or group; the message names the nearest ones.

    Examples
    --------
    >>> len(clauses())
    233
    >>> [clause.id for clause in clauses(kind="income_lever", group="young_lawyers")]
    ['path.22.trainee_lawyer_min_wage', 'path.22.young_lawyer_subsidy']
    """
    every = tuple(_by_id().values())
    if kind is not None:
        _require("kind", kind, get_args(Kind))
        every = tuple(entry for entry in every if entry.kind == kind)
    if group is not None:
        _require("group", group, {entry.affected_group for entry in _by_id().values()})
        every = tuple(entry for entry in every if entry.affected_group == group)
    return every


def clause(clause_id: str) -> Clause:
    """Return one clause of the plan.

    Raises
    ------
    PlanError
        When there is no such clause; the message names the nearest ones.

    Examples
    --------
    >>> clause("path.11.dibao_floor").quantity.value
    13000.0
    """
    entry = _by_id().get(clause_id)
    if entry is None:
        hint = nearest(clause_id, _by_id())
        message = Message(
            "the plan has no clause {clause_id!r}{hint}; olive.plan.catalogue() lists them all",
            clause_id=clause_id,
            hint=hint,
        )
        raise PlanError(message)
    return entry


def text() -> str:
    """Return the plan itself, in Chinese, as it was put out for consultation.

    Examples
    --------
    >>> "橄榄型社会结构" in text()
    True
    """
    return resources.files("olive.taizhou.plan").joinpath("plan.zh.txt").read_text(encoding="utf-8")


@cache
def _by_id() -> Mapping[str, Clause]:
    content = (
        resources.files("olive.taizhou.plan").joinpath("clauses.yaml").read_text(encoding="utf-8")
    )
    # The C loader is equally safe and seven times as fast; not every PyYAML has it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries = yaml.load(content, Loader=loader)["clauses"]  # noqa: S506
    return {entry["id"]: _clause(entry) for entry in entries}


def _clause(entry: Mapping[str, Any]) -> Clause:
    quantity = entry.get("quantity")
    fields = {
        **entry,
        "quantity": None
        if quantity is None
        else Quantity(**{**quantity, "value": float(quantity["value"])}),
        "assumption_parameters": tuple(entry.get("assumption_parameters", ())),
    }
    return Clause(**fields)


def _require(what: str, value: str, valid: Any) -> None:
    if value not in valid:
        allowed = ", ".join(sorted(valid))
        message = Message(
            "the plan has no clause of {what} {value!r}{hint}; allowed: {allowed}",
            what=what,
            value=value,
            hint=nearest(value, valid),
            allowed=allowed,
        )
        raise PlanError(message)
