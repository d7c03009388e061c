"""A survey with names, units and codes of its own; expected values by hand."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

import olive
from olive.errors import DataError
from olive.population import DataWarning, Population

GUIDE = Path(__file__).parents[2] / "docs" / "how_to" / "own_survey_data.md"


def guide() -> dict:
    """The mapping that the guide prints."""
    text = re.search(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert text is not None
    return yaml.safe_load(text[1])


def households(**columns) -> pd.DataFrame:
    base = {
        "fid22": [120, 7],
        "fswt_natcs22": [310.5, 200.0],
        "countyid": [6, 9],
        "urban22": [1, 0],
        "fq2": [2, 3],
        "fq801": [110.0, 60.0],
        "fq6": [-8, 800],
        "savings": [3.5, np.nan],
        "stocks": [1.5, 0.0],
        "finc_interest": [900.0, -8.0],
        "subpopulation": [1, 2],
        "cid22": [501, 502],
        "rswt_1": [300.0, 210.0],
        "rswt_2": [320.0, 190.0],
        "fresp1pid": [12001, 701],
        "interview_minutes": [45, 61],
    }
    return pd.DataFrame(base | columns)


def persons(**columns) -> pd.DataFrame:
    base = {
        "fid22": [120, 120, 120, 7],
        "pid": [12001, 12002, 12003, 701],
        "birthy": [1980, 1982, 2012, 1950],
        "gender": [1, 0, 0, 1],
        "pid_s": [12002, 12001, -8, 702],
        "pid_f": [-8, -8, 12001, -8],
        "pid_m": [-8, -8, 12002, -8],
        "qa301": [3, 1, np.nan, 1],
        "edu_last": [6.0, 5.0, 2.0, -1.0],
        "employ": [1, 2, 8, 9],
        "qg11": [8_000.0, -8.0, -8.0, -8.0],
        "farm_net": [0.0, 0.0, -8.0, 2_000.0],
        "business_net": [0.0, -15_000.0, 0.0, 0.0],
        "qi301": [-8.0, -8.0, -8.0, 2_500.0],
    }
    return pd.DataFrame(base | columns)


def survey(household_columns=None, person_columns=None, mapping=None, **options) -> Population:
    with warnings.catch_warnings():
        # The toy tables are out of order on purpose.
        warnings.filterwarnings("ignore", message=".*was not sorted", category=DataWarning)
        return Population.from_survey(
            households(**(household_columns or {})),
            persons(**(person_columns or {})),
            guide() if mapping is None else mapping,
            **options,
        )


def test_the_guides_mapping_brings_everything_into_place():
    city = survey()
    homes, people = city.households, city.persons
    assert homes["household_id"].tolist() == [7, 120]
    assert homes["weight"].tolist() == [200.0, 310.5]
    assert homes["county"].tolist() == ["sanmen", "linhai"]
    assert homes["urban"].tolist() == [False, True]
    assert homes["tenure"].tolist() == ["market_renter", "owner_with_mortgage"]
    # 800 a month is 9,600 a year; 3.5 + 1.5 ten thousands are 50,000; a missing part counts as 0
    assert homes["rent_paid"].tolist() == [9_600.0, 0.0]
    assert homes["financial_assets"].tolist() == [0.0, 50_000.0]
    assert homes["interest_income"].tolist() == [0.0, 900.0]
    # household 7 comes first now: its only person was born in 1950
    assert people["age"].tolist() == [72, 42, 40, 10]
    assert people["sex"].tolist() == ["male", "male", "female", "female"]
    assert people["hukou"].tolist() == ["local_rural", "local_urban", "local_rural", "local_rural"]
    assert people["education"].tolist() == ["none", "bachelor", "college", "primary"]
    assert people["labour_status"].tolist() == ["retired", "employee", "self_employed", "child"]
    assert people["contractual_wage"].tolist() == [0.0, 96_000.0, 0.0, 0.0]
    assert people["operating_income"].tolist() == [2_000.0, 0.0, -15_000.0, 0.0]
    assert people["employee_pension"].tolist() == [30_000.0, 0.0, 0.0, 0.0]
    assert city.year == 2022
    assert not city.is_synthetic


def test_pointers_become_numbers_within_the_household():
    city = survey()
    people = city.persons
    assert people["person_number"].tolist() == [0, 0, 1, 2]
    assert people["spouse"].tolist() == [-1, 1, 0, -1]  # 702 is not in the table
    assert people["father"].tolist() == [-1, -1, -1, 0]
    assert people["mother"].tolist() == [-1, -1, -1, 1]
    assert any("1 persons name a spouse who is not" in note for note in city.notes)


def test_design_and_kept_columns_survive():
    homes = survey().households
    assert homes["stratum"].tolist() == [2, 1]
    assert homes["psu"].tolist() == [502, 501]
    assert homes["replicate_weight_1"].tolist() == [210.0, 300.0]
    assert homes["replicate_weight_2"].tolist() == [190.0, 320.0]
    assert homes["fresp1pid"].tolist() == [701, 12001]


def test_what_was_filled_and_left_out_is_said(tmp_path):
    city = survey()
    assert city.notes[0] == "mapped from family panel 2022"
    assert "fq6: 1 of 2 values missing, taken as 0" in city.notes
    assert "qg11: 3 of 4 values missing, taken as 0" in city.notes
    assert any("were not mapped: interview_minutes" in note for note in city.notes)
    city.write(tmp_path)
    assert Population.read(tmp_path).notes == city.notes


def test_mapping_is_read_from_a_file(tmp_path):
    path = tmp_path / "survey.yaml"
    path.write_text(yaml.safe_dump(guide(), allow_unicode=True), encoding="utf-8")
    assert survey(mapping=path).fingerprint() == survey().fingerprint()


def test_person_identifiers_may_be_text():
    text = {
        "pid": ["a", "b", "c", "a"],
        "pid_s": ["b", "a", None, None],
        "pid_f": [None, None, "a", None],
        "pid_m": [None, None, "b", None],
    }
    people = survey({}, text).persons
    assert people["spouse"].tolist() == [-1, 1, 0, -1]
    assert people["father"].tolist() == [-1, -1, -1, 0]


def test_law_runs_on_a_survey():
    import olive

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = olive.simulate(survey(), olive.law(year=2022), outputs=["wage_income"])
    assert result.values("wage_income").tolist() == [0.0, pytest.approx(96_000.0)]


@pytest.mark.parametrize(
    ("household_columns", "person_columns", "words"),
    [
        ({"countyid": [6, 5]}, {}, ["countyid", "code 5", "row 1", "known: 6, 9"]),
        ({"fswt_natcs22": [np.nan, 1.0]}, {}, ["fswt_natcs22", "1 missing", "row 0", "missing: 0"]),
        ({"fq801": [-8, 60.0]}, {}, ["fq801", "floor_area", "missing", "row 0", "-8"]),
        ({"fq6": [800, -50.0]}, {}, ["fq6 in yuan/month", "rent_paid", "-600", "row 1"]),
        ({"fq801": ["110 m2", "60"]}, {}, ["fq801", "'110 m2'", "numbers in m2"]),
        ({}, {"qg11": [8_000.0, -500.0, 0.0, 0.0]}, ["qg11", "-6000", "row 1", "at least 0"]),
        ({}, {"birthy": [1980, 1982, 2031, 1950]}, ["birthy", "age", "-9", "row 2"]),
        ({}, {"pid": [12001, 12001, 12003, 701]}, ["12001", "twice in household 120"]),
        ({}, {"fid22": [120, 120, 99, 7]}, ["not in the household", "row 2", "99"]),
        ({"fid22": [7, 7]}, {"fid22": [7, 7, 7, 7]}, ["more than once", "7"]),
        ({"urban22": [1, 2]}, {}, ["urban22", "code 2", "row 1"]),
    ],
)
def test_faults_name_the_surveys_column_row_and_value(household_columns, person_columns, words):
    with pytest.raises(DataError) as caught:
        survey(household_columns, person_columns)
    for word in words:
        assert word in str(caught.value)


def test_all_faults_of_the_tables_are_listed_together():
    with pytest.raises(DataError) as caught:
        survey({"countyid": [6, 5]}, {"qg11": [8_000.0, -500.0, 0.0, 0.0]})
    assert "2 fault(s)" in str(caught.value)


def changed(path: str, value) -> dict:
    content = guide()
    *way, last = path.split(".")
    part = content
    for word in way:
        part = part[word]
    part[last] = value
    return content


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        (changed("person.columns.contractual_wages", "qg11"), ["did you mean 'contractual_wage'"]),
        (changed("person.columns.floor_area", "qg11"), ["belongs to the household table"]),
        (changed("household.columns.rent_paid.unit", "yuan/mnth"), ["did you mean 'yuan/month'"]),
        (changed("household.columns.rent_paid.from", "fq66"), ["'fq66'", "did you mean 'fq6'"]),
        (changed("person.columns.sex.codes", {1: "man", 0: "female"}), ["code 1", "'man'", "male"]),
        (changed("person.columns.sex", "gender"), ["gender", "say what they mean", "male, female"]),
        (changed("person.columns.age.unit", "yuan/month"), ["person.age", "year of birth"]),
        (changed("person.columns.qg11", "contractual_wage"), ["no column 'qg11'"]),
        (changed("person.columns.sex.code", {}), ["unknown word 'code'", "did you mean 'codes'"]),
        (changed("household.columns.weight", {"from": "w", "value": 1}), ["either 'from'"]),
        (changed("household.keep", ["tenure"]), ["'tenure' is a name of olive's"]),
        (changed("household.design.strata", "x"), ["did you mean 'stratum'"]),
        (changed("missing_codes", -8), ["missing_codes must be a list"]),
        (changed("persons", {}), ["unknown word 'persons'", "did you mean 'person'"]),
        ({"household": {"key": "fid22", "columns": {}}}, ["'person' is missing", "'weight'"]),
        (changed("person.columns.sex.from", ["gender", "pid"]), ["only columns of amounts"]),
    ],
)
def test_faults_of_the_mapping_name_the_nearest_word(mapping, words):
    with pytest.raises(DataError) as caught:
        survey(mapping=mapping)
    for word in words:
        assert word in str(caught.value)


def test_year_is_needed():
    mapping = guide()
    del mapping["year"]
    with pytest.raises(DataError, match="year of birth needs the survey's year"):
        survey(mapping=mapping)
    assert survey(mapping=mapping, year=2022).persons["age"].tolist()[0] == 72


def many(wage: np.ndarray, unit: str) -> Population:
    count = len(wage)
    content = {
        "year": 2022,
        "household": {"key": "h", "columns": {"weight": {"value": 1}}},
        "person": {
            "key": "h",
            "columns": {"age": "age", "contractual_wage": {"from": "wage", "unit": unit}},
        },
    }
    people = pd.DataFrame({"h": np.arange(count), "age": 40, "wage": wage})
    return Population.from_survey(pd.DataFrame({"h": np.arange(count)}), people, content)


MONTHLY = np.linspace(3_000, 9_000, 50)  # median 6,000


@pytest.mark.parametrize(
    ("wage", "unit", "words"),
    [
        (MONTHLY, "yuan/year", ["6,000 yuan/year, below", "write unit: yuan/month"]),
        (12 * MONTHLY, "yuan/month", ["864,000 yuan/year, above", "write unit: yuan/year"]),
        (12 * MONTHLY / 10_000, "yuan/year", ["7.2 yuan/year", "10000 yuan/year"]),
    ],
)
def test_a_wrong_unit_is_suspected_and_named(wage, unit, words):
    with pytest.warns(DataWarning) as caught:
        city = many(wage, unit)
    said = " ".join(str(each.message) for each in caught)
    for word in words:
        assert word in said
    assert any("contractual_wage from wage" in note for note in city.notes)
    # nothing is changed or lost
    factor = {"yuan/year": 1.0, "yuan/month": 12.0}[unit]
    assert city.persons["contractual_wage"].to_numpy() == pytest.approx(wage * factor)


@pytest.mark.parametrize(("wage", "unit"), [(MONTHLY, "yuan/month"), (12 * MONTHLY, "yuan/year")])
def test_a_right_unit_is_not_suspected(wage, unit):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        many(wage, unit)


def test_a_household_of_thirty_is_named_and_kept():
    content = {
        "year": 2022,
        "household": {"key": "h", "columns": {"weight": {"value": 2}}},
        "person": {"key": "h", "columns": {"age": "age"}},
    }
    people = pd.DataFrame({"h": [1] * 30 + [2], "age": 40})
    with pytest.warns(DataWarning, match="more than 20 persons: 1"):
        city = Population.from_survey(pd.DataFrame({"h": [1, 2]}), people, content)
    assert city.size.tolist() == [30, 1]
    assert city.weight.tolist() == [2.0, 2.0]


def test_faults_of_columns_and_of_households_are_listed_together():
    with pytest.raises(DataError) as caught:
        survey({"countyid": [6, 5]}, {"fid22": [120, 120, 99, 7]})
    assert "2 fault(s)" in str(caught.value)
    assert "the code 5" in str(caught.value)
    assert "1 person(s) have a fid22 that is not in the household table" in str(caught.value)


def test_units_of_the_survey_are_told_in_chinese():
    with pytest.raises(DataError) as refused:
        survey({"fq6": [800, -50.0]})
    assert "住户表，fq6（元/月）：" in refused.value.message.in_language("zh")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        # savings are given in 10,000 yuan: see the guide
        ({"savings": ["a lot", 2.0]}, "万元"),
        ({"fq6": pd.to_datetime(["2021-01-01", "2022-01-01"])}, "日期"),
    ],
)
def test_what_a_column_holds_and_must_hold_is_told_in_chinese(wrong, told):
    with pytest.raises(DataError) as refused:
        survey(wrong)
    said = refused.value.message.in_language("zh")
    assert told in said
    assert not re.search("yuan|dates", said)


def test_a_column_that_is_needed_has_its_chinese_label():
    city = Population.synthetic(30, seed=1)
    bare = Population.from_frames(city.households.drop(columns="tenure"), city.persons, year=2023)
    result = olive.simulate(bare, olive.law(year=2023))
    with pytest.raises(DataError) as refused:
        olive.marginal_rates(result, by="tenure")
    assert "tenure'（住房来源" in refused.value.message.in_language("zh")
