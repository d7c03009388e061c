"""Map drawn incomes to the published spread, household by household, and fill the money columns.

All drawn incomes of a household are multiplied alike, by a factor that depends only on its own
drawn income per head, its kind of place and its size: no sorting, so a household's money does not
depend on which others are drawn with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.population.recipe import COMPONENTS, SIZE_CLASSES, code_of, mapped
from olive.population.sampling import chance, chance_of, logarithm_of, normal, raise_e

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from olive.population.earnings import Earnings
    from olive.population.scene import Scene
    from olive.population.work import Columns

LEAST_FACTOR, LARGEST_FACTOR = 0.05, 20.0
PROPERTY = ("imputed_rent", "interest_income", "dividend_income", "rental_income", "land_income")
_WAGE, _OPERATING, _PROPERTY, _PENSION, _SUPPORT = range(len(COMPONENTS))


@dataclass(frozen=True, slots=True)
class Drawn:
    """Drawn incomes after scaling, before mapping.

    Attributes
    ----------
    persons : dict of str to numpy.ndarray
        ``wage``, ``remuneration``, ``operating``, ``pension``: one amount a person.
    households : dict of str to numpy.ndarray
        Property income and support by column name: one amount a household.
    cell : numpy.ndarray, shape (households,)
        Row of the mapping: kind of place and size class.
    a_head : numpy.ndarray of float64, shape (households,)
        Drawn income per head.
    factor : numpy.ndarray of float64, shape (households,)
        What the mapping multiplies them by.
    """

    persons: dict[str, NDArray[np.float64]]
    households: dict[str, NDArray[np.float64]]
    cell: NDArray[np.int64]
    a_head: NDArray[np.float64]
    factor: NDArray[np.float64]


def size_cells(scene: Scene) -> NDArray[np.int64]:
    """Return the row of the mapping: rural or urban, then size (1 to 4, 5 and more, collective)."""
    by_size = np.minimum(scene.roster.size, SIZE_CLASSES - 1) - 1
    by_size = np.where(scene.collective, SIZE_CLASSES - 1, by_size)
    return np.asarray(scene.urban * SIZE_CLASSES + by_size)


def scale_and_map(scene: Scene, earned: Earnings, owned: Columns, helped: Columns) -> Drawn:
    """Scale every component to the place and find each household's factor."""
    solved = scene.recipe.solved
    urban = scene.urban.astype(np.int64)
    of_household = [solved.scale[:, k].take(urban) for k in range(len(COMPONENTS))]
    urban_person = urban.take(scene.roster.owner)
    persons = {
        name: amount * solved.scale[:, component].take(urban_person)
        for name, component, amount in (
            ("wage", _WAGE, earned.wage),
            ("remuneration", _WAGE, earned.remuneration),
            ("operating", _OPERATING, earned.operating),
            ("pension", _PENSION, earned.pension),
        )
    }
    households = {name: owned[name] * of_household[_PROPERTY] for name in PROPERTY}
    name = "private_transfers_received"
    households[name] = helped[name] * of_household[_SUPPORT]
    total = scene.household_sum(
        persons["wage"] + persons["remuneration"] + persons["operating"] + persons["pension"]
    )
    for amount in households.values():
        total = total + amount
    a_head = total / scene.roster.size
    cell = size_cells(scene)
    morph = solved.morph.reshape(2 * SIZE_CLASSES, -1)
    factor = mapped(morph, cell, a_head) / np.maximum(a_head, 2.0**6)
    factor = np.clip(factor, LEAST_FACTOR, LARGEST_FACTOR)
    return Drawn(persons, households, cell, a_head, factor)


def income_columns(scene: Scene, drawn: Drawn, earned: Earnings) -> tuple[Columns, Columns]:
    """Return the money columns of households and of persons after mapping, in whole tens."""
    factor = drawn.factor.take(scene.roster.owner)
    wage = _tens(drawn.persons["wage"] * factor)
    operating = _tens(drawn.persons["operating"] * factor)
    households: Columns = {
        name: _tens(amount * drawn.factor) for name, amount in drawn.households.items()
    }
    persons: Columns = {
        "contractual_wage": wage,
        "labour_remuneration": _tens(drawn.persons["remuneration"] * factor),
        "operating_income": operating,
        "employee_pension": _tens(drawn.persons["pension"] * factor),
        "resident_personal_account": _tens(earned.account),
    }
    persons |= _beside_wages(scene, wage)
    persons |= _business(scene, operating)
    return households, persons


