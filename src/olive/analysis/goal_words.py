"""Labels and notes of the goal-seek tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from olive.analysis.indicators import indicator_labels
from olive.analysis.table import Table
from olive.analysis.words import (
    COLUMNS,
    DEFINITION_LABELS,
    MONEY,
    UNIT_OF_ROW,
    ColumnWords,
    words_of,
)
from olive.places.labels import Label

if TYPE_CHECKING:
    from olive.population import Population

_WORDS = {
    **COLUMNS,
    "parameter": ColumnWords(Label("手段", "lever"), ""),
    "in_force": ColumnWords(Label("现行", "in force"), "ratio"),
    "found": ColumnWords(Label("求得", "found"), "ratio"),
    "low": ColumnWords(Label("下限", "lower limit"), "ratio"),
    "high": ColumnWords(Label("上限", "upper limit"), "ratio"),
    "limit": ColumnWords(Label("触及界限", "limit that binds"), ""),
    "missing": ColumnWords(Label("仍缺", "still missing"), UNIT_OF_ROW),
    "best": ColumnWords(Label("搜索中的最好值", "best of the search"), UNIT_OF_ROW),
    "met": ColumnWords(Label("达到", "met"), ""),
    "point": ColumnWords(Label("序号", "point"), ""),
    "cost": ColumnWords(Label("公共成本", "public cost"), MONEY),
    "missing_share": ColumnWords(Label("最大缺口（占目标）", "largest gap, of its target"), "1"),
}
_TITLES = {
    "levers": Label("所需手段", "Levers that it takes"),
    "targets": Label("目标", "Targets"),
    "frontier": Label("成本与差距的前沿", "Frontier of cost and distance"),
}
_ANSWERS = {
    "limit": {
        "low": Label("下限", "lower"),
        "high": Label("上限", "upper"),
    },
    "met": {"yes": Label("是", "yes"), "no": Label("否", "no")},
    "definition": DEFINITION_LABELS,
}
LEVER_NOTE = Label(
    "表类参数为现行数值的倍数；公共成本为现金转移和费用减免的增加额减去税收和缴费的增加额。",
    "Tables move by factors of what is in force. Public cost: what is paid out more, less what "
    "taxes and contributions bring in more.",
)


def goal_table(
    kind: str,
    frame: pd.DataFrame,
    names: Mapping[str, Label],
    population: Population,
    notes: tuple[Label, ...] = (),
) -> Table:
    """Return one of the tables of a goal-seek with labels and units."""
    columns = [str(name) for name in frame.columns]
    by_row = kind == "targets"
    place = population.place
    indicators, known = indicator_labels(place), words_of(place, _WORDS)

    def words(name: str) -> ColumnWords:
        if name in names:
            return ColumnWords(names[name], "ratio")
        if name in indicators:
            return ColumnWords(indicators[name], "ratio")
        found = known[name]
        if by_row and name in {"in_force", "found"}:
            return ColumnWords(found.label, UNIT_OF_ROW)
        return found

    return Table(
        frame=frame,
        title=_TITLES[kind],
        units={name: words(name).unit for name in columns},
        labels={name: words(name).label for name in columns},
        words={**_ANSWERS, "indicator": indicators, "parameter": names},
        notes=notes,
        synthetic=population.is_synthetic,
    )
