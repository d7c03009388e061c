"""Budget lines: disposable income of one household over the earnings of a member.

The copies of the household keep its key, so every random draw is the same along the line: what
moves is the law alone. The rules are piecewise linear in an amount, with notches; the pieces are
found by bisection, so slopes are exact and notches stand where they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive.analysis.explanation import checked_person
from olive.analysis.held_draws import INCOME, PARTS, HeldDraws
from olive.analysis.table import Table, placed_table
from olive.analysis.words import COLUMNS, MONEY, ColumnWords
from olive.errors import DataError, nearest
from olive.messages import joined
from olive.native.given_numbers import is_finite
from olive.native.given_objects import checked_objects
from olive.places.labels import Label

if TYPE_CHECKING:
    from olive.engine.columns import Entity
    from olive.simulation.result import Result

FloatArray = NDArray[np.float64]
Function = Callable[[FloatArray], FloatArray]

_STEPS = 256  # of the first grid
_WIDEST = 10_000_000.0  # yuan: on a wider line kinks stand too close together to be told apart
_ROUNDS = 8  # breaks looked for within one step of the grid
_SHORT = 0.01  # yuan: a piece of less than a fen says nothing
_PARTS, _NESTED = 32, 8  # a break is found to within 32^-8 of a step
_FINE = 1e-6  # yuan: breaks closer to each other than this are one
_SAME = 1e-7  # relative: slopes and values that differ by less are the same line
_ROUNDING = 1e-6  # of a rate
NOT_RECEIVED = "not_received"
_WORDS = {
    **COLUMNS,
    NOT_RECEIVED: ColumnWords(Label("未到手", "not received"), "1"),
    "piece": ColumnWords(Label("段", "piece"), ""),
    "from": ColumnWords(Label("自", "from"), MONEY),
    "to": ColumnWords(Label("至", "to"), MONEY),
    "income_from": ColumnWords(Label("起点可支配收入", "income at the start"), MONEY),
    "income_to": ColumnWords(Label("终点可支配收入", "income at the end"), MONEY),
    "marginal_rate": ColumnWords(Label("边际有效税率", "effective marginal rate"), "1"),
    "notch": ColumnWords(Label("终点处跳变", "jump at the end"), MONEY),
    "average_rate": ColumnWords(Label("平均有效税率（终点）", "average rate at the end"), "1"),
}


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """One household at many values of one column, with every draw held fixed."""

    held: HeldDraws
    column: str
    row: int

    @property
    def entity(self) -> Entity:
        """Whose the column is."""
        return "person" if self.column in self.held.tables.persons else "household"

    def at(self, amounts: FloatArray) -> FloatArray:
        """Return the outputs of the household at each amount, shape (outputs, amounts)."""
        tables = self.held.rows(np.zeros(amounts.size, dtype=np.int64))
        varied = tables.of_entity(self.entity)[self.column].astype(np.float64)
        varied[self.row :: tables.count(self.entity) // amounts.size] = amounts
        return self.held.run(tables, {self.column: varied})


@checked_objects
def budget_line(
    result: Result,
    household: Any,
    *,
    person: int = 0,
    over: str | None = None,
    low: float = 0.0,
    high: float = 300_000.0,
    policy: int | str = 0,
) -> Table:
    """Return disposable income of a household over one amount, in exact linear pieces.

    Parameters
    ----------
    result : Result
        Its seed and population totals hold along the line, and so does every draw.
    household : int or str
        Its ``household_id``.
    person : int
        Whose amount varies, where it is one of persons.
    over : str
        Column that varies: earnings, or any other amount a year; by default the first earnings
        of the place, such as ``"contractual_wage"``.
    low, high : float
        Ends of the line, yuan a year, at most ten million apart.
    policy : int or str

    Returns
    -------
    Table
        One row a linear piece: ``from`` and ``to`` (yuan a year of the amount),
        ``income_from`` and ``income_to`` (disposable income), ``marginal_rate`` (1 less the
        slope), ``notch`` (the jump of disposable income at the end of the piece; negative: a
        cliff), ``average_rate`` (1 less what is left of everything earned from ``low`` on), and a
        column for each tax, contribution and benefit that moves: its part of the marginal rate.
        Where some of the amount does not come at all, ``not_received`` is one of these columns.
        The parts add up to the rate.
        The notes say how far the next cliff is from where the household stands.

    Raises
    ------
    DataError
        For an unknown household, person or column, ends that are no interval or too far apart.

    Examples
    --------
    >>> import olive
    >>> worker = olive.household([olive.member(40, contractual_wage=60_000)], county="wenling")
    >>> result = olive.simulate(worker, olive.law("2023-07-01"))
    >>> table = budget_line(result, 0, low=110_000, high=120_000)
    >>> [round(rate, 4) for rate in table["marginal_rate"]]
    [0.1614]
    """
    earnings = result.place.earnings or ("",)
    line = _line(result, household, person, over or earnings[0], policy)
    if not (is_finite(low) and is_finite(high) and low < high):
        raise DataError("the line runs from low to high, found {low!r} to {high!r}", low, high)
    if high - low > _WIDEST:
        raise DataError(
            "the line from {low:,.0f} to {high:,.0f} is wider than {most:,.0f}; kinks would be "
            "passed over: ask for a part of it",
            float(low),
            float(high),
            _WIDEST,
        )
    low, high, column = float(low), float(high), result.place.columns[line.column]
    if column.minimum is not None and low < column.minimum:
        raise DataError(
            "{name} is at least {least:,.0f}; the line starts at {low:,.0f}",
            column.name,
            column.minimum,
            low,
        )
    pieces = pieces_of(line.at, low, high)
    return _table(line, pieces, low, result, household)


def _line(result: Result, household: Any, person: int, over: str, policy: int | str) -> _Line:
    known, is_money = result.place.columns, result.place.is_money
    amounts = [
        name for name, each in known.items() if is_money(each.unit) and each.unit.endswith("/year")
    ]
    if over not in amounts:
        raise DataError(
            "no amount {over!r}{hint}; amounts: {amounts}",
            over,
            nearest(over, amounts),
            joined(amounts),
        )
    one = result.population.household(household)
    person = checked_person(person, int(one.size[0]))
    held = HeldDraws.of(result, policy, one)
    if over not in held.tables.entities():
        raise DataError(
            "no rule of {policy!r} reads {over!r}, so income does not move with it",
            held.policy.label,
            over,
        )
    return _Line(held, over, person if known[over].entity == "person" else 0)


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A linear piece: it holds from ``start`` up to ``end``, where jumps may follow.

    Attributes
    ----------
    start, end : float
    value, slope : array, shape (outputs,)
        Of every output at the start, and over the piece.
    """

    start: float
    end: float
    value: FloatArray
    slope: FloatArray

    @property
    def last(self) -> FloatArray:
        """Return the values at the end, before the jump."""
        return np.asarray(self.value + self.slope * (self.end - self.start))


