"""The plan of a place as data: its clauses, targets and levers, and the scenarios they make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from olive.errors import PlanError
from olive.places.plan.clause_files import Clause
from olive.places.plan.headline import Target, read_targets
from olive.places.plan.lever_files import Lever, levers_of
from olive.places.plan.monitoring import Observation, Progress, monitor, monitored
from olive.places.plan.plan_files import PlaceOfPlan, PlanFiles

if TYPE_CHECKING:
    from olive.engine import Reform
    from olive.places.plan.coverage import CoverageRow
    from olive.places.plan.scenarios import ScenarioName


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Plan(PlanFiles):
    """The plan of a place.

    ``olive.plan`` is that of the default place, ``olive.place(name).plan`` that of another.
    """

    def __repr__(self) -> str:
        """Return place and title."""
        return f"Plan({self.place.name}: {self.title})"

    @property
    def year(self) -> int:
        """The year that its headline targets are for."""
        return self.targets()[0].year

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
        return levers_of(self)

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
def plan_of(place: PlaceOfPlan) -> Plan:
    """Return the plan of a place.

    Raises
    ------
    PlanError
        When it has none.
    """
    if place.plan_folder is None:
        raise PlanError("the place {name!r} has no plan", place.name)
    return Plan(place, place.plan_folder)
