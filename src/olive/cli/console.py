"""The console that tables are printed on."""

from __future__ import annotations

import os

from rich.console import Console

_WIDTH_OF_FILES = 165


def table_console() -> Console:
    """Return a console; a file or pipe, which has no width, gets one that keeps labels whole.

    The environment variable ``COLUMNS`` decides where it is set.

    Examples
    --------
    >>> console = table_console()
    >>> console.is_terminal or "COLUMNS" in os.environ or console.width == 165
    True
    """
    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _WIDTH_OF_FILES
    return console
