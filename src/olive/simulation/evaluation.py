"""`olive.evaluate` and `olive.evaluator`: one variable of the law from given variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from olive.engine.evaluation import evaluate_with
from olive.engine.evaluator import Evaluator
from olive.engine.policy import Policy
from olive.native.given_objects import checked_objects
from olive.places.law import law as law_on
from olive.places.place import Place

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
    place: str | Place | None = None,
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
    place : str or Place, optional
        Whose law a day means; by default Taizhou's.

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
    policy = law if isinstance(law, Policy) else law_on(law, place=place)
    return evaluate_with(policy, [variable], given, absent=absent, seed=seed)[variable]


@checked_objects
def evaluator(
    variable: str,
    given: Sequence[str],
    law: str | date | Policy,
    *,
    absent: str = "error",
    seed: int = 0,
) -> Evaluator:
    """Return one variable as a function of given ones, prepared for a million calls.

    Parameters
    ----------
    variable : str
        Name of a variable.
    given : sequence of str
        Names of the variables and columns that each call gives, in this order or by name. Each
        row is a person who lives alone: who lives with others is for `olive.evaluate`.
    law : str, date or Policy
        A day such as ``"2023-01-01"``, or a policy (for example a law with a reform).
    absent : {"error", "neutral"}
        Refuse missing columns, or fill those that have a neutral value.
    seed : int
        For random draws such as take-up.

    Returns
    -------
    Evaluator
        Called with numbers it returns a number (or truth value), with lists or arrays of one
        length an array; the same bits as `olive.evaluate`. Values are checked as there.

    Raises
    ------
    DataError
        When something is missing or malformed; names the rule that needs it.

    Examples
    --------
    >>> tax = evaluator("comprehensive_income_tax", ["taxable_income"], "2023-01-01")
    >>> tax(36_000.0), tax(50_000.0)
    (1080.0, 2480.0)
    """
    policy = law if isinstance(law, Policy) else law_on(law)
    return Evaluator(policy, variable, given, absent=absent, seed=seed)
