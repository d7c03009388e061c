"""Machine code: one LLVM loop per rule, written from its expression with llvmlite's builder.

Every kernel has the same signature::

    kernel(rows, pointers, slots, parameters)

``pointers[slots[k]]`` is where operand ``k`` of the step starts in the current block; operand 0
is the output. Parameters are flat float64 figures, so changing them never compiles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from llvmlite import ir

from olive.engine.expression import (
    COMPARISONS,
    WAY,
    Applied,
    Constant,
    LeastOf,
    LookupOf,
    Name,
    Node,
    ScheduleOf,
    parts_of,
)
from olive.engine.layout import each_person
from olive.engine.program import Figure
from olive.native.building_blocks import (
    BIT,
    BYTE,
    INDEX,
    INT,
    REAL,
    constant,
    extreme,
    is_truth,
    loop,
    new_kernel,
    place_of,
    side_by_side,
    stored_type,
    variable,
    widened,
)

_ARITHMETIC = {
    "add": ir.IRBuilder.fadd,
    "subtract": ir.IRBuilder.fsub,
    "multiply": ir.IRBuilder.fmul,
    "divide": ir.IRBuilder.fdiv,
    "negate": ir.IRBuilder.fneg,
}
EXTREMES = {"minimum": "<", "maximum": ">"}
# Rows that are worked out at once where a formula charges by a schedule or chooses long branches:
# then brackets that none of them reaches, and branches that none takes, are left out. With fewer
# rows, what a processor guesses wrong costs most of what is saved. Buffers have room for as many
# rows behind their last (`machine_slots`).
SIDE_BY_SIDE = 16
# Parts from which on a branch is long: leaving it out saves more than it costs to ask.
_LONG = 16
_MOST_WAYS = REAL(2.0**31)


@dataclass(frozen=True, slots=True)
class Operand:
    """How a kernel finds an operand: its stored type, and whether it is spread from households."""

    name: str
    stored: str
    spread: bool = False


def formula_module(
    name: str, node: Node, operands: tuple[Operand, ...], figures: Mapping[str, Figure], truth: bool
) -> ir.Module:
    """Return the module of a formula rule: one loop over the rows of a block.

    Operand 0 of the kernel is the output, then ``operands``, then (when any is spread from
    households) the groups of members of the block's inner order.
    """
    types = [BYTE if truth else REAL, *(stored_type(each.stored) for each in operands)]
    spread = any(each.spread for each in operands)
    if spread:
        types.append(INDEX)
    module, builder, pointers, rows, parameters = new_kernel(name, types)
    step = SIDE_BY_SIDE if _leaves_out(node) else 1
    writer = _FormulaWriter(module, builder, parameters, figures, step)

    def write(household: Any, row: Any) -> None:
        for operand, pointer in zip(operands, pointers[1:], strict=False):
            start = household if operand.spread else row
            place, align = place_of(builder, pointer, start, step)
            stored = builder.load(place, align=align)
            writer.bind(operand.name, widened(builder, stored, operand.stored))
        result = writer.value(node)
        of_bytes = side_by_side(BYTE, step)
        stored = builder.zext(writer.truth(result), of_bytes) if truth else writer.number(result)
        place, align = place_of(builder, pointers[0], row, step)
        builder.store(stored, place, align=align)

    if spread:
        with each_person(builder, pointers[-1], step=step) as (_, household, person):
            write(household, person)
    else:
        with loop(builder, INT(0), rows, step) as row:
            write(row, row)
    builder.ret_void()
    return module


def _leaves_out(node: Node) -> bool:
    """Whether several rows at once may leave out parts of a formula."""
    parts = parts_of(node)
    if any(isinstance(part, LeastOf) for part in parts):
        return False
    return any(isinstance(part, ScheduleOf) or _long_branches(part) for part in parts)


def _long_branches(node: Node) -> bool:
    match node:
        case Applied("where", (_, *branches)):
            return any(map(_is_long, branches))
    return False


def _is_long(node: Node) -> bool:
    return len(parts_of(node)) >= _LONG


@dataclass
class _FormulaWriter:
    """Writes the instructions of an expression; equal sub-expressions are merged by LLVM.

    ``rows`` says of how many rows at once.
    """

    _module: ir.Module
    _builder: ir.IRBuilder
    _parameters: Any
    _figures: Mapping[str, Figure]
    _rows: int
    _values: dict[str, Any] = field(default_factory=dict)
    _known: dict[int, Any] = field(default_factory=dict)
    _charged: dict[tuple[int, str], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._real = side_by_side(REAL, self._rows)
        self._bit = side_by_side(BIT, self._rows)

    def bind(self, name: str, value: Any) -> None:
        """Say what a name stands for in this row."""
        self._values[name] = value

    def number(self, value: Any) -> Any:
        """Return a value as float64."""
        return self._builder.uitofp(value, self._real) if is_truth(value) else value

    def truth(self, value: Any) -> Any:
        """Return a value as a bit."""
        if is_truth(value):
            return value
        return self._builder.fcmp_unordered("!=", value, constant(self._real, 0.0))

    def value(self, node: Node) -> Any:
        """Write the instructions of a node and return its value; of the same node once."""
        if id(node) not in self._known:
            self._known[id(node)] = self._written(node)
        return self._known[id(node)]

    def _written(self, node: Node) -> Any:
        match node:
            case Constant(value):
                kind = self._bit if isinstance(value, bool) else self._real
                return constant(kind, value)
            case Name(name):
                if name in self._values:
                    return self._values[name]
                return self._figure(self._figures[name].first)
            case ScheduleOf(amount, parameter):
                on = self.number(self.value(amount))
                key = (id(on), parameter)  # branches are not merged by LLVM
                if key not in self._charged:
                    self._charged[key] = self._schedule(on, self._figures[parameter])
                return self._charged[key]
            case LookupOf(parameter, codes):
                return self._lookup(
                    [self.number(self.value(code)) for code in codes], self._figures[parameter]
                )
            case LeastOf(ways, cost):
                return self._least(self.number(self.value(ways)), cost)
            case Applied("where", operands) if self._rows > 1 and _long_branches(node):
                return self._chosen(*operands)
            case Applied(word, operands):
                values = [self.value(operand) for operand in operands]
                if word in EXTREMES:
                    first, second = (self.number(each) for each in values)
                    known = [self._is_defined(operand) for operand in operands]
                    defined = "second" if known[1] else "first" if known[0] else None
                    return extreme(self._builder, EXTREMES[word], first, second, defined=defined)
                return self._operation(word, values)

    def _chosen(self, condition: Node, *branches: Node) -> Any:
        """Choose between branches; a long one is left out where none of the rows takes it."""
        builder, chosen = self._builder, self.truth(self.value(condition))
        takes = chosen, builder.xor(chosen, constant(self._bit, 1))
        values = [
            self._where_some(some, branch) if _is_long(branch) else self.value(branch)
            for some, branch in zip(takes, branches, strict=True)
        ]
        return self._operation("where", [chosen, *values])

    def _where_some(self, takes: Any, branch: Node) -> Any:
        """Return a branch where one of the rows takes it, else nothing that anybody reads."""
        builder = self._builder
        inside, after = (builder.append_basic_block(name) for name in ("branch", "after_branch"))
        before, known = builder.block, (dict(self._known), dict(self._charged))
        builder.cbranch(self._some(takes), inside, after)
        builder.position_at_end(inside)
        value, end = self.value(branch), builder.block
        builder.branch(after)
        builder.position_at_end(after)
        self._known, self._charged = known  # what is written in a branch ends with it
        return self._as_left([(value, end), (constant(value.type, 0), before)])

    def _as_left(self, left: list[tuple[Any, ir.Block]]) -> Any:
        """Return the value that belongs to the block from which this one was reached."""
        found = self._builder.phi(left[0][0].type)  # that of all of them
        for value, block in left:
            found.add_incoming(value, block)
        return found

    def _some(self, takes: Any) -> Any:
        """Return whether one of the rows does."""
        together = ir.IntType(self._rows)
        return self._builder.icmp_unsigned(
            "!=", self._builder.bitcast(takes, together), together(0)
        )

    def _figure(self, position: int) -> Any:
        builder = self._builder
        found = builder.load(builder.gep(self._parameters, [INT(position)]))
        if self._rows == 1:
            return found
        nothing = ir.Constant(self._real, ir.Undefined)
        first = builder.insert_element(nothing, found, INDEX(0))
        return builder.shuffle_vector(first, nothing, constant(side_by_side(INDEX, self._rows), 0))

    def _operation(self, word: str, values: list[Any]) -> Any:
        builder = self._builder
        if word in {"and", "or"}:
            first, second = (self.truth(each) for each in values)
            return builder.and_(first, second) if word == "and" else builder.or_(first, second)
        if word == "not":
            return builder.xor(self.truth(values[0]), constant(self._bit, 1))
        if word == "where":
            condition = self.truth(values[0])
            if values[1].type != values[2].type:
                values[1:] = [self.number(each) for each in values[1:]]
            return builder.select(condition, values[1], values[2])
        numbers = [self.number(each) for each in values]
        if word == "floor":
            return builder.call(self._floor(), numbers)
        if word in COMPARISONS:
            return builder.fcmp_ordered(COMPARISONS[word], *numbers)
        return _ARITHMETIC[word](builder, *numbers)

    def _floor(self) -> Any:
        # llvmlite knows the names of intrinsics of single values only.
        name = "llvm.floor.f64" if self._rows == 1 else f"llvm.floor.v{self._rows}f64"
        signature = ir.FunctionType(self._real, [self._real])
        return self._module.globals.get(name) or ir.Function(self._module, signature, name)

    def _is_defined(self, node: Node) -> bool:
        """Whether a node cannot be NaN: constants and parameters, which are finite."""
        return isinstance(node, Constant) or (
            isinstance(node, Name) and node.name not in self._values
        )

    def _schedule(self, amount: Any, figure: Figure) -> Any:
        """Add up brackets, as long as one of the rows reaches into them; thresholds ascend."""
        builder, brackets = self._builder, figure.shape[1]
        charge = constant(self._real, 0.0)
        after = builder.append_basic_block("after_brackets")
        left: list[tuple[Any, ir.Block]] = []
        for position in range(brackets):
            low = self._figure(figure.first + position)
            high = self._figure(figure.first + brackets + position)
            rate = self._figure(figure.first + 2 * brackets + position)
            if self._rows > 1:  # also what is not a number is charged
                reaches = builder.fcmp_unordered(">", amount, low)
                inside = builder.append_basic_block("bracket")
                left.append((charge, builder.block))
                builder.cbranch(self._some(reaches), inside, after)
                builder.position_at_end(inside)
            below = extreme(builder, "<", amount, high, defined="second")
            above = builder.fsub(below, low)
            within = extreme(builder, ">", above, constant(self._real, 0.0), defined="second")
            charge = builder.fadd(charge, builder.fmul(rate, within))
        left.append((charge, builder.block))
        builder.branch(after)
        builder.position_at_end(after)
        return self._as_left(left)

    def _least(self, ways: Any, cost: Node) -> Any:
        """Write a loop over the ways; rows that have none cost nothing."""
        builder = self._builder
        number, least = variable(builder, REAL(0.0)), variable(builder, REAL(float("inf")))
        countable = builder.and_(
            builder.fcmp_ordered(">", ways, REAL(0.0)), builder.fcmp_ordered("<", ways, _MOST_WAYS)
        )
        whole = builder.call(self._module.declare_intrinsic("llvm.ceil", [REAL]), [ways])
        last = builder.fptosi(builder.select(countable, whole, REAL(0.0)), INT)
        before_ways = dict(self._known), dict(self._charged)
        with loop(builder, INT(0), last) as way:
            told = builder.sitofp(way, REAL)
            self.bind(WAY, told)
            found = self.number(self.value(cost))
            before = builder.load(least)
            better = builder.fcmp_ordered("<", found, before)
            builder.store(builder.select(better, told, builder.load(number)), number)
            builder.store(builder.select(better, found, before), least)
        self._known, self._charged = before_ways  # what is written in the loop ends with it
        return builder.load(number)

    def _lookup(self, codes: list[Any], figure: Figure) -> Any:
        builder, index = self._builder, side_by_side(INDEX, self._rows)
        place, inside = constant(index, 0), constant(self._bit, 1)
        for code, length in zip(codes, figure.shape, strict=True):
            # Columns are checked when data enter, computed codes are not: memory must stay safe,
            # and what no entry stands for must come out as NaN, which a run reports.
            valid = builder.and_(
                builder.fcmp_ordered(">", code, constant(self._real, -1.0)),
                builder.fcmp_ordered("<", code, constant(self._real, float(length))),
            )
            # 32 bits suffice, and that conversion vectorises.
            safe = builder.select(valid, code, constant(self._real, 0.0))
            whole = builder.fptosi(safe, index)
            place = builder.add(builder.mul(place, constant(index, length)), whole)
            inside = builder.and_(inside, valid)
        entry = self._entry(builder.add(place, constant(index, figure.first)))
        return builder.select(inside, entry, constant(self._real, float("nan")))

    def _entry(self, place: Any) -> Any:
        """Return the figure at a place; those of several rows are loaded one by one."""
        builder = self._builder
        if self._rows == 1:
            return builder.load(builder.gep(self._parameters, [builder.sext(place, INT)]))
        found = ir.Constant(self._real, ir.Undefined)
        for row in range(self._rows):
            at = builder.sext(builder.extract_element(place, INDEX(row)), INT)
            entry = builder.load(builder.gep(self._parameters, [at]))
            found = builder.insert_element(found, entry, INDEX(row))
        return found
