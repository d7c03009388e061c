"""Bring the catalogues of messages up to date with what the program says.

    .venv/bin/python tools/catalogue.py          # renews src/olive/locale/*.po
    .venv/bin/python tools/catalogue.py --check  # exit code 1 where one is not up to date

A new language: copy an empty file ``src/olive/locale/<code>.po``, run this, translate.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from typer.main import get_command

from olive.cli.commands import app
from olive.cli.language import help_texts, words_of_typer
from olive.messages import WORD

SOURCE = Path(__file__).parents[1] / "src"
FOLDER = SOURCE / "olive" / "locale"
_CLASS = re.compile(r"^class (\w+(?:Error|Fault|Warning))\(", re.MULTILINE)
_SEPARATORS = (", ",)  # what `joined` puts between texts by default
# Words that messages take as arguments, where they are not quoted.
_WORDS = (
    "household",
    "person",
    "Household",
    "Person",
    "value",
    "table",
    "schedule",
    "number",
    "text",
    "code",
    "bool",
    "amount",
    "integer",
    "count",
    "yuan/year",
    "year",
    "month",
    "m2",
    "yuan/month",
    "yuan",
    "persons",
    "households",
    "published",
    "law",
    "derived",
    "recalled",
    "proxy",
    "assumption",
    "missing",
    "nominal",
    "indexed",
    "above",
    "below",
    "urban",
    "rural",
    "met",
    "converged",
    "the first",
    "median",
    "mean",
    # Of the operating system and of PyYAML.
    "No such file or directory",
    "Permission denied",
    "Is a directory",
    "Not a directory",
    "No space left on device",
    "Read-only file system",
    "File name too long",
    "File exists",
    "Input/output error",
    "mapping values are not allowed here",
    "mapping values are not allowed in this context",
    "could not find expected ':'",
    "did not find expected node content",
    "did not find expected key",
    "did not find expected ',' or ']'",
    "did not find expected ',' or '}'",
    "did not find expected '-' indicator",
    "found character that cannot start any token",
    "found unexpected end of stream",
    "found undefined alias",
    "found unexpected ':'",
    "found unknown escape character",
    "did not find expected <document start>",
    "block sequence entries are not allowed in this context",
    "operation",
    "status",
    "kind",
    "credit",
)


def keywords() -> dict[str, tuple[int, ...] | None]:
    """Return the calls whose first argument is a message, or whose second one is."""
    classes = {
        name for path in SOURCE.rglob("*.py") for name in _CLASS.findall(path.read_text("utf-8"))
    }
    second = dict.fromkeys(
        ("joined", "shown_progress", "non_negative", "positive", "positive_mean"), (2,)
    )
    return dict.fromkeys({"Message", "note", "tell", *classes}) | second


def messages() -> Iterator[tuple[str, str]]:
    """Yield file and English template of everything that is said."""
    for file, _, text, *_ in extract_from_dir(
        str(SOURCE), [("**.py", "python")], keywords=keywords(), strip_comment_tags=True
    ):
        if isinstance(text, str) and re.search(r"\w|[;,:]", re.sub(r"\{[^{}]*\}", "", text)):
            yield file, text
    yield from raised_together()
    yield from (("olive/messages.py", each) for each in _SEPARATORS)
    yield from (("olive/cli/language.py", each) for each in words_of_typer())
    yield from (("olive/cli", each) for each in help_texts(get_command(app)))


def raised_together() -> Iterator[tuple[str, str]]:
    """Yield file and template of errors that are raised of gathered faults.

    The kind of error stands before the template, and Babel takes its name for a call of its own.
    """
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                template = node.args[1] if len(node.args) > 1 else None
                if node.func.attr == "raise_as" and isinstance(template, ast.Constant):
                    yield str(path.relative_to(SOURCE)), str(template.value)


def renewed(path: Path) -> bytes:
    """Return a catalogue with every message that is said, and none that is not."""
    with path.open(encoding="utf-8") as stream:
        known = {(each.context, each.id): each.string for each in read_po(stream)}
    catalogue = Catalog(locale=path.stem, charset="utf-8")
    for file, text in sorted(set(messages())):
        catalogue.add(text, known.get((None, text), ""), locations=[(file, None)])
    for word in _WORDS:
        catalogue.add(word, known.get((WORD, word), ""), context=WORD)
    written = io.BytesIO()
    write_po(written, catalogue, width=0, omit_header=True, sort_by_file=True)
    header = f'msgid ""\nmsgstr ""\n"Language: {path.stem}\\n"\n'
    return f'{header}"Content-Type: text/plain; charset=utf-8\\n"\n\n'.encode() + written.getvalue()


def main() -> None:
    """Renew, or check, every catalogue."""
    stale = [path for path in sorted(FOLDER.glob("*.po")) if path.read_bytes() != renewed(path)]
    if "--check" in sys.argv[1:]:
        sys.exit(f"not up to date: {', '.join(map(str, stale))}" if stale else 0)
    for path in stale:
        path.write_bytes(renewed(path))
        print(f"renewed {path.relative_to(SOURCE.parent)}")


if __name__ == "__main__":
    main()
