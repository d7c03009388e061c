"""The report command: what a user types, sees, and gets wrong."""

import csv
import io
import json
import re
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from olive_tests.command_line import run_olive
from rich.cells import cell_len
from rich.console import Console

from olive import Population, __version__, compare, law, plan, simulate
from olive.places.labels import Language
from olive.report.build import Report, build_report
from olive.report.request import ReportRequest
from olive.report.text import print_report

FEW = ("--households", "400")
LAWS = ["frozen", "frozen, indexed", "in force", "credited elsewhere", "plan"]


def olive(*arguments: str) -> CompletedProcess[str]:
    return run_olive(*arguments, columns=240)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict, list[dict]]:
    folder = tmp_path_factory.mktemp("report")
    done = olive(
        "report", *FEW, "--json", str(folder / "all.json"), "--csv", str(folder / "table.csv")
    )
    assert done.returncode == 0, done.stderr
    content = json.loads((folder / "all.json").read_text(encoding="utf-8"))
    lines = (folder / "table.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# SYNTHETIC DATA")
    assert sorted(path.name for path in folder.iterdir()) == ["all.json", "table.csv"]
    return done.stdout, content, list(csv.DictReader(each for each in lines if each[0] != "#"))


def test_label_stands_above_every_figure(written: tuple) -> None:
    text, content, _ = written
    assert "SYNTHETIC DATA" in text.splitlines()[1]
    assert content["synthetic"] is True


def test_laws_and_the_targets_are_shown(written: tuple) -> None:
    text, content, rows = written
    assert content["policies"] == LAWS
    for heading in ("in force", "plan", "change", "target", "gap"):
        assert heading in text
    targets = {row["indicator"]: float(row["target"]) for row in rows if row["target"]}
    assert targets == {"per_capita_income": 75_000, "share_10_50": 0.70, "share_20_60": 0.45}
    assert len([row for row in rows if row["indicator"] == "share_10_50"]) == 4


def test_change_and_gap_are_differences_of_the_columns(written: tuple) -> None:
    for row in written[2]:
        assert float(row["change"]) == pytest.approx(float(row["plan"]) - float(row["in force"]))
        if row["target"]:
            assert float(row["gap"]) == pytest.approx(float(row["plan"]) - float(row["target"]))


def test_assumptions_are_listed_and_none_is_law_or_published(written: tuple) -> None:
    statuses = {each["status"] for each in written[1]["assumptions"]}
    assert statuses
    assert not statuses & {"law", "published"}
    assert "dibao_take_up_rate" in {each["parameter"] for each in written[1]["assumptions"]}


def test_programmes_cost_at_least_nothing_and_dibao_reaches_someone(written: tuple) -> None:
    rows = {each["id"]: each for each in written[1]["effects"][0]["balance"]}
    spent = [each for each in rows.values() if each["kind"] in ("spending", "relief")]
    assert all(min(each["before"], each["after"]) >= 0 for each in spent)
    assert rows["resident_basic_pensions"]["after"] > 0


def test_chinese_report() -> None:
    done = olive("report", *FEW, "--lang", "zh")
    assert done.returncode == 0, done.stderr
    assert "合成数据" in done.stdout.splitlines()[1]
    assert "\n目标\n" in done.stdout


def test_a_reform_file_adds_a_column(tmp_path: Path) -> None:
    path = tmp_path / "floor.yaml"
    path.write_text(
        "label: floor\n"
        "zh: 提高下限\n"
        "operations:\n"
        "  - {parameter: dibao_standard, operation: at_least, value: 15000}\n",
        encoding="utf-8",
    )
    done = olive("report", *FEW, "--reform", str(path), "--json", str(tmp_path / "all.json"))
    assert done.returncode == 0, done.stderr
    content = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    assert content["policies"] == [*LAWS, "floor"]
    assert "floor" in done.stdout
    assert "提高下限" not in done.stdout
    chinese = olive("report", *FEW, "--reform", str(path), "--lang", "zh")
    assert "提高下限对现行" in chinese.stdout
    assert "改革的变化没有列出假设区间" in chinese.stdout
    assert " floor " not in chinese.stdout
    # The gap of the reform is its own.
    reform = content["effects"][1]
    assert (reform["before"], reform["after"]) == ("in force", "floor")
    for row in reform["targets"]:
        assert row["gap"] == pytest.approx(row["after"] - row["target"])
        assert row["change"] == pytest.approx(row["after"] - row["before"])


