"""Texts in both languages, as data have them."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

from olive.errors import DataError, nearest
from olive.messages import joined

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Label(NamedTuple):
    """A text in both languages."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """Return the text in a language."""
        return self.zh if checked_language(language) == "zh" else self.en


def checked_language(language: Language) -> Language:
    """Return a language that olive speaks.

    Raises
    ------
    DataError
        When it is another.
    """
    if language not in LANGUAGES:
        raise DataError(
            "language {language!r} is unknown{hint}; one of {languages}",
            language=language,
            hint=nearest(str(language), LANGUAGES),
            languages=joined(LANGUAGES),
        )
    return language
