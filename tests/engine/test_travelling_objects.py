"""Policies, reforms, populations, results and comparisons are copied, compared and sent about."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

import olive
from olive.engine import Operation, person_rule, where


def reforms() -> list[olive.Reform]:
    stepped = Operation("dibao_standard", "at_least", path={2023: 12_000, 2025: 13_000})
    return [
        olive.Reform({"dibao_standard": 15_000.0}, label="floor", zh="托底"),
        olive.Reform({"dibao_standard": {"linhai": 15_000.0}}),
        olive.Reform(multiply={"dibao_standard": 1.1}) | {"dibao_exit_months": 12},
        olive.Reform.from_operations([stepped]),
    ]


@pytest.fixture(scope="module")
def law() -> olive.Policy:
    return olive.law(year=2023)


@pytest.fixture(scope="module")
def result(law) -> olive.Result:
    city = olive.Population.synthetic(households=50, seed=1)
    return olive.simulate(city, [law, law | {"dibao_standard": 15_000.0}], backend="numpy")


def everything(law, result) -> list[object]:
    comparison = olive.compare(result)
    changed = law | reforms()[0]
    return [*reforms(), law, changed, result.population, result, comparison, comparison.crossings()]


def test_pickle_copy_compare_and_hash(law, result) -> None:
    for thing in everything(law, result):
        for again in (
            pickle.loads(pickle.dumps(thing)),
            copy.copy(thing),
            copy.deepcopy(thing),
        ):
            assert type(again) is type(thing)
            assert again == thing
            assert hash(again) == hash(thing)
    assert len({*everything(law, result), *everything(law, result)}) == len(everything(law, result))


def test_the_same_content_is_the_same_object_to_a_reader(law) -> None:
    assert olive.law(year=2023) == law
    assert hash(olive.law(year=2023)) == hash(law)
    assert law | {"dibao_standard": 15_000} == law | {"dibao_standard": 15_000.0}
    assert law | {"dibao_standard": 15_000} != law | {"dibao_standard": 15_001}
    assert olive.law(year=2022) != law
    assert law.renamed("other") != law
    assert reforms() == reforms()
    assert reforms()[0] != olive.Reform({"dibao_standard": 15_000.0}, label="other")
    assert olive.Population.synthetic(households=50, seed=1) == olive.Population.synthetic(
        households=50, seed=1
    )
    assert olive.Population.synthetic(households=50, seed=1) != olive.Population.synthetic(
        households=50, seed=2
    )


def test_what_was_sent_cannot_be_changed_either(law, result) -> None:
    again = pickle.loads(pickle.dumps(law))
    with pytest.raises(TypeError, match="cannot be changed"):
        again.values["dibao_standard"] = None
    with pytest.raises(ValueError, match="read-only"):
        again.values["dibao_standard"].datum[:] = 0
    received = pickle.loads(pickle.dumps(result))
    with pytest.raises(ValueError, match="read-only"):
        received.values("disposable_income")[0] = 0.0
    with pytest.raises(AttributeError, match="cannot be changed"):
        pickle.loads(pickle.dumps(reforms()[0])).label = "x"


def digest_and_incomes(given: tuple[olive.Policy, olive.Reform]) -> tuple[str, np.ndarray]:
    policy, reform = given
    city = olive.Population.synthetic(households=50, seed=1)
    changed = policy | reform
    return changed.digest(), olive.simulate(city, changed, backend="numpy").values(
        "disposable_income"
    )


@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_process_pools(law, way) -> None:
    tasks = [(law, reform) for reform in reforms()[:2]]
    context = multiprocessing.get_context(way)
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        found = list(pool.map(digest_and_incomes, tasks, timeout=240))
    for (digest, incomes), task in zip(found, tasks, strict=True):
        expected = digest_and_incomes(task)
        assert digest == expected[0]
        assert np.array_equal(incomes, expected[1])


def returned(thing: object) -> tuple[object, str, int]:
    """Return what another process received, and what it is there."""
    return thing, repr(thing), hash(thing)


@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_everything_goes_to_another_process_and_back(law, result, way) -> None:
    things = everything(law, result)
    context = multiprocessing.get_context(way)
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        found = list(pool.map(returned, things, timeout=240))
    for (again, shown, _), thing in zip(found, things, strict=True):
        assert type(again) is type(thing)
        assert again == thing
        assert hash(again) == hash(thing)
        assert shown == repr(thing)


def incomes_of(result: olive.Result) -> np.ndarray:
    again = olive.simulate(result.population, result.policies, backend="numpy")
    return again.values("disposable_income", 1)


@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_a_result_that_was_sent_is_computed_again_alike(result, way) -> None:
    context = multiprocessing.get_context(way)
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        incomes = pool.submit(incomes_of, result).result(timeout=240)
    assert np.array_equal(incomes, result.values("disposable_income", 1))


def test_joblib_takes_results_and_comparisons(law, result) -> None:
    joblib = pytest.importorskip("joblib")
    things = everything(law, result)
    found = joblib.Parallel(n_jobs=2)(joblib.delayed(returned)(thing) for thing in things)
    assert [again for again, _, _ in found] == things


def test_joblib(law) -> None:
    joblib = pytest.importorskip("joblib")
    tasks = [(law, reform) for reform in reforms()[:2]]
    found = joblib.Parallel(n_jobs=2)(joblib.delayed(digest_and_incomes)(task) for task in tasks)
    assert [digest for digest, _ in found] == [digest_and_incomes(task)[0] for task in tasks]
    assert joblib.hash(law) == joblib.hash(pickle.loads(pickle.dumps(law)))


def test_rules_travel_by_their_module(law) -> None:
    from olive_tests.travelling_rules import care_bonus

    reform = olive.Reform(rules=[care_bonus], label="bonus")
    again = pickle.loads(pickle.dumps(reform))
    assert again == reform
    assert (law | again).digest() == (law | reform).digest()
    assert pickle.loads(pickle.dumps(law | reform)) == law | reform


def test_rules_that_no_other_process_finds(law) -> None:
    @person_rule(unit="yuan/year")
    def local_bonus(age):
        return where(age >= 80, 1.0, 0.0)

    reform = olive.Reform(rules=[local_bonus])
    assert copy.deepcopy(reform) == reform
    assert copy.deepcopy(law | reform) == law | reform
    with pytest.raises(pickle.PicklingError, match=r"'local_bonus' .* at the top of a module"):
        pickle.dumps(reform)
