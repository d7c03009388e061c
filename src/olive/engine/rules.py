"""Rules: how one variable follows from others. A rule is declared, never run, here."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pickle import PicklingError, UnpicklingError
from typing import Any, Unpack

from olive.engine.columns import Entity
from olive.engine.periods import Dated
from olive.engine.purposes import Further, Meant, Purpose, further_fields
from olive.errors import RuleError


@dataclass(frozen=True, slots=True)
class Rule:
    """What all rules share.

    Attributes
    ----------
    name : str
        The variable that the rule defines.
    entity : {"person", "household"} or None
        Whom the variable describes; ``None`` until a rule set has settled it.
    unit : str or None
        Declared unit; ``None`` when it follows from the source variable.
    zh, en : str
        Labels.
    clause : str or None
        The clause of a plan that the rule carries out.
    purpose : Purpose or None
        What the variable is for: its role, who pays, its heading and its entitlement.
    start, end : date
        First and last day on which the rule is in force.
    variable : str
        Name of the variable, where it is not that of the attribute that holds the rule.
    declared_as : str
        Name of that attribute.
    """

    name: str
    entity: Entity | None
    unit: str | None
    zh: str
    en: str
    clause: str | None
    purpose: Purpose | None = field(default=None, kw_only=True, repr=False)
    start: date = field(default=date.min, kw_only=True, repr=False)
    end: date = field(default=date.max, kw_only=True, repr=False)
    variable: str = field(default="", kw_only=True, repr=False)
    declared_as: str = field(default="", kw_only=True, repr=False, compare=False)

    @property
    def arguments(self) -> tuple[str, ...]:
        """Names of the variables, columns and parameters that the rule reads, in order."""
        raise NotImplementedError

    def named(self, name: str) -> Rule:
        """Return the same rule as the attribute of this name declares it."""
        own = self.variable or name
        return replace(self, name=own, en=self.en or own.replace("_", " "), declared_as=name)


@dataclass(frozen=True, slots=True)
class FormulaRule(Rule):
    """A pure elementwise function whose argument names are what it reads."""

    function: Callable[..., Any]
    plain: bool = False

    @property
    def arguments(self) -> tuple[str, ...]:
        """Argument names of the function."""
        code = self.function.__code__
        return code.co_varnames[: code.co_argcount]

    def __deepcopy__(self, _: object) -> FormulaRule:
        """Return the rule itself, which never changes; its function cannot be copied."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Name the function by its module, where another process finds it."""
        module, path = self.function.__module__, self.function.__qualname__
        if _function_at(module, path) is not self.function:
            raise PicklingError(
                f"rule {self.name!r} cannot be sent to another process, which would not find its "
                f"function {path} in the module {module}; define it at the top of a module"
            )
        said = {each.name: getattr(self, each.name) for each in fields(Rule)}
        return _rule_at, (module, path, said, self.plain)


def _function_at(module: str, path: str) -> Any:
    """Return the function under a rule, or a plain one, at a place of a module; None for none."""
    found: Any = sys.modules.get(module) or importlib.import_module(module)
    for name in path.split("."):
        found = getattr(found, name, None)
    return found.function if isinstance(found, FormulaRule) else found


def _rule_at(module: str, path: str, said: Further, plain: bool) -> FormulaRule:
    function = _function_at(module, path)
    if function is None:
        raise UnpicklingError(f"there is no function {path} in the module {module} any more")
    return FormulaRule(**said, function=function, plain=plain)


@dataclass(frozen=True, slots=True)
class GroupRule(Rule):
    """A sum, maximum, minimum, any, count or rank over the persons of a group.

    ``by`` is ``None`` for the household, else the person variable whose equal values form the
    group within the household.
    """

    operation: str
    source: str
    by: str | None = None

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return the source variable, then the grouping variable."""
        return (self.source,) if self.by is None else (self.source, self.by)


@dataclass(frozen=True, slots=True)
class PointerRule(Rule):
    """The value of a variable for the person that a pointer column names."""

    pointer: str
    source: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return the pointer column, then the variable."""
        return (self.pointer, self.source)


@dataclass(frozen=True, slots=True)
class DrawRule(Rule):
    """A keyed uniform random number in [0, 1)."""

    stream: str
    key: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return what holds the key, unless that is the household or the person itself."""
        return () if self.key in {"household", "person"} else (self.key,)


@dataclass(frozen=True, slots=True)
class PopulationRule(Rule):
    """One number for the whole population: the weighted sum of a variable.

    It ends a pass: totals come first, then the blocks again, where rules read the total like a
    parameter. For one household alone the total must be given.
    """

    source: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return the variable that is summed."""
        return (self.source,)


def person_rule(
    *, unit: str, zh: str = "", en: str = "", clause: str | None = None, **further: Unpack[Dated]
) -> Callable[[Callable[..., Any]], FormulaRule]:
    """Declare a function as the rule for a variable of persons.

    Parameters
    ----------
    unit : str
        For example ``"yuan/year"``, ``"bool"``, ``"1"``.
    zh, en : str
        Labels; the first line of the docstring serves as ``en`` when it is not given.
    clause : str, optional
        The clause of a plan that the rule carries out.
    start, end : str or date, optional
        First and last day on which the rule is in force.
    variable : str, optional
        Name of the variable, where several rules of one variable follow each other.

    Raises
    ------
    RuleError
        For an argument that is no plain name, or days that are none.

    Examples
    --------
    >>> @person_rule(unit="bool")
    ... def is_child(age):
    ...     "Person under 18."
    ...     return age < 18
    >>> is_child.arguments
    ('age',)
    """
    told = {"unit": unit, "zh": zh, "clause": clause, **further_fields("person", **further)}
    return _declare("person", en, told)


