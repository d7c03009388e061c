"""Tables say what is implied by the model and what is driven by assumptions."""

import pytest

import olive


@pytest.fixture(scope="module")
def city() -> olive.Population:
    return olive.Population.synthetic(households=300, seed=2)


def notes(city: olive.Population, reform: olive.Reform) -> str:
    law = olive.law(year=2023)
    result = olive.simulate(city, [law, law | reform])
    table = olive.compare(result).group_table("county")
    return " ".join(note.en for note in table.notes)


def test_an_assumed_lever_is_named(city) -> None:
    found = notes(city, olive.Reform({"dibao_take_up_rate": 1.0}))
    assert "Model-implied" in found
    assert "Assumption-driven" in found
    assert "dibao_take_up_rate" in found


def test_a_published_figure_of_the_plan_is_no_assumption(city) -> None:
    operation = olive.plan.scenario("letter").operations[0]
    assert operation.status == "published"
    found = notes(city, olive.Reform.from_operations([operation]))
    assert "Model-implied" in found
    assert "Assumption-driven" not in found


def test_own_data_are_not_model_implied(city) -> None:
    own = olive.Population.from_frames(city.households, city.persons, year=2023)
    assert "Model-implied" not in notes(own, olive.Reform({"dibao_take_up_rate": 1.0}))
