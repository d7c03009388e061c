"""Tables from anywhere: frames of any library, mappings of arrays, files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import feather, parquet

from olive.engine.csv_reading import CsvTable, read_csv_file
from olive.engine.numerals import is_nothing
from olive.errors import DataError, spelled, told_where
from olive.messages import Message, joined
from olive.population.workbooks import read_workbook

if TYPE_CHECKING:
    import narwhals as nw

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")


def columns_from(table: Any, entity: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the columns of a table by name, as pandas or Arrow columns, and notes on reading it.

    Parameters
    ----------
    table : frame, mapping, str or pathlib.Path
        A frame of pandas, polars, Arrow or any other library that narwhals knows; a mapping of
        column names to arrays; or a file (CSV, Parquet, Feather, Stata, Excel).
    entity : str
        What the rows are, for messages.

    Raises
    ------
    DataError
        When it is no table, a column stands twice, or columns differ in length or row order.

    Examples
    --------
    >>> columns_from({"a": [1, 2]}, "household")[0]["a"].tolist()
    [1, 2]
    """
    where = Message("the {entity} table", entity)
    if isinstance(table, (str, Path)):
        with told_where(where, DataError):
            content, note = _from_file(Path(table))
        columns, notes = columns_from(content, entity)
        return columns, (*notes, note) if note else notes
    if isinstance(table, pa.Table):
        _refuse_repeated(table.column_names, entity)
        return {name: table[name] for name in table.column_names} | _counted(table), ()
    if isinstance(table, pd.DataFrame):
        return _from_pandas(table, entity), ()
    if isinstance(table, Mapping):
        _refuse_repeated([spelled(name) for name in table], entity)
        with told_where(where):
            return _from_mapping(table), ()
    return _from_any(table, entity), ()


def _counted(table: pa.Table) -> dict[str, Any]:
    """Return the named indexes of a pandas frame that stand in no column, since they only count."""
    indexes = (table.schema.pandas_metadata or {}).get("index_columns", [])
    ranges = (each for each in indexes if isinstance(each, dict) and each.get("name"))
    found = {
        each["name"]: pa.array(range(each["start"], each["stop"], each["step"])) for each in ranges
    }
    return {name: values for name, values in found.items() if len(values) == table.num_rows}


def _from_pandas(frame: pd.DataFrame, entity: str) -> dict[str, Any]:
    levels = frame.columns.nlevels
    if levels > 1:
        raise DataError(
            "the {entity} table has columns of {levels} levels; give each one name", entity, levels
        )
    named = [name for name in frame.index.names if name is not None and name not in frame.columns]
    # A named index is a column that was set aside; an unnamed one only counts the rows.
    rows = frame.reset_index(named) if named else frame
    rows = rows.reset_index(drop=True)
    _refuse_repeated([spelled(name) for name in rows.columns], entity)
    return {spelled(name): rows.iloc[:, place] for place, name in enumerate(rows.columns)}


