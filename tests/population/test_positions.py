"""Series with an index are brought into the order of the rows, or refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import olive
from olive.errors import DataError
from olive.population import Population
from olive.population.calibration import CalibrationError, PublishedFigure, Targets


def town() -> Population:
    homes = pd.DataFrame({"household_id": [7, 8, 9], "weight": [1.0, 2.0, 3.0]})
    people = pd.DataFrame({"household_id": [7, 8, 9], "age": [30, 40, 50]})
    return Population.from_frames(homes, people, year=2023)


@pytest.mark.parametrize(
    "weights",
    [
        [10.0, 20.0, 30.0],
        pd.Series([10.0, 20.0, 30.0]),
        pd.Series([30.0, 10.0, 20.0], index=[2, 0, 1]),
        pd.Series([30.0, 10.0, 20.0], index=pd.Index([9, 7, 8], name="household_id")),
        pd.Series([10.0, 20.0, 30.0], index=[7, 8, 9]),
        pd.Series(["10", "20", "30"]),
    ],
)
def test_weights_go_to_their_households(weights):
    assert town().with_weights(weights).weight.tolist() == [10, 20, 30]


@pytest.mark.parametrize(
    "weights",
    [
        pd.Series([10.0, 20.0, 30.0], index=[9, 8, 7]),  # whose rows? the index has no name
        pd.Series([10.0, 20.0, 30.0], index=[0, 1, 1]),
        pd.Series([10.0, 20.0, 30.0], index=pd.Index([7, 8, 10], name="household_id")),
        pd.Series([10.0, 20.0], index=[0, 1]),
    ],
)
def test_other_indexes_are_refused(weights):
    with pytest.raises(DataError, match="weights: the index of the series does not name"):
        town().with_weights(weights)


def test_a_mask_goes_to_its_households():
    homes = town().households.sort_values("weight", ascending=False)
    assert town().select(homes["weight"] > 2).households["household_id"].tolist() == [9]
    with pytest.raises(DataError, match="the mask"):
        town().select(pd.Series([True, False, True], index=[4, 5, 6]))


def test_calibration_knows_the_rows_of_a_frame():
    frame = pd.DataFrame({"urban": [True, False], "w": [1.0, 3.0]}, index=[5, 6])
    target = PublishedFigure(
        "all", "household", "count", "", 8.0, 2020, "h", "s", "published", 0.0, ""
    )
    found = olive.calibrate(frame, Targets((target,)), weights=frame["w"])
    np.testing.assert_allclose(found.weights, [2.0, 6.0])
    with pytest.raises(CalibrationError, match="does not name"):
        olive.calibrate(frame, Targets((target,)), weights=pd.Series([1.0, 3.0], index=[6, 7]))


def test_calibration_refuses_identifiers_of_two_types_and_missing_values():
    homes = {"household_id": [1, 2, 3], "weight": [10.0, 20.0, 30.0]}
    target = PublishedFigure(
        "y", "person", "count", "age < 40", 60.0, 2020, "p", "s", "published", 0.0, ""
    )
    with pytest.raises(CalibrationError, match=r"holds numbers .* holds text \(for example '1'\)"):
        olive.calibrate(
            {"household": homes, "person": {"household_id": ["1", "2", "3"], "age": [70, 30, 20]}},
            Targets((target,)),
        )
    with pytest.raises(CalibrationError, match=r"'age' of the person table is missing in 1 row"):
        olive.calibrate(
            {"household": homes, "person": {"household_id": [1, 2, 3], "age": [70, 30, None]}},
            Targets((target,)),
        )


def test_pointers_cannot_be_replaced_by_impossible_ones():
    homes = {"household_id": [1], "weight": [1.0]}
    people = {"household_id": [1, 1], "age": [40, 38], "spouse": [1, 0]}
    couple = Population.from_frames(homes, people, year=2023)
    for spouse, words in (([5, 0], "spouse of person 0 is 5"), ([1, -1], "do not name back")):
        with pytest.raises(DataError, match=words):
            couple.with_columns({"spouse": spouse})
