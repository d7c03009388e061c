"""The machine code of the sort: one function that orders the values within two bounds.

Values become pairs of 32-bit words, key and row, which go through four passes of a radix sort
with the least significant digit first; digits of 8 bits, so that the lines of the cache to which
a pass writes fit into the nearest one. A key numbers the signs and exponents that occur and fills
its remaining bits with the fraction. Keys preserve the order of the values up to the bits that
are cut off; a last pass compares the values themselves where keys are equal. Every step keeps
the order of equal values, so the result is the stable order.
"""

from __future__ import annotations

import ctypes

from llvmlite import ir

from olive.native.building_blocks import BIT, INT, REAL, loop

EXPONENTS = 4096  # sign and exponent: the highest 12 bits of a float64
DIGITS = 4
DIGIT_BITS = 8
KEY_BITS = DIGITS * DIGIT_BITS
FIGURES = 1 << DIGIT_BITS
COUNTS = FIGURES * DIGITS
# Insertions per row before the last pass gives up: values so close that their keys do not differ.
INSERTIONS_PER_ROW = 4

WORD = ir.IntType(32)
SORT_ARGUMENTS = (
    ("rows", INT),
    ("values", REAL.as_pointer()),
    ("low", REAL),
    ("high", REAL),
    ("kept", INT),
    ("pairs", INT.as_pointer()),
    ("others", INT.as_pointer()),
    ("codes", INT.as_pointer()),
    ("counts", INT.as_pointer()),
    ("order", INT.as_pointer()),
)
SORT_PROTOTYPE = ctypes.CFUNCTYPE(
    ctypes.c_int64,
    *(
        ctypes.c_void_p
        if isinstance(kind, ir.PointerType)
        else ctypes.c_double
        if kind == REAL
        else ctypes.c_int64
        for _, kind in SORT_ARGUMENTS
    ),
)


def sort_module(name: str) -> ir.Module:
    """Return the module of the sort.

    The function writes to ``order`` the rows whose values are at least ``low`` and below
    ``high``, of which there are ``kept``. ``codes``, of ``EXPONENTS + 1``, and ``counts`` come as
    zeros; ``pairs`` and ``others`` have room for one row more than ``kept``. It returns 0, or 1
    when it gave up.
    """
    module = ir.Module(name)
    signature = ir.FunctionType(INT, [kind for _, kind in SORT_ARGUMENTS])
    function = ir.Function(module, signature, name)
    for argument in function.args:
        if isinstance(argument.type, ir.PointerType):
            argument.add_attribute("noalias")
    _Writer(function).write()
    return module


