"""The nine key groups of the plan: who belongs to which.

Groups may overlap: a platform worker can be a recent graduate. :func:`group_flags` says who belongs
to which; `primary_group` gives everybody at most one, in a fixed order, so that tables add up.
Membership is that of the rules in ``olive.taizhou.law.key_groups``, which the levers read as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from olive.china.columns import catalogue
from olive.engine import Tables, run_policies
from olive.errors import DataError
from olive.taizhou.law.in_force import FIRST_DAY, law, rule_set

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from olive.population.population import Population


@dataclass(frozen=True, slots=True)
class Group:
    """One of the plan's key groups.

    Attributes
    ----------
    name : str
        For example ``"graduates"``.
    zh, en : str
        Labels; the Chinese one is the plan's.
    rule : str
        Variable of persons that says who belongs to it.
    """

    name: str
    zh: str
    en: str
    rule: str

    @property
    def definition(self) -> str:
        """Who belongs to it, in words: what the rule says of itself."""
        return rule_set().rules[self.rule].en


GROUPS = (
    Group("skilled_workers", "技能人才", "skilled workers", "is_skilled_employee"),
    Group("researchers", "科研人员", "researchers", "is_researcher"),
    Group(
        "business_owners",
        "中小企业主和个体工商户",
        "owners of small firms and individual businesses",
        "runs_small_business",
    ),
    Group("graduates", "高校毕业生", "recent graduates", "is_recent_graduate"),
    Group("farmers_fishers", "高素质农民（渔民）", "farmers and fishers", "runs_farm"),
    Group(
        "new_employment",
        "新就业形态从业人员",
        "workers in new forms of employment",
        "is_platform_worker",
    ),
    Group("rural_migrants", "进城农民工", "rural migrants in towns", "is_rural_migrant"),
    Group(
        "low_income_rural",
        "低收入农户",
        "low-income rural households",
        "in_low_income_rural_household",
    ),
    Group("hardship", "困难群体", "people in hardship", "in_hardship"),
)
# Need comes before trade: somebody in hardship counts there, whatever the work.
PRECEDENCE = (
    "hardship",
    "low_income_rural",
    "researchers",
    "new_employment",
    "farmers_fishers",
    "business_owners",
    "graduates",
    "skilled_workers",
    "rural_migrants",
)


def group_flags(population: Population) -> dict[str, NDArray[np.bool_]]:
    """Return who belongs to each of the nine groups, one truth value a person.

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
    _require_columns(population)
    arrays = population.arrays()
    tables = Tables(arrays.households, arrays.persons, arrays.starts, arrays.household_key)
    policy = law(year=max(population.year, FIRST_DAY.year))
    names = [group.rule for group in GROUPS]
    found = run_policies(tables, [policy], names, backend="numpy").arrays
    return {group.name: np.asarray(found[0, group.rule], dtype=np.bool_) for group in GROUPS}


def _require_columns(population: Population) -> None:
    """Refuse a population without a column that tells a group: nobody belonging would be a guess.

    Raises
    ------
    DataError
        Naming the column.
    """
    arrays = population.arrays()
    columns = catalogue()
    for group in GROUPS:
        for name in sorted(rule_set().depends_on([group.rule])):
            given = name in arrays.persons or name in arrays.households
            if name in columns and not given:
                raise DataError(
                    "the key groups need the column {name!r} ({en}), which the population lacks",
                    name=name,
                    en=columns[name].en,
                )


def primary_group(population: Population) -> NDArray[np.int8]:
    """Return one group a person as its position in ``GROUPS``, or -1 for none.

    Who belongs to several gets the first of ``PRECEDENCE``.
    """
    flags = group_flags(population)
    names = [group.name for group in GROUPS]
    chosen = np.full(int(population.size.sum()), -1, dtype=np.int8)
    for name in reversed(PRECEDENCE):
        chosen[flags[name]] = names.index(name)
    return chosen
