"""The plan of the default place, as ``olive.plan``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from olive.places.registry import place

if TYPE_CHECKING:
    from olive.places.plan import Plan

plan: Plan = place().plan
