"""Every worked case in tests/policy_cases holds."""

from pathlib import Path

import pytest

from olive.simulation.cases import Case, differences, read_cases

FILES = sorted((Path(__file__).parent / "policy_cases").rglob("*.yaml"))
CASES = [case for file in FILES for case in read_cases(file)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.name}")
def test_case(case: Case) -> None:
    found = differences(case)
    assert not found, "\n".join([*found, f"source: {case.source}"])


def test_names_are_unique_within_a_file() -> None:
    names = [(case.file, case.name) for case in CASES]
    assert len(names) == len(set(names))
