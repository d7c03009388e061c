"""A table as people see it: on a terminal of 80 columns, in a notebook, in both languages."""

from __future__ import annotations

import pandas as pd
import pytest
from rich.cells import cell_len

import olive
from olive.analysis import Label, Table

WIDE = {f"figure_{number}": 1_234_567.0 + number for number in range(12)}


def table(frame: pd.DataFrame, *names: str, synthetic: bool = False, note: str = "") -> Table:
    """Return a table whose columns are figures in yuan, but for those of names."""
    return Table(
        frame=frame,
        title=Label("表", "a table"),
        units={name: "" if name in names else "yuan" for name in frame.columns},
        labels={name: Label(f"中文{name}", name) for name in frame.columns},
        notes=(Label(f"中文{note}", note),) if note else (),
        synthetic=synthetic,
    )


def widest(text: str) -> int:
    return max(map(cell_len, text.splitlines()))


def test_print_shows_every_column_and_row_in_80_columns() -> None:
    frame = pd.DataFrame([{"county": "linhai", **WIDE}, {"county": "sanmen", **WIDE}])
    shown = str(table(frame, "county"))
    assert widest(shown) <= 80
    assert "..." not in shown
    for name, value in WIDE.items():
        assert name in shown
        assert shown.count(f"{value:,.0f}") == 2
    # Each block names its rows again.
    assert shown.count("linhai") == shown.count("sanmen") > 1


def test_what_is_printed_speaks_the_language_of_the_process(monkeypatch) -> None:
    shown = table(pd.DataFrame([{"county": "linhai", "figure": 1_234.0}]), "county", note="a note")
    monkeypatch.setenv("OLIVE_LANG", "zh")
    for text in (str(shown), shown._repr_html_()):
        assert all(word in text for word in ("表", "中文county", "中文figure", "中文a note"))
    monkeypatch.setenv("OLIVE_LANG", "en")
    assert str(shown) == shown.to_text("en")


@pytest.mark.parametrize("width", [60, 80, 120])
def test_chinese_takes_two_columns(width) -> None:
    frame = pd.DataFrame([{"group": "技能人才与科研人员以及高校毕业生" * 3, **WIDE}])
    shown = table(frame, "group", note="很长的说明，" * 30).to_text("zh", width=width)
    assert widest(shown) <= width
    assert "中文figure_11" in shown.replace("\n", "")


def test_a_wide_page_takes_more_columns_side_by_side() -> None:
    frame = pd.DataFrame([{"county": "linhai", **WIDE}])
    assert table(frame, "county").to_text(width=200).count("linhai") == 1


def test_rows_of_one_name_stand_under_it_and_a_figure_tells_equal_names_apart() -> None:
    frame = pd.DataFrame(
        {"way": ["up", "up", "down"], "bound": [100.0, 200.0, 100.0], "number": [1.0, 2.0, 3.0]}
    )
    lines = [line.split() for line in str(table(frame, "way")).splitlines()]
    # up heads two rows, told apart by the bound; the single row of down is a line of its own.
    assert ["up"] in lines
    assert ["100", "1"] in lines
    assert ["200", "2"] in lines
    assert ["down", "·", "100", "3"] in lines


def test_figures_alone_and_texts_alone_are_shown() -> None:
    figures = str(table(pd.DataFrame({"rank": [1.0, 2.0], "income": [10.0, 20.0]})))
    assert [line.split() for line in figures.splitlines()[-2:]] == [["1", "10"], ["2", "20"]]
    texts = str(table(pd.DataFrame({"rule": ["tax"], "clause": ["path.1"]}), "rule", "clause"))
    assert "tax · path.1" in texts
    assert "a table" in str(table(pd.DataFrame({"rule": []}), "rule"))


def test_it_is_said_first_that_data_are_synthetic_and_notes_come_last() -> None:
    frame = pd.DataFrame({"county": ["linhai"], "income": [1.0]})
    lines = str(table(frame, "county", synthetic=True, note="a note")).splitlines()
    assert lines[0].startswith("SYNTHETIC DATA")
    assert lines[-1] == "a note"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "name",
    [
        "budget",
        "crossings",
        "distribution",
        "group_table",
        "growth_incidence",
        "progressivity",
        "targets",
        "winners_and_losers",
    ],
)
def test_tables_of_a_comparison_fit(city_result, name, language) -> None:
    shown = getattr(olive.compare(city_result), name)().to_text(language)
    assert widest(shown) <= 80


def test_every_answer_says_of_which_year_its_households_are(city_result) -> None:
    city, (law, *_) = city_result.population, city_result.policies
    plan = olive.plan.scenario()
    lever = {"resident_basic_pension_standard": olive.Limits(1.0, 2.0, "factor")}
    for answer in (
        olive.reach(city, law, lever, targets={"per_capita_income": 10_000.0}).targets,
        olive.growth_and_shape(city_result),
        olive.uncertainty(city, law, plan, ["training_wage_return"], draws=2),
        olive.transitions(city_result),
        olive.vulnerability(city_result),
    ):
        assert f"Households of {city.year}." in [note.en for note in answer.notes]


def test_what_a_notebook_shows(city_result) -> None:
    comparison = olive.compare(city_result)
    reform = olive.Reform({"dibao_standard": 15_000}, label="a <b> c")
    for thing, words in [
        (city_result, ("500", "SYNTHETIC DATA", "give", "disposable_income")),
        (comparison, ("law", "both", "SYNTHETIC DATA", "winners_and_losers()", "targets()")),
        (city_result.policies[0], ("2023", "parameters", "rules", "assumption")),
        (reform, ("dibao_standard", "15000", "set", "a &lt;b&gt; c")),
        (comparison.budget(), ("SYNTHETIC DATA", "dibao")),
    ]:
        shown = thing._repr_html_()
        assert shown.startswith("<table>")
        for word in words:
            assert word in shown, (type(thing), word)
