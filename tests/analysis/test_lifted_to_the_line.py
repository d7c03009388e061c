"""Dibao fills every family exactly to the line, so nobody is below it, whatever the rounding."""

import numpy as np
import pandas as pd
import pytest

import olive

COUNT = 1_000


@pytest.mark.filterwarnings("ignore:person table, employee_pension")
def test_families_that_dibao_lifts_to_the_line_are_not_poor():
    draw = np.random.default_rng(0)
    size = draw.integers(1, 6, COUNT)
    homes = pd.DataFrame(
        {"household_id": np.arange(COUNT), "weight": 1.0, "county": "linhai", "urban": True}
    )
    people = pd.DataFrame(
        {
            "household_id": np.repeat(np.arange(COUNT), size),
            "age": 65,
            "labour_status": "retired",
            "employee_pension": np.round(draw.uniform(0, 9_000, size.sum()), 2),
        }
    )
    survey = olive.Population.from_frames(homes, people, year=2023)
    # Children elsewhere are left out: what they are presumed to pay is no income of the family.
    before = olive.law(year=2023) | {"kin_support_share": 0.0}
    after = before | {"dibao_standard": 13_000.0, "dibao_take_up_rate": 1.0}
    result = olive.simulate(survey, [before, after])
    per_head = result.values("disposable_income", 1) / survey.size
    # Sums of pensions and dibao are rounded: some families stand a hair below the line.
    assert (per_head < 13_000.0).any()
    assert per_head == pytest.approx(13_000.0, abs=1e-9)
    table = olive.compare(result, smallest_cell=0).targets().frame
    poor = table[(table["line"] == 13_000.0)].set_index("indicator")
    assert (poor[result.labels[1]] == 0.0).all()
    assert set(poor.index) == {"headcount", "poverty_gap"}
