"""What a block of a stream adds to the figures of the whole: sums, counts, incomes on a grid."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from olive import statistics
from olive.analysis.breakdowns import breakdown
from olive.analysis.budget import counted_balance
from olive.analysis.compared_policies import BUDGET, CELLS, CROSSINGS, ROWS
from olive.analysis.enrolment import enrolment_memo
from olive.analysis.figures import Indicator
from olive.analysis.gains import Threshold, checked_concept, concepts_of, winners_and_losers
from olive.analysis.growth import GrowthNeeded
from olive.analysis.indicators import Incomes, IndicatorMeasure, incomes, measures
from olive.analysis.pairs import PolicyPair
from olive.errors import DataError
from olive.statistics.income_grid import CELLS as GRID_CELLS
from olive.statistics.income_grid import Bounded, IncomeGrid, grid_sums
from olive.statistics.poverty import gap_ratios

if TYPE_CHECKING:
    from olive.analysis.bracket_rule import BracketRule
    from olive.analysis.stream_replicates import ReplicateColumns
    from olive.simulation.result import Result
    from olive.statistics.block_sums import Sums
    from olive.statistics.given_columns import FloatArray, Truth

GAINS = "winners_and_losers"
ENROLMENT = "enrolment"
#: What adds up over blocks of a pair of policies; gains for each concept of income.
TABLES = (CROSSINGS, CELLS, GAINS, BUDGET, ENROLMENT)
# Weighted means: their numerators and weights add up.
_MEANS = (statistics.mean, statistics.share_between, statistics.headcount, statistics.poverty_gap)
# Read off the grid.
_OF_GRID: Mapping[Callable[..., float], Callable[[IncomeGrid], Bounded]] = {
    statistics.median: lambda grid: grid.quantile(0.5),
    statistics.gini: IncomeGrid.gini,
}
# Columns that are means, by the columns of their weights; those in `_LENT` are added for a while.
_WEIGHT_OF = {
    **{f"share_{side}": "_all" for side in ("before", "after", "change")},
    "share": "_all",
    "mean_change": "households",
    **{f"per_household_{side}": f"households_{side}" for side in ("before", "after")},
    **{f"take_up_{side}": f"_entitled_{side}" for side in ("before", "after")},
}
_LENT = "_all"
_EFFECT = "effect_on_"


@dataclass(frozen=True, slots=True)
class Reduction:
    """Reduces the result of a block to arrays that add up.

    Attributes
    ----------
    rule : BracketRule
    pairs : tuple of (int, int)
        Positions of policies that are compared.
    tables : tuple of str
        Of `TABLES`, beside the indicators.
    replicates : ReplicateColumns or None
        Replicate weights under which weighted means are summed as well.
    """

    rule: BracketRule
    pairs: tuple[tuple[int, int], ...]
    tables: tuple[str, ...]
    replicates: ReplicateColumns | None = None

    def __call__(self, result: Result) -> Sums:
        """Return the sums of a block by name."""
        found: dict[str, FloatArray] = {}
        each = [incomes(result, position) for position in range(len(result.policies))]
        factors = self.replicates.factors(result.population) if self.replicates else None
        for position, one in enumerate(each):
            found |= self._of_policy(position, one, factors)
        weight, size = each[0].weight, each[0].size
        found["population"] = np.array([weight.sum(), (weight * size).sum(), weight.size])
        families = bool((weight * each[0].family > 0).any())
        for place, positions in enumerate(self.pairs):
            pair = PolicyPair.of(result, positions, self.rule)
            for name in self.tables_with_concepts():
                if families or name == BUDGET:  # the rest is of families alone
                    sums = _additive(self.rows(name, pair), pair)
                    found[f"{name}/{place}"] = sums.to_numpy(dtype=np.float64)
        for place, positions in enumerate(self.pairs if ENROLMENT in self.tables else ()):
            memo = enrolment_memo(PolicyPair.of(result, positions, self.rule))
            found[f"{ENROLMENT}/{place}"] = np.array(astuple(memo), dtype=np.float64)
        return found

    def tables_with_concepts(self) -> list[str]:
        """Return the tables, gains once for each concept of income."""
        concepts = concepts_of(self.rule.place)
        return [
            name
            for table in self.tables
            if table != ENROLMENT
            for name in ([f"{GAINS}/{each}" for each in concepts] if table == GAINS else [table])
        ]

    def rows(self, name: str, pair: PolicyPair) -> pd.DataFrame:
        """Return the rows of a table of a pair."""
        if not name.startswith(GAINS):
            return ROWS[name](pair, None)
        concept = checked_concept(name.removeprefix(f"{GAINS}/"))
        return winners_and_losers(pair, breakdown(pair, "all"), Threshold(), None, concept)

    def table(
        self, name: str, positions: tuple[int, int], sums: FloatArray, example: Result
    ) -> pd.DataFrame:
        """Return the rows of a table of the whole, laid out as those of an example."""
        pair = PolicyPair.of(_of_families(example), positions, self.rule)
        rows = self.rows(name, pair)
        layout = _additive(rows, pair)
        found = _finished(rows, pd.DataFrame(sums, columns=layout.columns))
        return counted_balance(found) if name == BUDGET else found

    def _of_policy(
        self, position: int, one: Incomes, factors: FloatArray | None
    ) -> dict[str, FloatArray]:
        every = measures(self.rule)
        samples: dict[Hashable, statistics.Sample | None] = {}
        inside: dict[Hashable, Truth | None] = {}
        means, counts = np.zeros((len(every), 2)), np.zeros((len(every), 2))
        replicates = np.zeros((len(every), 0 if factors is None else len(factors), 2))
        for place, measure in enumerate(every):
            if measure.basis_key not in samples:
                samples |= _samples(measure, one)
            sample = samples[measure.basis_key]
            if sample is None:
                continue
            # Definitions share values: who is inside is found once for those who do.
            key = (id(sample.values), *measure.arguments.items())
            if key not in inside:
                inside[key] = measure.inside(sample.values)
            within, rows = inside[key], sample.values.size
            number = rows if within is None else int(np.count_nonzero(within))
            counts[place] = number, rows - number
            if measure.statistic in _MEANS:
                terms = _terms(measure, sample.values, within)
                added = _weighted(terms, sample.weights, sample.unit)
                means[place] = added, sample.total_weight * sample.unit
                for replicate, factor in enumerate(() if factors is None else factors):
                    own = factor if sample.positions is None else factor[sample.positions]
                    weights = sample.weights * own
                    whole = float(weights.sum()) * sample.unit
                    replicates[place, replicate] = _weighted(terms, weights, sample.unit), whole
        found: dict[str, FloatArray] = {f"means/{position}": means, f"counts/{position}": counts}
        found[f"replicates/{position}"] = replicates
        for grid, measure in enumerate(self.on_grid(position)):
            sample, name = samples[measure.basis_key], f"grid/{position}/{grid}"
            found[name] = np.zeros((2, GRID_CELLS))
            if sample:
                found[name] = grid_sums(sample.values, sample.given_weights)
        return found

    def on_grid(self, position: int) -> list[IndicatorMeasure]:
        """Return a measure for each basis whose incomes are counted on a grid under a policy."""
        after = position in ({after for _, after in self.pairs} or {0})
        needed = {
            measure.basis_key: measure
            for measure in reversed(measures(self.rule))
            if measure.statistic in _OF_GRID
            or (after and measure.target and "low" in measure.arguments)
        }
        return list(reversed(needed.values()))

    def grid(self, measure: IndicatorMeasure, position: int, sums: Sums) -> IncomeGrid:
        """Return the incomes that a measure is of, on the grid."""
        keys = [each.basis_key for each in self.on_grid(position)]
        return IncomeGrid.of_sums(sums[f"grid/{position}/{keys.index(measure.basis_key)}"])

    def bounded(self, measure: IndicatorMeasure, place: int, position: int, sums: Sums) -> Bounded:
        """Return the figure of a measure under a policy; missing where it is not defined."""
        if measure.statistic in _OF_GRID:
            try:
                return _OF_GRID[measure.statistic](self.grid(measure, position, sums))
            except DataError:
                return Bounded(math.nan, math.nan, math.nan)
        numerator, weight = sums[f"means/{position}"][place].tolist()
        value = numerator / weight if weight else math.nan
        return Bounded(value, value, value)

    def indicators(self, sums: Sums, policies: int, reached_under: int) -> tuple[Indicator, ...]:
        """Return the indicators of the whole, as `olive.analysis.indicators` does in memory."""
        found = []
        for place, measure in enumerate(measures(self.rule)):
            values = [self.bounded(measure, place, at, sums).value for at in range(policies)]
            counts = [sums[f"counts/{at}"][place].astype(int).tolist() for at in range(policies)]
            growth = self._growth(measure, values[reached_under], reached_under, sums)
            found.append(measure.under(tuple(values), growth, counts))
        return tuple(found)

    def _growth(
        self, measure: IndicatorMeasure, value: float, position: int, sums: Sums
    ) -> GrowthNeeded | None:
        if measure.basis_key not in {each.basis_key for each in self.on_grid(position)}:
            return None

        def basis() -> tuple[FloatArray, FloatArray]:
            grid = self.grid(measure, position, sums)
            return grid.means, grid.weights

        return measure.growth(value, basis)


def _samples(
    measure: IndicatorMeasure, one: Incomes
) -> Mapping[Hashable, statistics.Sample | None]:
    """Return values and weights of who counts by their basis; None where nobody does."""
    return measure.samples(one) if measure.counts_anybody(one) else {measure.basis_key: None}


def _of_families(example: Result) -> Result:
    """Return an example whose households all count, for rows that need some."""
    population = example.population
    columns = {"weight": np.ones(len(population))}
    if "collective" in population.tables.households.column_names:
        columns["collective"] = np.zeros(len(population))
    return replace(example, population=population.with_columns(columns))


def _terms(
    measure: IndicatorMeasure, values: FloatArray, inside: Truth | None
) -> FloatArray | Truth:
    """Return what a weighted mean is the mean of."""
    if measure.statistic is statistics.poverty_gap:
        return gap_ratios(values, measure.arguments["line"])
    return values if inside is None else inside


def _weighted(terms: FloatArray | Truth, weights: FloatArray, unit: float) -> float:
    """Return the numerator of a weighted mean."""
    return float((weights * terms).sum()) * unit


def _additive(rows: pd.DataFrame, pair: PolicyPair) -> pd.DataFrame:
    """Return the columns that add up: means times their weights, keys left out."""
    numbers = rows.assign(**{_LENT: _whole(rows, pair)}).select_dtypes("number")
    numbers = numbers.drop(columns=["threshold", "low", "high"], errors="ignore")
    for name, weight in _means_of(numbers.columns).items():
        numbers[name] = (numbers[name] * numbers[weight]).fillna(0.0)
    return numbers.astype(np.float64)


def _finished(rows: pd.DataFrame, sums: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the figures of the whole: means divided by their weights again."""
    figures = sums.copy()
    for name, weight in _means_of(sums.columns).items():
        figures[name] = sums[name].div(sums[weight]).where(sums[weight] > 0)
    found = {str(each): figures[each].astype(rows[each].dtype) for each in figures if each in rows}
    return rows.assign(**found)


def _means_of(columns: Sequence[str] | pd.Index[str]) -> dict[str, str]:
    return {
        name: _LENT if name.startswith(_EFFECT) else _WEIGHT_OF[name]
        for name in columns
        if name.startswith(_EFFECT) or name in _WEIGHT_OF
    }


def _whole(rows: pd.DataFrame, pair: PolicyPair) -> FloatArray:
    """Return what the shares of each row are shares of."""
    if "definition" not in rows:
        counted = pair.family_weight if "outcome" in rows else pair.weight
        return np.full(len(rows), counted.sum())
    households, persons = pair.family_weight.sum(), (pair.family_weight * pair.size).sum()
    by_persons = rows["definition"].str.endswith("persons").to_numpy()
    whole: FloatArray = np.where(by_persons, persons, households)
    return whole
