"""Who is poor enough, with few enough assets, to be entitled to dibao: a yardstick for weights.

Weights are calibrated before any law is applied, so entitlement is approximated from columns, with
the lines of the recipe's year and contributions of 2023 in round figures. It need not be exact: the
controls that are built on it take their totals from large draws, measured with the same yardstick.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.china.recipes.recipe import code_of
from olive.engine.draws import household_keys, stream_key, uniform

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Columns = Mapping[str, NDArray[Any]]

ASSET_YEARS, SPACE_A_HEAD = 4.0, 54.7  # times the dibao standard; m2 with a second dwelling
UNEARNED_PENSION = 2_100.0  # counted part of the resident pension, without the personal account
# Employees' rate on the part of the wage that is declared, of at least this base in a full year.
EMPLOYEE_RATE, DECLARED, LOWEST_BASE = 0.105, 0.65, 53_500.0
FLEXIBLE_BASE, FLEXIBLE_RATE = 89_000.0, 0.20  # average wage, times the ratio chosen; pensions
FLEXIBLE_MEDICAL, RESIDENT_PENSION, RESIDENT_MEDICAL = 5_600.0, 500.0, 615.0  # yuan a year
WORKING_AGE, OLD_AGE, ADULT = 16, 60, 18
# Children elsewhere: income a head by rank, over the average (the nation's fifths of 2023), and the
# share of what exceeds the marginal line that is presumed to go to each parent.
KIN_RANKS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
KIN_INCOMES = (0.0, 0.222, 0.493, 0.777, 1.212, 2.295, 2.837)
KIN_SHARE = 0.3
# Of the law's draws, with the seed that simulations have by default.
CLAIM_STREAM, KIN_STREAM, LAW_SEED = "dibao_take_up", "kin_income", 0


@dataclass(frozen=True, slots=True)
class Need:
    """Need by household.

    Attributes
    ----------
    needy : numpy.ndarray of bool
        Households poor enough, with few enough assets.
    others : numpy.ndarray of float64
        In other households, persons who may get dibao above the line: severely disabled or
        seriously ill adults with little income of their own, up to about twice the line, and
        everybody where dibao was paid the year before.
    lacking : numpy.ndarray of float64
        What needy households lack of the standard, yuan a year.
    """

    needy: NDArray[np.bool_]
    others: Array
    lacking: Array


def contributions(persons: Columns) -> Array:
    """Return about what each person pays to social insurance, in yuan a year."""
    wage = persons["contractual_wage"].astype(np.float64)
    base = np.maximum(
        DECLARED * wage, LOWEST_BASE * persons["months_worked"].astype(np.float64) / 12.0
    )
    flexible = FLEXIBLE_BASE * FLEXIBLE_RATE * persons["flexible_base_ratio"]
    paid = np.zeros(len(wage))
    for column, scheme, amount in (
        ("pension_scheme", "employee", EMPLOYEE_RATE * base),
        ("pension_scheme", "flexible", flexible),
        ("pension_scheme", "resident", RESIDENT_PENSION),
        ("medical_scheme", "flexible", FLEXIBLE_MEDICAL),
        ("medical_scheme", "resident", RESIDENT_MEDICAL),
    ):
        paid = paid + np.where(persons[column] == code_of(column, scheme), amount, 0.0)
    return paid


def net_cash(persons: Columns, starts: NDArray[np.int64], cash: Array) -> Array:
    """Return about what households have after contributions and with resident pensions.

    Parameters
    ----------
    persons, starts, cash
        See :func:`needy_households`.
    """
    change = _resident_pensions(persons) - contributions(persons)
    return cash + np.add.reduceat(change, starts[:-1])


def _resident_pensions(persons: Columns) -> Array:
    unearned = (persons["age"] >= OLD_AGE) & (persons["employee_pension"] == 0)
    return np.asarray(persons["resident_personal_account"] + UNEARNED_PENSION * unearned)


def needy_households(
    households: Columns,
    persons: Columns,
    starts: NDArray[np.int64],
    cash: Array,
    lines: Array,
) -> Need:
    """Return which households are about poor enough for dibao, and who may get it in others.

    Parameters
    ----------
    households, persons : mapping of str to numpy.ndarray
        Input columns.
    starts : numpy.ndarray of int64, shape (households + 1,)
        First person of each household.
    cash : numpy.ndarray of float64, shape (households,)
        Cash income before contributions, without resident pensions, in yuan a year.
    lines : numpy.ndarray of float64, shape (3,)
        ``assistance_lines`` of a recipe: dibao standard, dibao-marginal line and the average income
        that children elsewhere have, yuan a head.

    Returns
    -------
    Need
    """
    standard, marginal, average = lines

    def total(column: NDArray[Any]) -> Array:
        return np.add.reduceat(column.astype(np.float64), starts[:-1])

    age, size = persons["age"], np.diff(starts)
    own = persons["employee_pension"] + _resident_pensions(persons) - contributions(persons)
    earned = persons["contractual_wage"] + persons["labour_remuneration"]
    earned = earned.astype(np.float64) + persons["operating_income"]
    severe = _severe(persons)
    able = (age >= WORKING_AGE) & (age < OLD_AGE) & ~severe
    presumed = np.maximum(_kin_income(households, average) - marginal, 0.0) * KIN_SHARE
    alone_with_kin = households["support_from_kin"] & (total(able) == 0)
    presumed = presumed * total(age >= OLD_AGE) * alone_with_kin
    presumed = np.maximum(presumed - households["private_transfers_received"], 0.0)
    a_head = (net_cash(persons, starts, cash) + presumed) / size
    shared = a_head - total(own + earned) / size
    supported = households["support_from_kin"] | (total(able) > 0)  # the others get tekun support
    may_claim = supported & _few_assets(households, size, standard) & ~households["collective"]
    may_claim &= persons["hukou"][starts[:-1]] != code_of("hukou", "migrant")
    poor = own + earned + np.repeat(shared, size) < standard
    alone = poor & (age >= ADULT) & ((severe & (earned <= 0)) | persons["serious_illness"])
    above = (a_head >= standard) & (a_head < marginal)
    leaving = may_claim & (a_head >= standard) & households["received_dibao_last_year"]
    others = np.where(leaving, size, np.where(may_claim & above, total(alone), 0.0))
    needy = may_claim & (a_head < standard)
    lacking = np.where(needy, (standard - np.maximum(a_head, 0.0)) * size, 0.0)
    return Need(needy, others, lacking)


def _kin_income(households: Columns, average: float) -> Array:
    """Return the income a head of children elsewhere by the law's draw of their rank."""
    rank = kin_draws(households["household_id"])
    return np.asarray(np.interp(rank, KIN_RANKS, KIN_INCOMES) * average)


def _severe(persons: Columns) -> NDArray[np.bool_]:
    grade = persons["disability_grade"]
    limit = np.where(persons["mental_disability"], 3, 2)
    return np.asarray((grade > 0) & (grade <= limit))


def _few_assets(households: Columns, size: NDArray[np.int64], standard: float) -> NDArray[np.bool_]:
    dwellings = households["dwellings"]
    small = households["floor_area"] < SPACE_A_HEAD * size
    housing = (dwellings <= 1) | ((dwellings == 2) & small)
    money = households["financial_assets"] < ASSET_YEARS * standard * size
    return np.asarray(
        money & housing & (households["vehicles"] == 0) & ~households["business_premises"]
    )


def claim_draws(household_id: NDArray[Any]) -> Array:
    """Return the law's draw of each household that decides whether it claims dibao, in [0, 1)."""
    return uniform(stream_key(LAW_SEED, CLAIM_STREAM), household_keys(household_id))


def kin_draws(household_id: NDArray[Any]) -> Array:
    """Return the law's draw of the rank of children elsewhere by income, in [0, 1)."""
    return uniform(stream_key(LAW_SEED, KIN_STREAM), household_keys(household_id))
