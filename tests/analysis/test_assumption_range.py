"""The range of the assumptions that the report reads: shipped if it fits, else computed or none."""

from __future__ import annotations

import numpy as np
import pytest

import olive
from olive.analysis.assumption_range import (
    DECISIVE,
    assumption_range,
    write_assumption_range,
)
from olive.engine import Operation, PlausibleRange, Reform
from olive.errors import DataError

LAW = olive.law(year=2023)


def reform(high: float = 0.95) -> Reform:
    take_up = Operation(
        "dibao_take_up_rate",
        "set",
        0.7,
        status="assumption",
        plausible=PlausibleRange(0.5, high, "a test"),
    )
    return Reform.from_operations([take_up], label="take-up")


@pytest.fixture(scope="module")
def city() -> olive.Population:
    return olive.Population.synthetic(households=300, seed=1)


def test_what_is_written_is_read_for_the_same_and_for_nothing_else(city, tmp_path) -> None:
    file = tmp_path / "range.json"
    written = write_assumption_range(city, LAW, reform(), seed=1, draws=6, file=file)
    same = {"seed": 1, "file": file}
    assert assumption_range(city, LAW, LAW | reform(), **same) == written
    named = (LAW | reform()).renamed("under another name")
    assert assumption_range(city, LAW.renamed("in force"), named, **same) == written
    assert assumption_range(city, LAW, LAW | reform(), seed=2, file=file) is None
    assert assumption_range(city, LAW, LAW | reform(0.9), **same) is None
    assert assumption_range(city, LAW, LAW | {"dibao_take_up_rate": 0.75}, **same) is None
    other = olive.Population.synthetic(households=300, seed=2)
    assert assumption_range(other, LAW, LAW | reform(), **same) is None


@pytest.mark.slow  # quick: what is written is read
def test_the_rows_are_those_of_the_joint_table(city) -> None:
    found = assumption_range(city, LAW, LAW | reform(), seed=3, reform=reform(), draws=12)
    assert found is not None
    table = olive.uncertainty(city, LAW, reform(), draws=12, seed=3).frame
    for each in table.to_dict("records"):
        range_ = found.of(each["indicator"], each["definition"], each["line"])
        for name in ("after", "after_low", "change_low", "change_high", "rises", "falls"):
            assert getattr(range_, name) == each[name]
        assert (range_.met is None) == np.isnan(each["target"])
    assert len(found.decisive) == min(DECISIVE, found.figures)
    swings = [abs(each.change_at_high - each.change_at_low) for each in found.decisive]
    assert swings == sorted(swings, reverse=True)
    assert all(each.basis for each in found.decisive)


@pytest.mark.slow  # quick: what is written is read
def test_an_indicator_that_is_none_is_named(city) -> None:
    found = assumption_range(city, LAW, LAW | reform(), reform=reform(), draws=2)
    assert found is not None
    with pytest.raises(DataError, match="no range of 'gini_index'"):
        found.of("gini_index", "persons")
