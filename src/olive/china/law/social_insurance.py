"""Social insurance contributions of employees, flexible workers and residents.

All contributions follow this year's wage; the law takes the average monthly wage of the year
before.
"""

from __future__ import annotations

from olive.china.codes import code
from olive.engine import clip, person_rule, where

PENSION_EMPLOYEE = code("pension_scheme", "employee")
PENSION_FLEXIBLE = code("pension_scheme", "flexible")
PENSION_RESIDENT = code("pension_scheme", "resident")
EMPLOYEE = code("labour_status", "employee")
MEDICAL_EMPLOYEE = code("medical_scheme", "employee")
MEDICAL_FLEXIBLE = code("medical_scheme", "flexible")
MEDICAL_RESIDENT = code("medical_scheme", "resident")


@person_rule(unit="bool", zh="缴纳职工基本养老保险")
def pays_employee_pension(
    pension_scheme, has_insured_programme_job, enrols_in_pension, labour_status_with_programmes
):
    """Insured as an employee: by the data, by an insured job of the plan, or newly enrolled."""
    newly = enrols_in_pension & (labour_status_with_programmes == EMPLOYEE)
    return (pension_scheme == PENSION_EMPLOYEE) | has_insured_programme_job | newly


@person_rule(unit="bool", zh="缴纳职工基本医疗保险")
def pays_employee_medical(medical_scheme, has_insured_programme_job):
    """Insured as an employee: by the data, or by an insured job of the plan."""
    return (medical_scheme == MEDICAL_EMPLOYEE) | has_insured_programme_job


@person_rule(unit="bool", zh="缴纳失业保险")
def pays_unemployment_insurance(unemployment_insured, has_insured_programme_job):
    """Insured against unemployment: by the data, or by an insured job of the plan."""
    return unemployment_insured | has_insured_programme_job


@person_rule(unit="bool", zh="以灵活就业身份缴纳养老保险")
def pays_flexible_pension(
    pension_scheme, has_insured_programme_job, enrols_in_pension, labour_status_with_programmes
):
    """Pays as a flexible worker, unless a job of the plan insures the person as an employee."""
    newly = enrols_in_pension & (labour_status_with_programmes != EMPLOYEE)
    return ((pension_scheme == PENSION_FLEXIBLE) | newly) & ~has_insured_programme_job


@person_rule(unit="bool", zh="以灵活就业身份缴纳医疗保险")
def pays_flexible_medical(medical_scheme, has_insured_programme_job):
    """Pays as a flexible worker, unless a job of the plan insures the person as an employee."""
    return (medical_scheme == MEDICAL_FLEXIBLE) & ~has_insured_programme_job


@person_rule(unit="bool", zh="参加城乡居民养老保险")
def in_resident_pension(pension_scheme, has_insured_programme_job, enrols_in_pension):
    """In the resident scheme, and not moved to the employees' scheme."""
    moved = has_insured_programme_job | enrols_in_pension
    return (pension_scheme == PENSION_RESIDENT) & ~moved


@person_rule(unit="bool", zh="参加城乡居民医疗保险")
def in_resident_medical(medical_scheme, has_insured_programme_job):
    """In the resident scheme, and not moved to the employees' scheme."""
    return (medical_scheme == MEDICAL_RESIDENT) & ~has_insured_programme_job


@person_rule(unit="yuan/year", zh="职工社会保险缴费基数", clause="path.10.contribution_rates")
def social_insurance_base(
    wage,
    contribution_base_compliance,
    social_insurance_base_floor,
    social_insurance_base_cap,
    share_of_year_worked,
):
    """Wage that employee contributions are counted on, as declared, held between the bounds.

    By law the base is the whole wage; `contribution_base_compliance` is the part that is declared.
    It shows only between the bounds: nobody is declared below the floor, and a declared wage
    above the cap is cut to it. The bounds are monthly, so they shrink with the months worked.

    Source: 《社会保险法》 article 12; 浙人社发〔2021〕54号 and later notices for the bounds.
    """
    floor_for_months = social_insurance_base_floor * share_of_year_worked
    cap_for_months = social_insurance_base_cap * share_of_year_worked
    declared = wage * contribution_base_compliance
    return where(wage > 0, clip(declared, floor_for_months, cap_for_months), 0.0)


@person_rule(unit="yuan/year", zh="职工基本养老保险个人缴费", clause="path.10.contribution_rates")
def employee_pension_contribution(
    pays_employee_pension, social_insurance_base, employee_pension_rate
):
    """Employee's own contribution to basic pension insurance.

    Source: 国发〔2005〕38号 (8 % of the base).
    """
    return where(pays_employee_pension, social_insurance_base * employee_pension_rate, 0.0)


@person_rule(unit="yuan/year", zh="职工基本医疗保险个人缴费", clause="path.10.contribution_rates")
def employee_medical_contribution(
    pays_employee_medical, social_insurance_base, employee_medical_rate
):
    """Employee's own contribution to basic medical insurance.

    Source: 国发〔1998〕44号 (2 % of the base).
    """
    return where(pays_employee_medical, social_insurance_base * employee_medical_rate, 0.0)


