"""Close a recipe against the rules: draw, apply the law, compare with what is published, adjust.

Taxes, contributions and benefits depend on incomes, and disposable incomes depend on them, so the
scales of the income components and the mapping of incomes are one fixed point.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.china.households.income_mapping import PROPERTY
from olive.china.recipes.drawing import draw_tables
from olive.china.recipes.recipe import (
    COMPONENTS,
    SIZE_CLASSES,
    Recipe,
    by_county,
    knots,
    value_of,
)
from olive.china.recipes.solving.target_distribution import (
    RANKS,
    WantedIncomes,
    size_shares,
    wanted_spread,
)
from olive.china.recipes.synthetic import undrawn
from olive.messages import Message
from olive.population import Population
from olive.population.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

FLOWS = ("wage", "operating", "property", "transfer")
_MOST_STEP = 1.6  # a scale or mapped income changes at most by this factor in a round
_RANKS_SMOOTHED = 5
_STEPS_AN_OCTAVE, _STEPS_SMOOTHED = 44, 13  # a window spans a fifth of an income
_LEAST_SLOPE = 0.1  # of mapped on drawn income, in logarithms: no income gathers households
_SETTLED = 4  # rounds before the low tail is moved
# Recipients fall by about a fifth of what the tail is thinned by, both in logarithms.
_TAIL_STEP, _TAIL_RATIO = 1.5, 1.2
_THICKEST, _THINNEST = 0.5, 100.0
_TRIM_STEP = 0.4
_FEW = 30  # households beyond a rank: so few decide singly about its income


@dataclass(frozen=True, slots=True)
class Accounts:
    """What the rules make of a population, one entry a household, in yuan a year.

    Attributes
    ----------
    flows : dict of str to numpy.ndarray
        ``wage``, ``operating``, ``property``, ``transfer`` (net).
    disposable : numpy.ndarray
        Their sum.
    before_assistance : numpy.ndarray
        Disposable income without dibao. The mapping is fitted to this: dibao lifts everybody it
        reaches to the same line, whatever they earned.
    dibao_recipients : float
        Persons in households that get dibao, weighted.
    """

    flows: dict[str, Array]
    disposable: Array
    before_assistance: Array
    dibao_recipients: float


@dataclass(frozen=True, slots=True)
class Round:
    """One round of closing: how far it was from what is published."""

    number: int
    worst_flow: float
    worst_mean: float
    worst_quantile: float
    dibao_recipients: float
    low_tail: float

    @property
    def said(self) -> Message:
        """The round in one line."""
        return Message(
            "round {number}: components {flow:.2%}, means {mean:.2%}, middle quantiles "
            "{quantile:.2%}, dibao {recipients:,.0f} persons, low tail x {low_tail:.3f}",
            self.number,
            self.worst_flow,
            self.worst_mean,
            self.worst_quantile,
            self.dibao_recipients,
            self.low_tail,
        )


@dataclass(frozen=True, slots=True)
class _View:
    """A drawn population in the arrays that the adjustments need."""

    weight: Array
    size: NDArray[np.int64]
    urban: NDArray[np.bool_]
    county: NDArray[Any]
    cell: NDArray[np.int64]
    mapped: Array  # mapped income per head
    pensioners: Array  # persons with a pension of the employee scheme
    drawn: dict[str, Array]  # mapped amounts a household, by component


def close(
    start: Recipe,
    account: Callable[[Population], Accounts],
    *,
    schedule: Sequence[int],
    seed: int = 0,
    report: Callable[[str], None] = lambda _text: None,
) -> tuple[Recipe, list[Round]]:
    """Return the recipe whose population has the published incomes under the law.

    Parameters
    ----------
    start : Recipe
        With strata and household types fitted; scales and mapping are overwritten.
    account : callable
        Applies the law of the recipe's year to a population.
    schedule : sequence of int
        Households to draw in each round: few at first, many at the end.
    seed : int
        Seed of the populations drawn.
    report : callable
        Called with one line a round.
    """
    recipe, trim, history = start, np.ones(2), []
    for number, households in enumerate(schedule, start=1):
        people = drawn_population(recipe, households, seed)
        view = _view(people)
        accounts = account(people)
        means = _published(recipe) * trim
        low_tail = float(recipe.solved.low_tail[0])
        wanted = wanted_spread(recipe.place, size_shares(people), means, low_tail)
        history.append(Round(number, *_misses(recipe, view, accounts, wanted), low_tail))
        report(history[-1].said)
        if number == len(schedule):
            break
        trim = _next_trim(recipe, view, accounts, trim, number)
        recipe = _adjusted(recipe, view, accounts, wanted, number)
    return recipe, history


def drawn_population(recipe: Recipe, households: int, seed: int) -> Population:
    """Return a population drawn from a recipe that is still in the making."""
    tables = draw_tables(undrawn(recipe, households, seed))
    return Population(tables, Origin(recipe.year, synthetic=True, place=recipe.name, seed=seed))


def _view(people: Population) -> _View:
    arrays = people.arrays()
    owned, persons, starts = arrays.households, arrays.persons, arrays.starts
    size = np.diff(starts)

    def of_persons(*names: str) -> Array:
        total = sum(persons[name].astype(np.float64) for name in names)
        return np.asarray(np.add.reduceat(total, starts[:-1]))

    drawn = {
        "wage": of_persons("contractual_wage", "labour_remuneration"),
        "operating": of_persons("operating_income"),
        "property": np.sum([owned[name].astype(np.float64) for name in PROPERTY], axis=0),
        "pension": of_persons("employee_pension"),
        "support": owned["private_transfers_received"].astype(np.float64),
    }
    by_size = np.where(owned["collective"], SIZE_CLASSES - 1, np.minimum(size, 5) - 1)
    return _View(
        weight=people.weight,
        size=size,
        urban=owned["urban"],
        county=owned["county"],
        cell=owned["urban"] * SIZE_CLASSES + by_size,
        mapped=np.sum(list(drawn.values()), axis=0) / size,
        pensioners=np.add.reduceat((persons["employee_pension"] > 0).astype(float), starts[:-1]),
        drawn=drawn,
    )


def _published(recipe: Recipe) -> Array:
    income = recipe.place["income"]
    return np.array([value_of(income["rural"]), value_of(income["urban"])], dtype=np.float64)


def flow_targets(recipe: Recipe) -> Array:
    """Return published or proxy components per head, shape (2, flows), rural and urban."""
    income = recipe.place["income"]
    areas = [income[f"{area}_components"] for area in ("rural", "urban")]
    return np.array([[area[name] for name in FLOWS] for area in areas])


def _a_head(view: _View, amount: Array, urban: int) -> float:
    chosen = view.urban == bool(urban)
    persons = view.weight[chosen] @ view.size[chosen]
    return float(view.weight[chosen] @ amount[chosen] / persons)


def flows_a_head(people: Population, accounts: Accounts) -> Array:
    """Return components per head, shape (2, flows), rural and urban."""
    return _flows(_view(people), accounts)


def _flows(view: _View, accounts: Accounts) -> Array:
    flows = [accounts.flows[name] for name in FLOWS]
    return np.array([[_a_head(view, flow, place) for flow in flows] for place in (0, 1)])


def _misses(
    recipe: Recipe, view: _View, accounts: Accounts, wanted: WantedIncomes
) -> tuple[float, float, float, float]:
    """Return the worst misses of components, means and quantiles, and the dibao recipients."""
    targets = flow_targets(recipe)
    flows = _flows(view, accounts)
    means = np.array([_a_head(view, accounts.disposable, place) for place in (0, 1)])
    misses = []
    for cell in np.unique(view.cell):
        found = _cell_quantiles(view, accounts.before_assistance / view.size, cell)
        middle = (RANKS > 0.1) & (RANKS < 0.9)
        goal = wanted.quantiles.reshape(2 * SIZE_CLASSES, -1)[cell]
        misses.append(np.abs(found / goal - 1.0)[middle].max())
    return (
        float(np.abs(flows / targets - 1.0).max()),
        float(np.abs(means / _published(recipe) - 1.0).max()),
        float(max(misses)),
        accounts.dibao_recipients,
    )


def _cell_quantiles(view: _View, values: Array, cell: int) -> Array:
    chosen = view.cell == cell
    order = np.argsort(values[chosen], kind="stable")
    weight = view.weight[chosen][order]
    ranks = (np.cumsum(weight) - weight / 2) / weight.sum()
    return np.asarray(np.interp(RANKS, ranks, values[chosen][order]))


def _next_low_tail(recipe: Recipe, accounts: Accounts, number: int) -> Array:
    """Thin the low tail while too many get dibao; wait until incomes have settled a little."""
    low_tail = recipe.solved.low_tail
    wanted = value_of(recipe.place["dibao_recipients"])
    if number < _SETTLED or accounts.dibao_recipients <= 0:
        return low_tail
    ratio = np.clip(accounts.dibao_recipients / wanted, 1.0 / _TAIL_RATIO, _TAIL_RATIO)
    return np.asarray(np.clip(low_tail * ratio**_TAIL_STEP, _THICKEST, _THINNEST))


def _next_trim(recipe: Recipe, view: _View, accounts: Accounts, trim: Array, number: int) -> Array:
    """Move the means aimed at by what is still missed, once the spread has settled."""
    if number < _SETTLED:
        return trim
    found = np.array([_a_head(view, accounts.disposable, place) for place in (0, 1)])
    return np.asarray(trim * np.clip(_published(recipe) / found, 0.97, 1.03) ** _TRIM_STEP)


def _adjusted(
    recipe: Recipe, view: _View, accounts: Accounts, wanted: WantedIncomes, number: int
) -> Recipe:
    solved = recipe.solved
    income_map = _next_income_map(recipe, view, accounts, wanted)
    level = solved.county_level + _county_step(recipe, view, accounts) * float(number > 1)
    changed = replace(
        solved,
        scale=_next_scale(recipe, view, accounts),
        income_map=income_map,
        low_tail=_next_low_tail(recipe, accounts, number),
        county_level=level - level.mean(),
    )
    return replace(recipe, solved=changed)


def _next_scale(recipe: Recipe, view: _View, accounts: Accounts) -> Array:
    targets, scale = flow_targets(recipe), recipe.solved.scale.copy()
    for place in (0, 1):
        # The mapping brings the level to the published mean; scales bring the composition.
        level = _published(recipe)[place] / _a_head(view, accounts.disposable, place)
        for name in ("wage", "operating", "property"):
            found = _a_head(view, accounts.flows[name], place)
            step = targets[place, FLOWS.index(name)] / found
            scale[place, COMPONENTS.index(name)] *= _held(step / level)
        # Pensions come to their mean, support between households makes up for the rest.
        pension = _a_head(view, view.drawn["pension"], place)
        support = _a_head(view, view.drawn["support"], place)
        published = float(recipe.place["employee_pension"][("rural", "urban")[place]])
        more = pension * (published / _found_pension(view, place) - 1.0)
        lacking = targets[place, FLOWS.index("transfer")] - more
        lacking -= _a_head(view, accounts.flows["transfer"], place)
        for name, drawn, missing in (("pension", pension, more), ("support", support, lacking)):
            step = max(drawn + missing, 1.0) / drawn
            scale[place, COMPONENTS.index(name)] *= _held(step / level)
    return scale


def _found_pension(view: _View, place: int) -> float:
    here = view.urban == bool(place)
    weight = view.weight[here]
    return float(weight @ view.drawn["pension"][here] / (weight @ view.pensioners[here]))


def _held(step: Any) -> Any:
    return np.clip(step, 1.0 / _MOST_STEP, _MOST_STEP)


def _county_step(recipe: Recipe, view: _View, accounts: Accounts) -> Array:
    """Return log steps that bring each county's mean to its wanted level over the city's."""
    wanted = by_county(recipe.place, "level", absent=1.0)
    persons = np.bincount(view.county, view.weight * view.size, len(wanted))
    money = np.bincount(view.county, view.weight * accounts.disposable, len(wanted))
    wanted = wanted * persons.sum() / (wanted @ persons)
    lived_in = persons > 0
    found = money[lived_in] / persons[lived_in] / (money.sum() / persons.sum())
    step = np.zeros(len(wanted))
    step[lived_in] = np.clip(np.log(wanted[lived_in] / found), -0.15, 0.15)
    return step


def _next_income_map(
    recipe: Recipe, view: _View, accounts: Accounts, wanted: WantedIncomes
) -> Array:
    """Return the mapping, each cell bent so that disposable incomes have the wanted quantiles."""
    grid = knots()
    goals = wanted.quantiles.reshape(2 * SIZE_CLASSES, -1)
    income_map = recipe.solved.income_map.reshape(2 * SIZE_CLASSES, -1).copy()
    for cell in np.unique(view.cell):
        found = _cell_quantiles(view, accounts.before_assistance / view.size, cell)
        place = _cell_quantiles(view, view.mapped, cell)
        step = np.log(_held(goals[cell] / np.maximum(found, 100.0)))
        step = _smooth(_steady(step, float(np.count_nonzero(view.cell == cell))), _RANKS_SMOOTHED)
        bent = np.interp(np.log(income_map[cell]), np.log(np.maximum(place, 1.0)), step)
        middle = int(np.searchsorted(income_map[cell], np.interp(0.5, RANKS, place)))
        factor = _evenly_smoothed(np.log(income_map[cell] / grid) + bent, np.log(grid))
        least = grid**_LEAST_SLOPE
        income_map[cell] = _rising(grid * np.exp(factor) / least, middle) * least
    return income_map.reshape(recipe.solved.income_map.shape[0], SIZE_CLASSES, len(grid))


def _rising(values: Array, middle: int) -> Array:
    """Return values that never fall, kept as they are around ``middle``."""
    below = np.minimum.accumulate(values[:middle][::-1])[::-1]
    return np.maximum.accumulate(np.concatenate([below, values[middle:]]))


def _steady(step: Array, households: float) -> Array:
    """Return steps by rank; where few households lie beyond a rank, that of the nearest other.

    Few are 30, and in small cells a tenth of the cell.
    """
    few = min(_FEW, households / 10)
    steady = np.minimum(RANKS, 1.0 - RANKS) * households > few
    return np.asarray(np.interp(RANKS, RANKS[steady], step[steady]))


def _evenly_smoothed(factor: Array, logarithm: Array) -> Array:
    """Return log factors at knots, smoothed over equal ratios of income.

    Without this, rounds add up to a mapping that gathers households at some incomes.
    """
    octaves = (logarithm[-1] - logarithm[0]) / np.log(2.0)
    even = np.linspace(logarithm[0], logarithm[-1], round(octaves * _STEPS_AN_OCTAVE) + 1)
    smoothed = _smooth(np.interp(even, logarithm, factor), _STEPS_SMOOTHED)
    return np.asarray(np.interp(logarithm, even, smoothed))


def _smooth(values: Array, window: int) -> Array:
    padded = np.pad(values, window // 2, mode="edge")
    return np.convolve(padded, np.ones(window) / window, mode="valid")
