"""Machine code that looks beyond the row: loops over the persons of households, and draws.

Rows stand in the inner order of a block (`olive.engine.layout`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir

from olive.engine.draws import TO_UNIT_INTERVAL
from olive.engine.layout import each_person, group_count, group_range
from olive.native.building_blocks import (
    BIT,
    BYTE,
    INDEX,
    INT,
    REAL,
    extreme,
    loop,
    new_kernel,
    number,
    stored_type,
    widened,
)
from olive.native.mixing import FIRST_MULTIPLIER, GOLDEN, SECOND_MULTIPLIER, SHIFTS

# Where a reduction over persons begins; sums and counts at nothing.
_STARTS = {"max": REAL(float("-inf")), "min": REAL(float("inf")), "any": BIT(0)}


def household_module(name: str, operation: str, stored: str, truth: bool) -> ir.Module:
    """Sum, count, max, min or any over the persons of each household, in their order.

    Operands: output, source, groups of members; rows are households.
    """
    types = [BYTE if truth else REAL, stored_type(stored), INDEX]
    module, builder, (output, source, groups), rows, _ = new_kernel(name, types)

    def take(so_far: Any, household: Any, person: Any) -> None:
        found = widened(builder, builder.load(builder.gep(source, [person])), stored)
        _store(builder, _combined(builder, operation, so_far, found), output, household, truth)

    with loop(builder, INT(0), rows) as household:
        take(_STARTS.get(operation, REAL(0.0)), household, household)
    with each_person(builder, groups, first_member=1) as (_, household, person):
        so_far = builder.load(builder.gep(output, [household]))
        take(builder.icmp_unsigned("!=", so_far, BYTE(0)) if truth else so_far, household, person)
    builder.ret_void()
    return module


def leader_module(name: str, by: str) -> ir.Module:
    """Write the row in the block of the first person of each person's subgroup.

    The subgroup are the persons of the same household with the same value of ``by``.
    Operands: output (int32 per person), by, groups of members.
    """
    types = [INDEX, stored_type(by), INDEX]
    module, builder, (output, grouping, groups), _, _ = new_kernel(name, types)

    def value(row: Any) -> Any:
        return widened(builder, builder.load(builder.gep(grouping, [row])), by)

    with loop(builder, INT(0), group_count(builder, groups)) as member:
        begin, households = group_range(builder, groups, member)
        with loop(builder, INT(0), households) as household:
            person = builder.add(begin, household)
            builder.store(builder.trunc(person, INDEX), builder.gep(output, [person]))
        # From the last of the earlier members to the first, who stands in the end.
        with loop(builder, INT(0), member) as step:
            earlier = builder.sub(builder.sub(member, INT(1)), step)
            other_begin, _ = group_range(builder, groups, earlier)
            with loop(builder, INT(0), households) as household:
                person, other = builder.add(begin, household), builder.add(other_begin, household)
                own, theirs = value(person), value(other)
                compare = builder.icmp_unsigned if own.type == BIT else builder.fcmp_ordered
                place = builder.gep(output, [person])
                led = builder.select(
                    compare("==", own, theirs), builder.trunc(other, INDEX), builder.load(place)
                )
                builder.store(led, place)
    builder.ret_void()
    return module


def subgroup_module(name: str, operation: str, stored: str, truth: bool) -> ir.Module:
    """Reduce over the persons of each subgroup, and give the result to all of them.

    Operands: output, source, leader (row of the subgroup's first person). The running value of a
    subgroup stands in the output row of its leader, which comes before its other members.
    """
    types = [BYTE if truth else REAL, stored_type(stored), INDEX]
    module, builder, (output, source, leaders), rows, _ = new_kernel(name, types)
    start = _STARTS.get(operation, REAL(0.0))
    with loop(builder, INT(0), rows) as person:
        leader = builder.sext(builder.load(builder.gep(leaders, [person])), INT)
        begins = builder.icmp_signed("==", leader, person)
        running = builder.load(builder.gep(output, [leader]))
        if truth:
            running = builder.icmp_unsigned("!=", running, BYTE(0))
        so_far = builder.select(begins, start, running)
        found = widened(builder, builder.load(builder.gep(source, [person])), stored)
        _store(builder, _combined(builder, operation, so_far, found), output, leader, truth)
    with loop(builder, INT(0), rows) as person:
        leader = builder.sext(builder.load(builder.gep(leaders, [person])), INT)
        result = builder.load(builder.gep(output, [leader]))
        builder.store(result, builder.gep(output, [person]))
    builder.ret_void()
    return module


def rank_module(name: str, stored: str) -> ir.Module:
    """Rank within the household, largest first; ties by order of persons.

    Operands: output, key, groups of members.
    """
    types = [REAL, stored_type(stored), INDEX]
    module, builder, (output, source, groups), rows, _ = new_kernel(name, types)
    count = group_count(builder, groups)

    def key(row: Any) -> Any:
        return number(builder, builder.load(builder.gep(source, [row])), stored)

    with loop(builder, INT(0), rows) as person:
        builder.store(REAL(0.0), builder.gep(output, [person]))
    with loop(builder, INT(0), count) as member, loop(builder, INT(0), count) as other:
        begin, households = group_range(builder, groups, member)
        other_begin, other_households = group_range(builder, groups, other)
        fewer = builder.icmp_signed("<", other_households, households)
        both = builder.select(fewer, other_households, households)
        earlier = builder.icmp_signed("<", other, member)
        with loop(builder, INT(0), both) as household:
            person = builder.add(begin, household)
            own, theirs = key(person), key(builder.add(other_begin, household))
            tied = builder.and_(builder.fcmp_ordered("==", theirs, own), earlier)
            ahead = builder.or_(builder.fcmp_ordered(">", theirs, own), tied)
            place = builder.gep(output, [person])
            builder.store(builder.fadd(builder.load(place), builder.uitofp(ahead, REAL)), place)
    builder.ret_void()
    return module


def pointed_module(name: str, pointer: str) -> ir.Module:
    """Write the row in the block of the person whom each pointer names, -1 when it names nobody.

    Operands: output (int32 per person), pointer, groups of members.
    """
    types = [INDEX, stored_type(pointer), INDEX]
    module, builder, (output, pointers, groups), _, _ = new_kernel(name, types)
    members = builder.sitofp(builder.load(groups), REAL)
    with each_person(builder, groups) as (_, household, person):
        told = number(builder, builder.load(builder.gep(pointers, [person])), pointer)
        known = builder.and_(
            builder.fcmp_ordered(">", told, REAL(-1.0)), builder.fcmp_ordered("<", told, members)
        )
        # 32 bits suffice, and that conversion vectorises.
        to = builder.fptosi(builder.select(known, told, REAL(0.0)), INDEX)
        begin, households = group_range(builder, groups, builder.sext(to, INT))
        valid = builder.and_(known, builder.icmp_signed("<", household, households))
        place = builder.trunc(builder.add(begin, household), INDEX)
        found = builder.select(valid, place, INDEX(-1))
        builder.store(found, builder.gep(output, [person]))
    builder.ret_void()
    return module


def pointer_module(name: str, stored: str, truth: bool) -> ir.Module:
    """Value of the person that a pointer names, 0 when it names nobody.

    Operands: output, source, row of the person whom each pointer names.
    """
    types = [BYTE if truth else REAL, stored_type(stored), INDEX]
    module, builder, (output, source, pointed), rows, _ = new_kernel(name, types)
    with loop(builder, INT(0), rows) as person:
        told = builder.load(builder.gep(pointed, [person]))
        valid = builder.icmp_signed(">=", told, INDEX(0))
        place = builder.sext(builder.select(valid, told, INDEX(0)), INT)
        found = widened(builder, builder.load(builder.gep(source, [place])), stored)
        nothing = BIT(0) if found.type == BIT else REAL(0.0)
        _store(builder, builder.select(valid, found, nothing), output, person, truth)
    builder.ret_void()
    return module


def person_word_module(name: str, stored: str) -> ir.Module:
    """Write the word by which draws of a person differ from those of others of the household.

    Operands: output (int64 per person), number of the person, groups of members.
    """
    types = [INT, stored_type(stored), INDEX]
    module, builder, (output, numbers, _), rows, _ = new_kernel(name, types)
    with loop(builder, INT(0), rows) as person:
        number = _whole(builder, builder.load(builder.gep(numbers, [person])), stored)
        word = builder.mul(builder.add(number, INT(1)), INT(GOLDEN))
        builder.store(word, builder.gep(output, [person]))
    builder.ret_void()
    return module


def draw_module(name: str, key: str, of_persons: bool) -> ir.Module:
    """Keyed uniform numbers; the stream is the 64 bits of parameter 0.

    Operands: output, key, and for persons by key of the household: word of the person, groups of
    members.
    """
    types = [REAL, stored_type(key), *([INT, INDEX] if of_persons else [])]
    module, builder, (output, keys, *others), rows, parameters = new_kernel(name, types)
    stream = builder.load(builder.bitcast(parameters, INT.as_pointer()))

    def first_round(place: Any) -> Any:
        word = _whole(builder, builder.load(builder.gep(keys, [place])), key)
        return _mix(builder, builder.xor(word, stream))

    def draw(row: Any, mixed: Any) -> None:
        leading = _real(builder, builder.lshr(_mix(builder, mixed), INT(11)))
        result = builder.fmul(leading, REAL(TO_UNIT_INTERVAL))
        builder.store(result, builder.gep(output, [row]))

    if not of_persons:
        with loop(builder, INT(0), rows) as row:
            draw(row, first_round(row))
        builder.ret_void()
        return module
    own, groups = others
    words = builder.bitcast(output, INT.as_pointer())

    def draw_for(household: Any, person: Any) -> None:
        mixed = builder.load(builder.gep(words, [household]))
        draw(person, builder.add(mixed, builder.load(builder.gep(own, [person]))))

    # What persons of a household share stands with its first member, who comes last.
    _, households = group_range(builder, groups, INT(0))
    with loop(builder, INT(0), households) as household:
        builder.store(first_round(household), builder.gep(words, [household]))
    with each_person(builder, groups, first_member=1) as (_, household, person):
        draw_for(household, person)
    with loop(builder, INT(0), households) as household:
        draw_for(household, household)
    builder.ret_void()
    return module


def _combined(builder: ir.IRBuilder, operation: str, old: Any, found: Any) -> Any:
    """Return a sum, count, max, min or any with one more value."""
    if operation == "any":
        holds = found if found.type == BIT else builder.fcmp_unordered("!=", found, REAL(0.0))
        return builder.or_(old, holds)
    number = builder.uitofp(found, REAL) if found.type == BIT else found
    match operation:
        case "sum":
            return builder.fadd(old, number)
        case "count":
            present = builder.fcmp_unordered("!=", number, REAL(0.0))
            return builder.fadd(old, builder.uitofp(present, REAL))
        case "max":
            return extreme(builder, ">", old, number)
        case _:
            return extreme(builder, "<", old, number)


def _store(builder: ir.IRBuilder, value: Any, output: Any, row: Any, truth: bool) -> None:
    if truth and value.type != BIT:
        value = builder.fcmp_unordered("!=", value, REAL(0.0))
    if not truth and value.type == BIT:
        value = builder.uitofp(value, REAL)
    stored = builder.zext(value, BYTE) if truth else value
    builder.store(stored, builder.gep(output, [row]))


def _whole(builder: ir.IRBuilder, stored: Any, name: str) -> Any:
    """Return a stored value as a whole number of 64 bits."""
    if not isinstance(stored.type, ir.IntType):
        return builder.fptosi(widened(builder, stored, name), INT)
    if stored.type == INT:
        return stored
    return (builder.zext if name.startswith("u") else builder.sext)(stored, INT)


def _real(builder: ir.IRBuilder, word: Any) -> Any:
    """Return a whole number of 53 bits as a float64, which is exact.

    Few processors convert several words of 64 bits at a time. Both halves are laid into the digits
    of a power of two instead, and the powers are taken off again.
    """
    high_power, low_power = 2.0**84, 2.0**52
    high, low = builder.lshr(word, INT(32)), builder.and_(word, INT(2**32 - 1))
    laid = [
        builder.bitcast(builder.or_(half, INT(int(np.float64(power).view(np.int64)))), REAL)
        for half, power in ((high, high_power), (low, low_power))
    ]
    return builder.fadd(builder.fsub(laid[0], REAL(high_power + low_power)), laid[1])


def _mix(builder: ir.IRBuilder, value: Any) -> Any:
    for shift, multiplier in zip(SHIFTS, (FIRST_MULTIPLIER, SECOND_MULTIPLIER, None), strict=True):
        value = builder.xor(value, builder.lshr(value, INT(shift)))
        if multiplier is not None:
            value = builder.mul(value, INT(multiplier))
    return value
