"""The report's content: three laws side by side, programmes, assumptions, labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from olive.analysis.comparing import compare
from olive.analysis.table import Table
from olive.engine.parameters import ParameterValue
from olive.engine.reform import Reform
from olive.errors import DataError
from olive.plan import FROZEN_DAY, scenario
from olive.policy import law
from olive.policy.programmes import PROGRAMMES
from olive.population import Population
from olive.simulation import DEFAULT_OUTPUTS, simulate

if TYPE_CHECKING:
    from olive.engine.policy import Policy
    from olive.simulation.result import Result
    from olive.statistics.points import Closed

IN_FORCE_POSITION, PLAN_POSITION = 1, 2
STEADY_HOUSEHOLDS = 20_000


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What to report on.

    Attributes
    ----------
    year : int or None
        The data's year when None.
    households : int or None
        Sample size of a generated city; the shipped sample when None.
    folder : Path or None
        A population of the user's own.
    reforms : tuple of Path
        Reform files, each carried out on the law in force.
    seed : int
    closed : {"low", "high", "both", "neither"}
        Which ends belong to the income brackets.
    model_range : bool
        Whether to compute the model range of synthetic data.
    """

    year: int | None = None
    households: int | None = None
    folder: Path | None = None
    reforms: tuple[Path, ...] = ()
    seed: int = 1
    closed: Closed = "low"
    model_range: bool = True


@dataclass(frozen=True, slots=True)
class Programme:
    """Cost of a cash programme under every policy, and who receives it under the plan.

    ``cost`` is in yuan a year over the whole population; ``receiving`` in weighted households.
    """

    id: str
    zh: str
    en: str
    cost: tuple[float, ...]
    receiving: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Assumption:
    """A parameter that is neither law nor published, with the policies that used it."""

    parameter: str
    zh: str
    en: str
    value: str
    unit: str
    status: str
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """Everything that the report prints."""

    place: str
    year: int
    synthetic: bool
    sample_households: int
    households: float
    persons: float
    policies: tuple[str, ...]
    targets: Table
    programmes: tuple[Programme, ...]
    assumptions: tuple[Assumption, ...]
    notes: tuple[str, ...]
    frozen_day: str
    provenance: dict[str, str]
    chinese_labels: dict[str, str] = field(default_factory=dict)  # of the reforms' columns


def build_report(
    request: ReportRequest, progress: Callable[[int, int], None] | None = None
) -> Report:
    """Simulate the frozen law, the law in force and the plan in one pass, and measure them.

    Raises
    ------
    OliveError
        For a folder, year or reform that cannot be used; before any simulation.
    """
    population = chosen_population(request)
    in_force = law(year=population.year).renamed("in force")
    reforms = [Reform.read(path) for path in request.reforms]
    policies = [
        law(FROZEN_DAY).renamed("frozen"),
        in_force,
        (in_force | scenario()).renamed("plan"),
        *((in_force | reform).renamed(reform.label) for reform in reforms),
    ]
    programmes = [name for name in PROGRAMMES if name in in_force.rules.rules]
    result = simulate(
        population,
        policies,
        outputs=(*DEFAULT_OUTPUTS, *programmes),
        seed=request.seed,
        progress=progress,
    )
    labels = result.labels[PLAN_POSITION + 1 :]
    chinese = {label: reform.zh for label, reform in zip(labels, reforms, strict=True) if reform.zh}
    return replace(report_on(result, programmes, request), chinese_labels=chinese)


def report_on(result: Result, programmes: Sequence[str], request: ReportRequest) -> Report:
    """Measure a result of the three laws (frozen, in force, plan, then any further policies)."""
    population = result.population
    weight = population.weight
    size = result.values("household_size")
    return Report(
        place="台州 Taizhou" if population.is_synthetic else "-",
        year=population.year,
        synthetic=population.is_synthetic,
        sample_households=len(population),
        households=float(weight.sum()),
        persons=float((weight * size).sum()),
        policies=result.labels,
        targets=compare(
            result,
            IN_FORCE_POSITION,
            PLAN_POSITION,
            closed=request.closed,
            model_range=request.model_range,
        ).targets(),
        programmes=tuple(_programme(result, name) for name in programmes),
        assumptions=_assumptions(result.policies, (*DEFAULT_OUTPUTS, *programmes)),
        notes=(*_few(population), *population.notes, *result.notes),
        frozen_day=FROZEN_DAY,
        provenance={name: str(value) for name, value in asdict(result.provenance).items()},
    )


def _few(population: Population) -> tuple[str, ...]:
    """Warn of a generated city whose figures move much from seed to seed."""
    if not population.is_synthetic or len(population) >= STEADY_HOUSEHOLDS:
        return ()
    note = (
        f"only {len(population):,} sample households: figures of small groups, dibao above all, "
        f"are unsteady below {STEADY_HOUSEHOLDS:,}"
    )
    return (note,)


def chosen_population(request: ReportRequest) -> Population:
    """Return the population that a request names: own data, generated, or the shipped sample."""
    if request.folder is not None and request.households is not None:
        raise DataError("give either --population or --households, not both")
    if request.folder is not None:
        population = Population.read(request.folder)
    elif request.households is not None:
        population = Population.synthetic(households=request.households, seed=request.seed)
    else:
        population = Population.shipped()
    if request.year is not None and request.year != population.year:
        population = population.uprate(request.year)
    return population


def _programme(result: Result, name: str) -> Programme:
    weight = result.population.weight
    rule = result.policies[0].rules.rules[name]
    amounts = [result.values(name, position) for position in range(len(result.policies))]
    return Programme(
        name,
        rule.zh,
        rule.en,
        tuple(float(np.sum(weight * amount)) for amount in amounts),
        tuple(float(np.sum(weight[amount > 0])) for amount in amounts),
    )


def _assumptions(policies: Sequence[Policy], outputs: Sequence[str]) -> tuple[Assumption, ...]:
    """Return each parameter that some policy used and that is neither law nor published."""
    found: dict[tuple[str, str], Assumption] = {}
    for policy in policies:
        used = policy.rules.depends_on(outputs)
        for name, value in policy.uncertain().items():
            if name in used:
                parameter = policy.rules.parameters[name]
                found.setdefault(
                    (name, _shown(value)),
                    Assumption(
                        name,
                        parameter.zh,
                        parameter.en,
                        _shown(value),
                        parameter.unit,
                        value.status,
                        value.source or parameter.note,
                    ),
                )
    return tuple(found[key] for key in sorted(found))


def _shown(value: ParameterValue) -> str:
    figures = value.vector()
    if figures.size == 1:
        return f"{figures[0]:,.6g}"
    finite = figures[np.isfinite(figures)]
    return f"{finite.min():,.6g} … {finite.max():,.6g}"
