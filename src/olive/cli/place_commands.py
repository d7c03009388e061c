"""`olive places`: which places are installed."""

from __future__ import annotations

from olive.cli.console import say
from olive.cli.language import spoken


def places() -> None:
    """List the installed places; the default one is marked."""
    from olive.places.registry import place, places  # noqa: PLC0415 - heavy

    default = place().name
    for name in places():
        found = place(name)
        mark = "*" if name == default else " "
        say(f"{mark} {name}  {found.label.in_language(spoken())}")
