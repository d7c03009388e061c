"""Options that take one of a few words."""

from __future__ import annotations

from enum import StrEnum


class LanguageName(StrEnum):
    """Languages of the output."""

    ZH = "zh"
    EN = "en"


class ClosedEnds(StrEnum):
    """Ends that belong to an income bracket."""

    LOW = "low"
    HIGH = "high"
    BOTH = "both"
    NEITHER = "neither"


class ReformBase(StrEnum):
    """What a reform file of the report is laid on."""

    LAW = "law"
    PLAN = "plan"
