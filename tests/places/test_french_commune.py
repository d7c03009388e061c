"""Somebody else's place: own columns, coin and brackets, no plan; nothing of Taizhou shows."""

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from olive_tests import commune
from rich.console import Console

import olive
from olive.errors import DataError, PlanError
from olive.native.immutable import FrozenMapping
from olive.places import Bracket, Label, register
from olive.population.growth import growth_data
from olive.report.build import build_report
from olive.report.files import write_json
from olive.report.html import write_html
from olive.report.request import ReportRequest
from olive.report.text import print_report

COMMUNE = register(
    olive.Place(
        name="saint-olive",
        label=Label("圣奥利夫", "Saint-Olive"),
        columns_file=Path(commune.__file__).parent / "columns.yaml",
        law_packages=("olive_tests.commune.law",),
        first_day=date(2023, 1, 1),
        currency=Label("欧元", "euro"),
        region_column="quartier",
        regions=FrozenMapping({"haut": Label("上城", "Haut"), "bas": Label("下城", "Bas")}),
        brackets=(Bracket("milieu", Label("中间户比例", "the middle"), 18_000.0, 45_000.0),),
    )
)
COPIES = 30
# The other place and the other coin; 元 also stands in 欧元 (euro) and 单元 (cell).
FOREIGN = re.compile("taizhou|zhejiang|yuan|dibao|台州|浙江|(?<![欧单])元|低保", re.IGNORECASE)


@pytest.fixture(scope="module")
def people() -> olive.Population:
    """Thirty times: a worker of 50,000, a couple of 20,000 and two children, one of 8,000."""
    copies = np.arange(3 * COPIES)
    kind = copies % 3
    homes = {
        "household_id": copies,
        "weight": np.array([100.0, 100.0, 50.0])[kind] / COPIES,
        "quartier": np.array(["haut", "bas", "bas"])[kind],
    }
    size = np.array([1, 4, 1])[kind]
    age, wage = [[40], [35, 36, 5, 8], [70]], [[50e3], [20e3, 0.0, 0.0, 0.0], [8e3]]
    persons = {
        "household_id": np.repeat(copies, size),
        "age": np.concatenate([age[each] for each in kind]),
        "salaire": np.concatenate([wage[each] for each in kind]),
    }
    return olive.Population.from_frames(homes, persons, year=2024, place=COMMUNE)


@pytest.fixture(scope="module")
def result(people):
    return olive.simulate(people, [COMMUNE.law(year=2023), COMMUNE.law(year=2024)])


def test_incomes_are_those_of_the_law(result) -> None:
    # 50,000 - 0.2 x 40,000; 20,000 - 0.2 x 10,000 + 2 x 1,000, then 2 x 1,500; 8,000
    assert result.values("disposable_income", 0)[:3].tolist() == [42_000.0, 20_000.0, 8_000.0]
    assert result.values("disposable_income", 1)[:3].tolist() == [42_000.0, 21_000.0, 8_000.0]


def test_targets_are_its_brackets(result) -> None:
    table = olive.compare(result).targets()
    rows = table.frame.set_index(["indicator", "definition"])
    # (42,000 x 100 + 21,000 x 100 + 8,000 x 50) / 550 persons; two of the three kinds in the middle
    mean = rows.loc[("per_capita_income", "persons"), "law 2024"]
    assert mean == pytest.approx(6_700_000 / 550)
    assert rows.loc[("milieu", "household"), "law 2024"] == pytest.approx(200 / 250)
    assert rows["target"].isna().all()
    assert set(rows["unit"]) == {"euro/year", "1", "ratio"}


def test_budget_and_gains_are_in_its_coin(result) -> None:
    compared = olive.compare(result)
    budget = compared.budget().frame.set_index("programme")
    assert budget.loc["family_allowance", "amount_after"] == pytest.approx(300_000.0)
    taxes = 100 * 8_000.0 + 100 * 2_000.0
    assert budget.loc["income_tax", "amount_after"] == pytest.approx(taxes)
    gains = compared.winners_and_losers("quartier")
    assert gains.units["mean_change"] == "euro/year"
    winners = gains.frame[(gains["category"] == "bas") & (gains["outcome"] == "winners")]
    assert winners["households"].iloc[0] == pytest.approx(100.0)
    assert winners["mean_change"].iloc[0] == pytest.approx(1_000.0)


@pytest.mark.parametrize("table", ["targets", "budget", "winners_and_losers", "crossings", "cells"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_tables_say_nothing_of_another_place(result, table: str, language) -> None:
    text = getattr(olive.compare(result), table)().to_markdown(language)
    assert not FOREIGN.search(text), text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_is_in_its_own_words(people, tmp_path, language) -> None:
    people.write(tmp_path / "people")
    report = build_report(ReportRequest(folder=tmp_path / "people"))
    assert report.policies == ("year before", "in force")
    console = Console(record=True, width=160, file=(tmp_path / "screen").open("w"))
    print_report(report, language, console, detail=True, every_assumption=True)
    write_html(report, tmp_path / "report.html", language)
    write_json(report, tmp_path / "report.json")
    text = console.export_text()
    page = re.sub(
        "<svg.*?</svg>|<style.*?</style>", "", (tmp_path / "report.html").read_text(), flags=re.S
    )
    for each in (text, page, (tmp_path / "report.json").read_text()):
        found = FOREIGN.search(each)
        assert not found, (found, each)
    assert COMMUNE.label.in_language(language) in text
    assert COMMUNE.currency.in_language(language) in text
    assert report.target_year is None
    assert all(row.target is None for each in report.effects for row in each.targets)


def test_reforms_are_laid_on_the_law_in_force(people, tmp_path) -> None:
    people.write(tmp_path / "people")
    reform = tmp_path / "reform.yaml"
    olive.Reform({"allocation": 2_000}, label="more").write(reform)
    report = build_report(ReportRequest(folder=tmp_path / "people", reforms=(reform,)))
    # 2 x 500 euro for 100 of the 250 households, 550 persons
    assert report.effects[1].change_of_income == pytest.approx(100 * 1_000 / 550)


def test_nothing_is_laid_on_a_plan_that_there_is_not(people, tmp_path) -> None:
    people.write(tmp_path / "people")
    with pytest.raises(PlanError, match="saint-olive"):
        build_report(ReportRequest(folder=tmp_path / "people", on="plan"))


def test_growth_paths_say_what_they_lack(tmp_path) -> None:
    paths = tmp_path / "growth.yaml"
    paths.write_text("components: {total: {columns: []}}\nlevels: {total: {2024: 1}}\n")
    place = COMMUNE.renamed("croissance", COMMUNE.label, growth_paths=paths)
    with pytest.raises(DataError, match=r"later.*prices.*prices"):
        growth_data(place)
