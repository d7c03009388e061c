"""The report's content: which population, which policies, and what the analysis says of them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from olive.analysis.assumption_range import assumption_range
from olive.analysis.assumptions import Assumption, CarriedAmount, assumptions_of, carried_amounts
from olive.analysis.budget import instrument_labels
from olive.analysis.effects import Effect, effect, with_common_gaps
from olive.analysis.heavy_values import HeavyValue, heavy_values
from olive.analysis.indicators import MEAN
from olive.analysis.outlook import GrowthOutlook, growth_outlook
from olive.analysis.plan_parts import PlanParts, difference_of, plan_parts
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
from olive.engine.reform import Reform
from olive.places.labels import Label
from olive.population import Population
from olive.progress import Progress
from olive.report.measured import Measured, block_by_block, in_memory, outputs_of
from olive.report.request import (
    CREDITED,
    IN_FORCE,
    PLAN,
    YEAR_BEFORE,
    ReportRequest,
    base_of,
    chosen_population,
    chosen_stream,
    day_before,
    read_reform,
    report_policies,
    year_of,
)

if TYPE_CHECKING:
    from olive.analysis.assumption_range import AssumptionRanges
    from olive.engine.policy import Policy
    from olive.places.place import Place

STEADY_HOUSEHOLDS = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Report(Measured):
    """Everything that the report shows: what was measured, and what the analysis says of it.

    Attributes
    ----------
    place : Place
    year, data_year : int
        Of the report, and of the data as they came.
    target_year : int or None
        Of the plan's targets; None without a plan.
    synthetic : bool
    headline : tuple of Label
        The sentences that everything else explains.
    outlook : GrowthOutlook or None
        Whether growth alone reaches the mean target; for the city alone.
    targets : Table
        All indicators under all policies.
    effects : tuple of Effect
        Of the plan on the law in force (without a plan, of the law in force on that of the year
        before), then of each reform on the base.
    heavy : tuple of HeavyValue
    parts : PlanParts or None
        What each part of the plan contributes, then all together, then measures of others.
    carried : tuple of CarriedAmount
        Amounts of the law in force that are carried forward.
    assumptions : tuple of Assumption
    base : str
        What reforms are laid on and compared with.
    frozen_day : str
        Whose law the first policy is.
    reform_labels : dict of str to Label
    programme_labels : dict of str to Label
    """

    place: Place
    year: int
    data_year: int
    target_year: int | None
    synthetic: bool
    headline: tuple[Label, ...]
    outlook: GrowthOutlook | None
    targets: Table
    effects: tuple[Effect, ...]
    heavy: tuple[HeavyValue, ...]
    parts: PlanParts | None
    carried: tuple[CarriedAmount, ...]
    assumptions: tuple[Assumption, ...]
    base: str
    frozen_day: str
    reform_labels: dict[str, Label]
    programme_labels: dict[str, Label]

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
    given = chosen_population(request, None)
    place, year = given.place, year_of(given, request.year)
    return given.brought_to(year), report_policies(place, year)[IN_FORCE], place.plan.scenario()


def build_report(request: ReportRequest, progress: Progress = None) -> Report:
    """Simulate the frozen law, the law in force, the plan and reforms in one pass; measure them.

    A population of so many households that they take gigabytes is gone through block by block.

    Raises
    ------
    OliveError
        For a folder, year or reform that cannot be used; before any simulation.
    """
    reforms = [read_reform(path) for path in request.reforms]
    stream = chosen_stream(request, progress)
    given = chosen_population(request, progress) if stream is None else stream
    place, year = given.place, year_of(given, request.year)
    policies = report_policies(place, year)
    if request.on == "plan" and PLAN not in policies:
        place.plan  # noqa: B018 - says that there is none
    base = policies[base_of(request)]
    laws = [*policies.values(), *((base | each).renamed(each.label, each.zh) for each in reforms)]
    first = (IN_FORCE, PLAN) if place.has_plan else (YEAR_BEFORE, IN_FORCE)
    pairs = [first, *((base.label, reform.label) for reform in reforms)]
    if isinstance(given, Population):
        population = given.brought_to(year, progress=progress)
        measured = in_memory(population, laws, pairs, request, progress)
    else:
        measured = block_by_block(given.brought_to(year), laws, pairs, request, progress)
    return _report(request, given.year, measured, reforms, progress)


def _report(
    request: ReportRequest,
    data_year: int,
    measured: Measured,
    reforms: list[Reform],
    progress: Progress,
) -> Report:
    result, population, comparisons = measured.result, measured.population, measured.comparisons
    place, year, base = result.place, result.population.year, base_of(request)
    in_force = result.position(IN_FORCE)
    table = comparisons[0].targets(progress=progress)
    effects = with_common_gaps(
        [effect(each, table, _doubt(request, measured, each.positions)) for each in comparisons]
    )
    outputs = outputs_of(place, result.policies)
    synthetic = result.population.is_synthetic
    heavy: tuple[HeavyValue, ...] = ()
    if population is not None:
        against = result.policies[result.position(base)]
        effect_of_plan = effects[0].change_of_income
        heavy = heavy_values(population, against, reforms, effect_of_plan, seed=request.seed)
    return Report(
        **{each.name: getattr(measured, each.name) for each in fields(measured)},
        place=place,
        year=year,
        data_year=data_year,
        target_year=place.plan.year if place.has_plan else None,
        synthetic=synthetic,
        headline=_headline(measured, table, effects[0]),
        outlook=growth_outlook(place) if synthetic else None,
        targets=table,
        effects=effects,
        heavy=heavy,
        parts=_parts(request, measured, table, progress),
        carried=carried_amounts(result.policies[in_force], outputs),
        assumptions=assumptions_of(result.policies, outputs, in_force),
        base=base,
        frozen_day=place.plan.frozen_day if place.has_plan else day_before(place, year),
        reform_labels={each.label: Label(each.zh or each.label, each.label) for each in reforms},
        programme_labels=instrument_labels(result.policies),
    )


def _doubt(
    request: ReportRequest, measured: Measured, positions: tuple[int, int]
) -> AssumptionRanges | None:
    """Return how far assumptions move an effect, where a run that fits is shipped."""
    # The run counts incomes at the lower end in, at the upper out.
    if request.closed != "low" or measured.population is None:
        return None
    before, after = (measured.result.policies[position] for position in positions)
    return assumption_range(measured.population, before, after, seed=request.seed)


def _parts(
    request: ReportRequest, measured: Measured, table: Table, progress: Progress
) -> PlanParts | None:
    result, population = measured.result, measured.population
    if population is None or not result.place.has_plan:
        return None
    in_force = result.policies[result.position(IN_FORCE)]
    found = plan_parts(
        population, in_force, seed=request.seed, compute=request.parts, progress=progress
    )
    others = result.place.plan.credited_elsewhere()
    if found is None or not others.operations:
        return found
    credited = difference_of(table, IN_FORCE, CREDITED, others.zh, others.label)
    return replace(found, parts=(*found.parts, credited))


def _headline(measured: Measured, table: Table, plan: Effect) -> tuple[Label, ...]:
    result, doubt, place = measured.result, plan.doubt, measured.result.place
    spread, draws = (doubt.of(MEAN, "persons"), doubt.draws) if doubt else (None, 0)
    cause = THE_PLAN if place.has_plan else THE_LAW
    thin = None
    if result.filled and not measured.streamed:
        thin = thin_data(result, plan.before, plan.after).headline
    found = (
        thin,
        definition_sentence(table, plan.before, plan.after, place, cause),
        sign_sentence(plan.change_of_income, spread, draws, place.currency, cause),
        decisive_sentence(doubt, place.currency),
        *verdict_sentences(verdicts(table, plan.after, doubt), place),
    )
    return tuple(each for each in found if each is not None)
