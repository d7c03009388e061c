"""Special additional deductions from taxable income, and who claims them.

Who claims, as named assumptions:

- a *tax unit* is a couple, or a person without a spouse in the household, with their dependent
  children;
- the housing deduction (mortgage or rent, never both) is claimed by the member of the household
  with the most income;
- expenses for a serious illness, by the spouse with more income;
- deductions for children come last, see `child_claims`.
"""

from __future__ import annotations

from olive.china.codes import code
from olive.engine import (
    clip,
    household_rank,
    household_rule,
    of,
    person_rule,
    subgroup_sum,
    where,
)

MARKET_RENTER = code("tenure", "market_renter")
PUBLIC_RENTER = code("tenure", "public_renter")


@person_rule(unit="bool", zh="受抚养子女")
def is_dependent_child(age, in_education, father, mother, spouse, majority_age):
    """Unmarried person with a parent in the household, a minor or in full-time education.

    Source: 国发〔2018〕41号, articles 5 and 7.
    """
    has_parent = (father >= 0) | (mother >= 0)
    return has_parent & (spouse < 0) & ((age < majority_age) | in_education)


@person_rule(unit="code", zh="夫妻编号")
def couple_number(person_number, spouse):
    """Lower person number of the couple; the person's own without a spouse in the household."""
    return where((spouse >= 0) & (spouse < person_number), spouse, person_number)


father_couple_number = of("father", "couple_number", zh="父亲所在夫妻编号")
mother_couple_number = of("mother", "couple_number", zh="母亲所在夫妻编号")


@person_rule(unit="code", zh="纳税单元编号")
def tax_unit(is_dependent_child, father, father_couple_number, mother_couple_number, couple_number):
    """Number of the tax unit: that of the parents for a dependent child, else of the couple."""
    parents = where(father >= 0, father_couple_number, mother_couple_number)
    return where(is_dependent_child, parents, couple_number)


@person_rule(unit="yuan/year", zh="赡养老人扣除")
def elderly_parents_claim(
    has_elderly_parents,
    only_child,
    elderly_parents_deduction,
    elderly_parents_shared_cap,
    elderly_parents_claimed_share,
):
    """Deduction for a parent aged 60 or over: in full for an only child, else a share.

    Source: 国发〔2018〕41号, article 22; 国发〔2023〕13号.
    """
    shared = elderly_parents_shared_cap * elderly_parents_claimed_share
    amount = where(only_child, elderly_parents_deduction, shared)
    return where(has_elderly_parents, amount, 0.0)


@person_rule(unit="yuan/year", zh="继续教育扣除")
def continuing_education_claim(
    continuing_education, new_certificate, degree_education_deduction, certificate_deduction
):
    """Deduction for a degree studied for while working and for a new certificate.

    Source: 国发〔2018〕41号, article 8.
    """
    degree = where(continuing_education, degree_education_deduction, 0.0)
    return degree + where(new_certificate, certificate_deduction, 0.0)


@household_rule(unit="yuan/year", zh="住房扣除")
def housing_deduction(
    tenure, rent_paid, mortgage_interest, first_home_mortgage, mortgage_deduction, rent_deduction
):
    """Deduction for a first-home mortgage, or else for rent; never both.

    Tenants are taken to own no dwelling in the city.

    Source: 国发〔2018〕41号, articles 14, 17 and 20.
    """
    rents = ((tenure == MARKET_RENTER) | (tenure == PUBLIC_RENTER)) & (rent_paid > 0)
    owes = first_home_mortgage & (mortgage_interest > 0)
    return where(owes, mortgage_deduction, where(rents, rent_deduction, 0.0))


@person_rule(unit="yuan/year", zh="大病医疗可扣除额")
def serious_illness_deduction(
    medical_expense,
    medical_reimbursement,
    serious_illness_threshold,
    serious_illness_cap,
    is_dependent_child,
    age,
    majority_age,
):
    """Own medical expense above 15,000 yuan, at most 80,000 yuan.

    The expense of a grown-up child in education cannot be claimed by the parents.

    Source: 国发〔2018〕41号, articles 11 and 12.
    """
    own_expense = medical_expense - medical_reimbursement
    amount = clip(own_expense - serious_illness_threshold, 0.0, serious_illness_cap)
    return where(is_dependent_child & (age >= majority_age), 0.0, amount)


