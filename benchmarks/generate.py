"""The input of the benchmark: two tables of a made-up city, drawn anew from a seed.

No row stands for anybody. The columns are the fewest that the fourteen rules of
``mini_taizhou.py`` need, plus two that they do not read (``urban``, ``u``), as
real tables always hold more than one question needs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Table = dict[str, NDArray[Any]]

SIZES = np.arange(1, 7)
SIZE_SHARES = (0.27, 0.30, 0.20, 0.13, 0.07, 0.03)


def generate(households: int = 1_000_000, seed: int = 0) -> tuple[Table, Table]:
    """Return the persons (sorted by household) and the households.

    Money is in yuan a year, stocks in yuan. ``hh`` is the row of the person's household; ``v`` is
    the uniform number that decides take-up of dibao.
    """
    random = np.random.Generator(np.random.SFC64(seed))
    size = random.choice(SIZES, p=SIZE_SHARES, size=households)
    count = int(size.sum())
    household_of = np.repeat(np.arange(households, dtype=np.int32), size)
    first_row = np.concatenate(([0], np.cumsum(size)[:-1]))
    number = np.arange(count) - np.repeat(first_row, size)

    def per_person(values: NDArray[Any]) -> NDArray[Any]:
        return np.repeat(values, size)

    def log_normal(centre: NDArray[np.float64] | float, spread: float) -> NDArray[np.float64]:
        return np.exp(centre + random.normal(0, spread, count))

    def happens(probability: float) -> NDArray[np.bool_]:
        return random.random(count) < probability

    age = np.where(number < 2, random.integers(22, 90, count), random.integers(0, 85, count))
    urban = per_person(random.random(households) < 0.62)
    works = (age >= 18) & (age < 62) & happens(0.78)
    kind_of_work = random.random(count)
    formal = works & (kind_of_work < 0.50)
    employed = works & (kind_of_work < 0.75)
    in_business = works & (kind_of_work >= 0.75)
    fortune = per_person(random.normal(0, 0.45, households))

    persons: Table = {
        "hh": household_of,
        "age": age.astype(np.int16),
        "formal": formal,
        "wage": np.where(employed, log_normal(11.0 + 0.25 * urban + fortune, 0.5), 0.0),
        "operating": np.where(in_business, log_normal(11.0 + fortune, 0.8), 0.0),
        "property": np.where(happens(0.5), log_normal(8.0 + fortune, 1.2), 0.0),
        "pension": np.where((age >= 60) & happens(0.5), log_normal(10.4, 0.3), 0.0),
        "private_transfer": np.where(happens(0.2), log_normal(8.0, 0.8), 0.0),
        "disability": np.where(happens(0.05), random.integers(1, 5, count), 0).astype(np.int8),
        "urban": urban,
        "u": random.random(count),
    }
    table: Table = {
        "weight": random.uniform(0.5, 1.5, households),
        "rent": np.where(random.random(households) < 0.2, 12_000.0, 0.0),
        "assets": np.exp(random.normal(11, 1.5, households)),
        "mortgage_interest": np.where(random.random(households) < 0.2, 20_000.0, 0.0),
        "v": random.random(households),
    }
    return persons, table


PERSON_COLUMNS_READ = (
    "hh",
    "age",
    "formal",
    "wage",
    "operating",
    "property",
    "pension",
    "private_transfer",
    "disability",
)
HOUSEHOLD_COLUMNS_READ = ("weight", "rent", "assets", "mortgage_interest", "v")
