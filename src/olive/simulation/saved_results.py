"""Results on disk: a folder with the population, the variables and what they were computed from.

``population/`` holds the two tables, ``variables_of_households.parquet`` and
``variables_of_persons.parquet`` a column for each policy and variable, ``result.json`` the
policies, seed, totals, notes and hashes. Nothing in it is a program.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from olive import __version__
from olive.errors import DataError
from olive.messages import Message, recorded
from olive.native.files import new_files, path_of
from olive.population import Population
from olive.population.storage import make_folder, readable
from olive.simulation.computed import Computed
from olive.simulation.recorded_policies import policy_record, recorded_policy

if TYPE_CHECKING:
    from olive.engine import Policy

FORM = 1
_ENTITIES = ("household", "person")
_KEYS = ("form", "olive", "population", "policies", "outputs", "seed", "checksum")
_Arrays = Mapping[tuple[int, str], NDArray[Any]]


def save_result(result: Computed, folder: str | Path) -> None:
    """Write a result to a folder; see `olive.Result.save`."""
    records = [policy_record(each) for each in result.policies]
    target = path_of(folder, "runs/plan_2025")
    make_folder(target)
    result.population.write(target / "population")
    content = {
        "form": FORM,
        "olive": __version__,
        "population": result.population.fingerprint(),
        "policies": records,
        "outputs": list(result.outputs),
        "seed": result.seed,
        "backend": result.backend,
        "totals": _with_positions(result.totals),
        "population_totals": _with_positions(result.population_totals),
        "notes": [each.record() if isinstance(each, Message) else each for each in result.notes],
        "variables": _fingerprint(result.arrays),
    }
    text = json.dumps(
        content | {"checksum": _checksum(content)}, ensure_ascii=False, indent=1, allow_nan=False
    )
    files = [*(_table_file(target, entity) for entity in _ENTITIES), target / "result.json"]
    with new_files(files) as (*tables, about):
        for entity, stream in zip(_ENTITIES, tables, strict=True):
            columns = {
                f"{position}:{name}": array
                for (position, name), array in result.arrays.items()
                if result.policies[position].rules.entity_of(name) == entity
            }
            parquet.write_table(
                pa.table(columns), stream, compression="zstd", write_page_checksum=True
            )
        about.write(text.encode())


def read_result(folder: str | Path) -> Computed:
    """Read what `save_result` wrote; see `olive.load`."""
    source = path_of(folder, "runs/plan_2025")
    content = _read(source / "result.json")
    population = Population.read(source / "population")
    arrays = {}
    for entity in _ENTITIES:
        path = _table_file(source, entity)
        with readable(path):
            table = parquet.ParquetFile(path, page_checksum_verification=True).read()
        for name in table.column_names:
            position, _, variable = name.partition(":")
            arrays[int(position), variable] = table[name].to_numpy()
    if population.fingerprint() != content["population"] or (
        _fingerprint(arrays) != content["variables"]
    ):
        raise DataError(
            "the files in {folder!r} do not belong together: they were changed, damaged or "
            "written by two runs; save the result again",
            str(source),
        )
    policies = tuple(
        _policy(each, population.place.name, content["olive"]) for each in content["policies"]
    )
    outputs = tuple(content["outputs"])
    order = sorted(arrays, key=lambda key: (key[0], outputs.index(key[1])))
    kept = {key: arrays[key] for key in order}
    totals = _by_position(content["totals"])
    population_totals = _by_position(content["population_totals"])
    told = (recorded(each) if isinstance(each, dict) else each for each in content["notes"])
    notes, seed, backend = tuple(told), content["seed"], content["backend"]
    return Computed(
        population, policies, outputs, kept, totals, population_totals, notes, seed, backend
    )


def _policy(record: Mapping[str, Any], place: str, version: str) -> Policy:
    policy = recorded_policy(record, place)
    if policy.digest() != record["digest"]:
        raise DataError(
            "the result was saved by olive {version} under {label!r}, which this version "
            "({now}) does not have with the same figures and rules; simulate again",
            version,
            record["label"],
            __version__,
        )
    return policy


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise DataError(
            "there is no result in {folder!r}; `result.save(folder)` writes one", str(path.parent)
        ) from None
    except (OSError, ValueError) as fault:
        raise DataError(
            "{path} cannot be read ({fault}); save the result again", path, fault
        ) from fault
    if not isinstance(content, dict) or any(key not in content for key in _KEYS):
        raise DataError("{path} is no record of a result; `result.save` writes them", path)
    if content["form"] != FORM:
        raise DataError(
            "{path} is a result of form {form!r} (olive {olive}); this version reads form {known}",
            path,
            content["form"],
            content["olive"],
            FORM,
        )
    checksum = content.pop("checksum")
    if checksum != _checksum(content):
        raise DataError("{path} was changed since it was written; save the result again", path)
    return content


def _table_file(folder: Path, entity: str) -> Path:
    return folder / f"variables_of_{entity}s.parquet"


def _checksum(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _fingerprint(arrays: _Arrays) -> str:
    """Return a hash of variables: names, kinds and bytes."""
    total = hashlib.sha256()
    for (position, name), array in sorted(arrays.items()):
        total.update(f"{position}:{name}:{array.dtype.str}:{array.size}".encode())
        total.update(array.tobytes())
    return total.hexdigest()


def _with_positions(totals: Mapping[tuple[int, str], float]) -> list[list[Any]]:
    return [[position, name, float(value)] for (position, name), value in totals.items()]


def _by_position(rows: list[list[Any]]) -> dict[tuple[int, str], float]:
    return {(position, name): value for position, name, value in rows}
