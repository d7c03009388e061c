"""Fit household types and strata to the census: sizes, ages, sexes, places, counties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.errors import DataError
from olive.population.recipe import LARGEST, by_county, value_of
from olive.population.roster import Types, household_types
from olive.population.synthetic import draw_ages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_TRIALS = 4_000  # households drawn of each type to find its mean ages and sexes
_STEPS = 200
_CLOSE = 1e-10


@dataclass(frozen=True, slots=True)
class Fitted:
    """Strata of households and shares of household types, as in ``olive.population.recipe``."""

    strata: Array
    family: Array
    collective: Array


def fit_census(settings: Mapping[str, Any]) -> Fitted:
    """Return strata and shares of household types that meet the margins of the place.

    The shares move from their prior by as little as possible (least Kullback-Leibler divergence),
    so that households by size and persons by age and sex add up to the census.

    Parameters
    ----------
    settings : mapping
        ``place`` and ``types`` as :func:`olive.population.recipe.settings_of` returns them.
    """
    place, types = settings["place"], household_types(settings["types"])
    mean = _means_by_type(types, place["ages"]["bounds"])
    collective = _fit_collective(settings, types)
    expected = collective @ mean[types.families :] * value_of(place["households"]["collective"])
    family = _fit_family(settings, types, mean[: types.families], expected)
    sizes = family / family.sum(axis=1, keepdims=True) @ types.size[: types.families]
    strata = _strata(place, sizes, float(collective @ types.size[types.families :]))
    return Fitted(strata, family / family.sum(axis=1, keepdims=True), collective)


def _means_by_type(types: Types, bounds: list[int]) -> Array:
    """Return mean persons by age group, and men, of a household of each type."""
    rows = len(types.size)
    numbers = np.repeat(np.arange(rows, dtype=np.int16), _TRIALS)
    owner, age, sex = draw_ages(types, numbers)
    group = np.searchsorted(bounds, age, side="right")
    columns = [group == number for number in range(len(bounds) + 1)] + [sex == 0]
    kind = numbers.take(owner)
    counts = [np.bincount(kind, weights=column, minlength=rows) for column in columns]
    return np.array(counts).T / _TRIALS


def tilt(prior: Array, features: Array, totals: Array) -> Array:
    """Return the shares nearest to ``prior`` whose ``features`` add up to ``totals``.

    Minimises the Kullback-Leibler divergence by damped Newton steps on the dual.

    Parameters
    ----------
    prior : numpy.ndarray, shape (n,)
        Positive starting values.
    features : numpy.ndarray, shape (n, k)
        What one unit adds to each total.
    totals : numpy.ndarray, shape (k,)
        Wanted totals.

    Raises
    ------
    DataError
        When no positive values reach the totals.

    Examples
    --------
    >>> tilt(np.array([1.0, 1.0]), np.array([[1.0], [1.0]]), np.array([6.0])).round(6).tolist()
    [3.0, 3.0]
    """
    size = np.abs(totals)
    scaled = features / size
    multiplier = np.zeros(len(totals))
    for _ in range(_STEPS):
        values = prior * np.exp(scaled @ multiplier)
        miss = 1.0 * np.sign(totals) - values @ scaled
        if np.abs(miss).max() < _CLOSE:
            return np.asarray(values)
        gram = (scaled * values[:, None]).T @ scaled
        step = np.linalg.lstsq(gram, miss, rcond=1e-13)[0]
        multiplier = multiplier + step * min(1.0, 2.0 / np.abs(scaled @ step).max())
    message = (
        f"no shares of household types meet the margins: the largest miss is "
        f"{np.abs(miss).max():.2%} at margin {int(np.abs(miss).argmax())}"
    )
    raise DataError(message)


def _fit_collective(settings: Mapping[str, Any], types: Types) -> Array:
    place = settings["place"]
    prior = np.array([entry["share"] for entry in settings["types"]["collective"].values()])
    size = types.size[types.families :]
    mean = value_of(place["persons"]["collective"]) / value_of(place["households"]["collective"])
    features = np.column_stack([np.ones(len(size)), size])
    return tilt(prior, features, np.array([1.0, mean]))


def _fit_family(settings: Mapping[str, Any], types: Types, mean: Array, collective: Array) -> Array:
    """Return family households by place (rural, urban) and type."""
    place = settings["place"]
    prior = np.array([entry["share"] for entry in settings["types"]["family"].values()]).T[::-1]
    prior = prior / prior.sum(axis=1, keepdims=True)
    households = value_of(place["households"]["family"])
    persons = value_of(place["persons"]["family"])
    size = types.size[: types.families]
    urban_persons = _urban_family_persons(place)
    urban_households = urban_persons / value_of(place["urban_mean_size"])
    both = np.tile(size, 2)
    urban = np.repeat([0.0, 1.0], types.families)
    by_size = _size_distribution(place, persons / households) * households
    columns = [both == number for number in range(1, LARGEST + 1)]
    totals = list(by_size)
    columns += [urban, urban * both]
    totals += [urban_households, urban_persons]
    ages = np.array(place["ages"]["persons"]) - collective[:-1]
    urban_ages = np.array(value_of(place["urban_age_shares"])) * urban_persons
    for number in range(len(ages) - 1):  # the last group follows from all persons
        both_places = np.tile(mean[:, number], 2)
        columns += [both_places, urban * both_places]
        totals += [ages[number], urban_ages[number]]
    columns.append(np.tile(mean[:, -1], 2))
    totals.append(value_of(place["male"]) - collective[-1])
    start = np.concatenate(
        [prior[0] * (households - urban_households), prior[1] * urban_households]
    )
    features = np.asarray(np.column_stack(columns), dtype=np.float64)
    fitted = tilt(start, features, np.asarray(totals, dtype=np.float64))
    return fitted.reshape(2, -1)


def _size_distribution(place: Mapping[str, Any], mean: float) -> Array:
    """Return shares of households by size: the proxy's, tilted to the published mean."""
    shares = np.array(place["sizes"]["shares"])
    size = np.arange(1, len(shares) + 1)
    features = np.column_stack([np.ones(len(shares)), size.astype(np.float64)])
    return tilt(shares / shares.sum(), features, np.array([1.0, mean]))


