"""What each part of a reform contributes: alone, on top of the others, on average; interactions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from olive.analysis.bracket_rule import BracketRule
from olive.analysis.caveats import notes_on
from olive.analysis.coalitions import TOGETHER, Shares, interactions_of, shared_out, together
from olive.analysis.indicators import income_variables, indicator_labels, measures
from olive.analysis.table import Table, placed_table
from olive.analysis.words import (
    COLUMNS,
    DEFINITION_LABELS,
    FAMILY_HOUSEHOLDS,
    UNIT_OF_ROW,
    ColumnWords,
    of_year,
)
from olive.messages import Message
from olive.native.given_objects import checked_objects
from olive.places.labels import Label
from olive.progress import shown_progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from olive.engine import Policy, Reform
    from olive.population import Population
    from olive.progress import Progress

PART_WORDS = {
    "part": ColumnWords(Label("部分", "part"), ""),
    "group": ColumnWords(Label("组", "group"), ""),
}
_WORDS = {
    **COLUMNS,
    **PART_WORDS,
    "alone": ColumnWords(Label("单独实施", "alone"), UNIT_OF_ROW),
    "on_top": ColumnWords(Label("在其余之上", "on top of the others"), UNIT_OF_ROW),
    "contribution": ColumnWords(
        Label("贡献（各种次序平均）", "contribution (mean over all orders)"), UNIT_OF_ROW
    ),
    "error": ColumnWords(Label("抽样次序的标准误", "standard error of drawn orders"), UNIT_OF_ROW),
    "other": ColumnWords(Label("另一部分", "other part"), ""),
    "interaction": ColumnWords(Label("交互作用", "interaction"), UNIT_OF_ROW),
}
# Decimals of interactions: those of shares are a tenth of their contributions.
_PLACES = 6
_ADDING_UP = Label(
    "“单独实施”与“在其余之上”相加不等于合计，因为各项措施相互影响；"
    "只有各种次序平均的贡献（沙普利值）相加等于合计。",
    "Alone and on top do not add up, since levers interact; the contributions, means "
    "over all orders (Shapley values), do.",
)
_IN_GROUPS = Label(
    "分组：只取各组连续实施的次序（欧文值）；一组各部分之和等于该组作为一个整体的沙普利值。",
    "In groups: only orders count in which a group is carried out in one piece (Owen values); the "
    "parts of a group add up to the Shapley value of the group as one.",
)
_INTERACTION_NOTE = Label(
    "沙普利交互指数（Grabisch、Roubens 1999）：两部分一起的效果减去各自的效果，对其余部分的各种次序"
    "取平均；正为相互加强，负为相互替代。",
    "Shapley interaction index (Grabisch and Roubens 1999): what two parts do together less what "
    "each does without the other, mean over all orders of the rest. Above 0 they reinforce each "
    "other, below 0 they do the same work twice.",
)


@checked_objects
def attribute(
    population: Population,
    policy: Policy,
    parts: Mapping[str, Reform],
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    orders: int | None = None,
    deflator: float = 1.0,
    seed: int = 0,
    progress: Progress = None,
) -> Table:
    """Share out the effect of a reform among its parts.

    Levers interact: what one adds depends on which others are already there. Every part therefore
    has three figures, and only the third adds up to the effect of all parts together: what it
    does alone, what it does on top of all the others, and its mean over the orders in which the
    parts can be carried out (the Shapley value; with groups the Owen value).

    Parameters
    ----------
    population : Population
    policy : Policy
        What the parts are carried out on.
    parts : mapping of str to Reform
        Two or more, for example ``olive.plan.parts()``. In a combination they are carried out in
        the order given.
    groups : mapping of str to sequence of str, optional
        Parts that belong together, each part in one group. Only orders count in which a group is
        carried out in one piece, which takes fewer policies.
    orders : int, optional
        Random orders to average over, an even number: each is drawn with its reverse. By default
        all orders where that takes at most 4,096 policies (twelve parts that move incomes), so that
        nothing is approximated; 100 beyond.
    deflator : float
        Bounds of the income brackets are multiplied by it, see `olive.compare`.
    seed : int
        Of the orders, and for random draws, see `olive.simulate`.
    progress : callable or bool, optional
        Called with (policies simulated, policies in all); True shows a bar.

    Returns
    -------
    Table
        One row for each indicator, definition and part, and one for all of them together:
        ``group`` (where groups are given), ``alone``, ``on_top``, ``contribution``, and where
        orders are drawn ``error`` (standard error of the contribution), in the unit of the row
        (shares are fractions of 1, money is yuan a year). Missing where an indicator is not
        defined. Contributions add up in any case.

    Raises
    ------
    DataError
        When there are fewer than two parts, one is no reform, a part stands in no group or in
        two, or the number of orders is odd or less than 4.

    References
    ----------
    Shapley (1953), "A value for n-person games". Owen (1977), "Values of games with a priori
    unions". Shorrocks (2013), "Decomposition procedures for distributional analysis: a unified
    framework based on the Shapley value", Journal of Economic Inequality 11. Mitchell, Cooper,
    Frank and Holmes (2022), "Sampling permutations for Shapley value estimation", Journal of
    Machine Learning Research 23.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=200, seed=1)
    >>> parts = {
    ...     "dibao": olive.Reform(at_least={"dibao_standard": 15_000}),
    ...     "wages": olive.Reform(multiply={"minimum_wage": 1.1}),
    ... }
    >>> table = attribute(city, olive.law(year=2023), parts)
    >>> table.frame["part"].unique().tolist()
    ['dibao', 'wages', 'together']
    """
    every = measures(BracketRule(deflator, place=population.place))
    with shown_progress(progress, Message("simulate")) as told:
        shares = shared_out(
            population, policy, parts, every, groups=groups, orders=orders, seed=seed, progress=told
        )
    figures = ("alone", "on_top", "contribution")
    errors = ("error",) if shares.pairs else ()
    rows = []
    for place, measure in enumerate(every):
        for number, name in enumerate(parts):
            own = {each: getattr(shares, each)[number, place] for each in (*figures, *errors)}
            rows.append(measure.keys | {"part": name} | _group_of(name, groups) | own)
        whole = dict.fromkeys(figures, shares.whole[place] - shares.none[place])
        rows.append(measure.keys | {"part": TOGETHER} | whole | dict.fromkeys(errors, 0.0))
    notes = (_ADDING_UP, *orders_notes(shares, grouped=groups is not None))
    title = Label("各部分的贡献", "What each part contributes")
    return part_table(rows, title, _WORDS, notes, population=population, policy=policy, parts=parts)


@checked_objects
def interactions(
    population: Population,
    policy: Policy,
    parts: Mapping[str, Reform],
    *,
    deflator: float = 1.0,
    seed: int = 0,
    progress: Progress = None,
) -> Table:
    """Return how much more each two parts of a reform do together than one by one.

    Parameters
    ----------
    population, policy, parts, deflator, seed, progress
        See `attribute`; at most twelve parts that move incomes.

    Returns
    -------
    Table
        One row for each indicator, definition and pair of parts: ``part``, ``other``,
        ``interaction`` (the Shapley interaction index, in the unit of the row).

    Raises
    ------
    DataError
        As `attribute`, and when all combinations are more than 4,096 policies.

    References
    ----------
    Grabisch and Roubens (1999), "An axiomatic approach to the concept of interaction among players
    in cooperative games", International Journal of Game Theory 28.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=200, seed=1)
    >>> parts = {
    ...     "dibao": olive.Reform(at_least={"dibao_standard": 15_000}),
    ...     "wages": olive.Reform(multiply={"minimum_wage": 1.1}),
    ... }
    >>> table = interactions(city, olive.law(year=2023), parts)
    >>> table[["part", "other"]].iloc[0].tolist()
    ['dibao', 'wages']
    """
    every = measures(BracketRule(deflator, place=population.place))
    with shown_progress(progress, Message("simulate")) as told:
        found = interactions_of(population, policy, parts, every, seed=seed, progress=told)
    rows = [
        measure.keys | {"part": one, "other": two, "interaction": figures[place]}
        for place, measure in enumerate(every)
        for (one, two), figures in found.items()
    ]
    title = Label("各部分的交互作用", "How the parts interact")
    said = (_INTERACTION_NOTE,)
    table = part_table(rows, title, _WORDS, said, population=population, policy=policy, parts=parts)
    return replace(table, places={"interaction": _PLACES})


def orders_notes(shares: Shares, *, grouped: bool) -> tuple[Label, ...]:
    """Return how orders were taken: all or drawn, whole groups or not."""
    if shares.pairs:
        number = 2 * shares.pairs
        how = Label(
            f"随机抽取{number}种次序（每种与其逆序成对），共模拟{shares.policies:,}个政策；"
            "标准误按各对计算。",
            f"{number} orders drawn, each with its reverse; {shares.policies:,} policies "
            "simulated; standard errors are those of the mean over pairs.",
        )
    else:
        how = Label(
            f"全部次序，共模拟{shares.policies:,}个政策，没有近似。",
            f"All orders, {shares.policies:,} policies simulated; nothing is approximated.",
        )
    return (*((_IN_GROUPS,) if grouped else ()), how)


def part_labels(parts: Mapping[str, Reform]) -> dict[str, Label]:
    """Return what parts are called, all of them together among them."""
    names = {name: Label(reform.zh or name, name) for name, reform in parts.items()}
    return names | {TOGETHER: Label("合计", TOGETHER)}


def part_table(
    rows: Sequence[Mapping[str, Any]],
    title: Label,
    columns: Mapping[str, ColumnWords],
    notes: tuple[Label, ...],
    *,
    population: Population,
    policy: Policy,
    parts: Mapping[str, Reform],
) -> Table:
    """Return rows of parts as a table, with what must be said of the assumptions behind them."""
    place, synthetic = population.place, population.is_synthetic
    after, variables = together(policy, parts), income_variables(place)
    caveats = notes_on(policy, after, variables, synthetic=synthetic)
    return placed_table(
        place,
        pd.DataFrame(rows),
        title,
        columns,
        words={
            "indicator": indicator_labels(place),
            "definition": DEFINITION_LABELS,
            **dict.fromkeys(("part", "other"), part_labels(parts)),
        },
        notes=(of_year(population.year), *notes, FAMILY_HOUSEHOLDS, *caveats),
        synthetic=synthetic,
    )


def _group_of(name: str, groups: Mapping[str, Sequence[str]] | None) -> dict[str, str]:
    if groups is None:
        return {}
    return {"group": next(group for group, members in groups.items() if name in members)}
