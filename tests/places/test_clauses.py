"""The clauses as data: complete, faithful to the text, and refused by name when unknown."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from importlib import resources

import pytest

from olive import plan
from olive.engine.yaml_loader import parse_yaml
from olive.errors import PlanError


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_counts_by_kind_are_those_of_a_reading_of_the_plan():
    assert Counter(clause.kind for clause in plan.clauses()) == {
        "income_lever": 81,
        "indicator": 57,
        "governance": 35,
        "cost_lever": 28,
        "labour_market_lever": 25,
        "target": 7,
    }


def test_identifiers_are_unique_in_the_file():
    content = (
        resources.files("olive.taizhou.plan").joinpath("clauses.yaml").read_text(encoding="utf-8")
    )
    entries = parse_yaml(content, "clauses.yaml")["clauses"]  # also refuses a repeated key
    identifiers = [entry["id"] for entry in entries]
    assert len(identifiers) == len(set(identifiers)) == len(plan.clauses()) == 233


@pytest.mark.parametrize("clause", plan.clauses(), ids=lambda clause: clause.id)
def test_quote_stands_in_the_plan(clause):
    assert clause.quote_zh == squeezed(clause.quote_zh)
    assert clause.quote_zh in squeezed(plan.text())


@pytest.mark.parametrize(
    ("clause_id", "value", "comparator", "year"),
    [  # read off the text by hand
        ("path.11.dibao_floor", 13_000, ">=", None),  # 1.3万元以上
        ("path.11.marginal_threshold", 2, "=", None),  # 提高到低保标准的2倍
        ("path.11.tekun_consumption_floor", 50, ">=", None),  # 不低于……的50%
        ("path.11.tekun_dibao_multiple", 1.3, ">=", None),  # 不低于低保标准的1.3倍
        ("path.10.pension_participation", 75, ">=", 2025),  # 达到75%
        ("path.2.new_urban_jobs", 400_000, ">=", 2025),  # 40万人
        ("group.3.8.self_employed_loans", 170_000_000_000, ">", 2025),  # 超1700亿元
        ("group.3.8.guarantee_fee", 1, "<=", None),  # 年化1%以下
        ("group.5.12.village_dividend_total", 1_000_000_000, ">=", 2025),  # 10亿元
        ("group.5.11.quality_farmers", 18_000, "=", None),  # 1.8万名
    ],
)
def test_quantities_read_by_hand(clause_id, value, comparator, year):
    quantity = plan.clause(clause_id).quantity
    assert (quantity.value, quantity.comparator, quantity.deadline_year) == (
        value,
        comparator,
        year,
    )


def test_chinese_numerals_of_the_quote_agree_with_comparators():
    """以上 and 不低于 never stand beside "at most", nor 以下 beside "at least"."""
    for clause in plan.clauses():
        if clause.quantity is None:
            continue
        if "以下" in clause.quote_zh:
            assert clause.quantity.comparator == "<=", clause.id
        if re.search("不低于|以上$", clause.quote_zh):
            assert clause.quantity.comparator == ">=", clause.id


def test_assumption_parameters_are_flat_names():
    names = {name for clause in plan.clauses() for name in clause.assumption_parameters}
    assert names
    assert all(re.fullmatch("[a-z][a-z0-9_]*", name) for name in names)


def test_what_needs_an_assumption_names_it_and_the_rest_does_not():
    for clause in plan.clauses():
        if clause.modellable == "assumption":
            assert clause.assumption_parameters, clause.id
        if clause.modellable == "no":
            assert not clause.assumption_parameters, clause.id


def test_section_headings_stand_in_the_plan():
    text = squeezed(plan.text()).replace("(", "（").replace(")", "）")
    for section in {clause.section for clause in plan.clauses()}:
        for heading in re.split("[、（）]", section):
            assert heading in text, section


def test_filters_combine():
    both = plan.clauses(kind="income_lever", group="disabled")
    assert [clause.id for clause in both] == [
        "group.9.22.disability_living",
        "group.9.22.disability_care",
    ]
    assert set(both) == set(plan.clauses(kind="income_lever")) & set(plan.clauses(group="disabled"))


def test_clauses_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        plan.clause("path.11.dibao_floor").kind = "governance"


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        (lambda: plan.clause("path.11.dibao_flor"), "path.11.dibao_floor"),
        (lambda: plan.clauses(kind="income_levers"), "income_lever"),
        (lambda: plan.clauses(group="disabld"), "disabled"),
        (lambda: plan.clauses(kind=["target"]), "target"),
        (lambda: plan.clauses(group=["disabled"]), "disabled"),
    ],
)
def test_unknown_names_are_refused_with_the_nearest(call, hint):
    with pytest.raises(PlanError, match=f"did you mean .*{re.escape(hint)}"):
        call()
