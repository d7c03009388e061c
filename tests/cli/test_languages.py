"""Every command in Chinese has no English sentence, and in English no Chinese one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from olive_tests.command_line import run_olive
from typer.main import get_command
from typer.testing import CliRunner

import olive
from olive.china.recipes.recipe import recipe_folder
from olive.cli.commands import app
from olive.cli.language import asked
from olive.messages import speaking

# Four words in a row; names of commands, columns and files have underscores, dots or slashes.
ENGLISH = re.compile(r"(?<![\w/.-])(?:[A-Za-z][a-z'’]*[,;:]? ){3,}[a-z]+(?![\w(/=-])")
CHINESE = re.compile("[\u4e00-\u9fff，。；：]")
RUNNER = CliRunner()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("languages")
    city = olive.Population.synthetic(households=150, seed=1)
    city.write(folder / "city")
    city.uprate(2024).write(folder / "later")
    (folder / "reform.yaml").write_text(
        "label: higher\nzh: 提高\noperations:\n- {parameter: dibao_standard, operation: at_least, "
        "value: 15000, status: law}\n",
        encoding="utf-8",
    )
    (folder / "case.yaml").write_text(
        "- name: one\n  date: 2023-01-01\n  source: made up\n  arithmetic: 770 x 12\n"
        "  inputs: {household: {county: linhai}}\n  outputs: {local_dibao_standard: 1}\n",
        encoding="utf-8",
    )
    shipped = recipe_folder("zhejiang") / "zhejiang_2021.yaml"
    for copy in ("recipe", "draft"):
        shutil.copy(shipped, folder / f"{copy}.yaml")
    shutil.copy(shipped.with_suffix(".npz"), folder / "recipe.npz")
    (folder / "targets.csv").write_text(
        "id,entity,measure,where,value,year,unit,source,status,tolerance,block\n"
        f"all,household,count,,{city.weight.sum() * 1.01},2023,households,made up,published,0,\n",
        encoding="utf-8",
    )
    return folder


def output(files: Path, language: str, command: str) -> str:
    """Run a command line, with {} for the folder of files; return what it printed."""
    line = [each.replace("{}", str(files)) for each in command.split()]
    done = run_olive(*line, "--lang", language, columns=120)
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout + done.stderr


COMMANDS = (
    "report --population {}/city --no-model-range --year 2024 --reform {}/reform.yaml",
    "validate --population {}/city --no-model-range",
    "plan",
    "places",
    "plan --low-income {}/city {}/later --line 20000",
    "cases {}/case.yaml",
    "explain dibao --household 0 --population {}/city",
    "vulnerability --population {}/city",
    "budget-line --household 0 --population {}/city",
    "marginal-rates --plan --population {}/city",
    "cliffs --plan --population {}/city",
    "crossings --population {}/city",
    "transitions --population {}/city",
    "growth-and-shape --population {}/city",
    "distribution --population {}/city",
    "project --from 2023 --to 2024 --population {}/city",
    "decompose --from 2023 --to 2024 --population {}/city",
    "attribute --part assistance --population {}/city",
    "rule dibao",
    "parameter dibao_standard",
    "parameters 低保",
    "reference {}/law",
    "reform show {}/reform.yaml",
    "reform diff {}/reform.yaml",
    "reform check {}/reform.yaml",
    "record {}/card.yaml --population {}/city",
    "verify {}/card.yaml --population {}/city",
    "synthesize {}/out --households 50",
    "calibrate {}/city {}/targets.csv {}/weighted",
    "recipe check {}/recipe.yaml --households 300",
)
SLOW = (
    "report --population {}/city --detail --assumptions",
    "plan --coverage",
    "rank --population {}/city",
    "reach --lever dibao_standard=x1:x1.1 --target per_capita_income=50000 --population {}/city",
    "feasibility",
    "uncertainty --draws 60 --year 2023 --population {}/city",
    "recipe build {}/draft.yaml --draft",
    "bench --households 200 --threads 1",
)


def every_command(command: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    below = getattr(command, "commands", {})
    return [path, *(found for name in below for found in every_command(below[name], (*path, name)))]


EVERY = every_command(get_command(app))
GROUPS = {path[:-1] for path in EVERY if path}


def test_every_command_is_walked_through() -> None:
    """A command that is new has to be added above, those of groups too."""
    lines = [tuple(each.split()) for each in (*COMMANDS, *SLOW)]
    walked = {path for path in EVERY for line in lines if line[: len(path)] == path}
    assert set(EVERY) - GROUPS == walked - GROUPS


def without_sources(said: str) -> str:
    """Leave out the sources of parameters: data, in the language of the source.

    Of a table of parameters they are the last cell, of an explanation what follows the status.
    """
    said = re.sub(r"^(\|.*\|)[^|]*\|$", r"\1", said, flags=re.MULTILINE)
    return re.sub(r"^( *· .* \[[a-z]+\]).*$", r"\1", said, flags=re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_english_in_chinese(files, command) -> None:
    said = without_sources(output(files, "zh", command))
    assert ENGLISH.findall(said.replace("olive plan --coverage --lang zh", "")) == []


@pytest.mark.slow
@pytest.mark.parametrize("command", SLOW)
def test_no_english_in_chinese_of_long_commands(files, command, monkeypatch) -> None:
    monkeypatch.setattr("olive.china.recipes.solving.user_recipe.DRAFT", (10_000,) * 2)
    test_no_english_in_chinese(files, command)


# In English, clauses and sources keep their Chinese titles: they are names.
@pytest.mark.parametrize("command", [each for each in COMMANDS if "parameter" not in each])
def test_no_chinese_in_english(files, command) -> None:
    if command in {"plan"}:
        pytest.skip("quotes clauses")
    said = re.sub("《[^》]*》|提高", "", without_sources(output(files, "en", command)))
    assert [line for line in said.splitlines() if CHINESE.search(line)] == []


@pytest.mark.parametrize("path", EVERY)
def test_help(path) -> None:
    told = {}
    for language in ("zh", "en"):
        done = run_olive("--lang", language, *path, "--help", columns=160)
        assert done.returncode == 0
        told[language] = done.stdout
    assert ENGLISH.findall(told["zh"]) == []
    assert CHINESE.findall(told["en"].replace("万元", "")) == []
    assert "…" not in run_olive("--lang", "zh", *path, "--help", columns=80).stdout
    assert "--lang" in told["zh"]
    assert "选项" in told["zh"]
    assert "Options" in told["en"]


@pytest.mark.parametrize(
    "line",
    [
        "reprot",
        "report --seedd 3",
        "report --households many",
        "report --on neither",
        "rule",
        "reform",
        "rule dibaoo",
    ],
)
def test_complaints_about_usage(line) -> None:
    done = run_olive("--lang", "zh", *line.split())
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert CHINESE.search(said)
    assert ENGLISH.findall(said) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("attribute --what crosings", "（是否指 'crossings'？）；应为 contributions、crossings"),
        ("report --year abc", "--year 为 'abc'；应为不小于 0 的整数"),
        ("report --households 0", "--households 为 0；应为不小于 1 的整数"),
        ("crossings --bound x", "--bound 为 'x'，应为有限的数"),
        ("distribution --groups 2000", "--groups 为 2000；最多为 1,000"),
    ],
)
def test_a_value_that_does_not_fit_is_told_with_what_fits(line, said) -> None:
    done = run_olive("--lang", "zh", *line.split())
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize(("language", "said"), [("en", "stands before"), ("zh", "写在命令之前")])
def test_an_option_of_olive_itself_after_the_command(language, said) -> None:
    done = run_olive("report", "--place", "taizhou", "--lang", language)
    assert done.returncode == 2
    assert said in done.stderr
    assert "--place ... report" in done.stderr


WRONG = {"int": "很多", "float": "很多", "path": "/no/such/folder/file.xyz"}


def words_of_command(path: tuple[str, ...], files: Path) -> list[str]:
    """Return a right command line of a command."""
    lines = [each.split() for each in (*COMMANDS, *SLOW)]
    line = next(each for each in lines if tuple(each[: len(path)]) == path)
    return [each.replace("{}", str(files)) for each in line]


@pytest.mark.parametrize("path", [path for path in EVERY if path and path not in GROUPS])
def test_a_wrong_value_of_each_option(files, path) -> None:
    """Options and the kinds of their values are those that the command's own help tells."""
    told = run_olive("--lang", "en", *path, "--help", columns=160).stdout
    right = words_of_command(path, files)
    wrong = [["--no-such-option"], ["--seedd", "3"]]
    for option, kind in re.findall(r"(--[a-z-]+) +<([^>]+)>", told):
        if option != "--lang" and (kind in WRONG or "|" in kind):
            wrong.append([option, WRONG.get(kind, "neither-of-them")])
    for mistake in wrong:
        done = run_olive(*right, *mistake, "--lang", "zh")
        assert done.returncode in {1, 2}, mistake
        assert CHINESE.search(done.stderr), mistake
        assert ENGLISH.findall(done.stderr) == [], mistake