@person_rule(unit="yuan/year", zh="扣除共同项目前所得")
def income_before_shared_deductions(
    comprehensive_income,
    has_comprehensive_income,
    taxed_operating_income,
    basic_deduction,
    special_deductions,
    private_pension_deduction,
    elderly_parents_claim,
    continuing_education_claim,
):
    """Income less the deductions that are the person's own; may be negative.

    Comprehensive income, or operating income for persons who have no other.

    Source: Individual Income Tax Law, article 6.
    """
    income = where(has_comprehensive_income, comprehensive_income, taxed_operating_income)
    own = private_pension_deduction + elderly_parents_claim + continuing_education_claim
    return income - basic_deduction - special_deductions - own


income_rank = household_rank("income_before_shared_deductions", zh="户内所得位次")


@person_rule(unit="yuan/year", zh="本人申报的住房扣除")
def housing_claim(housing_deduction, income_rank):
    """Housing deduction, for the member of the household with the most income.

    Source: 国发〔2018〕41号, articles 15 and 18 (one of the spouses); the choice is an assumption.
    """
    return where(income_rank == 0, housing_deduction, 0.0)


@person_rule(unit="yuan/year", zh="扣除大病与子女项目前所得")
def income_before_illness_claim(income_before_shared_deductions, housing_claim):
    """Income after the housing deduction; may be negative."""
    return income_before_shared_deductions - housing_claim


illness_deduction_of_unit = subgroup_sum(
    "serious_illness_deduction", by="tax_unit", zh="纳税单元大病医疗可扣除额"
)
spouse_income_before_illness_claim = of(
    "spouse", "income_before_illness_claim", zh="配偶扣除大病与子女项目前所得"
)


@person_rule(unit="bool", zh="本人申报大病医疗扣除")
def claims_illness_of_unit(
    is_dependent_child,
    spouse,
    person_number,
    income_before_illness_claim,
    spouse_income_before_illness_claim,
):
    """Whether the person claims the serious-illness deductions of the tax unit.

    The spouse with more income, the lower person number when equal.

    Source: 国发〔2018〕41号, article 12; the choice is an assumption.
    """
    more = income_before_illness_claim > spouse_income_before_illness_claim
    equal = income_before_illness_claim == spouse_income_before_illness_claim
    first = (spouse < 0) | more | (equal & (person_number < spouse))
    return ~is_dependent_child & first


@person_rule(unit="yuan/year", zh="本人申报的大病医疗扣除")
def illness_claim(illness_deduction_of_unit, claims_illness_of_unit):
    """Serious-illness deductions of the tax unit, for the spouse who claims them.

    Source: 国发〔2018〕41号, article 12.
    """
    return where(claims_illness_of_unit, illness_deduction_of_unit, 0.0)


@person_rule(unit="yuan/year", zh="扣除子女项目前所得")
def income_before_child_claim(income_before_illness_claim, illness_claim):
    """Income after every deduction except those for children; may be negative."""
    return income_before_illness_claim - illness_claim


@person_rule(unit="yuan/year", zh="专项附加扣除", clause="path.9.pit_special_additional_deductions")
def additional_deductions(
    elderly_parents_claim,
    continuing_education_claim,
    housing_claim,
    illness_claim,
    child_claim,
    additional_deduction_multiplier,
    new_additional_deduction,
):
    """All special additional deductions that the person claims.

    The pilot reform may multiply them or add an item for everyone; who claims which stays.

    Source: 国发〔2018〕41号; 国发〔2022〕8号; 国发〔2023〕13号.
    """
    claims = elderly_parents_claim + continuing_education_claim + housing_claim + illness_claim
    return (claims + child_claim) * additional_deduction_multiplier + new_additional_deduction