REFORM = "label: x\noperations:\n  - {parameter: %s, operation: %s, value: %s}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (REFORM % ("dibao_standart", "set", 1), "did you mean 'dibao_standard'"),
        (REFORM % ("dibao_standard", "rise", 1), "use one of set, at_least"),
        (REFORM % ("dibao_standard", "set", 1_000_000_000), "outside the allowed range"),
        ("label: x\nlabel: y\noperations: []\n", "stands twice"),
        ("label: !!python/object/apply:os.system ['true']\noperations: []\n", "never run"),
        ("label: x\noperation: []\n", "did you mean 'operations'"),
    ],
)
def test_faulty_reforms_end_in_one_line_and_write_nothing(
    tmp_path: Path, text: str, expected: str
) -> None:
    path = tmp_path / "reform.yaml"
    path.write_text(text, encoding="utf-8")
    done = olive("report", *FEW, "--reform", str(path), "--json", str(tmp_path / "all.json"))
    assert done.returncode == 1
    assert expected in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "all.json").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        (("--population", "no_such_folder"), 1, "no_such_folder"),
        (("--population", ".", "--households", "10"), 1, "not both"),
        (("--households", "0"), 2, "households"),
        (("--lang", "fr"), 2, "lang"),
        (("--csv", "no_such_folder/table.csv"), 1, "there is no folder"),
        (("--json", "."), 1, "it is a folder; give a file"),
        (("--chart", "shares.bmp"), 1, "svg, png or pdf"),
        (("--house", "10"), 2, "--households"),
    ],
)
def test_mistakes_in_arguments(arguments: tuple[str, ...], code: int, expected: str) -> None:
    done = olive("report", *arguments)
    assert done.returncode == code
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout  # refused before any work


def test_corrupt_parquet_is_named(tmp_path: Path) -> None:
    for table in ("households", "persons"):
        (tmp_path / f"{table}.parquet").write_bytes(b"not parquet")
    done = olive("report", "--population", str(tmp_path))
    assert done.returncode == 1
    assert "households.parquet" in done.stderr
    assert "Traceback" not in done.stderr


def test_version_and_short_help() -> None:
    assert olive("--version").stdout == f"olive {__version__}\n"
    assert "--population" in olive("report", "-h").stdout


def test_every_assumption_is_listed_on_demand(written: tuple) -> None:
    text, content, _ = written
    count = len({each["parameter"] for each in content["assumptions"]})
    assert f"\n{count} parameters are neither law nor published: " in text
    assert "(dibao_take_up_rate)" not in text
    assert "olive report --assumptions" in text
    done = olive("report", *FEW, "--assumptions", "--no-model-range")
    assert done.returncode == 0, done.stderr
    named = {each["parameter"] for each in content["assumptions"] if each["value"] != "0"}
    assert all(f"({name}): " in done.stdout for name in named)


@pytest.fixture(scope="module")
def small() -> Report:
    return build_report(ReportRequest(households=400))


def shown(report: Report, language: Language, columns: int = 240, **options: bool) -> str:
    file = io.StringIO()
    print_report(report, language, Console(file=file, width=columns), **options)
    return file.getvalue()


