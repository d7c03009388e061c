"""Keep the two tables in a folder as Parquet, with their origin in the file metadata."""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from olive.errors import DataError

_KEY = b"olive"
_NOT_REAL = "synthetic data: these are not real people"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a population comes from; travels in the metadata of its files.

    Attributes
    ----------
    year : int
        Calendar year that incomes refer to.
    synthetic : bool
        True when the persons are drawn, not observed.
    place : str
        Name of the city, or an empty string.
    recipe : str
        SHA-256 of the recipe the population was drawn from, or an empty string.
    seed : int or None
        Seed of the draws.
    census_year : int or None
        Calendar year that ages, places and head counts refer to; None: the same ``year``.
    note : str
        What was done to the tables since (calibrated, uprated), in words.
    """

    year: int
    synthetic: bool = False
    place: str = ""
    recipe: str = ""
    seed: int | None = None
    census_year: int | None = None
    note: str = ""

    @property
    def stem(self) -> str:
        """Beginning of the file names; it says ``synthetic`` where that is what they hold."""
        return f"{self.place}_synthetic_{self.year}_" if self.synthetic else ""


def write_tables(
    folder: str | Path, households: pa.Table, persons: pa.Table, origin: Origin
) -> None:
    """Write both tables to ``folder`` under temporary names and rename them when complete."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    token = uuid.uuid4().hex
    pending: list[tuple[Path, Path]] = []
    try:
        for name, table in (("households", households), ("persons", persons)):
            final = target / f"{origin.stem}{name}.parquet"
            temporary = target / f".{final.name}.{token}.tmp"
            pending.append((temporary, final))
            parquet.write_table(
                _with_origin(table, origin), temporary, compression="zstd", compression_level=9
            )
        for temporary, final in pending:
            os.replace(temporary, final)  # noqa: PTH105  # replaces an older file on every system
    finally:
        for temporary, _ in pending:
            temporary.unlink(missing_ok=True)


def read_tables(folder: str | Path) -> tuple[pa.Table, pa.Table, Origin | None]:
    """Read the two tables of ``folder`` and their origin, ``None`` when the files do not say.

    Raises
    ------
    DataError
        When a file is missing, doubled or damaged, or when the two files do not belong together.
    """
    source = Path(folder)
    if not source.is_dir():
        message = f"there is no folder {str(source)!r} to read a population from"
        raise DataError(message)
    households, one = _read(_only_file(source, "households"))
    persons, two = _read(_only_file(source, "persons"))
    if one != two:
        message = (
            f"the two Parquet files in {str(source)!r} do not belong together: the households come "
            f"from {one}, the persons from {two}; write the population again"
        )
        raise DataError(message)
    return households, persons, one


def _only_file(folder: Path, name: str) -> Path:
    found = sorted(folder.glob(f"*{name}.parquet"))
    found = [path for path in found if not path.name.startswith(".")]
    if len(found) == 1:
        return found[0]
    names = ", ".join(path.name for path in found) or "none"
    message = (
        f"the folder {str(folder)!r} must hold exactly one file that ends in '{name}.parquet'; "
        f"found {names}"
    )
    raise DataError(message)


def _read(path: Path) -> tuple[pa.Table, Origin | None]:
    try:
        table = parquet.read_table(path)
    except (pa.ArrowException, OSError) as fault:
        message = (
            f"the file {str(path)!r} cannot be read as Parquet ({fault}); it is damaged or of "
            "another format: write or download it again"
        )
        raise DataError(message) from None
    return table, _origin(table, path)


def _with_origin(table: pa.Table, origin: Origin) -> pa.Table:
    record: dict[str, Any] = asdict(origin)
    if origin.synthetic:
        record["label"] = _NOT_REAL
    text = json.dumps(record, ensure_ascii=False, sort_keys=True)
    return table.replace_schema_metadata({_KEY: text.encode()})


def _origin(table: pa.Table, path: Path) -> Origin | None:
    text = (table.schema.metadata or {}).get(_KEY)
    if text is None:
        return None
    try:
        record = json.loads(text)
        known = {field.name for field in fields(Origin)} & set(record)
        return Origin(**{name: record[name] for name in known})
    except (ValueError, KeyError, TypeError) as fault:
        message = f"the metadata of {str(path)!r} cannot be understood ({fault!r}); write it again"
        raise DataError(message) from None
