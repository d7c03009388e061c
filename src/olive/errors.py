"""Errors that a user meets: what is wrong, where, the nearest valid name, how to mend it."""

from __future__ import annotations

import difflib
import reprlib
import sys
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from olive.messages import Message, by_name, joined, language

Word = TypeVar("Word", bound=str)


class _Told(Exception):
    """What errors and warnings are made of: a message, told in the language of the process."""

    def __init__(self, template: str, /, *given: Any, **arguments: Any) -> None:
        self.message = _brief(template, given, arguments)
        super().__init__(self.message)

    def __str__(self) -> str:
        """Return the text in the language of the process."""
        return self.message.in_language(language())


class OliveError(_Told, ValueError):
    """Root of every error that olive raises on purpose; its message is one readable paragraph.

    Parameters
    ----------
    template : str
        The English text, with named arguments as in `str.format`, or a message already made.
    *given, **arguments : object
        Its arguments, in the order in which the template first names them, or by name.

    Attributes
    ----------
    message : Message
        The same with its arguments; ``str(error)`` gives it in the language of the process.

    Examples
    --------
    >>> error = DataError("no column {name!r}", "ag")
    >>> str(error), error.message.template, error.message.arguments["name"]
    ("no column 'ag'", 'no column {name!r}', 'ag')
    """


class DataError(OliveError):
    """A table or a column of the user's data cannot be used."""


class OutputError(OliveError):
    """A file cannot be written to where it was asked for; what stands there is not touched."""


class RuleError(OliveError):
    """A rule, or the set of rules, is not well formed."""


class TraceError(RuleError):
    """A rule uses something outside the vocabulary, so it cannot be read as an expression."""


class UnitError(RuleError):
    """A rule combines quantities whose units do not agree."""


class ParameterError(OliveError):
    """A parameter file has faults; the message lists all of them."""


class ReformError(OliveError):
    """A reform names an unknown parameter, or a value that is out of range."""


class DateError(OliveError):
    """A date lies outside the period for which the law is known."""


class PlanError(OliveError):
    """A clause, target or scenario of the plan is unknown."""


class CalibrationError(OliveError):
    """The tables, the weights or the targets cannot be calibrated as given."""


class WhereError(CalibrationError):
    """A `where` expression cannot be read, or names a column or code that does not exist."""


class InfeasibleError(CalibrationError):
    """No weights within the bounds meet the targets within their tolerances.

    Attributes
    ----------
    offenders : tuple of str
        Identifiers of targets that cannot be met together, proved by the message.
    """

    def __init__(self, message: str, offenders: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.offenders = offenders


class OliveWarning(_Told, UserWarning):
    """Root of every warning that olive gives; made like an error, of a template and arguments."""


class DataWarning(OliveWarning):
    """Something in a user's tables was mended or looks odd; the message says what."""


class ReformWarning(OliveWarning):
    """A reform can be carried out but looks like a slip, such as a monthly figure for a year."""


class LawWarning(OliveWarning):
    """A law is asked for a time that its record does not reach; the message says how it came."""


class ChartWarning(OliveWarning):
    """A chart is drawn otherwise than asked for; the message says how to mend that."""


class Faults:
    """What is wrong with something that a user gave, found bit by bit and told in one error.

    Parameters
    ----------
    where : str
        What stands before each fault, such as a file and its entry.

    Examples
    --------
    >>> faults = Faults()
    >>> faults.at("entry 1").note("there is no clause {name!r}", name="path.9")
    >>> faults.raise_as(PlanError, "{number} fault(s): {faults}")
    Traceback (most recent call last):
    olive.errors.PlanError: 1 fault(s): entry 1: there is no clause 'path.9'
    """

    def __init__(self, where: str = "") -> None:
        self.where = where
        self.found: list[str] = []

    def at(self, where: str) -> Faults:
        """Return the same faults; those that are added there are told with a place.

        It stands instead of the place so far: within a file, give the file and its entry.
        """
        inner = Faults(where)
        inner.found = self.found
        return inner

    def note(self, template: str, /, *given: Any, **arguments: Any) -> None:
        """Add one, made like an error of a template and arguments, or a message already made."""
        fault = _brief(template, given, arguments)
        where = self.where
        self.found.append(Message("{where}: {fault}", where, fault) if where else fault)

    def note_all(self, faults: Iterable[str]) -> None:
        """Add several that are made already."""
        for each in faults:
            self.note(each)

    @contextmanager
    def catching(self, *kinds: type[OliveError]) -> Iterator[None]:
        """Add the error of a block, of some kinds, instead of letting it end the search."""
        try:
            yield
        except kinds as error:
            self.note(error.message)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.found)

    def raise_as(
        self,
        error: type[OliveError] = DataError,
        template: str = "{faults}",
        separator: str = "\n  ",
        **arguments: Any,
    ) -> None:
        """Raise an error of all faults, if there are any; it may tell their ``{number}`` too."""
        if self.found:
            listed = joined(self.found, separator)
            raise error(template, **arguments, number=len(self.found), faults=listed)


