"""Income distributions with closed forms: lognormal, Singh-Maddala, Dagum, Fisk, beta-2.

Source: Kleiber and Kotz (2003), "Statistical Size Distributions in Economics and Actuarial
Sciences", chapters 4 and 6. All are given for scale 1; a family is a set of three functions of its
shape parameters, which are found from free real numbers so that a mean exists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy

from olive.statistics.samples import FloatArray

Shapes = tuple[float, ...]
OfArray = Callable[[FloatArray, Shapes], FloatArray]


@dataclass(frozen=True, slots=True)
class Family:
    """A family of distributions of positive incomes with scale 1.

    Attributes
    ----------
    name : str
    shapes : function
        From free real numbers to shape parameters for which the mean exists.
    start : tuple of float
        Free numbers that a fit starts from.
    below : function of (x, shapes)
        Distribution function.
    quantile : function of (p, shapes)
    lorenz : function of (p, shapes)
    mean, gini : function of shapes
    """

    name: str
    shapes: Callable[[FloatArray], Shapes]
    start: Shapes
    below: OfArray
    quantile: OfArray
    lorenz: OfArray
    mean: Callable[[Shapes], float]
    gini: Callable[[Shapes], float]


def _positive(free: float) -> float:
    return float(np.exp(np.clip(free, -20.0, 20.0)))


def _singh_maddala_shapes(free: FloatArray) -> Shapes:
    # The mean exists when a x q > 1.
    a = _positive(free[0])
    return a, (1.0 + _positive(free[1])) / a


def _dagum_shapes(free: FloatArray) -> Shapes:
    # The mean exists when a > 1.
    return 1.0 + _positive(free[0]), _positive(free[1])


def _fisk_shapes(free: FloatArray) -> Shapes:
    # The mean exists when a > 1.
    return (1.0 + _positive(free[0]),)


def _beta_2_shapes(free: FloatArray) -> Shapes:
    # The mean exists when q > 1.
    return _positive(free[0]), 1.0 + _positive(free[1])


def _gamma_ratio(numerators: Shapes, denominators: Shapes) -> float:
    above = sum(scipy.special.gammaln(each) for each in numerators)
    return float(np.exp(above - sum(scipy.special.gammaln(each) for each in denominators)))


LOGNORMAL = Family(
    "lognormal",
    lambda free: (_positive(free[0]),),
    (-0.5,),
    lambda x, s: scipy.special.ndtr(np.log(np.maximum(x, 1e-300)) / s[0]),
    lambda p, s: np.exp(s[0] * scipy.special.ndtri(p)),
    lambda p, s: scipy.special.ndtr(scipy.special.ndtri(p) - s[0]),
    lambda s: float(np.exp(0.5 * s[0] ** 2)),
    lambda s: float(2.0 * scipy.special.ndtr(s[0] / np.sqrt(2.0)) - 1.0),
)
SINGH_MADDALA = Family(
    "singh_maddala",
    _singh_maddala_shapes,
    (1.0, 0.5),
    lambda x, s: -np.expm1(-s[1] * np.log1p(np.maximum(x, 0.0) ** s[0])),
    lambda p, s: np.expm1(-np.log1p(-p) / s[1]) ** (1.0 / s[0]),
    lambda p, s: scipy.special.betainc(
        1.0 + 1.0 / s[0], s[1] - 1.0 / s[0], 1.0 - (1.0 - p) ** (1.0 / s[1])
    ),
    lambda s: _gamma_ratio((1.0 + 1.0 / s[0], s[1] - 1.0 / s[0]), (s[1],)),
    lambda s: 1.0 - _gamma_ratio((s[1], 2.0 * s[1] - 1.0 / s[0]), (s[1] - 1.0 / s[0], 2.0 * s[1])),
)
DAGUM = Family(
    "dagum",
    _dagum_shapes,
    (0.7, -0.3),
    lambda x, s: np.exp(-s[1] * np.log1p(np.maximum(x, 1e-300) ** -s[0])),
    lambda p, s: np.expm1(-np.log(np.maximum(p, 1e-300)) / s[1]) ** (-1.0 / s[0]),
    lambda p, s: scipy.special.betainc(s[1] + 1.0 / s[0], 1.0 - 1.0 / s[0], p ** (1.0 / s[1])),
    lambda s: _gamma_ratio((s[1] + 1.0 / s[0], 1.0 - 1.0 / s[0]), (s[1],)),
    lambda s: _gamma_ratio((s[1], 2.0 * s[1] + 1.0 / s[0]), (2.0 * s[1], s[1] + 1.0 / s[0])) - 1.0,
)
FISK = Family(
    "fisk",
    _fisk_shapes,
    (0.7,),
    lambda x, s: scipy.special.expit(s[0] * np.log(np.maximum(x, 1e-300))),
    lambda p, s: np.exp(scipy.special.logit(p) / s[0]),
    lambda p, s: scipy.special.betainc(1.0 + 1.0 / s[0], 1.0 - 1.0 / s[0], p),
    lambda s: _gamma_ratio((1.0 + 1.0 / s[0], 1.0 - 1.0 / s[0]), ()),
    lambda s: 1.0 / s[0],
)
BETA_2 = Family(
    "beta_2",
    _beta_2_shapes,
    (1.0, 1.0),
    lambda x, s: scipy.special.betainc(s[0], s[1], np.maximum(x, 0.0) / (1.0 + np.maximum(x, 0.0))),
    lambda p, s: scipy.special.betaincinv(s[0], s[1], p) / scipy.special.betainccinv(s[1], s[0], p),
    lambda p, s: scipy.special.betainc(
        s[0] + 1.0, s[1] - 1.0, scipy.special.betaincinv(s[0], s[1], p)
    ),
    lambda s: s[0] / (s[1] - 1.0),
    lambda s: float(
        2.0
        / s[0]
        * np.exp(
            scipy.special.betaln(2.0 * s[0], 2.0 * s[1] - 1.0)
            - 2.0 * scipy.special.betaln(s[0], s[1])
        )
    ),
)
FAMILIES = {family.name: family for family in (LOGNORMAL, SINGH_MADDALA, DAGUM, FISK, BETA_2)}
