"""A folder of Parquet files read one row group of whole households at a time."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from olive.errors import DataError
from olive.native.files import path_of
from olive.population.entering import origin_of, tables_of
from olive.population.origin import read_metadata
from olive.population.storage import KINDS, files_of, readable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from olive.places.place import Place
    from olive.population.origin import Origin
    from olive.population.table_schema import PopulationTables


_PART = re.compile(r"_(\d+)_of_(\d+)_households\.parquet$")


def part_of(number: int, count: int) -> str:
    """Return what names one of several pairs of files, so that a folder tells which it lacks."""
    return f"{number + 1:06d}_of_{count:06d}_"


@dataclass(frozen=True, slots=True)
class Footer:
    """What a Parquet file says at its end: its row groups, their sizes and places, its origin."""

    path: Path
    metadata: parquet.FileMetaData
    origin: Origin | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ParquetBlocks:
    """Row groups of one or several pairs of files; see `olive.population.stream.Blocks`.

    Attributes
    ----------
    groups : tuple of (str, str, int)
        File of households, file of persons, and number of the row group in both.
    households : int
        In all files.
    origin : Origin
    identity : str
        SHA-256 of the ends of all files, which hold the sizes and extremes of every column and,
        where olive wrote them, the hash of the values.
    """

    groups: tuple[tuple[str, str, int], ...]
    households: int
    origin: Origin
    identity: str

    @property
    def count(self) -> int:
        """Number of row groups."""
        return len(self.groups)

    def tables(self, number: int) -> PopulationTables:
        """Read and check one row group.

        Raises
        ------
        DataError
            When it is damaged or at fault, or divides a household.
        """
        homes, people, group = self.groups[number]
        households, persons = (_read(Path(path), group) for path in (homes, people))
        _refuse_divided(households, persons, self.groups[number])
        return tables_of(households, persons, self.origin)

    def fingerprint(self) -> str:
        """Return the SHA-256 of the ends of all files."""
        return self.identity


def parquet_blocks(
    folder: str | Path, year: int | None, place: str | Place | None
) -> ParquetBlocks:
    """Look through a folder: which files belong together, and which row groups they have.

    Parameters
    ----------
    folder : str or pathlib.Path
        Holds pairs of files ``<name>households.parquet`` and ``<name>persons.parquet``. A row
        group of the one holds the persons of the row group of the same number of the other.
    year, place
        As for `olive.Population.read`.

    Raises
    ------
    DataError
        When there is no such folder, a file is missing, cut off or of another population, or the
        numbers of row groups differ.
    """
    source = path_of(folder, "data/my_survey")
    if not source.is_dir():
        raise DataError("there is no folder {source!r} to read a population from", str(source))
    groups: list[tuple[str, str, int]] = []
    households, digest = 0, hashlib.sha256()
    origins: list[Origin | None] = []
    for homes, people in _pairs(source):
        ends, names = [_footer(homes), _footer(people)], (str(homes), str(people))
        if (ends[0].origin, ends[0].fingerprint) != (ends[1].origin, ends[1].fingerprint):
            raise DataError(
                "{homes!r} and {people!r} do not belong together; write them again", *names
            )
        counts = [end.metadata.num_row_groups for end in ends]
        if counts[0] != counts[1]:
            raise DataError(
                "{homes!r} has {count} row groups and {people!r} {count2}; each row group of "
                "persons must hold the persons of the row group of households of the same number "
                "(olive.Population.write does so)",
                names[0],
                counts[0],
                names[1],
                counts[1],
            )
        groups += [(*names, group) for group in range(counts[0])]
        households += ends[0].metadata.num_rows
        origins.append(ends[0].origin)
        for end in ends:
            digest.update(f"{end.path.name}:{end.path.stat().st_size}:".encode())
            digest.update(_tail(end.path))
    if len(set(origins)) > 1:
        raise DataError(
            "the files in {folder!r} are of different populations: {origin} and {origin2}",
            str(source),
            origins[0],
            next(each for each in origins if each != origins[0]),
        )
    origin = origin_of(source, origins[0], year, place)
    return ParquetBlocks(tuple(groups), households, origin, digest.hexdigest())


def sizes_of_files(folder: Path) -> list[int]:
    """Return the number of households in each file of households of a folder.

    Raises
    ------
    DataError
        When a file is damaged.
    """
    if not folder.is_dir():
        return []
    return [_footer(path).metadata.num_rows for path in files_of(folder, KINDS[0])]


def _pairs(folder: Path) -> list[tuple[Path, Path]]:
    homes, people = (files_of(folder, kind) for kind in KINDS)
    pairs = [
        (path, path.with_name(path.name.removesuffix("households.parquet") + "persons.parquet"))
        for path in homes
    ]
    lonely = {*people} ^ {other for _, other in pairs}
    if lonely or not pairs:
        raise DataError(
            "the folder {folder!r} must hold pairs of files, <name>households.parquet and "
            "<name>persons.parquet; {lonely} is alone or missing",
            str(folder),
            repr(min(lonely).name) if lonely else "households.parquet",
        )
    _refuse_unfinished(folder, [path.name for path in homes])
    return pairs


def _refuse_unfinished(folder: Path, names: Iterable[str]) -> None:
    """Refuse a folder that lacks some of the pairs that were to be written."""
    parts = [(int(each[1]), int(each[2])) for each in map(_PART.search, names) if each]
    count = max((count for _, count in parts), default=0)
    missing = {(number + 1, count) for number in range(count)} - {*parts}
    if missing:
        raise DataError(
            "the folder {folder!r} lacks {missing} of its {count} pairs of files, the first is "
            "number {number}; it was not written to the end, or files were lost: write it again",
            str(folder),
            len(missing),
            count,
            min(missing)[0],
        )


def _footer(path: Path) -> Footer:
    with readable(path):
        metadata = parquet.read_metadata(path)
        origin, fingerprint = read_metadata(metadata.schema.to_arrow_schema(), path)
    return Footer(path, metadata, origin, fingerprint)


def _tail(path: Path) -> bytes:
    """Return the bytes of a file's footer."""
    with path.open("rb") as stream:
        stream.seek(-8, 2)
        length = int.from_bytes(stream.read(4), "little")
        stream.seek(-8 - length, 2)
        return stream.read(length)


@lru_cache(maxsize=64)
def _known(path: Path, _changed: int) -> parquet.FileMetaData:
    return parquet.read_metadata(path)


def _read(path: Path, group: int) -> pa.Table:
    with readable(path):
        metadata = _known(path, path.stat().st_mtime_ns)
        file = parquet.ParquetFile(path, metadata=metadata, page_checksum_verification=True)
        with file:
            return file.read_row_group(group, use_threads=False)


def _refuse_divided(households: pa.Table, persons: pa.Table, where: tuple[str, str, int]) -> None:
    """Refuse a row group whose households and persons are not the same ones."""
    homes, people, group = where
    if any("household_id" not in table.column_names for table in (households, persons)):
        return  # said better where tables are checked
    columns = [table["household_id"].combine_chunks() for table in (households, persons)]
    if columns[0].type != columns[1].type:
        return  # as above
    for here, there, one, other in ((*columns, homes, people), (*columns[::-1], people, homes)):
        apart = here.filter(pc.invert(pc.is_in(here, value_set=there)))
        if len(apart):
            raise DataError(
                "row group {group} of {one!r} has household {household}, which row group {group} "
                "of {other!r} has not: a household and all its persons must stand in row groups "
                "of the same number; write the files again, with olive.Population.write",
                group,
                one,
                repr(apart[0].as_py()),
                other,
            )
