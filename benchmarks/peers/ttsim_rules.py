"""The fourteen rules as policy functions of ttsim, the engine of GETTSIM.

Scalar functions of persons that ttsim rewrites to whole columns, aggregations by household, and
parameters with dates. Every column is one of persons: what belongs to a household is repeated for
its members, before and after. ttsim runs one policy a call; it has no weights and no statistics, so
rule 14 is plain numpy on one row a household. Policy environments are built once.

With ``checks=False`` it is told to leave out its checks of data and results; the environment
variable ``TTSIM_BEARTYPE_CLAW=0`` turns off its run-time checks of types as well.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import numpy as np
from figures import Figures
from generate import Table
from reference_numpy import figures
from ttsim import InputData, MainTarget, OrigPolicyObjects, TTTargets, main, upsert_tree
from ttsim.tt import ColumnObject, ScalarParam

from peers import ttsim_inputs, ttsim_variables
from peers.parameters import BASELINE, OPERATING_TAX, REFORM, REFORMED, WAGE_TAX
from peers.ttsim_inputs import UNIT_SYSTEM

DAY = date(2023, 1, 1)
TARGETS = {"disposable_income_y_hh": None, "dibao_y_hh": None, "household_size_hh": None}


def _specification(kind: str, units: dict[str, str], value: dict[str, Any]) -> dict[str, Any]:
    texts = {"name": {"de": "", "en": ""}, "description": {"de": "", "en": ""}}
    return {**texts, **units, "type": kind, DAY: value}


def _scalar(value: float) -> dict[str, Any]:
    return _specification("scalar", {"unit": "DIMENSIONLESS"}, {"value": value})


def _schedule(schedule: dict[str, tuple[float, ...]]) -> dict[str, Any]:
    lower, rates = schedule["thresholds"], schedule["rates"]
    intervals: list[dict[str, Any]] = [
        {"interval": f"[{low}, {high})", "slope": rate}
        for low, high, rate in zip(lower, (*lower[1:], "inf"), rates, strict=True)
    ]
    intervals[0]["intercept"] = 0.0
    units = {"input_unit": "YUAN_PER_YEAR", "output_unit": "YUAN_PER_YEAR"}
    return _specification("piecewise_linear", units, {"intervals": intervals})


@cache
def environments() -> tuple[Any, Any]:
    """Return the policy environments of the baseline and of the reform."""
    specifications = {name: _scalar(value) for name, value in BASELINE.items()}
    specifications["wage_tax_schedule"] = _schedule(WAGE_TAX)
    specifications["operating_tax_schedule"] = _schedule(OPERATING_TAX)
    baseline = main(
        main_target=MainTarget.policy_environment,
        policy_date_str=DAY.isoformat(),
        orig_policy_objects=OrigPolicyObjects(
            column_objects_and_param_functions={
                ("rules.py", name): each
                for module in (ttsim_inputs, ttsim_variables)
                for name, each in vars(module).items()
                if isinstance(each, ColumnObject)
            },
            param_specs={
                ("rules.yaml", name): specification
                for name, specification in specifications.items()
            },
        ),
        unit_system=UNIT_SYSTEM,
    )
    changed = {
        name: ScalarParam(value=value, unit="DIMENSIONLESS", start_date=DAY, end_date=DAY)
        for name, value in REFORMED.items()
    }
    return baseline, upsert_tree(base=baseline, to_upsert=changed)


INPUTS = {
    "wage": "contractual_wage_y",
    "operating": "operating_income_y",
    "property": "property_income_y",
    "pension": "employee_pension_y",
    "private_transfer": "private_transfer_y",
    "rent": "rent_y_hh",
    "assets": "assets_hh",
    "mortgage_interest": "mortgage_interest_y_hh",
    "v": "take_up_number_hh",
}
NOT_READ = {"hh", "urban", "u", "weight"}


def columns(persons: Table, households: Table) -> dict[str, Any]:
    """Return all columns by person."""
    of = persons["hh"]
    tables = {**persons, **{name: column[of] for name, column in households.items()}}
    named = {
        INPUTS.get(name, name): column for name, column in tables.items() if name not in NOT_READ
    }
    return {"p_id": np.arange(len(of)), "hh_id": of, **named}


def run(persons: Table, households: Table, checks: bool = True) -> tuple[Figures, Figures]:
    """Return the figures of the baseline and of the reform, one call each."""
    data = columns(persons, households)
    first = np.searchsorted(persons["hh"], np.arange(len(households["weight"])))
    pair = []
    for environment, parameters in zip(environments(), (BASELINE, REFORM), strict=True):
        results = main(
            main_target=MainTarget.results.tree,
            policy_date_str=DAY.isoformat(),
            policy_environment=environment,
            input_data=InputData.tree(data),
            tt_targets=TTTargets.tree(TARGETS),
            include_fail_nodes=checks,
            include_warn_nodes=checks,
            unit_system=UNIT_SYSTEM,
        )
        income, dibao, size = (results[name][first] for name in TARGETS)
        pair.append(
            figures(
                income,
                dibao,
                size,
                households["weight"],
                parameters["marginal_multiple"] * parameters["dibao_standard"],
            )
        )
    return pair[0], pair[1]
