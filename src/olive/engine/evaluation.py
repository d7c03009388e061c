"""One variable from given variables: the door for other models, policy cases and explanations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.engine.arguments import check_run
from olive.engine.columns import Entity
from olive.engine.draws import household_keys
from olive.engine.execution import run_policies
from olive.engine.given_values import (
    HOUSEHOLD_ID,
    given_array,
    one_number,
    refuse_other_orders,
    settled_pointers,
)
from olive.engine.liveness import reading_of
from olive.engine.policy import Policy
from olive.engine.population_totals import Settling, Totals, behind, totals_behind
from olive.engine.program import PERSON_NUMBER
from olive.engine.rules import FormulaRule, GroupRule, PointerRule, PopulationRule
from olive.engine.ruleset import RuleSet
from olive.engine.tables import Tables
from olive.errors import DataError, one_of
from olive.messages import Message


def evaluate_with(
    policy: Policy,
    variables: Sequence[str],
    given: Mapping[str, Any],
    *,
    absent: str = "error",
    seed: int = 0,
) -> dict[str, NDArray[Any]]:
    """Compute variables from any sufficient set of given variables and columns.

    Parameters
    ----------
    policy : Policy
    variables : sequence of str
    given : mapping of str to scalar or array
        Values of variables and columns; a variable that is given is not computed. Arrays of
        persons have one length, arrays of households another. ``household_id`` (one per person,
        persons of a household together) says who lives with whom; without it each person is
        taken alone, which is refused when a wanted rule looks across a household.
    absent : {"error", "neutral"}
        What to do for columns that are not given: refuse, naming the rule that needs them, or
        take the column's neutral value (no disability, no income).
    seed : int
        For random draws.

    Returns
    -------
    dict of str to array

    Raises
    ------
    DataError
        For unknown or missing names, mismatched lengths, NaN or infinite values, values outside
        the range of their column, and persons who cannot be each other's spouse or parent.

    Warns
    -----
    DataWarning
        When a person names a spouse who names nobody: the answer is taken for both.
    """
    check_absent(absent)
    check_run(seed)
    if not isinstance(given, Mapping):
        raise DataError(
            "given is a {type}; give values by name: {{'age': [40, 38]}}", type(given).__name__
        )
    for name in (*variables, *given):
        if not isinstance(name, str):
            raise DataError("variables and columns are named by text, not by {name!r:.60}", name)
    policy, given = with_given_totals(policy, variables, given)
    rules = policy.rules
    refuse_other_orders(given)
    arrays = {name: given_array(name, value, rules) for name, value in given.items()}
    arrays |= constants(policy, variables, arrays)
    needed = behind(rules, variables, arrays)
    starts, keys = _structure(rules, arrays, needed)
    arrays |= settled_pointers(rules, arrays, starts)
    fill = needed if absent == "neutral" else frozenset()
    tables = given_tables(rules, arrays, starts, keys, fill)
    run = run_policies(tables, [policy], list(variables), seed=seed, backend="numpy")
    return {name: run.arrays[0, name] for name in variables}


def check_absent(absent: str) -> None:
    """Refuse an unknown way to treat absent columns."""
    one_of("absent", absent, ("error", "neutral"))


def with_given_totals(
    policy: Policy, variables: Sequence[str], given: Mapping[str, Any]
) -> tuple[Policy, Mapping[str, Any]]:
    """Take given population totals as parameters; refuse totals that are needed but not given."""
    rules = policy.rules.rules
    totals = {
        name: one_number(name, value)
        for name, value in given.items()
        if isinstance(rules.get(name), PopulationRule)
    }
    rest = {name: value for name, value in given.items() if name not in totals}
    needed = totals_behind(policy.rules, variables, rest)
    if not totals and not needed:
        return policy, rest
    reading = reading_of([policy], frozenset(rest))
    nothing = {name: 0.0 for name in needed if reading.interval(name).is_only(0.0)[0]}
    if totals or nothing:
        policy = Settling().settled(policy, nothing | totals)
    (pending,) = Totals([policy], frozenset(rest)).pending(variables)
    if pending:
        raise DataError(
            "{pending!r} is a total over the population, which these households "
            "alone do not give; give it as one number (a Result keeps it in "
            "population_totals)",
            pending[0],
        )
    return policy, rest


def constants(
    policy: Policy, variables: Sequence[str], arrays: Mapping[str, NDArray[Any]]
) -> dict[str, NDArray[Any]]:
    """Return variables that have one value whatever is given, so that nothing behind them is asked.

    A raise of a programme that is switched off is zero, whoever belongs to its group.
    """
    rules = policy.rules
    reading = reading_of([policy], frozenset(arrays))
    found = {}
    for name in behind(rules, variables, arrays) - set(variables):
        rule = rules.rules.get(name)
        if isinstance(rule, FormulaRule) and name not in arrays:
            low, high = reading.interval(name)
            if low[0] == high[0]:
                truth = rules.quantities[name].truth
                found[name] = low[:1].astype(np.bool_ if truth else np.float64)
    return found


def _structure(
    rules: RuleSet, arrays: Mapping[str, NDArray[Any]], needed: frozenset[str]
) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    sizes: dict[Entity, set[int]] = {"person": set(), "household": set()}
    for name, array in arrays.items():
        sizes[_entity(rules, name)].add(array.size)
    persons = one_length("person", sizes["person"])
    households = one_length("household", sizes["household"])
    if HOUSEHOLD_ID in arrays:
        ids = np.broadcast_to(arrays[HOUSEHOLD_ID], (persons,))
        every = household_keys(ids)  # refuses what cannot be compared, which the next line does
        change = np.append(True, ids[1:] != ids[:-1])
        starts = np.append(np.flatnonzero(change), persons).astype(np.int64)
        first, keys = ids[starts[:-1]], every[starts[:-1]]
        if len(set(first.tolist())) != first.size:
            raise DataError("persons of a household must stand together in household_id")
        if households not in (1, starts.size - 1):
            raise DataError(
                "household_id names {size} households, but arrays of households have "
                "length {households}",
                starts.size - 1,
                households,
            )
        return starts, keys
    across = looks_across(rules, arrays, needed)
    if persons > 1 and (across or households > 1):
        reason = Message("households are given too, so")
        if across:
            reason = Message("variable {across!r} looks across", across)
        raise DataError(
            "{reason} whole households: give household_id for each person (persons "
            "of a household together)",
            reason,
        )
    size = max(persons, households)
    return np.arange(size + 1, dtype=np.int64), np.arange(size, dtype=np.uint64)


def one_length(entity: Entity, sizes: set[int]) -> int:
    """Return how many rows arrays of an entity have; a single value stands for all rows."""
    lengths = sizes - {1}
    if len(lengths) > 1:
        raise DataError(
            "given arrays of {entity} variables have lengths {found}", entity, sorted(lengths)
        )
    return max(lengths, default=1)


def looks_across(rules: RuleSet, arrays: Mapping[str, Any], needed: frozenset[str]) -> str:
    """Return a needed variable that looks across a household, or nothing."""
    for name in sorted(needed):
        if name not in arrays and isinstance(rules.rules.get(name), GroupRule | PointerRule):
            return name
    return ""


def given_tables(
    rules: RuleSet,
    arrays: Mapping[str, NDArray[Any]],
    starts: NDArray[np.int64],
    keys: NDArray[np.uint64],
    fill: frozenset[str],
) -> Tables:
    """Return given values as tables; columns in ``fill`` that are not given are neutral."""
    counts: dict[Entity, int] = {"person": int(starts[-1]), "household": starts.size - 1}
    tables: dict[Entity, dict[str, NDArray[Any]]] = {"person": {}, "household": {}}
    for name, array in arrays.items():
        if name != HOUSEHOLD_ID:
            entity = _entity(rules, name)
            tables[entity][name] = np.broadcast_to(array, (counts[entity],))
    for name in fill:
        column = rules.columns.get(name)
        if column is not None and name not in arrays and column.neutral is not None:
            kind = np.bool_ if column.kind == "bool" else None
            tables[column.entity][name] = np.full(counts[column.entity], column.neutral, kind)
    if PERSON_NUMBER not in tables["person"]:
        number = np.arange(counts["person"]) - np.repeat(starts[:-1], np.diff(starts))
        tables["person"][PERSON_NUMBER] = number.astype(np.float64)
    return Tables(tables["household"], tables["person"], starts, keys)


def _entity(rules: RuleSet, name: str) -> Entity:
    if name in (HOUSEHOLD_ID, PERSON_NUMBER):
        return "person"
    return "person" if rules.entity_of(name) == "person" else "household"
