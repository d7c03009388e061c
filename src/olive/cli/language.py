"""Languages of the output."""

from __future__ import annotations

from enum import StrEnum


class LanguageName(StrEnum):
    """Languages of the output."""

    ZH = "zh"
    EN = "en"
