"""Which parent claims the deductions for children.

Couples claim, after all other deductions, in the way that costs them least
(`couples_choose_best_child_claim`). For each child they choose anew: all by one parent, or half
each. Only the sum that each parent claims matters. Children who give the standard amount of a
whole year are alike, so that of theirs a parent claims some number of halves of that amount; what
the others give (born in the year, say) is shared as one. The ways to share are numbered, from
nothing for the person (0) to everything.
"""

from __future__ import annotations

from olive.china.law.income_tax import FEN, costs_less_apart, relief_of_disabled, taxable_after
from olive.china.law.operating_tax import half_relief, operating_income_after, operating_tax_due
from olive.engine import (
    floor,
    maximum,
    minimum,
    of,
    person_rule,
    schedule,
    subgroup_sum,
    where,
)

LAST_WAY = 8


@person_rule(unit="1", zh="按全额标准扣除的子女")
def gives_standard_deduction(child_deduction, child_education_deduction):
    """1 for a child who gives the standard amount of a whole year, else 0."""
    short = child_education_deduction - child_deduction
    return where((short < FEN) & (short > -FEN), 1.0, 0.0)


children_with_standard_deduction = subgroup_sum(
    "gives_standard_deduction", by="tax_unit", zh="纳税单元按全额标准扣除的子女数"
)


def claim_in_way(number, whole, standard, children):
    """Return what a person claims in a way, in yuan per year.

    All children give the couple the `whole`, of which `children` give the `standard` amount each.
    In the ways `number` and `LAST_WAY - number` two spouses claim the whole together. There are
    as many ways as four children, or one of the standard amount and others, can be shared in:
    couples with fewer have some of them twice, couples with more have ways spread evenly.

    Source: 国发〔2018〕41号, articles 5 and 6.
    """
    mirrored = LAST_WAY - number
    if number > mirrored:
        return whole - claim_in_way(mirrored, whole, standard, children)
    others = maximum(whole - standard * children, 0.0)
    ways_of_standard = children * 2.0 + 1.0
    last = ways_of_standard * where(others > FEN, 3.0, 1.0) - 1.0
    place = floor(last * (number / LAST_WAY) + 0.5)
    halves_of_others = floor(place / ways_of_standard)
    halves = place - halves_of_others * ways_of_standard
    return halves * 0.5 * standard + halves_of_others * 0.5 * others


def wage_tax_after(
    deductions,
    income,
    bonus,
    bonus_tax_apart,
    may_be_apart,
    donations,
    donation_limit,
    tax_schedule,
):
    """Return the tax on comprehensive income and bonus, the bonus taxed as costs less."""
    together = schedule(taxable_after(deductions, income, donations, donation_limit), tax_schedule)
    rest = taxable_after(deductions, income - bonus, donations, donation_limit)
    apart = schedule(rest, tax_schedule) + bonus_tax_apart
    return where(may_be_apart & costs_less_apart(apart, together), apart, together)


def _income_tax_with_child_claim(number):
    """Return the rule for the income tax of a person who claims for children in a way."""

    def income_tax(
        deductions_besides_children,
        child_deduction_of_parents,
        child_education_deduction,
        children_with_standard_deduction,
        additional_deduction_multiplier,
        comprehensive_income,
        bonus,
        separate_bonus_tax,
        bonus_separate_taxation,
        charitable_donations,
        donation_deduction_limit,
        comprehensive_income_schedule,
        taxed_operating_income,
        has_comprehensive_income,
        disability_grade,
        disability_tax_relief_limit,
        gets_half_relief,
        individual_business_relief_cap,
        individual_business_relief_rate,
        graduate_startup_relief,
        operating_tax_compliance,
        operating_income_schedule,
    ):
        """Income tax of the person, every relief taken, with one share of the child deductions.

        Source: Individual Income Tax Law, articles 2 to 6; 财税〔2018〕164号.
        """
        claim = claim_in_way(
            number,
            child_deduction_of_parents,
            child_education_deduction,
            children_with_standard_deduction,
        )
        deductions = deductions_besides_children + claim * additional_deduction_multiplier
        wage_tax = wage_tax_after(
            deductions,
            comprehensive_income,
            bonus,
            separate_bonus_tax,
            bonus_separate_taxation,
            charitable_donations,
            donation_deduction_limit,
            comprehensive_income_schedule,
        )
        relief = relief_of_disabled(wage_tax, disability_grade, disability_tax_relief_limit)
        taxable = operating_income_after(
            deductions,
            taxed_operating_income,
            has_comprehensive_income,
            charitable_donations,
            donation_deduction_limit,
        )
        before = schedule(taxable, operating_income_schedule)
        other = relief_of_disabled(before, disability_grade, disability_tax_relief_limit - relief)
        half = half_relief(
            taxable,
            other,
            gets_half_relief,
            individual_business_relief_cap,
            individual_business_relief_rate,
            operating_income_schedule,
        )
        due = operating_tax_due(
            before, other + half, graduate_startup_relief, operating_tax_compliance
        )
        return wage_tax - relief + due

    # A process that is sent the rule finds its function under the name of the module's rule.
    income_tax.__qualname__ = f"income_tax_with_child_claim_{number}"
    return person_rule(
        unit="yuan/year",
        zh=f"按第{number}种分摊申报子女扣除时的个人所得税",
        en=f"Income tax with share {number} of the deductions for children",
    )(income_tax)


