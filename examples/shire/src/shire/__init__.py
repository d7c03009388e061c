"""The Shire, a made-up country: every figure is invented."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import olive
from olive.native.immutable import FrozenMapping
from olive.places import Bracket, Group, Groups, Label, PovertyLine

_FOLDER = Path(__file__).parent

PLACE = olive.Place(
    name="shire",
    label=Label("夏尔", "the Shire"),
    columns_file=_FOLDER / "columns.yaml",
    law_packages=("shire.law",),
    first_day=date(2022, 1, 1),
    currency=Label("弗罗林", "florin"),
    region_column="farthing",
    regions=FrozenMapping(
        {
            "north": Label("北区", "Northfarthing"),
            "south": Label("南区", "Southfarthing"),
            "east": Label("东区", "Eastfarthing"),
            "west": Label("西区", "Westfarthing"),
        }
    ),
    uprated_with="average_wage",
    # Worked cases are arithmetic on the law: there, everybody claims what is due.
    full_compliance=FrozenMapping({"minimum_income_take_up": 1.0}),
    brackets=(
        Bracket("share_20_60", Label("中间户比例", "middle households"), 20_000.0, 60_000.0),
    ),
    poverty_lines=(PovertyLine(6_000.0, Label("绝对线", "absolute line")),),
    groups=Groups(
        groups=(
            Group("pensioners", Label("退休者", "pensioners"), "is_pensioner"),
            Group("children", Label("儿童", "children"), "is_child"),
            Group("self_employed", Label("自营者", "self-employed"), "is_self_employed"),
        ),
        precedence=("children", "pensioners", "self_employed"),
    ),
    outputs=("disposable_income", "household_size", "market_income"),
    plan_folder=_FOLDER / "plan",
    recipes_at="shire.recipe:RECIPES",
    growth_paths=_FOLDER / "growth_paths.yaml",
    earnings=("wage", "profit"),
    published=_FOLDER / "published.csv",
)
