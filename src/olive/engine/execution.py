"""Running policies over tables: totals over the population first, then what is wanted."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olive.engine.arguments import check_run
from olive.engine.passes import Backend, How, Passes, Run
from olive.engine.policy import Policy
from olive.engine.population_totals import Summing, behind, settled_totals, totals_behind
from olive.engine.program import LONGEST_REMEMBERED, Program
from olive.engine.program_builder import check_known
from olive.engine.rules import PopulationRule
from olive.engine.tables import Tables
from olive.errors import RuleError, one_of
from olive.progress import Progress, shown_progress

VERIFY_VARIABLE = "OLIVE_VERIFY"


def run_policies(
    tables: Tables,
    policies: Sequence[Policy],
    outputs: Sequence[str],
    *,
    totals: Sequence[str] = (),
    into: Mapping[str, NDArray[Any]] | None = None,
    seed: int = 0,
    backend: Backend = "auto",
    threads: int | None = None,
    progress: Progress = None,
) -> Run:
    """Compute variables for every policy in one pass over the tables.

    Parameters
    ----------
    tables : Tables
    policies : sequence of Policy
    outputs : sequence of str
        Variables to keep for every row; one that only some policies have is kept for those.
    totals : sequence of str
        Variables to sum with household weights (column ``weight``).
    into : mapping of str to array, optional
        Variables of the first policy to write into arrays of the caller, one value per row, each
        converted to the type of its array block by block.
    seed : int
        For random draws.
    backend : {"auto", "numpy", "compiled"}
        ``"auto"`` compiles once enough has been asked of the same rules for it to pay. With
        ``OLIVE_VERIFY=1`` in the environment each run is made on both, and refused when a bit
        differs.
    threads : int, optional
        Threads of the compiled backend; default all cores. Results do not depend on it.
    progress : callable or bool, optional
        Called with (blocks done, blocks in all) as the run advances; True shows a bar.

    Raises
    ------
    DataError, RuleError
        Before any work, when columns or variables are missing; after it, when a kept result
        is not a finite number.
    """
    one_of("backend", backend, ("auto", "numpy", "compiled"), RuleError)
    check_run(seed, threads)
    how = How(seed, backend, threads)
    into = into or {}
    wanted = [*outputs, *totals, *into]
    passes = Passes(tables, how)
    asked = (tuple(outputs), tuple(totals), tuple(into))
    key = (seed, *map(id, policies), *asked, *tables.entities().items())
    population_totals: Mapping[tuple[int, str], float] = {}
    prepared = _prepared.get(key)
    if prepared is None:
        _check_per_row(policies, wanted)
        check_known(policies, tables.entities(), [*outputs, *totals], into)
        settled, population_totals = _settle_totals(tables, policies, wanted, passes)
        program = passes.program(settled, outputs, totals, written=list(into))
        prepared = _Prepared(tuple(policies), settled, program)
        if not population_totals and program.order.size <= LONGEST_REMEMBERED:
            if len(_prepared) >= _REMEMBERED_RUNS:
                _prepared.clear()
            _prepared[key] = prepared
    with shown_progress(progress, "simulate") as told:
        run = passes.run_program(prepared.program, prepared.settled, into=into, progress=told)
    if os.environ.get(VERIFY_VARIABLE) == "1":
        other = replace(how, backend="numpy" if run.backend == "compiled" else "compiled")
        passes = Passes(tables, other)
        again, other_totals = _settle_totals(tables, policies, wanted, passes)
        _check_agreement(run, passes.run(again, outputs, totals))
        if population_totals != other_totals:
            raise RuleError(
                "totals differ by backend: {population_totals}, {other_totals}",
                population_totals,
                other_totals,
            )
    return replace(run, population_totals=population_totals) if population_totals else run


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A run over any tables with the same columns: the blocks of a population are many of these.

    Attributes
    ----------
    policies : tuple of Policy
        As they were given, kept so that their ids stay their own.
    settled : sequence of Policy
        Without totals over the population.
    program : Program
    """

    policies: tuple[Policy, ...]
    settled: Sequence[Policy]
    program: Program


# Of runs that sum no total over the population first: those depend on the data.
_prepared: dict[tuple[object, ...], _Prepared] = {}
_REMEMBERED_RUNS = 8


def _check_per_row(policies: Sequence[Policy], wanted: Sequence[str]) -> None:
    for policy in policies:
        for name in wanted:
            if isinstance(policy.rules.rules.get(name), PopulationRule):
                raise RuleError(
                    "{name!r} is one number for the population, not a value per row; ask for "
                    "what reads it and find the number in population_totals",
                    name,
                )


def _check_agreement(one: Run, two: Run) -> None:
    """Refuse results that are not the same, bit by bit, on both backends."""
    different = [key for key in one.arrays if not np.array_equal(one.arrays[key], two.arrays[key])]
    different += [key for key in one.totals if one.totals[key] != two.totals[key]]
    if different:
        named = ", ".join(f"{name!r} of policy {position}" for position, name in different)
        raise RuleError("the numpy and the compiled backend differ in {named}", named)


def _settle_totals(
    tables: Tables,
    policies: Sequence[Policy],
    wanted: Sequence[str],
    passes: Passes,
) -> tuple[Sequence[Policy], Mapping[tuple[int, str], float]]:
    """Run as many passes as it takes until every population total that is read is known."""
    given = frozenset(tables.entities())
    later: frozenset[str] = frozenset()
    rule_sets = {id(policy.rules): policy.rules for policy in policies}.values()
    if any(totals_behind(rules, wanted, given) for rules in rule_sets):
        later = frozenset().union(*(behind(rules, wanted, given) for rules in rule_sets))

    def summed(requests: Sequence[Summing]) -> list[Mapping[tuple[int, str], float]]:
        return [passes.run(each.policies, [], each.names, later=later).totals for each in requests]

    return settled_totals(policies, wanted, given, summed)