class _Writer:
    """Writes the steps of the sort one after the other."""

    def __init__(self, function: ir.Function) -> None:
        self._builder = ir.IRBuilder(function.append_basic_block("entry"))
        names = [name for name, _ in SORT_ARGUMENTS]
        self._given = dict(zip(names, function.args, strict=True))

    def write(self) -> None:
        shift = self._number_exponents()
        self._pair(shift)
        source, target = "pairs", "others"
        for digit in range(DIGITS):
            self._scatter(digit, source, target)
            source, target = target, source
        gave_up = self._settle(source)
        self._write_order(source)
        self._builder.ret(self._builder.zext(gave_up, INT))

    def _at(self, name: str, index: ir.Value) -> ir.Value:
        return self._builder.gep(self._given[name], [index])

    def _load(self, name: str, index: ir.Value) -> ir.Value:
        return self._builder.load(self._at(name, index))

    def _value(self, row: ir.Value) -> tuple[ir.Value, ir.Value, ir.Value]:
        """Return a value's exponent in ascending order, its fraction, and whether it is kept."""
        builder = self._builder
        # Adding 0 turns a negative zero, which is equal to zero, into zero.
        value = builder.fadd(self._load("values", row), REAL(0.0))
        kept = builder.and_(
            builder.fcmp_ordered(">=", value, self._given["low"]),
            builder.fcmp_ordered("<", value, self._given["high"]),
        )
        bits = builder.bitcast(value, INT)
        # All bits of negative numbers are turned, of others the sign: words ascend as values do.
        turned = builder.or_(builder.ashr(bits, INT(63)), INT(1 << 63))
        ascending = builder.xor(bits, turned)
        exponent = builder.lshr(ascending, INT(52))
        return exponent, builder.and_(ascending, INT((1 << 52) - 1)), kept

    def _number_exponents(self) -> ir.Value:
        """Number the exponents that occur; return how far fractions are shifted."""
        builder = self._builder
        with loop(builder, INT(0), self._given["rows"]) as row:
            exponent, _, kept = self._value(row)
            # What is not kept marks a place behind the last: a store alone, nothing to wait for.
            place = builder.select(kept, exponent, INT(EXPONENTS))
            builder.store(INT(1), self._at("codes", place))
        found = self._variable(INT(0))
        with loop(builder, INT(0), INT(EXPONENTS)) as exponent:
            place = self._at("codes", exponent)
            occurs = builder.load(place)
            number = builder.load(found)
            builder.store(number, place)
            builder.store(builder.add(number, occurs), found)
        highest = builder.sub(builder.load(found), INT(1))
        zeros = builder.ctlz(highest, BIT(0))
        # KEY_BITS less the bits of the numbers are left for the 52 bits of the fraction.
        shift = builder.sub(INT(52 - KEY_BITS + 64), zeros)
        with loop(builder, INT(0), INT(EXPONENTS)) as exponent:
            place = self._at("codes", exponent)
            fraction_bits = builder.sub(INT(52), shift)
            builder.store(builder.shl(builder.load(place), fraction_bits), place)
        return shift

    def _variable(self, first: ir.Value) -> ir.Value:
        builder = self._builder
        with builder.goto_entry_block():
            place = builder.alloca(INT)
        builder.store(first, place)
        return place

    def _pair(self, shift: ir.Value) -> None:
        """Write key and row of the values within the bounds, and count the digits of keys."""
        builder = self._builder
        end = self._variable(INT(0))
        with loop(builder, INT(0), self._given["rows"]) as row:
            exponent, fraction, kept = self._value(row)
            key = builder.or_(self._load("codes", exponent), builder.lshr(fraction, shift))
            place = builder.load(end)
            # Written always and counted when kept: the next row overwrites what is not.
            builder.store(builder.or_(builder.shl(key, INT(32)), row), self._at("pairs", place))
            one = builder.zext(kept, INT)
            builder.store(builder.add(place, one), end)
            for digit in range(DIGITS):
                count = self._count(digit, key)
                builder.store(builder.add(builder.load(count), one), count)

    def _count(self, digit: int, key: ir.Value) -> ir.Value:
        """Return where a digit of a key is counted."""
        builder = self._builder
        figure = builder.and_(builder.lshr(key, INT(DIGIT_BITS * digit)), INT(FIGURES - 1))
        return self._at("counts", builder.add(figure, INT(FIGURES * digit)))

    def _scatter(self, digit: int, source: str, target: str) -> None:
        builder = self._builder
        reached = self._variable(INT(0))
        first = FIGURES * digit
        with loop(builder, INT(first), INT(first + FIGURES)) as count:
            place = self._at("counts", count)
            start = builder.load(reached)
            builder.store(builder.add(start, builder.load(place)), reached)
            builder.store(start, place)
        with loop(builder, INT(0), self._given["kept"]) as position:
            pair = self._load(source, position)
            place = self._count(digit, builder.lshr(pair, INT(32)))
            goal = builder.load(place)
            builder.store(pair, self._at(target, goal))
            builder.store(builder.add(goal, INT(1)), place)

    def _row(self, pair: ir.Value) -> ir.Value:
        return self._builder.and_(pair, INT((1 << 32) - 1))

    def _settle(self, name: str) -> ir.Value:
        """Put values whose keys are equal into order by insertion; return whether it gave up."""
        builder = self._builder
        left = self._variable(builder.mul(self._given["kept"], INT(INSERTIONS_PER_ROW)))
        with loop(builder, INT(1), self._given["kept"]) as position:
            pair = self._load(name, position)
            before = self._load(name, builder.sub(position, INT(1)))
            difference = builder.lshr(builder.xor(pair, before), INT(32))
            with builder.if_then(builder.icmp_unsigned("==", difference, INT(0)), likely=False):
                self._insert(name, pair, position, left)
        return builder.icmp_signed("<", builder.load(left), INT(0))

    def _insert(self, name: str, pair: ir.Value, position: ir.Value, left: ir.Value) -> None:
        builder = self._builder
        value = self._load("values", self._row(pair))
        hole = self._variable(position)
        function = builder.function
        first, compare, move, after = (
            function.append_basic_block(each) for each in ("first", "compare", "move", "after")
        )
        builder.branch(first)
        builder.position_at_end(first)
        place = builder.load(hole)
        room = builder.and_(
            builder.icmp_signed(">", place, INT(0)),
            builder.icmp_signed(">=", builder.load(left), INT(0)),
        )
        builder.cbranch(room, compare, after)
        builder.position_at_end(compare)
        below = self._load(name, builder.sub(place, INT(1)))
        same = builder.icmp_unsigned("==", builder.lshr(builder.xor(below, pair), INT(32)), INT(0))
        larger = builder.fcmp_ordered(">", self._load("values", self._row(below)), value)
        builder.cbranch(builder.and_(same, larger), move, after)
        builder.position_at_end(move)
        builder.store(below, self._at(name, place))
        builder.store(builder.sub(place, INT(1)), hole)
        builder.store(builder.sub(builder.load(left), INT(1)), left)
        builder.branch(first)
        builder.position_at_end(after)
        builder.store(pair, self._at(name, builder.load(hole)))

    def _write_order(self, name: str) -> None:
        with loop(self._builder, INT(0), self._given["kept"]) as position:
            row = self._row(self._load(name, position))
            self._builder.store(row, self._at("order", position))
