"""Keep the two tables in a folder as Parquet, with their origin in the file metadata.

Both files carry the fingerprint of the pair, so that a file that was changed, damaged, or left by
an interrupted run beside the half of another is told when it is read.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from olive.errors import DataError, OutputError
from olive.native.files import begun_files, check_outputs, new_files, path_of
from olive.population.origin import Origin, metadata_of, read_metadata
from olive.population.table_schema import PopulationTables
from olive.population.table_views import fingerprint_of
from olive.progress import Step, Told

KINDS = ("households", "persons")
STEPS_OF_READING = 4  # two files, whether they are as written, what their columns hold
HOUSEHOLDS_OF_GROUP = 131_072  # in a row group: what is streamed is read one group at a time


@dataclass(frozen=True, slots=True)
class _Stored:
    """One file as it was read: its table and, where olive wrote it, what it says of itself."""

    table: pa.Table
    origin: Origin | None
    fingerprint: str


def check_folder(folder: str | Path, stem: str) -> None:
    """Refuse a folder that a population cannot be written to, before any work is done for it.

    Parameters
    ----------
    folder : str or pathlib.Path
        Need not exist; writing makes it.
    stem : str
        `Origin.stem` of what is to be written.

    Raises
    ------
    OutputError
        When the folder cannot be made or written to, or holds a population of another place, year
        or kind: two in one folder could not be told apart.
    """
    target = path_of(folder, "my_city")
    finals = [target / f"{stem}{kind}.parquet" for kind in KINDS]
    try:
        if not target.exists():
            _check_new_folder(target)
            return
        others = [path for kind in KINDS for path in files_of(target, kind) if path not in finals]
    except (OSError, ValueError) as fault:
        raise _unusable(target, fault) from fault
    if others:
        raise OutputError(
            "{target}: already holds {name}, of another population or of a write that was stopped; "
            "write {name2} to a folder of its own",
            target,
            others[0].name,
            finals[0].name,
        )
    check_outputs({str(path): path for path in finals})


def _unusable(target: Path, fault: OSError | ValueError) -> OutputError:
    reason = getattr(fault, "strerror", None) or fault
    return OutputError("{target}: cannot be used as a folder ({reason})", target, reason)


def _check_new_folder(target: Path) -> None:
    """Refuse a folder that cannot be made: the nearest one that exists must be open to writing."""
    if "\0" in str(target):
        raise ValueError("embedded null byte")
    nearest_one = next(each for each in target.absolute().parents if each.exists())
    if not nearest_one.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(nearest_one))
    if not os.access(nearest_one, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(nearest_one))


def write_tables(
    folder: str | Path, tables: PopulationTables, origin: Origin, *, told: Told = None
) -> None:
    """Write both tables to ``folder``, both of them or none, in row groups of whole households.

    Parameters
    ----------
    told : callable, optional
        Called with (row groups written, row groups in all).

    Raises
    ------
    OutputError
        When they cannot be written there, see `check_folder`; what stood there still does.
    """
    check_folder(folder, origin.stem)
    make_folder(folder)
    write_pair(Path(folder), origin.stem, tables, origin, told=told)


def make_folder(folder: str | Path) -> None:
    """Make a folder to write to, where there is none.

    Raises
    ------
    OutputError
    """
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise _unusable(Path(folder), fault) from fault


def write_pair(
    folder: Path, stem: str, tables: PopulationTables, origin: Origin, *, told: Told = None
) -> None:
    """Write two tables as two files whose names begin with ``stem``, both of them or none.

    Raises
    ------
    OutputError
        When they cannot be written; what stood there still does.
    """
    pair = (tables.households, tables.persons)
    metadata = metadata_of(origin, fingerprint_of(*pair), [each.schema for each in pair])
    cuts = np.append(np.arange(0, len(pair[0]), HOUSEHOLDS_OF_GROUP), len(pair[0]))
    how = {"compression": "zstd", "compression_level": 9, "write_page_checksum": True}
    done, groups = 0, 2 * (len(cuts) - 1)
    with new_files(folder / f"{stem}{kind}.parquet" for kind in KINDS) as streams:
        for table, stream, rows in zip(pair, streams, (cuts, tables.starts[cuts]), strict=True):
            labelled = table.replace_schema_metadata(metadata)
            with parquet.ParquetWriter(stream, labelled.schema, **how) as writer:
                for first, last in pairwise(rows.tolist()):
                    writer.write_table(labelled.slice(first, last - first))
                    done += 1
                    if told is not None:
                        told(done, groups)


def read_tables(
    folder: str | Path, step: Step = lambda: None
) -> tuple[pa.Table, pa.Table, Origin | None]:
    """Read the two tables of ``folder`` and their origin, ``None`` when the files do not say.

    Parameters
    ----------
    step : callable, optional
        Called after each of `STEPS_OF_READING`, but for the last, which is the caller's.

    Raises
    ------
    DataError
        When a file is missing, doubled or damaged, or when the two files do not belong together.
    """
    source = path_of(folder, "data/my_survey")
    if not os.path.isdir(source):  # noqa: PTH112 - says no, too, where it cannot be looked up
        raise DataError("there is no folder {source!r} to read a population from", str(source))
    read = []
    for kind in KINDS:
        read.append(_read(_only_file(source, kind)))
        step()
    households, persons = read
    if (households.origin, households.fingerprint) != (persons.origin, persons.fingerprint):
        households, persons = _completed(source, households, persons)
    if households.fingerprint and not _unchanged(households, persons):
        raise DataError(
            "the values of the two Parquet files in {source!r} are not those that were written: "
            "the files were changed or damaged since; write them again with olive",
            str(source),
        )
    step()
    return households.table, persons.table, households.origin


def _completed(folder: Path, households: _Stored, persons: _Stored) -> tuple[_Stored, _Stored]:
    """Return a whole pair where a run was stopped between the two files, from what it left.

    Such a run has left a new and an old file, and both missing halves under their temporary names.
    """
    for path in begun_files(folder):
        try:
            left = _read(path)
        except DataError:  # half-written
            continue
        for pair in ((households, left), (left, persons)):
            first, second = pair
            if first.fingerprint == second.fingerprint != "" and _unchanged(first, second):
                return pair
    raise DataError(
        "the two Parquet files in {folder!r} do not belong together: the households come from "
        "{origin}, the persons from {origin2}, or from two runs; write the population again",
        str(folder),
        households.origin,
        persons.origin,
    )


def _unchanged(households: _Stored, persons: _Stored) -> bool:
    try:
        return fingerprint_of(households.table, persons.table) == households.fingerprint
    except (pa.ArrowException, ValueError):  # damaged so that its values cannot be spelled out
        return False


def files_of(folder: Path, kind: str) -> list[Path]:
    """Return the files of a folder that hold households, or persons, by name."""
    visible = (path for path in folder.iterdir() if not path.name.startswith("."))
    return sorted(path for path in visible if path.name.endswith(f"{kind}.parquet"))


def _only_file(folder: Path, kind: str) -> Path:
    try:
        found = files_of(folder, kind)
    except OSError as fault:
        raise DataError(
            "the folder {folder!r} cannot be read ({reason})", str(folder), fault.strerror
        ) from fault
    if len(found) == 1:
        return found[0]
    raise DataError(
        "the folder {folder!r} must hold exactly one file that ends in "
        "'{kind}.parquet'; found {names}",
        str(folder),
        kind,
        ", ".join(path.name for path in found) or "none",
    )


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Refuse a file that is damaged or no Parquet, when it is read in the body.

    Raises
    ------
    DataError
    """
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, MemoryError, OverflowError) as fault:
        if isinstance(fault, DataError):  # a fault that was told already
            raise
        raise DataError(
            "the file {path!r} cannot be read as Parquet ({fault}); it is damaged or "
            "of another format: write or download it again",
            str(path),
            fault,
        ) from None


def _read(path: Path) -> _Stored:
    with readable(path):
        # A file of its own, not a part of a data set: nothing is read into its name or folder.
        table = parquet.ParquetFile(path, page_checksum_verification=True).read()
    return _Stored(table, *read_metadata(table.schema, path))
