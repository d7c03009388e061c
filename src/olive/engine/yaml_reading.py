"""Reading YAML written by people: no code, no duplicate keys, faults with their line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from olive.errors import OliveError


class YamlFault(OliveError):
    """A YAML file cannot be read; the message gives file, line and remedy."""


# The same safe loader, ten times as fast where PyYAML was built with its C parser.
_SAFE_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SAFE_LOADER):  # type: ignore[misc]
    """The safe loader, which also refuses a key that stands twice in one mapping."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: dict[Any, int] = {}
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        line = key_node.start_mark.line + 1
        if key in seen:
            raise yaml.constructor.ConstructorError(
                problem=f"key {key!r} stands twice (first on line {seen[key]}); remove one",
                problem_mark=key_node.start_mark,
            )
        seen[key] = line
    loader.flatten_mapping(node)
    return dict(loader.construct_pairs(node, deep=True))


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file.

    Raises
    ------
    YamlFault
        When the file is missing, is not YAML, repeats a key, or has a tag that would run code.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        message = f"{path}: is not UTF-8 (GBK, perhaps); save it as UTF-8"
        raise YamlFault(message) from error
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror})"
        raise YamlFault(message) from error
    return parse_yaml(text, str(path))


def parse_yaml(text: str, where: str) -> Any:
    """Return the content of YAML text; ``where`` names it in errors."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of the safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = error.problem or "not valid YAML"
        if "could not determine a constructor" in problem:
            problem += "; only plain values are allowed, tags are never run"
        message = f"{where}{line}: {problem}"
        raise YamlFault(message) from error
