"""Static ageing: bring weights to the margins of another year, then incomes to its level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
import pandas as pd

from olive.errors import DataError
from olive.messages import Message, joined
from olive.native.blas import one_blas_thread
from olive.places.place import Place, named_object
from olive.population.calibration import (
    Targets,
    calibrate,
    design_effect,
    effective_size,
)
from olive.population.entering import noted
from olive.population.growth import component_of_column, growth_data
from olive.population.population_view import PopulationView
from olive.population.uprating import multiplied_alike, uprated, urban_rows
from olive.progress import Progress, shown_progress, steps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from olive.population.calibration import Calibration
    from olive.population.table_schema import PopulationTables


AnyPopulation = TypeVar("AnyPopulation", bound=PopulationView)


@dataclass(frozen=True, slots=True)
class AgeingStep:
    """The state after one step.

    Attributes
    ----------
    name : str
        ``data``, ``reweighted``, ``incomes grown`` or ``income sums``.
    design_effect, effective_size : float
        Kish's figures of the weights.
    households, persons : float
        Weighted counts.
    income_a_head : float
        Gross income of the tables per person, yuan a year: before the rules of any law.
    """

    name: str
    design_effect: float
    effective_size: float
    households: float
    persons: float
    income_a_head: float


@dataclass(frozen=True, slots=True, eq=False)
class Ageing(Generic[AnyPopulation]):
    """An aged population and the record of how it came about.

    Attributes
    ----------
    population : Population
        Of the target year.
    steps : tuple of AgeingStep
        From the data to the last step.
    reweighting : Calibration
        How well each margin is met.
    left_out : tuple of str
        Sums of money among the targets that no step was fitted to.
    """

    population: AnyPopulation
    steps: tuple[AgeingStep, ...]
    reweighting: Calibration
    left_out: tuple[str, ...]

    def summary(self) -> pd.DataFrame:
        """Return the steps as a frame, one row a step."""
        names = AgeingStep.__dataclass_fields__
        return pd.DataFrame(
            [[getattr(step, name) for name in names] for step in self.steps], columns=list(names)
        )


@one_blas_thread
def aged(
    population: AnyPopulation,
    year: int,
    *,
    targets: Targets | pd.DataFrame | None = None,
    growth: str | Mapping[str, float] = "trend",
    fit_income_sums: bool = False,
    progress: Progress = None,
) -> Ageing[AnyPopulation]:
    """Reweight a population to the margins of a year, then bring incomes there.

    Parameters
    ----------
    year : int
        Calendar year; it may be earlier than the data's.
    targets : Targets or pandas.DataFrame, optional
        Margins of the year. Without them the data's own margins drift by the assumptions of
        ``ageing_margins.yaml``, from the census year that the ages refer to. Sums of money
        take no part in the reweighting, so that weights do not absorb growth.
    growth : str or mapping of str to float
        See `Population.uprate`. Afterwards urban and rural incomes are scaled, each alike,
        such that gross income per head has grown there as the path says; the factors are noted.
    fit_income_sums : bool
        Calibrate to the sums of money among the targets at the end.
    progress : callable or bool, optional
        Called with (steps done, steps in all): margins, weights, incomes, their sums; True shows
        a bar.

    Raises
    ------
    DataError, CalibrationError
        When the year, the path or a target is at fault, or no weights meet the margins.

    Notes
    -----
    Persons keep their age and status: weights move from households that become rarer to those
    that become more common. Source: Immervoll, Lindström, Mustonen, Riihelä and Viitamäki,
    "Static data ageing techniques", EUROMOD Working Paper EM7/05, 2005.

    Examples
    --------
    >>> from olive.population import Population
    >>> city = Population.synthetic(households=3_000, seed=1)
    >>> found = aged(city, 2025)
    >>> [step.name for step in found.steps], found.population.year
    (['data', 'reweighted', 'incomes grown'], 2025)
    """
    with shown_progress(progress, Message("age")) as told:
        step = steps(told, 4 if fit_income_sums else 3)
        alike, notes = uprated(
            population.tables, population.year, year, growth, place=population.place
        )
        wanted = _targets(population, year, targets)
        margins, sums = _divided(wanted, component_of_column(population.place))
        if fit_income_sums and not len(sums):
            raise DataError(
                "fit_income_sums needs targets that add up a money column; there is none"
            )
        step()
        # The data's own margins are assumptions: what no weights reach is met as nearly as they
        # can.
        lenient = "soften" if targets is None else "raise"
        fitted = calibrate(population, margins, year=year, on_infeasible=lenient)
        step()
        # Incomes grow whatever the weights are, so that they are brought to the year once.
        reweighted = replace(population, tables=alike).with_weights(fitted.weights)
        residual = _residual(alike, reweighted.weight, population.place)
        factor = residual[urban_rows(alike)]
        grown = replace(
            reweighted, tables=multiplied_alike(reweighted.tables, factor, population.place)
        )
        income = _gross_income(population.tables, population.place)
        record = [
            _step("data", population, population.weight, income),
            _step("reweighted", population, reweighted.weight, income),
            _step("incomes grown", grown, grown.weight),
        ]
        step()
        if fit_income_sums:
            fitted_sums = calibrate(grown, wanted, year=year)
            grown = grown.with_weights(fitted_sums.weights)
            record.append(_step("income sums", grown, grown.weight))
            step()
    kind = (
        Message("the data's own, moved by assumption and proxy")
        if targets is None
        else Message("as given")
    )
    left_out = () if fit_income_sums else sums.ids
    said = (
        Message(
            "weights of {year} brought to {number} margins of {year2} ({kind})",
            population.year,
            len(margins),
            year,
            kind,
        ),
        *_notes(record, fitted, left_out, residual),
        *notes,
    )
    origin = noted(replace(population.origin, year=year, census_year=None), *said)
    return Ageing(replace(grown, origin=origin), tuple(record), fitted, left_out)


def income_a_head(tables: PopulationTables, place: Place) -> float:
    """Return gross income of the tables per person, yuan a year (before any law)."""
    weight, size = tables.households["weight"].to_numpy(), np.diff(tables.starts)
    return _a_head(weight, _gross_income(tables, place), size)


def _a_head(
    weight: NDArray[np.float64], income: NDArray[np.float64], size: NDArray[np.int64]
) -> float:
    return float(weight @ income / (weight @ size))


def _gross_income(tables: PopulationTables, place: Place) -> NDArray[np.float64]:
    """Return the gross income of each household."""
    names = growth_data(place)["gross_income"]
    owner = np.repeat(np.arange(len(tables.households)), np.diff(tables.starts))
    income = np.zeros(len(tables.households))
    for name in names:
        if name in tables.households.column_names:
            income += tables.households[name].to_numpy().astype(np.float64)
        if name in tables.persons.column_names:
            amount = tables.persons[name].to_numpy().astype(np.float64)
            income += np.bincount(owner, weights=amount, minlength=len(income))
    if not income.any():
        raise DataError(
            "the tables hold no income to bring to another year; income columns are {names}",
            joined(names),
        )
    return income


def _residual(
    tables: PopulationTables, weights: NDArray[np.float64], place: Place
) -> NDArray[np.float64]:
    """Return factors on rural and urban incomes with which weights leave incomes per head alone."""
    income, size = _gross_income(tables, place), np.diff(tables.starts)
    both = (tables.households["weight"].to_numpy(), weights)
    overall, grown = (_a_head(weight, income, size) for weight in both)
    factors = np.full(2, overall / grown)
    urban = urban_rows(tables)
    for area in np.unique(urban):
        here = urban == area
        income_here, size_here = income[here], size[here]
        money, persons = [], []
        for weight in both:
            weight_here = weight[here]
            money.append(float(weight_here @ income_here))
            persons.append(float(weight_here @ size_here))
        if min(money) > 0.0:
            factors[area] = (money[0] / persons[0]) / (money[1] / persons[1])
    return factors


def _targets(
    population: PopulationView, year: int, targets: Targets | pd.DataFrame | None
) -> Targets:
    if targets is None:
        if not population.place.margins_at:
            raise DataError(
                "nothing says how the margins of {name!r} move to {year}; give `targets`",
                population.place.name,
                year,
            )
        projected: Targets = named_object(population.place.margins_at)(population, year)
        return projected
    return targets if isinstance(targets, Targets) else Targets.from_frame(targets)


def _divided(targets: Targets, money: Mapping[str, str]) -> tuple[Targets, Targets]:
    """Return margins, and sums of money."""
    sums = [each.id for each in targets if set(each.measured.variables) & set(money)]
    margins = [each.id for each in targets if each.id not in sums]
    if not margins:
        raise DataError(
            "the targets hold sums of money only; ageing needs counts of persons or "
            "households of the target year"
        )
    return targets.without(sums), targets.without(margins)


def _step(
    name: str,
    population: PopulationView,
    weight: NDArray[np.float64],
    income: NDArray[np.float64] | None = None,
) -> AgeingStep:
    """Describe a step; the gross ``income`` of households is added up where it is not known."""
    if income is None:
        income = _gross_income(population.tables, population.place)
    return AgeingStep(
        name,
        design_effect(weight),
        effective_size(weight),
        float(weight.sum()),
        float(weight @ population.size),
        _a_head(weight, income, population.size),
    )


def _words_of_step(name: str) -> Message:
    return {
        "data": Message("data"),
        "reweighted": Message("reweighted"),
        "incomes grown": Message("incomes grown"),
        "income sums": Message("income sums"),
    }[name]


def _notes(
    made: Sequence[AgeingStep],
    fitted: Calibration,
    left_out: Sequence[str],
    residual: NDArray[np.float64],
) -> list[str]:
    effects = " -> ".join(f"{step.design_effect:.3f}" for step in made)
    notes: list[str] = [
        Message(
            "design effect after each step ({made}): {effects}",
            joined(_words_of_step(step.name) for step in made),
            effects,
        ),
        Message(
            "incomes scaled after growing, since composition changed the means: rural by "
            "{residual:.4f}, urban by {residual2:.4f}",
            residual[0],
            residual[1],
        ),
        *fitted.warnings,
    ]
    if left_out:
        notes.append(Message("income sums left out of the fit: {left_out}", joined(left_out)))
    return notes
