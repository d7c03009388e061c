"""A program laid out for machine code: the calls of kernels, and where each slot stands.

Columns enter the inner order of a block (`olive.engine.layout`) before the first step that
reads them, results leave it after the step that gives them; between them all values stand in
buffers that are small enough for the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from functools import partial as bind
from typing import Any

import numpy as np
from llvmlite import ir
from numpy.typing import NDArray

from olive.engine import layout
from olive.engine import machine_loops as loops
from olive.engine.columns import Entity
from olive.engine.machine_code import Figure, Operand, formula_module
from olive.engine.machine_driver import BY_BLOCK, BY_HOUSEHOLD, BY_PERSON
from olive.engine.machine_slots import Slots, Source, room_for
from olive.engine.parameters import Datum
from olive.engine.program import HOUSEHOLD_KEY, Program, Step
from olive.engine.results import Results
from olive.engine.rules import DrawRule, FormulaRule, GroupRule, PointerRule
from olive.engine.tables import Tables
from olive.engine.vocabulary import Schedule
from olive.native.machine_library import kernel_name

Array = NDArray[Any]
Kernel = tuple[str, Callable[[], ir.Module]]


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One step of the driver.

    Attributes
    ----------
    kernel : (str, function that writes the module) or None
        None for a plain numpy rule.
    operands : list of int
        Slots.
    over_persons : bool
        Which rows it walks.
    figures : float64 array
    step : Step or None
        None for what the engine adds.
    """

    kernel: Kernel | None
    operands: list[int]
    over_persons: bool
    figures: NDArray[np.float64]
    step: Step | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Where the slots of a program stand for some tables.

    Attributes
    ----------
    bases : uint64 array
        Address of each slot; for a buffer its place in the room of a thread.
    room : int
        Bytes that a thread needs for its buffers.
    held : list of array
        Those that are pointed to.
    """

    bases: NDArray[np.uint64]
    room: int
    held: list[Array]


class MachineProgram:
    """The flat tables that the driver reads, the same for all tables of the same column types.

    The slots of the program come first and are buffers; the engine's own and the arrays of the
    user follow.

    Attributes
    ----------
    calls : list of Call
    is_buffer : bool array
    """

    def __init__(self, program: Program, tables: Tables, results: Results) -> None:
        self._program = program
        self._slots = slots = Slots()
        for described, kind in zip(program.slots, _kinds(program, tables), strict=True):
            slots.buffer(described.entity, kind)
        self._starts = slots.array(np.dtype(np.int64), BY_HOUSEHOLD, lambda of, _: of.starts)
        self._order = slots.buffer("household", np.dtype(np.int32))
        self._first = slots.buffer("household", np.dtype(np.int32))
        self._groups = slots.buffer("group", np.dtype(np.int32))
        self._entered: set[int] = set()
        self._leaders: dict[int, int] = {}
        self.calls: list[Call] = [self._arrangement()]
        for step in program.steps:
            self._add_step(step)
            slot = step.output
            if slot in results.kept:
                self._leave(slot, results.kept[slot].dtype, bind(_kept, slot))
            for place, array in enumerate(results.written.get(slot, ())):
                self._leave(slot, array.dtype, bind(_written, slot, place))
        self._add_totals()
        self._operands = operands = [call.operands for call in self.calls]
        self._room: dict[tuple[int, ...], tuple[list[int], int]] = {}
        self.widths = np.array([kind.itemsize for kind in slots.kinds], dtype=np.int64)
        self.moves = np.array(slots.moves, dtype=np.int64)
        self.is_buffer = np.array([source is None for source in slots.sources])
        self.over_persons = np.array([call.over_persons for call in self.calls], dtype=np.int64)
        self.operand_first = _firsts([len(each) for each in operands])
        self.operands = np.array([slot for each in operands for slot in each], dtype=np.int64)
        self.figure_first = _firsts([call.figures.size for call in self.calls])
        self.figures = np.concatenate([call.figures for call in self.calls])

    def placed(self, tables: Tables, results: Results) -> Placed:
        """Return where the slots stand for tables, and results that are filled from them."""
        lengths = room_for(tables)
        key = tuple(lengths.values())
        if key not in self._room:
            self._room[key] = self._slots.place_buffers(self._operands, lengths)
        places, room = self._room[key]
        bases, held = np.array(places, dtype=np.uint64), []
        for slot, source in enumerate(self._slots.sources):
            if source is not None:
                held.append(source(tables, results))
                bases[slot] = held[-1].ctypes.data
        return Placed(bases, room, held)

    def _call(
        self,
        kernel: Kernel | None,
        operands: list[int],
        entity: str,
        step: Step | None = None,
    ) -> None:
        figures = np.empty(0) if step is None else step.vector
        self.calls.append(Call(kernel, operands, entity == "person", figures, step))

    def _arrangement(self) -> Call:
        cursors = self._slots.buffer("group", np.dtype(np.int32))
        operands = [self._order, self._first, self._groups, cursors, self._starts]
        return Call(_kernel(layout.arrangement_module), operands, False, np.empty(0))

    def _told(self, entity: str) -> list[int]:
        """Return the slots that tell the inner order of an entity."""
        return [self._first, self._groups] if entity == "person" else [self._order]

    def _stored(self, slot: int) -> str:
        return _name(self._slots.kinds[slot])

    def _enter(self, slots: Sequence[int]) -> None:
        """Bring columns into the inner order, where that has not been done before."""
        for slot in slots:
            described = self._program.slots[slot]
            if described.column is None or slot in self._entered:
                continue
            self._entered.add(slot)
            entity = described.entity
            move = BY_PERSON if entity == "person" else BY_HOUSEHOLD
            column = bind(_column, described.column, entity)
            source = self._slots.array(self._slots.kinds[slot], move, column)
            kernel = _kernel(layout.entering_module, self._stored(slot), entity == "person")
            self._call(kernel, [slot, source, *self._told(entity)], entity)

    def _leave(self, slot: int, kind: np.dtype[Any], array: Source) -> None:
        """Write a slot into an array of the user."""
        person = self._program.slots[slot].entity == "person"
        target = self._slots.array(kind, BY_PERSON if person else BY_HOUSEHOLD, array)
        kernel = _kernel(layout.leaving_module, self._stored(slot), _name(kind), person)
        entity = self._program.slots[slot].entity
        self._call(kernel, [target, slot, *self._told(entity)], entity)

    def _add_totals(self) -> None:
        for row, total in enumerate(self._program.totals):
            self._enter([total.source, total.weight])
            entity = self._program.slots[total.source].entity
            products = self._slots.buffer(entity, np.dtype(np.float64))
            stored = (self._stored(total.source), self._stored(total.weight), entity == "person")
            output = self._slots.array(np.dtype(np.float64), BY_BLOCK, bind(_partial, row))
            operands = [output, total.source, total.weight, products, *self._told(entity)]
            self._call(_kernel(layout.total_module, *stored), operands, entity)

    def _add_step(self, step: Step) -> None:
        slots = self._program.slots
        entity, truth = slots[step.output].entity, slots[step.output].truth
        if isinstance(step.rule, FormulaRule) and step.node is None:
            computed = [slot for slot in step.inputs if slots[slot].column is None]
            self._call(None, [step.output, *computed], entity, step)
            return
        self._enter(step.inputs)
        stored = [self._stored(slot) for slot in step.inputs]
        operands = [step.output, *step.inputs]
        match step.rule:
            case FormulaRule():
                spread = [entity != slots[slot].entity for slot in step.inputs]
                kernel = _formula(step, stored, spread, truth)
                if any(spread):
                    operands.append(self._groups)
            case GroupRule(operation="rank"):
                kernel = _kernel(loops.rank_module, stored[0])
                operands.append(self._groups)
            case GroupRule(operation=operation, by=None):
                kernel = _kernel(loops.household_module, operation, stored[0], truth)
                operands.append(self._groups)
            case GroupRule(operation=operation):
                kernel = _kernel(loops.subgroup_module, operation, stored[0], truth)
                operands[-1] = self._leaders_by(step.inputs[1])
            case PointerRule():
                kernel = _kernel(loops.pointer_module, *stored, truth)
                operands.append(self._groups)
            case DrawRule() if len(stored) == 1:
                kernel = _kernel(loops.draw_module, stored[0], None)
            case DrawRule():
                kernel = _kernel(loops.draw_module, *stored)
                operands.append(self._groups)
            case _:
                raise AssertionError(step.rule)
        self._call(kernel, operands, entity, step)

    def _leaders_by(self, by: int) -> int:
        """Return the slot of the leaders of subgroups, which are found once for each grouping."""
        if by not in self._leaders:
            self._leaders[by] = self._slots.buffer("person", np.dtype(np.int32))
            kernel = _kernel(loops.leader_module, self._stored(by))
            self._call(kernel, [self._leaders[by], by, self._groups], "person")
        return self._leaders[by]


def machine_program(program: Program, tables: Tables, results: Results) -> MachineProgram:
    """Return a program laid out for machine code: once for all tables of the same types."""
    written = [each.dtype for arrays in results.written.values() for each in arrays]
    key = (MachineProgram, *_kinds(program, tables), *written)
    if key not in program.layouts:
        program.layouts[key] = MachineProgram(program, tables, results)
    found: MachineProgram = program.layouts[key]
    return found


def _kinds(program: Program, tables: Tables) -> list[np.dtype[Any]]:
    """Return the type of each slot of a program: of its column, or of what is computed."""
    computed = {True: np.dtype(np.bool_), False: np.dtype(np.float64)}
    return [
        computed[slot.truth]
        if slot.column is None
        else _array(tables, slot.column, slot.entity).dtype
        for slot in program.slots
    ]


def _kept(slot: int, _: Tables, results: Results) -> Array:
    return results.kept[slot]


def _written(slot: int, place: int, _: Tables, results: Results) -> Array:
    return results.written[slot][place]


def _partial(row: int, _: Tables, results: Results) -> Array:
    sums: Array = results.partial[row]
    return sums


def _column(name: str, entity: Entity, tables: Tables, _: Results) -> Array:
    return np.ascontiguousarray(_array(tables, name, entity))


def _array(tables: Tables, name: str, entity: Entity) -> Array:
    if name == HOUSEHOLD_KEY:
        return tables.household_key
    column: Array = tables.of_entity(entity)[name]
    return column


@cache
def _name(kind: np.dtype[Any]) -> str:
    # numpy puts the name together each time that it is asked.
    return kind.name


@cache
def _kernel(writer: Callable[..., ir.Module], *content: Any) -> Kernel:
    name = kernel_name((writer.__name__, content))
    return name, bind(writer, name, *content)


# Kernels of formulas by their node, beside which they are kept so that its id stays its own: to
# name one anew takes longer than to run it on a few households.
_formulas: dict[tuple[object, ...], tuple[Any, Kernel]] = {}
_REMEMBERED_FORMULAS = 20_000


def _formula(step: Step, stored: list[str], spread: list[bool], truth: bool) -> Kernel:
    """Return the kernel of a formula; many policies differ in its figures alone."""
    shapes = tuple(_shape(datum) for _, datum in step.parameters)
    key = (id(step.node), step.names, *stored, *spread, *shapes, truth)
    found = _formulas.get(key)
    if found is None:
        assert step.node is not None
        if len(_formulas) >= _REMEMBERED_FORMULAS:
            _formulas.clear()
        described = tuple(map(Operand, step.names, stored, spread))
        content = (step.node, described, _figures(step.parameters), truth)
        name = kernel_name((formula_module.__name__, content))
        found = _formulas[key] = step.node, (name, bind(formula_module, name, *content))
    return found[1]


def _shape(datum: Datum) -> tuple[object, ...]:
    """Return how many figures a parameter has, and in what order a kernel reads them."""
    return ("schedule", datum.rates.size) if isinstance(datum, Schedule) else np.shape(datum)


def _figures(parameters: tuple[tuple[str, Datum], ...]) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    first = 0
    for name, datum in parameters:
        figures[name] = Figure(first, _shape(datum))
        first += 3 * datum.rates.size if isinstance(datum, Schedule) else int(np.size(datum))
    return figures


def _firsts(lengths: list[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
