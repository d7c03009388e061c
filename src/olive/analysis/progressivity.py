"""How progressive taxes and transfers are, and how much they redistribute."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from olive import statistics
from olive.analysis.budget import (
    ALL_SPENDING,
    SIDES,
    SUMMARY_LABELS,
    instrument_words,
    instruments,
    sum_of,
)
from olive.analysis.indicators import FloatArray
from olive.analysis.pairs import PolicyPair, variables
from olive.places.labels import Label
from olive.statistics.money import exceeds

ALL, ALL_REVENUE = "taxes_and_transfers", "all_revenue"


def progressivity_words(pair: PolicyPair) -> dict[str, Label]:
    """Return the labels of instruments."""
    own = {
        ALL_SPENDING: Label("全部转移支付", "all transfers"),
        ALL_REVENUE: Label("全部税费", "all taxes and contributions"),
        ALL: Label("税费与转移支付合计", "taxes and transfers together"),
    }
    return instrument_words(pair) | SUMMARY_LABELS | own


def progressivity(pair: PolicyPair) -> pd.DataFrame:
    """Return what each tax and transfer does to inequality, under both policies.

    Income with an instrument is disposable income; income without it is disposable income plus the
    tax or less the transfer, behaviour unchanged. All transfers are added first and all taxes then
    taken, so their effects follow each other: market income, gross income, disposable income. All
    are incomes per head, weighted by persons; negative incomes count as 0.

    Returns
    -------
    pandas.DataFrame
        One row a policy and instrument: households with an amount (sample), average rate (what it
        takes over income without it; below 0 for what it gives), Gini without and with it,
        redistributive effect = Reynolds-Smolensky less re-ranking, and Kakwani of the amount (for
        a transfer, negative means that it favours the poor). Figures that are not defined
        (nothing is paid) are missing.

    References
    ----------
    See `olive.statistics.reynolds_smolensky`, `re_ranking` and `kakwani`.
    """
    own = instruments(pair)
    spending, revenue = own["spending"], (*own["tax"], *own["contribution"])
    names = [*spending, *revenue]
    found = variables(pair, names)
    rows = []
    for side in range(len(SIDES)):
        disposable = (pair.before, pair.after)[side].income
        amounts = {name: np.asarray(found[side, name], dtype=np.float64) for name in names}
        transfers = sum_of(found, side, spending, disposable.size)
        taxes = sum_of(found, side, revenue, disposable.size)
        gross = disposable + taxes
        steps = [
            *((name, disposable - amounts[name], disposable) for name in spending),
            *((name, disposable + amounts[name], disposable) for name in revenue),
            (ALL_SPENDING, gross - transfers, gross),
            (ALL_REVENUE, gross, disposable),
            (ALL, gross - transfers, disposable),
        ]
        label = pair.result.labels[pair.positions[side]]
        rows += [
            {"policy": label, "instrument": name, **_figures(pair, without, having)}
            for name, without, having in steps
        ]
    return pd.DataFrame(rows)


def _figures(pair: PolicyPair, without: FloatArray, having: FloatArray) -> dict[str, Any]:
    weight = pair.weight * pair.size
    before = np.maximum(without / pair.size, 0.0)
    after = np.maximum(having / pair.size, 0.0)
    paid = np.abs(after - before)
    # Sums of amounts differ from 0 by rounding where nobody pays.
    touched = exceeds(paid, 0.0) & (weight > 0)
    sample = int(np.count_nonzero(touched))
    defined = bool((weight * before).any()) and bool((weight * after).any())
    if sample == 0 or not defined:
        return {"sample": sample, **dict.fromkeys(_MEASURES, math.nan)}
    ranking = statistics.ordered(before, weight)
    amount = before - after
    return {
        "sample": sample,
        "average_rate": statistics.average_tax_rate(amount, ranking),
        "gini_before": statistics.gini(ranking),
        "gini_after": statistics.gini(after, weight),
        "redistributive_effect": statistics.redistributive_effect(after, ranking),
        "reynolds_smolensky": statistics.reynolds_smolensky(after, ranking),
        "re_ranking": statistics.re_ranking(after, ranking),
        "kakwani": _kakwani(amount, ranking),
    }


_MEASURES = (
    "average_rate",
    "gini_before",
    "gini_after",
    "redistributive_effect",
    "reynolds_smolensky",
    "re_ranking",
    "kakwani",
)


def _kakwani(amount: FloatArray, ranking: statistics.Ordered) -> float:
    """Return Kakwani of a tax or a transfer; missing where taxes and transfers cancel out."""
    rows = slice(None) if ranking.positions is None else ranking.positions
    total = float((ranking.weights * amount[rows]).sum())
    if abs(total) < 1e-9 * ranking.total_amount:
        return math.nan
    return statistics.kakwani(amount, ranking)


NOTE = Label(
    "按人均收入、以人数加权，负收入计为0；行为不变。全部转移支付先加、全部税费后减。",
    "Incomes per head, weighted by persons, negative incomes as 0, behaviour unchanged. All "
    "transfers are added first, all taxes then taken.",
)
