"""The fourteen rules as SQL in DuckDB, which plans it and runs it on all its threads.

One query a policy over tables in memory: common table expressions, group sums by ``GROUP BY``,
household values brought to persons by joins, the Lorenz curve by a window.
"""

from __future__ import annotations

import duckdb
from figures import Figures
from generate import Table

from peers.parameters import BASELINE, OPERATING_TAX, REFORM, WAGE_TAX, quick_deductions


def tax(amount: str, schedule: dict[str, tuple[float, ...]]) -> str:
    """Return SQL for the largest of rate x amount less quick deduction: the tax as rates rise."""
    terms = zip(schedule["rates"], quick_deductions(schedule), strict=True)
    return f"greatest({', '.join(f'{amount} * {rate} - {quick!r}' for rate, quick in terms)})"


QUERY = f"""
with people as (
    select *, wage > 0 as earns,
        case when formal and wage > 0 then $social_insurance_rate * least(greatest(
            wage, $contribution_floor * $average_wage), $contribution_cap * $average_wage)
            else 0 end as social,
        case when formal and wage > 0 then $housing_fund_rate * least(greatest(
            wage, $minimum_wage), $contribution_cap * $average_wage) else 0 end as fund
    from (
        select * replace (case when formal and wage > 0 then greatest(wage, $minimum_wage)
            else wage end as wage)
        from persons
    )
), members as (
    select hh, count(*) as size, count(*) filter (age < 18) as children,
        count(*) filter (age >= 60) as elderly, count(*) filter (earns) as earners,
        sum(wage) as wages, max(wage) as highest_wage,
        count(*) filter (age >= 80 or disability = 1) as in_care
    from people group by hh
), homes as materialized (
    select *,
        $child_deduction * children + case when elderly > 0 then $elderly_deduction else 0 end
        + case when mortgage_interest > 0 then $mortgage_deduction
            when rent > 0 then $rent_deduction else 0 end as deductions
    from households join members using (hh)
), taxed as (
    select people.*, greatest(wage - social - fund - $basic_deduction - case
            when earns and wage = highest_wage then deductions else 0 end, 0) as taxable,
        greatest(operating - case when earns then 0 else $basic_deduction end, 0) as business
    from people join homes using (hh)
), incomes as (
    select hh, sum(wage - social - fund - {tax("taxable", WAGE_TAX)}
        + operating - {tax("business", OPERATING_TAX)}
        + property - $property_tax_rate * $property_taxable_share * greatest(property, 0)
        + pension + case when age >= 60 and pension = 0 then $resident_pension else 0 end
        + private_transfer) as net
    from taxed group by hh
), counted as (
    select *,
        net - least($disregard_share * wages, earners * $dibao_standard) as countable,
        assets < $asset_limit_years * $dibao_standard * size as within
    from homes join incomes using (hh)
), assisted as materialized (
    select *,
        case when within and v < $take_up_rate
            then greatest($dibao_standard * size - countable, 0) else 0 end as dibao,
        within and countable / size <= $marginal_multiple * $dibao_standard as low_income
    from counted
), subsidised as (
    select hh, sum(
        case when disability <= 2 or low_income then $living_subsidy else 0 end
        + case disability when 1 then $care_subsidy_grade_1 when 2 then $care_subsidy_grade_2
            else 0 end) as subsidies
    from persons join assisted using (hh) where disability > 0 group by hh
), final as (
    select weight, weight * size as people, dibao,
        net + dibao + coalesce(subsidies, 0) + case when low_income
            then $low_income_care * in_care + $supplement_rate * $dibao_standard * children
            else 0 end as income,
        income / size as per_capita
    from assisted left join subsidised using (hh)
), ranked as (
    select *, weight * income as money,
        2 * sum(weight * income) over (order by per_capita rows unbounded preceding)
            - weight * income as above
    from final
)
select
    sum(weight) filter (income >= 100000 and income < 500000) / sum(weight),
    sum(weight) filter (income >= 200000 and income < 600000) / sum(weight),
    sum(money) / sum(people),
    1 - sum(people * above) / (sum(people) * sum(money)),
    sum(people) filter (per_capita < $marginal_multiple * $dibao_standard) / sum(people),
    sum(weight * dibao)
from ranked
"""


def run(persons: Table, households: Table, threads: int | None = None) -> tuple[Figures, Figures]:
    """Return the figures of the baseline and of the reform."""
    with duckdb.connect() as connection:
        if threads is not None:
            connection.execute(f"set threads = {threads}")
        connection.register("given_persons", persons)
        connection.register("given_households", households)
        connection.execute("create table persons as from given_persons")
        connection.execute(
            "create table households as select row_number() over ()::integer - 1 as hh, * "
            "from given_households"
        )
        used = [name for name in BASELINE if f"${name}" in QUERY]
        baseline, reform = (
            Figures(*connection.execute(QUERY, {name: p[name] for name in used}).fetchone())
            for p in (BASELINE, REFORM)
        )
    return baseline, reform
