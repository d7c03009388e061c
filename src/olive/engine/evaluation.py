"""One variable from given variables: the door for other models, policy cases and explanations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.engine.arguments import check_run
from olive.engine.columns import Column, Entity, bounds_in_words
from olive.engine.draws import household_keys
from olive.engine.execution import run_policies
from olive.engine.liveness import reading_of
from olive.engine.pointers import checked_pointers
from olive.engine.policy import Policy
from olive.engine.population_totals import Totals, behind, totals_behind, with_totals
from olive.engine.program import PERSON_NUMBER
from olive.engine.rules import FormulaRule, GroupRule, PointerRule, PopulationRule
from olive.engine.ruleset import RuleSet
from olive.engine.tables import Tables
from olive.errors import DataError, nearest, tell
from olive.messages import Message, joined

HOUSEHOLD_ID = "household_id"


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
    if absent not in ("error", "neutral"):
        raise DataError("absent={absent!r}: use 'error' or 'neutral'", absent=absent)
    check_run(seed, None, None)
    if not isinstance(given, Mapping):
        raise DataError(
            "given is a {type}; give values by name: {{'age': [40, 38]}}", type=type(given).__name__
        )
    for name in (*variables, *given):
        if not isinstance(name, str):
            raise DataError(
                "variables and columns are named by text, not by {name!r:.60}", name=name
            )
    policy, given = _with_given_totals(policy, variables, given)
    rules = policy.rules
    _refuse_other_orders(given)
    arrays = {name: _array(name, value, rules) for name, value in given.items()}
    arrays |= _constants(policy, variables, arrays)
    needed = behind(rules, variables, arrays)
    starts, keys = _structure(rules, arrays, needed)
    arrays |= _settled_pointers(rules, arrays, starts)
    tables = _tables(rules, arrays, starts, keys, needed if absent == "neutral" else frozenset())
    run = run_policies(tables, [policy], list(variables), seed=seed, backend="numpy")
    return {name: run.arrays[0, name] for name in variables}


def _with_given_totals(
    policy: Policy, variables: Sequence[str], given: Mapping[str, Any]
) -> tuple[Policy, Mapping[str, Any]]:
    """Take given population totals as parameters; refuse totals that are needed but not given."""
    rules = policy.rules.rules
    totals = {
        name: _one_number(name, value)
        for name, value in given.items()
        if isinstance(rules.get(name), PopulationRule)
    }
    rest = {name: value for name, value in given.items() if name not in totals}
    if not totals and not totals_behind(policy.rules, variables, rest):
        return policy, rest
    reading = reading_of([policy], frozenset(rest))
    nothing = {name: 0.0 for name in reading.totals if reading.interval(name).is_only(0.0)[0]}
    if totals or nothing:
        policy = with_totals([policy], [nothing | totals])[0]
    (pending,) = Totals([policy], frozenset(rest)).pending(variables)
    if pending:
        raise DataError(
            "{pending!r} is a total over the population, which these households "
            "alone do not give; give it as one number (a Result keeps it in "
            "population_totals)",
            pending=pending[0],
        )
    return policy, rest


def _one_number(name: str, value: Any) -> float:
    array = np.asarray(value)
    if array.size != 1 or array.dtype.kind not in "iuf" or not np.isfinite(array).all():
        raise DataError(
            "given {name!r} must be one finite number, found {value!r}", name=name, value=value
        )
    return float(array.item())


def _array(name: str, value: Any, rules: RuleSet) -> NDArray[Any]:
    known = {*rules.rules, *rules.columns, HOUSEHOLD_ID, PERSON_NUMBER}
    if name in rules.parameters:
        raise DataError(
            "{name!r} is a parameter; change it with a Reform, not as given data", name=name
        )
    if name not in known:
        raise DataError(
            "given {name!r} is no variable or column{hint}", name=name, hint=nearest(name, known)
        )
    column = rules.columns.get(name)
    array = _one_dimension(name, value)
    codes = () if column is None else column.codes
    if array.dtype.kind in "USO" and codes:
        array = np.array([_code(name, str(each), codes) for each in array])
    if name == HOUSEHOLD_ID:
        return array
    if array.dtype.kind not in "biuf":
        raise DataError(
            "given {name!r} must hold numbers or truth values, found {dtype}",
            name=name,
            dtype=array.dtype,
        )
    if not np.isfinite(array).all():
        raise DataError("given {name!r} has a value that is NaN or infinite", name=name)
    if codes and not np.isin(array, np.arange(len(codes))).all():
        raise DataError(
            "given {name!r}: codes are 0 to {number}: {codes}",
            name=name,
            number=len(codes) - 1,
            codes=joined(codes),
        )
    if column is not None:
        _refuse_out_of_range(column, array)
    truth = name in rules.quantities and rules.quantities[name].truth
    if truth and not np.isin(array, (0, 1)).all():
        raise DataError("given {name!r} must hold truth values (or 0 and 1)", name=name)
    if column is not None and column.kind == "key" and array.dtype.kind in "iu":
        return array  # a key may be any 64-bit whole number, which float64 does not hold
    return array.astype(np.bool_ if truth else np.float64)


def _as_floats(name: str, array: NDArray[Any]) -> NDArray[np.float64]:
    try:
        return array.astype(np.float64)
    except OverflowError:
        raise DataError(
            "given {name!r} has a number beyond what float64 holds", name=name
        ) from None


def _one_dimension(name: str, value: Any) -> NDArray[Any]:
    try:
        array = np.atleast_1d(np.asarray(value))
    except ValueError:
        raise DataError(
            "given {name!r} must be one list of values, found lists in it", name=name
        ) from None
    if name == HOUSEHOLD_ID and array.dtype.kind == "f" and isinstance(value, list | tuple):
        # numpy rounds whole numbers on both sides of 2^63 to float64 when they stand together.
        array = np.array(value, dtype=object) if all(isinstance(x, int) for x in value) else array
    elif array.dtype == object and all(isinstance(each, Real) for each in array.flat):
        array = _as_floats(name, array) if name != HOUSEHOLD_ID else array
    if array.ndim != 1 or not array.size:
        raise DataError(
            "given {name!r} must be one value or a list of values, found shape {shape}",
            name=name,
            shape=array.shape,
        )
    return array


def _refuse_out_of_range(column: Column, array: NDArray[Any]) -> None:
    wrong = np.zeros(array.shape, dtype=np.bool_)
    if column.minimum is not None:
        wrong |= array < column.minimum
    if column.maximum is not None:
        wrong |= array > column.maximum
    if column.kind != "code" and wrong.any():
        place = int(wrong.argmax())
        raise DataError(
            "given {name!r} must be {bounds_in_words}; found {value:g} at position {place}",
            name=column.name,
            bounds_in_words=bounds_in_words(column),
            value=array[place],
            place=place,
        )


def _refuse_other_orders(given: Mapping[str, Any]) -> None:
    """Refuse pandas series whose rows are called differently: values are taken by position."""
    first: dict[int, tuple[str, list[Any]]] = {}
    for name, value in given.items():
        index = getattr(value, "index", None)
        if index is None or not hasattr(index, "tolist"):
            continue
        labels = index.tolist()
        other, known = first.setdefault(len(labels), (name, labels))
        if labels != known:
            raise DataError(
                "given {name!r} and {other!r} name their rows differently or in another "
                "order, but values are taken by position; bring them into one order and "
                "give arrays (series.to_numpy())",
                name=name,
                other=other,
            )


def _settled_pointers(
    rules: RuleSet, arrays: Mapping[str, NDArray[Any]], starts: NDArray[np.int64]
) -> Mapping[str, NDArray[Any]]:
    """Return pointers to persons with a missing answer added; refuse what cannot be."""
    persons = int(starts[-1])
    given = {
        name: np.broadcast_to(array, (persons,))
        for name, array in arrays.items()
        if name in rules.columns and rules.columns[name].pointer
    }
    found = checked_pointers(rules.columns, given, starts)
    if found.faults:
        listed = [
            Message(
                "{column!r} of person {row} is {words}",
                column=each.column,
                row=each.row,
                words=each.words,
            )
            for each in found.faults
        ]
        raise DataError("given {listed}", listed=joined(listed, "; "))
    for name, count in found.added.items():
        tell(
            Message(
                "{name}: {count} person(s) were named as {name} by somebody whom they "
                "did not name; the one answer was taken for both",
                name=name,
                count=count,
            )
        )
    return found.values


def _code(name: str, label: str, codes: tuple[str, ...]) -> int:
    if label not in codes:
        raise DataError(
            "given {name!r}: no code {label!r}{hint}; codes are {codes}",
            name=name,
            label=label,
            hint=nearest(label, codes),
            codes=joined(codes),
        )
    return codes.index(label)


def _constants(
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
    lengths: dict[Entity, set[int]] = {"person": set(), "household": set()}
    for name, array in arrays.items():
        if array.size > 1:
            lengths[_entity(rules, name)].add(array.size)
    for entity, found in lengths.items():
        if len(found) > 1:
            raise DataError(
                "given arrays of {entity} variables have lengths {found}",
                entity=entity,
                found=sorted(found),
            )
    persons = max(lengths["person"], default=1)
    households = max(lengths["household"], default=1)
    if HOUSEHOLD_ID in arrays:
        ids = np.broadcast_to(arrays[HOUSEHOLD_ID], (persons,))
        change = np.append(True, ids[1:] != ids[:-1])
        starts = np.append(np.flatnonzero(change), persons).astype(np.int64)
        first = ids[starts[:-1]]
        keys = household_keys(first)
        if len(set(first.tolist())) != first.size:
            raise DataError("persons of a household must stand together in household_id")
        if households not in (1, starts.size - 1):
            raise DataError(
                "household_id names {size} households, but arrays of households have "
                "length {households}",
                size=starts.size - 1,
                households=households,
            )
        return starts, keys
    across = _looks_across(rules, arrays, needed)
    if persons > 1 and (across or households > 1):
        reason = f"variable {across!r} looks across" if across else "households are given too, so"
        raise DataError(
            "{reason} whole households: give household_id for each person (persons "
            "of a household together)",
            reason=reason,
        )
    size = max(persons, households)
    return np.arange(size + 1, dtype=np.int64), np.arange(size, dtype=np.uint64)


def _looks_across(rules: RuleSet, arrays: Mapping[str, Any], needed: frozenset[str]) -> str:
    for name in sorted(needed):
        computed = name in rules.rules and name not in arrays
        if computed and isinstance(rules.rules[name], GroupRule | PointerRule):
            return name
    return ""


def _tables(
    rules: RuleSet,
    arrays: Mapping[str, NDArray[Any]],
    starts: NDArray[np.int64],
    keys: NDArray[np.uint64],
    fill: frozenset[str],
) -> Tables:
    counts: dict[Entity, int] = {"person": int(starts[-1]), "household": starts.size - 1}
    tables: dict[Entity, dict[str, NDArray[Any]]] = {"person": {}, "household": {}}
    for name, array in arrays.items():
        if name != HOUSEHOLD_ID:
            entity = _entity(rules, name)
            tables[entity][name] = np.broadcast_to(array, (counts[entity],))
    for name in fill:
        column = rules.columns.get(name)
        if column is not None and name not in arrays and column.neutral is not None:
            neutral = np.full(counts[column.entity], column.neutral)
            tables[column.entity][name] = (
                neutral.astype(np.bool_) if column.kind == "bool" else neutral
            )
    if PERSON_NUMBER not in tables["person"]:
        number = np.arange(counts["person"]) - np.repeat(starts[:-1], np.diff(starts))
        tables["person"][PERSON_NUMBER] = number.astype(np.float64)
    return Tables(tables["household"], tables["person"], starts, keys)


def _entity(rules: RuleSet, name: str) -> Entity:
    if name in (HOUSEHOLD_ID, PERSON_NUMBER):
        return "person"
    return "person" if rules.entity_of(name) == "person" else "household"
