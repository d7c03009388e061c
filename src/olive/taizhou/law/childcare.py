"""National childcare subsidy."""

from __future__ import annotations

from olive.engine import household_sum, person_rule, where

MONTHS = 12.0


@person_rule(unit="yuan/year", zh="育儿补贴（按子女）")
def childcare_subsidy_of_person(
    age,
    birth_month,
    childcare_subsidy_per_child,
    childcare_subsidy_end_age,
    childcare_subsidy_for_earlier_births,
):
    """Subsidy that a child brings in a year, paid to the household.

    Children who end the year at 0, 1 or 2 bring the whole amount. Those born from 2022 to 2024
    bring, in the year of their third birthday, a twelfth for each month up to that of their birth;
    those born from 2025 on have by then had three whole amounts. Children are subsidised wherever
    they are registered, and all families are taken to claim.

    Source: national childcare subsidy scheme (2025) and its table by month of birth.
    """
    up_to_birthday = childcare_subsidy_per_child * (birth_month / MONTHS)
    turns_three = (age == childcare_subsidy_end_age) & childcare_subsidy_for_earlier_births
    in_last_year = where(turns_three, up_to_birthday, 0.0)
    return where(age < childcare_subsidy_end_age, childcare_subsidy_per_child, in_last_year)


childcare_subsidy = household_sum(
    "childcare_subsidy_of_person", zh="育儿补贴（全户）", role="cash_benefit", heading="subsidy"
)