@pytest.mark.parametrize(
    "text",
    [
        "operations: [",
        "operations: {a: 1}",
        "operations: [{parameter: dibao_standart, operation: set, value: 1}]",
        "operations: [{parameter: dibao_standard, operation: sett, value: 1}]",
        "operations: [{parameter: dibao_standard, operation: set, value: -1}]",
        "label: a\nlabel: b",
        "operations: [{parameter: dibao_standard, operation: set}]",
    ],
)
def test_a_bad_reform_file(tmp_path, text) -> None:
    path = tmp_path / "reform.yaml"
    path.write_text(text, encoding="utf-8")
    done = run_olive("reform", "check", path, "--lang", "zh")
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert CHINESE.search(said)
    assert ENGLISH.findall(said) == []


def test_where_the_option_may_stand() -> None:
    for line in (["--lang", "zh", "rule", "dibao"], ["rule", "dibao", "--lang=zh"]):
        assert asked(line) == "zh"
        assert "低保" in RUNNER.invoke(app, line).output
    assert asked(["rule", "--", "--lang", "zh"]) is None


def test_the_environment_chooses_when_no_option_does() -> None:
    assert "选项" in RUNNER.invoke(app, ["--help"], env={"OLIVE_LANG": "zh"}).output
    assert "Options" in RUNNER.invoke(app, ["--help"], env={"OLIVE_LANG": "fr"}).output


