"""Validation: files of figures, casting back, and the model range."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import olive
from olive.china.recipes.other_spreads import spread_variants
from olive.china.recipes.recipe import load_recipe
from olive.errors import DataError
from olive.population import DataWarning, Population
from olive.population.measures.published_figures import PublishedFigure
from olive.report.validation_words import figure_name
from olive.validation.published import published_figures
from olive.validation.validation import validate
from olive.validation.validation_page import validation_page, write_validation


def figure(measure: str, where: str = "", entity: str = "person", **changes) -> PublishedFigure:
    fields = {
        "id": measure + where + entity,
        "value": 1.0,
        "year": 2023,
        "at": 2023,
        "unit": "",
        "entity": entity,
        "measure": measure,
        "where": where,
        "tolerance": 0.01,
        "block": "made up",
        "role": "fit",
        "status": "published",
        "source": "by hand",
    }
    return PublishedFigure(**(fields | changes))


def test_shipped_targets_hold_together():
    checks = {each.id: each for each in published_figures()}
    components = ("wage", "operating", "property", "transfers")
    assert sum(checks[f"income.{name}.2023"].value for name in components) == 61_067
    counties = [each.value for name, each in checks.items() if name.startswith("county.")]
    # counties are published in hundreds of persons
    assert sum(counties) == pytest.approx(checks["persons"].value, abs=200)
    ages = [each.value for name, each in checks.items() if name.startswith("age.")]
    assert sum(ages) == checks["persons"].value
    assert checks["persons.family"].value / checks["households.family"].value == pytest.approx(
        2.48, abs=0.005
    )
    assert {each.role for each in checks.values()} == {"fit", "held_out"}
    assert all(each.source for each in checks.values())


def test_every_shipped_figure_has_a_chinese_name():
    for each in published_figures():
        name = figure_name(each.id, "zh", olive.place())
        assert any("\u4e00" <= letter <= "\u9fff" for letter in name), each.id


HEADER = "id,value,year,unit,entity,measure,where,status,source,role\n"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("a,1,2023,persons,persn,count,,published,x,fit", ["line 2", "did you mean 'person'"]),
        ("a,1,2023,persons,person,cuont,,published,x,fit", ["did you mean 'count'"]),
        ("a,1,2023,persons,person,count,,publishd,x,fit", ["did you mean 'published'"]),
        ("a,1,2023,persons,person,count,,published,x,heldout", ["did you mean 'held_out'"]),
        ("a,x,2023,persons,person,count,,published,x,fit", ["line 2", "'x'"]),
        ("a,1,2023,yuan,person,mean,,published,x,fit", ["needs a variable"]),
        ("a,1,2023,share,person,bracket:houshold:1:2,,published,x,fit", ["household"]),
        (
            "a,1,2023,share,household,fifth:wage:6,,published,x,fit",
            ["fifths are 1, 2, 3, 4 and 5, not 6"],
        ),
        ("a,1,2023,persons,person,count,age ! 3,published,x,fit", ["line 2", "cannot be read"]),
        ("a,1,2023,share,person,share:age ! 3,,published,x,fit", ["line 2", "cannot be read"]),
        ("a,1,2023,p,person,count,,law,x,\na,1,2023,p,person,count,,law,x,", ["repeated: a"]),
    ],
)
def test_faults_of_a_file_of_targets(tmp_path, rows, words):
    path = tmp_path / "targets.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        published_figures(path)
    for word in words:
        assert word in str(caught.value)


def test_other_places_need_a_file(tmp_path):
    with pytest.raises(DataError, match=r"no place 'taizhu' is installed \(did you mean 'taizhou'"):
        published_figures(place="taizhu")
    with pytest.raises(DataError, match="cannot be read"):
        published_figures(tmp_path / "nowhere.csv")
    (tmp_path / "short.csv").write_text("id,value\na,1\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"no column 'entity', 'measure', .* 'status'"):
        published_figures(tmp_path / "short.csv")


def town() -> Population:
    households = pd.DataFrame(
        {
            "household_id": [1, 2],
            "weight": [100.0, 300.0],
            "county": "linhai",
            "urban": [True, False],
        }
    )
    persons = pd.DataFrame(
        {
            "household_id": [1, 1, 2],
            "age": [40, 10, 50],
            "labour_status": ["employee", "child", "farmer"],
            "operating_income": [0.0, 0.0, 30_000.0],
        }
    )
    return Population.from_frames(households, persons, year=2023)


def test_money_is_compared_in_its_own_year_and_heads_as_they_stand():
    wanted = [
        figure("mean:net_operating_income", "urban == false", id="now", value=30_000.0),
        figure("mean:net_operating_income", "urban == false", id="then", year=2022, at=2022),
        figure("count", id="heads", year=2020, at=2020, value=500.0),
        figure("count", id="nobody", value=None, status="missing"),
    ]
    found = validate(town(), wanted).set_index("id")
    assert found.loc["now", "synthetic"] == pytest.approx(30_000)
    assert found.loc["now", "met"]
    # cast back alone: rural operating income of 2022, see the tests of uprating
    earlier = town().uprate(2022).persons["operating_income"].to_numpy()[2]
    assert earlier < 30_000
    assert found.loc["then", "synthetic"] == pytest.approx(earlier)
    # 2 x 100 + 1 x 300 persons, a census of 2020 beside the people of 2023
    assert found.loc["heads", "miss"] == pytest.approx(0.0)
    assert np.isnan(found.loc["nobody", "published"])
    assert found.loc["nobody", "met"] is None


def test_before_and_after_stand_side_by_side():
    city = town()
    calibrated = city.with_weights([200.0, 300.0])
    found = validate(calibrated, [figure("count", value=700.0)], before=city)
    # 2 x 100 + 300 = 500 before, 2 x 200 + 300 = 700 after
    assert found[["before", "synthetic"]].to_numpy().tolist() == [[500.0, 700.0]]
    assert "(before 校准前 500)" in validation_page(found, calibrated)


def test_a_miss_is_shown_not_hidden():
    found = validate(town(), [figure("count", value=400.0), figure("share", "age < 5", value=0.0)])
    assert found["miss"].tolist() == [pytest.approx(0.25), 0.0]
    assert found["met"].tolist() == [False, True]
    page = validation_page(found, town())
    assert "+25.00%" in page
    assert "**no 否**" in page


@pytest.mark.parametrize(
    ("one", "word"),
    [
        (figure("mean:disposible_income"), "did you mean 'disposable_income'"),
        (figure("count", "agee > 3"), "did you mean 'age'"),
        (figure("sum:rent_paid"), "lacks the columns rent_paid"),
    ],
)
def test_unknown_names_are_refused(one, word):
    with pytest.raises(DataError, match=word):
        validate(town(), [one])


def test_figures_whose_columns_are_absent_are_left_out_and_named():
    wanted = [
        figure("count", id="heads", value=500.0),
        figure("sum:rent_paid", id="rents"),
        figure("count", "disability_grade > 0", id="disabled"),
        # No column says who is collective, so all 400 households are families.
        figure("count", "collective == false", id="families", entity="household", value=400.0),
    ]
    with pytest.warns(DataWarning, match=r"rents \(rent_paid\), disabled \(disability_grade\)"):
        found = validate(town(), wanted)
    assert found["id"].tolist() == ["heads", "families"]
    assert found["met"].tolist() == [True, True]


@pytest.mark.filterwarnings("ignore::olive.population.DataWarning")
def test_an_own_survey_is_compared_with_the_figures_that_olive_ships():
    found = validate(town())
    assert 10 < len(found) < len(published_figures())
    own = found.set_index("id")
    # 30,000 yuan of 300 farmers and nothing else in the town of 500 persons; nobody in Wenling.
    assert own.loc["income.operating.2023", "synthetic"] == pytest.approx(18_000, rel=1e-6)
    assert np.isnan(own.loc["income.wenling.2022", "synthetic"])
    assert not own.loc["income.wenling.2022", "met"]


@pytest.fixture(scope="module")
def city() -> Population:
    return Population.synthetic(households=6_000, seed=2)


def test_cast_back_of_the_synthetic_city_meets_the_published_means(city):
    wanted = [each for each in published_figures() if each.block in {"income", "income cast back"}]
    found = validate(city, wanted, model_range=False).set_index("id")
    assert found.loc["income.2023", "synthetic"] == pytest.approx(61_067, rel=0.01)
    assert found.loc["income.2021", "synthetic"] == pytest.approx(55_499, rel=0.01)
    assert found.loc["income.rural.2021", "synthetic"] == pytest.approx(35_400, rel=0.015)


def test_variants_of_the_spread(city):
    arrays = city.arrays().households
    income = olive.simulate(city, olive.law(year=2023)).values("disposable_income")
    recipe = load_recipe("taizhou", 2023)
    variants = list(spread_variants(recipe, city, arrays["urban"], income))
    assert len(variants) == 18  # two shapes, three factors, three size gradients
    assert variants[0] == pytest.approx(income)  # the recipe's own spread
    weight, size = city.weight, city.size
    for moved in variants:
        for here in (arrays["urban"], ~arrays["urban"]):
            # every variant keeps the mean of towns and of the country
            assert weight[here] @ moved[here] == pytest.approx(weight[here] @ income[here])

    def log_spread(values):
        used = values > 0
        logs, heads = np.log(values[used] / size[used]), (weight * size)[used]
        middle = heads @ logs / heads.sum()
        return float(np.sqrt(heads @ (logs - middle) ** 2 / heads.sum()))

    # own shape: factors 1, 0.9, 1.1 on log spread within town and country, own size gradient
    own, narrow, wide = (log_spread(variants[number]) for number in (0, 3, 6))
    assert narrow < own < wide


def test_model_range_encloses_the_value_and_is_for_the_spread_only(city):
    wanted = [
        figure("bracket:three_person:100000:500000", entity="household", id="share", value=0.7),
        figure("count", id="heads"),
    ]
    found = validate(city, wanted).set_index("id")
    share = found.loc["share"]
    assert share["low"] <= share["synthetic"] <= share["high"]
    assert share["high"] - share["low"] > 0.02
    assert np.isnan(found.loc["heads", "low"])


def test_seeds_differ_and_need_a_population_as_it_was_drawn(city):
    found = validate(city, [figure("mean:wage_income", id="wage")], seeds=1)
    row = found.iloc[0]
    # two seeds: the mean lies half way, the standard deviation is the distance over root two
    assert row["seed_mean"] == pytest.approx((row["seed_low"] + row["seed_high"]) / 2)
    distance = row["seed_high"] - row["seed_low"]
    assert row["seed_spread"] == pytest.approx(distance / np.sqrt(2))
    assert row["synthetic"] in {row["seed_low"], row["seed_high"]}
    assert distance > 0
    with pytest.raises(DataError, match="as it was drawn"):
        validate(city.uprate(2024), [figure("count")], seeds=1)
    with pytest.raises(DataError, match="as it was drawn"):
        validate(town(), [figure("count")], seeds=1)


def test_seeds_of_a_recipe_that_says_whose_law_it_applies():
    """Zhejiang's population carries a note about Taizhou's law; nothing was done to it."""
    drawn = Population.synthetic(300, seed=3, place="zhejiang", year=2021)
    wanted = [figure("count", entity="household")]
    row = validate(drawn, wanted, seeds=2, model_range=False).iloc[0]
    # 26,126,657 families and 1,245,948 collective households, whatever the seed
    for name in ("seed_low", "seed_mean", "seed_high"):
        assert row[name] == pytest.approx(27_372_605, rel=1e-6), name
    with pytest.raises(DataError, match="as it was drawn"):
        validate(drawn.with_weights(drawn.weight, note="calibrated"), wanted, seeds=1)
    other = replace(drawn, origin=replace(drawn.origin, recipe="0" * 64))
    with pytest.raises(DataError, match="as it was drawn"):
        validate(other, wanted, seeds=1)


def test_page_is_written_and_says_what_it_is(city, tmp_path):
    wanted = [
        figure("count", id="heads", value=6_622_888.0),
        figure("share", "age < 5", id="small"),
    ]
    found = validate(city, wanted)
    path = write_validation(found, city, tmp_path / "deep" / "validation.md")
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# Validation")
    assert "not real people" in text
    assert "| heads | 2023 |" in text
    assert "held out" in text  # the medians that the fits of the shapes were not given
    assert [item.name for item in path.parent.iterdir()] == ["validation.md"]


@pytest.mark.parametrize(
    ("growth", "mean"),
    # the plan's aim; 62.01 % of persons live in town: 0.6201 x 73,879 x 1.0434 x 1.043 +
    # 0.3799 x 40,153 x 1.0614 x 1.058 = 66,987
    [("plan", 75_000), ("trend", 66_987)],
)
def test_growth_paths_reach_their_mean_after_the_law(city, growth, mean):
    later = city.uprate(2025, growth=growth)
    income = olive.simulate(later, olive.law(year=2025)).values("disposable_income")
    # taxes and benefits do not grow with incomes, so the mean is met within half a per cent
    assert later.weight @ income / (later.weight @ later.size) == pytest.approx(mean, rel=0.005)
