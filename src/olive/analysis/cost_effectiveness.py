"""Which measures move most families for a yuan: each alone, ranked, with its assumptions' range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from olive.analysis.assumed_study import joint_pairs
from olive.analysis.bracket_rule import check_definition
from olive.analysis.indicators import Incomes, bracket_rows, income_variables, incomes
from olive.analysis.public_purse import all_instruments, instruments_of, public_cost, totals_of
from olive.analysis.table import Table, placed_table
from olive.analysis.words import COLUMNS, DEFINITION_LABELS, MONEY, ColumnWords, of_year
from olive.engine import Reform
from olive.engine.arguments import check_run
from olive.errors import DataError
from olive.messages import Message
from olive.native.given_numbers import whole_number
from olive.native.given_objects import checked_objects
from olive.places.labels import Label
from olive.progress import shown_progress
from olive.simulation import simulate
from olive.statistics.money import is_below

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from olive.engine import Policy
    from olive.places.place import Place, PovertyLine
    from olive.population import Population
    from olive.progress import Progress, Told
    from olive.statistics.brackets import Definition

# Values kept at a time, and pairs of policies: large cities are simulated a few at a time.
_KEPT, _MOST_AT_ONCE = 50_000_000, 100
_ENDS = (0.05, 0.95)
_DRAWS, _LARGE = 10, 200_000
_WORDS = {
    **COLUMNS,
    "measure": ColumnWords(Label("措施", "measure"), ""),
    "public_cost": ColumnWords(Label("公共成本", "public cost"), MONEY),
    "employer_cost": ColumnWords(Label("单位缴费", "contributions of employers"), MONEY),
    "income_gain": ColumnWords(Label("可支配收入增加", "gain of disposable income"), MONEY),
}


@checked_objects
def cost_effectiveness(
    population: Population,
    policy: Policy,
    measures: Mapping[str, Reform],
    *,
    definition: Definition = "household",
    draws: int | None = None,
    seed: int = 0,
    progress: Progress = None,
) -> Table:
    """Rank measures by what it costs the public to bring one more household over the first bound.

    Each measure is carried out alone on the policy; then again under joint draws of every figure of
    the law and of the measure that is neither law nor published and has a plausible range, as in
    `olive.uncertainty`: in one draw the law is the same for all measures.

    Parameters
    ----------
    population : Population
    policy : Policy
        What the measures are carried out on.
    measures : mapping of str to Reform
        For example ``olive.plan.parts()``, or one reform a clause.
    definition : str
        Of the income that is compared with the bounds, one of the four definitions of a share.
    draws : int, optional
        Joint draws of the assumed figures; 10 by default, and none for more than 200,000 sample
        households, of which each draw takes seconds. 0 leaves the ranges out.
    seed : int
        Of the design and of random draws.
    progress : callable or bool, optional
        Called with (pairs of policies simulated, pairs in all); True shows a bar.

    Returns
    -------
    Table
        One row a ``measure``, cheapest first, those that cost nothing before all others and those
        that move no household last: ``public_cost`` (what is paid out more, less what taxes and
        contributions bring in more; negative: it pays for itself), ``employer_cost``
        (contributions of employers), ``income_gain`` (of all households), ``over_100`` and
        ``over_200`` (households that come to lie above the lower bound of a bracket of the place,
        here 100 and 200 thousand, less those that fall below), ``lifted_13`` and ``lifted_26``
        (persons above a poverty line of the place, in thousand, net) and ``cost_per_household``
        (for each over the lowest bound; missing where none is). Beside the cost, the households and
        the price stand, in columns that end in ``_low`` and ``_high``, the 5 % and the 95 %
        quantile of the draws; the price of a draw that moves no household is infinite. Costs of
        running a programme are no transfer and are not known.

    Raises
    ------
    DataError
        Where the place has no income brackets, without measures, for one that is no reform, for
        an unknown definition, or a number of draws below 0.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=200, seed=1)
    >>> raise_it = {"dibao": olive.Reform(at_least={"dibao_standard": 15_000})}
    >>> table = cost_effectiveness(city, olive.law(year=2023), raise_it, draws=2)
    >>> bool(table["public_cost"].iloc[0] >= 0)
    True
    """
    place = population.place
    number = (0 if len(population) > _LARGE else _DRAWS) if draws is None else draws
    _check(place, measures, definition, number)
    check_run(seed)
    wanted = (*income_variables(place), *all_instruments([policy]))
    designs = joint_pairs([(policy, each) for each in measures.values()], wanted, number, seed)
    flat = [(name, pair) for name, pairs in zip(measures, designs, strict=True) for pair in pairs]
    with shown_progress(progress, Message("simulate")) as told:
        figures = _figures(population, [pair for _, pair in flat], definition, seed, told)
    found: dict[str, list[dict[str, float]]] = {name: [] for name in measures}
    for (name, _), each in zip(flat, figures, strict=True):
        found[name].append(each)
    rows = [_row(name, each, place) for name, each in found.items()]
    return placed_table(
        place,
        pd.DataFrame(rows).sort_values(["cost_per_household", "public_cost"], ignore_index=True),
        Label("各项措施的成本效果", "Cost-effectiveness of the measures"),
        _words(place),
        words={"measure": {name: Label(each.zh or name, name) for name, each in measures.items()}},
        notes=(
            of_year(population.year),
            Label(
                f"各措施单独实施；口径：{DEFINITION_LABELS[definition].zh}；公共成本为现金转移和"
                "费用减免的增加额减去税收和缴费（含单位）的增加额，不含项目管理费用。",
                f"Each measure alone; definition: {DEFINITION_LABELS[definition].en}. Public cost: "
                "cash transfers and in-kind benefits more, less taxes and contributions (those of "
                "employers included) more; what it costs to run a programme is not in it.",
            ),
            Label(
                f"假设区间：对法规和该措施中未经法律或公布确定的数字联合抽取{number}次，"
                "取5%和95%分位；没有住户越过界线的一次，每户成本为无穷大；"
                "从不花钱也不使住户变动的措施没有成本。取值偏向其范围一端时，按取值算出的结果可落在区间之外。",
                f"Ranges: 5 % and 95 % quantile of {number} joint draws of the figures of the law "
                "and of the measure that are neither law nor published; where a draw takes no "
                "household over the bound, its price is infinite; what never costs nor "
                "moves anything has none. A figure may lie outside its range, where assumptions "
                "stand near an end of theirs.",
            )
            if number
            else Label("未计算假设区间。", "Ranges of the assumptions were not asked for."),
        ),
        synthetic=population.is_synthetic,
    )


def _check(
    place: Place, measures: Mapping[str, Reform], definition: Definition, draws: int
) -> None:
    check_definition(definition)
    if not place.brackets_shown():
        raise DataError("the place {name!r} has no income brackets to count by", place.name)
    if not measures:
        raise DataError("give at least one measure: {'dibao': olive.Reform(...)}")
    for name, reform in measures.items():
        if not isinstance(reform, Reform):
            raise DataError("measure {name!r} is a {type}, no Reform", name, type(reform).__name__)
    whole_number("draws", draws, 0)


def _figures(
    population: Population,
    pairs: Sequence[tuple[Policy, Policy]],
    definition: Definition,
    seed: int,
    progress: Told,
) -> list[dict[str, float]]:
    """Return what each policy does against the one before it."""
    outputs = income_variables(population.place)
    size = max(1, min(_MOST_AT_ONCE, _KEPT // (2 * len(outputs) * len(population))))
    found: list[dict[str, float]] = []
    for begin in range(0, len(pairs), size):
        group = pairs[begin : begin + size]
        # In one draw the law is mostly the same before all measures.
        digests = [before.digest() for before, _ in group]
        laws = {digest: before for digest, (before, _) in zip(digests, group, strict=True)}
        places = {digest: place for place, digest in enumerate(laws)}
        policies = [*laws.values(), *(after for _, after in group)]
        instruments = instruments_of(policies)
        renamed = [each.renamed(str(number)) for number, each in enumerate(policies)]
        totals = all_instruments(policies)
        result = simulate(population, renamed, outputs=outputs, totals=totals, seed=seed)
        for at, digest in enumerate(digests):
            before, after = (
                (incomes(result, position), totals_of(result, position))
                for position in (places[digest], len(laws) + at)
            )
            found.append(_against(before, after, definition, instruments, population.place))
        if progress is not None:
            progress(len(found), len(pairs))
    return found


def _against(
    base: tuple[Incomes, dict[str, float]],
    other: tuple[Incomes, dict[str, float]],
    definition: Definition,
    instruments: Mapping[str, tuple[str, ...]],
    place: Place,
) -> dict[str, float]:
    """Return what one policy does against the one before, by column."""
    (before, sums_before), (after, sums_after) = base, other
    (was, _), (now, _) = (bracket_rows(each, definition) for each in (before, after))
    families, persons = before.weight * before.family, before.weight * before.size
    change = {
        name: sums_after.get(name, 0.0) - sums_before.get(name, 0.0)
        for names in instruments.values()
        for name in names
    }
    found = {
        "public_cost": public_cost(change, instruments),
        "employer_cost": sum(change[name] for name in instruments["employer"]),
        "income_gain": float((before.weight * (after.income - before.income)).sum()),
    }
    for name, bound in zip(over_names(place), _bounds(place), strict=True):
        found[name] = _moved(families, was, now, bound)
    for line in place.poverty_lines:
        found[_lifted(line)] = _moved(persons, before.per_capita, after.per_capita, line.value)
    return found


def _moved(
    weight: NDArray[np.float64], was: NDArray[np.float64], now: NDArray[np.float64], bound: float
) -> float:
    """Return the weight of who comes to lie above a bound, less that of who falls below."""
    return float((weight * (is_below(was, bound) * 1.0 - is_below(now, bound))).sum())


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


def _lifted(line: PovertyLine) -> str:
    return f"lifted_{line.value / 1000:g}"


def _words(place: Place) -> dict[str, ColumnWords]:
    zh, found = place.currency.zh, dict(_WORDS)
    for name, bound in zip(over_names(place), _bounds(place), strict=True):
        label = Label(f"净越过{bound / 1e4:g}万{zh}户数", f"households over {bound:,.0f}, net")
        found[name] = ColumnWords(label, "households")
    for line in place.poverty_lines:
        label = Label(
            f"净脱离{line.value / 1e4:g}万{zh}线人数",
            f"persons over {line.value:,.0f} per head, net",
        )
        found[_lifted(line)] = ColumnWords(label, "persons")
    first = _bounds(place)[0]
    found["cost_per_household"] = ColumnWords(
        Label(
            f"每净增一户越过{first / 1e4:g}万{zh}的公共成本",
            f"public cost for each household over {first:,.0f}",
        ),
        MONEY,
    )
    for name in _ranged(place):
        label, unit = found[name].label, found[name].unit
        found[f"{name}_low"] = ColumnWords(Label(f"{label.zh}，5%", f"{label.en}, 5 %"), unit)
        found[f"{name}_high"] = ColumnWords(Label(f"{label.zh}，95%", f"{label.en}, 95 %"), unit)
    return found


def _ranged(place: Place) -> tuple[str, ...]:
    """Return the columns beside which the range of the assumptions stands."""
    return ("public_cost", *over_names(place), "cost_per_household")


def _row(name: str, found: Sequence[dict[str, float]], place: Place) -> dict[str, object]:
    """Return a measure's figures as they stand, and their ranges over the draws."""
    first = over_names(place)[0]
    # What neither costs nor moves anything in any draw has no price; what only costs, none finite.
    priceless = np.inf if any(each["public_cost"] or each[first] for each in found) else np.nan
    for each in found:
        moved = each[first]
        each["cost_per_household"] = each["public_cost"] / moved if moved > 0 else priceless
    own, *drawn = found
    row: dict[str, object] = {"measure": name}
    for column, value in own.items():
        row[column] = np.nan if value == np.inf else value
        if column in _ranged(place):
            values = np.array([each[column] for each in drawn])
            # No value between two draws is taken: one of them may be infinite.
            ends = np.quantile(values, _ENDS, method="inverted_cdf") if drawn else [np.nan] * 2
            row |= dict(zip((f"{column}_low", f"{column}_high"), ends, strict=True))
    return row
