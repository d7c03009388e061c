"""What programmes cost, what taxes bring in, and what both do to the distribution."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive.analysis.disclosure import Figures
from olive.analysis.indicators import FloatArray
from olive.analysis.intervals import Uncertainty, total_interval
from olive.analysis.pairs import Pair, variables
from olive.analysis.words import Label
from olive.policy.programmes import COST_PROGRAMMES, PROGRAMMES, TAXES

# Programmes that not everybody who is entitled takes up, with the entitlement of each person.
ENTITLEMENTS = {"dibao": "dibao_entitlement"}

ALL_SPENDING, ALL_RELIEF, ALL_REVENUE = "all_spending", "all_relief", "all_revenue"
NET = "net_cost"
SUMMARY_LABELS = {
    ALL_SPENDING: Label("支出合计", "all spending"),
    ALL_RELIEF: Label("费用减免合计", "all help with costs"),
    ALL_REVENUE: Label("收入合计", "all revenue"),
    NET: Label("净支出", "net cost"),
}
KIND_LABELS = {
    "spending": Label("支出", "spending"),
    "relief": Label("费用减免", "help with costs"),
    "revenue": Label("收入", "revenue"),
    "net": Label("净额", "net"),
}
SIDES = ("before", "after")
# Take-up tells those who do not claim apart from those who do.
TAKE_UP = Figures(
    ("take_up_before", "take_up_after"), ("_not_taken_up_before", "_not_taken_up_after")
)


def instruments(pair: Pair) -> dict[str, tuple[str, ...]]:
    """Return the cash programmes and taxes that both policies have rules for, by kind."""
    return {"spending": _in_both(pair, PROGRAMMES), "revenue": _in_both(pair, TAXES)}


def _in_both(pair: Pair, names: tuple[str, ...]) -> tuple[str, ...]:
    rules = [pair.result.policies[position].rules.rules for position in pair.positions]
    return tuple(name for name in names if all(name in each for each in rules))


def instrument_words(pair: Pair) -> dict[str, Label]:
    """Return the labels of programmes and taxes."""
    rules = pair.result.policies[pair.positions[0]].rules.rules
    names = [*(name for group in instruments(pair).values() for name in group)]
    names += _in_both(pair, COST_PROGRAMMES)
    return {name: Label(rules[name].zh, rules[name].en) for name in names} | SUMMARY_LABELS


def budget(pair: Pair, uncertainty: Uncertainty | None = None) -> pd.DataFrame:
    """Return the cost of programmes, in cash and as help with costs, and the revenue of taxes.

    Collective households count. Recipients are households with an amount above 0 (payers, for a
    tax). Take-up is the share of entitled households that receive.

    Returns
    -------
    pandas.DataFrame
        One row a programme or tax, and four rows of sums: amounts in yuan a year before, after
        and their change, recipient households, amount for each of them, take-up where a programme
        has one; with standard errors and intervals of the amount after and of its change, where
        the design of the sample is given. Columns that begin with ``_`` count sample households
        for `TAKE_UP`.
    """
    found = instruments(pair)
    kinds = {
        "spending": found["spending"],
        "relief": _in_both(pair, COST_PROGRAMMES),
        "revenue": found["revenue"],
    }
    names = [name for group in kinds.values() for name in group]
    entitled = [ENTITLEMENTS[name] for name in kinds["spending"] if name in ENTITLEMENTS]
    values = variables(pair, [*names, *entitled])
    rows, sums = [], {}
    for kind, group in kinds.items():
        for name in group:
            amounts = [np.asarray(values[side, name], dtype=np.float64) for side in (0, 1)]
            row = _row(pair, kind, name, amounts, uncertainty)
            if name in ENTITLEMENTS:
                claims = [values[side, ENTITLEMENTS[name]] for side in (0, 1)]
                row |= _take_up(pair, amounts, claims)
            rows.append(row)
        sums[kind] = [sum_of(values, side, group, pair.weight.size) for side in (0, 1)]
        rows.append(_row(pair, kind, f"all_{kind}", sums[kind], uncertainty))
    net = [sums["spending"][side] + sums["relief"][side] - sums["revenue"][side] for side in (0, 1)]
    rows.append(_net(rows) | _intervals(pair, net, uncertainty))
    return pd.DataFrame(rows)


def sum_of(
    found: Mapping[tuple[int, str], NDArray[Any]], side: int, names: tuple[str, ...], rows: int
) -> FloatArray:
    """Return the sum of variables of every household on one side of a pair."""
    total = np.zeros(rows)
    for name in names:
        total = total + found[side, name]
    return total


def _row(
    pair: Pair,
    kind: str,
    name: str,
    amounts: list[FloatArray],
    uncertainty: Uncertainty | None,
) -> dict[str, Any]:
    weight = pair.weight
    row: dict[str, Any] = {"kind": kind, "programme": name}
    for side, amount in zip(SIDES, amounts, strict=True):
        received = weight * (amount > 0)
        households, total = float(received.sum()), float((weight * amount).sum())
        row |= {
            f"sample_{side}": int(np.count_nonzero(received)),
            f"amount_{side}": total,
            f"households_{side}": households,
            f"per_household_{side}": total / households if households else math.nan,
            f"take_up_{side}": math.nan,
            f"_not_taken_up_{side}": 0,
        }
    row["amount_change"] = row["amount_after"] - row["amount_before"]
    return row | _intervals(pair, amounts, uncertainty)


def _intervals(
    pair: Pair, amounts: list[FloatArray], uncertainty: Uncertainty | None
) -> dict[str, float]:
    before, after = amounts
    return {
        **total_interval("amount_after", after, pair.weight, uncertainty),
        **total_interval("amount_change", after - before, pair.weight, uncertainty),
    }


def _take_up(pair: Pair, amounts: list[FloatArray], claims: list[Any]) -> dict[str, float]:
    starts = pair.result.population.arrays().starts[:-1]
    shares = {}
    for side, amount, claim in zip(SIDES, amounts, claims, strict=True):
        entitled = np.add.reduceat(np.asarray(claim, dtype=np.float64), starts) > 0
        households = float((pair.weight * entitled).sum())
        receiving = float((pair.weight * (entitled & (amount > 0))).sum())
        shares[f"take_up_{side}"] = receiving / households if households else math.nan
        left = entitled & ~(amount > 0) & (pair.weight > 0)
        shares[f"_not_taken_up_{side}"] = int(np.count_nonzero(left))
    return shares


def _net(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return spending and help with costs less revenue; nobody in particular receives it."""
    spending, relief, revenue = (
        next(row for row in rows if row["programme"] == name)
        for name in (ALL_SPENDING, ALL_RELIEF, ALL_REVENUE)
    )
    net: dict[str, Any] = dict.fromkeys(spending, math.nan) | {"kind": "net", "programme": NET}
    for name in ("amount_before", "amount_after", "amount_change"):
        net[name] = spending[name] + relief[name] - revenue[name]
    for name in ("sample_before", "sample_after", "_not_taken_up_before", "_not_taken_up_after"):
        net[name] = max(spending[name], relief[name], revenue[name])
    return net


def budget_sums(frame: pd.DataFrame) -> list[list[int]]:
    """Return the rows that add up: programmes, taxes, and the sums that make the net cost."""
    parts = frame[~frame["programme"].isin(list(SUMMARY_LABELS))]
    groups = parts.groupby("kind", sort=False).groups
    net = frame.index[frame["programme"].isin(list(SUMMARY_LABELS))]
    return [list(map(int, positions)) for positions in (*groups.values(), net)]
