"""The result of a calibration: weights, how well every target is met, and at what price."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive.messages import Message
from olive.native.blas import sum_of_products
from olive.population.calibration.distances import DistanceFunction

FloatArray = NDArray[np.float64]

AT_BOUND = 0.01
LARGEST_SHARE_AT_BOUNDS = 0.05
QUANTILES = {"g_min": 0.0, "g_1%": 0.01, "g_50%": 0.5, "g_99%": 0.99, "g_max": 1.0}


def design_effect(weights: FloatArray) -> float:
    """Kish's design effect of unequal weights, n * sum(w**2) / sum(w)**2; 1 for equal weights.

    Source: Kish, *Survey Sampling* (1965), section 11.7. Units of weight 0 do not count.

    Examples
    --------
    >>> round(design_effect(np.array([1.0, 1.0, 2.0])), 6)
    1.125
    """
    used = weights[weights != 0.0]
    return float(len(used) * sum_of_products(used, used) / used.sum() ** 2)


def effective_size(weights: FloatArray) -> float:
    """Number of equally weighted units with the same precision, sum(w)**2 / sum(w**2).

    Examples
    --------
    >>> round(effective_size(np.array([1.0, 1.0, 2.0])), 6)
    2.666667
    """
    return float(weights.sum() ** 2 / sum_of_products(weights, weights))


Refit = Callable[[tuple[str, ...]], "Calibration"]


@dataclass(frozen=True, eq=False)
class Calibration:
    """Calibrated weights and everything needed to judge them.

    Attributes
    ----------
    weights
        New weights; shape (households,), in the order of the household table.
    g
        New over starting weight; 1 where the starting weight is 0.
    converged
        Whether the equations were solved to the requested precision.
    status
        ``"ok"``, ``"softened"`` (some targets were given up, see `softened`) or ``"stopped"``.
    targets
        One row a target: id, block, status, in_fit, target (published), fitted_to (after
        harmonising), tolerance (used), before, after, relative_miss (``after`` against
        ``target``), hit, multiplier, and pull (see Notes).
    iterations, seconds
        Newton steps and elapsed time.
    softened, redundant
        Identifiers of targets that were relaxed because no weights within the bounds meet them,
        and of targets left out because others imply them.
    conflicts
        Statements that contradict each other, in words.
    warnings
        What a reader of the weights must know, in words.

    Notes
    -----
    `pull` estimates the drop of the distance from the starting weights if that target alone were
    left out: half the squared multiplier over the corresponding diagonal element of the inverse
    second derivative, per unit of starting weight. Targets with a large pull distort the weights.
    """

    weights: FloatArray
    g: FloatArray
    converged: bool
    status: str
    targets: pd.DataFrame
    iterations: int
    seconds: float
    softened: tuple[str, ...]
    redundant: tuple[str, ...]
    conflicts: tuple[str, ...]
    warnings: tuple[str, ...]
    link: DistanceFunction = field(repr=False)
    fingerprint: str = field(repr=False)
    refit: Refit = field(repr=False)

    @property
    def note(self) -> str:
        """One line for the record of the population that takes the weights."""
        fitted = int(self.targets["in_fit"].sum())
        return Message(
            "calibrated to {fitted} targets (sha256 {fingerprint}), {status}",
            fitted,
            self.fingerprint[:16],
            self.status,
        )

    def summary(self) -> pd.Series:
        """Diagnostics of the weights in one column.

        Returns
        -------
        pandas.Series
            Units, iterations, seconds, design effect and effective sample size (Kish), the
            distribution of g, the share of units within one per cent of a bound, the weight share
            of the heaviest one per cent, and counts of negative weights, targets and misses.
        """
        used = self.weights != 0.0
        g = self.g[used]
        heaviest = np.sort(self.weights[used])[-max(1, int(used.sum()) // 100) :]
        fitted = self.targets[self.targets["in_fit"]]
        return pd.Series(
            {
                "status": self.status,
                "units": int(used.sum()),
                "iterations": self.iterations,
                "seconds": self.seconds,
                "design_effect": design_effect(self.weights),
                "effective_size": effective_size(self.weights),
                **{name: float(np.quantile(g, rank)) for name, rank in QUANTILES.items()},
                "share_at_bounds": share_at_bounds(self.link, g),
                "weight_share_of_top_1%": float(heaviest.sum() / self.weights.sum()),
                "negative_weights": int((self.weights < 0.0).sum()),
                "targets_fitted": len(fitted),
                "targets_missed": int((~fitted["hit"]).sum()),
                "largest_relative_miss": float(fitted["relative_miss"].abs().max()),
                "conflicts": len(self.conflicts),
            },
            name="calibration",
        )

    def hold_out(self, ids: Iterable[str]) -> pd.DataFrame:
        """Calibrate again without some targets and report how far they are missed.

        Parameters
        ----------
        ids
            Identifiers of targets that were in the fit.

        Returns
        -------
        pandas.DataFrame
            The rows of `targets` of the new calibration for the targets held out.
        """
        names = tuple(ids)
        again = self.refit(names).targets
        return again[again["id"].isin(names)].reset_index(drop=True)

    def hold_out_blocks(self) -> pd.DataFrame:
        """Hold out each block in turn (targets without a block one by one).

        Returns
        -------
        pandas.DataFrame
            As `hold_out`, for every target that was in the fit.
        """
        fitted = self.targets[self.targets["in_fit"]]
        name = fitted["block"].where(fitted["block"] != "", fitted["id"])
        parts = [self.hold_out(ids) for _, ids in fitted["id"].groupby(name, sort=False)]
        return pd.concat(parts, ignore_index=True)

    def __str__(self) -> str:
        lines = [self.summary().to_string(), *(f"warning: {text}" for text in self.warnings)]
        return "\n".join(lines)


def share_at_bounds(
    link: DistanceFunction, g: FloatArray, units: FloatArray | None = None
) -> float:
    """Share of units whose ratio is within one per cent of the range of a finite bound.

    ``units`` says how many each ratio is of; 1 by default.
    """
    if not np.isfinite(link.high):
        return 0.0
    room = AT_BOUND * (link.high - link.low)
    return float(np.average((g <= link.low + room) | (g >= link.high - room), weights=units))
