"""Who has just crossed a bound and may fall back: after a lost job, an illness, a bad year.

Following Lopez-Calva and Ortiz-Juarez, a household is secure in its class when the probability of
falling out of it is small. Panel data that would tell the probability are not to be had, so each
shock is simulated with the rules, and its probability is a stated assumption with a range.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive.analysis.bracket_rule import checked_bound
from olive.analysis.disclosure import Figures, smallest_cell_for, suppress
from olive.analysis.indicators import bracket_rows, income_variables, incomes
from olive.analysis.table import Table, placed_table
from olive.analysis.words import COLUMNS, DEFINITION_LABELS, ColumnWords, of_year
from olive.errors import DataError, shown
from olive.messages import Message
from olive.native.given_numbers import is_finite
from olive.native.given_objects import checked_objects
from olive.places.labels import Label
from olive.progress import Progress, watched
from olive.simulation import simulate
from olive.statistics.money import is_below

if TYPE_CHECKING:
    from olive.population import Population
    from olive.simulation.result import Result
    from olive.statistics.brackets import Definition

FloatArray = NDArray[np.float64]
Who = Literal["main_earner", "everybody"]

# The probability from which Lopez-Calva and Ortiz-Juarez call a household vulnerable.
VULNERABLE_FROM = 0.10


@dataclass(frozen=True, slots=True)
class Shock:
    """What may happen to a household within a year.

    Attributes
    ----------
    name : str
    label : Label
    who : {"main_earner", "everybody"}
        Whose earnings fall.
    kept : float
        Share of the earnings that is left.
    probability, low, high : float
        Assumed probability for a household and year, with its plausible range.
    basis : Label
        What the probability rests on.
    """

    name: str
    label: Label
    who: Who
    kept: float
    probability: float
    low: float
    high: float
    basis: Label

    def __post_init__(self) -> None:
        given = self.low, self.probability, self.high
        if not (all(map(is_finite, given)) and 0.0 <= given[0] <= given[1] <= given[2] <= 1.0):
            raise DataError(
                "shock {name!r}: probabilities lie in order between 0 and 1, found low "
                "{low}, probability {probability}, high {high}",
                self.name,
                shown(self.low),
                shown(self.probability),
                shown(self.high),
            )
        if not (is_finite(self.kept) and 0.0 <= self.kept < 1.0):
            raise DataError(
                "shock {name!r}: `kept` lies from 0 up to 1, found {kept}",
                self.name,
                shown(self.kept),
            )
        for name in ("low", "probability", "high", "kept"):
            object.__setattr__(self, name, float(getattr(self, name)))


SHOCKS: tuple[Shock, ...] = (
    Shock(
        "lost_job",
        Label("主要劳动者失业", "the main earner loses the job"),
        "main_earner",
        0.0,
        0.04,
        0.02,
        0.08,
        Label(
            "假定；介于登记失业率目标3.5%与城镇调查失业率4.6%一带",
            "assumption; about the registered rate aimed at (3.5 %) and the surveyed one (4.6 %)",
        ),
    ),
    Shock(
        "illness",
        Label("主要劳动者患病，半年没有收入", "the main earner is ill and earns half a year only"),
        "main_earner",
        0.5,
        0.03,
        0.01,
        0.06,
        Label("假定；未查到本地数据", "assumption; no local figure found"),
    ),
    Shock(
        "bad_year",
        Label("全家劳动和经营收入减少10%", "all earnings fall by 10 %"),
        "everybody",
        0.9,
        0.15,
        0.05,
        0.3,
        Label("假定；未查到本地数据", "assumption; no local figure found"),
    ),
)
_GROUPS = {
    "crossed": Label("刚越过界线", "just crossed the bound"),
    "above": Label("界线以上的其他住户", "others above the bound"),
}
_ENDS = {"expected": "probability", "expected_low": "low", "expected_high": "high"}
_TOGETHER = Label("任一情形", "any of them")
_WORDS = {
    **COLUMNS,
    "who": ColumnWords(Label("住户", "households"), ""),
    "shock": ColumnWords(Label("情形", "what happens"), ""),
    "fall_back": ColumnWords(Label("发生时跌破比例", "share that falls below if it does"), "1"),
    "probability": ColumnWords(Label("假定概率", "assumed probability"), "1"),
    "expected": ColumnWords(Label("预计一年跌破比例", "expected to fall below in a year"), "1"),
    "expected_low": ColumnWords(Label("概率取下端", "with the low probability"), "1"),
    "expected_high": ColumnWords(Label("概率取上端", "with the high probability"), "1"),
    "vulnerable": ColumnWords(
        Label("脆弱住户比例（概率10%以上）", "vulnerable (probability of 10 % or more)"), "1"
    ),
}


@checked_objects
def vulnerability(
    result: Result,
    *,
    before: int | str = 0,
    after: int | str = 1,
    bound: float | None = None,
    definition: Definition = "household",
    shocks: Sequence[Shock] = SHOCKS,
    smallest_cell: int | None = None,
    progress: Progress = None,
) -> Table:
    """Return who may fall below a bound within a year, after each shock and after any.

    Parameters
    ----------
    result : Result
        With both policies.
    before, after : int or str
        Policies: households that are below the bound under the first and not under the second
        have just crossed it.
    bound : float, optional
        Income a year, by the definition; by default the lowest bound of the place's brackets.
    definition : str
        One of the four definitions of a share.
    shocks : sequence of Shock
        With their assumed probabilities; independent of each other.
    smallest_cell : int, optional
        As in `olive.compare`.
    progress : callable or bool, optional
        Called with (shocks simulated, shocks in all); True shows a bar.

    Returns
    -------
    Table
        One row a group of households (``who``) and ``shock``: ``sample``, ``households``,
        ``fall_back`` (share that the shock takes below the bound), ``probability``, ``expected``
        (share that falls below within a year) with the ends of the assumed ranges. For all shocks
        together also ``vulnerable``: the share whose probability is 10 % or more.

    Raises
    ------
    DataError
        For an unknown definition, a bound that is not above 0, or no shock.

    References
    ----------
    Lopez-Calva and Ortiz-Juarez (2014), "A vulnerability approach to the definition of the middle
    class", Journal of Economic Inequality 12.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=200, seed=1)
    >>> law = olive.law(year=2023)
    >>> table = vulnerability(olive.simulate(city, [law, law | olive.plan.scenario()]))
    >>> table["shock"].unique().tolist()
    ['lost_job', 'illness', 'bad_year', 'any']
    """
    bound = checked_bound(result.place, bound, definition)
    if not shocks:
        raise DataError("give at least one shock")
    (was, weight), (now, _) = (
        bracket_rows(incomes(result, policy), definition) for policy in (before, after)
    )
    above = ~is_below(now, bound)
    crossed = is_below(was, bound) & above
    groups = {"crossed": crossed, "above": above & ~crossed}
    falls = {
        shock.name: _below(result, after, shock, definition, bound)
        for shock in watched(shocks, progress, Message("simulate"))
    }
    rows = [
        row
        for who, members in groups.items()
        for row in _rows(who, members & (weight > 0.0), weight, falls, shocks)
    ]
    count = len(shocks) + 1  # rows of a group
    groups_of_rows = [list(range(first, first + count)) for first in (0, count)]
    frame, hidden = suppress(
        pd.DataFrame(rows),
        smallest_cell=smallest_cell_for(smallest_cell, synthetic=result.population.is_synthetic),
        samples=["sample"],
        keys=["who", "shock", "probability"],
        sums=[list(pair) for pair in zip(*groups_of_rows, strict=True)],
        figures=[
            Figures(("fall_back", *_ENDS), ("_fallen", "_stood"), groups_of_rows),
            Figures(("vulnerable",), ("_vulnerable", "_secure")),
        ],
    )
    money = result.place.currency
    labels = {shock.name: shock.label for shock in shocks} | {"any": _TOGETHER}
    return placed_table(
        result.place,
        frame,
        Label(
            f"谁可能跌回{bound:,.0f}{money.zh}以下",
            f"Who may fall back below {bound:,.0f} {money.en}",
        ),
        _WORDS,
        words={"who": _GROUPS, "shock": labels},
        notes=(
            of_year(result.population.year),
            Label(
                f"口径：{DEFINITION_LABELS[definition].zh}；各情形相互独立，制度照常给付。",
                f"Definition: {DEFINITION_LABELS[definition].en}; shocks are independent of each "
                "other, and the rules (benefits and so on) pay as they would.",
            ),
            *(
                Label(
                    f"{shock.label.zh}：概率{shock.probability:g}（{shock.low:g}至{shock.high:g}），"
                    f"{shock.basis.zh}。",
                    f"{shock.label.en}: probability {shock.probability:g} ({shock.low:g} to "
                    f"{shock.high:g}), {shock.basis.en}.",
                )
                for shock in shocks
            ),
            *hidden,
        ),
        synthetic=result.population.is_synthetic,
    )


def _rows(
    who: str,
    members: NDArray[np.bool_],
    weight: FloatArray,
    falls: Mapping[str, NDArray[np.bool_]],
    shocks: Sequence[Shock],
) -> list[dict[str, object]]:
    chosen = weight * members
    total = float(chosen.sum())

    def share(values: FloatArray | NDArray[np.bool_]) -> float:
        return float((chosen * values).sum()) / total if total else np.nan

    def split(inside: NDArray[np.bool_], *names: str) -> dict[str, int]:
        """Return how many sample households each side of a figure rests on."""
        sides = (members & inside, members & ~inside)
        return dict(zip(names, map(int, map(np.count_nonzero, sides)), strict=True))

    size = {"sample": int(np.count_nonzero(members)), "households": total}
    rows: list[dict[str, object]] = []  # what a row lacks is missing in the table
    for shock in shocks:
        fallen = share(falls[shock.name])
        rows.append(
            {
                "who": who,
                "shock": shock.name,
                **size,
                **split(falls[shock.name], "_fallen", "_stood"),
                "_vulnerable": 0,
                "_secure": 0,
                "fall_back": fallen,
                "probability": shock.probability,
                **{name: getattr(shock, end) * fallen for name, end in _ENDS.items()},
            }
        )
    chances = {
        name: _any(falls, {shock.name: getattr(shock, end) for shock in shocks})
        for name, end in _ENDS.items()
    }
    vulnerable = chances["expected"] >= VULNERABLE_FROM
    rows.append(
        {
            "who": who,
            "shock": "any",
            **size,
            **split(np.any(list(falls.values()), axis=0), "_fallen", "_stood"),
            **split(vulnerable, "_vulnerable", "_secure"),
            **{name: share(chance) for name, chance in chances.items()},
            "vulnerable": share(vulnerable),
        }
    )
    return rows


def _any(falls: Mapping[str, NDArray[np.bool_]], probabilities: Mapping[str, float]) -> FloatArray:
    """Return each household's probability of falling below, shocks independent of each other."""
    stays = np.ones(next(iter(falls.values())).size)
    for name, fallen in falls.items():
        stays *= 1.0 - probabilities[name] * fallen
    return np.asarray(1.0 - stays)


