"""A program laid out for machine code: the calls of kernels, and where each slot stands.

Columns enter the inner order of a block (`olive.engine.layout`) before the first step that
reads them, results leave it after the step that gives them; between them all values stand in
buffers that are small enough for the cache.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from functools import partial as bind
from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numpy.typing import NDArray

from olive.engine import layout
from olive.engine import machine_loops as loops
from olive.engine.columns import Entity
from olive.engine.machine_code import Operand, formula_module
from olive.engine.machine_driver import BY_BLOCK, BY_HOUSEHOLD, BY_PERSON
from olive.engine.machine_slots import Slots, room_for
from olive.engine.program import HOUSEHOLD_KEY, Batch, Program, Slot
from olive.engine.results import Results
from olive.engine.rules import DrawRule, FormulaRule, GroupRule, PointerRule
from olive.engine.tables import Tables
from olive.native.machine_library import kernel_name
from olive.native.room import addresses

Array = NDArray[Any]
Writer = Callable[..., ir.Module]
Kernel = tuple[str, Callable[[], ir.Module]]


class Calls(NamedTuple):
    """Calls of one kernel.

    Attributes
    ----------
    kernel : (str, function that writes the module) or None
        None for a plain numpy rule.
    over_persons : bool
        Which rows it walks.
    operands : int64 array, shape (calls, operands)
        Slots.
    figures : float64 array, shape (calls, figures)
    moments : int64 array, shape (calls,)
        Their order among all calls.
    """

    kernel: Kernel | None
    over_persons: bool
    operands: NDArray[np.int64]
    figures: NDArray[np.float64]
    moments: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Where the slots of a program stand for some tables.

    Attributes
    ----------
    bases : uint64 array
        Address of each slot; for a buffer its place in the room of a thread.
    room : int
        Bytes that a thread needs for the addresses of slots and its buffers.
    held : list of array
        Those that are pointed to.
    """

    bases: NDArray[np.uint64]
    room: int
    held: list[Array]


