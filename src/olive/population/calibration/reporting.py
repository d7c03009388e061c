"""Turn a solved system into a `Calibration`: the table of targets and the warnings."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import linalg

from olive.messages import Message
from olive.population.calibration.consistency import AGREEMENT
from olive.population.calibration.result import (
    LARGEST_SHARE_AT_BOUNDS,
    Calibration,
    Refit,
    design_effect,
    effective_size,
    share_at_bounds,
)

if TYPE_CHECKING:
    from olive.population.calibration.equations import FloatArray
    from olive.population.calibration.infeasibility import Request, Settled

UNSURE = ("recalled", "proxy", "assumption")
LARGEST_DESIGN_EFFECT = 2.0
LARGEST_RATIO = 5.0
MOST_TARGETS_PER_UNIT = 0.05
SHOWN_IDS = 8


def report(request: Request, totals: FloatArray, settled: Settled, refit: Refit) -> Calibration:
    """Collect weights, table of targets and warnings.

    Parameters
    ----------
    request, totals, settled
        What was asked for, the totals after harmonising, and the solution.
    refit
        Repeats the calibration without some targets.
    """
    weights = np.zeros(request.households)
    ratio = np.ones(request.households)
    weights[request.used] = request.start * settled.solution.ratio / request.units
    ratio[request.used] = settled.solution.ratio
    table = _target_table(request, totals, settled)
    weights.flags.writeable = ratio.flags.writeable = False
    status = "softened" if settled.softened else "ok"
    converged = settled.solution.status == "converged"
    ids = request.targets.ids
    return Calibration(
        weights=weights,
        g=ratio,
        converged=converged,
        status=status if converged else "stopped",
        targets=table,
        iterations=settled.solution.iterations,
        seconds=time.perf_counter() - request.began,
        softened=tuple(ids[row] for row in settled.softened),
        redundant=tuple(ids[row] for row in settled.redundant),
        conflicts=settled.conflicts,
        warnings=tuple(_warnings(request, settled, table)),
        link=request.link,
        fingerprint=request.targets.fingerprint(),
        refit=refit,
    )


def _target_table(request: Request, totals: FloatArray, settled: Settled) -> pd.DataFrame:
    targets = request.targets.items
    before = request.design @ request.start
    after = request.design @ (request.start * settled.solution.ratio)
    size = np.where(totals == 0.0, np.maximum(np.abs(before), 1.0), np.abs(totals))
    miss = (after - totals) / size
    stated = np.array([target.tolerance for target in targets])
    rows, every = settled.system.rows, range(len(targets))
    return pd.DataFrame(
        {
            "id": list(request.targets.ids),
            "block": [target.block for target in targets],
            "status": [target.status for target in targets],
            "in_fit": [target.id not in request.held_out for target in targets],
            "target": request.targets.values,
            "fitted_to": totals,
            "tolerance": settled.tolerance,
            "before": before,
            "after": after,
            "relative_miss": miss,
            "hit": np.abs(miss) <= np.maximum(stated, AGREEMENT),
            "multiplier": pd.Series(settled.solution.multipliers, rows).reindex(every),
            "pull": pd.Series(_pull(settled), rows).reindex(every),
        }
    )


def _pull(settled: Settled) -> FloatArray:
    """Estimate how much closer to the starting weights each target keeps the weights from."""
    matrix = settled.solution.gram + np.diag(settled.system.penalty)
    inverse = np.diag(linalg.pinvh(matrix)) if len(matrix) else np.empty(0)
    usable = inverse > 0.0
    squared = settled.solution.multipliers**2
    return np.divide(0.5 * squared, inverse, out=np.zeros(len(squared)), where=usable)


def _warnings(request: Request, settled: Settled, table: pd.DataFrame) -> list[str]:
    ratio = settled.solution.ratio
    weights = request.start * ratio / request.units
    effect, size = design_effect(weights), effective_size(weights)
    fitted = table[table["in_fit"]]
    missed = fitted.loc[~fitted["hit"], "id"].tolist()
    in_fit = [target for target in request.targets if target.id not in request.held_out]
    unsure = [each.id for each in in_fit if each.status in UNSURE and each.tolerance == 0.0]
    ids, missing = request.targets.ids, request.targets.missing
    relaxed = [ids[row] for row in settled.softened]
    converged = settled.solution.status == "converged"
    negative = int((weights < 0).sum())
    at_bounds = share_at_bounds(request.link, ratio)
    found = {
        Message("the iteration stopped before the targets were met"): not converged,
        Message("relaxed targets: {listed}", _listed(relaxed)): relaxed,
        Message("targets missed by more than their tolerance: {listed}", _listed(missed)): missed,
        Message(
            "the design effect is {effect:.2f} (above {largest_design_effect:g}): "
            "few households carry much of the weight",
            effect,
            LARGEST_DESIGN_EFFECT,
        ): effect > LARGEST_DESIGN_EFFECT,
        Message(
            "the largest ratio of new to starting weight is {max:.3g}", ratio.max()
        ): ratio.max() > LARGEST_RATIO,
        Message("{at_bounds:.1%} of the households are at a bound", at_bounds): at_bounds
        > LARGEST_SHARE_AT_BOUNDS,
        Message(
            "{number} targets for an effective sample of {size:.0f} households", len(fitted), size
        ): len(fitted) > MOST_TARGETS_PER_UNIT * size,
        Message("weights are negative for {number} households", negative): negative,
        Message(
            "figures that are not published are to be met exactly: {listed}", _listed(unsure)
        ): unsure,
        **_other_years(request),
        Message("targets without a value: {listed}", _listed(missing)): missing,
    }
    return [text for text, holds in found.items() if holds]


def _other_years(request: Request) -> dict[str, bool]:
    """Warn of targets whose year is not that of the tables, or of targets of several years."""
    if request.year is None:
        years = sorted({target.year for target in request.targets})
        listed = ", ".join(map(str, years))
        return {Message("the targets are of several years: {listed}", listed): len(years) > 1}
    others = [target.id for target in request.targets if target.year != request.year]
    said = Message("targets of another year than {year}: {listed}", request.year, _listed(others))
    return {said: bool(others)}


def _listed(ids: list[str] | tuple[str, ...]) -> str:
    more = f" and {len(ids) - SHOWN_IDS} more" if len(ids) > SHOWN_IDS else ""
    return ", ".join(ids[:SHOWN_IDS]) + more
