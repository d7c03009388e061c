"""A small country for tests of the engine: columns, parameters, tables, and ways to run rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.engine import Column, Policy, RuleSet, Run, Schedule, Tables, policy_on, run_policies
from olive.engine.parameters import DatedValue, Parameter
from olive.engine.rules import Rule, household_rule, person_rule
from olive.engine.ruleset import fit_together

DAY = date(2020, 1, 1)
COLUMNS = {
    column.name: column
    for column in (
        Column("weight", "household"),
        Column("village", "household", "key"),
        Column("county", "household", "code", codes=("north", "south", "islands")),
        Column("rent", "household", unit="yuan/year", neutral=0.0, zh="房租", en="rent"),
        Column("urban", "household", "bool", unit="bool", neutral=0.0),
        Column("person_number", "person"),
        Column("age", "person", unit="year"),
        Column("wage", "person", unit="yuan/year", neutral=0.0, zh="工资", en="wage"),
        Column("monthly_pension", "person", unit="yuan/month", neutral=0.0),
        Column("married", "person", "bool", unit="bool", neutral=0.0),
        Column("grade", "person", "code", codes=("none", "light", "severe", "total"), neutral=0.0),
        Column("unit_number", "person", "key"),
        Column("spouse", "person", "key", neutral=-1.0),
    )
}
KEYS = {"county": COLUMNS["county"].codes, "grade": COLUMNS["grade"].codes}


def parameter(name: str, value: Any, unit: str = "yuan/year", **more: Any) -> Parameter:
    """Return a parameter with one value from 2019 on; ``by`` names the keys of a table."""
    by = more.pop("by", ())
    kind = "schedule" if isinstance(value, Schedule) else "table" if by else "scalar"
    datum = np.array(value, dtype=np.float64) if by else value
    content = {
        "zh": "",
        "en": name.replace("_", " "),
        "keys": tuple(KEYS[each] for each in by),
        "minimum": None,
        "maximum": None,
        "known_to": date(2026, 12, 31),
        "history": (DatedValue(date(2019, 1, 1), datum, "law", "a test", None),),
        "note": "",
        "file": "test.yaml",
        **more,
    }
    return Parameter(name=name, unit=unit, kind=kind, by=tuple(by), **content)


PARAMETERS = {
    each.name: each
    for each in (
        parameter("allowance", 60_000.0),
        parameter("ceiling", 200_000.0),
        parameter("rate", 0.08, "1"),
        parameter("share", 0.4, "1"),
        parameter("generous", 1.0, "bool"),
        parameter("strict", 0.0, "bool"),
        parameter("retirement_age", 60.0, "year"),
        parameter("months_in_year", 12.0, "month"),
        parameter("grant", [0.0, 1_200.0, 3_600.0, 6_000.0], by=("grade",)),
        parameter("covered", [0.0, 1.0, 1.0, 0.0], "bool", by=("grade",)),
        parameter(
            "premium",
            [[0.0, 10.0, 20.0, 30.0], [1.0, 11.0, 21.0, 31.0], [2.0, 12.0, 22.0, 32.0]],
            by=("county", "grade"),
        ),
        parameter(
            "tax",
            Schedule(np.array([0.0, 36_000.0, 144_000.0]), np.array([0.03, 0.10, 0.20])),
        ),
    )
}


def people(unit: str, **more: Any) -> Callable[[Callable[..., Any]], Rule]:
    """Declare a rule of persons."""
    return person_rule(unit=unit, **more)


def homes(unit: str, **more: Any) -> Callable[[Callable[..., Any]], Rule]:
    """Declare a rule of households."""
    return household_rule(unit=unit, **more)


def rule_set(
    *,
    columns: Mapping[str, Column] = COLUMNS,
    parameters: Mapping[str, Parameter] = PARAMETERS,
    **rules: Rule,
) -> RuleSet:
    """Fit rules together under the names of the keyword arguments."""
    named = {name: rule.named(name) for name, rule in rules.items()}
    return fit_together(named, columns, parameters)


def policy(**rules: Any) -> Policy:
    """Return the policy of rules on the toy country's day."""
    return policy_on(rule_set(**rules), DAY)


