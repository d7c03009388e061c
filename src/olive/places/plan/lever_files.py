"""The levers of the plan: which parameters of the rules carry out which clauses, and to what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from olive.engine import Operation, Reform, RuleSet
from olive.engine.parameter_ranges import check_plausible
from olive.engine.reform_operations import read_operation
from olive.engine.yaml_loader import YamlFault, read_yaml
from olive.errors import DataError, Faults, PlanError, ReformError, nearest, only_keys
from olive.messages import joined
from olive.places.plan.clause_files import read_clauses
from olive.places.plan.plan_files import PlanFiles

_KEYS = ("clauses", "operations", "variables", "not_modelled", "not_modelled_zh")


@dataclass(frozen=True, slots=True)
class Lever:
    """What carries out one or several clauses of the plan.

    Attributes
    ----------
    topic : str
        Name of the file that defines it.
    clauses : tuple of str
        Clause ids.
    operations : tuple of Operation
        What the plan does to parameters; each names the first clause unless it names its own.
        Empty where the clauses cannot be modelled.
    variables : tuple of str
        The rules that the parameters reach first.
    not_modelled : str
        Why the clauses cannot be modelled; empty where they are.
    not_modelled_zh : str
        The same in Chinese.
    """

    topic: str
    clauses: tuple[str, ...]
    operations: tuple[Operation, ...]
    variables: tuple[str, ...]
    not_modelled: str = ""
    not_modelled_zh: str = ""

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters that the lever moves."""
        return tuple(dict.fromkeys(each.parameter for each in self.operations))

    @property
    def own(self) -> tuple[Operation, ...]:
        """The operations that are the plan's own."""
        return tuple(filter(of_the_plan, self.operations))


def of_the_plan(operation: Operation) -> bool:
    """Return whether an operation is the plan's own: no national or earlier measure.

    >>> import olive
    >>> x = next(x for x in olive.plan.levers() if "group.3.8.finance_cost" in x.clauses)
    >>> of_the_plan(x.operations[0]), x.operations[0].credit
    (False, 'national')
    """
    return bool(operation.credit == "plan")


def in_the_text(operation: Operation, plan: PlanFiles) -> bool:
    """Return whether the figure of an operation stands in the text of the plan.

    >>> import olive
    >>> x = next(x for x in olive.plan.levers() if "path.11.dibao_floor" in x.clauses)
    >>> in_the_text(x.operations[0], olive.plan)
    True
    """
    return operation.status == "published" and plan.title in operation.source


@cache
def levers_of(plan: PlanFiles) -> tuple[Lever, ...]:
    """Return the levers of a plan; see `read_levers`."""
    return read_levers(plan, plan.folder / "levers")


def read_levers(plan: PlanFiles, folder: Path) -> tuple[Lever, ...]:
    """Read and check every lever file (``*.yaml``) of a folder.

    They carry out clauses of the plan by parameters of the law of its place, and stand in the
    order of file names and of entries.

    Raises
    ------
    PlanError
        With every fault of every file: unknown clauses, parameters and variables with the
        nearest, a clause that stands twice, values out of range, and variables that the
        operations do not move.
    """
    faults = Faults()
    found: list[Lever] = []
    first_place: dict[str, str] = {}
    for path in sorted(folder.glob("*.yaml")):
        for position, entry in enumerate(_entries(path, faults)):
            where = f"{path.parent.name}/{path.name}: entry {position + 1}"
            here = faults.at(where)
            lever = _lever(plan, entry, path.stem, here)
            for clause_id in lever.clauses:
                if clause_id in first_place:
                    here.note(
                        "clause {clause_id} stands twice, first in {first_place}; "
                        "carry it out once",
                        clause_id,
                        first_place[clause_id],
                    )
                first_place.setdefault(clause_id, where)
            found.append(lever)
    faults.raise_as(PlanError, "the levers of the plan have faults:\n  {faults}")
    return tuple(found)