@contextmanager
def told_where(where: str, kind: type[OliveError] | None = None) -> Iterator[None]:
    """Put before every error of a block where it was found, such as a file and its entry.

    The error stays the same, with all that it tells, unless another kind is asked for.

    >>> with told_where("cases.yaml: case 1"):
    ...     raise DataError("give either `date` or `year`")
    Traceback (most recent call last):
    olive.errors.DataError: cases.yaml: case 1: give either `date` or `year`
    """
    try:
        yield
    except OliveError as error:
        told = _brief("{where}: {fault}", (where, error.message), {})
        if kind is not None and not isinstance(error, kind):
            raise kind(told) from error.__cause__
        # Kinds of error differ in what they are made of, so none is made anew.
        error.message, error.args = told, (told,)
        raise


_LONGEST_WHOLE = 2**200
_LONGEST_NAME = 200
_LONGEST_TEXT = 600  # of a user's that stands in a message; lists of names are `joined`, and whole


def _brief(template: str, given: Sequence[Any], arguments: Mapping[str, Any]) -> Message:
    """Make a message that leaves out the middle of very long texts."""
    half = _LONGEST_TEXT // 2
    cut = {
        name: f"{value[:half]} ... {value[-half:]}"
        if type(value) is str and len(value) > _LONGEST_TEXT
        else value
        for name, value in {**by_name(template, given), **arguments}.items()
    }
    return Message(template, **cut)


class _Cut(reprlib.Repr):
    def repr_int(self, value: int, level: int) -> str:
        if abs(value) > _LONGEST_WHOLE:  # spelling it out is refused
            return Message("a whole number of {bits} bits", value.bit_length())
        return super().repr_int(value, level)


_CUT = _Cut()
_CUT.maxstring = _CUT.maxother = 60
_CUT.maxlist = _CUT.maxtuple = _CUT.maxdict = _CUT.maxset = 6
_CUT.maxlevel = 3


def shown(value: object) -> str:
    """Return a value as it may stand in a message: long texts and large collections are cut.

    >>> shown("a" * 100)
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaa...aaaaaaaaaaaaaaaaaaaaaaaaaaaa'"
    >>> shown([1, [2, [3, [4]]]] + list(range(10)))
    '[1, [2, [3, [...]]], 0, 1, 2, 3, ...]'
    >>> shown(10**5000), shown(1.5)
    ('a whole number of 16610 bits', '1.5')
    """
    try:
        return _CUT.repr(value)
    except Exception:  # noqa: BLE001 - an object of the user's whose repr fails
        return f"a {type(value).__name__}"


