"""What it would take: the levers, within stated limits, that bring indicators to their targets.

Shares of sample households move in steps and rules have kinks, so gradients help little. The
search is differential evolution over whole generations of policies, each simulated in one pass,
from fixed seeds; then every lever is drawn back as far as the targets allow. Where the targets
cannot be met within the limits, the answer is what comes nearest, and which limits bind.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize

from olive.analysis.goal_levers import Limits, Span, Wanted, spans_of, wanted_of
from olive.analysis.goal_words import LEVER_NOTE, goal_table
from olive.analysis.indicators import Incomes, income_variables, incomes
from olive.analysis.public_purse import all_instruments, instruments_of, public_cost, totals_of
from olive.engine import Reform
from olive.errors import DataError, nearest
from olive.messages import joined
from olive.places.labels import Label
from olive.simulation import simulate

if TYPE_CHECKING:
    from olive.analysis.table import Table
    from olive.engine import Policy
    from olive.population import Population

FloatArray = NDArray[np.float64]
Objective = Literal["smallest_change", "least_cost", "nearest"]
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)

_MEMBERS = 8  # of a generation, for each lever
_GENERATIONS = 15
_HALVINGS = 12  # a lever is drawn back to within 1/2048 of its movement
_AT_A_TIME = 64  # policies simulated together
_BINDING = 1e-3  # share of the span within which a lever stands at its limit
_SHORT_OF = 1e3  # what a policy that misses a target counts more than any that meets all


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """The answer to `reach`.

    Attributes
    ----------
    met : bool
        Whether every target is met within the limits (and the budget).
    reform : Reform
        The levers as found: those that meet the targets, or come nearest.
    levers : Table
        One row a lever: in force, found, limits, and whether a limit binds.
    targets : Table
        One row a target: in force, found, target, what is missing, the best that any policy of
        the search reached, and whether it is met.
    cost : float
        Public cost, yuan a year more than in force (what taxes and contributions bring in more is
        taken off).
    frontier : Table
        Policies of the search that no other beats in both cost and nearness to the targets.
    evaluations : int
        Policies simulated.
    """

    met: bool
    reform: Reform
    levers: Table
    targets: Table
    cost: float
    frontier: Table
    evaluations: int

    def __repr__(self) -> str:
        word = "met" if self.met else "not met within the limits"
        return f"Reached({word}; public cost {self.cost:,.0f} a year)\n{self.targets!r}"


def reach(
    population: Population,
    policy: Policy,
    levers: Mapping[str, Limits | tuple[float, float]],
    *,
    targets: Mapping[str, float] | None = None,
    definition: str = "household",
    budget: float | None = None,
    objective: Objective = "smallest_change",
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Reached:
    """Find levers that reach the targets, or prove how near they come.

    Parameters
    ----------
    population : Population
    policy : Policy
        What the levers are laid on.
    levers : mapping of str to Limits or (low, high)
        How far each parameter may be moved; a lever starts at what is in force.
    targets : mapping of str to float, optional
        Indicator to value that must at least be reached: ``{"share_20_60": 0.45}``; by default
        the three targets of the plan. Shares are fractions of 1.
    definition : str
        One of the four definitions of a share, see ``docs/concepts.md``.
    budget : float, optional
        Public cost that must not be exceeded, yuan a year.
    objective : {"smallest_change", "least_cost", "nearest"}
        Among the policies that meet everything: the least movement of levers (sum of the shares
        of their spans), the least public cost, or the largest margin over the targets.
    seed : int
        Of the search and of the draws of households.
    progress : callable, optional
        Called with (policies simulated, most that will be).

    Returns
    -------
    Reached

    Raises
    ------
    DataError
        Before any search: unknown parameters, indicators or words, limits that are no interval or
        lie outside the allowed range, levers without effect.

    References
    ----------
    Storn and Price (1997), "Differential evolution", Journal of Global Optimization 11.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=300, seed=1)
    >>> found = reach(
    ...     city,
    ...     olive.law(year=2023),
    ...     {"resident_basic_pension_standard": Limits(1.0, 20.0, "factor")},
    ...     targets={"per_capita_income": 62_000.0},
    ... )
    >>> found.met, found.levers["parameter"].tolist()
    (True, ['resident_basic_pension_standard'])
    """
    spans = spans_of(policy, levers)
    wanted = wanted_of(targets, definition, population.place)
    if objective not in OBJECTIVES:
        raise DataError(
            "objective {objective!r} is unknown{hint}; use one of {objectives}",
            objective=objective,
            hint=nearest(str(objective), OBJECTIVES),
            objectives=joined(OBJECTIVES),
        )
    most = 1 + len(spans) + _MEMBERS * len(spans) * (_GENERATIONS + 1) + len(spans) * _HALVINGS
    trial = _Trial(population, policy, spans, wanted, seed, progress, most)
    _refuse_idle(trial)
    score = _Score(wanted, budget, objective)
    start = np.zeros(len(spans))
    best = _searched(trial, score, seed)
    ranks = _ranked(trial, score, np.vstack([start, best]))
    if ranks[0] <= ranks[1]:
        best = start
    if objective != "nearest":
        best = _drawn_back(trial, score, best)
    return _answer(trial, score, best)


@dataclass(frozen=True, slots=True, eq=False)
class _Trial:
    """Policies that were simulated, by the positions of their levers; each only once."""

    population: Population
    policy: Policy
    spans: Sequence[Span]
    wanted: tuple[Wanted, ...]
    seed: int
    progress: Callable[[int, int], None] | None
    most: int
    known: dict[tuple[float, ...], FloatArray] = field(default_factory=dict)

    def at(self, positions: FloatArray) -> FloatArray:
        """Return indicators and public cost of each row of lever positions."""
        keys = [tuple(row.tolist()) for row in positions]
        fresh = [key for key in dict.fromkeys(keys) if key not in self.known]
        for begin in range(0, len(fresh), _AT_A_TIME):
            self._simulate(fresh[begin : begin + _AT_A_TIME])
            if self.progress is not None:
                self.progress(min(len(self.known), self.most), self.most)
        return np.array([self.known[key] for key in keys])

    def reform(self, positions: Sequence[float]) -> Reform:
        moved = [
            span.operation(position)
            for span, position in zip(self.spans, positions, strict=True)
            if position
        ]
        return Reform.from_operations(moved, label="reached", zh="目标求解")

    def _simulate(self, keys: list[tuple[float, ...]]) -> None:
        instruments = instruments_of([self.policy])
        result = simulate(
            self.population,
            [self.policy | self.reform(key) for key in keys],
            outputs=income_variables(self.population.place),
            totals=all_instruments([self.policy]),
            seed=self.seed,
        )
        for place, key in enumerate(keys):
            one: Incomes = incomes(result, place)
            cost = public_cost(totals_of(result, place), instruments)
            figures = [each.measure.value(one) for each in self.wanted]
            self.known[key] = np.array([*figures, cost])


def _refuse_idle(trial: _Trial) -> None:
    """Refuse levers that move neither an indicator nor the public purse, each by itself."""
    count = len(trial.spans)
    ends = np.zeros((1 + count, count))
    for place, span in enumerate(trial.spans):
        ends[1 + place, place] = span.bounds[1] or span.bounds[0]
    found = trial.at(ends)
    idle = [
        span.parameter
        for place, span in enumerate(trial.spans)
        if (found[1 + place] == found[0]).all()
    ]
    if idle:
        raise DataError(
            "these levers move nothing by themselves: {idle}; leave them out, or set "
            "what they need first (`olive plan --coverage` says what they wait for)",
            idle=joined(idle),
        )


@dataclass(frozen=True, slots=True)
class _Score:
    """What the search makes small: first what is missing, then the objective."""

    wanted: tuple[Wanted, ...]
    budget: float | None
    objective: Objective

    def missing(self, found: FloatArray) -> FloatArray:
        """Return what is missing to each target, as a share of it; 0 and less where it is met."""
        targets = np.array([each.target for each in self.wanted])
        return np.asarray((targets - found[:, :-1]) / np.abs(targets))

    def of(self, found: FloatArray, cost_now: float) -> FloatArray:
        missing = np.nan_to_num(self.missing(found), nan=1.0)
        short = np.maximum(missing, 0.0).sum(axis=1)
        if self.budget is not None:
            over = (found[:, -1] - cost_now - self.budget) / max(abs(self.budget), 1.0)
            short = short + np.maximum(over, 0.0)
        return np.asarray(short)


def _ranked(trial: _Trial, score: _Score, positions: FloatArray) -> FloatArray:
    """Return the score of rows of positions: short of a target first, then the objective."""
    found = trial.at(positions)
    cost_now = float(trial.at(np.zeros((1, len(trial.spans))))[0, -1])
    short = score.of(found, cost_now)
    match score.objective:
        case "smallest_change":
            value = np.abs(positions).sum(axis=1) / len(trial.spans)
        case "least_cost":
            cost = found[:, -1] - cost_now
            value = np.arctan(cost / 1e9)  # bounded and rising: only the order counts
        case "nearest":
            value = score.missing(found).max(axis=1)
    return np.where(short > 0.0, _SHORT_OF * (1.0 + short), value)


def _searched(trial: _Trial, score: _Score, seed: int) -> FloatArray:
    bounds = [span.bounds for span in trial.spans]
    result = optimize.differential_evolution(
        lambda x: _ranked(trial, score, np.atleast_2d(x.T)),
        bounds,
        popsize=_MEMBERS,
        maxiter=_GENERATIONS,
        init="sobol",
        rng=np.random.default_rng(seed),
        polish=False,
        vectorized=True,
        updating="deferred",
        x0=[high or low for low, high in bounds],
    )
    return np.asarray(result.x, dtype=np.float64)


def _drawn_back(trial: _Trial, score: _Score, best: FloatArray) -> FloatArray:
    """Draw each lever back towards what is in force as far as the score allows."""
    found = best.copy()
    order = np.argsort(-np.abs(found), kind="stable")
    for place in order:
        value = _ranked(trial, score, found[None, :])[0]
        low, high = 0.0, 1.0  # the share of the lever's movement that is kept
        for _ in range(_HALVINGS):
            if low >= high:
                break
            middle = 0.0 if high == 1.0 and low == 0.0 else (low + high) / 2.0
            tried = found.copy()
            tried[place] = middle * best[place]
            if _ranked(trial, score, tried[None, :])[0] <= value:
                high = middle
            else:
                low = middle if middle else np.finfo(float).tiny
        found[place] = high * best[place]
    return found


def _answer(trial: _Trial, score: _Score, best: FloatArray) -> Reached:
    now, found = trial.at(np.vstack([np.zeros_like(best), best]))
    every = np.array(list(trial.known.values()))
    missing = score.missing(found[None, :])[0]
    cost = float(found[-1] - now[-1])
    within = score.budget is None or cost <= score.budget
    reached = bool((missing <= 0.0).all() and within)
    parameters = trial.policy.rules.parameters
    levers = pd.DataFrame(
        {
            "parameter": span.parameter,
            "in_force": span.now,
            "found": span.value(position),
            "low": span.low,
            "high": span.high,
            "limit": _limit(span, position),
        }
        for span, position in zip(trial.spans, best.tolist(), strict=True)
    )
    targets = pd.DataFrame(
        {
            "indicator": each.measure.id,
            "definition": each.measure.definition,
            "unit": each.measure.unit,
            "in_force": now[place],
            "found": found[place],
            "target": each.target,
            "missing": max(each.target - found[place], 0.0),
            "best": float(np.nanmax(every[:, place])),
            "met": "yes" if missing[place] <= 0.0 else "no",
        }
        for place, each in enumerate(trial.wanted)
    )
    city = trial.population
    names = {name: Label(parameters[name].zh, parameters[name].en) for name in levers["parameter"]}
    return Reached(
        reached,
        trial.reform(best.tolist()),
        goal_table("levers", levers, names, city, (LEVER_NOTE,)),
        goal_table("targets", targets, names, city),
        cost,
        goal_table("frontier", _frontier(trial, score, now[-1]), names, city),
        len(trial.known),
    )


def _limit(span: Span, position: float) -> str:
    low, high = span.bounds
    if high and position >= high - _BINDING:
        return "high"
    return "low" if low and position <= low + _BINDING else ""


def _frontier(trial: _Trial, score: _Score, cost_now: float) -> pd.DataFrame:
    """Return the policies that none beats in both cost and the largest share that is missing."""
    found = np.array(list(trial.known.values()))
    short = np.maximum(score.missing(found), 0.0).max(axis=1)
    cost = found[:, -1] - cost_now
    order = np.lexsort((short, cost))
    rows: list[dict[str, object]] = []
    least = math.inf
    keys = list(trial.known)
    for place in order:
        if short[place] < least:
            least = float(short[place])
            values = zip(trial.spans, keys[place], strict=True)
            rows.append(
                {
                    "point": str(len(rows) + 1),
                    "cost": cost[place],
                    "missing_share": least,
                    **{each.measure.id: found[place, at] for at, each in enumerate(trial.wanted)},
                    **{span.parameter: span.value(position) for span, position in values},
                }
            )
    return pd.DataFrame(rows)
