"""A run over tables with the same columns is prepared once; nothing of the data is remembered."""

import sys
from collections import defaultdict

import numpy as np
import pytest
from olive_tests.toy import homes, people, policy, tables

from olive.engine import (
    compiled_backend,
    household_sum,
    machine_program,
    passes,
    plain_numpy,
    population_sum,
    run_policies,
)
from olive.engine.program_builder import ProgramBuilder
from olive.engine.tables import Tables
from olive.errors import RuleError
from olive.native import machine_library


@people("yuan/year")
def levy(wage, rate):
    return wage * rate


@homes("yuan/year")
def left(wages, rent, levies):
    return wages - rent - levies


@homes("1")
def part(rent, rents):
    return rent / rents


RULES = {
    "wages": household_sum("wage"),
    "levies": household_sum("levy"),
    "rents": population_sum("rent"),
}
LAW = policy(levy=levy, left=left, part=part, **RULES)
OUTPUTS = ["left", "levy"]


@pytest.fixture
def built(monkeypatch) -> list[int]:
    """Programs that are built, one entry each."""
    found: list[int] = []
    build = ProgramBuilder.program

    def told(self, *given, **more):
        found.append(1)
        return build(self, *given, **more)

    monkeypatch.setattr(ProgramBuilder, "program", told)
    return found


def by_hand(table: Tables) -> dict[str, np.ndarray]:
    wage = table.persons["wage"]
    wages = np.add.reduceat(wage, table.starts[:-1])
    levies = np.add.reduceat(wage * 0.08, table.starts[:-1])
    return {"left": wages - table.households["rent"] - levies, "levy": wage * 0.08}


@pytest.mark.parametrize("backend", ["numpy", "compiled"])
def test_many_tables_are_one_preparation(built, backend) -> None:
    law = LAW.renamed(backend)
    # Of other lengths, and with larger households than the first: buffers need more room.
    for households, largest in ((40, 3), (3_000, 9), (1, 1), (1_500, 14)):
        table = tables(households, seed=households, largest=largest)
        found = run_policies(table, [law], OUTPUTS, backend=backend).arrays
        for name, wanted in by_hand(table).items():
            np.testing.assert_allclose(found[0, name], wanted, rtol=1e-12)
    assert len(built) == 1


def test_loops_that_are_asked_for_again_and_again_are_compiled(monkeypatch, tmp_path) -> None:
    """Blocks of a stream are too few rows each for compiling to pay, and many together.

    So are the years of a projection, each a program of its own.
    """

    @people("yuan/year")
    def levy(wage, rate):
        return wage * rate + 0.625  # no other test has compiled this rule

    law = policy(levy=levy, left=left, **{name: RULES[name] for name in ("wages", "levies")})
    table = tables(1_000)
    # wages, levies and what is left, a value per household; the levy, one per person.
    results = 3 * 1_000 + table.starts[-1]
    loops = 9  # those of the rules, of rows that change their order, and the driver
    monkeypatch.setenv("OLIVE_CACHE", str(tmp_path))
    monkeypatch.setattr(passes, "_LOADING_PAYS", 0)
    monkeypatch.setattr(compiled_backend, "_lacked", defaultdict(float))
    monkeypatch.setattr(compiled_backend, "_COMPILING_PAYS", 2.5 * results / loops)
    laws = [law, law, law | {"rate": 0.5}, law | {"rate": 0.5}]
    found = [run_policies(table, [each], OUTPUTS) for each in laws]
    assert [each.backend for each in found] == ["numpy", "numpy", "compiled", "compiled"]
    for each, year in zip(found, laws, strict=True):
        by_numpy = run_policies(table, [year], OUTPUTS, backend="numpy").arrays
        np.testing.assert_array_equal(each.arrays[0, "left"], by_numpy[0, "left"])


def test_few_loops_that_are_not_kept_are_compiled_sooner_than_many(monkeypatch, tmp_path) -> None:
    @people("yuan/year")
    def levy(wage, rate):
        return wage * rate + 0.875  # no other test has compiled this rule

    @people("yuan/year")
    def other_levy(wage, rate):
        return wage * rate + 0.9375

    table = tables(1_000)
    results, loops = 3 * 1_000 + table.starts[-1], 9  # as above
    monkeypatch.setenv("OLIVE_CACHE", str(tmp_path))
    monkeypatch.setattr(passes, "_LOADING_PAYS", 0)
    monkeypatch.setattr(compiled_backend, "_LOADING_A_LOOP_PAYS", 0)
    monkeypatch.setattr(compiled_backend, "_COMPILING_PAYS", 2.5 * results / loops)
    kept = {name: RULES[name] for name in ("wages", "levies")}
    laws = [policy(levy=each, left=left, **kept) for each in (levy, other_levy)]
    # As in a process that has just begun.
    monkeypatch.setattr(machine_library, "_loaded", {})
    monkeypatch.setattr(compiled_backend, "_lacked", defaultdict(float))
    assert run_policies(table, laws[:1], OUTPUTS).backend == "numpy"
    run_policies(table, laws[:1], OUTPUTS, backend="compiled")
    monkeypatch.setattr(machine_library, "_loaded", {})
    found = run_policies(table, laws[1:], OUTPUTS)
    assert (found.backend, len(found.notes)) == ("compiled", 1)
    by_hand = table.persons["wage"] * 0.08 + 0.9375
    assert np.array_equal(found.arrays[0, "levy"], by_hand)


