"""Names of columns, parameters and places that are no text: read or refused, never a traceback."""

from __future__ import annotations

from contextlib import suppress

import pandas as pd
import pytest

import olive
from olive.errors import OliveError

LONG = 10**5_000  # Python refuses to write whole numbers of more than 4,300 digits
NAMES = [
    LONG,
    -LONG,
    (LONG, 1),
    1.5,
    None,
    b"a",
    float("nan"),
    pd.Timestamp("2020-01-01"),
    "9" * 5_000,
]
HOMES = {
    "household_id": [1, 2],
    "weight": [1.0, 2.0],
    "county": ["linhai"] * 2,
    "urban": [True] * 2,
}
PEOPLE = {"household_id": [1, 2], "age": [40, 50]}
PERSON = {"key": "household_id", "columns": {"age": "age"}}
MAPPING = {
    "year": 2022,
    "household": {"key": "household_id", "columns": {"weight": "weight"}},
    "person": PERSON,
}


def surveyed(mapping, **further):
    return olive.Population.from_survey(HOMES | further, PEOPLE | further, MAPPING | mapping)


WAYS = {
    "frames": lambda name: olive.Population.from_frames(HOMES | {name: [1, 2]}, PEOPLE, year=2023),
    "pandas": lambda name: olive.Population.from_frames(
        pd.DataFrame(HOMES), pd.DataFrame(PEOPLE | {name: [1, 2]}), year=2023
    ),
    "key": lambda name: surveyed({"person": PERSON | {"key": name}}),
    "source": lambda name: surveyed({"person": PERSON | {"columns": {"age": name}}}),
    "mapped": lambda name: surveyed({"person": PERSON | {"columns": {"age": "age", name: "age"}}}),
    "year": lambda name: surveyed({"year": name}),
    "given": lambda name: olive.evaluate(
        "comprehensive_income_tax", {"taxable_income": [5_000.0], name: [1]}, "2023-01-01"
    ),
    "variable": lambda name: olive.evaluate(name, {"taxable_income": [5_000.0]}, "2023-01-01"),
    "parameter": lambda name: olive.law(year=2023) | olive.Reform({name: 1}),
    "entry": lambda name: olive.law(year=2023) | olive.Reform({"dibao_standard": {name: 1}}),
    "law": olive.law,
    "place": lambda name: olive.place(name) if name is not None else None,
}


@pytest.mark.parametrize("way", WAYS)
def test_a_name_of_any_type_is_read_or_refused(way):
    for name in NAMES:
        with suppress(OliveError):
            WAYS[way](name)
