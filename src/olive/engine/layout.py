"""The inner order of a block: households by size, the largest first, persons member by member.

All first members stand first, then all second members, and so on, each in the order of their
households. As the largest households lead, those that have an m-th member are the first ones, and
persons and households that belong together stand side by side: sums over households and the spread
of their values to persons are plain loops over two ranges (jagged diagonal storage, Saad 1989,
"Krylov subspace methods on supercomputers", section 4). Persons of one household keep their order,
so figures do not change by a bit. Outside of a block nobody sees this order.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from llvmlite import ir
from numpy.typing import NDArray

from olive.native.building_blocks import (
    INDEX,
    INT,
    REAL,
    alone,
    ask_for,
    loop,
    narrowed,
    new_kernel,
    number,
    stored_type,
)


def inner_order(starts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows of households and of persons of a block in its inner order.

    Parameters
    ----------
    starts : int64 array, shape (households + 1,)
        Persons ``starts[h]`` to ``starts[h + 1]`` belong to household ``h``.

    Examples
    --------
    >>> households, persons = inner_order(np.array([0, 1, 4, 6]))
    >>> households.tolist(), persons.tolist()
    ([1, 2, 0], [1, 4, 0, 2, 5, 3])
    """
    sizes = np.diff(starts)
    households = np.argsort(-sizes, kind="stable")
    places = np.empty_like(households)
    places[households] = np.arange(sizes.size)
    member = np.arange(starts[-1] - starts[0]) - np.repeat(starts[:-1] - starts[0], sizes)
    return households, np.lexsort((np.repeat(places, sizes), member))


def arrangement_module(name: str) -> ir.Module:
    """Sort the households of a block by size, and say where its groups of members begin.

    Operands: order (row of each household, in the inner order), first (row of its first person),
    groups (their number, where each begins, and the number of persons), cursors, starts. Order
    and first count from the block's own rows.
    """
    types = [INDEX, INDEX, INDEX, INDEX, INT]
    module, builder, operands, rows, _ = new_kernel(name, types)
    order, first, groups, cursors, starts = operands
    base = builder.load(starts)

    def size_of(household: Any) -> tuple[Any, Any]:
        begin = builder.load(builder.gep(starts, [household]))
        after = builder.load(builder.gep(starts, [builder.add(household, INT(1))]))
        return builder.sub(begin, base), builder.sub(after, begin)

    largest = builder.alloca(INT)
    builder.store(INT(0), largest)
    with loop(builder, INT(0), rows) as household:
        _, size = size_of(household)
        so_far = builder.load(largest)
        larger = builder.icmp_signed(">", size, so_far)
        builder.store(builder.select(larger, size, so_far), largest)
    count = builder.load(largest)
    with loop(builder, INT(0), builder.add(count, INT(1))) as size:
        builder.store(INDEX(0), builder.gep(cursors, [size]))
    with loop(builder, INT(0), rows) as household:
        place = builder.gep(cursors, [size_of(household)[1]])
        builder.store(builder.add(builder.load(place), INDEX(1)), place)
    # From how many households have a size to how many have a larger one: where the size begins.
    larger_ones = builder.alloca(INDEX)
    builder.store(INDEX(0), larger_ones)
    with loop(builder, INT(0), builder.add(count, INT(1))) as step:
        place = builder.gep(cursors, [builder.sub(count, step)])
        found, before = builder.load(place), builder.load(larger_ones)
        builder.store(before, place)
        builder.store(builder.add(before, found), larger_ones)
    builder.store(builder.trunc(count, INDEX), groups)
    begin = builder.alloca(INDEX)
    builder.store(INDEX(0), begin)
    with loop(builder, INT(0), count) as member:
        after = builder.add(member, INT(1))
        here = builder.load(begin)
        builder.store(here, builder.gep(groups, [after]))
        builder.store(builder.add(here, builder.load(builder.gep(cursors, [member]))), begin)
    builder.store(builder.load(begin), builder.gep(groups, [builder.add(count, INT(1))]))
    with loop(builder, INT(0), rows) as household:
        row, size = size_of(household)
        cursor = builder.gep(cursors, [size])
        place = builder.load(cursor)
        builder.store(builder.add(place, INDEX(1)), cursor)
        builder.store(builder.trunc(household, INDEX), builder.gep(order, [place]))
        builder.store(builder.trunc(row, INDEX), builder.gep(first, [place]))
    builder.ret_void()
    return module


