"""The command line."""

from __future__ import annotations


def main() -> None:
    """Run the ``olive`` command."""
    from olive.cli.commands import run  # noqa: PLC0415 - keeps `import olive.cli` light

    run()
