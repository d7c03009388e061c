"""Running policies over tables: backend, threads, kept arrays and totals."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from olive.engine.arguments import check_run
from olive.engine.numpy_backend import run_block
from olive.engine.policy import Policy
from olive.engine.population_totals import Totals, totals_behind
from olive.engine.program import HOUSEHOLD_KEY, Program, build_program, check_known
from olive.engine.results import Results, results_for
from olive.engine.rules import PopulationRule
from olive.engine.tables import Tables
from olive.errors import DataError, RuleError
from olive.messages import Message
from olive.native.cores import available_cores
from olive.native.immutable import FrozenMapping

Backend = Literal["auto", "numpy", "compiled"]
Progress = Callable[[int, int], None]

VERIFY_VARIABLE = "OLIVE_VERIFY"
# Below this many step results (steps x rows) numpy is done before code has been compiled, or before
# code that is kept from an earlier run has been loaded.
_COMPILING_PAYS = 200_000_000
_LOADING_PAYS = 20_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """What a run computed.

    Attributes
    ----------
    arrays : mapping of (policy position, variable) to array
        One value per row; policies that agree share an array. Read-only.
    totals : mapping of (policy position, variable) to float
        Sums over all rows with household weights.
    population_totals : mapping of (policy position, variable) to float
        Totals that rules read, so that one household can be computed alone.
    backend : str
        ``"numpy"`` or ``"compiled"``.
    notes : tuple of str
        What the run decided and the user should know.
    """

    arrays: Mapping[tuple[int, str], NDArray[Any]]
    totals: Mapping[tuple[int, str], float]
    population_totals: Mapping[tuple[int, str], float]
    backend: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _How:
    """How to run: the seed of draws, the backend asked for, the threads asked for."""

    seed: int
    backend: Backend
    threads: int | None


def run_policies(
    tables: Tables,
    policies: Sequence[Policy],
    outputs: Sequence[str],
    *,
    totals: Sequence[str] = (),
    into: Mapping[str, NDArray[Any]] | None = None,
    seed: int = 0,
    backend: Backend = "auto",
    threads: int | None = None,
    progress: Progress | None = None,
) -> Run:
    """Compute variables for every policy in one pass over the tables.

    Parameters
    ----------
    tables : Tables
    policies : sequence of Policy
    outputs : sequence of str
        Variables to keep for every row; one that only some policies have is kept for those.
    totals : sequence of str
        Variables to sum with household weights (column ``weight``).
    into : mapping of str to array, optional
        Variables of the first policy to write into arrays of the caller, one value per row, each
        converted to the type of its array block by block.
    seed : int
        For random draws.
    backend : {"auto", "numpy", "compiled"}
        ``"auto"`` compiles when the work is large enough for it to pay. With ``OLIVE_VERIFY=1`` in
        the environment each run is made on both, and refused when a bit differs.
    threads : int, optional
        Threads of the compiled backend; default all cores. Results do not depend on it.
    progress : callable, optional
        Called with (blocks done, blocks in all) as the run advances.

    Raises
    ------
    DataError, RuleError
        Before any work, when columns or variables are missing; after it, when a kept result
        is not a finite number.
    """
    if backend not in ("auto", "numpy", "compiled"):
        raise RuleError(
            "no backend {backend!r}; use 'auto', 'numpy' or 'compiled'", backend=backend
        )
    check_run(seed, threads, progress)
    for policy in policies:
        for name in (*outputs, *totals, *(into or {})):
            if isinstance(policy.rules.rules.get(name), PopulationRule):
                raise RuleError(
                    "{name!r} is one number for the population, not a value per row; ask for "
                    "what reads it and find the number in population_totals",
                    name=name,
                )
    how = _How(seed, backend, threads)
    into = into or {}
    check_known(policies, tables.entities(), [*outputs, *totals], into)
    wanted = [*outputs, *totals, *into]
    settled, population_totals = _settle_totals(tables, policies, wanted, how)
    run = _one_pass(tables, settled, outputs, totals, how, into=into, progress=progress)
    if os.environ.get(VERIFY_VARIABLE) == "1":
        other = replace(how, backend="numpy" if run.backend == "compiled" else "compiled")
        again, other_totals = _settle_totals(tables, policies, wanted, other)
        _check_agreement(run, _one_pass(tables, again, outputs, totals, other))
        if population_totals != other_totals:
            raise RuleError(
                "totals differ by backend: {population_totals}, {other_totals}",
                population_totals=population_totals,
                other_totals=other_totals,
            )
    return replace(run, population_totals=population_totals)


def _check_agreement(one: Run, two: Run) -> None:
    """Refuse results that are not the same, bit by bit, on both backends."""
    different = [key for key in one.arrays if not np.array_equal(one.arrays[key], two.arrays[key])]
    different += [key for key in one.totals if one.totals[key] != two.totals[key]]
    if different:
        named = ", ".join(f"{name!r} of policy {position}" for position, name in different)
        raise RuleError("the numpy and the compiled backend differ in {named}", named=named)


def _settle_totals(
    tables: Tables,
    policies: Sequence[Policy],
    wanted: Sequence[str],
    how: _How,
) -> tuple[Sequence[Policy], Mapping[tuple[int, str], float]]:
    """Run as many passes as it takes until every population total that is read is known."""
    given = frozenset(tables.entities())
    rule_sets = {id(policy.rules): policy.rules for policy in policies}.values()
    if not any(totals_behind(rules, wanted, given) for rules in rule_sets):
        return policies, {}
    totals = Totals(policies, given)
    while True:
        pending = totals.pending(wanted)
        settled = totals.policies()
        if not any(pending):
            known = {
                (position, name): value
                for position, each in enumerate(totals.known)
                for name, value in each.items()
            }
            return settled, known
        found: list[dict[str, float]] = [{} for _ in policies]
        # Policies whose rules name the same totals share a pass; others may lack the variables.
        together: dict[tuple[tuple[str, str], ...], list[int]] = {}
        for position, (policy, each) in enumerate(zip(policies, pending, strict=True)):
            sources = tuple((name, policy.rules.rules[name].arguments[0]) for name in each)
            together.setdefault(sources, []).append(position)
        for sources, positions in together.items():
            if sources:
                summed = list(dict.fromkeys(source for _, source in sources))
                run = _one_pass(tables, [settled[each] for each in positions], [], summed, how)
                for place, position in enumerate(positions):
                    found[position] = {name: run.totals[place, source] for name, source in sources}
        totals.settle(found)


def _one_pass(
    tables: Tables,
    policies: Sequence[Policy],
    outputs: Sequence[str],
    totals: Sequence[str],
    how: _How,
    *,
    into: Mapping[str, NDArray[Any]] = FrozenMapping({}),
    progress: Progress | None = None,
) -> Run:
    program = build_program(
        policies, tables.entities(), outputs, totals, seed=how.seed, written=list(into)
    )
    check_columns(program, tables, policies)
    results = results_for(program, tables, into)
    work, used, notes = _worker(program, tables, results, how.backend)
    _in_threads(work, tables.blocks(), _thread_count(how.threads, used), progress)
    check_finite(program, results, tables)
    arrays: dict[tuple[int, str], NDArray[Any]] = {}
    for (position, name), slot in program.outputs.items():
        column = program.slots[slot].column
        if column is None:
            arrays[position, name] = results.kept[slot]
        else:
            arrays[position, name] = tables.of_entity(program.slots[slot].entity)[column].view()
        arrays[position, name].flags.writeable = False
    sums = results.partial.sum(axis=1)
    _check_totals(program, sums)
    totalled = {key: float(sums[place]) for key, place in program.total_of.items()}
    return Run(arrays, totalled, {}, used, notes)


# Computes the blocks first, first + step, ... below last.
Work = Callable[[int, int], None]


def _worker(
    program: Program,
    tables: Tables,
    results: Results,
    backend: Backend,
) -> tuple[Work, str, tuple[str, ...]]:
    rows = sum(tables.count(program.slots[step.output].entity) for step in program.steps)
    notes: tuple[str, ...] = ()
    if backend == "compiled" or (backend == "auto" and rows > _LOADING_PAYS):
        try:
            from olive.engine.compiled_backend import CompiledWork  # noqa: PLC0415
        except ImportError as error:
            if backend == "compiled":
                raise RuleError(
                    "the compiled backend cannot be loaded: {error}", error=error
                ) from error
            notes = (
                Message(
                    "numpy backend: compiled code cannot be loaded here ({error})", error=error
                ),
            )
        else:
            compiled = CompiledWork(program, tables, results)
            if backend == "compiled" or rows > _COMPILING_PAYS or compiled.is_kept:
                compiled.load()
                return compiled, "compiled", compiled.notes

    def work(first: int, last: int) -> None:
        for index in range(first, last):
            run_block(program, tables, index, results)

    return work, "numpy", notes


def _thread_count(threads: int | None, backend: str) -> int:
    # The numpy backend holds the interpreter lock most of the time: more threads do not help.
    if backend == "numpy":
        return 1
    return threads or available_cores()


def _in_threads(work: Work, blocks: int, threads: int, progress: Progress | None) -> None:
    """Hand out short ranges of blocks; who computes a block never changes its result."""
    length = max(1, min(64, blocks // (4 * threads) or 1))
    ranges = [(first, min(first + length, blocks)) for first in range(0, blocks, length)]
    done = 0
    if threads == 1:
        for first, last in ranges:
            work(first, last)
            done += last - first
            if progress is not None:
                progress(done, blocks)
        return
    with ThreadPoolExecutor(threads) as pool:
        for (first, last), _ in zip(
            ranges, pool.map(lambda each: work(*each), ranges), strict=True
        ):
            done += last - first
            if progress is not None:
                progress(done, blocks)


def check_columns(program: Program, tables: Tables, policies: Sequence[Policy]) -> None:
    """Refuse columns that rules cannot read: of another type, or in the other table."""
    for slot in program.slots:
        if slot.column is None or slot.column == HOUSEHOLD_KEY:
            continue
        found = tables.of_entity(slot.entity)[slot.column].dtype
        for policy in policies:
            quantity = policy.rules.quantities.get(slot.column)
            if quantity is None:
                continue
            if quantity.truth != (found == np.bool_):
                wanted = Message("true or false (bool)") if quantity.truth else "numbers"
                raise DataError(
                    "column {column!r} must hold {wanted}, found type {found}",
                    column=slot.column,
                    wanted=wanted,
                    found=found,
                )
            entity = policy.rules.entity_of(slot.column)
            if entity != slot.entity:
                raise DataError(
                    "column {column!r} describes a {entity}, but stands in the {entity2} table",
                    column=slot.column,
                    entity=entity,
                    entity2=slot.entity,
                )
    for total in program.totals:
        if program.slots[total.weight].entity != "household":
            raise DataError("column 'weight' must stand in the household table")


def _check_totals(program: Program, sums: NDArray[np.float64]) -> None:
    for (_, name), place in program.total_of.items():
        if not np.isfinite(sums[place]):
            raise DataError(
                "the total of {name!r} is {sums}; keep {name!r} as an output to see the "
                "row, and guard divisions in its rules with where()",
                name=name,
                sums=sums[place],
            )


def check_finite(program: Program, results: Results, tables: Tables) -> None:
    """Refuse results that are not finite numbers, with the first row."""
    names = {slot: name for (_, name), slot in program.outputs.items()}
    names |= {slot: name for name, slot in program.written.items()}
    computed = [*results.kept.items()]
    computed += [(slot, array) for slot, arrays in results.written.items() for array in arrays]
    for slot, array in computed:
        # A sum is finite only if every term is (overflow of finite money cannot occur).
        if array.dtype.kind != "f" or np.isfinite(array.sum()):
            continue
        row = int(np.flatnonzero(~np.isfinite(array))[0])
        entity = program.slots[slot].entity
        household = (
            row
            if entity == "household"
            else int(np.searchsorted(tables.starts, row, side="right") - 1)
        )
        raise DataError(
            "variable {names!r} is {value} for row {row} of the {entity} table "
            "(household row {household}); guard divisions in its rules with where()",
            names=names[slot],
            value=array[row],
            row=row,
            entity=entity,
            household=household,
        )
