"""Every parameter that a lever of the plan moves stands in a worked case."""

from __future__ import annotations

from pathlib import Path

import pytest

from olive import plan
from olive.engine.yaml_loader import read_yaml

CASES = Path(__file__).parent.parent / "policy_cases"
WORDS = {"set", "at_least", "at_most", "multiply", "add"}


def parameters_in_cases() -> set[str]:
    reforms = [
        entry.get("reform", {})
        for path in sorted(CASES.rglob("*.yaml"))
        for entry in read_yaml(path)
    ]
    found: set[str] = set()
    for reform in reforms:
        for name, content in reform.items():
            found |= set(content) if name in WORDS else {name}
    return found


@pytest.mark.parametrize("topic", sorted({each.topic for each in plan.levers()}))
def test_every_parameter_of_a_lever_has_a_worked_case(topic: str) -> None:
    moved = {name for each in plan.levers() if each.topic == topic for name in each.parameters}
    assert moved - parameters_in_cases() == set()
