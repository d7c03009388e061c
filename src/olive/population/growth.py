"""Growth paths: by what factor every component of income grows from one year to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from olive.engine.yaml_loader import read_yaml
from olive.errors import DataError, Faults, nearest, tell
from olive.messages import Labelled, Message, joined
from olive.native.given_numbers import is_finite
from olive.places.place import Place
from olive.places.plan.headline import Target
from olive.population.growth_notes import areas, price_notes, rates_later, trend_notes

PATHS = ("trend", "plan")
PRICES = "prices"
FIXED = "fixed"
# Factors a year beyond which incomes cannot change, and beyond which a slip is likely; wide on
# purpose, so that any year that was observed lies inside.
_POSSIBLE_A_YEAR, _USUAL_A_YEAR = 2.0, 1.25
_WITHOUT_AREAS = (PRICES, FIXED)


@dataclass(frozen=True, slots=True)
class Growth:
    """Factors on the components of income, in the country and in towns.

    Attributes
    ----------
    start, end : int
        From which year to which.
    rural, urban, overall : mapping of str to float
        Factor by component. ``overall`` is for households of unknown area.
    notes : tuple of str
        What was assumed, in words.
    """

    start: int
    end: int
    rural: Mapping[str, float]
    urban: Mapping[str, float]
    overall: Mapping[str, float]
    notes: tuple[str, ...]


@cache
def growth_data(place: Place) -> Mapping[str, Any]:
    """Return the growth paths of a place.

    Raises
    ------
    DataError
        When it has none.
    """
    file = place.growth_paths
    if file is None:
        raise DataError(
            "the place {name!r} has no growth paths, so incomes of another year are unknown",
            place.name,
        )
    data: Mapping[str, Any] = read_yaml(file)
    lacking = sorted({"components", "levels", "prices", "later"} - {*data})
    lacking += sorted({"total", "prices"} - {*data.get("components", ())})
    if lacking:
        told = joined(lacking)
        raise DataError("{file}: growth paths need {lacking}; see examples/shire", file.name, told)
    return data


@cache
def component_of_column(place: Place) -> Mapping[str, str]:
    """Return the component of every money column of a place.

    >>> from olive.places.registry import place
    >>> component_of_column(place())["contractual_wage"]
    'wage'
    """
    components = growth_data(place)["components"]
    return {column: name for name, entry in components.items() for column in entry["columns"]}


def growth_between(
    place: Place, start: int, end: int, growth: str | Mapping[str, float] = "trend"
) -> Growth:
    """Return the factors of a growth path from one year to another.

    Parameters
    ----------
    place : Place
        Whose path.
    start, end : int
        Calendar years; the end may be the earlier one, which casts incomes back.
    growth : str or mapping of str to float
        ``"trend"``: published growth as far as it is known, then urban and rural rates of
        other places.
        ``"plan"``: the same factor on every income, such that the published mean of the start
        year reaches the plan's in the plan's year. Or factors by component for the whole span,
        for example ``{"wage": 1.10}``; components that are not named stay as they are.

    Raises
    ------
    DataError
        When the path or a component is unknown, a year is beyond the path, or a factor is no
        possible factor.

    Warns
    -----
    DataWarning
        When a factor is more than a quarter a year: 5 for growth of five per cent, perhaps.

    Notes
    -----
    Sources and their status stand in the file of the place. Within a component, urban and rural
    factors ``u`` and ``r`` solve ``r / u = q`` (the published change of the ratio of rural to
    urban income) and ``p / u + (1 - p) / r = 1 / f``: a component that has the urban part ``p``
    after growing was smaller by its published factor ``f`` before.

    Examples
    --------
    >>> from olive.places.registry import place
    >>> found = growth_between(place(), 2023, 2025)
    >>> round(found.overall["wage"], 6), found.notes[0]
    (1.097425, 'incomes grown from 2023 to 2025 on the path trend')
    """
    if isinstance(growth, Mapping):
        return _own_factors(growth_data(place), start, end, growth)
    if growth == "trend":
        return _trend(growth_data(place), start, end)
    if growth == "plan":
        return _plan(place, start, end)
    raise DataError(
        "there is no growth path {growth!r}{hint}; known: {paths}, or a mapping "
        "of your own factors, for example {{'wage': 1.10, 'operating': 1.08}}",
        growth,
        nearest(str(growth), PATHS),
        joined(PATHS),
    )


def _own_factors(
    data: Mapping[str, Any], start: int, end: int, factors: Mapping[str, float]
) -> Growth:
    known = [name for name in data["components"] if name != FIXED]
    years = max(1, abs(end - start))
    low, high = (1.0 / _POSSIBLE_A_YEAR) ** years, _POSSIBLE_A_YEAR**years
    faults = Faults()
    for name, factor in factors.items():
        if name not in known:
            hint = nearest(str(name), known)
            faults.note(
                "there is no component {name!r}{hint}; known: {known}", name, hint, joined(known)
            )
        elif not is_finite(factor) or not low <= factor <= high:
            faults.note(
                "the factor of {name!r} is {factor!r}; it must be a number from {low:.3g} to "
                "{high:.3g} that incomes are multiplied by over the whole span (1.05 for growth of "
                "five per cent)",
                name,
                factor,
                low,
                high,
            )
    if not factors:
        faults.note("no factor is given; name at least one of {known}", joined(known))
    faults.raise_as(separator="; ")
    factors = {name: float(factor) for name, factor in factors.items()}
    written = {name: f"{name} x {factor:g}" for name, factor in factors.items()}
    low, high = _USUAL_A_YEAR**-years, _USUAL_A_YEAR**years
    odd = [written[name] for name, factor in factors.items() if not low <= factor <= high]
    if odd:
        tell(
            "more than {usual_a_year:.0%} a year from {start} to {end}: {odd}; a factor is what "
            "incomes are multiplied by over the whole span (1.05 for growth of five per cent)",
            _USUAL_A_YEAR - 1,
            start,
            end,
            joined(odd),
        )
    used = {name: factors.get(name, 1.0) for name in (*known, FIXED)}
    told = ", ".join(written.values())
    note = Message(
        "incomes brought from {start} to {end} with own factors: {given}", start, end, told
    )
    left = joined(name for name in known if name not in factors)
    rest = Message("components without a factor of their own stay as they are: {listed}", left)
    return Growth(start, end, used, used, used, (note, rest) if left else (note,))


def _plan(place: Place, start: int, end: int) -> Growth:
    data, target = growth_data(place), _mean_target(place)
    levels = data["levels"]["total"]
    first = min(levels)
    if not first <= start < target.year:
        raise DataError(
            "the path 'plan' leads from a data year {first} to {year} to {year2}; these "
            "data describe {start}; use growth='trend' or your own factors",
            first,
            target.year - 1,
            target.year,
            start,
        )
    if not start <= end <= target.year:
        raise DataError(
            "the path 'plan' leads from {start} to {year}, not to {end}; use "
            "growth='trend' or your own factors",
            start,
            target.year,
            end,
        )
    known = min(start, max(levels))
    level = levels[known] * _trend(data, known, start).overall["total"]
    yearly = (target.value / level) ** (1.0 / (target.year - start))
    used = dict.fromkeys(data["components"], yearly ** (end - start))
    used["prices"] = _trend(data, start, end).overall["prices"]
    used[FIXED] = 1.0
    notes = (
        Message("incomes grown from {start} to {end} on the path plan", start, end),
        Message(
            "every income grows by {yearly:.2%} a year, the pace at which {level:,.0f} {money} per "
            "head in {start} ({status}) become {value:,.0f} in {year}: the plan's aim, no forecast",
            yearly - 1.0,
            level,
            Labelled(place.currency.en, zh=place.currency.zh),
            start,
            "published" if start in levels else "assumption",
            target.value,
            target.year,
        ),
        *price_notes(data, range(start + 1, end + 1)),
    )
    return Growth(start, end, used, used, used, notes if end > start else ())


def _mean_target(place: Place) -> Target:
    """Return the plan's target of mean income, which the path ``plan`` leads to."""
    found = [each for each in place.plan.targets() if each.bounds is None] if place.has_plan else []
    if not found:
        raise DataError(
            "the place {name!r} has no plan with a target of mean income, so there is no "
            "growth path 'plan'; use growth='trend' or your own factors",
            place.name,
        )
    return found[0]


