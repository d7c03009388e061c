"""Designs of an uncertainty analysis: joint draws, one figure at a time, Sobol indices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from olive.analysis.assumed import Assumptions, drawn_assumptions
from olive.analysis.assumed_figure import Assumed
from olive.analysis.many_policies import figures_of
from olive.engine import Operation
from olive.engine.draws import stream_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from olive.analysis.indicators import IndicatorMeasure
    from olive.engine import Policy, Reform
    from olive.population import Population
    from olive.progress import Told

# Changes smaller than this are rounding: far less than a fen, or than a household's share.
NO_CHANGE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """What is asked: a population, the assumed figures of two policies, measures, a seed."""

    population: Population
    assumptions: Assumptions
    measures: tuple[IndicatorMeasure, ...]
    seed: int

    @property
    def drawn(self) -> tuple[Assumed, ...]:
        """The figures that are moved."""
        return self.assumptions.drawn

    def figures(
        self, settings: Sequence[Mapping[str, float]], progress: Told
    ) -> NDArray[np.float64]:
        """Return every measure before and after, shape (settings, 2, measures)."""
        rows = [self.assumptions.policies(each, at) for at, each in enumerate(settings)]
        return figures_of(self.population, rows, seed=self.seed, progress=progress)


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """Measures with every figure as it stands, and under joint draws."""

    standing: NDArray[np.float64]  # (2, measures)
    drawn: NDArray[np.float64]  # (draws, 2, measures)


def joint_figures(study: Study, draws: int, progress: Told = None) -> Joint:
    """Return the measures of a Latin hypercube of all figures together."""
    design = latin_hypercube([each.label for each in study.drawn], draws, study.seed)
    settings = settings_at(study.drawn, design)
    found = study.figures([{}, *settings], progress)
    return Joint(found[0], found[1:])


def joint_pairs(
    cases: Sequence[tuple[Policy, Reform]], wanted: Sequence[str], draws: int, seed: int
) -> list[list[tuple[Policy, Policy]]]:
    """Return policies before and after reforms: as they stand, then under joint draws.

    A figure of the law has the same draws whatever the reform, so that reforms of one policy are
    compared draw by draw. Where nothing is assumed, no draw follows.
    """
    if not draws:
        return [[(policy, policy | reform)] for policy, reform in cases]
    pairs = []
    for found in drawn_assumptions(cases, wanted):
        pairs.append([(found.before, found.after)])
        if found.drawn:
            design = latin_hypercube([each.label for each in found.drawn], draws, seed)
            settings = settings_at(found.drawn, design)
            pairs[-1] += [found.policies(each, at + 1) for at, each in enumerate(settings)]
    return pairs


def settings_at(
    drawn: Sequence[Assumed], probabilities: NDArray[np.float64]
) -> list[dict[str, float]]:
    """Return a setting for each row of probabilities, shape (settings, figures drawn)."""
    columns = [each.quantile(column) for each, column in zip(drawn, probabilities.T, strict=True)]
    labels = [each.label for each in drawn]
    return [dict(zip(labels, map(float, row), strict=True)) for row in zip(*columns, strict=True)]


def latin_hypercube(names: Sequence[str], draws: int, seed: int) -> NDArray[np.float64]:
    """Return a Latin hypercube, shape (draws, names), whose columns know their names.

    A column depends on seed and name alone: one figure more, or another order, leaves the draws of
    all others as they are.

    References
    ----------
    McKay, Beckman and Conover (1979): A comparison of three methods for selecting values of input
    variables in the analysis of output from a computer code. Technometrics 21(2).

    Examples
    --------
    >>> found = latin_hypercube(["rate", "share"], 4, seed=1)
    >>> np.sort(np.floor(4 * found), axis=0).T.tolist()
    [[0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 2.0, 3.0]]
    >>> bool((latin_hypercube(["share"], 4, seed=1)[:, 0] == found[:, 1]).all())
    True
    """
    return np.column_stack([_hypercube_column(name, draws, seed) for name in names])


@lru_cache(maxsize=4096)  # years of a projection draw the same figures
def _hypercube_column(name: str, draws: int, seed: int) -> NDArray[np.float64]:
    # As scipy.stats.qmc, which takes longer to load than a study of a sample takes.
    key = np.random.SeedSequence(stream_key(seed, f"latin hypercube/{name}"))
    generator = np.random.default_rng(*key.spawn(1))
    within, order = generator.uniform(size=draws), np.arange(1, draws + 1)
    generator.shuffle(order)
    column: NDArray[np.float64] = (order - within) / draws
    return column


def one_at_a_time_figures(
    study: Study, progress: Told = None, *, drawn_only: bool = False
) -> tuple[NDArray[np.float64], list[str], NDArray[np.float64]]:
    """Return the changes at both ends of each figure, and of each clause.

    Returns
    -------
    ends : float64 array, shape (1 + 2 x figures, measures)
        Change with every figure as it stands, then with each at its low and its high end: those
        drawn, then switches and open levers unless only those drawn are wanted.
    clauses : list of str
    by_clause : float64 array, shape (clauses, 2, measures)
        Change by each clause alone, and by all the others without it.
    """
    settings: list[dict[str, float]] = [{}]
    found = study.assumptions
    for each in found.drawn if drawn_only else (*found.drawn, *found.singly):
        settings += [{each.label: each.low}, {each.label: each.high}]
    clauses = list(dict.fromkeys(_clause(each) for each in found.reform.operations))
    clauses = [] if drawn_only or len(clauses) < 2 else clauses
    rows = [found.policies(each, at) for at, each in enumerate(settings)]
    for clause in clauses:
        for inside in (True, False):
            part = [each for each in found.reform.operations if (_clause(each) == clause) == inside]
            rows.append((found.before, found.before | found.reform.with_operations(part)))
    values = figures_of(study.population, rows, seed=study.seed, progress=progress)
    changes = values[:, 1] - values[:, 0]
    ends, by_clause = changes[: len(settings)], changes[len(settings) :]
    return ends, clauses, by_clause.reshape(-1, 2, len(study.measures))


def _clause(operation: Operation) -> str:
    return str(operation.clause or operation.parameter)


def sobol_indices(
    study: Study, base: int, progress: Told = None
) -> tuple[dict[str, NDArray[np.float64]], int]:
    """Return Sobol indices of the change of each measure, and the number of draws.

    Returns
    -------
    indices : dict of str to float64 array, shape (measures, figures drawn)
        ``S1``, ``S1_conf``, ``ST``, ``ST_conf`` as SALib names them; missing where nothing moves.
    draws : int
    """
    from SALib.analyze import sobol as analysis  # noqa: PLC0415 - only this method needs it
    from SALib.sample import sobol as design  # noqa: PLC0415

    names = [each.label for each in study.drawn]
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    points = design.sample(problem, base, calc_second_order=False, seed=study.seed)
    found = study.figures(settings_at(study.drawn, points), progress)
    changes = found[:, 1] - found[:, 0]
    indices = {
        key: np.full((len(study.measures), len(names)), np.nan)
        for key in ("S1", "S1_conf", "ST", "ST_conf")
    }
    for place, change in enumerate(changes.T):
        if np.isfinite(change).all() and np.ptp(change) > NO_CHANGE:
            # SALib takes a seed of 0 for none, and errors would differ from run to run.
            seed = study.seed + 1
            one = analysis.analyze(problem, change, calc_second_order=False, seed=seed)
            for key, values in indices.items():
                values[place] = one[key]
    return indices, len(points)
