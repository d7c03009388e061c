"""Units of measure, as products of powers of named base units."""

from __future__ import annotations

import re
from dataclasses import dataclass

from olive.errors import UnitError

_PURE = {"1", "bool", "code"}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit such as ``yuan/year``: sorted pairs of (base unit, exponent).

    ``bool`` and ``code`` are pure numbers for arithmetic; rules keep truth values apart by the
    kind of their expression, not by unit.
    """

    powers: tuple[tuple[str, int], ...] = ()

    def __mul__(self, other: Unit) -> Unit:
        """Unit of a product."""
        return _from_powers([*self.powers, *other.powers])

    def __truediv__(self, other: Unit) -> Unit:
        """Unit of a quotient."""
        return _from_powers([*self.powers, *((base, -power) for base, power in other.powers)])

    def __str__(self) -> str:
        above = "*".join(base for base, power in self.powers for _ in range(power))
        below = "".join(f"/{base}" for base, power in self.powers for _ in range(-power))
        return (above or "1") + below


PURE_NUMBER = Unit()


def parse_unit(text: str) -> Unit:
    """Read a unit such as ``"yuan/year"``, ``"yuan/m2/month"``, ``"1"`` or ``"bool"``.

    Raises
    ------
    UnitError
        When the text is not a product or quotient of plain words.

    Examples
    --------
    >>> str(parse_unit("yuan/year") * parse_unit("year"))
    'yuan'
    """
    powers: list[tuple[str, int]] = []
    for position, part in enumerate(text.split("/")):
        for base in part.split("*"):
            word = base.strip()
            if word in _PURE:
                continue
            if not _NAME.fullmatch(word):
                raise UnitError(
                    "unit {text!r} is not understood at {word!r}; write words joined by * "
                    "and /, for example 'yuan/year', or '1' for a pure number",
                    text,
                    word,
                )
            powers.append((word, -1 if position else 1))
    return _from_powers(powers)


def _from_powers(pairs: list[tuple[str, int]]) -> Unit:
    total: dict[str, int] = {}
    for base, power in pairs:
        total[base] = total.get(base, 0) + power
    return Unit(tuple(sorted((base, power) for base, power in total.items() if power)))


# How many of a shorter period make the longer one; used to restate parameters on load.
PERIODS_PER_YEAR = {"month": 12.0, "year": 1.0}


def conversion_factor(stated: str, wanted: str) -> float:
    """Return the factor that restates a flow per month as a flow per year (or back).

    Raises
    ------
    UnitError
        When the two units differ in more than the period.

    Examples
    --------
    >>> conversion_factor("yuan/month", "yuan/year")
    12.0
    """
    from_base, to_base = dict(parse_unit(stated).powers), dict(parse_unit(wanted).powers)
    factor, powers_of_time = 1.0, 0  # by how much the first has more of them than the second
    for period, per_year in PERIODS_PER_YEAR.items():
        power = from_base.pop(period, 0) - to_base.pop(period, 0)
        factor *= per_year**-power
        powers_of_time += power
    if from_base != to_base or powers_of_time:
        raise UnitError(
            "cannot restate {stated!r} as {wanted!r}: they differ in more than the period",
            stated,
            wanted,
        )
    return factor