def months_for_wage(
    scene: Scene, wage: NDArray[np.float64], months: NDArray[np.int8], lowest: float
) -> NDArray[np.int8]:
    """Return months worked such that most very low wages are wages of part of the year."""
    rows = np.flatnonzero(scene.is_status("employee") & (wage < lowest * months))
    rows = rows[chance(scene.person_pieces("part_year", rows)[:, 0], 0.9)]
    fitting = np.clip(wage.take(rows) / lowest, 1, 12).astype(np.int8)
    shorter = months.copy()
    shorter[rows] = np.minimum(fitting, months.take(rows))
    return shorter


def _beside_wages(scene: Scene, wage: NDArray[np.float64]) -> Columns:
    settings = scene.recipe.persons
    bonus, saved, given = np.zeros((3, len(wage)))
    rows = np.flatnonzero(wage > 0)
    pieces, klass = scene.person_pieces("beside_wages", rows), scene.person_class.take(rows)
    low, high = settings["bonus"]["part"]
    part = low + (high - low) * (pieces[:, 1] / 65_536.0)
    gets = chance_of(pieces[:, 0], settings["bonus"]["share"], klass)
    bonus[rows] = np.where(gets, _tens(wage.take(rows) * part), 0.0)
    saving = settings["private_pension"]
    well_paid = (klass == code_of("household_class", "white_collar")) & (wage.take(rows) > 60_000)
    amounts = np.array(saving["amounts"]).take(pieces[:, 3] >> 14)
    saved[rows] = np.where(well_paid & chance(pieces[:, 2], saving["share"]), amounts, 0)
    rows = np.flatnonzero(scene.at_work)
    pieces, donation = scene.person_pieces("donations", rows), settings["donation"]
    gives = chance(pieces[:, 0], donation["share"])
    rows, pieces = rows[gives], pieces[gives]
    given[rows] = _tens(raise_e(logarithm_of(donation["median"]) + normal(pieces[:, 1])))
    return {"annual_bonus": bonus, "private_pension": saved, "donations": given}


def _business(scene: Scene, operating: NDArray[np.float64]) -> Columns:
    settings = scene.recipe.persons["operating"]
    codes = {name: code_of("business_type", name) for name in ("individual_business", "farm")}
    kind = np.where(operating > 0, np.int8(codes["farm"]), np.int8(0))
    loan = np.zeros(len(operating))
    rows = np.flatnonzero(scene.is_status("self_employed"))
    pieces = scene.person_pieces("business", rows)
    partnership = chance(pieces[:, 0], settings["partnership"])
    kind[rows] = np.where(
        partnership, code_of("business_type", "partnership"), codes["individual_business"]
    )
    owes = chance(pieces[:, 1], settings["loan"]["share"])
    median = logarithm_of(settings["loan"]["median"])
    amount = raise_e(median + np.float32(0.8) * normal(pieces[:, 2]))
    loan[rows] = np.where(owes, np.rint(amount / 1000) * 1000, 0.0)
    return {"business_type": kind, "business_loan": loan}


def dibao_last_year(scene: Scene, drawn: Drawn, owned: Columns) -> NDArray[np.bool_]:
    """Return which households are taken to have had dibao last year: poor, with few assets."""
    settings: dict[str, Any] = scene.recipe.wealth["received_dibao"]
    imputed = drawn.households["imputed_rent"] / scene.roster.size
    cash = (drawn.a_head - imputed) * drawn.factor
    few_assets = (owned["financial_assets"] < settings["assets_a_head"] * scene.roster.size) & (
        owned["vehicles"] == 0
    )
    local = scene.household_hukou != code_of("hukou", "migrant")
    poor, leaving = settings["poor"], settings["leaving"]
    share = np.where(
        cash < poor["below"],
        poor["share"],
        np.where(cash < leaving["below"], leaving["share"], 0.0),
    )
    pieces = scene.draws.households("dibao_last_year")[:, 0]
    received: NDArray[np.bool_] = local & few_assets & ~scene.collective & chance(pieces, share)
    return received


def _tens(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.rint(values / 10.0) * 10.0