def pieces_of(function: Function, low: float, high: float) -> list[Piece]:
    """Return the linear pieces of piecewise linear functions with jumps.

    A grid gives the lines; between two of its points that are not on one line, nested grids find
    where the line on the left is left, again and again until the line on the right is met. A
    kink is put where its two lines meet.

    Parameters
    ----------
    function : function of an array of shape (n,)
        Returns an array of shape (outputs, n).
    low, high : float
        Ends.

    Examples
    --------
    >>> kink = pieces_of(lambda x: np.maximum(x - 30.0, 0.0)[None, :], 0.0, 100.0)
    >>> [(round(each.start, 6), round(float(each.slope[0]), 6)) for each in kink]
    [(0.0, 0.0), (30.0, 1.0)]
    """
    edges = np.unique(np.concatenate([[low], _breaks(function, low, high), [high]]))
    spans = np.diff(edges)
    inner = np.column_stack([edges[:-1] + spans * part for part in (0.25, 0.75)]).ravel()
    found = function(inner).reshape(-1, spans.size, 2)
    slopes = (found[:, :, 1] - found[:, :, 0]) / (spans / 2.0)
    begins = found[:, :, 0] - slopes * spans / 4.0
    pieces: list[Piece] = []
    for place, (start, end) in enumerate(pairwise(edges.tolist())):
        piece = Piece(start, end, begins[:, place], slopes[:, place])
        if pieces:
            before = pieces.pop()
            smooth = not _jumps(before, piece).any()
            if smooth and np.allclose(before.slope, piece.slope, rtol=0.0, atol=1e-6):
                piece = replace(before, end=end)
            elif smooth and before.end - before.start < _SHORT:
                piece = replace(piece, start=before.start, value=before.value)
            else:
                met = _meeting(before, piece)
                pieces.append(replace(before, end=met))
                moved = piece.value + piece.slope * (met - start)
                piece = replace(piece, start=met, value=np.asarray(moved))
        pieces.append(piece)
    return pieces


