"""The fourteen rules on olive's engine: a user's own columns, parameters and rules.

Nothing here comes from olive's law or columns: three files of one's own (rules in
``mini_taizhou.py``, parameters in ``mini_taizhou.yaml``, columns in ``mini_taizhou_columns.yaml``)
and the engine, as for another city or country.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import mini_taizhou
import numpy as np
from figures import Figures
from generate import Table
from numpy.typing import NDArray

from olive.engine import (
    Policy,
    Reform,
    RuleSet,
    Run,
    Tables,
    policy_on,
    read_columns,
    run_policies,
)
from olive.statistics import (
    gini,
    headcount,
    mean,
    ordered,
    person_weights,
    sampled,
    share_between,
)

Floats = NDArray[np.float64]

HERE = Path(__file__).parent
OUTPUTS = ("disposable_income", "household_size")
TOTALS = ("dibao",)
NAMES = {
    "wage": "contractual_wage",
    "operating": "operating_income",
    "property": "property_income",
    "pension": "employee_pension",
    "rent": "rent_paid",
    "v": "take_up_number",
}


@cache
def rule_set() -> RuleSet:
    """Return the fourteen rules, fitted together."""
    columns = read_columns((HERE / "mini_taizhou_columns.yaml").read_text(encoding="utf-8"))
    return RuleSet.build(
        [mini_taizhou], columns=columns, parameter_files=[HERE / "mini_taizhou.yaml"]
    )


@cache
def policies() -> tuple[Policy, Policy]:
    """Return the baseline and the reform of the benchmark."""
    baseline = policy_on(rule_set(), year=2023)
    reform = Reform({"dibao_standard": 10_000}, multiply={"minimum_wage": 1.3}, label="reform")
    return baseline, baseline | reform


def tables(persons: Table, households: Table) -> Tables:
    """Return the generated tables under the names of the rule set; no column is copied.

    This is done once when data enter, however many runs follow. Persons stand by household, and
    each household has one at least: it begins where the number of the household changes.
    """
    known, household = rule_set().columns, persons["hh"]
    begins = np.ones(household.size + 1, dtype=np.bool_)
    np.not_equal(household[1:], household[:-1], out=begins[1:-1])
    return Tables(
        households=_named(households, known),
        persons=_named(persons, known),
        starts=np.flatnonzero(begins),
        # No rule of these draws: a key is never read.
        household_key=np.zeros(households["weight"].shape, dtype=np.uint64),
    )


def simulate(data: Tables, **options: Any) -> Run:
    """Return the household results of the baseline (0) and the reform (1), computed in one pass.

    ``options`` go to `olive.engine.run_policies` (``backend``, ``threads``).
    """
    return run_policies(data, policies(), OUTPUTS, totals=TOTALS, **options)


def run(persons: Table, households: Table, **options: Any) -> tuple[Figures, Figures]:
    """Return the figures of the baseline and of the reform."""
    results = simulate(tables(persons, households), **options)
    return figures_of_both(results, households["weight"])


def figures_of_both(results: Run, weight: Floats) -> tuple[Figures, Figures]:
    """Return rule 14 for both policies."""
    baseline, reform = (
        figures(
            *(results.arrays[position, name] for name in OUTPUTS),
            weight=weight,
            dibao_cost=results.totals[position, "dibao"],
            marginal_line=_marginal_line(policy),
        )
        for position, policy in enumerate(policies())
    )
    return baseline, reform


def figures(
    disposable: Floats, size: Floats, *, weight: Floats, dibao_cost: float, marginal_line: float
) -> Figures:
    """Return the figures of rule 14 by olive's statistics."""
    homes = sampled(disposable, weight)
    per_head = ordered(disposable / size, person_weights(weight, size))
    return Figures(
        share_100_500=share_between(homes, low=100_000, high=500_000),
        share_200_600=share_between(homes, low=200_000, high=600_000),
        mean_per_capita=mean(per_head),
        gini_per_capita=gini(per_head),
        poverty_headcount=headcount(per_head, line=marginal_line),
        dibao_cost=dibao_cost,
    )


def _marginal_line(policy: Policy) -> float:
    multiple, standard = (
        policy.values[name].datum for name in ("marginal_multiple", "dibao_standard")
    )
    assert isinstance(multiple, float)
    assert isinstance(standard, float)
    return multiple * standard


def _named(table: Table, known: Mapping[str, object]) -> Table:
    renamed = {NAMES.get(name, name): column for name, column in table.items()}
    return {name: column for name, column in renamed.items() if name in known}
