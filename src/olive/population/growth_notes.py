"""What growth on the path `trend` rests on, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from olive.messages import Labelled, Message


def rates_later(data: Mapping[str, Any], year: int) -> Mapping[str, Any]:
    """Return the growth of incomes in a year after the published ones."""
    rates = data["later"]["areas"]
    found: Mapping[str, Any] = next((each for each in rates if each["year"] == year), rates[-1])
    return found


def areas(data: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return urban and rural incomes of years, as far as they are known."""
    found: Sequence[Mapping[str, Any]] = data["levels"].get("areas", ())
    return found


def trend_notes(data: Mapping[str, Any], years: range) -> Iterator[str]:
    """Yield what the growth of each year rests on, years of one kind together."""
    levels = data["levels"]["total"]
    published = [year for year in years if year in levels]
    by_component = [year for year in published if year in data.get("component_growth", {})]
    alike = [year for year in published if year not in by_component]
    if alike:
        firm = [entry["year"] for entry in areas(data) if entry["status"] == "recalled"]
        soft = [year for year in alike if year in firm or year - 1 in firm]
        yield Message(
            "{listed}: published growth of the mean, components alike (assumption){listed2}",
            _listed(alike),
            Message(", urban over rural in {listed} recalled", _listed(soft)) if soft else "",
        )
    if by_component:
        yield Message(
            "{listed}: growth of each component and of urban over rural income as "
            "published (how components divide between town and country: proxy)",
            _listed(by_component),
        )
    for year in [year for year in years if year not in levels]:
        rates = rates_later(data, year)
        status, basis = rates["status"], Message("as in {year}, assumption", rates["year"])
        if rates["year"] == year:
            basis = Labelled(rates["en"], zh=rates["zh"])
        if "rate" in rates:
            yield Message(
                "{year}: every income grows by {rate:.1%} ({status}: {basis})",
                year,
                rates["rate"],
                status,
                basis,
            )
        else:
            yield Message(
                "{year}: every urban income grows by {urban:.1%}, every rural one by "
                "{rural:.1%} ({status}: {basis})",
                year,
                rates["urban"],
                rates["rural"],
                status,
                basis,
            )
    yield from price_notes(data, years)


def price_notes(data: Mapping[str, Any], years: range) -> Iterator[str]:
    """Yield the years whose growth of consumer prices was not published, if there are any."""
    status = {entry["year"]: entry["status"] for entry in data["prices"]}
    soft = _listed([year for year in years if status.get(year, "assumption") != "published"])
    if soft:
        yield Message("{listed}: growth of consumer prices (rents, care) recalled or assumed", soft)


def _listed(items: Sequence[Any]) -> str:
    return ", ".join(map(str, items))
