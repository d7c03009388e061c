"""A set of rules that fit together: names resolved, traced, checked and put in order."""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from olive.engine.checking import Quantity, check
from olive.engine.collecting import collected
from olive.engine.columns import Column
from olive.engine.expression import Node
from olive.engine.parameter_files import read_parameters
from olive.engine.parameters import Parameter
from olive.engine.purposes import Payer, Role
from olive.engine.role_sums import check_purposes, variables_of_role, with_sums_settled
from olive.engine.rule_versions import Versions, in_force
from olive.engine.rules import DrawRule, FormulaRule, GroupRule, PointerRule, PopulationRule, Rule
from olive.engine.stand_ins import StandIns
from olive.engine.tracing import trace
from olive.engine.units import Unit, parse_unit
from olive.errors import RuleError, UnitError, nearest, told_where
from olive.messages import Message
from olive.native.immutable import ByContent, FrozenMapping

_NO_VERSIONS: Versions = FrozenMapping({})
_FIXED_UNIT = {"any", "count", "rank"}  # the other operations take the unit of their source


@dataclass(frozen=True, slots=True, eq=False)
class RuleSet(ByContent):
    """Rules, parameters and the columns they may read.

    Attributes
    ----------
    rules : mapping of str to Rule
        By variable name, in an order in which each rule comes after what it reads.
    columns : mapping of str to Column
        Input columns that rules may read.
    parameters : mapping of str to Parameter
    nodes : mapping of str to Node
        The traced expression of each formula rule that is not plain numpy.
    quantities : mapping of str to Quantity
        Kind and unit of every variable, column and parameter.
    versions : mapping of str to tuple of Rule
        All rules of each variable whose rules have dates.
    day : date
        Day on which these rules are in force, where some have dates.
    place : str
        Whose law it is; empty where it is nobody's.
    """

    rules: Mapping[str, Rule]
    columns: Mapping[str, Column]
    parameters: Mapping[str, Parameter]
    nodes: Mapping[str, Node]
    quantities: Mapping[str, Quantity]
    versions: Versions = _NO_VERSIONS
    day: date = date.max
    place: str = ""

    def __repr__(self) -> str:
        return (
            f"RuleSet({len(self.rules)} rules, {len(self.columns)} columns, "
            f"{len(self.parameters)} parameters)"
        )

    @staticmethod
    def build(
        sources: Iterable[ModuleType | Mapping[str, Any]],
        *,
        columns: Mapping[str, Column],
        parameter_files: Iterable[Path] = (),
        stand_ins: StandIns | None = None,
    ) -> RuleSet:
        """Collect every rule of modules (or of mappings of name to rule) and fit them together.

        Of rules with dates those that hold for good are fitted; `on` gives the set of a day.
        ``stand_ins`` says whose figure a code takes in tables that do not have it.

        Raises
        ------
        RuleError, UnitError, ParameterError
            When names clash or are unknown, rules form a circle, a rule cannot be traced,
            units do not agree, or a parameter file has faults.
        """
        parameters = read_parameters(parameter_files, code_names(columns), stand_ins=stand_ins)
        found = collected(sources)
        versions = {
            name: tuple(rules)
            for name, rules in found.items()
            if any(each.start > date.min or each.end < date.max for each in rules)
        }
        built = fit_together(in_force(found, date.max), columns, parameters)
        return replace(built, versions=FrozenMapping(versions))

    def on(self, day: date) -> RuleSet:
        """Return the rules that are in force on a day; the set itself where they are the same."""
        if in_force(self.versions, day) == in_force(self.versions, self.day):
            return self
        changes = (
            edge
            for rules in self.versions.values()
            for rule in rules
            for edge in (rule.start, _day_after(rule.end))
            if edge <= day
        )
        return _fitted_on(self, max(changes, default=date.min))

    def with_role(
        self, role: Role, payer: Payer | Iterable[Payer] | None = None
    ) -> tuple[str, ...]:
        """Return the household variables of a role, of all payers or some, in alphabetical order.

        Raises
        ------
        RuleError
            For an unknown payer; gives the nearest.
        """
        return variables_of_role(self.rules, role, payer)

    def entity_of(self, name: str) -> str:
        """Return "person" or "household" for a variable or column."""
        if name in self.rules:
            return str(self.rules[name].entity)
        return self.columns[name].entity

    def with_rules(
        self,
        rules: Iterable[Rule],
        parameters: Mapping[str, Parameter] | None = None,
        *,
        day: date = date.max,
    ) -> RuleSet:
        """Return the set with rules replaced or added (a structural reform).

        A rule that replaces another keeps its role, unless it says its own.

        Parameters
        ----------
        rules : iterable of Rule
            Those with dates are carried out when they are in force on the day.
        parameters : mapping of str to Parameter
            Parameters to add.
        day : date

        Raises
        ------
        RuleError, UnitError
            As for `build`.
        """
        brought: dict[str, tuple[Rule, ...]] = {}
        for rule in rules:
            if not rule.name:
                raise RuleError(
                    "a rule without a name: write for example "
                    'household_sum("wage").named("household_wage")'
                )
            brought[rule.name] = (*brought.get(rule.name, ()), _as_replaced(rule, self.rules))
        chosen = in_force(brought, day)
        known = {**self.parameters, **(parameters or {})}
        fitted = fit_together({**self.rules, **chosen}, self.columns, known, brought=chosen)
        kept = {name: each for name, each in self.versions.items() if name not in chosen}
        return replace(fitted, versions=FrozenMapping(kept), day=self.day, place=self.place)

    def reads(self, name: str) -> tuple[str, ...]:
        """Return what the rule of a variable reads: variables, columns and parameters."""
        return self.rules[name].arguments

    def depends_on(self, names: Iterable[str]) -> frozenset[str]:
        """Return every variable, column and parameter behind the given variables."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                if name in self.rules:
                    waiting.extend(self.reads(name))
        return frozenset(found)

    def moved_by(self, *names: str) -> tuple[str, ...]:
        """Return the variables that any of some parameters, columns or variables move, in order.

        Raises
        ------
        RuleError
            When nothing has such a name; gives the nearest.
        """
        for name in names:
            if not (name in self.parameters or name in self.columns or name in self.rules):
                known = [*self.rules, *self.columns, *self.parameters]
                raise RuleError(
                    "no parameter, column or variable {name!r}{hint}", name, nearest(name, known)
                )
        moved, reached = [], set(names)
        for variable, rule in self.rules.items():
            if not reached.isdisjoint(rule.arguments):
                reached.add(variable)
                moved.append(variable)
        return tuple(moved)


def _as_replaced(rule: Rule, rules: Mapping[str, Rule]) -> Rule:
    """Return a rule with the purpose of the one that it replaces, where it says none."""
    old = rules.get(rule.name)
    if rule.purpose is not None or old is None or rule.entity != "household":
        return rule
    return replace(rule, purpose=old.purpose)


def _day_after(day: date) -> date:
    return day if day == date.max else date.fromordinal(day.toordinal() + 1)


@lru_cache(maxsize=16)
def _fitted_on(rules: RuleSet, day: date) -> RuleSet:
    """Return the rules of a set that are in force on a day, fitted together again."""
    lasting = {name: rule for name, rule in rules.rules.items() if name not in rules.versions}
    chosen = {**lasting, **in_force(rules.versions, day)}
    fitted = fit_together(chosen, rules.columns, rules.parameters)
    return replace(fitted, versions=rules.versions, day=day)


def code_names(columns: Mapping[str, Column]) -> dict[str, tuple[str, ...]]:
    """Return the names of the codes of each code column."""
    return {name: column.codes for name, column in columns.items() if column.codes}


def fit_together(
    rules: Mapping[str, Rule],
    columns: Mapping[str, Column],
    parameters: Mapping[str, Parameter],
    *,
    brought: Iterable[str] | None = None,
) -> RuleSet:
    """Resolve names, settle sums, order, entities, kinds and units, and trace formulas.

    ``brought`` names the rules that are new to a set that has been fitted already.
    """
    for name in rules:
        for other, what in ((columns, Message("an input column")), (parameters, "a parameter")):
            if name in other:
                raise RuleError(
                    "variable {name!r} has the name of {what}; rename one of them", name, what
                )
    check_purposes(rules, columns, rules if brought is None else brought)
    rules = with_sums_settled(rules)
    ordered = {name: rules[name] for name in _order(rules, columns, parameters)}
    quantities = {
        name: Quantity(column.kind == "bool", parse_unit(column.unit))
        for name, column in columns.items()
    }
    quantities |= {
        name: Quantity(parameter.unit == "bool", parse_unit(parameter.unit))
        for name, parameter in parameters.items()
    }
    entities: dict[str, Any] = {name: column.entity for name, column in columns.items()}
    nodes: dict[str, Node] = {}
    for name, rule in ordered.items():
        settled = _settle(rule, entities, quantities)
        ordered[name] = settled
        entities[name] = settled.entity
        quantities[name] = Quantity(settled.unit == "bool", _declared_unit(settled))
        if isinstance(settled, FormulaRule):
            _check_entities(settled, entities)
            if not settled.plain:
                nodes[name] = trace(settled, parameters)
                _check_formula(settled, nodes[name], quantities)
    return RuleSet(
        FrozenMapping(ordered),
        FrozenMapping(columns),
        FrozenMapping(parameters),
        FrozenMapping(nodes),
        FrozenMapping(quantities),
    )


def _declared_unit(rule: Rule) -> Unit:
    try:
        return parse_unit(rule.unit or "1")
    except UnitError:  # a message takes longer to make than a unit to read
        with told_where(Message("rule {rule!r}", rule.name)):
            raise


def _order(
    rules: Mapping[str, Rule], columns: Mapping[str, Column], parameters: Mapping[str, Parameter]
) -> list[str]:
    graph: dict[str, list[str]] = {}
    for name, rule in rules.items():
        graph[name] = []
        for argument in rule.arguments:
            if argument in rules:
                graph[name].append(argument)
            elif argument not in columns and argument not in parameters:
                raise RuleError(
                    "rule {name!r} reads {argument!r}, which is no variable, column or "
                    "parameter{hint}",
                    name,
                    argument,
                    nearest(argument, [*rules, *columns, *parameters]),
                )
    try:
        return list(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        raise RuleError("rules go round in a circle: {circle}; break it", circle) from error


def _settle(rule: Rule, entities: Mapping[str, Any], quantities: Mapping[str, Quantity]) -> Rule:
    """Give a declared rule the entity and unit that follow from what it reads."""
    if isinstance(rule, DrawRule):
        if rule.key == "household":
            return replace(rule, entity="household")
        if rule.key == "person":
            return replace(rule, entity="person")
        if rule.key not in entities:  # a parameter
            raise RuleError(
                "draw {name!r}: key {key!r} is no column{hint}",
                rule.name,
                rule.key,
                nearest(rule.key, entities),
            )
        return replace(rule, entity=entities[rule.key])
    if isinstance(rule, PopulationRule):
        return replace(rule, unit=str(quantities[rule.source].unit))
    if isinstance(rule, GroupRule | PointerRule):
        for argument in rule.arguments:
            if entities.get(argument) != "person":
                raise RuleError(
                    "{name!r} reads {argument!r}, which is not a variable of persons",
                    rule.name,
                    argument,
                )
        if isinstance(rule, GroupRule) and rule.operation in _FIXED_UNIT:
            return rule
        # Always from the source: a structural reform may have changed it.
        source = quantities[rule.source]
        truth = source.truth and isinstance(rule, PointerRule)
        return replace(rule, unit="bool" if truth else str(source.unit))
    return rule


def _check_entities(rule: FormulaRule, entities: Mapping[str, Any]) -> None:
    if rule.entity == "household":
        for argument in rule.arguments:
            if entities.get(argument) == "person":
                raise RuleError(
                    "household rule {name!r} reads {argument!r} of persons; declare for "
                    "example household_{argument} = household_sum({argument!r}) and read that",
                    rule.name,
                    argument,
                )


def _check_formula(rule: FormulaRule, node: Node, quantities: Mapping[str, Quantity]) -> None:
    found = check(node, quantities, rule.name)
    declared = quantities[rule.name]
    if found.truth != declared.truth:
        kinds = {True: Message("a truth value (unit 'bool')"), False: "a number"}
        raise RuleError(
            "rule {name!r} declares unit {unit!r}, but its formula is {kinds}",
            rule.name,
            rule.unit,
            kinds[found.truth],
        )
    if found.unit is not None and found.unit != declared.unit:
        raise UnitError(
            "rule {name!r} declares unit {unit!r}, but its formula is in {unit2}",
            rule.name,
            rule.unit,
            found.unit,
        )
