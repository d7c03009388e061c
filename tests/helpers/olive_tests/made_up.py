"""Results of made-up incomes, so that every expected figure can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

import olive
from olive.population import Origin

LAW = olive.law("2023-01-01")
CONTRIBUTIONS = LAW.rules.with_role("contribution", "household")


def population(sizes, weights, *, synthetic=True, ages=None, **columns):
    households = pd.DataFrame(
        {"household_id": range(len(sizes)), "weight": np.asarray(weights, dtype=float)}
    )
    households["county"] = "linhai"
    for name, values in columns.items():
        households[name] = values
    persons = pd.DataFrame({"household_id": np.repeat(np.arange(len(sizes)), sizes)})
    persons["age"] = 40 if ages is None else ages
    return olive.Population.from_frames(
        households, persons, year=2023, origin=Origin(2023, synthetic=synthetic)
    )


@cache
def template():
    """Return a real result, whose incomes are then replaced."""
    return olive.simulate(olive.Population.synthetic(households=10, seed=1), LAW)


def result(city, *incomes, labels=("a", "b", "c"), **others):
    """Return a result with these incomes a policy; others are variables, a value a policy."""
    others = {name: np.zeros(len(incomes)) for name in CONTRIBUTIONS} | others
    policies = tuple(LAW.renamed(labels[position]) for position in range(len(incomes)))
    arrays = {}
    for position, income in enumerate(incomes):
        values = np.asarray(income, dtype=float)
        arrays[position, "disposable_income"] = values
        arrays[position, "cash_disposable_income"] = values
        arrays[position, "household_size"] = city.size.astype(float)
        for name, given in others.items():
            arrays[position, name] = np.broadcast_to(given[position], city.size.shape)
    outputs = ("disposable_income", "cash_disposable_income", "household_size", *others)
    return replace(template(), population=city, policies=policies, outputs=outputs, arrays=arrays)
