"""Numbers as people write them: 1,200 and １２００ and 1.2万; whatever is unclear is no number."""

from __future__ import annotations

import math
import re
import unicodedata

# Either thousands in groups of three, or plain digits; then a fraction, then a power of ten.
_NUMERAL = re.compile(
    r"(?P<currency>¥\s*)?"
    r"(?P<number>[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?)"
    r"\s*(?P<scale>[万亿])?(?P<yuan>元)?"
)
_SCALES = {"万": 1e4, "亿": 1e8}
_MINUS = str.maketrans({"−": "-", "﹣": "-", "–": "-"})
# The narrow characters of the full-width ones, and no others: 5² is neither 52 nor 25.
_NARROW = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: " ", 0xFFE5: "¥"} | _MINUS
_DATE = re.compile(r"(?P<year>[0-9]{4})\s*(?:[-/.年]\s*[0-9]{1,2}(?:[-/.月].*)?)?年?")
# What tables of other programs write where there is no number.
_NOTHING = frozenset({"", ".", "na", "n/a", "nan", "null", "none", "<na>", "nat"})
# What a spreadsheet shows where a formula failed.
_ERROR = re.compile(r"#(n/a|(value|ref|div/0|num|null|spill|calc|field)!|name\?|getting_data)")


def plain_text(text: str) -> str:
    """Return text without blanks at its ends and with full-width characters as narrow ones.

    >>> plain_text("　１，２００ ")
    '1,200'
    """
    return unicodedata.normalize("NFKC", text).strip().translate(_MINUS)


def number_of(text: str, *, money: bool = False) -> float | None:
    """Return the finite number that a text is, or None when it is none.

    Parameters
    ----------
    text : str
        Thousands separators must stand where they belong: ``1,200`` is a number, ``1,2`` is not.
    money : bool
        Amounts in yuan may also be written as ``¥1,200``, ``1200元`` or ``1.2万``.

    Examples
    --------
    >>> number_of("60,002"), number_of("－８"), number_of("1.2万", money=True), number_of("1,2")
    (60002.0, -8.0, 12000.0, None)
    """
    found = _NUMERAL.fullmatch(text.translate(_NARROW).strip())
    if found is None or not any(character.isdigit() for character in found["number"]):
        return None
    if not money and (found["currency"] or found["scale"] or found["yuan"]):
        return None
    try:
        number = float(found["number"].replace(",", ""))
    except ValueError:
        return None  # such as a power of ten without digits before it
    number *= _SCALES.get(found["scale"], 1.0)
    return number if math.isfinite(number) else None


def year_of(text: str) -> float | None:
    """Return the year of a date or of a year, such as 1985-01-31, 1985年1月, 1985.

    >>> year_of("1985/1/31"), year_of("1985年"), year_of("85")
    (1985.0, 1985.0, None)
    """
    found = _DATE.fullmatch(plain_text(text))
    return float(found["year"]) if found else None


def is_spreadsheet_error(text: str) -> bool:
    """Say whether a cell holds what a spreadsheet shows where a formula failed.

    >>> is_spreadsheet_error("#DIV/0!"), is_spreadsheet_error("#N/A"), is_spreadsheet_error("#1")
    (True, True, False)
    """
    return _ERROR.fullmatch(plain_text(text).casefold()) is not None


def is_nothing(text: str) -> bool:
    """Say whether a cell of numbers is left empty, or holds a word of programs for that.

    >>> is_nothing(" "), is_nothing("NA"), is_nothing("无")
    (True, True, False)
    """
    return plain_text(text).casefold() in _NOTHING