income_tax_with_child_claim_0 = _income_tax_with_child_claim(0)
income_tax_with_child_claim_1 = _income_tax_with_child_claim(1)
income_tax_with_child_claim_2 = _income_tax_with_child_claim(2)
income_tax_with_child_claim_3 = _income_tax_with_child_claim(3)
income_tax_with_child_claim_4 = _income_tax_with_child_claim(4)
income_tax_with_child_claim_5 = _income_tax_with_child_claim(5)
income_tax_with_child_claim_6 = _income_tax_with_child_claim(6)
income_tax_with_child_claim_7 = _income_tax_with_child_claim(7)
income_tax_with_child_claim_8 = _income_tax_with_child_claim(8)


def _of_spouse(number):
    """Return the rule for the income tax of the spouse who claims for children in a way."""
    return of(
        "spouse",
        f"income_tax_with_child_claim_{number}",
        zh=f"配偶按第{number}种分摊申报子女扣除时的个人所得税",
    )


spouse_income_tax_with_child_claim_0 = _of_spouse(0)
spouse_income_tax_with_child_claim_1 = _of_spouse(1)
spouse_income_tax_with_child_claim_2 = _of_spouse(2)
spouse_income_tax_with_child_claim_3 = _of_spouse(3)
spouse_income_tax_with_child_claim_4 = _of_spouse(4)
spouse_income_tax_with_child_claim_5 = _of_spouse(5)
spouse_income_tax_with_child_claim_6 = _of_spouse(6)
spouse_income_tax_with_child_claim_7 = _of_spouse(7)
spouse_income_tax_with_child_claim_8 = _of_spouse(8)
spouse_income_before_child_claim = of(
    "spouse", "income_before_child_claim", zh="配偶扣除子女项目前所得"
)


@person_rule(unit="yuan/year", zh="本人申报子女扣除的最省税金额")
def cheapest_child_claim(
    spouse,
    person_number,
    child_deduction_of_parents,
    child_education_deduction,
    children_with_standard_deduction,
    income_tax_with_child_claim_0,
    income_tax_with_child_claim_1,
    income_tax_with_child_claim_2,
    income_tax_with_child_claim_3,
    income_tax_with_child_claim_4,
    income_tax_with_child_claim_5,
    income_tax_with_child_claim_6,
    income_tax_with_child_claim_7,
    income_tax_with_child_claim_8,
    spouse_income_tax_with_child_claim_0,
    spouse_income_tax_with_child_claim_1,
    spouse_income_tax_with_child_claim_2,
    spouse_income_tax_with_child_claim_3,
    spouse_income_tax_with_child_claim_4,
    spouse_income_tax_with_child_claim_5,
    spouse_income_tax_with_child_claim_6,
    spouse_income_tax_with_child_claim_7,
    spouse_income_tax_with_child_claim_8,
):
    """What the person claims for the children when the couple pays least.

    The income tax of both, with the bonus taxed as costs less and every relief and donation, is
    worked out for every way. Of ways that cost the same to a fen the couple takes that in which
    the lower person number claims everything, else the other, else the nearest to half each.

    Source: 国发〔2018〕41号, articles 5 and 6 (each child: all by one parent, or half each).
    """
    mine = [
        income_tax_with_child_claim_0,
        income_tax_with_child_claim_1,
        income_tax_with_child_claim_2,
        income_tax_with_child_claim_3,
        income_tax_with_child_claim_4,
        income_tax_with_child_claim_5,
        income_tax_with_child_claim_6,
        income_tax_with_child_claim_7,
        income_tax_with_child_claim_8,
    ]
    theirs = [
        spouse_income_tax_with_child_claim_0,
        spouse_income_tax_with_child_claim_1,
        spouse_income_tax_with_child_claim_2,
        spouse_income_tax_with_child_claim_3,
        spouse_income_tax_with_child_claim_4,
        spouse_income_tax_with_child_claim_5,
        spouse_income_tax_with_child_claim_6,
        spouse_income_tax_with_child_claim_7,
        spouse_income_tax_with_child_claim_8,
    ]
    lower = person_number < spouse
    of_both = [
        where(lower, mine[way] + theirs[LAST_WAY - way], mine[LAST_WAY - way] + theirs[way])
        for way in range(LAST_WAY + 1)
    ]
    least = of_both[0]
    for tax in of_both[1:]:
        least = minimum(least, tax)
    between = sorted(range(1, LAST_WAY), key=lambda way: abs(2 * way - LAST_WAY))
    first, *later = reversed([LAST_WAY, 0, *between])
    given = (
        child_deduction_of_parents,
        child_education_deduction,
        children_with_standard_deduction,
    )
    claim = claim_in_way(first, *given)
    for way in later:
        claim = where(of_both[way] <= least + FEN, claim_in_way(way, *given), claim)
    own = where(lower, claim, child_deduction_of_parents - claim)
    return where(spouse < 0, child_deduction_of_parents, own)


@person_rule(unit="1", zh="本人申报子女扣除的均摊比例")
def equal_child_claim_share(spouse, income_before_child_claim, spouse_income_before_child_claim):
    """Half each when both spouses have taxable income, else all by the one who has.

    Source: 国发〔2018〕41号, article 6 (half each).
    """
    mine, theirs = income_before_child_claim > 0, spouse_income_before_child_claim > 0
    by_one = (spouse < 0) | (mine & ~theirs) | (~mine & theirs)
    return where(by_one, where(mine, 1.0, 0.0), 0.5)


@person_rule(unit="yuan/year", zh="本人申报的子女扣除")
def child_claim(
    child_deduction_of_parents,
    is_dependent_child,
    cheapest_child_claim,
    equal_child_claim_share,
    couples_choose_best_child_claim,
):
    """Deductions for children that the person claims.

    Source: 国发〔2018〕41号, article 6; how couples choose is an assumption.
    """
    equal = child_deduction_of_parents * equal_child_claim_share
    claim = where(couples_choose_best_child_claim, cheapest_child_claim, equal)
    return where(is_dependent_child, 0.0, claim)
