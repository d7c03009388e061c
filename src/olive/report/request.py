"""What a report is asked for: which population, which policies, which reforms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from olive.analysis.words import COLUMNS
from olive.engine.arguments import DEFAULT_SEED
from olive.engine.reform import Reform
from olive.errors import DataError
from olive.population import Population, PopulationStream
from olive.population.parquet_blocks import sizes_of_files
from olive.progress import Progress

if TYPE_CHECKING:
    from olive.engine.policy import Policy
    from olive.places.place import Place
    from olive.statistics.money import Closed

FROZEN, FROZEN_INDEXED, IN_FORCE = "frozen", "frozen, indexed", "in force"
CREDITED, PLAN = "credited elsewhere", "plan"
YEAR_BEFORE = "year before"  # where there is no plan
_NAMED = (FROZEN, FROZEN_INDEXED, IN_FORCE, CREDITED, PLAN, YEAR_BEFORE)
#: Households from which on a population is gone through block by block: more take gigabytes.
STREAMED_FROM = 1_000_000


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


def report_policies(place: Place, year: int) -> dict[str, Policy]:
    """Return the policies that every report of a year compares, by label.

    The law frozen before the plan, as it was and with its amounts grown; the law in force, with
    standards that nothing is known of for the year grown with what the law ties them to; the same
    with measures of others that the plan mentions; and with the plan.

    Without a plan: the law of the year before, as it was, and the law in force.
    """
    in_force = place.law(year=year, carry="indexed")
    if not place.has_plan:
        before = place.law(**year_before(place, year))
        return {YEAR_BEFORE: before.renamed(YEAR_BEFORE), IN_FORCE: in_force.renamed(IN_FORCE)}
    day = place.plan.frozen_day
    named = {
        FROZEN: place.law(day),
        FROZEN_INDEXED: place.law(day, uprated_to=max(year, int(day[:4]))),
        IN_FORCE: in_force,
        CREDITED: in_force | place.plan.credited_elsewhere(),
        PLAN: in_force | place.plan.scenario(),
    }
    return {label: policy.renamed(label) for label, policy in named.items()}


def year_before(place: Place, year: int) -> dict[str, Any]:
    """Return the year before, or the first day of the record where that is later."""
    if date(year - 1, 1, 1) >= place.first_day:
        return {"year": year - 1}
    return {"day": place.first_day}


def base_of(request: ReportRequest) -> str:
    """Return the label of what reforms are laid on and compared with."""
    return PLAN if request.on == "plan" else IN_FORCE


def read_reform(path: Path) -> Reform:
    """Read a reform whose label can head a column."""
    reform = Reform.read(path)
    if reform.label in {*COLUMNS, *_NAMED}:
        raise DataError(
            "{path}: the label {label!r} is the name of another column of the "
            "report; give the reform another `label`",
            path,
            reform.label,
        )
    return reform


def day_before(place: Place, year: int) -> str:
    """Return the day or year whose law the first policy is, without a plan."""
    return str(next(iter(year_before(place, year).values())))


def chosen_population(request: ReportRequest, progress: Progress) -> Population:
    """Return the population that a request names: own data, generated, or the shipped sample."""
    if request.folder is not None and request.households is not None:
        raise DataError("give either --population or --households, not both")
    if request.folder is not None:
        return Population.read(request.folder, progress=progress)
    if request.households is not None:
        return Population.synthetic(request.households, request.seed, progress=progress)
    return Population.shipped()


def year_of(data: Population | PopulationStream, year: int | None) -> int:
    """Return the year of a report: the plan's target year by default, never before the data's."""
    target = data.place.plan.year if data.place.has_plan else data.year
    return max(data.year, target) if year is None else year


def chosen_stream(request: ReportRequest, progress: Progress) -> PopulationStream | None:
    """Return the population that a request names as a stream, where it is too large for memory.

    Raises
    ------
    DataError
        When the population cannot be used, or the parts of the plan are asked for.
    """
    if request.folder is not None and request.households is not None:
        return None  # refused by `chosen_population`
    if request.folder is not None:
        sizes = sizes_of_files(request.folder)
        if len(sizes) < 2 and sum(sizes) < STREAMED_FROM:
            return None
    elif request.households is None or request.households < STREAMED_FROM:
        return None
    if request.parts:
        raise DataError(
            "--parts needs every household in memory; ask for fewer than {most} households",
            f"{STREAMED_FROM:,}",
        )
    if request.folder is not None:
        return PopulationStream.read(request.folder)
    return PopulationStream.synthetic(request.households or 0, seed=request.seed, progress=progress)
