"""The machine code of sums: along an order, and over cells of neighbours in an order."""

from __future__ import annotations

import ctypes

from llvmlite import ir

from olive.native.building_blocks import ADDRESS, INDEX, INT, REAL, loop, number, stored_type

LINE = 64  # bytes that come from the memory together
# Neighbours in an order are all over the memory: the row so many places ahead is asked for early.
ROWS_AHEAD = 2
_POINTERS = (INT, REAL, REAL, REAL, REAL, REAL, REAL)
SUMS_PROTOTYPE = ctypes.CFUNCTYPE(None, ctypes.c_int64, *[ctypes.c_void_p] * len(_POINTERS))


def sums_module(name: str) -> ir.Module:
    """Return the module of one function.

    Its arguments are the number of rows; order, values and weights; then the arrays to fill:
    values in order, weights in order, sums of weights so far, sums of weight x value so far. Sums
    are added row by row, as ``numpy.cumsum`` adds them.
    """
    module = ir.Module(name)
    pointers = [kind.as_pointer() for kind in _POINTERS]
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [INT, *pointers]), name)
    for argument in function.args[1:]:
        argument.add_attribute("noalias")
    rows, order, values, weights, *targets = function.args
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    sums = [builder.alloca(REAL) for _ in range(2)]
    for each in sums:
        builder.store(REAL(-0.0), each)  # adding to it changes no number, not even a negative zero
    with loop(builder, INT(0), rows) as place:
        row = builder.load(builder.gep(order, [place]))
        value, weight = (builder.load(builder.gep(each, [row])) for each in (values, weights))
        found = [value, weight]
        for so_far, each in zip(sums, (weight, builder.fmul(weight, value)), strict=True):
            found.append(builder.fadd(builder.load(so_far), each))
            builder.store(found[-1], so_far)
        for target, each in zip(targets, found, strict=True):
            builder.store(each, builder.gep(target, [place]))
    builder.ret_void()
    return module


def cell_sums_module(name: str, stored: str) -> ir.Module:
    """Return the module of one function: sums of factor x row of a matrix, cell by cell.

    Its arguments are the first cell, the end of the cells and the number of columns; then where
    cells start, rows in order, factors in order, the matrix (of a numpy type), and the sums to
    fill, which come as zeros.
    """
    module = ir.Module(name)
    pointers = [each.as_pointer() for each in (INT, INT, REAL, stored_type(stored), REAL)]
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [INT] * 3 + pointers), name)
    for argument in function.args[3:]:
        argument.add_attribute("noalias")
    first, end, columns, starts, rows, factors, matrix, sums = function.args
    builder = ir.IRBuilder(function.append_basic_block("entry"))
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
            _ask_for(builder, coming, columns)
            factor = builder.load(builder.gep(factors, [place]))
            with loop(builder, INT(0), columns) as column:
                found = builder.load(builder.gep(row, [column]))
                part = builder.fmul(factor, number(builder, found, stored))
                target = builder.gep(own, [column])
                builder.store(builder.fadd(builder.load(target), part), target)
    builder.ret_void()
    return module


def _ask_for(builder: ir.IRBuilder, row: ir.Value, columns: ir.Value) -> None:
    """Fetch a row into the cache while others are added."""
    kind = ir.FunctionType(ir.VoidType(), [ADDRESS, INDEX, INDEX, INDEX])
    fetch = builder.module.declare_intrinsic("llvm.prefetch", [ADDRESS], kind)
    size = 4 if row.type.pointee == stored_type("float32") else 8
    with loop(builder, INT(0), builder.udiv(columns, INT(LINE // size))) as line:
        place = builder.gep(row, [builder.mul(line, INT(LINE // size))])
        to_read, all_caches, data = INDEX(0), INDEX(3), INDEX(1)
        builder.call(fetch, [builder.bitcast(place, ADDRESS), to_read, all_caches, data])
