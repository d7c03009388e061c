"""The tables of the Individual Income Tax Law as tax offices use them, with quick deductions."""

from __future__ import annotations

# Rate and quick deduction of each bracket: rate tables 1 and 2 at the end of the law.
COMPREHENSIVE = [
    (0.03, 0),
    (0.10, 2_520),
    (0.20, 16_920),
    (0.25, 31_920),
    (0.30, 52_920),
    (0.35, 85_920),
    (0.45, 181_920),
]
OPERATING = [(0.05, 0), (0.10, 1_500), (0.20, 10_500), (0.30, 40_500), (0.35, 65_500)]


def by_quick_deduction(income: float, table: list[tuple[float, float]] = COMPREHENSIVE) -> float:
    """Return the tax on an income: the largest of rate x income - quick deduction."""
    return max(rate * max(income, 0.0) - quick for rate, quick in table)