def spelled(name: object) -> str:
    """Return a name, such as a column's, as a text; one that is no text as it is shown.

    >>> spelled("age"), spelled(7), spelled(10**5000)
    ('age', '7', 'a whole number of 16610 bits')
    """
    try:
        return str(name)
    except Exception:  # noqa: BLE001 - whole numbers of thousands of digits, objects of the user's
        return shown(name)


def tell(template: str, /, *given: Any, category: type[OliveWarning] = DataWarning) -> None:
    """Warn of something at the line outside olive that led to it, however deep it was found."""
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("olive."):
        level, frame = level + 1, frame.f_back
    warnings.warn(category(template, *given), stacklevel=level)


def nearest(name: str, valid: Iterable[str]) -> str:
    """Return a hint such as `` (did you mean 'dibao_standard'?)``, or an empty string.

    >>> nearest("dibao_standart", ["dibao_standard", "weight"])
    " (did you mean 'dibao_standard'?)"
    >>> nearest("zzz", ["dibao_standard"])
    ''
    """
    matches = difflib.get_close_matches(spelled(name)[:_LONGEST_NAME], list(valid), n=3, cutoff=0.6)
    return _did_you_mean(repr(match) for match in matches)


def one_of(
    name: str, value: object, words: Collection[Word], error: type[OliveError] = DataError
) -> Word:
    """Return an argument that must be one of some words.

    Raises
    ------
    DataError
        Or the given kind of error, with the nearest word.

    Examples
    --------
    >>> one_of("closed", "low", ("low", "high"))
    'low'
    """
    for each in words:
        if isinstance(value, str) and value == each:
            return each
    message = Message(
        "{name} {value} is unknown{hint}; it is one of {words}",
        name,
        shown(value),
        nearest(value, words) if isinstance(value, str) else "",
        joined(words),
    )
    raise error(message)


def only_keys(
    content: Iterable[object], allowed: Collection[str], error: type[OliveError] = DataError
) -> None:
    """Refuse keys of a mapping that are not allowed.

    Raises
    ------
    DataError
        Or the given kind of error, with the nearest key that is.

    Examples
    --------
    >>> only_keys({"unit": "yuan"}, ("kind", "unit"))
    """
    for key in content:
        if key not in allowed:
            hint = nearest(spelled(key), allowed)
            names = joined(allowed)
            raise error(
                Message("unknown key {key}; allowed: {names}{hint}", shown(key), names, hint)
            )


def closest(name: str, labels: Mapping[str, str]) -> str:
    """Return a hint with the nearest names, by spelling or by their Chinese label.

    >>> closest("县", {"county": "县（市、区）", "tenure": "住房产权"})
    " (did you mean 'county' (县（市、区）)?)"
    """
    return nearest(name, labels) or labelled(name, labels)


def labelled(text: str, labels: Mapping[str, str]) -> str:
    """Return a hint with the names whose label holds the characters of a text, in order.

    Chinese users write labels, and shorten them: 低保标准 is 最低生活保障标准.

    >>> labelled("低保标准", {"dibao_standard": "最低生活保障标准", "weight": "权数"})
    " (did you mean 'dibao_standard' (最低生活保障标准)?)"
    >>> labelled("低保标准", {"weight": "权数"})
    ''
    """
    text = spelled(text)
    if text.isascii():
        return ""
    # What stands in brackets only explains; the shortest label is the nearest.
    heads = {name: zh.partition("（")[0] for name, zh in labels.items()}
    found = sorted((len(zh), name) for name, zh in heads.items() if in_order(text, zh))[:3]
    return _did_you_mean(f"{name!r} ({labels[name]})" for _, name in found)


def _did_you_mean(names: Iterable[str]) -> str:
    shown_names = list(names)
    if not shown_names:
        return ""
    return Message(" (did you mean {names}?)", joined(shown_names, " or "))


def in_order(text: str, label: str) -> bool:
    """Return whether the characters of a text stand in a label in their order."""
    rest = iter(label)
    return all(character in rest for character in text)