class MachineProgram:
    """The flat tables that the driver reads, the same for all tables of the same column types.

    The slots of the program come first and are buffers; the engine's own and the arrays of the
    user follow. The computation at place ``p`` of the program's order has the moment ``3 p + 1``:
    what must stand before it, and what follows from it, has the moment before and after.

    Attributes
    ----------
    kernels : list of Kernel or None
    kernel_of : int64 array, shape (calls,)
    plain : dict of call to Step
        The plain numpy rules.
    """

    def __init__(self, program: Program, tables: Tables, results: Results) -> None:
        self._program = program
        self._slots = slots = Slots()
        slots.buffers([each.entity for each in program.slots], _kinds(program.slots, tables))
        self._starts = slots.array(np.dtype(np.int64), BY_HOUSEHOLD, lambda of, _: of.starts)
        self._order = slots.buffer("household", np.dtype(np.int32))
        self._first = slots.buffer("household", np.dtype(np.int32))
        self._groups = slots.buffer("group", np.dtype(np.int32))
        self._calls: list[Calls] = []
        self._rows: dict[tuple[Writer, int], tuple[int, int]] = {}
        self._arrange()
        made = np.empty(program.order.size, dtype=np.int64)
        made[program.order] = 3 * np.arange(program.order.size) + 1
        sizes = np.array([each.outputs.size for each in program.batches], dtype=np.int64)
        moments = np.split(made, np.cumsum(sizes))[:-1]
        self._end = 3 * program.order.size
        self._enter(moments)
        for batch, when in zip(program.batches, moments, strict=True):
            self._add_batch(batch, when)
        self._find_rows()
        self._leave(made, results)
        self._add_totals()
        self._lay_out()

    def _lay_out(self) -> None:
        """Bring all calls into their order, as flat tables."""
        calls = self._calls
        counts = [each.moments.size for each in calls]
        self.kernels = list(dict.fromkeys(each.kernel for each in calls))
        places = {kernel: place for place, kernel in enumerate(self.kernels)}
        order = np.argsort(np.concatenate([each.moments for each in calls]), kind="stable")

        def of_calls(values: list[int]) -> NDArray[np.int64]:
            return np.repeat(np.array(values, dtype=np.int64), counts)

        widths = of_calls([each.operands.shape[1] for each in calls])
        self.kernel_of = of_calls([places[each.kernel] for each in calls])[order]
        self.over_persons = of_calls([each.over_persons for each in calls])[order]
        self.operands = np.concatenate([each.operands.ravel() for each in calls])
        self.operand_first = _firsts(widths)[order]
        self.figures = np.concatenate([each.figures.ravel() for each in calls])
        self.figure_first = _firsts(of_calls([each.figures.shape[1] for each in calls]))[order]
        numbers = np.empty_like(order)
        numbers[order] = np.arange(order.size)
        self._named_by = np.repeat(numbers, widths)
        steps = self._program.steps if None in places else ()
        plain = np.flatnonzero(self.kernel_of == places.get(None, -1)).tolist()
        outputs = {step.output: step for step in steps}
        self.plain = {call: outputs[self.operands[self.operand_first[call]]] for call in plain}
        slots = self._slots
        self.widths = np.array([kind.itemsize for kind in slots.kinds], dtype=np.int64)
        self.moves = np.array(slots.moves, dtype=np.int64)
        self._given = np.array([*slots.sources])
        self._room: dict[tuple[int, ...], tuple[NDArray[np.uint64], int]] = {}

    def with_figures_of(self, program: Program) -> MachineProgram:
        """Return the layout of a program that differs in its figures alone."""
        steps = {step.output: step for step in program.steps} if self.plain else {}
        found = copy(self)
        found._program = program
        found.plain = {call: steps[step.output] for call, step in self.plain.items()}
        figures = [each.figures.ravel() for each in program.batches if not _is_plain(each)]
        found.figures = np.concatenate([np.empty(0), *figures])
        return found

    def placed(self, tables: Tables, results: Results) -> Placed:
        """Return where the slots stand for tables, and results that are filled from them."""
        lengths = room_for(tables)
        key = tuple(lengths.values())
        if key not in self._room:
            self._room[key] = self._slots.place_buffers(self.operands, self._named_by, lengths)
        places, room = self._room[key]
        bases = places.copy()
        held = [each(tables, results) for each in self._slots.sources.values()]
        bases[self._given] = addresses(*held)
        return Placed(bases, room, held)

    def _call(
        self,
        kernel: Kernel | None,
        entity: str,
        operands: list[int] | NDArray[np.int64],
        moments: int | NDArray[np.int64],
        figures: NDArray[np.float64] | None = None,
    ) -> None:
        table, when = np.atleast_2d(np.asarray(operands)), np.atleast_1d(moments)
        shown = np.empty((len(table), 0)) if figures is None else figures
        self._calls.append(Calls(kernel, entity == "person", table, shown, when))

    def _arrange(self) -> None:
        cursors = self._slots.buffer("group", np.dtype(np.int32))
        operands = [self._order, self._first, self._groups, cursors, self._starts]
        self._call(_kernel(layout.arrangement_module), "household", operands, -1)

    def _told(self, entity: str) -> list[int]:
        """Return the slots that tell the inner order of an entity."""
        return [self._first, self._groups] if entity == "person" else [self._order]

    def _stored(self, slot: int) -> str:
        return _name(self._slots.kinds[slot])

    def _enter(self, moments: Sequence[NDArray[np.int64]]) -> None:
        """Bring columns into the inner order, each before the first call that reads it."""
        program = self._program
        never = self._end + 1
        first = np.full(len(program.slots), never)
        for batch, when in zip(program.batches, moments, strict=True):
            if not _is_plain(batch):
                np.minimum.at(first, batch.inputs, when[:, np.newaxis])
        for total in program.totals:
            np.minimum.at(first, [total.source, total.weight], self._end)
        for slot, described in enumerate(program.slots):
            if described.column is None or first[slot] == never:
                continue
            entity = described.entity
            move = BY_PERSON if entity == "person" else BY_HOUSEHOLD
            column = bind(_column, described.column, entity)
            source = self._slots.array(self._slots.kinds[slot], move, column)
            kernel = _kernel(layout.entering_module, self._stored(slot), entity == "person")
            self._call(kernel, entity, [slot, source, *self._told(entity)], first[slot] - 1)

    def _leave(self, made: NDArray[np.int64], results: Results) -> None:
        """Write slots into arrays of the user, once they are made."""
        outputs = [each.outputs.tolist() for each in self._program.batches]
        moments = dict(zip(itertools.chain.from_iterable(outputs), made.tolist(), strict=True))
        targets = [(slot, array.dtype, bind(_kept, slot)) for slot, array in results.kept.items()]
        for slot, arrays in results.written.items():
            for place, array in enumerate(arrays):
                targets.append((slot, array.dtype, bind(_written, slot, place)))
        for slot, kind, source in targets:
            entity = self._program.slots[slot].entity
            person = entity == "person"
            target = self._slots.array(kind, BY_PERSON if person else BY_HOUSEHOLD, source)
            kernel = _kernel(layout.leaving_module, self._stored(slot), _name(kind), person)
            self._call(kernel, entity, [target, slot, *self._told(entity)], moments[slot] + 1)

    def _add_totals(self) -> None:
        for row, total in enumerate(self._program.totals):
            entity = self._program.slots[total.source].entity
            products = self._slots.buffer(entity, np.dtype(np.float64))
            stored = (self._stored(total.source), self._stored(total.weight), entity == "person")
            output = self._slots.array(np.dtype(np.float64), BY_BLOCK, bind(_partial, row))
            operands = [output, total.source, total.weight, products, *self._told(entity)]
            self._call(_kernel(layout.total_module, *stored), entity, operands, self._end + row)

    def _add_batch(self, batch: Batch, moments: NDArray[np.int64]) -> None:
        slots, count = self._program.slots, moments.size
        described = slots[batch.outputs[0]]
        entity, truth = described.entity, described.truth
        operands = np.column_stack([batch.outputs, batch.inputs])
        if _is_plain(batch):
            self._call(None, entity, operands, moments)
            return
        first = batch.inputs[0].tolist()
        stored = [self._stored(slot) for slot in first]
        groups = np.full((count, 1), self._groups)
        match batch.rule:
            case FormulaRule():
                spread = [entity != slots[slot].entity for slot in first]
                kernel = _formula(batch, stored, spread, truth)
                added = groups[:, : any(spread)]
            case GroupRule(operation="rank"):
                kernel, added = _kernel(loops.rank_module, stored[0]), groups
            case GroupRule(operation=operation, by=None):
                kernel = _kernel(loops.household_module, operation, stored[0], truth)
                added = groups
            case GroupRule(operation=operation):
                kernel = _kernel(loops.subgroup_module, operation, stored[0], truth)
                added = self._once(loops.leader_module, batch.inputs[:, 1], moments)
                operands = operands[:, :2]
            case PointerRule():
                kernel = _kernel(loops.pointer_module, stored[1], truth)
                added = self._once(loops.pointed_module, batch.inputs[:, 0], moments)
                operands = operands[:, [0, 2]]
            case DrawRule() if len(stored) == 1:
                kernel, added = _kernel(loops.draw_module, stored[0], False), groups[:, :0]
            case DrawRule():
                kernel = _kernel(loops.draw_module, stored[0], True)
                words = self._once(loops.person_word_module, batch.inputs[:, 1], moments, np.int64)
                added, operands = np.hstack([words, groups]), operands[:, :2]
            case _:
                raise AssertionError(batch.rule)
        self._call(kernel, entity, np.hstack([operands, added]), moments, batch.figures)

    def _once(
        self,
        writer: Writer,
        read: NDArray[np.int64],
        moments: NDArray[np.int64],
        kind: type[np.integer[Any]] = np.int32,
    ) -> Array:
        """Return the slots of what persons need of a slot, by default rows; found once for each."""
        for slot, moment in zip(read.tolist(), moments.tolist(), strict=True):
            if (writer, slot) not in self._rows:
                self._rows[writer, slot] = self._slots.buffer("person", np.dtype(kind)), moment
            found, earliest = self._rows[writer, slot]
            self._rows[writer, slot] = found, min(earliest, moment)
        return np.array([[self._rows[writer, slot][0]] for slot in read.tolist()])

    def _find_rows(self) -> None:
        """Find what persons need of a slot before the first call that needs it."""
        for (writer, read), (found, moment) in self._rows.items():
            kernel = _kernel(writer, self._stored(read))
            self._call(kernel, "person", [found, read, self._groups], moment - 1)