def _jumps(before: Piece, piece: Piece) -> FloatArray:
    """Return the jumps from the end of a piece to the start of the next, rounding left out."""
    jump = piece.value - before.last
    scale = max(float(np.abs(before.last).max()), abs(piece.start), 1.0)
    return np.asarray(np.where(np.abs(jump) <= scale * 1e-6, 0.0, jump))


def _meeting(before: Piece, piece: Piece) -> float:
    """Return where two pieces meet: a kink where the lines cross, a jump where it was found."""
    if _jumps(before, piece).any():
        return piece.start
    turns = piece.slope - before.slope
    most = int(np.argmax(np.abs(turns)))
    gap = before.last[most] - piece.value[most]
    met = piece.start + gap / turns[most]
    return float(met) if before.start < met < piece.end else piece.start


def _breaks(function: Function, low: float, high: float) -> FloatArray:
    """Return where the lines that start at the points of a grid are left."""
    grid = np.linspace(low, high, _STEPS + 1)
    quarter = (high - low) / _STEPS / 4.0
    values, starts = function(grid), function(grid[:-1] + quarter)
    ends, start, value = grid[1:], grid[:-1].copy(), values[:, :-1].copy()
    slope = (starts - value) / quarter
    found = []
    for _ in range(_ROUNDS):
        on = _on(value + slope * (ends - start), values[:, 1:], ends)
        off = np.flatnonzero(~on & (ends - start > _FINE))
        if not off.size:
            break
        left = _first_off(function, start[off], ends[off], value[:, off], slope[:, off])
        found.append(left)
        # The next line starts just past the break.
        step = np.maximum(np.minimum(quarter / 64.0, (ends[off] - left) / 4.0), _FINE)
        both = function(np.concatenate([left + step / 2.0, left + step]))
        first, second = both[:, : off.size], both[:, off.size :]
        start[off], value[:, off] = left + step / 2.0, first
        slope[:, off] = (second - first) / (step / 2.0)
    return np.concatenate(found) if found else np.empty(0)


def _first_off(
    function: Function, low: FloatArray, high: FloatArray, value: FloatArray, slope: FloatArray
) -> FloatArray:
    """Return the first point of each interval that is off its line, by nested grids."""
    start, parts = low.copy(), np.arange(1, _PARTS) / _PARTS
    for _ in range(_NESTED):
        points = low + parts[:, None] * (high - low)
        line = value[:, None, :] + slope[:, None, :] * (points - start)
        seen = function(points.ravel()).reshape(line.shape)
        on = _on(line, seen, points)
        count = np.where(on.all(axis=0), _PARTS - 1, np.argmin(on, axis=0))
        width = (high - low) / _PARTS
        low, high = low + count * width, low + (count + 1) * width
    return high


