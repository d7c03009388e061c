"""A survey as a Chinese bureau keeps it goes from files to a report in the guide's ten lines."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from olive_tests.command_line import run_olive

import olive
from olive.errors import DataWarning

GUIDE = Path(__file__).parents[2] / "docs" / "how_to" / "own_survey_data.md"
HOMES = ["户编号", "权数", "县", "城镇", "面积", "存款", "房租", "社区"]
PEOPLE = [
    *("户编号", "成员", "出生年", "性别", "配偶", "父亲", "母亲", "就业"),
    *("养老保险", "医疗保险", "月工资", "经营净收入", "在校"),
]


def ten_lines() -> str:
    blocks = re.findall(r'"""\n(year:.*?)"""', GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return blocks[0]


def rows(households: int) -> tuple[list[list], list[list]]:
    """Couples with a child, and single persons, with incomes in the bureau's units."""
    draw = np.random.default_rng(7)
    homes, people = [], []
    for number in range(households):
        key = 1001 + number
        town = "是" if number % 3 else "否"
        homes.append(
            [key, 900.5, "临海" if number % 2 else "温岭", town, 98, 12.5, -8, 1 + number // 8]
        )
        wage = int(draw.integers(3_500, 16_000))
        people.append([key, 1, 1985, 1, 2, -8, -8, 1, 1, 1, f'"{wage:,}"', -8, "否"])
        if number % 4 == 0:
            people[-1][4] = -8
            continue
        business = f"{draw.uniform(0, 12):.1f}"
        people.append([key, 2, 1988, 2, -9, -8, -8, 2, 2, 2, -8, business, "否"])
        people.append([key, 3, 2014, 1, -8, 1, 2, 3, 0, 2, -8, -8, "是"])
    return homes, people


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    homes, people = rows(400)
    for name, heads, cells in (("h.csv", HOMES, homes), ("p.csv", PEOPLE, people)):
        lines = [",".join(heads), *(",".join(map(str, row)) for row in cells)]
        (tmp_path / name).write_bytes("\r\n".join(lines).encode("gbk"))
    (tmp_path / "map.yaml").write_text(ten_lines(), encoding="utf-8")
    return tmp_path


def read(folder: Path) -> olive.Population:
    paths = (folder / "h.csv", str(folder / "p.csv"), folder / "map.yaml")
    with pytest.warns(DataWarning, match="spouse: 300 person"):
        return olive.Population.from_survey(*paths)


def test_the_guide_needs_ten_lines():
    assert len(ten_lines().strip().splitlines()) == 10


def test_every_value_arrives_in_olives_units(folder):
    city = read(folder)
    homes, people = rows(400)
    given = pd.DataFrame(people, columns=PEOPLE)
    assert city.households["floor_area"].unique().tolist() == [98]
    assert city.households["financial_assets"].unique().tolist() == [125_000]
    assert city.households["rent_paid"].unique().tolist() == [0]
    assert city.households["psu"].tolist() == [row[7] for row in homes]
    assert city.persons["age"].tolist() == (2023 - given["出生年"]).tolist()
    monthly = [
        0 if cell == -8 else int(cell.strip('"').replace(",", "")) for cell in given["月工资"]
    ]
    assert city.persons["contractual_wage"].tolist() == [12 * each for each in monthly]
    business = [0.0 if cell == -8 else float(cell) for cell in given["经营净收入"]]
    expected = [round(10_000 * each) for each in business]
    assert city.persons["operating_income"].round().tolist() == expected
    # household 1002: a couple of whom one answered, and their child
    family = city.persons[city.persons["household_id"] == 1002]
    assert family["spouse"].tolist() == [1, 0, -1]
    assert family["father"].tolist() == [-1, -1, 0]
    assert family["in_education"].tolist() == [False, False, True]


def test_what_was_mended_is_told(folder):
    notes = " | ".join(read(folder).notes)
    for words in (
        "h.csv is not UTF-8, it was read as GB18030",
        "房租: 400 of 400 values missing, taken as 0",
        "spouse: 300 person(s) were named as spouse",
    ):
        assert words in notes


def test_utf8_and_frames_give_the_same_population(folder):
    city = read(folder)
    for name in ("h.csv", "p.csv"):
        path = folder / name
        path.write_text(path.read_bytes().decode("gbk"), encoding="utf-8-sig")
    assert read(folder).fingerprint() == city.fingerprint()
    frames = [pd.read_csv(folder / name, encoding="utf-8-sig") for name in ("h.csv", "p.csv")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        again = olive.Population.from_survey(*frames, yaml.safe_load(ten_lines()))
    assert again.fingerprint() == city.fingerprint()


def test_from_files_to_the_report(folder):
    read(folder).write(folder / "my_survey")
    done = run_olive("report", "--population", folder / "my_survey", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert "400 个样本户" in done.stdout
    assert "人均可支配收入" in done.stdout


def test_identity_numbers_of_which_some_end_in_a_letter(tmp_path):
    """A column of such numbers is text; another, where none happens to end in X, is numbers."""
    (tmp_path / "h.csv").write_text("k,w\n1,1\n", encoding="utf-8")
    people = "k,id,spouse,age\n1,33100019850101123X,331000198801011234,38\n"
    people += "1,331000198801011234,,35\n"
    (tmp_path / "p.csv").write_text(people, encoding="utf-8")
    content = {
        "year": 2023,
        "household": {"key": "k", "columns": {"weight": "w"}},
        "person": {"key": "k", "person": "id", "columns": {"age": "age", "spouse": "spouse"}},
    }
    with pytest.warns(DataWarning, match="spouse: 1 person"):
        city = olive.Population.from_survey(tmp_path / "h.csv", tmp_path / "p.csv", content)
    assert city.persons["spouse"].tolist() == [1, 0]
