"""Dwellings, property income, assets and transfers of the households of a block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from olive.columns import catalogue
from olive.population.recipe import by_county, code_of, value_of
from olive.population.roster import STAGES
from olive.population.sampling import (
    chance,
    choose,
    keyed_pieces,
    logarithm_of,
    lookup_table,
    normal,
    raise_e,
    whole,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from olive.population.scene import Scene
    from olive.population.work import Columns

_CLASSES = catalogue()["household_class"].codes
_NEEDS = ("some", "dependent")


def _lognormal(
    median: Any, spread: float, pieces: NDArray[np.uint16], shared: Any = 0
) -> NDArray[np.float64]:
    return raise_e(logarithm_of(median) + np.float32(spread) * normal(pieces) + np.float32(shared))


def _by_class(scene: Scene, values: list[float]) -> NDArray[Any]:
    return np.array(values).take(scene.household_class)


def dwelling(scene: Scene) -> Columns:
    """Return tenure, floor area, dwellings, rent paid and mortgage interest."""
    settings = scene.recipe.wealth
    pieces = scene.draws.households("dwelling")
    tenure = _tenure(scene, pieces[:, 0])
    owner = tenure <= code_of("tenure", "owner_with_mortgage")
    renter = tenure == code_of("tenure", "market_renter")
    public = tenure == code_of("tenure", "public_renter")
    second = owner & chance(pieces[:, 1], _by_class(scene, settings["second_dwelling"]))
    area = settings["area"]
    urban = scene.urban
    first = np.where(urban, area["first"]["urban"], area["first"]["rural"])
    each = np.where(urban, area["each"]["urban"], area["each"]["rural"])
    usual = (first + each * (scene.roster.size - 1)) * np.where(owner, 1.0, area["renter"])
    floor_area = np.rint(usual * _lognormal(1.0, area["spread"], pieces[:, 2]))
    rent = settings["rent"]
    a_meter = np.where(urban, rent["urban"], rent["rural"]) * np.where(public, rent["public"], 1.0)
    paid = a_meter * floor_area * _lognormal(1.0, rent["spread"], pieces[:, 3])
    mortgaged = tenure == code_of("tenure", "owner_with_mortgage")
    loan = scene.draws.households("mortgage")
    mortgage = settings["mortgage"]
    interest = _lognormal(mortgage["median"], mortgage["spread"], loan[:, 0])
    return {
        "tenure": tenure,
        "floor_area": floor_area,
        "dwellings": (owner.astype(np.int8) + second).astype(np.int8),
        "rent_paid": _tens(np.where(renter | public, paid, 0.0)),
        "mortgage_interest": _tens(np.where(mortgaged, interest, 0.0)),
        "first_home_mortgage": mortgaged & chance(loan[:, 1], mortgage["first_home"]),
    }


def _tenure(scene: Scene, pieces: NDArray[np.uint16]) -> NDArray[np.int8]:
    settings = scene.recipe.wealth
    shares = [
        [settings["tenure"][place][name] for name in _CLASSES] for place in ("rural", "urban")
    ]
    table = lookup_table(shares).reshape(2 * len(_CLASSES), -1)
    row = scene.urban.astype(np.int32) * len(_CLASSES) + scene.household_class
    tenure = choose(table, row, pieces).astype(np.int8)
    head_age = scene.roster.age.take(scene.roster.starts[:-1])
    repaid = (tenure == code_of("tenure", "owner_with_mortgage")) & (
        head_age >= settings["old_without_mortgage"]
    )
    tenure[repaid] = code_of("tenure", "owner")
    tenure[scene.collective] = code_of("tenure", "provided")
    return tenure


def property_income(scene: Scene, home: Columns) -> Columns:
    """Return assets and property income before mapping."""
    settings = scene.recipe.wealth
    pieces, other = scene.draws.households("property"), scene.draws.households("letting")
    owner = home["tenure"] <= code_of("tenure", "owner_with_mortgage")
    imputed = settings["imputed"]
    a_meter = np.where(scene.urban, imputed["urban"], imputed["rural"])
    rent = a_meter * home["floor_area"] * _lognormal(1.0, imputed["spread"], pieces[:, 0])
    assets = settings["assets"]
    shared = np.float32(assets["shared"]) * scene.standing
    place = np.where(scene.urban, np.float32(0), logarithm_of(assets["rural"]))
    level = logarithm_of(assets["median"]).take(scene.household_class) + place
    level = level + np.float32(assets["spread"]) * normal(pieces[:, 1]) + shared
    dividend, letting, land = settings["dividend"], settings["letting"], settings["land"]
    dividends = _lognormal(dividend["median"], dividend["spread"], pieces[:, 2], shared)
    holds = chance(pieces[:, 3], _by_class(scene, dividend["share"])) & ~scene.collective
    lets = np.where(
        home["dwellings"] > 1,
        letting["second"],
        np.where(scene.urban, letting["other_urban"], letting["other_rural"]) * owner,
    )
    rents = _lognormal(letting["median"], letting["spread"], other[:, 0], shared)
    rural_hukou = scene.household_hukou == code_of("hukou", "local_rural")
    transfers_land = np.where(scene.urban, land["urban"], land["rural"]) * rural_hukou
    financial = np.where(scene.collective, 0.25, 1.0) * raise_e(level)
    return {
        "financial_assets": financial,
        "imputed_rent": np.where(owner, rent, 0.0),
        "interest_income": financial * settings["interest_rate"],
        "dividend_income": np.where(holds, dividends, 0.0),
        "rental_income": np.where(chance(other[:, 1], lets), rents, 0.0),
        "land_income": np.where(
            chance(other[:, 2], transfers_land) & ~scene.collective,
            _lognormal(land["median"], land["spread"], other[:, 3]),
            0.0,
        ),
    }


def village(scene: Scene) -> Columns:
    """Return the village collective and its dividend, the same per member for a whole village."""
    settings = scene.recipe.wealth["collective_dividend"]
    counties = np.count_nonzero(by_county(scene.recipe.place, "persons"))
    each = max(value_of(scene.recipe.place["villages"]) // counties, 1)
    drawn = whole(scene.draws.households("village")[:, 0], 0, each - 1)
    number = scene.county.astype(np.int32) * each + drawn
    member = (scene.household_hukou == code_of("hukou", "local_rural")) & ~scene.collective
    pieces = keyed_pieces(scene.draws.seed, "village_dividend", number)
    pays = member & chance(pieces[:, 0], settings["villages"])
    a_head = np.rint(_lognormal(settings["median"], settings["spread"], pieces[:, 1]))
    return {
        "village": np.where(member, number, -1).astype(np.int32),
        "collective_dividend": np.where(pays, a_head * scene.roster.size, 0.0),
    }


def possessions(scene: Scene) -> Columns:
    """Return vehicles and business premises."""
    settings = scene.recipe.wealth
    pieces = scene.draws.households("possessions")
    elder = scene.stage == STAGES.index("elder")
    share = _by_class(scene, settings["vehicles"]["share"])
    share = np.where(elder, share * settings["vehicles"]["elder"], share)
    one = chance(pieces[:, 0], share) & ~scene.collective
    two = one & ~elder & chance(pieces[:, 1], _by_class(scene, settings["vehicles"]["second"]))
    premises = chance(pieces[:, 2], _by_class(scene, settings["premises"]))
    return {
        "vehicles": one.astype(np.int8) + two.astype(np.int8),
        "business_premises": premises & ~scene.collective,
    }


def support(scene: Scene) -> Columns:
    """Return private transfers before mapping, and whether there is kin bound to support."""
    settings = scene.recipe.wealth["transfers"]
    pieces = scene.draws.households("support")
    elder = scene.stage == STAGES.index("elder")
    working = scene.at_work & (scene.roster.age < settings["dependent_until"])
    dependent = scene.household_sum((working | scene.pensioner).astype(np.float64)) == 0
    share = np.where(dependent, 1.0, np.where(elder, settings["elder"], settings["other"]))
    medians = [[settings[f"{need}_{stage}"] for stage in ("other", "elder")] for need in _NEEDS]
    median = logarithm_of(medians).reshape(-1).take(dependent * 2 + elder)
    amount = raise_e(median + np.float32(settings["spread"]) * normal(pieces[:, 0]))
    amount = np.where(dependent, amount * scene.roster.size, amount)
    received = np.where(chance(pieces[:, 1], share), amount, 0.0)
    paid = scene.draws.households("support_paid")
    pays = chance(paid[:, 0], _by_class(scene, settings["paid"])) & ~dependent & ~elder
    outlay = _lognormal(settings["paid_median"], settings["spread"], paid[:, 1])
    kin = scene.recipe.wealth["kin"]
    has_kin = np.where(elder, kin["elder"], kin["other"])
    low = scene.household_class == code_of("household_class", "low_income")
    return {
        "private_transfers_received": received,
        "private_transfers_paid": np.where(pays, outlay, 0.0),
        "support_from_kin": chance(pieces[:, 2], np.where(low, kin["low_income"], has_kin)),
    }


def _tens(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.rint(values / 10.0) * 10.0
