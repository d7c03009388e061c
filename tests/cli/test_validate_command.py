"""`olive validate --lang zh`: every figure has a Chinese name."""

from __future__ import annotations

from collections.abc import Callable
from subprocess import CompletedProcess

Run = Callable[..., CompletedProcess[str]]


def test_validation_in_chinese(olive: Run) -> None:
    done = olive("validate", "--households", "400", "--no-model-range", "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert "合成数据" in done.stdout
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("人均可支配收入·2023 ")]
    # 61,067 yuan: income per head published for 2023
    assert (row.split()[1], row.split()[-3:]) == ("61,067", ["2023", "拟合", "公布"])
    letters = {each for each in done.stdout if each.isascii() and each.isalpha()}
    assert not letters


def test_another_place_is_compared_with_the_figures_of_its_recipe(olive: Run, tmp_path) -> None:
    """Zhejiang had 65,400,000 residents in 2021: none of Taizhou's figures is shown."""
    folder = str(tmp_path / "province")
    made = olive(
        "synthesize", folder, "--place", "zhejiang", "--year", "2021", "--households", "600"
    )
    assert made.returncode == 0, made.stderr
    done = olive("validate", "--population", folder, "--no-model-range")
    assert done.returncode == 0, done.stderr
    assert "65,400,000" in done.stdout
    assert "6,622,888" not in done.stdout
    assert "nothing was published" not in done.stdout


def test_figures_without_a_role_are_shown(olive: Run, tmp_path) -> None:
    figures = tmp_path / "figures.csv"
    figures.write_text(
        "id,value,year,unit,entity,measure,where,status,source\n"
        "people,6622888,2023,persons,person,count,,published,census\n"
    )
    done = olive("validate", "--households", "400", "--targets", str(figures))
    assert done.returncode == 0, done.stderr
    assert "people" in done.stdout


def test_a_recipe_says_place_and_year_itself(olive: Run, tmp_path) -> None:
    done = olive("synthesize", str(tmp_path / "city"), "--recipe", "mine.yaml", "--year", "2021")
    assert done.returncode != 0
    assert "not both" in done.stderr
    assert not (tmp_path / "city").exists()
