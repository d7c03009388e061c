"""The range of the assumptions beside the figures of a report: shipped for the sample, or computed.

A joint run of a thousand draws takes a minute, so olive ships the one that its report needs. It is
told by the data, the policies and their plausible ranges, and is not used for any other.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from olive.analysis.assumed import assumptions
from olive.analysis.assumed_study import Study, joint_figures, one_at_a_time_figures
from olive.analysis.indicators import income_variables, measures_of
from olive.analysis.shipped_runs import is_for, shipped_run, what_for
from olive.analysis.uncertainty_tables import joint_row, met_share
from olive.errors import DataError
from olive.messages import Message
from olive.native.files import write_text
from olive.progress import Progress, shown_progress

if TYPE_CHECKING:
    from olive.engine import Policy, Reform
    from olive.population import Population

FILE = "assumption_range.json"  # in the folder of a place's shipped runs
DECISIVE = 10
# What the plan is about first: the decisive assumptions are those of this change.
_DECIDED = ("per_capita_income", "persons")


@dataclass(frozen=True, slots=True)
class Range:
    """What joint draws of the assumptions say of one indicator.

    Attributes
    ----------
    after, change : float
        With every figure as it stands: under the plan, and what the plan changes.
    after_low, after_median, after_high : float
        5 %, 50 % and 95 % quantiles of the draws, under the plan.
    change_low, change_median, change_high : float
        The same of the change.
    rises, falls : float
        Shares of the draws in which the plan raises and lowers it.
    met : float or None
        Share of the draws in which its target is met under the plan; None without a target.
    """

    after: float
    after_low: float
    after_median: float
    after_high: float
    change: float
    change_low: float
    change_median: float
    change_high: float
    rises: float
    falls: float
    met: float | None

    @property
    def sign_is_known(self) -> bool:
        """Whether the change has one sign in nineteen draws of twenty at least."""
        return max(self.rises, self.falls) >= 0.95


@dataclass(frozen=True, slots=True)
class Decisive:
    """An assumption that moves the plan's effect on income per head most.

    Attributes
    ----------
    name, zh, en : str
    side : {"law", "plan"}
    unit : str
        Of the figures; empty for multiples of a table.
    low, figure, high : float
    change_at_low, change_at_high : float
        Change of income per head (yuan a year) at both ends, all others as they stand.
    basis : str
        What its range rests on.
    """

    name: str
    zh: str
    en: str
    side: str
    unit: str
    low: float
    figure: float
    high: float
    change_at_low: float
    change_at_high: float
    basis: str


@dataclass(frozen=True, slots=True)
class AssumptionRanges:
    """The range of the assumptions for every indicator.

    Attributes
    ----------
    draws, figures : int
        Joint draws, and how many assumed figures were moved.
    seed : int
    decisive : tuple of Decisive
        The ten that move the effect on income per head most, the largest first.
    rows : mapping of (indicator, definition, line) to Range
        ``line`` is None but for poverty.
    """

    draws: int
    figures: int
    seed: int
    decisive: tuple[Decisive, ...]
    rows: Mapping[tuple[str, str, float | None], Range]

    def of(self, indicator: str, definition: str, line: float | None = None) -> Range:
        """Return the range of one indicator; NaN stands for no line as well.

        Raises
        ------
        DataError
            When there is no such indicator.
        """
        key = (indicator, definition, None if line is None or math.isnan(line) else float(line))
        if key not in self.rows:
            known = sorted({" ".join(map(str, each[:2])) for each in self.rows})
            raise DataError(
                "no range of {indicator!r}, {definition!r}; there are {known}",
                indicator,
                definition,
                known,
            )
        return self.rows[key]


def assumption_range(
    population: Population,
    before: Policy,
    after: Policy,
    *,
    seed: int = 0,
    reform: Reform | None = None,
    draws: int = 0,
    progress: Progress = None,
    file: Path | None = None,
) -> AssumptionRanges | None:
    """Return the range of the assumptions of a plan, from the run that olive ships if it fits.

    Parameters
    ----------
    seed : int
        Of the draws of persons.
    reform : Reform, optional
        What leads from ``before`` to ``after``; with it a run that is not shipped is computed.
    draws : int
        Of a run that is computed; 0 computes none.
    progress : callable or bool, optional
        Called with (draws done, draws in all); True shows a bar.
    file : pathlib.Path
        Another file that `write_assumption_range` made; by default what comes with the place.

    Returns
    -------
    AssumptionRanges or None
        None when the shipped run is for other data, policies, ranges or another seed, and
        nothing is to be computed.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=50, seed=3)
    >>> law = olive.law(year=2023)
    >>> assumption_range(city, law, law | {"dibao_standard": 20_000}) is None
    True
    """
    content = shipped_run(population.place, FILE, file)
    if is_for(content, population, seed, lambda: _told(before, after)):
        return _read(content)
    if reform is None or not draws:
        return None
    return _computed(_study(population, before, reform, seed), draws, progress)


def write_assumption_range(
    population: Population,
    before: Policy,
    reform: Reform,
    *,
    seed: int,
    draws: int,
    file: Path,
    progress: Progress = None,
) -> AssumptionRanges:
    """Compute the range of the assumptions and write it to the file that `assumption_range` reads.

    Parameters
    ----------
    progress : callable or bool, optional
        Called with (draws done, draws in all); True shows a bar.
    """
    found = _computed(_study(population, before, reform, seed), draws, progress)
    rows = [
        {"indicator": name, "definition": definition, "line": line, **asdict(each)}
        for (name, definition, line), each in found.rows.items()
    ]
    content = {
        "for": what_for(population, seed) | _told(before, before | reform),
        "draws": found.draws,
        "figures": found.figures,
        "decisive": [asdict(each) for each in found.decisive],
        "rows": rows,
    }
    write_text(file, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    return found


def _study(population: Population, before: Policy, reform: Reform, seed: int) -> Study:
    place = population.place
    assumed = assumptions(before, reform, income_variables(place))
    return Study(population, assumed, measures_of(place), seed)


def _computed(study: Study, draws: int, progress: Progress) -> AssumptionRanges:
    with shown_progress(progress, Message("simulate")) as told:
        joint = joint_figures(study, draws, told)
    ends, _, _ = one_at_a_time_figures(study, drawn_only=True)
    rows = {}
    for place, measure in enumerate(study.measures):
        line = measure.arguments.get("line")
        row = joint_row(joint.standing[:, place], joint.drawn[:, :, place])
        met = met_share(measure, joint.drawn[:, 1, place])
        rows[measure.id, measure.definition, line] = Range(**row, met=met)
    decided = [(each.id, each.definition) for each in study.measures].index(_DECIDED)
    swings = []
    for at, each in enumerate(study.drawn):
        change_at_low, change_at_high = ends[1 + 2 * at : 3 + 2 * at, decided].tolist()
        swings.append(
            Decisive(
                name=each.name,
                zh=each.parameter.zh,
                en=each.parameter.en,
                side=each.side,
                unit=each.unit,
                low=each.low,
                figure=each.figure,
                high=each.high,
                change_at_low=change_at_low,
                change_at_high=change_at_high,
                basis=each.plausible.basis,
            )
        )
    swings.sort(key=lambda each: -abs(each.change_at_high - each.change_at_low))
    return AssumptionRanges(draws, len(study.drawn), study.seed, tuple(swings[:DECISIVE]), rows)


def _told(before: Policy, after: Policy) -> dict[str, Any]:
    """Return which policies a run is for, with their plausible ranges."""
    return {"before": _digest(before), "after": _digest(after)}


def _digest(policy: Policy) -> str:
    ranges = {
        name: repr(value.plausible)
        for name, value in sorted(policy.uncertain().items())
        if value.plausible is not None
    }
    return hashlib.sha256(f"{policy.digest()}{ranges}".encode()).hexdigest()


def _read(content: Mapping[str, Any]) -> AssumptionRanges:
    rows = {}
    for each in content["rows"]:
        row = dict(each)
        key = row.pop("indicator"), row.pop("definition"), row.pop("line")
        rows[key] = Range(**row)
    decisive = tuple(Decisive(**each) for each in content["decisive"])
    seed = content["for"]["seed"]
    return AssumptionRanges(content["draws"], content["figures"], seed, decisive, rows)