@pytest.mark.filterwarnings("ignore")
def test_what_a_survey_lacks_is_said_before_any_verdict(tmp_path: Path) -> None:
    households = {
        "household_id": range(40),
        "weight": [1_000.0] * 40,
        "county": ["linhai"] * 40,
        "urban": [True, False] * 20,
    }
    persons = {
        "household_id": range(40),
        "age": [40] * 40,
        "contractual_wage": [50_000.0 + 2_000.0 * number for number in range(40)],
    }
    survey = Population.from_frames(households, persons, year=2023)
    survey.write(tmp_path / "survey")
    report = build_report(ReportRequest(folder=tmp_path / "survey"))
    lines = shown(report, "en").splitlines()
    assert lines[2].startswith("The data lack ")
    assert "rests on columns that were filled as neutral" in lines[2]
    assert shown(report, "zh").splitlines()[2].startswith("数据缺少")


@pytest.mark.slow  # quick: both files in test_pages.py
def test_page_and_pictures_are_written(tmp_path: Path) -> None:
    page, chart = tmp_path / "page.html", tmp_path / "chart.png"
    done = olive("report", *FEW, "--no-model-range", "--html", str(page), "--chart", str(chart))
    assert done.returncode == 0, done.stderr
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert chart.read_bytes().startswith(b"\x89PNG")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["chart.png", "page.html"]


def test_the_plan_s_target_year_is_the_default_and_is_said(small: Report) -> None:
    assert small.year == small.target_year == 2025
    assert "2025 (the plan's target year; --year for another)" in shown(small, "en").splitlines()[0]
    assert "2025 年（方案的目标年；其他年份用 --year）" in shown(small, "zh").splitlines()[0]
    own = build_report(ReportRequest(households=400, year=2023, model_range=False))
    assert own.year == own.data_year == 2023
    assert "2023 (the plan's target year is 2025)" in shown(own, "en").splitlines()[0]


def test_the_first_lines_say_what_holds(small: Report) -> None:
    """Title, label, then: what counting and the plan are worth, the sign, a verdict a reading."""
    lines = shown(small, "en").splitlines()[2:9]
    frame = small.targets.frame.set_index(["indicator", "definition"])
    for share in ("share_10_50", "share_20_60"):
        worth = 100 * (frame.loc[share, "plan"].max() - frame.loc[share, "plan"].min())
        assert f"{worth:.1f} points between definitions" in lines[0]
        low, high = (100 * f(frame.loc[share, "change"]) for f in (min, max))
        assert f"{low:+.2f} to {high:+.2f} by the plan" in lines[0]
    mean = frame.loc[("per_capita_income", "persons")]
    assert lines[1].startswith(f"The plan changes income per head by {mean['change']:+,.0f} yuan")
    assert lines[2].startswith(f"Income per head: {mean['plan']:,.0f} yuan, not met, ")
    assert f"{-mean['gap']:,.0f} short of 75,000" in lines[2]
    for line, (share, definition) in zip(
        lines[3:],
        [(s, d) for s in ("share_10_50", "share_20_60") for d in ("household", "three_person")],
        strict=True,
    ):
        for unit, name in (("households", definition), ("persons", f"{definition}_persons")):
            row = frame.loc[(share, name)]
            met = row["plan"] >= row["target"]
            assert f"{unit} {100 * row['plan']:.1f}%, {'met' if met else 'not met'}" in line


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_targets_fit_80_columns_in_one_block(small: Report, language: Language) -> None:
    lines = shown(small, language, 80).splitlines()
    assert max(map(cell_len, lines)) <= 80
    head = {
        "en": ["in force", "plan", "change", "target", "gap"],
        "zh": ["现行", "方案", "变化", "目标", "差距"],
    }[language]
    at = next(i for i, line in enumerate(lines) if all(word in line for word in head))
    rows = lines[at + 2 : at + 13]
    figures = small.effects[0].targets
    assert rows[0].split()[-5:] == [
        f"{figures[0].before:,.0f}",
        f"{figures[0].after:,.0f}",
        f"{figures[0].change:+,.0f}",
        "75,000",
        f"{figures[0].gap:+,.0f}",
    ]
    shares = [row for row in rows[1:] if len(row.split()) > 4]
    assert len(shares) == 8  # every definition in a line of its own


