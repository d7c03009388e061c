"""The machine code of the sort: rows go to cells, and each cell is put into order in the cache.

Cells follow each other in ascending order of their values and are sized so that one of them, with
room to work, stays near the core. Rows go there as two words: a key, which ascends as the value
does, and the word that travels with it; within a cell they stand as pairs. A cell is cut again into
as many buckets as it has rows, by the leading bits of the distance of a key from its lowest one;
where one of them has more than a few rows, it is cut in the same way, until insertion does the
rest. A bucket spans at most one part in ``2**MOST_BITS`` of what was cut, so that no 64 bits are
cut more than a few times. Every step keeps the order of equal values.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from olive.native.building_blocks import BIT, INT, REAL, loop, new_function, variable

MOST_BITS = 11  # buckets of one cut: their counts and the rows stay in the nearest cache
FEW = 16  # rows that insertion puts into order
PAIR = ir.LiteralStructType([INT, INT])
SIGN = INT(1 << 63)
VOID = ir.VoidType()
REALS, WORDS, PAIRS = (kind.as_pointer() for kind in (REAL, INT, PAIR))
PARTITION = (INT, INT, REAL, REAL, REAL, REALS, WORDS, WORDS, WORDS, WORDS)
SETTLE = (INT, INT, WORDS, INT, PAIRS, WORDS, WORDS)


def partition_module(name: str, *, moves: bool) -> ir.Module:
    """Return the module of a function that counts the rows of each cell, or moves rows there.

    Its arguments are the first row and the end of the rows; the value from which cells are
    counted, cells a unit of value, the number of the last cell; then values, words that travel
    with them, counts of cells, and where keys and words go. When rows move, counts are the places
    of the next rows.
    """
    function, builder = new_function(ir.Module(name), name, PARTITION, VOID)
    first, end, low, scale, last, values, words, counts, keys, moved = function.args
    with loop(builder, first, end) as row:
        # Adding 0 turns a negative zero, which is equal to zero, into zero.
        value = builder.fadd(builder.load(builder.gep(values, [row])), REAL(0.0))
        cell = builder.fmul(builder.fsub(value, low), scale)
        for sign, bound in ((">", REAL(0.0)), ("<", last)):
            cell = builder.select(builder.fcmp_ordered(sign, cell, bound), cell, bound)
        count = builder.gep(counts, [builder.fptosi(cell, INT)])
        place = builder.load(count)
        if moves:
            builder.store(_turned(builder, value), builder.gep(keys, [place]))
            word = builder.load(builder.gep(words, [row]))
            builder.store(word, builder.gep(moved, [place]))
        builder.store(builder.add(place, INT(1)), count)
    builder.ret_void()
    return function.module


def settle_module(name: str) -> ir.Module:
    """Return the module of a function that puts cells into order.

    Its arguments are the first cell and the end of the cells; where cells start; the rows of the
    largest cell, and room for them as pairs, twice; then keys, which become values, and words.
    """
    module = ir.Module(name)
    cut = _cutting(module, f"{name}_cut")
    function, builder = new_function(module, name, SETTLE, VOID)
    first, end, starts, largest, pairs, keys, words = function.args
    room = builder.gep(pairs, [largest])
    with loop(builder, first, end) as cell:
        begin, after = (
            builder.load(builder.gep(starts, [builder.add(cell, INT(step))])) for step in (0, 1)
        )
        rows = builder.sub(after, begin)
        own_keys, own_words = (builder.gep(each, [begin]) for each in (keys, words))
        with loop(builder, INT(0), rows) as row:
            pair = tuple(builder.load(builder.gep(each, [row])) for each in (own_keys, own_words))
            _store(builder, pairs, row, pair)
        builder.call(cut, [rows, pairs, room])
        with loop(builder, INT(0), rows) as row:
            key, word = _load(builder, room, row)
            # The bits that were turned are turned back.
            turned = builder.xor(builder.ashr(key, INT(63)), INT(-1))
            bits = builder.xor(key, builder.or_(turned, SIGN))
            builder.store(bits, builder.gep(own_keys, [row]))
            builder.store(word, builder.gep(own_words, [row]))
    builder.ret_void()
    return module


def _turned(builder: ir.IRBuilder, value: Any) -> Any:
    """Return the bits of a number as a word that ascends as numbers do."""
    # All bits of negative numbers are turned, of others the sign.
    bits = builder.bitcast(value, INT)
    return builder.xor(bits, builder.or_(builder.ashr(bits, INT(63)), SIGN))


def _load(builder: ir.IRBuilder, pairs: Any, row: Any) -> tuple[Any, Any]:
    pair = builder.load(builder.gep(pairs, [row]))
    return builder.extract_value(pair, 0), builder.extract_value(pair, 1)


def _store(builder: ir.IRBuilder, pairs: Any, row: Any, pair: tuple[Any, Any]) -> None:
    whole = builder.insert_value(PAIR(ir.Undefined), pair[0], 0)
    builder.store(builder.insert_value(whole, pair[1], 1), builder.gep(pairs, [row]))


def _cutting(module: ir.Module, name: str) -> Any:
    """Return the function that writes ``rows`` pairs of ``source`` to ``target`` in order."""
    function, builder = new_function(module, name, (INT, PAIRS, PAIRS), VOID)
    function.linkage = "internal"
    rows, source, target = function.args
    counts = builder.alloca(INT, 1 << MOST_BITS)
    insert = _insertion(module, f"{name}_insert")

    with builder.if_then(builder.icmp_signed("<=", rows, INT(FEW))):
        _copy(builder, rows, source, target)
        builder.call(insert, [rows, target])
        builder.ret_void()
    lowest, highest = _extent(builder, rows, source)
    span = builder.sub(highest, lowest)
    with builder.if_then(builder.icmp_unsigned("==", span, INT(0))):
        _copy(builder, rows, source, target)
        builder.ret_void()

    bits = _bits(builder, rows)
    bits = builder.select(builder.icmp_signed("<", bits, INT(MOST_BITS)), bits, INT(MOST_BITS))
    shift = builder.sub(_bits(builder, span), bits)
    shift = builder.select(builder.icmp_signed(">", shift, INT(0)), shift, INT(0))
    buckets = builder.add(builder.lshr(span, shift), INT(1))

    def count_of(key: Any) -> Any:
        return builder.gep(counts, [builder.lshr(builder.sub(key, lowest), shift)])

    with loop(builder, INT(0), buckets) as bucket:
        builder.store(INT(0), builder.gep(counts, [bucket]))
    with loop(builder, INT(0), rows) as row:
        count = count_of(_load(builder, source, row)[0])
        builder.store(builder.add(builder.load(count), INT(1)), count)
    reached, most = variable(builder, INT(0)), variable(builder, INT(0))
    with loop(builder, INT(0), buckets) as bucket:
        count = builder.gep(counts, [bucket])
        found, largest, start = (builder.load(each) for each in (count, most, reached))
        larger = builder.icmp_signed(">", found, largest)
        builder.store(builder.select(larger, found, largest), most)
        builder.store(builder.add(start, found), reached)
        builder.store(start, count)
    with loop(builder, INT(0), rows) as row:
        pair = _load(builder, source, row)
        count = count_of(pair[0])
        place = builder.load(count)
        _store(builder, target, place, pair)
        builder.store(builder.add(place, INT(1)), count)

    # A bucket of one key alone is in order already.
    with builder.if_then(builder.icmp_signed(">", shift, INT(0))):
        with builder.if_then(builder.icmp_signed(">", builder.load(most), INT(FEW)), likely=False):
            _cut_again(builder, counts, buckets, source, target)
        builder.call(insert, [rows, target])
    builder.ret_void()
    return function


def _cut_again(builder: ir.IRBuilder, ends: Any, buckets: Any, source: Any, target: Any) -> None:
    """Put the buckets of many rows into order."""
    reached = variable(builder, INT(0))
    with loop(builder, INT(0), buckets) as bucket:
        start = builder.load(reached)
        after = builder.load(builder.gep(ends, [bucket]))
        rows = builder.sub(after, start)
        with builder.if_then(builder.icmp_signed(">", rows, INT(FEW))):
            there, back = (builder.gep(each, [start]) for each in (target, source))
            builder.call(builder.function, [rows, there, back])
            _copy(builder, rows, back, there)
        builder.store(after, reached)


def _insertion(module: ir.Module, name: str) -> Any:
    """Return the function that puts pairs into order that are nearly so."""
    function, builder = new_function(module, name, (INT, PAIRS), VOID)
    function.linkage = "internal"
    rows, pairs = function.args
    with loop(builder, INT(1), rows) as row:
        pair = _load(builder, pairs, row)
        hole = variable(builder, row)
        look, compare, move, after = (
            function.append_basic_block(each) for each in ("look", "compare", "move", "after")
        )
        builder.branch(look)
        builder.position_at_end(look)
        place = builder.load(hole)
        builder.cbranch(builder.icmp_signed(">", place, INT(0)), compare, after)
        builder.position_at_end(compare)
        before = builder.sub(place, INT(1))
        other = _load(builder, pairs, before)
        builder.cbranch(builder.icmp_unsigned(">", other[0], pair[0]), move, after)
        builder.position_at_end(move)
        _store(builder, pairs, place, other)
        builder.store(before, hole)
        builder.branch(look)
        builder.position_at_end(after)
        _store(builder, pairs, builder.load(hole), pair)
    builder.ret_void()
    return function


def _copy(builder: ir.IRBuilder, rows: Any, source: Any, target: Any) -> None:
    with loop(builder, INT(0), rows) as row:
        _store(builder, target, row, _load(builder, source, row))


def _extent(builder: ir.IRBuilder, rows: Any, pairs: Any) -> tuple[Any, Any]:
    """Return the lowest and the highest key."""
    found = [variable(builder, _load(builder, pairs, INT(0))[0]) for _ in range(2)]
    with loop(builder, INT(1), rows) as row:
        key, _ = _load(builder, pairs, row)
        for sign, place in zip("<>", found, strict=True):
            so_far = builder.load(place)
            beats = builder.icmp_unsigned(sign, key, so_far)
            builder.store(builder.select(beats, key, so_far), place)
    lowest, highest = (builder.load(place) for place in found)
    return lowest, highest


def _bits(builder: ir.IRBuilder, whole: Any) -> Any:
    """Return how many bits a whole number above 0 has."""
    return builder.sub(INT(64), builder.ctlz(whole, BIT(1)))
