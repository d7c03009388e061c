"""The fourteen rules as a country package of PolicyEngine, with its weighted microsimulation.

Variables add and subtract others by their lists (``adds``, ``subtracts``), figures come from the
weighted series that `Microsimulation` returns. PolicyEngine runs one policy a simulation and keeps
every variable of it. It numbers the members of households in a Python loop when it first looks for
a highest wage; that is its own way, and part of its time.

PolicyEngine keeps numbers in single precision unless told otherwise. Here its variables are
float64, as in all other engines and as equal figures need.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from figures import Figures
from generate import Table
from microdf import MicroSeries
from policyengine_core.model_api import ParameterNode, Reform, Variable
from policyengine_core.simulations import Microsimulation
from policyengine_core.taxbenefitsystems import TaxBenefitSystem

from peers import policyengine_inputs, policyengine_variables
from peers.parameters import BASELINE, REFORM, REFORMED, parameter_tree
from peers.policyengine_inputs import Household, Person

PERIOD = "2023"
DAY = "2023-01-01"


class MiniTaizhou(TaxBenefitSystem):
    """The fourteen rules as a tax and benefit system."""

    def __init__(self) -> None:
        super().__init__([Household, Person])
        self.parameters = ParameterNode("", data=parameter_tree(DAY))
        for module in (policyengine_inputs, policyengine_variables):
            self.add_variables(*filter(_is_variable, vars(module).values()))
        for variable in self.variables.values():
            if variable.value_type is float:
                variable.dtype = np.dtype(np.float64)


HIGHER_WAGE_LOWER_DIBAO = Reform.from_dict({name: {DAY: value} for name, value in REFORMED.items()})

INPUTS = {
    "weight": "household_weight",
    "v": "take_up_number",
    "wage": "contractual_wage",
    "operating": "operating_income",
    "property": "property_income",
    "pension": "employee_pension",
}
NOT_READ = {"hh", "urban", "u"}


def _is_variable(candidate: Any) -> bool:
    return (
        isinstance(candidate, type)
        and issubclass(candidate, Variable)
        and candidate is not Variable
    )


@cache
def systems() -> tuple[TaxBenefitSystem, TaxBenefitSystem]:
    """Return baseline and reform, which are read once however many runs follow."""
    baseline = MiniTaizhou()
    return baseline, HIGHER_WAGE_LOWER_DIBAO(baseline)


def simulation(system: TaxBenefitSystem, persons: Table, households: Table) -> Microsimulation:
    """Return a simulation filled with the tables."""
    populations = system.instantiate_entities()
    people, homes = populations["person"], populations["household"]
    people.count, homes.count = len(persons["hh"]), len(households["weight"])
    people.ids, homes.ids = np.arange(people.count), np.arange(homes.count)
    homes.members_entity_id = persons["hh"]
    filled = Microsimulation(system, populations)
    for name, column in {**persons, **households}.items():
        if name not in NOT_READ:
            filled.set_input(INPUTS.get(name, name), PERIOD, column)
    return filled


def figures(filled: Microsimulation, marginal_line: float) -> Figures:
    """Return the figures of rule 14 from weighted series."""
    income = filled.calculate("disposable_income", PERIOD)
    size = filled.calculate("household_size", PERIOD, use_weights=False)
    weights = income.weights.to_numpy()
    per_capita = MicroSeries(income.to_numpy() / size, weights=weights * size)
    return Figures(
        share_100_500=((income >= 100_000) & (income < 500_000)).mean(),
        share_200_600=((income >= 200_000) & (income < 600_000)).mean(),
        mean_per_capita=per_capita.mean(),
        gini_per_capita=per_capita.gini(),
        poverty_headcount=(per_capita < marginal_line).mean(),
        dibao_cost=filled.calculate("dibao", PERIOD).sum(),
    )


def run(persons: Table, households: Table) -> tuple[Figures, Figures]:
    """Return the figures of the baseline and of the reform, one simulation each."""
    pair = [
        figures(
            simulation(system, persons, households),
            parameters["marginal_multiple"] * parameters["dibao_standard"],
        )
        for system, parameters in zip(systems(), (BASELINE, REFORM), strict=True)
    ]
    return pair[0], pair[1]
