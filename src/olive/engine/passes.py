"""Passes over tables: each runs a program block by block and reuses what others worked out."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from olive.engine.numpy_backend import run_blocks
from olive.engine.policy import Policy
from olive.engine.program import HOUSEHOLD_KEY, Program
from olive.engine.program_builder import ProgramBuilder
from olive.engine.results import Results, column_types, results_for
from olive.engine.tables import Tables
from olive.errors import DataError, RuleError
from olive.messages import Message
from olive.native.cores import available_cores
from olive.native.immutable import FrozenMapping
from olive.native.threads import side_by_side
from olive.progress import Told

Backend = Literal["auto", "numpy", "compiled"]

# Below this many step results (steps x rows) numpy is done before code that is kept from an earlier
# run has been loaded.
_LOADING_PAYS = 10_000_000
# In a process that has run compiled code before, or will soon.
_MORE_PAYS = 500_000
_COMPILED = "olive.engine.compiled_backend"
# Blocks that numpy takes at once: with fewer rows Python takes longer than the arithmetic.
_NUMPY_BLOCKS = 8
# Blocks that a thread takes at once: few enough that all are done at about the same time, with so
# many step results (a fifth of a millisecond) that threads seldom wait for each other between them.
_MOST_BLOCKS = 16
_RESULTS_AT_ONCE = 200_000


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
class How:
    """How to run: the seed of draws, the backend asked for, the threads asked for."""

    seed: int
    backend: Backend
    threads: int | None


class Passes:
    """The passes of one run over the same tables.

    Truth values (one byte each) that later passes read are kept between them, as long as they
    take less room than the tables: whose draw lies below a limit is not worked out again for each
    total over the population.
    """

    def __init__(self, tables: Tables, how: How) -> None:
        self._tables, self._how = tables, how

    @cached_property
    def _builder(self) -> ProgramBuilder:
        return ProgramBuilder(self._tables.entities(), self._how.seed)

    @cached_property
    def _room(self) -> int:
        both = (*self._tables.households.values(), *self._tables.persons.values())
        return sum(column.nbytes for column in both)

    def run(
        self,
        policies: Sequence[Policy],
        outputs: Sequence[str],
        totals: Sequence[str],
        *,
        into: Mapping[str, NDArray[Any]] = FrozenMapping({}),
        progress: Told = None,
        later: Collection[str] = (),
    ) -> Run:
        """Make one pass; ``later`` names the variables that later ones may compute."""
        program = self.program(policies, outputs, totals, written=list(into), later=later)
        return self.run_program(program, policies, into=into, progress=progress)

    def program(
        self,
        policies: Sequence[Policy],
        outputs: Sequence[str],
        totals: Sequence[str],
        *,
        written: Sequence[str] = (),
        later: Collection[str] = (),
    ) -> Program:
        """Return the program of a pass."""
        return self._builder.program(policies, outputs, totals, written=written, later=later)

    def run_program(
        self,
        program: Program,
        policies: Sequence[Policy],
        *,
        into: Mapping[str, NDArray[Any]] = FrozenMapping({}),
        progress: Told = None,
    ) -> Run:
        """Make the pass of a program, of this or of an earlier run over the same columns."""
        tables, how = self._tables, self._how
        checked = (check_columns, *column_types(program, tables))
        if checked not in program.layouts:
            check_columns(program, tables, policies)
            program.layouts[checked] = True
        results = results_for(program, tables, into)
        computed = sum(tables.count(each) * of for each, of in program.computations.items())
        work, used, notes = _worker(program, tables, results, how.backend, computed)
        least = -(-_RESULTS_AT_ONCE * tables.blocks() // max(computed, 1))
        _in_threads(work, tables.blocks(), _thread_count(how.threads, used), least, progress)
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
        self._carry(program, results)
        return Run(arrays, totalled, {}, used, notes)

    def _carry(self, program: Program, results: Results) -> None:
        """Keep truth values for later passes, as columns of the tables."""
        if not program.carried:
            return
        added: dict[str, dict[str, NDArray[Any]]] = {"household": {}, "person": {}}
        for slot in program.carried:
            array = results.kept[slot]
            if array.nbytes <= self._room:
                self._room -= array.nbytes
                self._builder.at_hand[slot] = name = f"(slot {slot})"
                added[program.slots[slot].entity][name] = array
        self._tables = replace(
            self._tables,
            households={**self._tables.households, **added["household"]},
            persons={**self._tables.persons, **added["person"]},
        )


# Computes the blocks from the first one up to, and without, the last one.
Work = Callable[[int, int], None]


def _worker(
    program: Program,
    tables: Tables,
    results: Results,
    backend: Backend,
    computed: int,
) -> tuple[Work, str, tuple[str, ...]]:
    notes: tuple[str, ...] = ()
    if backend == "compiled" or (backend == "auto" and computed > _at_least()):
        try:
            from olive.engine.compiled_backend import CompiledWork  # noqa: PLC0415

            compiled = CompiledWork(program, tables, results)
            if backend == "compiled" or compiled.pays(computed):
                compiled.load()
                return compiled, "compiled", compiled.notes
        except (
            ImportError
        ) as error:  # of the compiler perhaps, which code that is kept can do without
            if backend == "compiled":
                raise RuleError("the compiled backend cannot be loaded: {error}", error) from error
            notes = (
                Message("numpy backend: compiled code cannot be loaded here ({error})", error),
            )

    def work(first: int, last: int) -> None:
        for begin in range(first, last, _NUMPY_BLOCKS):
            run_blocks(program, tables, begin, min(begin + _NUMPY_BLOCKS, last), results)

    return work, "numpy", notes


def expect_passes() -> None:
    """Load what compiled code needs: so many passes follow that the first already gain by it."""
    with suppress(ImportError):
        import_module(_COMPILED)


def _at_least() -> int:
    """Return how many step results are worth the question whether their code is there."""
    return min(_MORE_PAYS, _LOADING_PAYS) if _COMPILED in sys.modules else _LOADING_PAYS


def _thread_count(threads: int | None, backend: str) -> int:
    # The numpy backend holds the interpreter lock most of the time: more threads do not help.
    if backend == "numpy":
        return 1
    return threads or available_cores()


def _in_threads(work: Work, blocks: int, threads: int, least: int, progress: Told) -> None:
    """Hand out short ranges of blocks; who computes a block never changes its result."""
    ends = [0]
    while ends[-1] < blocks:  # shorter ones towards the end, which all threads reach together
        length = max(least, (blocks - ends[-1]) // (2 * threads))
        ends.append(min(ends[-1] + min(_MOST_BLOCKS, length), blocks))
    told = None if progress is None else lambda done: progress(ends[done], blocks)
    side_by_side(work, list(pairwise(ends)), threads, told)


def check_columns(program: Program, tables: Tables, policies: Sequence[Policy]) -> None:
    """Refuse columns that rules cannot read: of another type, or in the other table."""
    rule_sets = {id(policy.rules): policy.rules for policy in policies}.values()
    for slot in program.slots:
        if slot.column is None or slot.column == HOUSEHOLD_KEY:
            continue
        found = tables.of_entity(slot.entity)[slot.column].dtype
        for rules in rule_sets:
            quantity = rules.quantities.get(slot.column)
            if quantity is None:
                continue
            if quantity.truth != (found == np.bool_):
                wanted = Message("true or false (bool)") if quantity.truth else "numbers"
                raise DataError(
                    "column {column!r} must hold {wanted}, found type {found}",
                    slot.column,
                    wanted,
                    found,
                )
            entity = rules.entity_of(slot.column)
            if entity != slot.entity:
                raise DataError(
                    "column {column!r} describes a {entity}, but stands in the {entity2} table",
                    slot.column,
                    entity,
                    slot.entity,
                )
    for total in program.totals:
        if program.slots[total.weight].entity != "household":
            raise DataError("column 'weight' must stand in the household table")


def _check_totals(program: Program, sums: NDArray[np.float64]) -> None:
    for (_, name), place in program.total_of.items():
        if not math.isfinite(sums[place]):
            raise DataError(
                "the total of {name!r} is {sums}; keep {name!r} as an output to see the "
                "row, and guard divisions in its rules with where()",
                name,
                sums[place],
            )


def check_finite(program: Program, results: Results, tables: Tables) -> None:
    """Refuse results that are not finite numbers, with the first row."""
    computed = [*results.kept.items()]
    computed += [(slot, array) for slot, arrays in results.written.items() for array in arrays]
    for slot, array in computed:
        # A sum is finite only if every term is; that of finite amounts beyond all money may not be.
        if array.dtype.kind != "f" or math.isfinite(array.sum()) or np.isfinite(array).all():
            continue
        names = {slot: name for (_, name), slot in program.outputs.items()}
        names |= {slot: name for name, slot in program.written.items()}
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
            names[slot],
            array[row],
            row,
            entity,
            household,
        )
