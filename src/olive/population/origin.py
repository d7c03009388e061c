"""Where a population comes from, and how its files say so in their metadata."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from olive.errors import DataError
from olive.messages import Message, recorded
from olive.native.given_numbers import whole_number

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
    notes : tuple of Message
        What was done to the tables since (calibrated, uprated).
    """

    year: int
    synthetic: bool = False
    place: str = ""
    recipe: str = ""
    seed: int | None = None
    census_year: int | None = None
    notes: tuple[Message, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a seed that no draw has."""
        if self.seed is not None:
            whole_number("seed", self.seed, 0)

    @property
    def stem(self) -> str:
        """Beginning of the file names; it says ``synthetic`` where that is what they hold."""
        return f"{self.place}_synthetic_{self.year}_" if self.synthetic else ""


_TYPES: dict[str, tuple[type, ...]] = {
    "year": (int,),
    "synthetic": (bool,),
    "place": (str,),
    "recipe": (str,),
    "seed": (int, type(None)),
    "census_year": (int, type(None)),
    "notes": (list,),
}


def metadata_of(
    origin: Origin, fingerprint: str, schemas: Sequence[pa.Schema]
) -> dict[bytes, bytes]:
    """Return what both files of a pair say of themselves."""
    record = asdict(origin) | {
        "notes": [note.record() for note in origin.notes],
        "fingerprint": fingerprint,
        # What is read a row group at a time can be held against this alone.
        "columns": [_columns_digest(schema) for schema in schemas],
    }
    if origin.synthetic:
        record["label"] = _NOT_REAL
    text = json.dumps(record | {"checksum": _checksum(record)}, ensure_ascii=False, sort_keys=True)
    return {_KEY: text.encode()}


def read_metadata(schema: pa.Schema, path: Path) -> tuple[Origin | None, str]:
    """Return the origin and the fingerprint that stand in the metadata of a file."""
    text = (schema.metadata or {}).get(_KEY)
    if text is None:
        return None, ""
    try:
        record = json.loads(text)
        # Files that olive 0.1.0 wrote have neither checksum nor fingerprint.
        checksum, fingerprint = record.pop("checksum", None), record.get("fingerprint", "")
        if checksum is not None and checksum != _checksum(record):
            raise ValueError("its checksum differs")
        columns_differ = "columns" in record and _columns_digest(schema) not in record["columns"]
        if "notes" not in record and "note" in record:  # one text was kept, before arguments
            record["notes"] = [text for text in record["note"].split("; ") if text]
        known = {name: record[name] for name in _TYPES if name in record}
        wrong = [name for name, value in known.items() if type(value) not in _TYPES[name]]
        if wrong:
            raise ValueError(f"{wrong[0]} is {known[wrong[0]]!r:.60}")
        known["notes"] = tuple(recorded(note) for note in known.get("notes", ()))
        origin = Origin(**known)
    except (ValueError, KeyError, TypeError, AttributeError, DataError) as fault:
        raise DataError(
            "the metadata of {path!r} cannot be understood ({fault}); write it again",
            str(path),
            repr(fault),
        ) from None
    if columns_differ:
        raise DataError(
            "the columns of {path!r} are not those that were written (another name, type or "
            "order): the file was changed since; write it again with olive",
            str(path),
        )
    return origin, fingerprint


def _checksum(record: dict[str, Any]) -> str:
    text = json.dumps(record, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _columns_digest(schema: pa.Schema) -> str:
    text = "\n".join(f"{field.name}:{field.type}" for field in schema)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
