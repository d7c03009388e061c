"""Building blocks of generated machine code: types, loops and kernels, with llvmlite's builder."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from llvmlite import ir

GENERATOR_VERSION = 12  # part of the cache key: raise it when generated code changes

INT = ir.IntType(64)
INDEX = ir.IntType(32)
BYTE = ir.IntType(8)
BIT = ir.IntType(1)
REAL = ir.DoubleType()
LINE = 64  # bytes that come from the memory together
ADDRESS = BYTE.as_pointer()
KERNEL_TYPE = ir.FunctionType(
    ir.VoidType(),
    [INT, ADDRESS.as_pointer(), INT.as_pointer(), REAL.as_pointer()],
)
_STORED = {
    "float64": REAL,
    "float32": ir.FloatType(),
    "bool": BYTE,
    **{f"{sign}int{bits}": ir.IntType(bits) for sign in ("", "u") for bits in (8, 16, 32, 64)},
}


def stored_type(name: str) -> ir.Type:
    """Return the LLVM type in which a numpy type is stored."""
    return _STORED[name]


def size_of(kind: ir.Type) -> int:
    """Return how many bytes a number takes."""
    return {REAL: 8, ir.FloatType(): 4}.get(kind) or kind.width // 8


def prototype(kinds: Sequence[ir.Type], result: Any = None) -> Any:
    """Return how Python calls a function of such arguments."""
    return ctypes.CFUNCTYPE(
        result,
        *(
            ctypes.c_void_p
            if isinstance(kind, ir.PointerType)
            else ctypes.c_double
            if kind == REAL
            else ctypes.c_int64
            for kind in kinds
        ),
    )


@contextmanager
def loop(builder: ir.IRBuilder, first: Any, last: Any, step: int = 1) -> Iterator[Any]:
    """Build ``for index in range(first, last, step)``; yields the index."""
    function = builder.function
    before = builder.block
    head = function.append_basic_block("head")
    body = function.append_basic_block("body")
    after = function.append_basic_block("after")
    builder.branch(head)
    builder.position_at_end(head)
    index = builder.phi(INT)
    index.add_incoming(first, before)
    builder.cbranch(builder.icmp_signed("<", index, last), body, after)
    builder.position_at_end(body)
    yield index
    index.add_incoming(builder.add(index, INT(step)), builder.block)
    builder.branch(head)
    builder.position_at_end(after)


def new_function(module: ir.Module, name: str, kinds: Sequence[ir.Type], result: Any) -> Any:
    """Return a function whose pointers do not overlap, and a builder at its begin."""
    function = ir.Function(module, ir.FunctionType(result, kinds), name)
    for argument in function.args:
        if isinstance(argument.type, ir.PointerType):
            argument.add_attribute("noalias")
    return function, ir.IRBuilder(function.append_basic_block("entry"))


def variable(builder: ir.IRBuilder, first: Any) -> Any:
    """Return the place of a variable, which is loaded and stored; LLVM keeps it in a register."""
    with builder.goto_entry_block():
        place = builder.alloca(first.type)
    builder.store(first, place)
    return place


def new_kernel(
    name: str, operand_types: list[ir.Type]
) -> tuple[ir.Module, ir.IRBuilder, list[Any], Any, Any]:
    """Return module, builder inside the body, operand pointers, row count and parameters.

    The body is a function of its own, whose pointers are declared not to overlap: without that
    LLVM does not vectorise the loop.
    """
    module = ir.Module(name)
    pointers = [each.as_pointer() for each in operand_types]
    body = ir.Function(
        module,
        ir.FunctionType(ir.VoidType(), [INT, REAL.as_pointer(), *pointers]),
        f"{name}_body",
    )
    body.linkage = "internal"
    body.attributes.add("noinline")
    for argument in body.args[1:]:
        argument.add_attribute("noalias")
    entry = ir.Function(module, KERNEL_TYPE, name)
    builder = ir.IRBuilder(entry.append_basic_block("entry"))
    rows, addresses, slots, parameters = entry.args
    operands = []
    for position, pointer in enumerate(pointers):
        slot = builder.load(builder.gep(slots, [INT(position)]))
        operands.append(builder.bitcast(builder.load(builder.gep(addresses, [slot])), pointer))
    builder.call(body, [rows, parameters, *operands])
    builder.ret_void()
    inside = ir.IRBuilder(body.append_basic_block("entry"))
    return module, inside, list(body.args[2:]), body.args[0], body.args[1]


def side_by_side(kind: ir.Type, rows: int) -> ir.Type:
    """Return the type of the values of some rows; of one row it is the type itself."""
    return kind if rows == 1 else ir.VectorType(kind, rows)


def constant(kind: ir.Type, value: float) -> Any:
    """Return a number, the same for all rows of the type."""
    return kind([value] * kind.count) if isinstance(kind, ir.VectorType) else kind(value)


def place_of(builder: ir.IRBuilder, pointer: Any, row: Any, rows: int) -> tuple[Any, int]:
    """Return where some rows stand from a row on, and to how many bytes that is aligned."""
    kind, place = pointer.type.pointee, builder.gep(pointer, [row])
    if rows > 1:
        place = builder.bitcast(place, side_by_side(kind, rows).as_pointer())
    return place, size_of(kind)


def alone(builder: ir.IRBuilder, place: Any) -> Any:
    """Load a number by itself: LLVM vectorises no loop around it.

    To move numbers from or to places here and there, many processors take longer by gathering and
    scattering than one by one. The number is loaded at a stroke (atomic), as all processors load
    it anyway, and is not put together with others.
    """
    return builder.load_atomic(place, "unordered", size_of(place.type.pointee))


def ask_for(builder: ir.IRBuilder, begin: Any, count: Any) -> None:
    """Fetch neighbouring numbers into the cache, all at once."""
    kind = ir.FunctionType(ir.VoidType(), [ADDRESS, INDEX, INDEX, INDEX])
    fetch = builder.module.declare_intrinsic("llvm.prefetch", [ADDRESS], kind)
    to_read, all_caches, data = INDEX(0), INDEX(3), INDEX(1)
    with loop(builder, INT(0), count, LINE // size_of(begin.type.pointee)) as first:
        place = builder.bitcast(builder.gep(begin, [first]), ADDRESS)
        builder.call(fetch, [place, to_read, all_caches, data])


def is_truth(value: Any) -> bool:
    """Return whether a value is a bit, or bits of several rows."""
    return bool(getattr(value.type, "element", value.type) == BIT)


def widened(builder: ir.IRBuilder, stored: Any, name: str) -> Any:
    """Return a stored value as a bit (truth) or a float64 (number); so of several rows."""
    real = side_by_side(REAL, getattr(stored.type, "count", 1))
    if name == "bool":
        return builder.icmp_unsigned("!=", stored, constant(stored.type, 0))
    if name == "float64":
        return stored
    if name == "float32":
        return builder.fpext(stored, real)
    return builder.uitofp(stored, real) if name.startswith("u") else builder.sitofp(stored, real)


def number(builder: ir.IRBuilder, stored: Any, name: str) -> Any:
    """Return a stored value as a float64."""
    value = widened(builder, stored, name)
    return builder.uitofp(value, REAL) if value.type == BIT else value


def narrowed(builder: ir.IRBuilder, value: Any, name: str) -> Any:
    """Return a float64 in the type in which it is stored."""
    kind = stored_type(name)
    if name == "float32":
        return builder.fptrunc(value, kind)
    # By way of 32 bits where they suffice: that conversion vectorises.
    middle = kind if kind.width > 32 else INDEX
    convert = builder.fptoui if name in {"uint32", "uint64"} else builder.fptosi
    whole = convert(value, middle)
    return whole if middle == kind else builder.trunc(whole, kind)


def extreme(
    builder: ir.IRBuilder, sign: str, first: Any, second: Any, *, defined: str | None = None
) -> Any:
    """Return the smaller (``"<"``) or larger (``">"``) number; NaN stays NaN, as in numpy.

    ``defined`` says which of them (``"first"`` or ``"second"``) cannot be NaN, which saves
    instructions; of equal numbers the first is returned whatever is known.
    """
    if defined == "first":  # beaten also by what is not a number
        beats = builder.fcmp_unordered(sign, second, first)
        return builder.select(beats, second, first)
    beats = builder.fcmp_ordered(sign, second, first)
    if defined is None:
        beats = builder.or_(beats, builder.fcmp_unordered("uno", second, second))
    return builder.select(beats, second, first)
