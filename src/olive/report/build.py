"""The report's content: which population, which policies, and what the analysis says of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from olive.analysis.assumption_range import assumption_range
from olive.analysis.budget import instrument_labels
from olive.analysis.comparing import compare
from olive.analysis.effects import Effect, effect, with_common_gaps
from olive.analysis.enrolment import EnrolmentMemo, enrolment_memo
from olive.analysis.gains import concepts_of
from olive.analysis.heavy_values import HeavyValue, heavy_values
from olive.analysis.indicators import MEAN, household_sizes, income_variables
from olive.analysis.ingredients import (
    Assumption,
    CarriedAmount,
    assumptions_of,
    carried_amounts,
)
from olive.analysis.outlook import GrowthOutlook, growth_outlook
from olive.analysis.pairs import PolicyPair
from olive.analysis.plan_parts import PlanParts, difference_of, plan_parts
from olive.analysis.public_purse import all_instruments, entitlements_of
from olive.analysis.table import Table
from olive.analysis.thin_data import thin_data
from olive.analysis.verdicts import (
    THE_LAW,
    THE_PLAN,
    decisive_sentence,
    definition_sentence,
    sign_sentence,
    verdict_sentences,
    verdicts,
)
from olive.analysis.words import COLUMNS
from olive.engine.arguments import DEFAULT_SEED
from olive.engine.reform import Reform
from olive.errors import DataError
from olive.places.labels import Label
from olive.population import Population
from olive.simulation import simulate

if TYPE_CHECKING:
    from olive.analysis.assumption_range import AssumptionRanges
    from olive.engine.policy import Policy
    from olive.places.place import Place
    from olive.simulation.result import Result
    from olive.statistics.money import Closed

FROZEN, FROZEN_INDEXED, IN_FORCE = "frozen", "frozen, indexed", "in force"
CREDITED, PLAN = "credited elsewhere", "plan"
YEAR_BEFORE = "year before"  # where there is no plan
_NAMED = (FROZEN, FROZEN_INDEXED, IN_FORCE, CREDITED, PLAN, YEAR_BEFORE)
STEADY_HOUSEHOLDS = 20_000
_ENROLMENT = ("pays_enterprise_pension", "enterprise_pension_contribution", "pension_accrued")


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What to report on.

    Attributes
    ----------
    year : int or None
        The plan's target year when None, or that of the data where they are later or where there
        is no plan.
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
        Whether to compute the range over recipes of synthetic data.
    parts : bool
        Whether to compute what each part of the plan contributes where that is not shipped.
    """

    year: int | None = None
    households: int | None = None
    folder: Path | None = None
    reforms: tuple[Path, ...] = ()
    on: Literal["law", "plan"] = "law"
    seed: int = DEFAULT_SEED
    closed: Closed = "low"
    model_range: bool = True
    parts: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """Everything that the report shows.

    Attributes
    ----------
    place : Place
    year, data_year : int
        Of the report, and of the data as they came.
    target_year : int or None
        Of the plan's targets; None without a plan.
    synthetic : bool
    sample_households : int
    households, persons : float
    result : Result
        What was simulated; for charts.
    headline : tuple of Label
        The sentences that everything else explains.
    outlook : GrowthOutlook or None
        Whether growth alone reaches the mean target; for the city alone.
    targets : Table
        All indicators under all policies.
    effects : tuple of Effect
        Of the plan on the law in force (without a plan, of the law in force on that of the year
        before), then of each reform on the base.
    enrolment : EnrolmentMemo or None
        Where the law has an employees' pension scheme to join.
    heavy : tuple of HeavyValue
    parts : PlanParts or None
        What each part of the plan contributes, then all together, then measures of others.
    carried : tuple of CarriedAmount
        Amounts of the law in force that are carried forward.
    assumptions : tuple of Assumption
    notes : tuple of str
        Of population and run.
    base : str
        What reforms are laid on and compared with.
    frozen_day : str
        Whose law the first policy is.
    provenance : dict of str to str
    reform_labels : dict of str to Label
    programme_labels : dict of str to Label
    """

    place: Place
    year: int
    data_year: int
    target_year: int | None
    synthetic: bool
    sample_households: int
    households: float
    persons: float
    result: Result
    headline: tuple[Label, ...]
    outlook: GrowthOutlook | None
    targets: Table
    effects: tuple[Effect, ...]
    enrolment: EnrolmentMemo | None
    heavy: tuple[HeavyValue, ...]
    parts: PlanParts | None
    carried: tuple[CarriedAmount, ...]
    assumptions: tuple[Assumption, ...]
    notes: tuple[str, ...]
    base: str
    frozen_day: str
    provenance: dict[str, str]
    reform_labels: dict[str, Label] = field(default_factory=dict)
    programme_labels: dict[str, Label] = field(default_factory=dict)

    @property
    def policies(self) -> tuple[str, ...]:
        """Labels of all policies."""
        return self.result.labels

    @property
    def reforms(self) -> tuple[str, ...]:
        """Labels of the policies that are reforms of the user."""
        return tuple(self.reform_labels)

    @property
    def doubt(self) -> AssumptionRanges | None:
        """How far assumptions move the plan's effect."""
        return self.effects[0].doubt


