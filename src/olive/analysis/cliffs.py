"""How many households stand before a cliff: they earn a little more and have less than before.

The main earner of every household earns more step by step, draws held fixed. Where resources fall
from one step to the next, finer steps find the place, and what falls there is the cliff: dibao and
the help and subsidies that depend on the same threshold go together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive import statistics
from olive.analysis.disclosure import smallest_cell_for, suppress
from olive.analysis.earners import Earners
from olive.analysis.held_draws import FloatArray, HeldDraws, Rows, in_blocks
from olive.analysis.table import Table, placed_table
from olive.analysis.words import ALL, COLUMNS, MONEY, ColumnWords, of_year
from olive.errors import DataError
from olive.messages import Message
from olive.native.given_numbers import is_finite
from olive.native.given_objects import checked_objects
from olive.places.labels import Label, policy_label
from olive.progress import Progress, watched
from olive.simulation.result import is_family

if TYPE_CHECKING:
    from olive.simulation.result import Result

_STEPS, _LONGEST = 12, 500.0  # at least; yuan
_FARTHEST = 120_000.0  # yuan: 240 steps
_PARTS, _ROUNDS = 32, 5  # a step of 500 yuan ends at a thousandth of a fen
_LEAST = 1.0  # yuan: less is rounding by the rules
_WORDS = {
    **COLUMNS,
    "falls": ColumnWords(Label("失去的待遇", "what falls away"), ""),
    "share": ColumnWords(Label("占有劳动收入住户的比例", "share of households that earn"), "1"),
    "distance": ColumnWords(Label("平均还差多少收入", "mean extra earnings up to it"), MONEY),
    "mean_loss": ColumnWords(Label("平均损失", "mean loss"), MONEY),
    "loss_p90": ColumnWords(Label("损失的90%分位", "loss, 90 % lose less"), MONEY),
}


@dataclass(frozen=True, slots=True, eq=False)
class Drops:
    """Cliffs ahead of some earners, the nearest of each.

    Attributes
    ----------
    earner : int array, shape (cliffs,)
        Position among the earners.
    distance : array, shape (cliffs,)
        Extra earnings up to the cliff, yuan a year.
    jumps : array, shape (outputs, cliffs)
        What changes at it.
    """

    earner: Rows
    distance: FloatArray
    jumps: FloatArray


@checked_objects
def cliffs(
    result: Result,
    *,
    within: float = 6_000.0,
    policy: int | str = 0,
    smallest_cell: int | None = None,
    progress: Progress = None,
) -> Table:
    """Return how many households stand before a cliff, by what they lose at it.

    A household stands before a cliff where its main earner, by earning up to ``within`` more a
    year, takes it over a point at which its resources fall: disposable income and in-kind benefits.
    The nearest point of each household counts. Looked at are steps of at most 500 yuan up to
    ``within``; a cliff that is less deep than what is kept of the earnings of one step is not seen.

    Parameters
    ----------
    result : Result
        Its seed, draws and population totals hold.
    within : float
        Yuan a year, up to 120,000.
    policy : int or str
    smallest_cell : int, optional
        As in `olive.compare`.
    progress : callable or bool, optional
        Called with (blocks of households done, blocks in all), first for the steps, then for the
        finer ones; True shows a bar.

    Returns
    -------
    Table
        One row a combination of taxes, contributions and benefits that jump at the same point
        (``falls``), most households first, and ``all``: ``sample``, ``households`` (weighted),
        ``share`` (of family households that earn), ``distance``, ``mean_loss`` and
        ``loss_p90`` (one in ten loses more), yuan a year.

    Raises
    ------
    DataError
        When nobody earns, or ``within`` is not above 0 or more than 120,000.

    Examples
    --------
    A parent in Sanmen, whose child's disability subsidy (30 % of dibao of 12,492) ends at 1.5
    times dibao:

    >>> import olive
    >>> family = olive.household(
    ...     [
    ...         olive.member(38, contractual_wage=40_000),
    ...         olive.member(9, mother=0, disability_grade="grade_1", in_education=True),
    ...     ],
    ...     county="sanmen",
    ...     urban=False,
    ... )
    >>> table = cliffs(olive.simulate(family, olive.law("2023-07-01")), smallest_cell=0)
    >>> table["falls"].tolist(), table["mean_loss"].round(1).tolist()
    (['disability_living_subsidy', 'all'], [3747.6, 3747.6])
    """
    if not (is_finite(within) and 0.0 < within <= _FARTHEST):
        raise DataError(
            "within must be above 0 and at most {most:,.0f}, found {within!r}", _FARTHEST, within
        )
    within = float(within)
    position, population = result.position(policy), result.population
    everybody = Earners.of(population).main()
    earners = everybody.chosen(np.flatnonzero(is_family(population)[everybody.household]))
    held = HeldDraws.of(result, position, population)
    drops = _drops(held, earners, within, progress)
    least = smallest_cell_for(smallest_cell, synthetic=population.is_synthetic)
    weight = population.weight[earners.household]
    names, labels = _named(held, drops)
    frame, hidden = suppress(
        _frame(names, drops, held, weight),
        smallest_cell=least,
        samples=["sample"],
        keys=["falls"],
        sums=[list(range(len(set(names))))] if names else [],
    )
    label, money = policy_label(result.policies[position]), result.place.currency
    return placed_table(
        result.place,
        frame,
        Label(
            f"“悬崖”前的住户：一年再多挣{within:,.0f}{money.zh}以内收入反降",
            f"Households before a cliff within {within:,.0f} {money.en} more a year",
        ),
        _WORDS,
        words={"falls": {**labels, "all": ALL}},
        notes=(
            of_year(result.population.year),
            Label(
                f"主要劳动者收入逐步增加，随机数固定；政策：{label.zh}。损失指可支配收入与费用减免"
                "在该点的下降，每户只计最近的一处；损失小于一步（至多500"
                f"{money.zh}）增收所留部分的看不出。只计有劳动收入的家庭户。",
                f"The main earner earns more, step by step, draws held fixed; policy: {label.en}. "
                "A loss is the fall of disposable income and in-kind benefits at the point; the "
                "nearest point of each household counts; a loss smaller than what is kept of one "
                f"step, at most 500 {money.en}, is not seen. Family households with earnings only.",
            ),
            *hidden,
        ),
        synthetic=population.is_synthetic,
    )


def _drops(held: HeldDraws, earners: Earners, within: float, progress: Progress) -> Drops:
    """Return the nearest cliffs, by a grid and finer ones within the steps that fall."""
    grid = np.linspace(0.0, within, max(_STEPS, math.ceil(within / _LONGEST)) + 1)
    first = np.full(len(earners), -1)
    for block in watched(in_blocks(len(earners), grid.size), progress, Message("simulate")):
        some = earners.chosen(block)
        _, steps = _stepping(held, some, np.tile(grid, (len(some), 1)))
        falls = steps < -_LEAST
        first[block] = np.where(falls.any(axis=1), falls.argmax(axis=1), -1)
    which = np.flatnonzero(first >= 0)
    distance, jumps = np.empty(which.size), np.empty((len(held.outputs), which.size))
    for block in watched(in_blocks(which.size, _PARTS + 1), progress, Message("simulate")):
        start = grid[first[which[block]]]
        distance[block], jumps[:, block] = _within_a_step(
            held, earners.chosen(which[block]), start, start + grid[1]
        )
    deep = resources(held, jumps) < -_LEAST  # no slope that takes more than the whole
    return Drops(which[deep], distance[deep], jumps[:, deep])


def _within_a_step(
    held: HeldDraws, earners: Earners, low: FloatArray, high: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return where resources fall most between two amounts of each, and what jumps there."""
    rows = np.arange(len(earners))
    for _ in range(_ROUNDS):
        grids = np.linspace(low, high, _PARTS + 1, axis=1)
        outputs, steps = _stepping(held, earners, grids)
        at = steps.argmin(axis=1)
        low, high = grids[rows, at], grids[rows, at + 1]
    return high, outputs[:, rows, at + 1] - outputs[:, rows, at]


