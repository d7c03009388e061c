"""Formulas in words and numbers, in English and Chinese, as a person would write them."""

# ruff: noqa: PLW0108 - the argument names of a lambda are what the rule reads
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from olive_tests.toy import COLUMNS, PARAMETERS, homes, parameter, people, policy, run, tables

from olive.engine import (
    Column,
    clip,
    draw,
    floor,
    formula_text,
    formula_with_numbers,
    household_any,
    household_count,
    household_max,
    household_rank,
    household_sum,
    lookup,
    maximum,
    minimum,
    of,
    plain_numpy,
    population_sum,
    schedule,
    subgroup_sum,
    where,
)
from olive.errors import DataError, RuleError

YEARLY = "yuan/year"
LABELLED = {
    **COLUMNS,
    "age": Column("age", "person", unit="year", zh="年龄", en="age"),
    "married": Column("married", "person", "bool", "bool", zh="已婚", en="married"),
    "urban": Column("urban", "household", "bool", "bool", zh="城镇", en="lives in an urban area"),
    "grade": Column(
        "grade", "person", "code", codes=COLUMNS["grade"].codes, zh="等级", en="grade of disability"
    ),
    "county": Column(
        "county", "household", "code", codes=COLUMNS["county"].codes, zh="县", en="county"
    ),
}
FIGURES = {
    **PARAMETERS,
    "allowance": parameter("allowance", 60_000.0, zh="起付线", en="Basic allowance"),
    "grant": parameter(
        "grant", [0.0, 1_200.0, 3_600.0, 6_000.0], by=("grade",), zh="补贴", en="Grant"
    ),
    "tax": parameter("tax", PARAMETERS["tax"].history[0].datum, zh="税率表", en="Tax schedule"),
    "premium": parameter(
        "premium", np.arange(12).reshape(3, 4), by=("county", "grade"), zh="保费", en="premium"
    ),
}


def law(**rules):
    return policy(columns=LABELLED, parameters=FIGURES, **rules)


def words(formula, unit=YEARLY, language="en", *, declare=people):
    """Return the words of a formula without its heading, from the rule set alone."""
    variable = declare(unit, en="V", zh="V")(formula)
    text = formula_text(law(v=variable).rules, "v", language)
    return text.split(" =", 1)[1].strip()


@pytest.mark.parametrize(
    ("formula", "english", "chinese"),
    [
        (lambda wage, rate: wage * rate, "wage × rate", "工资 × rate"),
        (
            lambda wage, rent, rate: (wage - rent) * rate,
            "(wage − rent) × rate",
            "（工资 − 房租） × rate",
        ),
        (lambda wage, rent: wage - (rent - wage), "wage − (rent − wage)", "工资 − （房租 − 工资）"),
        (lambda wage, rent: wage - rent + wage, "wage − rent + wage", "工资 − 房租 + 工资"),
        (lambda wage, rate: wage / (2 * rate), "wage ÷ (2 × rate)", "工资 ÷ （2 × rate）"),
        (lambda wage, rate: wage * rate / 2, "wage × rate ÷ 2", "工资 × rate ÷ 2"),
        (lambda wage: -wage + 12_345.678, "−wage + 12,345.68", "−工资 + 12,345.68"),
        (
            lambda wage, allowance: maximum(wage - allowance, 0),
            "wage − basic allowance, at least 0",
            "工资 − 起付线，不低于 0",
        ),
        (lambda wage: minimum(500, wage), "wage, at most 500", "工资，不高于 500"),
        (
            lambda wage, rent, allowance: clip(wage, rent, allowance * 3),
            "wage, at least rent and at most basic allowance × 3",
            "工资，不低于 房租，不高于 起付线 × 3",
        ),
        (
            lambda wage, rent: maximum(wage, rent) * 2,
            "(the larger of wage and rent) × 2",
            "（工资 与 房租 中较大者） × 2",
        ),
        (
            lambda wage, rent, allowance: minimum(minimum(wage, rent), allowance),
            "the smallest of wage, rent and basic allowance",
            "工资、房租 与 起付线 中最小者",
        ),
        (
            lambda wage: floor(wage / 100) * 100,
            "(wage ÷ 100 rounded down) × 100",
            "（工资 ÷ 100 向下取整） × 100",
        ),
        (
            lambda wage, tax, allowance: schedule(wage - allowance, tax),
            "tax schedule on wage − basic allowance",
            "工资 − 起付线 按税率表累进计算",
        ),
        (
            lambda grant, grade, rate: lookup(grant, grade) * rate,
            "(grant for grade of disability) × rate",
            "等级对应的补贴 × rate",
        ),
        (
            lambda premium, county: lookup(premium, county, 2),
            "premium for county, severe",
            "县、severe对应的保费",
        ),
        (
            lambda wage, married: wage * married,
            "wage if married, else 0",
            "若 已婚 则 工资，否则 0",
        ),
    ],
)
def test_words(formula, english, chinese) -> None:
    assert words(formula) == english
    assert words(formula, language="zh") == chinese


