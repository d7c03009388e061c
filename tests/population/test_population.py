"""The population object: what goes in comes out, in memory and on disk."""

from __future__ import annotations

import dataclasses
import warnings

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from olive.china.columns import catalogue
from olive.errors import DataError, OutputError
from olive.population import DataWarning, Origin, Population


def small(ids=(1, 2, 3), **origin) -> Population:
    households = pd.DataFrame(
        {
            "household_id": list(ids),
            "weight": [10.0, 20.0, 0.1],
            "county": ["linhai", "sanmen", "linhai"],
            "rent_paid": [0.0, 1234.56, 9.0],
            "stratum": ["a", "b", "a"],
        }
    )
    one, two, three = ids
    persons = pd.DataFrame(
        {
            "household_id": [one, one, two, three],
            "age": [40, 38, 70, 25],
            "sex": ["male", "female", "female", "male"],
            "contractual_wage": [120_000.0, 0.1, 0, 0],
            "able_to_work": [True, True, False, True],
        }
    )
    return Population.from_frames(
        households, persons, year=2023, origin=Origin(2023, **origin) if origin else None
    )


def test_read_gives_back_what_was_written(tmp_path):
    city = small(synthetic=True, place="taizhou", recipe="abc", seed=7)
    city.write(tmp_path / "city")
    again = Population.read(tmp_path / "city")
    pd.testing.assert_frame_equal(again.households, city.households)
    pd.testing.assert_frame_equal(again.persons, city.persons)
    assert again.origin == city.origin
    assert again.fingerprint() == city.fingerprint()
    names = sorted(path.name for path in (tmp_path / "city").iterdir())
    assert names == [
        "taizhou_synthetic_2023_households.parquet",
        "taizhou_synthetic_2023_persons.parquet",
    ]


def test_synthetic_files_say_so(tmp_path):
    small(synthetic=True, place="taizhou").write(tmp_path)
    for path in tmp_path.iterdir():
        assert b"not real people" in parquet.read_schema(path).metadata[b"olive"]


def test_values_are_never_rounded():
    persons = small().persons
    assert persons["contractual_wage"].tolist() == [120_000.0, 0.1, 0.0, 0.0]
    arrays = small().arrays()
    assert arrays.households["rent_paid"].dtype == np.float64  # 1234.56 does not fit float32
    assert arrays.persons["age"].dtype == np.int16


def test_codes_are_stored_as_int8_and_shown_as_names():
    city = small()
    assert city.tables.households.schema.field("county").type == pa.int8()
    assert city.arrays().households["county"].tolist() == [3, 8, 3]
    assert city.households["county"].tolist() == ["linhai", "sanmen", "linhai"]


def test_arrays_lay_persons_out_by_household():
    arrays = small().arrays()
    assert arrays.starts.tolist() == [0, 2, 3, 4]
    assert arrays.starts.dtype == np.int64
    assert arrays.persons["person_number"].tolist() == [0, 1, 0, 0]
    assert arrays.household_key.tolist() == [1, 2, 3]
    assert arrays.household_key.dtype == np.uint64
    assert "stratum" not in arrays.households
    assert "household_id" not in arrays.persons


@pytest.mark.parametrize(
    ("ids", "keys"),
    [
        ((-1, 0, 5), [2**64 - 1, 0, 5]),
        ((1, 2**63, 2**64 - 1), [1, 2**63, 2**64 - 1]),
        ((3, 2**64 + 1, 10**30), [3, 1, 10**30 % 2**64]),
    ],
)
def test_whole_number_ids_of_any_size(tmp_path, ids, keys):
    city = small(ids)
    assert city.arrays().household_key.tolist() == keys
    assert city.persons["age"].tolist() == [40, 38, 70, 25]
    city.write(tmp_path)
    assert Population.read(tmp_path).fingerprint() == city.fingerprint()


def test_text_ids_keep_their_key_wherever_they_stand():
    keys = small(("a", "b", "c")).arrays().household_key
    shifted = small(("b", "c", "d")).arrays().household_key
    assert keys[1:].tolist() == shifted[:2].tolist()
    assert len(set(keys.tolist())) == 3
    # the documented hash, so that draws survive a restart and another machine
    assert keys.tolist() == pd.util.hash_array(np.array(["a", "b", "c"], dtype=object)).tolist()


def test_weights_and_selection_share_the_rest():
    city = small()
    doubled = city.with_weights(city.weight * 2)
    assert doubled.weight.tolist() == [20.0, 40.0, 0.2]
    assert city.weight.tolist() == [10.0, 20.0, 0.1]
    part = city.select(city.size == 1)
    assert part.households["household_id"].tolist() == [2, 3]
    assert part.persons["age"].tolist() == [70, 25]
    assert part.arrays().starts.tolist() == [0, 1, 2]


def test_population_cannot_be_changed():
    city = small()
    with pytest.raises(dataclasses.FrozenInstanceError):
        city.origin = Origin(2020)  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        city.weight[0] = 5.0


