"""Year by year: the law of each year, the plan phased in, and the years that were observed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from olive.analysis.assumed_study import joint_pairs
from olive.analysis.indicators import (
    IndicatorMeasure,
    income_variables,
    indicator_labels,
    measures_of,
)
from olive.analysis.many_policies import figures_of
from olive.analysis.table import Table
from olive.analysis.words import (
    COLUMNS,
    DEFINITION_LABELS,
    UNIT_OF_ROW,
    ColumnWords,
    unit_labels,
    words_of,
)
from olive.engine import Reform
from olive.engine.arguments import check_run
from olive.engine.liveness import read_together
from olive.errors import DataError, shown
from olive.messages import Message, joined
from olive.native.given_numbers import listed, whole_number
from olive.native.given_objects import checked_objects
from olive.places.labels import Label
from olive.population.years import checked_year
from olive.progress import watched
from olive.statistics.money import edge_at

if TYPE_CHECKING:
    from olive.engine import Policy
    from olive.engine.carrying import Carry
    from olive.places.place import Place
    from olive.population import Population
    from olive.progress import Progress

PHASE_IN = (2021, 2025)
_DRAWS, _LARGE = 10, 200_000
_ENDS = (0.05, 0.95)
_OBSERVED = "income_per_head"  # the published income per head, a dated parameter
_WORDS = {
    **COLUMNS,
    "year": ColumnWords(Label("年份", "year"), ""),
    "carried_out": ColumnWords(Label("方案落实程度", "share of the plan carried out"), "1"),
    "in_force": ColumnWords(Label("现行", "in force"), UNIT_OF_ROW),
    "plan": ColumnWords(Label("方案", "plan"), UNIT_OF_ROW),
    "plan_low": ColumnWords(Label("方案，5%", "plan, 5 %"), UNIT_OF_ROW),
    "plan_high": ColumnWords(Label("方案，95%", "plan, 95 %"), UNIT_OF_ROW),
    "observed": ColumnWords(Label("公布", "published"), UNIT_OF_ROW),
    "miss": ColumnWords(Label("相对误差", "relative error"), "1"),
    "met": ColumnWords(Label("达到", "met"), ""),
    "met_in": ColumnWords(Label("达到的抽样比例", "met in draws"), "1"),
}
_PATH = ("year", "met", "in_force", "plan", "plan_low", "plan_high", "target", "met_in")
_MET = {"yes": Label("是", "yes"), "no": Label("否", "no"), "": Label("", "")}


@checked_objects
def project(
    population: Population,
    years: Sequence[int] = tuple(range(2021, 2031)),
    *,
    reform: Reform | None = None,
    phase_in: tuple[int, int] = PHASE_IN,
    growth: str | Mapping[str, float] = "trend",
    carry: Carry = "indexed",
    draws: int | None = None,
    seed: int = 0,
    progress: Progress = None,
) -> Table:
    """Return the plan's indicators year by year, in force and with the plan phased in.

    A synthetic city is brought to each year with its ages and incomes, own data with their incomes
    only. Each year has its own law; standards without a value grow as ``carry`` says.

    Parameters
    ----------
    population : Population
    years : sequence of int
    reform : Reform, optional
        The plan's scenario by default.
    phase_in : (int, int)
        First year, in which one part of several is carried out, and the year from which all is:
        (2021, 2025) carries out a fifth in 2021. As if a fifth of the households were under the
        plan and the others under the law alone, a fifth of its effect is there: figures that go
        part of the way would not do, since a floor moves nothing before it passes what is in force.
    growth : str or mapping
        As in `Population.uprate`.
    carry : {"indexed", "nominal"}
    draws : int, optional
        Joint draws of the figures of law and plan that are neither law nor published, see
        `olive.uncertainty`; 10 a year by default, none for more than 200,000 sample households. 0
        leaves the ranges out.
    seed : int
        Of the design and of random draws.
    progress : callable or bool, optional
        Called with (years done, years in all); True shows a bar.

    Returns
    -------
    Table
        One row a ``year``, ``indicator`` and ``definition`` with a target: ``carried_out``,
        ``in_force``, ``plan``, ``plan_low`` and ``plan_high`` (5 % and 95 % quantile of the draws),
        ``target``, ``met``, ``met_in`` (share of the draws in which it is met), and where the year
        was observed ``observed`` and ``miss`` (in force over published, less 1). The notes name the
        first year in which each target is met, and every miss.

    Raises
    ------
    DataError
        For years that are no calendar years, a phase-in that ends before it begins, a number of
        draws below 0, or a place whose indicators have no targets.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=100, seed=1)
    >>> table = project(city, [2023], phase_in=(2021, 2025), draws=2)
    >>> float(table["carried_out"].iloc[0])
    0.6
    """
    place = population.place
    if all(each.target is None for each in measures_of(place)):
        raise DataError("no indicator of {name!r} has a target to be reached", place.name)
    check_run(seed)
    phase = listed(phase_in) or ()
    if len(phase) != 2:
        raise DataError("phase_in is {shown}; give two years: (2021, 2025)", shown(phase_in))
    first, last = (checked_year(year, "phase_in") for year in phase)
    years = [checked_year(year) for year in years]
    if first > last:
        raise DataError("the phase-in ends ({last}) before it begins ({first})", last, first)
    if not years:
        raise DataError("give at least one year, such as [2023, 2025]")
    if any(later <= year for year, later in pairwise(years)):
        raise DataError("years ascend, each once; found {years}", joined(map(str, years)))
    number = (0 if len(population) > _LARGE else _DRAWS) if draws is None else draws
    whole_number("draws", number, 0)
    chosen = place.plan.scenario() if reform is None else reform

    laws = [place.law(year=year, carry=carry) for year in years]
    wanted = income_variables(place)
    pairs = joint_pairs([(law, chosen) for law in laws], wanted, number, seed)
    shares = [float(np.clip((year - first + 1) / (last - first + 1), 0.0, 1.0)) for year in years]
    befores, afters = zip(*map(_sides, pairs, shares), strict=True)

    # One year is simulated while the next is prepared.
    rows: list[dict[str, Any]] = []
    simulated: Future[list[dict[str, Any]]] | None = None
    given = {*population.tables.households.column_names, *population.tables.persons.column_names}
    every = chain(*befores, *afters)
    with read_together(every, wanted, given), ThreadPoolExecutor(1) as simulating:
        for at, year in enumerate(watched(years, progress, Message("simulate"))):
            brought = population.brought_to(year, growth)
            if simulated is not None:
                rows += simulated.result()
            case = (brought, befores[at], afters[at], shares[at])
            simulated = simulating.submit(_of_year, *case, seed)
    if simulated is not None:
        rows += simulated.result()
    frame = pd.DataFrame(rows)
    names, words = [str(name) for name in frame.columns], words_of(place, _WORDS)
    return Table(
        frame=frame,
        title=Label("逐年推演", "Year by year"),
        units={name: words[name].unit for name in names},
        labels={name: words[name].label for name in names},
        words={
            "indicator": indicator_labels(place),
            "definition": DEFINITION_LABELS,
            "met": _MET,
            "unit": unit_labels(place),
        },
        notes=(
            *_first_met(frame, place),
            *_misses(frame, place),
            *_how(number, (first, last)),
        ),
        synthetic=population.is_synthetic,
    )


def by_target(table: Table) -> tuple[Table, ...]:
    """Return what a screen shows of a projection: a table for each target, year below year.

    Examples
    --------
    >>> import olive
    >>> table = project(olive.Population.synthetic(households=100, seed=1), [2023], draws=0)
    >>> [str(name) for name in by_target(table)[0].frame.columns]
    ['year', 'met', 'in_force', 'plan', 'target']
    """
    found = []
    for keys, rows in table.frame.groupby(["indicator", "definition"], sort=False):
        kept = [name for name in _PATH if rows[name].notna().any()]
        unit = str(rows["unit"].iloc[0])
        indicator, definition, measured = (
            table.words[column][str(key)]
            for column, key in zip(("indicator", "definition", "unit"), (*keys, unit), strict=True)
        )
        in_unit = Label("", "") if unit == "1" else Label(f"，{measured.zh}", f", {measured.en}")
        title = Label(
            f"{indicator.zh}（{definition.zh}{in_unit.zh}）",
            f"{indicator.en} ({definition.en}{in_unit.en})",
        )
        units = {
            name: unit if table.units[name] == UNIT_OF_ROW else table.units[name] for name in kept
        }
        frame = rows[kept].reset_index(drop=True)
        found.append(replace(table, frame=frame, title=title, units=units))
    return tuple(found)


def _sides(
    pairs: Sequence[tuple[Policy, Policy]], share: float
) -> tuple[list[Policy], list[Policy]]:
    """Return the policies before and after; one is enough of a side that does not count."""
    before, after = map(list, zip(*pairs, strict=True))
    return before[: 1 if share >= 1.0 else None], after[: 1 if share <= 0.0 else None]


def _of_year(
    population: Population,
    before: Sequence[Policy],
    after: Sequence[Policy],
    share: float,
    seed: int,
) -> list[dict[str, Any]]:
    """Return the rows of a year; the first policies have every figure as it stands."""
    every = [each for each in measures_of(population.place) if each.target is not None]
    found = figures_of(population, [(each,) for each in (*before, *after)], seed=seed, every=every)[
        :, 0
    ]
    start, end = np.split(found, [len(before)])
    carried = (1.0 - share) * start + share * end
    rows = []
    for at, measure in enumerate(every):
        assert measure.target is not None, "only indicators with a target were asked for"
        now, (plan, *drawn) = float(start[0, at]), carried[:, at].tolist()
        target = measure.target.value
        low, high = np.quantile(drawn, _ENDS) if drawn else (np.nan, np.nan)
        observed = _observed(measure, before[0], population.year)
        rows.append(
            {
                "year": str(population.year),
                "indicator": measure.id,
                "definition": measure.definition,
                "unit": measure.unit,
                "carried_out": share,
                "in_force": now,
                "plan": plan,
                "plan_low": low,
                "plan_high": high,
                "target": target,
                "met": "yes" if plan >= edge_at(target) else "no",
                "met_in": np.mean([each >= edge_at(target) for each in drawn]) if drawn else np.nan,
                "observed": observed,
                "miss": now / observed - 1.0,
            }
        )
    return rows


def _observed(measure: IndicatorMeasure, in_force: Policy, year: int) -> float:
    """Return what was published for a year: income per head; the shares were not, for the city."""
    parameters = in_force.rules.parameters
    if measure.id != "per_capita_income" or _OBSERVED not in parameters:
        return np.nan
    for entry in parameters[_OBSERVED].history:
        published = entry.status == "published" and entry.start.year == year
        if published and isinstance(entry.datum, float):
            return entry.datum
    return np.nan


def _first_met(frame: pd.DataFrame, place: Place) -> tuple[Label, ...]:
    """Return for each indicator and definition the first year in which the plan meets it."""
    notes = []
    for keys, rows in frame.groupby(["indicator", "definition"], sort=False):
        indicator, definition = map(str, keys)
        met = rows[rows["met"] == "yes"]
        name, how = indicator_labels(place)[indicator], DEFINITION_LABELS[definition]
        if len(met):
            year, share = str(met["year"].iloc[0]), float(met["met_in"].iloc[0])
            when = Label(
                f"所列年份中{year}年首次达到"
                + ("" if np.isnan(share) else f"（{share:.0%}的抽样中）"),
                f"of these years met for the first time in {year}"
                + ("" if np.isnan(share) else f" (in {share:.0%} of the draws)"),
            )
        else:
            when = Label("所列年份均未达到", "met in none of the years")
        notes.append(
            Label(f"{name.zh}（{how.zh}）：{when.zh}。", f"{name.en} ({how.en}): {when.en}.")
        )
    return tuple(notes)


def _misses(frame: pd.DataFrame, place: Place) -> tuple[Label, ...]:
    """Return how far the law of each observed year was from what was published."""
    rows = frame[frame["observed"].notna()]
    if rows.empty:
        return ()
    (indicator,) = rows["indicator"].unique()
    name = indicator_labels(place)[str(indicator)]
    told = [
        (year, f"{now:,.0f}", f"{observed:,.0f}", f"{miss:+z.1%}")
        for year, now, observed, miss in zip(
            rows["year"], rows["in_force"], rows["observed"], rows["miss"], strict=True
        )
    ]
    zh = "；".join(f"{year}年{now}，公布{seen}（{miss}）" for year, now, seen, miss in told)
    en = "; ".join(f"{year} {now}, published {seen} ({miss})" for year, now, seen, miss in told)
    return (
        Label(
            f"回测，{name.zh}：{zh}。所列其他年份和各年的比例没有公布数。",
            f"Back-test, {name.en}: {en}. Of the other years here, and of the shares, nothing "
            "was published.",
        ),
    )


def _how(draws: int, phase_in: tuple[int, int]) -> tuple[Label, Label]:
    first, last = phase_in
    doubt = Label(
        f"区间：对法规和方案中未经法律或公布确定的数字联合抽取{draws}次，取5%和95%分位；"
        "不含收入增长的不确定性。按各数字的取值算出的结果，在取值偏向其范围一端时可落在区间之外。",
        f"Ranges: 5 % and 95 % quantile of {draws} joint draws of the figures of law and plan that "
        "are neither law nor published; growth of incomes is not in them. The plan with every "
        "figure as it stands may lie outside, where figures stand near an end of their ranges.",
    )
    return (
        Label(
            "各年使用当年法规；没有当年数值的标准按其法定挂钩指标增长或沿用。方案（或改革）从"
            f"{first}年到{last}年逐年等量落实，落实几成即有几成效果。",
            "Each year has its own law; standards without a value of the year grow with what the "
            "law ties them to, or are carried forward. The plan, or the reform, is carried out in "
            f"equal steps, the first in {first}, the last in {last}; as much of its effect is "
            "there.",
        ),
        doubt
        if draws
        else Label("未计算假设区间。", "Ranges of the assumptions were not asked for."),
    )
