"""Files that olive reads: any damage is told by an error of olive's, within seconds."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from olive_tests.fuzzing import SHORT, only_olives_errors
from olive_tests.strategies import damaged

import olive
from olive.china.recipes.recipe_file import read_recipe, read_settings, solved_file
from olive.engine import Reform
from olive.engine.parameter_files import read_parameters
from olive.native.private_folder import PrivateFolder
from olive.population import Population
from olive.simulation.cases import differences, read_cases

LONG = settings(SHORT, max_examples=1_500)
LAW = olive.law(year=2023)

REFORM = """
label: floor
zh: 托底
operations:
  - {parameter: dibao_standard, operation: at_least, value: 13000, clause: x, status: assumption,
     plausible: {range: [12000, 14000], basis: a guess}, note: 2023-02-28}
  - {parameter: dibao_exit_months, operation: set, path: {2023: 6, 2025: 12}}
  - {parameter: dibao_standard, operation: multiply, value: {linhai: 1.1}}
  - parameter: comprehensive_income_schedule
    operation: set
    value: {thresholds: [0, 36000], rates: [0.03, 0.1]}
"""
CASES = """
- name: tax
  date: 2023-01-01
  source: the law
  reform: {dibao_standard: 15000}
  tolerance: 0.01
  inputs: {household: {county: linhai}, persons: [{taxable_income: 50000}]}
  outputs: {comprehensive_income_tax: [2480]}
"""
PARAMETERS = """
rate:
  zh: 率
  en: rate
  unit: "1"
  range: [0, 1]
  known_to: 2024-12-31
  plausible: {range: [0.1, 0.3], basis: a guess}
  values:
    - {from: 2020-01-01, value: 0.2, status: assumption, source: x}
tax:
  zh: 税
  en: tax
  kind: schedule
  unit: yuan/year
  known_to: 2024-12-31
  values:
    - {from: 2020-01-01, thresholds: [0, 36000], rates: [0.03, 0.1], status: law, source: y}
"""

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.sampled_from([10**30, -1, 0, 2**63, 1e300, float("inf"), float("nan"), -0.5, 1e-300]),
    st.floats(),
    st.dates(),
    st.sampled_from(["", "a", "dibao_standard", "=1", "[/x]", "set", "law", "2023", "无"]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=10),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LEAVES, inner, max_size=3),
    max_leaves=6,
)


def places(content: object, path: tuple = ()) -> list[tuple]:
    """Return the path of every value within nested lists and mappings."""
    found = [path]
    entries = (
        content.items()
        if isinstance(content, dict)
        else enumerate(content)
        if isinstance(content, list)
        else ()
    )
    for key, value in entries:
        found += places(value, (*path, key))
    return found


@st.composite
def changed(draw, text: str) -> bytes:
    """Draw a YAML text in which some values, keys or bytes are others."""
    if draw(st.booleans()):
        return draw(damaged(text))
    content = yaml.safe_load(text)
    for _ in range(draw(st.integers(1, 3))):
        *outer, last = ("top", *draw(st.sampled_from(places(content))))
        holder = whole = {"top": content}
        for key in outer:
            holder = holder[key]
        deed = draw(st.sampled_from(["replace", "remove", "rename"]))
        if deed == "replace" or isinstance(holder, list) or last == "top":
            holder[last] = draw(VALUES)
        elif deed == "remove":
            del holder[last]
        else:
            holder[draw(LEAVES)] = holder.pop(last)
        content = whole["top"]
    return yaml.safe_dump(content, allow_unicode=True).encode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("files")


def use_reform(path: Path) -> None:
    reform = Reform.read(path)
    hash(reform)
    repr(reform)
    reform.write(path.with_suffix(".out.yaml"))
    assert Reform.read(path.with_suffix(".out.yaml")).operations == reform.operations
    reform.diff(LAW)


def use_cases(path: Path) -> None:
    for case in read_cases(path):
        differences(case)


def use_parameters(path: Path) -> None:
    read_parameters([path], {})


FORMATS = {
    "reform": (REFORM, use_reform),
    "cases": (CASES, use_cases),
    "parameters": (PARAMETERS, use_parameters),
}


def check_yaml(folder: Path, name: str, content: bytes) -> None:
    path = folder / f"{name}.yaml"
    path.write_bytes(content)
    with only_olives_errors():
        FORMATS[name][1](path)


@pytest.mark.parametrize("name", FORMATS)
def test_the_examples_are_read(folder, name) -> None:
    text, use = FORMATS[name]
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    use(path)


@pytest.mark.parametrize("name", FORMATS)
@SHORT
@given(data=st.data())
def test_yaml(folder, name, data) -> None:
    check_yaml(folder, name, data.draw(changed(FORMATS[name][0])))


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
@LONG
@given(data=st.data())
def test_yaml_at_length(folder, name, data) -> None:
    check_yaml(folder, name, data.draw(changed(FORMATS[name][0])))


@st.composite
def damages(draw, size: int) -> list[tuple[int, int]]:
    """Draw bytes that are changed: their place and what they are turned by; 0 cuts the file."""
    return draw(
        st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, 255)), min_size=1, max_size=3)
    )


def damage(content: bytes, deeds: list[tuple[int, int]]) -> bytes:
    found = bytearray(content)
    for place, turned in deeds:
        if turned == 0:
            del found[place:]
        elif place < len(found):
            found[place] ^= turned
    return bytes(found)


@pytest.fixture(scope="module")
def city(folder) -> tuple[Path, str]:
    whole = Population.synthetic(households=60, seed=1)
    whole.write(folder / "city")
    return folder / "city", whole.fingerprint()


def check_parquet(city: tuple[Path, str], data: st.DataObject) -> None:
    place, fingerprint = city
    path = data.draw(st.sampled_from(sorted(place.glob("*.parquet"))))
    content = path.read_bytes()
    try:
        path.write_bytes(damage(content, data.draw(damages(len(content)))))
        with only_olives_errors():
            assert Population.read(place).fingerprint() == fingerprint
    finally:
        path.write_bytes(content)


@SHORT
@given(data=st.data())
def test_parquet(city, data) -> None:
    check_parquet(city, data)


@pytest.mark.slow
@LONG
@given(data=st.data())
def test_parquet_at_length(city, data) -> None:
    check_parquet(city, data)


@pytest.fixture(scope="module")
def recipe(folder) -> Path:
    """A solved recipe of one's own: the shipped one under another name."""
    shipped = Path(olive.__file__).parent / "taizhou" / "recipes"
    place = folder / "recipe"
    shutil.copytree(shipped, place)
    return place / "taizhou_2023.yaml"


