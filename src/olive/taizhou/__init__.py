"""Taizhou (台州, Zhejiang): its law, its plan, its recipes and its published figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from olive.native.immutable import FrozenMapping
from olive.places.labels import Label
from olive.places.place import Bracket, Place, PovertyLine
from olive.taizhou.groups import GROUPS

_FOLDER = Path(__file__).parent

PLACE = Place(
    name="taizhou",
    label=Label("台州", "Taizhou"),
    columns_file=_FOLDER.parent / "china" / "columns.yaml",
    law_packages=("olive.china.law", "olive.taizhou.law"),
    first_day=date(2019, 1, 1),
    last_day=date(2026, 11, 23),
    currency=Label("元", "yuan"),
    region_column="county",
    regions=FrozenMapping(
        {
            "jiaojiang": Label("椒江区", "Jiaojiang"),
            "huangyan": Label("黄岩区", "Huangyan"),
            "luqiao": Label("路桥区", "Luqiao"),
            "linhai": Label("临海市", "Linhai"),
            "wenling": Label("温岭市", "Wenling"),
            "yuhuan": Label("玉环市", "Yuhuan"),
            "tiantai": Label("天台县", "Tiantai"),
            "xianju": Label("仙居县", "Xianju"),
            "sanmen": Label("三门县", "Sanmen"),
        }
    ),
    uprated_with="income_per_head",
    full_compliance=FrozenMapping(
        {
            "contribution_base_compliance": 1.0,
            "operating_tax_compliance": 1.0,
            "rental_tax_compliance": 1.0,
        }
    ),
    brackets=(
        Bracket(
            "share_10_50",
            Label(
                "家庭年可支配收入10—50万元群体比例",
                "share with a household income of 100,000-500,000 yuan",
            ),
            100_000.0,
            500_000.0,
        ),
        Bracket(
            "share_20_60",
            Label(
                "家庭年可支配收入20—60万元群体比例",
                "share with a household income of 200,000-600,000 yuan",
            ),
            200_000.0,
            600_000.0,
        ),
    ),
    poverty_lines=(
        PovertyLine(13_000.0, Label("方案低保底线", "dibao floor of the plan")),
        PovertyLine(26_000.0, Label("低保底线的两倍", "twice the dibao floor of the plan")),
    ),
    groups=GROUPS,
    outputs=(
        "disposable_income",
        "cash_disposable_income",
        "wage_income",
        "net_operating_income",
        "net_property_income",
        "net_transfer_income",
        "household_size",
    ),
    plan_folder=_FOLDER / "plan",
    recipes_at="olive.taizhou.recipes:RECIPES",
    margins_at="olive.china.projected_margins:projected_margins",
    headline_figures=(
        "share_10_50.household.2023",
        "share_20_60.household.2023",
        "share_10_50.three_person.2023",
        "share_20_60.three_person.2023",
        "share_10_50.three_person.2021",
        "share_20_60.three_person.2021",
        "gini.2023",
        "dibao.recipients",
        "income.2023",
        "income.transfers.2023",
    ),
    growth_paths=_FOLDER / "growth_paths.yaml",
    published=_FOLDER / "published" / "taizhou.csv",
    revenue=_FOLDER / "local_revenue.yaml",
    runs=_FOLDER / "runs",
    earnings=("contractual_wage", "annual_bonus", "labour_remuneration", "operating_income"),
    unemployed=("labour_status", "unemployed"),
    completed_at="olive.china.typical_members:completed_member",
)
