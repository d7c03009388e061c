"""What each part of a reform contributes: alone, on top of the others, and on average."""

from __future__ import annotations

from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from olive.analysis.bracket_rule import BracketRule
from olive.analysis.caveats import notes_on
from olive.analysis.indicators import income_variables, measures
from olive.analysis.many_policies import figures_of
from olive.analysis.table import Table
from olive.analysis.words import (
    DEFINITION_LABELS,
    FAMILY_HOUSEHOLDS,
    UNIT_OF_ROW,
    indicator_labels,
    words_of,
)
from olive.engine import Policy, Reform
from olive.errors import DataError
from olive.places.labels import Label
from olive.places.registry import place as place_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from olive.population import Population

MOST_PARTS = 8  # 256 policies
_TOTAL = Label("合计", "together")
_FIGURES = ("alone", "on_top", "contribution")
_LABELS = {
    "part": Label("部分", "part"),
    "alone": Label("单独实施", "alone"),
    "on_top": Label("在其余之上", "on top of the others"),
    "contribution": Label("贡献（各种次序平均）", "contribution (mean over all orders)"),
}


def attribute(
    population: Population,
    policy: Policy,
    parts: Mapping[str, Reform],
    *,
    deflator: float = 1.0,
    seed: int = 0,
) -> Table:
    """Share out the effect of a reform among its parts.

    Levers interact: what one adds depends on which others are already there. Every part therefore
    has three figures, and only the third adds up to the effect of all parts together: what it
    does alone, what it does on top of all the others, and its mean over all orders in which the
    parts can be carried out (the Shapley value). All 2^n combinations are simulated, so nothing
    is approximated.

    Parameters
    ----------
    population : Population
    policy : Policy
        What the parts are carried out on.
    parts : mapping of str to Reform
        Two to eight, for example ``olive.plan.parts()``. In a combination they are carried out in
        the order given.
    deflator : float
        Bounds of the income brackets are multiplied by it, see `olive.compare`.
    seed : int
        For random draws, see `olive.simulate`.

    Returns
    -------
    Table
        One row for each indicator, definition and part, and one for all of them together:
        ``alone``, ``on_top`` and ``contribution``, in the unit of the row (shares are fractions
        of 1, money is yuan a year). Missing where an indicator is not defined.

    Raises
    ------
    DataError
        When there are fewer than two parts or more than eight, or one is no reform.

    References
    ----------
    Shapley (1953), "A value for n-person games". Shorrocks (2013), "Decomposition procedures for
    distributional analysis: a unified framework based on the Shapley value", Journal of Economic
    Inequality 11.

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
    _check(parts)
    figures = _figures(population, policy, list(parts.values()), deflator, seed)
    names = list(parts)
    shares = shapley(figures)
    rows: list[dict[str, Any]] = []
    everything = (1 << len(parts)) - 1
    for place, measure in enumerate(measures(BracketRule(deflator, place=population.place))):
        head = {
            "indicator": measure.id,
            "definition": measure.definition,
            "line": measure.arguments.get("line"),
            "unit": measure.unit,
        }
        for number, name in enumerate(names):
            without = everything & ~(1 << number)
            rows.append(
                head
                | {
                    "part": name,
                    "alone": figures[1 << number, place] - figures[0, place],
                    "on_top": figures[everything, place] - figures[without, place],
                    "contribution": shares[number, place],
                }
            )
        whole = figures[everything, place] - figures[0, place]
        rows.append(
            head | {"part": _TOTAL.en} | dict.fromkeys(_LABELS, whole) | {"part": _TOTAL.en}
        )
    together = _combined(policy, list(parts.values()), everything)
    marks = notes_on(
        policy, together, income_variables(population.place), synthetic=population.is_synthetic
    )
    return _table(pd.DataFrame(rows), parts, marks, population)


def shapley(figures: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean contribution of each player over all orders in which players can join.

    Parameters
    ----------
    figures : array of float64, shape (2**players, ...)
        The figure of each coalition; bit ``i`` of the row number says that player ``i`` is in it.

    Returns
    -------
    array of float64, shape (players, ...)
        Adds up to the figure of all players less that of none.

    Examples
    --------
    Two players who are worth nothing alone and 6 together:

    >>> shapley(np.array([0.0, 0.0, 0.0, 6.0])).tolist()
    [3.0, 3.0]
    """
    players = len(figures).bit_length() - 1
    result = np.zeros((players, *figures.shape[1:]))
    for player in range(players):
        others = [1 << other for other in range(players) if other != player]
        for size in range(players):
            weight = factorial(size) * factorial(players - 1 - size) / factorial(players)
            for chosen in combinations(others, size):
                without = sum(chosen)
                result[player] += weight * (figures[without | 1 << player] - figures[without])
    return result


