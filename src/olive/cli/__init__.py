"""The command line."""

from __future__ import annotations

import gc
import signal

# New containers before cycles among them are looked for. A command keeps most of what it makes, the
# law and its modules, and at Python's 700 it looks through them hundreds of times.
_CONTAINERS_BETWEEN_SEARCHES = 10_000


def main() -> None:
    """Run the ``olive`` command."""
    gc.set_threshold(_CONTAINERS_BETWEEN_SEARCHES)
    # While modules load, nothing has begun that Ctrl-C would have to undo: it ends the process.
    interrupt = signal.signal(signal.SIGINT, signal.SIG_DFL)
    from olive.cli.commands import run  # noqa: PLC0415 - keeps `import olive.cli` light

    signal.signal(signal.SIGINT, interrupt)
    run()
