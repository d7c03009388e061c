"""Which parent claims the deductions for children.

Couples claim, after all other deductions, in the way that costs them least
(`couples_choose_best_child_claim`). For each child they choose anew: all by one parent, or half
each. Only the sum that each parent claims matters, so children who give the same amount are alike.
The ways to share are numbered, from nothing for the one spouse (0) to everything.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from olive.china.law.income_tax import FEN
from olive.china.law.tax_by_claim import TaxLaw, Taxpayer, income_tax_after
from olive.engine import (
    floor,
    least_of,
    maximum,
    of,
    person_rule,
    subgroup_count,
    subgroup_max,
    subgroup_sum,
    where,
)


@person_rule(unit="yuan/year", zh="非全额标准的子女扣除额")
def partial_child_deduction(child_deduction, child_education_deduction):
    """Deduction of a child who does not give the standard amount of a whole year.

    Source: 国发〔2018〕41号, article 5; 国发〔2022〕8号, part 1 (by the month).
    """
    short = child_education_deduction - child_deduction
    return where((short < FEN) & (short > -FEN), 0.0, child_deduction)


@person_rule(unit="bool", zh="按全额标准扣除的子女")
def gives_standard_deduction(child_deduction, partial_child_deduction):
    """Whether a child gives the standard amount of a whole year."""
    return (child_deduction > 0) & (partial_child_deduction <= 0)


@person_rule(unit="bool", zh="非全额标准扣除的子女")
def gives_partial_deduction(partial_child_deduction):
    """Whether a child gives another amount than the standard one of a whole year."""
    return partial_child_deduction > 0


children_with_standard_deduction = subgroup_count(
    "gives_standard_deduction", by="tax_unit", zh="纳税单元按全额标准扣除的子女数"
)
children_with_partial_deduction = subgroup_count(
    "gives_partial_deduction", by="tax_unit", zh="纳税单元非全额标准扣除的子女数"
)
partial_child_deductions = subgroup_sum(
    "partial_child_deduction", by="tax_unit", zh="纳税单元非全额标准的子女扣除额"
)
largest_partial_child_deduction = subgroup_max(
    "partial_child_deduction", by="tax_unit", zh="纳税单元非全额标准的子女扣除额中最大者"
)


def ways_to_share(standard_children: Any, partial_children: Any) -> Any:
    """Return how many ways there are: halves of children who are alike, for each kind of them.

    The kinds are those who give the standard amount, the one of the others who gives most, and
    the others besides.
    """
    of_largest = where(partial_children > 0, 3.0, 1.0)
    of_further = maximum(partial_children - 1.0, 0.0) * 2.0 + 1.0
    return (standard_children * 2.0 + 1.0) * of_largest * of_further


class Sharing(NamedTuple):
    """What the children of a couple give.

    Attributes
    ----------
    whole : all of them together, yuan per year
    standard : each of those who give the standard amount of a whole year, yuan per year
    standard_children : how many those are
    largest : the one of the others who gives most, yuan per year
    further : each of the others besides, yuan per year
    partial_children : how many the others are, the one who gives most among them
    """

    whole: Any
    standard: Any
    standard_children: Any
    largest: Any
    further: Any
    partial_children: Any

    def claims_all(self, way: Any) -> Any:
        """Return whether the way is the last, in which the one spouse claims everything."""
        return way + 1.0 >= ways_to_share(self.standard_children, self.partial_children)

    def claim(self, way: Any) -> Any:
        """Return what the one spouse claims in a way; the other claims the rest of the whole."""
        of_standard = self.standard_children * 2.0 + 1.0
        of_largest = where(self.partial_children > 0, 3.0, 1.0)
        above = floor(way / of_standard)
        halves = way - above * of_standard
        halves_of_further = floor(above / of_largest)
        halves_of_largest = above - halves_of_further * of_largest
        doubled = halves * self.standard + halves_of_largest * self.largest
        doubled = doubled + halves_of_further * self.further
        return where(self.claims_all(way), self.whole, doubled * 0.5)

    def preference(self, way: Any) -> Any:
        """Return less than a fen: least for everything, then nothing, then the nearest to half.

        It is added to the tax, so that of ways that cost the same rounding does not choose.
        """
        claim = self.claim(way)
        from_half = maximum(claim - self.whole * 0.5, self.whole * 0.5 - claim)
        between = FEN / 2 + from_half * 1e-8 + claim * 1e-11
        return where(self.claims_all(way), 0.0, where(way < 1.0, FEN / 4, between))


def _of_spouse(source: str, zh: str) -> Any:
    return of("spouse", source, zh=f"配偶{zh}")


spouse_deductions_besides_children = _of_spouse("deductions_besides_children", "除子女项目外的扣除")
spouse_comprehensive_income = _of_spouse("comprehensive_income", "综合所得收入额")
spouse_bonus = _of_spouse("bonus", "全年一次性奖金")
spouse_separate_bonus_tax = _of_spouse("separate_bonus_tax", "奖金单独计税税额")
spouse_charitable_donations = _of_spouse("charitable_donations", "公益捐赠")
spouse_taxed_operating_income = _of_spouse("taxed_operating_income", "应税经营所得收入")
spouse_disability_grade = _of_spouse("disability_grade", "残疾等级")
spouse_gets_half_relief = _of_spouse("gets_half_relief", "适用个体工商户减半征收")
spouse_graduate_startup_relief = _of_spouse("graduate_startup_relief", "创业税收扣减")
spouse_can_use_child_claim = _of_spouse("can_use_child_claim", "可因子女扣除少缴税")
spouse_income_before_child_claim = _of_spouse("income_before_child_claim", "扣除子女项目前所得")


@person_rule(unit="bool", zh="可因子女扣除少缴税")
def can_use_child_claim(comprehensive_income, taxed_operating_income, deductions_besides_children):
    """Whether the person has taxable income left that deductions for children can lower.

    Source: 《个人所得税法实施条例》 article 15 (taken from wages where there are any).
    """
    earns = comprehensive_income > 0
    return where(earns, comprehensive_income, taxed_operating_income) > deductions_besides_children


@person_rule(unit="bool", zh="夫妻中在前、有子女扣除可分摊")
def shares_child_deductions(spouse, person_number, child_deduction_of_parents):
    """Whether the person is the spouse with the lower person number of a couple with children."""
    return (spouse > person_number) & (child_deduction_of_parents > 0)


@person_rule(unit="1", zh="须试算的子女扣除分摊方式数")
def ways_to_share_child_deductions(
    shares_child_deductions,
    can_use_child_claim,
    spouse_can_use_child_claim,
    children_with_standard_deduction,
    children_with_partial_deduction,
):
    """How many ways to share the couple tries; 0 where only one of them can use the deductions.

    2 n + 1 for n children who are alike.

    Source: 国发〔2018〕41号, articles 5 and 6 (each child: all by one parent, or half each).
    """
    both = shares_child_deductions & can_use_child_claim & spouse_can_use_child_claim
    ways = ways_to_share(children_with_standard_deduction, children_with_partial_deduction)
    return where(both, ways, 0.0)


@person_rule(unit="yuan/year", zh="其余非全额标准的子女平均扣除额")
def further_partial_child_deduction(
    children_with_partial_deduction, partial_child_deductions, largest_partial_child_deduction
):
    """What each child gives who gives neither the standard amount nor the most of the others."""
    further = maximum(children_with_partial_deduction - 1.0, 1.0)
    return (partial_child_deductions - largest_partial_child_deduction) / further


@person_rule(unit="1", zh="最省税的子女扣除分摊方式序号")
def cheapest_way_to_share(
    ways_to_share_child_deductions,
    child_deduction_of_parents,
    child_education_deduction,
    children_with_standard_deduction,
    children_with_partial_deduction,
    largest_partial_child_deduction,
    further_partial_child_deduction,
    deductions_besides_children,
    comprehensive_income,
    bonus,
    separate_bonus_tax,
    charitable_donations,
    taxed_operating_income,
    disability_grade,
    gets_half_relief,
    graduate_startup_relief,
    spouse_deductions_besides_children,
    spouse_comprehensive_income,
    spouse_bonus,
    spouse_separate_bonus_tax,
    spouse_charitable_donations,
    spouse_taxed_operating_income,
    spouse_disability_grade,
    spouse_gets_half_relief,
    spouse_graduate_startup_relief,
    additional_deduction_multiplier,
    bonus_separate_taxation,
    donation_deduction_limit,
    comprehensive_income_schedule,
    disability_tax_relief_limit,
    individual_business_relief_cap,
    individual_business_relief_rate,
    operating_tax_compliance,
    operating_income_schedule,
):
    """Number of the way to share the deductions for children in which the couple pays least.

    The income tax of both, with the bonus taxed as costs less and every relief and donation, is
    worked out for every way. Of ways that cost the same to a fen the couple takes that in which
    the spouse with the lower person number claims everything, else the other, else the nearest to
    half each.

    Exact where the children who give another amount than the standard one, all but the one who
    gives most, give the same. Under every dated law they do: only a child born in the year gives
    another amount (before 2022, one who turns three). Under a reform with unlike amounts for
    infants and for education, infants and children who turn three may give several other amounts;
    the ways are then those of children who each give the average of all but the largest.

    Source: 国发〔2018〕41号, articles 5 and 6 (each child: all by one parent, or half each).
    """
    this = Taxpayer(
        deductions_besides_children,
        comprehensive_income,
        bonus,
        separate_bonus_tax,
        charitable_donations,
        taxed_operating_income,
        disability_grade,
        gets_half_relief,
        graduate_startup_relief,
    )
    other = Taxpayer(
        spouse_deductions_besides_children,
        spouse_comprehensive_income,
        spouse_bonus,
        spouse_separate_bonus_tax,
        spouse_charitable_donations,
        spouse_taxed_operating_income,
        spouse_disability_grade,
        spouse_gets_half_relief,
        spouse_graduate_startup_relief,
    )
    law = TaxLaw(
        additional_deduction_multiplier,
        bonus_separate_taxation,
        donation_deduction_limit,
        comprehensive_income_schedule,
        disability_tax_relief_limit,
        individual_business_relief_cap,
        individual_business_relief_rate,
        operating_tax_compliance,
        operating_income_schedule,
    )
    sharing = Sharing(
        child_deduction_of_parents,
        child_education_deduction,
        children_with_standard_deduction,
        largest_partial_child_deduction,
        further_partial_child_deduction,
        children_with_partial_deduction,
    )

    def cost(way, sharing, this, other):
        claim = sharing.claim(way)
        tax = income_tax_after(claim, this, law)
        tax = tax + income_tax_after(sharing.whole - claim, other, law)
        return tax + sharing.preference(way)

    return least_of(ways_to_share_child_deductions, cost, sharing, this, other)


@person_rule(unit="yuan/year", zh="夫妻中在前一方申报子女扣除的最省税金额")
def cheapest_claim_of_first_spouse(
    shares_child_deductions,
    can_use_child_claim,
    spouse_can_use_child_claim,
    ways_to_share_child_deductions,
    cheapest_way_to_share,
    child_deduction_of_parents,
    child_education_deduction,
    children_with_standard_deduction,
    children_with_partial_deduction,
    largest_partial_child_deduction,
    further_partial_child_deduction,
):
    """What the spouse with the lower person number claims when the couple pays least.

    Where one of them alone can use the deductions, that one claims everything. 0 for all others.

    Source: 国发〔2018〕41号, articles 5 and 6.
    """
    sharing = Sharing(
        child_deduction_of_parents,
        child_education_deduction,
        children_with_standard_deduction,
        largest_partial_child_deduction,
        further_partial_child_deduction,
        children_with_partial_deduction,
    )
    only_other = spouse_can_use_child_claim & ~can_use_child_claim
    by_one = where(only_other, 0.0, child_deduction_of_parents)
    tried = ways_to_share_child_deductions > 0
    claim = where(tried, sharing.claim(cheapest_way_to_share), by_one)
    return where(shares_child_deductions, claim, 0.0)


claim_of_first_spouse = _of_spouse(
    "cheapest_claim_of_first_spouse", "（在前一方）申报子女扣除的最省税金额"
)


@person_rule(unit="yuan/year", zh="本人申报子女扣除的最省税金额")
def cheapest_child_claim(
    spouse,
    person_number,
    child_deduction_of_parents,
    cheapest_claim_of_first_spouse,
    claim_of_first_spouse,
):
    """What the person claims for the children when the couple pays least; alone everything.

    Source: 国发〔2018〕41号, articles 5 and 6.
    """
    second = child_deduction_of_parents - claim_of_first_spouse
    of_couple = where(person_number < spouse, cheapest_claim_of_first_spouse, second)
    return where(spouse < 0, child_deduction_of_parents, of_couple)


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
