"""Every rule of the law, before the plan and under it, on both backends and in words."""

from __future__ import annotations

import numpy as np
import pytest

import olive
from olive.engine import Tables, formula_text, formula_with_numbers, run_policies
from olive.engine.rules import PopulationRule

POINTERS = {"spouse", "father", "mother"}


def column_values(column, count, random):
    """Return random values of a column over its whole range, money spread over its size."""
    low = -1e5 if column.minimum is None else float(column.minimum)
    high = 1e6 if column.maximum is None else min(float(column.maximum), 1e6)
    if column.kind == "bool":
        return random.random(count) < 0.5
    if "yuan" in column.unit:
        some = np.where(random.random(count) < 0.5, random.lognormal(10, 1.5, count), 0.0)
        return np.clip(some, low, high).astype(column.storage)
    if column.storage.startswith("float"):
        return random.uniform(low, high, count).astype(column.storage)
    info = np.iinfo(column.storage)
    return random.integers(max(low, info.min), min(high, info.max) + 1, count).astype(
        column.storage
    )


def random_city(households: int, seed: int) -> Tables:
    random = np.random.default_rng(seed)
    sizes = random.integers(1, 7, households)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    number = np.arange(starts[-1]) - np.repeat(starts[:-1], sizes)
    size = np.repeat(sizes, sizes)
    columns = {"household": {}, "person": {}}
    for name, column in olive.place("taizhou").columns.items():
        count = households if column.entity == "household" else number.size
        columns[column.entity][name] = column_values(column, count, random)
    columns["household"]["weight"] = random.uniform(0.5, 3, households)
    columns["person"]["person_number"] = number
    for name in POINTERS:
        columns["person"][name] = np.where(
            random.random(number.size) < 0.6, random.integers(0, 6, number.size) % size, -1
        )
    key = np.arange(households, dtype=np.uint64)
    return Tables(columns["household"], columns["person"], starts, key)


CITY = random_city(700, seed=4)
LAWS = {
    "2019": olive.law("2019-06-01"),
    "2025": olive.law(year=2025),
    "2022": olive.law("2022-07-01"),
    "2023": olive.law(year=2023),
    "plan": olive.law(olive.plan.frozen_day) | olive.plan.scenario(),
}
POLICIES = list(LAWS.values())
RULES = POLICIES[0].rules
VARIABLES = [name for name, rule in RULES.rules.items() if not isinstance(rule, PopulationRule)]


def test_every_rule_of_the_law_on_both_backends() -> None:
    expected, found = (
        run_policies(CITY, POLICIES, VARIABLES, totals=VARIABLES, seed=3, backend=backend)
        for backend in ("numpy", "compiled")
    )
    assert found.arrays.keys() == expected.arrays.keys()
    for (position, name), array in expected.arrays.items():
        other = found.arrays[position, name]
        assert other.dtype == array.dtype
        scale = max(1.0, float(np.abs(array).max()))
        np.testing.assert_allclose(
            other.astype(float), array.astype(float), rtol=1e-12, atol=1e-12 * scale, err_msg=name
        )
    for key, total in expected.totals.items():
        assert found.totals[key] == pytest.approx(total, rel=1e-9, abs=1e-3), key
    assert found.population_totals == pytest.approx(dict(expected.population_totals), rel=1e-11)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_rule_of_the_law_has_a_text(language) -> None:
    for name in RULES.rules:
        for law in (RULES, POLICIES[0]):
            text = formula_text(law, name, language)
            assert " =" in text
            assert "{" not in text
        if language == "zh":
            assert RULES.rules[name].zh in text


def test_numbers_of_one_person_under_every_rule() -> None:
    """The number at the end of each formula is the figure that the run found."""
    run = run_policies(CITY, [POLICIES[1]], VARIABLES, seed=3)
    person = 5
    home = int(np.searchsorted(CITY.starts, person, side="right") - 1)
    row = {name: column[home] for name, column in CITY.households.items()}
    row |= {name: column[person] for name, column in CITY.persons.items()}
    row |= {name: value for (_, name), value in run.population_totals.items()}
    for name in VARIABLES:
        own = person if RULES.entity_of(name) == "person" else home
        row[name] = run.arrays[0, name][own]
    for name in RULES.nodes:
        if any(each not in row and each not in RULES.parameters for each in RULES.reads(name)):
            continue  # reads a total that the law of that day does not need
        shown = formula_with_numbers(POLICIES[1], name, row).rsplit("= ", 1)[1]
        if RULES.quantities[name].truth:
            assert shown == ("yes" if row[name] else "no"), name
        else:
            number = float(shown.replace(",", "").replace("−", "-"))
            assert number == pytest.approx(row[name], rel=1e-5, abs=0.006), name
