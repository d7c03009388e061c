"""The compiled backend: machine code run over ranges of blocks."""

from __future__ import annotations

import queue
from collections import defaultdict
from functools import partial as bind
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from olive.engine.layout import inner_order
from olive.engine.machine_driver import DRIVER_NAME, DRIVER_PROTOTYPE, driver_module
from olive.engine.machine_program import MachineProgram, Placed
from olive.engine.machine_slots import ALIGNMENT
from olive.engine.numpy_backend import Block, run_step
from olive.engine.program import LONGEST_REMEMBERED, Program
from olive.engine.results import Results, column_types
from olive.engine.tables import HOUSEHOLDS_PER_BLOCK, Tables
from olive.messages import Message
from olive.native.machine_library import (
    function_at,
    kernel_name,
    load_kernels,
    not_kept,
    not_loaded,
)
from olive.native.room import addresses, empty

Array = NDArray[Any]

# Loops are compiled when this process lacked them for so many step results (steps x rows) on
# average: blocks of a stream, years of a projection and policies of a search ask for the same ones
# again and again. To compile one takes as long as two million; but it is kept for later processes.
_COMPILING_PAYS = 600_000
# They load a loop that is kept in far less.
_LOADING_A_LOOP_PAYS = 40_000
_lacked: defaultdict[str, float] = defaultdict(float)


class CompiledWork:
    """Callable that computes ranges of blocks; several threads may call it at once.

    Attributes
    ----------
    notes : tuple of str
        Says so when rules had to be compiled.
    """

    def __init__(self, program: Program, tables: Tables, results: Results) -> None:
        self._program, self._tables = program, tables
        self._machine = _machine_of(program, tables, results)
        self._code = _code_of(self._machine)
        self._placed = self._machine.placed(tables, results)
        self._tables_at = (
            HOUSEHOLDS_PER_BLOCK,
            tables.count("household"),
            *addresses(tables.starts, self._placed.bases),
        )
        self._states: queue.SimpleQueue[_State] = queue.SimpleQueue()
        self.notes: tuple[str, ...] = ()

    def pays(self, step_results: int) -> bool:
        """Take note of a run (steps x rows) that lacks code; return whether to load it now."""
        return self._code.pays(step_results)

    def load(self) -> None:
        """Load the code, compiling what is not kept; before the first block."""
        compiled = self._code.load()
        if compiled:
            self.notes = (
                Message(
                    "compiled {compiled} of {number} loops, kept for next time",
                    compiled,
                    len(self._code.kernels),
                ),
            )

    def __call__(self, first: int, last: int) -> None:
        """Compute blocks first to last."""
        try:
            state = self._states.get_nowait()
        except queue.Empty:
            state = _State(self._placed)
        if not self._machine.plain:
            self._drive(state, first, last, 0, self._code.calls)
        else:
            for block in range(first, last):
                self._walk(state, block)
        self._states.put(state)

    def _walk(self, state: _State, block: int) -> None:
        """Run one block, stopping at each plain numpy rule."""
        start = 0
        for position in self._machine.plain:
            self._drive(state, block, block + 1, start, position)
            self._run_plain(state, block, position)
            start = position + 1
        self._drive(state, block, block + 1, start, self._code.calls)

    def _run_plain(self, state: _State, index: int, position: int) -> None:
        """Run a rule as numpy: what it reads and gives stands in the user's order."""
        step = self._machine.plain[position]
        block = Block(self._tables, index)
        households, persons = inner_order(block.starts)
        order = {"household": households, "person": persons}
        values: dict[int, Array] = {}
        for slot in step.inputs:
            described = self._program.slots[slot]
            if described.column is not None:
                values[slot] = block.column(described.column, described.entity)
            else:
                rows = order[described.entity]
                kind = np.bool_ if described.truth else np.float64
                values[slot] = np.empty(rows.size, dtype=kind)
                values[slot][rows] = state.values(slot, kind, rows.size)
        with np.errstate(all="ignore"):
            result = run_step(self._program, step, values, block)
        output = self._program.slots[step.output]
        rows = order[output.entity]
        kind = np.bool_ if output.truth else np.float64
        state.values(step.output, kind, rows.size)[:] = result[rows]

    def _drive(self, state: _State, first: int, last: int, start: int, stop: int) -> None:
        self._code.drive(
            first, last, *self._tables_at, state.address, start, stop, *self._code.calls_at
        )


