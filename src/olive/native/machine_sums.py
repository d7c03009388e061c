"""The machine code of sums (of all rows, so far, over cells of neighbours) and of extents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir

from olive.native.building_blocks import (
    INDEX,
    INT,
    REAL,
    ask_for,
    constant,
    loop,
    new_function,
    number,
    stored_type,
    variable,
)
from olive.native.lanes import LANES, STEPS

# Neighbours in an order are all over the memory: the row so many places ahead is asked for early.
ROWS_AHEAD = 2
REALS = REAL.as_pointer()
SIDE_BY_SIDE = ir.VectorType(REAL, LANES)
NOTHING = SIDE_BY_SIDE([0.0] * LANES)
RUNNING = (INT, REALS, REALS, REALS, REALS)
EXTENT = (INT, REALS, REALS)
PRODUCT = (INT, REALS, REALS, REALS, REALS)
DIGIT_CELLS = (INT, REALS, REALS, REALS, REALS)
Term = Callable[[ir.IRBuilder, Sequence[Any], Sequence[Any]], Any]


def running_sums_module(name: str) -> ir.Module:
    """Return the module of one function: sums so far, added row by row as ``numpy.cumsum`` does.

    Its arguments are the number of rows, values, weights, and the sums of weights to fill, and the
    place of the sum of weight x value, added in the same order. It returns the sum of weight x
    value x the sum of weights at the middle of the row, added as `sum_module` adds.
    """
    function, builder = new_function(ir.Module(name), name, RUNNING, REAL)
    rows, values, weights, reached, amount = function.args
    # Adding to a negative zero changes no number, not even a negative zero.
    weight_so_far, amount_so_far = (variable(builder, REAL(-0.0)) for _ in range(2))

    def so_far(place: Any, terms: Any) -> Any:
        """Return the sums that end with each of some terms."""
        found = terms
        for lane, term in enumerate(_lanes(builder, terms)):
            builder.store(builder.fadd(builder.load(place), term), place)
            found = _with_lane(builder, found, lane, builder.load(place))
        return found

    def ranked(row: Any, kind: Any) -> Any:
        value, weight = (_load(builder, each, row, kind) for each in (values, weights))
        so_far(amount_so_far, builder.fmul(weight, value))
        end = so_far(weight_so_far, weight)
        builder.store(end, _place(builder, reached, row, kind)).align = 8
        middle = builder.fsub(end, builder.fmul(constant(kind, 0.5), weight))
        return builder.fmul(builder.fmul(middle, weight), value)

    total = _sum_of(builder, rows, ranked)
    builder.store(builder.load(amount_so_far), amount)
    builder.ret(total)
    return function.module


def digit_cells_module(name: str, *, shift: int, first: int, steps: int) -> ir.Module:
    """Return the module of one function: weights and weighted values added up by their cells.

    Its arguments are the number of rows, values, weights, and the two sums of each cell; cells are
    those of `olive.native.digit_cells`.
    """
    function, builder = new_function(ir.Module(name), name, DIGIT_CELLS, ir.VoidType())
    rows, values, weights, counts, amounts = function.args
    with loop(builder, INT(0), rows) as row:
        value, weight = (builder.load(builder.gep(each, [row])) for each in (values, weights))
        digits = builder.and_(builder.bitcast(value, INT), INT(2**63 - 1))
        step = builder.sub(builder.lshr(digits, INT(shift)), INT(first - 1))
        for sign, end in ((">", 0), ("<", steps + 1)):
            inside = builder.icmp_signed(sign, step, INT(end))
            step = builder.select(inside, step, INT(end))
        below = builder.fcmp_ordered("<", value, REAL(0.0))
        place = builder.add(builder.select(below, builder.not_(step), step), INT(steps + 2))
        for sums, term in ((counts, weight), (amounts, builder.fmul(weight, value))):
            at = builder.gep(sums, [place])
            builder.store(builder.fadd(builder.load(at), term), at)
    builder.ret_void()
    return function.module


def extent_module(name: str, *, columns: int) -> ir.Module:
    """Return the module of one function: the least and the largest of at least ``LANES`` numbers.

    Its arguments are the number of rows, one or two columns, and two numbers to fill for each;
    where there are two columns, then also products to fill. It returns 0, or NaN where a value is
    NaN or infinite and the least and the largest mean nothing.
    """
    kinds = EXTENT if columns == 1 else PRODUCT
    function, builder = new_function(ir.Module(name), name, kinds, REAL)
    rows, *given = function.args
    given, (found, *products) = given[:columns], given[columns:]
    strange = variable(builder, NOTHING)
    firsts = (_everywhere(builder, builder.load(each), NOTHING) for each in given)
    ends = [{sign: variable(builder, first) for sign in "<>"} for first in firsts]

    def look_at(row: Any) -> None:
        several = [_load(builder, column, row, SIDE_BY_SIDE) for column in given]
        for value, so_far in zip(several, ends, strict=True):
            for sign, place in so_far.items():
                builder.store(_beaten(builder, sign, value, builder.load(place)), place)
            # What is neither NaN nor infinite differs from itself by nothing.
            difference = builder.fsub(value, value)
            builder.store(builder.fadd(builder.load(strange), difference), strange)
        for column in products:
            place = _place(builder, column, row, SIDE_BY_SIDE)
            builder.store(builder.fmul(*several), place).align = 8

    with loop(builder, INT(0), builder.udiv(rows, INT(LANES))) as step:
        look_at(builder.mul(step, INT(LANES)))
    look_at(builder.sub(rows, INT(LANES)))  # some of these were looked at before
    for position, (sign, place) in enumerate(end for both in ends for end in both.items()):
        each, *others = _lanes(builder, builder.load(place))
        for other in others:
            each = _beaten(builder, sign, other, each)
        builder.store(each, builder.gep(found, [INT(position)]))
    told = REAL(0.0)
    for each in _lanes(builder, builder.load(strange)):
        told = builder.fadd(told, each)
    builder.ret(told)
    return function.module


def _beaten(builder: ir.IRBuilder, sign: str, value: Any, so_far: Any) -> Any:
    return builder.select(builder.fcmp_ordered(sign, value, so_far), value, so_far)


def _lanes(builder: ir.IRBuilder, vector: Any) -> list[Any]:
    if vector.type == REAL:
        return [vector]
    return [builder.extract_element(vector, INDEX(lane)) for lane in range(LANES)]


def _with_lane(builder: ir.IRBuilder, vector: Any, lane: int, value: Any) -> Any:
    return value if vector.type == REAL else builder.insert_element(vector, value, INDEX(lane))


def _place(builder: ir.IRBuilder, column: Any, row: Any, kind: Any) -> Any:
    return builder.bitcast(builder.gep(column, [row]), kind.as_pointer())


def _load(builder: ir.IRBuilder, column: Any, row: Any, kind: Any) -> Any:
    found = builder.load(_place(builder, column, row, kind))
    found.align = 8
    return found


def _weighted(builder: ir.IRBuilder, arrays: Sequence[Any], numbers: Sequence[Any]) -> Any:
    del numbers
    value, weight = arrays
    return builder.fmul(weight, value)


def _between(builder: ir.IRBuilder, arrays: Sequence[Any], numbers: Sequence[Any]) -> Any:
    (value, weight), (first, second) = arrays, numbers
    reached = builder.fcmp_ordered(">=", value, first)
    inside = builder.and_(reached, builder.fcmp_ordered("<", value, second))
    return builder.select(inside, weight, builder.fsub(weight, weight))


TERMS: dict[str, tuple[int, int, Term]] = {
    "weighted": (2, 0, _weighted),
    "between": (2, 2, _between),
}


def sum_kinds(arrays: int, numbers: int) -> tuple[ir.Type, ...]:
    """Return the types of the arguments of a function of `sum_module`."""
    return (INT, *[REALS] * arrays, *[REAL] * numbers)


def sum_module(name: str, arrays: int, numbers: int, term: Term) -> ir.Module:
    """Return the module of one function: the sum over rows of a term of some arrays.

    Its arguments are the number of rows, the arrays, and numbers that the term uses; ``term``
    writes it for one row and for several side by side. Rows are added in one order.
    """
    kinds = sum_kinds(arrays, numbers)
    function, builder = new_function(ir.Module(name), name, kinds, REAL)
    rows, columns, given = function.args[0], function.args[1 : 1 + arrays], function.args[-numbers:]
    given = given if numbers else ()
    everywhere = [_everywhere(builder, each, NOTHING) for each in given]

    def term_of(row: Any, kind: Any) -> Any:
        found = [_load(builder, column, row, kind) for column in columns]
        return term(builder, found, given if kind == REAL else everywhere)

    builder.ret(_sum_of(builder, rows, term_of))
    return function.module


def _sum_of(builder: ir.IRBuilder, rows: Any, term_of: Callable[[Any, Any], Any]) -> Any:
    """Return the sum over rows of a term, which is written for one row and for several."""
    total, few, last = (variable(builder, each) for each in (NOTHING, NOTHING, REAL(0.0)))

    def add(place: Any, row: Any) -> None:
        found = term_of(row, place.type.pointee)
        builder.store(builder.fadd(builder.load(place), found), place)

    whole = INT(LANES * STEPS)
    parts = builder.udiv(rows, whole)
    with loop(builder, INT(0), parts) as part:
        builder.store(NOTHING, few)
        with loop(builder, INT(0), INT(STEPS)) as step:
            add(few, builder.add(builder.mul(part, whole), builder.mul(step, INT(LANES))))
        builder.store(builder.fadd(builder.load(total), builder.load(few)), total)
    with loop(builder, builder.mul(parts, whole), rows) as row:
        add(last, row)
    found = builder.load(last)
    for each in _lanes(builder, builder.load(total)):
        found = builder.fadd(found, each)
    return found


def _everywhere(builder: ir.IRBuilder, value: Any, lanes: Any) -> Any:
    for lane in range(LANES):
        lanes = builder.insert_element(lanes, value, INDEX(lane))
    return lanes


def cell_kinds(stored: str) -> tuple[ir.Type, ...]:
    """Return the types of the arguments of a function of `cell_sums_module`."""
    pointers = (each.as_pointer() for each in (INT, INT, REAL, stored_type(stored), REAL))
    return (INT, INT, INT, *pointers)


def cell_sums_module(name: str, stored: str) -> ir.Module:
    """Return the module of one function: sums of factor x row of a matrix, cell by cell.

    Its arguments are the first cell, the end of the cells and the number of columns; then where
    cells start, rows in order, factors in order, the matrix (of a numpy type), and the sums to
    fill, which come as zeros.
    """
    function, builder = new_function(ir.Module(name), name, cell_kinds(stored), ir.VoidType())
    first, end, columns, starts, rows, factors, matrix, sums = function.args
    with loop(builder, first, end) as cell:
        own = builder.gep(sums, [builder.mul(cell, columns)])
        begin, after = (
            builder.load(builder.gep(starts, [builder.add(cell, INT(step))])) for step in (0, 1)
        )
        with loop(builder, begin, after) as place:
            ahead = builder.add(place, INT(ROWS_AHEAD))
            ahead = builder.select(builder.icmp_signed("<", ahead, after), ahead, place)
            row, coming = (
                builder.gep(matrix, [builder.mul(builder.load(builder.gep(rows, [each])), columns)])
                for each in (place, ahead)
            )
            ask_for(builder, coming, columns)
            factor = builder.load(builder.gep(factors, [place]))
            with loop(builder, INT(0), columns) as column:
                found = builder.load(builder.gep(row, [column]))
                part = builder.fmul(factor, number(builder, found, stored))
                target = builder.gep(own, [column])
                builder.store(builder.fadd(builder.load(target), part), target)
    builder.ret_void()
    return function.module
