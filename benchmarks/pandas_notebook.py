"""The fourteen rules as an analyst writes them in a pandas notebook.

Idiomatic and not crippled: columns at a time, ``groupby`` with named aggregations, ``map`` to
bring household values to persons, no ``apply``, no loops over rows. It is what olive's speed is
compared with, so anything a competent analyst would do is done.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from figures import Figures
from generate import Table

PARAMETERS = {
    "minimum_wage": 2_070 * 12,
    "average_wage": 84_000,
    "dibao": 13_000,
    "take_up": 0.85,
    "resident_pension": 3_600,
}
REFORM = {**PARAMETERS, "minimum_wage": PARAMETERS["minimum_wage"] * 1.3, "dibao": 10_000}

WAGE_BRACKETS = pd.DataFrame(
    {
        "above": [0, 36_000, 144_000, 300_000, 420_000, 660_000, 960_000],
        "rate": [0.03, 0.10, 0.20, 0.25, 0.30, 0.35, 0.45],
        "quick_deduction": [0, 2_520, 16_920, 31_920, 52_920, 85_920, 181_920],
    }
)
BUSINESS_BRACKETS = pd.DataFrame(
    {
        "above": [0, 30_000, 90_000, 300_000, 500_000],
        "rate": [0.05, 0.10, 0.20, 0.30, 0.35],
        "quick_deduction": [0, 1_500, 10_500, 40_500, 65_500],
    }
)


def income_tax(taxable: pd.Series[float], brackets: pd.DataFrame) -> pd.Series[float]:
    """Return the tax by the statutory table: rate times income less the quick deduction."""
    edges = [*brackets["above"], np.inf]
    bracket = pd.cut(taxable, edges, labels=False, include_lowest=True)
    rate = brackets["rate"].to_numpy()[bracket]
    tax: pd.Series[float] = taxable * rate - brackets["quick_deduction"].to_numpy()[bracket]
    return tax


def simulate(persons: pd.DataFrame, households: pd.DataFrame, p: dict[str, float]) -> pd.DataFrame:
    """Return the households with their incomes under one policy."""
    df = persons.copy()
    hh = households.copy()

    df["wage"] = df["wage"].where(
        ~(df["formal"] & (df["wage"] > 0)), df["wage"].clip(lower=p["minimum_wage"])
    )
    insured = df["formal"] & (df["wage"] > 0)
    cap = 3 * p["average_wage"]
    df["social"] = df["wage"].clip(0.6 * p["average_wage"], cap).where(insured, 0) * (
        0.08 + 0.02 + 0.005
    )
    df["fund"] = 0.08 * df["wage"].clip(p["minimum_wage"], cap).where(insured, 0)

    df["child"] = df["age"] < 18
    df["old"] = df["age"] >= 60
    df["earner"] = df["wage"] > 0
    df["needs_care"] = (df["age"] >= 80) | (df["disability"] == 1)
    members = df.groupby("hh").agg(
        size=("age", "size"),
        children=("child", "sum"),
        old=("old", "sum"),
        earners=("earner", "sum"),
        wages=("wage", "sum"),
        top_wage=("wage", "max"),
        needs_care=("needs_care", "sum"),
    )
    hh = hh.join(members)

    hh["deductions"] = (
        24_000 * hh["children"]
        + 36_000 * (hh["old"] > 0)
        + np.select([hh["mortgage_interest"] > 0, hh["rent"] > 0], [12_000, 18_000], 0)
    )
    main_earner = df["earner"] & (df["wage"] == df["hh"].map(hh["top_wage"]))
    additional = df["hh"].map(hh["deductions"]).where(main_earner, 0)
    taxable = (df["wage"] - df["social"] - df["fund"] - 60_000 - additional).clip(lower=0)
    df["tax"] = income_tax(taxable, WAGE_BRACKETS)
    business = (df["operating"] - np.where(df["earner"], 0, 60_000)).clip(lower=0)
    df["tax"] += income_tax(business, BUSINESS_BRACKETS)
    df["tax"] += 0.20 * 0.25 * df["property"].clip(lower=0)
    df["resident_pension"] = np.where(df["old"] & (df["pension"] == 0), p["resident_pension"], 0)

    df["net"] = (
        df["wage"]
        - df["social"]
        - df["fund"]
        - df["tax"]
        + df["operating"]
        + df["property"]
        + df["pension"]
        + df["resident_pension"]
        + df["private_transfer"]
    )
    hh["net"] = df.groupby("hh")["net"].sum()

    disregard = np.minimum(0.5 * hh["wages"], hh["earners"] * p["dibao"])
    countable = hh["net"] - disregard
    within_assets = hh["assets"] < 2 * p["dibao"] * hh["size"]
    gap = (p["dibao"] * hh["size"] - countable).clip(lower=0)
    hh["dibao"] = gap.where(within_assets & (hh["v"] < p["take_up"]), 0)
    hh["low_income"] = (countable / hh["size"] <= 2 * p["dibao"]) & within_assets
    hh["low_income_help"] = (
        12 * 200 * hh["needs_care"] + 0.10 * p["dibao"] * hh["children"]
    ).where(hh["low_income"], 0)

    severe = df["disability"].isin([1, 2])
    lighter = df["disability"].isin([3, 4]) & df["hh"].map(hh["low_income"])
    df["subsidies"] = 12 * 300 * (severe | lighter) + df["disability"].map(
        {0: 0, 1: 12 * 500, 2: 12 * 250, 3: 0, 4: 0}
    )
    hh["subsidies"] = df.groupby("hh")["subsidies"].sum()
    hh["disposable"] = hh["net"] + hh["dibao"] + hh["low_income_help"] + hh["subsidies"]
    return hh


def report(hh: pd.DataFrame, p: dict[str, float]) -> Figures:
    """Return the figures of rule 14."""
    weight, income = hh["weight"], hh["disposable"]
    people = weight * hh["size"]
    per_capita = income / hh["size"]

    lorenz = pd.DataFrame({"people": people, "money": people * per_capita, "key": per_capita})
    lorenz = lorenz.sort_values("key")
    population_share = (lorenz["people"].cumsum() / lorenz["people"].sum()).to_numpy()
    income_share = (lorenz["money"].cumsum() / lorenz["money"].sum()).to_numpy()
    area = np.trapezoid(np.insert(income_share, 0, 0), np.insert(population_share, 0, 0))

    return Figures(
        share_100_500=weight[income.between(100_000, 500_000, inclusive="left")].sum()
        / weight.sum(),
        share_200_600=weight[income.between(200_000, 600_000, inclusive="left")].sum()
        / weight.sum(),
        mean_per_capita=(weight * income).sum() / people.sum(),
        gini_per_capita=1 - 2 * area,
        poverty_headcount=people[per_capita < 2 * p["dibao"]].sum() / people.sum(),
        dibao_cost=(weight * hh["dibao"]).sum(),
    )


def run(persons: Table, households: Table) -> tuple[Figures, Figures]:
    """Return the figures of the baseline and of the reform."""
    people, homes = pd.DataFrame(persons), pd.DataFrame(households)
    baseline = report(simulate(people, homes, PARAMETERS), PARAMETERS)
    reform = report(simulate(people, homes, REFORM), REFORM)
    return baseline, reform
