"""The machine code of the sort: rows go to cells, and each cell is put into order in the cache.

Cells follow each other in ascending order of their values and are sized so that one of them, with
room to work, stays near the core. Rows go there as pairs: a key, which ascends as the value does,
and the word that travels with it. A cell is cut again into as many buckets as it has rows, by the
leading bits of the distance of a key from its lowest one; where one of them has more than a few
rows, it is cut in the same way. Then neighbours change places, every second pair of them in turn,
as often as the largest bucket has rows, several pairs side by side: no branch has to be guessed. A
bucket spans at most one part in ``2**MOST_BITS`` of what was cut, so that no 64 bits are cut more
than a few times. Every step keeps the order of equal values.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from olive.native.building_blocks import BIT, INDEX, INT, REAL, loop, new_function, variable
from olive.native.lanes import LANES

MOST_BITS = 12  # buckets of one cut: their counts and the rows stay in the nearest cache
FEW = 16  # rows that are not cut again
PAIR = ir.LiteralStructType([INT, INT])
SEVERAL = ir.VectorType(INT, LANES)
HIGHEST = SEVERAL([2**63 - 1] * LANES)  # no key of a number
VOID = ir.VoidType()
REALS, WORDS, PAIRS = (kind.as_pointer() for kind in (REAL, INT, PAIR))
PARTITION = (INT, INT, REAL, REAL, REAL, REALS, WORDS, WORDS, PAIRS)
SETTLE = (INT, INT, WORDS, PAIRS, WORDS, WORDS, WORDS, WORDS)


def partition_module(name: str, *, moves: bool) -> ir.Module:
    """Return the module of a function that counts the rows of each cell, or moves rows there.

    Its arguments are the first row and the end of the rows; the value from which cells are
    counted, cells a unit of value, the number of the last cell; then values, words that travel
    with them, counts of cells, and where pairs go. When rows move, counts are the places of the
    next rows; when they are counted, a copy of the values goes where pairs would.
    """
    function, builder = new_function(ir.Module(name), name, PARTITION, VOID)
    first, end, low, scale, last, values, words, counts, pairs = function.args
    with loop(builder, first, end) as row:
        # Adding 0 turns a negative zero, which is equal to zero, into zero.
        value = builder.fadd(builder.load(builder.gep(values, [row])), REAL(0.0))
        cell = builder.fmul(builder.fsub(value, low), scale)
        for sign, bound in ((">", REAL(0.0)), ("<", last)):
            cell = builder.select(builder.fcmp_ordered(sign, cell, bound), cell, bound)
        count = builder.gep(counts, [builder.fptosi(cell, INT)])
        place = builder.load(count)
        if moves:
            key = _turned(builder, builder.bitcast(value, INT))
            _store(builder, pairs, place, (key, builder.load(builder.gep(words, [row]))))
        else:
            builder.store(value, builder.gep(builder.bitcast(pairs, REALS), [row]))
        builder.store(builder.add(place, INT(1)), count)
    builder.ret_void()
    return function.module


def settle_module(name: str) -> ir.Module:
    """Return the module of a function that puts cells into order.

    Its arguments are the first cell and the end of the cells; where cells start; the pairs; room
    for keys and for words of the largest cell, ``LANES`` more of each; and where values and words
    go.
    """
    module = ir.Module(name)
    cut = _cutting(module, f"{name}_cut")
    function, builder = new_function(module, name, SETTLE, VOID)
    first, end, starts, pairs, keys, words, values, moved = function.args
    with loop(builder, first, end) as cell:
        begin, after = (
            builder.load(builder.gep(starts, [builder.add(cell, INT(step))])) for step in (0, 1)
        )
        rows = builder.sub(after, begin)
        _store_several(builder, keys, rows, HIGHEST)
        builder.call(cut, [rows, builder.gep(pairs, [begin]), keys, words])
        for room, there in ((keys, values), (words, moved)):
            own = builder.gep(there, [begin])
            with loop(builder, INT(0), rows) as row:
                word = builder.load(builder.gep(room, [row]))
                word = _turned(builder, word) if room is keys else word
                builder.store(word, builder.gep(own, [row]))
    builder.ret_void()
    return module


def _turned(builder: ir.IRBuilder, bits: Any) -> Any:
    """Return the bits of a number as a key, a whole number that ascends as numbers do, or back."""
    # Of negative numbers all bits but the sign are turned.
    return builder.xor(bits, builder.lshr(builder.ashr(bits, INT(63)), INT(1)))


def _load(builder: ir.IRBuilder, pairs: Any, row: Any) -> tuple[Any, Any]:
    pair = builder.load(builder.gep(pairs, [row]))
    return builder.extract_value(pair, 0), builder.extract_value(pair, 1)


def _store(builder: ir.IRBuilder, pairs: Any, row: Any, pair: tuple[Any, Any]) -> None:
    whole = builder.insert_value(PAIR(ir.Undefined), pair[0], 0)
    builder.store(builder.insert_value(whole, pair[1], 1), builder.gep(pairs, [row]))


def _spread(builder: ir.IRBuilder, pair: Any, there: Any, row: Any) -> None:
    for word, words in zip(pair, there, strict=True):
        builder.store(word, builder.gep(words, [row]))


def _spread_all(builder: ir.IRBuilder, rows: Any, pairs: Any, there: Any) -> None:
    with loop(builder, INT(0), rows) as row:
        _spread(builder, _load(builder, pairs, row), there, row)


def _several(builder: ir.IRBuilder, words: Any, row: Any) -> Any:
    return builder.bitcast(builder.gep(words, [row]), SEVERAL.as_pointer())


def _load_several(builder: ir.IRBuilder, words: Any, row: Any) -> Any:
    found = builder.load(_several(builder, words, row))
    found.align = 8
    return found


def _store_several(builder: ir.IRBuilder, words: Any, row: Any, found: Any) -> None:
    builder.store(found, _several(builder, words, row)).align = 8


def _cutting(module: ir.Module, name: str) -> Any:
    """Return the function that writes rows in order: of pairs, to keys and to words.

    After the keys stand either those of a bucket that follows or ``LANES`` of the highest.
    """
    function, builder = new_function(module, name, (INT, PAIRS, WORDS, WORDS), VOID)
    function.linkage = "internal"
    rows, pairs, keys, words = function.args
    turns = variable(builder, rows)
    with builder.if_else(builder.icmp_signed(">", rows, INT(FEW))) as (are_many, are_few):
        with are_many:
            builder.store(_to_buckets(builder, rows, pairs, keys, words), turns)
        with are_few:
            _spread_all(builder, rows, pairs, (keys, words))
    with (
        loop(builder, INT(0), builder.load(turns)) as turn,
        loop(builder, builder.and_(turn, INT(1)), rows, LANES) as row,
    ):
        _change_places(builder, keys, words, row)
    builder.ret_void()
    return function


def _to_buckets(builder: ir.IRBuilder, rows: Any, pairs: Any, keys: Any, words: Any) -> Any:
    """Write more than a few rows to keys and words by buckets; return the turns that are left."""
    with builder.goto_entry_block():
        counts = builder.alloca(INDEX, 1 << MOST_BITS)
    lowest, highest = _extent(builder, rows, pairs)
    span = builder.sub(highest, lowest)
    with builder.if_then(builder.icmp_unsigned("==", span, INT(0))):
        _spread_all(builder, rows, pairs, (keys, words))
        builder.ret_void()
    bits = _smaller(builder, _bits(builder, rows), INT(MOST_BITS))
    shift = builder.sub(_bits(builder, span), bits)
    shift = builder.select(builder.icmp_signed(">", shift, INT(0)), shift, INT(0))
    buckets = builder.add(builder.lshr(span, shift), INT(1))

    def count_of(key: Any) -> Any:
        return builder.gep(counts, [builder.lshr(builder.sub(key, lowest), shift)])

    with loop(builder, INT(0), buckets) as bucket:
        builder.store(INDEX(0), builder.gep(counts, [bucket]))
    with loop(builder, INT(0), rows) as row:
        count = count_of(_load(builder, pairs, row)[0])
        builder.store(builder.add(builder.load(count), INDEX(1)), count)
    reached, most = variable(builder, INDEX(0)), variable(builder, INDEX(0))
    with loop(builder, INT(0), buckets) as bucket:
        count = builder.gep(counts, [bucket])
        found, start = (builder.load(each) for each in (count, reached))
        _raise_to(builder, most, found)
        builder.store(builder.add(start, found), reached)
        builder.store(start, count)
    with loop(builder, INT(0), rows) as row:
        pair = _load(builder, pairs, row)
        count = count_of(pair[0])
        place = builder.load(count)
        _spread(builder, pair, (keys, words), builder.zext(place, INT))
        builder.store(builder.add(place, INDEX(1)), count)

    # A bucket of one key alone is in order already.
    is_one_key = builder.icmp_signed("==", shift, INT(0))
    turns = variable(builder, builder.select(is_one_key, INDEX(0), builder.load(most)))
    with builder.if_then(builder.icmp_signed(">", builder.load(turns), INDEX(FEW)), likely=False):
        _cut_again(builder, counts, buckets, turns)
    return builder.zext(builder.load(turns), INT)


def _cut_again(builder: ir.IRBuilder, ends: Any, buckets: Any, turns: Any) -> None:
    """Put the buckets of many rows into order; the largest of the others tells the turns."""
    _, *whole = builder.function.args
    reached = variable(builder, INDEX(0))
    builder.store(INDEX(0), turns)
    with loop(builder, INT(0), buckets) as bucket:
        start, after = (builder.load(each) for each in (reached, builder.gep(ends, [bucket])))
        rows = builder.sub(after, start)
        are_many = builder.icmp_signed(">", rows, INDEX(FEW))
        with builder.if_else(are_many) as (cut, leave):
            with cut:
                all_rows, first = (builder.zext(each, INT) for each in (rows, start))
                pairs, keys, words = (builder.gep(each, [first]) for each in whole)
                with loop(builder, INT(0), all_rows) as row:
                    pair = tuple(builder.load(builder.gep(each, [row])) for each in (keys, words))
                    _store(builder, pairs, row, pair)
                builder.call(builder.function, [all_rows, pairs, keys, words])
            with leave:
                _raise_to(builder, turns, rows)
        builder.store(after, reached)


def _change_places(builder: ir.IRBuilder, keys: Any, words: Any, row: Any) -> None:
    """Put neighbours into order, pair by pair, in some rows from a row on."""
    lanes = range(LANES)
    firsts, seconds, others = (
        [lane & ~1 for lane in lanes],
        [lane | 1 for lane in lanes],
        [lane ^ 1 for lane in lanes],
    )

    def shuffled(several: Any, places: list[int]) -> Any:
        chosen = ir.Constant(ir.VectorType(INDEX, LANES), places)
        return builder.shuffle_vector(several, several, chosen)

    key, word = (_load_several(builder, each, row) for each in (keys, words))
    changes = builder.icmp_signed(">", shuffled(key, firsts), shuffled(key, seconds))
    for there, several in ((keys, key), (words, word)):
        found = builder.select(changes, shuffled(several, others), several)
        _store_several(builder, there, row, found)


def _extent(builder: ir.IRBuilder, rows: Any, pairs: Any) -> tuple[Any, Any]:
    """Return the lowest and the highest key of several pairs at least."""
    words = builder.bitcast(pairs, WORDS)
    first = _load_several(builder, words, INT(0))
    found = [variable(builder, first) for _ in range(2)]
    end = builder.mul(rows, INT(2))

    def look_at(place: Any) -> None:
        several = _load_several(builder, words, place)
        for sign, lanes in zip("<>", found, strict=True):
            so_far = builder.load(lanes)
            beats = builder.icmp_signed(sign, several, so_far)
            builder.store(builder.select(beats, several, so_far), lanes)

    with loop(builder, INT(LANES), builder.sub(end, INT(LANES)), LANES) as place:
        look_at(place)
    look_at(builder.sub(end, INT(LANES)))  # some of these were looked at before
    ends = []
    for sign, lanes in zip("<>", found, strict=True):
        several = builder.load(lanes)
        best, *others = (
            builder.extract_element(several, INDEX(lane)) for lane in range(0, LANES, 2)
        )
        for other in others:
            best = builder.select(builder.icmp_signed(sign, other, best), other, best)
        ends.append(best)
    lowest, highest = ends
    return lowest, highest


def _raise_to(builder: ir.IRBuilder, place: Any, found: Any) -> None:
    so_far = builder.load(place)
    builder.store(builder.select(builder.icmp_signed(">", found, so_far), found, so_far), place)


def _smaller(builder: ir.IRBuilder, first: Any, second: Any) -> Any:
    return builder.select(builder.icmp_signed("<", first, second), first, second)


def _bits(builder: ir.IRBuilder, whole: Any) -> Any:
    """Return how many bits a whole number has."""
    return builder.sub(INT(64), builder.ctlz(whole, BIT(0)))
