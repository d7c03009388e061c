"""What it would take: the levers, within stated limits, that bring indicators to their targets.

Shares of sample households move in steps and rules have kinks, so gradients help little. The
search is differential evolution over whole generations of policies, each simulated in one pass,
from fixed seeds; then every lever is drawn back as far as the targets allow. Where the targets
cannot be met within the limits, the answer is what comes nearest, and which limits bind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from olive.analysis.goal_frontier import frontier, refine
from olive.analysis.goal_levers import Limits, Span, spans_of, wanted_of
from olive.analysis.goal_trials import OBJECTIVES, Objective, Score, Trials, refuse_idle
from olive.analysis.goal_words import LEVER_NOTE, goal_table, verdict
from olive.analysis.words import of_year
from olive.engine import Reform
from olive.errors import DataError, one_of, shown
from olive.messages import Message
from olive.native.given_numbers import is_finite
from olive.native.given_objects import checked_objects
from olive.places.labels import Label, spoken
from olive.progress import shown_progress

if TYPE_CHECKING:
    from olive.analysis.table import Table
    from olive.engine import Policy
    from olive.population import Population
    from olive.progress import Progress

FloatArray = NDArray[np.float64]

_MEMBERS = 8  # of a generation, for each lever
_GENERATIONS = 15
_LAST_GENERATIONS = 3  # of a search for the best value of one indicator, from the best known
_HALVINGS = 12  # a lever is drawn back to within 1/2048 of its movement
_BINDING = 1e-3  # share of the span within which a lever stands at its limit


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """The answer to `reach`.

    Attributes
    ----------
    met : bool
        Whether every target is met within the limits (and the budget).
    verdict : Label
        The same in words; where not: which targets are out of reach by themselves, whether they
        contradict each other or the budget, and which limits bind.
    reform : Reform
        The levers as found: those that meet the targets, or come nearest.
    levers : Table
        One row a lever: in force, found, limits, and whether a limit binds.
    targets : Table
        One row a target: in force, found, target, what is missing, the best that any policy of
        the search reached (where the targets are not met, of a search for this one alone, the
        budget aside), and whether it is met.
    cost : float
        Public cost, yuan a year more than in force (what taxes and contributions bring in more is
        taken off).
    frontier : Table
        Policies of the search that no other beats in both cost and nearness to the targets (the
        largest share of a target that is missing), at most 24.
    evaluations : int
        Policies simulated.
    """

    met: bool
    verdict: Label
    reform: Reform
    levers: Table
    targets: Table
    cost: float
    frontier: Table
    evaluations: int

    def __repr__(self) -> str:
        return f"{self.verdict.in_language(spoken())}\n{self.targets!r}"


@checked_objects
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
    progress: Progress = None,
) -> Reached:
    """Find levers that reach the targets, or say how near they come and what stands in the way.

    A search over simulated policies, not a proof: shares of households move in steps. Levers are
    drawn back to within 1/2,048 of their movement, so that no lever that is found goes further by
    more than that than the targets need, the others as found.

    Parameters
    ----------
    population : Population
    policy : Policy
        What the levers are laid on.
    levers : mapping of str to Limits or (low, high)
        How far each parameter may be moved; a lever starts at what is in force.
    targets : mapping of str to float, optional
        Indicator to value that must at least be reached: ``{"share_20_60": 0.45}``; one of
        inequality must come down to it: ``{"gini": 0.33}``. By default the three targets of the
        plan. Shares are fractions of 1.
    definition : str
        One of the four definitions of a share, see ``docs/concepts.md``.
    budget : float, optional
        What the public cost may rise by, yuan a year, 0 or more.
    objective : {"smallest_change", "least_cost", "nearest"}
        Among the policies that meet everything: the least movement of levers (sum of the shares
        of their spans), the least public cost, or the largest margin over the targets.
    seed : int
        Of the search and of the draws of households.
    progress : callable or bool, optional
        Called with (policies simulated, most that will be); True shows a bar.

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
    one_of(Message("objective"), objective, OBJECTIVES)
    if budget is not None and not (is_finite(budget) and budget >= 0.0):
        raise DataError(
            "budget is {budget}; it is what the public cost may rise by, yuan a year: give 0 or "
            "more, or leave it out",
            shown(budget),
        )
    if not population.weight.any():
        raise DataError("all weights are zero, so no row counts; at least one must be above 0")
    most = 1 + len(spans) + _MEMBERS * len(spans) * (_GENERATIONS + 1) + 2 * len(spans) * _HALVINGS
    score = Score(wanted, None if budget is None else float(budget), objective)
    with shown_progress(progress, Message("search")) as told:
        trials = Trials(population, policy, spans, wanted, seed, told, most)
        refuse_idle(trials)
        return _answer(trials, score, _best(trials, score, seed))