def group_range(builder: ir.IRBuilder, groups: Any, member: Any) -> tuple[Any, Any]:
    """Return the row of the first household's m-th member, and how many households have one."""
    edges = [builder.gep(groups, [builder.add(member, INT(step))]) for step in (1, 2)]
    begin, end = (builder.sext(builder.load(edge), INT) for edge in edges)
    return begin, builder.sub(end, begin)


def group_count(builder: ir.IRBuilder, groups: Any) -> Any:
    """Return the size of the block's largest household."""
    return builder.sext(builder.load(groups), INT)


@contextmanager
def each_person(
    builder: ir.IRBuilder, groups: Any, *, first_member: int = 0, step: int = 1
) -> Iterator[tuple[Any, Any, Any]]:
    """Build a loop over persons; yields number of the member, place of the household, row.

    With steps of several rows the last step of a member may reach into rows of the next, who
    follows, or into the room behind the last.
    """
    with loop(builder, INT(first_member), group_count(builder, groups)) as member:
        begin, households = group_range(builder, groups, member)
        with loop(builder, INT(0), households, step) as household:
            yield member, household, builder.add(begin, household)


@contextmanager
def _both_rows(
    builder: ir.IRBuilder, order: list[Any], rows: Any, person: bool
) -> Iterator[tuple[Any, Any, Any]]:
    """Build a loop over rows; yields place of the household, row in the inner order, user's row."""
    if person:
        first, groups = order
        with each_person(builder, groups) as (member, household, row):
            own = builder.sext(builder.load(builder.gep(first, [household])), INT)
            yield household, row, builder.add(own, member)
    else:
        with loop(builder, INT(0), rows) as household:
            user = builder.sext(builder.load(builder.gep(order[0], [household])), INT)
            yield household, household, user


def entering_module(name: str, stored: str, person: bool) -> ir.Module:
    """Bring a column of the user into the inner order.

    The block's part of it is asked for first: out of order, each line of it would be waited for.

    Operands: output, the column, then what tells the order: of households their order, of persons
    the first row of each household and the groups.
    """
    types = [stored_type(stored), stored_type(stored), *_order_types(person)]
    module, builder, (output, column, *order), rows, _ = new_kernel(name, types)
    ask_for(builder, column, rows)
    with _both_rows(builder, order, rows, person) as (_, inner, user):
        builder.store(alone(builder, builder.gep(column, [user])), builder.gep(output, [inner]))
    builder.ret_void()
    return module


def leaving_module(name: str, stored: str, target: str, person: bool) -> ir.Module:
    """Write values into an array of the user, of any type; whole numbers lose nothing.

    Operands: the array, source, then what tells the order.
    """
    types = [stored_type(target), stored_type(stored), *_order_types(person)]
    module, builder, (array, source, *order), rows, _ = new_kernel(name, types)
    with _both_rows(builder, order, rows, person) as (_, inner, user):
        value = alone(builder, builder.gep(source, [inner]))
        if stored != target:
            value = narrowed(builder, value, target)
        builder.store(value, builder.gep(array, [user]))
    builder.ret_void()
    return module


def total_module(name: str, stored: str, weight: str, person: bool) -> ir.Module:
    """Sum of weight x value over the block, in the order of the user's rows.

    Operands: output (one float64), source, weight (of households), room for a float64 a row, then
    what tells the order.
    """
    types = [REAL, stored_type(stored), stored_type(weight), REAL, *_order_types(person)]
    module, builder, operands, rows, _ = new_kernel(name, types)
    output, source, weights, products, *order = operands
    with _both_rows(builder, order, rows, person) as (household, inner, user):
        value = number(builder, builder.load(builder.gep(source, [inner])), stored)
        counts = number(builder, builder.load(builder.gep(weights, [household])), weight)
        builder.store(builder.fmul(value, counts), builder.gep(products, [user]))
    so_far = builder.alloca(REAL)
    builder.store(REAL(0.0), so_far)
    with loop(builder, INT(0), rows) as row:
        product = builder.load(builder.gep(products, [row]))
        builder.store(builder.fadd(builder.load(so_far), product), so_far)
    builder.store(builder.load(so_far), output)
    builder.ret_void()
    return module


def _order_types(person: bool) -> list[ir.Type]:
    return [INDEX, INDEX] if person else [INDEX]
