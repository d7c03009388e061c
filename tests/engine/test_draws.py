"""Draws are uniform, independent, and a function of seed, stream, household and person alone."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from olive_tests.toy import both, policy, run, select, small, tables
from scipy import stats

from olive.engine import draw, evaluate_with
from olive.engine.draws import household_keys, stream_key, uniform
from olive.errors import DataError
from olive.native.mixing import mix

COUNT = 50_000
RULES = {
    "first": draw("first"),
    "second": draw("second"),
    "home": draw("first", key="household"),
    "place": draw("first", key="village"),
}
STREAMS = ["take_up", "take_up_2", "", "领取低保", "hired"]
# Identifiers as people use them: counted from 0, large steps, codes with the place in front.
IDS = {
    "counted": np.arange(COUNT),
    "steps of 2^20": np.arange(COUNT) << 20,
    "high bits only": np.arange(COUNT, dtype=np.uint64) << np.uint64(47),
    "place and number": 331_000_000_000 + np.arange(COUNT) % 9 * 10**9 + np.arange(COUNT),
    "negative": -np.arange(COUNT) - 1,
}


def test_reference_values() -> None:
    """The finaliser of splitmix64: first outputs for state 0 and 1234567 as published.

    Steele, Lea and Flood (2014); values as in the reference C code by S. Vigna
    (state += golden gamma, then the finaliser).
    """
    golden = 0x9E3779B97F4A7C15
    state = np.array([golden, 2 * golden % 2**64], dtype=np.uint64)
    assert mix(state).tolist() == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4]
    seeded = np.array([(1_234_567 + golden * k) % 2**64 for k in (1, 2, 3)], dtype=np.uint64)
    assert mix(seeded).tolist() == [6457827717110365317, 3203168211198807973, 9817491932198370423]


@pytest.mark.parametrize("ids", IDS.values(), ids=list(IDS))
def test_uniform_over_households_and_over_persons(ids) -> None:
    for stream in STREAMS:
        for seed in (0, 1):
            key = stream_key(seed, stream)
            homes = uniform(key, ids)
            persons = uniform(key, ids[: COUNT // 5].repeat(5), np.tile(np.arange(5), COUNT // 5))
            for drawn in (homes, persons):
                assert drawn.min() >= 0
                assert drawn.max() < 1
                # 200 tests in all: by chance the smallest p-value lies below 1e-6 once in 5,000.
                assert stats.kstest(drawn, "uniform").pvalue > 1e-6
                # Every 64th of the unit interval gets its share.
                counts = np.bincount((drawn * 64).astype(int), minlength=64)
                assert stats.chisquare(counts).pvalue > 1e-6


def test_independent_streams_seeds_persons_and_neighbours() -> None:
    ids = np.arange(COUNT)
    series = {
        **{stream: uniform(stream_key(0, stream), ids) for stream in STREAMS},
        "other seed": uniform(stream_key(1, "take_up"), ids),
        "next household": uniform(stream_key(0, "take_up"), ids + 1),
        **{
            f"person {number}": uniform(stream_key(0, "take_up"), ids, np.full(COUNT, number))
            for number in range(4)
        },
    }
    for (first, x), (second, y) in itertools.combinations(series.items(), 2):
        table = np.histogram2d(x, y, bins=8, range=[[0, 1], [0, 1]])[0]
        expected = np.full(64, COUNT / 64)
        assert stats.chisquare(table.ravel(), expected).pvalue > 1e-7, (first, second)
        assert abs(np.corrcoef(x, y)[0, 1]) < 5 / np.sqrt(COUNT), (first, second)


def test_no_two_alike() -> None:
    """53 bits: among a million draws two are equal with probability 6e-5."""
    drawn = uniform(stream_key(3, "s"), np.arange(1_000_000))
    assert np.unique(drawn).size == drawn.size


@pytest.mark.parametrize("backend", ["numpy", "compiled"])
def test_only_the_household_itself_counts(backend) -> None:
    """Taking households away, or changing their order, changes nobody else's draws."""
    table = tables(2_100, largest=3)
    whole = run(table, policy(**RULES), *RULES, seed=5, backend=backend)
    random = np.random.default_rng(0)
    rows = random.permutation(2_100)[:1_300]
    part = run(select(table, rows), policy(**RULES), *RULES, seed=5, backend=backend)
    members = np.concatenate([np.arange(table.starts[row], table.starts[row + 1]) for row in rows])
    assert (part["first"] == whole["first"][members]).all()
    assert (part["second"] == whole["second"][members]).all()
    assert (part["home"] == whole["home"][rows]).all()
    assert (part["place"] == whole["place"][rows]).all()


def test_seed_and_stream_change_every_draw() -> None:
    table = tables(50)
    found = both(table, policy(**RULES), *RULES, seed=1)
    other = both(table, policy(**RULES), *RULES, seed=2)
    for name in RULES:
        assert (found[name] != other[name]).all()
    assert (found["first"] != found["second"]).all()


def test_same_key_same_draw() -> None:
    table = tables(100)
    place = both(table, policy(**RULES), "place")["place"]
    village = table.households["village"]
    assert len(set(zip(village.tolist(), place.tolist(), strict=True))) == len(
        set(village.tolist())
    )


def test_stream_does_not_depend_on_the_name_of_the_variable() -> None:
    table = small([1, 1, 1])
    found = run(table, policy(a=draw("same"), b=draw("same")), "a", "b")
    assert (found["a"] == found["b"]).all()


WITHOUT_NULL = st.characters(
    codec="utf-8", exclude_characters="\0"
)  # numpy cuts it off at the end of text
LAW = policy(home=draw("s", key="household"), own=draw("s"))


def drawn(ids):
    return evaluate_with(LAW, ["home", "own"], {"household_id": ids})


@settings(max_examples=25, deadline=None)
@example([0, 2**63])
@example([-1, 2**63, 7])
@given(
    st.one_of(
        st.lists(st.integers(-(2**63), 2**63 - 1), min_size=2, max_size=8, unique=True),
        st.lists(
            st.integers(-(10**30), 10**30), min_size=2, max_size=8, unique_by=lambda x: x % 2**64
        ),
        st.lists(st.text(WITHOUT_NULL), min_size=2, max_size=8, unique=True),
    )
)
def test_identifiers_of_any_size_or_text(ids) -> None:
    found = drawn(ids)
    assert len(set(found["home"].tolist())) == len(ids)
    backwards = drawn(ids[::-1])
    assert (backwards["home"][::-1] == found["home"]).all()
    alone = drawn(ids[-1:])
    assert alone["home"][0] == found["home"][-1]
    assert alone["own"][0] == found["own"][-1]


def test_whole_floats_are_whole_numbers() -> None:
    assert (drawn([1.0, 7.0])["home"] == drawn([1, 7])["home"]).all()


@pytest.mark.parametrize(
    "ids", [[0.5, 1.0], [1.0, float("nan")], [None, 1], [1e300, 2.0], [(1,), (2,)]]
)
def test_other_identifiers_are_refused(ids) -> None:
    with pytest.raises(DataError, match=r"household_id"):
        drawn(ids)


def test_keys_agree_with_those_of_a_population() -> None:
    population = pytest.importorskip("olive.population.identity")
    for ids in ([5, -5], ["ab", "领"], [2**70, 3]):
        array = np.array(ids, dtype=object) if ids[0] == 2**70 else np.array(ids)
        expected = population.household_keys(population.identifiers(ids))
        assert household_keys(array).tolist() == expected.tolist()
