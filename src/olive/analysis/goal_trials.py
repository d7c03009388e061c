"""Policies that a goal-seek has simulated, and how far they are from what is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from olive.analysis.goal_levers import Span, Wanted
from olive.analysis.indicators import income_variables
from olive.analysis.many_policies import reduced
from olive.analysis.public_purse import all_instruments, instruments_of, public_cost, totals_of
from olive.engine import Reform
from olive.errors import DataError
from olive.messages import joined
from olive.native.cores import available_cores
from olive.simulation import simulate

if TYPE_CHECKING:
    from olive.engine import Policy
    from olive.population import Population
    from olive.progress import Told

FloatArray = NDArray[np.float64]
Objective = Literal["smallest_change", "least_cost", "nearest"]
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)

_AT_A_TIME = 64  # policies simulated together
_SHORT_OF = 1e3  # what a policy that misses a target counts more than any that meets all


@dataclass(frozen=True, eq=False)
class Trials:
    """Policies that were simulated, by the positions of their levers; each only once."""

    population: Population
    policy: Policy
    spans: Sequence[Span]
    wanted: tuple[Wanted, ...]
    seed: int
    progress: Told
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

    @cached_property
    def now(self) -> FloatArray:
        """Indicators and public cost in force."""
        return np.asarray(self.at(np.zeros((1, len(self.spans))))[0])

    def every(self) -> tuple[FloatArray, FloatArray]:
        """Return the positions simulated so far, and what was found at each."""
        return np.array(list(self.known)), np.array(list(self.known.values()))

    def reform(self, positions: Sequence[float]) -> Reform:
        """Return the reform that moves the levers to positions."""
        moved = [
            span.operation(position)
            for span, position in zip(self.spans, positions, strict=True)
            if position
        ]
        return Reform.from_operations(moved, label="reached", zh="目标求解")

    def _simulate(self, keys: list[tuple[float, ...]]) -> None:
        instruments = instruments_of([self.policy])
        measures = [each.measure for each in self.wanted]
        result = simulate(
            self.population,
            [self.policy | self.reform(key) for key in keys],
            outputs=income_variables(self.population.place, measures),
            totals=all_instruments([self.policy]),
            seed=self.seed,
        )
        figures = reduced(result, measures, available_cores())
        for place, (key, own) in enumerate(zip(keys, figures, strict=True)):
            cost = public_cost(totals_of(result, place), instruments)
            self.known[key] = np.append(own, cost)


@dataclass(frozen=True, slots=True)
class Score:
    """What the search makes small: first what is missing, then the objective."""

    wanted: tuple[Wanted, ...]
    budget: float | None
    objective: Objective

    def missing(self, found: FloatArray) -> FloatArray:
        """Return what is missing to each target, as a share of it; 0 and less where it is met."""
        columns = zip(self.wanted, found.T, strict=False)  # the last is the cost
        return np.column_stack([each.missing(own) / each.target for each, own in columns])

    def short(self, found: FloatArray, cost_now: float) -> FloatArray:
        """Return how much is missing in all, the budget among it."""
        missing = np.nan_to_num(self.missing(found), nan=1.0)
        short = np.maximum(missing, 0.0).sum(axis=1)
        if self.budget is not None:
            over = (found[:, -1] - cost_now - self.budget) / max(abs(self.budget), 1.0)
            short = short + np.maximum(over, 0.0)
        return np.asarray(short)

    def ranked(self, trials: Trials, positions: FloatArray) -> FloatArray:
        """Return the score of rows of positions: short of a target first, then the objective."""
        found, cost_now = trials.at(positions), float(trials.now[-1])
        short = self.short(found, cost_now)
        match self.objective:
            case "smallest_change":
                value = np.abs(positions).sum(axis=1) / len(trials.spans)
            case "least_cost":
                cost = found[:, -1] - cost_now
                value = np.arctan(cost / 1e9)  # bounded and rising: only the order counts
            case "nearest":
                value = self.missing(found).max(axis=1)
        return np.where(short > 0.0, _SHORT_OF * (1.0 + short), value)


def refuse_idle(trials: Trials) -> None:
    """Refuse levers that move neither an indicator nor the public purse, each by itself."""
    count = len(trials.spans)
    ends = np.zeros((1 + count, count))
    for place, span in enumerate(trials.spans):
        ends[1 + place, place] = span.bounds[1] or span.bounds[0]
    found = trials.at(ends)
    idle = [
        span.parameter
        for place, span in enumerate(trials.spans)
        if (found[1 + place] == found[0]).all()
    ]
    if idle:
        raise DataError(
            "these levers move nothing by themselves: {idle}; leave them out, or set "
            "what they need first (`olive plan --coverage` says what they wait for)",
            joined(idle),
        )
