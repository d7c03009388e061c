"""Who computes the blocks of a stream: threads of this process, or workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from typing import TYPE_CHECKING, Any

from olive.errors import DataError, told_where
from olive.messages import Message
from olive.native.cores import available_cores
from olive.simulation.run import simulate
from olive.statistics.block_sums import BlockSums, Sums

if TYPE_CHECKING:
    from olive.engine.passes import Backend
    from olive.engine.policy import Policy
    from olive.population.stream import PopulationStream
    from olive.simulation.result import Result
    from olive.simulation.result_files import ResultFiles

_TASKS_A_THREAD = 2  # under way on a cluster, so that no worker waits for the next one


@dataclass(frozen=True, slots=True)
class BlockTask:
    """What is done to each block: simulate it, keep its households if asked, reduce it to sums.

    Attributes
    ----------
    stream : PopulationStream
    policies : tuple of Policy
        Without totals over the population that are not known.
    outputs, totals : tuple of str
    seed : int
    backend : str
    reduce : function of Result
        Returns arrays by name, which add up over blocks.
    results : ResultFiles or None
        Where the outputs of every household are written.
    """

    stream: PopulationStream
    policies: tuple[Policy, ...]
    outputs: tuple[str, ...]
    totals: tuple[str, ...]
    seed: int
    backend: Backend
    reduce: Callable[[Result], Sums]
    results: ResultFiles | None = None

    def __call__(self, number: int) -> Sums:
        """Return the sums of one block."""
        population = self.stream.block(number)
        with told_where(Message("block {block}", number)):
            result = simulate(
                population,
                self.policies,
                outputs=self.outputs,
                totals=self.totals,
                seed=self.seed,
                backend=self.backend,
                threads=1,
            )
            sums = self.reduce(result)
        if self.results is not None:
            self.results.write(result, number)
        return sums


Tasks = Sequence[BlockTask]


def sums_of_blocks(tasks: Tasks, numbers: Sequence[int]) -> BlockSums:
    """Return the sums that tasks give for some blocks; each block is made once for all tasks."""
    stream = tasks[0].stream
    parts = [BlockSums(len(stream)).add(number, _sums(tasks, number)) for number in numbers]
    return reduce(BlockSums.merge, parts)


def _sums(tasks: Tasks, number: int) -> Sums:
    return {
        f"{place}/{name}": values
        for place, task in enumerate(tasks)
        for name, values in task(number).items()
    }


def in_threads(tasks: Tasks, numbers: Sequence[int], threads: int | None) -> Iterator[BlockSums]:
    """Compute blocks on threads of this process; yields sums as they are done."""
    with ThreadPoolExecutor(threads or available_cores()) as pool:
        waiting = iter(numbers)
        under_way: set[Future[BlockSums]] = set()
        try:
            while True:
                free = (threads or available_cores()) - len(under_way)
                under_way |= {
                    pool.submit(sums_of_blocks, tasks, [number]) for number in islice(waiting, free)
                }
                if not under_way:
                    return
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                yield from (each.result() for each in done)
        finally:
            for each in under_way:
                each.cancel()


def on_cluster(tasks: Tasks, numbers: Sequence[int], client: Any) -> Iterator[BlockSums]:
    """Compute blocks on the workers of a Dask client; those of a lost worker are made again.

    Raises
    ------
    DataError
        When it is no client, or the cluster is lost.
    """
    try:
        from distributed import KilledWorker, as_completed  # noqa: PLC0415
    except ImportError:
        raise DataError("client= needs Dask: pip install 'olive-microsim[dask]'") from None
    if not hasattr(client, "submit") or not hasattr(client, "nthreads"):
        raise DataError("client is a {type}; give a dask.distributed.Client", type(client).__name__)
    waiting = iter(numbers)
    found: Any = as_completed(loop=client.loop)  # type: ignore[no-untyped-call]

    def submit(count: int) -> None:
        for number in islice(waiting, count):
            found.add(client.submit(sums_of_blocks, shared, [number], pure=False))

    try:
        # A value of the graph, not one kept by workers: it is made again where a worker is lost.
        shared = client.submit(_itself, tasks, pure=False)
        submit(_TASKS_A_THREAD * (sum(client.nthreads().values()) or 1))
        for each in found:
            yield each.result()
            submit(1)
    except Exception as fault:
        if client.status == "running" and not isinstance(fault, KilledWorker):
            raise
        raise DataError(
            "the cluster was lost ({fault}); start one and run again: what checkpoint= holds is "
            "not computed anew",
            fault,
        ) from fault
    finally:  # where one failed, the others are of no use
        if client.status == "running":
            client.cancel(list(found.futures))


def _itself(tasks: Tasks) -> Tasks:
    return tasks