@pytest.mark.parametrize(
    ("formula", "english", "chinese"),
    [
        (lambda age: (age >= 18) & (age < 60), "age ≥ 18 and age < 60", "年龄 ≥ 18 且 年龄 < 60"),
        (
            lambda age, married, urban: married | urban & (age > 3),
            "married or (lives in an urban area and age > 3)",
            "已婚 或 （城镇 且 年龄 > 3）",
        ),
        (
            lambda married, urban, generous: (married & urban) & generous,
            "married and lives in an urban area and generous",
            "已婚 且 城镇 且 generous",
        ),
        (
            lambda married, urban: ~married & ~(urban | married),
            "not married and not (lives in an urban area or married)",
            "非已婚 且 非（城镇 或 已婚）",
        ),
        (lambda grade: grade == 2, "grade of disability = severe", "等级 = severe"),
        (lambda county: county != 0, "county ≠ north", "县 ≠ north"),
        (lambda wage: wage <= 1e6, "wage ≤ 1,000,000", "工资 ≤ 1,000,000"),
        (
            lambda covered, grade: lookup(covered, grade),
            "covered for grade of disability",
            "等级对应的covered",
        ),
    ],
)
def test_words_of_conditions(formula, english, chinese) -> None:
    assert words(formula, "bool") == english
    assert words(formula, "bool", "zh") == chinese


CASES = {
    "benefit": people(YEARLY, en="Benefit of the child", zh="儿童津贴")(
        lambda age, grant, grade, wage, allowance: where(
            age < 3,
            3_600,
            where((age < 18) & (wage == 0), lookup(grant, grade), maximum(wage - allowance, 0)),
        )
    )
}


def test_one_line_for_each_case() -> None:
    assert formula_text(law(**CASES).rules, "benefit") == (
        "Benefit of the child (yuan/year) =\n"
        "  3,600, if age < 3\n"
        "  grant for grade of disability, if age < 18 and wage = 0\n"
        "  (wage − basic allowance, at least 0), otherwise"
    )
    assert formula_text(law(**CASES).rules, "benefit", "zh") == (
        "儿童津贴（元/年） =\n"
        "  若 年龄 < 3：3,600\n"
        "  若 年龄 < 18 且 工资 = 0：等级对应的补贴\n"
        "  否则：工资 − 起付线，不低于 0"
    )


