"""``OLIVE_VERIFY=1``: each run is made on both backends, which agree to the bit."""

from __future__ import annotations

import numpy as np
import pytest

import olive
from olive.engine import numpy_backend
from olive.errors import RuleError


@pytest.fixture(scope="module")
def city() -> olive.Population:
    return olive.Population.synthetic(households=400, seed=3)


@pytest.fixture(scope="module")
def policies() -> list[olive.Policy]:
    law = olive.law(year=2023)
    return [law, law | olive.plan.scenario()]


def test_both_backends_agree_to_the_bit(city, policies, monkeypatch) -> None:
    monkeypatch.setenv("OLIVE_VERIFY", "1")
    names = [name for name, rule in policies[0].rules.rules.items() if rule.entity is not None]
    sums = ["disposable_income", "individual_income_tax", "dibao"]
    found = {
        backend: olive.simulate(city, policies, outputs=names, totals=sums, backend=backend)
        for backend in ("numpy", "compiled")
    }
    assert found["numpy"].totals == found["compiled"].totals
    assert found["numpy"].population_totals == found["compiled"].population_totals


def test_a_difference_is_told(city, policies, monkeypatch) -> None:
    real = numpy_backend.run_step

    def off_by_one_bit(program, step, values, block):
        found = real(program, step, values, block)
        off = step.rule.name == "disposable_income"
        return np.nextafter(found, np.inf) if off else found

    monkeypatch.setattr(numpy_backend, "run_step", off_by_one_bit)
    olive.simulate(city, policies)  # nobody asked
    monkeypatch.setenv("OLIVE_VERIFY", "1")
    with pytest.raises(RuleError, match="backend differ in 'disposable_income' of policy 0"):
        olive.simulate(city, policies)
