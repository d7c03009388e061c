"""Who gains, who loses, and how much, by category of household."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from olive.analysis.breakdowns import Breakdown
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


def winners_and_losers(pair: Pair, categories: Breakdown, threshold: float) -> pd.DataFrame:
    """Return winners, losers and unchanged households of each category.

    Parameters
    ----------
    pair : Pair
    categories : Breakdown
    threshold : float
        Winners gain more than this, losers lose more, yuan a year and household.

    Returns
    -------
    pandas.DataFrame
        One row a category and outcome, with a row ``all`` of each: sample households, weighted
        households and persons, share of the category's households, mean change a household and
        change in all, yuan a year.
    """
    change = pair.change
    outcomes = {
        "winners": change > threshold,
        "losers": change < -threshold,
        "unchanged": np.abs(change) <= threshold,
        "all": np.ones(change.size, dtype=np.bool_),
    }
    inside = pair.before.family & (categories.codes >= 0)
    places = {name: categories.codes == code for code, name in enumerate(categories.names)}
    rows = []
    for category, place in (*places.items(), ("all", inside)):
        whole = float(pair.weight[inside & place].sum())
        for outcome, happened in outcomes.items():
            figures = _figures(pair, inside & place & happened, whole)
            rows.append({"category": category, "outcome": outcome, **figures})
    return pd.DataFrame(rows)


def _figures(pair: Pair, rows: Truth, whole: float) -> dict[str, float]:
    weight = pair.weight[rows]
    households = float(weight.sum())
    total = float((weight * pair.change[rows]).sum())
    return {
        "sample": int(np.count_nonzero(weight > 0)),
        "households": households,
        "persons": float((weight * pair.size[rows]).sum()),
        "share": households / whole if whole else math.nan,
        "mean_change": total / households if households else math.nan,
        "total_change": total,
    }


def without_given_away(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame without the changes that give suppressed winners or losers away.

    The unchanged change by nothing, so the change of all is that of winners and losers together.
    """
    changed = frame["outcome"].isin(["winners", "losers"])
    hidden = frame.loc[changed & frame["sample"].isna(), "category"]
    rows = (frame["outcome"] == "all") & frame["category"].isin(hidden)
    shown = frame.copy()
    for name in ("mean_change", "total_change"):
        shown[name] = shown[name].mask(rows)
    return shown


def gain_sums(frame: pd.DataFrame) -> list[list[int]]:
    """Return the rows that add up to a known row: outcomes of a category, and categories."""
    position = {
        (category, outcome): row
        for row, (category, outcome) in enumerate(
            zip(frame["category"], frame["outcome"], strict=True)
        )
    }
    categories = list(dict.fromkeys(frame["category"]))
    across = [[position[category, outcome] for outcome in OUTCOMES] for category in categories]
    down = [
        [position[category, outcome] for category in categories if category != "all"]
        for outcome in (*OUTCOMES, "all")
    ]
    return [*across, *down]
