"""Write the table of `olive.validation.validation.validate` as a page for readers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from olive.native.files import write_text
from olive.validation.validation import headlines

if TYPE_CHECKING:
    import pandas as pd

    from olive.population import Population

_ROLES = {"fit": "in fit 拟合", "held_out": "held out 留出", "": "not stated 未注明"}
_HEAD = (
    "figure 指标",
    "year 年份",
    "unit 单位",
    "published 公布值",
    "model 模型值",
    "miss 偏差",
    "met 达到",
    "use 用途",
    "status 性质",
    "source 来源",
)
_UNCERTAINTY = (
    "Between these values the figure lies for other shapes, spreads and size gradients. This, "
    "not the sampling error, is the uncertainty of synthetic data. "
    "合成数据的不确定性是此区间，而非抽样误差。"
)
_SEEDS = (
    "The same recipe, drawn with other seeds in the same size: chance of the draw, no measure of "
    "truth. 同一配方、同样规模、不同随机种子：只反映抽取的偶然性，不说明是否真实。"
)
_CAUTION = (
    "Margins that are reproduced say nothing about how columns hang together: what no row above "
    "constrains is implied by the model. 边际分布吻合不说明各变量之间的联合分布可信。"
)


def validation_page(table: pd.DataFrame, population: Population) -> str:
    """Return the page as Markdown: what was met, what was missed, what nothing is known of.

    Parameters
    ----------
    table : pandas.DataFrame
        From `olive.validation.validation.validate`.
    population : Population
        What was validated.
    """
    lines = ["# Validation 校验", ""]
    if population.is_synthetic:
        lines += ["**Synthetic data, not real people. 合成数据，并非真实住户。**", ""]
    lines += [repr(population), ""]
    lines += [f"- {note}" for note in population.notes]
    lines += _summary(table)
    known = table[table["published"].notna()]
    for block, rows in known.groupby("block", sort=False):
        lines += _section(f"## {block!s}", _HEAD, [_cells(row) for row in _records(rows)])
    lines += [*_unknown(table), *_ranges(table), *_seeds(table, population)]
    if population.is_synthetic:
        lines += _fits(population)
    return "\n".join([*lines, "", _CAUTION]) + "\n"


def write_validation(table: pd.DataFrame, population: Population, path: str | Path) -> Path:
    """Write `validation_page` to a file and return its path."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    return write_text(target, validation_page(table, population))


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in rows.to_dict("records")]


def _summary(table: pd.DataFrame) -> list[str]:
    known = table[table["published"].notna()]
    rows = []
    for role in [each for each in _ROLES if (known["role"] == each).any()]:
        some = known[known["role"] == role]
        met = some["met"].astype(bool)
        missed = ", ".join(some.loc[~met, "id"]) or "-"
        rows.append([_ROLES[role], str(len(some)), str(int(met.sum())), missed])
    return ["", *_grid(("use 用途", "figures 指标数", "met 达到", "missed 未达到"), rows)]


def _cells(row: dict[str, Any]) -> list[str]:
    compared = f" (at {row['at']})" if row["at"] != row["year"] else ""
    before = "" if math.isnan(row["before"]) else f" (before 校准前 {_shown(row['before'])})"
    miss = f"{row['miss']:+z.2%}" if row["published"] else f"{row['miss']:,.0f}"
    return [
        row["id"],
        f"{row['year']}{compared}",
        row["unit"],
        _shown(row["published"]),
        _shown(row["synthetic"]) + before,
        miss,
        ("yes 是" if row["met"] else "**no 否**") + f" (±{row['tolerance']:.2%})",
        _ROLES[row["role"]],
        row["status"],
        row["source"],
    ]


def _unknown(table: pd.DataFrame) -> list[str]:
    head = ("figure 指标", "year 年份", "unit 单位", "model 模型值", "note 说明")
    cells = [
        [row["id"], str(row["year"]), row["unit"], _shown(row["synthetic"]), row["source"]]
        for row in _records(table[table["published"].isna()])
    ]
    return _section("## Nothing published 无公布值", head, cells)


def _ranges(table: pd.DataFrame) -> list[str]:
    head = ("figure 指标", "year 年份", "model 模型值", "low 低", "high 高")
    cells = [
        [row["id"], str(row["year"]), *(_shown(row[name]) for name in ("synthetic", "low", "high"))]
        for row in _records(table[table["low"].notna()])
    ]
    return _section("## Model range 模型区间", head, cells, _UNCERTAINTY)


def _seeds(table: pd.DataFrame, population: Population) -> list[str]:
    rows = headlines(table[table["seed_spread"].notna()], population.place)
    head = (
        "figure 指标",
        "published 公布值",
        "this population 本人口",
        "mean 均值",
        "least 最小",
        "most 最大",
        "standard deviation 标准差",
    )
    names = ("published", "synthetic", "seed_mean", "seed_low", "seed_high")
    cells = [
        [row["id"], *(_shown(row[name]) for name in names), f"{row['seed_spread']:.3g}"]
        for row in _records(rows)
    ]
    return _section("## From seed to seed 不同种子之间", head, cells, _SEEDS)


def _fits(population: Population) -> list[str]:
    """Return how well the shapes behind the spread fit, and the medians they were not given."""
    place = population.place
    rows = place.recipes.shapes(population.origin) if place.recipes_at else ()
    head = (
        "area 城乡",
        "shape of 形状来源",
        "family 分布",
        "error of group means 组均值误差",
        "median, held out 中位数（留出）",
        "size gradient 户规模梯度",
    )
    return _section("## Shapes behind the spread 收入分布形状", head, rows)


def _section(title: str, head: Sequence[str], rows: Sequence[Any], *remarks: str) -> list[str]:
    """Return a table under its heading; nothing where it has no rows."""
    above = [line for text in (title, *remarks) for line in ("", text)]
    return [*above, "", *_grid(head, rows)] if rows else []


def _grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *([cell.replace("|", "/") for cell in row] for row in rows)]
    return [f"| {' | '.join(line)} |" for line in lines]


def _shown(value: float) -> str:
    if math.isnan(value):
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.4g}"
