"""Year by year: the law of each year, the plan phased in, and the years that were observed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from olive.analysis.cost_effectiveness import at_end
from olive.analysis.indicators import Measure, income_variables, incomes, measures_of
from olive.analysis.table import Table
from olive.analysis.words import (
    COLUMNS,
    DEFINITION_LABELS,
    UNIT_OF_ROW,
    ColumnWords,
    indicator_labels,
    words_of,
)
from olive.engine import Policy, Reform, Schedule
from olive.errors import DataError
from olive.places.labels import Label
from olive.simulation import simulate

if TYPE_CHECKING:
    from olive.engine import ParameterValue
    from olive.engine.carrying import Carry
    from olive.places.place import Place
    from olive.population import Population

PHASE_IN = (2021, 2025)
_OBSERVED = "income_per_head"  # the published income per head, a dated parameter
_WORDS = {
    **COLUMNS,
    "year": ColumnWords(Label("年份", "year"), ""),
    "carried_out": ColumnWords(Label("方案落实程度", "share of the plan carried out"), "1"),
    "in_force": ColumnWords(Label("现行", "in force"), UNIT_OF_ROW),
    "plan": ColumnWords(Label("方案", "plan"), UNIT_OF_ROW),
    "plan_low": ColumnWords(Label("方案，假设低端", "plan, from"), UNIT_OF_ROW),
    "plan_high": ColumnWords(Label("方案，假设高端", "plan, to"), UNIT_OF_ROW),
    "observed": ColumnWords(Label("公布", "published"), UNIT_OF_ROW),
    "miss": ColumnWords(Label("相对误差", "relative error"), "1"),
    "met": ColumnWords(Label("达到", "met"), ""),
}
_MET = {"yes": Label("是", "yes"), "no": Label("否", "no"), "": Label("", "")}


def project(
    population: Population,
    years: Sequence[int] = tuple(range(2021, 2031)),
    *,
    reform: Reform | None = None,
    phase_in: tuple[int, int] = PHASE_IN,
    growth: str | Mapping[str, float] = "trend",
    carry: Carry = "indexed",
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
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
        (2021, 2025) carries out a fifth in 2021. Switches and tables of brackets change when more
        than half is carried out.
    growth : str or mapping
        As in `Population.uprate`.
    carry : {"indexed", "nominal"}
    seed : int
    progress : callable, optional
        Called with (years done, years in all).

    Returns
    -------
    Table
        One row a ``year``, ``indicator`` and ``definition`` with a target: ``carried_out``,
        ``in_force``, ``plan``, ``plan_low`` and ``plan_high`` (the plan's own assumed figures at
        the ends of their plausible ranges), ``target``, ``met``, and where the year was observed
        ``observed`` and ``miss`` (in force over published, less 1). The notes name the first year
        in which each target is met.

    Raises
    ------
    DataError
        For years that are no calendar years, or a phase-in that ends before it begins.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=100, seed=1)
    >>> table = project(city, [2023], phase_in=(2021, 2025))
    >>> float(table["carried_out"].iloc[0])
    0.6
    """
    first, last = phase_in
    if first > last:
        raise DataError(
            "the phase-in ends ({last}) before it begins ({first})", last=last, first=first
        )
    if not years:
        raise DataError("give at least one year, such as [2023, 2025]")
    chosen = population.place.plan.scenario() if reform is None else reform
    rows: list[dict[str, Any]] = []
    for place, year in enumerate(years):
        share = float(np.clip((year - first + 1) / (last - first + 1), 0.0, 1.0))
        there = population.brought_to(year, growth)
        rows += _of_year(there, population.place.law(year=year, carry=carry), chosen, share, seed)
        if progress is not None:
            progress(place + 1, len(years))
    frame = pd.DataFrame(rows)
    names, words = [str(name) for name in frame.columns], words_of(population.place, _WORDS)
    return Table(
        frame=frame,
        title=Label("逐年推演", "Year by year"),
        units={name: words[name].unit for name in names},
        labels={name: words[name].label for name in names},
        words={
            "indicator": indicator_labels(population.place),
            "definition": DEFINITION_LABELS,
            "met": _MET,
        },
        notes=(*_first_met(frame, population.place), _HOW),
        synthetic=population.is_synthetic,
    )


