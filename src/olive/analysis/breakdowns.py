"""Ways to sort households into categories: deciles, places, types of household, groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive import statistics
from olive.analysis.pairs import PolicyPair
from olive.engine.columns import Column
from olive.errors import DataError, closest
from olive.messages import Labelled, Message, joined
from olive.places.labels import Label
from olive.simulation.groups import group_flags, primary_group

Codes = NDArray[np.int64]

MAJORITY_AGE = 18
ELDERLY_AGE = 60  # as the old-age statutes count: 《老年人权益保障法》, article 2
LARGEST_SIZE = 5
MOST_CATEGORIES = 200
# The one category of the breakdown "all", which tables show as their row "all" alone.
EVERY = "every"

HOUSEHOLD_TYPES = {
    "single": Label("单人，60岁以下", "one person under 60"),
    "single_elderly": Label("单人，60岁及以上", "one person of 60 or over"),
    "elderly": Label("多人，全部60岁及以上", "several persons, all of 60 or over"),
    "lone_adult_with_children": Label("一名成人带未成年人", "one adult with children"),
    "children_and_elderly": Label(
        "有未成年人和60岁及以上老人", "children and persons of 60 or over"
    ),
    "children": Label("其他有未成年人的家庭", "other households with children"),
    "adults": Label("其他多名成人家庭", "other households of several adults"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Breakdown:
    """Households sorted into categories, each household into one.

    Attributes
    ----------
    label : Label
    names : tuple of str
        Categories, in order.
    codes : int array, shape (households,)
        Position in ``names``; -1 for households that the breakdown leaves out.
    words : dict of str to Label
        Labels of the categories.
    note : Label or None
        How the categories are told, where that is a choice.
    """

    label: Label
    names: tuple[str, ...]
    codes: Codes
    words: dict[str, Label]
    note: Label | None = None


def breakdown(pair: PolicyPair, by: str) -> Breakdown:
    """Sort the households of a pair into categories.

    Parameters
    ----------
    pair : PolicyPair
        Deciles and quintiles are those of its policy before.
    by : str
        ``"all"``, ``"decile"``, ``"quintile"``, ``"county"``, ``"urban"``, ``"tenure"``,
        ``"household_type"``, ``"size"``, ``"group"`` or another household column of codes, truth
        values or texts.

    Raises
    ------
    DataError
        When there is no such breakdown, or the population lacks its column.
    """
    if isinstance(by, str) and by in _DERIVED:
        return _DERIVED[by](pair)
    households = pair.result.population.households
    columns = pair.result.place.columns
    known = columns.get(by)
    if by not in households or by == "household_id":
        if known is not None and known.entity == "household" and known.kind != "key":
            raise DataError(
                "the population lacks the column {by!r} ({en})", by, Labelled(known.en, zh=known.zh)
            )
        raise DataError(_unknown(by, households, columns))
    column = households[by]
    if _is_category(column):
        return _coded(by, column, known)
    raise DataError(
        "{by!r} is a column of numbers, not of categories; add a column of texts "
        "to the households, such as bands of it",
        by,
    )


def _unknown(by: str, households: pd.DataFrame, columns: Mapping[str, Column]) -> str:
    usable = [
        str(name)
        for name in households.columns
        if name != "household_id" and _is_category(households[name])
    ]
    valid = list(dict.fromkeys([*_DERIVED, *usable]))
    labels = {name: columns[name].zh if name in columns else "" for name in valid}
    return Message(
        "no breakdown {by!r}{hint}; breakdowns are {valid}", by, closest(by, labels), joined(valid)
    )


def _is_category(column: pd.Series) -> bool:
    return column.dtype == np.bool_ or not pd.api.types.is_numeric_dtype(column)


def _coded(by: str, column: pd.Series, known: Column | None) -> Breakdown:
    label = Label(known.zh, known.en) if known else Label(by, by)
    if column.dtype == np.bool_:
        words = {"no": Label("否", "no"), "yes": Label("是", "yes")}
        if by == "urban":
            label = Label("城乡", "urban and rural")
            words = {"rural": Label("乡村", "rural"), "urban": Label("城镇", "urban")}
        names, codes = tuple(words), column.to_numpy(dtype=np.int64)
    else:
        category = column.astype("category").cat
        names, codes = tuple(map(str, category.categories)), category.codes.to_numpy(np.int64)
        given = zip(known.codes, known.code_labels, strict=False) if known is not None else ()
        words = {name: Label(*each) for name, each in given}
    if len(names) > MOST_CATEGORIES:
        raise DataError(
            "{by!r} has {number} categories; a table of more than {most_categories} "
            "is not readable, so sort them into fewer",
            by,
            len(names),
            MOST_CATEGORIES,
        )
    return Breakdown(label, names, codes, words)


def _all(pair: PolicyPair) -> Breakdown:
    label = Label("全部住户", "all households")
    codes = np.zeros(pair.weight.size, dtype=np.int64)
    return Breakdown(label, (EVERY,), codes, {EVERY: label})


def _quantiles(pair: PolicyPair, groups: int, label: Label) -> Breakdown:
    counted = pair.counted
    codes = np.full(counted.size, -1, dtype=np.int64)
    codes[counted] = statistics.quantile_groups(
        pair.before.per_capita[counted], (pair.weight * pair.size)[counted], groups=groups
    )
    names = tuple(map(str, range(1, groups + 1)))
    note = Label(
        "分组按政策前人均可支配收入，每组人数相等（1为最低），只计家庭户。",
        "Groups of equal numbers of persons by disposable income per head under the policy "
        "before; 1 is the lowest; family households only.",
    )
    return Breakdown(label, names, codes, {}, note)


def _deciles(pair: PolicyPair) -> Breakdown:
    return _quantiles(pair, 10, Label("十等分组", "decile"))


def _quintiles(pair: PolicyPair) -> Breakdown:
    return _quantiles(pair, 5, Label("五等分组", "quintile"))


def _sizes(pair: PolicyPair) -> Breakdown:
    names = [str(size) for size in range(1, LARGEST_SIZE)] + [f"{LARGEST_SIZE}+"]
    codes = np.minimum(pair.result.population.size, LARGEST_SIZE) - 1
    return Breakdown(Label("家庭人口数", "size of household"), tuple(names), codes, {})


def _household_types(pair: PolicyPair) -> Breakdown:
    arrays, size = pair.result.population.arrays(), pair.result.population.size
    age, starts = arrays.persons["age"], arrays.starts[:-1]
    children = np.add.reduceat((age < MAJORITY_AGE).astype(np.int64), starts)
    elderly = np.add.reduceat((age >= ELDERLY_AGE).astype(np.int64), starts)
    # The first condition that holds decides; the last holds for all that are left.
    conditions = {
        "single_elderly": (size == 1) & (elderly == 1),
        "single": size == 1,
        "elderly": elderly == size,
        "lone_adult_with_children": (children > 0) & (size - children == 1),
        "children_and_elderly": (children > 0) & (elderly > 0),
        "children": children > 0,
        "adults": np.ones(size.size, dtype=np.bool_),
    }
    names = tuple(HOUSEHOLD_TYPES)
    codes = np.select(list(conditions.values()), [names.index(name) for name in conditions])
    label = Label("家庭类型", "type of household")
    note = Label("未成年人指18岁以下。", "Children are persons under 18.")
    return Breakdown(label, names, codes.astype(np.int64), HOUSEHOLD_TYPES, note)


def _groups(pair: PolicyPair) -> Breakdown:
    population = pair.result.population
    groups, labels = population.place.groups, population.place.groups.labels()
    flags, starts = group_flags(population), population.arrays().starts[:-1]
    names = tuple(labels)
    codes = np.full(len(population), names.index("none"), dtype=np.int64)
    for name in reversed(groups.precedence):
        codes[np.logical_or.reduceat(flags[name], starts)] = names.index(name)
    note = Label(
        "住户归入其成员所属群体中次序最先的一类："
        + "、".join(labels[name].zh for name in groups.precedence)
        + "。",
        "A household counts in the first group that a member belongs to, in this order: "
        + ", ".join(labels[name].en for name in groups.precedence)
        + ".",
    )
    return Breakdown(Label("重点群体", "key group"), names, codes, labels, note)


_DERIVED: dict[str, Callable[[PolicyPair], Breakdown]] = {
    "all": _all,
    "decile": _deciles,
    "quintile": _quintiles,
    "household_type": _household_types,
    "size": _sizes,
    "group": _groups,
}


def primary_groups_of_persons(pair: PolicyPair) -> tuple[tuple[str, ...], Codes]:
    """Return the names of the groups (``"none"`` last) and the one group of every person."""
    codes = primary_group(pair.result.population).astype(np.int64)
    names = tuple(pair.result.place.groups.labels())
    return names, np.where(codes < 0, names.index("none"), codes)
