"""The command line."""

from __future__ import annotations

import gc
import signal
import sys

# New containers before cycles among them are looked for. A command keeps most of what it makes, the
# law and its modules, and at Python's 700 it looks through them hundreds of times.
_CONTAINERS_BETWEEN_SEARCHES = 50_000


def main() -> None:
    """Run the ``olive`` command."""
    gc.set_threshold(_CONTAINERS_BETWEEN_SEARCHES)
    # While modules load, nothing has begun that Ctrl-C would have to undo: it ends the process.
    interrupt = signal.signal(signal.SIGINT, signal.SIG_DFL)
    from olive.cli.commands import INTERRUPTED, run  # noqa: PLC0415 - keeps `import olive.cli` light

    heard = []

    def hear(number: int, _: object) -> None:
        heard.append(number)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, hear if callable(interrupt) else interrupt)
    try:
        run()
    finally:
        signal.signal(signal.SIGINT, interrupt)
        if heard:  # extension modules that look for an attribute may swallow what was raised
            sys.exit(INTERRUPTED)
