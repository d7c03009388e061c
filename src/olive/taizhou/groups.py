"""The nine key groups of the plan; rules of ``olive.taizhou.law.key_groups`` say who belongs."""

from __future__ import annotations

from olive.places.labels import Label
from olive.places.place import Group, Groups

GROUPS = Groups(
    groups=(
        Group("skilled_workers", Label("技能人才", "skilled workers"), "is_skilled_employee"),
        Group("researchers", Label("科研人员", "researchers"), "is_researcher"),
        Group(
            "business_owners",
            Label("中小企业主和个体工商户", "owners of small firms and individual businesses"),
            "runs_small_business",
        ),
        Group("graduates", Label("高校毕业生", "recent graduates"), "is_recent_graduate"),
        Group("farmers_fishers", Label("高素质农民（渔民）", "farmers and fishers"), "runs_farm"),
        Group(
            "new_employment",
            Label("新就业形态从业人员", "workers in new forms of employment"),
            "is_platform_worker",
        ),
        Group("rural_migrants", Label("进城农民工", "rural migrants in towns"), "is_rural_migrant"),
        Group(
            "low_income_rural",
            Label("低收入农户", "low-income rural households"),
            "in_low_income_rural_household",
        ),
        Group("hardship", Label("困难群体", "people in hardship"), "in_hardship"),
    ),
    # Need comes before trade: somebody in hardship counts there, whatever the work.
    precedence=(
        "hardship",
        "low_income_rural",
        "researchers",
        "new_employment",
        "farmers_fishers",
        "business_owners",
        "graduates",
        "skilled_workers",
        "rural_migrants",
    ),
    none=Label("不属于九类群体", "none of the nine groups"),
)
