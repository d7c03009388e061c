"""What of a table of `olive.uncertainty` a screen or chart shows: less, under short headings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from olive.analysis.indicators import measures_of
from olive.analysis.uncertainty_tables import MOVED_KINDS
from olive.analysis.words import DEFINITION_LABELS, UNIT_OF_ROW
from olive.errors import DataError, nearest, one_of
from olive.messages import joined
from olive.places.labels import Label
from olive.places.place import Place

if TYPE_CHECKING:
    from olive.analysis.table import Table

_OF_INDICATOR = ("indicator", "definition", "line", "unit")
# Headings that let a view stand side by side on a screen.
_SHORT = {
    "after_low": Label("改革后5%", "reform, 5 %"),
    "after_high": Label("改革后95%", "reform, 95 %"),
    "change": Label("变化", "change"),
    "change_low": Label("变化5%", "change, 5 %"),
    "change_high": Label("变化95%", "change, 95 %"),
    "rises": Label("上升", "rises"),
    "met": Label("达标", "target met"),
    "change_at_low": Label("低端（去掉）", "at low (without)"),
    "change_at_high": Label("高端（包含）", "at high (with)"),
    "alone": Label("单独", "alone"),
    "swing": Label("幅度", "swing"),
    "first_order": Label("一阶", "first order"),
    "first_order_error": Label("误差", "error"),
    "total": Label("总", "total"),
    "total_error": Label("总误差", "error of it"),
}


def definition_of(indicator: str, definition: str, place: Place) -> str:
    """Return how the units of an indicator are counted: as asked for, or in its only way.

    Raises
    ------
    DataError
        Before any work, when there is no such indicator or it is not counted so; names the
        nearest.
    """
    known = [(each.id, each.definition) for each in measures_of(place)]
    own = list(dict.fromkeys(counted for name, counted in known if name == indicator))
    if definition in own:
        return definition
    if len(own) == 1 and definition in dict.fromkeys(counted for _, counted in known):
        return own[0]
    if own:
        one_of("definition", definition, own)
    names = list(dict.fromkeys(name for name, _ in known))
    raise DataError(
        "no indicator {name!r}{hint}; indicators are {known}",
        indicator,
        nearest(indicator, names),
        joined(names),
    )


def of_indicator(
    table: Table,
    indicator: str,
    definition: str = "persons",
    line: float | None = None,
    most: int | None = None,
) -> Table:
    """Return the rows of one indicator, the largest first, without what is the same in all.

    Parameters
    ----------
    table : Table
        Of the methods ``one_at_a_time`` or ``sobol``.
    line : float, optional
        Poverty line; the first by default.
    most : int, optional
        Rows of each kind; all by default. What stands still is left out where it is given.

    Raises
    ------
    DataError
        When the table has no such indicator.
    """
    frame = table.frame
    rows = frame[(frame["indicator"] == indicator) & (frame["definition"] == definition)]
    if rows.empty:
        known = sorted(set(frame["indicator"] + " " + frame["definition"]))
        wanted = f"{indicator} {definition}"
        raise DataError(
            "no indicator {wanted!r}{hint}; there are {known}",
            wanted,
            nearest(wanted, known),
            joined(known),
        )
    lines = rows["line"].dropna().unique()
    if len(lines):
        rows = rows[rows["line"] == (lines[0] if line is None else line)]
    if "total" in rows:
        rows = rows.sort_values("total", ascending=False, kind="stable")
    if most is not None and "kind" in rows:
        rows = rows[rows["kind"].isin(MOVED_KINDS) & rows["swing"].notna() & (rows["rank"] <= most)]
    elif most is not None:
        rows = rows.head(most)
    unit, named = str(rows["unit"].iloc[0]), table.words["indicator"][indicator]
    dropped = [*_OF_INDICATOR, "change", "side", "figure_unit", "rank"]
    return replace(
        table,
        frame=rows.drop(columns=dropped, errors="ignore").reset_index(drop=True),
        title=Label(
            f"{table.title.zh}：{named.zh}（{DEFINITION_LABELS[definition].zh}）",
            f"{table.title.en}: {named.en} ({DEFINITION_LABELS[definition].en})",
        ),
        units={name: unit if own == UNIT_OF_ROW else own for name, own in table.units.items()},
        labels={**table.labels, **_SHORT},
    )


def in_short(table: Table) -> Table:
    """Return the columns of a joint table that answer first: ranges, sign, target."""
    kept = [*_OF_INDICATOR, "after_low", "after_high", "change", "change_low", "change_high"]
    return replace(
        table, frame=table.frame[[*kept, "rises", "met"]], labels={**table.labels, **_SHORT}
    )
