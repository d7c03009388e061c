"""Control totals of a recipe: weights that make a small synthetic city add up like a large one.

A city of 20,000 households drawn from a recipe misses the recipe's own totals by sampling error,
one or two per cent for the rarer incomes. Its weights are therefore calibrated to totals that were
measured on many large draws, and set to the published figures, when the recipe was built.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.china.recipes.need import claim_draws, need_of
from olive.china.recipes.recipe import LARGEST, code_of
from olive.errors import DataWarning
from olive.messages import Message
from olive.native.blas import single_blas_thread
from olive.population.calibration.distances import choose_distance
from olive.population.calibration.equations import System
from olive.population.calibration.newton import solve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from olive.engine import Policy

    Array = NDArray[np.float64]

# Money by kind of place: person columns, then household columns, that make up one control.
MONEY: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("wage", ("contractual_wage", "labour_remuneration"), ()),
    ("operating", ("operating_income",), ()),
    ("imputed_rent", (), ("imputed_rent",)),
    (
        "property",
        (),
        (
            "interest_income",
            "dividend_income",
            "rental_income",
            "land_income",
            "collective_dividend",
        ),
    ),
    ("pension", ("employee_pension",), ()),
    ("support", (), ("private_transfers_received",)),
    ("support_paid", (), ("private_transfers_paid",)),
)
# What taxes and contributions depend on; met within a tolerance, like rare sizes and low incomes.
BASES = (
    "contributions",
    "insured wages",
    "housing fund",
    "high wages",
    "very high wages",
    "high operating incomes",
    "reimbursements",
    "basic pensioners",
)
# Needy persons also by the law's draw of who claims, so that the lottery of a small city is even:
# at one rate in four fifths, the fifth follows.
CLAIM_FIFTHS = 4
HIGH_WAGE, VERY_HIGH_WAGE, HIGH_OPERATING_INCOME = 120_000.0, 300_000.0, 150_000.0
# Families below these incomes: a head, among them a third of the bounds of the plan's brackets (the
# lower ones also ten per cent higher, where they lay in Taizhou two years before); and in all.
HEAD_EDGES = (
    8_000,
    12_500,
    20_000,
    27_000,
    33_333,
    36_667,
    45_000,
    55_000,
    66_667,
    73_333,
    100_000,
    166_667,
    200_000,
)
FAMILY_EDGES = (100_000, 200_000, 500_000, 600_000)
_FEWEST = 20  # households; a control that fewer add to is left out
_RARE_SIZE = 5
_TOLERANCE = 0.001
_PRECISION = 1e-9
_STEPS = 60
_PLACES = 3  # decimals of a weight: beyond them, processors differ
_AREAS = ("rural", "urban")
_IN_COUNTY = ": persons below"  # ages within a county, few of whose households a small city has


def control_names(counties: Sequence[str], age_bounds: list[int]) -> list[str]:
    """Return the names of the controls, in the order of `control_rows`."""
    settled = counties[:-1]  # the last one follows from the others
    return [
        *(f"{area} families of {size}" for area in _AREAS for size in range(1, LARGEST + 1)),
        *(f"{area} collective households" for area in _AREAS),
        *(f"{area} collective persons" for area in _AREAS),
        *(f"{area} persons below {bound}" for area in _AREAS for bound in age_bounds),
        "men",
        *(f"persons in {county}" for county in settled),
        *(f"{county}: persons below {bound}" for county in settled for bound in age_bounds),
        *(f"{area} {name}" for area in _AREAS for name, _, _ in MONEY),
        *(f"{area} {name}" for area in _AREAS for name in BASES),
        *(f"{area} families below {edge} a head" for area in _AREAS for edge in HEAD_EDGES),
        *(f"{area} families below {edge} in all" for area in _AREAS for edge in FAMILY_EDGES),
        *(f"{area} needy" for area in _AREAS),
        "needy in other households",
        "lacking by those who claim, needy",
        *(f"claim draw {fifth} needy" for fifth in range(CLAIM_FIFTHS)),
        "disabled",
    ]


def control_rows(
    households: Mapping[str, NDArray[Any]],
    persons: Mapping[str, NDArray[Any]],
    starts: NDArray[np.int64],
    *,
    counties: Sequence[str],
    age_bounds: list[int],
    policy: Policy,
) -> Array:
    """Return what each household adds to each control, shape (controls, households).

    ``policy`` is the law of the recipe's year, which says what incomes are and who is entitled to
    dibao; ``counties`` and ``age_bounds`` are those of the place.

    The totals are independent of one another: the last age group, the highest incomes and the last
    county follow from the others.
    """
    size = np.diff(starts)
    areas = [~households["urban"], households["urban"]]
    collective = households["collective"]

    def total(column: NDArray[Any]) -> Array:
        return np.add.reduceat(column.astype(np.float64), starts[:-1])

    below = [total(persons["age"] < bound) for bound in age_bounds]
    money = _money(households, persons, total)
    need = need_of(households, persons, starts, policy)
    income = need.income
    rows: list[Any] = []
    for area in areas:
        rows += [area & ~collective & (size == number) for number in range(1, LARGEST + 1)]
    rows += [area & collective for area in areas]
    rows += [(area & collective) * size for area in areas]
    rows += [area * count for area in areas for count in below]
    rows.append(total(persons["sex"] == 0))
    lived_in = [households["county"] == county for county in range(len(counties) - 1)]
    rows += [here * size for here in lived_in]
    rows += [here * count for here in lived_in for count in below]
    rows += [area * money[name] for area in areas for name in money]
    rows += [area * total(base) for area in areas for base in _bases(persons, need.contributions)]
    families = [area & ~collective for area in areas]
    rows += [area & (income / size < edge) for area in families for edge in HEAD_EDGES]
    rows += [area & (income < edge) for area in families for edge in FAMILY_EDGES]
    rows += [area * need.needy for area in areas]
    rows.append(need.others)
    fifth = np.floor(claim_draws(households["household_id"]) * (CLAIM_FIFTHS + 1))
    rows.append(need.lacking * (fifth < CLAIM_FIFTHS))
    rows += [(need.needy + need.others) * (fifth == number) for number in range(CLAIM_FIFTHS)]
    rows.append(total(persons["disability_grade"] > 0))
    return np.array(rows, dtype=np.float64)


def _money(
    households: Mapping[str, NDArray[Any]], persons: Mapping[str, NDArray[Any]], total: Any
) -> dict[str, Array]:
    amounts = {}
    for name, of_persons, of_households in MONEY:
        amount = np.zeros(len(households["urban"]))
        for column in of_persons:
            amount = amount + total(persons[column])
        for column in of_households:
            amount = amount + households[column].astype(np.float64)
        amounts[name] = amount
    return amounts


def _bases(persons: Mapping[str, NDArray[Any]], contributions: Array) -> list[NDArray[Any]]:
    wage = persons["contractual_wage"].astype(np.float64)
    insured = persons["pension_scheme"] == code_of("pension_scheme", "employee")
    return [
        contributions,
        wage * insured,
        wage * persons["housing_fund_rate"],
        np.maximum(wage - HIGH_WAGE, 0.0),
        np.maximum(wage - VERY_HIGH_WAGE, 0.0),
        np.maximum(persons["operating_income"].astype(np.float64) - HIGH_OPERATING_INCOME, 0.0),
        persons["medical_reimbursement"],
        (persons["age"] >= 60) & (persons["employee_pension"] == 0),
    ]


def tolerances(counties: Sequence[str], age_bounds: list[int]) -> Array:
    """Return by how much each control may be missed: rare sizes, low incomes, ages, tax bases."""
    loose = [f"families of {size}" for size in range(_RARE_SIZE, LARGEST + 1)]
    loose += [*BASES, "a head", "in all", "needy", "needy in other households"]
    names = control_names(counties, age_bounds)
    endings = tuple(loose)
    return np.array([_TOLERANCE * (name.endswith(endings) or _IN_COUNTY in name) for name in names])


def controlled_weights(rows: Array, totals: Array, weights: Array, tolerance: Array) -> Array:
    """Return weights between a fifth and five times the given ones that meet the totals.

    Parameters
    ----------
    rows : numpy.ndarray of float64, shape (controls, households)
        From `control_rows`.
    totals : numpy.ndarray of float64, shape (controls,)
        Control totals; those that hardly any household adds to are left out.
    weights : numpy.ndarray of float64, shape (households,)
        Weights to start from.
    tolerance : numpy.ndarray of float64, shape (controls,)
        From `tolerances`.

    Returns
    -------
    numpy.ndarray of float64
        Rounded to three decimals. The given weights, with a warning, when no weights within the
        bounds meet the totals.
    """
    present = np.flatnonzero((np.count_nonzero(rows, axis=1) >= _FEWEST) & (totals > 0))
    system = System(
        design=rows,
        rows=present,
        totals=totals[present],
        size=totals[present],
        start=weights,
        tolerance=tolerance[present],
        link=choose_distance("logit", None),
    )
    with single_blas_thread():
        solution = solve(system, precision=_PRECISION, max_iterations=_STEPS)
    if solution.status != "converged":
        message = Message(
            "weights of the {number:,} synthetic households could not be calibrated to the "
            "recipe's totals; they are left as drawn, so totals carry sampling error",
            len(weights),
        )
        warnings.warn(message, DataWarning, stacklevel=2)
        return weights
    return np.round(weights * solution.ratio, _PLACES)
