"""What persons earn and draw as pensions before the incomes are mapped to the published spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.columns import catalogue
from olive.population.recipe import code_of
from olive.population.sampling import chance, exponential, logarithm_of, normal, raise_e, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from olive.population.scene import Scene

_LARGEST_TAIL = np.float32(4.5)  # an exponential deviate beyond this has one chance in ninety


@dataclass(frozen=True, slots=True)
class Earnings:
    """Yearly amounts of the persons of a block, in yuan, before mapping."""

    wage: NDArray[np.float64]
    remuneration: NDArray[np.float64]
    operating: NDArray[np.float64]
    pension: NDArray[np.float64]
    account: NDArray[np.float64]
    months_worked: NDArray[np.int8]


def draw_earnings(scene: Scene, occupation: NDArray[np.int8], industry: NDArray[Any]) -> Earnings:
    """Return wages, remuneration, operating income and pensions of a block."""
    pieces = scene.person_pieces("earnings")
    months = _months_worked(scene)
    pension, account = _pensions(scene)
    return Earnings(
        wage=_wages(scene, occupation, pieces) * (months / 12.0),
        remuneration=_remuneration(scene, pieces),
        operating=_operating(scene, industry, pieces),
        pension=pension,
        account=account,
        months_worked=months,
    )


def _months_worked(scene: Scene) -> NDArray[np.int8]:
    """Twelve months for most of those at work, fewer for some employees, none for the others."""
    pieces = scene.person_pieces("hours_and_months")
    short = scene.is_status("employee") & chance(pieces[:, 2], 0.07)
    months = np.where(short, whole(pieces[:, 3], 4, 11), 12)
    return np.where(scene.at_work, months, 0).astype(np.int8)


def _person_effects(scene: Scene, settings: Mapping[str, Any], rows: NDArray[Any]) -> Any:
    """Return the log shifts by class and age of the persons in ``rows``, and their county's."""
    table = logarithm_free(settings["class"])[:, None] + np.append(0.0, settings["age"])[None, :]
    klass, band = scene.person_class.take(rows), scene.band.take(rows)
    shift = table.astype(np.float32).reshape(-1).take(klass * table.shape[1] + band)
    county = scene.recipe.solved.county_level.astype(np.float32)
    return shift + county.take(scene.county.take(scene.roster.owner.take(rows)))


def logarithm_free(values: Any) -> NDArray[np.float64]:
    """Return settings that are logarithms already as an array."""
    return np.asarray(values, dtype=np.float64)


def _spread(
    scene: Scene,
    settings: Mapping[str, Any],
    rows: NDArray[Any],
    one: NDArray[np.uint16],
    tail: NDArray[np.uint16],
) -> NDArray[np.float32]:
    """Return the drawn part of log earnings: shared, own and an upper power tail."""
    shared = scene.standing.take(scene.roster.owner.take(rows))
    top = np.minimum(exponential(tail), _LARGEST_TAIL) / np.float32(settings["tail"])
    own = normal(one)
    drawn = np.float32(settings["household"]) * shared + np.float32(settings["person"]) * own + top
    return np.asarray(drawn, dtype=np.float32)


def _wages(
    scene: Scene, occupation: NDArray[np.int8], pieces: NDArray[np.uint16]
) -> NDArray[np.float64]:
    settings = scene.recipe.persons["wage"]
    wage = np.zeros(len(scene.status))
    rows = np.flatnonzero(scene.is_status("employee"))
    by_occupation = np.zeros(len(catalogue()["occupation"].codes), np.float32)
    for name in ("manager", "researcher"):
        by_occupation[code_of("occupation", name)] = settings[name]
    level = (
        logarithm_of(settings["median"])
        + _person_effects(scene, settings, rows)
        + np.array(settings["education"], np.float32).take(scene.education.take(rows))
        + np.float32(settings["female"]) * scene.roster.sex.take(rows)
        + by_occupation.take(occupation.take(rows))
    )
    wage[rows] = raise_e(level + _spread(scene, settings, rows, pieces[rows, 0], pieces[rows, 1]))
    return wage


def _remuneration(scene: Scene, pieces: NDArray[np.uint16]) -> NDArray[np.float64]:
    settings = scene.recipe.persons["platform"]
    amount = np.zeros(len(scene.status))
    platform = scene.is_status("platform_worker")
    sideline = scene.is_status("employee") & chance(pieces[:, 2], settings["sideline"]["share"])
    rows = np.flatnonzero(platform | sideline)
    median = np.where(
        platform.take(rows),
        logarithm_of(settings["median"]),
        logarithm_of(settings["sideline"]["median"]),
    )
    shared = np.float32(0.2) * scene.standing.take(scene.roster.owner.take(rows))
    own = np.float32(settings["person"]) * normal(pieces[rows, 0])
    amount[rows] = raise_e(median + shared + own)
    return amount


def _operating(
    scene: Scene, industry: NDArray[Any], pieces: NDArray[np.uint16]
) -> NDArray[np.float64]:
    settings = scene.recipe.persons["operating"]
    amount = np.zeros(len(scene.status))
    business, farmer = scene.is_status("self_employed"), scene.is_status("farmer")
    rural = ~scene.urban.take(scene.roster.owner)
    others = scene.is_status("employee", "retired", "homemaker") & rural
    sideline = others & chance(pieces[:, 3], settings["sideline"]["share"])
    rows = np.flatnonzero(business | farmer | sideline)
    fishery = industry.take(rows) == code_of("industry", "fishery")
    level = np.where(
        business.take(rows),
        logarithm_of(settings["self_employed"]),
        np.where(
            farmer.take(rows),
            logarithm_of(settings["farmer"]) + logarithm_of(settings["fishery"]) * fishery,
            logarithm_of(settings["sideline"]["median"]),
        ),
    )
    level = level + _person_effects(scene, settings, rows)
    amount[rows] = raise_e(level + _spread(scene, settings, rows, pieces[rows, 0], pieces[rows, 1]))
    return amount


def _pensions(scene: Scene) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return pensions of the employee scheme, and personal accounts of the resident scheme."""
    settings = scene.recipe.persons["pension"]
    people = len(scene.status)
    pension, account = np.zeros(people), np.zeros(people)
    age = scene.roster.age
    rows = np.flatnonzero(scene.pensioner)
    pieces = scene.person_pieces("pension", rows)
    older = np.float32(settings["older"]) * (age.take(rows) - 65).astype(np.float32) / 10
    shared = np.float32(0.15) * scene.standing.take(scene.roster.owner.take(rows))
    median = logarithm_of(settings["median"]).take(scene.person_class.take(rows))
    own = np.float32(settings["person"]) * normal(pieces[:, 0])
    pension[rows] = raise_e(median + older + shared + own)
    rows = np.flatnonzero((age >= 60) & ~scene.pensioner)
    pieces = scene.person_pieces("personal_account", rows)
    settings = settings["personal_account"]
    drawn = logarithm_of(settings["median"]) + np.float32(settings["person"]) * normal(pieces[:, 0])
    account[rows] = raise_e(drawn)
    return pension, account
