"""What earlier versions got wrong, as tables of reproductions: the right value, or the one error.

The tables beside this file are the list; `python -m pytest tests/known_faults -v` prints it.
"""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from olive_tests.command_line import run_olive
from olive_tests.fuzzing import within

import olive
from olive import statistics
from olive.errors import OliveError
from olive.population import Population
from olive.population.calibration import PublishedFigure


def rows(name: str) -> Any:
    """Give a test each row of a table under the row's name."""
    content = yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8"))
    return pytest.mark.parametrize("row", content, ids=[row["name"] for row in content])


@contextlib.contextmanager
def refused_if(words: str | None) -> Any:
    """Expect one error of olive's with such words, or none."""
    with within(5), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if words is None:
            yield
            return
        with pytest.raises(OliveError, match=words) as caught:
            yield
        assert len(str(caught.value)) < 800


@rows("surveys")
def test_surveys(row: dict[str, Any]) -> None:
    homes = {"fid": [1, 2], "w": [10.0, 20.0], **row.get("households", {})}
    people = {"fid": [1, 2], "age": [40, 50], **row.get("persons", {})}
    for column, kind in row.get("as", {}).items():
        people[column] = pd.Series(people[column]).astype(kind)
    household = {"key": "fid", "columns": {"weight": "w"}, "design": row.get("design", {})}
    mapping = {
        "year": 2022,
        "missing_codes": [-8],
        "household": household,
        "person": {"key": "fid", "columns": {"age": "age", **row.get("columns", {})}},
    }
    with refused_if(row.get("refused")):
        city = Population.from_survey(homes, people, mapping)
    for column, values in row.get("right", {}).items():
        assert city.persons[column].tolist() == values, row["because"]
    if "noted" in row:
        assert any(re.search(row["noted"], note) for note in city.notes)


@rows("questions")
def test_questions(row: dict[str, Any]) -> None:
    home = {"county": ["linhai"], "urban": [True], "weight": [1.0]}
    given = {
        "household_id": [1] * max(map(len, row["given"].values())),
        **home,
        **row["given"],
    }

    def answer(variable: str) -> np.ndarray:
        law = olive.law("2023-07-01") | olive.Reform(row.get("reform", {}))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return olive.evaluate(variable, given, law, absent="neutral")

    if "refused" in row:
        with refused_if(row["refused"]):
            answer("individual_income_tax")
    for variable, values in row.get("right", {}).items():
        assert answer(variable).tolist() == pytest.approx(values), row["because"]
    for variable, total in row.get("total", {}).items():
        assert answer(variable).sum() == pytest.approx(total), row["because"]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("city")
    Population.synthetic(households=60, seed=1).write(place)
    return place


def bomb() -> str:
    """Nine values, nine times as many under each further name."""
    lines = [f"a: &a [{','.join('x' * 9)}]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]")
    return "\n".join([*lines, "label: *i\noperations: []\n"])