def tables(households: int = 40, seed: int = 1, largest: int = 6) -> Tables:
    """Return a random country; persons of a household stand together."""
    random = np.random.default_rng(seed)
    sizes = random.integers(1, largest + 1, households)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    persons = int(starts[-1])
    number = np.arange(persons) - np.repeat(starts[:-1], sizes)
    spouse = np.where(number < 2 * (np.repeat(sizes, sizes) // 2), number ^ 1, -1)
    return Tables(
        {
            "weight": random.uniform(0.5, 3.0, households),
            "village": random.integers(0, 12, households),
            "county": random.integers(0, 3, households).astype(np.int8),
            "rent": random.uniform(0, 30_000, households).astype(np.float32),
            "urban": random.random(households) < 0.6,
        },
        {
            "person_number": number.astype(np.int16),
            "age": random.integers(0, 100, persons).astype(np.uint8),
            "wage": np.round(random.lognormal(11, 1, persons) * (random.random(persons) < 0.7), 2),
            "monthly_pension": random.uniform(0, 4_000, persons).astype(np.float32),
            "married": spouse >= 0,
            "grade": random.integers(0, 4, persons).astype(np.int8),
            "unit_number": random.integers(0, 3, persons).astype(np.int32),
            "spouse": spouse.astype(np.int64),
        },
        starts,
        random.integers(0, 2**63, households).astype(np.uint64),
    )


def household_of(table: Tables) -> NDArray[np.int64]:
    """Return the household row of every person."""
    return np.repeat(np.arange(table.count("household")), np.diff(table.starts))


def select(table: Tables, rows: Sequence[int] | NDArray[Any]) -> Tables:
    """Return the households of the given rows, in that order."""
    wanted = np.asarray(rows)
    members = [np.arange(table.starts[row], table.starts[row + 1]) for row in wanted]
    persons = np.concatenate(members)
    starts = np.concatenate([[0], np.cumsum([each.size for each in members])]).astype(np.int64)
    return Tables(
        {name: column[wanted] for name, column in table.households.items()},
        {name: column[persons] for name, column in table.persons.items()},
        starts,
        table.household_key[wanted],
    )


def run(table: Tables, law: Policy, *outputs: str, **how: Any) -> dict[str, NDArray[Any]]:
    """Return the outputs of one policy by name."""
    found: Run = run_policies(table, [law], outputs, **how)
    return {name: found.arrays[0, name] for name in outputs}


def both(table: Tables, law: Policy, *outputs: str, **how: Any) -> dict[str, NDArray[Any]]:
    """Return the outputs of the numpy backend after checking that compiled code agrees."""
    expected = run(table, law, *outputs, backend="numpy", **how)
    found = run(table, law, *outputs, backend="compiled", **how)
    for name in outputs:
        assert found[name].dtype == expected[name].dtype, name
        np.testing.assert_allclose(
            found[name].astype(np.float64),
            expected[name].astype(np.float64),
            rtol=1e-12,
            atol=0,
            err_msg=name,
        )
    return expected


def small(sizes: Sequence[int], **columns: Any) -> Tables:
    """Return households of the given sizes with the given columns and nothing else."""
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    by_entity: dict[str, dict[str, NDArray[Any]]] = {"household": {}, "person": {}}
    for name, values in columns.items():
        by_entity[COLUMNS[name].entity][name] = np.asarray(values)
    number = np.arange(starts[-1]) - np.repeat(starts[:-1], sizes)
    persons = {"person_number": number, **by_entity["person"]}
    key = np.arange(len(sizes), dtype=np.uint64)
    return Tables(by_entity["household"], persons, starts, key)
