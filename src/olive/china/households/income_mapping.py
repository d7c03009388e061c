"""Map drawn incomes to the published spread, household by household: the money columns.

All drawn incomes of a household are multiplied alike, by a factor that depends only on its own
drawn income per head, its kind of place and its size: no sorting, so a household's money does not
depend on which others are drawn with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from olive.china.recipes.recipe import (
    COMPONENTS,
    HIGHEST_OCTAVE,
    KNOTS_PER_OCTAVE,
    LOWEST_OCTAVE,
    SIZE_CLASSES,
    code_of,
)
from olive.engine import (
    clip,
    draw,
    floor,
    household_rule,
    household_sum,
    lookup,
    maximum,
    minimum,
    person_rule,
    where,
)
from olive.synthesis.sampling import (
    normal,
    power_of_e,
    power_of_two,
    rounded_to,
    sub_draw,
)
from olive.synthesis.settings import Setting, Settings

if TYPE_CHECKING:
    from olive.china.recipes.recipe import Recipe

LEAST_FACTOR, LARGEST_FACTOR = 0.05, 20.0
LOWEST_MONTHLY_WAGE = 2_300.0  # assumption: hardly any full month is paid less
PROPERTY = ("imputed_rent", "interest_income", "dividend_income", "rental_income", "land_income")
_HIGHEST_INCOME = 2.0**HIGHEST_OCTAVE - 1.0 / 256
_WHITE_COLLAR = code_of("household_class", "white_collar")
_BUSINESS = code_of("business_type", "individual_business")
_PARTNERSHIP, _FARM = code_of("business_type", "partnership"), code_of("business_type", "farm")


def money_settings(recipe: Recipe) -> Settings:
    """Return scales and mapping, and what decides about bonuses, savings and loans."""
    persons = recipe.persons
    bonus, saving, operating = persons["bonus"], persons["private_pension"], persons["operating"]
    scales = dict(zip(COMPONENTS, recipe.solved.scale.T, strict=True))
    return {
        **{f"{name}_scale": Setting(scale) for name, scale in scales.items()},
        "one_yuan_a_year": Setting(1, "yuan/year"),
        "income_map": Setting(recipe.solved.income_map, "yuan/year"),
        "lowest_monthly_wage": Setting(LOWEST_MONTHLY_WAGE, "yuan/year/month"),
        "part_year_share": Setting(0.9),
        "bonus_share": Setting(bonus["share"]),
        "bonus_least": Setting(bonus["part"][0]),
        "bonus_most": Setting(bonus["part"][1]),
        "saving_share": Setting(saving["share"]),
        "saving_amounts": Setting(saving["amounts"], "yuan/year"),
        "saving_count": Setting(len(saving["amounts"])),
        "donation_share": Setting(persons["donation"]["share"]),
        "donation_median": Setting(persons["donation"]["median"], "yuan/year"),
        "partnership_share": Setting(operating["partnership"]),
        "loan_share": Setting(operating["loan"]["share"]),
        "loan_median": Setting(operating["loan"]["median"], "yuan"),
    }


@household_rule(unit="1")
def size_of_household(household_type, type_size):
    """Persons of the household."""
    return lookup(type_size, household_type)


@person_rule(unit="yuan/year")
def wage_drawn(wage_before_mapping, urban_row, wage_scale):
    """Wage, scaled to the place."""
    return wage_before_mapping * lookup(wage_scale, urban_row)


@person_rule(unit="yuan/year")
def remuneration_drawn(remuneration_before_mapping, urban_row, wage_scale):
    """Remuneration for services, scaled to the place."""
    return remuneration_before_mapping * lookup(wage_scale, urban_row)


@person_rule(unit="yuan/year")
def operating_drawn(operating_before_mapping, urban_row, operating_scale):
    """Operating income, scaled to the place."""
    return operating_before_mapping * lookup(operating_scale, urban_row)


@person_rule(unit="yuan/year")
def pension_drawn(pension_before_mapping, urban_row, pension_scale):
    """Pension of the employee scheme, scaled to the place."""
    return pension_before_mapping * lookup(pension_scale, urban_row)


@person_rule(unit="yuan/year")
def earned(wage_drawn, remuneration_drawn, operating_drawn, pension_drawn):
    """Drawn income of the person."""
    return wage_drawn + remuneration_drawn + operating_drawn + pension_drawn


household_earned = household_sum("earned")


@household_rule(unit="yuan/year")
def drawn_a_head(
    household_earned,
    rent_before_mapping,
    interest_before_mapping,
    dividends_before_mapping,
    letting_before_mapping,
    land_before_mapping,
    support_before_mapping,
    property_scale,
    support_scale,
    urban_row,
    size_of_household,
):
    """Drawn income per head."""
    owned = rent_before_mapping + interest_before_mapping + dividends_before_mapping
    owned = owned + letting_before_mapping + land_before_mapping
    owned = owned * lookup(property_scale, urban_row)
    helped = support_before_mapping * lookup(support_scale, urban_row)
    return (household_earned + owned + helped) / size_of_household


@household_rule(unit="code")
def size_class(size_of_household, collective):
    """Row of the mapping: 1 to 4 persons, 5 and more, collective."""
    by_size = minimum(size_of_household, SIZE_CLASSES - 1) - 1
    return where(collective, SIZE_CLASSES - 1, by_size)


@household_rule(unit="yuan/year")
def mapped_a_head(drawn_a_head, one_yuan_a_year, income_map, powers_of_two, urban_row, size_class):
    """Income per head after mapping, linear between the knots of ``olive.china.recipes.recipe``."""
    income = drawn_a_head / one_yuan_a_year
    return mapped(income, income_map, powers_of_two, urban_row, size_class)


def mapped(income: Any, income_map: Any, powers_of_two: Any, *cell: Any) -> Any:
    """Return the mapped income: an octave has 32 even steps, and the map is linear in each."""
    held = clip(income, 2.0**LOWEST_OCTAVE, _HIGHEST_INCOME)
    octave: Any = 0
    for number in range(LOWEST_OCTAVE + 1, HIGHEST_OCTAVE):
        octave = octave + where(held >= 2.0**number, 1, 0)
    above = held / power_of_two(octave + LOWEST_OCTAVE, powers_of_two) - 1
    step = floor(above * KNOTS_PER_OCTAVE)
    place = octave * KNOTS_PER_OCTAVE + step
    low, high = lookup(income_map, *cell, place), lookup(income_map, *cell, place + 1)
    return low + (high - low) * (above * KNOTS_PER_OCTAVE - step)


@household_rule(unit="1")
def mapping_factor(drawn_a_head, mapped_a_head, one_yuan_a_year):
    """What the drawn incomes of the household are multiplied by."""
    least = 2.0**LOWEST_OCTAVE * one_yuan_a_year
    return clip(mapped_a_head / maximum(drawn_a_head, least), LEAST_FACTOR, LARGEST_FACTOR)


@household_rule(unit="1")
def property_factor(mapping_factor, property_scale, urban_row):
    """What drawn property income is multiplied by: scale and mapping."""
    return mapping_factor * lookup(property_scale, urban_row)


@household_rule(unit="yuan/year")
def imputed_rent(rent_before_mapping, property_factor):
    """Imputed rent of owners."""
    return rounded_to(rent_before_mapping * property_factor, 10)


@household_rule(unit="yuan/year")
def interest_income(interest_before_mapping, property_factor):
    """Interest."""
    return rounded_to(interest_before_mapping * property_factor, 10)


@household_rule(unit="yuan/year")
def dividend_income(dividends_before_mapping, property_factor):
    """Dividends."""
    return rounded_to(dividends_before_mapping * property_factor, 10)


@household_rule(unit="yuan/year")
def rental_income(letting_before_mapping, property_factor):
    """Rent received."""
    return rounded_to(letting_before_mapping * property_factor, 10)


@household_rule(unit="yuan/year")
def land_income(land_before_mapping, property_factor):
    """Income from land passed on to others."""
    return rounded_to(land_before_mapping * property_factor, 10)


@household_rule(unit="yuan/year")
def private_transfers_received(support_before_mapping, support_scale, urban_row, mapping_factor):
    """Private transfers received."""
    scale = lookup(support_scale, urban_row)
    return rounded_to(support_before_mapping * scale * mapping_factor, 10)


@household_rule(unit="yuan")
def financial_assets(assets_before_mapping, mapping_factor):
    """Financial assets, in whole hundreds."""
    return rounded_to(assets_before_mapping * mapping_factor, 100)


@person_rule(unit="yuan/year")
def contractual_wage(wage_drawn, mapping_factor):
    """Wage of the months worked."""
    return rounded_to(wage_drawn * mapping_factor, 10)


@person_rule(unit="yuan/year")
def labour_remuneration(remuneration_drawn, mapping_factor):
    """Remuneration for services."""
    return rounded_to(remuneration_drawn * mapping_factor, 10)


@person_rule(unit="yuan/year")
def operating_income(operating_drawn, mapping_factor):
    """Operating income."""
    return rounded_to(operating_drawn * mapping_factor, 10)


@person_rule(unit="yuan/year")
def employee_pension(pension_drawn, mapping_factor):
    """Pension of the employee scheme."""
    return rounded_to(pension_drawn * mapping_factor, 10)


@person_rule(unit="yuan/year")
def resident_personal_account(account_drawn):
    """Pension from the personal account of the residents' scheme."""
    return rounded_to(account_drawn, 10)


