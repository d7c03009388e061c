"""A program: the steps that compute wanted variables for a list of policies in one pass.

A variable is computed once for each distinct combination of what it depends on, so policies
share everything above the levers in which they differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.engine.columns import Entity
from olive.engine.expression import Node
from olive.engine.parameters import Datum
from olive.engine.rules import Rule

# Columns that the engine itself provides.
HOUSEHOLD_KEY = "(household key)"
PERSON_NUMBER = "person_number"
WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class Slot:
    """Where the values of one variable, under one combination of parameters, stand.

    ``column`` names the input column; it is None for computed slots.
    """

    entity: Entity
    truth: bool
    column: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One computation on a block.

    Attributes
    ----------
    rule : Rule
    node : Node or None
        Expression of a traced formula.
    names : tuple of str
        Names of the inputs, in the order of ``inputs``.
    inputs : tuple of int
        Slots.
    parameters : tuple of (str, Datum)
        Parameters by name, in the order in which they stand in ``vector``.
    vector : float64 array
        All parameter figures, flat.
    output : int
        Slot.
    """

    rule: Rule
    node: Node | None
    names: tuple[str, ...]
    inputs: tuple[int, ...]
    parameters: tuple[tuple[str, Datum], ...]
    vector: NDArray[np.float64]
    output: int


@dataclass(frozen=True, slots=True)
class Total:
    """A weighted sum over all rows: the slot summed, and the slot of household weights."""

    source: int
    weight: int


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Slots, steps in order, and what to keep.

    Attributes
    ----------
    slots : tuple of Slot
    steps : tuple of Step
    outputs : mapping of (policy position, variable) to slot
    written : mapping of variable to slot
        Variables of the first policy that are written out as soon as they are computed.
    carried : tuple of int
        Slots of truth values that later passes read.
    totals : tuple of Total
    total_of : mapping of (policy position, variable) to position in ``totals``
    last_use : tuple of int
        For each slot, the position of the last step that reads it (-1 never; the number of
        steps when it is an output or is totalled).
    layouts : dict
        What a backend has made of the program, by what else it depends on.
    """

    slots: tuple[Slot, ...]
    steps: tuple[Step, ...]
    outputs: Mapping[tuple[int, str], int]
    written: Mapping[str, int]
    carried: tuple[int, ...]
    totals: tuple[Total, ...]
    total_of: Mapping[tuple[int, str], int]
    last_use: tuple[int, ...]
    layouts: dict[object, Any] = field(default_factory=dict, repr=False)
