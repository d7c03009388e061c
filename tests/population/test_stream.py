"""A population in blocks: the rows of the whole, whether drawn or read; damage is refused."""

from __future__ import annotations

import re
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from olive_tests.failing import nth_failures
from pyarrow import parquet

import olive
from olive import PopulationStream
from olive.china.recipes import synthetic
from olive.errors import DataError, OutputError

HOMES, BLOCK = 900, 256


@pytest.fixture(scope="module")
def city() -> olive.Population:
    return olive.Population.synthetic(households=HOMES, seed=5)


@pytest.fixture(scope="module")
def stored(city, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("stored")
    PopulationStream.of(city, block=BLOCK).write(folder)
    return folder


def test_truth_values_of_a_slice_are_those_of_its_rows(city) -> None:
    marked = city.with_columns({"urban": np.arange(HOMES) % 3 == 0})
    whole = marked.households["urban"].to_numpy()
    for size in (7, 8, HOMES):  # bits of slices begin anywhere in a byte
        blocks = [
            each.arrays().households["urban"] for each in PopulationStream.of(marked, block=size)
        ]
        np.testing.assert_array_equal(np.concatenate(blocks), whole)
        assert {each.dtype for each in blocks} == {np.dtype(np.bool_)}


def together(stream: PopulationStream) -> list[pd.DataFrame]:
    blocks = list(stream)
    return [
        pd.concat([getattr(block, name) for block in blocks], ignore_index=True)
        for name in ("households", "persons")
    ]


def assert_same(stream: PopulationStream, whole: olive.Population) -> None:
    for found, wanted in zip(together(stream), (whole.households, whole.persons), strict=True):
        pd.testing.assert_frame_equal(found[wanted.columns], wanted, check_exact=True)


def test_drawn_blocks_are_the_rows_of_the_whole(city, monkeypatch) -> None:
    monkeypatch.setattr(synthetic, "BLOCK", BLOCK)
    stream = PopulationStream.synthetic(HOMES, seed=5)
    assert len(stream) == 4
    assert_same(stream, city)
    assert together(stream)[0]["weight"].sum() == pytest.approx(city.weight.sum(), rel=1e-12)


@pytest.mark.slow
def test_a_stream_of_a_large_city_is_the_large_city() -> None:
    whole = olive.Population.synthetic(households=600_000, seed=2)
    assert_same(PopulationStream.synthetic(600_000, seed=2), whole)


def test_weights_that_are_calibrated_together_are_those_of_the_whole() -> None:
    whole = olive.Population.synthetic(households=5_000, seed=1)
    stream = PopulationStream.synthetic(5_000, seed=1, block=3_000)
    assert len(stream) == 2
    assert_same(stream, whole)


def test_read_blocks_are_the_rows_of_the_whole(city, stored) -> None:
    stream = PopulationStream.read(stored)
    assert (len(stream), stream.households, stream.year) == (4, HOMES, city.year)
    assert stream.is_synthetic
    assert_same(stream, city)


def test_row_groups_of_one_file_are_blocks(city, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("olive.population.storage.HOUSEHOLDS_OF_GROUP", 400)
    city.write(tmp_path)
    stream = PopulationStream.read(tmp_path)
    assert [len(block) for block in stream] == [400, 400, 100]
    assert_same(stream, city)
    assert olive.Population.read(tmp_path).fingerprint() == city.fingerprint()


def test_incomes_of_another_year_are_those_of_the_whole(city) -> None:
    stream = PopulationStream.of(city, block=BLOCK).uprate(2025)
    assert stream.year == 2025
    assert_same(stream, city.uprate(2025))


def test_fingerprints_tell_data_blocks_and_growth_apart(city, stored, tmp_path) -> None:
    other = tmp_path / "other"
    PopulationStream.of(olive.Population.synthetic(HOMES, seed=6), block=BLOCK).write(other)
    streams = [
        PopulationStream.of(city, block=BLOCK),
        PopulationStream.of(city, block=BLOCK + 1),
        PopulationStream.of(city, block=BLOCK).uprate(2024),
        PopulationStream.read(stored),
        PopulationStream.read(other),
        PopulationStream.synthetic(HOMES, seed=5),
        PopulationStream.synthetic(HOMES, seed=6),
    ]
    assert len({stream.fingerprint() for stream in streams}) == len(streams)
    assert PopulationStream.read(stored).fingerprint() == streams[3].fingerprint()


# What is wrong with a folder.


def regrouped(path: Path, cuts: list[int]) -> None:
    """Write a file again with other row groups."""
    table = parquet.read_table(path)
    with parquet.ParquetWriter(path, table.schema) as writer:
        for first, last in pairwise([0, *cuts, len(table)]):
            writer.write_table(table.slice(first, last - first))


def divided(folder: Path) -> None:
    city = olive.Population.read(folder)
    for kind, cut in (("households", 400), ("persons", int(city.tables.starts[400]) + 1)):
        regrouped(next(folder.glob(f"*{kind}.parquet")), [cut])


def more_groups(folder: Path) -> None:
    regrouped(next(folder.glob("*persons.parquet")), [400, 800])


def cut_off(folder: Path) -> None:
    path = next(folder.glob("*persons.parquet"))
    path.write_bytes(path.read_bytes()[:-1_000])


def damaged(folder: Path) -> None:
    path = next(folder.glob("*persons.parquet"))
    content = bytearray(path.read_bytes())
    content[2_000:2_040] = bytes(40)
    path.write_bytes(content)


def unfinished(folder: Path) -> None:
    shutil.rmtree(folder)
    PopulationStream.of(olive.Population.synthetic(20, seed=8), block=5).write(folder)
    for path in folder.glob("*_000003_of_000004_*"):
        path.unlink()


def alone(folder: Path) -> None:
    next(folder.glob("*persons.parquet")).unlink()


def mixed(folder: Path) -> None:
    olive.Population.synthetic(50, seed=8).write(folder.parent / "b")
    shutil.copy(next((folder.parent / "b").glob("*persons.parquet")), folder)


def of_two_years(folder: Path) -> None:
    later = PopulationStream.of(olive.Population.synthetic(50, seed=8).uprate(2024))
    later.write(folder.parent / "b")
    for path in (folder.parent / "b").iterdir():
        shutil.copy(path, folder / f"later_{path.name}")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (divided, r"row group 0 of '\S+persons\S+' has household 400, which row group 0 of"),
        (more_groups, r"has 1 row groups and '\S+' 3"),
        (cut_off, "cannot be read as Parquet"),
        (damaged, "cannot be read as Parquet"),
        (unfinished, "lacks 1 of its 4 pairs of files, the first is number 3"),
        (alone, "is alone or missing"),
        (mixed, "do not belong together"),
        (of_two_years, "are of different populations"),
    ],
)
def test_a_folder_that_cannot_be_used_is_refused(city, tmp_path, harm, said: str) -> None:
    folder = tmp_path / "a"
    city.write(folder)
    harm(folder)
    with pytest.raises(DataError, match=said):
        for _ in PopulationStream.read(folder):
            pass