class _Code:
    """The code of a program that is laid out, the same for all runs.

    Attributes
    ----------
    kernels : dict of name to function that writes the module
        With the driver's.
    calls : int
        How many calls of kernels a block takes.
    drive : callable
        The driver, once the code is loaded.
    calls_at : tuple of int
        How many slots there are, and where the driver finds how they move and the calls.
    """

    def __init__(self, machine: MachineProgram) -> None:
        self._names = [kernel[0] if kernel else "" for kernel in machine.kernels]
        self._driver_name = kernel_name(DRIVER_NAME)
        self.kernels = {kernel[0]: kernel[1] for kernel in machine.kernels if kernel is not None}
        self.kernels[self._driver_name] = bind(driver_module, self._driver_name)
        self.calls = machine.kernel_of.size
        self.drive: Any = None
        self._kernel_of = machine.kernel_of
        self._functions = np.zeros(self.calls, dtype=np.uint64)
        # Addresses are taken once: to ask numpy for one takes as long as a step on a few rows.
        self._held = (
            machine.widths,
            machine.moves,
            self._functions,
            machine.over_persons,
            machine.operand_first,
            machine.operands,
            machine.figure_first,
            machine.figures,
        )
        self.calls_at = machine.widths.size, *addresses(*self._held)

    @property
    def absent(self) -> list[str]:
        """The kernels that this process has not loaded yet."""
        return [] if self.drive else not_loaded(self.kernels)

    def pays(self, step_results: int) -> bool:
        """Take note of a run without code; return whether to load or compile it pays by now."""
        absent = self.absent
        for name in absent:
            _lacked[name] += step_results / len(self.kernels)
        compiling = len(not_kept(absent))
        least = _COMPILING_PAYS * compiling + _LOADING_A_LOOP_PAYS * (len(absent) - compiling)
        return not absent or sum(_lacked[name] for name in absent) > least

    def load(self) -> int:
        """Load what is absent; return how many kernels had to be compiled."""
        if self.drive:
            return 0
        addresses, compiled = load_kernels(self.kernels)
        found = [addresses.get(name, 0) for name in self._names]
        self._functions[:] = np.array(found, dtype=np.uint64)[self._kernel_of]
        self.drive = function_at(addresses[self._driver_name], DRIVER_PROTOTYPE)
        return compiled


_codes: WeakKeyDictionary[MachineProgram, _Code] = WeakKeyDictionary()


def _code_of(machine: MachineProgram) -> _Code:
    found = _codes.get(machine)
    if found is None:
        found = _codes[machine] = _Code(machine)
    return found


class _State:
    """What one thread needs for itself: room for buffers, and the addresses of slots in its block.

    Attributes
    ----------
    address : int
        Of the room.
    """

    def __init__(self, placed: Placed) -> None:
        room = empty(placed.room + ALIGNMENT, np.uint8)
        (begin,) = addresses(room)
        self._room, self._places = room[-begin % ALIGNMENT :], placed.bases
        self.address = begin + -begin % ALIGNMENT

    def values(self, slot: int, kind: type[np.generic], count: int) -> Array:
        """Return the values of a buffer, in the inner order."""
        first = int(self._places[slot])
        return self._room[first : first + count * np.dtype(kind).itemsize].view(kind)


# Layouts by what they depend on, each with its program, so that ids of rules stay their own. The
# years of a projection make the same computations with other figures.
_laid_out: dict[tuple[object, ...], MachineProgram] = {}
_REMEMBERED_LAYOUTS = 32


def _machine_of(program: Program, tables: Tables, results: Results) -> MachineProgram:
    """Return a program laid out for machine code: once for all tables of the same types.

    Programs that differ in figures alone are laid out once.
    """
    written = [each.dtype for arrays in results.written.values() for each in arrays]
    key = (MachineProgram, *column_types(program, tables), *written)
    if key not in program.layouts:
        program.layouts[key] = _laid_out_alike(key, program, tables, results)
    found: MachineProgram = program.layouts[key]
    return found


def _laid_out_alike(
    key: tuple[object, ...], program: Program, tables: Tables, results: Results
) -> MachineProgram:
    if program.order.size > LONGEST_REMEMBERED:
        return MachineProgram(program, tables, results)
    alike = (*key, program.structure)
    known = _laid_out.get(alike)
    if known is not None:
        return known.with_figures_of(program)
    if len(_laid_out) >= _REMEMBERED_LAYOUTS:
        _laid_out.clear()
    made = _laid_out[alike] = MachineProgram(program, tables, results)
    return made
