"""The published figures that a population is compared with."""

from __future__ import annotations

from pathlib import Path

from olive.engine.csv_reading import parse_csv
from olive.errors import CalibrationError, DataError
from olive.places.place import Place
from olive.places.registry import place as place_named
from olive.population.measures.published_figures import (
    NEEDED,
    PublishedFigure,
    cells_of_table,
    figures_of,
    read_figures,
)


def published_figures(
    source: str | Path | None = None, *, place: str | Place | None = None
) -> tuple[PublishedFigure, ...]:
    """Read published figures from a CSV file, or those that come with a place.

    Parameters
    ----------
    source : str or pathlib.Path, optional
        A file with the columns ``id, value, year, unit, entity, measure, where, status, source``
        and, if wanted, ``at, tolerance, block, role``; in UTF-8, or in GB18030 as spreadsheets in
        China save it, which is told in a warning.
    place : str or Place, optional
        Whose figures to read without a file.

    Raises
    ------
    DataError
        Listing every fault with its line.

    Examples
    --------
    >>> figures = published_figures()
    >>> next(each.value for each in figures if each.id == "income.2023")
    61067.0
    """
    if source is None:
        named = place_named(place)
        if named.published is None:
            raise DataError(
                "no published figures come with the place {name!r}; give a file of "
                "targets, or compare with the recipe's own figures: olive recipe check FILE",
                named.name,
            )
        text = named.published.read_text("utf-8")
        table = parse_csv(text, named.published.name, remarks=True)
        return figures_of(cells_of_table(table, NEEDED))
    try:
        return read_figures(source)
    except CalibrationError as fault:
        raise DataError("the targets cannot be read: {fault}", fault) from None