def written(folder: Path, tables, groups: int = 1, **how) -> Path:
    """Write both tables as another program would, the whole of them in each of some row groups."""
    folder.mkdir(exist_ok=True)
    for kind, table in zip(("households", "persons"), tables, strict=True):
        with parquet.ParquetWriter(folder / f"{kind}.parquet", table.schema, **how) as writer:
            for part in [table] + [table.slice(0, 0)] * (groups - 1):
                writer.write_table(part)
    return folder


def of_others(city, few: int = 40):
    """Return the tables of a few households without a word on where they come from."""
    tables = city.select(np.arange(len(city)) < few).tables
    return [each.replace_schema_metadata(None) for each in (tables.households, tables.persons)]


def test_row_groups_without_rows_are_no_blocks(city, tmp_path) -> None:
    stream = PopulationStream.read(written(tmp_path / "a", of_others(city), groups=3), year=2023)
    assert [len(block) for block in stream] == [40]
    empty = [each.slice(0, 0) for each in of_others(city)]
    with pytest.raises(DataError, match="hold no household"):
        PopulationStream.read(written(tmp_path / "b", empty), year=2023)


def test_a_block_whose_weights_are_0_belongs_to_the_whole(city, tmp_path) -> None:
    homes, people = of_others(city)
    place = homes.schema.get_field_index("weight")
    tables = homes.set_column(place, "weight", pa.array(np.zeros(40))), people
    (block,) = PopulationStream.read(written(tmp_path / "a", tables), year=2023)
    assert block.weight.sum() == 0.0
    with pytest.raises(DataError, match="household table: column 'weight' is 0 in every row"):
        olive.Population.read(tmp_path / "a", year=2023)


@pytest.mark.parametrize("kind", [pa.dictionary(pa.int32(), pa.string()), pa.string_view()])
def test_identifiers_of_every_type_of_text_are_read(city, tmp_path, kind) -> None:
    tables = []
    for each in of_others(city):
        names = pa.array([f"h{name:05}" for name in each["household_id"].to_pylist()])
        names = names.dictionary_encode() if kind != pa.string_view() else names.cast(kind)
        tables.append(each.set_column(0, "household_id", names))
    (block,) = PopulationStream.read(written(tmp_path / "a", tables), year=2023)
    assert block.tables.households["household_id"].to_pylist()[:2] == ["h00000", "h00001"]


