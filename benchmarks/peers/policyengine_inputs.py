"""Persons, households and their columns, as a country package of PolicyEngine declares them."""

from __future__ import annotations

from policyengine_core.entities import build_entity
from policyengine_core.model_api import YEAR, Variable

Household = build_entity(
    "household", "households", "Household", roles=[{"key": "member", "plural": "members"}]
)
Person = build_entity("person", "persons", "Person", is_person=True)


class household_weight(Variable):
    value_type = float
    entity = Household
    definition_period = YEAR
    label = "Household weight"


class rent(Variable):
    value_type = float
    entity = Household
    definition_period = YEAR
    label = "Rent"


class assets(Variable):
    value_type = float
    entity = Household
    definition_period = YEAR
    label = "Assets"


class mortgage_interest(Variable):
    value_type = float
    entity = Household
    definition_period = YEAR
    label = "Mortgage interest"


class take_up_number(Variable):
    value_type = float
    entity = Household
    definition_period = YEAR
    label = "Take up number"


class age(Variable):
    value_type = int
    entity = Person
    definition_period = YEAR
    label = "Age"


class formal(Variable):
    value_type = bool
    entity = Person
    definition_period = YEAR
    label = "Formal"


class contractual_wage(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR
    label = "Contractual wage"


class operating_income(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR
    label = "Operating income"


class property_income(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR
    label = "Property income"


class employee_pension(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR
    label = "Employee pension"


class private_transfer(Variable):
    value_type = float
    entity = Person
    definition_period = YEAR
    label = "Private transfer"


class disability(Variable):
    value_type = int
    entity = Person
    definition_period = YEAR
    label = "Disability"
