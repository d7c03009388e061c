"""Recipes that users write: what is refused, in which words, and what a solved one gives."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

import olive
from olive.china.recipes import recipe as recipe_module
from olive.china.recipes.recipe import (
    Recipe,
    load_recipe,
    recipe_folder,
    settings_of,
    years_of,
)
from olive.china.recipes.recipe_faults import check_place
from olive.china.recipes.recipe_file import read_recipe, read_settings, write_solved
from olive.china.recipes.solving.recipe_figures import recipe_figures
from olive.errors import DataError
from olive.validation.validation import validate

SHIPPED = {name: Path(str(recipe_folder(name))) for name in ("taizhou", "zhejiang")}
STALE = "rebuild: python -m olive.china.recipes.solving zhejiang 2021"


@pytest.mark.parametrize(("place", "year"), [("taizhou", 2023), ("zhejiang", 2021)])
def test_shipped_recipes_pass_the_check(place, year):
    assert year in years_of(place)
    settings = read_settings(SHIPPED[place] / f"{place}_{year}.yaml")
    assert settings == settings_of(place, year)


@pytest.mark.parametrize(("place", "year"), [("taizhou", 2023), ("zhejiang", 2021)])
def test_digests_are_the_same_without_the_c_emitter(place, year, monkeypatch):
    shipped = load_recipe(place, year)
    found = shipped.digest()
    monkeypatch.setattr(recipe_module, "_SAFE_DUMPER", yaml.SafeDumper)
    assert replace(shipped).digest() == found


FAULTS = [
    (("villages",), None, "villages: this key is missing"),
    (("male", "value"), -1, "male.value: must be greater than 0, found -1"),
    (("urban_person_share", "value"), 67, "urban_person_share.value: must be less than 1"),
    (("households", "family", "statu"), "x", "statu: unknown key (did you mean 'status'?)"),
    (("income", "urban", "source"), "", "the status 'recalled' needs a `source`"),
    (
        ("income", "rural_components", "wage"),
        2,
        "`rural_components` add up to 13,434, not to 35,247",
    ),
    (("spread", "shape", "urban"), "fujian urbann 2021", "did you mean 'fujian urban 2021'"),
    (
        ("counties", "persons"),
        {"zhejian": 6.54e7},
        "no county 'zhejian' (did you mean 'zhejiang'",
    ),
    (("counties", "level"), {"linhai": 1}, "`level` and `persons` must have the same keys"),
    (("classes", "rural", "young"), [0.5, 0.5], "must hold at least 7 entries"),
    (("ages", "bounds"), [60, 16, 65], "bounds must rise"),
    (("ages", "bounds"), [16], "1 bounds need 2 numbers of persons"),
    (("urban_mean_size", "status"), "guess", "urban_mean_size.status: must be 'law'"),
]


@pytest.mark.parametrize(("key", "value", "words"), FAULTS, ids=lambda part: str(part)[:40])
def test_a_fault_is_named_with_file_and_key(key, value, words):
    place = copy.deepcopy(settings_of("zhejiang", 2021)["place"])
    part = place
    for each in key[:-1]:
        part = part[each]
    if value is None:
        del part[key[-1]]
    else:
        part[key[-1]] = value
    with pytest.raises(DataError, match="fault") as caught:
        check_place(place, "my/city.yaml")
    assert str(caught.value).startswith("my/city.yaml: ")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("male", {"value": 1.0, "status": "assumption"}, None),
        ("persons", {"family": 9e7, "collective": 4002357}, "ages: persons make 6.54e+07"),
        ("income", {"mean": 70_000}, "income: urban and rural by urban_person_share make 57,541"),
        ("urban_age_shares", {"value": [0.5, 0.3, 0.1, 0.2]}, "urban_age_shares make 1.1"),
        ("households", {"collective": 4_002_357}, "collective households have 1 persons"),
    ],
)
def test_figures_that_contradict_one_another_are_refused(key, value, words):
    """65.4 M persons; 0.6707 x 68,487 + 0.3293 x 35,247 = 57,541."""
    place = copy.deepcopy(settings_of("zhejiang", 2021)["place"])
    for name, each in value.items():
        if isinstance(place[key][name], dict):
            place[key][name]["value"] = each
        else:
            place[key][name] = each
    if words is None:
        check_place(place, "city.yaml")
        return
    with pytest.raises(DataError) as caught:
        check_place(place, "city.yaml")
    assert words in str(caught.value)


@pytest.fixture
def own(tmp_path):
    """A user's copy of the example, solved: the shipped numbers under the user's settings."""
    path = tmp_path / "mine.yaml"
    path.write_bytes((SHIPPED["zhejiang"] / "zhejiang_2021.yaml").read_bytes())
    write_solved(load_recipe("zhejiang", 2021), tmp_path / "mine.npz")
    return path


def test_a_recipe_from_a_file_is_the_shipped_one(own):
    mine = olive.Population.synthetic(300, seed=5, recipe=own)
    shipped = olive.Population.synthetic(300, seed=5, place="zhejiang", year=2021)
    assert mine.fingerprint() == shipped.fingerprint()
    assert mine.origin == shipped.origin
    assert "The law applied is Taizhou's" in " ".join(mine.notes)
    assert olive.Population.synthetic(300, seed=5).notes == ()


def test_what_was_not_solved_is_refused(own):
    own.with_suffix(".npz").unlink()
    with pytest.raises(DataError, match=r"not solved yet.*olive recipe build"):
        read_recipe(own)


def test_what_was_changed_since_is_refused_but_not_a_comment(own):
    text = own.read_text(encoding="utf-8")
    own.write_text("# mine\n" + text, encoding="utf-8")
    read_recipe(own)
    own.write_text(text.replace("34180000", "34180001"), encoding="utf-8")
    with pytest.raises(DataError, match="changed after it was solved"):
        read_recipe(own)


@pytest.mark.parametrize("junk", [b"", b"PK\x03\x04", b"junk" * 100, pickle.dumps({"a": 1}), None])
def test_a_damaged_file_of_numbers_is_refused(own, junk):
    """In olive's own words: numpy would advise to load whatever it is "unsafely"."""
    frozen = own.with_suffix(".npz")
    frozen.write_bytes(frozen.read_bytes()[:500] if junk is None else junk)
    with pytest.raises(DataError, match=r"mine\.npz: is damaged") as refused:
        read_recipe(own)
    assert "pickle" not in str(refused.value)


