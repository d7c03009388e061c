"""What the law of a recipe's year makes of drawn households: who is entitled to dibao, and income.

Weights of a small synthetic population are calibrated to these, so that the lottery of take-up is
as even in it as in a large one. Everything comes from the rules themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from olive.engine import Tables, run_policies
from olive.engine.arguments import DEFAULT_SEED
from olive.engine.draws import household_keys, stream_key, uniform

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from olive.engine import Policy

    Array = NDArray[np.float64]
    Columns = Mapping[str, NDArray[Any]]

# Streams of the law's draws; a test holds them to the rules.
CLAIM_STREAM, KIN_STREAM = "dibao_take_up", "kin_income"
_OUTPUTS = (
    "dibao_entitlement",
    "dibao_of_whole_family",
    "countable_income_per_head",
    "local_dibao_standard",
    "social_contributions",
    "disposable_income",
)


@dataclass(frozen=True, slots=True)
class Need:
    """What the law makes of each household, whoever claims.

    Attributes
    ----------
    needy : numpy.ndarray of float64, shape (households,)
        Persons entitled to dibao with their whole family, below the standard.
    others : numpy.ndarray of float64, shape (households,)
        Persons entitled otherwise: single claims, and the gradual exit above the standard.
    lacking : numpy.ndarray of float64, shape (households,)
        What the needy are entitled to, yuan a year.
    income : numpy.ndarray of float64, shape (households,)
        Disposable income, yuan a year.
    contributions : numpy.ndarray of float64, shape (persons,)
        What each person pays to social insurance, yuan a year.
    """

    needy: Array
    others: Array
    lacking: Array
    income: Array
    contributions: Array


def need_of(
    households: Columns, persons: Columns, starts: NDArray[np.int64], policy: Policy
) -> Need:
    """Apply the law to drawn households.

    Parameters
    ----------
    households, persons : mapping of str to numpy.ndarray
        Input columns, with ``household_id``.
    starts : numpy.ndarray of int64, shape (households + 1,)
        First person of each household.
    policy : Policy
        The law of the recipe's year. Its random draws are those of the seed that simulations have
        by default.
    """
    keys = household_keys(households["household_id"])
    own = {name: column for name, column in households.items() if name != "household_id"}
    tables = Tables(own, persons, starts, keys)
    run = run_policies(tables, [policy], list(_OUTPUTS), seed=DEFAULT_SEED)
    found = {name: run.arrays[0, name] for name in _OUTPUTS}
    entitlement = found["dibao_entitlement"]
    standard = np.repeat(found["local_dibao_standard"], np.diff(starts))
    whole = (entitlement > 0) & (entitlement == found["dibao_of_whole_family"])
    whole &= found["countable_income_per_head"] < standard

    def total(column: NDArray[Any]) -> Array:
        return np.add.reduceat(column.astype(np.float64), starts[:-1])

    return Need(
        needy=total(whole),
        others=total((entitlement > 0) & ~whole),
        lacking=total(np.where(whole, entitlement, 0.0)),
        income=found["disposable_income"],
        contributions=found["social_contributions"],
    )


def claim_draws(household_id: NDArray[Any]) -> Array:
    """Return the law's draw of each household that decides whether it claims dibao, in [0, 1)."""
    return uniform(stream_key(DEFAULT_SEED, CLAIM_STREAM), household_keys(household_id))


def kin_draws(household_id: NDArray[Any]) -> Array:
    """Return the law's draw of the rank of children elsewhere by income, in [0, 1)."""
    return uniform(stream_key(DEFAULT_SEED, KIN_STREAM), household_keys(household_id))
