"""Numpy and compiled code give the same figures for every word and every form of rule."""

from __future__ import annotations

import numpy as np
from toy import both, people, policy, tables

from olive.engine import where

TABLES = tables(60)


def test_switch_can_be_inverted() -> None:
    @people("yuan/year")
    def unless_generous(wage, generous):
        return where(~generous, wage, 0.0)

    @people("yuan/year")
    def unless_strict(wage, strict):
        return where(~strict & (wage > 0), wage, -1.0)

    law = policy(unless_generous=unless_generous, unless_strict=unless_strict)
    found = both(TABLES, law, "unless_generous", "unless_strict")
    wage = TABLES.persons["wage"]
    assert (found["unless_generous"] == 0).all()
    assert found["unless_strict"].tolist() == [each if each > 0 else -1.0 for each in wage]


def test_truth_values_and_ones_are_not_shared() -> None:
    @people("bool")
    def truth(married):
        return where(married, True, False)

    @people("1")
    def number(married):
        return where(married, 1, 0)

    found = both(TABLES, policy(truth=truth, number=number), "truth", "number")
    assert found["truth"].dtype == np.bool_
    assert found["number"].dtype == np.float64
    assert found["number"].tolist() == [float(each) for each in TABLES.persons["married"]]
