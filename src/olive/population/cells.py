"""One column of a user's table, of any library and type, as plain values: the first of all steps.

Every column that enters goes through the same five steps: type (here), missing values, numbers,
units, sums.
"""

from __future__ import annotations

import datetime as dt
import numbers
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pandas.io.stata import StataMissingValue  # type: ignore[attr-defined]

from olive.engine.numerals import is_nothing, number_of, plain_text, year_of
from olive.errors import shown
from olive.messages import Message
from olive.native.given_numbers import as_float

BoolArray = NDArray[np.bool_]
Kind = Literal["number", "truth", "text", "date", "mixed", "dated", "other"]
_WORDS_OF_KIND = {
    "number": Message("numbers"),
    "truth": Message("truth values"),
    "text": "text",
    "date": Message("dates"),
    "mixed": Message("text and numbers"),
    "dated": Message("dates among text or numbers"),
}
_WORDS_OF_TRUTH = {
    **dict.fromkeys(("true", "yes", "是", "有"), True),
    **dict.fromkeys(("false", "no", "否", "无", "没有"), False),
}


@dataclass(frozen=True, slots=True)
class Cells:
    """The values of one column.

    Attributes
    ----------
    kind : str
        ``number``, ``truth``, ``text``, ``date`` (the values are years), ``mixed`` (text and
        numbers), ``dated`` (dates among them), or ``other`` (lists, bytes and the like).
    values : numpy.ndarray, shape (n,)
        Numbers in their own type; truth values as bool; else Python objects.
    absent : numpy.ndarray of bool, shape (n,)
        Where there is no value (null, NaN, NaT, empty text).
    type_name : str
        The type in the words of the library that the column is from.
    """

    kind: Kind
    values: NDArray[Any]
    absent: BoolArray
    type_name: str

    def __len__(self) -> int:
        return len(self.values)

    def described(self, row: int) -> str:
        """What the column holds, in words; a row shows it where values are of several types."""
        own = type(self.values[row]).__name__
        of_row = Message("{type} in a column of type {type_name}", own, self.type_name)
        return _WORDS_OF_KIND.get(self.kind, of_row)

    def shown(self, row: int) -> str:
        """Return a value as a message shows it."""
        value = self.values[row]
        if self.absent[row] and not isinstance(value, str):
            return Message("nothing")
        return shown(value.item() if isinstance(value, np.generic) else value)


@dataclass(frozen=True, slots=True)
class MissingCodes:
    """Values of a survey that mean that there is no value.

    Attributes
    ----------
    numbers : tuple of float
    words : frozenset of str
        As `plain_text` writes them.
    """

    numbers: tuple[float, ...] = ()
    words: frozenset[str] = frozenset()

    @classmethod
    def of(cls, codes: Iterable[Any]) -> MissingCodes:
        """Return the codes that a mapping lists; a number written as text is both."""
        codes = tuple(codes)
        words = frozenset(plain_text(code) for code in codes if isinstance(code, str))
        found = [number_of(code) if isinstance(code, str) else as_float(code) for code in codes]
        return cls(tuple(number for number in found if number is not None), words)

    def within(self, cells: Cells) -> BoolArray:
        """Return in which rows one of the codes stands, whatever the type of the column."""
        if not (self.numbers or self.words) or cells.kind in {"truth", "date", "other"}:
            return np.zeros(len(cells), dtype=np.bool_)
        if cells.kind == "number":
            return np.isin(cells.values, self.numbers)
        return np.fromiter(map(self._is_code, cells.values), np.bool_, len(cells))

    def _is_code(self, value: Any) -> bool:
        if isinstance(value, str):
            return plain_text(value) in self.words or number_of(value) in self.numbers
        return as_float(value) in self.numbers


def cells_of(values: Any) -> Cells:
    """Return a pandas series, an Arrow array, a numpy array or a list as plain values.

    Examples
    --------
    >>> cells_of(pd.Series(["5", None], dtype="category")).absent.tolist()
    [False, True]
    >>> cells_of([1, "x"]).kind
    'mixed'
    """
    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        return _of_arrow(one_array(values))
    return _of_series(plain_series(values))


