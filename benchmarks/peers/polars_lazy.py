"""The fourteen rules as lazy queries of polars, which it plans and runs on all its threads.

Columns that the rules define one after the other, group sums by ``group_by``, household values
brought to persons by joins; no rows in Python. One collection a policy, by the streaming engine,
which is the faster of its two here.
"""

from __future__ import annotations

import polars as pl
from figures import Figures
from generate import Table
from polars import col

from peers.parameters import BASELINE, OPERATING_TAX, REFORM, WAGE_TAX, quick_deductions

Schedule = dict[str, tuple[float, ...]]


def tax(amount: pl.Expr, schedule: Schedule) -> pl.Expr:
    """Return the largest of rate x amount less quick deduction, which is the tax as rates rise."""
    return pl.max_horizontal(
        amount * rate - deduction
        for rate, deduction in zip(schedule["rates"], quick_deductions(schedule), strict=True)
    )


def household_incomes(
    persons: pl.LazyFrame, households: pl.LazyFrame, p: dict[str, float]
) -> pl.LazyFrame:
    """Return the households with size, dibao and disposable income under one policy."""
    cap = p["contribution_cap"] * p["average_wage"]
    covered = col("formal") & (col("wage") > 0)
    people = persons.with_columns(
        wage=pl.when(covered)
        .then(col("wage").clip(lower_bound=p["minimum_wage"]))
        .otherwise("wage")
    ).with_columns(
        earns=col("wage") > 0,
        social=pl.when(covered)
        .then(
            p["social_insurance_rate"]
            * col("wage").clip(p["contribution_floor"] * p["average_wage"], cap)
        )
        .otherwise(0.0),
        fund=pl.when(covered)
        .then(p["housing_fund_rate"] * col("wage").clip(p["minimum_wage"], cap))
        .otherwise(0.0),
    )
    members = people.group_by("hh").agg(
        size=pl.len(),
        children=(col("age") < 18).sum(),
        elderly=(col("age") >= 60).any(),
        earners=col("earns").sum(),
        wages=col("wage").sum(),
        highest_wage=col("wage").max(),
        in_care=((col("age") >= 80) | (col("disability") == 1)).sum(),
    )
    homes = households.join(members, on="hh").with_columns(
        deductions=p["child_deduction"] * col("children")
        + p["elderly_deduction"] * col("elderly")
        + pl.when(col("mortgage_interest") > 0)
        .then(p["mortgage_deduction"])
        .when(col("rent") > 0)
        .then(p["rent_deduction"])
        .otherwise(0.0)
    )

    main_earner = col("earns") & (col("wage") == col("highest_wage"))
    taxable = (
        col("wage")
        - col("social")
        - col("fund")
        - p["basic_deduction"]
        - pl.when(main_earner).then("deductions").otherwise(0.0)
    )
    business = col("operating") - pl.when("earns").then(0.0).otherwise(p["basic_deduction"])
    property_rate = p["property_tax_rate"] * p["property_taxable_share"]
    net = (
        people.join(homes.select("hh", "highest_wage", "deductions"), on="hh")
        .select(
            "hh",
            net=col("wage")
            - col("social")
            - col("fund")
            - tax(taxable.clip(lower_bound=0), WAGE_TAX)
            + col("operating")
            - tax(business.clip(lower_bound=0), OPERATING_TAX)
            + col("property")
            - property_rate * col("property").clip(lower_bound=0)
            + col("pension")
            + pl.when((col("age") >= 60) & (col("pension") == 0))
            .then(p["resident_pension"])
            .otherwise(0.0)
            + col("private_transfer"),
        )
        .group_by("hh")
        .agg(col("net").sum())
    )
    homes = (
        homes.join(net, on="hh")
        .with_columns(
            countable=col("net")
            - pl.min_horizontal(
                p["disregard_share"] * col("wages"), p["dibao_standard"] * col("earners")
            ),
            within=col("assets") < p["asset_limit_years"] * p["dibao_standard"] * col("size"),
        )
        .with_columns(
            dibao=pl.when(col("within") & (col("v") < p["take_up_rate"]))
            .then((p["dibao_standard"] * col("size") - col("countable")).clip(lower_bound=0))
            .otherwise(0.0),
            low_income=col("within")
            & (col("countable") / col("size") <= p["marginal_multiple"] * p["dibao_standard"]),
        )
        .with_columns(
            help=pl.when("low_income")
            .then(
                p["low_income_care"] * col("in_care")
                + p["supplement_rate"] * p["dibao_standard"] * col("children")
            )
            .otherwise(0.0)
        )
    )

    entitled = col("disability").is_between(1, 2) | ((col("disability") >= 3) & col("low_income"))
    subsidies = (
        people.filter(col("disability") > 0)
        .join(homes.select("hh", "low_income"), on="hh")
        .select(
            "hh",
            subsidies=pl.when(entitled).then(p["living_subsidy"]).otherwise(0.0)
            + pl.when(col("disability") == 1)
            .then(p["care_subsidy_grade_1"])
            .when(col("disability") == 2)
            .then(p["care_subsidy_grade_2"])
            .otherwise(0.0),
        )
        .group_by("hh")
        .agg(col("subsidies").sum())
    )
    return homes.join(subsidies, on="hh", how="left").select(
        "weight",
        "size",
        "dibao",
        income=col("net") + col("dibao") + col("subsidies").fill_null(0.0) + col("help"),
    )


def report(homes: pl.LazyFrame, marginal_line: float) -> Figures:
    """Return the figures of rule 14."""
    ranked = (
        homes.with_columns(
            people=col("weight") * col("size"), per_capita=col("income") / col("size")
        )
        .sort("per_capita")
        .with_columns(money=col("weight") * col("income"))
        .with_columns(above=2 * col("money").cum_sum() - col("money"))
    )

    def share(inside: pl.Expr, weight: str) -> pl.Expr:
        return col(weight).filter(inside).sum() / col(weight).sum()

    people, money = col("people"), col("money")
    row = (
        ranked.select(
            share_100_500=share(col("income").is_between(1e5, 5e5, closed="left"), "weight"),
            share_200_600=share(col("income").is_between(2e5, 6e5, closed="left"), "weight"),
            mean_per_capita=money.sum() / people.sum(),
            gini_per_capita=1 - (people * col("above")).sum() / (people.sum() * money.sum()),
            poverty_headcount=share(col("per_capita") < marginal_line, "people"),
            dibao_cost=(col("weight") * col("dibao")).sum(),
        )
        .collect(engine="streaming")
        .row(0, named=True)
    )
    return Figures(**row)


def run(persons: Table, households: Table) -> tuple[Figures, Figures]:
    """Return the figures of the baseline and of the reform."""
    people = pl.DataFrame(persons).lazy()
    homes = pl.DataFrame(households).with_row_index("hh").lazy()
    homes = homes.with_columns(col("hh").cast(pl.Int32))
    baseline, reform = (
        report(
            household_incomes(people, homes, parameters),
            parameters["marginal_multiple"] * parameters["dibao_standard"],
        )
        for parameters in (BASELINE, REFORM)
    )
    return baseline, reform
