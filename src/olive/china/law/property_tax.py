"""Income tax on property income, of the household as a whole."""

from __future__ import annotations

from olive.engine import household_rule, maximum, where


@household_rule(unit="yuan/year", zh="出租住房应纳税所得额")
def taxable_rental_income(
    rents, rental_flat_deduction, rental_flat_deduction_limit, rental_proportional_deduction
):
    """Rent less the deduction for costs: 800 yuan a month up to 4,000 a month, else 20 %.

    Rent is held net of costs, which stands for net of taxes and repairs.

    Source: Individual Income Tax Law, article 6(4).
    """
    low = maximum(rents - rental_flat_deduction, 0.0)
    high = rents * (1.0 - rental_proportional_deduction)
    return where(rents <= rental_flat_deduction_limit, low, high)


@household_rule(
    unit="yuan/year", zh="财产性收入个人所得税", clause="path.9.pit_collection", role="tax"
)
def property_income_tax(
    dividends,
    interest_income,
    land_rents,
    village_dividends,
    taxable_rental_income,
    dividend_tax_rate,
    deposit_interest_tax_rate,
    land_income_tax_rate,
    collective_dividend_tax_rate,
    housing_rental_tax_rate,
    rental_tax_compliance,
):
    """Tax on dividends, deposit interest, land income, village dividends and rent, as collected.

    Whoever pays dividends withholds the tax, so it is paid in full; the tax on letting a dwelling
    is left to the landlord, few of whom pay. Gains from the sale of property are not income of
    the year here, so not taxed.

    Source: Individual Income Tax Law, articles 3 and 6; 财税〔2008〕132号 (interest);
    财税〔2000〕125号 (letting dwellings at 10 %).
    """
    withheld = (
        dividends * dividend_tax_rate
        + interest_income * deposit_interest_tax_rate
        + land_rents * land_income_tax_rate
        + village_dividends * collective_dividend_tax_rate
    )
    return withheld + taxable_rental_income * housing_rental_tax_rate * rental_tax_compliance
