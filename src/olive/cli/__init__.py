"""The command line."""

from __future__ import annotations

import signal


def main() -> None:
    """Run the ``olive`` command."""
    # While modules load, nothing has begun that Ctrl-C would have to undo: it ends the process.
    interrupt = signal.signal(signal.SIGINT, signal.SIG_DFL)
    from olive.cli.commands import run  # noqa: PLC0415 - keeps `import olive.cli` light

    signal.signal(signal.SIGINT, interrupt)
    run()
