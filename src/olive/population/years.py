"""Calendar years that incomes can refer to."""

from __future__ import annotations

from typing import Any

from olive.errors import DataError, shown
from olive.messages import Message
from olive.native.given_numbers import is_whole

YEARS = (1978, 2100)
YEARS_IN_WORDS = Message("a calendar year from {years} to {years2}", YEARS[0], YEARS[1])


def is_year(value: Any) -> bool:
    """Say whether a value is a calendar year that incomes can refer to.

    >>> is_year(2023), is_year("2023"), is_year(23), is_year(True)
    (True, False, False, False)
    """
    return bool(is_whole(value) and YEARS[0] <= value <= YEARS[1])


def checked_year(year: Any, what: str = "year") -> int:
    """Return a calendar year as an int.

    Raises
    ------
    DataError
        When it is none.
    """
    if not is_year(year):
        raise DataError(
            "{what} is {year}; it must be {years_in_words}", what, shown(year), YEARS_IN_WORDS
        )
    return int(year)
