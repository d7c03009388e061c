"""How the plan's income brackets are read: which ends belong to them, and in whose prices."""

from __future__ import annotations

from dataclasses import dataclass, field

from olive.errors import DataError, one_of, tell
from olive.messages import Message
from olive.native.given_numbers import is_finite
from olive.places.labels import Label
from olive.places.place import Place
from olive.places.registry import place as default_place
from olive.statistics.brackets import DEFINITIONS
from olive.statistics.money import CLOSED, Closed, edges_between

_ENDS = {
    "low": Label("收入组含下限、不含上限。", "Brackets hold lower <= income < upper."),
    "high": Label("收入组不含下限、含上限。", "Brackets hold lower < income <= upper."),
    "both": Label("收入组含下限和上限。", "Brackets hold lower <= income <= upper."),
    "neither": Label("收入组不含下限和上限。", "Brackets hold lower < income < upper."),
}


# Wide on purpose: an index (105) or a percentage (5) lies outside, any span of years inside.
_POSSIBLE, _USUAL = (0.1, 10.0), (0.5, 2.0)


@dataclass(frozen=True, slots=True)
class BracketRule:
    """How the bounds of the income brackets are applied.

    Attributes
    ----------
    deflator : float
        Price level of the data over that of the brackets. It multiplies the bounds of the
        brackets and nothing else: incomes, changes, poverty lines and targets in yuan stay in
        prices of the data's year.
    closed : {"low", "high", "both", "neither"}
        Which ends belong to a bracket; by default low <= income < high.
    place : Place
        Whose brackets.

    Raises
    ------
    DataError
        When the deflator is no possible ratio of price levels, or the ends are unknown.

    Warns
    -----
    DataWarning
        When prices would have doubled or halved.

    Examples
    --------
    >>> BracketRule(deflator=1.05).brackets()["share_10_50"]
    (105000.0, 525000.0)
    >>> BracketRule().notes()[0].en
    'Brackets hold lower <= income < upper.'
    """

    deflator: float = 1.0
    closed: Closed = "low"
    place: Place = field(default_factory=default_place)

    def __post_init__(self) -> None:
        if not is_finite(self.deflator) or self.deflator <= 0:
            raise DataError(
                "deflator is {deflator!r}; it is the price level of the data over that "
                "of the brackets, a finite number above 0 (1 for nominal brackets)",
                self.deflator,
            )
        object.__setattr__(self, "deflator", float(self.deflator))
        low, high = _POSSIBLE
        if not low <= self.deflator <= high:
            raise DataError(
                "deflator is {deflator:g}, outside {low:g} to {high:g}; it is a ratio of "
                "price levels, not an index or a percentage: 1.05 where prices are 5 % "
                "higher",
                self.deflator,
                low,
                high,
            )
        low, high = _USUAL
        if not low <= self.deflator <= high:
            tell(
                "deflator {deflator:g} moves every bracket by more than a factor of two; "
                "it is a ratio of price levels: 1.05 where prices are 5 % higher",
                self.deflator,
            )
        one_of("closed", self.closed, CLOSED)

    def brackets(self) -> dict[str, tuple[float, float]]:
        """Return the bounds of each bracket, in prices of the data.

        >>> BracketRule().brackets()["share_20_60"]
        (200000.0, 600000.0)
        """
        return {
            each.name: (each.low * self.deflator, each.high * self.deflator)
            for each in self.place.brackets_shown()
        }

    def thresholds(self) -> list[float]:
        """Return all bounds, ascending.

        >>> BracketRule().thresholds()
        [100000.0, 200000.0, 500000.0, 600000.0]
        """
        return sorted({bound for bounds in self.brackets().values() for bound in bounds})

    def edges(self) -> list[float]:
        """Return for each of the thresholds the number from which an income counts as above it.

        Which side an income at the threshold itself belongs to follows from the closed ends, and
        an income within half a fen counts as being there (`olive.statistics.money`).

        >>> BracketRule().edges()
        [99999.995, 199999.995, 499999.995, 599999.995]
        """
        edges = {}
        for low, high in self.brackets().values():
            edges[low], edges[high] = edges_between(low, high, self.closed)
        return [edges[threshold] for threshold in self.thresholds()]

    def notes(self) -> tuple[Label, Label]:
        """Return which ends belong to the brackets, and in whose prices the bounds are."""
        if self.deflator == 1.0:
            prices = Label("界线按名义价格。", f"Bounds in nominal {self.place.currency.en}.")
        else:
            prices = Label(
                f"界线按不变价格，乘以{self.deflator:g}；收入、变化和贫困线仍按数据年份价格。",
                f"Bounds in constant prices, multiplied by {self.deflator:g}; incomes, changes "
                "and poverty lines stay in prices of the data's year.",
            )
        return _ENDS[self.closed], prices


def checked_bound(place: Place, bound: float | None, definition: str) -> float:
    """Return a bound of income, the lowest of the place's brackets where none is given.

    Raises
    ------
    DataError
        For an unknown definition of a share, or a bound that is not above 0.

    Examples
    --------
    >>> import olive
    >>> checked_bound(olive.place(), None, "household")
    100000.0
    """
    check_definition(definition)
    if bound is None:
        bound = min((each.low for each in place.brackets_shown()), default=0.0)
    if not is_finite(bound) or bound <= 0.0:
        raise DataError("the bound must be an income above 0, found {bound!r}", bound)
    return float(bound)


def check_definition(definition: str) -> None:
    """Refuse an unknown definition of a share."""
    one_of(Message("definition"), definition, DEFINITIONS)
