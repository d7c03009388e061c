"""What each part of the plan contributes: shipped for one population, told by what it is for."""

from __future__ import annotations

import pytest

import olive
from olive import plan
from olive.analysis.heavy_values import sentence_on_plan
from olive.analysis.plan_parts import plan_parts, write_plan_parts
from olive.places.place import YUAN


@pytest.fixture(scope="module")
def city():
    return olive.Population.synthetic(households=120, seed=2)


@pytest.fixture(scope="module")
def law():
    return olive.law(year=2023)


@pytest.fixture(scope="module")
def file(city, law, tmp_path_factory):
    path = tmp_path_factory.mktemp("parts") / "parts.json"
    write_plan_parts(city, law, seed=1, file=path)
    return path


def test_contributions_add_up_to_the_effect_of_the_plan(city, law, file):
    found = plan_parts(city, law, seed=1, file=file)
    *parts, together = found.parts
    result = olive.simulate(
        city, [law.renamed("law"), (law | plan.scenario()).renamed("plan")], seed=1
    )
    targets = olive.compare(result, model_range=False).targets().frame
    for row in targets[targets["line"].isna()].to_dict("records"):
        key = row["indicator"], row["definition"]
        assert together.figures[key] == pytest.approx(row["change"], abs=1e-6)
        total = sum(part.figures[key] for part in parts)
        assert total == pytest.approx(row["change"], abs=1e-6)


def test_values_that_outweigh_half_of_the_plan_do_so_alone(city, law, file):
    found = plan_parts(city, law, seed=1, file=file)
    whole = found.parts[-1].figures["per_capita_income", "persons"]
    assert found.heavy
    changes = [abs(each.change) for each in found.heavy]
    assert changes == sorted(changes, reverse=True)
    assert min(changes) > abs(whole) / 2
    first = found.heavy[0]
    (operation, *_) = [x for x in plan.scenario().operations if x.parameter == first.parameter]
    alone = law | olive.Reform.from_operations([operation])
    result = olive.simulate(city, [law.renamed("law"), alone.renamed("alone")], seed=1)
    mean = olive.compare(result, model_range=False).targets().frame["change"].iloc[0]
    assert first.change == pytest.approx(mean, abs=1e-6)
    said = sentence_on_plan(found.heavy, YUAN)
    assert first.label.zh in said.zh
    assert f"({first.change:+,.0f})" in said.en
    assert sentence_on_plan((), YUAN) is None


def test_figures_of_other_data_policies_or_seeds_are_not_used(city, law, file):
    other = olive.Population.synthetic(households=120, seed=3)
    assert plan_parts(other, law, seed=1, file=file) is None
    assert plan_parts(city, law, seed=2, file=file) is None
    assert plan_parts(city, law | {"dibao_standard": 20_000}, seed=1, file=file) is None
    assert plan_parts(city, law, seed=1, file=file) is not None
