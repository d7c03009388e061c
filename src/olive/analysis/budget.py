"""What programmes cost, what taxes bring in, and what both do to the distribution."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive.analysis.disclosure import Figures
from olive.analysis.indicators import FloatArray
from olive.analysis.intervals import Uncertainty, total_interval
from olive.analysis.pairs import PolicyPair, policies_of, variables
from olive.analysis.public_purse import PAID_OUT, all_instruments, entitlements_of, instruments_of
from olive.places.labels import Label

if TYPE_CHECKING:
    from olive.engine import Policy

# With fewer recipients in the sample, an amount says little about the city.
FEW_RECIPIENTS = 50
ALL_SPENDING = "all_spending"
BALANCE = "public_balance"
_COUNTS = ("sample_before", "sample_after", "_not_taken_up_before", "_not_taken_up_after")
SUMMARY_LABELS = {
    ALL_SPENDING: Label("现金转移支付合计", "all cash transfers"),
    "all_relief": Label("费用减免合计", "all in-kind benefits"),
    "all_tax": Label("税收合计", "all taxes"),
    "all_contribution": Label("个人社会保险缴费合计", "all contributions of households"),
    "all_employer": Label("单位社会保险缴费合计", "all contributions of employers"),
    BALANCE: Label("收支差额", "public balance"),
}
KIND_LABELS = {
    "spending": Label("现金转移支付", "cash transfers"),
    "relief": Label("费用减免", "in-kind benefits"),
    "tax": Label("税收", "taxes"),
    "contribution": Label("个人缴费", "contributions of households"),
    "employer": Label("单位缴费", "contributions of employers"),
    "balance": Label("差额", "balance"),
}
SIDES = ("before", "after")
# Take-up tells those who do not claim apart from those who do.
TAKE_UP = Figures(
    ("take_up_before", "take_up_after"), ("_not_taken_up_before", "_not_taken_up_after")
)


def instruments(pair: PolicyPair) -> dict[str, tuple[str, ...]]:
    """Return the programmes, taxes and contributions of either policy, by kind."""
    return instruments_of(policies_of(pair))


def instrument_words(pair: PolicyPair) -> dict[str, Label]:
    """Return the labels of programmes, taxes and contributions."""
    return instrument_labels(policies_of(pair)) | SUMMARY_LABELS


def instrument_labels(policies: Sequence[Policy]) -> dict[str, Label]:
    """Return the labels of the instruments of policies; the later policy's where they differ."""
    rules = {name: rule for policy in policies for name, rule in policy.rules.rules.items()}
    return {name: Label(rules[name].zh, rules[name].en) for name in all_instruments(policies)}


def budget(pair: PolicyPair, uncertainty: Uncertainty | None = None) -> pd.DataFrame:
    """Return what the public purse and social insurance pay out and take in, and the balance.

    Collective households count. Recipients are households with an amount above 0 (payers, for a
    tax or contribution; for employers' contributions, households of the insured). Take-up is the
    share of entitled households that receive. The balance is taxes and contributions, those of
    employers included, less cash transfers and in-kind benefits. Pensions of the employees' scheme,
    which the data hold, stand on neither side. Columns are those of `Comparison.budget`; those that
    begin with ``_`` count sample households for `TAKE_UP`, and households that are entitled.
    """
    kinds = instruments(pair)
    names = [name for group in kinds.values() for name in group]
    entitlements = entitlements_of(policies_of(pair))
    values = variables(pair, [*names, *entitlements.values()])
    rows = []
    balance = [np.zeros(pair.weight.size) for _ in SIDES]
    for kind, group in kinds.items():
        for name in group:
            amounts = [np.asarray(values[side, name], dtype=np.float64) for side in (0, 1)]
            row = _row(pair, kind, name, amounts, uncertainty)
            if name in entitlements:
                claims = [values[side, entitlements[name]] for side in (0, 1)]
                row |= _take_up(pair, amounts, claims)
            rows.append(row)
        sums = [sum_of(values, side, group, pair.weight.size) for side in (0, 1)]
        rows.append(_row(pair, kind, f"all_{kind}", sums, uncertainty))
        sign = -1.0 if kind in PAID_OUT else 1.0
        balance = [before + sign * amount for before, amount in zip(balance, sums, strict=True)]
    rows.append(_balance(rows) | _intervals(pair, balance, uncertainty))
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
    pair: PolicyPair,
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
            f"_entitled_{side}": 0.0,
        }
    row["amount_change"] = row["amount_after"] - row["amount_before"]
    return row | _intervals(pair, amounts, uncertainty)


