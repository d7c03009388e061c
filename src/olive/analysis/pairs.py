"""Two policies of a result side by side: incomes before and after, and the brackets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from olive.analysis.indicators import FloatArray, Incomes, bracket_rows, household_sizes, incomes
from olive.errors import DataError
from olive.native.immutable import ByContent
from olive.simulation import simulate
from olive.simulation.result import is_family

if TYPE_CHECKING:
    from olive.analysis.bracket_rule import BracketRule
    from olive.engine import Policy
    from olive.simulation.result import Result
    from olive.statistics.brackets import Definition

Truth = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class PolicyPair(ByContent):
    """Incomes of the same households under two policies.

    Incomes are read when they are asked for, so tables that need none work without.

    Attributes
    ----------
    result : Result
    positions : (int, int)
        Of the policy before and the policy after.
    rule : BracketRule
        How the bounds of the brackets are applied, see `olive.compare`.
    """

    result: Result
    positions: tuple[int, int]
    rule: BracketRule

    @staticmethod
    def of(result: Result, positions: tuple[int, int], rule: BracketRule) -> PolicyPair:
        """Return the pair of policies at two positions of a result.

        Raises
        ------
        DataError
            When the policies do not count the same persons in a household.
        """
        before, after = (household_sizes(result, position) for position in positions)
        if not np.array_equal(before, after):
            raise DataError(
                "the two policies do not count the same persons in a household, so households "
                "cannot be followed from one to the other; compare policies with the same rule "
                "for household_size"
            )
        return PolicyPair(result, positions, rule)

    @cached_property
    def before(self) -> Incomes:
        """Incomes under the policy before."""
        return incomes(self.result, self.positions[0])

    @cached_property
    def after(self) -> Incomes:
        """Incomes under the policy after."""
        return incomes(self.result, self.positions[1])

    @cached_property
    def family(self) -> Truth:
        """Which households are family households."""
        return is_family(self.result.population)

    @property
    def weight(self) -> FloatArray:
        """How many households each row stands for."""
        return self.result.population.weight

    @cached_property
    def size(self) -> FloatArray:
        """Persons in each household."""
        return household_sizes(self.result, self.positions[0])

    @property
    def family_weight(self) -> FloatArray:
        """The weight of family households, 0 for collective ones."""
        return self.weight * self.family

    @property
    def counted(self) -> Truth:
        """Family households that stand for somebody: the rows of shares and samples."""
        return self.family_weight > 0

    @property
    def change(self) -> FloatArray:
        """Disposable income after less before, yuan a year and household."""
        return self.after.income - self.before.income

    def measured(self, definition: Definition) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return incomes before and after and the weight (0 for collective), by definition."""
        before, weight = bracket_rows(self.before, definition)
        after, _ = bracket_rows(self.after, definition)
        return before, after, weight


def policies_of(pair: PolicyPair) -> tuple[Policy, Policy]:
    """Return the policy before and the policy after."""
    before, after = (pair.result.policies[position] for position in pair.positions)
    return before, after


def variables(pair: PolicyPair, names: list[str]) -> dict[tuple[int, str], NDArray[Any]]:
    """Return variables under both policies: kept ones, others by one more pass.

    The pass has the same households, seed and backend, so it gives what the first one would have
    given had it been asked. A variable that one of the policies has no rule for, such as the
    programme of a reform, is nothing there.

    Returns
    -------
    dict of (0 for before or 1 for after, name) to array
    """
    result = pair.result
    missing = [name for name in names if name not in result.outputs]
    found = {
        (side, name): result.arrays[position, name]
        for side, position in enumerate(pair.positions)
        for name in names
        if (position, name) in result.arrays
    }
    if missing:
        policies = policies_of(pair)
        found |= simulate(result.population, policies, outputs=missing, seed=result.seed).arrays
    for side, other in ((0, 1), (1, 0)):
        for name in names:
            if (side, name) not in found:
                found[side, name] = np.zeros_like(found[other, name])
    return found
