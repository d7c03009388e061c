"""Effective marginal and average tax rates of every earner of a population.

Each earner in turn earns a little more, the others as much as before and every draw held fixed;
the rate is what the household does not keep of it: taxes, contributions, and benefits that fall.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive import statistics
from olive.analysis.bracket_rule import BracketRule
from olive.analysis.breakdowns import breakdown
from olive.analysis.disclosure import smallest_cell_for, suppress
from olive.analysis.earners import Earners
from olive.analysis.held_draws import KINDS, FloatArray, HeldDraws, in_blocks
from olive.analysis.pairs import PolicyPair
from olive.analysis.table import Table, placed_table
from olive.analysis.words import ALL, COLUMNS, ColumnWords, of_year
from olive.errors import DataError
from olive.messages import Message
from olive.native.given_numbers import is_finite
from olive.native.given_objects import checked_objects
from olive.places.labels import Label, policy_label
from olive.progress import Progress, watched

if TYPE_CHECKING:
    from olive.simulation.result import Result

#: Where nothing is said: one per cent more of what the earner earns.
DEFAULT_SHARE = 0.01
HIGH, WHOLE = 0.5, 1.0
_ROUNDING = 1e-6  # of a rate: what is kept of the extra earnings is a difference of incomes
_PARTS = ("tax", "contribution", "benefit", "not_received")
_WORDS = {
    **COLUMNS,
    "earners": ColumnWords(Label("劳动者人数", "earners"), "persons"),
    "mean": ColumnWords(Label("平均边际有效税率", "mean marginal rate"), "1"),
    "tax": ColumnWords(Label("其中：税", "of it taxes"), "1"),
    "contribution": ColumnWords(Label("其中：社保缴费", "of it contributions"), "1"),
    "benefit": ColumnWords(Label("其中：待遇减少", "of it benefits that fall"), "1"),
    "not_received": ColumnWords(Label("其中：未到手", "of it not received"), "1"),
    "p10": ColumnWords(Label("10%分位", "10 % of earners below"), "1"),
    "median": ColumnWords(Label("中位数", "median"), "1"),
    "p90": ColumnWords(Label("90%分位", "90 % of earners below"), "1"),
    "high": ColumnWords(Label("税率50%以上的比例", "share at 50 % or more"), "1"),
    "whole": ColumnWords(Label("税率100%以上的比例", "share at 100 % or more"), "1"),
    "average": ColumnWords(Label("平均有效税率", "average rate"), "1"),
}


@checked_objects
def marginal_rates(
    result: Result,
    *,
    by: str = "quintile",
    share: float | None = None,
    amount: float | None = None,
    policy: int | str = 0,
    smallest_cell: int | None = None,
    progress: Progress = None,
) -> Table:
    """Return effective marginal and average rates of all earners, by groups of households.

    Parameters
    ----------
    result : Result
        Its seed, draws and population totals hold.
    by : str
        ``"quintile"``, ``"decile"``, ``"county"``, ``"group"``, ``"household_type"`` and the other
        breakdowns of `olive.compare`.
    share, amount : float, optional
        What each earner earns more: a share of what the largest source of earnings brings, or
        yuan a year; by default a share of 0.01.
    policy : int or str
    smallest_cell : int, optional
        As in `olive.compare`.
    progress : callable or bool, optional
        Called with (blocks of earners done, blocks in all); True shows a bar.

    Returns
    -------
    Table
        One row a ``category`` and ``all``: ``sample`` households with an earner, ``earners``
        (weighted), the ``mean`` rate and its parts, which add up to it (``tax``,
        ``contribution``, ``benefit``, and ``not_received``: earnings that do not come, as below
        a minimum wage that is paid anyway), ``p10``, ``median``, ``p90``, the shares of earners
        with a rate of 50 % and 100 % or more (``high``, ``whole``), and the ``average`` rate:
        taxes and contributions less cash benefits of these households, as a share of their income
        before them.

    Raises
    ------
    DataError
        For an unknown breakdown, or extra earnings that are none.

    References
    ----------
    Jara and Tumino (2013), "Tax-benefit systems, income distribution and work incentives in the
    European Union", International Journal of Microsimulation 6.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=200, seed=1)
    >>> table = marginal_rates(olive.simulate(city, olive.law(year=2023)), amount=100.0)
    >>> table["category"].tolist()
    ['1', '2', '3', '4', '5', 'all']
    """
    position, population = result.position(policy), result.population
    pair = PolicyPair.of(result, (position, position), BracketRule(place=result.place))
    parts = breakdown(pair, by)
    earners = Earners.of(population)
    share, amount = _checked(share, amount)
    extra = earners.amount * share if amount is None else np.full(len(earners), amount)
    held = HeldDraws.of(result, position, population)
    before = standing(held)
    rates = _rates(held, before, earners, extra, progress)
    masks = {name: parts.codes == code for code, name in enumerate(parts.names)}
    frame = pd.DataFrame(
        _row(name, mask, earners, rates, before=before, weight=population.weight)
        for name, mask in (*masks.items(), ("all", parts.codes >= 0))
        if mask[earners.household].any()
    )
    frame, hidden = suppress(
        frame,
        smallest_cell=smallest_cell_for(smallest_cell, synthetic=population.is_synthetic),
        samples=["sample"],
        keys=["category"],
        sums=[list(range(len(frame) - 1))],
    )
    money, label = result.place.currency, policy_label(result.policies[position])
    more = Label(f"每名劳动者多挣{share:.2%}", f"Each earner earns {share:.2%} more")
    if amount is not None:
        more = Label(
            f"每名劳动者每年多挣{amount:,.0f}{money.zh}",
            f"Each earner earns {amount:,.0f} {money.en} more a year",
        )
    return placed_table(
        result.place,
        frame,
        Label(f"边际有效税率，按{parts.label.zh}", f"Effective marginal rates by {parts.label.en}"),
        _WORDS,
        words={"category": {**parts.words, "all": ALL}},
        notes=(
            of_year(population.year),
            Label(
                f"{more.zh}（逐人计算，同户其他人不变，随机数固定）；政策：{label.zh}。"
                "“未到手”指没有到手的部分，如合同工资低于最低工资时。税率为增加部分中住户未能留下的比例。",
                f"{more.en}, one at a time, the others and every draw held fixed; policy: "
                f"{label.en}. The rate is what the household does not keep; not "
                "received is what does not come, as where a minimum wage above the contract is "
                "paid anyway.",
            ),
            *((parts.note,) if parts.note else ()),
            *hidden,
        ),
        synthetic=population.is_synthetic,
    )


def _checked(share: float | None, amount: float | None) -> tuple[float, float | None]:
    """Return what each earner earns more: a share, or an amount where one is given."""
    if share is not None and amount is not None:
        raise DataError("give share or amount, not both")
    if amount is not None and not (is_finite(amount) and amount > 0.0):
        raise DataError("amount must be above 0, found {amount!r}", amount)
    part = DEFAULT_SHARE if share is None else share
    if not (is_finite(part) and 0.0 < part <= 1.0):
        raise DataError("share must be above 0 and at most 1, found {share!r}", share)
    return float(part), None if amount is None else float(amount)


def standing(held: HeldDraws) -> FloatArray:
    """Return what every household has, pays and receives now, shape (kinds, households)."""
    rows = np.arange(held.tables.starts.size - 1)
    return np.concatenate(
        [held.by_kind(held.run(held.rows(rows[block]), {})) for block in in_blocks(rows.size)],
        axis=1,
    )


def _rates(
    held: HeldDraws, before: FloatArray, earners: Earners, extra: FloatArray, progress: Progress
) -> dict[str, FloatArray]:
    """Return each earner's rate and its parts, which add up to it."""
    change = np.empty((len(KINDS), len(earners)))
    for block in watched(in_blocks(len(earners)), progress, Message("simulate")):
        some = earners.chosen(block)
        after = held.by_kind(some.earning_more(held, extra[block]))
        change[:, block] = (after - before[:, some.household]) / extra[block]
    income, tax, contribution, benefit, _ = np.round(change, 9) + 0.0  # no -0.0
    rate = 1.0 - income
    return {
        "rate": rate,
        "tax": tax,
        "contribution": contribution,
        "benefit": -benefit,
        "not_received": rate - tax - contribution + benefit,
    }


