"""Low incomes followed between two data years: who left, who fell in, and why.

The plan asks for it in part four, section four (加强对低收入群体统计监测跟踪). Households are
matched by their identifier, so both years must describe the same households: a panel, or one
population with the incomes of two years.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive.analysis.bracket_rule import BracketRule
from olive.analysis.breakdowns import breakdown
from olive.analysis.disclosure import smallest_cell_for, suppress
from olive.analysis.indicators import FloatArray
from olive.analysis.pairs import PolicyPair
from olive.analysis.table import Table, placed_table
from olive.analysis.words import COLUMNS, MONEY, ColumnWords
from olive.errors import DataError, shown
from olive.native.given_numbers import is_finite, listed
from olive.native.given_objects import checked_objects
from olive.places.labels import Label
from olive.population import Population
from olive.progress import Progress
from olive.simulation import simulate
from olive.simulation.result import Result
from olive.statistics.money import is_below

# The parts of disposable income that can be the reason, and the sign with which they enter it.
_PARTS: dict[str, tuple[float, Label]] = {
    "wage_income": (1.0, Label("工资性收入", "wages")),
    "net_operating_income": (1.0, Label("经营净收入", "business and farm income")),
    "net_property_income": (1.0, Label("财产净收入", "property income")),
    "government_transfers": (1.0, Label("政府转移支付", "public benefits")),
    "other_receipts": (1.0, Label("养老金和私人转移", "pensions and private transfers")),
    "transfer_outlays": (-1.0, Label("税费和转移支出", "taxes, contributions and transfers paid")),
}
# Where the law does not split income so: income as a whole.
_WHOLE = {"disposable_income": (1.0, Label("可支配收入", "disposable income"))}
_REASONS = {
    **{name: label for name, (_, label) in (_PARTS | _WHOLE).items()},
    "household_size": Label("家庭人口变化", "size of the household"),
    "line": Label("低收入线变化", "change of the line"),
}
_FLOWS = {
    "low_before": Label("低收入（前一年）", "low income in the earlier year"),
    "left": Label("脱离低收入", "left low income"),
    "fell": Label("落入低收入", "fell into low income"),
    "gone": Label("低收入，不在后一年数据中", "low income, not in the later data"),
    "new": Label("低收入，不在前一年数据中", "low income, not in the earlier data"),
    "reweighted": Label("权数和人口变化", "change of weights and sizes"),
    "low_after": Label("低收入（后一年）", "low income in the later year"),
}
_WORDS = {
    **COLUMNS,
    "flow": ColumnWords(Label("流向", "flow"), ""),
    "reason": ColumnWords(Label("主要原因", "main reason"), ""),
    "mean_change_per_head": ColumnWords(
        Label("人均收入平均变化", "mean change of income per head"), MONEY
    ),
}
_INPUTS = (
    "disposable_income",
    "cash_disposable_income",  # for breakdowns
    "household_size",
    "wage_income",
    "net_operating_income",
    "net_property_income",
    "government_transfers",
    "transfer_receipts",
    "transfer_outlays",
)


@dataclass(frozen=True, slots=True, eq=False)
class _Year:
    """One data year: each household's identifier, weight, size and parts of income."""

    result: Result
    position: int
    line: float
    key: pd.Index[Any]
    size: FloatArray
    income: FloatArray
    parts: dict[str, FloatArray]

    @property
    def weight(self) -> FloatArray:
        return self.result.population.weight

    @property
    def per_head(self) -> FloatArray:
        return self.income / self.size

    @property
    def is_low(self) -> NDArray[np.bool_]:
        return is_below(self.per_head, self.line)