def _best(trials: Trials, score: Score, seed: int) -> FloatArray:
    """Return the positions of the levers that the score prefers."""

    def ranked(positions: FloatArray) -> FloatArray:
        return score.ranked(trials, positions)

    start = np.zeros(len(trials.spans))
    ends = np.array([high or low for low, high in (span.bounds for span in trials.spans)])
    best = _searched(ranked, trials.spans, ends, _GENERATIONS, seed)
    ranks = ranked(np.vstack([start, best]))
    if ranks[0] <= ranks[1]:
        best = start
    if score.objective != "nearest":
        # What the search leaves over is taken from small levers first, or from large ones.
        ascending = np.argsort(np.abs(best), kind="stable")
        both = _drawn_back(ranked, best, np.vstack([ascending, ascending[::-1]]))
        best = both[int(np.argmin(ranked(both)))]
    refine(trials, score)
    if score.short(trials.at(best[None, :]), float(trials.now[-1]))[0] > 0.0:
        _look_for_the_best(trials, seed)
    return best


def _searched(
    value: Callable[[FloatArray], FloatArray],
    spans: Sequence[Span],
    start: FloatArray,
    generations: int,
    seed: int,
) -> FloatArray:
    """Return the positions at which a function of rows of positions is least."""
    result = scipy.optimize.differential_evolution(
        lambda x: value(np.atleast_2d(x.T)),
        [span.bounds for span in spans],
        popsize=_MEMBERS,
        maxiter=generations,
        init="sobol",
        rng=np.random.default_rng(seed),
        polish=False,
        vectorized=True,
        updating="deferred",
        x0=start,
    )
    return np.asarray(result.x, dtype=np.float64)


def _look_for_the_best(trials: Trials, seed: int) -> None:
    """Search for the best value of each indicator that no policy so far brings to its target."""
    for at, each in enumerate(trials.wanted):
        positions, found = trials.every()
        missing = each.missing(found[:, at])
        if np.nanmin(missing) <= 0.0:
            continue
        start = positions[np.nanargmin(missing)]

        def value(rows: FloatArray, at: int = at, sign: float = each.sign) -> FloatArray:
            return np.nan_to_num(-sign * trials.at(rows)[:, at], nan=np.inf)

        _searched(value, trials.spans, start, _LAST_GENERATIONS, seed)


def _drawn_back(
    ranked: Callable[[FloatArray], FloatArray], best: FloatArray, orders: NDArray[np.intp]
) -> FloatArray:
    """Draw one lever after the other back towards what is in force as far as the score allows.

    The orders (one a row) are gone through side by side, so that their policies share passes.
    """
    found = np.tile(best, (len(orders), 1))
    rows = np.arange(len(orders))
    for places in orders.T:
        value = ranked(found)
        low, high = np.zeros(rows.size), np.ones(rows.size)  # the shares of the movement kept
        for _ in range(_HALVINGS):
            if (low >= high).all():
                break
            middle = np.where((high == 1.0) & (low == 0.0), 0.0, (low + high) / 2.0)
            tried = found.copy()
            tried[rows, places] = middle * best[places]
            held = ranked(tried) <= value
            high = np.where(held, middle, high)
            low = np.where(held, low, np.maximum(middle, np.finfo(float).tiny))
        found[rows, places] = high * best[places]
    return found


def _answer(trials: Trials, score: Score, best: FloatArray) -> Reached:
    (found,), (_, every) = trials.at(best[None, :]), trials.every()
    missing = score.missing(found[None, :])[0]
    cost = float(found[-1] - trials.now[-1])
    within = score.budget is None or cost <= score.budget
    parameters = trials.policy.rules.parameters
    levers = pd.DataFrame(
        {
            "parameter": span.parameter,
            "in_force": span.now,
            "found": span.value(position),
            "low": span.low,
            "high": span.high,
            "limit": _limit(span, position),
        }
        for span, position in zip(trials.spans, best.tolist(), strict=True)
    )
    targets = pd.DataFrame(
        {
            "indicator": each.measure.id,
            "definition": each.measure.definition,
            "unit": each.measure.unit,
            "in_force": trials.now[place],
            "found": found[place],
            "target": each.target,
            "missing": max(float(each.missing(found[place])), 0.0),
            "best": each.best(every[:, place]),
            "met": "yes" if missing[place] <= 0.0 else "no",
        }
        for place, each in enumerate(trials.wanted)
    )
    city = trials.population
    names = {name: Label(parameters[name].zh, parameters[name].en) for name in levers["parameter"]}
    whole = every[(score.missing(every) <= 0.0).all(axis=1)][:, -1] - trials.now[-1]
    reached = bool((missing <= 0.0).all() and within)
    beyond = [
        bool(each.missing(best_found) > 0.0)
        for each, best_found in zip(trials.wanted, targets["best"].to_numpy(), strict=True)
    ]
    words = verdict(
        targets,
        [names[name] for name in levers.loc[levers["limit"] != "", "parameter"]],
        beyond,
        city.place,
        met=reached,
        cost=cost,
        cheapest=float(whole.min()) if whole.size else None,
    )
    return Reached(
        reached,
        words,
        trials.reform(best.tolist()),
        goal_table("levers", levers, names, city, (LEVER_NOTE,)),
        goal_table("targets", targets, names, city, (of_year(city.year), words)),
        cost,
        goal_table("frontier", frontier(trials, score), names, city),
        len(trials.known),
    )


def _limit(span: Span, position: float) -> str:
    low, high = span.bounds
    if high and position >= high - _BINDING:
        return "high"
    return "low" if low and position <= low + _BINDING else ""