def household_rule(
    *, unit: str, zh: str = "", en: str = "", clause: str | None = None, **further: Unpack[Meant]
) -> Callable[[Callable[..., Any]], FormulaRule]:
    """Declare a function as the rule for a variable of households; see `person_rule`.

    Parameters
    ----------
    role : {"cash_benefit", "in_kind_benefit", "tax", "contribution", "cost"}, optional
        What the variable is for: sums of that role, the budget and coverage follow.
    payer : {"government", "social_insurance", "employer", "household", "charity"}, optional
        Whose money it is: the government's for a benefit, else the household's.
    heading : str, optional
        Heading of the account under which the law's own sums count it.
    entitlement : str, optional
        Variable that says what would be due if everybody claimed.

    Raises
    ------
    RuleError
        As for `person_rule`, and for an unknown role or payer.

    Examples
    --------
    >>> @household_rule(unit="yuan/year", role="cash_benefit", start="2025-01-01")
    ... def child_allowance(children):
    ...     "Allowance for each child."
    ...     return children * 3_600.0
    >>> child_allowance.purpose.payer
    'government'
    """
    told = {"unit": unit, "zh": zh, "clause": clause, **further_fields("household", **further)}
    return _declare("household", en, told)


def plain_numpy(rule: Any) -> FormulaRule:
    """Mark a rule that cannot be traced: it runs as numpy on blocks in the same pass.

    Its function gets float64 or bool arrays of one block of whole households and must be
    elementwise; units are not checked inside it.
    """
    if not isinstance(rule, FormulaRule):
        raise RuleError("write @plain_numpy above @person_rule(...) or @household_rule(...)")
    return replace(rule, plain=True)


def _declare(entity: Entity, en: str, told: Further) -> Callable[[Callable[..., Any]], FormulaRule]:
    def declare(function: Callable[..., Any]) -> FormulaRule:
        for parameter in inspect.signature(function).parameters.values():
            plain = parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
            if not plain or parameter.default is not inspect.Parameter.empty:
                raise RuleError(
                    "rule {type!r}: argument {name!r} must be a plain name without * or "
                    "default; each argument is a variable, column or parameter",
                    function.__name__,
                    parameter.name,
                )
        own = function.__name__
        name = told["variable"] or own
        label = en or (inspect.getdoc(function) or "").split("\n")[0].rstrip(".")
        return FormulaRule(name, entity, en=label, function=function, declared_as=own, **told)

    return declare


def _group(operation: str, entity: Entity, unit: str | None) -> Callable[..., GroupRule]:
    def declare(source: str, *, zh: str = "", en: str = "", **further: Unpack[Meant]) -> GroupRule:
        told = further_fields(entity, **further)
        return GroupRule("", entity, unit, zh, en, None, operation, source, **told)

    declare.__name__ = f"household_{operation}"
    declare.__doc__ = (
        f"Declare a variable: the {operation} of person variable ``source`` over the household.\n\n"
        "The name of the module attribute that holds it is the name of the variable. What it is\n"
        "for (``role`` and so on) and when it is in force is said as in `household_rule`."
    )
    return declare


def _subgroup(operation: str, unit: str | None) -> Callable[..., GroupRule]:
    def declare(
        source: str, *, by: str, zh: str = "", en: str = "", **further: Unpack[Dated]
    ) -> GroupRule:
        told = further_fields("person", **further)
        return GroupRule("", "person", unit, zh, en, None, operation, source, by, **told)

    declare.__name__ = f"subgroup_{operation}"
    declare.__doc__ = (
        f"Declare a person variable: the {operation} of ``source`` over the persons of the same "
        "household with the same value of ``by``."
    )
    return declare


household_sum = _group("sum", "household", None)
household_max = _group("max", "household", None)
household_min = _group("min", "household", None)
household_any = _group("any", "household", "bool")
household_count = _group("count", "household", "1")
household_rank = _group("rank", "person", "1")
subgroup_sum = _subgroup("sum", None)
subgroup_max = _subgroup("max", None)
subgroup_any = _subgroup("any", "bool")
subgroup_count = _subgroup("count", "1")


def population_sum(
    source: str, *, zh: str = "", en: str = "", **further: Unpack[Dated]
) -> PopulationRule:
    """Declare the total of a person or household variable over the population, with weights.

    With it, rules select a stated number of people by keyed draws, exact in expectation
    (``eligible & (draw < count / eligible_total)``), or hand out a stated budget.
    """
    return PopulationRule("", None, None, zh, en, None, source, **further_fields(None, **further))


def of(
    pointer: str, source: str, *, zh: str = "", en: str = "", **further: Unpack[Dated]
) -> PointerRule:
    """Declare a person variable: ``source`` of the person that column ``pointer`` names.

    The pointer holds a person number of the same household; -1 (nobody) gives 0 or False.
    """
    told = further_fields("person", **further)
    return PointerRule("", "person", None, zh, en, None, pointer, source, **told)


def draw(
    stream: str, *, key: str = "person", zh: str = "", en: str = "", **further: Unpack[Dated]
) -> DrawRule:
    """Declare a uniform random number in [0, 1) that depends only on seed, stream and key.

    ``key`` is ``"person"``, ``"household"`` or a column or variable of whole numbers: equal values
    get equal draws.
    """
    return DrawRule("", None, "1", zh, en, None, stream, key, **further_fields(None, **further))
