"""Zhejiang (浙江) as one region: its recipe, and Taizhou's law where cities differ."""

from __future__ import annotations

from pathlib import Path

from olive.native.immutable import FrozenMapping
from olive.places.labels import Label
from olive.taizhou import PLACE as TAIZHOU

_FOLDER = Path(__file__).parent

PLACE = TAIZHOU.renamed(
    "zhejiang",
    Label("浙江", "Zhejiang"),
    law_packages=(*TAIZHOU.law_packages, "olive.zhejiang.law"),
    regions=FrozenMapping({"zhejiang": Label("浙江全省", "all of Zhejiang")}),
    # Jiaojiang, the seat of the city, stands in where the law is by county.
    stand_ins=FrozenMapping({"zhejiang": "jiaojiang"}),
    plan_folder=None,
    recipes_at="olive.zhejiang.recipes:RECIPES",
    published=None,
    revenue=None,
    runs=None,
)