def _intervals(
    pair: PolicyPair, amounts: list[FloatArray], uncertainty: Uncertainty | None
) -> dict[str, float]:
    before, after = amounts
    return {
        **total_interval("amount_after", after, pair.weight, uncertainty),
        **total_interval("amount_change", after - before, pair.weight, uncertainty),
    }


def _take_up(pair: PolicyPair, amounts: list[FloatArray], claims: list[Any]) -> dict[str, float]:
    starts = pair.result.population.arrays().starts[:-1]
    shares = {}
    for side, amount, claim in zip(SIDES, amounts, claims, strict=True):
        due = np.asarray(claim, dtype=np.float64)
        entitled = (due if due.size == starts.size else np.add.reduceat(due, starts)) > 0
        households = float((pair.weight * entitled).sum())
        receiving = float((pair.weight * (entitled & (amount > 0))).sum())
        shares[f"_entitled_{side}"] = households
        shares[f"take_up_{side}"] = receiving / households if households else math.nan
        left = entitled & ~(amount > 0) & (pair.weight > 0)
        shares[f"_not_taken_up_{side}"] = int(np.count_nonzero(left))
    return shares


def _balance(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what comes in less what is paid out; nobody in particular receives it."""
    sums = {row["kind"]: row for row in rows if row["programme"] in SUMMARY_LABELS}
    row: dict[str, Any] = dict.fromkeys(rows[0], math.nan)
    row |= {"kind": "balance", "programme": BALANCE}
    for name in ("amount_before", "amount_after", "amount_change"):
        row[name] = sum(
            -each[name] if kind in PAID_OUT else each[name] for kind, each in sums.items()
        )
    return row | {name: max(each[name] for each in sums.values()) for name in _COUNTS}


def counted_balance(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows that were added up over blocks, with the sample that the balance rests on.

    It is the largest of the sums, and the largest ones of blocks do not add up to that.
    """
    balance = frame["programme"] == BALANCE
    sums = frame["programme"].isin([*SUMMARY_LABELS]) & ~balance
    return frame.assign(
        **{name: frame[name].mask(balance, frame.loc[sums, name].max()) for name in _COUNTS}
    )


def budget_sums(frame: pd.DataFrame) -> list[list[int]]:
    """Return the rows that add up: instruments of a kind, and the sums that make the balance."""
    parts = frame[~frame["programme"].isin(list(SUMMARY_LABELS))]
    groups = parts.groupby("kind", sort=False).groups
    sums = frame.index[frame["programme"].isin(list(SUMMARY_LABELS))]
    return [list(map(int, positions)) for positions in (*groups.values(), sums)]


NOTE = Label(
    "含集体户；领取户为金额大于0的住户；申领率为符合条件的住户中实际领取的比例。差额＝税收＋个人缴费＋单位缴费－"
    "现金转移支付－费用减免；数据中原样给出的收入（如职工养老金）不计入两侧。",
    "Collective households count; recipients are households with an amount above 0; take-up is the "
    "share of entitled households that receive. The balance is taxes and contributions, those of "
    "employers included, less cash transfers and in-kind benefits; incomes that the data hold as "
    "they are, such as employees' pensions, stand on neither side.",
)
