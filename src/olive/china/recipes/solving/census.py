"""Fit household types and strata to the census: sizes, ages, sexes, places, counties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.china.households.household_composition import Types, household_types
from olive.china.recipes.recipe import LARGEST, by_county, counties_of, value_of
from olive.china.recipes.synthetic import draw_ages
from olive.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_TRIALS = 4_000  # households drawn of each type to find its mean ages and sexes
_STEPS = 200
_CLOSE = 1e-10


@dataclass(frozen=True, slots=True)
class Fitted:
    """Strata of households and shares of household types, as in ``olive.china.recipes.recipe``."""

    strata: Array
    family: Array
    collective: Array


def fit_census(settings: Mapping[str, Any]) -> Fitted:
    """Return strata and shares of household types that meet the margins of the place.

    The shares move from their prior by as little as possible (least Kullback-Leibler divergence),
    so that households by size and persons by county, age and sex add up to the census.

    Parameters
    ----------
    settings : mapping
        ``place`` and ``types`` as `olive.china.recipes.recipe.settings_of` returns them.
    """
    place, types = settings["place"], household_types(settings["types"])
    mean = _means_by_type(types, place["ages"]["bounds"])
    shares = _fit_collective(settings, types)
    size = float(shares @ types.size[types.families :])
    family_persons, collective_persons = _persons(place)
    codes = counties_of(place)
    here = [codes.index(name) for name in place["counties"]["persons"]]  # as the settings list them
    collective = collective_persons[here].sum(axis=1) / size
    expected = np.outer(collective, shares @ mean[types.families :])
    fitted = _fit_family(settings, types, mean[: types.families], family_persons[here], expected)
    everywhere = fitted.sum(axis=0)  # shares of counties where nobody lives
    family = np.broadcast_to(everywhere, (len(family_persons), *everywhere.shape)).copy()
    family[here] = fitted
    households = np.zeros(family_persons.shape)
    households[here] = fitted.sum(axis=2)
    strata = np.stack([households, collective_persons / size], axis=-1)
    return Fitted(strata, family / family.sum(axis=2, keepdims=True), shares)


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
    raise DataError(
        "no shares of household types meet the margins: the largest miss is "
        "{max:.2%} at margin {row}",
        np.abs(miss).max(),
        int(np.abs(miss).argmax()),
    )


def _fit_collective(settings: Mapping[str, Any], types: Types) -> Array:
    place = settings["place"]
    prior = np.array([entry["share"] for entry in settings["types"]["collective"].values()])
    size = types.size[types.families :]
    mean = value_of(place["persons"]["collective"]) / value_of(place["households"]["collective"])
    features = np.column_stack([np.ones(len(size)), size])
    return tilt(prior, features, np.array([1.0, mean]))


def _fit_family(
    settings: Mapping[str, Any], types: Types, mean: Array, persons: Array, collective: Array
) -> Array:
    """Return family households by county, place (rural, urban) and type.

    Parameters
    ----------
    settings, types
        Of the place.
    mean : numpy.ndarray, shape (family types, age groups + 1)
        Mean persons by age group, and men.
    persons : numpy.ndarray, shape (counties, 2)
        Family persons by county and place.
    collective : numpy.ndarray, shape (counties, age groups + 1)
        Persons of collective households by county and age group, and men.
    """
    place = settings["place"]
    prior = np.array([entry["share"] for entry in settings["types"]["family"].values()]).T[::-1]
    prior = prior / prior.sum(axis=1, keepdims=True)
    households = value_of(place["households"]["family"])
    counties, kinds = len(persons), types.families
    size = np.tile(types.size[:kinds], counties * 2)
    urban = np.tile(np.repeat([0.0, 1.0], kinds), counties)
    county = np.repeat(np.arange(counties), 2 * kinds)
    means = np.tile(mean, (counties * 2, 1))
    urban_persons = persons[:, 1].sum()
    columns: list[Any] = [size == number for number in range(1, LARGEST + 1)]
    totals = list(_size_distribution(place, persons.sum() / households) * households)
    columns.append(urban)
    totals.append(urban_persons / value_of(place["urban_mean_size"]))
    for number, area in np.ndindex(counties, 2):
        columns.append(size * ((county == number) & (urban == area)))
        totals.append(persons[number, area])
    # The last age group follows from all persons.
    ages = np.array(place["ages"]["persons"]) - collective[:, :-1].sum(axis=0)
    urban_ages = np.array(value_of(place["urban_age_shares"])) * urban_persons
    for group in range(len(ages) - 1):
        columns += [means[:, group], urban * means[:, group]]
        totals += [ages[group], urban_ages[group]]
    if place["counties"].get("ages"):
        by_county = county_ages(place) - collective[:, :-1]
        for number, group in np.ndindex(counties, len(ages) - 1):
            columns.append((county == number) * means[:, group])
            totals.append(by_county[number, group])
    columns.append(means[:, -1])
    totals.append(value_of(place["male"]) - collective[:, -1].sum())
    start = prior[None] * (persons / (prior @ types.size[:kinds]))[..., None]
    features = np.asarray(np.column_stack(columns), dtype=np.float64)
    fitted = tilt(start.ravel(), features, np.asarray(totals, dtype=np.float64))
    return fitted.reshape(counties, 2, kinds)


def county_ages(place: Mapping[str, Any]) -> Array:
    """Return persons by county of the place and age group, in the order of the settings.

    Counties whose ages are known have them. The shares of the others lie on a line over the
    logarithm of their income level, through the whole place and as near as can be to the known
    ones: where incomes are low the young have left. Shifted so that all counties add up.

    Examples
    --------
    >>> city = {"ages": {"persons": [40.0, 160.0]}, "counties": {
    ...     "persons": {"luqiao": 100.0, "tiantai": 100.0}, "level": {"luqiao": 1, "tiantai": 1},
    ...     "ages": {"tiantai": [25.0, 75.0]}}}
    >>> county_ages(city).tolist()
    [[15.0, 85.0], [25.0, 75.0]]
    """
    counties = place["counties"]
    names = list(counties["persons"])
    ages = np.array(place["ages"]["persons"], dtype=np.float64)
    persons = np.array([counties["persons"][name] for name in names], dtype=np.float64)
    persons *= ages.sum() / persons.sum()
    level = np.log([counties["level"][name] for name in names])
    level -= persons @ level / persons.sum()
    known = np.array([name in counties["ages"] for name in names])
    found = np.zeros((len(names), len(ages)))
    for row in np.flatnonzero(known):
        given = np.array(counties["ages"][names[row]], dtype=np.float64)
        found[row] = given * (persons[row] / given.sum())
    shares = ages / ages.sum()
    apart = found[known] / persons[known, None] - shares
    slope = level[known] @ apart / max(float(level[known] @ level[known]), 1e-9)
    line = persons[:, None] * (shares + np.outer(level, slope))
    rest = ages - found.sum(axis=0) - line[~known].sum(axis=0)
    others = persons[~known] / persons[~known].sum()
    found[~known] = line[~known] + np.outer(others, rest)
    return found


def _size_distribution(place: Mapping[str, Any], mean: float) -> Array:
    """Return shares of households by size: the proxy's, tilted to the published mean."""
    shares = np.array(place["sizes"]["shares"])
    size = np.arange(1, len(shares) + 1)
    features = np.column_stack([np.ones(len(shares)), size.astype(np.float64)])
    return tilt(shares / shares.sum(), features, np.array([1.0, mean]))


def _persons(place: Mapping[str, Any]) -> tuple[Array, Array]:
    """Return family and collective persons by county of the catalogue and place (rural, urban)."""
    total = {kind: value_of(entry) for kind, entry in place["persons"].items()}
    persons = by_county(place, "persons")
    persons *= sum(total.values()) / persons.sum()
    start = by_county(place, "urban", absent=0.5)
    urban = _urban_by_county(persons, start, value_of(place["urban_person_share"]))
    by_place = persons[:, None] * np.column_stack([1.0 - urban, urban])
    share = value_of(place["urban_collective_share"])
    in_collective = np.array([1.0 - share, share]) * total["collective"]
    collective = by_place / by_place.sum(axis=0) * in_collective
    return by_place - collective, collective


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
