"""`olive.evaluate`: one variable of the law from given variables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from olive.engine.evaluation import evaluate_with
from olive.engine.policy import Policy
from olive.taizhou.law.in_force import law as law_on

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def evaluate(
    variable: str,
    given: Mapping[str, Any],
    law: str | date | Policy,
    *,
    absent: str = "error",
    seed: int = 0,
) -> NDArray[np.float64] | NDArray[np.bool_]:
    """Compute one variable from any sufficient set of given variables and columns.

    Parameters
    ----------
    variable : str
        Name of a variable.
    given : mapping of str to scalar or array
        Variables and columns, in yuan per year unless their unit says otherwise. What is given
        is not computed. ``household_id`` says which persons live together.
    law : str, date or Policy
        A day such as ``"2023-01-01"``, or a policy (for example a law with a reform).
    absent : {"error", "neutral"}
        Refuse missing columns, or fill those that have a neutral value (no income, no
        disability).
    seed : int
        For random draws such as take-up.

    Returns
    -------
    array, shape (persons,) or (households,)

    Raises
    ------
    DataError
        When something is missing or malformed; names the rule that needs it.

    Examples
    --------
    >>> evaluate("comprehensive_income_tax", {"taxable_income": [36_000.0, 50_000.0]}, "2023-01-01")
    array([1080., 2480.])
    """
    policy = law if isinstance(law, Policy) else law_on(law)
    return evaluate_with(policy, [variable], given, absent=absent, seed=seed)[variable]
