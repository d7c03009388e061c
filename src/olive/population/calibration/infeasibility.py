"""From targets as stated to a system that can be solved, and its solution.

What cannot be met is proved and named before it is given up: targets out of reach within the
bounds, targets that contradict each other for any weights, and targets that cannot be met together
within the bounds. Only those are relaxed, and only when that was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from olive.errors import CalibrationError, InfeasibleError
from olive.messages import Message, joined
from olive.population.calibration.consistency import (
    Dependency,
    block_conflicts,
    describe,
    equal_blocks,
    find_dependencies,
)
from olive.population.calibration.distances import DistanceFunction
from olive.population.calibration.equal_rows import equal_rows
from olive.population.calibration.equations import FloatArray, System
from olive.population.calibration.feasibility import offenders, reach
from olive.population.calibration.newton import Solution, solve
from olive.population.calibration.result import LARGEST_SHARE_AT_BOUNDS, share_at_bounds
from olive.population.calibration.targets import Targets

SOFT_TOLERANCE = 0.01
EASINGS = 6
WAYS_OUT = Message(
    "Check the figures, scale one block to another with harmonize=, widen the bounds, give the "
    "targets a tolerance, or let on_infeasible='soften' (--soften) relax only these."
)
SHOWN = 6


@dataclass(frozen=True)
class Request:
    """Everything that a calibration was asked for, so that it can be repeated without a target.

    Attributes
    ----------
    design
        What each household with a positive weight adds to each target.
    start, used, households
        Their starting weights, their rows in the household table, and the rows of that table.
    multipliers
        Where to start, by target; empty for the starting weights.
    units
        What `start` counts in each household that is used: 1, or its persons, by whose number
        `start` is then multiplied and the columns of `design` are divided.
    """

    design: FloatArray
    targets: Targets
    start: FloatArray
    used: NDArray[np.int64]
    households: int
    link: DistanceFunction
    soften: bool
    harmonize: str | None
    held_out: frozenset[str]
    year: int | None
    precision: float
    max_iterations: int
    began: float
    units: FloatArray
    multipliers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Settled:
    """A solved system and what was found and decided on the way.

    Attributes
    ----------
    system, solution
        Without redundant targets.
    tolerance
        Tolerance used, by position among all targets.
    softened, redundant
        Positions among all targets.
    conflicts
        Contradictions and impossibilities, in words.
    """

    system: System
    solution: Solution
    tolerance: FloatArray
    softened: tuple[int, ...]
    redundant: tuple[int, ...]
    conflicts: tuple[str, ...]


@dataclass(frozen=True)
class _State:
    """The system of all targets in the fit, and what was relaxed so far."""

    system: System
    gram: FloatArray
    softened: NDArray[np.bool_]
    conflicts: tuple[str, ...] = ()

    def soften(self, members: Iterable[int], tolerance: FloatArray, text: str) -> _State:
        """Relax some targets (positions in the system) to at least a tolerance."""
        chosen = np.zeros(len(self.softened), dtype=np.bool_)
        chosen[list(members)] = True
        looser = np.maximum(self.system.tolerance, np.maximum(tolerance, SOFT_TOLERANCE))
        return replace(
            self,
            system=self.system.with_tolerance(np.where(chosen, looser, self.system.tolerance)),
            softened=self.softened | chosen,
            conflicts=(*self.conflicts, text),
        )


def settle(request: Request, totals: FloatArray) -> Settled:
    """Solve a request, relaxing what is proved to be impossible if that was asked for.

    Parameters
    ----------
    request
        The request.
    totals
        Value of each target, after harmonising.

    Raises
    ------
    CalibrationError
        If a target selects no row.
    InfeasibleError
        If something is impossible and was not to be relaxed.
    """
    alike = equal_rows(request.design, request.start)
    if alike is not None:
        request = replace(request, design=alike.design, start=alike.start)
    state = _initial(request, totals)
    state = _check_reach(request, state)
    while True:
        state, kept = _check_conflicts(request, state)
        system = state.system.keep(kept)
        binding = (~state.softened[kept]).astype(np.float64)
        known = [request.multipliers.get(_id(request, row), 0.0) for row in system.rows]
        solution = solve(
            system, request.precision, request.max_iterations, np.array(known), binding
        )
        if solution.status != "infeasible":
            break
        state = _give_up(request, state, system, solution, binding)
    units = None if alike is None else alike.units
    system, solution = _ease(request, system, solution, binding, units)
    if alike is not None:
        solution = replace(solution, ratio=solution.ratio[alike.group])
    every = state.system.rows
    tolerance = np.array([target.tolerance for target in request.targets])
    tolerance[system.rows] = system.tolerance
    softened = tuple(every[state.softened].tolist())
    redundant = tuple(every[~kept].tolist())
    return Settled(system, solution, tolerance, softened, redundant, state.conflicts)


def _ease(
    request: Request,
    system: System,
    solution: Solution,
    binding: FloatArray,
    count: FloatArray | None,
) -> tuple[System, Solution]:
    """Relax the relaxed targets further while chasing them drives many units to the bounds.

    The closest approach to an impossible target is bought with extreme weights; a share of units
    at the bounds above `LARGEST_SHARE_AT_BOUNDS` is too high a price. ``count`` says how many units
    each ratio is of.
    """
    relaxed = binding == 0.0
    for _ in range(EASINGS):
        crowded = share_at_bounds(request.link, solution.ratio, count) > LARGEST_SHARE_AT_BOUNDS
        if not (crowded and relaxed.any() and solution.status == "converged"):
            break
        looser = np.where(relaxed, 2.0 * system.tolerance, system.tolerance)
        eased, start = system.with_tolerance(looser), solution.multipliers
        found = solve(eased, request.precision, request.max_iterations, start, binding)
        if found.status != "converged":
            break
        found = replace(found, iterations=solution.iterations + found.iterations)
        system, solution = eased, found
    return system, solution


def _id(request: Request, row: int) -> str:
    return request.targets.items[row].id


def _initial(request: Request, totals: FloatArray) -> _State:
    """Set up the system of all targets in the fit, refusing empty cells."""
    targets = request.targets.items
    design, start = request.design, request.start
    reached = design @ start != 0.0
    for row in np.flatnonzero(~reached):
        # A sum may be zero because its parts cancel.
        reached[row] = bool(np.any(design[row]))
    in_fit = np.array([target.id not in request.held_out for target in targets])
    for row in np.flatnonzero(in_fit & ~reached & (totals != 0.0)):
        target = targets[row]
        raise CalibrationError(
            "Empty cell: target {id!r} asks for {totals:,.10g} {unit}, but no "
            "{entity} with a positive weight adds to it (measure {measure!r}, where "
            "{where!r}). Merge it with another cell or leave it out.",
            target.id,
            totals[row],
            target.unit,
            target.entity,
            target.measure,
            target.where,
        )
    rows = np.flatnonzero(in_fit & reached)
    # What one hundred per cent of each target is: its value or, if that is 0, its start.
    size = totals.copy()
    size[totals == 0.0] = [np.abs(row) @ start for row in design[totals == 0.0]]
    tolerance = np.array([targets[row].tolerance for row in rows])
    system = System(design, rows, totals[rows], size[rows], start, tolerance, request.link)
    return _State(system, system.gram(start), np.zeros(len(rows), dtype=np.bool_))


def _check_reach(request: Request, state: _State) -> _State:
    """Find targets that no weights within the bounds can meet, each taken alone."""
    system = state.system
    low, high = reach(system)
    best = np.clip(system.totals, low, high)
    gap = np.abs(best - system.totals) / np.abs(system.size)
    beyond = np.flatnonzero(gap > np.maximum(system.tolerance, 1e-9))
    if not beyond.size:
        return state
    texts = [
        Message(
            "{id!r} is {totals:,.10g}, but ratios within ({low:g}, {high:g}) reach "
            "only {low2:,.10g} to {high2:,.10g}",
            _id(request, system.rows[place]),
            system.totals[place],
            system.link.low,
            system.link.high,
            low[place],
            high[place],
        )
        for place in beyond
    ]
    _refuse_unless_softened(request, Message("out of reach"), texts, system.rows[beyond])
    return state.soften(beyond, gap, "; ".join(texts))


def _check_conflicts(request: Request, state: _State) -> tuple[_State, NDArray[np.bool_]]:
    """Find redundant targets (to be left out) and targets that contradict each other."""
    while True:
        system = state.system
        found = find_dependencies(state.gram, system.totals, system.tolerance, system.scale)
        # A conflict that a relaxed target takes part in is settled by that target.
        fresh = [
            each for each in found if each.conflict and not state.softened[_members(each)].any()
        ]
        if not fresh:
            break
        texts, members = _explain(request, state, fresh)
        _refuse_unless_softened(request, "in conflict", texts, system.rows[sorted(members)])
        state = state.soften(members, np.zeros(len(system.rows)), "; ".join(texts))
    kept = np.ones(len(system.rows), dtype=np.bool_)
    for dependency in found:
        kept[dependency.position] = system.tolerance[dependency.position] > 0.0
    return state, kept


def _members(dependency: Dependency) -> list[int]:
    return [dependency.position, *dependency.others]


def _explain(
    request: Request, state: _State, conflicts: list[Dependency]
) -> tuple[list[str], set[int]]:
    """Say in words which targets disagree: by block totals where those tell the whole story."""
    system = state.system
    targets = [request.targets.items[row] for row in system.rows]
    groups = equal_blocks(request.design[system.rows], targets, system.totals)
    involved = [set(_members(dependency)) for dependency in conflicts]
    by_block = [
        (text, set(block))
        for text, block in block_conflicts(groups, system.tolerance)
        if any(members <= set(block) for members in involved)
    ]
    texts = [text for text, _ in by_block]
    for dependency, members in zip(conflicts, involved, strict=True):
        if not any(members <= block for _, block in by_block):
            texts.append(describe(dependency, targets))
    return texts, set().union(*involved, *(block for _, block in by_block))


def _give_up(
    request: Request, state: _State, system: System, solution: Solution, binding: FloatArray
) -> _State:
    """Name the targets that the proof is about, and relax them if that was asked for."""
    guilty = offenders(system, solution.proof, binding)
    misses = np.abs(system.misses(system.start * solution.ratio))
    alone = reach(system.keep(np.isin(np.arange(len(system.rows)), guilty)))
    texts = [
        Message(
            "{id!r} ({totals:,.10g}; alone it could be {low:,.10g} to {high:,.10g})",
            _id(request, system.rows[place]),
            system.totals[place],
            low,
            high,
        )
        for place, low, high in zip(guilty, *alone, strict=True)
    ]
    link = system.link
    kind = Message("impossible together within the bounds ({low:g}, {high:g})", link.low, link.high)
    _refuse_unless_softened(request, kind, texts, system.rows[guilty])
    places = np.flatnonzero(np.isin(state.system.rows, system.rows[guilty]))
    tolerance = np.zeros(len(state.system.rows))
    tolerance[places] = misses[guilty]
    return state.soften(places, tolerance, f"{kind}: {'; '.join(texts)}")


def _refuse_unless_softened(
    request: Request, kind: str, texts: Sequence[str], rows: NDArray[np.int64]
) -> None:
    if request.soften:
        return
    shown = joined(texts[:SHOWN], "; ")
    left = len(texts) - SHOWN
    more = Message("; and {number} more", left) if left > 0 else ""
    message = Message("Targets are {kind}: {shown}{more}. {ways_out}", kind, shown, more, WAYS_OUT)
    raise InfeasibleError(message, tuple(_id(request, int(row)) for row in rows))
