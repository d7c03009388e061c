"""One pass of the engine over a population, with what its data lack taken as neutral."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from olive.engine.execution import run_policies
from olive.engine.passes import Backend, Run
from olive.engine.policy import Policy
from olive.engine.tables import Tables
from olive.errors import tell
from olive.messages import Message, joined
from olive.places.place import Place
from olive.population import Population
from olive.progress import Progress
from olive.simulation.lacking import filled_columns


def one_pass(
    population: Population,
    policies: Sequence[Policy],
    outputs: Sequence[str],
    *,
    seed: int,
    totals: Sequence[str] = (),
    backend: Backend = "auto",
    threads: int | None = None,
    progress: Progress = None,
) -> tuple[Run, tuple[str, ...]]:
    """Return what the engine finds under each policy, and what was decided about the data.

    Parameters and errors are those of `olive.simulate`.
    """
    arrays = population.arrays()
    tables = Tables(arrays.households, arrays.persons, arrays.starts, arrays.household_key)
    filled, notes = _with_neutral_columns(tables, policies, [*outputs, *totals], population.place)
    run = run_policies(
        filled,
        policies,
        outputs,
        totals=totals,
        seed=seed,
        backend=backend,
        threads=threads,
        progress=progress,
    )
    return run, notes


def _with_neutral_columns(
    tables: Tables, policies: Sequence[Policy], wanted: Sequence[str], place: Place
) -> tuple[Tables, tuple[str, ...]]:
    """Fill columns that the data lack and that have a neutral value, and say so."""
    present = tables.entities()
    names = filled_columns(present, policies, wanted, place.columns)
    if not names:
        return tables, ()
    both = {"household": dict(tables.households), "person": dict(tables.persons)}
    for name in names:
        column = place.columns[name]
        filled = np.full(tables.count(column.entity), column.neutral)
        kind = np.bool_ if column.kind == "bool" else column.storage
        both[column.entity][name] = filled.astype(kind)
    note = Message(
        "columns that the data lack were taken as neutral (no such income, "
        "status or cost): {names}",
        joined(names),
    )
    _warn_of_absent(names, present, place)
    households, persons = both["household"], both["person"]
    return Tables(households, persons, tables.starts, tables.household_key), (note,)


def _warn_of_absent(absent: Sequence[str], present: Mapping[str, str], place: Place) -> None:
    """Warn of columns that the place says must not be taken as neutral beside another one."""
    columns = place.columns
    missing = [name for name in absent if columns[name].needed_with in {*present} - {""}]
    if missing:
        beside = columns[missing[0]].needed_with
        tell(
            "the tables have {beside} but no {missing}; {if_absent}",
            beside,
            joined(missing, " and no "),
            columns[missing[0]].if_absent,
        )