@rows("commands")
def test_commands(row: dict[str, Any], city: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    encoding = row.get("encoding", "utf-8")
    for name, text in row.get("files", {}).items():
        Path(name).write_bytes(text.encode(encoding))
    if "bomb" in row:
        Path(row["bomb"]).write_text(bomb(), encoding="utf-8")
    for name, target in row.get("links", {}).items():
        Path(name).symlink_to(target)
    before = {
        path: path.read_bytes() for path in (*city.iterdir(), *tmp_path.iterdir()) if path.is_file()
    }
    arguments = row["arguments"] if "arguments" in row else row["command"].split()
    with within(5):
        done = run_olive(*(word.replace("{city}", str(city)) for word in arguments))
    assert "Traceback" not in done.stderr
    assert (done.returncode == 0) == ("refused" not in row), done.stderr
    if "refused" in row:
        assert re.search(row["refused"], done.stderr), done.stderr
        assert len(done.stderr) < 500
        assert {path: path.read_bytes() for path in before} == before
        assert {path for path in tmp_path.iterdir() if path.is_file()} <= set(before)
    else:
        said = done.stdout + done.stderr
        assert re.search(row["shows"], said), said
        assert "\x1b" not in said
    if "writes" in row:
        assert Path(row["writes"]).stat().st_size > 100


def frames(spouse: list[int], **columns: list[int]) -> Population:
    people = {"household_id": [1] * 3, "age": [40] * 3, "spouse": spouse, **columns}
    return Population.from_frames({"household_id": [1], "weight": [1.0]}, people, year=2023)


def small(**columns: Any) -> Population:
    """Sixty households of one person each with a wage."""
    number = np.arange(60)
    homes = {
        "household_id": number,
        "weight": np.full(60, 1_000.0),
        "county": ["linhai"] * 60,
        "urban": [True] * 60,
        **columns,
    }
    people = {
        "household_id": number,
        "age": np.full(60, 40),
        "contractual_wage": 20_000.0 + 3_000 * number,
        "pension_scheme": ["employee"] * 60,
        "medical_scheme": ["employee"] * 60,
    }
    return Population.from_frames(homes, people, year=2023)


def simulated(population: Population) -> olive.Result:
    law = olive.law(year=2023)
    return olive.simulate(population, [law, law | {"dibao_standard": 20_000.0}])


def compared(population: Population) -> olive.Comparison:
    return olive.compare(simulated(population))


RIGHT: dict[str, tuple[Callable[[], object], object]] = {
    "a spouse whom only one names": (
        lambda: list(frames([1, -1, -1]).persons["spouse"]),
        [1, 0, -1],
    ),
    "a mean where a row of weight 0 is missing": (
        lambda: statistics.mean([1.0, 2.0, float("nan")], [1, 1, 0]),
        1.5,  # (1 + 2) / 2
    ),
    "a Gini where a row of weight 0 is missing": (
        lambda: statistics.gini([1.0, 2.0, float("nan")], [1, 1, 0]),
        pytest.approx(1 / 6),  # |1 - 2| x 2 / (2 x 2 x 2 x 1.5)
    ),
    "whole numbers in a column of objects": (
        lambda: statistics.gini(pd.Series([10, 20], dtype=object), 1),
        pytest.approx(1 / 6),
    ),
}
REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "a chain of spouses": (lambda: frames([1, 2, -1]), "two persons must name each other"),
    "three spouses in a circle": (lambda: frames([1, 2, 0]), "two persons must name each other"),
    "a circle of fathers": (lambda: frames([-1] * 3, father=[1, 0, -1]), "their own ancestor"),
    "a circle of father and mother": (
        lambda: frames([-1] * 3, father=[1, -1, -1], mother=[-1, 0, -1]),
        "their own ancestor",
    ),
    "a day that is missing": (lambda: olive.law(pd.NaT), "the day is missing"),
    "the last day of the year 9999": (lambda: olive.law("9999-12-31"), "9999 lies after that"),
    "a parameter without a name": (lambda: olive.Reform({5: 1}), "5 is no name of a parameter"),
    "a parameter of 10^400": (
        lambda: olive.law(year=2023) | {"dibao_standard": 10**400},
        "a whole number of 1329 bits is not a finite number",
    ),
    "10^13 households": (
        lambda: Population.synthetic(households=10**13, seed=1),
        "10,000,000,000,000 households do not fit in memory",
    ),
    "threads as text": (
        lambda: olive.simulate(small(), olive.law(year=2023), threads="2"),
        "threads is '2'; it must be a whole number",
    ),
    "one and a half threads": (
        lambda: olive.simulate(small(), olive.law(year=2023), threads=1.5),
        "threads is 1.5; it must be a whole number",
    ),
    "a masked value of a statistic": (
        lambda: statistics.mean(np.ma.array([1.0, 99.0], mask=[False, True]), 1),
        "values has 1 missing or infinite values, the first .nan. at position 1",
    ),
    "a masked answer": (
        lambda: olive.evaluate(
            "individual_income_tax",
            {"age": np.ma.array([40], mask=[True])},
            "2023-07-01",
            absent="neutral",
        ),
        "given 'age' has a value that is NaN or infinite",
    ),
    "a masked weight": (
        lambda: small().with_weights(np.ma.array(np.ones(60), mask=np.eye(60)[0])),
        "'weight' has 1 missing value.s., the first in row 0",
    ),
    "a range of the model that is a word": (
        lambda: olive.compare(simulated(small()), model_range="no"),
        "model_range is 'no'; it must be True or False",
    ),
    "a policy that is a truth value": (
        lambda: simulated(small()).values("disposable_income", True),
        "no policy at position True; there are 2",
    ),
    "a tolerance of 5 for 5 per cent": (
        lambda: PublishedFigure(
            *("all", "person", "count", "", 6.6e6, 2020, "persons", "x", "published", 5.0, "")
        ),
        "tolerance 5.0 must be a share of the value, from 0 to 1",
    ),
    "an output that is a number": (
        lambda: olive.simulate(small(), olive.law(year=2023), outputs=[5]),
        r"outputs is \[5\]; give a list of variables",
    ),
}


@pytest.mark.parametrize(("ask", "right"), RIGHT.values(), ids=RIGHT)
def test_values(ask: Callable[[], object], right: object) -> None:
    with refused_if(None):
        assert ask() == right


@pytest.mark.parametrize(("ask", "words"), REFUSED.values(), ids=REFUSED)
def test_refusals(ask: Callable[[], object], words: str) -> None:
    with refused_if(words):
        ask()


def test_a_stratum_with_one_cluster_is_centred_on_the_overall_mean() -> None:
    design = {"stratum": ["a"] * 59 + ["z"], "psu": np.arange(60) // 4}
    comparison = compared(small(**design))
    assert "1 single clusters about the overall mean" in comparison.error_note.en
    table = comparison.targets().frame
    assert table.loc[table["indicator"] == "share_10_50", "after_error"].notna().all()


@pytest.mark.parametrize("weight", [5e-324, 1e-300, 1e300])
def test_weights_of_any_size_give_the_shares_of_equal_ones(weight: float) -> None:
    tables = [compared(small(weight=np.full(60, each))).targets().frame for each in (1.0, weight)]
    pd.testing.assert_frame_equal(*tables, rtol=1e-9, check_exact=False)


@pytest.mark.parametrize("households", [1, 2])
def test_a_city_of_a_few_households_has_a_table_of_targets(households: int) -> None:
    city = Population.synthetic(households=households, seed=1)
    assert len(compared(city).targets().frame) > 0