part_year_draw = draw("city/part of the year")
beside_draw = draw("city/beside wages")
saving_draw = draw("city/saving")
donation_draw = draw("city/donations")
business_draw = draw("city/business")


@person_rule(unit="month")
def months_worked(
    part_year_draw,
    contractual_wage,
    months_at_work,
    is_employee,
    lowest_monthly_wage,
    part_year_share,
    one_month,
):
    """Months worked: most very low wages are wages of part of the year."""
    low = is_employee & (contractual_wage < lowest_monthly_wage * months_at_work)
    fitting = clip(floor(contractual_wage / (lowest_monthly_wage * one_month)), 1, 12) * one_month
    shorter = low & (part_year_draw < part_year_share)
    return where(shorter, minimum(fitting, months_at_work), months_at_work)


@person_rule(unit="yuan/year")
def annual_bonus(
    beside_draw, contractual_wage, household_class, bonus_share, bonus_least, bonus_most
):
    """Part of the wage that is paid as annual bonus."""
    gets = beside_draw < lookup(bonus_share, household_class)
    part = bonus_least + (bonus_most - bonus_least) * sub_draw(beside_draw, 1)
    return where(gets, rounded_to(contractual_wage * part, 10), 0)


@person_rule(unit="yuan/year")
def private_pension(
    saving_draw, contractual_wage, household_class, saving_share, saving_amounts, saving_count
):
    """Payments to a private pension, of some well-paid white-collar workers."""
    well_paid = (household_class == _WHITE_COLLAR) & (contractual_wage > 60_000)
    amount = lookup(saving_amounts, floor(sub_draw(saving_draw, 1) * saving_count))
    return where(well_paid & (saving_draw < saving_share), amount, 0)