def _from_mapping(table: Mapping[Any, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    first: tuple[str, pd.Index[Any]] | None = None
    for name, values in table.items():
        # Sets have no order, so that their values cannot be given to rows.
        no_rows = isinstance(values, (str, bytes, bytearray, Mapping, set, frozenset))
        records = getattr(getattr(values, "dtype", None), "names", None)
        if no_rows or records or not hasattr(values, "__len__"):
            kind = type(values).__name__
            raise DataError("column {name!r} is one {type}; give a value for every row", name, kind)
        shape = getattr(values, "shape", (0,))
        if len(shape) != 1:
            raise DataError(
                "column {name!r} has the shape {shape}; a column has one value a row", name, shape
            )
        if isinstance(values, pd.Series):
            first = first or (spelled(name), values.index)
            if not values.index.equals(first[1]):
                raise DataError(
                    "the series {name!r} and {first!r} name their rows "
                    "differently or in another order; put them into one frame, which brings "
                    "them together: pandas.DataFrame(columns)",
                    name,
                    first[0],
                )
            values = values.reset_index(drop=True)  # noqa: PLW2901 - rows are counted from here
        columns[spelled(name)] = _native(values)
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        listed = ", ".join(f"{name} {length}" for name, length in list(lengths.items())[:5])
        raise DataError("its columns have different lengths ({listed})", listed)
    return columns


def _native(values: Any) -> Any:
    if isinstance(values, (pd.Series, pa.Array, pa.ChunkedArray, np.ndarray)):
        return values if not isinstance(values, np.ndarray) else pd.Series(values)
    import narwhals as nw  # noqa: PLC0415 - only frames of other libraries need it

    series = nw.from_native(values, series_only=True, pass_through=True)
    if isinstance(series, nw.Series):
        return _of_library(series)
    items = list(values)
    return pd.Series(items, dtype=object) if not items else _of_items(items)


def _of_library(series: nw.Series[Any]) -> Any:
    """Return a column of another library; values of types that Arrow lacks as Python's own."""
    import narwhals as nw  # noqa: PLC0415 - only frames of other libraries need it

    if series.dtype in {nw.Int128, nw.UInt128, nw.Object}:
        return _of_items(series.to_list())
    return series.to_arrow()


def _of_items(items: list[Any]) -> pd.Series[Any]:
    kinds = {type(item) for item in items}
    # One plain type keeps it; anything else stays as it is, for the reading of columns to judge.
    if kinds <= {int} or kinds <= {float} or kinds <= {bool}:
        with suppress(OverflowError):  # whole numbers beyond float64, which some pandas refuses
            return pd.Series(items)
    return pd.Series(items, dtype=object)


def _from_any(table: Any, entity: str) -> dict[str, Any]:
    import narwhals as nw  # noqa: PLC0415 - only frames of other libraries need it

    frame = nw.from_native(table, pass_through=True)
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect()
    if not isinstance(frame, nw.DataFrame):
        raise DataError(
            "the {entity} table is a {type}; give a frame (of pandas, polars or "
            "Arrow), a mapping of columns, or the path of a file",
            entity,
            type(table).__name__,
        )
    _refuse_repeated(list(frame.columns), entity)
    columns = {}
    for name in frame.columns:
        try:
            columns[name] = _of_library(frame[name])
        except Exception as fault:  # noqa: BLE001 - whatever the library of the frame raises
            raise DataError(
                "the {entity} table: column {name!r} cannot be read ({fault})", entity, name, fault
            ) from None
    return columns


def _refuse_repeated(names: list[str], entity: str) -> None:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise DataError(
            "the {entity} table has the column {repeated!r} more than once", entity, repeated[0]
        )


def is_text_file(table: Any) -> bool:
    """Say whether a table is the path of a text file, whose numbers are written in digits.

    >>> is_text_file("homes.CSV"), is_text_file(Path("homes.parquet"))
    (True, False)
    """
    return isinstance(table, (str, Path)) and Path(table).suffix.lower() in {".csv", ".tsv", ".txt"}


def _from_file(path: Path) -> tuple[Any, str]:
    """Return what a file holds, and a note on reading it."""
    name, suffix = path.name, path.suffix.lower()
    if not path.is_file():
        raise DataError("there is no file {path!r}", str(path))
    if is_text_file(path):
        table = read_csv_file(path, remarks=False)
        return _of_csv(table), table.note
    if suffix not in _READERS:
        raise DataError(
            "{name!r} is no file that olive reads (.csv, .tsv, .txt, {readers}); read it with "
            "pandas and give the frame",
            name,
            joined(_READERS),
        )
    try:
        found = _READERS[suffix](path)
    except DataError:
        raise
    except ImportError as fault:
        raise DataError("{name!r} cannot be read: {fault}", name, fault) from None
    except Exception as fault:  # noqa: BLE001 - each format has its own errors for damaged files
        raise DataError(
            "{name!r} cannot be read as {suffix} ({fault}); it is damaged or of another format",
            name,
            suffix,
            fault,
        ) from None
    return found if isinstance(found, tuple) else (found, "")


# Labels of codes are left aside: the mapping says what codes mean.
_READERS: Mapping[str, Callable[[Path], Any]] = {
    ".parquet": lambda path: parquet.ParquetFile(path).read(),
    ".feather": feather.read_table,
    ".dta": lambda path: pd.read_stata(path, convert_categoricals=False),
    ".xlsx": read_workbook,
}


def _of_csv(table: CsvTable) -> dict[str, Any]:
    columns = zip(*(row for _, row in table.rows), strict=True) if table.rows else ()
    found = dict(zip(table.heads, map(_typed, columns), strict=False))
    return found or {head: pd.Series([], dtype=object) for head in table.heads}


def _typed(cells: tuple[str, ...]) -> Any:
    """Return cells as whole numbers where all are, written plainly, so that nothing is lost.

    Everything else stays text, which is read as the column's mapping says: 007 is an identifier.
    """
    plain = [cell.strip() for cell in cells]
    whole = [None if is_nothing(cell) else cell for cell in plain]
    if any(whole) and all(cell is None or _WHOLE.fullmatch(cell) for cell in whole):
        return pa.array([None if cell is None else int(cell) for cell in whole], pa.int64())
    return pd.Series(plain, dtype=object)