def test_other_types_of_columns_are_another_layout(built) -> None:
    law = LAW.renamed("types")
    table = tables(60)
    whole = {**table.persons, "wage": np.floor(table.persons["wage"]).astype(np.int32)}
    other = Tables(table.households, whole, table.starts, table.household_key)
    for each in (table, other, table):
        found = run_policies(each, [law], OUTPUTS, backend="compiled").arrays
        np.testing.assert_allclose(found[0, "left"], by_hand(each)["left"], rtol=1e-12)
    assert len(built) == 1


def test_other_seeds_outputs_and_policies_are_prepared_anew(built) -> None:
    law, table = LAW.renamed("anew"), tables(20)
    run_policies(table, [law], OUTPUTS)
    run_policies(table, [law], OUTPUTS, seed=1)
    run_policies(table, [law], ["left"])
    run_policies(table, [law | {"rate": 0.5}], OUTPUTS)
    assert len(built) == 4


def test_totals_over_the_population_are_those_of_each_table() -> None:
    law = LAW.renamed("totals")
    for seed in (1, 2, 1):
        table = tables(30, seed=seed)
        run = run_policies(table, [law], ["part"])
        rent, weight = (table.households[name].astype(float) for name in ("rent", "weight"))
        np.testing.assert_allclose(run.arrays[0, "part"], rent / (rent @ weight), rtol=1e-12)


@plain_numpy
@people("yuan/year")
def odd_levy(wage, rate):
    return wage * rate


def test_programs_that_differ_in_figures_alone_are_one_layout(monkeypatch) -> None:
    laid_out = []
    lay_out = machine_program.MachineProgram.__init__

    def told(self, *given):
        laid_out.append(1)
        lay_out(self, *given)

    monkeypatch.setattr(compiled_backend, "_laid_out", {})
    monkeypatch.setattr(machine_program.MachineProgram, "__init__", told)
    for rule, expected in ((levy, 1), (odd_levy, 2)):
        law = policy(levy=rule, left=left, part=part, **RULES)
        given = tables()
        for rate in (0.5, 0.25):
            other = law | {"rate": rate}
            run = run_policies(given, [law, other], OUTPUTS, backend="compiled")
            wage = given.persons["wage"]
            assert np.array_equal(run.arrays[0, "levy"], wage * 0.08)
            assert np.array_equal(run.arrays[1, "levy"], wage * rate)
        assert len(laid_out) == expected


def test_without_a_compiler_numpy_computes_and_says_so(monkeypatch, tmp_path) -> None:
    @people("yuan/year")
    def levy(wage, rate):
        return wage * rate + 0.375  # no other test has compiled this rule

    monkeypatch.setenv("OLIVE_CACHE", str(tmp_path))
    monkeypatch.setattr(passes, "_LOADING_PAYS", 0)
    monkeypatch.setattr(compiled_backend, "_COMPILING_PAYS", 0)
    monkeypatch.setitem(sys.modules, "olive.native.machine_compiler", None)
    monkeypatch.delattr("olive.native.machine_compiler", raising=False)
    law = policy(levy=levy, left=left, part=part, **RULES)
    run = run_policies(tables(), [law], OUTPUTS)
    assert (run.backend, len(run.notes)) == ("numpy", 1)
    assert "compiled code cannot be loaded here" in run.notes[0]
    with pytest.raises(RuleError, match="the compiled backend cannot be loaded"):
        run_policies(tables(), [law], OUTPUTS, backend="compiled")


def test_figures_after_a_plain_rule_are_its_neighbours_own() -> None:
    """A plain rule has its figures in numpy: those of the next rule do not follow them."""

    @plain_numpy
    @people("yuan/year")
    def bonus(wage, rate):
        return np.round(wage * rate)

    @people("yuan/year")
    def levy(wage, bonus, share):
        return bonus + wage * share

    law = policy(bonus=bonus, levy=levy, left=left, part=part, **RULES)
    table = tables()
    for rate in (0.5, 0.25):
        found = run_policies(table, [law | {"rate": rate}], ["levy"], backend="compiled")
        wage = table.persons["wage"]
        assert np.array_equal(found.arrays[0, "levy"], np.round(wage * rate) + wage * 0.4)


def test_programs_that_compute_nothing_are_laid_out_alike():
    table = tables(3)
    for standard in (1.0, 2.0):  # another policy: another program, laid out as the one before
        run = run_policies(table, [LAW | {"rate": standard}], ["wage"], backend="compiled")
        assert np.array_equal(run.arrays[0, "wage"], table.persons["wage"])
