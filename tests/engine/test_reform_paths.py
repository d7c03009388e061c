"""Phase-in paths: a value for each year, the last one carried, none before the first."""

from __future__ import annotations

from pathlib import Path

import pytest
from olive_tests.toy import PARAMETERS, parameter, people, rule_set

from olive.engine import Operation, Reform, policy_on
from olive.errors import ReformError

RULES = rule_set(
    parameters={**PARAMETERS, "standard": parameter("standard", 12_000.0)},
    topped=people("yuan/year")(lambda wage, standard: wage + standard),
)
STEPS = Reform.from_operations(
    [Operation("standard", "set", path={2025: 15_000, 2023: 13_000, 2024: 14_000})], label="steps"
)


def standard(year: int, reform: Reform) -> float:
    return (policy_on(RULES, f"{year}-07-01") | reform).values["standard"].datum


@pytest.mark.parametrize(
    ("year", "expected"), [(2023, 13_000), (2024, 14_000), (2025, 15_000), (2026, 15_000)]
)
def test_each_year_has_its_value_and_the_last_is_carried(year: int, expected: float) -> None:
    assert standard(year, STEPS) == expected
    assert standard(year, STEPS.at(year)) == expected
    (operation,) = STEPS.at(year).operations
    assert (operation.value, operation.path) == (expected, ())


def test_before_the_first_year_the_law_stands() -> None:
    assert standard(2022, STEPS) == policy_on(RULES, "2022-07-01").values["standard"].datum
    assert STEPS.at(2022).operations == ()


def test_a_whole_year_takes_the_value_of_that_year() -> None:
    policy = policy_on(RULES, year=2024) | STEPS
    assert policy.values["standard"].datum == 14_000


def test_without_a_path_every_year_is_alike() -> None:
    plain = Reform({"standard": 13_000}, label="plain", zh="不分年")
    assert plain.at(2020).operations == plain.operations
    assert (plain.at(2020).label, plain.at(2020).zh) == ("plain", "不分年")


def test_paths_are_written_and_read_again(tmp_path: Path) -> None:
    reform = Reform.from_operations(
        [
            Operation("standard", "add", path={2024: {"a": 1.5}}, credit="national"),
            Operation("standard", "set", 3, "c.1", "why", "law", "doc"),
        ],
        label="written",
    )
    reform.write(tmp_path / "reform.yaml")
    assert Reform.read(tmp_path / "reform.yaml").operations == reform.operations


def test_assumptions_are_what_is_neither_law_nor_published() -> None:
    by_status = {
        status: Operation("standard", "set", 1.0, status=status)
        for status in ("law", "published", "derived", "recalled", "proxy", "assumption")
    }
    reform = Reform.from_operations(by_status.values())
    assert [each.status for each in reform.assumptions] == [
        "derived",
        "recalled",
        "proxy",
        "assumption",
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("path: {2023: 1}, value: 2", "both are given"),
        ("path: {}", "value for each year"),
        ("path: 5", "value for each year"),
        ("path: {next: 1}", "'next' is no year"),
        ("path: {20: 1}", "20 is no year"),
        ("value: 1, plausible: {range: [2, 1], basis: b}", "runs from low to high"),
        ("value: 1, credit: natonal", "did you mean 'national'"),
        ("valu: 1", "did you mean 'value'"),
        ("clause: x", "`value` is missing"),
    ],
)
def test_faults_name_file_place_and_remedy(tmp_path: Path, change: str, expected: str) -> None:
    path = tmp_path / "reform.yaml"
    path.write_text(
        f"operations:\n  - {{parameter: standard, operation: set, {change}}}\n", encoding="utf-8"
    )
    with pytest.raises(ReformError, match=expected) as caught:
        Reform.read(path)
    assert "reform.yaml: operations[0]" in str(caught.value)


def test_an_unknown_parameter_is_refused_even_before_its_path_begins() -> None:
    late = Reform.from_operations([Operation("standart", "set", path={2030: 1.0})])
    with pytest.raises(ReformError, match="did you mean 'standard'"):
        policy_on(RULES, "2023-01-01") | late
