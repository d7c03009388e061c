"""Rules 1 to 13 as policy functions of ttsim: scalar functions that it rewrites to columns."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from ttsim.tt import (
    AggType,
    PiecewisePolynomialParamValue,
    agg_by_group_function,
    piecewise_polynomial,
    policy_function,
)

from peers.ttsim_inputs import COUNT_HH, INDICATOR, INDICATOR_HH, YUAN, YUAN_HH


def rule(unit: Any) -> Any:
    """Declare a policy function; yuan of a person and of the household are added freely here."""
    return policy_function(unit=unit, verify_units=False)


def by_household(agg_type: AggType, unit: Any) -> Any:
    """Declare an aggregation by household."""
    return agg_by_group_function(agg_type=agg_type, unit=unit, verify_units=False)


# 1 wage floor
@rule(YUAN)
def wage_y(formal: bool, contractual_wage_y: float, minimum_wage: float) -> float:
    """Wage raised to the minimum wage."""
    if formal and contractual_wage_y > 0:
        return max(contractual_wage_y, minimum_wage)
    else:
        return contractual_wage_y


# 2 contributions
@rule(INDICATOR)
def insured(formal: bool, wage_y: float) -> bool:
    """Formal employee with a wage."""
    return formal and wage_y > 0


@rule(YUAN)
def social_insurance_y(
    insured: bool,
    wage_y: float,
    average_wage: float,
    contribution_floor: float,
    contribution_cap: float,
    social_insurance_rate: float,
) -> float:
    """Contributions on a base with two bounds."""
    if insured:
        return social_insurance_rate * min(
            max(wage_y, contribution_floor * average_wage), contribution_cap * average_wage
        )
    else:
        return 0.0


@rule(YUAN)
def housing_fund_y(
    insured: bool,
    wage_y: float,
    minimum_wage: float,
    average_wage: float,
    contribution_cap: float,
    housing_fund_rate: float,
) -> float:
    """Employee's part of the housing fund."""
    if insured:
        return housing_fund_rate * min(max(wage_y, minimum_wage), contribution_cap * average_wage)
    else:
        return 0.0


# 3 the household
@rule(INDICATOR)
def is_child(age: int) -> bool:
    """Under 18."""
    return age < 18


@rule(INDICATOR)
def is_elderly(age: int) -> bool:
    """60 or over."""
    return age >= 60


@rule(INDICATOR)
def earns(wage_y: float) -> bool:
    """Has a wage."""
    return wage_y > 0


@by_household(AggType.COUNT, COUNT_HH)
def household_size_hh(hh_id: int) -> int:
    """Members."""


@by_household(AggType.SUM, COUNT_HH)
def children_hh(is_child: bool, hh_id: int) -> int:
    """Children."""


@by_household(AggType.ANY, INDICATOR_HH)
def has_elderly_hh(is_elderly: bool, hh_id: int) -> bool:
    """Whether a member is 60 or over."""


@by_household(AggType.SUM, COUNT_HH)
def earners_hh(earns: bool, hh_id: int) -> int:
    """Members with a wage."""


@by_household(AggType.MAX, YUAN_HH)
def highest_wage_y_hh(wage_y: float, hh_id: int) -> float:
    """Highest wage of a member."""


@by_household(AggType.SUM, YUAN_HH)
def wages_y_hh(wage_y: float, hh_id: int) -> float:
    """Wages of all members."""


# 4 additional deductions
@rule(YUAN_HH)
def household_deductions_y_hh(
    children_hh: int,
    has_elderly_hh: bool,
    mortgage_interest_y_hh: float,
    rent_y_hh: float,
    child_deduction: float,
    elderly_deduction: float,
    mortgage_deduction: float,
    rent_deduction: float,
) -> float:
    """Deductions that the household gives rise to."""
    if mortgage_interest_y_hh > 0:
        for_home = mortgage_deduction
    elif rent_y_hh > 0:
        for_home = rent_deduction
    else:
        for_home = 0.0
    return child_deduction * children_hh + elderly_deduction * has_elderly_hh + for_home


@rule(YUAN)
def additional_deductions_y(
    earns: bool, wage_y: float, highest_wage_y_hh: float, household_deductions_y_hh: float
) -> float:
    """They go to the main earner, to each of them when wages tie."""
    if earns and wage_y == highest_wage_y_hh:
        return household_deductions_y_hh
    else:
        return 0.0


# 5 to 7 taxes
@rule(YUAN)
def wage_tax_y(
    wage_y: float,
    social_insurance_y: float,
    housing_fund_y: float,
    additional_deductions_y: float,
    basic_deduction: float,
    wage_tax_schedule: PiecewisePolynomialParamValue,
    xnp: ModuleType,
) -> float:
    """Income tax on the wage."""
    return piecewise_polynomial(
        x=max(
            wage_y
            - social_insurance_y
            - housing_fund_y
            - basic_deduction
            - additional_deductions_y,
            0.0,
        ),
        parameters=wage_tax_schedule,
        xnp=xnp,
    )


@rule(YUAN)
def unused_basic_deduction_y(earns: bool, basic_deduction: float) -> float:
    """The basic deduction, if no wage has used it."""
    if earns:
        return 0.0
    else:
        return basic_deduction


@rule(YUAN)
def operating_tax_y(
    operating_income_y: float,
    unused_basic_deduction_y: float,
    operating_tax_schedule: PiecewisePolynomialParamValue,
    xnp: ModuleType,
) -> float:
    """Income tax on operating income."""
    return piecewise_polynomial(
        x=max(operating_income_y - unused_basic_deduction_y, 0.0),
        parameters=operating_tax_schedule,
        xnp=xnp,
    )