def test_numbers_stop_at_the_case_that_holds() -> None:
    row = {"age": 9, "wage": 0.0, "grade": 2}
    assert formula_with_numbers(law(**CASES), "benefit", row) == (
        "Benefit of the child (yuan/year) =\n"
        "  3,600, if age (9) < 3: no\n"
        "  grant for grade of disability (severe) (3,600), if age (9) < 18 and wage (0) = 0: yes\n"
        "  = 3,600"
    )
    row = {"age": 40, "wage": 61_234.5, "grade": 0}
    assert formula_with_numbers(law(**CASES), "benefit", row, "zh") == (
        "儿童津贴（元/年） =\n"
        "  若 年龄（40） < 3：3,600（否）\n"
        "  若 年龄（40） < 18 且 工资（61,234.5） = 0：等级（none）对应的补贴（0）（否）\n"
        "  否则：（工资（61,234.5） − 起付线（60,000），不低于 0）\n"
        "  = 1,234.5"
    )


def test_schedule_with_its_brackets_and_what_falls_into_them() -> None:
    charge = people(YEARLY, en="Tax", zh="税")(lambda wage, tax: 1 * schedule(wage, tax))
    assert formula_text(law(charge=charge), "charge") == (
        "Tax (yuan/year) = "
        "1 × (tax schedule on wage (3 % above 0; 10 % above 36,000; 20 % above 144,000))"
    )
    assert formula_with_numbers(law(charge=charge), "charge", {"wage": 50_000}) == (
        "Tax (yuan/year) = "
        "1 × (tax schedule on wage (50,000) (36,000 × 3 % + 14,000 × 10 %)) = 2,480"
    )
    assert formula_with_numbers(law(charge=charge), "charge", {"wage": -5}, "zh") == (
        "税（元/年） = 1 × （工资（−5） 按税率表累进计算（0）） = 0"
    )


def test_parameters_show_their_value_under_a_policy() -> None:
    rules = {"levy": people(YEARLY)(lambda wage, rate, generous: where(generous, wage * rate, 0))}
    assert "wage × rate (0.08), if generous (yes)" in formula_text(law(**rules), "levy")
    after = law(**rules) | {"rate": 0.1, "generous": False}
    assert "wage × rate (0.1), if generous (no)" in formula_text(after, "levy")
    assert "wage × rate, if generous\n" in formula_text(after.rules, "levy")


DECLARED = {
    "wages": (
        household_sum("wage", zh="全户工资"),
        "sum of wage over the household",
        "本户工资合计",
    ),
    "oldest": (household_max("age"), "largest age in the household", "本户年龄最大值"),
    "couples": (
        household_count("married"),
        "number of persons in the household for whom married holds",
        "本户已婚的人数",
    ),
    "some": (
        household_any("married"),
        "whether married holds for anyone in the household",
        "本户是否有人已婚",
    ),
    "place": (
        household_rank("wage"),
        "rank of wage in the household (0 = largest)",
        "工资在本户的位次（0 为最大）",
    ),
    "together": (
        subgroup_sum("wage", by="unit_number"),
        "sum of wage over the persons of the household with the same unit number",
        "本户中unit_number相同的成员工资合计",
    ),
    "partner": (of("spouse", "wage"), "wage of the person that spouse names", "spouse的工资"),
    "luck": (
        draw("hired"),
        "random number between 0 and 1, one for each person (stream hired)",
        "0 到 1 之间的随机数，每人一个（hired）",
    ),
    "fortune": (
        draw("s", key="household"),
        "random number between 0 and 1, one for each household (stream s)",
        "0 到 1 之间的随机数，每户一个（s）",
    ),
    "lot": (
        draw("s", key="county"),
        "random number between 0 and 1, one for each county (stream s)",
        "0 到 1 之间的随机数，每个县一个（s）",
    ),
    "all_wages": (
        population_sum("wage"),
        "weighted total of wage over the population",
        "工资的总体加权合计",
    ),
    "root": (
        plain_numpy(people("1")(lambda wage, rent: np.sqrt(wage + rent))),
        "computed from wage, rent",
        "由工资、房租计算",
    ),
}


@pytest.mark.parametrize("name", DECLARED)
def test_rules_that_are_no_formula(name) -> None:
    rule, english, chinese = DECLARED[name]
    rules = law(**{name: rule}).rules
    assert formula_text(rules, name).endswith(english)
    assert formula_text(rules, name, "zh").endswith(chinese)


