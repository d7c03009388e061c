"""The nine key groups of the plan, told from the columns of persons and households.

Groups may overlap: a platform worker can be a recent graduate. :func:`group_flags` says who belongs
to which; :func:`primary_group` gives everybody at most one, in a fixed order, for tables that must
add up. The plan names the groups but does not define them in terms of survey columns: every
definition here is an assumption, written down beside the group.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.columns import catalogue
from olive.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from olive.population.population import Population

    Truth = NDArray[np.bool_]

RECENT_GRADUATE_YEARS = 5
LOW_INCOME_RURAL_LINE = 16_000.0  # yuan a head and year before benefits
_AT_WORK = ("employee", "self_employed", "farmer", "platform_worker")
_PERSONAL_INCOME = (
    "contractual_wage",
    "labour_remuneration",
    "operating_income",
    "employee_pension",
    "resident_personal_account",
)
_HOUSEHOLD_INCOME = (
    "imputed_rent",
    "interest_income",
    "dividend_income",
    "rental_income",
    "land_income",
    "collective_dividend",
    "private_transfers_received",
)


@dataclass(frozen=True, slots=True)
class Group:
    """One of the plan's key groups.

    Attributes
    ----------
    name : str
        For example ``"graduates"``.
    zh, en : str
        Labels; the Chinese one is the plan's.
    definition : str
        Who belongs to it, in words.
    """

    name: str
    zh: str
    en: str
    definition: str
    belongs: Callable[[_Columns], Truth]


class _Columns:
    """Person columns of a population by name; household columns are spread to the persons."""

    def __init__(self, population: Population) -> None:
        arrays = population.arrays()
        self._households, self._persons = arrays.households, arrays.persons
        self._starts = arrays.starts
        self._owner = np.repeat(np.arange(len(population)), np.diff(arrays.starts))

    def __getitem__(self, name: str) -> NDArray[Any]:
        if name in self._persons:
            return self._persons[name]
        if name in self._households:
            return self._households[name][self._owner]
        message = (
            f"the key groups need the column {name!r} ({catalogue()[name].en}), which the "
            "population lacks"
        )
        raise DataError(message)

    def code(self, column: str, *names: str) -> Truth:
        """Return who has one of the named codes."""
        codes = [catalogue()[column].codes.index(name) for name in names]
        return np.isin(self[column], codes)

    def income_a_head(self) -> NDArray[np.float64]:
        """Return the household's recorded income per head, before taxes and benefits."""
        own = sum(self[name].astype(np.float64) for name in _PERSONAL_INCOME)
        total = np.add.reduceat(own, self._starts[:-1])[self._owner]
        shared = sum(self[name].astype(np.float64) for name in _HOUSEHOLD_INCOME)
        return np.asarray((total + shared) / np.diff(self._starts)[self._owner])


def _skilled(columns: _Columns) -> Truth:
    certified = ~columns.code("skill_level", "none")
    return certified & columns.code("labour_status", *_AT_WORK)


def _researcher(columns: _Columns) -> Truth:
    return columns.code("occupation", "researcher")


def _business_owner(columns: _Columns) -> Truth:
    return columns.code("labour_status", "self_employed")


def _graduate(columns: _Columns) -> Truth:
    years = columns["years_since_graduation"]
    return (years >= 0) & (years <= RECENT_GRADUATE_YEARS)


def _farmer(columns: _Columns) -> Truth:
    return columns.code("labour_status", "farmer")


def _new_employment(columns: _Columns) -> Truth:
    return columns.code("labour_status", "platform_worker")


def _rural_migrant(columns: _Columns) -> Truth:
    from_elsewhere = columns.code("hukou", "local_rural", "migrant")
    schooling = columns.code("education", "none", "primary", "junior_secondary", "senior_secondary")
    return columns["urban"] & from_elsewhere & schooling & columns.code("labour_status", "employee")


def _low_income_rural(columns: _Columns) -> Truth:
    rural = ~columns["urban"] & columns.code("hukou", "local_rural")
    return rural & (columns.income_a_head() < LOW_INCOME_RURAL_LINE)


def _hardship(columns: _Columns) -> Truth:
    disabled = ~columns.code("disability_grade", "none")
    bereaved = ~columns.code("only_child_lost", "none")
    return columns["received_dibao_last_year"] | disabled | bereaved


GROUPS = (
    Group(
        "skilled_workers", "技能人才", "skilled workers", "at work with a certified skill", _skilled
    ),
    Group("researchers", "科研人员", "researchers", "occupation researcher", _researcher),
    Group(
        "business_owners",
        "中小企业主和个体工商户",
        "owners of small firms and individual businesses",
        "self-employed",
        _business_owner,
    ),
    Group(
        "graduates",
        "高校毕业生",
        "recent graduates",
        f"left tertiary education at most {RECENT_GRADUATE_YEARS} years ago",
        _graduate,
    ),
    Group(
        "farmers_fishers",
        "高素质农民（渔民）",
        "farmers and fishers",
        "labour status farmer",
        _farmer,
    ),
    Group(
        "new_employment",
        "新就业形态从业人员",
        "workers in new forms of employment",
        "labour status platform worker",
        _new_employment,
    ),
    Group(
        "rural_migrants",
        "进城农民工",
        "rural migrants in towns",
        "employee in a town, rural or other place's hukou, no tertiary education",
        _rural_migrant,
    ),
    Group(
        "low_income_rural",
        "低收入农户",
        "low-income rural households",
        f"rural household with rural hukou, recorded income below {LOW_INCOME_RURAL_LINE:,.0f} "
        "yuan a head",
        _low_income_rural,
    ),
    Group(
        "hardship",
        "困难群体",
        "people in hardship",
        "dibao last year, a certified disability, or an only child lost or disabled",
        _hardship,
    ),
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
    columns = _Columns(population)
    return {group.name: np.asarray(group.belongs(columns)) for group in GROUPS}


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