@rule(YUAN)
def property_tax_y(
    property_income_y: float, property_tax_rate: float, property_taxable_share: float
) -> float:
    """Tax on the taxable part of property income."""
    return property_tax_rate * property_taxable_share * max(property_income_y, 0.0)


# 8 resident basic pension
@rule(YUAN)
def resident_pension_received_y(
    is_elderly: bool, employee_pension_y: float, resident_pension: float
) -> float:
    """Pension of the elderly without an employee pension."""
    if is_elderly and employee_pension_y == 0:
        return resident_pension
    else:
        return 0.0


# 9 disability subsidies; the class of low income is rule 12
@rule(YUAN)
def living_subsidy_received_y(disability: int, low_income_hh: bool, living_subsidy: float) -> float:
    """Of the severely disabled, and of others in low income."""
    if disability == 1 or disability == 2 or (disability >= 3 and low_income_hh):
        return living_subsidy
    else:
        return 0.0


@rule(YUAN)
def care_subsidy_received_y(
    disability: int, care_subsidy_grade_1: float, care_subsidy_grade_2: float
) -> float:
    """Of the severely disabled."""
    if disability == 1:
        return care_subsidy_grade_1
    elif disability == 2:
        return care_subsidy_grade_2
    else:
        return 0.0


@rule(YUAN)
def disability_subsidies_y(
    living_subsidy_received_y: float, care_subsidy_received_y: float
) -> float:
    """Living and care subsidy."""
    return living_subsidy_received_y + care_subsidy_received_y


@by_household(AggType.SUM, YUAN_HH)
def disability_subsidies_y_hh(disability_subsidies_y: float, hh_id: int) -> float:
    """Of all members."""


# 10 net income before assistance
@rule(YUAN)
def net_income_y(
    wage_y: float,
    social_insurance_y: float,
    housing_fund_y: float,
    wage_tax_y: float,
    operating_income_y: float,
    operating_tax_y: float,
    property_income_y: float,
    property_tax_y: float,
    employee_pension_y: float,
    resident_pension_received_y: float,
    private_transfer_y: float,
) -> float:
    """A person's market income, pensions and transfers, net."""
    return (
        wage_y
        - social_insurance_y
        - housing_fund_y
        - wage_tax_y
        + operating_income_y
        - operating_tax_y
        + property_income_y
        - property_tax_y
        + employee_pension_y
        + resident_pension_received_y
        + private_transfer_y
    )


@by_household(AggType.SUM, YUAN_HH)
def net_income_y_hh(net_income_y: float, hh_id: int) -> float:
    """Of all members."""


# 11 dibao
@rule(YUAN_HH)
def countable_income_y_hh(
    net_income_y_hh: float,
    wages_y_hh: float,
    earners_hh: int,
    disregard_share: float,
    dibao_standard: float,
) -> float:
    """Net income without part of the wages."""
    return net_income_y_hh - min(disregard_share * wages_y_hh, earners_hh * dibao_standard)


@rule(INDICATOR_HH)
def within_asset_limit_hh(
    assets_hh: float, household_size_hh: int, dibao_standard: float, asset_limit_years: float
) -> bool:
    """Assets under some years of dibao."""
    return assets_hh < asset_limit_years * dibao_standard * household_size_hh


@rule(YUAN_HH)
def dibao_y_hh(
    countable_income_y_hh: float,
    within_asset_limit_hh: bool,
    household_size_hh: int,
    take_up_number_hh: float,
    dibao_standard: float,
    take_up_rate: float,
) -> float:
    """The gap to the standard of those entitled who claim it."""
    if within_asset_limit_hh and take_up_number_hh < take_up_rate:
        return max(dibao_standard * household_size_hh - countable_income_y_hh, 0.0)
    else:
        return 0.0


# 12 low income
@rule(INDICATOR_HH)
def low_income_hh(
    countable_income_y_hh: float,
    household_size_hh: int,
    within_asset_limit_hh: bool,
    marginal_multiple: float,
    dibao_standard: float,
) -> bool:
    """Countable income per head up to the marginal line, and assets within the limit."""
    return (
        countable_income_y_hh / household_size_hh <= marginal_multiple * dibao_standard
        and within_asset_limit_hh
    )


@rule(INDICATOR)
def needs_care(age: int, disability: int) -> bool:
    """80 or over, or most severely disabled."""
    return age >= 80 or disability == 1


@by_household(AggType.SUM, COUNT_HH)
def members_in_care_hh(needs_care: bool, hh_id: int) -> int:
    """Members who need care."""


@rule(YUAN_HH)
def low_income_help_y_hh(
    low_income_hh: bool,
    members_in_care_hh: int,
    children_hh: int,
    low_income_care: float,
    supplement_rate: float,
    dibao_standard: float,
) -> float:
    """Care subsidy and supplement for children in low-income households."""
    if low_income_hh:
        return low_income_care * members_in_care_hh + supplement_rate * dibao_standard * children_hh
    else:
        return 0.0


# 13 disposable income
@rule(YUAN_HH)
def disposable_income_y_hh(
    net_income_y_hh: float,
    dibao_y_hh: float,
    disability_subsidies_y_hh: float,
    low_income_help_y_hh: float,
) -> float:
    """What the household can dispose of."""
    return net_income_y_hh + dibao_y_hh + disability_subsidies_y_hh + low_income_help_y_hh
