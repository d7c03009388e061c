"""Values that users give by name: brought into arrays, and refused where they cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.engine.columns import Column, bounds_in_words, codes_by_name
from olive.engine.pointers import checked_pointers
from olive.engine.program import PERSON_NUMBER
from olive.engine.ruleset import RuleSet
from olive.errors import DataError, closest, nearest, tell
from olive.messages import Message, joined
from olive.native.masked import unmasked

HOUSEHOLD_ID = "household_id"


def check_name(name: str, rules: RuleSet) -> None:
    """Refuse a name that no values can be given for."""
    known = {*rules.rules, *rules.columns, HOUSEHOLD_ID, PERSON_NUMBER}
    if name in rules.parameters:
        raise DataError("{name!r} is a parameter; change it with a Reform, not as given data", name)
    if name not in known:
        labels = dict.fromkeys(known, "")
        labels |= {each: rule.zh for each, rule in rules.rules.items()}
        labels |= {each: column.zh for each, column in rules.columns.items()}
        raise DataError(
            "given {name!r} is no variable or column{hint}", name, closest(name, labels)
        )


def given_array(name: str, value: Any, rules: RuleSet) -> NDArray[Any]:
    """Return values as an array of truth values, whole keys, or float64; refuse what cannot be."""
    check_name(name, rules)
    column = rules.columns.get(name) or Column(name, "person")  # without codes and bounds
    array, codes = _one_dimension(name, value), column.codes
    if array.dtype.kind in "USO" and codes:
        array = np.array([_code(column, str(each)) for each in array])
    if name == HOUSEHOLD_ID:
        return array
    if array.dtype.kind not in "biuf":
        raise DataError(
            "given {name!r} must hold numbers or truth values, found {dtype}", name, array.dtype
        )
    if not np.isfinite(array).all():
        raise DataError("given {name!r} has a value that is NaN or infinite", name)
    if codes and not np.isin(array, np.arange(len(codes))).all():
        raise DataError(
            "given {name!r}: codes are 0 to {number}: {codes}", name, len(codes) - 1, joined(codes)
        )
    _refuse_out_of_range(column, array)
    truth = name in rules.quantities and rules.quantities[name].truth
    if truth and not np.isin(array, (0, 1)).all():
        raise DataError("given {name!r} must hold truth values (or 0 and 1)", name)
    if column.kind == "key" and array.dtype.kind in "iu":
        return array  # a key may be any 64-bit whole number, which float64 does not hold
    return array.astype(np.bool_ if truth else np.float64)


def one_number(name: str, value: Any) -> float:
    """Return a value that is one finite number."""
    array = np.asarray(value)
    if array.size != 1 or array.dtype.kind not in "iuf" or not np.isfinite(array).all():
        raise DataError("given {name!r} must be one finite number, found {value!r}", name, value)
    return float(array.item())


def _as_floats(name: str, array: NDArray[Any]) -> NDArray[np.float64]:
    try:
        return array.astype(np.float64)
    except OverflowError:
        raise DataError("given {name!r} has a number beyond what float64 holds", name) from None


def _one_dimension(name: str, value: Any) -> NDArray[Any]:
    try:
        array = np.atleast_1d(np.asarray(unmasked(value)))
    except ValueError:
        raise DataError(
            "given {name!r} must be one list of values, found lists in it", name
        ) from None
    if name == HOUSEHOLD_ID and array.dtype.kind == "f" and isinstance(value, list | tuple):
        # numpy rounds whole numbers on both sides of 2^63 to float64 when they stand together.
        array = np.array(value, dtype=object) if all(isinstance(x, int) for x in value) else array
    elif array.dtype == object and all(isinstance(each, Real) for each in array.flat):
        array = _as_floats(name, array) if name != HOUSEHOLD_ID else array
    if array.ndim != 1 or not array.size:
        raise DataError(
            "given {name!r} must be one value or a list of values, found shape {shape}",
            name,
            array.shape,
        )
    return array


def _refuse_out_of_range(column: Column, array: NDArray[Any]) -> None:
    low = -np.inf if column.minimum is None else column.minimum
    high = np.inf if column.maximum is None else column.maximum
    wrong = (array < low) | (array > high)
    if column.kind != "code" and wrong.any():
        place = int(wrong.argmax())
        raise DataError(
            "given {name!r} must be {bounds_in_words}; found {value:g} at position {place}",
            column.name,
            bounds_in_words(column),
            array[place],
            place,
        )


def _code(column: Column, label: str) -> int:
    known = codes_by_name(column)
    if label not in known:
        raise DataError(
            "given {name!r}: no code {label!r}{hint}; codes are {codes}",
            column.name,
            label,
            nearest(label, known),
            joined(column.codes),
        )
    return known[label]


def refuse_other_orders(given: Mapping[str, Any]) -> None:
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
                name,
                other,
            )


def settled_pointers(
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
            Message("{column!r} of person {row} is {words}", each.column, each.row, each.words)
            for each in found.faults
        ]
        raise DataError("given {listed}", joined(listed, "; "))
    for name, count in found.added.items():
        tell(
            "{name}: {count} person(s) were named as {name} by somebody whom they "
            "did not name; the one answer was taken for both",
            name,
            count,
        )
    return found.values
