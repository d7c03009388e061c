"""The compiled backend: a program laid out for machine code and run over ranges of blocks."""

from __future__ import annotations

import queue
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial as bind
from typing import Any

import numpy as np
from llvmlite import ir
from numpy.typing import NDArray

from olive.engine import machine_loops as loops
from olive.engine.machine_code import Figure, Operand, formula_module
from olive.engine.machine_driver import (
    BY_BLOCK,
    BY_HOUSEHOLD,
    BY_PERSON,
    DRIVER_NAME,
    DRIVER_PROTOTYPE,
    FIXED,
    driver_module,
)
from olive.engine.numpy_backend import Block, run_step
from olive.engine.parameters import Datum
from olive.engine.program import HOUSEHOLD_KEY, Program, Step
from olive.engine.results import Results
from olive.engine.rules import DrawRule, FormulaRule, GroupRule, PointerRule
from olive.engine.tables import HOUSEHOLDS_PER_BLOCK, Tables
from olive.engine.vocabulary import Schedule
from olive.native.machine_library import all_kept, function_at, kernel_name, load_kernels

Array = NDArray[Any]
Kernel = tuple[str, Callable[[], ir.Module]]


class CompiledWork:
    """Callable that computes ranges of blocks; several threads may call it at once.

    Attributes
    ----------
    notes : tuple of str
        Says so when rules had to be compiled.
    """

    def __init__(self, program: Program, tables: Tables, results: Results) -> None:
        self._program, self._tables = program, tables
        self._layout = layout = _Layout(program, tables, results)
        self._names = [kernel[0] if kernel else "" for kernel in layout.kernels]
        self._driver_name = kernel_name(DRIVER_NAME)
        self._kernels = {kernel[0]: kernel[1] for kernel in layout.kernels if kernel is not None}
        self._kernels[self._driver_name] = bind(driver_module, self._driver_name)
        self.notes: tuple[str, ...] = ()

    @property
    def is_kept(self) -> bool:
        """Whether all code that it needs is kept from earlier runs."""
        return all_kept(self._kernels)

    def load(self) -> None:
        """Load the code, compiling what is not kept; before the first block."""
        addresses, compiled = load_kernels(self._kernels)
        self._driver = function_at(addresses[self._driver_name], DRIVER_PROTOTYPE)
        found = [addresses.get(name, 0) for name in self._names]
        self._functions = np.array(found, dtype=np.uint64)
        self._states: queue.SimpleQueue[_State] = queue.SimpleQueue()
        if compiled:
            self.notes = (f"compiled {compiled} of {len(self._kernels)} loops, kept for next time",)

    def __call__(self, first: int, last: int) -> None:
        """Compute blocks first to last."""
        try:
            state = self._states.get_nowait()
        except queue.Empty:
            state = _State(self._layout)
        if all(self._functions):
            self._drive(state, first, last, 0, self._functions.size)
        else:
            for block in range(first, last):
                self._walk(state, block)
        self._states.put(state)

    def _walk(self, state: _State, block: int) -> None:
        """Run one block, stopping at each plain numpy rule."""
        start = 0
        for position in np.flatnonzero(self._functions == 0):
            self._drive(state, block, block + 1, start, int(position))
            self._run_plain(state, block, int(position))
            start = int(position) + 1
        self._drive(state, block, block + 1, start, self._functions.size)

    def _run_plain(self, state: _State, index: int, position: int) -> None:
        step = self._layout.steps[position]
        assert step is not None
        block = Block(self._tables, index)
        values: dict[int, Array] = {}
        for slot in step.inputs:
            values[slot] = self._values(state, slot, block)
        with np.errstate(all="ignore"):
            result = run_step(self._program, step, values, block)
        self._values(state, step.output, block)[:] = result

    def _values(self, state: _State, slot: int, block: Block) -> Array:
        description = self._program.slots[slot]
        if description.column is not None:
            return block.column(description.column, description.entity)
        rows = block.persons if description.entity == "person" else block.households
        if slot in self._layout.kept:
            return self._layout.kept[slot][rows]
        return state.buffers[self._layout.buffer_of[slot]][: rows.stop - rows.start]

    def _drive(self, state: _State, first: int, last: int, start: int, stop: int) -> None:
        layout = self._layout
        self._driver(
            first,
            last,
            HOUSEHOLDS_PER_BLOCK,
            self._tables.count("household"),
            self._tables.starts.ctypes.data,
            layout.widths.size,
            state.bases.ctypes.data,
            layout.widths.ctypes.data,
            layout.moves.ctypes.data,
            state.pointers.ctypes.data,
            start,
            stop,
            self._functions.ctypes.data,
            layout.over_persons.ctypes.data,
            layout.operand_first.ctypes.data,
            layout.operands.ctypes.data,
            layout.figure_first.ctypes.data,
            layout.figures.ctypes.data,
        )