def one_array(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return an Arrow column as one array, however many chunks it has."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks() if values.num_chunks != 1 else values.chunk(0)
    if isinstance(values, pa.ChunkedArray):  # without any chunk
        values = pa.array([], values.type)
    return values


def plain_series(values: Any) -> pd.Series[Any]:
    """Return a column as a pandas series, of a type that Arrow knows too where there is one."""
    if not isinstance(values, (pd.Series, np.ndarray)):
        values = _objects(values)
    series: pd.Series[Any] = pd.Series(values)
    kind = series.dtype
    if isinstance(kind, pd.SparseDtype):
        return pd.Series(np.asarray(series))
    if isinstance(kind, np.dtype) and kind.kind in "iuf":
        # Byte orders of other machines; extended precision, of which float64 keeps what it can.
        return series.astype(np.float64 if kind.itemsize > 8 else kind.newbyteorder("="))
    return series


def _objects(items: Iterable[Any]) -> NDArray[Any]:
    """Return items as they are: numpy and pandas would make dates of some, tables of others."""
    return np.array([*items, None], dtype=object)[:-1]


def _of_series(series: pd.Series[Any]) -> Cells:
    kind = series.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return _taken(_of_series(pd.Series(series.cat.categories)), series.cat.codes.to_numpy())
    if isinstance(kind, pd.PeriodDtype):
        return _of_objects(series.dt.year.where(series.notna(), None).tolist(), str(kind), "date")
    if isinstance(kind, np.dtype) and kind.kind in "biuf":
        return _of_numbers(series.to_numpy(), str(kind))
    if not isinstance(kind, np.dtype) or kind.kind == "M":
        try:
            found = pa.array(series, from_pandas=True)
        except (pa.ArrowException, OverflowError, TypeError, ValueError):
            return _of_objects(series.tolist(), str(kind))
        return cells_of(found)
    return _of_objects(series.tolist(), str(kind))


def _taken(categories: Cells, places: NDArray[Any]) -> Cells:
    """Return the categories that stand in the rows; a place of -1 is no value."""
    absent = places < 0
    if not len(categories):
        return _of_objects([None] * len(places), categories.type_name)
    rows = np.where(absent, 0, places)
    values, absent = categories.values[rows], absent | categories.absent[rows]
    return Cells(categories.kind, values, absent, categories.type_name)


def _of_numbers(values: NDArray[Any], type_name: str) -> Cells:
    kind = values.dtype.kind
    absent = np.isnan(values) if kind == "f" else np.zeros(len(values), dtype=np.bool_)
    return Cells("truth" if kind == "b" else "number", values, absent, type_name)


def is_bool8(kind: pa.DataType) -> bool:
    """Return whether truth values are stored in whole bytes; an older Arrow has no such type.

    >>> is_bool8(pa.bool_())
    False
    """
    return getattr(kind, "extension_name", None) == "arrow.bool8"


def _of_arrow(array: pa.Array) -> Cells:
    kind, types = array.type, pa.types
    name = str(kind)
    if types.is_dictionary(kind):
        places = array.indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
        return _taken(_of_arrow(array.dictionary), places)
    absent = array.is_null().to_numpy(zero_copy_only=False)
    if isinstance(kind, pa.BaseExtensionType) and not is_bool8(kind):
        return Cells("other", _objects(array.to_pylist()), absent, name)
    if types.is_decimal(kind):
        array, kind = array.cast(pa.float64()), pa.float64()
    if types.is_boolean(kind):
        values = array.fill_null(False).to_numpy(zero_copy_only=False)
        return Cells("truth", values.astype(np.bool_), absent, name)
    if types.is_integer(kind) or types.is_floating(kind):
        filled = array.fill_null(pa.scalar(0, kind)) if array.null_count else array
        found = _of_numbers(filled.to_numpy(zero_copy_only=False), name)
        return Cells("number", found.values, found.absent | absent, name)
    if types.is_date(kind) or types.is_timestamp(kind):
        try:
            return _of_objects(pc.year(array).to_pylist(), name, "date")
        except pa.ArrowInvalid:  # a time zone that does not exist
            return Cells("other", _objects(array.cast(pa.int64()).to_pylist()), absent, name)
    return _of_objects(array.to_pylist(), name)


def _of_objects(items: list[Any], type_name: str, kind: Kind | None = None) -> Cells:
    values = _objects(items)
    absent = np.fromiter(map(_is_absent, values), np.bool_, len(values))
    kinds = {kind or _kind(value) for value in values[~absent]}
    if kinds == {"number"}:
        return Cells("number", _as_numbers(np.where(absent, 0, values)), absent, type_name)
    if kinds == {"truth"}:
        return Cells("truth", np.where(absent, False, values).astype(np.bool_), absent, type_name)
    if kinds == {"date"}:
        years = [getattr(value, "year", value) for value in np.where(absent, 0, values)]
        return Cells("date", np.array(years), absent, type_name)
    if not kinds or kinds == {"text"}:
        return Cells("text", values, absent, type_name)
    if kinds <= {"number", "text", "date"} and kind is None:
        return Cells("dated" if "date" in kinds else "mixed", values, absent, type_name)
    return Cells("other", values, absent, type_name)


def _as_numbers(values: NDArray[Any]) -> NDArray[Any]:
    if all(isinstance(value, numbers.Integral) for value in values):
        # Wider than 64 bits is nothing but an identifier, which is read elsewhere.
        with suppress(OverflowError):
            return np.array([int(value) for value in values], dtype=np.int64)
    return np.array([as_float(value) for value in values])


def _is_absent(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    if value is None or value is pd.NA or value is pd.NaT or isinstance(value, StataMissingValue):
        return True
    if isinstance(value, np.datetime64):
        return bool(np.isnat(value))
    if isinstance(value, Decimal):
        return value.is_nan()
    return isinstance(value, (float, np.floating)) and bool(np.isnan(value))


def _kind(value: Any) -> Kind:
    if isinstance(value, (bool, np.bool_)):
        return "truth"
    if isinstance(value, str):
        return "text"
    if as_float(value) is not None:
        return "number"
    return "date" if isinstance(value, dt.date) else "other"


@dataclass(frozen=True, slots=True)
class Read:
    """A column after its values were read.

    Attributes
    ----------
    values : numpy.ndarray, shape (n,)
        Anything (but finite) where there is no value, or a wrong one.
    absent, wrong : numpy.ndarray of bool, shape (n,)
        Where there is no value, and where there is one that cannot be read.
    """

    values: NDArray[Any]
    absent: BoolArray
    wrong: BoolArray


def read_numbers(
    cells: Cells, codes: MissingCodes | None = None, *, money: bool = False, years: bool = False
) -> Read:
    """Read a column as numbers: missing values first, then whatever is written as text.

    Parameters
    ----------
    codes : MissingCodes, optional
        Values that mean that there is none.
    money : bool
        Amounts in yuan may be written with 万, 亿, 元.
    years : bool
        Dates stand for their years.

    Examples
    --------
    >>> read_numbers(cells_of(["1,200", "", "abc"])).values.tolist()
    [1200.0, 0.0, 0.0]
    """
    absent = cells.absent | (codes or MissingCodes()).within(cells)
    if cells.kind == "number" or (years and cells.kind == "date"):
        wrong = ~absent & ~np.isfinite(cells.values)
        gone = absent | wrong
        return Read(np.where(gone, 0, cells.values) if gone.any() else cells.values, absent, wrong)
    if cells.kind in {"truth", "date", "other"} or (cells.kind == "dated" and not years):
        return Read(np.zeros(len(cells)), absent, ~absent)
    return _each(cells, absent, partial(_number, money=money, years=years), np.float64)


def read_truths(cells: Cells, codes: MissingCodes | None = None) -> Read:
    """Read a column as truth values: true and false, 1 and 0, yes and no, 是 and 否.

    >>> read_truths(cells_of(["是", "否", "?"])).wrong.tolist()
    [False, False, True]
    """
    absent = cells.absent | (codes or MissingCodes()).within(cells)
    if cells.kind == "truth":
        return Read(cells.values, absent, np.zeros(len(cells), dtype=np.bool_))
    if cells.kind == "number":
        values = cells.values
        return Read(values == 1, absent, ~absent & (values != 0) & (values != 1))
    if cells.kind in {"date", "dated", "other"}:
        return Read(np.zeros(len(cells), dtype=np.bool_), absent, ~absent)
    return _each(cells, absent, _truth, np.bool_)


_NONE = object()


def _each(cells: Cells, absent: BoolArray, read: Callable[[Any], Any], dtype: Any) -> Read:
    """Read every different value once; what is absent may have no hash."""
    places, different = pd.factorize(pd.Series(cells.values, dtype=object).mask(absent, None))
    found = [*map(read, different), _NONE]  # the last one stands where the place is -1
    absent = absent | np.array([value is _NONE for value in found])[places]
    wrong = np.array([value is None for value in found])[places]
    values = np.array([0 if x is None or x is _NONE else x for x in found], dtype=dtype)
    return Read(values[places], absent, wrong)


def _number(value: Any, *, money: bool, years: bool) -> Any:
    if isinstance(value, dt.date):
        return float(value.year)
    if not isinstance(value, str):
        number = as_float(value)
        return None if number is None or not np.isfinite(number) else number
    if is_nothing(value):
        return _NONE
    year = year_of(value) if years else None  # before the number: 1985.03 is March of 1985
    return number_of(value, money=money) if year is None else year


def _truth(value: Any) -> Any:
    if isinstance(value, str):
        if is_nothing(value):
            return _NONE
        word = plain_text(value).casefold()
        return _WORDS_OF_TRUTH.get(word, _truth(number_of(word)))
    return {0: False, 1: True}.get(value)
