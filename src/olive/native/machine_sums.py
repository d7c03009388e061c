"""The machine code of running sums: values and weights in an order, with their sums so far."""

from __future__ import annotations

import ctypes

from llvmlite import ir

from olive.native.building_blocks import INT, REAL, loop

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