def _is_plain(batch: Batch) -> bool:
    return isinstance(batch.rule, FormulaRule) and batch.node is None


def _kinds(slots: Iterable[Slot], tables: Tables) -> list[np.dtype[Any]]:
    """Return the type of each slot: of its column, or of what is computed."""
    computed = {True: np.dtype(np.bool_), False: np.dtype(np.float64)}
    return [
        computed[slot.truth]
        if slot.column is None
        else _array(tables, slot.column, slot.entity).dtype
        for slot in slots
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
def _kernel(writer: Writer, *content: Any) -> Kernel:
    name = kernel_name((writer.__name__, content))
    return name, bind(writer, name, *content)


# Kernels of formulas by their node, beside which they are kept so that its id stays its own: to
# name one anew takes longer than to run it on a few households.
_formulas: dict[tuple[object, ...], tuple[Any, Kernel]] = {}
_REMEMBERED_FORMULAS = 20_000


def _formula(batch: Batch, stored: list[str], spread: list[bool], truth: bool) -> Kernel:
    """Return the kernel of a formula; many policies differ in its figures alone."""
    key = (id(batch.node), batch.names, *stored, *spread, *batch.parameters.values(), truth)
    found = _formulas.get(key)
    if found is None:
        assert batch.node is not None
        if len(_formulas) >= _REMEMBERED_FORMULAS:
            _formulas.clear()
        described = tuple(
            Operand(name, kind, over)
            for name, kind, over in zip(batch.names, stored, spread, strict=True)
        )
        content = (batch.node, described, dict(batch.parameters), truth)
        name = kernel_name((formula_module.__name__, content))
        found = _formulas[key] = batch.node, (name, bind(formula_module, name, *content))
    return found[1]


def _firsts(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.cumsum(lengths) - lengths
