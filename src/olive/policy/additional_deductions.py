"""Special additional deductions from taxable income, and who claims them.

Who claims, as named assumptions:

- a *tax unit* is a couple, or a person without a spouse in the household, with their dependent
  children;
- the housing deduction (mortgage or rent, never both) is claimed by the member of the household
  with the most income;
- expenses for a serious illness, by the spouse with more income;
- deductions for children, last, in the way that costs the couple least
  (`couples_choose_best_child_claim`), one way for all their children.
"""

from __future__ import annotations

from olive.engine import (
    clip,
    household_rank,
    household_rule,
    maximum,
    minimum,
    of,
    person_rule,
    schedule,
    subgroup_sum,
    where,
)
from olive.policy.codes import code
from olive.policy.operating_tax import half_relief

MARKET_RENTER = code("tenure", "market_renter")
PUBLIC_RENTER = code("tenure", "public_renter")
MONTHS = 12.0


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


@person_rule(unit="1", zh="婴幼儿照护扣除月份比重")
def infant_share_of_year(age, birth_month, infant_care_end_age):
    """Share of the year's months from birth to the month before the third birthday.

    Source: 国发〔2022〕8号, part 1.
    """
    in_last_year = where(age == infant_care_end_age, (birth_month - 1) / MONTHS, 0.0)
    later = where(age < infant_care_end_age, 1.0, in_last_year)
    return where(age < 1, (MONTHS + 1 - birth_month) / MONTHS, later)


@person_rule(unit="1", zh="子女教育扣除月份比重")
def education_share_of_year(age, birth_month, in_education, infant_care_end_age, school_entry_age):
    """Share of the year's months from the third birthday on, before school or in education.

    Source: 国发〔2018〕41号, article 5.
    """
    from_birthday = where(age == infant_care_end_age, (MONTHS + 1 - birth_month) / MONTHS, 1.0)
    eligible = (age >= infant_care_end_age) & ((age < school_entry_age) | in_education)
    return where(eligible, from_birthday, 0.0)


@person_rule(unit="yuan/year", zh="该子女对应的扣除额")
def child_deduction(
    is_dependent_child,
    infant_share_of_year,
    education_share_of_year,
    infant_care_deduction,
    child_education_deduction,
):
    """Deduction that the child gives to the parents together.

    Source: 国发〔2018〕41号, article 5; 国发〔2022〕8号; 国发〔2023〕13号.
    """
    amount = (
        infant_care_deduction * infant_share_of_year
        + child_education_deduction * education_share_of_year
    )
    return where(is_dependent_child, amount, 0.0)


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


child_deduction_of_parents = subgroup_sum("child_deduction", by="tax_unit", zh="纳税单元子女扣除额")


def tax_on(
    income,
    has_comprehensive_income,
    gets_half_relief,
    relief_cap,
    relief_rate,
    comprehensive_schedule,
    operating_schedule,
):
    """Return the tax on income after deductions, by the schedule that applies to the person."""
    positive = maximum(income, 0.0)
    part = minimum(positive, relief_cap)
    relief = half_relief(part, 0.0, gets_half_relief, relief_rate, operating_schedule)
    operating = schedule(positive, operating_schedule) - relief
    return where(has_comprehensive_income, schedule(positive, comprehensive_schedule), operating)


@person_rule(unit="yuan/year", zh="全部申报子女扣除可省税额")
def saving_from_whole_child_claim(
    income_before_child_claim,
    child_deduction_of_parents,
    has_comprehensive_income,
    gets_half_relief,
    individual_business_relief_cap,
    individual_business_relief_rate,
    comprehensive_income_schedule,
    operating_income_schedule,
):
    """Tax that the person saves by claiming the whole deduction for the children.

    Source: rate tables of the Individual Income Tax Law.
    """
    rest = (
        has_comprehensive_income,
        gets_half_relief,
        individual_business_relief_cap,
        individual_business_relief_rate,
        comprehensive_income_schedule,
        operating_income_schedule,
    )
    claimed = income_before_child_claim - child_deduction_of_parents
    return tax_on(income_before_child_claim, *rest) - tax_on(claimed, *rest)


