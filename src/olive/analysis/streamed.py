"""`olive.simulate_stream`: policies over a population that need not fit in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from olive.analysis.bracket_rule import BracketRule
from olive.analysis.compared_policies import BUDGET
from olive.analysis.enrolment import ENROLMENT_VARIABLES, has_scheme
from olive.analysis.gains import concepts_of
from olive.analysis.indicators import income_variables
from olive.analysis.public_purse import all_instruments, entitlements_of
from olive.analysis.stream_replicates import ReplicateColumns
from olive.analysis.stream_sums import ENROLMENT, GAINS, TABLES, Reduction
from olive.analysis.streamed_result import StreamedResult
from olive.engine.arguments import DEFAULT_SEED
from olive.engine.policy import Policy
from olive.errors import DataError, nearest, shown
from olive.messages import Message, joined
from olive.population.stream import PopulationStream
from olive.progress import Progress, shown_progress
from olive.simulation.result import distinct_labels
from olive.simulation.run import check_names, checked_policies
from olive.simulation.streaming import StreamPlan, run_stream

if TYPE_CHECKING:
    from olive.engine.passes import Backend
    from olive.places.place import Place
    from olive.statistics.money import Closed


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
    if not isinstance(stream, PopulationStream):
        raise DataError(
            "the stream is a {type}; build one with olive.PopulationStream.synthetic(), "
            "read() or of()",
            type(stream).__name__,
        )
    given = checked_policies(policies, stream.place.name)
    check_names("outputs", outputs)
    place, chosen = stream.place, _checked_tables(tables, stream.place)
    rule = BracketRule(deflator, closed, place)
    if replicates is not None:
        if not isinstance(replicates, ReplicateColumns):
            raise DataError(
                "replicates is a {type}; name columns and method: olive.analysis.ReplicateColumns("
                "('rep_1', 'rep_2'), 'bootstrap')",
                type(replicates).__name__,
            )
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
    listed = tables if isinstance(tables, Iterable) and not isinstance(tables, str) else [tables]
    for name in listed:
        if name not in TABLES:
            raise DataError(
                "no table {name!r} of a stream{hint}; give a list of {tables}",
                name,
                nearest(str(name), TABLES),
                joined(TABLES),
            )
    if ENROLMENT in listed and not has_scheme(place):
        raise DataError("the law of {place} has no employees' pension scheme to join", place.name)
    return tuple(name for name in TABLES if name in listed)


def _are_pairs(given: object) -> bool:
    lists = (tuple, list)
    return isinstance(given, lists) and all(
        isinstance(each, lists) and len(each) == len(("before", "after")) for each in given
    )


def _positions(
    pairs: Sequence[tuple[int | str, int | str]] | None, policies: Sequence[Policy]
) -> tuple[tuple[int, int], ...]:
    """Return the positions of the policies that are compared; none of a single policy."""
    labels = [policy.label for policy in distinct_labels(policies)]
    last, listed = len(labels) - 1, joined(map(repr, labels))
    if pairs is None:
        return ((0, last),) if last > 0 else ()

    def position(named: int | str) -> int:
        if named in labels:
            return labels.index(str(named))
        if isinstance(named, int) and 0 <= named <= last:
            return named
        raise DataError(
            "no policy {named!r} to compare{hint}; policies are {labels}",
            named,
            nearest(str(named), labels),
            listed,
        )

    if not _are_pairs(pairs):
        raise DataError(
            "pairs is {pairs}; give a list of pairs of policies: [(before, after)]", shown(pairs)
        )
    found = tuple((position(before), position(after)) for before, after in pairs)
    for before, after in found:
        if before == after:
            raise DataError(
                "policy {labels!r} is compared with itself; name two of {listed}",
                labels[before],
                listed,
            )
    return found
