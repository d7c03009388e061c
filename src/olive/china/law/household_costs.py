"""Costs that households cannot avoid: beside disposable income, never inside it."""

from __future__ import annotations

from olive.engine import household_rule, maximum, sum_of_role, where
from olive.engine.purposes import PUBLIC


@household_rule(unit="yuan/year", zh="住房支出", role="cost")
def housing_cost(
    rent_paid,
    mortgage_interest,
    housing_burden_change,
    rent_subsidy,
    affordable_rental_saving,
    housing_fund_withdrawal,
):
    """Rent and mortgage interest, less what the plan relieves. Repayment of the loan is saving."""
    relief = rent_subsidy + affordable_rental_saving + housing_fund_withdrawal
    return maximum(rent_paid + mortgage_interest + housing_burden_change - relief, 0.0)


@household_rule(unit="yuan/year", zh="保险费和其他必要支出", role="cost")
def other_necessary_costs(schooling_cost, limin_premiums, commercial_premiums, maintenance_fee):
    """Schooling, premiums of commercial insurance, and the social maintenance fee."""
    return schooling_cost + limin_premiums + commercial_premiums + maintenance_fee


necessary_expenses = sum_of_role("cost", zh="必要支出")


@household_rule(unit="yuan/year", zh="必要支出后收入")
def income_after_necessary_expenses(
    cash_disposable_income,
    counted_medical_reimbursements,
    necessary_expenses,
    services_in_kind,
    family_care_replaced,
):
    """Cash left after housing, medical care that is not reimbursed, care and other needs.

    Reimbursements counted as income are taken off again, since they have paid for care already.
    Services in kind count with what the household would have paid for them, care services with
    their whole value: what they spare, and the unpaid care that they replace.
    """
    left = cash_disposable_income - counted_medical_reimbursements - necessary_expenses
    return left + services_in_kind + family_care_replaced


benefits_in_kind = sum_of_role("in_kind_benefit", payer=PUBLIC, zh="实物福利和费用减免")


@household_rule(unit="yuan/year", zh="含实物福利的可支配收入")
def income_with_benefits_in_kind(
    disposable_income,
    benefits_in_kind,
    counted_medical_reimbursements,
    medical_reimbursements,
    medical_reimbursement_counted,
):
    """Disposable income with the value of public services and in-kind benefits.

    Rent subsidies, medical payments of public schemes that are not in the income already, care
    services and other services in kind. It sets a benefit in kind beside the contribution that
    pays for it: disposable income alone shows a care insurance as a loss to all who are insured.

    Source: Canberra Group Handbook (2011), social transfers in kind; valued at public cost.
    """
    basic = where(medical_reimbursement_counted, medical_reimbursements, 0.0)
    counted_already = counted_medical_reimbursements - basic
    return disposable_income + (benefits_in_kind - counted_already)
