"""A validation on a terminal: published figures beside those of a population."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from rich.console import Console

from olive.analysis.terminal_table import TextColumn, TextTable, print_wrapped
from olive.places.labels import Language
from olive.places.unit_words import status_name
from olive.population import Population
from olive.report.validation_words import figure_name, validation_word
from olive.validation.validation import headlines

_WHOLE_FROM = 1000
_OF_SEEDS = {
    "here": "synthetic",
    "mean": "seed_mean",
    "least": "seed_low",
    "most": "seed_high",
    "deviation": "seed_spread",
}


def print_validation(
    found: pd.DataFrame, people: Population, language: Language, console: Console, *, seeds: int = 0
) -> None:
    """Print each figure with what the population gives, missed ones in colour, then the seeds.

    Parameters
    ----------
    found : pandas.DataFrame
        As `olive.validation.validate` returns it, one row at least.
    people : Population
        What was validated.
    language : {"zh", "en"}
    console : rich.console.Console
    seeds : int
        How many other seeds were drawn.
    """
    if people.is_synthetic:
        print_wrapped(validation_word("synthetic", language), console, style="yellow")
    known = found[found["published"].notna()]
    unknown = len(found) - len(known)
    counts = {"compared": len(known), "met": int(known["met"].sum()), "unknown": unknown}
    rows = found.to_dict("records")
    cells = [_cells(row, language) for row in rows]
    columns = {name: [each[name] for each in cells] for name in cells[0]}
    TextTable(
        validation_word("title" if unknown else "title_of_known", language, **counts),
        validation_word("figure", language),
        [figure_name(row["id"], language, people.place) for row in rows],
        [
            TextColumn(validation_word(name, language), column)
            for name, column in columns.items()
            if any(column)
        ],
        styles=[_style(row) for row in rows],
    ).print(console)
    print_wrapped(validation_word("roles", language), console)
    if seeds:
        console.print()
        _of_seeds(found, seeds, people, language).print(console)


def _of_seeds(found: pd.DataFrame, seeds: int, people: Population, language: Language) -> TextTable:
    """Return the headline figures over the seed shown and the others."""
    shown = headlines(found, people.place)
    columns = [
        TextColumn(validation_word(word, language), [_plain(each) for each in shown[name]])
        for word, name in _OF_SEEDS.items()
    ]
    title = validation_word("seeds", language, count=seeds + 1)
    labels = [figure_name(each, language, people.place) for each in shown["id"]]
    return TextTable(title, validation_word("figure", language), labels, columns)


def _cells(row: Mapping[Hashable, Any], language: Language) -> dict[str, str]:
    """Return what is shown of a figure in each column."""
    low, high, published = (
        "" if pd.isna(row[name]) else _plain(row[name]) for name in ("low", "high", "published")
    )
    return {
        "published": published,
        "here": _plain(row["synthetic"]),
        "miss": _miss(row),
        "model_range": validation_word("to", language, low=low, high=high) if low else "",
        "year": str(row["year"]),
        "role": validation_word(row["role"], language) if row["role"] else "",
        "status": status_name(row["status"], language),
    }


def _plain(value: float) -> str:
    """Return a figure without an exponent: whole from a thousand on, else four digits.

    >>> _plain(2_636_236.0), _plain(0.31875)
    ('2,636,236', '0.3187')
    """
    return f"{value:,.0f}" if abs(value) >= _WHOLE_FROM else f"{value:.4g}"


def _miss(row: Mapping[Hashable, Any]) -> str:
    """Return a miss in per cent; of a published nought, the value; nothing beside no figure."""
    if not row["published"]:
        return f"{row['miss']:,.0f}"
    return "" if pd.isna(row["published"]) else f"{row['miss']:+z.2%}"


def _style(row: Mapping[Hashable, Any]) -> str:
    if row["met"] or pd.isna(row["published"]):
        return ""
    return "red" if row["role"] == "fit" else "yellow"
