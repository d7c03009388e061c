"""Damped Newton iterations on the dual of the calibration problem.

The dual is smooth and convex, so that Newton steps shortened by Armijo's rule reach its minimum
from anywhere, if there is one. If there is none, the multipliers grow along a direction that
proves it, and the iteration stops with that proof.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from olive.population.calibration.equations import FloatArray, System
from olive.population.calibration.feasibility import proves_infeasible

ARMIJO = 1e-4
SHORTEST_STEP = 1e-9
ROUNDING = 1e-13
FIRST_PROOF = 3
# Powers of ten that are added to the scaled diagonal.
DAMPINGS = (-14, -9, -5, -2)


@dataclass(frozen=True)
class Solution:
    """Where the iteration ended.

    Attributes
    ----------
    multipliers
        One a target that takes part, for scaled targets.
    ratio
        New over starting weight of each unit.
    iterations
        Newton steps taken.
    status
        ``"converged"``, ``"infeasible"`` (proved), or ``"stopped"``.
    gram
        Last matrix of second derivatives.
    proof
        Combination of the targets that proves them infeasible; zero otherwise.
    """

    multipliers: FloatArray
    ratio: FloatArray
    iterations: int
    status: str
    gram: FloatArray
    proof: FloatArray


def solve(
    system: System,
    precision: float,
    max_iterations: int,
    multipliers: FloatArray | None = None,
    binding: FloatArray | None = None,
) -> Solution:
    """Minimise the dual.

    Parameters
    ----------
    system
        Without exactly collinear rows among targets of tolerance 0.
    precision
        Largest relative miss (beyond what the tolerance explains) at which to stop.
    max_iterations
        Largest number of Newton steps.
    multipliers
        Where to start; by default 0, the starting weights.
    binding
        1 for targets that a proof of infeasibility may use, 0 for the others; by default all.
    """
    count = len(system.rows)
    point = np.zeros(count) if multipliers is None else multipliers
    place = _Place(point, system.scores(point))
    value = system.dual(place.scores, place.multipliers)
    gram, proof = np.eye(count), np.zeros(count)
    status = "stopped"
    iteration = 0
    while True:
        ratio = system.link.ratio(place.scores)
        gradient = system.misses(system.start * ratio) + system.penalty * place.multipliers
        if np.max(np.abs(gradient), initial=0.0) <= precision:
            status = "converged"
            break
        if iteration >= FIRST_PROOF and proves_infeasible(
            system, place.multipliers, place.scores, binding
        ):
            status, proof = "infeasible", place.multipliers
            break
        if iteration == max_iterations:
            break
        gram = system.gram(system.start * system.link.slope(place.scores))
        ahead, step, value = _next_step(system, place, value, gram, gradient)
        if step == 0.0:
            if proves_infeasible(system, ahead.multipliers, ahead.scores, binding):
                status, proof = "infeasible", ahead.multipliers
            break
        place = place.moved(ahead, step)
        iteration += 1
    return Solution(place.multipliers, ratio, iteration, status, gram, proof)


@dataclass(frozen=True)
class _Place:
    """Multipliers with the scores that they give, or a direction with its change of scores."""

    multipliers: FloatArray
    scores: FloatArray

    def moved(self, ahead: _Place, step: float) -> _Place:
        multipliers = self.multipliers + step * ahead.multipliers
        return _Place(multipliers, self.scores + step * ahead.scores)


def _next_step(
    system: System, place: _Place, value: float, gram: FloatArray, gradient: FloatArray
) -> tuple[_Place, float, float]:
    """Newton direction, step length, dual after it; a flat dual is given more and more curvature.

    When nothing lowers the dual enough, the step is 0 and the direction is the undamped one, along
    which the dual falls for ever if the targets are infeasible.
    """
    matrix = gram + np.diag(system.penalty)
    first: _Place | None = None
    for damping in DAMPINGS:
        direction = _newton_direction(matrix, gradient, damping)
        ahead = _Place(direction, system.scores(direction))
        step, after = _armijo_step(system, place, value, ahead, float(gradient @ direction))
        if step > 0.0:
            return ahead, step, after
        first = first or ahead
    assert first is not None
    return first, 0.0, value


def _newton_direction(matrix: FloatArray, gradient: FloatArray, damping: int) -> FloatArray:
    """Solve with a Jacobi-scaled Cholesky factor, adding to the diagonal until there is one."""
    diagonal = np.diag(matrix)
    largest = float(diagonal.max(initial=0.0)) or 1.0
    scale = 1.0 / np.sqrt(np.maximum(diagonal, largest * 10.0**damping))
    scaled = matrix * np.outer(scale, scale)
    for exponent in range(damping, 3):
        damped = scaled + 10.0**exponent * np.eye(len(scaled))
        try:
            factor = linalg.cho_factor(damped, lower=True)
        except linalg.LinAlgError:
            continue
        return np.asarray(-scale * linalg.cho_solve(factor, scale * gradient))
    return -gradient


def _armijo_step(
    system: System, here: _Place, value: float, ahead: _Place, descent: float
) -> tuple[float, float]:
    """Longest of the steps 1, 1/2, 1/4, ... that lowers the dual enough, and the dual after it.

    0, and the dual as it is, if none does.
    """
    # Close to the minimum the decrease is smaller than the rounding of the dual itself.
    slack = ROUNDING * (1.0 + abs(value))
    step = 1.0
    while step > SHORTEST_STEP:
        there = here.moved(ahead, step)
        changed = system.dual(there.scores, there.multipliers)
        if np.isfinite(changed) and changed <= value + ARMIJO * step * descent + slack:
            return step, changed
        step *= 0.5
    return 0.0, value