@person_rule(unit="yuan/year")
def donations(
    beside_draw,
    donation_draw,
    at_work,
    donation_share,
    donation_median,
    normal_knots,
    powers_of_two,
):
    """Donations of those at work."""
    gives = at_work & (sub_draw(beside_draw, 2) < donation_share)
    drawn = normal(donation_draw, normal_knots)
    return where(gives, rounded_to(donation_median * power_of_e(drawn, powers_of_two), 10), 0)


@person_rule(unit="code")
def business_type(business_draw, is_self_employed, operating_income, partnership_share):
    """Kind of business of the self-employed; others with operating income have a farm."""
    partner = sub_draw(business_draw, 1) < partnership_share
    own = where(partner, _PARTNERSHIP, _BUSINESS)
    return where(is_self_employed, own, where(operating_income > 0, _FARM, 0))


@person_rule(unit="yuan")
def business_loan(
    business_draw, is_self_employed, loan_share, loan_median, normal_knots, powers_of_two
):
    """Loan of the self-employed, in whole thousands."""
    drawn = sub_draw(business_draw, 2)
    owes = is_self_employed & (drawn < loan_share)
    spread = power_of_e(0.8 * normal(business_draw, normal_knots), powers_of_two)
    return where(owes, rounded_to(loan_median * spread, 1000), 0)
