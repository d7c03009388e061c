"""Basic pension, child benefit, housing benefit and the minimum income."""

from __future__ import annotations

from olive.engine import (
    draw,
    household_count,
    household_rule,
    household_sum,
    lookup,
    maximum,
    minimum,
    person_rule,
    where,
)


@person_rule(unit="bool", zh="退休者", en="Pensioner")
def is_pensioner(age, pension_age):
    """Everybody from the pension age on."""
    return age >= pension_age


@person_rule(unit="bool", zh="儿童", en="Child")
def is_child(age, child_age):
    """Everybody under the age."""
    return age < child_age


@person_rule(unit="florin/year", zh="基础养老金（每人）", en="Basic pension of the person")
def basic_pension(is_pensioner, basic_pension_amount):
    """The same for everybody, whatever was earned."""
    return where(is_pensioner, basic_pension_amount, 0.0)


basic_pensions = household_sum(
    "basic_pension",
    zh="基础养老金",
    en="Basic pensions",
    role="cash_benefit",
    payer="social_insurance",
)
children = household_count("is_child", zh="儿童人数", en="Children")


@household_rule(unit="florin/year", zh="儿童津贴", en="Child benefit", role="cash_benefit")
def child_benefit(children, child_benefit_amount):
    """An amount for each child."""
    return children * child_benefit_amount


@household_rule(unit="florin/year", zh="住房补贴前收入", en="Income before housing benefit")
def income_before_housing_benefit(
    market_income, basic_pensions, child_benefit, income_taxes, social_contributions
):
    """What the household has before means-tested help."""
    received = market_income + basic_pensions + child_benefit
    return received - income_taxes - social_contributions


@household_rule(unit="florin/year", zh="住房补贴", en="Housing benefit", role="cash_benefit")
def housing_benefit(
    rent_paid,
    farthing,
    rent_ceiling,
    income_before_housing_benefit,
    housing_free_income,
    housing_withdrawal_rate,
):
    """Rent up to the ceiling of the farthing, less a part of income above a free amount."""
    rent = minimum(rent_paid, lookup(rent_ceiling, farthing))
    own = housing_withdrawal_rate * maximum(
        income_before_housing_benefit - housing_free_income, 0.0
    )
    return maximum(rent - own, 0.0)


@household_rule(unit="florin/year", zh="最低收入标准", en="Need under the minimum income")
def minimum_income_need(household_size, children, minimum_income_amount, child_weight):
    """The amount for each adult, and a part of it for each child."""
    adults = household_size - children
    return minimum_income_amount * (adults + child_weight * children)


@household_rule(unit="florin/year", zh="应享最低收入", en="Minimum income that is due")
def minimum_income_due(minimum_income_need, income_before_housing_benefit):
    """What income is short of the need; housing benefit is not counted."""
    return maximum(minimum_income_need - income_before_housing_benefit, 0.0)


@household_rule(unit="bool", zh="有权领取最低收入", en="Entitled to the minimum income")
def entitled_to_minimum_income(minimum_income_due):
    """Whether anything is due."""
    return minimum_income_due > 0.0


minimum_income_draw = draw("minimum_income", key="household", zh="最低收入申领随机数")


@household_rule(
    unit="florin/year",
    zh="最低收入",
    en="Minimum income",
    role="cash_benefit",
    entitlement="entitled_to_minimum_income",
)
def minimum_income(minimum_income_due, minimum_income_draw, minimum_income_take_up):
    """Paid to those who claim it."""
    return where(minimum_income_draw < minimum_income_take_up, minimum_income_due, 0.0)
