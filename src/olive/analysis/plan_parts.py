"""What each part of the plan contributes, shipped for the report's sample or computed.

Sharing out the plan among its eight parts takes 256 policies, so olive ships the figures that its
report needs. They are told by the data and the policies, and are not used for any other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from olive.analysis.attribution import attribute
from olive.analysis.heavy_values import HeavyValue, heavy_values
from olive.analysis.indicators import MEAN
from olive.analysis.shipped_runs import is_for, shipped_run, what_for
from olive.native.files import write_text
from olive.places.labels import Label

if TYPE_CHECKING:
    from olive.analysis.table import Table
    from olive.engine import Policy
    from olive.population import Population
    from olive.progress import Progress

FILE = "plan_parts.json"  # in the folder of a place's shipped runs


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one part adds to the change of every indicator.

    Attributes
    ----------
    part, zh, en : str
    figures : mapping of (indicator, definition) to float
        Mean over all orders in which the parts can be carried out; indicators with a poverty line
        are left out. Shares are fractions of 1, money is yuan a year.
    """

    part: str
    zh: str
    en: str
    figures: Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class PlanParts:
    """The effect of the plan shared out, and single values that weigh much of it.

    Attributes
    ----------
    parts : tuple of Contribution
        Each part, then all together.
    heavy : tuple of HeavyValue
        Values of the plan that alone move income per head by half of its whole effect and more,
        the largest first.
    """

    parts: tuple[Contribution, ...]
    heavy: tuple[HeavyValue, ...]


def plan_parts(
    population: Population,
    policy: Policy,
    *,
    seed: int = 0,
    compute: bool = False,
    file: Path | None = None,
    progress: Progress = None,
) -> PlanParts | None:
    """Return the contribution of each part of the plan, and of all together.

    Parameters
    ----------
    policy : Policy
        What the plan is carried out on.
    seed : int
        For random draws, see `olive.simulate`.
    compute : bool
        Whether to compute what is not shipped, for a city of 20,000 sample households in seconds.
    file : pathlib.Path
        Another file that `write_plan_parts` made; by default what comes with the place.
    progress : callable or bool, optional
        Called with (policies simulated, policies in all); True shows a bar.

    Returns
    -------
    PlanParts or None
        None when the shipped figures are for other data or policies and nothing is to be computed.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=50, seed=3)
    >>> plan_parts(city, olive.law(year=2023)) is None
    True
    """
    content = shipped_run(population.place, FILE, file)
    if not is_for(content, population, seed, lambda: _told(population, policy)):
        if not compute:
            return None
        content = _computed(population, policy, seed, progress)
    found = tuple(
        Contribution(**each | {"figures": {tuple(key): value for *key, value in each["figures"]}})
        for each in content["parts"]
    )
    heavy = (HeavyValue(**each | {"label": Label(*each["label"])}) for each in content["heavy"])
    return PlanParts(found, tuple(heavy))


def write_plan_parts(
    population: Population, policy: Policy, *, seed: int, file: Path, progress: Progress = None
) -> None:
    """Compute the contributions and write them to the file that `plan_parts` reads."""
    content = _computed(population, policy, seed, progress)
    write_text(file, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def difference_of(table: Table, before: str, after: str, zh: str, en: str) -> Contribution:
    """Return what one policy of a table of targets changes of another, in the same form."""
    rows = table.frame[table.frame["line"].isna()].to_dict("records")
    figures = {
        (str(row["indicator"]), str(row["definition"])): float(row[after] - row[before])
        for row in rows
    }
    return Contribution(after, zh, en, figures)


def _computed(
    population: Population, policy: Policy, seed: int, progress: Progress
) -> dict[str, Any]:
    parts = population.place.plan.parts()
    table = attribute(population, policy, parts, seed=seed, progress=progress)
    frame = table.frame[table.frame["line"].isna()]
    columns = ["indicator", "definition", "contribution"]
    whole = frame[(frame["indicator"] == MEAN) & (frame["part"] == "together")]
    total = float(whole["contribution"].iloc[0])
    heavy = heavy_values(population, policy, [population.place.plan.scenario()], total, seed=seed)
    return {
        "for": what_for(population, seed) | _told(population, policy),
        "heavy": [asdict(each) for each in sorted(heavy, key=lambda each: -abs(each.change))],
        "parts": [
            {
                "part": name,
                **label._asdict(),
                "figures": frame.loc[frame["part"] == name, columns].to_numpy().tolist(),
            }
            for name, label in table.words["part"].items()
        ],
    }


def _told(population: Population, policy: Policy) -> dict[str, Any]:
    """Return which policies contributions are for."""
    policies = [policy, *(policy | part for part in population.place.plan.parts().values())]
    digests = "".join(each.digest() for each in policies)
    return {"policies": hashlib.sha256(digests.encode()).hexdigest()}