def _urban_family_persons(place: Mapping[str, Any]) -> float:
    persons = {kind: value_of(entry) for kind, entry in place["persons"].items()}
    urban = value_of(place["urban_person_share"]) * sum(persons.values())
    return float(urban - value_of(place["urban_collective_share"]) * persons["collective"])


def _strata(place: Mapping[str, Any], family_size: Array, collective_size: float) -> Array:
    """Return households by county, place (rural, urban) and kind (family, collective)."""
    total = {kind: value_of(entry) for kind, entry in place["persons"].items()}
    persons = by_county(place, "persons")
    persons *= sum(total.values()) / persons.sum()
    urban = _urban_by_county(
        persons,
        by_county(place, "urban", absent=0.5),
        value_of(place["urban_person_share"]),
    )
    by_place = persons[:, None] * np.column_stack([1.0 - urban, urban])
    share = value_of(place["urban_collective_share"])
    in_collective = np.array([1.0 - share, share]) * total["collective"]
    collective = by_place / by_place.sum(axis=0) * in_collective
    family = (by_place - collective) / family_size
    family *= value_of(place["households"]["family"]) / family.sum()
    return np.stack([family, collective / collective_size], axis=-1)


def _urban_by_county(persons: Array, start: Array, wanted: float) -> Array:
    """Return urban shares of the counties, their odds scaled to the city's share."""
    low, high = -5.0, 5.0
    odds = np.log(start / (1.0 - start))
    for _ in range(60):
        middle = (low + high) / 2
        shares = 1.0 / (1.0 + np.exp(-odds - middle))
        if persons @ shares > wanted * persons.sum():
            high = middle
        else:
            low = middle
    return np.asarray(shares)
