"""What stands behind a report: programmes with their costs, parameters that are assumed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from olive.analysis.disclosure import smallest_cell_for, suppress
from olive.analysis.words import Label
from olive.engine.parameters import Parameter, ParameterValue

if TYPE_CHECKING:
    from olive.engine.policy import Policy
    from olive.simulation.result import Result

_IN_FORCE = 1


@dataclass(frozen=True, slots=True)
class Programme:
    """Cost of a cash programme under every policy, and how many households receive it.

    ``cost`` is in yuan a year over the whole population; ``receiving`` in weighted households.
    Both are None where they rest on too few sample households of real data.
    """

    id: str
    zh: str
    en: str
    cost: tuple[float | None, ...]
    receiving: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Assumption:
    """A parameter that is neither law nor published, with a value that some policy used.

    ``is_share`` says that the value is a share of 1, ``is_new`` that the plan or a reform sets
    it and the law in force has another.
    """

    parameter: str
    zh: str
    en: str
    value: str
    unit: str
    status: str
    source: str
    is_share: bool
    is_new: bool


def programme_costs(
    result: Result, names: Sequence[str]
) -> tuple[tuple[Programme, ...], tuple[Label, ...]]:
    """Return what programmes cost under every policy, and a note on small cells of real data.

    A programme is left out under all policies when it rests on few sample households under one
    of them, so that nothing can be told from the difference.
    """
    policies = range(len(result.policies))
    weight = result.population.weight
    rows = []
    for name in names:
        amounts = [result.values(name, position) for position in policies]
        rows.append(
            {
                "programme": name,
                **{f"sample {at}": int(np.count_nonzero(amounts[at] > 0)) for at in policies},
                **{f"cost {at}": float(np.sum(weight * amounts[at])) for at in policies},
                **{f"receiving {at}": float(np.sum(weight[amounts[at] > 0])) for at in policies},
            }
        )
    frame, notes = suppress(
        pd.DataFrame(rows),
        smallest_cell=smallest_cell_for(None, synthetic=result.population.is_synthetic),
        samples=[f"sample {at}" for at in policies],
        keys=["programme"],
    )
    rules = result.policies[0].rules.rules
    found = tuple(
        Programme(
            row["programme"],
            rules[row["programme"]].zh,
            rules[row["programme"]].en,
            *(
                tuple(
                    None if pd.isna(row[f"{what} {at}"]) else row[f"{what} {at}"] for at in policies
                )
                for what in ("cost", "receiving")
            ),
        )
        for row in frame.to_dict("records")
    )
    prefix = Label("转移支付成本：", "Cost of the transfers: ")
    return found, tuple(Label(prefix.zh + note.zh, prefix.en + note.en) for note in notes)


def assumptions_of(policies: Sequence[Policy], outputs: Sequence[str]) -> tuple[Assumption, ...]:
    """Return each parameter that some policy used and that is neither law nor published."""
    in_force = policies[_IN_FORCE]
    found: dict[tuple[str, str], Assumption] = {}
    for position, policy in enumerate(policies):
        used = policy.rules.depends_on(outputs)
        for name, value in policy.uncertain().items():
            if name in used:
                parameter = policy.rules.parameters[name]
                shown = _shown(value)
                found.setdefault(
                    (name, shown),
                    Assumption(
                        name,
                        parameter.zh,
                        parameter.en,
                        shown,
                        parameter.unit,
                        value.status,
                        value.source or parameter.note,
                        _is_share(parameter),
                        position > _IN_FORCE and shown != _shown(in_force.values[name]),
                    ),
                )
    return tuple(found[key] for key in sorted(found))


def _is_share(parameter: Parameter) -> bool:
    ends = (parameter.minimum, parameter.maximum)
    return parameter.unit == "1" and ends == (0.0, 1.0)


def _shown(value: ParameterValue) -> str:
    figures = value.vector()
    if figures.size == 1:
        return f"{figures[0]:,.6g}"
    finite = figures[np.isfinite(figures)]
    return f"{finite.min():,.6g} … {finite.max():,.6g}"
