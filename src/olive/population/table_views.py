"""A population's tables as plain arrays, as pandas frames, as a hash and in a few words."""

from __future__ import annotations

import hashlib
import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from olive.native.blas import sum_of_products
from olive.population.column_coercion import is_number
from olive.population.identity import household_keys

if TYPE_CHECKING:
    from olive.engine.columns import Column
    from olive.population.origin import Origin
    from olive.population.table_schema import PopulationTables


@dataclass(frozen=True, slots=True)
class Arrays:
    """What the engine works on: plain arrays, households and persons in the same order.

    Attributes
    ----------
    households, persons : dict of str to numpy.ndarray
        Numbers, truth values and codes by column name, in storage type; text columns that the
        catalogue does not know are left out.
    starts : numpy.ndarray of int64, shape (households + 1,)
        The persons of household ``h`` are ``starts[h]`` to ``starts[h + 1]``.
    household_key : numpy.ndarray of uint64, shape (households,)
        Key of the household's random draws, from its identifier alone.
    """

    households: dict[str, np.ndarray]
    persons: dict[str, np.ndarray]
    starts: np.ndarray
    household_key: np.ndarray


def arrays_of(tables: PopulationTables) -> Arrays:
    """Return the columns of both tables as plain arrays."""
    keys = household_keys(tables.households["household_id"].combine_chunks())
    return Arrays(_numeric(tables.households), _numeric(tables.persons), tables.starts, keys)


@dataclass(frozen=True, slots=True, eq=False)
class ColumnsAsked(Mapping[str, Any]):
    """Columns of a table by name, as pandas knows them, each made when it is first asked for."""

    table: pa.Table
    known: Mapping[str, Column]
    made: dict[str, Any] = field(default_factory=dict, repr=False)

    def __getitem__(self, name: str) -> Any:
        """Return a column; codes show their names."""
        if name not in self.made:
            self.made[name] = self._column(name)
        return self.made[name]

    def __contains__(self, name: object) -> bool:
        return name in self.table.column_names

    def __iter__(self) -> Iterator[str]:
        return iter(self.table.column_names)

    def __len__(self) -> int:
        return len(self.table.column_names)

    def _column(self, name: str) -> Any:
        column = self.known.get(name)
        if column is not None and column.kind == "code":
            codes: np.ndarray = self.table[name].to_numpy()
            return pd.Categorical.from_codes(codes, categories=pd.Index(column.codes))
        return self.table[name].to_pandas()


def frame_of(table: pa.Table, known: Mapping[str, Column]) -> pd.DataFrame:
    """Return a table as a pandas frame whose codes show their names."""
    return pd.DataFrame(dict(ColumnsAsked(table, known)))


def fingerprint_of(households: pa.Table, persons: pa.Table) -> str:
    """Return the SHA-256 of all values of both tables, columns by name."""
    digest = hashlib.sha256()
    for table in (households, persons):
        for name in sorted(table.column_names):
            column = table[name].combine_chunks()
            digest.update(f"{name}:{column.type}:{len(column)}".encode())
            if is_number(column) and not pa.types.is_decimal(column.type):
                digest.update(np.ascontiguousarray(column.to_numpy(zero_copy_only=False)).data)
            else:
                digest.update("\0".join(map(str, column.to_pylist())).encode())
    return digest.hexdigest()


def facts_of(tables: PopulationTables, origin: Origin) -> list[tuple[str, str]]:
    """Return place, year, kind of data and sizes as pairs of name and text."""
    weight: np.ndarray = tables.households["weight"].to_numpy()
    size = np.diff(tables.starts)
    people, total = sum_of_products(weight, size), float(weight.sum())
    facts = [
        ("year", str(origin.year)),
        ("data", "synthetic, not real people" if origin.synthetic else "as given"),
        ("households", f"{len(weight):,} (stand for {total:,.0f})"),
        ("persons", f"{int(size.sum()):,} (stand for {people:,.0f})"),
        ("mean size", f"{people / total:.2f}" if total else "-"),
    ]
    return [("place", origin.place), *facts] if origin.place else facts


def html_of(facts: list[tuple[str, str]]) -> str:
    """Return facts as a small HTML table.

    >>> html_of([("place", "<b>")])
    '<table><caption>Population</caption><tr><th>place</th><td>&lt;b&gt;</td></tr></table>'
    """
    rows = "".join(
        f"<tr><th>{name}</th><td>{html.escape(value)}</td></tr>" for name, value in facts
    )
    return f"<table><caption>Population</caption>{rows}</table>"


def _numeric(table: pa.Table) -> dict[str, np.ndarray]:
    names = [
        each for each in table.column_names if each != "household_id" and is_number(table[each])
    ]
    return {name: _plain(table[name]) for name in names}


def _plain(column: pa.ChunkedArray) -> np.ndarray:
    if not pa.types.is_boolean(column.type) or column.num_chunks != 1 or column.null_count:
        found: np.ndarray = column.to_numpy()
        return found
    # The same as column.to_numpy(), which takes twenty times as long.
    chunk = column.chunk(0)
    bits = np.frombuffer(chunk.buffers()[1], dtype=np.uint8)
    first = chunk.offset
    rows = np.unpackbits(bits, count=first + len(chunk), bitorder="little")[first:]
    return rows.view(np.bool_)
