"""Build a recipe: fit households to the census, then close incomes against the rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.china.recipes.controls import control_names, control_rows
from olive.china.recipes.recipe import (
    COMPONENTS,
    LARGEST,
    SIZE_CLASSES,
    Recipe,
    Solved,
    counties_of,
    knots,
    settings_of,
    value_of,
)
from olive.china.recipes.recipe_file import write_solved
from olive.china.recipes.solving.census import fit_census
from olive.china.recipes.solving.fixed_point import (
    FLOWS,
    Accounts,
    close,
    drawn_population,
    flow_targets,
    flows_a_head,
)
from olive.messages import Message
from olive.places.law import law
from olive.simulation.run import simulate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from olive.engine import Policy
    from olive.population import Population

    Array = NDArray[np.float64]

OUTPUTS = {
    "wage": "wage_income",
    "operating": "net_operating_income",
    "property": "net_property_income",
    "transfer": "net_transfer_income",
}
SCHEDULE = (200_000,) * 14 + (1_000_000,) * 10 + (2_000_000,) * 3  # households in each round
FIRST_LOW_TAIL = 6.0  # where the search for dibao recipients begins
CONTROL_SEEDS = (101, 102, 103, 104)
# Small cities with calibrated weights, from which what net transfers still lack is told.
SMALL_SEEDS, SMALL_CITY = tuple(range(201, 213)), 20_000
_LEAST_SMALL_CITIES = 2
# Decimal places that solved numbers are kept to, so that the last bits of logarithms, which
# differ between processors, do not change the recipe.
_PLACES = {
    "strata": 3,
    "family": 8,
    "collective": 8,
    "scale": 6,
    "county_level": 6,
    "income_map": 2,
    "low_tail": 4,
    "controls": 2,
}


def build_recipe(
    place: str = "taizhou",
    year: int = 2023,
    *,
    schedule: Sequence[int] = SCHEDULE,
    report: Callable[[str], None] = lambda _text: None,
) -> Recipe:
    """Return a recipe fitted to the census and closed against the law of its year.

    Parameters
    ----------
    place, year : str, int
        Settings ``place_year.yaml`` among the recipes of the place.
    schedule : sequence of int
        Households drawn in each round; half of the most for each seed of the controls.
    report : callable
        Called with one line a round.

    Notes
    -----
    Random draws of the law, such as take-up, use the seed that `olive.simulate` has by default.
    """
    return solve_recipe(settings_of(place, year), schedule=schedule, report=report)


def solve_recipe(
    settings: Mapping[str, Any],
    *,
    schedule: Sequence[int] = SCHEDULE,
    report: Callable[[str], None] = lambda _text: None,
) -> Recipe:
    """Return the recipe of any settings, solved as `build_recipe` does for shipped ones.

    Parameters
    ----------
    settings : mapping
        As `olive.china.recipes.recipe_file.read_settings` returns them.
    schedule, report
        See `build_recipe`.
    """
    policy = law(year=settings["place"]["year"], place=settings["place"]["place"])
    fitted = fit_census(settings)
    grid = knots()
    shape = (2, SIZE_CLASSES, len(grid))
    solved = Solved(
        strata=fitted.strata,
        family=fitted.family,
        collective=fitted.collective,
        scale=np.ones((2, len(COMPONENTS))),
        county_level=np.zeros(fitted.strata.shape[0]),
        income_map=np.broadcast_to(grid, shape).copy(),
        low_tail=np.full(1, FIRST_LOW_TAIL),
        controls=np.zeros(0),
    )
    recipe, _ = close(
        Recipe(solved=_rounded(solved), **settings),
        lambda people: account(people, policy),
        schedule=schedule,
        report=report,
    )
    controls = measure_controls(recipe, policy, max(schedule) // 2, report)
    return _with_controls(recipe, controls)


def _with_controls(recipe: Recipe, controls: Any) -> Recipe:
    rounded = np.round(controls, _PLACES["controls"])
    return replace(recipe, solved=replace(recipe.solved, controls=rounded))


def measure_controls(
    recipe: Recipe, policy: Policy, households: int, report: Callable[[str], None]
) -> Array:
    """Return control totals: the mean of several large draws, set to the published figures.

    Persons by age and sex take the census figures, disabled persons the assumed one; each money
    control is multiplied by the published component over the component that the law makes of the
    draws, and needy persons by published over found recipients of dibao.
    """
    bounds = recipe.place["ages"]["bounds"]
    counties = counties_of(recipe.place)
    found, flows, recipients = [], [], []
    for seed in CONTROL_SEEDS:
        people = drawn_population(recipe, households, seed)
        arrays = people.arrays()
        owned = {**arrays.households, "household_id": np.arange(households)}
        tables = owned, arrays.persons, arrays.starts
        rows = control_rows(*tables, counties=counties, age_bounds=bounds, policy=policy)
        found.append(rows @ people.weight)
        accounts = account(people, policy)
        flows.append(flows_a_head(people, accounts))
        recipients.append(accounts.dibao_recipients)
        report(Message("controls: seed {seed} of {number}", seed, len(CONTROL_SEEDS)))
    totals = dict(zip(control_names(counties, bounds), np.mean(found, axis=0), strict=True))
    _set_census(totals, recipe.place)
    _set_money(totals, flow_targets(recipe), np.mean(flows, axis=0))
    published = value_of(recipe.place["dibao_recipients"])
    for name in totals:
        if "needy" in name:
            totals[name] *= published / np.mean(recipients)
    # A draft has as few small cities as its rounds are small.
    seeds = SMALL_SEEDS[: max(households // SMALL_CITY, _LEAST_SMALL_CITIES)]
    _settle_transfers(totals, recipe, policy, seeds)
    report(Message("controls: settled on small cities"))
    return np.array(list(totals.values()))


def _settle_transfers(
    totals: dict[str, float], recipe: Recipe, policy: Policy, seeds: Sequence[int]
) -> None:
    """Move pensions and support by what net transfers of calibrated small cities still lack.

    Taxes and contributions bend, so they differ a little once weights meet the other controls.
    """
    calibrated = _with_controls(recipe, list(totals.values()))
    flows = []
    for seed in seeds:
        people = drawn_population(calibrated, SMALL_CITY, seed)
        flows.append(flows_a_head(people, account(people, policy)))
    _set_transfers(totals, flow_targets(recipe), np.mean(flows, axis=0))


def _set_census(totals: dict[str, float], place: Mapping[str, Any]) -> None:
    below = np.cumsum(place["ages"]["persons"])
    for bound, published in zip(place["ages"]["bounds"], below[:-1], strict=True):
        names = [f"{area} persons below {bound}" for area in ("rural", "urban")]
        factor = published / sum(totals[name] for name in names)
        for name in names:
            totals[name] *= factor
    counties = place["counties"]
    for county, ages in counties.get("ages", {}).items():
        persons = np.cumsum(ages) * (counties["persons"][county] / np.sum(ages))
        for bound, published in zip(place["ages"]["bounds"], persons[:-1], strict=True):
            name = f"{county}: persons below {bound}"
            if name in totals:
                totals[name] = published
    totals["men"] = value_of(place["male"])
    totals["disabled"] = value_of(place["disabled_persons"])


def _set_money(totals: dict[str, float], wanted: Array, found: Array) -> None:
    """Set earnings and property to what makes the components the published ones.

    Net transfers follow: what they still lack is added to pensions.
    """
    for place, area in enumerate(("rural", "urban")):
        ratio = dict(zip(FLOWS, wanted[place] / found[place], strict=True))
        totals[f"{area} wage"] *= ratio["wage"]
        totals[f"{area} operating"] *= ratio["operating"]
        totals[f"{area} imputed_rent"] *= ratio["property"]
        totals[f"{area} property"] *= ratio["property"]
    _set_transfers(totals, wanted, found)


def _set_transfers(totals: dict[str, float], wanted: Array, found: Array) -> None:
    """Add to pensions and support, in proportion, what net transfers lack."""
    for place, area in enumerate(("rural", "urban")):
        drawn = totals[f"{area} pension"] + totals[f"{area} support"]
        persons = sum(totals[f"{area} families of {size}"] * size for size in range(1, LARGEST + 1))
        persons += totals[f"{area} collective persons"]
        lacking = (wanted[place] - found[place])[FLOWS.index("transfer")] * persons
        totals[f"{area} pension"] *= 1.0 + lacking / drawn
        totals[f"{area} support"] *= 1.0 + lacking / drawn


def account(people: Population, policy: Policy) -> Accounts:
    """Apply a law to a population and return its flows and its dibao recipients."""
    wanted = [*OUTPUTS.values(), "disposable_income", "social_assistance", "dibao_recipient"]
    result = simulate(people, policy, outputs=wanted)
    flows = {name: result.values(variable) for name, variable in OUTPUTS.items()}
    disposable = result.values("disposable_income")
    weight = np.repeat(people.weight, people.size)
    return Accounts(
        flows=flows,
        disposable=disposable,
        before_assistance=disposable - result.values("social_assistance"),
        dibao_recipients=float(weight @ result.values("dibao_recipient")),
    )


def write_recipe(recipe: Recipe, folder: str | Path) -> Path:
    """Write the solved numbers to ``folder/place_year.npz`` and return the path."""
    return write_solved(recipe, Path(folder) / f"{recipe.name}_{recipe.year}.npz")


def _rounded(solved: Solved) -> Solved:
    kept = {name: np.round(getattr(solved, name), places) for name, places in _PLACES.items()}
    return Solved(**kept)
