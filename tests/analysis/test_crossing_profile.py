"""Who crosses a bound: counted with pandas, and laws that hold of any crossing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import olive
from olive.errors import DataError

LAW = olive.law(year=2023)


@pytest.fixture(scope="module")
def result():
    city = olive.Population.synthetic(households=800, seed=3)
    both = [LAW, LAW | olive.Reform({"dibao_standard": 40_000, "dibao_take_up_rate": 1.0})]
    return olive.simulate(city, both, seed=2)


def test_counts_and_shares_are_those_of_pandas(result) -> None:
    bound = 60_000.0
    table = olive.crossing_profile(result, bound=bound, by=["county"])
    was, now = (result.values("disposable_income", at) for at in (0, 1))
    homes = result.population.households.assign(was=was, now=now)
    homes = homes[~homes["collective"].astype(bool)]
    below = homes[homes["was"] < bound]
    crossing, staying = below[below["now"] >= bound], below[below["now"] < bound]
    assert len(crossing) > 10
    whole = table.frame[table["aspect"] == "all"].iloc[0]
    assert whole["sample"] == len(crossing)
    assert whole["households"] == pytest.approx(crossing["weight"].sum())
    rows = table.frame[table["aspect"] == "county"].set_index("category")
    for own, name in ((crossing, "share"), (staying, "share_of_others")):
        shares = own.groupby("county", observed=True)["weight"].sum() / own["weight"].sum()
        for county, share in shares.items():
            assert rows.loc[county, name] == pytest.approx(share)


def test_benefits_moved_them_all_when_nothing_else_changes(result) -> None:
    frame = olive.crossing_profile(result, bound=60_000.0).frame.set_index(["aspect", "category"])
    # Dibao, and subsidies that end at a multiple of its standard.
    assert frame.loc["instrument"]["share"].sum() == pytest.approx(1.0)
    assert frame.loc[("instrument", "dibao"), "share"] > 0.5
    moved = frame.loc["moved"]
    assert moved.loc["net_transfer_income", "share"] == pytest.approx(1.0)
    for aspect in ("source", "moved", "size", "household_type", "urban", "group"):
        assert frame.loc[aspect]["share"].sum() == pytest.approx(1.0), aspect


def test_urban_and_rural_households_stand_under_what_tells_them_apart(result) -> None:
    lines = olive.crossing_profile(result, bound=60_000.0).to_text("zh").splitlines()
    at = next(row for row, line in enumerate(lines) if line.strip() == "城乡")
    assert [line.split()[0] for line in lines[at + 1 : at + 3]] == ["乡村", "城镇"]


def test_the_way_down_is_the_way_up_of_the_policies_turned(result) -> None:
    up = olive.crossing_profile(result, bound=60_000.0).frame
    down = olive.crossing_profile(result, bound=60_000.0, direction="down", before=1, after=0).frame
    whole = [frame[frame["aspect"] == "all"].iloc[0] for frame in (up, down)]
    assert whole[0]["households"] == whole[1]["households"] > 0.0
    sizes = [frame.loc[frame["aspect"] == "size", "share"].tolist() for frame in (up, down)]
    assert sizes[0] == pytest.approx(sizes[1])
    nobody = olive.crossing_profile(result, bound=60_000.0, direction="down").frame
    assert nobody["households"].eq(0.0).all()
    assert np.isnan(nobody["share"]).all()


def test_refusals(result) -> None:
    for more, fault in [
        ({"bound": -1.0}, "the bound must be an income above 0"),
        ({"definition": "persons"}, "definition 'persons' is unknown"),
        ({"direction": "u"}, "direction 'u' is unknown"),
        ({"by": ["countie"]}, "did you mean 'county'"),
    ]:
        with pytest.raises(DataError, match=fault):
            olive.crossing_profile(result, **more)


def test_data_that_do_not_tell_the_key_groups_have_a_profile_without_them() -> None:
    ids = np.arange(40)
    homes = pd.DataFrame({"household_id": ids, "weight": 1.0, "county": "linhai", "urban": True})
    pensions = np.repeat([90_000.0, 150_000.0], 20)
    people = pd.DataFrame(
        {"household_id": ids, "age": 70, "labour_status": "retired", "employee_pension": pensions}
    )
    law = olive.law(year=2023)
    city = olive.Population.from_frames(homes, people, year=2023)
    more = law | olive.Reform({"old_age_allowance_from_80": 1.0})
    profile = olive.crossing_profile(olive.simulate(city, [law, more]))
    assert "county" in profile["aspect"].to_numpy()
    assert "group" not in profile["aspect"].to_numpy()
    assert any("Without key groups: the data lack" in note.en for note in profile.notes)
    with pytest.raises(DataError, match="the key groups need the column"):
        olive.crossing_profile(olive.simulate(city, [law, more]), by=["group"])
