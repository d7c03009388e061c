"""What a run over a stream found for every household: Parquet files, a pair for each block."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from olive.errors import OutputError
from olive.native.files import new_files
from olive.population.parquet_blocks import part_of
from olive.population.storage import make_folder, readable

if TYPE_CHECKING:
    from olive.simulation.result import Result

_KEY = b"olive"
_KEYS = {"household": ("household_id",), "person": ("household_id", "person_number")}


@dataclass(frozen=True, slots=True)
class ResultFiles:
    """A folder of files of one run, named by block and entity; columns are ``variable | policy``.

    Attributes
    ----------
    folder : str
    run : str
        Fingerprint of the run, which stands in every file.
    blocks : int
        In all; file names say it, so that a folder tells which it lacks.
    """

    folder: str
    run: str
    blocks: int

    def prepare(self) -> None:
        """Make the folder, and refuse one with files of another run.

        Raises
        ------
        OutputError
        DataError
            When a file in it is damaged.
        """
        make_folder(self.folder)
        for path in sorted(Path(self.folder).glob("*_results.parquet")):
            with readable(path):
                metadata = parquet.read_schema(path).metadata or {}
            if json.loads(metadata.get(_KEY, b"{}")).get("run") != self.run:
                raise OutputError(
                    "{folder}: already holds {name}, of another run; write to a folder of its own",
                    self.folder,
                    path.name,
                )

    def lacking(self, entities: Iterable[str]) -> NDArray[np.bool_]:
        """Return which blocks lack a file of one of some entities; shape (blocks,)."""
        known = [each for each in _KEYS if each in {*entities}]
        return np.array(
            [
                not all(self._path(number, entity).is_file() for entity in known)
                for number in range(self.blocks)
            ],
            dtype=np.bool_,
        )

    def _path(self, number: int, entity: str) -> Path:
        return Path(self.folder, f"{part_of(number, self.blocks)}{entity}_results.parquet")

    def write(self, result: Result, number: int) -> None:
        """Write the outputs of a block as one row group each, whole or not at all.

        Raises
        ------
        OutputError
            When a file cannot be written.
        """
        population = result.population
        about = {"synthetic": population.is_synthetic, "year": population.year, "run": self.run}
        tables = population.tables
        for entity, own in (("household", tables.households), ("person", tables.persons)):
            found = {
                f"{name} | {result.labels[position]}": pa.array(values)
                for (position, name), values in result.arrays.items()
                if result.policies[position].rules.entity_of(name) == entity
            }
            if not found:
                continue
            table = pa.table({**{key: own[key] for key in _KEYS[entity]}, **found})
            with new_files([self._path(number, entity)]) as (stream,):
                parquet.write_table(
                    table.replace_schema_metadata({_KEY: json.dumps(about)}),
                    stream,
                    row_group_size=max(1, len(table)),
                    compression="zstd",
                    write_page_checksum=True,
                )
