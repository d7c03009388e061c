"""Tracing: a rule's function, called with symbols, gives its expression."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from pathlib import Path

from olive.engine.expression import Name, Node, Symbol, as_node
from olive.engine.parameters import Parameter
from olive.engine.rules import FormulaRule
from olive.engine.vocabulary import ParameterSymbol
from olive.errors import TraceError


def trace(rule: FormulaRule, parameters: Mapping[str, Parameter]) -> Node:
    """Call the rule's function with symbols and return the expression."""
    symbols: list[Symbol | ParameterSymbol] = []
    for argument in rule.arguments:
        parameter = parameters.get(argument)
        if parameter is not None and parameter.kind != "scalar":
            symbols.append(ParameterSymbol(argument, parameter.kind, len(parameter.keys)))
        else:
            symbols.append(Symbol(Name(argument)))
    try:
        result = rule.function(*symbols)
    except TypeError as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        raise TraceError(
            "rule {name!r} cannot be traced: {name2}, line {line}: {line2}\n  "
            "{error}; tables and schedules are read with lookup(table, code) and "
            "schedule(amount, schedule)",
            rule.name,
            Path(frame.filename).name,
            frame.lineno,
            frame.line,
            error,
        ) from error
    if isinstance(result, Symbol | bool | int | float) or getattr(result, "ndim", None) == 0:
        return as_node(result)
    code = rule.function.__code__
    raise TraceError(
        "rule {name!r} ({name2}, line {line}) returns {type}; it must return one expression",
        rule.name,
        Path(code.co_filename).name,
        code.co_firstlineno,
        type(result).__name__,
    )
