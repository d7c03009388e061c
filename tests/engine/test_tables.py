"""The tables refuse what rules would read wrongly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from olive_tests.toy import people, policy, run, small, tables

from olive.engine import Tables, household_sum, run_policies
from olive.errors import DataError

GOOD = tables(5)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"starts": GOOD.starts.astype(np.int32)}, "starts must be a plain int64 array"),
        ({"starts": np.repeat(GOOD.starts, 2)[::2]}, "starts must be a plain int64 array"),
        ({"starts": GOOD.starts + 1}, "starts must begin with 0"),
        ({"starts": np.array([0, 0, 1], dtype=np.int64)}, "needs at least one person"),
        ({"starts": np.array([0], dtype=np.int64)}, "one household is needed"),
        ({"household_key": GOOD.household_key.astype(np.int64)}, "one uint64 per household"),
        ({"household_key": GOOD.household_key[:3]}, r"\(5\), found uint64 of shape \(3,\)"),
        ({"households": {"rent": np.zeros(4)}}, r"'rent' has shape \(4,\); .* 5 rows"),
        ({"persons": {"wage": np.zeros((2, 3))}}, r"'wage' has shape \(2, 3\)"),
        ({"households": {"rent": np.zeros(5, dtype=">f8")}}, "'rent' has type >f8"),
        ({"households": {"rent": np.zeros(5, dtype=np.float16)}}, "'rent' has type float16"),
        ({"households": {"rent": np.array(list("abcde"))}}, "'rent' has type <U1"),
        ({"households": {"rent": np.array([None] * 5)}}, "'rent' has type object"),
    ],
)
def test_refused(fault, message) -> None:
    with pytest.raises(DataError, match=message):
        replace(GOOD, **fault)


@pytest.mark.parametrize("backend", ["numpy", "compiled"])
def test_truth_and_number_columns_are_kept_apart(backend) -> None:
    law = policy(adult=people("bool")(lambda age, married: (age >= 18) | married))
    for column, values, wanted in (
        (
            "married",
            np.array([0, 1, 0]),
            r"'married' must hold true or false \(bool\), found .*int",
        ),
        ("age", np.array([True, False, True]), "'age' must hold numbers, found type bool"),
    ):
        columns = {"married": np.zeros(3, dtype=bool), "age": np.zeros(3), column: values}
        with pytest.raises(DataError, match=wanted):
            run(small([2, 1], **columns), law, "adult", backend=backend)


@pytest.mark.parametrize("backend", ["numpy", "compiled"])
def test_column_in_the_wrong_table(backend) -> None:
    law = policy(
        wages=household_sum("wage"), left=people("yuan/year")(lambda rent, wage: wage - rent)
    )
    moved = Tables(
        {}, {**GOOD.persons, "rent": GOOD.persons["wage"]}, GOOD.starts, GOOD.household_key
    )
    with pytest.raises(DataError, match="'rent' describes a household, but stands in the person"):
        run(moved, law, "left", backend=backend)
    weighted = {**GOOD.persons, "weight": np.ones(GOOD.count("person"))}
    with pytest.raises(DataError, match="'weight' describes a household, but stands in the person"):
        run_policies(
            Tables({}, weighted, GOOD.starts, GOOD.household_key),
            [law],
            [],
            totals=["wages"],
            backend=backend,
        )
