"""Labels and notes of the goal-seek tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from olive.analysis.indicators import indicator_labels, measures_of
from olive.analysis.rendering import PURE_UNITS, RATIO, as_text
from olive.analysis.table import Table
from olive.analysis.words import (
    COLUMNS,
    DEFINITION_LABELS,
    MONEY,
    UNIT_OF_ROW,
    ColumnWords,
    unit_labels,
    words_of,
)
from olive.places.labels import Label

if TYPE_CHECKING:
    from olive.places.place import Place
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
    "表类参数为现行数值的倍数；公共成本为现金转移和费用减免的增加额减去税收和缴费的增加额。"
    "由搜索得出：每个手段回撤到其变动幅度的1/2048以内。",
    "Tables move by factors of what is in force. Public cost: what is paid out more, less what "
    "taxes and contributions bring in more. Found by search: each lever is drawn back to within "
    "1/2,048 of its movement.",
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
    amounts = {each.id: each.unit for each in measures_of(place) if each.unit not in PURE_UNITS}

    def words(name: str) -> ColumnWords:
        if name in names:
            return ColumnWords(names[name], RATIO)
        if name in indicators:
            return ColumnWords(indicators[name], amounts.get(name, RATIO))
        found = known[name]
        if by_row and name in {"in_force", "found"}:
            return ColumnWords(found.label, UNIT_OF_ROW)
        return found

    return Table(
        frame=frame,
        title=_TITLES[kind],
        units={name: words(name).unit for name in columns},
        labels={name: words(name).label for name in columns},
        words={**_ANSWERS, "indicator": indicators, "parameter": names, "unit": unit_labels(place)},
        notes=notes,
        synthetic=population.is_synthetic,
    )


def verdict(
    targets: pd.DataFrame,
    binding: Sequence[Label],
    beyond: Sequence[bool],
    place: Place,
    *,
    met: bool,
    cost: float,
    cheapest: float | None,
) -> Label:
    """Return in words whether the targets are met, or what stands in the way.

    Binding are the levers that stand at a limit, beyond the targets that the best of the search
    does not meet; cheapest is the least cost a year at which all
    targets are met, the budget aside, or None where they never are.
    """
    money, labels = place.currency, indicator_labels(place)
    if met:
        return Label(
            f"在给定界限内全部目标均可达到；公共成本每年{cost:,.0f}{money.zh}。",
            f"All targets are met within the limits; public cost {cost:,.0f} {money.en} a year.",
        )
    if any(beyond):
        zh, en = [], []
        for row in targets[list(beyond)].to_dict("records"):
            name = labels[row["indicator"]]
            best, target = (as_text(row[key], row["unit"]) for key in ("best", "target"))
            zh.append(f"{name.zh}（最好值{best}，目标{target}）")
            en.append(f"{name.en} (at best {best}, target {target})")
        why = Label(
            f"在给定界限内单独也达不到：{'；'.join(zh)}。",
            f"Out of reach within the limits even by itself: {'; '.join(en)}.",
        )
    elif cheapest is not None:
        why = Label(
            f"在给定界限内可以达到，但超出预算：搜索到的最低公共成本为每年{cheapest:,.0f}{money.zh}。",
            "Within the limits the targets can be met, but not within the budget: the least public "
            f"cost found is {cheapest:,.0f} {money.en} a year.",
        )
    else:
        why = Label(
            "各目标可以分别达到，但没有找到同时达到的组合：在这些界限内相互矛盾。",
            "Each target can be reached by itself, but no mix was found that reaches all: within "
            "these limits they contradict each other.",
        )
    if not binding:
        return Label(
            f"{why.zh}没有界限起约束作用：这些手段再多也无济于事。",
            f"{why.en} No limit binds: more of these levers does not help.",
        )
    return Label(
        f"{why.zh}起约束作用的界限：{'、'.join(each.zh for each in binding)}。",
        f"{why.en} Limits that bind: {', '.join(each.en for each in binding)}.",
    )
