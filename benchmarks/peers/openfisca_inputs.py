"""Persons, households and their columns, as a country package of OpenFisca declares them."""

from __future__ import annotations

from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

Household = build_entity(
    "household", "households", "Household", roles=[{"key": "member", "plural": "members"}]
)
Person = build_entity("person", "persons", "Person", is_person=True)


class household_weight(Variable):
    value_type = float
    entity = Household
    definition_period = DateUnit.YEAR


class rent(Variable):
    value_type = float
    entity = Household
    definition_period = DateUnit.YEAR


class assets(Variable):
    value_type = float
    entity = Household
    definition_period = DateUnit.YEAR


class mortgage_interest(Variable):
    value_type = float
    entity = Household
    definition_period = DateUnit.YEAR


class take_up_number(Variable):
    value_type = float
    entity = Household
    definition_period = DateUnit.YEAR


class age(Variable):
    value_type = int
    entity = Person
    definition_period = DateUnit.YEAR


class formal(Variable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.YEAR


class contractual_wage(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.YEAR


class operating_income(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.YEAR


class property_income(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.YEAR


class employee_pension(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.YEAR


class private_transfer(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.YEAR


class disability(Variable):
    value_type = int
    entity = Person
    definition_period = DateUnit.YEAR
