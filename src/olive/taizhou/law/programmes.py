"""What the public purse pays for, and takes, as household variables in yuan a year.

A test derives what must stand here from the rules: whatever transfers, outlays and costs are made
of, so that a programme of a new lever cannot be left out of the budget.
"""

# Cash benefits: part of disposable income.
PROGRAMMES = (
    "dibao",
    "tekun",
    "disability_living_subsidy",
    "disability_care_subsidy",
    "elderly_care_service_subsidy",
    "old_age_allowance",
    "resident_basic_pensions",
    "unemployment_benefits",
    "childcare_subsidy",
    "family_planning_support",
    "rural_family_reward",
    "internship_allowances",
    "fuel_subsidies",
    "ecological_compensation",
    "relief_fund_payment",
    "young_lawyer_subsidies",
    "long_term_care_cash",
)

# Help with costs, in kind or tied to an expense: beside disposable income (further medical
# insurance and assistance may be counted into it by a switch).
COST_PROGRAMMES = (
    "rent_subsidy",
    "supplementary_medical_payments",
    "long_term_care_services_of_household",
    "services_in_kind",
)

TAXES = ("income_taxes", "property_income_tax")

# What households pay into social insurance; subsidies to flexible workers lower it.
CONTRIBUTIONS = ("household_social_contributions", "long_term_care_contributions")

# What employers pay for the members of a household: labour cost, not household income.
EMPLOYERS = ("employers_social_contributions",)