def test_files_beside_replace_the_shipped_ones(own):
    wealth = settings_of("zhejiang", 2021)["wealth"] | {"interest_rate": 0.02}
    own.with_name("wealth.yaml").write_text(yaml.safe_dump(wealth), encoding="utf-8")
    assert read_settings(own)["wealth"]["interest_rate"] == 0.02
    wealth["intrest_rate"] = wealth.pop("interest_rate")
    own.with_name("wealth.yaml").write_text(yaml.safe_dump(wealth), encoding="utf-8")
    with pytest.raises(
        DataError, match=r"intrest_rate: unknown key \(did you mean 'interest_rate'"
    ):
        read_settings(own)


# 2021年浙江省人口主要数据公报; incomes of 2021 (57,541 published, the others recalled).
ZHEJIANG = {
    "age.0_15": 9_190_000,
    "age.16_59": 43_690_000,
    "age.65_and_over": 9_260_000,
    "male": 34_180_000,
    "county.zhejiang": 65_400_000,
    "mean_size.family": 2.35,
    "income.mean": 57_541,
    "income.urban": 68_487,
    "income.rural": 35_247,
}


def test_zhejiang_adds_up_to_its_own_figures():
    place = settings_of("zhejiang", 2021)["place"]
    city = olive.Population.synthetic(20_000, seed=3, place="zhejiang", year=2021)
    found = validate(city, recipe_figures(place), model_range=False).set_index("id")
    for name, given in ZHEJIANG.items():
        assert found.loc[name, "synthetic"] == pytest.approx(given, rel=0.005), STALE
    components = found[found.index.str.match(r"income\.(urban|rural)\.")]
    assert len(components) == 8
    # Net transfers follow from taxes and benefits of the households drawn: within 0.5 % of income.
    income = np.where(components.index.str.contains("urban"), 68_487, 35_247)
    gap = (components["synthetic"] - components["published"]).abs() / income
    assert gap.max() < 0.005, STALE
    assert found.loc["dibao.recipients", "miss"] == pytest.approx(0.0, abs=0.15), STALE
    # Compared, not fitted: the survey's weight of towns is below their share of residents.
    assert found.loc["urban_residents", "role"] == "held_out"
    assert not found.loc["urban_residents", "met"]


@pytest.mark.slow  # quick: a recipe from a file
def test_threads_and_files_change_nothing(tmp_path):
    """More than one block, so that threads have something to share."""
    one = olive.Population.synthetic(70_000, seed=4, threads=1)
    assert olive.Population.synthetic(70_000, seed=4, threads=3).fingerprint() == one.fingerprint()
    one.write(tmp_path)
    read = olive.Population.read(tmp_path)
    assert read.fingerprint() == one.fingerprint()
    assert np.array_equal(read.weight, one.weight)


def test_own_settings_are_not_taken_for_the_shipped_recipe_of_the_same_name(tmp_path):
    """A copy with other figures keeps the name zhejiang; olive has no published figures of it."""
    text = (SHIPPED["zhejiang"] / "zhejiang_2021.yaml").read_text(encoding="utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace("value: 593000", "value: 900000"), encoding="utf-8")
    settings = read_settings(path)
    solved = load_recipe("zhejiang", 2021).solved
    write_solved(Recipe(solved=solved, **settings), tmp_path / "mine.npz")
    mine = olive.Population.synthetic(300, seed=5, recipe=path)
    with pytest.raises(DataError, match="olive recipe check FILE"):
        validate(mine)
