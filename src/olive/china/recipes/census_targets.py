"""The census totals of a place's settings, in the form that ``olive.calibrate`` reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from olive.china.recipes.recipe import value_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TARGET_COLUMNS = (
    "id",
    "value",
    "year",
    "unit",
    "entity",
    "measure",
    "where",
    "tolerance",
    "block",
    "status",
    "source",
    "url",
)


def census_targets(place: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the census totals of a place in the form that ``olive.calibrate`` reads."""
    year = place.get("census_year") or place["year"]
    for kind, truth in (("family", "false"), ("collective", "true")):
        for block, entity in (("households", "household"), ("persons", "person")):
            entry = place[block][kind]
            where = f"collective == {truth}"
            yield _target(f"{block}.{kind}", entry, (block, entity, where), block, year)
    ages = place["ages"]
    bounds = [0, *ages["bounds"]]
    for position, persons in enumerate(ages["persons"]):
        low, high = bounds[position], [*bounds, None][position + 1]
        where = f"age >= {low}" + (f" and age < {high}" if high else "")
        name = f"age.{low}_{high - 1}" if high else f"age.{low}_and_over"
        entry = {**ages, "value": persons}
        if low in ages.get("derived", {}):
            entry |= {"status": "derived", "source": ages["derived"][low]}
        yield _target(name, entry, ("persons", "person", where), "age", year)
    yield _target("male", place["male"], ("persons", "person", "sex == male"), "sex", year)
    share = value_of(place["urban_person_share"])
    people = sum(value_of(entry) for entry in place["persons"].values())
    urban = {**place["urban_person_share"], "value": round(share * people)}
    yield _target("urban", urban, ("persons", "person", "urban == true"), "urban", year)
    counties = place["counties"]
    for county, persons in counties["persons"].items():
        status = "recalled" if county in counties.get("recalled", ()) else counties["status"]
        entry = {**counties, "value": persons, "status": status}
        where = f"county == {county}"
        yield _target(f"county.{county}", entry, ("persons", "person", where), "county", year)


def _target(
    name: str, entry: Mapping[str, Any], what: tuple[str, str, str], block: str, year: int
) -> dict[str, Any]:
    unit, entity, where = what
    return {
        "id": name,
        "value": entry["value"],
        "year": year,
        "unit": unit,
        "entity": entity,
        "measure": "count",
        "where": where,
        "tolerance": "",
        "block": block,
        "status": entry["status"],
        "source": entry["source"],
        "url": entry.get("url", ""),
    }
