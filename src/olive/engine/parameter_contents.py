"""What parameters hold, by number: many policies are told apart by small whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from olive.engine.parameters import ParameterValue
from olive.engine.policy import Policy
from olive.engine.vocabulary import Schedule

Numbers = int | list[int]  # one for each policy, or one that all policies share


class Contents(NamedTuple):
    """The figures of parameters, flat, and their shapes: each content has a number."""

    vectors: list[NDArray[np.float64]]
    shapes: list[tuple[Any, ...]]
    numbers: dict[tuple[object, ...], int]
    of_values: dict[int, tuple[ParameterValue, int]]

    def number(self, value: ParameterValue) -> int:
        """Return the number of what a value holds."""
        # The value is kept beside its number so that its id stays its own.
        known = self.of_values.get(id(value))
        if known is None:
            datum = value.datum
            shape: tuple[Any, ...]
            content: object
            if isinstance(datum, int | float):  # arrays of one figure take several times as long
                shape, content = (), float(datum).hex()
            elif isinstance(datum, Schedule):
                shape, content = ("schedule", datum.rates.size), value.vector().tobytes()
            else:
                shape, content = datum.shape, value.vector().tobytes()
            number = self.numbers.setdefault((shape, content), len(self.vectors))
            if number == len(self.vectors):
                self.vectors.append(value.vector())
                self.shapes.append(shape)
            known = self.of_values[id(value)] = value, number
        return known[1]

    def of(self, policies: Sequence[Policy], names: Sequence[str]) -> dict[str, Numbers]:
        """Return the number of each parameter under each of the policies."""
        take = itemgetter(*names, *names[:1]) if names else lambda _: ()  # of one name no tuple
        values = [take(policy.values) for policy in policies]
        # By identity: policies share the values that they do not change; to compare all takes long.
        ids = np.array([[id(value) for value in row] for row in values])
        moved = (ids != ids[0]).any(axis=0)
        found: dict[str, Numbers] = {}
        for place, name in enumerate(names):
            if moved[place]:
                found[name] = shared([self.number(row[place]) for row in values])
            else:
                found[name] = self.number(values[0][place])
        return found


def shared(numbers: list[int]) -> Numbers:
    """Return the numbers of policies, or the one that they all have.

    >>> shared([3, 3]), shared([3, 4])
    (3, [3, 4])
    """
    return numbers[0] if len(set(numbers)) == 1 else numbers
