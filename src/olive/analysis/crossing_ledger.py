"""Households that cross the bounds of the brackets, credited to the parts of a reform.

Whether a household stands above a bound is a game of its own: nought or one for each combination of
parts. Its Shapley value shares out the household's crossing among the parts; summed over households
it gives a ledger that adds up to the change of the shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from olive import statistics
from olive.analysis.attribution import PART_WORDS, orders_notes, part_table
from olive.analysis.bracket_rule import BracketRule, check_definition
from olive.analysis.coalitions import TOGETHER, checked_parts, shared_out, together
from olive.analysis.indicators import Incomes, bracket_rows, income_variables, incomes
from olive.analysis.words import COLUMNS, DEFINITION_LABELS, ColumnWords
from olive.errors import DataError
from olive.messages import Message
from olive.native.given_objects import checked_objects
from olive.places.labels import Label
from olive.progress import shown_progress
from olive.simulation import simulate

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from olive.analysis.table import Table
    from olive.engine import Policy, Reform
    from olive.population import Population
    from olive.progress import Progress
    from olive.statistics import Sample
    from olive.statistics.brackets import Definition

FloatArray = NDArray[np.float64]
Truth = NDArray[np.bool_]

_FLOWS = ("up", "down", "back")
_NOTE = Label(
    "每户是否越过界线，按各种实施次序平均记到各部分（沙普利值）。上升、下降：政策前后在界线两侧的"
    "住户；往返：前后在同一侧、但某些部分使其越过而另一些使其返回的住户，各部分合计为0。"
    "净额=上升-下降+往返；各行对比例的影响相加等于比例的变化。",
    "Whether a household lies above a bound is credited to the parts by the mean over orders "
    "(Shapley value). Up and down: households on different sides before and after. There and back: "
    "on the same side, though some parts take them over and others back; adds up to 0. Net = up - "
    "down + there and back; effects on a share add up to its change.",
)


@checked_objects
def crossings_by_part(
    population: Population,
    policy: Policy,
    parts: Mapping[str, Reform],
    *,
    definition: Definition = "household",
    groups: Mapping[str, Sequence[str]] | None = None,
    orders: int | None = None,
    deflator: float = 1.0,
    seed: int = 0,
    progress: Progress = None,
) -> Table:
    """Credit the households that cross the bounds of the brackets to the parts of a reform.

    Parameters
    ----------
    population, policy, parts, groups, orders, deflator, seed, progress
        See `olive.attribute`.
    definition : str
        One of the four definitions of a share: whose income, and whether households or persons
        are counted.

    Returns
    -------
    Table
        One row a ``threshold`` (yuan) and part, and one for all parts together: ``up`` (of those
        who cross upwards), ``down`` (of those who cross downwards), ``back`` (of those who end on
        the side that they began on, though single parts move them; adds up to 0), ``net`` (up less
        down and with those), all weighted households or persons, and the effect on each share
        (fraction of 1). Over parts and thresholds the effects add up to the change of the share.

    Raises
    ------
    DataError
        As `olive.attribute`, for an unknown definition, or a place without brackets.

    References
    ----------
    Shorrocks (2013), "Decomposition procedures for distributional analysis: a unified framework
    based on the Shapley value", Journal of Economic Inequality 11.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=200, seed=1)
    >>> parts = {
    ...     "pension": olive.Reform(multiply={"resident_basic_pension_standard": 3.0}),
    ...     "wages": olive.Reform(multiply={"minimum_wage": 1.1}),
    ... }
    >>> ledger = crossings_by_part(city, olive.law(year=2023), parts)
    >>> ledger[ledger["part"] == "together"]["threshold"].tolist()
    [100000.0, 200000.0, 500000.0, 600000.0]
    """
    check_definition(definition)
    place = population.place
    rule = BracketRule(deflator, place=place)
    if not rule.brackets():
        raise DataError("the place {name!r} has no income brackets to count by", place.name)
    checked_parts(parts)
    both = [policy.renamed("none"), together(policy, parts)]
    result = simulate(population, both, outputs=income_variables(place), seed=seed)
    (before, weight), (after, _) = (
        bracket_rows(incomes(result, position), definition) for position in (0, 1)
    )
    counted = statistics.sampled(before, weight).positions
    every: dict[tuple[float, str], _Reaching] = {}
    for threshold, edge in zip(rule.thresholds(), rule.edges(), strict=True):
        first, last = before >= edge, after >= edge
        sides = {"up": ~first & last, "down": first & ~last, "back": first == last}
        every |= {
            (threshold, flow): _Reaching(who if counted is None else who[counted], edge, definition)
            for flow, who in sides.items()
            if (weight[who] > 0).any()
        }
    flows = list(every.values())
    with shown_progress(progress, Message("simulate")) as told:
        shares = shared_out(
            population, policy, parts, flows, groups=groups, orders=orders, seed=seed, progress=told
        )
    changes = np.vstack([shares.contribution, shares.whole - shares.none])
    rows: list[dict[str, Any]] = []
    for part, change in zip((*parts, TOGETHER), changes.tolist(), strict=True):
        moved = dict(zip(every, change, strict=True))
        for threshold in rule.thresholds():
            up, down, back = (moved.get((threshold, flow), 0.0) for flow in _FLOWS)
            net = up + down + back
            # Together nobody ends elsewhere than it began; adding 0.0 turns -0.0 into 0.0.
            back = 0.0 if part == TOGETHER else back
            row = {"part": part, "threshold": threshold, "up": up + 0.0, "down": 0.0 - down}
            row |= {"back": back + 0.0, "net": net + 0.0}
            for name, (low, high) in rule.brackets().items():
                sign = (threshold == low) * 1.0 - (threshold == high)
                row[f"effect_on_{name}"] = sign * net / weight.sum() + 0.0
            rows.append(row)
    title = Label(
        f"越过收入界线的住户，按部分（{DEFINITION_LABELS[definition].zh}）",
        f"Who crosses the bounds, by part ({DEFINITION_LABELS[definition].en})",
    )
    said = (_NOTE, *orders_notes(shares, grouped=groups is not None), *rule.notes())
    words = _words(definition)
    return part_table(rows, title, words, said, population=population, policy=policy, parts=parts)


@dataclass(frozen=True, eq=False, slots=True)
class _Reaching:
    """How many, of certain ones of the households that count, reach a bound."""

    who: Truth
    edge: float
    definition: Definition

    @property
    def basis_key(self) -> Hashable:
        """Whose incomes they are: all bounds share them."""
        return self.definition

    def samples(self, one: Incomes) -> dict[Hashable, Sample]:
        """Return incomes and weights of the households that count."""
        return {self.definition: statistics.sampled(*bracket_rows(one, self.definition))}

    def of(self, sample: Sample) -> float:
        """Return their number."""
        return float(sample.weights[self.who & (sample.values >= self.edge)].sum())


def _words(definition: Definition) -> dict[str, ColumnWords]:
    counted = "persons" if definition.endswith("persons") else "households"
    return {
        **COLUMNS,
        **PART_WORDS,
        "up": ColumnWords(Label("上升越过", "up"), counted),
        "down": ColumnWords(Label("下降越过", "down"), counted),
        "back": ColumnWords(Label("往返", "there and back"), counted),
        "net": ColumnWords(Label("净额", "net"), counted),
    }