def test_a_column_that_stands_twice_is_refused(city, tmp_path) -> None:
    homes, people = of_others(city)
    tables = homes.append_column("household_id", homes["household_id"]), people
    with pytest.raises(DataError, match="the column 'household_id' more than once"):
        PopulationStream.read(written(tmp_path / "a", tables), year=2023).block(0)


def test_faults_of_a_block_say_which_row_group_they_are_in(city, tmp_path) -> None:
    homes, people = of_others(city)
    place = homes.schema.get_field_index("weight")
    tables = homes.set_column(place, "weight", pa.array([-1.0] * 40)), people
    said = (
        r"row group 0 of '\S+households.parquet' and '\S+persons.parquet': household table: column"
    )
    with pytest.raises(DataError, match=said):
        PopulationStream.read(written(tmp_path / "a", tables), year=2023).block(0)


def test_values_of_files_of_others_are_told_apart_where_their_ends_are_alike(
    city, tmp_path
) -> None:
    homes, people = of_others(city)
    place = homes.schema.get_field_index("weight")
    first, second = np.array([1.0, 2.0, 3.0, 4.0] * 10), np.array([1.0, 3.0, 2.0, 4.0] * 10)
    found = []
    for weight in (first, second):
        tables = homes.set_column(place, "weight", pa.array(weight)), people
        folder = written(tmp_path / "a", tables, compression="none", use_dictionary=False)
        stream = PopulationStream.read(folder, year=2023)
        found.append(stream.fingerprint())
    assert found[0] != found[1]
    assert stream.fingerprint() == found[1]


def test_a_file_that_changed_since_it_was_looked_at_is_refused(city, tmp_path) -> None:
    stream = PopulationStream.read(written(tmp_path / "a", of_others(city)), year=2023)
    assert len(stream.block(0)) == 40
    written(tmp_path / "a", of_others(city, few=30))
    with pytest.raises(DataError, match="was changed after its folder was looked through"):
        stream.block(0)


@pytest.mark.slow
def test_a_full_disk_leaves_no_folder_that_is_taken_for_whole(tmp_path) -> None:
    stream = PopulationStream.of(olive.Population.synthetic(20, seed=1), block=10)
    whole = together(stream)[0]
    refused = 0
    for failing in nth_failures(tmp_path, 1_000):
        shutil.rmtree(tmp_path / "a", ignore_errors=True)
        try:
            with failing:
                stream.write(tmp_path / "a")
        except OutputError:
            refused += 1
        try:
            found = together(PopulationStream.read(tmp_path / "a"))[0]
        except DataError:
            continue
        pd.testing.assert_frame_equal(found[whole.columns], whole)
    assert refused > 10
    with pytest.raises(OutputError, match="of another population"):
        stream.write(tmp_path / "a")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: PopulationStream.synthetic(0), "households"),
        (lambda: PopulationStream.synthetic(10, place="atlantis"), "atlantis"),
        (lambda: PopulationStream.read("no_such_folder"), "there is no folder"),
        (lambda: PopulationStream.synthetic(10).block(1), "there is no block 1"),
        (lambda: PopulationStream.synthetic(10, block=0), "block"),
        (lambda: PopulationStream.synthetic(10).block("first"), "block is 'first'"),
        (lambda: PopulationStream.of(5), "the population is a int"),
        (lambda: PopulationStream.synthetic(10).write(5), "5 is no path"),
    ],
)
def test_bad_arguments_are_refused(make, said: str) -> None:
    with pytest.raises(DataError, match=re.escape(said)):
        make()


def test_surveys_without_a_word_on_their_year_are_read_with_one(tmp_path) -> None:
    homes = pa.table({"household_id": [1, 2], "weight": [2.0, 3.0], "county": ["linhai"] * 2})
    people = pa.table({"household_id": [1, 1, 2], "age": [40, 41, 70]})
    parquet.write_table(homes, tmp_path / "households.parquet")
    parquet.write_table(people, tmp_path / "persons.parquet")
    with pytest.raises(DataError, match="which year"):
        PopulationStream.read(tmp_path)
    stream = PopulationStream.read(tmp_path, year=2023)
    assert not stream.is_synthetic
    assert np.diff(stream.block(0).tables.starts).tolist() == [2, 1]
