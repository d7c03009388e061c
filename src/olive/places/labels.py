"""Texts in both languages, as data have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from olive.errors import one_of
from olive.messages import Message, language

if TYPE_CHECKING:
    from olive.engine import Policy

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Label(NamedTuple):
    """A text in both languages."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """Return the text in a language."""
        return self.zh if checked_language(language) == "zh" else self.en


def spoken() -> Language:
    """Return the language of what is printed: that of the process, see `olive.messages.language`.

    >>> from olive.messages import speaking
    >>> with speaking("zh"):
    ...     spoken()
    'zh'
    """
    return "zh" if language() == "zh" else "en"


def policy_label(policy: Policy) -> Label:
    """Return what a policy is called.

    >>> import olive
    >>> policy_label(olive.law(year=2023) | olive.plan.scenario())
    Label(zh='2023 年法规 | 方案全面落实', en='law 2023 | the plan')
    """
    return Label(policy.zh or policy.label, policy.label)


def checked_language(language: Language) -> Language:
    """Return a language that olive speaks.

    Raises
    ------
    DataError
        When it is another.
    """
    return one_of(Message("language"), language, LANGUAGES)