class _State:
    """What one thread needs for itself: buffers and the places of slots in its block."""

    def __init__(self, layout: _Layout) -> None:
        self.buffers = [np.empty(length, dtype=kind) for length, kind in layout.buffers]
        self.bases = layout.bases.copy()
        for slot, buffer in layout.buffer_of.items():
            self.bases[slot] = self.buffers[buffer].ctypes.data
        self.pointers = np.zeros(self.bases.size, dtype=np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class _Call:
    """One step of the driver: kernel (None for plain numpy), operands, figures, which rows."""

    kernel: Kernel | None
    operands: list[int]
    over_persons: bool
    figures: NDArray[np.float64]
    step: Step | None


class _Layout:
    """Where every slot stands, and the flat tables of steps that the driver reads.

    After the program's own slots come those of the engine: the start row and the position of
    each household, one for each total, one for the leaders of each way of subgrouping, and one for
    each array that is written into.
    """

    def __init__(self, program: Program, tables: Tables, results: Results) -> None:
        self.kept, partial = results.kept, results.partial
        self._program, self._tables = program, tables
        count = len(program.slots)
        self._starts, self._position = count, count + 1
        self._first_total = count + 2
        self._leader_slots = self._subgroupings(self._first_total + len(program.totals))
        first_target = self._first_total + len(program.totals) + len(self._leader_slots)
        targets = [(slot, each) for slot, arrays in results.written.items() for each in arrays]
        size = first_target + len(targets)
        self.bases = np.zeros(size, dtype=np.uint64)
        self.widths = np.zeros(size, dtype=np.int64)
        self.moves = np.full(size, FIXED, dtype=np.int64)
        self._stored = ["float64"] * count
        self.buffers: list[tuple[int, Any]] = []
        self.buffer_of: dict[int, int] = {}
        self._place_columns()
        self._place_buffers()
        self._targets: dict[int, list[tuple[int, str]]] = {}
        for position, (slot, array) in enumerate(targets, start=first_target):
            person = program.slots[slot].entity == "person"
            self._place(position, array, BY_PERSON if person else BY_HOUSEHOLD)
            self._targets.setdefault(slot, []).append((position, array.dtype.name))
        self._place(self._starts, tables.starts, BY_HOUSEHOLD)
        for row in range(len(program.totals)):
            self._place(self._first_total + row, partial[row], BY_BLOCK)
        self._formulas: dict[tuple[object, ...], Kernel] = {}
        calls = self._calls()
        self.kernels = [call.kernel for call in calls]
        self.steps = [call.step for call in calls]
        self.over_persons = np.array([call.over_persons for call in calls], dtype=np.int64)
        self.operand_first = _firsts([len(call.operands) for call in calls])
        self.operands = np.array([slot for call in calls for slot in call.operands], dtype=np.int64)
        self.figure_first = _firsts([call.figures.size for call in calls])
        self.figures = np.ascontiguousarray(np.concatenate([call.figures for call in calls]))

    def _subgroupings(self, first: int) -> dict[int, int]:
        """Return the slot of leaders for each slot that persons are grouped by."""
        by = [
            step.inputs[1]
            for step in self._program.steps
            if isinstance(step.rule, GroupRule) and step.rule.by is not None
        ]
        return {slot: first + place for place, slot in enumerate(dict.fromkeys(by))}

    def _calls(self) -> list[_Call]:
        program, nothing = self._program, np.empty(0)
        position = [self._position, self._starts]
        calls = [_Call(_kernel(loops.position_module, ()), position, False, nothing, None)]
        led: set[int] = set()
        for step in program.steps:
            if isinstance(step.rule, GroupRule) and step.rule.by is not None:
                by = step.inputs[1]
                if by not in led:
                    led.add(by)
                    kernel = _kernel(loops.leader_module, (self._stored[by],))
                    across = [self._leader_slots[by], by, self._starts, self._position]
                    calls.append(_Call(kernel, across, True, nothing, None))
            person = program.slots[step.output].entity == "person"
            calls.append(_Call(*self._step(step), person, step.vector, step))
            for target, kind in self._targets.get(step.output, ()):
                kernel = _kernel(loops.store_module, (self._stored[step.output], kind))
                calls.append(_Call(kernel, [target, step.output], person, nothing, None))
        for row, total in enumerate(program.totals):
            spread = program.slots[total.source].entity == "person"
            stored = (self._stored[total.source], self._stored[total.weight], spread)
            slots = [self._first_total + row, total.source, total.weight]
            operands = [*slots, self._position] if spread else slots
            kernel = _kernel(loops.total_module, stored)
            calls.append(_Call(kernel, operands, spread, nothing, None))
        return calls

    def _place(self, slot: int, array: Array, move: int) -> None:
        self.bases[slot] = array.ctypes.data
        self.widths[slot] = array.itemsize
        self.moves[slot] = move

    def _place_columns(self) -> None:
        tables = self._tables
        self._held: list[Array] = []
        for position, slot in enumerate(self._program.slots):
            if slot.column is not None:
                if slot.column == HOUSEHOLD_KEY:
                    array: Array = tables.household_key
                else:
                    array = np.ascontiguousarray(tables.of_entity(slot.entity)[slot.column])
                self._held.append(array)
                self._stored[position] = array.dtype.name
            elif position in self.kept:
                array = self.kept[position]
                self._stored[position] = "bool" if slot.truth else "float64"
            else:
                self._stored[position] = "bool" if slot.truth else "float64"
                continue
            self._place(position, array, BY_PERSON if slot.entity == "person" else BY_HOUSEHOLD)

    def _place_buffers(self) -> None:
        """Give each computed slot a buffer, reusing those whose values are no longer read."""
        program, tables = self._program, self._tables
        edges = np.append(
            np.arange(0, tables.count("household"), HOUSEHOLDS_PER_BLOCK), tables.count("household")
        )
        longest = int(np.diff(tables.starts[edges]).max())
        lengths = {"person": longest, "household": HOUSEHOLDS_PER_BLOCK}
        free: dict[tuple[str, bool], list[int]] = {}
        for position, step in enumerate(program.steps):
            slot = program.slots[step.output]
            kind = (slot.entity, slot.truth)
            if step.output not in self.kept:
                spare = free.setdefault(kind, [])
                if not spare:
                    self.buffers.append(
                        (lengths[slot.entity], np.bool_ if slot.truth else np.float64)
                    )
                    spare.append(len(self.buffers) - 1)
                self.buffer_of[step.output] = spare.pop()
            for used in dict.fromkeys((*step.inputs, step.output)):
                unread = used == step.output and program.last_use[used] < position
                if used in self.buffer_of and (program.last_use[used] == position or unread):
                    own = program.slots[used]
                    free.setdefault((own.entity, own.truth), []).append(self.buffer_of[used])
        for own_slot in (self._position, *self._leader_slots.values()):
            self.buffers.append((longest, np.int32))
            self.buffer_of[own_slot] = len(self.buffers) - 1

    def _step(self, step: Step) -> tuple[Kernel | None, list[int]]:
        """Return the kernel of a step (None for plain numpy) and the slots of its operands."""
        slots = self._program.slots
        truth = slots[step.output].truth
        stored = [self._stored[slot] for slot in step.inputs]
        operands = [step.output, *step.inputs]
        across = [self._starts, self._position]
        match step.rule:
            case FormulaRule():
                if step.node is None:
                    return None, operands
                person = slots[step.output].entity == "person"
                spread = [person and slots[slot].entity == "household" for slot in step.inputs]
                if any(spread):
                    operands.append(self._position)
                return self._formula(step, stored, spread, truth), operands
            case GroupRule(operation="rank"):
                return _kernel(loops.rank_module, (stored[0],)), operands + across
            case GroupRule(operation=operation, by=None):
                kernel = _kernel(loops.household_module, (operation, stored[0], truth))
                return kernel, operands + across
            case GroupRule(operation=operation):
                kernel = _kernel(loops.subgroup_module, (operation, stored[0], truth))
                leaders = self._leader_slots[step.inputs[1]]
                return kernel, [step.output, step.inputs[0], leaders]
            case PointerRule():
                return _kernel(loops.pointer_module, (*stored, truth)), operands + across
            case DrawRule():
                if len(stored) == 1:
                    return _kernel(loops.draw_module, (stored[0], None)), operands
                return _kernel(loops.draw_module, tuple(stored)), [*operands, self._position]
        raise AssertionError(step.rule)

    def _formula(self, step: Step, stored: list[str], spread: list[bool], truth: bool) -> Kernel:
        """Return the kernel of a formula; many policies differ in its figures alone."""
        shapes = tuple(_shape(datum) for _, datum in step.parameters)
        key = (id(step.node), step.names, *stored, *spread, *shapes, truth)
        if key not in self._formulas:
            described = tuple(map(Operand, step.names, stored, spread))
            content = (step.node, described, _figures(step.parameters), truth)
            self._formulas[key] = _kernel(formula_module, content)
        return self._formulas[key]


def _shape(datum: Datum) -> tuple[object, ...]:
    """Return how many figures a parameter has, and in what order a kernel reads them."""
    return ("schedule", datum.rates.size) if isinstance(datum, Schedule) else np.shape(datum)


def _kernel(writer: Callable[..., ir.Module], content: tuple[Any, ...]) -> Kernel:
    name = kernel_name((writer.__name__, content))
    return name, bind(writer, name, *content)


def _figures(parameters: tuple[tuple[str, Datum], ...]) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    first = 0
    for name, datum in parameters:
        figures[name] = Figure(first, _shape(datum))
        first += 3 * datum.rates.size if isinstance(datum, Schedule) else int(np.size(datum))
    return figures


def _firsts(lengths: list[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
