"""Who gains, who loses, and how much, by category of household."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from olive.analysis.breakdowns import EVERY, Breakdown
from olive.analysis.disclosure import Figures
from olive.analysis.indicators import FloatArray
from olive.analysis.intervals import Uncertainty, interval_columns, mean_interval, total_interval
from olive.analysis.pairs import Pair, Truth
from olive.errors import DataError

OUTCOMES = ("winners", "losers", "unchanged")
DEFAULT_THRESHOLD = 1.0


def checked_threshold(threshold: float) -> float:
    """Return a threshold of gains, yuan a year and household.

    Raises
    ------
    DataError
        When it is not a finite number of 0 or more.
    """
    number = isinstance(threshold, int | float | np.number) and not isinstance(threshold, bool)
    if not number or not math.isfinite(threshold) or threshold < 0:
        raise DataError(
            f"threshold is {threshold!r}; it is the change of a household's income, in yuan a "
            "year, above which it counts as winner or loser: a finite number of 0 or more"
        )
    return float(threshold)


def winners_and_losers(
    pair: Pair, categories: Breakdown, threshold: float, uncertainty: Uncertainty | None = None
) -> pd.DataFrame:
    """Return winners, losers and unchanged households of each category.

    Parameters
    ----------
    pair : Pair
    categories : Breakdown
        Categories without sample households are left out.
    threshold : float
        Winners gain more than this, losers lose more, yuan a year and household.
    uncertainty : Design, ReplicateWeights or None
        How the sample was drawn; None for no intervals.

    Returns
    -------
    pandas.DataFrame
        One row a category and outcome, with a row ``all`` of each: sample households, weighted
        households and persons, share of the category's households, mean change a household and
        change in all, yuan a year; with standard errors and intervals of the share, the mean
        change and the change in all.
    """
    change = pair.change
    outcomes = {
        "winners": change > threshold,
        "losers": change < -threshold,
        "unchanged": np.abs(change) <= threshold,
        "all": np.ones(change.size, dtype=np.bool_),
    }
    inside = pair.family & (categories.codes >= 0)
    places = {
        name: inside & (categories.codes == code)
        for code, name in enumerate(categories.names)
        if name != EVERY
    }
    rows = []
    for category, place in (*places.items(), ("all", inside)):
        weight = pair.weight * place
        if category != "all" and not weight.any():
            continue
        for outcome, happened in outcomes.items():
            figures = _figures(pair, weight, happened, uncertainty)
            rows.append({"category": category, "outcome": outcome, **figures})
    return pd.DataFrame(rows)


def _figures(
    pair: Pair, place: FloatArray, happened: Truth, uncertainty: Uncertainty | None
) -> dict[str, float]:
    weight, whole = place * happened, float(place.sum())
    households = float(weight.sum())
    total = float((weight * pair.change).sum())
    return {
        "sample": int(np.count_nonzero(weight > 0)),
        "households": households,
        "persons": float((weight * pair.size).sum()),
        "share": households / whole if whole else math.nan,
        "mean_change": total / households if households else math.nan,
        "total_change": total,
        **mean_interval("share", happened.astype(np.float64), place, uncertainty),
        **mean_interval("mean_change", pair.change, weight, uncertainty),
        **total_interval("total_change", pair.change * happened, place, uncertainty),
    }


def change_figures(frame: pd.DataFrame) -> Figures:
    """Return what the guard of small cells must know of changes of income.

    The unchanged change by nothing, so the change of all is that of winners and losers together:
    it gives a suppressed one away.
    """
    position = _positions(frame)
    categories = list(dict.fromkeys(frame["category"]))
    outcomes = ("winners", "losers", "all")
    across = [[position[category, outcome] for outcome in outcomes] for category in categories]
    return Figures(
        tuple(name for name in interval_columns("mean_change", "total_change") if name in frame),
        ("sample",),
        [*across, *_down(position, categories, outcomes)],
    )


def gain_sums(frame: pd.DataFrame) -> list[list[int]]:
    """Return the rows that add up to a known row: outcomes of a category, and categories."""
    position = _positions(frame)
    categories = list(dict.fromkeys(frame["category"]))
    across = [[position[category, outcome] for outcome in OUTCOMES] for category in categories]
    return [*across, *_down(position, categories, (*OUTCOMES, "all"))]


def _positions(frame: pd.DataFrame) -> dict[tuple[str, str], int]:
    keys = zip(frame["category"], frame["outcome"], strict=True)
    return {key: row for row, key in enumerate(keys)}


def _down(
    position: Mapping[tuple[str, str], int], categories: Sequence[str], outcomes: Sequence[str]
) -> list[list[int]]:
    parts = [category for category in categories if category != "all"]
    return [[position[category, outcome] for category in parts] for outcome in outcomes if parts]