@pytest.mark.parametrize(
    ("columns", "language"), [(80, "en"), (80, "zh"), (100, "zh"), (160, "zh"), (160, "en")]
)
def test_no_figure_of_the_detail_is_broken_on_a_narrow_terminal(
    small: Report, columns: int, language: Language
) -> None:
    lines = shown(small, language, columns, detail=True).splitlines()
    assert max(map(cell_len, lines)) <= columns
    share = small.targets.frame.iloc[1]
    both = f"{100 * share['after_range_low']:.1f}…{100 * share['after_range_high']:.1f}"
    assert any(both in line for line in lines)


def test_recipe_range_and_assumption_range_never_share_a_heading(small: Report) -> None:
    text = shown(small, "en", 300, detail=True)
    main, detail = text.split("\nDetail\n")
    assert "recipe range (plan)" in detail
    assert "recipe range (" not in main.split("\nNotes\n")[0]
    heads = [line for line in text.splitlines() if "recipe range (plan)" in line]
    assert len(heads) == 1
    assert "assumptions" not in heads[0]


def test_the_balance_holds_transfers_taxes_contributions_and_employers(small: Report) -> None:
    text = shown(small, "en")
    section = text.split("\nPublic balance\n")[1].split("\nWho gains")[0]
    for line in (
        "all cash transfers",
        "all in-kind benefits",
        "all taxes",
        "all contributions of households",
        "all contributions of employers",
        "public balance",
    ):
        assert f"\n{line} " in section
    rows = {row.id: row for row in small.effects[0].balance}
    revenue = 51_747_000_000  # yuan, 2025
    share = 100 * rows["all_spending"].after / revenue
    assert f"Cash transfers are {share:.1f} % of the city's general budget revenue" in section


def test_programmes_with_few_recipients_are_marked(small: Report) -> None:
    text = shown(small, "en", detail=True)
    result, at = small.result, small.result.position("plan")
    for row in small.effects[0].balance:
        if row.is_sum or row.kind not in ("spending", "relief"):
            continue
        sample = int((result.values(row.id, at) > 0).sum())
        assert row.few == (0 < sample < 50)
    few = [row for row in small.effects[0].balance if row.few]
    assert few
    assert "* fewer than 50 recipients in the sample" in text
    label = small.programme_labels[few[0].id].en
    assert f"  {label[0].lower()}{label[1:]}* " in text


def test_means_of_few_households_are_marked(small: Report) -> None:
    effect = small.effects[0]
    table = compare(small.result, effect.before, effect.after).winners_and_losers("all").frame
    sample = table[table["category"] == "all"].set_index("outcome")["sample"]
    for row in effect.gains:
        if row.concept == "disposable_income":
            assert row.few == (0 < sample[row.outcome] < 50)
    few = [row for row in effect.gains if row.few]
    assert few
    text = shown(small, "en").split("\nWho gains, who loses\n")[1]
    assert all(f"{row.mean_change:+,.0f}*" in text for row in few)
    assert text.count("* fewer than 50 households in the sample") == 1


def test_winners_and_losers_stand_in_two_concepts_with_a_memo(small: Report) -> None:
    text = shown(small, "en").split("\nWho gains, who loses\n")[1]
    for row in ("winners", "losers", "lose by contributions only", "unchanged", "all"):
        assert f"\n{row} " in text
    assert "disposable" in text
    assert "before saving" in text
    memo = small.enrolment
    assert f"{memo.persons:,.0f} persons join the employees' scheme" in text
    assert f"{memo.accrued_each:,.0f} yuan a month for life" in text


