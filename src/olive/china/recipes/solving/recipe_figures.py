"""The figures that a recipe was given, which a population drawn from it is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from olive.china.recipes.census_targets import census_targets
from olive.china.recipes.solving.build import OUTPUTS
from olive.population.measures.measure import INCOME
from olive.population.measures.published_figures import TOLERANCE_BY_STATUS, PublishedFigure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MEAN, _COMPONENT, _SHARE, _LOOSE = 0.005, 0.01, 0.05, 0.10
_LOW, _HIGH = (100_000, 200_000), (500_000, 600_000)  # yuan, the brackets of the plan


def recipe_figures(place: Mapping[str, Any]) -> tuple[PublishedFigure, ...]:
    """Return the figures of a place's settings as published ones; those held out are marked so.

    Examples
    --------
    >>> from olive.china.recipes.recipe import settings_of
    >>> figures = recipe_figures(settings_of("zhejiang", 2021)["place"])
    >>> [each.value for each in figures if each.id == "income.urban"]
    [68487.0]
    """
    return (*_heads(place), *_incomes(place), *_held_out(place))


def _heads(place: Mapping[str, Any]) -> Iterator[PublishedFigure]:
    rows = list(census_targets(place))
    year = rows[0]["year"]
    for row in rows:
        yield _figure(row["id"], row, row)
    persons, households = place["persons"]["family"], place["households"]["family"]
    mean = {**households, "value": persons["value"] / households["value"]}
    what = {"entity": "household", "measure": "mean:household_size", "unit": "persons"}
    yield _figure("mean_size.family", mean, {**what, "year": year, "where": "collective == false"})


def _incomes(place: Mapping[str, Any]) -> Iterator[PublishedFigure]:
    income = place["income"]
    money = {"unit": "yuan/year", "entity": "person", "year": place["year"]}
    for area, where in (("mean", ""), ("urban", "urban == true"), ("rural", "urban == false")):
        what = {**money, "where": where, "measure": f"mean:{INCOME}", "tolerance": _MEAN}
        yield _figure(f"income.{area}", income[area], what)
        flows = income.get(f"{area}_components", {})
        for flow, variable in OUTPUTS.items() if flows else ():
            what = {**what, "measure": f"mean:{variable}", "tolerance": _COMPONENT}
            yield _figure(f"income.{area}.{flow}", {**flows, "value": flows[flow]}, what)
    what = {**money, "unit": "persons", "measure": "sum:dibao_recipient", "tolerance": _LOOSE}
    yield _figure("dibao.recipients", place["dibao_recipients"], what)
    spread = place["spread"]
    for low, high, share in zip(_LOW, _HIGH, spread["province"]["shares"], strict=True):
        what = {"unit": "share", "entity": "household", "year": place["year"], "tolerance": _SHARE}
        what |= {"measure": f"bracket:three_person:{low}:{high}", "where": "collective == false"}
        yield _figure(f"share.{low}_{high}", {**spread, "value": share}, what)


def _held_out(place: Mapping[str, Any]) -> Iterator[PublishedFigure]:
    for name, row in place.get("held_out", {}).items():
        yield _figure(name, row, {"tolerance": _SHARE, **row}, role="held_out")


def _figure(
    name: str, entry: Mapping[str, Any], what: Mapping[str, Any], role: str = "fit"
) -> PublishedFigure:
    """Return a figure (value, status, source) as one of what is compared and when."""
    return PublishedFigure(
        id=name,
        value=float(entry["value"]),
        year=what["year"],
        unit=what["unit"],
        entity=what["entity"],
        measure=what["measure"],
        where=what.get("where", ""),
        tolerance=what.get("tolerance") or TOLERANCE_BY_STATUS[entry["status"]],
        block="",
        role=role,
        status=entry["status"],
        source=entry.get("source", ""),
    )