def _on(line: FloatArray, value: FloatArray, at: FloatArray) -> NDArray[np.bool_]:
    """Return where every output lies on its line."""
    scale = np.maximum(np.maximum(np.abs(value), np.abs(at)), 1.0)
    return np.asarray((np.abs(line - value) <= _SAME * scale).all(axis=0))


def _table(line: _Line, pieces: list[Piece], low: float, result: Result, household: Any) -> Table:
    held = line.held
    slopes = np.array([piece.slope for piece in pieces])
    moving = {
        name: sign * slope
        for name, kind, sign, slope in zip(
            held.outputs, held.kinds, held.signs, slopes.T, strict=True
        )
        if kind in PARTS and np.abs(slope).max() > 1e-9
    }
    income = held.outputs.index(INCOME)
    rest = 1.0 - slopes[:, income] - sum(moving.values(), np.zeros(len(pieces)))
    if np.abs(rest).max() > _ROUNDING:
        moving[NOT_RECEIVED] = np.where(np.abs(rest) > _ROUNDING, rest, 0.0)
    jumps = [float(_jumps(*both)[income]) for both in pairwise(pieces)] + [0.0]
    first = pieces[0].value[income]
    frame = pd.DataFrame(
        {
            "piece": list(map(str, range(1, len(pieces) + 1))),
            "from": [piece.start for piece in pieces],
            "to": [piece.end for piece in pieces],
            "income_from": [piece.value[income] for piece in pieces],
            "income_to": [piece.last[income] for piece in pieces],
            "marginal_rate": 1.0 - slopes[:, income],
            "notch": jumps,
            "average_rate": [
                1.0 - (piece.last[income] + jump - first) / (piece.end - low)
                for piece, jump in zip(pieces, jumps, strict=True)
            ],
            **moving,
        }
    )
    rules = held.policy.rules.rules
    instruments = {
        name: ColumnWords(Label(rules[name].zh, rules[name].en), "1")
        for name in moving
        if name != NOT_RECEIVED
    }
    column = result.place.columns[line.column]
    return placed_table(
        result.place,
        frame,
        Label(
            f"预算线：住户{household}，随{column.zh}变化",
            f"Budget line of household {household} over {column.en}",
        ),
        _WORDS | instruments,
        notes=(
            Label(
                "沿线所有随机数固定；边际有效税率为1减斜率，各税费和待遇一栏为其所占部分；"
                "未到手为没有到手的部分，如合同工资低于最低工资时；跳变为负即“悬崖”。",
                "Every draw is held fixed along the line. The effective marginal rate is 1 less "
                "the slope; the columns of taxes, contributions and benefits are its parts, with "
                "what is not received, as of a wage below the minimum; a negative jump is a cliff.",
            ),
            _next_cliff(line, frame),
        ),
        synthetic=result.population.is_synthetic,
    )


def _next_cliff(line: _Line, frame: pd.DataFrame) -> Label:
    """Return how far the household is from the next cliff of the line, and what it takes."""
    now = float(line.held.tables.of_entity(line.entity)[line.column][line.row])
    ahead = frame[(frame["notch"] < 0.0) & (frame["to"] >= now)]
    if ahead.empty:
        return Label(
            f"现为{now:,.0f}，线上其后没有“悬崖”。",
            f"It is {now:,.0f} now; no cliff lies ahead on the line.",
        )
    at, loss = float(ahead["to"].iloc[0]), -float(ahead["notch"].iloc[0])
    return Label(
        f"现为{now:,.0f}；下一处“悬崖”在{at:,.0f}，还差{at - now:,.0f}，损失{loss:,.0f}。",
        f"It is {now:,.0f} now; the next cliff is at {at:,.0f}, {at - now:,.0f} more, and takes "
        f"{loss:,.0f}.",
    )