def test_amounts_carried_forward_stand_beside_the_columns(small: Report) -> None:
    carried = law(year=2025, carry="indexed").carried()
    assert small.carried
    for each in small.carried:
        assert carried[each.parameter].since == each.since
        assert carried[each.parameter].growth == each.growth
    section = shown(small, "en").split("\nTargets\n")[1].split("\nPublic balance\n")[0]
    assert f"{small.carried[0].en} {small.carried[0].since:%Y-%m}" in section
    assert f"{small.carried[0].since:%Y-%m-%d}" in shown(small, "en", detail=True)


def test_frozen_stands_in_both_forms_and_others_measures_in_a_column(small: Report) -> None:
    text = shown(small, "en", 400, detail=True).split("\nDetail\n")[1]
    head = next(line for line in text.splitlines() if line.startswith("indicator"))
    for name in ("frozen", "frozen, indexed", "in force", "credited elsewhere", "plan"):
        assert f" {name} " in head
    frozen = small.result.policies[small.result.position("frozen, indexed")]
    values = law("2022-07-01", uprated_to=2025).values
    assert frozen.values["basic_deduction"].datum == values["basic_deduction"].datum > 60_000


def test_growth_alone_does_not_reach_the_mean(small: Report) -> None:
    # 55,499 yuan in 2021 and 61,067 in 2023 (published) to 75,000 in 2025.
    needed, later = (75_000 / 55_499) ** 0.25 - 1, (75_000 / 61_067) ** 0.5 - 1
    text = " ".join(shown(small, "en").split())
    assert "was out of reach of growth alone" in text
    assert f"the target needs {needed:.1%} a year from 2021, or {later:.1%} from 2023" in text


def test_one_value_that_outweighs_half_of_the_plan_is_pointed_out(tmp_path: Path) -> None:
    path = tmp_path / "reform.yaml"
    path.write_text(
        "label: raise\n"
        "operations:\n"
        "  - {parameter: resident_basic_pension_standard, operation: set, value: 60000}\n"
        "  - {parameter: dibao_take_up_rate, operation: set, value: 0.9}\n",
        encoding="utf-8",
    )
    report = build_report(ReportRequest(households=400, reforms=(path,), model_range=False))
    assert [each.parameter for each in report.heavy] == ["resident_basic_pension_standard"]
    assert "more than half of the whole plan's" in shown(report, "en")
    assert "一半" in shown(report, "zh")


# What may stand in Latin letters in a Chinese report: names of commands and of parameters, and the
# marks of a reform that the user gave no Chinese name.
LATIN = re.compile(r"[A-Za-z]{2,}(?:[ ,;']+[A-Za-z]{2,}){2,}")


def english(text: str) -> list[str]:
    """Return runs of three and more Latin words that are no command."""
    plain = re.sub(r"olive [a-z]+( --[a-z]+( [a-z]+)?)*", "", text)
    return LATIN.findall(plain)


@pytest.mark.filterwarnings("ignore::olive.errors.LawWarning")
@pytest.mark.parametrize(
    "year", [2028, *(pytest.param(each, marks=pytest.mark.slow) for each in (None, 2023, 2021))]
)
def test_chinese_report_has_no_english_sentence(tmp_path: Path, year: int | None) -> None:
    path = tmp_path / "reform.yaml"
    path.write_text(
        "label: raise\n"
        "zh: 提高基础养老金\n"
        "operations:\n"
        "  - {parameter: resident_basic_pension_standard, operation: set, value: 60000}\n",
        encoding="utf-8",
    )
    report = build_report(ReportRequest(households=400, reforms=(path,), year=year))
    text = shown(report, "zh", detail=True, every_assumption=False)
    assert english(text) == []
    assert english("It says so here") == ["It says so here"]


