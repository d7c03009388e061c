"""Words of the report in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping

from olive.places.labels import LANGUAGES, Language

_WORDS: dict[str, tuple[str, str]] = {
    "title": ("olive 报告：{place} {year} 年", "olive report: {place}, {year}"),
    "target_year": (
        "（方案的目标年；其他年份用 --year）",
        " (the plan's target year; --year for another)",
    ),
    "other_year": ("（方案的目标年是 {target} 年）", " (the plan's target year is {target})"),
    "synthetic": (
        "合成数据：全部住户均为模拟生成，不是真实住户，也不是官方统计。",
        "SYNTHETIC DATA: no household is real, no figure is an official statistic.",
    ),
    "own_data": ("数据：用户提供", "Data: supplied by the user"),
    "households": (
        "{rows} 个样本户代表 {weighted} 户、{persons} 人",
        "{rows} sample households stand for {weighted} households with {persons} persons",
    ),
    "year_before": ("上年", "year before"),
    "frozen": ("冻结（名义）", "frozen"),
    "frozen_indexed": ("冻结（指数化）", "frozen, indexed"),
    "in_force": ("现行", "in force"),
    "credited_elsewhere": ("另计措施", "credited elsewhere"),
    "plan": ("方案", "plan"),
    "targets": ("目标", "Targets"),
    "incomes": ("收入与比例", "Income and shares"),
    "targets_of": ("{after}对{before}", "{after} against {before}"),
    "target_note": (
        "假设区间：全部假设一并抽取时变化的 5%—95% 区间；不含配方范围和抽样误差（见 --detail）。",
        (
            "assumptions: 5-95 % of the change over joint draws of all assumptions; neither the "
            "recipe range nor sampling error is in it (see --detail)."
        ),
    ),
    "target_note_undrawn": (
        "这些数据没有假设区间：用 olive uncertainty 加同样的数据和年份选项计算。",
        (
            "No assumption range for these data: olive uncertainty computes one, with the same "
            "options of data and year."
        ),
    ),
    "reform_undrawn": (
        "改革的变化没有列出假设区间：用 olive uncertainty --reform 计算。",
        "No assumption range is shown for reforms: olive uncertainty --reform computes one.",
    ),
    "indicators": ("全部指标", "All indicators"),
    "detail": ("详细", "Detail"),
    "indicator": ("指标", "indicator"),
    "definition": ("口径", "definition"),
    "change": ("变化（{after}－{before}）", "change ({after} - {before})"),
    "change_short": ("变化", "change"),
    "change_of": ("变化（{name}）", "change of {name}"),
    "assumption_range": ("假设区间", "assumptions"),
    "target": ("目标", "target"),
    "gap": ("差距", "gap"),
    "gap_plan": ("差距（方案）", "gap (plan)"),
    "comma": ("，", ", "),
    "range_after": ("配方范围（{after}）", "recipe range ({after})"),
    "range_change": ("配方范围（{after}的变化）", "recipe range (change by the {after})"),
    "interval_after": ("95%置信区间（{after}）", "95% interval ({after})"),
    "interval_change": ("95%置信区间（{after}的变化）", "95% interval (change by the {after})"),
    "residual": ("仍需普遍增长", "residual growth needed"),
    "met": ("已达到", "met"),
    "unreachable": (
        "普遍增长无法达到（最高 {best}）",
        "no uniform growth reaches it (at most {best})",
    ),
    "parts": ("方案各部分的贡献", "What each part of the plan contributes"),
    "parts_title": (
        "对变化的贡献（各种次序平均，相加等于合计）",
        "contributions to the change (means over all orders; they add up)",
    ),
    "parts_note": (
        "人均收入：{money}/年；比例：百分点。",
        "Income per head in {money} a year, shares in points.",
    ),
    "no_parts": (
        "这些数据的分解未随附：加 --parts 计算（{number} 种组合）。",
        "No decomposition is shipped for these data: --parts computes it ({number} combinations).",
    ),
    "not_counted": ("不计入：{name}", "not counted: {name}"),
    "part": ("部分", "part"),
    "part_per_capita_income_persons": ("人均收入", "income per head"),
    "part_household": ("{zh}（本户）", "{en} own"),
    "part_three_person": ("{zh}（×3）", "{en} x 3"),
    "balance": ("公共收支", "Public balance"),
    "amount_100000000": ("亿{money}", "100 million {money}"),
    "amount_1000000": ("百万{money}", "million {money}"),
    "amount_1000": ("千{money}", "thousand {money}"),
    "a_year": ("{amount}/年", "{amount} a year"),
    "programme": ("项目", "item"),
    "receiving_10000": ("{after}下户数（万户）", "households, {after} (10,000)"),
    "receiving_1": ("{after}下户数", "households, {after}"),
    "revenue": (
        (
            "现金转移支付相当于全市一般公共预算收入（{year} 年 {revenue} {money}，{status}）的 "
            "{share}%，方案使其变化 {added} 个百分点；社会保险基金不在其中。"
        ),
        (
            "Cash transfers are {share} % of the city's general budget revenue ({revenue} x "
            "{money} in {year}, {status}), {added} points by the plan; social insurance funds are "
            "not part of that revenue."
        ),
    ),
    "few_households": (
        "{mark} 样本中不足 {least} 户，户均变化不稳定。",
        "{mark} fewer than {least} households in the sample, so their mean change is unsteady.",
    ),
    "few_recipients": (
        (
            "{mark} 样本中领取户不足 {least} 户，金额不稳定：{names}；"
            "可用更大的样本，如 --households 100000。"
        ),
        (
            "{mark} fewer than {least} recipients in the sample, so the amount is unsteady: "
            "{names}; a larger sample helps, such as --households 100000."
        ),
    ),
    "gains": ("受益与受损", "Who gains, who loses"),
    "gains_title": (
        "{before} → {after}，占家庭户的%",
        "{before} -> {after}, % of family households",
    ),
    "outcome": ("结果", "outcome"),
    "gain_share_disposable_income": ("可支配收入", "disposable"),
    "gain_change": ("户均{money}", "{money} each"),
    "gain_share_income_before_own_saving": ("储蓄前收入", "before saving"),
    "decisive": ("最要紧的假设", "The assumptions that matter most"),
    "decisive_title": (
        "每项取其合理区间两端时，方案使人均收入变化多少（{money}）",
        "what the plan changes of income per head ({money}) with each at either end of its range",
    ),
    "assumption": ("参数", "parameter"),
    "value": ("取值", "value"),
    "plausible": ("合理区间", "range"),
    "effect_a_head": ("人均变化", "effect"),
    "all_assumptions": (
        "所用假设（参数既非法律也非公布数）",
        "Assumptions used (parameters that are neither law nor published)",
    ),
    "assumed_zero": (
        "除方案另设数值外假定为 0：{names}",
        "Assumed to be zero, except where the plan sets a figure: {names}",
    ),
    "assumption_counts": (
        "既非法律也非公布数的参数共 {count} 个：{counts}；其中 {brought} 个由方案或改革另设取值。",
        (
            "{count} parameters are neither law nor published: {counts}; the plan or a reform sets "
            "{brought} of them."
        ),
    ),
    "assumption_counts_alone": (
        "既非法律也非公布数的参数共 {count} 个：{counts}；其中 {brought} 个由改革另设取值。",
        (
            "{count} parameters are neither law nor published: {counts}; a reform sets {brought} "
            "of them."
        ),
    ),
    "see_assumptions": (
        "全部清单（取值、状态、来源）：olive report --assumptions；JSON 文件始终包含全部。",
        (
            "All of them with value, status and source: olive report --assumptions; the JSON file "
            "always holds them."
        ),
    ),
    "carried": (
        (
            "{year} 年现行法律中没有当年数值的数额，及最后已知的年月"
            "（有法定参照的随之增长，其余不变）：{named}。"
        ),
        (
            "Amounts of the law in force that have no figure of {year}, with the month since when "
            "they are known (those that the law ties to something have grown with it): {named}."
        ),
    ),
    "carried_and_more": (
        (
            "{year} 年现行法律中没有当年数值的数额，及最后已知的年月"
            "（有法定参照的随之增长，其余不变）：{named}；另有 {more} 项（--detail）。"
        ),
        (
            "Amounts of the law in force that have no figure of {year}, with the month since when "
            "they are known (those that the law ties to something have grown with it): {named}; "
            "and {more} more (--detail)."
        ),
    ),
    "carried_title": ("没有当年数值的数额", "Amounts carried forward"),
    "known_since": ("最后已知", "known since"),
    "carried_growth": ("此后", "since then"),
    "as_it_was": ("不变", "as it was"),
    "grown_with": ("随{reference}增长", "grown with: {reference}"),
    "side_law": ("现行法律的参数", "of the law in force"),
    "side_plan": ("方案的参数", "of the plan"),
    "multiple": ("原值的倍数", "multiples of the figure"),
    "picture_shares": (
        "图：两个比例在各口径下的数值、区间与目标",
        "Picture: both shares by definition, with their ranges and targets",
    ),
    "picture_distribution": (
        "图：收入分布，方案之前与之后，标出两个收入组",
        "Picture: the distribution of income before and after, with both brackets marked",
    ),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "few_note": (
        "样本只有 {rows} 户：少于 {steady} 户时，小群体的数字不稳定。",
        ("Only {rows} sample households: figures of small groups are unsteady below {steady}."),
    ),
    "reform_note": (
        "改革在“{base}”之上实施，其变化与“{base}”相比，差距是改革自己的差距；没有假设区间、配方范围或置信区间。",
        (
            "Reforms are laid on and compared with '{base}'; the gap in their table is their own. "
            "They have no assumption range, recipe range or interval."
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
        "方案未说明“{share}”的口径，四种口径并列；按本户收入、按户计为字面口径。",
        (
            "The plan does not say how the share is measured: four definitions stand side by side; "
            "own income by households is the literal reading."
        ),
    ),
    "definitions_note": (
        "比例有四种口径，并列；按本户收入、按户计为字面口径。",
        (
            "A share can be measured by four definitions, side by side; own income by households "
            "is the literal reading."
        ),
    ),
    "sure_note": (
        "“确定”：在所计算的全部配方（合成城市的各种生成设定）、置信区间和假设抽取中结论相同。",
        (
            "Sure: the same verdict over all recipes (settings by which the synthetic city is "
            "drawn), intervals and draws of assumptions that were computed."
        ),
    ),
    "frozen_note": (
        (
            "冻结：{day} 的法律，名义为数额不变，指数化为数额随其法定参照或收入增长到 {year} 年；"
            "现行：{year} 年按月加权；另计措施：现行之上加国家和此前已有的措施，不是方案的效果；"
            "方案：现行之上落实方案。"
        ),
        (
            "Frozen: the law of {day}, its amounts unchanged, or indexed: grown to {year} with "
            "what the law ties them to, or with incomes; in force: {year}, weighted by months; "
            "credited elsewhere: in force with national and earlier measures, no effect of the "
            "plan; plan: the plan carried out on the law in force."
        ),
    ),
    "before_note": (
        "上年：{day} 的法律，数额不变；现行：{year} 年按月加权。",
        (
            "Year before: the law of {day}, its amounts unchanged; in force: {year}, weighted by "
            "months."
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
            "方案的多数措施没有给出数值；未查到数值的，在设定之前不改变结果，所以“方案”一列不是方案的全部效果："
            "olive plan --coverage --lang zh 列出每一条。"
        ),
        (
            "Most measures of the plan state no figure. Where none was found, nothing changes "
            "until one is set, so the plan column is not the plan's whole effect: "
            "olive plan --coverage lists every clause."
        ),
    ),
}


def word(key: str, language: Language, **values: object) -> str:
    """Return a word or sentence of the report in a language.

    >>> word("gap", "zh"), word("gap", "en")
    ('差距', 'gap')
    """
    return word_of(_WORDS, key, language, **values)


def word_of(
    words: Mapping[str, tuple[str, str]], key: str, language: Language, **values: object
) -> str:
    """Return one of some words, each in Chinese and English, in a language.

    >>> word_of({"target": ("目标{share:.0%}", "target {share:.0%}")}, "target", "zh", share=0.45)
    '目标45%'
    """
    return words[key][LANGUAGES.index(language)].format(**values)