def test_summary_counts_with_weights():
    # by hand: 10 + 20 + 0.1 households; 10*2 + 20*1 + 0.1*1 persons
    text = repr(small(synthetic=True, place="taizhou"))
    assert "stand for 30)" in text
    assert "stand for 40)" in text
    assert "not real people" in text
    assert "not real people" in small(synthetic=True)._repr_html_()


def test_damaged_file(tmp_path):
    small().write(tmp_path)
    path = tmp_path / "persons.parquet"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DataError, match=r"persons\.parquet.*cannot be read as Parquet"):
        Population.read(tmp_path)


def test_missing_and_doubled_files(tmp_path):
    with pytest.raises(DataError, match="no folder"):
        Population.read(tmp_path / "nowhere")
    with pytest.raises(DataError, match="exactly one file"):
        Population.read(tmp_path)
    small().write(tmp_path)
    with pytest.raises(OutputError, match=r"already holds households\.parquet"):
        small(synthetic=True, place="taizhou").write(tmp_path)
    assert Population.read(tmp_path).fingerprint() == small().fingerprint()
    (tmp_path / "x_persons.parquet").write_bytes((tmp_path / "persons.parquet").read_bytes())
    with pytest.raises(DataError, match="exactly one file"):
        Population.read(tmp_path)


def test_files_of_two_populations_are_not_mixed(tmp_path):
    small(synthetic=True, place="taizhou", seed=1).write(tmp_path / "a")
    small(synthetic=True, place="taizhou", seed=2).write(tmp_path / "b")
    name = "taizhou_synthetic_2023_persons.parquet"
    (tmp_path / "b" / name).rename(tmp_path / "a" / name)
    with pytest.raises(DataError, match="do not belong together"):
        Population.read(tmp_path / "a")


def test_files_of_others_need_a_year(tmp_path):
    city = small()
    for name, frame in (("households", city.households), ("persons", city.persons)):
        frame.to_parquet(tmp_path / f"survey_{name}.parquet")
    with pytest.raises(DataError, match="which year"):
        Population.read(tmp_path)
    assert Population.read(tmp_path, year=2023).fingerprint() == city.fingerprint()
    city.write(tmp_path / "own")
    with pytest.raises(DataError, match="describe 2023, not 2021"):
        Population.read(tmp_path / "own", year=2021)


def test_nothing_is_left_behind_when_writing_fails(tmp_path, monkeypatch):
    def fail(*_arguments, **_options):
        message = "disk full"
        raise OSError(message)

    monkeypatch.setattr(parquet, "ParquetWriter", fail)
    with pytest.raises(OutputError, match="disk full"):
        small().write(tmp_path)
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_row_order_does_not_matter(data):
    """The same rows in any order are the same population."""
    sizes = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=8))
    ids = np.arange(len(sizes)) * 7 - 3
    households = pd.DataFrame({"household_id": ids, "weight": np.arange(len(sizes)) + 1.0})
    owner = np.repeat(ids, sizes)
    number = np.concatenate([np.arange(size) for size in sizes])
    ages = data.draw(st.lists(st.integers(0, 120), min_size=len(owner), max_size=len(owner)))
    persons = pd.DataFrame({"household_id": owner, "person_number": number, "age": ages})
    one = Population.from_frames(households, persons, year=2023)
    shuffle_households = data.draw(st.permutations(range(len(households))))
    shuffle_persons = data.draw(st.permutations(range(len(persons))))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        two = Population.from_frames(
            households.iloc[shuffle_households], persons.iloc[shuffle_persons], year=2023
        )
    assert one.fingerprint() == two.fingerprint()


def test_every_column_of_the_catalogue_is_accepted_with_its_neutral_value():
    neutral = {"county": 0, "urban": True, "age": 40, "weight": 1.0}
    frames = {"household": {"household_id": [1, 2]}, "person": {"household_id": [1, 2]}}
    for column in catalogue().values():
        if column.kind != "key":
            value = neutral.get(column.name, column.neutral)
            frames[column.entity][column.name] = [value, value]
    city = Population.from_frames(
        pd.DataFrame(frames["household"]), pd.DataFrame(frames["person"]), year=2023
    )
    for column in catalogue().values():
        if column.kind != "key":
            side = getattr(city.arrays(), column.entity + "s")
            exact = column.neutral is None or float(np.float32(column.neutral)) == column.neutral
            assert side[column.name].dtype == np.dtype(column.storage if exact else "float64")


def employees(wage: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    households = pd.DataFrame({"household_id": range(30), "weight": 1.0})
    persons = pd.DataFrame({"household_id": range(30), "age": 40, "contractual_wage": wage})
    return households, persons


def test_monthly_wages_given_as_yearly_are_told():
    """5,500 yuan is a usual wage of a month; a full year at the minimum wage pays 24,840."""
    told = "contractual_wage: the median .* is 5,500 yuan/year.* in yuan/month or yuan/quarter, "
    with pytest.warns(DataWarning, match=told):
        Population.from_frames(*employees(5_500.0), year=2023)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Population.from_frames(*employees(66_000.0), year=2023)


def test_weights_that_count_nobody_are_refused():
    city = Population.synthetic(households=20, seed=1)
    with pytest.raises(DataError, match="all weights are zero"):
        city.with_weights(np.zeros(20))