def _check(parts: Mapping[str, Reform]) -> None:
    if not 2 <= len(parts) <= MOST_PARTS:
        raise DataError(
            "{number} parts; give 2 to {most_parts} (each doubles the number of "
            "policies), and join reforms that belong together with |",
            number=len(parts),
            most_parts=MOST_PARTS,
        )
    for name, reform in parts.items():
        if not isinstance(reform, Reform):
            raise DataError(
                "part {name!r} is a {type}; parts are reforms: {{'dibao': "
                "olive.Reform({{'dibao_standard': 13_000}}), ...}}",
                name=name,
                type=type(reform).__name__,
            )
        if name == _TOTAL.en:
            raise DataError("no part can be called {name!r}, the name of the sum of all", name=name)


def _figures(
    population: Population,
    policy: Policy,
    reforms: Sequence[Reform],
    deflator: float,
    seed: int,
) -> NDArray[np.float64]:
    """Return every measure under every combination, shape (2**parts, measures)."""
    moving = sum(1 << number for number, each in enumerate(reforms) if _moves(policy, each))
    distinct = sorted({chosen & moving for chosen in range(1 << len(reforms))})
    rows = [(_combined(policy, reforms, chosen),) for chosen in distinct]
    every = measures(BracketRule(deflator, place=population.place))
    values = figures_of(population, rows, seed=seed, every=every)[:, 0]
    found = dict(zip(distinct, values, strict=True))
    return np.array([found[chosen & moving] for chosen in range(1 << len(reforms))])


def _moves(policy: Policy, reform: Reform) -> bool:
    """Return whether a reform touches anything that incomes depend on."""
    reached = policy.rules.depends_on(income_variables(place_of(policy.place)))
    return bool(reform.rules or reached.intersection(reform.parameters))


def _combined(policy: Policy, reforms: Sequence[Reform], chosen: int) -> Policy:
    for number, reform in enumerate(reforms):
        if chosen >> number & 1:
            policy = policy | reform
    return policy.renamed(f"combination {chosen}")


def _table(
    frame: pd.DataFrame,
    parts: Mapping[str, Reform],
    marks: tuple[Label, ...],
    population: Population,
) -> Table:
    place = population.place
    names = {name: Label(reform.zh or name, name) for name, reform in parts.items()}
    known = {name: words_of(place)[name] for name in ("indicator", "definition", "line", "unit")}
    return Table(
        frame=frame,
        title=Label("各部分的贡献", "What each part contributes"),
        units={name: words.unit for name, words in known.items()}
        | {"part": ""}
        | dict.fromkeys(_FIGURES, UNIT_OF_ROW),
        labels={name: words.label for name, words in known.items()} | _LABELS,
        words={
            "indicator": indicator_labels(place),
            "definition": DEFINITION_LABELS,
            "part": names | {_TOTAL.en: _TOTAL},
        },
        notes=(
            Label(
                "“单独实施”与“在其余之上”相加不等于合计，因为各项措施相互影响；"
                "只有各种次序平均的贡献（沙普利值）相加等于合计。",
                "Alone and on top do not add up, since levers interact; the contributions, means "
                "over all orders (Shapley values), do.",
            ),
            FAMILY_HOUSEHOLDS,
            *marks,
        ),
        synthetic=population.is_synthetic,
    )
