"""The report's content: three laws side by side, programmes, assumptions, labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from olive.analysis.comparing import compare
from olive.analysis.table import Table
from olive.analysis.words import COLUMNS, Label
from olive.engine.reform import Reform
from olive.errors import DataError
from olive.plan import FROZEN_DAY, scenario
from olive.policy import law
from olive.policy.programmes import PROGRAMMES
from olive.population import Population
from olive.report.ingredients import Assumption, Programme, assumptions_of, programme_costs
from olive.simulation import DEFAULT_OUTPUTS, simulate

if TYPE_CHECKING:
    from olive.simulation.result import Result
    from olive.statistics.money import Closed

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
        Reform files, each carried out by itself.
    on : {"law", "plan"}
        What reforms are laid on, and compared with: the law in force, or the plan.
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
    on: Literal["law", "plan"] = "law"
    seed: int = 1
    closed: Closed = "low"
    model_range: bool = True


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
    programme_notes: tuple[Label, ...] = ()
    base: str = "in force"  # what reforms are laid on and compared with
    chinese_labels: dict[str, str] = field(default_factory=dict)  # of the reforms' columns

    @property
    def reforms(self) -> tuple[str, ...]:
        """Labels of the policies that are reforms of the user."""
        return self.policies[PLAN_POSITION + 1 :]


def build_report(
    request: ReportRequest, progress: Callable[[int, int], None] | None = None
) -> Report:
    """Simulate the frozen law, the law in force and the plan in one pass, and measure them.

    Raises
    ------
    OliveError
        For a folder, year or reform that cannot be used; before any simulation.
    """
    reforms = [_read(path) for path in request.reforms]
    population = chosen_population(request)
    in_force = law(year=population.year).renamed("in force")
    laws = [
        law(FROZEN_DAY).renamed("frozen"),
        in_force,
        (in_force | scenario()).renamed("plan"),
    ]
    base = laws[_base_position(request)]
    policies = [*laws, *((base | reform).renamed(reform.label) for reform in reforms)]
    programmes = [name for name in PROGRAMMES if name in in_force.rules.rules]
    result = simulate(
        population,
        policies,
        outputs=(*DEFAULT_OUTPUTS, *programmes),
        seed=request.seed,
        progress=progress,
    )
    report = report_on(result, programmes, request)
    named = zip(report.reforms, reforms, strict=True)
    return replace(
        report, chinese_labels={label: reform.zh for label, reform in named if reform.zh}
    )


def change_column(label: str) -> str:
    """Return the name of the column with what a reform changes.

    >>> change_column("floor")
    'change of floor'
    """
    return f"change of {label}"


def _read(path: Path) -> Reform:
    """Read a reform whose label can head a column."""
    reform = Reform.read(path)
    if reform.label in {*COLUMNS, "frozen", "in force", "plan"}:
        raise DataError(
            f"{path}: the label {reform.label!r} is the name of another column of the report; "
            "give the reform another `label`"
        )
    return reform


def _base_position(request: ReportRequest) -> int:
    return PLAN_POSITION if request.on == "plan" else IN_FORCE_POSITION


def report_on(result: Result, programmes: Sequence[str], request: ReportRequest) -> Report:
    """Measure a result of the three laws (frozen, in force, plan, then any further policies)."""
    population = result.population
    weight = population.weight
    size = result.values("household_size")
    base = result.labels[_base_position(request)]
    targets = compare(
        result,
        IN_FORCE_POSITION,
        PLAN_POSITION,
        closed=request.closed,
        model_range=request.model_range,
    ).targets()
    costs, hidden = programme_costs(result, programmes)
    return Report(
        place="台州 Taizhou" if population.is_synthetic else "-",
        year=population.year,
        synthetic=population.is_synthetic,
        sample_households=len(population),
        households=float(weight.sum()),
        persons=float((weight * size).sum()),
        policies=result.labels,
        targets=_with_changes(targets, result.labels[PLAN_POSITION + 1 :], base),
        programmes=costs,
        assumptions=assumptions_of(result.policies, (*DEFAULT_OUTPUTS, *programmes)),
        notes=(*population.notes, *result.notes),
        frozen_day=FROZEN_DAY,
        provenance={name: str(value) for name, value in asdict(result.provenance).items()},
        programme_notes=hidden,
        base=base,
    )


def _with_changes(targets: Table, reforms: Sequence[str], base: str) -> Table:
    """Return the table with what each reform changes of the policy that it is laid on."""
    if not reforms:
        return targets
    frame = targets.frame.assign(
        **{change_column(label): targets.frame[label] - targets.frame[base] for label in reforms}
    )
    added = {change_column(label): label for label in reforms}
    return replace(
        targets,
        frame=frame,
        units={**targets.units, **{name: targets.units[label] for name, label in added.items()}},
        labels={
            **targets.labels,
            **{
                name: Label(f"变化（{label}－{base}）", f"change ({label} - {base})")
                for name, label in added.items()
            },
        },
    )


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
        # Own data keep their weights; the synthetic city is of a census and is aged too.
        bring = population.age if population.is_synthetic else population.uprate
        population = bring(request.year)
    return population
