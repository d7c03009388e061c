"""Figures of the incomes of one policy: values and weights that several share are checked once."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from olive.errors import DataError

if TYPE_CHECKING:
    from olive.analysis.growth import GrowthNeeded
    from olive.places.plan import Target
    from olive.statistics import Sample


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure under every policy of a result.

    Attributes
    ----------
    id : str
        For example ``"share_10_50"``.
    definition : str
        How units are counted: one of the four share definitions, ``"persons"``, or
        ``"households"`` for the statistical bureau's median.
    unit : str
        ``"yuan/year"``, ``"1"`` (shares are fractions of 1), or ``"ratio"``.
    values : tuple of float
        In the order of the policies.
    target : Target or None
    growth : GrowthNeeded or None
        What the target still needs under one policy, by default the last.
    line : float or None
        Poverty line, yuan per head and year.
    samples : tuple of int
        Sample households that the figure rests on under each policy: those within the bracket or
        below the line, else all.
    others : tuple of int
        Sample households counted beside those: outside the bracket or not below the line; 0 for
        figures of all.
    """

    id: str
    definition: str
    unit: str
    values: tuple[float, ...]
    target: Target | None = None
    growth: GrowthNeeded | None = None
    line: float | None = None
    samples: tuple[int, ...] = ()
    others: tuple[int, ...] = ()


# What figures are computed from, such as the incomes of one policy.
Given_contra = TypeVar("Given_contra", contravariant=True)


class Figure(Protocol[Given_contra]):
    """What is computed from values and weights, which several figures may share."""

    @property
    def basis_key(self) -> Hashable:
        """What tells its basis from others."""

    def samples(self, one: Given_contra, /) -> Mapping[Hashable, Sample]:
        """Return its values and weights by its key, and others that come with them."""

    def of(self, sample: Sample, /) -> float:
        """Return the figure of a sample of them."""


def figures(every: Sequence[Figure[Given_contra]], one: Given_contra) -> list[float]:
    """Return each figure; missing where it is not defined."""
    samples: dict[Hashable, Sample | None] = {}
    found = []
    for each in every:
        if each.basis_key not in samples:
            try:
                samples |= each.samples(one)
            except DataError:
                samples[each.basis_key] = None
        sample = samples[each.basis_key]
        try:
            value = math.nan if sample is None else each.of(sample)
        except DataError:
            value = math.nan
        found.append(value)
    return found
