"""Reading YAML written by people: no code, no duplicate keys, faults with their line."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

import yaml

from olive.errors import OliveError, shown
from olive.messages import Message


class YamlFault(OliveError):
    """A YAML file cannot be read; the message gives file, line and remedy."""


# The same safe loader, ten times as fast where PyYAML was built with its C parser.
_SAFE_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What aliases (`*name`) may stand for when they are written out; 479 bytes can stand for 10^9.
_WRITTEN_OUT = 100_000
_DEEPEST = 50
_MANY = 500
_LONG_BEGINNING = re.compile(r"^(?: {500}|(?:[ \t]*[-?][ \t]){250})", re.MULTILINE)
# 015 is 13 in YAML, and 4:10 is 250, neither of which anybody means.
_OF_OTHER_BASE = re.compile(r"[-+]?(0[0-7_]+|[0-9_]+(:[0-9_.]+)+)")
# What people mistype most, where YAML stops only later.
_SLIPS = (
    (
        re.compile("^ *\t"),
        Message("a tab stands at its beginning; move lines to the right with blanks"),
    ),
    (
        re.compile("^[^\"'#]*："),
        Message("it has the wide colon ：; write a narrow one and a blank after it (key: value)"),
    ),
    (
        re.compile("^[^\"'#]*[，｛｝［］]"),
        Message("it has a wide comma or bracket; write narrow ones"),
    ),
    (re.compile(r"^ *[^\s\"'#:{\[]+:[^\s:/]"), Message("a blank is missing after the colon")),
)
_LARGEST = 2**1023  # whole numbers beyond are no float64


class _Loader(_SAFE_LOADER):  # type: ignore[misc]
    """The safe loader, which also refuses what is no value and a key that stands twice."""


def _fault(problem: Message, node: yaml.Node) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(problem=problem, problem_mark=node.start_mark)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    if not isinstance(node, yaml.MappingNode):
        raise _fault(Message("expected `key: value`"), node)
    seen: dict[Any, int] = {}
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable) or isinstance(key, tuple):
            raise _fault(
                Message("a key must be a text or a number, not a list or a mapping"), key_node
            )
        if key in seen:
            raise _fault(
                Message(
                    "key {key} stands twice (first on line {seen}); remove one",
                    shown(key),
                    seen[key],
                ),
                key_node,
            )
        seen[key] = key_node.start_mark.line + 1
    loader.flatten_mapping(node)
    return dict(loader.construct_pairs(node, deep=True))


def _checked(construct: Callable[..., Any], what: str) -> Callable[[_Loader, yaml.Node], Any]:
    """Return a constructor of scalars that says what is wrong with the text, and where."""

    def constructed(loader: _Loader, node: yaml.Node) -> Any:
        try:
            value = construct(loader, node)
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError) as error:
            raise _fault(
                Message(
                    "{text} is no {what}; correct it, or put it in quotes if it is a text",
                    shown(node.value),
                    what,
                ),
                node,
            ) from error
        if _OF_OTHER_BASE.fullmatch(node.value) and isinstance(value, (int, float)):
            raise _fault(
                Message(
                    "{text} would be read as {value}, since YAML counts by eight after a leading "
                    "zero and by sixty at colons; write the number without them, or put it in "
                    "quotes if it is a text",
                    node.value,
                    value,
                ),
                node,
            )
        if isinstance(value, int) and abs(value) > _LARGEST:
            raise _fault(Message("a number of {number} digits is too large", len(node.value)), node)
        return value

    return constructed


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
for _tag, _what in (
    ("int", Message("whole number")),
    ("float", "number"),
    ("bool", Message("truth value")),
    ("timestamp", Message("date that exists")),
    ("binary", Message("binary value in base 64")),
):
    _name = f"tag:yaml.org,2002:{_tag}"
    _Loader.add_constructor(_name, _checked(_Loader.yaml_constructors[_name], _what))


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file.

    Raises
    ------
    YamlFault
        When the file is missing, is not YAML, repeats a key, names a date that does not exist, has
        aliases that stand for very much, or a tag that would run code.
    """
    return parse_yaml(yaml_text(path), str(path))