@person_rule(unit="yuan/year", zh="失业保险个人缴费", clause="path.10.contribution_rates")
def employee_unemployment_contribution(
    pays_unemployment_insurance, social_insurance_base, employee_unemployment_rate
):
    """Employee's own contribution to unemployment insurance.

    Source: rate published for the province (0.5 % of the base).
    """
    contribution = social_insurance_base * employee_unemployment_rate
    return where(pays_unemployment_insurance, contribution, 0.0)


@person_rule(unit="yuan/year", zh="单位社会保险缴费")
def employer_contributions(
    pays_employee_pension,
    pays_employee_medical,
    pays_unemployment_insurance,
    social_insurance_base,
    employer_pension_rate,
    employer_medical_rate,
    employer_unemployment_rate,
):
    """Employer's contributions for pension, medical and unemployment insurance.

    They are labour cost, not household income. Work injury insurance is left out, since its rate
    (0.2 to 1.9 %) follows the risk class of the firm; the bases of firms are taken to be the sum
    of their employees' bases.

    Source: provincial rates by date, see the parameters.
    """
    pension = where(pays_employee_pension, employer_pension_rate, 0.0)
    medical = where(pays_employee_medical, employer_medical_rate, 0.0)
    unemployment = where(pays_unemployment_insurance, employer_unemployment_rate, 0.0)
    return social_insurance_base * (pension + medical + unemployment)


@person_rule(unit="yuan/year", zh="灵活就业人员缴费基数")
def flexible_contribution_base(
    flexible_base_ratio, social_insurance_base_floor, social_insurance_base_cap, lowest_base_share
):
    """Base that a flexible worker has chosen, for the whole year.

    The chosen ratio counts on the average wage behind the floor (floor / 60 %), so that the
    lowest choice is the floor itself.

    Source: 浙江省: flexible workers choose between the bounds of employees.
    """
    average_wage = social_insurance_base_floor / lowest_base_share
    chosen = flexible_base_ratio * average_wage
    return clip(chosen, social_insurance_base_floor, social_insurance_base_cap)


@person_rule(unit="yuan/year", zh="灵活就业人员养老保险缴费", clause="path.10.contribution_rates")
def flexible_pension_contribution(
    pays_flexible_pension, flexible_contribution_base, flexible_pension_rate
):
    """Flexible worker's contribution to basic pension insurance, for twelve months.

    Source: 浙江省, 18 % to 2021 and 20 % from 2022 of the chosen base.
    """
    return where(pays_flexible_pension, flexible_contribution_base * flexible_pension_rate, 0.0)


@person_rule(unit="yuan/year", zh="灵活就业人员医疗保险缴费", clause="path.10.contribution_rates")
def flexible_medical_contribution(
    pays_flexible_medical, social_insurance_base_floor, flexible_medical_rate
):
    """Flexible worker's contribution to basic medical insurance, on the lowest base.

    Source: a city of Zhejiang in 2022, as a proxy for Taizhou.
    """
    return where(pays_flexible_medical, social_insurance_base_floor * flexible_medical_rate, 0.0)


@person_rule(unit="yuan/year", zh="城乡居民医疗保险个人缴费")
def resident_medical_contribution(
    in_resident_medical,
    received_dibao_last_year,
    resident_medical_premium,
    resident_medical_premium_relief_for_dibao,
):
    """Personal premium of resident medical insurance.

    Households on dibao have it paid for them. The premium falls due before the year begins, so
    last year's dibao decides.

    Source: 台州市医疗保障局, yearly premium; medical assistance pays for dibao households.
    """
    relief = where(received_dibao_last_year, resident_medical_premium_relief_for_dibao, 0.0)
    return where(in_resident_medical, resident_medical_premium * (1.0 - relief), 0.0)


@person_rule(unit="yuan/year", zh="城乡居民养老保险个人缴费")
def resident_pension_contribution(
    in_resident_pension,
    age,
    in_education,
    resident_pension_yearly_contribution,
    resident_pension_contribution_from_age,
    resident_pension_contribution_to_age,
):
    """Contribution of residents aged 16 to 59, out of school, to the resident pension.

    Source: 国发〔2014〕8号, parts 3 and 4; the amount is an assumption.
    """
    contributes = (
        in_resident_pension
        & (age >= resident_pension_contribution_from_age)
        & (age < resident_pension_contribution_to_age)
        & ~in_education
    )
    return where(contributes, resident_pension_yearly_contribution, 0.0)


@person_rule(unit="yuan/year", zh="个人社会保险缴费合计")
def social_contributions(
    employee_pension_contribution,
    employee_medical_contribution,
    employee_unemployment_contribution,
    flexible_pension_contribution,
    flexible_medical_contribution,
    resident_medical_contribution,
    resident_pension_contribution,
    flexible_contribution_subsidy,
    work_injury_cost,
):
    """All social insurance contributions that the person pays, net of the subsidy to them.

    Source: sum of the branches.
    """
    return (
        employee_pension_contribution
        + employee_medical_contribution
        + employee_unemployment_contribution
        + flexible_pension_contribution
        + flexible_medical_contribution
        + resident_medical_contribution
        + resident_pension_contribution
        - flexible_contribution_subsidy
        + work_injury_cost
    )
