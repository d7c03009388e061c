"""The recipe range: indicators under the other spreads that the published figures allow.

A synthetic population has no sampling error worth quoting. What stands in doubt is the recipe:
the shape of the distribution borrowed from another place, the factor on its spread, and how much
smaller richer households are. Each variant moves the incomes of the policy before; every policy
keeps the gain in yuan that it has for each household, taxes and benefits are not computed anew.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from olive.analysis.figures import figures
from olive.analysis.indicators import incomes, indicator_labels
from olive.messages import Message
from olive.native.blas import one_blas_thread
from olive.native.cores import available_cores
from olive.places.labels import Label
from olive.places.place import Place
from olive.progress import watched

if TYPE_CHECKING:
    from olive.analysis.indicators import FloatArray, IndicatorMeasure
    from olive.progress import Told
    from olive.simulation.result import Result

COLUMNS_OF_RANGES = ("after_range_low", "after_range_high", "change_range_low", "change_range_high")
# Means are published and met by every variant, so they have no range.
_PINNED = frozenset({"per_capita_income", "cash_per_capita_income"})

NOT_COMPUTED = Label(
    "合成数据没有抽样误差，只有配方范围；本表未计算配方范围。",
    "Synthetic data have no sampling error, only a recipe range, which was not computed here.",
)
EXPLAINED = Label(
    "配方范围不是抽样误差：合成数据没有抽样误差。范围为已公布数据同样允许的各种设定（两种分布形状×三种"
    "离散程度×两种家庭规模梯度）下的最小值和最大值；各户在各政策下的增减额保持不变；均值由公布数固定，"
    "没有范围。",
    "The recipe range is no sampling error, which synthetic data do not have: least and largest "
    "value over recipes that the published figures allow as well (2 shapes x 3 spreads x 2 size "
    "gradients). Each household keeps its gain under each policy. Means are pinned by "
    "published figures and have no range.",
)


@one_blas_thread
def range_rows(
    result: Result,
    positions: tuple[int, int],
    measures: tuple[IndicatorMeasure, ...],
    told: Told = None,
) -> tuple[pd.DataFrame | None, tuple[Label, ...]]:
    """Return least and largest value of every indicator after, and of its change.

    Parameters
    ----------
    positions : (int, int)
        Of the policy before, whose incomes are moved, and the policy after.
    told : callable, optional
        Called with (variants done, variants in all).

    Returns
    -------
    frame : pandas.DataFrame or None
        In the order of the measures, columns ``COLUMNS_OF_RANGES``; missing for means. None when
        the population was not drawn from a recipe that olive ships.
    notes : tuple of Label
        What the range is, with the range over all definitions of each share; or why there is none.
    """
    population = result.population
    place = population.place
    before, after = positions
    base = result.values("disposable_income", before)
    if place.recipes_at:
        others = place.recipes.other_distributions(population, base)
    else:
        others = Label("该地区没有配方", "the place has no recipes")
    if isinstance(others, Label):
        why = Label(
            f"合成数据没有抽样误差，只有配方范围；没有配方范围：{others.zh}。",
            "Synthetic data have no sampling error, only a recipe range; none is given: "
            f"{others.en}.",
        )
        return None, (why,)
    with ThreadPoolExecutor(available_cores()) as pool:
        waiting = [
            pool.submit(_figures, result, positions, moved - base, measures) for moved in others
        ]
        tables = [each.result() for each in watched(waiting, told, Message("compare"))]
    every = np.stack(tables)  # variants x measures x (before, after)
    after_it, change = every[:, :, 1], every[:, :, 1] - every[:, :, 0]
    ends = [after_it.min(0), after_it.max(0), change.min(0), change.max(0)]
    frame = pd.DataFrame(np.stack(ends, axis=1), columns=list(COLUMNS_OF_RANGES))
    return frame, (
        EXPLAINED,
        *_over_definitions(frame, measures, result.labels[after], result.place),
    )


def _figures(
    result: Result,
    positions: tuple[int, int],
    shift: FloatArray,
    measures: tuple[IndicatorMeasure, ...],
) -> FloatArray:
    moving = [place for place, each in enumerate(measures) if each.id not in _PINNED]
    found = np.full((len(measures), len(positions)), np.nan)
    for side, position in enumerate(positions):
        moved = incomes(result, position).changed(lambda each: each + shift)
        found[moving, side] = figures([measures[place] for place in moving], moved)
    return found


def _over_definitions(
    frame: pd.DataFrame, measures: tuple[IndicatorMeasure, ...], policy: str, place: Place
) -> tuple[Label, ...]:
    """Return for each share the range over recipes and definitions together."""
    notes = []
    ids = [each.id for each in measures if "low" in each.arguments]
    for name in dict.fromkeys(each for each in ids if ids.count(each) == 4):
        rows = [position for position, each in enumerate(measures) if each.id == name]
        low = frame["after_range_low"].iloc[rows].min()
        high = frame["after_range_high"].iloc[rows].max()
        label = indicator_labels(place)[name]
        notes.append(
            Label(
                f"{label.zh}，四种口径合计的配方范围（{policy}）：{low:.1%}—{high:.1%}。",
                f"{label.en}, recipe range over all four definitions ({policy}): {low:.1%} "
                f"to {high:.1%}.",
            )
        )
    return tuple(notes)