def phased(policy: Policy, reform: Reform, share: float) -> Policy:
    """Return the policy with a share of a reform carried out: every figure goes part of the way.

    Switches, codes and schedules change when more than half is carried out.

    Examples
    --------
    >>> import olive
    >>> half = phased(olive.law("2023-06-01"), Reform({"dibao_standard": 14_492.0}), 0.5)
    >>> float(half.values["dibao_standard"].datum[0])
    13492.0
    """
    after = policy | reform
    values = {
        name: _between(policy.values[name], value, share, switch=_is_switch(after, name))
        if name in policy.values
        else value
        for name, value in after.values.items()
    }
    rules = after.rules if share > 0.0 else policy.rules
    if share <= 0.0:
        values = dict(policy.values)
    return replace(after, rules=rules, values=MappingProxyType(values))


def _is_switch(policy: Policy, name: str) -> bool:
    parameter = policy.rules.parameters[name]
    return parameter.unit in {"bool", "code"}


def _between(
    before: ParameterValue, after: ParameterValue, share: float, *, switch: bool
) -> ParameterValue:
    if after is before or share >= 1.0:
        return after
    if switch or isinstance(after.datum, Schedule) or isinstance(before.datum, Schedule):
        return after if share > 0.5 else before
    datum = before.datum + share * (after.datum - before.datum)
    return replace(after, datum=datum)


def _of_year(
    population: Population, in_force: Policy, reform: Reform, share: float, seed: int
) -> list[dict[str, Any]]:
    year = population.year
    ends = [at_end(reform, end) or reform for end in ("low", "high")]
    policies = [in_force, *(phased(in_force, each, share) for each in (reform, *ends))]
    result = simulate(population, policies, outputs=income_variables(population.place), seed=seed)
    each = [incomes(result, place) for place in range(len(policies))]
    rows = []
    for measure in measures_of(population.place):
        if measure.target is None:
            continue
        now, plan, low, high = (measure.value(one) for one in each)
        observed = _observed(measure, in_force, year)
        rows.append(
            {
                "year": str(year),
                "indicator": measure.id,
                "definition": measure.definition,
                "unit": measure.unit,
                "carried_out": share,
                "in_force": now,
                "plan": plan,
                "plan_low": min(plan, low, high),
                "plan_high": max(plan, low, high),
                "target": measure.target.value,
                "met": "yes" if plan >= measure.target.value else "no",
                "observed": observed,
                "miss": now / observed - 1.0,
            }
        )
    return rows


def _observed(measure: Measure, in_force: Policy, year: int) -> float:
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
        met = rows[rows["met"] == "yes"]["year"]
        name, how = indicator_labels(place)[indicator], DEFINITION_LABELS[definition]
        when = Label(
            f"{met.iloc[0]}年首次达到" if len(met) else "所列年份均未达到",
            f"met for the first time in {met.iloc[0]}" if len(met) else "met in none of the years",
        )
        notes.append(
            Label(f"{name.zh}（{how.zh}）：{when.zh}。", f"{name.en} ({how.en}): {when.en}.")
        )
    return tuple(notes)


_HOW = Label(
    "各年使用当年法规；没有当年数值的标准按其法定挂钩指标增长或沿用；方案按比例逐年落实；"
    "假设范围为方案自身未经法律或公布确定的数字同取下端或上端，不含收入增长的不确定性。",
    "Each year has its own law; standards without a value of the year grow with what the law ties "
    "them to, or are carried forward. The plan is carried out step by step. The range has all of "
    "the plan's own assumed figures at their low or their high ends; growth of incomes is not in "
    "it.",
)