def _row(
    name: str,
    mask: NDArray[np.bool_],
    earners: Earners,
    rates: dict[str, FloatArray],
    *,
    before: FloatArray,
    weight: FloatArray,
) -> dict[str, object]:
    own = mask[earners.household]
    weights, rate = weight[earners.household[own]], rates["rate"][own]
    total = float(weights.sum())

    def mean(values: FloatArray | NDArray[np.bool_]) -> float:
        return float((weights * values).sum()) / total if total else np.nan

    p10, median, p90 = (statistics.quantile(rate, weights, p=p) for p in (0.1, 0.5, 0.9))
    homes = np.zeros(mask.size, dtype=np.bool_)
    homes[earners.household[own]] = True
    income, tax, contribution, benefit, _ = before
    net_levies = tax + contribution - benefit
    paid, gross = (
        float((weight * each)[homes].sum()) for each in (net_levies, income + net_levies)
    )
    return {
        "category": name,
        "sample": int(np.count_nonzero(homes & (weight > 0.0))),
        "earners": total,
        "mean": mean(rate),
        **{part: mean(rates[part][own]) for part in _PARTS},
        "p10": p10,
        "median": median,
        "p90": p90,
        "high": mean(rate >= HIGH - _ROUNDING),
        "whole": mean(rate >= WHOLE - _ROUNDING),
        "average": paid / gross if gross > 0.0 else np.nan,
    }