def a_city() -> olive.Population:
    return olive.Population.synthetic(households=20, seed=1)


MISTAKES = {
    "parameter": lambda: olive.law(year=2023) | {"dibao_standart": 1},
    "range": lambda: olive.law(year=2023) | {"dibao_standard": -1},
    "word": lambda: olive.law(year=2023) | {"dibao_standard": "a"},
    "day": lambda: olive.law("2022-99-01"),
    "early": lambda: olive.law("1999-01-01"),
    "late": lambda: olive.law(year=2099),
    "variable": lambda: olive.simulate(a_city(), olive.law(year=2023), outputs=["dibaoo"]),
    "policy": lambda: olive.simulate(a_city(), []),
    "given": lambda: olive.evaluate("dibao", {"agee": [1]}, law="2023-01-01"),
    "value": lambda: olive.evaluate("basic_pension", {"age": ["x"]}, law="2023-01-01"),
    "clause": lambda: olive.plan.clause("targets.per_capita"),
    "scenario": lambda: olive.plan.scenario("leter"),
    "folder": lambda: olive.Population.read("no/such/folder"),
    "frame": lambda: olive.Population.from_frames({"weight": [1]}, {"age": [1]}, year=2023),
    "pointer": lambda: olive.household([olive.member(30, spouse=5)], county="linhai"),
    "county": lambda: olive.household([olive.member(30)], county="linhaii"),
    "weights": lambda: olive.statistics.gini([1.0, 2.0], [1.0]),
    "negative": lambda: olive.statistics.gini([-1.0, 2.0], [1.0, 1.0]),
    "growth": lambda: a_city().uprate(2024, growth="trendd"),
    "factor": lambda: a_city().uprate(2024, growth={"wage": 5}),
    "place": lambda: olive.place("ningbo"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_errors_in_both_languages(name) -> None:
    with pytest.raises(olive.OliveError) as caught:
        MISTAKES[name]()
    english = str(caught.value)
    with speaking("zh"), pytest.raises(olive.OliveError) as again:
        MISTAKES[name]()
    with speaking("zh"):
        assert ENGLISH.findall(str(again.value)) == []
        assert CHINESE.search(str(again.value))
        assert ENGLISH.findall(str(caught.value)) == []
    assert CHINESE.search(re.sub("（[^）]*）|[\u4e00-\u9fff]", "", english)) is None
