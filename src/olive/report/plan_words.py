"""Words of the tables about the plan itself, in Chinese and English."""

from __future__ import annotations

from olive.places.labels import Language
from olive.report.words import word_of

_WORDS: dict[str, tuple[str, str]] = {
    "coverage": ("方案条文与可模拟措施对照", "The plan's clauses and their levers"),
    "clause": ("条文", "clause"),
    "status": ("状态", "status"),
    "effect": ("单独效果（{money}/人·年）", "effect alone, {money} per head"),
    "range": ("范围", "range"),
    "after_costs": ("必要支出后", "after costs"),
    "on_top": ("在其余措施之上", "on top of the others"),
    "nothing_moves": ("样本中无变化", "nothing in the sample"),
    "national": ("国家或省的措施，不计入方案", "of state or province, not credited to the plan"),
    "in_force_before": ("方案之前已有，不计入方案", "from before the plan, not credited to it"),
    "not_counted": ("指标、目标或治理措施，本身不改变居民收支", "no income or cost of a household"),
    "effects_current": (
        (
            "效果：随包样本推至 {year} 年，每条措施单独加在现行法规上，对全部居民人均；"
            "范围为所依据数值在合理范围各端点组合下的最小与最大。各条不可相加。"
            "样本中无变化：当年法规已达到，或样本中无人符合条件。"
        ),
        (
            "Effects: the shipped sample brought to {year}, each lever alone on the law in force, "
            "mean over all residents; the range is that over all combinations of the ends of the "
            "plausible ranges it leans on. They do not add up. Nothing in the sample: the law of "
            "the year says as much already, or nobody of the sample is reached."
        ),
    ),
    "effects_stale": (
        "注意：以上效果是按较早的数据、法规或措施计算的；用 --compute 重新计算。",
        (
            "Note: these effects were computed for an earlier state of data, law or levers; "
            "--compute works them out anew."
        ),
    ),
    "verdicts": ("按结论计数", "Count by verdict"),
    "acts": ("起作用", "acts"),
    "open": ("待定", "open"),
    "credited_elsewhere": ("计入他处", "credited elsewhere"),
    "no_household_income": ("不涉及居民收支", "no household income"),
    "left_open": ("待设定", "open"),
    "waits_for": ("设定后生效", "no effect until set"),
    "total": ("合计", "all"),
    "plan_value": ("已模拟，方案原文数值", "modelled, figure of the plan"),
    "assumed_value": ("已模拟，假设数值", "modelled, assumed figure"),
    "in_force": ("方案之前已如此规定", "in force before the plan"),
    "no_effect": (
        "已模拟，须待其他数值设定后生效",
        "modelled, no effect until another figure is set",
    ),
    "open_value": ("已模拟，数值待设定", "modelled, figure open"),
    "not_modelled": ("不能模拟，已说明原因", "not modelled, reason given"),
    "no_income": ("不涉及居民收支", "no household income"),
    "no_lever": ("尚无对应措施", "no lever yet"),
    "monitor": ("监测：方案的指标与目标", "Monitoring: indicators and targets of the plan"),
    "monitor_groups": ("按群体计数", "Count by group"),
    "group": ("群体", "group"),
    "target_value": ("目标值", "to reach"),
    "deadline": ("期限", "by"),
    "latest": ("最新值", "latest"),
    "year": ("年份", "year"),
    "gap": ("差距", "gap"),
    "progress": ("进度", "progress"),
    "pace": ("年均进展", "pace a year"),
    "pace_needed": ("仍需年均进展", "pace needed"),
    "standing": ("判断", "standing"),
    "met": ("已达到", "met"),
    "on_pace": ("按期", "on pace"),
    "behind": ("滞后", "behind"),
    "unknown_pace": ("未达到，速度不明", "short, pace unknown"),
    "overdue": ("逾期未达", "overdue"),
    "not_observed": ("无观测值", "not observed"),
    "no_number": ("方案无数值", "no number in the plan"),
    "monitor_note": (
        "方案未给出基期；进度从首个观测值算起，100%为达到。累计指标填自2021年起的累计数，年度指标填当年数。",
        (
            "The plan states no baseline: progress runs from the first observed value, 100% is "
            "reached. Cumulated quantities are totals since 2021, annual ones those of the year."
        ),
    ),
    "income_lever": ("收入措施", "income lever"),
    "labour_market_lever": ("就业措施", "labour-market lever"),
    "cost_lever": ("支出措施", "cost lever"),
    "governance": ("治理", "governance"),
    "indicator": ("指标", "indicator"),
    "target": ("目标", "target"),
}
_GROUPS = {
    "all": "全体",
    "farmers_fishers": "农渔民",
    "hardship_groups": "困难群体",
    "sme_owners_self_employed": "小微业主和个体工商户",
    "children": "未成年人",
    "skilled_workers": "技术工人",
    "institutions": "机构",
    "employees": "职工",
    "elderly": "老年人",
    "graduates": "高校毕业生",
    "researchers": "科研人员",
    "new_employment_forms": "新就业形态从业人员",
    "low_income_rural": "低收入农户",
    "disabled": "残疾人",
    "rural_migrants": "进城农民工",
    "low_income_urban": "城镇低收入者",
    "high_income": "高收入者",
    "tenants": "租房者",
    "flexible_workers": "灵活就业人员",
    "young_lawyers": "青年律师",
    "special_family_planning": "计生特殊家庭",
    "unemployed": "失业人员",
}


def group_name(group: str, language: Language) -> str:
    """Return what a group that a clause is for is called.

    >>> group_name("low_income_rural", "zh"), group_name("low_income_rural", "en")
    ('低收入农户', 'low income rural')
    """
    return _GROUPS[group] if language == "zh" else group.replace("_", " ")


def plan_word(key: str, language: Language, **values: object) -> str:
    """Return a word or sentence in a language.

    >>> plan_word("clause", "zh"), plan_word("clause", "en")
    ('条文', 'clause')
    """
    return word_of(_WORDS, key, language, **values)
