"""The clauses of a plan, read once from ``clauses.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import yaml

from olive.errors import PlanError, nearest

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


@cache
def read_clauses(folder: Path) -> Mapping[str, Clause]:
    """Return the clauses of ``clauses.yaml`` in a folder, by id, in the order of the text."""
    content = (folder / "clauses.yaml").read_text(encoding="utf-8")
    # The C loader is equally safe and seven times as fast; not every PyYAML has it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries = yaml.load(content, Loader=loader)["clauses"]  # noqa: S506
    return {entry["id"]: _clause(entry) for entry in entries}


def chosen_clauses(
    every: tuple[Clause, ...], kind: str | None, group: str | None
) -> tuple[Clause, ...]:
    """Return the clauses of a kind and of an affected group.

    Raises
    ------
    PlanError
        When no clause has such a kind or group; the message names the nearest ones.
    """
    groups = dict.fromkeys(entry.affected_group for entry in every)
    for what, value, valid in (("kind", kind, get_args(Kind)), ("group", group, [*groups])):
        if value is not None and value not in valid:
            raise PlanError(
                "the plan has no clause of {what} {value!r}{hint}; allowed: {allowed}",
                what,
                value,
                nearest(value, valid),
                ", ".join(sorted(valid)),
            )
    return tuple(
        entry
        for entry in every
        if kind in {None, entry.kind} and group in {None, entry.affected_group}
    )


def clause_of(every: Mapping[str, Clause], clause_id: str) -> Clause:
    """Return one clause.

    Raises
    ------
    PlanError
        When there is no such clause; the message names the nearest ones.
    """
    entry = every.get(clause_id)
    if entry is None:
        raise PlanError(
            "the plan has no clause {clause_id!r}{hint}; olive.plan.clauses() lists them all",
            clause_id,
            nearest(clause_id, every),
        )
    return entry


def _clause(entry: Mapping[str, Any]) -> Clause:
    told = {**entry, "assumption_parameters": tuple(entry.get("assumption_parameters", ()))}
    quantity = entry.get("quantity")
    if quantity is not None:
        told["quantity"] = Quantity(**{**quantity, "value": float(quantity["value"])})
    return Clause(**told)
