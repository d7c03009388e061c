"""Can the targets be met at all? Reach of each target alone, and proofs for several together.

By Farkas' lemma the targets cannot all be met with ratios within the bounds if some combination of
them asks for more than the bounds allow: the largest value of the combined rows over all ratios
within the bounds is below the combined targets. Such a combination is a proof, whoever found it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from olive.population.calibration.equations import FloatArray, System

MARGIN = 1e-9


def reach(system: System) -> tuple[FloatArray, FloatArray]:
    """Smallest and largest value that each target can take alone, within the bounds.

    Returns
    -------
    low, high : numpy.ndarray
        Shape (targets,), in the units of the targets; may be infinite.
    """
    positive = np.zeros(len(system.rows))
    negative = np.zeros(len(system.rows))
    for part, columns in system.blocks():
        weights = system.start[part]
        whole = columns @ weights
        below = np.minimum(columns, 0.0) @ weights if columns.min(initial=0.0) < 0.0 else 0.0
        positive += whole - below
        negative += below
    link = system.link
    low = _times(link.low, positive) + _times(link.high, negative)
    high = _times(link.high, positive) + _times(link.low, negative)
    return low, high


def _times(bound: float, amount: FloatArray) -> FloatArray:
    """Multiply by a bound that may be infinite, where nothing times infinity is nothing."""
    product = np.zeros_like(amount)
    np.multiply(bound, amount, out=product, where=np.abs(amount) > 0.0)
    return product


def proves_infeasible(
    system: System, multipliers: FloatArray, scores: FloatArray, binding: FloatArray | None = None
) -> bool:
    """Whether the multipliers combine the targets into a proof that they cannot all be met.

    Parameters
    ----------
    multipliers, scores
        The combination, and the score of each unit under it.
    binding
        1 for targets that may take part in the proof; with any 0 the scores are recomputed.
    """
    if not np.isfinite(system.link.high):
        return False
    if binding is not None and not np.all(binding > 0.0):
        multipliers = multipliers * binding
        scores = system.scores(multipliers)
    return _excess(system, multipliers, scores) > 0.0


def _excess(system: System, multipliers: FloatArray, scores: FloatArray) -> float:
    """By how much the combined targets exceed what the bounds allow; positive is a proof."""
    link = system.link
    highest = np.where(scores > 0.0, link.high * scores, link.low * scores)
    allowed = float(system.start @ highest) / system.mass
    asked = float(system.goal @ multipliers - system.tolerance @ np.abs(multipliers))
    return asked - allowed - MARGIN * (abs(asked) + abs(allowed))


def offenders(
    system: System, multipliers: FloatArray, binding: FloatArray | None = None
) -> NDArray[np.int64]:
    """Positions of few targets that already cannot be met together.

    Targets are added by the size of their multiplier until they are a proof on their own; then
    each one that the proof can do without is taken out again.

    Returns
    -------
    numpy.ndarray
        Positions among the targets of the system, in rising order.
    """
    usable = multipliers if binding is None else multipliers * binding
    scores = np.zeros(len(system.start))
    chosen: list[int] = []
    scale = system.scale
    for position in np.argsort(-np.abs(usable), kind="stable"):
        chosen.append(int(position))
        scores += usable[position] * scale[position] * system.design[system.rows[position]]
        if _excess(system, _only(usable, chosen), scores) > 0.0:
            break
    for position in list(chosen[:-1]):
        without = scores - usable[position] * scale[position] * system.design[system.rows[position]]
        rest = [other for other in chosen if other != position]
        if _excess(system, _only(usable, rest), without) > 0.0:
            chosen, scores = rest, without
    return np.array(sorted(chosen), dtype=np.int64)


def _only(multipliers: FloatArray, chosen: list[int]) -> FloatArray:
    kept = np.zeros_like(multipliers)
    kept[chosen] = multipliers[chosen]
    return kept
