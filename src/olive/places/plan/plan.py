"""The plan of a place as data: its clauses, targets and levers, and the scenarios they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from olive.engine.yaml_loader import read_yaml
from olive.errors import PlanError
from olive.native.immutable import ByContent
from olive.places.plan.clause_files import Clause, chosen_clauses, clause_of, read_clauses
from olive.places.plan.headline import Target, read_targets
from olive.places.plan.lever_files import Lever, read_levers
from olive.places.plan.monitoring import Observation, Progress, monitor, monitored

if TYPE_CHECKING:
    from olive.engine import Reform
    from olive.places.place import Place
    from olive.places.plan.coverage import CoverageRow
    from olive.places.plan.scenarios import ScenarioName


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Plan(ByContent):
    """The plan of a place.

    ``olive.plan`` is that of the default place, ``olive.place(name).plan`` that of another.

    Attributes
    ----------
    place : Place
        Whose plan it is; its law gives the parameters that levers move.
    folder : Path
        Holds ``plan.yaml`` (title, day before it, targets, parts), ``clauses.yaml``, ``levers/``,
        and the text.
    """

    place: Place
    folder: Path

    def __repr__(self) -> str:
        """Return place and title."""
        return f"Plan({self.place.name}: {self.title})"

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

    @property
    def year(self) -> int:
        """The year that its headline targets are for."""
        return self.targets()[0].year

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
                "the text of the plan of {name} is not among its files", name=self.place.name
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

    def targets(self) -> tuple[Target, ...]:
        """Return the headline targets, in the order of the plan; see `Target`.

        Examples
        --------
        >>> import olive
        >>> [(target.value, target.bounds) for target in olive.plan.targets()]
        [(75000.0, None), (0.7, (100000.0, 500000.0)), (0.45, (200000.0, 600000.0))]
        """
        return read_targets(self)

    def levers(self) -> tuple[Lever, ...]:
        """Return the levers of the plan: which parameters carry out which clauses, and to what.

        Examples
        --------
        >>> import olive
        >>> (x,) = [x for x in olive.plan.levers() if "path.11.dibao_floor" in x.clauses]
        >>> x.topic, x.parameters, x.operations[0].value
        ('social_assistance', ('dibao_standard',), 13000)
        """
        return _levers(self)

    def scenario(self, name: ScenarioName = "enabling_growth") -> Reform:
        """Return one of the three scenarios of the plan, as a reform of any law of its place.

        See `olive.places.plan.scenarios.scenario`, which says what the three are.
        """
        from olive.places.plan.scenarios import scenario  # noqa: PLC0415 - reads all levers

        return scenario(self, name)

    def credited_elsewhere(self) -> Reform:
        """Return what the plan mentions but is not its effect: national and earlier measures."""
        from olive.places.plan.scenarios import credited_elsewhere  # noqa: PLC0415

        return credited_elsewhere(self)

    def parts(self, *, letter: bool = False) -> Mapping[str, Reform]:
        """Return the levers of the plan in the parts of ``plan.yaml``; together, the scenario.

        Parameters
        ----------
        letter : bool
            Only figures that stand in the plan's text, as in ``scenario("letter")``.

        Examples
        --------
        >>> import olive
        >>> list(olive.plan.parts())[:3]
        ['work', 'skills', 'business']
        """
        from olive.places.plan.parts import parts  # noqa: PLC0415

        return parts(self, letter=letter)

    def by_clause(self) -> Mapping[str, Mapping[str, Reform]]:
        """Return the levers of the plan one by one: by part, and by the first clause of each.

        Examples
        --------
        >>> import olive
        >>> "path.11.dibao_floor" in olive.plan.by_clause()["assistance"]
        True
        """
        from olive.places.plan.parts import by_clause  # noqa: PLC0415

        return by_clause(self)

    def coverage(self) -> tuple[CoverageRow, ...]:
        """Return how every clause of the plan is modelled, or why it is not."""
        from olive.places.plan.coverage import coverage  # noqa: PLC0415

        return coverage(self)

    def monitored(self) -> tuple[Clause, ...]:
        """Return the clauses that can be monitored: targets and indicators."""
        return monitored(self)

    def monitor(self, observations: Iterable[Observation]) -> tuple[Progress, ...]:
        """Return how far each indicator and target has come; see `Progress`."""
        return monitor(self, observations)

    def read_observations(self, path: str | Path) -> Sequence[Observation]:
        """Read observed values from a CSV file with the columns clause, year, value, source."""
        from olive.places.plan.monitoring import read_observations  # noqa: PLC0415

        return read_observations(self, path)


@cache
def plan_of(place: Place) -> Plan:
    """Return the plan of a place.

    Raises
    ------
    PlanError
        When it has none.
    """
    if place.plan_folder is None:
        raise PlanError("the place {name!r} has no plan", name=place.name)
    return Plan(place, place.plan_folder)


@cache
def _levers(plan: Plan) -> tuple[Lever, ...]:
    return read_levers(plan, plan.folder / "levers")


@cache
def _settings(folder: Path) -> Mapping[str, Any]:
    settings: Mapping[str, Any] = read_yaml(folder / "plan.yaml")
    return settings
