"""`olive rule`, `olive parameter`, `olive parameters`, `olive reference`: the law to look up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from olive.cli.console import say
from olive.errors import DataError
from olive.places.labels import spoken

if TYPE_CHECKING:
    from olive.simulation.cases import Case

Cases = Annotated[
    Path | None, typer.Option(help="Folder of worked cases (YAML) to list with their rules.")
]


def rule(
    name: Annotated[str, typer.Argument(help="Variable, such as dibao.")], cases: Cases = None
) -> None:
    """Print a rule: its formula in words, what it reads, who reads it, its clause."""
    from olive.report.law_reference import rule_page  # noqa: PLC0415 - heavy

    say(rule_page(name, spoken(), _cases(cases)), end="")


def parameter(
    name: Annotated[str, typer.Argument(help="Parameter, such as dibao_standard.")],
) -> None:
    """Print a parameter: unit, ranges, and every dated value with status and source."""
    from olive.report.law_reference import parameter_page  # noqa: PLC0415

    say(parameter_page(name, spoken()), end="")


def parameters(
    word: Annotated[str, typer.Argument(help="Part of a name or label, English or Chinese.")],
) -> None:
    """Find parameters and variables by a word in their name or label."""
    from olive.report.law_reference import find, nothing_found  # noqa: PLC0415

    found = find(word)
    for name, zh, en in found:
        say(f"{name}  {zh if spoken() == 'zh' else en}".rstrip())
    if not found:
        say(nothing_found(word, spoken()))
        raise typer.Exit(1)


def reference(
    folder: Annotated[Path, typer.Argument(help="Folder to write the pages to (Markdown).")],
    cases: Cases = None,
) -> None:
    """Write the whole law as pages: one a topic, and an index."""
    from olive.native.files import write_text  # noqa: PLC0415
    from olive.places import place as place_named  # noqa: PLC0415
    from olive.report.law_reference import index_page, topic_page  # noqa: PLC0415

    if folder.exists() and not folder.is_dir():
        raise DataError("{folder} is a file; give a folder", folder)
    known = _cases(cases)
    folder.mkdir(parents=True, exist_ok=True)
    topics = place_named().topics()
    for topic in topics:
        write_text(folder / f"{topic}.md", topic_page(topic, spoken(), known))
    write_text(folder / "README.md", index_page(spoken()))
    say(f"{len(topics) + 1} pages: {folder / 'README.md'}")


def _cases(folder: Path | None) -> tuple[Case, ...]:
    if folder is None:
        return ()
    from olive.simulation.cases import read_cases  # noqa: PLC0415

    if not folder.is_dir():
        raise DataError("{folder} is no folder of worked cases", folder)
    return tuple(case for path in sorted(folder.rglob("*.yaml")) for case in read_cases(path))
