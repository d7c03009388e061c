"""The record of a run: what a result was computed from and what came out, to verify it later.

A card is a YAML file: data hash, every policy as a law and a reform in the form of a reform file,
the parameters that are neither law nor published with value, status and source, seed, versions,
results, of real data with 95 % intervals.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import yaml

from olive import __version__
from olive.analysis.indicators import (
    income_variables,
    incomes,
    indicator_labels,
    indicators,
    measures,
)
from olive.analysis.intervals import design_of, interval_rows
from olive.analysis.table import Table, placed_table
from olive.analysis.words import COLUMNS, DEFINITION_LABELS, ColumnWords
from olive.engine.written import as_written
from olive.engine.yaml_loader import read_yaml
from olive.errors import DataError
from olive.messages import ENGLISH
from olive.native.files import write_text
from olive.native.given_objects import checked_objects
from olive.places.labels import Label, policy_label
from olive.population import Population
from olive.progress import Progress
from olive.simulation import simulate
from olive.simulation.recorded_policies import policy_record, recorded_policy

if TYPE_CHECKING:
    from olive.engine import Policy
    from olive.places.place import Place
    from olive.simulation.result import Result

FORM = 2
_ENDS = ("from", "to")
_KEYS = ("form", "olive", "python", "numpy", "seed", "population", "policies", "results")
# Other processors and versions may differ in the last digits.
_SAME = 1e-9
_WORDS = {
    **COLUMNS,
    "what": ColumnWords(Label("项目", "what"), ""),
    "policy": ColumnWords(Label("政策", "policy"), ""),
    "recorded": ColumnWords(Label("记录", "recorded"), ""),
    "found": ColumnWords(Label("重算", "found now"), ""),
    "same": ColumnWords(Label("一致", "same"), ""),
}
_WHAT = {
    "olive": Label("olive 版本", "version of olive"),
    "python": Label("Python 版本", "version of Python"),
    "numpy": Label("NumPy 版本", "version of NumPy"),
    "population": Label("数据校验值", "hash of the data"),
    "rules": Label("规则和参数校验值", "hash of rules and figures"),
}
_INTERVAL = {
    "": Label("", ""),
    "from": Label("，区间下限", ", interval from"),
    "to": Label("，区间上限", ", interval to"),
}
_HASH_SHOWN = 12
_ANSWERS = {"yes": Label("是", "yes"), "no": Label("否", "no"), "": Label("", "")}


@checked_objects
def write_card(result: Result, path: str | Path, *, command: Sequence[str] = ()) -> None:
    """Write the record of a run, whole or not at all.

    Parameters
    ----------
    result : Result
    path : str or pathlib.Path
        YAML file.
    command : sequence of str
        How the run was started, for the reader.

    Raises
    ------
    DataError
        When a policy has rules of its own, which a card cannot hold.

    Examples
    --------
    >>> import tempfile, olive
    >>> city = olive.Population.synthetic(households=50, seed=1)
    >>> result = olive.simulate(city, olive.law(year=2023))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_card(result, Path(folder, "card.yaml"))
    ...     verify_card(Path(folder, "card.yaml"), city)["same"].unique().tolist()
    ['yes']
    """
    population = result.population
    rows, note = _results(result)
    card = {
        "form": FORM,
        **_versions(),
        "command": list(command),
        "seed": result.seed,
        "population": {
            "fingerprint": population.fingerprint(),
            "year": population.year,
            "synthetic": population.is_synthetic,
            "households": len(population),
            "notes": [note.in_language(ENGLISH) for note in population.notes],
        },
        "policies": [_policy(each) for each in result.policies],
        "intervals": note,
        "results": rows,
    }
    write_text(path, yaml.safe_dump(card, allow_unicode=True, sort_keys=False))


@checked_objects
def verify_card(
    path: str | Path, population: Population | None = None, *, progress: Progress = None
) -> Table:
    """Compute a recorded run again and say what differs.

    Parameters
    ----------
    path : str or pathlib.Path
        Of a card that `write_card` wrote.
    population : Population, optional
        The data; by default the shipped sample, brought to the card's year where that is needed.
    progress : callable or bool, optional
        Called with (blocks simulated, blocks in all); True shows a bar.

    Returns
    -------
    Table
        One row a thing ``what`` and ``policy``: ``recorded``, ``found``, ``same`` (``yes`` or
        ``no``; numbers to 1e-9). Versions first, then the data, rules and figures of each policy,
        and every result.

    Raises
    ------
    DataError
        When the file is no card or of another form, or the data are not to be had.
    """
    card = _read(Path(path))
    rows = [_row(name, "", card[name], now) for name, now in _versions().items()]
    data = _data(card["population"], population)
    policies = [recorded_policy(each, data.place.name) for each in card["policies"]]
    hashes = [_row("population", "", card["population"]["fingerprint"], data.fingerprint())]
    hashes += [
        _row("rules", policy.label, record["digest"], policy.digest())
        for record, policy in zip(card["policies"], policies, strict=True)
    ]
    rows += hashes
    outputs = income_variables(data.place)
    result = simulate(data, policies, outputs=outputs, seed=card["seed"], progress=progress)
    found, _ = _results(result)
    now = {_key(each): each for each in found}
    what = dict(_WHAT)
    for each in card["results"]:
        again = now.get(_key(each), {})
        for position, policy in enumerate(policies):
            for end, recorded, value in _figures(each, again, position):
                name = ", ".join(str(part) for part in (*_key(each), end) if part)
                what[name] = _measured(each, end, data.place)
                rows.append(_row(name, policy.label, recorded, value))
    ends = [each[side] for each in hashes for side in ("recorded", "found")]
    shown = {one: _same(f"{one[:_HASH_SHOWN]}…") for one in ends}
    return placed_table(
        data.place,
        pd.DataFrame(rows),
        Label("核对运行记录", "Recorded run, computed again"),
        _WORDS,
        words={
            "what": what,
            "policy": {each.label: policy_label(each) for each in policies},
            "recorded": shown,
            "found": shown,
            "same": _ANSWERS,
        },
        synthetic=data.is_synthetic,
    )


def _versions() -> dict[str, str]:
    """Return what figures may depend on beside data, policies and seed."""
    return {"olive": __version__, "python": platform.python_version(), "numpy": np.__version__}


def _same(text: str) -> Label:
    return Label(text, text)


def _measured(row: Mapping[str, Any], end: str, place: Place) -> Label:
    """Return what a recorded figure is called."""
    name, definition = str(row["indicator"]), str(row["definition"])
    parts = [
        indicator_labels(place).get(name, _same(name)),
        DEFINITION_LABELS.get(definition, _same(definition)),
        *([_same(f"{row['line']:,.0f}")] if row["line"] is not None else []),
    ]
    zh, en = "，".join(each.zh for each in parts), ", ".join(each.en for each in parts)
    return Label(zh + _INTERVAL[end].zh, en + _INTERVAL[end].en)


def _policy(policy: Policy) -> dict[str, Any]:
    return policy_record(policy) | {
        "uncertain": {
            name: {
                "value": as_written(policy.rules.parameters[name], value),
                "status": value.status,
                "source": value.source,
            }
            for name, value in policy.uncertain().items()
        }
    }


def _results(result: Result) -> tuple[list[dict[str, Any]], str]:
    """Return every indicator under every policy, of real data with intervals, and how."""
    complete = _complete(result)
    rows: list[dict[str, Any]] = [
        {
            "indicator": each.id,
            "definition": each.definition,
            "line": each.line,
            "unit": each.unit,
            "values": [float(value) for value in each.values],
        }
        for each in indicators(complete)
    ]
    design, note = design_of(result.population)
    if design is not None:
        for position in range(len(result.policies)):
            one = incomes(complete, position)
            found = interval_rows(one, one, design, measures())[["after_low", "after_high"]]
            for row, ends in zip(rows, found.to_numpy().tolist(), strict=True):
                row.setdefault("intervals", []).append(ends)
    return rows, note.en


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["indicator"], row["definition"], row["line"]


def _figures(
    row: Mapping[str, Any], again: Mapping[str, Any], position: int
) -> Iterator[tuple[str, float, float]]:
    """Return a figure of one policy as it was recorded and as it is found, and its interval."""
    missing = [np.nan] * (position + 1)
    yield "", row["values"][position], again.get("values", missing)[position]
    if "intervals" in row:
        found = again.get("intervals", [[np.nan] * 2] * (position + 1))
        yield from zip(_ENDS, row["intervals"][position], found[position], strict=True)


def _complete(result: Result) -> Result:
    """Return the result with the outputs that indicators read."""
    wanted = income_variables(result.place)
    if all(name in result.outputs for name in wanted):
        return result
    return simulate(result.population, result.policies, outputs=wanted, seed=result.seed)


def _read(path: Path) -> Mapping[str, Any]:
    card = read_yaml(path)
    if not isinstance(card, Mapping) or any(key not in card for key in _KEYS):
        raise DataError("{path} is no record of a run; `olive.write_card` writes them", path)
    if card["form"] != FORM:
        raise DataError(
            "{path} is a record of form {form!r} (olive {olive}); this version reads form {form2}",
            path,
            card["form"],
            card["olive"],
            FORM,
        )
    damaged = _damaged(card)
    if damaged is not None:
        raise DataError(
            "{path}: {part} of the record is damaged or was changed by hand; record the run again",
            path,
            damaged,
        )
    return card


def _damaged(card: Mapping[str, Any]) -> str | None:
    """Return the first part of a record that does not have the form of one; None when all have."""

    def has(part: Any, *keys: str) -> bool:
        return isinstance(part, Mapping) and all(key in part for key in keys)

    def listed(part: Any) -> list[Any]:
        return part if isinstance(part, list) else [None]

    if not has(card["population"], "fingerprint", "year", "households"):
        return "population"
    if not all(
        has(each, "label", "period", "digest", "reform") for each in listed(card["policies"])
    ):
        return "policies"
    if not isinstance(card["seed"], int):
        return "seed"
    count = len(card["policies"])
    for place, row in enumerate(listed(card["results"])):
        whole = has(row, "indicator", "definition", "line", "values") and all(
            isinstance(figure, float | int) for figure in listed(row["values"])
        )
        intervals = listed(row.get("intervals", [[0.0, 0.0]] * count)) if whole else []
        pairs = all(isinstance(each, list) and len(each) == len(_ENDS) for each in intervals)
        if not whole or not pairs or {len(row["values"]), len(intervals)} != {count}:
            return f"results[{place}]"
    return None


def _data(recorded: Mapping[str, Any], given: Population | None) -> Population:
    if given is not None:
        return given
    for candidate in _candidates(int(recorded["year"])):
        if candidate.fingerprint() == recorded["fingerprint"]:
            return candidate
    raise DataError(
        "the data of the record ({households:,} households of {year}) are not "
        "the shipped sample; give them: olive verify CARD --population FOLDER",
        recorded["households"],
        recorded["year"],
    )


def _candidates(year: int) -> Iterator[Population]:
    shipped = Population.shipped()
    yield shipped
    if year != shipped.year:
        yield shipped.age(year)
        yield shipped.uprate(year)


def _row(what: str, policy: str, recorded: Any, found: Any) -> dict[str, str]:
    same = recorded == found
    if isinstance(recorded, float):
        nothing = np.isnan(recorded) and np.isnan(found)
        same = nothing or abs(recorded - found) <= _SAME * max(abs(recorded), 1.0)
    one, two = (
        f"{each:.10g}" if isinstance(each, float) else str(each) for each in (recorded, found)
    )
    answer = "yes" if same else "no"
    return {"what": what, "policy": policy, "recorded": one, "found": two, "same": answer}
