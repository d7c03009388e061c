"""Which measures move most families for a yuan: each alone, ranked, with its assumptions' range."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive.analysis.indicators import Incomes, bracket_rows, income_variables, incomes
from olive.analysis.public_purse import all_instruments, instruments_of, public_cost, totals_of
from olive.analysis.table import Table
from olive.analysis.words import COLUMNS, DEFINITION_LABELS, MONEY, ColumnWords, words_of
from olive.engine import Operation, Reform
from olive.errors import DataError, nearest
from olive.places.labels import Label
from olive.simulation import simulate
from olive.statistics import DEFINITIONS
from olive.statistics.money import is_below

if TYPE_CHECKING:
    from olive.engine import Policy
    from olive.places.place import Place
    from olive.population import Population
    from olive.statistics.brackets import Definition

FloatArray = NDArray[np.float64]

# Values kept at a time: large cities are simulated a few policies at a time.
_KEPT = 50_000_000
_WORDS = {
    **COLUMNS,
    "measure": ColumnWords(Label("措施", "measure"), ""),
    "public_cost": ColumnWords(Label("公共成本", "public cost"), MONEY),
    "employer_cost": ColumnWords(Label("单位缴费", "contributions of employers"), MONEY),
    "income_gain": ColumnWords(Label("可支配收入增加", "gain of disposable income"), MONEY),
    "public_cost_low": ColumnWords(Label("公共成本，假设低端", "public cost, from"), MONEY),
    "public_cost_high": ColumnWords(Label("公共成本，假设高端", "public cost, to"), MONEY),
}


@dataclass(frozen=True, slots=True)
class _Figures:
    """What one policy does against the one before."""

    public_cost: float
    employer_cost: float
    income_gain: float
    over: tuple[float, ...]
    lifted: float | None


def cost_effectiveness(
    population: Population,
    policy: Policy,
    measures: Mapping[str, Reform],
    *,
    definition: Definition = "household",
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Table:
    """Rank measures by what it costs the public to bring one more household over the first bound.

    Each measure is carried out alone on the policy; then twice more with all its own figures that
    are neither law nor published at the low and at the high ends of their plausible ranges.

    Parameters
    ----------
    population : Population
    policy : Policy
        What the measures are carried out on.
    measures : mapping of str to Reform
        For example ``olive.plan.parts()``, or one reform a clause.
    definition : str
        Of the income that is compared with the bounds, one of the four definitions of a share.
    seed : int
    progress : callable, optional
        Called with (policies simulated, policies in all).

    Returns
    -------
    Table
        One row a ``measure``, cheapest first, those that cost nothing before all others and those
        that move no household last: ``public_cost`` (what is paid out more, less what taxes and
        contributions bring in more; negative: it pays for itself), ``employer_cost``
        (contributions of employers), ``income_gain`` (of all households), ``over_100`` and
        ``over_200`` (households that come to lie above the lower bound of a bracket of the place,
        here 100 and 200 thousand, less those that fall below), ``lifted`` (persons above the
        last poverty line of the place, net), ``cost_per_household`` (for each over the lowest
        bound), and the ends of public cost and ``over_100`` over the measure's assumptions
        (missing where it has none with a range). Costs of running a programme are
        no transfer and are not known.

    Raises
    ------
    DataError
        Where the place has no income brackets, without measures, or for one that is no reform, or
        an unknown definition.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=200, seed=1)
    >>> raise_it = {"dibao": olive.Reform(at_least={"dibao_standard": 15_000})}
    >>> table = cost_effectiveness(city, olive.law(year=2023), raise_it)
    >>> bool(table["public_cost"].iloc[0] >= 0)
    True
    """
    if definition not in DEFINITIONS:
        raise DataError(
            "definition {definition!r} is unknown{hint}",
            definition=definition,
            hint=nearest(str(definition), DEFINITIONS),
        )
    place = population.place
    if not place.brackets_shown():
        raise DataError("the place {name!r} has no income brackets to count by", name=place.name)
    if not measures:
        raise DataError("give at least one measure: {'dibao': olive.Reform(...)}")
    for name, reform in measures.items():
        if not isinstance(reform, Reform):
            raise DataError(
                "measure {name!r} is a {type}, no Reform", name=name, type=type(reform).__name__
            )
    trials: list[tuple[str, str, Policy]] = [("", "", policy)]
    for name, reform in measures.items():
        trials.append((name, "", policy | reform))
        trials += [
            (name, end, policy | moved)
            for end in ("low", "high")
            if (moved := at_end(reform, end)) is not None
        ]
    found = _simulated(population, [each for _, _, each in trials], definition, seed, progress)
    by_name = {(name, end): figures for (name, end, _), figures in zip(trials, found, strict=True)}
    frame = pd.DataFrame([_row(name, by_name, over_names(place)) for name in measures])
    order = np.lexsort((frame["public_cost"], _price_order(frame)))
    frame = frame.iloc[order].reset_index(drop=True)
    names, words = [str(name) for name in frame.columns], _words(place)
    labels = {name: Label(each.zh or name, name) for name, each in measures.items()}
    return Table(
        frame=frame,
        title=Label("各项措施的成本效果", "Cost-effectiveness of the measures"),
        units={name: words[name].unit for name in names},
        labels={name: words[name].label for name in names},
        words={"measure": labels},
        notes=(
            Label(
                f"各措施单独实施；口径：{DEFINITION_LABELS[definition].zh}；公共成本为现金转移和"
                "费用减免的增加额减去税收和缴费（含单位）的增加额，不含项目管理费用；"
                "假设范围为该措施自身未经法律或公布确定的数字同取合理范围的下端或上端。",
                f"Each measure alone; definition: {DEFINITION_LABELS[definition].en}. Public cost: "
                "cash transfers and help with costs more, less taxes and contributions (those of "
                "employers included) more; what it costs to run a programme is not in it. Ranges: "
                "all figures of the measure that are neither law nor published at the low, then at "
                "the high ends of their plausible ranges.",
            ),
        ),
        synthetic=population.is_synthetic,
    )


def at_end(reform: Reform, end: str) -> Reform | None:
    """Return the reform with its assumed figures at one end of their ranges; None without any.

    >>> from olive.engine import PlausibleRange
    >>> step = Operation("p", "set", 0.2, plausible=PlausibleRange(0.1, 0.4, "why"))
    >>> at_end(Reform.from_operations([step]), "high").operations[0].value
    0.4
    """
    moved = [_at_end(each, end) for each in reform.operations]
    if moved == list(reform.operations):
        return None
    return reform.with_operations(moved)


def _at_end(operation: Operation, end: str) -> Operation:
    plausible = operation.plausible
    if plausible is None or not operation.is_assumed or operation.path:
        return operation
    figure = plausible.low if end == "low" else plausible.high
    if plausible.form == "value":
        return replace(operation, value=figure)
    return replace(operation, value=_scaled(operation.value, figure))


def _scaled(value: Any, factor: float) -> Any:
    if isinstance(value, Mapping):
        return {key: _scaled(each, factor) for key, each in value.items()}
    return value * factor


def _simulated(
    population: Population,
    policies: list[Policy],
    definition: Definition,
    seed: int,
    progress: Callable[[int, int], None] | None,
) -> list[_Figures]:
    """Return the figures of every policy against the first."""
    instruments = instruments_of(policies)
    outputs = income_variables(population.place)
    size = max(1, _KEPT // (len(outputs) * len(population)))
    found: list[_Figures] = []
    base: tuple[Incomes, dict[str, float]] | None = None
    for begin in range(0, len(policies), size):
        group = policies[begin : begin + size]
        totals = all_instruments(group)
        result = simulate(population, group, outputs=outputs, totals=totals, seed=seed)
        for place in range(len(group)):
            one = incomes(result, place), totals_of(result, place)
            base = base or one
            found.append(_against(base, one, definition, instruments, population.place))
        if progress is not None:
            progress(len(found), len(policies))
    return found


def _against(
    base: tuple[Incomes, dict[str, float]],
    other: tuple[Incomes, dict[str, float]],
    definition: Definition,
    instruments: Mapping[str, tuple[str, ...]],
    place: Place,
) -> _Figures:
    (before, sums_before), (after, sums_after) = base, other
    (was, _), (now, _) = (bracket_rows(each, definition) for each in (before, after))
    families = before.weight * before.family

    change = {
        name: sums_after.get(name, 0.0) - sums_before.get(name, 0.0)
        for names in instruments.values()
        for name in names
    }

    def over(bound: float) -> float:
        return float(families @ (is_below(was, bound) * 1.0 - is_below(now, bound)))

    lifted = None
    if place.poverty_lines:
        line = place.poverty_lines[-1].value
        poor = is_below(before.per_capita, line) * 1.0 - is_below(after.per_capita, line)
        lifted = float((before.weight * before.size) @ poor)
    return _Figures(
        public_cost=public_cost(change, instruments),
        employer_cost=sum(change[name] for name in instruments["employer"]),
        income_gain=float(before.weight @ (after.income - before.income)),
        over=tuple(map(over, _bounds(place))),
        lifted=lifted,
    )


def _bounds(place: Place) -> tuple[float, ...]:
    """Return the lower bounds of the brackets of a place, ascending."""
    return tuple(sorted({each.low for each in place.brackets_shown()}))


def over_names(place: Place) -> tuple[str, ...]:
    """Return the columns that count who comes to lie above each bound, the lowest first.

    >>> import olive
    >>> over_names(olive.place())
    ('over_100', 'over_200')
    """
    return tuple(f"over_{bound / 1000:g}" for bound in _bounds(place))


def _words(place: Place) -> dict[str, ColumnWords]:
    zh, en = place.currency
    texts = [Label(f"{bound / 1e4:g}万{zh}", f"{bound:,.0f}") for bound in _bounds(place)]
    first, name = texts[0], over_names(place)[0]
    found = dict(words_of(place, _WORDS))
    found |= {
        each: ColumnWords(
            Label(f"净越过{bound.zh}户数", f"households over {bound.en}, net"), "households"
        )
        for each, bound in zip(over_names(place), texts, strict=True)
    }
    found |= {
        f"{name}_low": ColumnWords(
            Label(f"{first.zh}户数，假设低端", f"over {first.en}, from"), "households"
        ),
        f"{name}_high": ColumnWords(
            Label(f"{first.zh}户数，假设高端", f"over {first.en}, to"), "households"
        ),
        "cost_per_household": ColumnWords(
            Label(
                f"每净增一户越过{first.zh}的公共成本",
                f"public cost for each household over {first.en}",
            ),
            f"{en}/year",
        ),
    }
    if place.poverty_lines:
        line = place.poverty_lines[-1].value
        found["lifted"] = ColumnWords(
            Label(f"净脱离{line / 1e4:g}万{zh}线人数", f"persons over {line:,.0f} a head, net"),
            "persons",
        )
    return found


def _row(
    name: str, found: Mapping[tuple[str, str], _Figures], over: tuple[str, ...]
) -> dict[str, object]:
    own = found[name, ""]
    row: dict[str, object] = {"measure": name}
    row |= {each: getattr(own, each) for each in ("public_cost", "employer_cost", "income_gain")}
    row |= dict(zip(over, own.over, strict=True))
    if own.lifted is not None:
        row["lifted"] = own.lifted
    row["cost_per_household"] = own.public_cost / own.over[0] if own.over[0] > 0 else np.nan
    ends = [own, *(found[name, end] for end in ("low", "high") if (name, end) in found)]
    ranged = {
        "public_cost": [each.public_cost for each in ends],
        over[0]: [each.over[0] for each in ends],
    }
    for each, values in ranged.items():
        row[f"{each}_low"] = min(values) if len(ends) > 1 else np.nan
        row[f"{each}_high"] = max(values) if len(ends) > 1 else np.nan
    return row


def _price_order(frame: pd.DataFrame) -> FloatArray:
    """Return the order of price: what moves no household comes last."""
    price = frame["cost_per_household"].to_numpy(dtype=float)
    return np.where(np.isnan(price), np.inf, price)
