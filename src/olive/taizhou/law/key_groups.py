"""The nine key groups of the plan: one definition each, for the levers and for every table.

The plan names the groups but does not define them in terms of survey columns: every definition
here is an assumption. A group is derived from the data alone, never from what a law pays, so that
its members are the same under every policy.
"""

from __future__ import annotations

from olive.china.codes import code
from olive.engine import household_any, household_rule, household_sum, person_rule

EMPLOYEE = code("labour_status", "employee")
PLATFORM_WORKER = code("labour_status", "platform_worker")
RESEARCHER = code("occupation", "researcher")
SKILLED_WORKER = code("occupation", "skilled_worker")
INDIVIDUAL_BUSINESS = code("business_type", "individual_business")
PARTNERSHIP = code("business_type", "partnership")
FARM = code("business_type", "farm")
LOCAL_RURAL = code("hukou", "local_rural")
MIGRANT = code("hukou", "migrant")
COLLEGE = code("education", "college")


@person_rule(unit="bool", zh="受雇技术工人")
def is_skilled_employee(labour_status, occupation, skill_level):
    """Employee in a skilled trade or with a skill certificate."""
    skilled = (occupation == SKILLED_WORKER) | (skill_level > 0)
    return (labour_status == EMPLOYEE) & skilled


@person_rule(unit="bool", zh="科研人员")
def is_researcher(labour_status, occupation):
    """Employed researcher."""
    return (labour_status == EMPLOYEE) & (occupation == RESEARCHER)


@person_rule(unit="bool", zh="小微企业主和个体工商户")
def runs_small_business(business_type):
    """Owner of an individual business or partner in a partnership."""
    return (business_type == INDIVIDUAL_BUSINESS) | (business_type == PARTNERSHIP)


@person_rule(unit="bool", zh="近年高校毕业生")
def is_recent_graduate(years_since_graduation, recent_graduate_years):
    """Left tertiary education within the years that the parameter counts, that year included."""
    return (years_since_graduation >= 0) & (years_since_graduation <= recent_graduate_years)


@person_rule(unit="bool", zh="农渔业经营者")
def runs_farm(business_type):
    """Whoever runs a farm, fishing and breeding included."""
    return business_type == FARM


@person_rule(unit="bool", zh="新就业形态从业人员")
def is_platform_worker(labour_status):
    """Works through a platform."""
    return labour_status == PLATFORM_WORKER


@person_rule(unit="bool", zh="进城农民工")
def is_rural_migrant(labour_status, hukou, education, urban):
    """Employee in a town, registered as rural or elsewhere, without tertiary education."""
    from_elsewhere = (hukou == LOCAL_RURAL) | (hukou == MIGRANT)
    return (labour_status == EMPLOYEE) & from_elsewhere & (education < COLLEGE) & urban


@person_rule(unit="yuan/year", zh="调查所得收入（本人）")
def surveyed_income_of_person(
    contractual_wage,
    labour_remuneration,
    operating_income,
    employee_pension,
    resident_personal_account,
):
    """Earnings and pensions of the person as surveyed, before any lever."""
    earned = contractual_wage + labour_remuneration + operating_income
    return earned + employee_pension + resident_personal_account


surveyed_income = household_sum("surveyed_income_of_person", zh="调查所得收入（全户）")


@household_rule(unit="yuan/year", zh="调查所得现金收入")
def surveyed_cash_income(
    surveyed_income,
    interest_income,
    dividend_income,
    rental_income,
    land_income,
    collective_dividend,
    private_transfers_received,
):
    """Cash income as surveyed, before taxes and benefits: what an application would declare."""
    property_income = interest_income + dividend_income + rental_income + land_income
    return surveyed_income + property_income + collective_dividend + private_transfers_received


@person_rule(unit="bool", zh="本地农业户籍")
def is_local_rural(hukou):
    """Registered as rural in the city."""
    return hukou == LOCAL_RURAL


has_local_rural_member = household_any("is_local_rural", zh="户内有本地农业户籍人口")


@household_rule(unit="bool", zh="低收入农户", clause="group.8.20.precision_help")
def low_income_rural_household(
    urban,
    collective,
    has_local_rural_member,
    surveyed_cash_income,
    household_size,
    low_income_line,
    received_dibao_last_year,
):
    """Rural family registered as low-income: on dibao last year, or with cash income below a line.

    The register itself is not in the data; the line is set so that about as many people fall
    under the definition as were registered.

    Source: clause group.8.20.precision_help; the line is a named assumption.
    """
    poor = (surveyed_cash_income < low_income_line * household_size) | received_dibao_last_year
    return ~urban & ~collective & has_local_rural_member & poor


@person_rule(unit="bool", zh="低收入农户成员")
def in_low_income_rural_household(age, low_income_rural_household):
    """Member of a low-income rural household."""
    return (age >= 0) & low_income_rural_household


@person_rule(unit="bool", zh="困难群体")
def in_hardship(received_dibao_last_year, disability_grade, only_child_lost):
    """Dibao last year, a certified disability, or an only child lost or disabled."""
    return received_dibao_last_year | (disability_grade > 0) | (only_child_lost > 0)
