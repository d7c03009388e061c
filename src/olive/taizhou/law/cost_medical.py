"""What medical care costs after basic insurance: further insurance, assistance, prices.

The order follows the rules of the schemes: prices and tests first, then basic insurance (a column),
insurance for catastrophic illness, the supplement of low-income rural people, medical assistance,
the city's commercial supplement, and last the charitable fund.
"""

from __future__ import annotations

from olive.china.codes import code
from olive.engine import (
    draw,
    household_sum,
    lookup,
    maximum,
    minimum,
    person_rule,
    population_sum,
    schedule,
    where,
)

UNINSURED = code("medical_scheme", "none")

limin_draw = draw("limin_insurance", key="household", zh="台州利民保参保随机数")


@person_rule(unit="yuan/year", zh="基本医保后自付", clause="path.20.medical_burden")
def own_medical_expense(
    medical_expense,
    medical_reimbursement,
    medical_price_change,
    duplicate_test_saving,
    out_of_pocket_cut,
    age,
    free_checkup_from_age,
    free_checkup_value,
):
    """Expense left after basic insurance, with changed prices and fewer duplicate tests.

    Insurance pays the same share of the expense as before. The yearly free check-up of the old
    spares its value, as far as there is any expense.

    Source: clauses path.20.service_prices, path.20.duplicate_tests, path.20.elderly_checkup and
    path.20.medical_burden.
    """
    prices = (1.0 + medical_price_change) * (1.0 - duplicate_test_saving)
    left = maximum(medical_expense - medical_reimbursement, 0.0)
    checkup = where(age >= free_checkup_from_age, free_checkup_value, 0.0)
    return maximum(left * prices * (1.0 - out_of_pocket_cut) - checkup, 0.0)


@person_rule(unit="yuan/year", zh="大病保险支付", clause="path.10.catastrophic_illness_insurance")
def catastrophic_payment(
    own_medical_expense,
    medical_scheme,
    dibao_recipient,
    tekun_recipient,
    catastrophic_deductible,
    catastrophic_rate,
    catastrophic_deductible_cut_in_hardship,
    catastrophic_added_rate_in_hardship,
    catastrophic_tilt,
):
    """Insurance for catastrophic illness: a share of own expense above a deductible.

    People in hardship get a lower deductible and a higher share once the tilt is on; without a
    rate there is nothing to tilt.

    Source: clauses path.10.catastrophic_illness_insurance and path.20.medical_assistance.
    """
    tilted = (dibao_recipient | tekun_recipient) & catastrophic_tilt
    left = where(tilted, 1.0 - catastrophic_deductible_cut_in_hardship, 1.0)
    deductible = catastrophic_deductible * left
    added = where(tilted & (catastrophic_rate > 0), catastrophic_added_rate_in_hardship, 0.0)
    rate = catastrophic_rate + added
    payment = maximum(own_medical_expense - deductible, 0.0) * minimum(rate, 1.0)
    return where(medical_scheme != UNINSURED, payment, 0.0)


@person_rule(unit="code", zh="救助对象类别")
def relief_class(tekun_recipient, dibao_recipient, dibao_marginal):
    """Class for medical assistance: 0 none, 1 just above dibao, 2 dibao, 3 tekun."""
    dibao_class = where(dibao_recipient, 2.0, where(dibao_marginal, 1.0, 0.0))
    return where(tekun_recipient, 3.0, dibao_class)


@person_rule(
    unit="yuan/year", zh="低收入农户补充医疗保险支付", clause="group.8.21.medical_supplement"
)
def rural_supplement_payment(
    own_medical_expense, catastrophic_payment, low_income_rural_household, rural_supplement_rate
):
    """Policy insurance of low-income rural people: a share of what is still left.

    Source: clause group.8.21.medical_supplement.
    """
    left = own_medical_expense - catastrophic_payment
    return where(low_income_rural_household, left * rural_supplement_rate, 0.0)


