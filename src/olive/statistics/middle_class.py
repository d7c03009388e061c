"""The middle of a distribution: shares between bounds in yuan, in medians, or one of each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from olive.errors import DataError, one_of
from olive.statistics.given_columns import Numbers
from olive.statistics.means_and_shares import share_between
from olive.statistics.poverty import Line, RelativeLine, poverty_line
from olive.statistics.samples import Values, ordered

MIDDLE_CLASS_BANDS: Mapping[str, tuple[Line, Line]] = MappingProxyType(
    {
        "statistical_bureau": (100_000.0, 500_000.0),
        "median_75_200": (RelativeLine(0.75), RelativeLine(2.0)),
        "median_67_200": (RelativeLine(2.0 / 3.0), RelativeLine(2.0)),
        "median_75_125": (RelativeLine(0.75), RelativeLine(1.25)),
    }
)
"""Named bands of the middle class, lower end included, upper end not.

``statistical_bureau``: 100,000 to 500,000 yuan a year of a typical family of three, in prices of
2018 (National Bureau of Statistics, 2019), so values are household incomes. The others are in
medians of the same values, mostly income per head or equivalised: 75 to 200 % (OECD 2019), 67 to
200 % (Pew Research Center), 75 to 125 % (Thurow 1987). The mixed definition has an amount below,
such as three times food spending, and a multiple of the median above.
"""


def middle_share(
    values: Values,
    weights: Numbers = None,
    *,
    band: str | None = None,
    low: Line | None = None,
    high: Line | None = None,
) -> float:
    """Return the share of the middle class: low <= y < high, in yuan or in medians.

    Parameters
    ----------
    values : array-like, shape (n,), or Sample
    weights : array-like, shape (n,), or number
    band : str, optional
        One of `MIDDLE_CLASS_BANDS`, in place of both bounds.
    low, high : float or RelativeLine, optional
        An amount, or a fraction of the median or mean of the same values; both or a band.

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    DataError
        When values, weights, band or bounds cannot be used, or the bounds enclose nothing.

    References
    ----------
    OECD (2019), "Under Pressure: The Squeezed Middle Class"; Thurow (1987), "A surge in
    inequality", Scientific American 256(5).

    Examples
    --------
    >>> middle_share([10.0, 20.0, 30.0, 90.0], 1, band="median_75_200")
    0.5
    >>> middle_share([10.0, 20.0, 30.0, 90.0], 1, low=15.0, high=RelativeLine(3.0))
    0.5
    """
    sample = ordered(values, weights)
    lower, upper = middle_bounds(band, low, high)
    return share_between(
        sample, low=poverty_line(sample, line=lower), high=poverty_line(sample, line=upper)
    )


def middle_bounds(band: str | None, low: Line | None, high: Line | None) -> tuple[Line, Line]:
    """Return the bounds of a named band, or those given.

    Raises
    ------
    DataError
        When both, neither or a part is given, or the band is unknown.
    """
    if band is not None and low is None and high is None:
        one_of("band", band, MIDDLE_CLASS_BANDS)
        return MIDDLE_CLASS_BANDS[band]
    if band is None and low is not None and high is not None:
        return low, high
    raise DataError("give the middle class either a band= by name or both low= and high=")
