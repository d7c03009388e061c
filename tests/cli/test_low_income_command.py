"""`olive plan --low-income BEFORE AFTER`: two years of a made-up panel, followed by hand."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pandas as pd
import pytest

import olive as package

Run = Callable[..., CompletedProcess[str]]
SIZES = {"leaves": 12, "falls": 11, "stays": 30}  # sample households, each of one adult
GIFTS = {  # yuan a year from relatives, earlier and later; the line is 20,000
    "leaves": (10_000.0, 30_000.0),
    "falls": (25_000.0, 12_000.0),
    "stays": (60_000.0, 60_000.0),
}


def year(number: int, position: int) -> package.Population:
    kinds = [kind for kind, count in SIZES.items() for _ in range(count)]
    households = pd.DataFrame(
        {
            "household_id": range(len(kinds)),
            "weight": 100.0,
            "county": ["linhai" if kind == "leaves" else "sanmen" for kind in kinds],
            "private_transfers_received": [GIFTS[kind][position] for kind in kinds],
            "financial_assets": 2e6,  # no dibao
        }
    )
    persons = pd.DataFrame({"household_id": range(len(kinds)), "age": 40})
    return package.Population.from_frames(households, persons, year=number)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("panel")
    for position, number in enumerate((2021, 2023)):
        year(number, position).write(folder / str(number))
    return str(folder / "2021"), str(folder / "2023")


def test_who_left_and_who_fell_and_why(
    olive: Run, folders: tuple[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "moves.csv"
    done = olive(
        "plan", "--low-income", *folders, "--line", "20000", "--by", "county", "--csv", str(path)
    )
    assert done.returncode == 0, done.stderr
    lines = {
        " ".join(line.split()[:-4]): line.split()[-4:]
        for line in done.stdout.splitlines()
        if line.strip()
    }
    # 12 households of weight 100 rise by 20,000 a head, 11 fall by 13,000
    reason = "pensions and private transfers"
    left, fell = "left low income · Linhai · " + reason, "fell into low income · Sanmen · " + reason
    assert lines[left] == ["12", "1,200", "1,200", "20,000"]
    assert lines[fell] == ["11", "1,100", "1,100", "-13,000"]
    rows = list(csv.DictReader(x for x in path.read_text().splitlines() if x[0] != "#"))
    account = {row["flow"]: row["households"] for row in rows if not row["reason"]}
    # before 1,200 - left 1,200 + fell 1,100 = after 1,100
    assert [float(account[flow]) for flow in ("low_before", "left", "fell", "low_after")] == [
        1_200,
        1_200,
        1_100,
        1_100,
    ]


def test_in_chinese(olive: Run, folders: tuple[str, str]) -> None:
    done = olive(
        "plan", "--low-income", *folders, "--line", "20000", "--by", "county", "--lang", "zh"
    )
    assert done.returncode == 0, done.stderr
    assert "脱离低收入 · 临海市 · 养老金和私人转移" in done.stdout
    assert "低收入：人均可支配收入低于20,000元（2021）、20,000元（2023）。" in done.stdout


def test_the_second_line_is_that_of_the_later_year(olive: Run, folders: tuple[str, str]) -> None:
    done = olive(
        "plan", "--low-income", *folders, "--by", "all", "--line", "20000", "--line", "11000"
    )
    assert done.returncode == 0, done.stderr
    (fell,) = [x for x in done.stdout.splitlines() if x.startswith("fell into low income")]
    assert fell.split()[-3:] == ["0", "0", "0"]  # 12,000 is above 11,000


@pytest.mark.parametrize(
    ("swap", "arguments", "expected"),
    [
        (False, (), "--line AMOUNT_A_YEAR"),
        (False, ("--line", "1", "--line", "2", "--line", "3"), "--line AMOUNT_A_YEAR"),
        (False, ("--line", "-5"), "positive amount"),
        (True, ("--line", "20000"), "the earlier year first"),
        (False, ("--line", "20000", "--by", "county", "--coverage"), "not both"),
        (False, ("--line", "20000"), "--by all needs no further column"),  # no groups in the data
        (False, ("--line", "20000", "--by", "countty"), "did you mean 'county'"),
        (False, ("--line", "20000", "--csv", "no_such_folder/x.csv"), "there is no folder"),
    ],
)
def test_mistakes_end_in_one_line(
    olive: Run, folders: tuple[str, str], swap: bool, arguments: tuple[str, ...], expected: str
) -> None:
    done = olive("plan", "--low-income", *(folders[::-1] if swap else folders), *arguments)
    assert done.returncode == 1
    assert expected in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not done.stdout


def test_a_line_alone_is_refused(olive: Run) -> None:
    done = olive("plan", "--line", "20000")
    assert done.returncode == 1
    assert "--low-income" in done.stderr