@dataclass(frozen=True, eq=False)
class LowIncomeMoves:
    """Moves across a low-income line between two data years; made by `low_income_moves`."""

    earlier: _Year
    later: _Year
    smallest_cell: int

    def summary(self) -> Table:
        """Return the account of low income: before, left, fell in, gone, new, after.

        ``low_after = low_before - left + fell - gone + new + reweighted``, exactly, for households
        and for persons. Flows count with the earlier weights, what is new with the later ones.
        """
        first, second = self.earlier, self.later
        here, there = self._matched
        low, low_later = first.is_low, second.is_low
        gone, new = low.copy(), low_later.copy()
        gone[here] = new[there] = False
        left, fell, members = self._moved
        persons, later_persons = first.weight * first.size, second.weight * second.size
        old, late = first.weight[here], second.weight[there]
        rows = {
            "low_before": (low, first.weight, persons),
            "left": (left, old, old * members),
            "fell": (fell, old, old * members),
            "gone": (gone, first.weight, persons),
            "new": (new, second.weight, later_persons),
            "reweighted": (low_later[there], late - old, later_persons[there] - old * members),
            "low_after": (low_later, second.weight, later_persons),
        }
        frame = pd.DataFrame(
            {
                "flow": flow,
                "sample": int(chosen.sum()),
                "households": float(households[chosen].sum()),
                "persons": float(people[chosen].sum()),
            }
            for flow, (chosen, households, people) in rows.items()
        )
        return self._table(frame, ["flow"], {"flow": _FLOWS})

    def by_reason(self, by: str = "all") -> Table:
        """Return who left and who fell in, by category of household and main reason.

        The change of income per head above the line is split exactly into what each part of
        income, the size of the household and the line itself contribute. The main reason is the
        largest contribution in the direction of the move.

        Parameters
        ----------
        by : str
            How to sort households, by what they are in the earlier year: ``"all"``, ``"group"``
            (the plan's nine groups), ``"county"``, ``"urban"``, ``"household_type"``, ``"size"``
            or another breakdown of `olive.analysis.breakdowns`.

        Raises
        ------
        DataError
            When there is no such breakdown.
        """
        first, second = self.earlier, self.later
        here, there = self._matched
        rule = BracketRule(place=first.result.place)
        pair = PolicyPair.of(first.result, (first.position, first.position), rule)
        sorted_by = breakdown(pair, by)
        names = np.array([*sorted_by.names, "none"], dtype=object)
        left, fell, members = self._moved
        frame = pd.DataFrame(
            {
                "flow": np.where(left, "left", "fell"),
                "category": names[sorted_by.codes[here]],
                "reason": self._reasons(left),
                "weight": first.weight[here],
                "members": members,
                "change": second.per_head[there] - first.per_head[here],
            }
        )[left | fell]
        return self._table(
            _counted(frame, [*sorted_by.names]),
            ["flow", "category", "reason"],
            {"flow": _FLOWS, "category": sorted_by.words, "reason": _REASONS},
        )

    @cached_property
    def _matched(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Positions, in the earlier and the later year, of the households that are in both."""
        place = self.later.key.get_indexer(self.earlier.key)
        here = np.flatnonzero(place >= 0)
        return here, place[here].astype(np.int64)

    @property
    def _moved(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_], FloatArray]:
        """Which matched households left low income and which fell, and members while it is low."""
        here, there = self._matched
        low, low_later = self.earlier.is_low[here], self.later.is_low[there]
        fell = ~low & low_later
        members = np.where(fell, self.later.size[there], self.earlier.size[here])
        return low & ~low_later, fell, members

    def _contributions(self) -> dict[str, FloatArray]:
        """Split the change of income per head less the line of each matched household.

        With n members and amounts a, before (0) and after (1): a1/n1 - a0/n0 =
        (a1 - a0) (1/n0 + 1/n1)/2 + (1/n1 - 1/n0) (a0 + a1)/2. The second terms of all parts add
        up to what the size of the household does.
        """
        first, second = self.earlier, self.later
        here, there = self._matched
        old, late = 1.0 / first.size[here], 1.0 / second.size[there]
        found = {
            name: sign * (second.parts[name][there] - first.parts[name][here]) * (old + late) / 2
            for name, (sign, _) in (_PARTS | _WHOLE).items()
            if name in first.parts and name in second.parts
        }
        together = first.income[here] + second.income[there]
        found["household_size"] = (late - old) * together / 2
        found["line"] = np.full(here.size, first.line - second.line)
        return found

    def _reasons(self, left: NDArray[np.bool_]) -> NDArray[np.object_]:
        contributions = self._contributions()
        along = np.where(left, 1.0, -1.0)
        reasons = [name for name in _REASONS if name in contributions]
        table = np.stack([along * contributions[name] for name in reasons])
        return np.asarray(np.array(reasons, dtype=object)[table.argmax(axis=0)])

    def _table(self, frame: pd.DataFrame, keys: list[str], words: dict[str, Any]) -> Table:
        shown, suppressed = suppress(
            frame, smallest_cell=self.smallest_cell, samples=("sample",), keys=keys
        )
        first, second = self.earlier, self.later
        years = first.result.population.year, second.result.population.year
        place = first.result.place
        money = place.currency
        lines = Label(
            f"低收入：人均可支配收入低于{first.line:,.0f}{money.zh}（{years[0]}）、"
            f"{second.line:,.0f}{money.zh}（{years[1]}）。",
            f"Low income: disposable income per head under {first.line:,.0f} {money.en} "
            f"({years[0]}) and {second.line:,.0f} {money.en} ({years[1]}).",
        )
        return placed_table(
            place,
            shown,
            Label(
                f"低收入跟踪：{years[0]} → {years[1]}",
                f"Low incomes followed: {years[0]} -> {years[1]}",
            ),
            _WORDS,
            words=words,
            notes=(lines, *suppressed),
            synthetic=any(each.result.population.is_synthetic for each in (first, second)),
        )


@checked_objects
def low_income_moves(
    earlier: Population | Result,
    later: Population | Result,
    *,
    line: float | tuple[float, float],
    policies: tuple[int | str, int | str] = (0, 0),
    smallest_cell: int | None = None,
    progress: Progress = None,
) -> LowIncomeMoves:
    """Follow low incomes from one data year to another.

    Parameters
    ----------
    earlier, later : Population or Result
        The same households (by ``household_id``) in two years. A population is simulated under
        the law of its year.
    line : float or (float, float)
        Disposable income per head, yuan a year, below which income is low; one for both years or
        one for each.
    policies : (int or str, int or str)
        Which policy of each result; ignored for populations.
    smallest_cell : int, optional
        Cells on fewer sample households are suppressed; by default 10, none for synthetic data.
    progress : callable or bool, optional
        Called with (blocks done, blocks in all) in each pass; True shows a bar.

    Raises
    ------
    DataError
        When a line is not a positive number, an identifier stands twice, or no household is in
        both years.

    Examples
    --------
    >>> city = Population.synthetic(households=300, seed=1)
    >>> moves = low_income_moves(city, city.uprate(2025), line=20_000)
    >>> account = moves.summary()["households"].to_numpy()
    >>> before, left, fell, gone, new, reweighted, after = account
    >>> bool(np.isclose(before - left + fell - gone + new + reweighted, after))
    True
    """
    lines = line if isinstance(line, tuple) else (line, line)
    if len(lines) != 2 or not all(is_finite(each) and each > 0 for each in lines):
        raise DataError(
            "line is {line!r}; give a positive amount per head and year, or "
            "one for each of the two years",
            line,
        )
    chosen = listed(policies) or ()
    if len(chosen) != 2:
        raise DataError("policies is {shown}; give one for each year: (0, 0)", shown(policies))
    first, second = (
        _year(data, policy, float(each), progress)
        for data, policy, each in zip((earlier, later), chosen, lines, strict=True)
    )
    if not first.key.isin(second.key).any():
        raise DataError(
            "no household of the earlier year is in the later one; both must have the same "
            "`household_id`: a panel, or one population uprated to another year"
        )
    synthetic = first.result.population.is_synthetic and second.result.population.is_synthetic
    return LowIncomeMoves(first, second, smallest_cell_for(smallest_cell, synthetic=synthetic))


def _year(data: Population | Result, policy: int | str, line: float, progress: Progress) -> _Year:
    wanted = [name for name in _INPUTS if name in data.place.rules.rules]
    if isinstance(data, Result):
        result, position = data, data.position(policy)
    else:
        law = data.place.law(year=data.year)
        result, position = simulate(data, law, outputs=wanted, progress=progress), 0
    missing = [name for name in wanted if name not in result.outputs]
    values = {name: result.values(name, position) for name in wanted if name not in missing}
    population, law = result.population, result.policies[position]
    if missing:
        again = simulate(population, law, outputs=missing, seed=result.seed, progress=progress)
        values |= {name: again.values(name) for name in missing}
    key = pd.Index(population.households["household_id"])
    if not key.is_unique:
        raise DataError(
            "the data of {year} hold a household_id more than once, so households "
            "cannot be followed",
            population.year,
        )
    amounts = {name: array.astype(np.float64) for name, array in values.items()}
    parts = _WHOLE
    if all(name in amounts for name in _INPUTS):
        parts = _PARTS
        amounts["other_receipts"] = amounts["transfer_receipts"] - amounts["government_transfers"]
    size = amounts.get("household_size", population.size.astype(np.float64))
    known = {name: amounts[name] for name in parts}
    return _Year(result, position, line, key, size, amounts["disposable_income"], known)


def _counted(frame: pd.DataFrame, categories: list[str]) -> pd.DataFrame:
    """Return households, persons and mean change per head by flow, category and reason."""
    people = frame["weight"] * frame["members"]
    orders = {"flow": ["left", "fell"], "category": [*categories, "none"], "reason": [*_REASONS]}
    sums = (
        frame.assign(persons=people, moved=people * frame["change"])
        .groupby([*orders], sort=False)
        .agg(
            sample=("weight", "size"),
            households=("weight", "sum"),
            persons=("persons", "sum"),
            moved=("moved", "sum"),
        )
        .reset_index()
        .sort_values([*orders], key=lambda each: each.map(orders[str(each.name)].index))
        .reset_index(drop=True)
    )
    moved = sums.pop("moved")
    return sums.assign(mean_change_per_head=moved / sums["persons"])
