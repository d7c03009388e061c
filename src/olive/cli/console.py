"""The consoles that commands print on: texts of users are shown as they are, and harm nobody."""

from __future__ import annotations

import io
import os
import re
import sys
import warnings
from functools import cache
from typing import Any, TextIO

from rich.console import Console
from rich.text import Text

from olive.messages import Message

_WIDTH_OF_FILES = 165
# Control characters but tab and line feed, and those that turn the direction of writing: a label
# or a file name could clear the screen, set the title of the window, or show itself backwards.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class PlainConsole(Console):
    """A console for texts of users: no markup, no emoji codes, no control characters."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(markup=False, emoji=False, highlight=False, **settings)

    def render_str(self, text: str, **settings: Any) -> Text:
        """Return a text as it is shown; every text that is printed passes here."""
        return super().render_str(printable(text), **settings)


def printable(text: str) -> str:
    r"""Return a text without control characters and without those that turn its direction.

    >>> printable("a\x1b[2J\u202eb\tc\n")
    'a[2Jb\tc\n'
    """
    return _UNSHOWN.sub("", text)


def table_console(*, width_of_files: int = _WIDTH_OF_FILES) -> Console:
    """Return a console; a file or pipe, which has no width, gets one that keeps labels whole.

    The environment variable ``COLUMNS`` decides where it is set.

    Examples
    --------
    >>> console = table_console()
    >>> console.is_terminal or "COLUMNS" in os.environ or console.width == 165
    True
    """
    console = PlainConsole()
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = width_of_files
    return console


def say(text: str, *, style: str | None = None, end: str = "\n") -> None:
    """Print a text in lines as long as they are."""
    PlainConsole(soft_wrap=True).print(text, style=style, end=end)


def complain(text: str) -> None:
    """Print a text on standard error."""
    PlainConsole(stderr=True, soft_wrap=True).print(text)


def prepare_streams() -> None:
    """Make output survive closed streams and encodings without Chinese, and warnings readable."""
    for name in ("stdout", "stderr"):
        stream: TextIO | None = getattr(sys, name)
        if stream is None:  # closed by the shell, as in `olive plan >&-`
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    _complain_once.cache_clear()
    warnings.showwarning = show_warning


def show_warning(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
    """Show a warning of olive's in one line, in the language of the process."""
    if category.__module__.partition(".")[0] == "olive":
        _complain_once(Message("olive: warning: {message}", message))


@cache
def _complain_once(text: str) -> None:
    """Print a text on standard error, once in a command however many of its parts find it."""
    complain(text)
