"""`olive.simulate_stream`: policies over a population that need not fit in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import pandas as pd

from olive.analysis.bracket_rule import BracketRule
from olive.analysis.breakdowns import EVERY, Breakdown
from olive.analysis.comparison import BUDGET, Comparison
from olive.analysis.disclosure import smallest_cell_for
from olive.analysis.enrolment import ENROLMENT_VARIABLES, EnrolmentMemo, has_scheme
from olive.analysis.figures import Indicator
from olive.analysis.gains import Concept, Threshold, concepts_of
from olive.analysis.indicators import income_variables, measures
from olive.analysis.public_purse import all_instruments, entitlements_of
from olive.analysis.stream_sums import ENROLMENT, GAINS, TABLES, Reduction
from olive.analysis.table import Table
from olive.engine.arguments import DEFAULT_SEED
from olive.engine.policy import Policy
from olive.errors import DataError, nearest
from olive.messages import Message, joined
from olive.places.labels import Label
from olive.population.stream import PopulationStream
from olive.progress import Progress, shown_progress
from olive.simulation.streaming import StreamPlan, StreamRun, run_stream

if TYPE_CHECKING:
    from olive.analysis.stream_replicates import ReplicateColumns
    from olive.engine.passes import Backend
    from olive.places.place import Place
    from olive.statistics.income_grid import IncomeGrid
    from olive.statistics.money import Closed
    from olive.statistics.samples import FloatArray


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
            raise DataError(
                "incomes are counted by {known}, not by {by!r}", known=joined(known), by=by
            )
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
                before=example.labels[positions[0]],
                after=example.labels[positions[1]],
                named=joined(named),
            )
        least = smallest_cell_for(smallest_cell, synthetic=self.run.stream.is_synthetic)
        rule = self.reduction.rule
        return StreamedComparison(example, positions, least, rule, None, _NO_ERRORS, False, self)

    def targets(self) -> Table:
        """Return indicators under every policy; see `Comparison.targets`."""
        before, after = self.reduction.pairs[0]
        return self.compare(before, after).targets()

    def indicators(self, reached_under: int = -1) -> tuple[Indicator, ...]:
        """Return the headline indicators; growth still needed where an ``after`` is asked for."""
        count = len(self.labels)
        return self.reduction.indicators(self.run.sums, count, range(count)[reached_under])

    def grid_note(self) -> Label:
        """Return how far figures that are read off the grid may lie from the exact ones."""
        widest = {"1": 0.0, "": 0.0}
        for place, measure in enumerate(measures(self.reduction.rule)):
            for position in range(len(self.labels)):
                found = self.reduction.bounded(measure, place, position, self.run.sums)
                key = "1" if measure.unit == "1" else ""
                widest[key] = max(widest[key], found.high - found.low)
        money = self.place.currency
        return Label(
            f"逐块累计：比例、均值、贫困为精确值；中位数取自收入网格，误差不超过{widest['']:,.0f}{money.zh}，"
            f"基尼系数误差不超过{widest['1']:.1g}；还需增长率误差不超过0.2个百分点。",
            "Added up block by block: shares, means and poverty are exact; medians are read off a "
            f"grid of incomes, within {widest['']:,.0f} {money.en}, the Gini within "
            f"{widest['1']:.1g}, growth still needed within 0.2 percentage points.",
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
        sample, *amounts = self._sums(ENROLMENT, ENROLMENT).tolist()
        return EnrolmentMemo(int(sample), *amounts)

    def _indicators(self) -> Sequence[Indicator]:
        return self.streamed.indicators(self.positions[1])

    def _doubt(self) -> tuple[pd.DataFrame | None, tuple[Label, ...]]:
        replicates, rule = self.streamed.reduction.replicates, self.streamed.reduction.rule
        if replicates is None:
            return Comparison._doubt(self)
        errors = replicates.errors(measures(rule), self.streamed.run.sums, self.positions)
        return errors, (replicates.note(),)

    def _thin_notes(self) -> tuple[Label, ...]:
        return (self.streamed.grid_note(),)

    def _rows(self, name: str) -> pd.DataFrame:
        run, reduction = self.streamed.run, self.streamed.reduction
        return reduction.table(
            name, self.positions, self._sums(name.partition("/")[0], name), run.example
        )

    def _sums(self, table: str, name: str) -> FloatArray:
        """Return what the rows of this pair add up to."""
        run, reduction = self.streamed.run, self.streamed.reduction
        if table not in reduction.tables:
            raise DataError(
                "the table {name!r} was not summed while the stream ran; give "
                "tables=[..., {name!r}] to simulate_stream",
                name=table,
            )
        return run.sums[f"{name}/{reduction.pairs.index(self.positions)}"]

    def _gain_rows(self, categories: Breakdown, limit: Threshold, concept: Concept) -> pd.DataFrame:
        if categories.names != (EVERY,) or limit != Threshold():
            raise DataError(
                "a stream sums winners and losers of all households together, with the usual "
                'thresholds: winners_and_losers("all")'
            )
        return self._rows(f"{GAINS}/{concept}")

    def _in_memory_only(self, *_: Any, **__: Any) -> NoReturn:
        raise DataError(
            "this table needs every household at once, and a stream keeps none; take a sample that "
            "fits in memory: olive.compare(olive.simulate(population, policies))"
        )

    group_table = progressivity = distribution = growth_incidence = _in_memory_only


def simulate_stream(
    stream: PopulationStream,
    policies: Policy | Sequence[Policy],
    *,
    tables: Sequence[str] = ("crossings", "cells"),
    pairs: Sequence[tuple[int | str, int | str]] | None = None,
    outputs: Sequence[str] = (),
    folder: str | Path | None = None,
    checkpoint: str | Path | None = None,
    replicates: ReplicateColumns | None = None,
    deflator: float = 1.0,
    closed: Closed = "low",
    seed: int = DEFAULT_SEED,
    backend: Backend = "auto",
    threads: int | None = None,
    client: Any = None,
    progress: Progress = None,
) -> StreamedResult:
    """Simulate a population block by block and keep sums alone, whatever its size.

    Parameters
    ----------
    stream : PopulationStream
        Drawn, or read from Parquet, one block of whole households at a time.
    policies : Policy or sequence of Policy
        Totals over the population that their rules read are summed first: one more pass over the
        stream for each round of totals that rest on others. Policies that
        ``olive.simulate(sample, policies).settled(...)`` gives carry the totals of a sample.
    tables : sequence of {"crossings", "cells", "winners_and_losers", "budget", "enrolment"}
        To be summed beside the indicators.
    pairs : sequence of (int or str, int or str), optional
        Policies that are compared, by position or label; by default the first with the last.
    outputs : sequence of str
        More variables, to be written for every household or person.
    folder : str or pathlib.Path, optional
        Where the outputs are written, a file for each block: whole or not at all.
    checkpoint : str or pathlib.Path, optional
        File in which the run keeps where it stands. A run that was stopped goes on from there,
        and gives the same bits.
    replicates : ReplicateColumns, optional
        Columns of replicate weights of a real survey (`olive.analysis.ReplicateColumns`): means,
        shares and poverty get standard errors and 95 % intervals.
    deflator, closed
        As for `olive.compare`.
    seed, backend
        As for `olive.simulate`.
    threads : int, optional
        Blocks computed at the same time; each takes some hundred megabytes. By default one a
        processor.
    client : dask.distributed.Client, optional
        Compute the blocks on the workers of a cluster instead (``olive-microsim[dask]``).
    progress : callable or bool, optional
        Called with (households done, households in all) in each pass; True shows a bar.

    Returns
    -------
    StreamedResult
        The same bits for any number of threads or workers, and after any interruption.

    Raises
    ------
    DataError, RuleError, OutputError
        Before any block is simulated, when arguments, columns, checkpoint or folder cannot be
        used; later for a block that cannot be read or a file that cannot be written.

    Examples
    --------
    >>> import olive
    >>> law = olive.law(year=2023)
    >>> higher = law | olive.Reform({"dibao_standard": 20_000}, label="dibao 20,000")
    >>> stream = olive.PopulationStream.synthetic(households=600, seed=1, block=200)
    >>> found = simulate_stream(stream, [law, higher])
    >>> city = olive.Population.synthetic(households=600, seed=1)
    >>> exact = olive.compare(olive.simulate(city, [law, higher]), model_range=False).targets()
    >>> bool(abs(found.targets()["change"] - exact["change"]).iloc[:9].max() < 1e-9)
    True
    """
    given = [policies] if isinstance(policies, Policy) else list(policies)
    if not isinstance(stream, PopulationStream):
        raise DataError(
            "the stream is a {type}; build one with olive.PopulationStream.synthetic(), "
            "read() or of()",
            type=type(stream).__name__,
        )
    place, chosen = stream.place, _checked_tables(tables, stream.place)
    rule = BracketRule(deflator, closed, place)
    if replicates is not None:
        replicates = replicates.checked(stream.block(0))
    reduction = Reduction(rule, _positions(pairs, given), chosen, replicates)
    kept = [*income_variables(place), *outputs]
    if {GAINS, BUDGET} & {*chosen}:
        kept += [*all_instruments(given), *entitlements_of(given).values(), *concepts_of(place)]
    if ENROLMENT in chosen:
        kept += ENROLMENT_VARIABLES
    with shown_progress(progress, Message("simulate"), Message("households")) as told:
        run = run_stream(
            stream,
            given,
            tuple(dict.fromkeys(kept)),
            reduction,
            named=repr((deflator, closed, reduction.pairs, chosen, replicates)),
            how=StreamPlan(seed, backend, threads, client, checkpoint, folder, told),
        )
    return StreamedResult(run, reduction)


def _checked_tables(tables: Sequence[str], place: Place) -> tuple[str, ...]:
    for name in (tables,) if isinstance(tables, str) else tables:
        if name not in TABLES:
            raise DataError(
                "no table {name!r} of a stream{hint}; give a list of {tables}",
                name=name,
                hint=nearest(str(name), TABLES),
                tables=joined(TABLES),
            )
    if ENROLMENT in tables and not has_scheme(place):
        raise DataError(
            "the law of {place} has no employees' pension scheme to join", place=place.name
        )
    return tuple(name for name in TABLES if name in tables)


def _positions(
    pairs: Sequence[tuple[int | str, int | str]] | None, policies: Sequence[Policy]
) -> tuple[tuple[int, int], ...]:
    """Return the positions of the policies that are compared; none of a single policy."""
    labels = [policy.label for policy in policies if isinstance(policy, Policy)]
    last = len(labels) - 1
    if pairs is None:
        return ((0, last),) if last > 0 else ()

    def position(named: int | str) -> int:
        if named in labels:
            return labels.index(str(named))
        if isinstance(named, int) and 0 <= named <= last:
            return named
        raise DataError(
            "no policy {named!r} to compare{hint}; policies are {labels}",
            named=named,
            hint=nearest(str(named), labels),
            labels=joined(map(repr, labels)),
        )

    found = tuple((position(before), position(after)) for before, after in pairs)
    same = next((before for before, after in found if before == after), None)
    if same is not None:
        raise DataError(
            "policy {labels!r} is compared with itself; name two of {listed}",
            labels=labels[same],
            listed=joined(map(repr, labels)),
        )
    return found
