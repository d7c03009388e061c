"""One pass over a population that need not fit in memory: sums over blocks, resumable."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from olive import __version__
from olive.engine.arguments import DEFAULT_SEED, check_run
from olive.engine.population_totals import Summing, settled_totals
from olive.native.files import path_of
from olive.simulation.block_tasks import BlockTask, Tasks, in_threads, on_cluster
from olive.simulation.checkpoint import Checkpoint, Standing
from olive.simulation.lacking import filled_columns
from olive.simulation.result import Result
from olive.simulation.result_files import ResultFiles
from olive.simulation.run import simulate
from olive.statistics.block_sums import BlockSums, Sums

if TYPE_CHECKING:
    from olive.engine.passes import Backend
    from olive.engine.policy import Policy
    from olive.population.stream import PopulationStream
    from olive.progress import Told
    from olive.statistics.given_columns import FloatArray

_EXAMPLE_HOUSEHOLDS = 500


@dataclass(frozen=True, slots=True, eq=False)
class StreamRun:
    """What a pass over a stream found.

    Attributes
    ----------
    stream : PopulationStream
    example : Result
        Of the first households, under the same policies: for labels, notes and what was filled.
    policies : tuple of Policy
        With every total over the population as a parameter.
    population_totals : mapping of (policy position, variable) to float
    sums : mapping of str to float64 array
        What the reduction of every block adds up to.
    fingerprint : str
        Hash of data, policies, outputs, reduction and seed: what a checkpoint is known by.
    """

    stream: PopulationStream
    example: Result
    policies: tuple[Policy, ...]
    population_totals: Mapping[tuple[int, str], float]
    sums: Mapping[str, FloatArray]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class StreamPlan:
    """How a stream is gone through; see `olive.simulate_stream`."""

    seed: int = DEFAULT_SEED
    backend: Backend = "auto"
    threads: int | None = None
    client: Any = None
    checkpoint: str | Path | None = None
    folder: str | Path | None = None
    progress: Told = None


def run_stream(
    stream: PopulationStream,
    policies: Policy | Sequence[Policy],
    outputs: Sequence[str],
    reduce: Callable[[Result], Sums],
    *,
    named: str,
    how: StreamPlan | None = None,
) -> StreamRun:
    """Simulate every block and add up what a reduction makes of each.

    Totals over the population that rules read are summed first, as in memory: one pass over the
    stream for each round of totals that rest on others. Policies that `Result.settled` gave need
    none.

    Parameters
    ----------
    outputs : sequence of str
        Variables that the reduction reads; written for every household where a folder is given.
    reduce : function of Result
        Returns arrays by name. For a cluster it must travel to other processes.
    named : str
        What tells this reduction from others, for the checkpoint.

    Raises
    ------
    DataError, RuleError, OutputError
        Before any block is simulated, when arguments, columns, checkpoint or folder cannot be
        used; later, for a block that cannot be read or a file that cannot be written.
    """
    how = StreamPlan() if how is None else how
    check_run(how.seed, how.threads)
    first = stream.block(0)
    few = np.arange(len(first)) < _EXAMPLE_HOUSEHOLDS
    example = simulate(first.select(few), policies, outputs=outputs, seed=how.seed)
    identity = _fingerprint(stream, example, named)
    checkpoint = Checkpoint(how.checkpoint, identity)
    standing = checkpoint.load()
    results = None
    if how.folder is not None:
        results = ResultFiles(str(path_of(how.folder, "results")), identity, len(stream))
        results.prepare()
    steps = _Steps(stream, how, checkpoint, tuple(outputs), standing)
    tables = first.tables
    present = frozenset({*tables.households.column_names, *tables.persons.column_names})
    filled = filled_columns(present, example.policies, outputs, stream.place.columns)
    settled, totals = settled_totals(
        example.policies, list(outputs), (present - {"household_id"}) | {*filled}, steps.sum_up
    )
    sums = steps.reduced(tuple(settled), reduce, results)
    return StreamRun(stream, example, tuple(settled), totals, sums, identity)


def _fingerprint(stream: PopulationStream, example: Result, named: str) -> str:
    digests = [policy.digest() for policy in example.policies]
    labels, outputs, seed = example.labels, example.outputs, example.seed
    told = (stream.fingerprint(), digests, labels, outputs, seed, named, __version__)
    return hashlib.sha256(repr(told).encode()).hexdigest()


@dataclass(slots=True)
class _Steps:
    """The passes of one run: each begins where the checkpoint stands."""

    stream: PopulationStream
    how: StreamPlan
    checkpoint: Checkpoint
    outputs: tuple[str, ...]
    standing: Standing
    rounds_begun: int = 0

    def sum_up(self, requests: Sequence[Summing]) -> Sequence[Mapping[tuple[int, str], float]]:
        """Sum variables over the stream, all requests in one pass."""
        self.rounds_begun += 1
        if self.rounds_begun <= len(self.standing.rounds):
            return self.standing.rounds[self.rounds_begun - 1]
        tasks = [
            self._task(each.policies, (), each.names, _Totalled(len(each.policies), each.names))
            for each in requests
        ]
        sums = self._pass(tasks)
        found = [
            task.reduce.totals(sums[f"{place}/totals"])  # type: ignore[attr-defined]
            for place, task in enumerate(tasks)
        ]
        self.standing = self.standing.finished(found)
        self.checkpoint.save(self.standing, now=True)
        return found

    def reduced(
        self,
        policies: tuple[Policy, ...],
        reduce: Callable[[Result], Sums],
        results: ResultFiles | None,
    ) -> dict[str, FloatArray]:
        """Make the last pass, over settled policies."""
        task = replace(self._task(policies, self.outputs, (), reduce), results=results)
        if results is not None and self.standing.sums is not None:
            # Summed before, but not written, or to another folder, or lost since.
            entities = {each.rules.entity_of(name) for each in policies for name in self.outputs}
            lost = results.lacking(entities) & self.standing.sums.done()
            for _ in self._computed([replace(task, reduce=_nothing)], lost):
                pass
        sums = self._pass([task])
        return {name.removeprefix("0/"): values for name, values in sums.items()}

    def _task(
        self,
        policies: tuple[Policy, ...],
        outputs: tuple[str, ...],
        totals: tuple[str, ...],
        reduce: Callable[[Result], Sums],
    ) -> BlockTask:
        how = self.how
        return BlockTask(self.stream, policies, outputs, totals, how.seed, how.backend, reduce)

    def _pass(self, tasks: Tasks) -> dict[str, FloatArray]:
        """Compute the blocks that are missing, and keep where the run stands now and then."""
        how, stream = self.how, self.stream
        sums = self.standing.sums or BlockSums(len(stream))
        known = sums.done()
        found = self._computed(tasks, ~known)
        for done, each in enumerate(found, start=int(known.sum()) + 1):
            sums = sums.merge(each)
            self.standing = replace(self.standing, sums=sums)
            self.checkpoint.save(self.standing, now=done == len(stream))
            if how.progress is not None:
                how.progress(stream.households * done // len(stream), stream.households)
        return sums.total()

    def _computed(self, tasks: Tasks, blocks: NDArray[np.bool_]) -> Iterator[BlockSums]:
        """Compute some blocks, where the plan says."""
        numbers: list[int] = np.flatnonzero(blocks).tolist()
        if self.how.client is None:
            return in_threads(tasks, numbers, self.how.threads)
        return on_cluster(tasks, numbers, self.how.client)


def _nothing(_: Result) -> Sums:
    """Reduce a block whose sums are known."""
    return {}


@dataclass(frozen=True, slots=True)
class _Totalled:
    """Reduces a block to its weighted totals."""

    policies: int
    names: tuple[str, ...]

    def __call__(self, result: Result) -> Sums:
        values = [result.totals[place, name] for place, name in self._keys()]
        return {"totals": np.array(values)}

    def totals(self, sums: FloatArray) -> dict[tuple[int, str], float]:
        return dict(zip(self._keys(), sums.tolist(), strict=True))

    def _keys(self) -> list[tuple[int, str]]:
        return [(place, name) for place in range(self.policies) for name in self.names]
