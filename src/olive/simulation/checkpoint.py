"""Where a run over a stream stands, in one file: a killed run goes on from there."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from olive.errors import DataError
from olive.native.files import check_outputs, new_files, path_of
from olive.statistics.block_sums import BlockSums

Totals = Mapping[tuple[int, str], float]
_FORMAT = 1
_HEADER = "header"
_SHARE_OF_TIME = 20  # saving takes at most one part in so many


@dataclass(frozen=True, slots=True)
class Standing:
    """What a run has worked out so far.

    Attributes
    ----------
    rounds : tuple of tuple of mapping
        Totals over the population of each finished round, request by request.
    sums : BlockSums or None
        Of the round under way.
    """

    rounds: tuple[tuple[Totals, ...], ...] = ()
    sums: BlockSums | None = None

    def finished(self, totals: Sequence[Totals]) -> Standing:
        """Return the standing after a round of totals."""
        return Standing((*self.rounds, tuple(totals)))


class Checkpoint:
    """The file of a run; without a path nothing is kept.

    It holds plain arrays and JSON, and is replaced as a whole: it is always of one moment.
    """

    def __init__(self, path: str | Path | None, fingerprint: str) -> None:
        self._path = None if path is None else path_of(path, "run.npz")
        self._fingerprint = fingerprint
        self._next = 0.0
        if self._path is not None:
            check_outputs({"checkpoint": self._path})

    def load(self) -> Standing:
        """Return where the run stands.

        Raises
        ------
        DataError
            When the file is of another run, or damaged.
        """
        if self._path is None or not self._path.is_file():
            return Standing()
        try:
            with np.load(self._path, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
            header = json.loads(arrays.pop(_HEADER).tobytes())
            known = header["format"], header["fingerprint"]
            rounds = tuple(
                tuple(
                    {(place, name): float.fromhex(value) for place, name, value in totals}
                    for totals in each
                )
                for each in header["rounds"]
            )
            blocks = header["blocks"]
            sums = None if blocks is None else BlockSums.from_arrays(blocks, arrays)
        except OSError as fault:
            raise DataError(
                "the checkpoint {path!r} cannot be read ({fault}); delete it to begin anew",
                str(self._path),
                fault,
            ) from None
        except Exception:  # noqa: BLE001 - zlib, zipfile and numpy each have their own
            raise DataError(
                "the file {path!r} is no checkpoint, or damaged; delete it to begin anew",
                str(self._path),
            ) from None
        if known != (_FORMAT, self._fingerprint):
            raise DataError(
                "the checkpoint {path!r} is of another run: other data, policies, outputs or "
                "seed, or another version of olive; give another file, or delete it to begin anew",
                str(self._path),
            )
        return Standing(rounds, sums)

    def save(self, standing: Standing, *, now: bool = False) -> None:
        """Keep where the run stands, unless it was kept a moment ago.

        Raises
        ------
        OutputError
            When the file cannot be written; the one before still stands.
        """
        begun = time.monotonic()
        if self._path is None or (begun < self._next and not now):
            return
        sums = standing.sums
        header = {
            "format": _FORMAT,
            "fingerprint": self._fingerprint,
            "rounds": [
                [
                    [[place, name, value.hex()] for (place, name), value in totals.items()]
                    for totals in each
                ]
                for each in standing.rounds
            ],
            "blocks": None if sums is None else sums.blocks,
        }
        text = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
        arrays: dict[str, Any] = {} if sums is None else sums.to_arrays()
        with new_files([self._path]) as (stream,):
            np.savez_compressed(stream, **{_HEADER: text, **arrays})
        ended = time.monotonic()
        self._next = ended + _SHARE_OF_TIME * (ended - begun)
