"""Words of the report in Chinese and English."""

from __future__ import annotations

from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("olive 报告：{place} {year} 年", "olive report: {place}, {year}"),
    "title_own": ("olive 报告：{year} 年", "olive report: {year}"),
    "synthetic": (
        "合成数据：全部住户均为模拟生成，不是真实住户，也不是官方统计。",
        "SYNTHETIC DATA: every household is generated, none is real; no official statistics.",
    ),
    "own_data": ("数据：用户提供", "Data: supplied by the user"),
    "households": (
        "{rows} 个样本户代表 {weighted} 户、{persons} 人",
        "{rows} sample households stand for {weighted} households with {persons} persons",
    ),
    "frozen": ("方案前（冻结）", "frozen"),
    "in_force": ("现行", "in force"),
    "plan": ("方案", "plan"),
    "targets": ("指标与目标", "Indicators and targets"),
    "indicator": ("指标", "indicator"),
    "definition": ("口径", "definition"),
    "change": ("变化（{after}－{before}）", "change ({after} - {before})"),
    "target": ("目标", "target"),
    "gap": ("差距", "gap"),
    "yuan": ("元", "yuan"),
    "comma": ("，", ", "),
    "range_plan": ("模型范围（方案）", "model range (plan)"),
    "range_change": ("模型范围（变化）", "model range (change)"),
    "interval_plan": ("95%置信区间（方案）", "95% interval (plan)"),
    "interval_change": ("95%置信区间（变化）", "95% interval (change)"),
    "residual": ("仍需普遍增长", "residual growth needed"),
    "met": ("已达到", "met"),
    "unreachable": (
        "普遍增长无法达到（最高 {best}）",
        "no uniform growth reaches it (at most {best})",
    ),
    "programmes": ("转移支付成本（亿元/年）", "Cost of the transfers (100 million yuan a year)"),
    "programme": ("项目", "programme"),
    "receiving": ("方案下领取户数（万户）", "households receiving under the plan (10,000)"),
    "assumptions": (
        "所用假设（参数既非法律也非公布数）",
        "Assumptions used (parameters that are neither law nor published)",
    ),
    "assumed_zero": (
        "除方案另设数值外假定为 0：{names}",
        "Assumed to be zero, except where the plan sets a figure: {names}",
    ),
    "assumption_counts": (
        "共 {count} 个参数：{counts}",
        "{count} parameters: {counts}",
    ),
    "brought": (
        "其中方案或改革所设、与现行不同的取值（{count} 个）：{names}",
        "Brought by the plan or a reform, other than in force ({count} values): {names}",
    ),
    "see_assumptions": (
        "全部清单（取值、状态、来源）：olive report --assumptions；JSON 文件始终包含全部。",
        (
            "All of them with value, status and source: olive report --assumptions; the JSON file "
            "always holds them."
        ),
    ),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "no_cost": (
        "另有 {count} 项在各列中均无支出。",
        "{count} more programmes cost nothing under any of these policies.",
    ),
    "few_note": (
        "样本只有 {rows} 户：少于 {steady} 户时，小群体（尤其是低保）的数字不稳定。",
        (
            "Only {rows} sample households: figures of small groups, dibao above all, are "
            "unsteady below {steady}."
        ),
    ),
    "reform_note": (
        "改革：在“{base}”之上实施；其变化列与“{base}”相比，没有模型范围或置信区间。",
        (
            "Reforms are laid on and compared with '{base}'; their change has no model range or "
            "interval."
        ),
    ),
    "notes": ("说明", "Notes"),
    "growth_note": (
        "仍需普遍增长：在方案之上，全部可支配收入同比例再增长多少才能达到目标。",
        (
            "Residual growth: uniform growth of all disposable incomes, on top of the plan, that "
            "would meet the target."
        ),
    ),
    "definition_note": (
        "方案未说明“家庭年可支配收入10—50万元群体比例”的口径，四种口径并列；按本户收入、按户计为字面口径。",
        (
            "The plan does not say how the share is measured: four definitions stand side by "
            "side; own income by households is the literal reading."
        ),
    ),
    "frozen_note": (
        "冻结：{day} 的法律与标准不变；现行：{year} 年按月加权；方案：现行之上落实方案。",
        (
            "Frozen: law and standards of {day}, unchanged; in force: {year}, weighted by months; "
            "plan: the plan carried out on the law in force."
        ),
    ),
    "share_note": (
        "比例只计家庭户；均值与人口指标含集体户；基尼系数把负收入计为0。",
        (
            "Shares count family households; means and person indicators include collective ones; "
            "the Gini takes negative incomes as 0."
        ),
    ),
    "open_note": (
        (
            "方案：有措施的条文中，{plan} 条取方案原文数值，{assumed} 条取假设数值或他处数值，"
            "{in_force} 条在方案之前已如此规定；{waiting} 条须待其他数值设定后生效，{open} 条"
            "数值待设定（方案未给，也未查到），这些条文不改变结果，所以“方案”一列不是方案的全部"
            "效果；见 olive plan --coverage --lang zh。"
        ),
        (
            "Plan: of the clauses with a lever, {plan} use figures of the plan, {assumed} use "
            "assumed ones or figures from elsewhere, {in_force} were in force before it. {waiting} "
            "have no effect until another figure is set, {open} leave a figure open that neither "
            "plan nor sources state. Those change nothing, so the plan column is not the plan's "
            "whole effect: see olive plan --coverage."
        ),
    ),
}


def word(key: str, language: Language, **values: object) -> str:
    """Return a word or sentence of the report in a language.

    >>> word("gap", "zh"), word("gap", "en")
    ('差距', 'gap')
    """
    return _WORDS[key][LANGUAGES.index(language)].format(**values)


def knows(key: str) -> bool:
    """Return whether there is a word for a key."""
    return key in _WORDS
