"""What the files of a plan hold by themselves: its settings, its text, its clauses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from olive.engine.carrying import Carry
from olive.engine.policy import Policy
from olive.engine.ruleset import RuleSet
from olive.engine.yaml_loader import read_yaml
from olive.errors import PlanError
from olive.native.immutable import ByContent
from olive.places.labels import Label
from olive.places.plan.clause_files import Clause, chosen_clauses, clause_of, read_clauses


class PlaceOfPlan(Protocol):
    """What a plan must know of its place: a `Place` has it, and knows its plan besides."""

    name: str
    currency: Label
    plan_folder: Path | None

    @property
    def rules(self) -> RuleSet:
        """All rules of its law, whatever the day."""

    def law(
        self, day: str | None = None, *, year: int | None = None, carry: Carry = "nominal"
    ) -> Policy:
        """Return its law on a day, or of a year."""

    def __hash__(self) -> int:
        """Tell places apart, for what is kept by place."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PlanFiles(ByContent):
    """The files of a plan.

    Attributes
    ----------
    place : Place
        Whose plan it is; its law gives the parameters that levers move.
    folder : Path
        Holds ``plan.yaml`` (title, day before it, targets, parts), ``clauses.yaml``, ``levers/``,
        and the text.
    """

    place: PlaceOfPlan
    folder: Path

    @property
    def settings(self) -> Mapping[str, Any]:
        """What is read into its text, from ``plan.yaml``."""
        return _settings(self.folder)

    @property
    def title(self) -> str:
        """Its title, as sources name it."""
        return str(self.settings["title"])

    @property
    def frozen_day(self) -> str:
        """The day whose law is taken as the law before the plan."""
        return str(self.settings["frozen_day"])

    def text(self) -> str:
        """Return the plan itself, in its own language.

        Examples
        --------
        >>> import olive
        >>> "橄榄型社会结构" in olive.plan.text()
        True
        """
        (path,) = sorted(self.folder.glob("plan.*.txt")) or (None,)
        if path is None:
            raise PlanError(
                "the text of the plan of {name} is not among its files", self.place.name
            )
        return path.read_text(encoding="utf-8")

    def clauses(self, *, kind: str | None = None, group: str | None = None) -> tuple[Clause, ...]:
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
        >>> import olive
        >>> len(olive.plan.clauses())
        233
        >>> [x.id for x in olive.plan.clauses(kind="income_lever", group="young_lawyers")]
        ['path.22.trainee_lawyer_min_wage', 'path.22.young_lawyer_subsidy']
        """
        return chosen_clauses(tuple(read_clauses(self.folder).values()), kind, group)

    def clause(self, clause_id: str) -> Clause:
        """Return one clause of the plan.

        Raises
        ------
        PlanError
            When there is no such clause; the message names the nearest ones.

        Examples
        --------
        >>> import olive
        >>> olive.plan.clause("path.11.dibao_floor").quantity.value
        13000.0
        """
        return clause_of(read_clauses(self.folder), clause_id)


@cache
def _settings(folder: Path) -> Mapping[str, Any]:
    settings: Mapping[str, Any] = read_yaml(folder / "plan.yaml")
    return settings
