"""A population that was written is read back whole, or refused: never half, mixed or changed."""

from __future__ import annotations

import json
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from olive_tests.failing import nth_failures
from pyarrow import parquet

from olive.errors import DataError, OliveError, OutputError
from olive.messages import Message
from olive.native.files import begun_files
from olive.population import Population
from olive.population.origin import Origin
from olive.population.parquet_blocks import parquet_blocks


def made(wage: float, homes: int = 40, **more: object) -> Population:
    households = pd.DataFrame(
        {
            "household_id": np.arange(homes),
            "weight": 2.0,
            "county": "linhai",
            "surveyed_on": pd.to_datetime(["2023-05-01"] * homes).astype("datetime64[us]"),
        }
    )
    persons = pd.DataFrame(
        {
            "household_id": np.repeat(np.arange(homes), 2),
            "age": 40,
            "contractual_wage": wage + np.arange(2.0 * homes),
        }
    )
    return Population.from_frames(
        households, persons, year=2023, origin=Origin(2023, notes=(Message("made up"),), **more)
    )


OLD, NEW = made(50_000.0), made(60_000.0)


def test_nth_failure_of_writing(tmp_path) -> None:
    known = {OLD.fingerprint(), NEW.fingerprint()}
    refused = 0
    for failing in nth_failures(tmp_path):
        OLD.write(tmp_path)
        try:
            with failing:
                NEW.write(tmp_path)
        except OutputError:
            refused += 1
        assert Population.read(tmp_path).fingerprint() in known
    assert refused > 5
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "households.parquet",
        "persons.parquet",
    ]


def test_nth_failure_of_reading(tmp_path) -> None:
    OLD.write(tmp_path)
    for failing in nth_failures(tmp_path):
        try:
            with failing:
                found = Population.read(tmp_path)
        except OliveError:
            continue
        assert found.fingerprint() == OLD.fingerprint()


@pytest.mark.parametrize("kind", ["households", "persons"])
def test_stopped_between_the_two_files(tmp_path, kind) -> None:
    """New and old side by side, with the missing halves under their temporary names."""
    OLD.write(tmp_path / "old")
    NEW.write(tmp_path / "new")
    mixed = tmp_path / "mixed"
    shutil.copytree(tmp_path / "old", mixed)
    shutil.copy(tmp_path / "new" / f"{kind}.parquet", mixed)
    with pytest.raises(DataError, match="do not belong together"):
        Population.read(mixed)
    other = "persons" if kind == "households" else "households"
    left = mixed / ".olive-0123456789abcdef.begun"
    for place, found in (("new", NEW), ("old", OLD)):
        half = other if place == "new" else kind
        shutil.copy(tmp_path / place / f"{half}.parquet", left)
        assert Population.read(mixed).fingerprint() == found.fingerprint()
    left.write_bytes(left.read_bytes()[:-100])
    with pytest.raises(DataError, match="do not belong together"):
        Population.read(mixed)
    NEW.write(mixed)
    assert Population.read(mixed).fingerprint() == NEW.fingerprint()
    assert begun_files(mixed) == []


WRITER = """
import sys
from olive.population import Population
one, two, target = sys.argv[1:]
pair = [Population.read(one), Population.read(two)]
print("ready", flush=True)
for n in range(1_000_000):
    pair[n % 2].write(target)
"""


@pytest.mark.parametrize("kills", [1, pytest.param(40, marks=pytest.mark.slow)])
def test_killed_at_random_moments(tmp_path, kills) -> None:
    pair = {"one": made(50_000.0, 3_000), "two": made(60_000.0, 3_000)}
    for name, each in pair.items():
        each.write(tmp_path / name)
    known = {each.fingerprint() for each in pair.values()}
    target, draw = tmp_path / "target", random.Random(kills)
    pair["one"].write(target)
    for _ in range(kills):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, *(str(tmp_path / each) for each in pair), str(target)],
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(draw.uniform(0.0, 0.1))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert Population.read(target).fingerprint() in known
    pair["two"].write(target)
    assert begun_files(target) == []


def whole(folder: Path) -> tuple[object, ...]:
    found = Population.read(folder)
    return found.tables.households, found.tables.persons, found.origin


def by_row_group(folder: Path) -> tuple[object, ...]:
    blocks = parquet_blocks(folder, None, None)
    tables = blocks.tables(0)
    return tables.households, tables.persons, blocks.origin


@pytest.mark.parametrize("read", [whole, by_row_group])
@pytest.mark.parametrize("turned", [60, pytest.param(400, marks=pytest.mark.slow)])
def test_no_turned_bit_is_silent(tmp_path, turned, read) -> None:
    """Half of them at the end of the file, where names and types of columns stand."""
    OLD.write(tmp_path)
    written = read(tmp_path)
    draw = random.Random(turned)
    refused = 0
    for place in range(turned):
        path = tmp_path / draw.choice(["households.parquet", "persons.parquet"])
        before = path.read_bytes()
        content = bytearray(before)
        end = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
        content[draw.randrange(end if place % 2 else 0, len(content))] ^= 1 << draw.randrange(8)
        path.write_bytes(bytes(content))
        try:
            found = read(tmp_path)
        except DataError:
            refused += 1
        else:  # the bit was one that no value rests on
            assert found == written
        path.write_bytes(before)
    assert refused > turned / 3


