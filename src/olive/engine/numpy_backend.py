"""The reference backend: each step as numpy on a few blocks at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.engine.columns import Entity
from olive.engine.draws import uniform
from olive.engine.program import HOUSEHOLD_KEY, Program, Step
from olive.engine.results import Results
from olive.engine.rules import DrawRule, FormulaRule, GroupRule, PointerRule
from olive.engine.tables import Tables
from olive.errors import RuleError

Array = NDArray[Any]


class Block:
    """The rows of blocks in a row, and how persons and households map to each other."""

    def __init__(self, tables: Tables, index: int, blocks: int = 1) -> None:
        self.tables = tables
        self.households, self.persons = tables.block(index, blocks)
        self.starts = tables.starts[self.households.start : self.households.stop + 1]
        self.starts = self.starts - self.starts[0]
        self.sizes = np.diff(self.starts)
        self.household_of = np.repeat(np.arange(self.sizes.size), self.sizes)

    def rows(self, entity: Entity) -> slice:
        """Return the rows of the block in the table of persons or of households."""
        return self.persons if entity == "person" else self.households

    def column(self, name: str, entity: Entity) -> Array:
        """Return an input column; whole numbers come as float64, as in compiled code."""
        if name == HOUSEHOLD_KEY:
            return self.tables.household_key[self.households]
        return _wide(self.stored(name, entity))

    def stored(self, name: str, entity: Entity) -> Array:
        """Return an input column as it is stored."""
        return self.tables.of_entity(entity)[name][self.rows(entity)]


def run_blocks(program: Program, tables: Tables, first: int, last: int, results: Results) -> None:
    """Compute blocks in a row: fill their rows of the results, their columns of partial totals."""
    block = Block(tables, first, last - first)
    values: dict[int, Array] = {
        position: block.column(slot.column, slot.entity)
        for position, slot in enumerate(program.slots)
        if slot.column is not None and program.last_use[position] >= 0
    }
    with np.errstate(all="ignore"):
        for position, step in enumerate(program.steps):
            values[step.output] = run_step(program, step, values, block)
            for array in results.written.get(step.output, ()):
                array[block.rows(program.slots[step.output].entity)] = values[step.output]
            for slot in step.inputs:
                if program.last_use[slot] == position:
                    values.pop(slot, None)
    for slot, array in results.kept.items():
        array[block.rows(program.slots[slot].entity)] = values[slot]
    for position, total in enumerate(program.totals):
        entity = program.slots[total.source].entity
        weight = values[total.weight]
        if entity == "person":
            weight = weight[block.household_of]
        amounts = weight * values[total.source]
        begin = block.rows(entity).start
        for index in range(first, last):
            households, persons = tables.block(index)
            rows = persons if entity == "person" else households
            # One by one, in the order of rows, as compiled code adds: np.sum adds in pairs.
            added = np.cumsum(amounts[rows.start - begin : rows.stop - begin])
            results.partial[position, index] = 0.0 + added[-1]


def run_step(program: Program, step: Step, values: dict[int, Array], block: Block) -> Array:
    """Return the values of one step on one block."""
    rule = step.rule
    given = [values[slot] for slot in step.inputs]
    entity = program.slots[step.output].entity
    if isinstance(rule, FormulaRule):
        return _formula(program, step, given, block)
    if isinstance(rule, GroupRule):
        if rule.operation == "rank":
            return _rank(given[0], block)
        if rule.by is not None:
            return _subgroup(rule.operation, given[0], given[1], block)
        return _over_households(rule.operation, given[0], block.starts)
    if isinstance(rule, PointerRule):
        return _pointed(given[0], given[1], block)
    assert isinstance(rule, DrawRule)
    word = int(step.vector.view(np.uint64)[0])
    if rule.key not in {"household", "person"}:
        # A column may hold any 64-bit whole number: float64 would merge neighbours.
        column = program.slots[step.inputs[0]].column
        keys = block.stored(column, entity) if column else given[0]
        return uniform(word, keys if keys.dtype.kind in "iu" else keys.astype(np.int64))
    household_keys = given[0]
    if entity == "household":
        return uniform(word, household_keys)
    person_numbers = given[1].astype(np.int64)
    return uniform(word, household_keys[block.household_of], person_numbers)


def _formula(program: Program, step: Step, given: list[Array], block: Block) -> Array:
    assert isinstance(step.rule, FormulaRule)
    entity = program.slots[step.output].entity
    arguments: dict[str, Any] = dict(step.parameters)
    for name, slot, array in zip(step.names, step.inputs, given, strict=True):
        spread = entity == "person" and program.slots[slot].entity == "household"
        arguments[name] = array[block.household_of] if spread else _read_only(array)
    result = step.rule.function(*(arguments[name] for name in step.rule.arguments))
    size = block.household_of.size if entity == "person" else block.sizes.size
    kind = np.bool_ if program.slots[step.output].truth else np.float64
    found: Array = np.asarray(result, dtype=kind)
    if found.shape not in {(), (size,)}:
        raise RuleError(
            "rule {name!r} returned shape {shape} for a block of {size} rows; a "
            "plain numpy rule must be elementwise",
            step.rule.name,
            found.shape,
            size,
        )
    return np.broadcast_to(found, (size,))


def _read_only(array: Array) -> Array:
    """Return the array so that a plain numpy rule cannot write into the user's data."""
    view = array.view()
    view.flags.writeable = False
    return view


def _over_households(operation: str, source: Array, starts: Array) -> Array:
    numbers = source if source.dtype == np.float64 else source.astype(np.float64)
    first = starts[:-1]
    match operation:
        case "sum":  # in the order of persons, which reduceat does not keep
            owner = np.repeat(np.arange(first.size), np.diff(starts))
            return np.bincount(owner, weights=numbers, minlength=first.size)
        case "count":
            return np.add.reduceat((numbers != 0).astype(np.float64), first)
        case "max":
            return np.maximum.reduceat(numbers, first)
        case "min":
            return np.minimum.reduceat(numbers, first)
        case _:
            return np.logical_or.reduceat(source.astype(np.bool_), first)


def _subgroup(operation: str, source: Array, by: Array, block: Block) -> Array:
    order = np.lexsort((by, block.household_of))
    sorted_by, home = by[order], block.household_of[order]
    begins = np.append(True, (sorted_by[1:] != sorted_by[:-1]) | (home[1:] != home[:-1]))
    starts = np.append(np.flatnonzero(begins), order.size)
    result: Array = np.empty(order.size, dtype=np.bool_ if operation == "any" else np.float64)
    over_groups = _over_households(operation, source[order], starts)
    result[order] = over_groups[np.cumsum(begins) - 1]
    return result


def _rank(key: Array, block: Block) -> Array:
    """Rank within the household, largest first; ties keep the order of persons."""
    order = np.lexsort((np.arange(key.size), -key.astype(np.float64), block.household_of))
    rank = np.empty(key.size)
    rank[order] = np.arange(key.size) - block.starts[block.household_of[order]]
    return rank


def _pointed(pointer: Array, source: Array, block: Block) -> Array:
    to = pointer.astype(np.int64)
    valid = (to >= 0) & (to < block.sizes[block.household_of])
    position = block.starts[block.household_of] + np.where(valid, to, 0)
    return np.where(valid, source[position], source.dtype.type(0))


def _wide(column: Array) -> Array:
    return column if column.dtype in (np.bool_, np.float64) else column.astype(np.float64)
