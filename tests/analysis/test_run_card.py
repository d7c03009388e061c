"""Records of runs: what was written is found again, what was changed is told."""

from __future__ import annotations

import shutil

import pytest
import yaml
from typer.testing import CliRunner

import olive
from olive.cli.commands import app
from olive.errors import DataError

LAW = olive.law(year=2023)


@pytest.fixture(scope="module")
def city():
    return olive.Population.synthetic(households=120, seed=1)


@pytest.fixture(scope="module")
def written(city, tmp_path_factory):
    file = tmp_path_factory.mktemp("cards") / "card.yaml"
    reform = olive.Reform({"dibao_standard": {"sanmen": 15_000.0}}, label="sanmen")
    result = olive.simulate(city, [LAW, LAW | olive.plan.scenario(), LAW | reform], seed=7)
    olive.write_card(result, file, command=["here"])
    return file


@pytest.fixture
def card(written, tmp_path):
    """A copy of the card, which a test may change."""
    return shutil.copy(written, tmp_path / "card.yaml")


def differing(table):
    return table.frame.loc[table["same"] == "no", "what"].tolist()


def test_a_run_is_found_again(card, city) -> None:
    assert differing(olive.verify_card(card, city)) == []
    content = yaml.safe_load(card.read_text(encoding="utf-8"))
    assert content["seed"] == 7
    (moved,) = content["policies"][2]["reform"]["operations"]
    assert moved["parameter"] == "dibao_standard"
    assert moved["value"]["sanmen"] == 15_000.0
    assert moved["status"] == "assumption"


def test_what_was_changed_is_told(card, city) -> None:
    content = yaml.safe_load(card.read_text(encoding="utf-8"))
    content["results"][0]["values"][1] += 1.0
    content["olive"] = "0.0.1"
    card.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    names = differing(olive.verify_card(card, city))
    assert names[0] == "olive"
    assert len(names) == 2
    assert names[1].startswith(content["results"][0]["indicator"])


def test_other_data_are_told(card) -> None:
    other = olive.Population.synthetic(households=120, seed=2)
    assert "population" in differing(olive.verify_card(card, other))


def test_a_figure_of_the_law_that_moved_is_told(card, city) -> None:
    content = yaml.safe_load(card.read_text(encoding="utf-8"))
    content["policies"][0]["digest"] = "of another law"
    card.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    assert differing(olive.verify_card(card, city)) == ["rules"]


def test_refusals(card, city, tmp_path) -> None:
    with pytest.raises(DataError, match="not the shipped sample"):
        olive.verify_card(card)
    content = yaml.safe_load(card.read_text(encoding="utf-8")) | {"form": 99}
    card.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(DataError, match="record of form 99"):
        olive.verify_card(card, city)
    other = tmp_path / "other.yaml"
    other.write_text("a: 1", encoding="utf-8")
    with pytest.raises(DataError, match="no record of a run"):
        olive.verify_card(other)


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("population", lambda card: card.update(population="none")),
        ("policies", lambda card: card["policies"][0].pop("digest")),
        ("seed", lambda card: card.update(seed="seven")),
        (r"results\[2\]", lambda card: card["results"][2].pop("values")),
        (r"results\[0\]", lambda card: card["results"][0]["values"].pop()),
        (r"results\[1\]", lambda card: card["results"][1].update(values=["a", "b", "c"])),
        (r"results\[0\]", lambda card: card.update(results=None)),
        (r"results\[0\]", lambda card: card["results"][0].update(intervals=[[1.0]])),
    ],
)
def test_a_damaged_record_is_refused(card, city, part, change) -> None:
    content = yaml.safe_load(card.read_text(encoding="utf-8"))
    change(content)
    card.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DataError, match=f"{part} of the record is damaged"):
        olive.verify_card(card, city)


def test_an_indicator_that_is_not_known_is_told(card, city) -> None:
    content = yaml.safe_load(card.read_text(encoding="utf-8"))
    content["results"][0]["indicator"] = "another"
    card.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    assert any("another" in each for each in differing(olive.verify_card(card, city)))


def test_commands(city, tmp_path) -> None:
    city.write(tmp_path / "city")
    folder = ["--population", str(tmp_path / "city")]
    run = CliRunner().invoke
    written = run(app, ["record", str(tmp_path / "run.yaml"), *folder])
    assert written.exit_code == 0, written.output
    again = run(app, ["verify", str(tmp_path / "run.yaml"), *folder, "--lang", "zh"])
    assert again.exit_code == 0, again.output
    assert "核对运行记录" in again.output
    assert "人均可支配收入基尼系数，全体居民" in again.output
    assert "2023 年法规 | 方案全面落实 · " in again.output


def test_the_reform_of_a_card_is_a_reform_file(card, tmp_path) -> None:
    policies = yaml.safe_load(card.read_text(encoding="utf-8"))["policies"]
    plan = LAW | olive.plan.scenario()
    file = tmp_path / "reform.yaml"
    file.write_text(yaml.safe_dump(policies[1]["reform"], allow_unicode=True), encoding="utf-8")
    assert (LAW | olive.Reform.read(file)).digest() == plan.digest()
    for name, value in plan.uncertain().items():
        assert policies[1]["uncertain"][name]["status"] == value.status


@pytest.mark.slow  # quick: a run is found again
def test_cards_of_real_data_hold_intervals(city, tmp_path) -> None:
    real = olive.Population.from_frames(city.households, city.persons, year=2023)
    result = olive.simulate(real, [LAW, LAW | olive.plan.scenario()], seed=7)
    olive.write_card(result, tmp_path / "card.yaml")
    content = yaml.safe_load((tmp_path / "card.yaml").read_text(encoding="utf-8"))
    shown = olive.compare(result).targets().frame
    for row, entry in zip(shown.itertuples(), content["results"], strict=True):
        if row.after_low == row.after_low:
            assert entry["intervals"][1] == pytest.approx([row.after_low, row.after_high])
    assert differing(olive.verify_card(tmp_path / "card.yaml", real)) == []
    content["results"][0]["intervals"][1][0] -= 1.0
    (tmp_path / "card.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    (told,) = differing(olive.verify_card(tmp_path / "card.yaml", real))
    assert told.endswith(", from")
