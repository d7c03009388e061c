"""Rules 1 to 13 as variables of OpenFisca, each a class with its formula on whole columns."""

from __future__ import annotations

import numpy as np
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from peers.openfisca_inputs import Household, Person


class wage(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.YEAR
    label = "Rule 1: wage raised to the minimum wage"

    def formula(person, period, parameters):
        by_contract = person("contractual_wage", period)
        covered = person("formal", period) * (by_contract > 0)
        floor = parameters(period).minimum_wage
        return np.where(covered, np.maximum(by_contract, floor), by_contract)


class insured(Variable):
    value_type = bool
    entity = Person
    definition_period = DateUnit.YEAR

    def formula(person, period):
        return person("formal", period) * (person("wage", period) > 0)


class social_insurance(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.YEAR
    label = "Rule 2: contributions on a base with two bounds"

    def formula(person, period, parameters):
        p = parameters(period)
        floor = p.contribution_floor * p.average_wage
        base = np.clip(person("wage", period), floor, p.contribution_cap * p.average_wage)
        return person("insured", period) * base * p.social_insurance_rate


class housing_fund(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.YEAR
    label = "Rule 2: employee's part of the housing fund"

    def formula(person, period, parameters):
        p = parameters(period)
        cap = p.contribution_cap * p.average_wage
        base = np.clip(person("wage", period), p.minimum_wage, cap)
        return person("insured", period) * base * p.housing_fund_rate


class household_size(Variable):
    value_type = int
    entity = Household
    definition_period = DateUnit.YEAR
    label = "Rule 3"

    def formula(household, period):
        return household.nb_persons()


class children(Variable):
    value_type = int
    entity = Household
    definition_period = DateUnit.YEAR
    label = "Rule 3"

    def formula(household, period):
        return household.sum(household.members("age", period) < 18)


class elderly(Variable):
    value_type = int
    entity = Household
    definition_period = DateUnit.YEAR
    label = "Rule 3"

    def formula(household, period):
        return household.sum(household.members("age", period) >= 60)


class earners(Variable):
    value_type = int
    entity = Household
    definition_period = DateUnit.YEAR
    label = "Rule 3"

    def formula(household, period):
        return household.sum(household.members("wage", period) > 0)


class highest_wage(Variable):
    value_type = float
    entity = Household
    definition_period = DateUnit.YEAR
    label = "Rule 3"

    def formula(household, period):
        return household.max(household.members("wage", period))


class household_deductions(Variable):
    value_type = float
    entity = Household
    definition_period = DateUnit.YEAR
    label = "Rule 4: additional deductions that the household gives rise to"

    def formula(household, period, parameters):
        p = parameters(period)
        for_children = p.child_deduction * household("children", period)
        for_elderly = p.elderly_deduction * (household("elderly", period) > 0)
        for_home = np.select(
            [household("mortgage_interest", period) > 0, household("rent", period) > 0],
            [p.mortgage_deduction, p.rent_deduction],
            0.0,
        )
        return for_children + for_elderly + for_home


class additional_deductions(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.YEAR
    label = "Rule 4: they go to the main earner, to each of them when wages tie"

    def formula(person, period):
        earned = person("wage", period)
        main_earner = (earned > 0) * (earned == person.household("highest_wage", period))
        return main_earner * person.household("household_deductions", period)


class wage_tax(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.YEAR
    label = "Rule 5"

    def formula(person, period, parameters):
        p = parameters(period)
        taxable = (
            person("wage", period)
            - person("social_insurance", period)
            - person("housing_fund", period)
            - p.basic_deduction
            - person("additional_deductions", period)
        )
        return p.wage_tax.calc(np.maximum(taxable, 0))


class operating_tax(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.YEAR
    label = "Rule 6: the basic deduction is used once"

    def formula(person, period, parameters):
        p = parameters(period)
        unused = np.where(person("wage", period) > 0, 0, p.basic_deduction)
        return p.operating_tax.calc(np.maximum(person("operating_income", period) - unused, 0))


class property_tax(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.YEAR
    label = "Rule 7"

    def formula(person, period, parameters):
        p = parameters(period)
        taxable = p.property_taxable_share * np.maximum(person("property_income", period), 0)
        return p.property_tax_rate * taxable


class resident_pension(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.YEAR
    label = "Rule 8"

    def formula(person, period, parameters):
        entitled = (person("age", period) >= 60) * (person("employee_pension", period) == 0)
        return entitled * parameters(period).resident_pension


class disability_subsidies(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.YEAR
    label = "Rule 9: living and care subsidies"

    def formula(person, period, parameters):
        p = parameters(period)
        grade = person("disability", period)
        severe = (grade == 1) + (grade == 2)
        lighter = (grade >= 3) * person.household("low_income", period)
        care = np.select(
            [grade == 1, grade == 2], [p.care_subsidy_grade_1, p.care_subsidy_grade_2], 0.0
        )
        return (severe + lighter) * p.living_subsidy + care


class net_income(Variable):
    value_type = float
    entity = Person
    definition_period = DateUnit.YEAR
    label = "Rule 10: a person's market income, pensions and transfers, net"

    def formula(person, period):
        return (
            person("wage", period)
            - person("social_insurance", period)
            - person("housing_fund", period)
            - person("wage_tax", period)
            + person("operating_income", period)
            - person("operating_tax", period)
            + person("property_income", period)
            - person("property_tax", period)
            + person("employee_pension", period)
            + person("resident_pension", period)
            + person("private_transfer", period)
        )


class household_net_income(Variable):
    value_type = float
    entity = Household
    definition_period = DateUnit.YEAR
    label = "Rule 10"

    def formula(household, period):
        return household.sum(household.members("net_income", period))


class countable_income(Variable):
    value_type = float
    entity = Household
    definition_period = DateUnit.YEAR
    label = "Rule 11: net income without part of the wages"

    def formula(household, period, parameters):
        p = parameters(period)
        wages = household.sum(household.members("wage", period))
        disregard = np.minimum(
            p.disregard_share * wages, p.dibao_standard * household("earners", period)
        )
        return household("household_net_income", period) - disregard


class within_asset_limit(Variable):
    value_type = bool
    entity = Household
    definition_period = DateUnit.YEAR
    label = "Rule 11"

    def formula(household, period, parameters):
        p = parameters(period)
        limit = p.asset_limit_years * p.dibao_standard * household("household_size", period)
        return household("assets", period) < limit


class dibao(Variable):
    value_type = float
    entity = Household
    definition_period = DateUnit.YEAR
    label = "Rule 11: the gap to the standard of those entitled who claim it"

    def formula(household, period, parameters):
        p = parameters(period)
        standard = p.dibao_standard * household("household_size", period)
        gap = np.maximum(standard - household("countable_income", period), 0)
        claims = household("take_up_number", period) < p.take_up_rate
        return household("within_asset_limit", period) * claims * gap


class low_income(Variable):
    value_type = bool
    entity = Household
    definition_period = DateUnit.YEAR
    label = "Rule 12"

    def formula(household, period, parameters):
        p = parameters(period)
        per_head = household("countable_income", period) / household("household_size", period)
        low = per_head <= p.marginal_multiple * p.dibao_standard
        return low * household("within_asset_limit", period)


class low_income_help(Variable):
    value_type = float
    entity = Household
    definition_period = DateUnit.YEAR
    label = "Rule 12: care subsidy and supplement for children"

    def formula(household, period, parameters):
        p = parameters(period)
        members = household.members
        in_care = household.sum(
            (members("age", period) >= 80) + (members("disability", period) == 1)
        )
        supplement = p.supplement_rate * p.dibao_standard * household("children", period)
        return household("low_income", period) * (p.low_income_care * in_care + supplement)


class disposable_income(Variable):
    value_type = float
    entity = Household
    definition_period = DateUnit.YEAR
    label = "Rule 13"

    def formula(household, period):
        subsidies = household.sum(household.members("disability_subsidies", period))
        return (
            household("household_net_income", period)
            + household("dibao", period)
            + subsidies
            + household("low_income_help", period)
        )
