"""Machine code that is not a formula: loops over the persons of households, draws, totals."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from llvmlite import ir

from olive.engine.draws import TO_UNIT_INTERVAL
from olive.native.building_blocks import (
    BIT,
    BYTE,
    INT,
    REAL,
    extreme,
    loop,
    new_kernel,
    stored_type,
    widened,
)
from olive.native.mixing import FIRST_MULTIPLIER, GOLDEN, SECOND_MULTIPLIER, SHIFTS

INDEX = ir.IntType(32)
_STREAMS = 4


def household_module(name: str, operation: str, stored: str, truth: bool) -> ir.Module:
    """Sum, count, max, min or any over the persons of each household.

    Operands: output, source, starts (absolute person rows of the block's households), position of
    each person's household in the block; rows are households.

    Persons are walked without branches: the running value starts anew at each household and is
    written for every person, so that the last one stands. (A loop over the two or three persons
    of each household mispredicts its end.) The block is cut into streams of whole households
    that are walked side by side, because each addition waits for the one before.
    """
    types = [BYTE if truth else REAL, stored_type(stored), INT, INDEX]
    module, builder, (output, source, starts, household_of), rows, _ = new_kernel(name, types)
    base = builder.load(starts)
    edges = []
    for stream in range(_STREAMS + 1):
        household = builder.udiv(builder.mul(rows, INT(stream)), INT(_STREAMS))
        edges.append(builder.sub(builder.load(builder.gep(starts, [household])), base))
    walkers = [
        _Walker(builder, operation, (output, source, household_of), stored, truth)
        for _ in range(_STREAMS)
    ]
    shortest = builder.sub(edges[1], edges[0])
    for first, last in pairwise(edges[1:]):
        length = builder.sub(last, first)
        shortest = builder.select(builder.icmp_signed("<", length, shortest), length, shortest)
    with loop(builder, INT(0), shortest) as step:
        for walker, first in zip(walkers, edges, strict=False):
            walker.visit(builder.add(first, step))
    for walker, (first, last) in zip(walkers, pairwise(edges), strict=True):
        with loop(builder, builder.add(first, shortest), last) as person:
            walker.visit(person)
    builder.ret_void()
    return module


class _Walker:
    """One stream of a household reduction: visits persons in order."""

    def __init__(
        self,
        builder: ir.IRBuilder,
        operation: str,
        operands: tuple[Any, Any, Any],
        stored: str,
        truth: bool,
    ) -> None:
        self._builder = builder
        self._output, self._source, self._household_of = operands
        self._stored, self._truth = stored, truth
        self._reducer = _Reducer(builder, operation)
        self._running = builder.alloca(self._reducer.start.type)
        self._before = builder.alloca(INDEX)
        builder.store(self._reducer.start, self._running)
        builder.store(INDEX(-1), self._before)

    def visit(self, person: Any) -> None:
        """Take one more person into the running value of the household."""
        builder, start = self._builder, self._reducer.start
        household = builder.load(builder.gep(self._household_of, [person]))
        same = builder.icmp_signed("==", household, builder.load(self._before))
        so_far = builder.select(same, builder.load(self._running), start)
        stored = builder.load(builder.gep(self._source, [person]))
        new = self._reducer.combine(so_far, widened(builder, stored, self._stored))
        builder.store(new, self._running)
        builder.store(household, self._before)
        _store(builder, new, self._output, builder.sext(household, INT), self._truth)


def leader_module(name: str, by: str) -> ir.Module:
    """Write the row in the block of the first person of each person's subgroup.

    The subgroup are the persons of the same household with the same value of ``by``.
    Operands: output (int32 per person), by, starts, position of each person's household.
    """
    types = [INDEX, stored_type(by), INT, INDEX]
    module, builder, (output, grouping, starts, household_of), rows, _ = new_kernel(name, types)
    leader = builder.alloca(INT)
    with loop(builder, INT(0), rows) as person:
        first, _ = _household_rows(builder, starts, household_of, person)
        own = widened(builder, builder.load(builder.gep(grouping, [person])), by)
        builder.store(person, leader)
        with loop(builder, first, person) as member:
            other = widened(builder, builder.load(builder.gep(grouping, [member])), by)
            if other.type == BIT:
                same = builder.icmp_unsigned("==", other, own)
            else:
                same = builder.fcmp_ordered("==", other, own)
            alone = builder.icmp_signed("==", builder.load(leader), person)
            found = builder.select(builder.and_(same, alone), member, builder.load(leader))
            builder.store(found, leader)
        builder.store(builder.trunc(builder.load(leader), INDEX), builder.gep(output, [person]))
    builder.ret_void()
    return module


def subgroup_module(name: str, operation: str, stored: str, truth: bool) -> ir.Module:
    """Reduce over the persons of each subgroup, and give the result to all of them.

    Operands: output, source, leader (row of the subgroup's first person). The running value of a
    subgroup stands in the output row of its leader, which comes before its other members.
    """
    types = [BYTE if truth else REAL, stored_type(stored), INDEX]
    module, builder, (output, source, leaders), rows, _ = new_kernel(name, types)
    reducer = _Reducer(builder, operation)
    with loop(builder, INT(0), rows) as person:
        leader = builder.sext(builder.load(builder.gep(leaders, [person])), INT)
        begins = builder.icmp_signed("==", leader, person)
        running = builder.load(builder.gep(output, [leader]))
        if truth:
            running = builder.icmp_unsigned("!=", running, BYTE(0))
        so_far = builder.select(begins, reducer.start, running)
        found = widened(builder, builder.load(builder.gep(source, [person])), stored)
        _store(builder, reducer.combine(so_far, found), output, leader, truth)
    with loop(builder, INT(0), rows) as person:
        leader = builder.sext(builder.load(builder.gep(leaders, [person])), INT)
        result = builder.load(builder.gep(output, [leader]))
        builder.store(result, builder.gep(output, [person]))
    builder.ret_void()
    return module


def rank_module(name: str, stored: str) -> ir.Module:
    """Rank within the household, largest first; ties by order of persons.

    Operands: output, key, starts, position of each person's household in the block.
    """
    types = [REAL, stored_type(stored), INT, INDEX]
    module, builder, (output, source, starts, household_of), rows, _ = new_kernel(name, types)
    with loop(builder, INT(0), rows) as person:
        first, last = _household_rows(builder, starts, household_of, person)
        own = _number(builder, source, person, stored)
        with builder.goto_entry_block():
            count = builder.alloca(REAL)
        builder.store(REAL(0.0), count)
        with loop(builder, first, last) as member:
            other = _number(builder, source, member, stored)
            earlier = builder.and_(
                builder.fcmp_ordered("==", other, own), builder.icmp_signed("<", member, person)
            )
            ahead = builder.or_(builder.fcmp_ordered(">", other, own), earlier)
            builder.store(builder.fadd(builder.load(count), builder.uitofp(ahead, REAL)), count)
        builder.store(builder.load(count), builder.gep(output, [person]))
    builder.ret_void()
    return module


def pointer_module(name: str, pointer: str, stored: str, truth: bool) -> ir.Module:
    """Value of the person that a pointer names, 0 when it names nobody.

    Operands: output, pointer, source, starts, position of each person's household in the block.
    """
    types = [BYTE if truth else REAL, stored_type(pointer), stored_type(stored), INT, INDEX]
    module, builder, operands, rows, _ = new_kernel(name, types)
    output, pointers, source, starts, household_of = operands
    with loop(builder, INT(0), rows) as person:
        first, last = _household_rows(builder, starts, household_of, person)
        to = builder.fptosi(_number(builder, pointers, person, pointer), INT)
        member = builder.add(first, to)
        valid = builder.and_(
            builder.icmp_signed(">=", to, INT(0)), builder.icmp_signed("<", member, last)
        )
        place = builder.select(valid, member, person)
        found = widened(builder, builder.load(builder.gep(source, [place])), stored)
        nothing = BIT(0) if found.type == BIT else REAL(0.0)
        _store(builder, builder.select(valid, found, nothing), output, person, truth)
    builder.ret_void()
    return module


def draw_module(name: str, key: str, number: str | None) -> ir.Module:
    """Keyed uniform numbers; the stream is the 64 bits of parameter 0.

    Operands: output, key, and for persons: person number, position of the household.
    """
    types = [REAL, stored_type(key)]
    if number is not None:
        types += [stored_type(number), INDEX]
    module, builder, operands, rows, parameters = new_kernel(name, types)
    stream = builder.load(builder.bitcast(parameters, INT.as_pointer()))
    with loop(builder, INT(0), rows) as row:
        place = row
        if number is not None:
            place = builder.sext(builder.load(builder.gep(operands[3], [row])), INT)
        stored = builder.load(builder.gep(operands[1], [place]))
        if isinstance(stored.type, ir.IntType):
            widen = builder.zext if key.startswith("u") else builder.sext
            wide = stored if stored.type == INT else widen(stored, INT)
        else:
            wide = builder.fptosi(widened(builder, stored, key), INT)
        first = _mix(builder, builder.xor(wide, stream))
        if number is not None:
            own = builder.fptosi(_number(builder, operands[2], row, number), INT)
            step = builder.mul(builder.add(own, INT(1)), INT(GOLDEN))
            first = builder.add(first, step)
        second = builder.lshr(_mix(builder, first), INT(11))
        # 53 bits are exact in float64, and as a signed number the conversion vectorises.
        result = builder.fmul(builder.sitofp(second, REAL), REAL(TO_UNIT_INTERVAL))
        builder.store(result, builder.gep(operands[0], [row]))
    builder.ret_void()
    return module


def position_module(name: str) -> ir.Module:
    """Write the position of each person's household within the block.

    Operands: output (int32 per person), starts; rows are households. First persons are marked,
    then the marks are counted: no branch depends on how many persons a household has.
    """
    module, builder, (output, starts), rows, _ = new_kernel(name, [INDEX, INT])
    base = builder.load(starts)
    persons = builder.sub(builder.load(builder.gep(starts, [rows])), base)
    with loop(builder, INT(0), persons) as person:
        builder.store(INDEX(0), builder.gep(output, [person]))
    with loop(builder, INT(1), rows) as household:
        first = builder.sub(builder.load(builder.gep(starts, [household])), base)
        builder.store(INDEX(1), builder.gep(output, [first]))
    count = builder.alloca(INDEX)
    builder.store(INDEX(0), count)
    with loop(builder, INT(0), persons) as person:
        place = builder.gep(output, [person])
        builder.store(builder.add(builder.load(count), builder.load(place)), count)
        builder.store(builder.load(count), place)
    builder.ret_void()
    return module


def store_module(name: str, stored: str, target: str) -> ir.Module:
    """Write values into an array of another type; whole numbers lose nothing.

    Operands: the array, source.
    """
    module, builder, operands, rows, _ = new_kernel(
        name, [stored_type(target), stored_type(stored)]
    )
    with loop(builder, INT(0), rows) as row:
        value = builder.load(builder.gep(operands[1], [row]))
        if stored != target:
            value = _narrowed(builder, value, target)
        builder.store(value, builder.gep(operands[0], [row]))
    builder.ret_void()
    return module


def _narrowed(builder: ir.IRBuilder, number: Any, target: str) -> Any:
    kind = stored_type(target)
    if target == "float32":
        return builder.fptrunc(number, kind)
    # By way of 32 bits where they suffice: that conversion vectorises.
    middle = kind if kind.width > 32 else INDEX
    convert = builder.fptoui if target in {"uint32", "uint64"} else builder.fptosi
    whole = convert(number, middle)
    return whole if middle == kind else builder.trunc(whole, kind)


def total_module(name: str, stored: str, weight: str, spread: bool) -> ir.Module:
    """Sum of weight x value over the block, in row order.

    Operands: output (one float64), source, weight, and for persons the household position.
    """
    types = [REAL, stored_type(stored), stored_type(weight)]
    if spread:
        types.append(INDEX)
    module, builder, operands, rows, _ = new_kernel(name, types)
    sum_so_far = builder.alloca(REAL)
    builder.store(REAL(0.0), sum_so_far)
    with loop(builder, INT(0), rows) as row:
        place = row
        if spread:
            place = builder.sext(builder.load(builder.gep(operands[3], [row])), INT)
        weighted = builder.fmul(
            _number(builder, operands[1], row, stored), _number(builder, operands[2], place, weight)
        )
        builder.store(builder.fadd(builder.load(sum_so_far), weighted), sum_so_far)
    builder.store(builder.load(sum_so_far), operands[0])
    builder.ret_void()
    return module


class _Reducer:
    """A sum, count, max, min or any: where it starts, and how one more value is taken in."""

    def __init__(self, builder: ir.IRBuilder, operation: str) -> None:
        self._builder = builder
        self._operation = operation
        self.start: Any = {
            "max": REAL(float("-inf")),
            "min": REAL(float("inf")),
            "any": BIT(0),
        }.get(operation, REAL(0.0))

    def combine(self, old: Any, found: Any) -> Any:
        """Return the reduction with one more value."""
        builder = self._builder
        if self._operation == "any":
            holds = found if found.type == BIT else builder.fcmp_unordered("!=", found, REAL(0.0))
            return builder.or_(old, holds)
        number = builder.uitofp(found, REAL) if found.type == BIT else found
        match self._operation:
            case "sum":
                return builder.fadd(old, number)
            case "count":
                present = builder.fcmp_unordered("!=", number, REAL(0.0))
                return builder.fadd(old, builder.uitofp(present, REAL))
            case "max":
                return extreme(builder, ">", old, number)
            case _:
                return extreme(builder, "<", old, number)


def _household_rows(
    builder: ir.IRBuilder, starts: Any, household_of: Any, person: Any
) -> tuple[Any, Any]:
    """Return the first row and the row after the last of a person's household in the block."""
    base = builder.load(starts)
    household = builder.sext(builder.load(builder.gep(household_of, [person])), INT)
    after = builder.add(household, INT(1))
    first = builder.sub(builder.load(builder.gep(starts, [household])), base)
    return first, builder.sub(builder.load(builder.gep(starts, [after])), base)


def _number(builder: ir.IRBuilder, source: Any, row: Any, stored: str) -> Any:
    value = widened(builder, builder.load(builder.gep(source, [row])), stored)
    return builder.uitofp(value, REAL) if value.type == BIT else value


def _store(builder: ir.IRBuilder, value: Any, output: Any, row: Any, truth: bool) -> None:
    if truth and value.type != BIT:
        value = builder.fcmp_unordered("!=", value, REAL(0.0))
    if not truth and value.type == BIT:
        value = builder.uitofp(value, REAL)
    stored = builder.zext(value, BYTE) if truth else value
    builder.store(stored, builder.gep(output, [row]))


def _mix(builder: ir.IRBuilder, value: Any) -> Any:
    for shift, multiplier in zip(SHIFTS, (FIRST_MULTIPLIER, SECOND_MULTIPLIER, None), strict=True):
        value = builder.xor(value, builder.lshr(value, INT(shift)))
        if multiplier is not None:
            value = builder.mul(value, INT(multiplier))
    return value
