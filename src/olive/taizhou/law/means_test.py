"""What social assistance looks at: who may claim, which income counts, what the family may own.

The order has no circle: incomes that do not depend on assistance come first (`own_income`), then
tekun, then the disability subsidies, then `countable_income`, then dibao and its margin, last what
depends on being on dibao.
"""

from __future__ import annotations

from olive.china.codes import code
from olive.engine import (
    household_rule,
    maximum,
    minimum,
    person_rule,
    subgroup_any,
    subgroup_count,
    subgroup_sum,
    where,
)

MIGRANT = code("hukou", "migrant")
NOT_DISABLED = code("disability_grade", "none")


@person_rule(unit="bool", zh="符合户籍或居住条件", clause="group.9.22.resident_extension")
def meets_residence(
    hukou, months_resident, residents_eligible_for_assistance, assistance_months_resident
):
    """Registered here; or, once the switch is on, resident long enough.

    Source: 《社会救助暂行办法》(2014, State Council Order 649), articles 11 and 16.
    """
    long_resident = months_resident >= assistance_months_resident
    return (hukou != MIGRANT) | (residents_eligible_for_assistance & long_resident)


@person_rule(unit="yuan/year", zh="税费后劳动和经营收入")
def net_earnings(
    wage,
    labour_remuneration,
    business_income,
    individual_income_tax,
    social_contributions,
    housing_fund_contribution,
    countable_income_deducts_housing_fund,
):
    """Wages, remuneration and operating income after income tax and contributions.

    A loss counts as no income: it is not set off against wages or the income of others. Taxes and
    contributions are outlays of the whole family and may exceed the earnings of one member.

    Source: 《浙江省最低生活保障办法》(2017 revision): wages net of income tax and social security.
    """
    fund = where(countable_income_deducts_housing_fund, housing_fund_contribution, 0.0)
    earned = wage + labour_remuneration + maximum(business_income, 0.0)
    return earned - individual_income_tax - social_contributions - fund


@person_rule(unit="yuan/year", zh="计入家庭收入的养老金和失业保险金")
def countable_pensions(
    employee_pension,
    resident_pension_of_person,
    central_part_of_basic_pension,
    unemployment_benefit,
    dibao_counts_central_basic_pension,
):
    """Pensions and unemployment benefit, less the part of the basic pension that is not counted.

    Source: 民发〔2021〕57号 (in 2021-25 the centrally set basic pension is not counted).
    """
    uncounted = where(dibao_counts_central_basic_pension, 0.0, central_part_of_basic_pension)
    return employee_pension + resident_pension_of_person - uncounted + unemployment_benefit


@person_rule(unit="yuan/year", zh="计入家庭收入的津贴补助")
def countable_allowances(
    old_age_allowance_of_person,
    childcare_subsidy_of_person,
    family_planning_support_of_person,
    rural_family_reward_of_person,
    dibao_counts_old_age_allowance,
    dibao_counts_childcare_subsidy,
    dibao_counts_family_planning_support,
):
    """Allowances of the person as far as they count; by the law in force none does.

    Source: 民发〔2021〕57号; 浙民低〔2007〕93号; national childcare subsidy scheme (2025).
    """
    family_planning = family_planning_support_of_person + rural_family_reward_of_person
    old_age = where(dibao_counts_old_age_allowance, old_age_allowance_of_person, 0.0)
    childcare = where(dibao_counts_childcare_subsidy, childcare_subsidy_of_person, 0.0)
    return old_age + childcare + where(dibao_counts_family_planning_support, family_planning, 0.0)


@household_rule(unit="yuan/year", zh="人均家庭财产和私人转移收入")
def shared_income_per_head(
    interest_income,
    dividends,
    rents,
    land_rents,
    village_dividends,
    photovoltaic_income,
    property_income_tax,
    private_transfers_received,
    notional_kin_support,
    private_transfers_paid,
    countable_income_deducts_transfers_paid,
    household_size,
):
    """Property income after tax and private transfers, shared equally among all members.

    Imputed rent is no countable income. Of private transfers the larger counts: what is received,
    or what children elsewhere are presumed to pay. Transfers paid are netted against them, down to
    nothing: they do not lower what comes from other sources.

    Source: 《浙江省最低生活保障办法》(2017 revision); 民发〔2021〕57号 (transfers net of outlays);
    《浙江省社会救助家庭供养费核算办法》.
    """
    paid = where(countable_income_deducts_transfers_paid, private_transfers_paid, 0.0)
    received = maximum(private_transfers_received, notional_kin_support)
    transfers = maximum(received - paid, 0.0)
    owned = interest_income + dividends + rents + land_rents + village_dividends
    after_tax = owned + photovoltaic_income - property_income_tax
    return (after_tax + transfers) / household_size


@person_rule(unit="yuan/year", zh="本人收入（扣减前）")
def own_income(net_earnings, countable_pensions, countable_allowances, shared_income_per_head):
    """Income of the person with the share in common income, before any deduction.

    Source: 《浙江省最低生活保障办法》(2017 revision).
    """
    return net_earnings + countable_pensions + countable_allowances + shared_income_per_head


