"""`olive places`: which places are installed."""

from __future__ import annotations

from olive.cli.console import say
from olive.places.labels import spoken


def places() -> None:
    """List the installed places; the default one is marked."""
    from olive.errors import DataError  # noqa: PLC0415 - heavy
    from olive.places.registry import place, places  # noqa: PLC0415

    default = place().name
    for name in places():
        mark = "*" if name == default else " "
        try:
            label = place(name).label.in_language(spoken())
        except DataError as fault:  # a broken package hides no other place
            label = str(fault)
        say(f"{mark} {name}  {label}")
