"""Saved results come back bit by bit; what was changed, damaged or made elsewhere is told."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest

import olive
from olive.engine import household_rule
from olive.errors import DataError, OutputError

LAW = olive.law(year=2023)
OUTPUTS = ("disposable_income", "dibao", "wage", "household_size", "is_retired")


@pytest.fixture(scope="module")
def result():
    city = olive.Population.synthetic(households=100, seed=1)
    reform = olive.Reform({"dibao_standard": {"sanmen": 15_000.0}}, label="sanmen")
    policies = [LAW, LAW | olive.plan.scenario(), LAW | reform]
    outputs = [name for name in OUTPUTS if name in LAW.rules.rules]
    return olive.simulate(city, policies, outputs=outputs, seed=7)


@pytest.fixture
def saved(result, tmp_path):
    result.save(tmp_path / "run")
    return tmp_path / "run"


def test_a_result_comes_back_bit_by_bit(result, saved) -> None:
    again = olive.load(saved)
    assert again.provenance == result.provenance
    assert (again.labels, again.outputs) == (result.labels, result.outputs)
    assert (again.totals, again.population_totals) == (result.totals, result.population_totals)
    assert (again.notes, again.seed, again.backend) == (result.notes, result.seed, result.backend)
    assert list(again.arrays) == list(result.arrays)
    for key, array in result.arrays.items():
        assert again.arrays[key].dtype == array.dtype
        assert np.array_equal(again.arrays[key], array)
        assert not again.arrays[key].flags.writeable


def test_what_is_asked_of_it_is_answered_alike(result, saved) -> None:
    again = olive.load(saved)
    one, two = (olive.cliffs(each, policy=1).frame for each in (result, again))
    assert one.equals(two)
    texts = [olive.explain(each, "dibao", 3, policy=1).text("zh") for each in (result, again)]
    assert texts[0] == texts[1]


def test_saving_again_replaces_and_leaves_nothing_behind(result, saved) -> None:
    result.save(saved)
    names = sorted(each.name for each in saved.iterdir())
    assert names == [
        "population",
        "result.json",
        "variables_of_households.parquet",
        "variables_of_persons.parquet",
    ]
    assert olive.load(saved).provenance == result.provenance


def changed(path, **more):
    content = json.loads(path.read_text(encoding="utf-8")) | more
    content.pop("checksum")
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    content["checksum"] = hashlib.sha256(text.encode()).hexdigest()
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def test_a_result_of_another_version_is_told(result, saved) -> None:
    record = saved / "result.json"
    policies = json.loads(record.read_text(encoding="utf-8"))["policies"]
    policies[0]["digest"] = "of another law"
    changed(record, policies=policies, olive="0.0.1")
    with pytest.raises(DataError, match=r"saved by olive 0\.0\.1 under 'law 2023'"):
        olive.load(saved)
    changed(record, form=99)
    with pytest.raises(DataError, match="is a result of form 99"):
        olive.load(saved)


def test_changed_and_damaged_files_are_told(result, saved) -> None:
    record, table = saved / "result.json", saved / "variables_of_households.parquet"
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace('"seed": 7', '"seed": 8'), encoding="utf-8")
    with pytest.raises(DataError, match="was changed since it was written"):
        olive.load(saved)
    record.write_text(text, encoding="utf-8")
    content = table.read_bytes()
    table.write_bytes(content[: len(content) // 2])
    with pytest.raises(DataError, match="cannot be read as Parquet"):
        olive.load(saved)
    other = olive.simulate(result.population, LAW, seed=8)
    other.save(saved.parent / "other")
    (saved.parent / "other" / table.name).replace(table)
    with pytest.raises(DataError, match="do not belong together"):
        olive.load(saved)


def test_refusals(result, tmp_path) -> None:
    with pytest.raises(DataError, match="there is no result in"):
        olive.load(tmp_path)
    (tmp_path / "result.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(DataError, match="is no record of a result"):
        olive.load(tmp_path)
    (tmp_path / "result.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match="cannot be read"):
        olive.load(tmp_path)
    with pytest.raises(OutputError, match="cannot be used as a folder"):
        result.save(tmp_path / "result.json")

    @household_rule(unit="1", en="a pair", zh="两倍")
    def pair(household_size):
        return 2.0 * household_size

    own = LAW | olive.Reform(rules=[pair], label="pair")
    with pytest.raises(DataError, match="has rules of its own"):
        olive.simulate(result.population, own).save(tmp_path / "own")
    assert not (tmp_path / "own").exists()
