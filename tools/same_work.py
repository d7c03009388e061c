"""Count the lines of two commits for the work that both do: what stands in both by its name.

``python tools/same_work.py OLD NEW`` takes every function, method and class body of ``src`` by its
name, wherever it stands, and sets the lines of those that both commits have beside each other:
all lines, and those of code alone, without docstrings, comments and empty ones. Names that stand
several times in a commit are told apart by their module, or left out where it moved too.

What is gone by its name was work too. Others do it now, under names that this cannot tell from new
features, or nobody does. So the whole old work, with what is gone, has two new counts: what stands
in both is the least that does it (nothing took the place of what is gone), and that with all new
definitions the most (all of them did). No number between the two is claimed.
"""

from __future__ import annotations

import argparse
import ast
import io
import subprocess
import tokenize
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import NamedTuple

_NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
# Calls that say something when a sentence stands among what they are given.
_SAYING = {"Message", "warn", "tell", "note", "add", "append", "extend", "told_where", "raise_as"}
Defined = tuple[str, str, "Lines"]  # module, qualified name
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Lines(NamedTuple):
    """Numbers of lines: all of them, those of code, and those of code that only says something."""

    all: int
    code: int
    said: int


def sources(commit: str) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of every Python file of ``src`` in a commit."""
    names = _git("ls-tree", "-r", "--name-only", commit, "src")
    for name in names.splitlines():
        if name.endswith(".py"):
            yield name, _git("show", f"{commit}:{name}")


def definitions(path: str, text: str) -> Iterator[Defined]:
    """Yield the module, the qualified name and the lines of each definition of a file.

    Lines of a class are those of its body without its methods, which have their own.
    """
    tree = ast.parse(text)
    code, said = _code_lines(tree, text), _said_lines(tree)

    def within(node: ast.AST, prefix: str) -> Iterator[Defined]:
        for each in ast.iter_child_nodes(node):
            if not isinstance(each, _Definition):
                continue
            own = set(range(_first(each), (each.end_lineno or 0) + 1))
            if isinstance(each, ast.ClassDef):
                for method in each.body:
                    if isinstance(method, _Definition):
                        own -= set(range(_first(method), (method.end_lineno or 0) + 1))
            name = f"{prefix}{each.name}"
            yield PurePath(path).stem, name, Lines(len(own), len(own & code), len(own & said))
            if isinstance(each, ast.ClassDef):
                yield from within(each, f"{name}.")

    return within(tree, "")


def same_work(old: list[Defined], new: list[Defined]) -> list[tuple[Lines, Lines]]:
    """Return the lines in both commits of what stands in both."""
    pairs = []
    keys: tuple[Callable[[Defined], object], ...] = (lambda each: each[:2], lambda each: each[1])
    for key in keys:
        first, second = _unique(old, key), _unique(new, key)
        both = first.keys() & second.keys()
        pairs += [(first[name][2], second[name][2]) for name in both]
        old = [each for each in old if key(each) not in both]
        new = [each for each in new if key(each) not in both]
    return pairs


def _unique(found: list[Defined], key: Callable[[Defined], object]) -> dict[object, Defined]:
    grouped: dict[object, list[Defined]] = {}
    for each in found:
        grouped.setdefault(key(each), []).append(each)
    return {name: each[0] for name, each in grouped.items() if len(each) == 1}


def _code_lines(tree: ast.AST, text: str) -> set[int]:
    found: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in _NO_CODE:
            found.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | _Definition) and ast.get_docstring(node) is not None:
            found -= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return found


def _said_lines(tree: ast.AST) -> set[int]:
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and _says(node)):
            found.update(range(node.lineno, (node.end_lineno or 0) + 1))
    return found


def _says(call: ast.Call) -> bool:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    return name in _SAYING and any(
        isinstance(each, ast.Constant) and isinstance(each.value, str) and " " in each.value
        for each in ast.walk(call)
    )


def _first(node: _Definition) -> int:
    return min([node.lineno, *(each.lineno for each in node.decorator_list)])


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], capture_output=True, text=True, check=True).stdout


def main() -> None:
    """Print the counts of two commits."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old")
    parser.add_argument("new")
    commits = parser.parse_args()
    files = [list(sources(commit)) for commit in (commits.old, commits.new)]
    old, new = ([each for file in one for each in definitions(*file)] for one in files)
    pairs = same_work(old, new)
    whole = [sum(text.count("\n") for _, text in one) for one in files]
    code = [sum(each[2].code for each in one) for one in (old, new)]
    both = [sum(pair[at].code for pair in pairs) for at in (0, 1)]
    rows = {
        "src, all lines": whole,
        "the same work, all lines": [sum(pair[at].all for pair in pairs) for at in (0, 1)],
        "the same work, code": both,
        "of it what is said": [sum(pair[at].said for pair in pairs) for at in (0, 1)],
        "of it all else": [sum(pair[at].code - pair[at].said for pair in pairs) for at in (0, 1)],
        "with what is gone, at least": [code[0], both[1]],
        "with what is gone, at most": code,
    }
    print(f"{len(pairs):,} of {len(old):,} and {len(new):,} definitions stand in both")
    print(f"{len(old) - len(pairs):,} are gone, with {code[0] - both[0]:,} lines of code")
    for label, (before, after) in rows.items():
        print(f"{label:28}{before:>10,}{after:>10,}{after - before:>+10,}")
    changes = [after.code - before.code for before, after in pairs]
    less = [-each for each in changes if each < 0]
    more = [each for each in changes if each > 0]
    print(
        f"of the same work {changes.count(0):,} have as many lines of code, {len(less):,} fewer "
        f"(by {sum(less):,}), {len(more):,} more (by {sum(more):,})"
    )


if __name__ == "__main__":
    main()
