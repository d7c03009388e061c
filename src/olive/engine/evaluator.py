"""One variable as a prepared function of given variables, for models that ask again and again."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.engine.arguments import check_run
from olive.engine.evaluation import (
    check_absent,
    constants,
    given_tables,
    looks_across,
    one_length,
    with_given_totals,
)
from olive.engine.given_values import HOUSEHOLD_ID, check_name, given_array, settled_pointers
from olive.engine.passes import check_columns, check_finite
from olive.engine.policy import Policy
from olive.engine.population_totals import Totals, behind, totals_behind
from olive.engine.program import Program
from olive.engine.program_builder import build_program
from olive.engine.results import results_for
from olive.engine.rules import PopulationRule
from olive.engine.tables import Tables
from olive.errors import DataError, nearest, shown

Array = NDArray[Any]


class Evaluator:
    """One variable as a function of given ones; the law is read and compiled once.

    Each row is a person who lives alone. Several threads may call one evaluator, one after the
    other. See `olive.evaluator`.

    Attributes
    ----------
    variable : str
    given : tuple of str
        Names of the values, in the order in which a call gives them.

    Examples
    --------
    >>> from olive.engine import Column, RuleSet, person_rule, policy_on
    >>> @person_rule(unit="yuan/year")
    ... def net(wage, rent):
    ...     return wage - rent
    >>> columns = {name: Column(name, "person", unit="yuan/year") for name in ("wage", "rent")}
    >>> law = policy_on(RuleSet.build([{"net": net}], columns=columns), "2023-01-01")
    >>> net = Evaluator(law, "net", ["wage", "rent"])
    >>> net(100.0, 30.0), net(wage=[100.0, 50.0], rent=30.0)
    (70.0, array([70., 20.]))
    """

    def __init__(
        self,
        policy: Policy,
        variable: str,
        given: Sequence[str],
        *,
        absent: str = "error",
        seed: int = 0,
    ) -> None:
        check_absent(absent)
        check_run(seed)
        self.variable, self.given = variable, _names(given)
        self._made_of = (policy, variable, self.given, absent, seed)
        _check_given(policy, self.given)
        self._policy, _ = with_given_totals(policy, [variable], dict.fromkeys(self.given, 0.0))
        self._absent, self._seed = absent, seed
        self._lock = threading.Lock()
        self._scales = [_scale(self._policy, name) for name in self.given]
        columns = self._policy.rules.columns
        self._points = any(columns[name].pointer for name in self.given if name in columns)
        self._one = self._prepared(1)
        self._many = self._one

    def __repr__(self) -> str:
        return f"Evaluator({self.variable!r}, given={list(self.given)})"

    def __reduce__(self) -> tuple[Callable[..., Evaluator], tuple[Any, ...]]:
        return _evaluator, self._made_of

    def __call__(self, *values: Any, **named: Any) -> float | bool | Array:
        """Return the variable: a number or truth value, or an array when any value is a list.

        Raises
        ------
        DataError
            For a value that is missing, out of range, or not a finite number, and for a result
            that is not one.
        """
        if named or len(values) != len(self.given):
            values = self._in_order(values, named)
        with self._lock:
            for value, scale, array in zip(values, self._scales, self._one.inputs, strict=True):
                if not scale.holds(value):
                    return self._with_checks(values)
                array[0] = value
            if self._points:
                return self._with_checks(values)
            found: float | bool = self._one.run().item()
            if not math.isfinite(found):  # said before another thread writes over the row
                self._one.refuse()
            return found

    def _in_order(self, values: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[Any, ...]:
        later = dict(zip(self.given, values, strict=False))
        for name in named:
            if name not in self.given:
                raise DataError(
                    "given {name!r} is no variable or column{hint}", name, nearest(name, self.given)
                )
        later |= named
        if len(values) > len(self.given) or len(later) < len(values) + len(named):
            raise DataError(
                "{self!r} takes one value for each name, found {count}",
                self,
                len(values) + len(named),
            )
        for name in self.given:
            if name not in later:
                raise DataError("{self!r} needs a value of {name!r}", self, name)
        return tuple(later[name] for name in self.given)

    def _with_checks(self, values: tuple[Any, ...]) -> float | bool | Array:
        """Take any values that `olive.evaluate` takes, with its checks."""
        rules = self._policy.rules
        arrays = {
            name: given_array(name, value, rules)
            for name, value in zip(self.given, values, strict=True)
        }
        rows = one_length("person", {array.size for array in arrays.values()})
        arrays |= settled_pointers(rules, arrays, np.arange(rows + 1))
        if rows != self._many.rows:
            self._many = self._prepared(rows)
        prepared = self._many if rows > 1 else self._one
        for name, target in zip(self.given, prepared.inputs, strict=True):
            target[:] = arrays[name]
        found = prepared.run()
        if not np.isfinite(found).all():
            prepared.refuse()
        scalar = all(np.ndim(value) == 0 for value in values)
        return found.item() if scalar else found.copy()

    def _prepared(self, rows: int) -> _Prepared:
        policy, rules = self._policy, self._policy.rules
        arrays = {
            name: np.zeros(rows, dtype=scale.storage)
            for name, scale in zip(self.given, self._scales, strict=True)
        }
        known = arrays | constants(policy, [self.variable], arrays)
        needed = behind(rules, [self.variable], known)
        across = looks_across(rules, known, needed) if rows > 1 else ""
        if across:
            raise DataError(
                "variable {across!r} looks across whole households, and an evaluator takes each "
                "row as a person who lives alone; use evaluate() with household_id",
                across,
            )
        fill = needed if self._absent == "neutral" else frozenset()
        starts, keys = np.arange(rows + 1, dtype=np.int64), np.arange(rows, dtype=np.uint64)
        tables = given_tables(rules, known, starts, keys, fill)
        at_hand = tables.entities()
        if totals_behind(rules, [self.variable], at_hand):  # those that cannot matter
            (policy,) = Totals([policy], frozenset(at_hand)).policies()
        program = build_program([policy], at_hand, [self.variable], seed=self._seed)
        check_columns(program, tables, [policy])
        return _Prepared.of(program, tables, list(arrays.values()))


@dataclass(frozen=True, slots=True)
class _Scale:
    """Numbers that need no further look: their types and bounds; how they are stored."""

    kinds: tuple[type, ...]
    low: float
    high: float
    storage: type[np.generic]

    def holds(self, value: Any) -> bool:
        """Return whether a value needs no further look; NaN and infinity do."""
        return issubclass(type(value), self.kinds) and bool(self.low <= value <= self.high)


def _scale(policy: Policy, name: str) -> _Scale:
    rules = policy.rules
    column = rules.columns.get(name)
    if name in rules.quantities and rules.quantities[name].truth:
        return _Scale((bool,), 0, 1, np.bool_)
    if column is not None and column.codes:
        return _Scale((int,), 0, len(column.codes) - 1, np.float64)
    if column is not None and column.kind == "key":
        return _Scale((int,), -(2**53), 2**53, np.int64)
    largest = float(np.finfo(np.float64).max)
    low = -largest if column is None or column.minimum is None else column.minimum
    high = largest if column is None or column.maximum is None else column.maximum
    return _Scale((float, int), low, high, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class _Prepared:
    """A program over tables of a fixed number of rows, whose columns are written anew each time."""

    rows: int
    inputs: list[Array]
    output: Array
    compute: Callable[[], None]
    refuse: Callable[[], None]  # says which row has a result that is not a finite number

    @classmethod
    def of(cls, program: Program, tables: Tables, inputs: list[Array]) -> _Prepared:
        """Lay the program out and load its code."""
        from olive.engine.compiled_backend import CompiledWork  # noqa: PLC0415 - loads LLVM

        results = results_for(program, tables, {})
        work = CompiledWork(program, tables, results)
        work.load()
        (slot,) = program.outputs.values()
        described = program.slots[slot]
        if described.column is None:
            output = results.kept[slot]
        else:
            output = tables.of_entity(described.entity)[described.column]
        compute = partial(work, 0, tables.blocks())
        refuse = partial(check_finite, program, results, tables)
        return cls(tables.count("household"), inputs, output, compute, refuse)

    def run(self) -> Array:
        """Compute the output anew, in the array that it always stands in."""
        self.compute()
        return self.output


def _names(given: object) -> tuple[str, ...]:
    if isinstance(given, str):
        raise DataError("given is one text; give a list of names: [{given!r}]", given)
    if not isinstance(given, Iterable):
        raise DataError("given is {given}; give a list of names of variables", shown(given))
    names = tuple(given)
    for place, name in enumerate(names):
        if name in names[:place]:
            raise DataError("given names {name!r} twice; name it once", name)
    return names


def _check_given(policy: Policy, given: Sequence[str]) -> None:
    rules = policy.rules
    for name in given:
        if name == HOUSEHOLD_ID:
            raise DataError(
                "an evaluator takes each row as a person who lives alone; use evaluate() with "
                "household_id"
            )
        if isinstance(rules.rules.get(name), PopulationRule):
            raise DataError(
                "{name!r} is a total over the population, the same for every call; give it to "
                "evaluate()",
                name,
            )
        check_name(name, rules)


def _evaluator(
    policy: Policy, variable: str, given: Sequence[str], absent: str, seed: int
) -> Evaluator:
    return Evaluator(policy, variable, given, absent=absent, seed=seed)
