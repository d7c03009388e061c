"""Costs that households cannot avoid: beside disposable income, never inside it."""

from __future__ import annotations

from olive.engine import household_rule, household_sum, maximum, person_rule


@household_rule(unit="yuan/year", zh="住房支出")
def housing_cost(rent_paid, mortgage_interest):
    """Rent and mortgage interest. Repayment of the loan is saving."""
    return rent_paid + mortgage_interest


@person_rule(unit="yuan/year", zh="医疗费自付（本人）")
def medical_out_of_pocket_of_person(medical_expense, medical_reimbursement):
    """Medical expense that is not reimbursed."""
    return maximum(medical_expense - medical_reimbursement, 0.0)


medical_out_of_pocket = household_sum("medical_out_of_pocket_of_person", zh="医疗费自付")
care_cost = household_sum("care_expense", zh="照护支出")


@household_rule(unit="yuan/year", zh="必要支出后收入")
def income_after_necessary_expenses(
    cash_disposable_income,
    counted_medical_reimbursements,
    housing_cost,
    medical_out_of_pocket,
    care_cost,
):
    """Cash left after housing, medical care that is not reimbursed, and care.

    Reimbursements counted as income are taken off again, since they have paid for care already.
    """
    return (
        cash_disposable_income
        - counted_medical_reimbursements
        - housing_cost
        - medical_out_of_pocket
        - care_cost
    )
