"""What one run computed, by itself: what is saved, and what a `Result` answers questions from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from olive.engine.policy import Policy
from olive.native.immutable import Rebuilt
from olive.population import Population


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Computed(Rebuilt):
    """What one run computed: the fields of a `Result`.

    They are explained there.
    """

    population: Population
    policies: tuple[Policy, ...]
    outputs: tuple[str, ...]
    arrays: Mapping[tuple[int, str], NDArray[Any]]
    totals: Mapping[tuple[int, str], float]
    population_totals: Mapping[tuple[int, str], float]
    notes: tuple[str, ...]
    seed: int
    backend: str

    def __post_init__(self) -> None:
        for array in self.arrays.values():
            array.flags.writeable = False
