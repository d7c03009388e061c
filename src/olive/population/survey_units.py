"""Units of surveys, in their own words, and by what number they become olive's."""

from __future__ import annotations

import re
from collections.abc import Mapping

from olive.engine.numerals import plain_text
from olive.messages import Labelled, Message

YEAR_OF_BIRTH = "year of birth"
_SCALES = {"yuan": 1.0, "1000 yuan": 1_000.0, "10000 yuan": 10_000.0}
_PERIODS = {"/month": 12.0, "/quarter": 4.0, "/year": 1.0}
# From a survey's unit to the catalogue's: what values are multiplied by.
UNITS: Mapping[tuple[str, str], float] = {
    **{
        (scale + period, "yuan/year"): factor * times
        for scale, factor in _SCALES.items()
        for period, times in _PERIODS.items()
        if (scale + period) != "yuan/year"
    },
    **{(scale, "yuan"): factor for scale, factor in _SCALES.items() if scale != "yuan"},
    ("percent", "1"): 0.01,
    ("year", "month"): 12.0,
    ("month", "year"): 1.0 / 12.0,
}
_WORDS = {
    "元": "yuan",
    "千元": "1000 yuan",
    "万元": "10000 yuan",
    "年": "year",
    "个月": "month",
    "月": "month",
    "季": "quarter",
    "季度": "quarter",
    "岁": "year",
    "周岁": "year",
    "平方米": "m2",
    "平米": "m2",
    "㎡": "m2",
    "m²": "m2",
    "%": "percent",
    "百分比": "percent",
    "出生年": YEAR_OF_BIRTH,
    "出生年份": YEAR_OF_BIRTH,
    "出生日期": YEAR_OF_BIRTH,
    "date of birth": YEAR_OF_BIRTH,
}
# The Chinese word that is shown; each of the above is read.
_SHOWN = {meaning: word for word, meaning in reversed(_WORDS.items())} | {"month": "月"}
_PER = re.compile("[/每]+")
_PLAIN_WORDS = {plain_text(word): meaning for word, meaning in _WORDS.items()}


def in_english(unit: str) -> str:
    """Return a unit in the words of the catalogue; unknown words stay.

    >>> in_english("元／月"), in_english("万元每年"), in_english("平方米"), in_english("出生年")
    ('yuan/month', '10000 yuan/year', 'm2', 'year of birth')
    """
    parts = [part.strip() for part in _PER.split(plain_text(unit))]
    return "/".join(_PLAIN_WORDS.get(part, part) for part in parts)


def unit_label(unit: str) -> Message:
    """Return a unit in the words of the catalogue, and of the user in Chinese.

    >>> unit_label("10000 yuan/year").in_language("zh"), unit_label("acre").in_language("zh")
    ('万元/年', 'acre')
    """
    return Labelled(unit, zh="/".join(_SHOWN.get(part, part) for part in unit.split("/")))


def factor_between(theirs: str, ours: str) -> float | None:
    """Return by what a survey's amounts are multiplied, or None when units do not agree.

    An amount of money without a period is that of the survey's year, where olive's is yearly.

    >>> factor_between("10000 yuan", "yuan/year"), factor_between("yuan/month", "yuan")
    (10000.0, None)
    """
    if theirs == ours:
        return 1.0
    if ours == "yuan/year" and theirs in _SCALES:
        return _SCALES[theirs]
    return UNITS.get((theirs, ours))


def possible_units(ours: str) -> list[str]:
    """Return the units of surveys that can become one of olive's.

    >>> possible_units("1")
    ['percent', '1']
    """
    return [*(theirs for theirs, wanted in UNITS if wanted == ours), ours]