@pytest.fixture(scope="module")
def whole(recipe):
    return read_recipe(recipe).solved


def check_npz(recipe: Path, whole: object, data: st.DataObject) -> None:
    path = solved_file(recipe)
    content = path.read_bytes()
    try:
        path.write_bytes(damage(content, data.draw(damages(len(content)))))
        with only_olives_errors():
            found = read_recipe(recipe).solved
            assert all(
                np.array_equal(getattr(found, name), getattr(whole, name))
                for name in whole.__dataclass_fields__
            )
    finally:
        path.write_bytes(content)


@SHORT
@given(data=st.data())
def test_npz(recipe, whole, data) -> None:
    check_npz(recipe, whole, data)


@pytest.mark.slow
@settings(SHORT, max_examples=400)
@given(data=st.data())
def test_npz_at_length(recipe, whole, data) -> None:
    check_npz(recipe, whole, data)


def check_recipe_settings(recipe: Path, data: st.DataObject) -> None:
    text = recipe.read_text(encoding="utf-8")
    try:
        recipe.write_bytes(data.draw(changed(text)))
        with only_olives_errors():
            read_settings(recipe)
    finally:
        recipe.write_text(text, encoding="utf-8")


@settings(SHORT, max_examples=15)
@given(data=st.data())
def test_recipe_settings(recipe, data) -> None:
    check_recipe_settings(recipe, data)


@pytest.mark.slow
@settings(SHORT, max_examples=300)
@given(data=st.data())
def test_recipe_settings_at_length(recipe, data) -> None:
    check_recipe_settings(recipe, data)


@SHORT
@given(data=st.data())
def test_kept_code(folder, data) -> None:
    """No byte may be another: what is read is the whole content, or nothing."""
    kept = PrivateFolder(folder / "kept", own=True)
    content = bytes(range(256)) * 8
    kept.write("a", content)
    path = folder / "kept" / "a"
    stored = path.read_bytes()
    path.write_bytes(damage(stored, data.draw(damages(len(stored)))))
    assert kept.read("a") == (content if path.read_bytes() == stored else None)
