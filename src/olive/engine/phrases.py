"""The phrases in which formulas are told, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

PHRASES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "yes": "yes",
        "no": "no",
        "comma": ", ",
        "semicolon": "; ",
        "colon": ": ",
        "brackets": "({})",
        "aside": " ({})",
        "case": "{value}, if {condition}",
        "case_with_verdict": "{value}, if {condition}: {verdict}",
        "off_by": ", off by {}",
        "otherwise": "{value}, otherwise",
        "choice": "{value} if {condition}, else {otherwise}",
        "and": " and ",
        "or": " or ",
        "not": "not {}",
        "floor": "{} rounded down",
        "between": "{value}, at least {low} and at most {high}",
        "maximum_bound": "{value}, at least {bound}",
        "minimum_bound": "{value}, at most {bound}",
        "maximum": "the larger of {} and {}",
        "minimum": "the smaller of {} and {}",
        "maximum_of_several": "the largest of {} and {}",
        "minimum_of_several": "the smallest of {} and {}",
        "schedule": "{schedule} on {amount}",
        "bracket": "{rate} above {low}",
        "lookup": "{table} for {codes}",
        "least_of": (
            "the number, from 0, of the way that costs least, of {ways} in all (from {names})"
        ),
        "household": "the household",
        "subgroup": "the persons of the household with the same {}",
        "group_sum": "sum of {} over {}",
        "group_max": "largest {} in {}",
        "group_min": "smallest {} in {}",
        "group_count": "number of persons in {1} for whom {0} holds",
        "group_any": "whether {} holds for anyone in {}",
        "group_rank": "rank of {} in {} (0 = largest)",
        "of": "{} of the person that {} names",
        "draw": "random number between 0 and 1, {} (stream {})",
        "each_person": "one for each person",
        "each_household": "one for each household",
        "each_key": "one for each {}",
        "population": "weighted total of {} over the population",
        "plain": "computed from {}",
    },
    "zh": {
        "yes": "是",
        "no": "否",
        "comma": "、",
        "semicolon": "；",
        "colon": "：",
        "brackets": "（{}）",
        "aside": "（{}）",
        "case": "若 {condition}：{value}",
        "case_with_verdict": "若 {condition}：{value}（{verdict}）",
        "off_by": "，相差 {}",
        "otherwise": "否则：{value}",
        "choice": "若 {condition} 则 {value}，否则 {otherwise}",
        "and": " 且 ",
        "or": " 或 ",
        "not": "非{}",
        "floor": "{} 向下取整",
        "between": "{value}，不低于 {low}，不高于 {high}",
        "maximum_bound": "{value}，不低于 {bound}",
        "minimum_bound": "{value}，不高于 {bound}",
        "maximum": "{} 与 {} 中较大者",
        "minimum": "{} 与 {} 中较小者",
        "maximum_of_several": "{} 与 {} 中最大者",
        "minimum_of_several": "{} 与 {} 中最小者",
        "schedule": "{amount} 按{schedule}累进计算",
        "bracket": "超过 {low} 的部分 {rate}",
        "lookup": "{codes}对应的{table}",
        "least_of": "{ways} 种方式中费用最低者的序号（从 0 起，由{names}算出）",
        "household": "本户",
        "subgroup": "本户中{}相同的成员",
        "group_sum": "{1}{0}合计",
        "group_max": "{1}{0}最大值",
        "group_min": "{1}{0}最小值",
        "group_count": "{1}{0}的人数",
        "group_any": "{1}是否有人{0}",
        "group_rank": "{0}在{1}的位次（0 为最大）",
        "of": "{1}的{0}",
        "draw": "0 到 1 之间的随机数，{}（{}）",
        "each_person": "每人一个",
        "each_household": "每户一个",
        "each_key": "每个{}一个",
        "population": "{}的总体加权合计",
        "plain": "由{}计算",
    },
}

_UNITS_ZH = {"yuan": "元", "year": "年", "month": "月", "m2": "平方米"}
_LONGEST_LABEL = 5  # words; a longer label is a sentence
_WHOLE_CENTS = 1_000  # amounts from here on are shown to the cent


def short_label(label: str, name: str) -> str:
    """Return what stands for a name in an English formula: its label, or the name in words.

    >>> short_label("Basic deduction", "basic_deduction")
    'basic deduction'
    >>> short_label("Wage that contributions are counted on, at most", "insurance_base")
    'insurance base'
    """
    words = label.split()
    sentence = len(words) > _LONGEST_LABEL or any(sign in label for sign in ",;:.(")
    if not words or sentence:
        return name.replace("_", " ")
    capital = words[0][:1].isupper() and words[0][1:].islower()
    return label[0].lower() + label[1:] if capital else label


def shown_number(value: float) -> str:
    """Return a figure for people.

    >>> [shown_number(each) for each in (12_345.678, 0.08, -60_000.0, 1 / 3)]
    ['12,345.68', '0.08', '−60,000', '0.333333']
    """
    size = abs(value)
    if size >= _WHOLE_CENTS:
        text = f"{size:,.2f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{size:.6g}"
    return f"−{text}" if value < 0 else text


def shown_unit(unit: str, language: str) -> str:
    """Return a unit for people; nothing for pure numbers, truth values and codes.

    >>> shown_unit("yuan/month", "zh"), shown_unit("bool", "en")
    ('元/月', '')
    """
    if unit in {"1", "bool", "code"}:
        return ""
    if language == "en":
        return unit
    for base, translated in _UNITS_ZH.items():
        unit = unit.replace(base, translated)
    return unit
