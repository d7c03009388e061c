"""`olive.uncertainty`: what the plausible ranges of assumed figures do to a reform's effect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args

from olive.analysis import uncertainty_tables as tables
from olive.analysis.assumed import assumptions
from olive.analysis.assumed_study import Study, joint_figures, one_at_a_time_figures, sobol_indices
from olive.analysis.assumption_range import AssumptionRanges, assumption_range
from olive.analysis.chosen_ranges import Chosen
from olive.analysis.indicators import income_variables, measures_of
from olive.engine import Policy, Reform
from olive.engine.arguments import check_run
from olive.errors import DataError, one_of
from olive.messages import Message
from olive.native.given_numbers import is_whole
from olive.native.given_objects import checked_objects
from olive.population import Population
from olive.progress import Progress, shown_progress

if TYPE_CHECKING:
    from olive.analysis.table import Table

__all__ = ["AssumptionRanges", "assumption_range", "uncertainty"]

Method = Literal["joint", "one_at_a_time", "sobol"]
METHODS: tuple[str, ...] = get_args(Method)
DRAWS: dict[str, int] = {"joint": 1_000, "one_at_a_time": 2, "sobol": 64}
FEWEST_DRAWS = 2


@checked_objects
def uncertainty(
    population: Population,
    policy: Policy,
    reform: Reform | Mapping[str, Any],
    parameters: Chosen = None,
    *,
    method: Method = "joint",
    draws: int | None = None,
    seed: int = 0,
    progress: Progress = None,
) -> Table:
    """Show what the assumptions of a reform, and of the law, do to its effect.

    Every figure that is neither law nor published and has a plausible range is moved within it:
    what the law leaves open by the same amount in both policies, what the reform assumes in the
    reform alone. Switches, and levers that the reform leaves open, are moved one at a time only;
    the notes tell what stands still and why. The draws of persons (who gets a job, who takes up a
    benefit) stay fixed. This is the doubt of the assumptions; the doubt of the recipe of a
    synthetic city (`compare`, model range) and of the sample (standard errors) are others.

    Parameters
    ----------
    population : Population
    policy : Policy
        The law that the reform is laid on.
    reform : Reform
    parameters : sequence of str, or mapping of str to (low, high) or PlausibleRange, optional
        Parameters to move; all by default. A mapping gives ranges of one's own, in the
        parameter's unit (multiples for a table); None keeps the range that the parameter has.
    method : {"joint", "one_at_a_time", "sobol"}
        ``"joint"`` moves all of them together, by a Latin hypercube: triangular between the ends
        with the mode at the figure itself, unless a range says uniform.
        ``"one_at_a_time"`` moves each to both ends of its range while the others stand, sets
        switches both ways and open levers as far as is plausible, and carries out each clause of
        the reform alone and leaves each out.
        ``"sobol"`` shares out the variance of the change among them.
    draws : int, optional
        Draws of the joint method (1,000 by default); for Sobol indices the base sample, a power
        of 2 (64 by default), of which (parameters + 2) times as many draws are made.
    seed : int
        Of the design; persons are drawn with the same seed.
    progress : callable or bool, optional
        Called with (draws done, draws in all); True shows a bar.

    Returns
    -------
    Table
        ``joint``: a row for each indicator and definition, with 5 %, 50 % and 95 % quantiles
        under the reform and of the change, the share of draws in which it rises and falls, and
        in which its target is met. ``one_at_a_time``: a row for each indicator, definition and
        assumption or clause, ranked by how far it moves the change. ``sobol``: first-order and
        total indices with the half-width of their 95 % intervals.

    Raises
    ------
    DataError
        Before any simulation: no such parameter or method, a range without width or outside what
        is allowed, too few draws, or nothing that could move an income.

    References
    ----------
    McKay, Beckman and Conover (1979), "A comparison of three methods for selecting values of input
    variables", Technometrics 21(2). Sobol' (2001), "Global sensitivity indices for nonlinear
    mathematical models", Mathematics and Computers in Simulation 55. Saltelli et al. (2010),
    "Variance based sensitivity analysis of model output", Computer Physics Communications 181.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=200, seed=1)
    >>> table = uncertainty(
    ...     city,
    ...     olive.law(year=2023),
    ...     olive.Reform({"dibao_standard": 20_000}),
    ...     {"dibao_take_up_rate": (0.5, 0.9)},
    ...     draws=8,
    ... )
    >>> row = table.frame.iloc[0]
    >>> bool(row["change_low"] <= row["change_median"] <= row["change_high"])
    True
    """
    settled = reform if isinstance(reform, Reform) else Reform(reform)
    number = _checked(method, seed, draws)
    found = assumptions(policy, settled, income_variables(population.place), parameters)
    if method != "one_at_a_time" and parameters is not None and found.singly:
        raise DataError(
            "{name} is a switch and is not drawn; set it both ways with method='one_at_a_time'",
            found.singly[0].name,
        )
    study = Study(population, found, measures_of(population.place), seed)
    with shown_progress(progress, Message("simulate")) as told:
        match method:
            case "joint":
                return tables.joint_table(study, joint_figures(study, number, told))
            case "one_at_a_time":
                return tables.tornado_table(study, *one_at_a_time_figures(study, told))
            case _:
                return tables.sobol_table(study, *sobol_indices(study, number, told))


def _checked(method: str, seed: int, draws: int | None) -> int:
    one_of("method", method, METHODS)
    check_run(seed)
    number = DRAWS[method] if draws is None else draws
    if not is_whole(number) or number < FEWEST_DRAWS:
        raise DataError(
            "draws is {draws!r}; give a whole number of at least {fewest_draws}",
            draws,
            FEWEST_DRAWS,
        )
    if method == "sobol" and number & (number - 1):
        raise DataError(
            "draws is {draws}; the base sample of Sobol indices is a power of 2, for "
            "example {number} or {number2}",
            draws,
            1 << int(number).bit_length() - 1,
            1 << int(number).bit_length(),
        )
    return int(number)