def report_setting(request: ReportRequest) -> tuple[Population, Policy, Reform]:
    """Return the population of a report, the law that is in force in it, and the plan.

    Raises
    ------
    PlanError
        When the place has no plan.
    """
    population = brought_to_year(chosen_population(request), request.year)
    place = population.place
    return population, report_policies(place, population.year)[IN_FORCE], place.plan.scenario()


def build_report(
    request: ReportRequest, progress: Callable[[int, int], None] | None = None
) -> Report:
    """Simulate the frozen law, the law in force, the plan and reforms in one pass; measure them.

    Raises
    ------
    OliveError
        For a folder, year or reform that cannot be used; before any simulation.
    """
    reforms = [_read(path) for path in request.reforms]
    given = chosen_population(request)
    population = brought_to_year(given, request.year)
    policies = report_policies(population.place, population.year)
    if request.on == "plan" and PLAN not in policies:
        population.place.plan  # noqa: B018 - says that there is none
    base = policies[_base(request)]
    laid = [(base | reform).renamed(reform.label) for reform in reforms]
    laws = [*policies.values(), *laid]
    instruments = (*all_instruments(laws), *entitlements_of(laws).values())
    place = population.place
    optional = (*concepts_of(place)[1:], *(_ENROLMENT if _has_scheme(place) else ()))
    kept = (*income_variables(place), *place.outputs, *instruments, *optional)
    result = simulate(
        population,
        laws,
        outputs=tuple(dict.fromkeys(kept)),
        seed=request.seed,
        progress=progress,
    )
    return _report(request, given.year, result, reforms)


def report_policies(place: Place, year: int) -> dict[str, Policy]:
    """Return the policies that every report of a year compares, by label.

    The law frozen before the plan, as it was and with its amounts grown; the law in force, with
    standards that nothing is known of for the year grown with what the law ties them to; the same
    with measures of others that the plan mentions; and with the plan.

    Without a plan: the law of the year before, as it was, and the law in force.
    """
    in_force = place.law(year=year, carry="indexed")
    if not place.has_plan:
        before = _year_before(place, year)
        return {
            YEAR_BEFORE: place.law(**before).renamed(YEAR_BEFORE),
            IN_FORCE: in_force.renamed(IN_FORCE),
        }
    day = place.plan.frozen_day
    named = {
        FROZEN: place.law(day),
        FROZEN_INDEXED: place.law(day, uprated_to=max(year, int(day[:4]))),
        IN_FORCE: in_force,
        CREDITED: in_force | place.plan.credited_elsewhere(),
        PLAN: in_force | place.plan.scenario(),
    }
    return {label: policy.renamed(label) for label, policy in named.items()}


def _year_before(place: Place, year: int) -> dict[str, Any]:
    """Return the year before, or the first day of the record where that is later."""
    if date(year - 1, 1, 1) >= place.first_day:
        return {"year": year - 1}
    return {"day": place.first_day}


def _has_scheme(place: Place) -> bool:
    """Return whether the law has an employees' pension scheme that people may join."""
    return all(name in place.rules.rules for name in _ENROLMENT)


def _base(request: ReportRequest) -> str:
    return PLAN if request.on == "plan" else IN_FORCE


def _read(path: Path) -> Reform:
    """Read a reform whose label can head a column."""
    reform = Reform.read(path)
    if reform.label in {*COLUMNS, *_NAMED}:
        raise DataError(
            "{path}: the label {label!r} is the name of another column of the "
            "report; give the reform another `label`",
            path=path,
            label=reform.label,
        )
    return reform


