"""Charts of a result, drawn with matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from olive.analysis.indicators import incomes
from olive.errors import DataError
from olive.plan import targets
from olive.statistics.brackets import DEFINITIONS, Definition, bracket_basis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from olive.simulation.result import Result

_LARGEST = 800_000.0
_WIDTH = 10_000.0
_SHADES = ("#d9ead3", "#b6d7a8")


def income_distribution(
    result: Result, definition: Definition = "household", axes: Axes | None = None
) -> Axes:
    """Draw the distribution of income under each policy, with the plan's two brackets shaded.

    Parameters
    ----------
    result : Result
    definition : str
        One of the four share definitions.
    axes : matplotlib Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    DataError
        For an unknown definition.
    """
    import matplotlib.pyplot as plt  # noqa: PLC0415 - heavy, and only charts need it

    if definition not in DEFINITIONS:
        raise DataError(f"no definition {definition!r}; use one of {', '.join(DEFINITIONS)}")
    if axes is None:
        _, axes = plt.subplots(figsize=(9, 4.5), layout="constrained")
    brackets = [target for target in targets() if target.bounds is not None]
    for shade, target in zip(_SHADES, brackets, strict=True):
        assert target.bounds is not None
        low, high = (bound / 10_000 for bound in target.bounds)
        name = f"{low:.0f}-{high:.0f}, target {target.value:.0%}"
        axes.axvspan(low, high, color=shade, alpha=0.45, zorder=0, label=name)
    edges = np.arange(0.0, _LARGEST + _WIDTH, _WIDTH)
    for position, label in enumerate(result.labels):
        one = incomes(result, position)
        values, weights = bracket_basis(
            definition, one.income[one.family], one.size[one.family], one.weight[one.family]
        )
        share = np.histogram(values, edges, weights=weights)[0] / weights.sum()
        axes.stairs(100 * share, edges / 10_000, label=label, linewidth=1.6)
    axes.set_xlim(0, _LARGEST / 10_000)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("disposable income, 10,000 yuan a year")
    unit = "persons" if definition.endswith("persons") else "households"
    axes.set_ylabel(f"% of {unit} per 10,000 yuan")
    title = f"Income distribution ({definition}), {result.population.year}"
    if result.population.is_synthetic:
        title += " - synthetic data"
    axes.set_title(title, loc="left")
    axes.legend(frameon=False)
    return axes
