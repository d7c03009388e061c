"""The fourteen rules in plain numpy on whole columns: the reference that all others must meet.

Written to be read beside the rules, one step after the other, with nothing shared between two
policies and no care for speed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from figures import Figures
from generate import Table
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the rules read, in yuan a year unless a rate."""

    minimum_wage: float = 2_070.0 * 12
    average_wage: float = 84_000.0
    dibao_standard: float = 13_000.0
    tekun_floor_of_consumption: float = 0.5 * 38_000.0
    take_up: float = 0.85
    resident_pension: float = 3_600.0
    child_deduction: float = 24_000.0
    elderly_deduction: float = 36_000.0
    mortgage_deduction: float = 12_000.0
    rent_deduction: float = 18_000.0
    basic_deduction: float = 60_000.0

    @property
    def marginal_line(self) -> float:
        """Upper line of low income per head: twice the dibao standard."""
        return 2.0 * self.dibao_standard

    @property
    def tekun_standard(self) -> float:
        """Guarantee of the destitute; listed with the parameters, read by none of the rules."""
        return max(1.3 * self.dibao_standard, self.tekun_floor_of_consumption)


BASELINE = Parameters()
REFORM = replace(BASELINE, minimum_wage=BASELINE.minimum_wage * 1.3, dibao_standard=10_000.0)

WAGE_TAX = (
    (0, 36_000, 144_000, 300_000, 420_000, 660_000, 960_000),
    (0.03, 0.10, 0.20, 0.25, 0.30, 0.35, 0.45),
)
OPERATING_TAX = ((0, 30_000, 90_000, 300_000, 500_000), (0.05, 0.10, 0.20, 0.30, 0.35))


def progressive(amount: Floats, brackets: tuple[tuple[float, ...], tuple[float, ...]]) -> Floats:
    """Return the tax on an amount: each bracket's rate on the part within the bracket."""
    lower, rates = brackets
    upper = (*lower[1:], np.inf)
    tax = np.zeros_like(amount)
    for low, high, rate in zip(lower, upper, rates, strict=True):
        tax += rate * (np.minimum(np.maximum(amount, low), high) - low)
    return tax


