"""Tables of `olive.uncertainty`: joint draws, one figure at a time, Sobol indices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from olive.analysis.assumed_study import NO_CHANGE
from olive.analysis.caveats import MODEL_IMPLIED
from olive.analysis.indicators import indicator_labels
from olive.analysis.still_figures import KINDS, NOTES, ROWS
from olive.analysis.table import Table, placed_table
from olive.analysis.words import (
    COLUMNS,
    DEFINITION_LABELS,
    FAMILY_HOUSEHOLDS,
    UNIT_OF_FIGURE,
    UNIT_OF_ROW,
    ColumnWords,
    of_year,
    several,
)
from olive.places.labels import Label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from olive.analysis.assumed_study import Joint, Study
    from olive.analysis.indicators import IndicatorMeasure

QUANTILES = (0.05, 0.5, 0.95)
ASSUMPTION, CLAUSE, IDLE = "assumption", "clause", "idle"
MOVED_KINDS = (ASSUMPTION, CLAUSE, "switch", "open_lever")


def _of_row(zh: str, en: str) -> ColumnWords:
    return ColumnWords(Label(zh, en), UNIT_OF_ROW)


def _share(zh: str, en: str) -> ColumnWords:
    return ColumnWords(Label(zh, en), "1")


def _text(zh: str, en: str) -> ColumnWords:
    return ColumnWords(Label(zh, en), "")


def _figure(zh: str, en: str) -> ColumnWords:
    return ColumnWords(Label(zh, en), UNIT_OF_FIGURE)


_COLUMNS = {
    **{name: COLUMNS[name] for name in ("indicator", "definition", "line", "unit", "target")},
    "after": _of_row("改革后（各数取设定值）", "under the reform, figures as they stand"),
    "after_low": _of_row("改革后5%分位", "under the reform, 5 % quantile"),
    "after_median": _of_row("改革后中位", "under the reform, median"),
    "after_high": _of_row("改革后95%分位", "under the reform, 95 % quantile"),
    "change": _of_row("变化（各数取设定值）", "change, figures as they stand"),
    "change_low": _of_row("变化5%分位", "change, 5 % quantile"),
    "change_median": _of_row("变化中位", "change, median"),
    "change_high": _of_row("变化95%分位", "change, 95 % quantile"),
    "rises": _share("上升的抽样比例", "share of draws in which it rises"),
    "falls": _share("下降的抽样比例", "share of draws in which it falls"),
    "met": _share("达到目标的抽样比例", "share of draws in which the target is met"),
    "kind": _text("类型", "kind"),
    "name": _text("参数或条款", "figure or clause"),
    "side": _text("属于", "belongs to"),
    "figure_unit": _text("参数单位", "unit of the figure"),
    "low": _figure("低端", "low end"),
    "figure": _figure("设定值", "figure"),
    "high": _figure("高端", "high end"),
    "change_at_low": _of_row("取低端或去掉该条款时的变化", "change at the low end, or without it"),
    "change_at_high": _of_row("取高端或含该条款时的变化", "change at the high end, or with it"),
    "alone": _of_row("只实施该条款的变化", "change by the clause alone"),
    "swing": _of_row("变化的幅度", "swing of the change"),
    "rank": ColumnWords(Label("名次", "rank"), "rank"),
    "first_order": _share("一阶指数", "first-order index"),
    "first_order_error": _share("一阶指数误差", "first-order index, half-width of 95 % interval"),
    "total": _share("总指数", "total index"),
    "total_error": _share("总指数误差", "total index, half-width of 95 % interval"),
}
# What a row of one at a time holds beside the change.
_MOVED = ["kind", "name", "side", "figure_unit", "low", "figure", "high"]
_MOVED += ["change_at_low", "change_at_high", "alone", "swing", "rank"]
_KINDS: dict[str, Label] = {
    ASSUMPTION: Label("假设", "assumption"),
    CLAUSE: Label("条款", "clause"),
    **ROWS,
    IDLE: Label("不影响收入", "moves nothing"),
}
_SIDES = {"law": Label("法律及其执行", "the law as carried out"), "plan": Label("改革", "reform")}


def joint_table(study: Study, found: Joint) -> Table:
    """Return quantiles of every measure and of its change, and how often its target is met."""
    rows = [
        measure.keys
        | joint_row(found.standing[:, place], found.drawn[:, :, place])
        | _target(measure, found.drawn[:, 1, place])
        for place, measure in enumerate(study.measures)
    ]
    count = len(found.drawn)
    note = Label(
        f"{len(study.drawn)} 项假设在各自合理范围内同时变动，拉丁超立方抽样 {count} 次"
        f"（种子 {study.seed}）；个人的随机数不变。",
        f"{len(study.drawn)} assumed figures moved together within their plausible ranges: a Latin "
        f"hypercube of {count} draws (seed {study.seed}); the draws of persons stay.",
    )
    title = Label("假设的不确定性：共同变动", "Doubt of the assumptions: all together")
    return _table(study, pd.DataFrame(rows), title, note)


def joint_row(standing: NDArray[np.float64], drawn: NDArray[np.float64]) -> dict[str, float]:
    """Return what the draws say of one measure, drawn of shape (draws, 2): before and after.

    >>> row = joint_row(np.array([1.0, 2.0]), np.array([[1.0, 0.5], [1.0, 3.0]]))
    >>> row["rises"], row["falls"], row["change_median"]
    (0.5, 0.5, 0.75)
    """
    after, change = drawn[:, 1], drawn[:, 1] - drawn[:, 0]
    ends = ("low", "median", "high")
    row = {"after": standing[1]}
    row |= dict(zip((f"after_{end}" for end in ends), np.quantile(after, QUANTILES), strict=True))
    row |= {"change": standing[1] - standing[0]}
    row |= dict(zip((f"change_{end}" for end in ends), np.quantile(change, QUANTILES), strict=True))
    row |= {"rises": np.mean(change > NO_CHANGE), "falls": np.mean(change < -NO_CHANGE)}
    return {name: float(value) for name, value in row.items()}


def tornado_table(
    study: Study, ends: NDArray[np.float64], clauses: Sequence[str], by_clause: NDArray[np.float64]
) -> Table:
    """Return how far each assumption and each clause moves the change of every measure."""
    found = study.assumptions
    moved = [(ASSUMPTION, each) for each in found.drawn]
    moved += [(found.still[each.name], each) for each in found.singly]
    told = {each.name for each in found.singly}
    resting: list[dict[str, Any]] = [
        *({"kind": IDLE, "name": name, "swing": 0.0} for name in found.idle),
        *({"kind": kind, "name": name} for name, kind in found.still.items() if name not in told),
    ]
    frames = []
    for place, measure in enumerate(study.measures):
        standing = ends[0, place]
        lows, highs = ends[1::2, place], ends[2::2, place]
        rows: list[dict[str, Any]] = [
            {
                "kind": kind,
                "name": each.name,
                "side": each.side,
                "figure_unit": each.unit,
                "low": each.low,
                "figure": each.figure,
                "high": each.high,
                "change_at_low": low,
                "change_at_high": high,
                "swing": max(low, high, standing) - min(low, high, standing),
            }
            for (kind, each), low, high in zip(moved, lows, highs, strict=True)
        ]
        rows += [
            {
                "kind": CLAUSE,
                "name": clause,
                "side": "plan",
                "change_at_low": without,
                "change_at_high": standing,
                "alone": alone,
                "swing": abs(standing - without),
            }
            for clause, (alone, without) in zip(clauses, by_clause[:, :, place], strict=True)
        ]
        frame = pd.DataFrame({"figure_unit": ""} | row for row in (*rows, *resting))
        frame = frame.sort_values(["kind", "swing"], ascending=[True, False], kind="stable")
        rank = frame.groupby("kind").cumcount() + 1
        keys = measure.keys | {"change": standing}
        frames.append(frame.assign(rank=rank, **keys).reindex(columns=[*keys, *_MOVED]))
    note = Label(
        "逐项变动：每项假设取其范围的两端，开关取两值，未定措施取至范围上端，其余不变；"
        "每项条款单独实施，以及从整个改革中去掉。",
        "One at a time: each assumption at both ends of its range, each switch both ways, each "
        "open lever as far as is plausible, while the others stand; each clause alone, and left "
        "out of the whole.",
    )
    title = Label("假设的不确定性：逐项变动", "Doubt of the assumptions: one at a time")
    return _table(study, pd.concat(frames, ignore_index=True), title, note)


def sobol_table(study: Study, indices: Mapping[str, NDArray[np.float64]], draws: int) -> Table:
    """Return first-order and total Sobol indices of the change of every measure."""
    names = {"S1": "first_order", "S1_conf": "first_order_error"}
    names |= {"ST": "total", "ST_conf": "total_error"}
    rows = [
        measure.keys
        | {"name": each.name, "side": each.side}
        | {name: float(indices[key][place, column]) for key, name in names.items()}
        for place, measure in enumerate(study.measures)
        for column, each in enumerate(study.drawn)
    ]
    note = Label(
        f"变化方差的索博尔指数，共 {draws} 次模拟；误差为95%置信区间半宽（自助法）。"
        "一阶：单独解释的比例；总指数：含与其他假设的交互。",
        f"Sobol indices of the variance of the change, {draws} draws; errors are half-widths of "
        "95 % bootstrap intervals. First order: what a figure explains by itself; total: with its "
        "interactions.",
    )
    title = Label("假设的不确定性：方差分解", "Doubt of the assumptions: shares of the variance")
    return _table(study, pd.DataFrame(rows), title, note)


def met_share(measure: IndicatorMeasure, after: NDArray[np.float64]) -> float | None:
    """Return the share of draws in which the target of a measure is met; None without one."""
    return None if measure.target is None else float(np.mean(after >= measure.target.value))


def _target(measure: IndicatorMeasure, after: NDArray[np.float64]) -> dict[str, float | None]:
    target = np.nan if measure.target is None else measure.target.value
    return {"target": target, "met": met_share(measure, after)}


def _table(study: Study, frame: pd.DataFrame, title: Label, note: Label) -> Table:
    found, place = study.assumptions, study.population.place
    parameters = {**found.before.rules.parameters, **found.after.rules.parameters}
    names = {name: Label(each.zh or name, each.en or name) for name, each in parameters.items()}
    if place.has_plan:
        names |= {each.id: Label(each.quote_zh, each.id) for each in place.plan.clauses()}
    stretched = Label(
        "设定值在范围之外，范围已扩展到设定值",
        "lie outside their range, which was stretched to them",
    )
    still = [
        *(
            (NOTES[kind], [name for name, own in found.still.items() if own == kind])
            for kind in KINDS
        ),
        (Label("不影响收入，因此不变动", "move nothing"), found.idle),
        (stretched, [each.name for each in study.drawn if each.stretched]),
    ]
    synthetic = study.population.is_synthetic
    return placed_table(
        place,
        frame,
        title,
        _COLUMNS,
        words={
            "indicator": indicator_labels(place),
            "definition": DEFINITION_LABELS,
            "name": names,
            "kind": _KINDS,
            "side": _SIDES,
        },
        notes=(
            of_year(study.population.year),
            note,
            *(_standing(what, [names[name] for name in those]) for what, those in still if those),
            FAMILY_HOUSEHOLDS,
            *((MODEL_IMPLIED,) if synthetic else ()),
        ),
        synthetic=synthetic,
    )


def _standing(what: Label, labels: Sequence[Label]) -> Label:
    number, (zh, en) = len(labels), several(labels, " 等")
    return Label(f"{what.zh}（{number} 项）：{zh}。", f"{number} assumed figures {what.en}: {en}.")