@person_rule(unit="yuan/year", zh="初次就业期间不计收入", clause="group.9.23.work_disregard")
def new_job_disregard(
    received_dibao_last_year,
    programme_job_wage,
    share_of_year_added,
    months_per_year,
    work_disregard_months,
):
    """Pay of the first months in a new job that is not counted for families on dibao last year.

    Only jobs of the plan are known to be new.

    Source: 浙民低〔2007〕93号, (12): income from a first or renewed job of a recipient within a
    period that each place sets.
    """
    months = share_of_year_added * months_per_year
    share = minimum(work_disregard_months / where(months > 0, months, months_per_year), 1.0)
    return where(received_dibao_last_year, programme_job_wage * share, 0.0)


@person_rule(unit="yuan/year", zh="就业收入扣减", clause="group.9.23.work_disregard")
def work_disregard(
    wage,
    labour_remuneration,
    net_earnings,
    new_job_disregard,
    work_disregard_rate,
    work_disregard_amount,
):
    """Part of the income from a job that is not counted.

    The first months in a new job, and of the rest a share and an amount for each worker. Never
    more than what is left of the earnings after taxes and contributions.

    Source: 浙江省《关于加强低收入人口救助帮扶工作的意见》(2025): a certain cost of employment may
    be deducted; the rate is an assumption.
    """
    earned = wage + labour_remuneration
    rest = maximum(earned - new_job_disregard, 0.0)
    disregard = new_job_disregard + rest * work_disregard_rate + work_disregard_amount
    return where(earned > 0, minimum(disregard, maximum(net_earnings, 0.0)), 0.0)


@person_rule(unit="yuan/year", zh="刚性支出扣减", clause="path.11.illness_poverty_prevention")
def rigid_expense_deduction(
    medical_expense,
    medical_reimbursement,
    serious_illness,
    disability_grade,
    rigid_expense_deducted,
):
    """Medical expense of the seriously ill and the disabled after reimbursement, if deducted.

    Source: 民发〔2021〕57号: unavoidable expenses for disability and illness may be deducted.
    """
    applies = rigid_expense_deducted & (serious_illness | (disability_grade != NOT_DISABLED))
    return where(applies, maximum(medical_expense - medical_reimbursement, 0.0), 0.0)


@person_rule(unit="yuan/year", zh="计入家庭收入的残疾人补贴")
def countable_disability_subsidies(
    disability_living_subsidy_of_person,
    disability_care_entitlement,
    dibao_counts_disability_living_subsidy,
    dibao_counts_disability_care_subsidy,
):
    """Disability subsidies as far as they count; by the law in force neither does.

    Source: 浙江省 (2016): the two subsidies are not counted as income for dibao.
    """
    living = where(dibao_counts_disability_living_subsidy, disability_living_subsidy_of_person, 0.0)
    care = where(dibao_counts_disability_care_subsidy, disability_care_entitlement, 0.0)
    return living + care


@person_rule(unit="yuan/year", zh="核算收入（本人）")
def countable_income(
    own_income, work_disregard, rigid_expense_deduction, countable_disability_subsidies
):
    """Income of the person that counts for dibao, after deductions.

    Source: 《浙江省最低生活保障办法》(2017 revision); 民发〔2021〕57号.
    """
    return own_income - work_disregard - rigid_expense_deduction + countable_disability_subsidies


@household_rule(unit="bool", zh="家庭财产符合规定")
def assets_within_limit(
    financial_assets,
    vehicles,
    business_premises,
    dwellings,
    floor_area,
    household_size,
    local_dibao_standard,
    asset_limit_years,
    asset_test_dwellings,
    asset_test_floor_area_per_head,
):
    """Whether what the household owns stays within the limits of social assistance.

    Monetary assets per head below some years of dibao; no vehicle or boat, shop or office; one
    dwelling at most, or two with a floor area per head below the average.

    Source: 《浙江省社会救助家庭经济状况认定办法》(2015).
    """
    money = financial_assets < asset_limit_years * local_dibao_standard * household_size
    small = floor_area < asset_test_floor_area_per_head * household_size
    one_more = dwellings <= asset_test_dwellings + 1
    housing = (dwellings <= asset_test_dwellings) | (one_more & small)
    return money & (vehicles <= 0) & ~business_premises & housing


unit_size = subgroup_count("is_member", by="assistance_unit", zh="共同生活家庭成员人数")
unit_own_income = subgroup_sum("own_income", by="assistance_unit", zh="共同生活家庭收入（扣减前）")
unit_meets_residence = subgroup_any(
    "meets_residence", by="assistance_unit", zh="家庭成员中有人符合户籍或居住条件"
)


@person_rule(unit="yuan/year", zh="家庭人均收入（扣减前）")
def unit_own_income_per_head(unit_own_income, unit_size):
    """Income per head of the family before deductions, for subsidies other than dibao."""
    return maximum(unit_own_income, 0.0) / unit_size