def test_members_of_a_household() -> None:
    rule = {"wages": household_sum("wage", zh="全户工资", en="Wages")}
    row = {"wage": [90_000.0, 0.0, 1.5], "wages": 90_001.5}
    assert formula_with_numbers(law(**rule), "wages", row) == (
        "Wages (yuan/year) = sum of wage over the household: 90,000 + 0 + 1.5 = 90,001.5"
    )
    rule = {"some": household_any("married", en="Somebody", zh="有人")}
    row = {"married": [True, False], "some": True}
    assert (
        formula_with_numbers(law(**rule), "some", row, "zh")
        == "有人 = 本户是否有人已婚：是、否 = 是"
    )
    assert formula_with_numbers(law(**rule), "some", {}).endswith("for anyone in the household")


def test_labels() -> None:
    rules = {
        "long": people(YEARLY, en="The base: a sentence that says more than a name can")(
            lambda wage: wage
        ),
        "sum_of_all": homes(YEARLY)(lambda rent: rent),
        "last": people(YEARLY, en="Result")(lambda long, sum_of_all: long + sum_of_all),
    }
    text = formula_text(law(**rules).rules, "last")
    assert text == "Result (yuan/year) = long + sum of all"
    assert formula_text(law(**rules).rules, "last", "zh") == "last（元/年） = long + sum_of_all"


def test_population_totals_are_given_like_variables() -> None:
    rules = {
        "all_wages": population_sum("wage", en="All wages"),
        "part": people("1", en="Part")(lambda wage, all_wages: wage / all_wages),
    }
    row = {"wage": 5_000, "all_wages": 2e6}
    assert formula_with_numbers(law(**rules), "part", row) == (
        "Part = wage (5,000) ÷ all wages (2,000,000) = 0.0025"
    )


def test_errors() -> None:
    with pytest.raises(RuleError, match=r"no variable 'benefits' \(did you mean 'benefit'"):
        formula_text(law(**CASES), "benefits")
    with pytest.raises(RuleError, match=r"no language 'fr'; use 'en' or 'zh'"):
        formula_text(law(**CASES), "benefit", "fr")
    with pytest.raises(DataError, match=r"formula of 'benefit' needs a figure for age, grade$"):
        formula_with_numbers(law(**CASES), "benefit", {"wage": 3})


TABLE = tables(12, seed=5)
MIXED = {
    "a": people(YEARLY)(
        lambda wage, rent, rate, urban: where(urban, wage * rate, clip(wage, rent, 9_000))
    ),
    "b": people("bool")(lambda age, married, grade: ((age > 40) | ~married) & (grade != 1)),
    "c": people(YEARLY)(
        lambda a, tax, premium, county, grade: schedule(a, tax) + lookup(premium, county, grade)
    ),
    "d": people(YEARLY)(lambda c, b, rent: floor(c * b) - minimum(rent, -c) / 7),
}


@given(st.integers(0, TABLE.count("person") - 1))
def test_the_result_is_that_of_the_engine(row) -> None:
    """The number after the last equals sign is what a run computes for that row."""
    current = law(**MIXED)
    found = run(TABLE, current, *MIXED)
    home = int(np.searchsorted(TABLE.starts, row, side="right") - 1)
    values = {name: column[row] for name, column in TABLE.persons.items()}
    values |= {name: column[home] for name, column in TABLE.households.items()}
    values |= {name: array[row] for name, array in found.items()}
    for name in MIXED:
        shown = formula_with_numbers(current, name, values).rsplit("= ", 1)[1]
        if name == "b":
            assert shown == ("yes" if found[name][row] else "no")
        else:
            number = float(shown.replace(",", "").replace("−", "-"))
            assert number == pytest.approx(found[name][row], rel=1e-5, abs=0.005)