def _report(
    request: ReportRequest, data_year: int, result: Result, reforms: list[Reform]
) -> Report:
    population = result.population
    base = _base(request)
    place = population.place
    first = (IN_FORCE, PLAN) if place.has_plan else (YEAR_BEFORE, IN_FORCE)
    pairs = [first, *((base, reform.label) for reform in reforms)]
    comparisons = [
        compare(result, *pair, closed=request.closed, model_range=request.model_range and not at)
        for at, pair in enumerate(pairs)
    ]
    table = comparisons[0].targets()
    doubts = [_doubt(request, result, pair) for pair in pairs]
    effects = with_common_gaps(
        [effect(*each) for each in zip(comparisons, [table] * len(pairs), doubts, strict=True)]
    )
    plan_effect = effects[0].change_of_income
    outputs = tuple(name for name in result.outputs if name not in _ENROLMENT)
    weight = population.weight
    pair = PolicyPair.of(result, comparisons[0].positions, comparisons[0].rule)
    return Report(
        place=place,
        year=population.year,
        data_year=data_year,
        target_year=place.plan.year if place.has_plan else None,
        synthetic=population.is_synthetic,
        sample_households=len(population),
        households=float(weight.sum()),
        persons=float((weight * household_sizes(result, 0)).sum()),
        result=result,
        headline=_headline(result, table, effects[0]),
        outlook=growth_outlook(place) if population.is_synthetic else None,
        targets=table,
        effects=effects,
        enrolment=enrolment_memo(pair) if _has_scheme(place) else None,
        heavy=heavy_values(
            population,
            result.policies[result.position(base)],
            reforms,
            plan_effect,
            seed=request.seed,
        ),
        parts=_parts(request, result, table),
        carried=carried_amounts(result.policies[result.position(IN_FORCE)], outputs),
        assumptions=assumptions_of(result.policies, outputs, result.position(IN_FORCE)),
        notes=(*population.notes, *result.notes),
        base=base,
        frozen_day=place.plan.frozen_day if place.has_plan else _day(place, population.year),
        provenance={name: str(value) for name, value in asdict(result.provenance).items()},
        reform_labels={each.label: Label(each.zh or each.label, each.label) for each in reforms},
        programme_labels=instrument_labels(result.policies),
    )


def _day(place: Place, year: int) -> str:
    return str(next(iter(_year_before(place, year).values())))


def _doubt(
    request: ReportRequest, result: Result, pair: tuple[str, str]
) -> AssumptionRanges | None:
    """Return how far assumptions move an effect, where a run that fits is shipped."""
    if request.closed != "low":  # the run counts incomes at the lower end in, at the upper out
        return None
    before, after = (result.policies[result.position(label)] for label in pair)
    return assumption_range(result.population, before, after, seed=request.seed)


def _parts(request: ReportRequest, result: Result, table: Table) -> PlanParts | None:
    if not result.place.has_plan:
        return None
    in_force = result.policies[result.position(IN_FORCE)]
    found = plan_parts(result.population, in_force, seed=request.seed, compute=request.parts)
    if found is None:
        return None
    others = result.place.plan.credited_elsewhere()
    if not others.operations:
        return found
    credited = difference_of(table, IN_FORCE, CREDITED, others.zh, others.label)
    return replace(found, parts=(*found.parts, credited))


def _headline(result: Result, table: Table, plan: Effect) -> tuple[Label, ...]:
    doubt = plan.doubt
    spread = doubt.of(MEAN, "persons") if doubt else None
    place = result.place
    cause = THE_PLAN if place.has_plan else THE_LAW
    thin = thin_data(result, plan.before, plan.after).headline if result.filled else None
    found = (
        thin,
        definition_sentence(table, plan.before, plan.after, place, cause),
        sign_sentence(
            plan.change_of_income, spread, doubt.draws if doubt else 0, place.currency, cause
        ),
        decisive_sentence(doubt, place.currency),
        *verdict_sentences(verdicts(table, plan.after, doubt), place),
    )
    return tuple(each for each in found if each is not None)


def chosen_population(request: ReportRequest) -> Population:
    """Return the population that a request names: own data, generated, or the shipped sample."""
    if request.folder is not None and request.households is not None:
        raise DataError("give either --population or --households, not both")
    if request.folder is not None:
        return Population.read(request.folder)
    if request.households is not None:
        return Population.synthetic(households=request.households, seed=request.seed)
    return Population.shipped()


def brought_to_year(population: Population, year: int | None) -> Population:
    """Return the population of a year; by default the plan's target year, never an earlier one."""
    place = population.place
    target = place.plan.year if place.has_plan else population.year
    wanted = max(population.year, target) if year is None else year
    return population.brought_to(wanted)
