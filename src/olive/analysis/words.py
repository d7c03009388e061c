"""Labels and units of the tables, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from olive.places.labels import Label
from olive.places.place import Place


class ColumnWords(NamedTuple):
    """What a column of a table is called, and its unit (empty for text)."""

    label: Label
    unit: str


def _text(zh: str, en: str) -> ColumnWords:
    return ColumnWords(Label(zh, en), "")


def _number(zh: str, en: str, unit: str) -> ColumnWords:
    return ColumnWords(Label(zh, en), unit)


_SHOWN = 6
# Columns whose rows have different units name the column that tells them: see `Table.units`.
UNIT_OF_ROW = "by row"
# Amounts, in the currency of the place: see `words_of`.
MONEY = "money/year"
# Figures of parameters, each in a unit of its own: shown to six digits.
UNIT_OF_FIGURE = "by figure"

COLUMNS: dict[str, ColumnWords] = {
    "indicator": _text("指标", "indicator"),
    "definition": _text("口径", "definition"),
    "line": _number("贫困线", "poverty line", MONEY),
    "unit": _text("单位", "unit"),
    "change": _number("变化", "change", UNIT_OF_ROW),
    "target": _number("目标", "target", UNIT_OF_ROW),
    "gap": _number("差距", "gap", UNIT_OF_ROW),
    "residual_growth": _number("仍需普遍增长", "residual growth needed", "1"),
    "best_under_uniform_growth": _number(
        "普遍增长下的最高值", "best under uniform growth", UNIT_OF_ROW
    ),
    "after_range_low": _number("配方范围下端（后）", "recipe range from, after", UNIT_OF_ROW),
    "after_range_high": _number("配方范围上端（后）", "recipe range to, after", UNIT_OF_ROW),
    "change_range_low": _number(
        "变化的配方范围下端", "recipe range of the change, from", UNIT_OF_ROW
    ),
    "change_range_high": _number(
        "变化的配方范围上端", "recipe range of the change, to", UNIT_OF_ROW
    ),
    "clause": _text("条款", "clause"),
    "after_error": _number("标准误（后）", "standard error, after", UNIT_OF_ROW),
    "after_low": _number("95%区间下端（后）", "95% interval from, after", UNIT_OF_ROW),
    "after_high": _number("95%区间上端（后）", "95% interval to, after", UNIT_OF_ROW),
    "change_error": _number("变化的标准误", "standard error of the change", UNIT_OF_ROW),
    "change_low": _number("变化的95%区间下端", "95% interval of the change, from", UNIT_OF_ROW),
    "change_high": _number("变化的95%区间上端", "95% interval of the change, to", UNIT_OF_ROW),
    "threshold": _number("界线", "threshold", MONEY),
    "direction": _text("方向", "direction"),
    "sample": _number("样本户数", "sample households", "rows"),
    "sample_before": _number("样本户数（前）", "sample households, before", "rows"),
    "sample_after": _number("样本户数（后）", "sample households, after", "rows"),
    "households": _number("户数", "households", "households"),
    "households_before": _number("户数（前）", "households, before", "households"),
    "households_after": _number("户数（后）", "households, after", "households"),
    "persons": _number("人数", "persons", "persons"),
    "persons_before": _number("人数（前）", "persons, before", "persons"),
    "persons_after": _number("人数（后）", "persons, after", "persons"),
    "cell": _text("收入组", "cell"),
    "low": _number("下限", "lower bound", MONEY),
    "high": _number("上限", "upper bound", MONEY),
    "share": _number("比例", "share", "1"),
    "share_before": _number("比例（前）", "share, before", "1"),
    "share_after": _number("比例（后）", "share, after", "1"),
    "share_change": _number("比例变化", "change of the share", "1"),
    "category": _text("类别", "category"),
    "outcome": _text("结果", "outcome"),
    "mean_change": _number("平均变化", "mean change a household", MONEY),
    "total_change": _number("变化总额", "change in all", MONEY),
    "kind": _text("类型", "kind"),
    "programme": _text("项目", "programme"),
    "amount_before": _number("金额（前）", "amount, before", MONEY),
    "amount_after": _number("金额（后）", "amount, after", MONEY),
    "amount_change": _number("金额变化", "change of the amount", MONEY),
    "per_household_before": _number(
        "户均金额（前）", "amount a recipient household, before", MONEY
    ),
    "per_household_after": _number("户均金额（后）", "amount a recipient household, after", MONEY),
    "take_up_before": _number("申领率（前）", "take-up, before", "1"),
    "take_up_after": _number("申领率（后）", "take-up, after", "1"),
    "policy": _text("政策", "policy"),
    "instrument": _text("工具", "instrument"),
    "average_rate": _number("平均税率（负为给付）", "average rate (below 0: given)", "1"),
    "gini_before": _number("基尼系数（之前）", "Gini without it", "1"),
    "gini_after": _number("基尼系数（之后）", "Gini with it", "1"),
    "redistributive_effect": _number("再分配效应", "redistributive effect", "1"),
    "reynolds_smolensky": _number("雷诺兹—斯莫伦斯基指数", "Reynolds-Smolensky", "1"),
    "re_ranking": _number("再排序", "re-ranking", "1"),
    "kakwani": _number("卡克瓦尼指数", "Kakwani", "1"),
    "order": _text("阶数", "order"),
    "better": _text("占优", "dominates"),
    "better_below": _text("最低交叉点以下更优", "better below the lowest"),
    "better_above": _text("最高交叉点以上更优", "better above the highest"),
    "crossing_points": _number("交叉点个数", "crossings", "rows"),
    "lowest_crossing": _number("最低交叉点", "lowest crossing", MONEY),
    "highest_crossing": _number("最高交叉点", "highest crossing", MONEY),
    "poverty_line": _number("贫困线（人均）", "line, per head", MONEY),
    "headcount_before": _number("线下比例（前）", "share below, before", "1"),
    "headcount_after": _number("线下比例（后）", "share below, after", "1"),
    "headcount_change": _number("线下比例变化", "change of the share below", "1"),
    "shortfall_before": _number("人均缺口（前）", "mean shortfall, before", MONEY),
    "shortfall_after": _number("人均缺口（后）", "mean shortfall, after", MONEY),
    "shortfall_change": _number("人均缺口变化", "change of the shortfall", MONEY),
    "density": _number("相对密度", "relative density", "ratio"),
    "location": _number("位置", "location", "ratio"),
    "shape": _number("形状", "shape", "ratio"),
    "rank": _number("位次（其下人口比例）", "rank (share of persons below)", "1"),
    "quantile_before": _number("该位次人均收入（前）", "income per head there, before", MONEY),
    "quantile_after": _number("该位次人均收入（后）", "income per head there, after", MONEY),
    "growth": _number("增长率", "growth", "1"),
    "mean_income_before": _number("人均可支配收入（前）", "mean income per head, before", MONEY),
    "mean_income_after": _number("人均可支配收入（后）", "mean income per head, after", MONEY),
    "gain": _number("人均收入变化", "gain per head", MONEY),
}


def _unbracketed(text: str) -> str:
    """Return a label as it stands within brackets.

    >>> _unbracketed("金额（后）")
    '金额·后'
    """
    return text.replace("（", "·").replace("）", "")


# Figures with standard errors and intervals, each in the unit of its figure.
COLUMNS |= {
    f"{name}_{end}": ColumnWords(
        Label(f"{zh}（{_unbracketed(COLUMNS[name].label.zh)}）", f"{COLUMNS[name].label.en}, {en}"),
        COLUMNS[name].unit,
    )
    for name in (
        "share",
        "mean_change",
        "total_change",
        "gain",
        "growth",
        "headcount_change",
        "shortfall_change",
        "density",
        "shape",
        "households",
        "amount_after",
        "amount_change",
    )
    for end, zh, en in (
        ("error", "标准误", "standard error"),
        ("low", "95%区间下端", "95% interval from"),
        ("high", "95%区间上端", "95% interval to"),
    )
}

DEFINITION_LABELS = {
    "household": Label("本户收入，按户", "own income, households"),
    "household_persons": Label("本户收入，按人", "own income, persons"),
    "three_person": Label("人均×3，按户", "per capita x 3, households"),
    "three_person_persons": Label("人均×3，按人", "per capita x 3, persons"),
    "persons": Label("全体居民", "all residents"),
    "households": Label("全体住户", "all households"),
}
DIRECTION_LABELS = {"up": Label("上升越过", "up"), "down": Label("下降越过", "down")}
OUTCOME_LABELS = {
    "winners": Label("受益", "winners"),
    "losers": Label("受损", "losers"),
    "contributors": Label("仅因缴费受损", "lose by contributions only"),
    "unchanged": Label("不变", "unchanged"),
    "all": Label("合计", "all"),
}
ALL = Label("合计", "all")

SYNTHETIC = Label(
    "合成数据：全部住户均为模拟生成，不是真实住户，也不是官方统计。",
    "SYNTHETIC DATA: every household is generated, none is real; no official statistics.",
)


def of_year(year: int) -> Label:
    """Return the note that says which year's households a table is about.

    >>> of_year(2023)
    Label(zh='住户数据为2023年。', en='Households of 2023.')
    """
    return Label(f"住户数据为{year}年。", f"Households of {year}.")


def several(labels: Sequence[Label], and_more: str) -> Label:
    """Return the first of some labels, and how many more there are in English.

    >>> several([Label(each, each) for each in "abcdefgh"], "等")
    Label(zh='a、b、c、d、e、f等', en='a, b, c, d, e, f and 2 more')
    """
    first, more = labels[:_SHOWN], len(labels) - _SHOWN
    zh, en = "、".join(each.zh for each in first), ", ".join(each.en for each in first)
    return Label(f"{zh}{and_more}", f"{en} and {more} more") if more > 0 else Label(zh, en)


FAMILY_HOUSEHOLDS = Label("只计家庭户，不含集体户。", "Family households only, no collective ones.")


# Units that are the same in every place.
UNITS = {
    "1": Label("比例", "share"),
    "ratio": Label("指数", "index"),
    "households": Label("户", "households"),
    "persons": Label("人", "persons"),
    "rows": Label("个", "rows"),
}


def unit_labels(place: Place) -> dict[str, Label]:
    """Return what units are called: in a column of units, and in headings of spreadsheets.

    >>> import olive
    >>> unit_labels(olive.place())["yuan/year"]
    Label(zh='元/年', en='yuan a year')
    """
    zh, en = place.currency
    return {f"{en}/year": Label(f"{zh}/年", f"{en} a year"), **UNITS}


def words_of(place: Place, words: Mapping[str, ColumnWords] = COLUMNS) -> dict[str, ColumnWords]:
    """Return what columns of tables are called where amounts are in the currency of a place.

    Columns of its income brackets are among them.

    Examples
    --------
    >>> import olive
    >>> known = words_of(olive.place())
    >>> known["gain"].unit, known["effect_on_share_10_50"].label.en
    ('yuan/year', 'effect on the share 100,000-500,000')
    """
    money = f"{place.currency.en}/year"
    return {
        name: each._replace(unit=money) if each.unit == MONEY else each
        for name, each in (*_of_brackets(place).items(), *words.items())
    }


@cache
def _of_brackets(place: Place) -> Mapping[str, ColumnWords]:
    found: dict[str, ColumnWords] = {}
    for each in place.brackets_shown():
        zh, en = each.span(place.currency).zh, f"{each.low:,.0f}-{each.high:,.0f}"
        found |= {
            f"effect_on_{each.name}": _number(
                f"对{zh}比例的影响", f"effect on the share {en}", "1"
            ),
            f"{each.name}_before": _number(f"{zh}比例（前）", f"share {en}, before", "1"),
            f"{each.name}_after": _number(f"{zh}比例（后）", f"share {en}, after", "1"),
        }
    return found