def yaml_text(path: Path) -> str:
    """Return the text of a YAML file.

    Raises
    ------
    YamlFault
        When the file is missing or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise YamlFault("{path}: is not UTF-8 (GBK, perhaps); save it as UTF-8", path) from error
    except (OSError, ValueError) as error:
        raise YamlFault(
            "{path}: cannot be read ({reason})", path, getattr(error, "strerror", None) or error
        ) from error


def parse_yaml(text: str, where: str) -> Any:
    """Return the content of YAML text; ``where`` names it in errors."""
    try:
        _check_depth(text)
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
            _check_size(root)
            return None if root is None else loader.construct_document(root)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line: str = ""
        if mark:
            line = Message(", line {line}, column {column}", mark.line + 1, mark.column + 1)
        problem = error.problem or Message("not valid YAML")
        if "could not determine a constructor" in problem:
            problem = Message(
                "{problem}; only plain values are allowed, tags are never run", problem
            )
        if "nesting depth" in problem:
            problem = Message("values are nested too deeply")
        hint = _typing_slip(text, mark.line) if mark else ""
        raise YamlFault("{where}{line}: {problem}{hint}", where, line, problem, hint) from error
    except yaml.reader.ReaderError as error:
        line = Message(", line {line}", text.count(chr(10), 0, error.position) + 1)
        character = error.character
        raise YamlFault(
            "{where}{line}: the character U+{code:04X} is not allowed in YAML; remove it",
            where,
            line,
            ord(character) if isinstance(character, str) else character,
        ) from error
    except RecursionError as error:
        raise YamlFault("{where}: values are nested too deeply", where) from error
    except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise YamlFault(
            "{where}: cannot be understood as YAML ({error!s:.200})", where, error
        ) from error


def _typing_slip(text: str, line: int) -> str:
    """Say what was probably mistyped on the line of a fault, or on the one before it."""
    lines = text.splitlines()
    for number in range(min(line, len(lines) - 1), max(line - 2, -1), -1):
        for pattern, told in _SLIPS:
            if pattern.search(lines[number]):
                return Message("; line {line}: {told}", number + 1, told)
    return ""


def _check_depth(text: str) -> None:
    """Refuse what is nested so deeply that older versions of libyaml overrun their stack."""
    if text.count("[") + text.count("{") < _MANY and not _LONG_BEGINNING.search(text):
        return  # it cannot be: most files are not looked through twice
    depth = 0
    for event in yaml.parse(text, Loader=_SAFE_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MANY:
            mark: Any = event.start_mark
            raise yaml.MarkedYAMLError(problem="values are nested too deeply", problem_mark=mark)


def _check_size(root: yaml.Node | None) -> None:
    """Refuse values nested too deeply, and aliases that stand for very much or for themselves.

    Each node counts all that is below it, once for each alias.
    """
    sizes: dict[int, int] = {}
    path: set[int] = set()  # of the nodes that the node at hand stands in
    pending = [root] if root is not None else []
    while pending:
        node = pending[-1]
        below = _below(node)
        if not below:
            sizes[id(node)] = 1
        if id(node) in sizes:
            pending.pop()
        elif id(node) in path:  # all below it have been counted
            path.remove(id(node))
            size = sizes[id(node)] = 1 + sum(sizes[id(each)] for each in below)
            if size > _WRITTEN_OUT and size > len(sizes):
                raise _fault(
                    Message(
                        "the aliases (`*name`) in this value stand for more than {written_out:,} "
                        "values; write out what is meant",
                        _WRITTEN_OUT,
                    ),
                    node,
                )
            pending.pop()
        else:
            path.add(id(node))
            if len(path) > _DEEPEST:
                raise _fault(Message("values are nested too deeply"), node)
            if not path.isdisjoint(map(id, below)):
                raise _fault(Message("the value contains itself by an alias (`*name`)"), node)
            pending.extend(below)


def _below(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.ScalarNode):
        return []
    if isinstance(node, yaml.MappingNode):
        return [each for pair in node.value for each in pair]
    return list(node.value)
