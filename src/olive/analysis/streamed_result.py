"""What a pass over a stream of households found, and the tables that add up over blocks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import numpy as np
import pandas as pd

from olive import statistics
from olive.analysis.breakdowns import EVERY, Breakdown
from olive.analysis.comparison import Comparison
from olive.analysis.disclosure import smallest_cell_for
from olive.analysis.enrolment import EnrolmentMemo
from olive.analysis.figures import Indicator
from olive.analysis.gains import Concept, Threshold
from olive.analysis.indicators import measures
from olive.analysis.stream_sums import ENROLMENT, GAINS, Reduction
from olive.analysis.table import Table
from olive.errors import DataError
from olive.messages import joined
from olive.places.labels import Label
from olive.simulation.streaming import StreamRun

if TYPE_CHECKING:
    from olive.engine.policy import Policy
    from olive.places.place import Place
    from olive.progress import Told
    from olive.statistics.given_columns import FloatArray
    from olive.statistics.income_grid import IncomeGrid


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class StreamedResult:
    """Figures of a streamed population under each policy; no household is kept.

    Made by `olive.simulate_stream`.

    Attributes
    ----------
    run : StreamRun
    reduction : Reduction
    """

    run: StreamRun
    reduction: Reduction

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the policies, in order."""
        return self.run.example.labels

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Policies with every total over the population as a parameter."""
        return self.run.policies

    @property
    def population_totals(self) -> Mapping[tuple[int, str], float]:
        """Totals that rules read, by position of the policy and variable."""
        return self.run.population_totals

    @property
    def place(self) -> Place:
        """Where the households live."""
        return self.run.stream.place

    @property
    def notes(self) -> tuple[str, ...]:
        """What was done to the data, and what the run decided."""
        return (*self.run.stream.origin.notes, *self.run.example.notes)

    @property
    def households(self) -> float:
        """Number of households, weighted."""
        return float(self.run.sums["population"][0])

    @property
    def persons(self) -> float:
        """Number of persons, weighted."""
        return float(self.run.sums["population"][1])

    def fingerprint(self) -> str:
        """Return the SHA-256 of all sums: the same run gives the same text."""
        digest = hashlib.sha256()
        for name in sorted(self.run.sums):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(self.run.sums[name]).data)
        return digest.hexdigest()

    def incomes(self, policy: int | str = 0, *, by: str = "persons") -> IncomeGrid:
        """Return disposable income per head on a grid: quantiles, Gini and Lorenz with bounds.

        Parameters
        ----------
        policy : int or str
            Position or label.
        by : {"persons", "households"}
            What is counted.

        Raises
        ------
        DataError
            When there is no such policy, or nothing else is counted.
        """
        position = self.run.example.position(policy)
        known = {
            measure.definition: measure
            for measure in measures(self.reduction.rule)
            if measure.id.startswith("median")
        }
        if by not in known:
            raise DataError("incomes are counted by {known}, not by {by!r}", joined(known), by)
        return self.reduction.grid(known[by], position, self.run.sums)

    def compare(
        self,
        before: int | str = 0,
        after: int | str | None = None,
        *,
        smallest_cell: int | None = None,
    ) -> StreamedComparison:
        """Compare two policies, as `olive.compare` does in memory.

        Raises
        ------
        DataError
            When there are no such policies, or nothing was summed of this pair.
        """
        example, pairs = self.run.example, self.reduction.pairs
        last = example.labels[-1] if after is None else after
        positions = example.position(before), example.position(last)
        if positions not in pairs:
            named = [f"{example.labels[one]!r} -> {example.labels[two]!r}" for one, two in pairs]
            raise DataError(
                "{before!r} was not compared with {after!r} while the stream ran; give "
                "pairs=[...] to simulate_stream. Compared were {named}",
                example.labels[positions[0]],
                example.labels[positions[1]],
                joined(named),
            )
        least = smallest_cell_for(smallest_cell, synthetic=self.run.stream.is_synthetic)
        rule = self.reduction.rule
        return StreamedComparison(example, positions, least, rule, None, _NO_ERRORS, False, self)

    def targets(self) -> Table:
        """Return indicators under every policy; see `Comparison.targets`.

        Raises
        ------
        DataError
            When no two policies were compared.
        """
        if not self.reduction.pairs:
            raise DataError(
                "no two policies were compared, so there is no table of targets; indicators() "
                "gives the figures of each policy"
            )
        before, after = self.reduction.pairs[0]
        return self.compare(before, after).targets()

    def indicators(self, reached_under: int = -1) -> tuple[Indicator, ...]:
        """Return the headline indicators; growth still needed where an ``after`` is asked for."""
        count = len(self.labels)
        if not -count <= reached_under < count:
            raise DataError(
                "no policy at position {policy}; there are {number}", reached_under, count
            )
        return self.reduction.indicators(self.run.sums, count, range(count)[reached_under])

    def grid_note(self) -> Label:
        """Return how far figures that are read off the grid may lie from the exact ones."""
        every, money = measures(self.reduction.rule), self.place.currency

        def widest(statistic: Callable[..., float]) -> float:
            found = [
                self.reduction.bounded(measure, place, position, self.run.sums)
                for place, measure in enumerate(every)
                if measure.statistic is statistic
                for position in range(len(self.labels))
            ]
            return max((each.high - each.low for each in found), default=0.0)

        medians = widest(statistics.median)
        # One digit, without an exponent: it may be a few ten-millionths.
        ginis = np.format_float_positional(widest(statistics.gini), precision=1, fractional=False)
        return Label(
            f"逐块累计：比例、均值、贫困为精确值；中位数取自收入网格，误差不超过{medians:,.0f}{money.zh}，"
            f"基尼系数误差不超过{ginis}；还需增长率误差不超过0.2个百分点。",
            "Added up block by block: shares, means and poverty are exact; medians are read off a "
            f"grid of incomes, within {medians:,.0f} {money.en}, the Gini within "
            f"{ginis}, growth still needed within 0.2 percentage points.",
        )

    def __repr__(self) -> str:
        return f"StreamedResult({self.run.stream!r}, policies: {', '.join(self.labels)})"


_NO_ERRORS = Label("逐块计算不给出区间。", "No intervals: the population was streamed.")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class StreamedComparison(Comparison):
    """Two policies of a streamed result: the tables whose figures add up over blocks."""

    streamed: StreamedResult

    def enrolment(self) -> EnrolmentMemo:
        """Return who joins the employees' pension scheme, what they pay and what it earns them."""
        sample, *amounts = self._sums(ENROLMENT).tolist()
        return EnrolmentMemo(int(sample), *amounts)

    def _indicators(self) -> Sequence[Indicator]:
        return self.streamed.indicators(self.positions[1])

    def _doubt(self, told: Told = None) -> tuple[pd.DataFrame | None, tuple[Label, ...]]:
        replicates, rule = self.streamed.reduction.replicates, self.streamed.reduction.rule
        if replicates is None:
            return Comparison._doubt(self, told)
        errors = replicates.errors(measures(rule), self.streamed.run.sums, self.positions)
        return errors, (replicates.note(),)

    def _thin_notes(self) -> tuple[Label, ...]:
        return (self.streamed.grid_note(),)

    def _rows(self, name: str) -> pd.DataFrame:
        run, reduction = self.streamed.run, self.streamed.reduction
        return reduction.table(name, self.positions, self._sums(name), run.example)

    def _sums(self, name: str) -> FloatArray:
        """Return what the rows of this pair add up to."""
        run, reduction = self.streamed.run, self.streamed.reduction
        table = name.partition("/")[0]
        if table not in reduction.tables:
            raise DataError(
                "the table {name!r} was not summed while the stream ran; give "
                "tables=[..., {name!r}] to simulate_stream",
                table,
            )
        found = run.sums.get(f"{name}/{reduction.pairs.index(self.positions)}")
        if found is None:
            raise DataError("no family household has a weight, so this table has nobody to count")
        return found

    def _gain_rows(self, categories: Breakdown, limit: Threshold, concept: Concept) -> pd.DataFrame:
        if categories.names != (EVERY,) or limit != Threshold():
            raise DataError(
                "a stream sums winners and losers of all households together, with the usual "
                'thresholds: winners_and_losers("all")'
            )
        return self._rows(f"{GAINS}/{concept}")

    def _source(self) -> object:
        return self.streamed

    def _pair(self) -> NoReturn:
        raise DataError(
            "this table needs every household at once, and a stream keeps none; take a sample that "
            "fits in memory: olive.compare(olive.simulate(population, policies))"
        )
