"""`olive.compare`: what policies change, against the targets and against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from olive.analysis.indicators import indicators
from olive.errors import DataError

if TYPE_CHECKING:
    from olive.simulation.result import Result


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two or more policies of one result; the first is the baseline, the last the reform.

    Attributes
    ----------
    result : Result
    """

    result: Result

    def targets(self) -> pd.DataFrame:
        """Return indicators under every policy, with change, target, gap and growth still needed.

        Returns
        -------
        pandas.DataFrame
            One row for each indicator and definition: ``indicator``, ``definition``, ``line``
            (poverty line, yuan per head and year), ``unit``, one column a policy, ``change``
            (last less first policy), ``target``, ``gap`` (last policy less target),
            ``residual_growth`` (uniform growth of all disposable incomes under the last policy
            that would meet the target; missing when none does), ``clause``. Shares are fractions
            of 1, money is yuan a year.
        """
        rows = [
            {
                "indicator": each.id,
                "definition": each.definition,
                "line": each.line,
                "unit": each.unit,
                **dict(zip(self.result.labels, each.values, strict=True)),
                "change": each.values[-1] - each.values[0],
                "target": each.target.value if each.target else None,
                "gap": each.values[-1] - each.target.value if each.target else None,
                "residual_growth": each.growth.growth if each.growth else None,
                "clause": each.target.id if each.target else None,
            }
            for each in indicators(self.result)
        ]
        return pd.DataFrame(rows)


def compare(result: Result) -> Comparison:
    """Compare the policies of a result.

    Parameters
    ----------
    result : Result
        From `olive.simulate` with at least two policies.

    Raises
    ------
    DataError
        When there is only one policy.
    """
    if len(result.policies) < 2:
        raise DataError(
            "a comparison needs two policies: olive.simulate(population, [before, after])"
        )
    return Comparison(result)