def _trend(data: Mapping[str, Any], start: int, end: int) -> Growth:
    first, last = min(data["levels"]["total"]), data["later"]["last_year"]
    for year, role in ((start, Message("the data describe")), (end, Message("asked for"))):
        if not first <= year <= last:
            raise DataError(
                "{role} {year}, but the path 'trend' is known from {first} to {last}; nearest "
                "year: {year2}. Or give your own factors, for example growth={{'wage': 1.05, "
                "'operating': 1.05, 'property': 1.05, 'transfers': 1.05}}",
                role,
                year,
                first,
                last,
                min(max(year, first), last),
            )
    years = range(min(start, end) + 1, max(start, end) + 1)
    names = data["components"]
    areas = {area: dict.fromkeys(names, 1.0) for area in ("rural", "urban", "overall")}
    for year in years:
        for name in names:
            for area, factor in _factors_of_year(data, year, name).items():
                areas[area][name] *= factor
    if end < start:
        areas = {
            area: {name: 1.0 / factor for name, factor in factors.items()}
            for area, factors in areas.items()
        }
    word = Message("cast back") if end < start else Message("grown")
    notes = (
        Message("incomes {word} from {start} to {end} on the path trend", word, start, end),
        *trend_notes(data, years),
    )
    return Growth(start, end, **areas, notes=notes if years else ())


