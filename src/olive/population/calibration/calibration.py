"""Calibrate the weights of a table to targets: the public function and its steps."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.errors import CalibrationError, nearest, one_of
from olive.messages import Message
from olive.native.blas import single_blas_thread
from olive.native.given_numbers import finite_number
from olive.native.given_objects import checked_objects
from olive.population.calibration.consistency import harmonized
from olive.population.calibration.distances import choose_distance
from olive.population.calibration.infeasibility import Request, settle
from olive.population.calibration.reporting import report
from olive.population.calibration.targets import Targets, build_design
from olive.population.measures.gathering import gather_tables
from olive.population.measures.measured_tables import MeasuredTables
from olive.population.positions import in_row_order
from olive.population.years import checked_year
from olive.progress import Progress, shown_progress, steps

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

    from olive.population.calibration.equations import FloatArray
    from olive.population.calibration.infeasibility import Settled
    from olive.population.calibration.result import Calibration

ON_INFEASIBLE = ("raise", "soften")
DISTANCE_OVER = ("households", "persons")


@checked_objects
def calibrate(
    tables: Any,
    targets: Targets | pd.DataFrame,
    *,
    method: str = "logit",
    bounds: tuple[float, float] | None = None,
    weights: str | ArrayLike = "weight",
    key: str = "household_id",
    distance_over: str = "households",
    on_infeasible: str = "raise",
    harmonize: str | None = None,
    hold_out: Sequence[str] = (),
    year: int | None = None,
    precision: float = 1e-9,
    max_iterations: int = 60,
    progress: Progress = None,
) -> Calibration:
    """Find the weights closest to the starting weights that meet the targets.

    Parameters
    ----------
    tables
        A population; or ``{"household": table, "person": table}``; or one table, whose rows
        carry the weights and count as households. A table is a pandas frame or a mapping of
        arrays by column. One weight a household meets household and person targets together.
    targets
        What the weighted tables should add up to.
    method
        ``"logit"`` or ``"truncated"`` (ratios within `bounds`), ``"raking"`` (positive ratios)
        or ``"linear"`` (ratios may be negative).
    bounds
        Smallest and largest ratio of new to starting weight, ``0 <= low < 1 < high``; by default
        (0.2, 5.0) for the methods that have bounds.
    weights
        Column of the household table with the starting weights, or the weights themselves.
    key
        Column that says which household a person belongs to.
    distance_over
        ``"households"`` keeps the weights of households close to the starting ones;
        ``"persons"`` those of persons: each counts in the distance with the averages of the
        household, so that larger households move less (Lemaitre and Dufour 1987). Either way
        all persons of a household have its weight.
    on_infeasible
        ``"raise"`` stops with a proof when targets contradict each other or the bounds;
        ``"soften"`` relaxes only the offending targets, and says so.
    harmonize
        Block whose total rules: other blocks that add up the same rows are scaled to it first.
    hold_out
        Identifiers of targets to report on but not to fit.
    year
        Year of the tables; targets of another year are named in a warning.
    precision
        Largest relative miss of an exact target.
    max_iterations
        Largest number of Newton steps.
    progress : callable or bool, optional
        Called with (steps done, steps in all): one for each target that is measured, and one for
        the weights; True shows a bar.

    Returns
    -------
    Calibration
        Frozen; `weights`, `g`, `targets`, `summary()`, `hold_out()`.

    Raises
    ------
    CalibrationError
        If tables, weights, bounds or targets are at fault, or a target selects no row.
    InfeasibleError
        If no weights within the bounds meet the targets, with a proof, unless softened.

    Notes
    -----
    Minimises ``sum n d G(w/d) + sum_j miss_j**2 / (2 c_j)`` on its dual by a damped Newton method;
    `c_j` is zero for a tolerance of 0, `n` is 1, or the persons of the household. Sources: Deville
    and Särndal, *Journal of the American Statistical Association* 87(418), 1992; Guggemos and
    Tillé, "Penalized calibration in survey sampling", *Journal of Statistical Planning and
    Inference* 140(11), 2010; Lemaître and Dufour, "An integrated method for weighting persons and
    families", *Survey Methodology* 13(2), 1987.

    Examples
    --------
    >>> import pandas as pd
    >>> from olive.population.calibration import PublishedFigure, Targets
    >>> town = pd.DataFrame({"urban": [True, True, False], "weight": [10.0, 10.0, 10.0]})
    >>> def exact(name, where, value):
    ...     return PublishedFigure(name, "household", "count", where, value, 2020, "households",
    ...                            "census", "published", 0.0, "area")
    >>> result = calibrate(town, Targets((exact("urban", "urban == true", 24.0),
    ...                                   exact("rural", "urban == false", 12.0))))
    >>> result.weights.round(6).tolist(), result.status
    ([12.0, 12.0, 12.0], 'ok')
    """
    began = time.perf_counter()
    link = choose_distance(method, bounds)
    finite_number("precision", precision)
    if year is not None:
        checked_year(year)
    one_of("on_infeasible", on_infeasible, ON_INFEASIBLE, CalibrationError)
    one_of("distance_over", distance_over, DISTANCE_OVER, CalibrationError)
    wanted = targets if isinstance(targets, Targets) else Targets.from_frame(targets)
    if not wanted:
        raise CalibrationError("There are no targets to calibrate to.")
    wanted.without(hold_out)
    gathered = gather_tables(tables, key)
    start = _starting_weights(gathered, weights)
    used = np.flatnonzero(start > 0.0)
    units = _units(gathered, distance_over)[used]
    with single_blas_thread(), shown_progress(progress, Message("calibrate")) as told:
        step = steps(told, len(wanted) + 1)
        design = build_design(gathered, wanted, step)
        request = Request(
            design=_averaged(design if len(used) == len(start) else design[:, used], units),
            targets=wanted,
            start=start[used] * units,
            units=units,
            used=used,
            households=len(start),
            link=link,
            soften=on_infeasible == "soften",
            harmonize=harmonize,
            held_out=frozenset(hold_out),
            year=year,
            precision=precision,
            max_iterations=max_iterations,
            began=began,
        )
        found = _run(request)
        step()
        return found


def _units(tables: MeasuredTables, distance_over: str) -> FloatArray:
    """Return what each household counts in the distance; shape (households,)."""
    if distance_over == "households":
        return np.ones(tables.rows)
    persons = tables.sizes
    if persons is None:
        raise CalibrationError(
            "distance_over='persons' needs the person table; give it under the key 'person'."
        )
    if not persons.all():
        raise CalibrationError(
            "{number} households have no persons, the first in row {row}, so they "
            "have no averages; drop them, or use distance_over='households'.",
            int((persons == 0.0).sum()),
            int(np.argmin(persons)),
        )
    return persons


def _averaged(design: FloatArray, units: FloatArray) -> FloatArray:
    return design if (units == 1.0).all() else design / units


def _starting_weights(tables: MeasuredTables, weights: str | ArrayLike) -> FloatArray:
    """Return checked starting weights; shape (households,)."""
    households = tables.households
    if isinstance(weights, str):
        if weights not in households:
            hint = nearest(weights, households)
            raise CalibrationError(
                "The household table has no weight column {weights!r}{hint}", weights, hint
            )
        values: FloatArray = households[weights].to_numpy(dtype=np.float64, na_value=np.nan)
    else:
        rows = next(iter(households.values())).index
        try:
            values = np.asarray(in_row_order(weights, rows, "weights"), dtype=np.float64)
        except (OverflowError, TypeError, ValueError) as error:  # DataError is a ValueError
            raise CalibrationError("Weights cannot be used: {fault}", error) from None
    if values.shape != (tables.rows,):
        raise CalibrationError(
            "Weights have the shape {shape}; the household table has {number} rows, "
            "so it must be ({number},).",
            values.shape,
            tables.rows,
        )
    for fault, wrong in ((Message("not finite"), ~np.isfinite(values)), ("negative", values < 0.0)):
        if wrong.any():
            row = int(np.argmax(wrong))
            raise CalibrationError(
                "{number} starting weights are {fault}; the first is {values} in row "
                "{row}. Give every household a weight of 0 or more.",
                int(wrong.sum()),
                fault,
                values[row],
                row,
            )
    if not values.any():
        raise CalibrationError(
            "All starting weights are 0; calibration can only change the weights there are."
        )
    return values


def _run(request: Request) -> Calibration:
    """Harmonise, solve and report."""
    totals = request.targets.values
    if request.harmonize is not None:
        totals = harmonized(request.design, request.targets.items, totals, request.harmonize)
    settled = settle(request, totals)
    return report(request, totals, settled, partial(_again, request, settled))


def _again(request: Request, settled: Settled, held_out: tuple[str, ...]) -> Calibration:
    """Repeat a calibration without some targets, from the multipliers of the first."""
    request.targets.without(held_out)
    ids = request.targets.ids
    known = zip(settled.system.rows, settled.solution.multipliers, strict=True)
    repeated = replace(
        request,
        held_out=request.held_out | frozenset(held_out),
        multipliers={ids[position]: float(value) for position, value in known},
        began=time.perf_counter(),
    )
    with single_blas_thread():
        return _run(repeated)
