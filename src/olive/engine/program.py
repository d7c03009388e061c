"""A program: the steps that compute wanted variables for a list of policies in one pass.

A variable is computed once for each distinct combination of what it depends on, so policies
share everything above the levers in which they differ.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from olive.engine.columns import Entity
from olive.engine.expression import Node
from olive.engine.parameters import Datum
from olive.engine.rules import Rule
from olive.engine.vocabulary import Schedule

# Columns that the engine itself provides.
HOUSEHOLD_KEY = "(household key)"
PERSON_NUMBER = "person_number"
WEIGHT = "weight"
# Steps of the longest program that is kept: those of hundreds of policies would fill the memory.
LONGEST_REMEMBERED = 5_000


@dataclass(frozen=True, slots=True)
class Slot:
    """Where the values of one variable, under one combination of parameters, stand.

    ``column`` names the input column; it is None for computed slots.
    """

    entity: Entity
    truth: bool
    column: str | None = None


class Figure(NamedTuple):
    """Where a parameter stands among the flat figures of a step.

    ``shape`` is ``()`` for a scalar, the lengths of a table, or ``("schedule", brackets)``.
    """

    first: int
    shape: tuple[Any, ...]
    truth: bool = False

    def value(self, figures: NDArray[np.float64]) -> Datum:
        """Return the parameter's value, as a truth value where its unit is bool.

        Numbers are numpy's own, not Python's: they divide by zero as arrays do, and what comes of
        comparing them can be turned round with ``~`` (in plain Python, ~True is -2).
        """
        if self.shape[:1] == ("schedule",):
            thresholds, _, rates = figures[self.first :][: 3 * self.shape[1]].reshape(3, -1)
            return Schedule(thresholds, rates)
        own = figures[self.first :][: math.prod(self.shape)].reshape(self.shape)
        found: Any = own.astype(np.bool_ if self.truth else np.float64)[()]
        return found  # type: ignore[no-any-return]


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


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """The computations of one rule under many policies, which differ in inputs and figures alone.

    Attributes
    ----------
    rule : Rule
    node : Node or None
        Expression of a traced formula.
    names : tuple of str
        Names of the inputs.
    parameters : mapping of str to Figure
        Where each parameter stands in a row of ``figures``.
    inputs : int64 array, shape (computations, inputs)
        Slots.
    figures : float64 array, shape (computations, figures)
    outputs : int64 array, shape (computations,)
        Slots.
    turns : int64 array, shape (computations,)
        Number of the first policy that needs it, counted over all that the builder has seen.
    """

    rule: Rule
    node: Node | None
    names: tuple[str, ...]
    parameters: Mapping[str, Figure]
    inputs: NDArray[np.int64]
    figures: NDArray[np.float64]
    outputs: NDArray[np.int64]
    turns: NDArray[np.int64]

    def only(self, chosen: NDArray[np.bool_]) -> Batch:
        """Return the batch with some of its computations."""
        return replace(
            self,
            inputs=self.inputs[chosen],
            figures=self.figures[chosen],
            outputs=self.outputs[chosen],
            turns=self.turns[chosen],
        )

    def steps(self) -> Iterator[Step]:
        """Return its computations one by one."""
        for inputs, figures, output in zip(
            self.inputs.tolist(), self.figures, self.outputs.tolist(), strict=True
        ):
            data = tuple((name, each.value(figures)) for name, each in self.parameters.items())
            yield Step(self.rule, self.node, self.names, tuple(inputs), data, figures, output)


@dataclass(frozen=True, slots=True)
class Total:
    """A weighted sum over all rows: the slot summed, and the slot of household weights."""

    source: int
    weight: int


@dataclass(frozen=True, eq=False)
class Program:
    """Slots, computations and their order, and what to keep.

    Attributes
    ----------
    slots : tuple of Slot
    batches : tuple of Batch
    order : int64 array, shape (computations,)
        Positions of the computations, those of all batches one after another, in the order in
        which they are made: policy by policy, so that few values wait for their readers.
    outputs : mapping of (policy position, variable) to slot
    written : mapping of variable to slot
        Variables of the first policy that are written out as soon as they are computed.
    carried : tuple of int
        Slots of truth values that later passes read.
    totals : tuple of Total
    total_of : mapping of (policy position, variable) to position in ``totals``
    layouts : dict
        What a backend has made of the program, by what else it depends on.
    """

    slots: tuple[Slot, ...]
    batches: tuple[Batch, ...]
    order: NDArray[np.int64]
    outputs: Mapping[tuple[int, str], int]
    written: Mapping[str, int]
    carried: tuple[int, ...]
    totals: tuple[Total, ...]
    total_of: Mapping[tuple[int, str], int]
    layouts: dict[object, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def columns(self) -> tuple[tuple[str, Entity], ...]:
        """The columns that it reads."""
        return tuple((each.column, each.entity) for each in self.slots if each.column is not None)

    @cached_property
    def computations(self) -> Mapping[Entity, int]:
        """How many computations give a value for each row of an entity."""
        found: dict[Entity, int] = {"household": 0, "person": 0}
        for batch in self.batches:
            found[self.slots[batch.outputs[0]].entity] += batch.outputs.size
        return found

    @cached_property
    def structure(self) -> tuple[object, ...]:
        """What it computes but for the figures of parameters; rules stand in it by their ids."""
        return (
            self.slots,
            self.order.tobytes(),
            *(tuple(each.values()) for each in (self.outputs, self.written)),
            self.carried,
            self.totals,
            *(
                (
                    *(id(each.rule), id(each.node), each.names),
                    *(*each.parameters.items(), each.inputs.tobytes(), each.outputs.tobytes()),
                )
                for each in self.batches
            ),
        )

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The computations one by one, in their order."""
        found = [step for batch in self.batches for step in batch.steps()]
        return tuple(found[place] for place in self.order)

    @cached_property
    def last_use(self) -> tuple[int, ...]:
        """For each slot, the position of the last step that reads it.

        It is -1 where none does, and the number of steps for an output and what is totalled.
        """
        found = [-1] * len(self.slots)
        for position, step in enumerate(self.steps):
            for slot in step.inputs:
                found[slot] = position
        held = {*self.outputs.values(), *self.carried}
        for total in self.totals:
            held |= {total.source, total.weight}
        for slot in held:
            found[slot] = len(self.steps)
        return tuple(found)