def _stepping(
    held: HeldDraws, earners: Earners, grids: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return outputs along a grid of each earner, and how resources change from step to step."""
    count, points = grids.shape
    copies = earners.chosen(np.repeat(np.arange(count), points))
    outputs = copies.earning_more(held, grids.ravel()).reshape(-1, count, points)
    values = resources(held, outputs.reshape(-1, count * points)).reshape(count, points)
    return outputs, np.diff(values)


def resources(held: HeldDraws, outputs: FloatArray) -> FloatArray:
    """Return disposable income and in-kind benefits."""
    income, *_, relief = held.by_kind(outputs)
    return np.asarray(income + relief)


def _named(held: HeldDraws, drops: Drops) -> tuple[list[str], dict[str, Label]]:
    """Return what gets worse at each cliff, as one name, and the labels of the names.

    Taxes, contributions and benefits; where none does, the kinds of income that fall.
    """
    rules, kinds = held.policy.rules.rules, np.array(held.kinds)
    worse = drops.jumps * held.signs[:, None] > _LEAST
    instruments = worse & ~np.isin(kinds, ("income", "component"))[:, None]
    components = worse & (kinds == "component")[:, None]
    told = np.where(instruments.any(axis=0), instruments, components)
    names, labels = [], {"": Label("", "")}
    for each in told.T:
        own = [name for name, falls in zip(held.outputs, each, strict=True) if falls]
        names.append("+".join(own))
        labels[names[-1]] = Label(
            "＋".join(rules[name].zh for name in own),
            " + ".join(rules[name].en.split(". ")[0] for name in own),
        )
    return names, labels


def _frame(names: list[str], drops: Drops, held: HeldDraws, weight: FloatArray) -> pd.DataFrame:
    loss, whole = -resources(held, drops.jumps), float(weight.sum())
    chosen = np.array(names, dtype=object)

    def row(name: str, own: NDArray[np.bool_]) -> dict[str, object]:
        weights = weight[drops.earner[own]]
        total = float(weights.sum())

        def mean(values: FloatArray) -> float:
            return float((weights * values[own]).sum()) / total if total else np.nan

        return {
            "falls": name,
            "sample": int(np.count_nonzero(weights > 0.0)),
            "households": total,
            "share": total / whole if whole else np.nan,
            "distance": mean(drops.distance),
            "mean_loss": mean(loss),
            "loss_p90": statistics.quantile(loss[own], weights, p=0.9) if total else np.nan,
        }

    rows = [row(name, chosen == name) for name in sorted(set(names))]
    rows.sort(key=lambda each: -float(str(each["households"])))
    return pd.DataFrame([*rows, row("all", np.ones(chosen.size, dtype=np.bool_))])
