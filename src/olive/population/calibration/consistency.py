"""Do the targets agree with each other? Redundant targets, conflicts, and totals of blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg

from olive.errors import CalibrationError, nearest
from olive.messages import Message
from olive.population.calibration.equations import FloatArray
from olive.population.measures.published_figures import PublishedFigure

INDEPENDENT = 1e-9
AGREEMENT = 1e-6
NEGLIGIBLE = 1e-6
SHOWN_TERMS = 8


@dataclass(frozen=True)
class Dependency:
    """A target that is a combination of others, for whatever weights.

    Attributes
    ----------
    position
        The dependent target.
    others, coefficients
        The targets that determine it, and how.
    implied
        Value that the others imply.
    stated
        Value of the target itself.
    conflict
        Whether the two differ by more than all tolerances explain.
    """

    position: int
    others: tuple[int, ...]
    coefficients: tuple[float, ...]
    implied: float
    stated: float
    conflict: bool


def find_dependencies(
    gram: FloatArray, totals: FloatArray, tolerance: FloatArray, scale: FloatArray
) -> list[Dependency]:
    """Find targets that are combinations of those before them, exact targets first.

    Parameters
    ----------
    gram
        Scaled cross products under the starting weights; shape (targets, targets).
    totals, tolerance, scale
        Value, relative tolerance and scale factor of each target.

    Notes
    -----
    A Cholesky factorisation that leaves out a row when its remainder, as a share of the squared
    length of the row, is below 1e-9.
    """
    length = np.sqrt(np.diag(gram))
    correlation = gram / np.outer(length, length)
    order = sorted(range(len(totals)), key=lambda position: (tolerance[position] > 0.0, position))
    kept: list[int] = []
    factor = np.zeros_like(gram)
    found: list[Dependency] = []
    for position in order:
        size = len(kept)
        known = factor[:size, :size]
        row = linalg.solve_triangular(known, correlation[kept, position], lower=True)
        remainder = 1.0 - float(row @ row)
        if remainder > INDEPENDENT:
            factor[size, :size], factor[size, size] = row, np.sqrt(remainder)
            kept.append(position)
            continue
        share = linalg.solve_triangular(known.T, row, lower=False)
        scaled = share * length[position] / length[kept]
        raw = scaled * scale[kept] / scale[position]
        found.append(_dependency(position, kept, raw, totals, tolerance))
    return found


def _dependency(
    position: int, kept: list[int], raw: FloatArray, totals: FloatArray, tolerance: FloatArray
) -> Dependency:
    parts = raw * totals[kept]
    stated, implied = float(totals[position]), float(parts.sum())
    size = max(abs(stated), float(np.abs(parts).max(initial=0.0)))
    takes_part = np.abs(parts) > NEGLIGIBLE * size
    of_others = float(np.abs(parts[takes_part]) @ tolerance[kept][takes_part])
    allowed = AGREEMENT * size + tolerance[position] * abs(stated) + of_others
    others = tuple(np.array(kept)[takes_part].tolist())
    shares = tuple(raw[takes_part].tolist())
    return Dependency(position, others, shares, implied, stated, abs(implied - stated) > allowed)


def describe(dependency: Dependency, targets: Sequence[PublishedFigure]) -> str:
    """Say what a dependent target should be, and why; whole blocks are written as one term.

    Examples
    --------
    >>> def count(name):
    ...     return PublishedFigure(name, "person", "count", "", 1, 2020, "1", "", "published", 0)
    >>> describe(
    ...     Dependency(2, (0, 1), (1.0, -1.0), 40.0, 50.0, True),
    ...     [count("all"), count("men"), count("women")],
    ... )
    "'women' is stated as 50, but all - men = 40 (-20.00%)"
    """
    terms = [*_terms(dependency, targets)]
    written = ""
    for coefficient, name in terms[:SHOWN_TERMS]:
        sign = "-" if coefficient < 0.0 else "+"
        factor = "" if abs(abs(coefficient) - 1.0) < 1e-4 else f"{abs(coefficient):.4g} "
        written += f" {sign} {factor}{name}"
    if len(terms) > SHOWN_TERMS:
        written += Message(" and {number} more terms", len(terms) - SHOWN_TERMS)
    return Message(
        "{id!r} is stated as {stated:,.10g}, but {written} = {implied:,.10g} ({gap:+.2%})",
        targets[dependency.position].id,
        dependency.stated,
        written.removeprefix(" + ").strip(),
        dependency.implied,
        (dependency.implied - dependency.stated) / (abs(dependency.stated) or 1.0),
    )


def _terms(
    dependency: Dependency, targets: Sequence[PublishedFigure]
) -> Iterator[tuple[float, str]]:
    """Yield coefficients and names; a block that enters whole with one coefficient is one term."""
    factors = dict(zip(dependency.others, dependency.coefficients, strict=True))
    for name, positions in _blocks(targets).items():
        members = [position for position in positions if position in factors]
        used = [factors[position] for position in members]
        if len(positions) == len(used) > 1 and max(used) - min(used) <= 1e-6 * abs(used[0]):
            yield used[0], Message("the sum of {name!r}", name)
        else:
            yield from zip(used, (targets[position].id for position in members), strict=True)


def _blocks(targets: Sequence[PublishedFigure]) -> dict[str, list[int]]:
    """Return the positions of the targets of each block; a target without one is its own."""
    blocks: dict[str, list[int]] = {}
    for position, target in enumerate(targets):
        blocks.setdefault(target.block or target.id, []).append(position)
    return blocks


@dataclass(frozen=True)
class BlockTotal:
    """A block (or a target without one): its members and the sum of their values."""

    name: str
    members: tuple[int, ...]
    total: float


def equal_blocks(
    design: FloatArray, targets: Sequence[PublishedFigure], totals: FloatArray
) -> list[list[BlockTotal]]:
    """Group blocks whose rows add up to the same thing, household by household.

    Returns
    -------
    list of lists
        Blocks that must have the same total; only groups of two or more.
    """
    groups: list[tuple[FloatArray, list[BlockTotal]]] = []
    for name, positions in _blocks(targets).items():
        whole = design[positions].sum(axis=0) if len(positions) > 1 else design[positions[0]]
        block = BlockTotal(name, tuple(positions), float(totals[positions].sum()))
        for same, blocks in groups:
            if np.allclose(whole, same, rtol=1e-9, atol=0.0):
                blocks.append(block)
                break
        else:
            groups.append((whole, [block]))
    return [blocks for _, blocks in groups if len(blocks) > 1]


def block_conflicts(
    groups: Iterable[Iterable[BlockTotal]], tolerance: FloatArray
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield blocks that divide the same whole but have different totals, with all their targets."""
    for blocks in groups:
        first, *rest = blocks
        for other in rest:
            allowed = AGREEMENT + max(tolerance[[*first.members, *other.members]])
            if abs(other.total - first.total) > allowed * abs(first.total):
                text = Message(
                    "{name!r} sums to {total:,.10g}, {name2!r} to {total2:,.10g} "
                    "({total3:+.2%}), though both add up the same rows",
                    other.name,
                    other.total,
                    first.name,
                    first.total,
                    other.total / first.total - 1.0,
                )
                yield text, (*first.members, *other.members)


def harmonized(
    design: FloatArray, targets: Sequence[PublishedFigure], totals: FloatArray, reference: str
) -> FloatArray:
    """Scale every block that divides the same whole as the reference to the reference's total.

    Parameters
    ----------
    reference
        Name of a block, or identifier of a target without one.

    Raises
    ------
    CalibrationError
        If the reference is unknown.
    """
    names = sorted(_blocks(targets))
    if reference not in names:
        hint = nearest(reference, names)
        raise CalibrationError("harmonize: no block or target {reference!r}{hint}", reference, hint)
    adjusted = totals.copy()
    for blocks in equal_blocks(design, targets, totals):
        leading = [block for block in blocks if block.name == reference]
        for block in blocks if leading else []:
            adjusted[list(block.members)] *= leading[0].total / block.total
    return adjusted
