"""Labels and notes of the feasibility tables."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from olive.analysis.table import Table, placed_table
from olive.analysis.words import COLUMNS, MONEY, ColumnWords
from olive.places.labels import Label
from olive.places.place import Place

FAMILY_LABELS = {
    "dagum": Label("Dagum分布", "Dagum"),
    "singh_maddala": Label("Singh-Maddala分布", "Singh-Maddala"),
}
UNIT_LABELS = {
    "households": Label("按户", "households"),
    "persons": Label("按人", "persons"),
    "none": Label("任意分布", "any distribution"),
    "unimodal": Label("单峰分布", "one mode"),
}
READ_AS_LABELS = {
    "exactly": Label("恰好等于目标", "exactly"),
    "at_least": Label("不低于目标（均值最低者）", "at least, with the least mean"),
}
FLOOR_NOTE = Label(
    "对数正态分布；目标按“达到”（不低于）理解；离散度为对数收入的标准差；三人等于按人均三倍口径。",
    "Lognormal incomes; targets are floors (at least); spread is the standard deviation of log "
    "income; three persons are the reading three times income per head.",
)
EXACT_NOTE = Label(
    "均值和两个比例都恰好等于目标；空格为从一组初值出发没有找到，不等于证明不存在。",
    "Mean and both shares equal their targets exactly; an empty row: none was found from a grid "
    "of starts, which does not prove that there is none.",
)
UNIMODAL_NOTE = Label(
    "线性规划，1万一格，收入上限200万；两个比例恰好等于目标。",
    "Linear programming over cells of 10,000 up to 2 million; both shares equal their targets.",
)
MIXTURE_NOTE = Label(
    "户规模为1加泊松数；各规模内收入为对数正态分布；离散度为规模内对数收入的标准差；"
    "目标按“达到”理解。",
    "Household size is one plus a Poisson number; incomes of a size are lognormal; spread is their "
    "standard deviation of log income; targets are floors.",
)
CITY_NOTE = Label(
    "把模拟城市的收入调整到该人均收入，再把各户人均收入与中位数的对数差同乘一个倍数（均值不变）；"
    "负收入计为0；集体户只进入均值。",
    "Incomes of the simulated city are brought to this income per head, then every household's "
    "log distance from the median of income per head is multiplied by one factor, the mean kept; "
    "incomes below 1 per head stay; collective households count in the mean only.",
)
_WORDS = {
    **COLUMNS,
    "size": ColumnWords(Label("户均人口", "persons in a household"), ""),
    "size_needed": ColumnWords(Label("所需户均人口", "persons in a household needed"), "ratio"),
    "mean": ColumnWords(Label("户均收入", "mean household income"), MONEY),
    "bracket": ColumnWords(Label("目标", "target"), ""),
    "binds": ColumnWords(Label("起约束作用", "target that binds"), ""),
    "read_as": ColumnWords(Label("目标理解为", "targets read as"), ""),
    "median": ColumnWords(Label("中位数", "median"), MONEY),
    "best": ColumnWords(Label("可达到的最高比例", "largest share at any spread"), "1"),
    "spread": ColumnWords(Label("最大离散度", "largest spread"), "ratio"),
    "gini": ColumnWords(Label("此时基尼系数", "Gini there"), "ratio"),
    "family": ColumnWords(Label("分布", "family"), ""),
    "shape": ColumnWords(Label("形状参数", "shape"), "ratio"),
    "scale": ColumnWords(Label("尺度参数", "scale"), MONEY),
    "tail": ColumnWords(Label("尾部参数", "tail"), "ratio"),
    "below": ColumnWords(Label("低于最低界线的比例", "share below the lowest bound"), "1"),
    "assumption": ColumnWords(Label("对分布的假设", "assumption on the shape"), ""),
    "counted": ColumnWords(Label("计数单位", "counted"), ""),
    "definition": ColumnWords(Label("口径", "definition"), ""),
    "factor": ColumnWords(Label("对数差倍数", "factor of log distances"), "ratio"),
    "gini_now": ColumnWords(Label("现在的基尼系数", "Gini today"), "ratio"),
}


def target_labels(place: Place) -> dict[str, Label]:
    """Return the labels of the brackets of a place, and of meeting them together."""
    spans = {each.name: each.span(place.currency) for each in place.brackets_shown()}
    return {**spans, "both": Label("两者同时", "both together")}


def table_of(
    place: Place,
    frame: pd.DataFrame,
    title: Label,
    *,
    words: Mapping[str, Mapping[str, Label]],
    notes: tuple[Label, ...],
    synthetic: bool = False,
) -> Table:
    """Return a frame as a table with its labels and units."""
    brackets = {
        each.name: ColumnWords(
            Label(
                f"{each.span(place.currency).zh}比例",
                f"{each.low / 1000:g}-{each.high / 1000:g} thousand",
            ),
            "1",
        )
        for each in place.brackets_shown()
    }
    columns = _WORDS | brackets
    return placed_table(place, frame, title, columns, words=words, notes=notes, synthetic=synthetic)
