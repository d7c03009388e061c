"""The fourteen rules as a country package of OpenFisca, with its simulations of survey data.

One class a variable, formulas on whole columns, parameters in a tree with dates, the reform a
`Reform` that changes parameters. A simulation is filled as openfisca-survey-manager fills it: the
household of each person is handed over as it is. OpenFisca runs one policy a simulation and keeps
every variable of it; it has no statistics, so rule 14 is plain numpy.

OpenFisca keeps numbers in single precision unless told otherwise. Here its variables are float64,
as in all other engines and as equal figures need; that costs it a few hundredths of its time.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from figures import Figures
from generate import Table
from openfisca_core.parameters import ParameterNode
from openfisca_core.reforms import Reform
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from reference_numpy import figures

from peers import openfisca_inputs, openfisca_variables
from peers.openfisca_inputs import Household, Person
from peers.parameters import BASELINE, REFORM, REFORMED, parameter_tree

YEAR = "2023"
DAY = "2023-01-01"


class MiniTaizhou(TaxBenefitSystem):
    """The fourteen rules as a tax and benefit system."""

    def __init__(self) -> None:
        super().__init__([Household, Person])
        self.parameters = ParameterNode("", data=parameter_tree(DAY))
        for module in (openfisca_inputs, openfisca_variables):
            self.add_variables(*filter(_is_variable, vars(module).values()))
        for variable in self.variables.values():
            if variable.value_type is float:
                variable.dtype = np.dtype(np.float64)


class HigherWageLowerDibao(Reform):
    """The reform: a higher minimum wage and a lower dibao standard."""

    def apply(self) -> None:
        self.modify_parameters(_changed)


def _changed(parameters: ParameterNode) -> ParameterNode:
    for name, value in REFORMED.items():
        parameters.children[name].update(start=DAY, value=value)
    return parameters


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
    return baseline, HigherWageLowerDibao(baseline)


INPUTS = {
    "weight": "household_weight",
    "v": "take_up_number",
    "wage": "contractual_wage",
    "operating": "operating_income",
    "property": "property_income",
    "pension": "employee_pension",
}
NOT_READ = {"hh", "urban", "u"}


def simulation(system: TaxBenefitSystem, persons: Table, households: Table) -> Simulation:
    """Return a simulation filled with the tables."""
    populations = system.instantiate_entities()
    people, homes = populations["person"], populations["household"]
    people.count, homes.count = len(persons["hh"]), len(households["weight"])
    people.ids, homes.ids = np.arange(people.count), np.arange(homes.count)
    homes.members_entity_id = persons["hh"]
    filled = Simulation(system, populations)
    for name, column in {**persons, **households}.items():
        if name not in NOT_READ:
            filled.set_input(INPUTS.get(name, name), YEAR, column)
    return filled


def run(persons: Table, households: Table) -> tuple[Figures, Figures]:
    """Return the figures of the baseline and of the reform, one simulation each."""
    pair = []
    for system, parameters in zip(systems(), (BASELINE, REFORM), strict=True):
        filled = simulation(system, persons, households)
        pair.append(
            figures(
                filled.calculate("disposable_income", YEAR),
                filled.calculate("dibao", YEAR),
                filled.calculate("household_size", YEAR),
                households["weight"],
                parameters["marginal_multiple"] * parameters["dibao_standard"],
            )
        )
    return pair[0], pair[1]