def households_of(
    persons: Table, households: Table, p: Parameters
) -> tuple[Floats, Floats, Floats]:
    """Return disposable income, dibao and size of every household under one policy."""
    hh = persons["hh"]
    count = len(households["weight"])
    age, disability = persons["age"], persons["disability"]

    def total(values: NDArray[Any]) -> Floats:
        return np.bincount(hh, weights=values, minlength=count).astype(np.float64)

    # 1 wage floor for formal employees
    wage = np.where(
        persons["formal"] & (persons["wage"] > 0),
        np.maximum(persons["wage"], p.minimum_wage),
        persons["wage"],
    )
    # 2 social insurance and housing fund
    insured = persons["formal"] & (wage > 0)
    base = np.where(insured, np.clip(wage, 0.6 * p.average_wage, 3 * p.average_wage), 0.0)
    social_insurance = base * (0.08 + 0.02 + 0.005)
    fund_base = np.where(insured, np.clip(wage, p.minimum_wage, 3 * p.average_wage), 0.0)
    housing_fund = 0.08 * fund_base
    # 3 the household
    size = total(np.ones(len(hh)))
    children = total(age < 18)
    elderly = total(age >= 60)
    earners = total(wage > 0)
    top_wage = np.zeros(count)
    np.maximum.at(top_wage, hh, wage)
    # 4 additional deductions go to the main earner (each of them when wages tie)
    main_earner = (wage > 0) & (wage == top_wage[hh])
    housing_deduction = np.where(
        households["mortgage_interest"] > 0,
        p.mortgage_deduction,
        np.where(households["rent"] > 0, p.rent_deduction, 0.0),
    )
    deductions = (
        p.child_deduction * children + (elderly > 0) * p.elderly_deduction + housing_deduction
    )
    additional = np.where(main_earner, deductions[hh], 0.0)
    # 5 income tax on wages
    taxable = np.maximum(
        0.0, wage - social_insurance - housing_fund - p.basic_deduction - additional
    )
    wage_tax = progressive(taxable, WAGE_TAX)
    # 6 income tax on operating income; the basic deduction is used once
    operating = persons["operating"]
    unused_deduction = np.where(wage > 0, 0.0, p.basic_deduction)
    operating_tax = progressive(np.maximum(0.0, operating - unused_deduction), OPERATING_TAX)
    # 7 a quarter of property income is taxed at a fifth
    property_income = persons["property"]
    property_tax = 0.20 * np.maximum(0.0, property_income) * 0.25
    # 8 resident basic pension
    resident_pension = np.where((age >= 60) & (persons["pension"] == 0), p.resident_pension, 0.0)
    # 10 market income and pensions, net
    net = total(
        wage
        - social_insurance
        - housing_fund
        - wage_tax
        + operating
        - operating_tax
        + property_income
        - property_tax
        + persons["pension"]
        + resident_pension
        + persons["private_transfer"]
    )
    # 11 dibao
    disregard = np.minimum(0.5 * total(wage), earners * p.dibao_standard)
    countable = net - disregard
    within_assets = households["assets"] < 2.0 * p.dibao_standard * size
    gap = np.maximum(0.0, p.dibao_standard * size - countable)
    entitled = np.where(within_assets, gap, 0.0)
    dibao = np.where(households["v"] < p.take_up, entitled, 0.0)
    # 12 low income
    low_income = (countable / size <= p.marginal_line) & within_assets
    needs_care = total((age >= 80) | (disability == 1))
    care = np.where(low_income, 12 * 200.0 * needs_care, 0.0)
    supplement = np.where(low_income, 0.10 * p.dibao_standard * children, 0.0)
    # 9 disability subsidies, which need the low-income class
    severe = (disability == 1) | (disability == 2)
    lighter = (disability == 3) | (disability == 4)
    living_subsidy = np.where(severe | (lighter & low_income[hh]), 12 * 300.0, 0.0)
    care_subsidy = np.where(disability == 1, 12 * 500.0, np.where(disability == 2, 12 * 250.0, 0.0))
    # 13 disposable income
    disposable = net + dibao + total(living_subsidy + care_subsidy) + care + supplement
    return disposable, dibao, size


def gini(values: Floats, weights: Floats) -> float:
    """Return one minus twice the area under the Lorenz curve."""
    order = np.argsort(values, kind="stable")
    people = weights[order]
    money = values[order] * people
    below = np.cumsum(money) - money
    return float(1.0 - np.sum(people * (2.0 * below + money)) / (people.sum() * money.sum()))


def figures(
    disposable: Floats, dibao: Floats, size: Floats, weight: Floats, marginal_line: float
) -> Figures:
    """Return the figures of rule 14 from the household results of one policy."""
    people = weight * size
    per_capita = disposable / size
    return Figures(
        share_100_500=_share((disposable >= 100_000) & (disposable < 500_000), weight),
        share_200_600=_share((disposable >= 200_000) & (disposable < 600_000), weight),
        mean_per_capita=float(np.sum(weight * disposable) / np.sum(people)),
        gini_per_capita=gini(per_capita, people),
        poverty_headcount=_share(per_capita < marginal_line, people),
        dibao_cost=float(np.sum(weight * dibao)),
    )


def run(persons: Table, households: Table) -> tuple[Figures, Figures]:
    """Return the figures of the baseline and of the reform."""
    return (_run(persons, households, BASELINE), _run(persons, households, REFORM))


def _run(persons: Table, households: Table, parameters: Parameters) -> Figures:
    disposable, dibao, size = households_of(persons, households, parameters)
    return figures(disposable, dibao, size, households["weight"], parameters.marginal_line)


def _share(inside: NDArray[np.bool_], weight: Floats) -> float:
    return float(np.sum(weight * inside) / np.sum(weight))
