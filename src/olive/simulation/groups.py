"""The key groups of a place: who belongs to which.

Groups may overlap: a platform worker can be a recent graduate. `group_flags` says who belongs to
which; `primary_group` gives everybody at most one, in a fixed order, for tables that must add up.
Membership is that of rules of the place's law, which levers of a plan read as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from olive.engine import Tables, run_policies
from olive.errors import DataError
from olive.messages import Labelled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from olive.places.place import Group, Place
    from olive.population import Population


def definition_of(group: Group, place: Place) -> str:
    """Return who belongs to a group, in words: what its rule says of itself."""
    return place.rules.rules[group.rule].en


def group_flags(population: Population) -> dict[str, NDArray[np.bool_]]:
    """Return who belongs to each key group of the place, one truth value a person.

    Raises
    ------
    DataError
        When the population lacks a column that tells a group.

    Examples
    --------
    >>> import olive
    >>> flags = group_flags(olive.Population.synthetic(households=500))
    >>> len(flags), bool(flags["business_owners"].any())
    (9, True)
    """
    columns = population.place.columns
    for name in lacking_columns(population):
        raise DataError(
            "the key groups need the column {name!r} ({en}), which the population lacks",
            name,
            Labelled(columns[name].en, zh=columns[name].zh),
        )
    arrays = population.arrays()
    tables = Tables(arrays.households, arrays.persons, arrays.starts, arrays.household_key)
    place = population.place
    policy = place.law(year=max(population.year, place.first_day.year))
    groups = place.groups.groups
    found = run_policies(tables, [policy], [x.rule for x in groups], backend="numpy").arrays
    return {group.name: np.asarray(found[0, group.rule], dtype=np.bool_) for group in groups}


def lacking_columns(population: Population) -> list[str]:
    """Return the columns that tell a key group and are not given: nobody in it would be a guess.

    Examples
    --------
    >>> import olive
    >>> lacking_columns(olive.Population.synthetic(households=10))
    []
    """
    arrays, place = population.arrays(), population.place
    given = {*arrays.persons, *arrays.households}
    read = place.rules.depends_on([group.rule for group in place.groups.groups])
    return sorted(name for name in read if name in place.columns and name not in given)


def primary_group(population: Population) -> NDArray[np.int8]:
    """Return one group a person as its position, or -1 for none.

    Who belongs to several gets the first in the order of precedence.
    """
    flags = group_flags(population)
    groups = population.place.groups
    names = [group.name for group in groups.groups]
    chosen = np.full(int(population.size.sum()), -1, dtype=np.int8)
    for name in reversed(groups.precedence):
        chosen[flags[name]] = names.index(name)
    return chosen