@person_rule(unit="yuan/year", zh="医疗救助", clause="path.20.medical_assistance")
def medical_assistance(
    own_medical_expense,
    catastrophic_payment,
    rural_supplement_payment,
    relief_class,
    medical_assistance_rate,
    medical_assistance_cap,
):
    """Share of what is left that medical assistance pays, by class, up to the cap.

    Source: clauses path.20.medical_assistance and path.11.illness_poverty_prevention.
    """
    left = own_medical_expense - catastrophic_payment - rural_supplement_payment
    rate = lookup(medical_assistance_rate, relief_class)
    return minimum(left * rate, medical_assistance_cap)


@person_rule(unit="bool", zh="参加台州利民保")
def in_limin_insurance(limin_draw, medical_scheme, limin_enrolment_rate):
    """Insured person of a household that takes the city's commercial supplement."""
    return (limin_draw < limin_enrolment_rate) & (medical_scheme != UNINSURED)


@person_rule(unit="yuan/year", zh="台州利民保赔付", clause="path.20.limin_insurance")
def limin_payment(
    in_limin_insurance,
    own_medical_expense,
    catastrophic_payment,
    rural_supplement_payment,
    medical_assistance,
    limin_schedule,
    limin_cap,
):
    """Payout of the supplement: rising shares of what is left above its deductible, up to a cap.

    Source: clause path.20.limin_insurance; scale published for 2025 (first liability).
    """
    left = own_medical_expense - catastrophic_payment - rural_supplement_payment
    left = left - medical_assistance
    return where(in_limin_insurance, minimum(schedule(left, limin_schedule), limin_cap), 0.0)


@person_rule(unit="yuan/year", zh="台州利民保保费", clause="path.20.limin_insurance")
def limin_premium_of_person(
    in_limin_insurance, age, majority_age, limin_premium_adult, limin_premium_minor
):
    """Premium of the supplement, lower for minors.

    Source: 临海发布 2024-02-10 (100 and 60 yuan a person).
    """
    premium = where(age >= majority_age, limin_premium_adult, limin_premium_minor)
    return where(in_limin_insurance, premium, 0.0)


@person_rule(unit="yuan/year", zh="慈善医疗救助基金对象自付超线部分")
def charity_medical_need(
    own_medical_expense,
    catastrophic_payment,
    rural_supplement_payment,
    medical_assistance,
    limin_payment,
    relief_class,
    charity_medical_line,
):
    """Expense above the line that all schemes leave to people in hardship."""
    paid = catastrophic_payment + rural_supplement_payment + medical_assistance + limin_payment
    left = maximum(own_medical_expense - paid - charity_medical_line, 0.0)
    return where(relief_class > 0, left, 0.0)


charity_medical_needs = population_sum("charity_medical_need", zh="全市慈善医疗救助需求")


@person_rule(unit="yuan/year", zh="慈善医疗救助", clause="group.9.22.charity_medical_fund")
def charity_medical_payment(charity_medical_need, charity_medical_needs, charity_medical_fund):
    """Payment of the charitable fund, in proportion to need and at most the need.

    Source: clause group.9.22.charity_medical_fund.
    """
    share = minimum(charity_medical_fund / maximum(charity_medical_needs, 1.0), 1.0)
    return charity_medical_need * share


@person_rule(unit="yuan/year", zh="医疗费自付（本人）")
def medical_out_of_pocket_of_person(
    own_medical_expense,
    catastrophic_payment,
    rural_supplement_payment,
    medical_assistance,
    limin_payment,
    charity_medical_payment,
):
    """Medical expense that neither insurance nor assistance pays."""
    paid = catastrophic_payment + rural_supplement_payment + medical_assistance + limin_payment
    return maximum(own_medical_expense - paid - charity_medical_payment, 0.0)


medical_out_of_pocket = household_sum(
    "medical_out_of_pocket_of_person", zh="医疗费自付", role="cost"
)
limin_premiums = household_sum("limin_premium_of_person", zh="台州利民保保费（全户）")


@person_rule(unit="yuan/year", zh="基本医保以外的医疗支付")
def supplementary_medical_payment(
    catastrophic_payment, rural_supplement_payment, medical_assistance
):
    """What public schemes beside basic insurance pay: reimbursed expense of the bureau's kind."""
    return catastrophic_payment + rural_supplement_payment + medical_assistance


supplementary_medical_payments = household_sum(
    "supplementary_medical_payment",
    zh="基本医保以外的医疗支付（全户）",
    role="in_kind_benefit",
    payer="social_insurance",
)