def test_chinese_assumptions_have_no_fixed_phrases_in_english(small: Report) -> None:
    text = shown(small, "zh", every_assumption=True)
    for phrase in (
        "yuan",
        "carried forward",
        "as a stand-in",
        "from memory",
        "named assumption",
        "middle of the range",
        "neutral",
    ):
        assert phrase not in text, phrase
    assert english(re.sub(r"\(\w+\)", "", text)) == []
    for chinese in ("之后沿用：", "元/年", "假定"):
        assert chinese in text


def test_a_reform_on_the_plan_has_its_own_change(tmp_path: Path) -> None:
    path = tmp_path / "pension.yaml"
    path.write_text(
        "label: pension\n"
        "operations:\n"
        "  - {parameter: resident_basic_pension_standard, operation: add, value: 1200}\n",
        encoding="utf-8",
    )
    found = {}
    for base in ("law", "plan"):
        file = tmp_path / f"{base}.json"
        done = olive(
            "report",
            *FEW,
            "--no-model-range",
            "--reform",
            str(path),
            "--on",
            base,
            "--json",
            str(file),
        )
        assert done.returncode == 0, done.stderr
        content = json.loads(file.read_text(encoding="utf-8"))
        found[base] = content["effects"][1]["targets"][0]
        assert content["base"] == {"law": "in force", "plan": "plan"}[base]
        assert f"pension against {content['base']}" in done.stdout
        assert f"compared with '{content['base']}'" in done.stdout
    for base in ("law", "plan"):
        assert found[base]["change"] > 0
        assert found[base]["gap"] == pytest.approx(found[base]["after"] - 75_000)
    # on the plan the reform's column holds the plan as well
    assert found["plan"]["after"] > found["law"]["after"]


@pytest.mark.parametrize("label", ["indicator", "plan", "in force", "change"])
def test_a_label_that_is_another_column_is_refused_before_the_work(
    tmp_path: Path, label: str
) -> None:
    path = tmp_path / "reform.yaml"
    path.write_text(
        REFORM.replace("label: x", f"label: {label}") % ("dibao_standard", "set", 13000)
    )
    done = olive("report", "--population", "no_such_folder", "--reform", str(path))
    assert done.returncode == 1
    assert f"the label '{label}' is the name of another column" in done.stderr


def test_costs_of_programmes_that_few_receive_are_hidden_for_real_data(tmp_path: Path) -> None:
    city = Population.synthetic(households=150, seed=1)
    real = Population.from_frames(city.households, city.persons, year=2023)
    real.write(tmp_path / "city")
    file = tmp_path / "all.json"
    folder = ("--population", str(tmp_path / "city"))
    done = olive("report", *folder, "--json", str(file))
    assert done.returncode == 0, done.stderr
    content = json.loads(file.read_text(encoding="utf-8"))
    assert content["year"] == 2025  # incomes were brought there
    rows = [each for each in content["effects"][0]["balance"] if not each["is_sum"]]
    in_force = law(year=2025, carry="indexed")
    laws = [in_force, in_force | plan.scenario()]
    result = simulate(real.uprate(2025), laws, outputs=[each["id"] for each in rows])
    hidden = 0
    for each in rows:
        counts = [int((result.values(each["id"], at) > 0).sum()) for at in range(2)]
        if any(0 < count < 10 for count in counts):
            hidden += 1
            assert each["before"] is each["after"] is each["change"] is None, each["id"]
    assert 0 < hidden < len(rows)
    assert "Cells of fewer than 10 sample households are suppressed" in done.stdout
    assert done.stdout.startswith("olive report: Taizhou, 2025 (the plan's target year")
    chinese = olive("report", *folder, "--lang", "zh").stdout
    # every household of the file is its own cluster
    assert "1 层，150 个初级抽样单元；未计入校准" in "".join(chinese.split("\n"))
    # Intervals of the sample never stand under the heading of another doubt.
    detail = olive("report", *folder, "--detail").stdout
    table = detail.split("\nDetail\n")[1].split("\nNotes\n")[0]
    assert "interval" in table
    assert "recipe" not in table
    assert "after_low" in content["indicators"][0]
