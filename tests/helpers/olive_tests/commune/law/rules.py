"""Six rules in euro."""

from __future__ import annotations

from olive.engine import household_count, household_rule, household_sum, maximum, person_rule


@person_rule(unit="bool", zh="儿童", en="Child")
def is_child(age):
    """Everybody under 18."""
    return age < 18


@person_rule(unit="euro/year", zh="所得税（每人）", en="Income tax of the person")
def tax_of_person(salaire, abattement, taux):
    """A rate above an allowance."""
    return taux * maximum(salaire - abattement, 0.0)


children = household_count("is_child", zh="儿童人数", en="Children")
wages = household_sum("salaire", zh="工资收入", en="Wages")
income_tax = household_sum("tax_of_person", zh="所得税", en="Income tax", role="tax")


@household_rule(unit="euro/year", zh="家庭津贴", en="Family allowance", role="cash_benefit")
def family_allowance(children, allocation):
    """An amount for each child."""
    return children * allocation


@household_rule(unit="euro/year", zh="可支配收入", en="Disposable income")
def disposable_income(wages, family_allowance, income_tax):
    """Wages and the allowance less the tax."""
    return wages + family_allowance - income_tax
