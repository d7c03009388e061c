"""Disposable income of the household in the four components of the statistical bureau."""

from __future__ import annotations

from olive.engine import (
    household_count,
    household_rule,
    household_sum,
    person_rule,
    sum_of_role,
    where,
)
from olive.engine.purposes import PRIVATE, PUBLIC


@person_rule(unit="bool", zh="家庭成员")
def is_member(age):
    """Everyone in the table is a member of the household."""
    return age >= 0


household_size = household_count("is_member", zh="家庭人口数")


@person_rule(unit="yuan/year", zh="工资性收入（本人）")
def wage_income_of_person(
    wage, labour_remuneration, housing_fund_contribution, housing_fund_employer_part_counted
):
    """Wages and remuneration for services, before taxes and contributions.

    With the switch on, what the employer pays into the housing fund, as much as the employee.

    Source: National Bureau of Statistics, 居民可支配收入 definitions: 工资性收入.
    """
    fund = where(housing_fund_employer_part_counted, housing_fund_contribution, 0.0)
    return wage + labour_remuneration + fund


wage_income = household_sum("wage_income_of_person", zh="工资性收入")
net_operating_income = household_sum("business_income", zh="经营净收入")


@household_rule(unit="yuan/year", zh="财产净收入（不含自有住房折算租金）")
def cash_property_income(
    interest_income, dividends, rents, land_rents, village_dividends, photovoltaic_income
):
    """Interest, dividends, net rents, dividends of the village and solar roofs, before tax."""
    shares = dividends + village_dividends
    return interest_income + shares + rents + land_rents + photovoltaic_income


@household_rule(unit="yuan/year", zh="计入收入的自有住房折算净租金")
def counted_imputed_rent(imputed_rent, imputed_rent_counted):
    """Net imputed rent of the own dwelling, as far as it counts as income."""
    return where(imputed_rent_counted, imputed_rent, 0.0)


@household_rule(unit="yuan/year", zh="财产净收入")
def net_property_income(cash_property_income, counted_imputed_rent):
    """Property income with imputed rent. Tax on it is an outlay among transfers.

    Source: National Bureau of Statistics, definitions: 财产净收入.
    """
    return cash_property_income + counted_imputed_rent


unemployment_benefits = household_sum(
    "unemployment_benefit",
    zh="失业保险金（全户）",
    role="cash_benefit",
    heading="social_insurance",
    payer="social_insurance",
)
medical_reimbursements = household_sum("medical_reimbursement", zh="报销医疗费（全户）")


# Public cash benefits by heading. Pensions of the employee scheme and of personal accounts, earned
# by contributions, are none; what has no heading is in `programme_transfers`.
social_assistance = sum_of_role(
    "cash_benefit", payer=PUBLIC, heading="social_assistance", zh="社会救助"
)
public_subsidies = sum_of_role("cash_benefit", payer=PUBLIC, heading="subsidy", zh="政策性补贴")
social_insurance_benefits = sum_of_role(
    "cash_benefit", payer=PUBLIC, heading="social_insurance", zh="基础养老金和失业保险金"
)
government_transfers = sum_of_role("cash_benefit", payer=PUBLIC, zh="政府现金转移支付")
private_benefits = sum_of_role("cash_benefit", payer=PRIVATE, zh="慈善和单位的现金帮扶")


@household_rule(unit="yuan/year", zh="计入收入的报销医疗费")
def counted_medical_reimbursements(
    medical_reimbursements,
    supplementary_medical_payments,
    medical_reimbursement_counted,
    supplementary_payments_counted,
):
    """Reimbursed medical expense, as far as it counts as income.

    Basic insurance, and by a switch of its own what further public schemes pay.
    """
    further = where(supplementary_payments_counted, supplementary_medical_payments, 0.0)
    return where(medical_reimbursement_counted, medical_reimbursements + further, 0.0)


@household_rule(unit="yuan/year", zh="转移性收入")
def transfer_receipts(
    employee_pensions,
    resident_personal_accounts,
    social_insurance_benefits,
    social_assistance,
    public_subsidies,
    counted_medical_reimbursements,
    private_transfers_received,
    programme_transfers,
    private_benefits,
):
    """Pensions, benefits, assistance, subsidies, reimbursed medical expense, private transfers.

    Source: National Bureau of Statistics, definitions: 转移性收入.
    """
    resident = social_insurance_benefits + resident_personal_accounts
    benefits = employee_pensions + resident + social_assistance + public_subsidies
    received = benefits + counted_medical_reimbursements + private_transfers_received
    return received + programme_transfers + private_benefits


income_taxes = household_sum(
    "individual_income_tax", zh="个人所得税（全户，不含财产性收入）", role="tax"
)
household_social_contributions = household_sum(
    "social_contributions", zh="社会保险个人缴费（全户）", role="contribution"
)
housing_fund_contributions = household_sum(
    "housing_fund_contribution", zh="住房公积金个人缴存（全户）"
)
household_donations = household_sum("charitable_donations", zh="公益捐赠（全户）")
taxes_paid = sum_of_role("tax", payer="household", zh="税收（全户）")
contributions_paid = sum_of_role(
    "contribution", payer="household", zh="社会保险个人缴费合计（全户）"
)


@household_rule(unit="yuan/year", zh="转移性支出")
def transfer_outlays(
    taxes_paid,
    contributions_paid,
    housing_fund_contributions,
    private_transfers_paid,
    household_donations,
    housing_fund_contribution_deducted,
    housing_fund_employer_part_counted,
):
    """Income taxes, social contributions, private transfers paid and donations.

    The housing fund is deducted with the employer's part where that counts as income.

    Source: National Bureau of Statistics, definitions: 转移性支出.
    """
    parties = where(housing_fund_employer_part_counted, 2.0, 1.0)
    fund = where(housing_fund_contribution_deducted, housing_fund_contributions * parties, 0.0)
    return taxes_paid + contributions_paid + fund + private_transfers_paid + household_donations


@household_rule(unit="yuan/year", zh="转移净收入")
def net_transfer_income(transfer_receipts, transfer_outlays):
    """Transfers received less transfers paid.

    Source: National Bureau of Statistics, definitions: 转移净收入.
    """
    return transfer_receipts - transfer_outlays


@household_rule(unit="yuan/year", zh="可支配收入")
def disposable_income(wage_income, net_operating_income, net_property_income, net_transfer_income):
    """Disposable income: the sum of the four components, exactly.

    Source: National Bureau of Statistics, definitions: 居民可支配收入.
    """
    return wage_income + net_operating_income + net_property_income + net_transfer_income


@household_rule(unit="yuan/year", zh="现金可支配收入")
def cash_disposable_income(disposable_income, counted_imputed_rent):
    """Disposable income without imputed rent."""
    return disposable_income - counted_imputed_rent


@household_rule(unit="yuan/year", zh="人均可支配收入")
def disposable_income_per_capita(disposable_income, household_size):
    """Disposable income per member of the household."""
    return disposable_income / household_size