def _below(
    result: Result, policy: int | str, shock: Shock, definition: Definition, bound: float
) -> NDArray[np.bool_]:
    """Return which households a shock takes below the bound, by simulating it."""
    # One household is struck at a time: programmes have as many candidates as before.
    hit, wanted = shocked(result.population, shock), income_variables(result.place)
    after = simulate(hit, [result.settled(policy)], outputs=wanted, seed=result.seed)
    values, _ = bracket_rows(incomes(after, 0), definition)
    return is_below(values, bound)


def shocked(population: Population, shock: Shock) -> Population:
    """Return the population in which a shock has struck every household.

    The main earner is the member with the largest earnings (the first of equals); one who loses
    everything is unemployed. Losses of a business stay as they are.
    """
    arrays, place = population.arrays(), population.place
    persons, kept = arrays.persons, np.full(int(arrays.starts[-1]), shock.kept)
    columns: dict[str, NDArray[np.generic]] = {}
    present = [name for name in place.earnings if name in persons]
    if not present:
        raise DataError("the population has no earnings that a shock could take away")
    if shock.who == "main_earner":
        earned = np.sum([np.maximum(persons[name], 0.0) for name in present], axis=0)
        main = _first_largest(earned, arrays.starts)
        kept = np.where(main & (earned > 0.0), shock.kept, 1.0)
        if shock.kept == 0.0 and place.unemployed and place.unemployed[0] in persons:
            status, code = place.unemployed
            codes = place.columns[status].codes
            columns[status] = np.where(kept == 0.0, codes.index(code), persons[status])
    for name in present:
        values = persons[name].astype(np.float64)
        columns[name] = np.where(values > 0.0, values * kept, values)
    return population.with_columns(
        columns, note=Message("a shock to every household: {name}", shock.name)
    )


def _first_largest(values: FloatArray, starts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which person of each household has the largest value, the first of equals."""
    household = np.repeat(np.arange(starts.size - 1), np.diff(starts))
    order = np.lexsort((np.arange(values.size), -values, household))
    first = np.zeros(values.size, dtype=np.bool_)
    first[order[starts[:-1]]] = True
    return first
