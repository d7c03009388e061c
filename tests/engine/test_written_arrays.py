"""Results written into arrays of the caller, in the types that these have."""

from __future__ import annotations

import numpy as np
import pytest
from olive_tests.toy import homes, people, policy, tables

from olive.engine import draw, floor, household_sum, run_policies, where
from olive.errors import DataError, RuleError

HOMES = 2_500  # three blocks
RULES = {
    "tenths": people("yuan/year")(lambda wage: wage * 0.1),
    "whole": people("yuan/year")(lambda wage: floor(wage / 1000)),
    "signed": people("yuan/year")(lambda wage: floor(wage / 10_000) - 3),
    "rich": people("bool")(lambda wage: wage > 50_000),
    "at_home": household_sum("tenths"),
    "left": homes("yuan/year")(lambda at_home, rent: where(rent > 0, at_home - rent, at_home)),
}
LAW = policy(**RULES)
TYPES = {
    "tenths": "float32",
    "whole": "int32",
    "signed": "int8",
    "rich": "bool",
    "at_home": "float64",
    "left": "float32",
}
PERSONS = {"tenths", "whole", "signed", "rich"}


def room(data, types=TYPES):
    return {
        name: np.empty(data.count("person" if name in PERSONS else "household"), kind)
        for name, kind in types.items()
    }


@pytest.mark.parametrize("backend", ["numpy", "compiled"])
@pytest.mark.parametrize("threads", [1, 3])
def test_written_values_are_the_results_in_other_types(backend, threads):
    """Numpy's own conversion of the kept results gives the same."""
    data = tables(HOMES)
    kept = run_policies(data, [LAW], list(TYPES), backend="numpy")
    into = room(data)
    run_policies(data, [LAW], [], into=into, backend=backend, threads=threads)
    for name, array in into.items():
        assert array.tobytes() == kept.arrays[0, name].astype(TYPES[name]).tobytes(), name


@pytest.mark.parametrize("backend", ["numpy", "compiled"])
def test_a_variable_is_kept_and_written_at_once(backend):
    data = tables(HOMES)
    into = room(data, {"tenths": "float64"})
    run = run_policies(data, [LAW], ["tenths", "left"], into=into, backend=backend)
    assert np.array_equal(run.arrays[0, "tenths"], into["tenths"])
    assert np.isfinite(run.arrays[0, "left"]).all()


@pytest.mark.parametrize(
    ("name", "array", "words"),
    [
        ("tenths", np.empty(3, np.float32), "plain array of"),
        ("rich", np.empty(HOMES, np.int8), "bool|plain array"),
        ("whole", "complex128", "a type of numbers"),
        ("rich", "int8", "must hold bool"),
        ("whole", "bool", "a type of numbers"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(name, array, words):
    data = tables(HOMES)
    if isinstance(array, str):
        array = np.empty(data.count("person"), array)
    with pytest.raises(DataError, match=words):
        run_policies(data, [LAW], [], into={name: array})


def test_columns_and_unknown_variables_are_refused():
    data = tables(HOMES)
    with pytest.raises(DataError, match="input column"):
        run_policies(data, [LAW], [], into={"wage": np.empty(data.count("person"))})
    with pytest.raises(RuleError, match="no variable 'tenth'"):
        run_policies(data, [LAW], [], into={"tenth": np.empty(data.count("person"))})


def test_undefined_written_values_are_reported():
    law = policy(ratio=people("1")(lambda wage: wage / (wage - wage)))
    data = tables(HOMES)
    with pytest.raises(DataError, match="'ratio' is"):
        run_policies(data, [law], [], into={"ratio": np.empty(data.count("person"), np.float32)})


def test_sums_over_households_have_the_same_bits_on_both_backends():
    """Persons are added in their order, as a plain loop adds them."""
    law = policy(part=people("yuan/year")(lambda wage: wage / 7), total=household_sum("part"))
    data = tables(HOMES)
    parts = (data.persons["wage"].astype(np.float64) / 7).tolist()
    looped = []
    for first, last in zip(data.starts[:-1], data.starts[1:], strict=True):
        total = 0.0
        for part in parts[first:last]:
            total += part
        looped.append(total)
    for backend in ("numpy", "compiled"):
        run = run_policies(data, [law], ["total"], backend=backend)
        assert run.arrays[0, "total"].tolist() == looped, backend


def test_draws_keyed_by_a_variable():
    """Equal values draw alike: the key is a rule's result, on both backends the same."""
    law = policy(
        decade=people("year")(lambda age: floor(age / 10) - 1),
        luck=draw("luck", key="decade"),
    )
    data = tables(HOMES)
    numpy_run = run_policies(data, [law], ["luck", "decade"], backend="numpy")
    compiled = run_policies(data, [law], ["luck"], backend="compiled")
    luck, key = numpy_run.arrays[0, "luck"], numpy_run.arrays[0, "decade"]
    assert np.array_equal(luck, compiled.arrays[0, "luck"])
    assert len(np.unique(luck)) == len(np.unique(key)) == len(np.unique(key + luck)) > 1