@person_rule(unit="yuan/year", zh="申报一半子女扣除可省税额")
def saving_from_half_child_claim(
    income_before_child_claim,
    child_deduction_of_parents,
    has_comprehensive_income,
    gets_half_relief,
    individual_business_relief_cap,
    individual_business_relief_rate,
    comprehensive_income_schedule,
    operating_income_schedule,
):
    """Tax that the person saves by claiming half of the deduction for the children.

    Source: rate tables of the Individual Income Tax Law.
    """
    rest = (
        has_comprehensive_income,
        gets_half_relief,
        individual_business_relief_cap,
        individual_business_relief_rate,
        comprehensive_income_schedule,
        operating_income_schedule,
    )
    claimed = income_before_child_claim - child_deduction_of_parents * 0.5
    return tax_on(income_before_child_claim, *rest) - tax_on(claimed, *rest)


spouse_saving_from_whole_child_claim = of(
    "spouse", "saving_from_whole_child_claim", zh="配偶全部申报可省税额"
)
spouse_saving_from_half_child_claim = of(
    "spouse", "saving_from_half_child_claim", zh="配偶申报一半可省税额"
)
spouse_income_before_child_claim = of(
    "spouse", "income_before_child_claim", zh="配偶扣除子女项目前所得"
)


@person_rule(unit="1", zh="本人申报子女扣除的最省税比例")
def cheapest_child_claim_share(
    spouse,
    person_number,
    saving_from_whole_child_claim,
    saving_from_half_child_claim,
    spouse_saving_from_whole_child_claim,
    spouse_saving_from_half_child_claim,
):
    """Share of the children's deduction that the person claims when the couple pays least.

    Half each only if that saves more than either claiming all; between the spouses the larger
    saving, the lower person number when equal.

    Source: 国发〔2018〕41号, article 6 (all by one parent, or half each).
    """
    mine, theirs = saving_from_whole_child_claim, spouse_saving_from_whole_child_claim
    halves = saving_from_half_child_claim + spouse_saving_from_half_child_claim
    first = (mine > theirs) | ((mine == theirs) & (person_number < spouse))
    together = where((halves > mine) & (halves > theirs), 0.5, where(first, 1.0, 0.0))
    return where(spouse < 0, 1.0, together)


@person_rule(unit="1", zh="本人申报子女扣除的均摊比例")
def equal_child_claim_share(spouse, income_before_child_claim, spouse_income_before_child_claim):
    """Half each when both spouses have taxable income, else all by the one who has.

    Source: 国发〔2018〕41号, article 6 (half each).
    """
    mine, theirs = income_before_child_claim > 0, spouse_income_before_child_claim > 0
    alone = where(mine, 1.0, 0.0)
    return where((spouse < 0) | (mine & ~theirs) | (~mine & theirs), alone, 0.5)


@person_rule(unit="yuan/year", zh="本人申报的子女扣除")
def child_claim(
    child_deduction_of_parents,
    is_dependent_child,
    cheapest_child_claim_share,
    equal_child_claim_share,
    couples_choose_best_child_claim,
):
    """Deductions for children that the person claims.

    Source: 国发〔2018〕41号, article 6; how couples choose is an assumption.
    """
    share = where(
        couples_choose_best_child_claim, cheapest_child_claim_share, equal_child_claim_share
    )
    return where(is_dependent_child, 0.0, child_deduction_of_parents * share)


@person_rule(unit="yuan/year", zh="专项附加扣除", clause="path.9.pit_special_additional_deductions")
def additional_deductions(
    elderly_parents_claim, continuing_education_claim, housing_claim, illness_claim, child_claim
):
    """All special additional deductions that the person claims.

    Source: 国发〔2018〕41号; 国发〔2022〕8号; 国发〔2023〕13号.
    """
    return (
        elderly_parents_claim
        + continuing_education_claim
        + housing_claim
        + illness_claim
        + child_claim
    )