def _factors_of_year(data: Mapping[str, Any], year: int, component: str) -> dict[str, float]:
    """Return the factor over the year before, by area."""
    if year not in data["levels"]["total"] and component not in _WITHOUT_AREAS:
        rates = rates_later(data, year)
        if "rate" in rates:  # one for town and country
            return dict.fromkeys(("rural", "urban", "overall"), 1.0 + float(rates["rate"]))
        areas = {area: 1.0 + float(rates[area]) for area in ("rural", "urban")}
        # Urban parts are those before growing: the proxy is of 2023.
        part = data["urban_parts"][component]
        return {**areas, "overall": part * areas["urban"] + (1.0 - part) * areas["rural"]}
    factor = _overall(data, year, component)
    ratio = _rural_over_urban(data, year)
    if ratio is None or component in _WITHOUT_AREAS:
        return dict.fromkeys(("rural", "urban", "overall"), factor)
    part = data["urban_parts"][component]
    urban = factor * (part + (1.0 - part) / ratio)
    return {"rural": ratio * urban, "urban": urban, "overall": factor}


def _overall(data: Mapping[str, Any], year: int, component: str) -> float:
    if component == FIXED:
        return 1.0
    if component == "prices":
        rates = {entry["year"]: entry["rate"] for entry in data["prices"]}
        return 1.0 + float(rates[min(year, max(rates))])
    levels = data["levels"]["total"]
    published = data.get("component_growth", {}).get(year, {})
    if component in published:
        return 1.0 + float(published[component])
    return float(levels[year] / levels[year - 1])


def _rural_over_urban(data: Mapping[str, Any], year: int) -> float | None:
    """Return the growth of the ratio of rural to urban income, where both years are known."""
    known = {entry["year"]: entry["rural"] / entry["urban"] for entry in areas(data)}
    return known[year] / known[year - 1] if year in known and year - 1 in known else None