def test_values_that_were_changed_are_told(tmp_path) -> None:
    OLD.write(tmp_path)
    path = tmp_path / "persons.parquet"
    table = parquet.read_table(path)
    raised = pa.array(table["contractual_wage"].to_numpy() * 2)
    at = table.column_names.index("contractual_wage")
    parquet.write_table(table.set_column(at, "contractual_wage", raised), path)
    with pytest.raises(DataError, match="not those that were written"):
        Population.read(tmp_path)


def test_metadata_that_was_changed_is_told(tmp_path) -> None:
    OLD.write(tmp_path)
    for path in tmp_path.iterdir():
        table = parquet.read_table(path)
        text = table.schema.metadata[b"olive"].replace(b"2023", b"2021")
        parquet.write_table(table.replace_schema_metadata({b"olive": text}), path)
    with pytest.raises(DataError, match=r"metadata .* checksum"):
        Population.read(tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"year": "2023"},
        {"year": None},
        {"year": True},
        {"year": 2023.5},
        {"year": 99999999999999999999},
        {"place": ["linhai"]},
        {"note": ["a"]},
        {"notes": "a"},
        {"notes": [1]},
        {"notes": [{"id": 3, "arguments": {}}]},
        {"notes": [{"id": "{a:>999999999}", "arguments": {"a": 1}}]},
        {"synthetic": "no"},
        {"seed": 1.5},
        {"seed": -1},
        {"seed": 10**30},
        [],
    ],
)
def test_metadata_of_a_wrong_type(tmp_path, wrong) -> None:
    OLD.write(tmp_path)
    record = wrong and {"year": 2023, "synthetic": False, "place": "", "note": "x; y", **wrong}
    for path in tmp_path.iterdir():
        table = parquet.read_table(path)
        metadata = {b"olive": json.dumps(record).encode()}
        parquet.write_table(table.replace_schema_metadata(metadata), path)
    with pytest.raises(DataError, match=r"metadata|calendar year"):
        Population.read(tmp_path)


def test_a_second_place_or_year_into_one_folder(tmp_path) -> None:
    one = made(1.0, synthetic=True, place="taizhou")
    one.write(tmp_path)
    elsewhere = replace(one, origin=replace(one.origin, place="zhejiang"))
    for other in (elsewhere, OLD):
        with pytest.raises(OutputError, match="of another population"):
            other.write(tmp_path)
    assert Population.read(tmp_path).origin.place == "taizhou"


def test_columns_of_every_type_come_back(tmp_path) -> None:
    households = pd.DataFrame(
        {
            "household_id": ["a", "b", "c"],
            "weight": 1.0,
            "county": "linhai",
            "seconds": pd.Series(pd.to_datetime(["2023-01-01", "2023-01-02", "2023-01-03"])).astype(
                "datetime64[s]"
            ),
            "words": pd.Categorical(["x", "x", "y"]),
            "span": pd.to_timedelta([1, 2, 3], unit="D"),
            "large": pd.array([2**62, 2, 3], dtype="uint64"),
        }
    )
    persons = pd.DataFrame({"household_id": ["a", "b", "c"], "age": 30})
    city = Population.from_frames(households, persons, year=2023)
    city.write(tmp_path)
    again = Population.read(tmp_path)
    pd.testing.assert_frame_equal(again.households, city.households, check_dtype=False)


def test_the_folder_is_refused_before_any_work(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below", Path("a\0b")):
        with pytest.raises(OutputError):
            OLD.write(folder)


def test_notes_survive_with_their_arguments_in_every_language(tmp_path):
    city = OLD.uprate(2024).select(OLD.weight > 0)
    city.write(tmp_path)
    again = Population.read(tmp_path).notes
    assert again == city.notes
    assert [note.template for note in again] == [note.template for note in city.notes]
    told = [note.in_language("zh") for note in again]
    assert told[1] == "收入由 2023 年增长到 2024 年（趋势路径）"
    assert told[-1] == "所选部分住户"
    assert not [text for text in told[1:] if re.search("[a-z]{3,} [a-z]{3,}", text)]


def test_a_note_of_an_older_file_is_still_read(tmp_path):
    OLD.write(tmp_path)
    for path in tmp_path.glob("*.parquet"):
        table = parquet.read_table(path)
        record = json.loads(table.schema.metadata[b"olive"])
        for name in ("notes", "checksum"):
            del record[name]
        record["note"] = "made up; a selection"
        parquet.write_table(
            table.replace_schema_metadata({b"olive": json.dumps(record).encode()}), path
        )
    notes = Population.read(tmp_path).notes
    assert notes == ("made up", "a selection")
    assert notes[1].in_language("zh") == "所选部分住户"
