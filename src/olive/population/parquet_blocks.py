"""A folder of Parquet files read one row group of whole households at a time."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from olive.errors import DataError, told_where
from olive.messages import Message
from olive.native.files import path_of
from olive.population.entering import origin_of, tables_of_part
from olive.population.identity import identifiers
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
class KnownFile:
    """A file that was looked at.

    Attributes
    ----------
    path : str
    footer : str
        SHA-256 of its end, which holds the sizes and extremes of every column.
    hashed : bool
        Whether the end holds the hash of the values too: olive wrote the file.
    """

    path: str
    footer: str
    hashed: bool

    def fingerprint(self) -> str:
        """Return a hash that a file of other values does not have."""
        if self.hashed:
            return self.footer
        with readable(Path(self.path)), Path(self.path).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class ParquetBlocks:
    """Row groups of one or several pairs of files; see `olive.population.stream.Blocks`.

    Attributes
    ----------
    groups : tuple of (KnownFile, KnownFile, int)
        File of households, file of persons, and number of the row group in both.
    households : int
        In all files.
    origin : Origin
    """

    groups: tuple[tuple[KnownFile, KnownFile, int], ...]
    households: int
    origin: Origin

    @property
    def count(self) -> int:
        """Number of row groups."""
        return len(self.groups)

    def tables(self, number: int) -> PopulationTables:
        """Read and check one row group.

        Raises
        ------
        DataError
            When it is damaged or at fault, divides a household, or its file was changed.
        """
        homes, people, group = self.groups[number]
        households, persons = (_read(each, group) for each in (homes, people))
        _refuse_divided(households, persons, (homes.path, people.path, group))
        where = Message(
            "row group {group} of {homes!r} and {people!r}", group, homes.path, people.path
        )
        with told_where(where):
            return tables_of_part(households, persons, self.origin)

    def fingerprint(self) -> str:
        """Return the SHA-256 of the names and fingerprints of all files, in order."""
        files = dict.fromkeys(file for *pair, _ in self.groups for file in pair)
        told = [(Path(file.path).name, file.fingerprint()) for file in files]
        return hashlib.sha256(repr((told, len(self.groups))).encode()).hexdigest()


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
        When there is no such folder, a file is missing, cut off or of another population, the
        numbers of row groups differ, or there is no household.
    """
    source = path_of(folder, "data/my_survey")
    if not source.is_dir():
        raise DataError("there is no folder {source!r} to read a population from", str(source))
    groups: list[tuple[KnownFile, KnownFile, int]] = []
    households = 0
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
        known = [_known_file(end) for end in ends]
        groups += [
            (known[0], known[1], group)
            for group in range(counts[0])
            if any(end.metadata.row_group(group).num_rows for end in ends)
        ]
        households += ends[0].metadata.num_rows
        origins.append(ends[0].origin)
    if len(set(origins)) > 1:
        raise DataError(
            "the files in {folder!r} are of different populations: {origin} and {origin2}",
            str(source),
            origins[0],
            next(each for each in origins if each != origins[0]),
        )
    origin = origin_of(source, origins[0], year, place)
    if not groups:
        raise DataError("the files in {folder!r} hold no household", str(source))
    return ParquetBlocks(tuple(groups), households, origin)


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
            "number {number}; it was not written to the end, or files were lost: write it again, "
            "to an empty folder",
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


def _known_file(end: Footer) -> KnownFile:
    return KnownFile(str(end.path), _footer_digest(end.path), bool(end.fingerprint))


def _footer_digest(path: Path) -> str:
    with path.open("rb") as stream:
        stream.seek(-8, 2)
        length = int.from_bytes(stream.read(4), "little")
        stream.seek(-8 - length, 2)
        return hashlib.sha256(stream.read(length)).hexdigest()


@lru_cache(maxsize=64)
def _metadata(file: KnownFile, _changed: int) -> parquet.FileMetaData:
    path = Path(file.path)
    found = parquet.read_metadata(path)
    if _footer_digest(path) != file.footer:
        raise DataError(
            "the file {path!r} was changed after its folder was looked through; read the folder "
            "again: olive.PopulationStream.read",
            file.path,
        )
    return found


def _read(known: KnownFile, group: int) -> pa.Table:
    path = Path(known.path)
    with readable(path):
        metadata = _metadata(known, path.stat().st_mtime_ns)
        file = parquet.ParquetFile(path, metadata=metadata, page_checksum_verification=True)
        with file:
            return file.read_row_group(group, use_threads=False)


def _refuse_divided(households: pa.Table, persons: pa.Table, where: tuple[str, str, int]) -> None:
    """Refuse a row group whose households and persons are not the same ones."""
    homes, people, group = where
    columns = []
    for table in (households, persons):
        with suppress(KeyError, DataError, pa.ArrowException):
            columns.append(identifiers(table["household_id"]))
    if len(columns) < len(KINDS) or columns[0].type != columns[1].type:
        return  # said better where tables are checked
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
