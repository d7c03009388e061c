"""The share of an income bracket under its four named definitions, always together."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Literal

import numpy as np

from olive.errors import DataError, one_of
from olive.native.room import empty
from olive.statistics.given_columns import (
    FloatArray,
    Numbers,
    checked_weights,
    finite,
    floats,
    only_counted,
)
from olive.statistics.means_and_shares import share_between
from olive.statistics.money import Closed
from olive.statistics.samples import Sample, sampled

Definition = Literal["household", "household_persons", "three_person", "three_person_persons"]
DEFINITIONS: tuple[Definition, ...] = (
    "household",
    "household_persons",
    "three_person",
    "three_person_persons",
)
PERSONS_OF_A_TYPICAL_HOUSEHOLD = 3.0


@dataclass(frozen=True, slots=True)
class BracketShares:
    """The share of a bracket, from 0 to 1, under each definition.

    Attributes
    ----------
    household : float
        Households whose own income lies in the bracket, as a share of households.
    household_persons : float
        Persons who live in such households, as a share of persons.
    three_person : float
        Households whose income per head x 3 lies in the bracket, as a share of households.
    three_person_persons : float
        Persons who live in such households, as a share of persons.
    """

    household: float
    household_persons: float
    three_person: float
    three_person_persons: float

    def as_dict(self) -> dict[str, float]:
        """Return the shares by the name of their definition."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def bracket_basis(
    definition: Definition,
    household_income: Numbers,
    household_size: Numbers,
    household_weight: Numbers,
) -> tuple[FloatArray, FloatArray]:
    """Return the values and weights whose `share_between` is a share under one definition.

    Parameters
    ----------
    definition : {"household", "household_persons", "three_person", "three_person_persons"}
    household_income : array-like, shape (households,)
        Yuan a year.
    household_size : array-like, shape (households,)
        Persons, above 0.
    household_weight : array-like, shape (households,), or number
        How many households each row stands for.

    Returns
    -------
    values, weights : float64 arrays, shape (households,)

    Raises
    ------
    DataError
        When the definition is unknown, a size is not above 0, or lengths differ.

    Examples
    --------
    >>> bracket_basis("three_person_persons", [100_000.0], [2], [10.0])
    (array([150000.]), array([20.]))
    """
    one_of("definition", definition, DEFINITIONS)
    income, size, weight = _checked(household_income, household_size, household_weight)
    if definition.startswith("three_person"):
        income = income * PERSONS_OF_A_TYPICAL_HOUSEHOLD / size
    if definition.endswith("persons"):
        weight = weight * size
    return income, weight


def bracket_samples(
    household_income: Numbers, household_size: Numbers, household_weight: Numbers
) -> dict[Definition, Sample]:
    """Return the samples whose `share_between` are shares, for all definitions at once.

    Parameters
    ----------
    household_income, household_size, household_weight
        As `bracket_basis` takes them.

    Raises
    ------
    DataError
        When a size is not above 0, or lengths differ.

    Examples
    --------
    >>> found = bracket_samples([100_000.0], [2], [10.0])
    >>> found["three_person_persons"].values, found["three_person_persons"].weights
    (array([150000.]), array([20.]))
    """
    income, size, weight = _checked(household_income, household_size, household_weight)
    households = sampled(income, weight)
    size = households.in_own_order(size)
    rows = size.size
    a_head = np.multiply(households.values, PERSONS_OF_A_TYPICAL_HOUSEHOLD, out=empty(rows))
    a_head /= size
    three_person = replace(households, values=finite(a_head, "values"))
    persons = np.multiply(households.weights, size, out=empty(rows))
    return {
        "household": households,
        "household_persons": replace(households, weights=persons),
        "three_person": three_person,
        "three_person_persons": replace(three_person, weights=persons),
    }


def _checked(
    household_income: Numbers, household_size: Numbers, household_weight: Numbers
) -> tuple[FloatArray, FloatArray, FloatArray]:
    income = floats(household_income, "household_income")
    size = floats(household_size, "household_size")
    weight = checked_weights(household_weight, income.size)
    if size.size != income.size:
        raise DataError(
            "there are {size} household incomes and {size2} sizes", income.size, size.size
        )
    counted = weight > 0.0
    finite(income, "household_income", counted)
    # Who has no weight may lack income and size; a size of 1 keeps the weight at 0.
    size = only_counted(finite(size, "household_size", counted), counted, 1.0)
    if (size <= 0.0).any():
        position = int(np.argmax(size <= 0.0))
        raise DataError(
            "household_size is {size} at position {position}; income per head needs a size above 0",
            size[position],
            position,
        )
    return income, size, weight


def bracket_shares(
    household_income: Numbers,
    household_size: Numbers,
    household_weight: Numbers,
    *,
    low: float,
    high: float,
    closed: Closed = "low",
) -> BracketShares:
    """Return the share of an income bracket under all four definitions.

    Parameters
    ----------
    household_income : array-like, shape (households,)
        Yuan a year.
    household_size : array-like, shape (households,)
        Persons, above 0.
    household_weight : array-like, shape (households,), or number
        How many households each row stands for.
    low, high : float
        Bounds, yuan a year.
    closed : {"low", "high", "both", "neither"}
        Which bounds belong to the bracket; by default low <= y < high.

    Raises
    ------
    DataError
        When incomes, sizes, weights or bounds cannot be used.

    Examples
    --------
    A couple with 240,000 yuan and a single person with 40,000 yuan (three-person equivalents
    360,000 and 120,000 yuan):

    >>> bracket_shares([240_000, 40_000], [2, 1], 1, low=100_000, high=500_000)
    BracketShares(household=0.5, household_persons=0.6666666666666666, three_person=1.0, \
three_person_persons=1.0)
    """
    samples = bracket_samples(household_income, household_size, household_weight)
    share = partial(share_between, low=low, high=high, closed=closed)
    return BracketShares(*(share(samples[definition]) for definition in DEFINITIONS))
