"""`olive.compare`: two policies of a result, checked before any work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from olive.analysis.bracket_rule import BracketRule
from olive.analysis.comparison import Comparison
from olive.analysis.disclosure import smallest_cell_for
from olive.analysis.intervals import Uncertainty, design_of, note_on
from olive.errors import DataError
from olive.native.given_objects import checked_objects

if TYPE_CHECKING:
    from olive.places.labels import Label
    from olive.population import Population
    from olive.simulation.result import Result
    from olive.statistics.money import Closed


@checked_objects
def compare(
    result: Result,
    before: int | str = 0,
    after: int | str | None = None,
    *,
    smallest_cell: int | None = None,
    deflator: float = 1.0,
    closed: Closed = "low",
    model_range: bool = True,
    uncertainty: Uncertainty | None = None,
) -> Comparison:
    """Compare two policies of a result.

    Parameters
    ----------
    result : Result
        From `olive.simulate` with at least two policies.
    before, after : int or str, optional
        Policies by position or label; by default the first and the last.
    smallest_cell : int, optional
        Cells that rest on fewer sample households are suppressed (missing, with a note): by
        default 10, and 0 (no guard) when the population is synthetic.
    deflator : float
        Price level of the data over that of the income brackets. It multiplies the bounds of the
        brackets (1.05: 5 per cent more yuan of the data's year) and nothing else: incomes,
        changes, poverty lines and the target in yuan stay in prices of the data's year. 1 leaves
        brackets nominal. olive ships no price index; the figure is the user's to give and to cite.
    closed : {"low", "high", "both", "neither"}
        Which ends belong to a bracket: low <= income < high by default.
    model_range : bool
        For synthetic data: show between which values the indicators lie under other spreads of
        income that the published figures allow as well (`targets`).
    uncertainty : Design or ReplicateWeights, optional
        How the sample was drawn, from `olive.statistics`. By default derived from the household
        columns ``stratum`` and ``psu`` of real data; synthetic data have no sampling error.

    Raises
    ------
    DataError
        When there is only one policy, no such policy, twice the same, or an argument is out of
        range.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=200, seed=1)
    >>> law = olive.law(year=2023)
    >>> reform = olive.Reform({"dibao_standard": 20_000}, label="dibao 20,000")
    >>> comparison = compare(olive.simulate(city, [law, law | reform]))
    >>> shares = comparison.cells()["share_after"]
    >>> bool(abs(shares[:5].sum() - 1) < 1e-12)
    True
    """
    positions = _two_policies(result, before, after)
    rule = BracketRule(deflator, closed, result.place)
    least = smallest_cell_for(smallest_cell, synthetic=result.population.is_synthetic)
    drawn, note = _uncertainty(result.population, uncertainty)
    if not isinstance(model_range, bool):
        raise DataError("model_range is {model_range!r:.60}; it must be True or False", model_range)
    ranged = model_range and result.population.is_synthetic
    return Comparison(result, positions, least, rule, drawn, note, ranged)


def _two_policies(result: Result, before: int | str, after: int | str | None) -> tuple[int, int]:
    if len(result.policies) < 2:
        raise DataError(
            "a comparison needs two policies: olive.simulate(population, [before, after])"
        )
    listed = ", ".join(map(repr, result.labels))
    for policy in (before, after):
        if policy is not None and not isinstance(policy, int | str):
            raise DataError(
                "a policy is named by its label or its position, not by {policy!r}; "
                "labels are {listed}",
                policy,
                listed,
            )
    last = len(result.policies) - 1
    positions = (result.position(before), result.position(last if after is None else after))
    if positions[0] == positions[1]:
        raise DataError(
            "policy {labels!r} is compared with itself; name two of {listed}",
            result.labels[positions[0]],
            listed,
        )
    return positions


def _uncertainty(
    population: Population, uncertainty: Uncertainty | None
) -> tuple[Uncertainty | None, Label]:
    if uncertainty is None:
        return design_of(population)
    if population.is_synthetic:
        raise DataError(
            "the households are synthetic, so they have no sampling error; leave uncertainty out"
        )
    if uncertainty.rows != len(population):
        raise DataError(
            "uncertainty is for {rows} rows; the population has {number} households",
            uncertainty.rows,
            len(population),
        )
    return uncertainty, note_on(uncertainty)
