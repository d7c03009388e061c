"""Who crosses a bound: what households they are, what they live on, and what moved them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive.analysis.bracket_rule import BracketRule, checked_bound
from olive.analysis.breakdowns import breakdown
from olive.analysis.disclosure import smallest_cell_for, suppress
from olive.analysis.held_draws import INCOME
from olive.analysis.pairs import PolicyPair, policies_of, variables
from olive.analysis.public_purse import LEVIES, instruments_of
from olive.analysis.table import Table, placed_table
from olive.analysis.words import ALL, COLUMNS, DEFINITION_LABELS, ColumnWords, of_year
from olive.errors import one_of
from olive.messages import Message
from olive.native.given_objects import checked_objects
from olive.places.labels import Label, policy_label
from olive.simulation.groups import lacking_columns
from olive.statistics.money import is_below

if TYPE_CHECKING:
    from olive.places.place import Place
    from olive.simulation.result import Result
    from olive.statistics.brackets import Definition

FloatArray = NDArray[np.float64]
Truth = NDArray[np.bool_]
Direction = Literal["up", "down"]

_LEAST = 1.0  # yuan a year: less is rounding
_ASPECTS = {
    "source": Label("收入来源（政策前）", "sources of income, before"),
    "moved": Label("收入变化的来源", "what moved them"),
    "instrument": Label("其中：税费与待遇", "of it taxes, contributions, benefits"),
    "all": ALL,
}
_WORDS = {
    **COLUMNS,
    "aspect": ColumnWords(Label("方面", "aspect"), ""),
    "share": ColumnWords(Label("占越过界线者的比例", "share of those who cross"), "1"),
    "share_of_others": ColumnWords(
        Label("占未越过者的比例", "share of those who stay on that side"), "1"
    ),
}


@dataclass(frozen=True, slots=True, eq=False)
class _Sides:
    """Those who cross and those who stay on the side that they came from, by weight."""

    crossing: Truth
    staying: Truth
    weight: FloatArray

    def row(
        self,
        aspect: str,
        category: str,
        counted: Truth,
        part: FloatArray | Truth,
        whole: FloatArray,
    ) -> dict[str, object]:
        """Return the row of a part of a whole, with how many of those who cross count in it."""
        chosen = self.crossing & counted
        row: dict[str, object] = {
            "aspect": aspect,
            "category": category,
            "sample": int(np.count_nonzero(chosen)),
            "households": float(self.weight[chosen].sum()),
        }
        for name, own in (("share", self.crossing), ("share_of_others", self.staying)):
            weight = self.weight[own]
            total = float((weight * whole[own]).sum())
            row[name] = float((weight * part[own]).sum()) / total if total else np.nan
        return row

    def of_members(self, aspect: str, category: str, members: Truth) -> dict[str, object]:
        """Return the row of a category of households."""
        return self.row(aspect, category, members, members, np.ones(members.size))

    def of_amount(
        self, aspect: str, category: str, amount: FloatArray, whole: FloatArray
    ) -> dict[str, object]:
        """Return the row of an amount that is part of a whole."""
        return self.row(aspect, category, np.abs(amount) > _LEAST, amount, whole)


@checked_objects
def crossing_profile(
    result: Result,
    *,
    bound: float | None = None,
    by: Sequence[str] | None = None,
    direction: Direction = "up",
    before: int | str = 0,
    after: int | str = 1,
    definition: Definition = "household",
    smallest_cell: int | None = None,
) -> Table:
    """Return who crosses a bound between two policies, beside those who stay where they were.

    Parameters
    ----------
    result : Result
        With both policies.
    bound : float, optional
        Income a year, by the definition; by default the lowest bound of the place's brackets.
    by : sequence of str, optional
        Breakdowns of `olive.compare`; by default size and type of household, region, town or
        country, and group, as far as the data tell.
    direction : {"up", "down"}
    before, after : int or str
        Policies.
    definition : str
        One of the four definitions of a share.
    smallest_cell : int, optional
        As in `olive.compare`.

    Returns
    -------
    Table
        One row an ``aspect`` and ``category``: ``sample`` and ``households`` that cross (those
        that have such income, or whose amount changes, in the last three aspects), ``share`` among
        those who cross and ``share_of_others`` among those who stay on the side that they came
        from. Shares of ``source`` are of disposable income before, those of ``moved`` and
        ``instrument`` of its change; those of ``moved`` add up to 1.

    Raises
    ------
    DataError
        For an unknown breakdown, definition or direction, or a bound that is not above 0.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=400, seed=1)
    >>> law = olive.law(year=2023)
    >>> found = crossing_profile(olive.simulate(city, [law, law | olive.plan.scenario()]))
    >>> moved = found.frame[found.frame["aspect"] == "moved"]
    >>> float(moved["share"].sum().round(9))
    1.0
    """
    bound = checked_bound(result.place, bound, definition)
    one_of(Message("direction"), direction, ("up", "down"))
    positions = result.position(before), result.position(after)
    pair = PolicyPair.of(result, positions, BracketRule(place=result.place))
    sides = _sides(pair, definition, bound, direction)
    place, population = result.place, result.population
    lacking = lacking_columns(population) if by is None else []
    if by is None:
        usual = ("size", "household_type", place.region_column, "urban", "group")
        known = {*population.tables.households.column_names, "size", "household_type"}
        known |= {"group"} if place.groups.precedence and not lacking else set()
        by = [each for each in usual if each in known]
    parts = {each: breakdown(pair, each) for each in by}
    rows = [sides.of_members("all", "all", np.ones(pair.weight.size, dtype=np.bool_))]
    rows += [
        sides.of_members(aspect, name, own.codes == code)
        for aspect, own in parts.items()
        for code, name in enumerate(own.names)
        if (own.codes == code).any()
    ]
    rows += _of_incomes(pair, sides)
    frame = pd.DataFrame(rows)
    sums = [np.flatnonzero(frame["aspect"] == aspect).tolist() for aspect in parts]
    frame, hidden = suppress(
        frame,
        smallest_cell=smallest_cell_for(smallest_cell, synthetic=population.is_synthetic),
        samples=["sample"],
        keys=["aspect", "category"],
        sums=sums,
    )
    policies, money = policies_of(pair), place.currency
    was, now = map(policy_label, policies)
    rules = {name: rule for each in policies for name, rule in each.rules.rules.items()}
    labels = {name: label for own in parts.values() for name, label in own.words.items()}
    labels |= {
        name: Label(rules[name].zh, rules[name].en.split(". ")[0])
        for name in frame["category"]
        if name in rules
    }
    over = Label("越过", "rise above") if direction == "up" else Label("跌破", "fall below")
    return placed_table(
        place,
        frame,
        Label(
            f"哪些住户{over.zh}{bound:,.0f}{money.zh}",
            f"Households that {over.en} {bound:,.0f} {money.en}",
        ),
        _WORDS,
        words={
            "aspect": {**{name: own.label for name, own in parts.items()}, **_ASPECTS},
            "category": {**labels, "all": ALL},
        },
        notes=(
            of_year(result.population.year),
            Label(
                f"口径：{DEFINITION_LABELS[definition].zh}；由“{was.zh}”到"
                f"“{now.zh}”。对照为政策前在同一侧且未越过的住户。",
                f"Definition: {DEFINITION_LABELS[definition].en}; from {was.en} to "
                f"{now.en}. Beside them: households that were on the same side and "
                "stay there.",
            ),
            *(own.note for own in parts.values() if own.note),
            *_without_groups(lacking, place),
            *hidden,
        ),
        synthetic=population.is_synthetic,
    )


def _without_groups(lacking: Sequence[str], place: Place) -> Iterator[Label]:
    """Return the note that says why there are no key groups, where columns are lacking."""
    if lacking and place.groups.precedence:
        columns = [place.columns[name] for name in lacking]
        yield Label(
            f"未列重点群体：数据缺少{'、'.join(each.zh for each in columns)}"
            f"（{', '.join(lacking)}）。",
            f"Without key groups: the data lack {', '.join(lacking)}.",
        )


def _sides(pair: PolicyPair, definition: Definition, bound: float, direction: Direction) -> _Sides:
    was, now, _ = pair.measured(definition)
    below = [is_below(values, bound) for values in (was, now)]
    came_from = (below[0] if direction == "up" else ~below[0]) & pair.counted
    crosses = below[0] != below[1]
    return _Sides(came_from & crosses, came_from & ~crosses, pair.weight)


def _of_incomes(pair: PolicyPair, sides: _Sides) -> Iterator[dict[str, object]]:
    """Return the rows of sources of income, of what moved them, and of levies and benefits."""
    policies = policies_of(pair)
    rules = policies[1].rules
    sources = [name for name in rules.reads(INCOME) if name in rules.rules]
    kinds = instruments_of(policies)
    signs = {name: -1.0 for kind in LEVIES for name in kinds[kind]}
    signs |= dict.fromkeys(kinds["spending"], 1.0)
    found = variables(pair, list(dict.fromkeys([INCOME, *sources, *signs])))
    change = found[1, INCOME] - found[0, INCOME]
    for name in sources:
        yield sides.of_amount("source", name, found[0, name], found[0, INCOME])
    for name in sources:
        yield sides.of_amount("moved", name, found[1, name] - found[0, name], change)
    for name, sign in signs.items():
        own = sign * (found[1, name] - found[0, name])
        if (np.abs(own) > _LEAST)[sides.crossing].any():
            yield sides.of_amount("instrument", name, own, change)
