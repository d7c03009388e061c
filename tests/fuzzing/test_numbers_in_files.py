"""A number in a file of any of nine formats is read as what it says, or refused: never as another.

Numbers as people write them are changed in one to three characters. What the text then says is
worked out here with decimals and a few patterns, without any of olive's own reading.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from olive_tests.fuzzing import SHORT, within

import olive
from olive import plan
from olive.engine import Reform
from olive.engine.parameter_files import read_parameters
from olive.errors import OliveError
from olive.population import Population
from olive.population.calibration import Targets
from olive.simulation.cases import read_cases
from olive.validation.published import published_figures

LAW = olive.law(year=2023)
WRITTEN = ["12345", "1,234", "60002.5", "7", "0.5", "1.2万", "-8", "13000", "2,000,000"]
CHARACTERS = (
    "012345678901234567890123456789.,eE+-−–﹣万亿元¥￥ %()_x':/千百十点〇一#$kM"
    "　０１５９．，－²½٣\u00a0\u202f\u200b"
)
NAMES = itertools.count()


@st.composite
def changed(draw) -> str:
    text = list(draw(st.sampled_from(WRITTEN)))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(text)))
        deed = draw(st.sampled_from(["replace", "insert", "remove"]))
        new = [] if deed == "remove" else [draw(st.sampled_from(CHARACTERS))]
        text[place : place + (deed != "insert")] = new
    return "".join(text)


NARROW = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: " ", 0xFFE5: "¥"}
NARROW |= {ord(each): "-" for each in "−–﹣"}
PLAIN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?")


def as_people_mean_it(text: str, *, money: bool = False) -> Decimal | None:
    text, scale = text.translate(NARROW).strip(), 1
    if money:
        text = text.removesuffix("元").rstrip()
        for word, each in (("万", 10**4), ("亿", 10**8)):
            if text.endswith(word):
                text, scale = text.removesuffix(word).rstrip(), each
        text = text.removeprefix("¥").lstrip()
    if "," in text:
        text = text.replace(",", "") if THOUSANDS.fullmatch(text) else ""
    return Decimal(text) * scale if PLAIN.fullmatch(text) else None


def amount(text: str) -> Decimal | None:
    return as_people_mean_it(text, money=True)


WHOLE = re.compile(r"[+-]?(0|[1-9][0-9_]*)")
HEXADECIMAL = re.compile(r"[+-]?0x[0-9a-fA-F_]+")
FRACTION = re.compile(
    r"[+-]?([0-9][0-9_]*\.[0-9_]*([eE][+-][0-9]+)?|\.[0-9][0-9_]*([eE][+-][0-9]+)?)"
)


def as_yaml_means_it(text: str) -> Decimal | None:
    """Of the numbers of YAML 1.1, https://yaml.org/type/int.html and float.html."""
    text = re.sub(r"\s+#.*", "", text.strip(" ")).strip(" ")
    plain = text.replace("_", "")
    if HEXADECIMAL.fullmatch(text):
        return Decimal(int(plain, 16))
    return Decimal(plain) if WHOLE.fullmatch(text) or FRACTION.fullmatch(text) else None


def cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


HOMES = {"fid": [1, 2], "w": [1.0, 2.0]}
MAPPING = """
year: 2022
household: {key: fid, columns: {weight: w}}
person:
  key: fid
  columns:
    age: {value: 40}
    operating_income: """


def income(path: Path, people: object, content: object) -> float:
    del path
    return Population.from_survey(HOMES, people, content).persons["operating_income"].tolist()[0]


def survey(path: Path) -> float:
    column = {"age": {"value": 40}, "operating_income": "x"}
    household = {"key": "fid", "columns": {"weight": "w"}}
    mapping = {
        "year": 2022,
        "household": household,
        "person": {"key": "fid", "columns": column},
    }
    return income(path, path, mapping)


def reform(path: Path) -> float:
    found = Reform.read(path)
    LAW | found  # what the law takes it for is judged when they are composed
    return found.operations[0].value


# What the file holds around the number, how it is read, and what the number means.
FORMATS: dict[str, tuple[str, Callable[[Path], float], Callable[[str], Decimal | None]]] = {
    "survey.csv": ("fid,x\n1,{cell}\n2,0\n", survey, amount),
    "survey.tsv": ("fid\tx\n1\t{cell}\n2\t0\n", survey, amount),
    "targets.csv": (
        (
            "id,entity,measure,where,value,year,unit,source,status,tolerance,block\n"
            "all,person,count,,{cell},2020,persons,x,published,0,\n"
        ),
        lambda path: next(iter(Targets.read(path))).value,
        as_people_mean_it,
    ),
    "figures.csv": (
        (
            "id,value,year,unit,entity,measure,where,status,source\n"
            "a,{cell},2023,yuan/year,person,mean:disposable_income,,published,x\n"
        ),
        lambda path: next(iter(published_figures(path))).value,
        as_people_mean_it,
    ),
    "observed.csv": (
        "clause,year,value,source\npath.10.pension_participation,2021,{cell},x\n",
        lambda path: next(iter(plan.read_observations(path))).value,
        as_people_mean_it,
    ),
    "reform.yaml": (
        "operations:\n  - parameter: dibao_standard\n    operation: set\n    value: {text}\n",
        reform,
        as_yaml_means_it,
    ),
    "mapping.yaml": (
        MAPPING.replace("{", "{{").replace("}", "}}") + "\n      value: {text}\n",
        lambda path: income(path, {"fid": [1, 2]}, path),
        as_yaml_means_it,
    ),
    "cases.yaml": (
        (
            "- name: tax\n  date: 2023-01-01\n  source: x\n  inputs:\n    persons:\n"
            "      - taxable_income: {text}\n  outputs: {{comprehensive_income_tax: [2480]}}\n"
        ),
        lambda path: read_cases(path)[0].given["taxable_income"][0],
        as_yaml_means_it,
    ),
    "parameters.yaml": (
        (
            "rate:\n  zh: x\n  en: x\n  unit: yuan/year\n  known_to: 2024-12-31\n  values:\n"
            "    - from: 2020-01-01\n      value: {text}\n      status: law\n      source: x\n"
        ),
        lambda path: float(read_parameters([path], {})["rate"].history[0].datum),
        as_yaml_means_it,
    ),
}


def check(folder: Path, name: str, text: str) -> None:
    around, read, meant = FORMATS[name]
    path = folder / f"{next(NAMES)}.{name}"
    path.write_text(around.format(cell=cell(text), text=text), encoding="utf-8")
    right = meant(text)
    try:
        with within(5):
            found = read(path)
    except OliveError:
        return
    finally:
        path.unlink()
    assert right is not None, f"{text!r} was read as {found!r}"
    assert found == pytest.approx(float(right), rel=1e-12), text


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FORMATS)
@settings(SHORT, max_examples=6)
@given(text=changed())
def test_changed_numbers(tmp_path_factory, name, text) -> None:
    check(tmp_path_factory.getbasetemp(), name, text)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FORMATS)
def test_a_plain_number_is_read(tmp_path, name) -> None:
    around, read, _ = FORMATS[name]
    path = tmp_path / name
    path.write_text(around.format(cell="0.5", text="0.5"), encoding="utf-8")
    assert read(path) == 0.5


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FORMATS)
@settings(SHORT, max_examples=334)
@given(text=changed())
def test_three_thousand_changed_numbers(tmp_path_factory, name, text) -> None:
    check(tmp_path_factory.getbasetemp(), name, text)
