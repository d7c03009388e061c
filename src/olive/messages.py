"""What olive says: texts that carry their id and arguments, in the language of the process.

The id of a message is its English template; every other language is a file ``locale/<code>.po``.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any

ENGLISH = "en"
# The context of words that messages take as arguments: kinds of tables, values, statuses.
WORD = "word"
_FOLDER = Path(__file__).parent / "locale"
_LANGUAGE_VARIABLES = ("OLIVE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
# A format of a record that was read: no width, which could ask for any amount of memory.
_PLAIN_FORMAT = re.compile(r"[+,]{0,2}(\.\d{1,2})?[a-z%]?")
_FLOAT_BITS = 1023
_chosen: list[str] = []


class Message(str):
    """A text with named arguments, readable in every language that there is a catalogue for.

    It is an ordinary text, in the language of the process when it was made; in addition it
    knows what it was made of.

    Parameters
    ----------
    template : str
        The English text, with arguments as in `str.format`. Without arguments it stands as it is.
    *given : object
        Numbers, texts, or messages, in the order in which the template first names them; an
        error stands for its message.
    **arguments : object
        The same by name.

    Raises
    ------
    TypeError
        When more are given than the template names.

    Examples
    --------
    >>> said = Message("weights of {year} brought to {count:,} margins", 2023, 1200)
    >>> said
    'weights of 2023 brought to 1,200 margins'
    >>> said.template, said.arguments["year"]
    ('weights of {year} brought to {count:,} margins', 2023)
    >>> Message(" (did you mean {names}?)", names="'dibao'").in_language("zh")
    "（是否指 'dibao'？）"
    """

    __slots__ = ("arguments", "template")

    template: str
    arguments: Mapping[str, Any]

    def __new__(cls, template: str, /, *given: Any, **arguments: Any) -> Message:
        """Make a message in the language of the process."""
        if isinstance(template, Message) and not (given or arguments):
            return template
        named = {**by_name(template, given), **arguments}
        known = {name: _kept(value) for name, value in named.items()}
        made = super().__new__(cls, cls._text(template, known, language()))
        made.template, made.arguments = template, MappingProxyType(known)
        return made

    @staticmethod
    def _text(template: str, arguments: Mapping[str, Any], wanted: str) -> str:
        text = translated(template, wanted)
        if not arguments:
            return text
        said = {name: _said(value, wanted) for name, value in arguments.items()}
        try:
            return text.format(**said)
        except Exception:  # noqa: BLE001 - what a user gave cannot be written, and is named instead
            return text.format(**{name: _Writable(value) for name, value in said.items()})

    def in_language(self, wanted: str) -> str:
        """Return the text in a language; in English where its catalogue lacks the message."""
        return self._text(self.template, self.arguments, wanted)

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """Copy and pickle by id and arguments."""
        return (self.template,), dict(self.arguments)

    def __getstate__(self) -> None:
        """Return nothing more: id and arguments make the message."""

    def record(self) -> dict[str, Any]:
        """Return id and arguments as JSON holds them, for `recorded`.

        >>> recorded(Message("{number} rows", number=3).record())
        '3 rows'
        """
        return {
            "id": self.template,
            "arguments": {name: _plain(value) for name, value in self.arguments.items()},
        }


def by_name(template: str, given: Sequence[Any]) -> dict[str, Any]:
    """Return what is given by the names of a template, in the order in which it first names them.

    >>> by_name("{low:g} to {high:g} or {low:g}", [1.0, 2.0])
    {'low': 1.0, 'high': 2.0}
    """
    names = _names(template) if given else ()  # a text without arguments may hold any braces
    if len(given) > len(names):
        raise TypeError(f"{template!r} names {len(names)} arguments, not {len(given)}")
    return dict(zip(names, given, strict=False))


@cache
def _names(template: str) -> tuple[str, ...]:
    names = (name for _, name, _, _ in Formatter().parse(template) if name is not None)
    return tuple(dict.fromkeys(names))


class Joined(Message):
    """Several texts as one, such as a list of faults or of names."""

    __slots__ = ()

    @staticmethod
    def _text(template: str, arguments: Mapping[str, Any], wanted: str) -> str:
        # Parts that are no messages are names, not words of the language.
        parts = (
            value.in_language(wanted) if isinstance(value, Message) else str(value)
            for value in arguments.values()
        )
        return translated(template, wanted).join(parts)

    def record(self) -> dict[str, Any]:
        """Return separator and parts as JSON holds them."""
        return {
            "joined": self.template,
            "parts": [_plain(each) for each in self.arguments.values()],
        }


class Labelled(Message):
    """A label of data, whose translations stand beside the data and not in a catalogue.

    >>> Labelled("the nation's", zh="全国").in_language("zh")
    '全国'
    """

    __slots__ = ()

    @staticmethod
    def _text(template: str, arguments: Mapping[str, Any], wanted: str) -> str:
        return str(arguments.get(wanted) or template)

    def record(self) -> dict[str, Any]:
        """Return the label in every language as JSON holds it."""
        return {"label": self.template, "languages": dict(self.arguments)}


def joined(parts: Iterable[object], separator: str = ", ") -> Message:
    r"""Return texts as one message, with a separator that languages may write in their own way.

    >>> joined(["dibao", "tekun"])
    'dibao, tekun'
    >>> joined(["dibao", "tekun"]).in_language("zh")
    'dibao、tekun'
    """
    return Joined(separator, **{f"part{place}": part for place, part in enumerate(parts)})


def recorded(record: Any) -> Message:
    """Return the message of a record; a plain text, as older files have, is one without arguments.

    Raises
    ------
    ValueError, KeyError, TypeError or AttributeError
        When it is none: its places must be plain names with an ordinary number format.

    >>> recorded("a selection").arguments
    mappingproxy({})
    """
    if isinstance(record, str):
        return Message(record)
    if "label" in record:
        return Labelled(record["label"], **record["languages"])
    if "joined" in record:
        return joined((_read(part) for part in record["parts"]), record["joined"])
    for _, name, form, _ in Formatter().parse(record["id"]):
        if name is not None and not (name.isidentifier() and _PLAIN_FORMAT.fullmatch(form or "")):
            raise ValueError(f"{name!r:.60} is no place of a message")
    given = {name: _read(each) for name, each in record["arguments"].items()}
    return Message(record["id"], **given)


def said_in(text: str, wanted: str) -> str:
    """Return a text in a language, where it is a message; any other text as it is."""
    return text.in_language(wanted) if isinstance(text, Message) else text


def languages() -> tuple[str, ...]:
    """Return the languages that olive speaks.

    >>> languages()
    ('en', 'zh')
    """
    return (ENGLISH, *sorted(path.stem for path in _FOLDER.glob("*.po")))


def language() -> str:
    """Return the language of the process.

    It is the one chosen with `speak`, or that of the environment variable ``OLIVE_LANG``, or that
    of the locale; English where there is no catalogue for it.
    """
    if _chosen:
        return _chosen[0]
    return _known(next(filter(None, map(os.environ.get, _LANGUAGE_VARIABLES)), ""))


def speak(wanted: str | None) -> None:
    """Choose the language of the process; None leaves it to the environment."""
    _chosen[:] = [] if wanted is None else [_known(wanted)]


@contextmanager
def speaking(wanted: str) -> Iterator[None]:
    """Speak a language within a block."""
    before = list(_chosen)
    speak(wanted)
    try:
        yield
    finally:
        _chosen[:] = before


@cache
def _known(asked: str) -> str:
    code = asked.replace("_", "-").partition("-")[0].partition(".")[0].lower()
    return code if code in languages() else ENGLISH


def translated(template: str, wanted: str) -> str:
    """Return a template in a language; unchanged where its catalogue lacks it.

    >>> translated("a selection", "en")
    'a selection'
    """
    return template if wanted == ENGLISH else catalogue(wanted).get((None, template), template)


@cache
def catalogue(wanted: str) -> Mapping[tuple[str | None, str], str]:
    """Return the texts of a language, by context (None, or `WORD`) and English text."""
    from babel.messages.pofile import read_po  # noqa: PLC0415 - English needs no catalogue

    with (_FOLDER / f"{wanted}.po").open(encoding="utf-8") as stream:
        found = read_po(stream)
    return {
        (each.context, str(each.id)): str(each.string) for each in found if each.id and each.string
    }


class _Word(str):
    """A word in another language; where it is quoted it is a name, and stays as it is."""

    __slots__ = ("name",)

    name: str

    def __repr__(self) -> str:
        return repr(self.name)


def _word(text: str, wanted: str) -> str:
    found = None if wanted == ENGLISH else catalogue(wanted).get((WORD, text))
    if found is None:
        return text
    made = _Word(found)
    made.name = text
    return made


class _Writable:
    """Stands for a value in a text: as the value is written or, where that fails, by its type."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __format__(self, how: str) -> str:
        return self._by(lambda value: format(value, how))

    def __repr__(self) -> str:
        return self._by(repr)

    def __str__(self) -> str:
        return self._by(str)

    def _by(self, way: Callable[[Any], str]) -> str:
        try:
            return way(self.value)
        except Exception:  # noqa: BLE001 - see above
            return f"a {type(self.value).__name__}"


def _kept(value: Any) -> Any:
    """Return an argument as it is kept: an error as its message, not with its frames.

    A whole number beyond floats, which can be neither spelled out nor formatted, is infinite.
    """
    if isinstance(value, BaseException):
        return getattr(value, "message", None) or str(value)
    if isinstance(value, int) and value.bit_length() > _FLOAT_BITS:
        return math.inf if value > 0 else -math.inf
    return value


def _said(value: Any, wanted: str) -> Any:
    if isinstance(value, Message):
        return value.in_language(wanted)
    return _word(value, wanted) if type(value) is str else value


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return value.record()
    if hasattr(value, "item"):  # a number of numpy's
        value = value.item()
    return value if isinstance(value, bool | int | float | str) or value is None else str(value)


def _read(value: Any) -> Any:
    return recorded(value) if isinstance(value, dict) else value
