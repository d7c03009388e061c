"""Text: the formula of a rule in words, with or without numbers, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from olive.engine.expression import (
    COMPARISONS,
    Applied,
    Constant,
    LeastOf,
    LookupOf,
    Name,
    Node,
    ScheduleOf,
    names_in,
)
from olive.engine.expression_text import CHOICE, PHRASE, Language, NodeWriter
from olive.engine.phrases import PHRASES, shown_number, shown_unit
from olive.engine.policy import Policy
from olive.engine.rules import DrawRule, FormulaRule, GroupRule, PointerRule, PopulationRule, Rule
from olive.engine.ruleset import RuleSet
from olive.engine.vocabulary import Schedule
from olive.errors import DataError, RuleError, nearest
from olive.messages import joined

_LONGEST_LINE = 100
_ORDERS = COMPARISONS.keys() - {"equal", "not_equal"}


def formula_text(law: Policy | RuleSet, name: str, language: Language = "en") -> str:
    """Return the formula of a variable in words.

    Names appear under their labels (in English, a label that is a sentence stands in the heading
    only, and the name in words stands for it in formulas). With a policy, parameters show their
    values.

    Parameters
    ----------
    law : Policy or RuleSet
    name : str
        A variable.
    language : {"en", "zh"}

    Returns
    -------
    str
        One line, or one line per case.

    Raises
    ------
    RuleError
        When there is no such variable, or no such language.

    Examples
    --------
    >>> from olive.engine import Column, RuleSet, person_rule, where
    >>> @person_rule(unit="yuan/year", en="Child benefit", zh="儿童津贴")
    ... def child_benefit(age, income):
    ...     return where(age < 3, 3600, where(income > 0, 0, 1200))
    >>> columns = {each: Column(each, "person") for each in ("age", "income")}
    >>> rules = RuleSet.build([{"child_benefit": child_benefit}], columns=columns)
    >>> print(formula_text(rules, "child_benefit"))
    Child benefit (yuan/year) =
      3,600, if age < 3
      0, if income > 0
      1,200, otherwise
    """
    return _formula(_writer(law, name, language, None), name, None)


def formula_with_numbers(
    policy: Policy, name: str, values: Mapping[str, Any], language: Language = "en"
) -> str:
    """Return the formula of a variable with the numbers of one row filled in, and its result.

    Of several cases, those up to the one that holds are shown.

    Parameters
    ----------
    policy : Policy
    name : str
        A variable.
    values : mapping of str to number, truth value or sequence
        Figure of each variable, column and population total that the rule reads. For sums and
        the like over a household, a sequence gives the figures of its persons; ``values[name]``,
        if there, is shown as the result of a rule that is no traced formula.
    language : {"en", "zh"}

    Raises
    ------
    RuleError
        When there is no such variable, or no such language.
    DataError
        When the formula reads something for which no figure is given.

    Examples
    --------
    >>> from olive.engine import Column, RuleSet, person_rule, policy_on, where
    >>> @person_rule(unit="yuan/year", en="Child benefit", zh="儿童津贴")
    ... def child_benefit(age, income):
    ...     return where(age < 3, 3600, where(income > 0, 0, 1200))
    >>> columns = {each: Column(each, "person", zh=each) for each in ("age", "income")}
    >>> rules = RuleSet.build([{"child_benefit": child_benefit}], columns=columns)
    >>> policy = policy_on(rules, "2023-01-01")
    >>> print(formula_with_numbers(policy, "child_benefit", {"age": 7, "income": 50_000}))
    Child benefit (yuan/year) =
      3,600, if age (7) < 3: no
      0, if income (50,000) > 0: yes
      = 0
    >>> print(formula_with_numbers(policy, "child_benefit", {"age": 2, "income": 0}, "zh"))
    儿童津贴（元/年） =
      若 age（2） < 3：3,600（是）
      = 3,600
    """
    writer = _writer(policy, name, language, values)
    node = writer.rules.nodes.get(name)
    with np.errstate(all="ignore"):
        if node is None:
            return _formula(writer, name, values.get(name))
        missing = [each for each in writer.rules.reads(name) if each not in writer.figures]
        if missing:
            raise DataError(
                "the formula of {name!r} needs a figure for {missing}", name, joined(missing)
            )
        return _formula(writer, name, writer.figure(node))


def reads_that_decide(policy: Policy, name: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what the result of one row really rests on: branches not taken are left out.

    Parameters
    ----------
    policy, name, values
        As for `formula_with_numbers`.

    Returns
    -------
    tuple of str
        Variables, columns and parameters in the order of the formula.

    Examples
    --------
    >>> from olive.engine import Column, RuleSet, person_rule, policy_on, where
    >>> @person_rule(unit="yuan/year")
    ... def child_benefit(age, income):
    ...     return where(age < 3, 3600, where(income > 0, 0, 1200))
    >>> columns = {each: Column(each, "person") for each in ("age", "income")}
    >>> rules = RuleSet.build([{"child_benefit": child_benefit}], columns=columns)
    >>> policy = policy_on(rules, "2023-01-01")
    >>> reads_that_decide(policy, "child_benefit", {"age": 2, "income": 0})
    ('age',)
    """
    node = policy.rules.nodes.get(name)
    if node is None:
        return policy.rules.reads(name)
    writer = _writer(policy, name, "en", values)
    with np.errstate(all="ignore"):
        return tuple(dict.fromkeys(_deciding(node, writer, set())))


