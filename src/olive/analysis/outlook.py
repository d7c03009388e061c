"""Whether a mean income per head is within reach of growth alone."""

from __future__ import annotations

from dataclasses import dataclass

from olive.places.labels import Label
from olive.places.place import Place
from olive.population.growth import growth_between, growth_data


@dataclass(frozen=True, slots=True)
class GrowthOutlook:
    """Growth that a target of mean income needs, beside growth that was and that is assumed.

    Attributes
    ----------
    start, known : int
        First year looked at (the year before the plan's own period), last published one.
    year : int
        Of the target.
    needed : float
        Yearly growth from the level of ``start`` that meets the target, a fraction of 1.
    needed_from_known : float
        The same from the last published level.
    observed : float
        Yearly growth between both published levels.
    assumed : float
        Yearly growth on the path ``trend`` after the last published level.
    level : float
        Yuan per head that the path reaches in the target's year.
    target : float
    """

    start: int
    known: int
    year: int
    needed: float
    needed_from_known: float
    observed: float
    assumed: float
    level: float
    target: float

    @property
    def reached(self) -> bool:
        """Whether growth alone meets the target."""
        return self.level >= self.target

    def sentence(self, money: Label) -> Label:
        """Return in words whether growth alone meets the target."""
        zh = "靠增长即可达到" if self.reached else "仅靠增长达不到"
        en = "is met by growth alone" if self.reached else "was out of reach of growth alone"
        return Label(
            f"人均收入目标{zh}：{self.start}—{self.known}年年均增长{self.observed:.1%}，"
            f"{self.known}年后按年均{self.assumed:.1%}（替代或假定），{self.year}年为{self.level:,.0f}{money.zh}；"
            f"从{self.start}年起须年均{self.needed:.1%}，从{self.known}年起须{self.needed_from_known:.1%}。",
            f"The target of {self.target:,.0f} {money.en} per head {en}: incomes grew by "
            f"{self.observed:.1%} a year from {self.start} to {self.known} and are taken to grow "
            f"by {self.assumed:.1%} a year after (proxy or assumption), to {self.level:,.0f} in "
            f"{self.year}; the target needs {self.needed:.1%} a year from {self.start}, or "
            f"{self.needed_from_known:.1%} from {self.known}.",
        )


def growth_outlook(place: Place, *, start: int | None = None) -> GrowthOutlook | None:
    """Return how far growth alone leads to a target of mean income per head.

    None where the place has no plan with such a target, or no growth paths.

    Published levels come from the record of the city; after them, incomes follow the path
    ``trend`` of `olive.Population.uprate`.

    Parameters
    ----------
    start : int, optional
        A year of the record to count from; by default the year before the plan's own period
        begins (the day before it), whose figures it was drawn up on.

    Examples
    --------
    From 55,499 yuan in 2021 to 75,000 in 2025 takes (75,000 / 55,499) ** (1 / 4) - 1 = 7.8 % a
    year.

    >>> import olive
    >>> round(growth_outlook(olive.place()).needed, 3)
    0.078
    """
    targets = place.plan.targets() if place.has_plan else ()
    target = next((each for each in targets if each.bounds is None), None)
    if target is None or place.growth_paths is None:
        return None
    levels = growth_data(place)["levels"]["total"]
    known = max(levels)
    if start is None:
        start = max(min(levels), int(place.plan.frozen_day[:4]) - 1)
    years, goal = (start, known, target.year), target.value
    needed = {year: _yearly(goal / levels[year], target.year - year) for year in (start, known)}
    observed = _yearly(levels[known] / levels[start], known - start)
    factor = growth_between(place, known, target.year).overall["total"]
    assumed, level = _yearly(factor, target.year - known), levels[known] * factor
    return GrowthOutlook(*years, needed[start], needed[known], observed, assumed, level, goal)


def _yearly(factor: float, years: int) -> float:
    return float(factor ** (1.0 / years) - 1.0)
