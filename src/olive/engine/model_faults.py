"""What is wrong at one place of a file that a pydantic model describes, in olive's own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from olive.errors import nearest, shown
from olive.messages import Message

_NUMBER, _WHOLE = Message("must be a number"), Message("must be a whole number")
_TRUTH, _DATE = Message("must be true or false"), Message("must be a date, such as 2023-07-01")
_MAPPING = Message("must hold keys and their values")
_WORDS = {
    "finite_number": Message("must be a finite number"),
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "string_type": Message("must be text"),
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "list_type": Message("must be a list"),
    "tuple_type": Message("must be a list"),
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
}
_WORDS_OF_BOUNDS: Mapping[str, Callable[[Mapping[str, Any]], Message]] = {
    "greater_than_equal": lambda told: Message("must be at least {bound:g}", told["ge"]),
    "greater_than": lambda told: Message("must be greater than {bound:g}", told["gt"]),
    "less_than_equal": lambda told: Message("must be at most {bound:g}", told["le"]),
    "less_than": lambda told: Message("must be less than {bound:g}", told["lt"]),
    "literal_error": lambda told: Message("must be {choices}", told["expected"]),
    "too_short": lambda told: Message("must hold at least {least} entries", told["min_length"]),
}


def fault_in_words(fault: Mapping[str, Any], known: Iterable[str]) -> Message:
    """Return what is wrong, without the place where.

    The fault is one of ``ValidationError.errors()``; known are the keys that may stand there.

    Examples
    --------
    >>> fault_in_words({"type": "extra_forbidden", "loc": ("zz", "ragne")}, ["range", "values"])
    "unknown key (did you mean 'range'?)"
    >>> fault_in_words({"type": "finite_number", "loc": ("x",), "input": float("inf")}, [])
    'must be a finite number, found inf'
    """
    kind = fault["type"]
    if kind == "extra_forbidden":
        return Message("unknown key{hint}", nearest(str(fault["loc"][-1]), known))
    if kind == "missing":
        return Message("this key is missing")
    if kind == "value_error":
        return Message("{error}", fault["ctx"]["error"])
    told = _WORDS_OF_BOUNDS.get(kind)
    problem = told(fault["ctx"]) if told else _WORDS.get(kind) or fault["msg"]
    return Message("{problem}, found {found}", problem, shown(fault["input"]))
