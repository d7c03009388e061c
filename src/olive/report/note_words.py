"""Notes of populations and runs in Chinese: they are kept in English where data are stored."""

from __future__ import annotations

import re

from olive.places.labels import Language

_YEARS = r"([\d, ]+)"
_NOTES = (
    (
        r"incomes grown from (\d+) to (\d+) on the path trend",
        r"收入由 \1 年增长到 \2 年（趋势路径）",
    ),
    (
        r"incomes cast back from (\d+) to (\d+) on the path trend",
        r"收入由 \1 年回推到 \2 年（趋势路径）",
    ),
    (
        r"incomes grown from (\d+) to (\d+) on the path plan",
        r"收入由 \1 年增长到 \2 年（方案目标路径）",
    ),
    (
        (
            r"(\d+): every urban income grows by ([\d.]+%), every rural one by ([\d.]+%) "
            r"\((\w+): (.+)\)"
        ),
        r"\1 年：城镇收入一律增长 \2，农村收入一律增长 \3（\4：\5）",
    ),
    (
        (
            r"every income grows by ([\d.]+%) a year, the pace at which ([\d,]+) yuan a head in "
            r"(\d+) \((\w+)\) become ([\d,]+) in (\d+): the plan's aim, no forecast"
        ),
        (
            r"各项收入每年增长 \1，即 \3 年人均 \2 元（\4）到 \6 年达到 \5 元所需的速度："
            r"是方案的目标，不是预测"
        ),
    ),
    (
        _YEARS + r": growth of consumer prices \(rents, care\) recalled or assumed",
        r"\1 年：居民消费价格涨幅（房租、照料）凭记忆或假定",
    ),
    (
        _YEARS + r": published growth of the mean, components alike \(assumption\)(.*)",
        r"\1 年：按公布的均值增速，各构成项相同（假定）\2",
    ),
    (r", urban over rural in ([\d, ]+) recalled", r"，\1 年城乡比凭记忆"),
    (
        _YEARS + r": growth of each component and of urban over rural income as published "
        r"\(how components divide between town and country: proxy\)",
        r"\1 年：各构成项和城乡比按公布数增长（构成项的城乡划分为替代）",
    ),
    (
        r"weights of (\d+) brought to (\d+) margins of (\d+) \((.+)\)",
        r"权数由 \1 年调整到 \3 年的 \2 项边际总数（\4）",
    ),
    (r"the data's own, moved by assumption and proxy", "数据自身的总数，按假定和替代推移"),
    (r"as given", "由用户给定"),
    (
        r"design effect after each step \(.+\): ([\d.]+) -> ([\d.]+) -> ([\d.]+)(.*)",
        r"设计效应：原数据 \1，调权后 \2，收入增长后 \3\4",
    ),
    (
        (
            r"incomes scaled after growing, since composition changed the means: rural by "
            r"([\d.]+), urban by ([\d.]+)"
        ),
        r"增长后按构成变化校正收入：农村乘以 \1，城镇乘以 \2",
    ),
    (
        r"(\d+) targets for an effective sample of (\d+) households",
        r"\1 项校准目标对 \2 户有效样本",
    ),
    (
        r"incomes of (\d+) under later law \((.+)\)[;,] .*",
        r"\1 年的收入适用更晚的法律（\2）",
    ),
    (
        r"columns that the data lack were taken as neutral \(.+\): (.+)",
        r"数据缺少的列按中性取值（没有该项收入、身份或支出）：\1",
    ),
    (
        r"compiled (\d+) of (\d+) loops, kept for next time",
        r"已编译 \2 个循环中的 \1 个，下次直接使用",
    ),
    (
        r"incomes brought from (\d+) to (\d+) with own factors: ",
        r"收入由 \1 年推到 \2 年，倍数由用户给定：",
    ),
    (
        r"components without a factor of their own stay as they are: ",
        "没有给定倍数的构成项保持不变：",
    ),
    (r"income sums left out of the fit: ", "未参与校准的收入总额："),
    (r"a selection", "所选部分住户"),
    (r"no column 'urban': one factor for town and country", "没有城乡列：城乡用同一增长倍数"),
    (r"the path is that of taizhou, applied to (.+) \(proxy\)", r"以台州的增长路径代替（\1）"),
    (r"Zhejiang's, recalled", "浙江，凭记忆"),
    (r"the nation's", "全国"),
    (r"as in (\d+), assumption", r"同 \1 年，假定"),
    (r"\bproxy\b", "替代"),
    (r"\bpublished\b", "公布"),
    (r"\bassumption\b", "假定"),
)


def note_text(note: str, language: Language) -> str:
    """Return a note of a population or run in a language; unknown ones stay as they are.

    >>> note_text("incomes grown from 2023 to 2025 on the path trend", "zh")
    '收入由 2023 年增长到 2025 年（趋势路径）'
    """
    if language == "en":
        return note
    for pattern, replacement in _NOTES:
        note = re.sub(pattern, replacement, note)
    return note
