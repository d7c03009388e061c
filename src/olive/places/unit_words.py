"""Units, statuses and sources of parameters, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from olive.engine.yaml_loader import parse_yaml
from olive.places.labels import Language
from olive.places.place import Place

_UNITS = {
    "hour": "小时",
    "hour/year": "小时/年",
    "1/year": "每年",
    "year": "年",
    "month": "月",
    "m2": "平方米",
    "bool": "是/否",
    "code": "代码",
    "1": "",
    "households": "户",
    "persons": "人",
    "share": "比例",
    "index": "指数",
}
_STATUSES = {
    "law": "法律",
    "published": "公布",
    "derived": "推算",
    "recalled": "凭记忆",
    "proxy": "替代",
    "assumption": "假定",
    "missing": "缺失",
}
_SOURCES = {
    "neutral setting": "中性取值，不改变结果",
    "named assumption": "假定，理由见参数说明",
    "open in the plan: no number, no local figure": "方案未给数字，也未查到本地数据",
    "upper bound": "上限",
    "the amount of 2024, carried back": "2024 年数值前推",
    "52 weeks a year": "一年 52 周",
    "half of the later period; no earlier length found": "取后一时期的一半；未查到更早的规定",
    "stand-in for the amount received before": "以此前所得金额代替",
    "the most that can be deducted": "可扣除的最高额",
    "all notices are multiples of ten yuan a month": "历次通知均为每月十元的整数倍",
    "below the age of 60, from which the resident pension is paid": (
        "60 周岁（城乡居民养老金领取年龄）以下"
    ),
    "upper end of the plan's upper bracket": "方案较高收入组的上限",
    "lower end of the plan's middle bracket": "方案中等收入组的下限",
    "a scheme reported in 2024 whose city is not named: 60 yuan an hour, 25 hours a month": (
        "2024 年报道的某市（未具名）做法：每小时 60 元，每月 25 小时"
    ),
    "a scheme reported in 2024 whose city is not named: 30 yuan a year from residents": (
        "2024 年报道的某市（未具名）做法：居民每年缴费 30 元"
    ),
    "2024 and 2025": "2024 年和 2025 年",
    "2024 and 2025 of five even years": "五年平均分配中的 2024 年和 2025 年",
    "one-year loan prime rate, from memory": "一年期贷款市场报价利率，凭记忆",
    # The law and its compliance.
    "named assumption, the middle of what surveys of firms suggest (recalled, not read)": (
        "假定，取企业调查所示范围的中值（凭记忆，未查到原文）"
    ),
    "named assumption for presumptive assessment (核定征收) and zero-rated small traders": (
        "假定，反映核定征收和小规模经营者零税率"
    ),
    "named assumption: the tax is left to landlords, few of whom declare": (
        "假定：由房东自行申报，申报者少"
    ),
    "named assumption: half of the income above the line, shared by the parents of husband and "
    "wife": "假定：超出线的收入的一半，由夫妻双方父母分摊",
    "about 17 million recipients of some 120 million rural people from 60 in the country "
    "(recalled)": "全国约 1700 万对象，除以约 1.2 亿农村 60 岁及以上人口（凭记忆）",
    "named assumption: 450 yuan for ten months": "假定：每月 450 元，十个月",
    "named assumption: as in 2022 to 2025": "假定：同 2022 至 2025 年",
    "named assumption: as in 2023 and 2024": "假定：同 2023 和 2024 年",
    "named assumption: as income": "假定：同居民收入",
    "no rule found before April 2025": "2025 年 4 月以前未查到规定",
    "60 % x 8,310, the average monthly wage of 2023, by the rule of 2023 and 2024; the notice "
    "was not found, low-quality pages repeat 4,812": (
        "60%×8,310 元（2023 年全省月平均工资），按 2023、2024 年的算法；"
        "未查到通知，个别网页仍写 4,812 元"
    ),
    "24,930 x 1.033, between the growth of wages of 3.2 % in non-private and 3.9 % in private "
    "units in 2024; the notice was not found": (
        "24,930×1.033（2024 年非私营单位工资增长 3.2%、私营单位 3.9%，取其间）；未查到通知"
    ),
    "99,720 x 1.033, between the growth of 3.2 % of non-private and 3.9 % of private units in "
    "Zhejiang in 2024": "99,720×1.033（2024 年浙江非私营单位工资增长 3.2%、私营单位 3.9%，取其间）",
    "73,879 x 78,251 / 74,997 (growth of Zhejiang's urban income in 2024, recalled) x 0.63655": (
        "73,879×78,251÷74,997（2024 年浙江城镇居民收入增速，凭记忆）×0.63655"
    ),
    "64,112 x 1.050, national growth of 2025 (国家统计局 2026-01-19, 转载)": (
        "64,112×1.050（2025 年全国增速，国家统计局 2026-01-19，转载）"
    ),
}
# Phrases that come with documents; the names of the documents stay as they are.
_PHRASES = (
    (r"known since (\d{4}-\d\d-\d\d), grown with \w+: ", r"\1 起的数值，随所挂钩指标增长："),
    (
        r"1,041 x 1,259 / 1,216: as Hangzhou's .*? for Taizhou",
        (
            "1,041×1,259÷1,216：按杭州 2022 年 10 月至 2023 年 7 月的涨幅"
            "（杭州市民政局通知，转载）；未查到台州数值"
        ),
    ),
    (
        r"30 % x 45,000 .*? would be 1,114",
        (
            "30%×45,000（2024 年浙江人均消费支出，凭记忆）÷12，"
            "为 2025 年 4 月规定的下限；按杭州 1,301 元折算为 1,114 元"
        ),
    ),
    (
        r"280 \+ \((\d+) - 98\): rise of the central part \(recalled\) passed on; no amount found",
        r"280+(\1-98)：中央部分的涨幅（凭记忆）全额传导；未查到本地数值",
    ),
    (r"half of the later period; no earlier length found", "取后一时期的一半；未查到更早的规定"),
    (r"no rule found before April 2025", "2025 年 4 月以前未查到规定"),
    (r"; half is a named assumption", "；一半为假定"),
    (r", without a rate", "，未列比例"),
    (
        r" gives the provincial levels ([\d., ]+) and ([\d.]+); that Taizhou takes .*? is recalled",
        r"：全省各档为 \1 和 \2；台州取第二、三档为凭记忆",
    ),
    (r"carried forward after (\d{4}-\d\d-\d\d): ", r"\1 之后沿用："),
    (r"carried forward: no later amount found", "沿用：未查到此后的数值"),
    (r"carried forward: no value for (\d{4}) found", r"沿用：未查到 \1 年数值"),
    (r"implied by clause ", "由方案条文推得："),
    (r",? as a stand-in", "（作为替代）"),
    (r"; the middle of the range", "；取区间中值"),
    (r"upper end of ", "取上限："),
    (r"order of magnitude of the average in Zhejiang", "浙江平均水平的数量级"),
    (r"the narrower reading of ", "按较窄的理解："),
    (r"as for tekun in ", "比照特困人员："),
    (r"; Zhejiang's amount from memory", "；浙江标准凭记忆"),
    (r", from memory", "，凭记忆"),
    (r", from the figure and growth of (\d{4})", r"，由 \1 年数值和增速推算"),
    (r"no (?:amount|rate) found for Taizhou; neutral value", "未查到台州的数值；取中性值"),
    (r"; local practice not found", "；未查到本地做法"),
    (r" allows it(?=；)", "允许"),
    (r" 第十七条 and 第十八条", " 第十七条和第十八条"),
    (
        r"(\d) x ([\d,]+) yuan, the provincial average monthly wage of (\d{4})",
        r"\1×\2 元（\3 年全省月平均工资）",
    ),
    (r": pilot cities only, Taizhou not among them", "：仅限试点城市，台州不在其列"),
    (
        r"(\w+) counties published for 2024 and carried back, (\w+) filled with the lowest amount",
        "部分县（市、区）用 2024 年公布数前推，其余按最低额",
    ),
    (r" over the synthetic population of (\d{4})", r"，除以 \1 年合成人口"),
    (r" lets parents choose; that they choose best is an assumption", "由父母选择；假定选最优"),
)


# Three and more words of Latin letters in a row are prose, not the name of a document.
_SENTENCE = re.compile(r"[A-Za-z]{2,}(?:[ ,;:'()]+[A-Za-z]{2,}){2,}")
_UNTRANSLATED = "依据见参数文件（英文）"
_CARRIED_BASIS = re.compile(r"between no rise since (\S+) and twice the growth of \w+")


def unit_name(unit: str, language: Language, place: Place) -> str:
    """Return a unit as it stands in a table; pure numbers have none.

    >>> import olive
    >>> city = olive.place()
    >>> unit_name("yuan/m2/year", "zh", city)
    '元/平方米/年'

    >>> unit_name("yuan/year", "zh", city), unit_name("yuan/year", "en", city)
    ('元/年', 'yuan/year')
    >>> unit_name("1", "en", city)
    ''
    """
    if language == "zh":
        known = {**_UNITS, place.currency.en: place.currency.zh}
        return known.get(unit) or "/".join(known.get(part, part) for part in unit.split("/"))
    return "" if unit == "1" else unit


def status_name(status: str, language: Language) -> str:
    """Return the word for how firm a figure is.

    >>> status_name("proxy", "zh"), status_name("proxy", "en")
    ('替代', 'proxy')
    """
    return _STATUSES[status] if language == "zh" else status


def source_name(source: str, language: Language) -> str:
    """Return a source; what is not the name of a document has words in both languages.

    Prose that has none is pointed to, not shown in a Chinese text.

    >>> source_name("upper bound", "zh")
    '上限'
    >>> source_name("carried forward after 2022-12-31: 浙江日报, from memory", "zh")
    '2022-12-31 之后沿用：浙江日报，凭记忆'
    """
    if language == "en":
        return source
    if source in _SOURCES:
        return _SOURCES[source]
    for pattern, replacement in _PHRASES:
        source = re.sub(pattern, replacement, source)
    for english, chinese in _SOURCES.items():
        if source.endswith(english):  # after a phrase that says how the figure came to the year
            source = source.removesuffix(english) + chinese
    return _UNTRANSLATED if _SENTENCE.search(source) else source


def basis_name(basis: str, language: Language) -> str:
    """Return what a plausible range rests on; prose without Chinese words is pointed to.

    >>> basis_name("built up late or early", "zh")
    '盘活时间或早或晚'
    >>> basis_name("between no rise since 2022-01-01 and twice the growth of dibao_standard", "zh")
    '从 2022-01-01 起不提高，到参照标准增幅的两倍'
    """
    if language == "en":
        return basis
    carried = _CARRIED_BASIS.fullmatch(basis)
    if carried:
        return f"从 {carried[1]} 起不提高，到参照标准增幅的两倍"
    return _bases().get(basis) or (_UNTRANSLATED if re.search("[A-Za-z]{3}", basis) else basis)


@cache
def _bases() -> Mapping[str, str]:
    text = resources.files("olive.places").joinpath("basis_words.yaml").read_text("utf-8")
    found: Mapping[str, str] = parse_yaml(text, "basis_words.yaml")
    return found
