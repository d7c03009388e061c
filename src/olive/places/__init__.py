"""What a place is, which places are installed, and the law of a place as a policy.

``olive.places()`` lists the installed places: this package can be called, since its name is that
of the question.
"""

import sys
from types import ModuleType

from olive.places.labels import Label
from olive.places.law import full_compliance, law
from olive.places.place import Bracket, Group, Groups, Place, PovertyLine
from olive.places.registry import place, places, register

__all__ = [
    "Bracket",
    "Group",
    "Groups",
    "Label",
    "Place",
    "PovertyLine",
    "full_compliance",
    "law",
    "place",
    "places",
    "register",
]


class _Places(ModuleType):
    def __call__(self) -> tuple[str, ...]:
        """Return the names of all installed places."""
        return places()


sys.modules[__name__].__class__ = _Places
