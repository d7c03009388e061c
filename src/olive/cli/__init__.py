"""The command line."""

from __future__ import annotations


def main() -> None:
    """Run the ``olive`` command."""
    # Imported here to keep `import olive.cli` light; each module brings its own commands.
    from olive.cli import plan_commands  # noqa: F401, PLC0415
    from olive.cli.commands import run  # noqa: PLC0415

    run()