def _entries(path: Path, faults: Faults) -> list[Any]:
    """Return the entries of a file."""
    content: Any = []
    with faults.catching(YamlFault):
        content = read_yaml(path)
    if isinstance(content, list):
        return content
    here = faults.at(f"{path.parent.name}/{path.name}")
    here.note("expected a list of entries, each starting with `- clauses:`")
    return []


def _lever(plan: PlanFiles, entry: Any, topic: str, faults: Faults) -> Lever:
    if not isinstance(entry, Mapping):
        faults.note("expected keys {keys}", joined(_KEYS))
        return Lever(topic, (), (), ())
    for key in entry:
        with faults.catching(DataError):
            only_keys((key,), _KEYS)
    clause_ids = _names(entry, "clauses", faults)
    known = read_clauses(plan.folder)
    for clause_id in clause_ids:
        if clause_id not in known:
            hint = nearest(clause_id, known)
            faults.note("the plan has no clause {clause_id!r}{hint}", clause_id, hint)
    if not clause_ids:
        faults.note("`clauses` must name at least one clause")
    here = faults.at(f"{faults.where} ({', '.join(clause_ids)})")
    reason = str(entry.get("not_modelled", "")).strip()
    if reason and ("operations" in entry or "variables" in entry):
        here.note("give either `operations` and `variables`, or `not_modelled`")
    if not reason and not (entry.get("operations") and entry.get("variables")):
        here.note("`operations` and `variables` are needed, or `not_modelled`")
    operations = _operations(plan, entry, clause_ids, here)
    variables = _names(entry, "variables", here)
    _check_variables(plan.place.rules, variables, operations, here)
    zh = str(entry.get("not_modelled_zh", "")).strip()
    if bool(zh) != bool(reason):
        here.note("`not_modelled` stands in English, `not_modelled_zh` in Chinese")
    return Lever(topic, clause_ids, operations, variables, reason, zh)


def _names(entry: Mapping[str, Any], key: str, faults: Faults) -> tuple[str, ...]:
    names = entry.get(key, [])
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        return tuple(names)
    faults.note("`{key}` must be a list of names, found {names!r}", key, names)
    return ()


def _operations(
    plan: PlanFiles, entry: Mapping[str, Any], clause_ids: tuple[str, ...], faults: Faults
) -> tuple[Operation, ...]:
    content = entry.get("operations", [])
    if not isinstance(content, list):
        faults.note("`operations` must be a list, found {content!r}", content)
        return ()
    clause = clause_ids[0] if clause_ids else ""
    found = []
    before, rules = plan.place.law(plan.frozen_day), plan.place.rules
    for position, each in enumerate(content):
        here = faults.at(f"{faults.where}: operations[{position}]")
        try:
            operation = read_operation(each, here.where, clause=clause)
            for step in _steps(operation):
                before | Reform.from_operations([step])
        except ReformError as error:
            (faults.at("") if faults.where in str(error) else here).note(error.message)
            continue
        found.append(operation)
        if operation.plausible is not None:
            fault = check_plausible(rules.parameters[operation.parameter], operation.plausible)
            if fault:
                here.note(fault)
        if operation.is_assumed and not operation.note:
            here.note(
                "{parameter} is {status}; say why in `note`", operation.parameter, operation.status
            )
    return tuple(found)


def _steps(operation: Operation) -> list[Operation]:
    """Return the operation of each year of its path, or the operation itself."""
    dated = [operation.at(year) for year, _ in operation.path]
    return [each for each in dated if each is not None] or [operation]


def _check_variables(
    rules: RuleSet, variables: tuple[str, ...], operations: tuple[Operation, ...], faults: Faults
) -> None:
    moved = rules.moved_by(*(each.parameter for each in operations)) if operations else ()
    for name in variables:
        if name not in rules.rules:
            faults.note("no variable {name!r}{hint}", name, nearest(name, rules.rules))
        elif operations and name not in moved:
            faults.note(
                "no operation moves the variable {name!r}; they move {moved}",
                name,
                ", ".join(sorted(moved)[:8]) or "nothing",
            )
