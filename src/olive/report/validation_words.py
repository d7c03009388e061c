"""Words of the validation table in Chinese and English."""

from __future__ import annotations

from olive.analysis.indicators import MEAN, indicator_labels
from olive.places.labels import Language
from olive.places.place import Place
from olive.report.words import word_of

_WORDS = {
    "synthetic": (
        "合成数据：全部住户均为模拟生成，不是真实住户。",
        "SYNTHETIC DATA: every household is generated, none is real.",
    ),
    "title": (
        "对照 {compared} 项公布数，{met} 项相符；另有 {unknown} 项没有公布数",
        "{compared} figures compared, {met} met; {unknown} more of which nothing was published",
    ),
    "title_of_known": (
        "对照 {compared} 项数字，{met} 项相符",
        "{compared} figures compared, {met} met",
    ),
    "figure": ("指标", "figure"),
    "role": ("用途", "role"),
    "status": ("状态", "status"),
    "year": ("年份", "year"),
    "published": ("公布数", "published"),
    "here": ("本人口", "here"),
    "miss": ("偏差", "miss"),
    "model_range": ("配方范围", "recipe range"),
    "to": ("{low} 至 {high}", "{low} to {high}"),
    "fit": ("拟合", "fit"),
    "held_out": ("留出", "held_out"),
    "roles": (
        "拟合：用于构造人口；留出：未用于构造，只列出偏差。",
        "fit: used to build the population; held_out: not used, shown with its miss.",
    ),
    "seeds": ("不同种子之间（{count} 个种子）", "From seed to seed ({count} seeds)"),
    "mean": ("均值", "mean"),
    "least": ("最小", "least"),
    "most": ("最大", "most"),
    "deviation": ("标准差", "standard deviation"),
}
# The parts of a figure's identifier, which are joined by points, but for indicators, brackets and
# regions of its place: these have their labels.
_PARTS = {
    "persons": "人口",
    "households": "户数",
    "family": "家庭户",
    "collective": "集体户",
    "mean_size": "户均人数",
    "age": "年龄",
    "0_14": "0—14岁",
    "15_59": "15—59岁",
    "0_15": "0—15岁",
    "16_59": "16—59岁",
    "60_64": "60—64岁",
    "60_and_over": "60岁及以上",
    "65_and_over": "65岁及以上",
    "male": "男性",
    "urban": "城镇",
    "rural": "农村",
    "county": "县（市、区）",
    "wage": "工资性收入",
    "operating": "经营净收入",
    "property": "财产净收入",
    "transfer": "转移净收入",
    "transfers": "转移净收入",
    "mean": "全体",
    "share": "家庭比例",
    "urban_residents": "城镇常住人口",
    "elsewhere": "外地",
    "household": "本户收入",
    "three_person": "人均×3",
    "median": "中位数",
    "median_over_mean": "中位数与均值之比（按户）",
    "unemployment": "调查失业率",
    "business_loans": "经营性贷款余额",
    "guaranteed_loans": "有担保的贷款余额",
    "floor_area": "人均住房面积",
    "low_income_rural": "低收入农户",
    "dibao": "低保",
    "recipients": "对象人数",
    "able": "有劳动能力",
    "spending": "支出",
    "hardship": "困难群众",
    "disabled": "残疾人",
    "pension": "养老金",
    "enterprises": "企业职工",
    "bosses": "雇主",
    "income_tax": "个人所得税",
    "social_contributions": "社会保险费",
    "no": "应当没有",
    "child_earners": "有工资的儿童",
    "child_spouses": "已婚的儿童",
    "young_husbands": "未到婚龄的丈夫",
    "early_pensions": "过早领取养老金者",
    **{f"fifth_{number}": f"第{number}五等份" for number in range(1, 6)},
}


def validation_word(key: str, language: Language, **values: object) -> str:
    """Return a word of the validation table.

    >>> validation_word("held_out", "zh"), validation_word("held_out", "en")
    ('留出', 'held_out')
    """
    return word_of(_WORDS, key, language, **values)


def figure_name(identifier: str, language: Language, place: Place) -> str:
    """Return what a figure is called; one with a part of the user's own keeps its identifier.

    >>> import olive
    >>> city = olive.place()
    >>> figure_name("income.urban.2021", "zh", city), figure_name("my.own", "zh", city)
    ('人均可支配收入·城镇·2021', 'my.own')
    >>> figure_name("share.100000_500000", "zh", city)
    '家庭比例·10—50万元（人均×3）'
    """
    parts = identifier.split(".")
    labels = indicator_labels(place)
    known = dict(_PARTS)
    for part, label in {**labels, "income": labels[MEAN], **place.regions}.items():
        known[part] = label.zh
    for each in place.brackets:
        known[f"{each.low:.0f}_{each.high:.0f}"] = f"{each.span(place.currency).zh}（人均×3）"
    if language == "en" or not all(part in known or part.isdigit() for part in parts):
        return identifier
    return "·".join(known.get(part, part) for part in parts)
