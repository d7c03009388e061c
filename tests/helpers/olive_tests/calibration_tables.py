"""Small tables and targets that several calibration tests share."""

from __future__ import annotations

import numpy as np
import pandas as pd

from olive.population.calibration import PublishedFigure


def target(name, where="", value=1.0, **other):
    """Make an exact household count unless told otherwise."""
    fields = {
        "entity": "household",
        "measure": "count",
        "year": 2020,
        "unit": "households",
        "source": "test",
        "status": "published",
        "tolerance": 0.0,
        "block": "",
    } | other
    return PublishedFigure(id=name, where=where, value=value, **fields)


def survey(rows=300, seed=0):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "weight": rng.uniform(5.0, 15.0, rows),
            "a": rng.integers(0, 3, rows),
            "b": rng.integers(0, 2, rows),
            "x": rng.lognormal(3.0, 0.7, rows),
        }
    )


def persons_and_households():
    households = pd.DataFrame(
        {
            "household_id": [10, 20, 30, 40],
            "weight": [100.0, 100.0, 100.0, 100.0],
            "county": ["linhai", "linhai", "sanmen", "sanmen"],
        }
    )
    persons = pd.DataFrame(
        {
            # Not in the order of the households, on purpose.
            "household_id": [40, 10, 10, 20, 30, 30, 30],
            "age": [70, 40, 12, 66, 35, 33, 3],
            "wage": [0.0, 50.0, 0.0, 0.0, 60.0, 40.0, 0.0],
        }
    )
    return households, persons