def obstacles(
    policy: Policy, name: str, values: Mapping[str, Any], language: Language = "en"
) -> tuple[str, ...]:
    """Return which conditions stand between one row and more than nothing, and by how much.

    Of a condition its parts that fail; of an amount those of the condition that it depends on.
    Empty when the variable depends on no condition, or the conditions hold.

    Examples
    --------
    >>> from olive.engine import Column, RuleSet, person_rule, policy_on
    >>> @person_rule(unit="bool")
    ... def entitled(age, income):
    ...     return (age >= 60) & (income < 1000)
    >>> columns = {each: Column(each, "person", zh=each) for each in ("age", "income")}
    >>> rules = RuleSet.build([{"entitled": entitled}], columns=columns)
    >>> policy = policy_on(rules, "2023-01-01")
    >>> obstacles(policy, "entitled", {"age": 66, "income": 4000})
    ('income (4,000) < 1,000, off by 3,000',)
    """
    writer = _writer(policy, name, language, values)
    with np.errstate(all="ignore"):
        return tuple(
            writer.text(each) + _distance(each, writer) for each in _failing(policy, name, writer)
        )


def reads_in_the_way(policy: Policy, name: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the conditions with a name of their own that are among the obstacles of a row.

    Parameters
    ----------
    policy, name, values
        As for `obstacles`.
    """
    writer = _writer(policy, name, "en", values)
    with np.errstate(all="ignore"):
        failing = _failing(policy, name, writer)
        return tuple(dict.fromkeys(own for each in failing for own in _named(each, writer)))


def _failing(policy: Policy, name: str, writer: NodeWriter) -> list[Node]:
    node = policy.rules.nodes.get(name)
    if node is None:
        return []
    truth = writer.rules.quantities[name].truth
    conditions = _all_of(node) if truth else _conditions(node, writer)
    return [each for each in conditions if not writer.figure(each)]


def _conditions(node: Node, writer: NodeWriter) -> list[Node]:
    """Return the conditions without which an amount is nothing, as far as this row asks them."""
    match node:
        case Applied("where", (condition, _, Constant(0))):
            return _all_of(condition)
        case Applied("where", (condition, if_true, if_false)):
            return _conditions(if_true if writer.figure(condition) else if_false, writer)
        case Applied("multiply", operands):
            truths = [each for each in operands if writer.is_truth(each)]
            return [part for each in truths for part in _all_of(each)]
    return []


def _named(node: Node, writer: NodeWriter) -> list[str]:
    """Return the named conditions that a failing one is made of."""
    match node:
        case Name(name) if writer.rules.quantities[name].truth:
            return [name]
        case Applied("and" | "or", operands):
            return [
                name
                for each in operands
                if not writer.figure(each)
                for name in _named(each, writer)
            ]
    return []


def _distance(node: Node, writer: NodeWriter) -> str:
    """Return by how much an order of two amounts fails; nothing for other conditions."""
    if not isinstance(node, Applied) or node.word not in _ORDERS:
        return ""
    first, second = (float(writer.figure(each)) for each in node.operands)
    return writer.say("off_by", shown_number(abs(first - second)))


def _all_of(node: Node) -> list[Node]:
    """Return the conditions that must all hold for a condition to hold."""
    if isinstance(node, Applied) and node.word == "and":
        return [each for operand in node.operands for each in _all_of(operand)]
    return [node]


def _deciding(node: Node, writer: NodeWriter, seen: set[int]) -> list[str]:
    """Return the names that decide; a part that stands in several places is told once."""
    if id(node) in seen:
        return []
    seen.add(id(node))

    def within(*parts: Node) -> list[str]:
        return [name for part in parts for name in _deciding(part, writer, seen)]

    match node:
        case Name(name):
            return [name]
        case ScheduleOf(amount, parameter):
            return [*within(amount), parameter]
        case LookupOf(parameter, codes):
            return [parameter, *within(*codes)]
        case LeastOf(ways, cost):
            several = writer.figure(ways) > 1
            return within(ways) + (names_in(cost) if several else [])
        case Applied("where", (condition, if_true, if_false)):
            return within(condition, if_true if writer.figure(condition) else if_false)
        case Applied("multiply", operands):  # a factor of nothing decides alone
            nothing = [each for each in operands if writer.figure(each) == 0]
            return within(*(nothing[:1] or operands))
        case Applied(_, operands):
            return within(*operands)
    return []


def _writer(
    law: Policy | RuleSet, name: str, language: Language, values: Mapping[str, Any] | None
) -> NodeWriter:
    rules = law.rules if isinstance(law, Policy) else law
    if name not in rules.rules:
        raise RuleError("no variable {name!r}{hint}", name, nearest(name, rules.rules))
    if language not in PHRASES:
        raise RuleError("no language {language!r}; use 'en' or 'zh'", language)
    parameters = law.values if isinstance(law, Policy) else {}
    figures: dict[str, Any] = {}
    if values is not None:
        for each in rules.reads(name):
            given = parameters[each].datum if each in parameters else values.get(each)
            if isinstance(given, Schedule):
                figures[each] = given
            elif given is not None:
                kind = np.bool_ if rules.quantities[each].truth else np.float64
                figures[each] = np.asarray(given, dtype=kind)[()]
    return NodeWriter(rules, PHRASES[language], language, parameters, figures)


def _formula(writer: NodeWriter, name: str, result: Any) -> str:
    """Return heading, formula and result, on one line where that is short enough."""
    rule, node = writer.rules.rules[name], writer.rules.nodes.get(name)
    cases = isinstance(node, Applied) and node.word == "where"
    if node is None:
        lines = [_declared(writer, rule)]
    else:
        lines = _cases(writer, node) if cases else [writer.text(node)]
    if result is not None:
        lines.append(f"= {writer.shown(name, result)}")
    label = rule.zh if writer.language == "zh" else rule.en
    unit = shown_unit(rule.unit or "1", writer.language)
    heading = (label or name) + (writer.aside(unit) if unit else "")
    one_line = " ".join([heading, "=", *lines])
    if cases or len(one_line) > _LONGEST_LINE:
        return "\n  ".join([f"{heading} =", *lines])
    return one_line


def _cases(writer: NodeWriter, node: Node) -> list[str]:
    """Return one line per case; with numbers, up to the case that holds."""
    # In Chinese the value ends the line, so that nothing after it can be taken for part of it.
    tightness = CHOICE if writer.language == "zh" and not writer.figures else PHRASE
    lines = []
    while isinstance(node, Applied) and node.word == "where":
        condition, then, node = node.operands
        parts = {"condition": writer.text(condition), "value": writer.text(then, tightness)}
        verdict = writer.verdict(condition)
        if not verdict:
            lines.append(writer.say("case", **parts))
            continue
        lines.append(writer.say("case_with_verdict", **parts, verdict=verdict))
        if writer.figure(condition):
            return lines
    return [*lines, writer.say("otherwise", value=writer.text(node, tightness))]


def _declared(writer: NodeWriter, rule: Rule) -> str:
    """Return in words what a rule does that is no traced formula."""
    phrases, say, label = writer.phrases, writer.say, writer.label
    match rule:
        case GroupRule(operation=operation, source=source, by=by):
            group = phrases["household"] if by is None else say("subgroup", label(by))
            words = say(f"group_{operation}", label(source), group)
            return words + _members(writer, operation, source)
        case PointerRule(pointer=pointer, source=source):
            return say("of", label(source), label(pointer))
        case DrawRule(stream=stream, key=key):
            by_key = {"person": "each_person", "household": "each_household"}
            same = phrases[by_key.get(key, "each_key")].format(label(key))
            return say("draw", same, stream)
        case PopulationRule(source=source):
            return say("population", label(source))
    assert isinstance(rule, FormulaRule)
    return say("plain", writer.listed(map(writer.named, rule.arguments)))


def _members(writer: NodeWriter, operation: str, source: str) -> str:
    """Return the figures of the members, when they are given."""
    figures = writer.figures.get(source)
    if figures is None or not np.ndim(figures):
        return ""
    sign = " + " if operation == "sum" else writer.phrases["comma"]
    return writer.phrases["colon"] + sign.join(writer.shown(source, each) for each in figures)
