"""What a simulation returns: results for every household under every policy, with provenance."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from olive import __version__
from olive.engine.policy import Policy
from olive.engine.population_totals import Settling
from olive.errors import DataError, nearest
from olive.messages import joined
from olive.native.given_numbers import is_whole
from olive.native.html import as_html
from olive.simulation.computed import Computed
from olive.simulation.household_result import HouseholdResult
from olive.simulation.lacking import filled_columns
from olive.simulation.saved_results import read_result, save_result

if TYPE_CHECKING:
    from olive.places.place import Place
    from olive.population import Population


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a result was computed from, so that it can be computed again.

    Attributes
    ----------
    population, policies : str
        Hashes of the tables and of each policy (joined by commas).
    seed : int
    olive, python, numpy : str
        Versions.
    backend : str
    """

    population: str
    policies: str
    seed: int
    olive: str
    python: str
    numpy: str
    backend: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Result(Computed):
    """Variables of every household (and person) under each policy of one run.

    Attributes
    ----------
    population : Population
    policies : tuple of Policy
    outputs : tuple of str
        Variables that were kept.
    arrays : mapping of (policy position, variable) to array
        Read-only; one value per household or person.
    totals : mapping of (policy position, variable) to float
        Weighted sums over the population, yuan a year.
    population_totals : mapping of (policy position, variable) to float
        Totals that rules read; give them to `olive.evaluate` for one household alone.
    notes : tuple of str
        What the run decided and the user should know.
    seed : int
        Seed of random draws.
    backend : str
        ``"numpy"`` or ``"compiled"``.
    """

    @property
    def place(self) -> Place:
        """Where the households live."""
        return self.population.place

    @property
    def provenance(self) -> Provenance:
        """Return what the result was computed from (hashing the data takes a moment)."""
        return Provenance(
            population=self.population.fingerprint(),
            policies=",".join(policy.digest()[:16] for policy in self.policies),
            seed=self.seed,
            olive=__version__,
            python=platform.python_version(),
            numpy=np.__version__,
            backend=self.backend,
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the policies, in order."""
        return tuple(policy.label for policy in self.policies)

    @property
    def filled(self) -> tuple[str, ...]:
        """Columns that rules read and the data lack; they were taken as neutral.

        `olive.thin_data` says which levers of a reform rest on them.
        """
        tables = self.population.tables
        present = {*tables.households.column_names, *tables.persons.column_names}
        wanted = [*self.outputs, *dict.fromkeys(name for _, name in self.totals)]
        return filled_columns(present, self.policies, wanted, tables.columns)

    def position(self, policy: int | str) -> int:
        """Return the position of a policy given by position or label.

        Raises
        ------
        DataError
            When there is no such policy.
        """
        if isinstance(policy, str):
            if policy not in self.labels:
                raise DataError(
                    "no policy {policy!r} in this result{hint}; policies are {labels}",
                    policy,
                    nearest(policy, self.labels),
                    joined(map(repr, self.labels)),
                )
            return self.labels.index(policy)
        if not (is_whole(policy) and 0 <= policy < len(self.policies)):
            raise DataError(
                "no policy at position {policy}; there are {number}", policy, len(self.policies)
            )
        return policy

    def settled(self, policy: int | str = 0) -> Policy:
        """Return a policy with its population totals as parameters.

        One household, or changed ones, are then computed with as many candidates for every
        programme as in the run.
        """
        position = self.position(policy)
        totals = {
            name: value for (at, name), value in self.population_totals.items() if at == position
        }
        return Settling().settled(self.policies[position], totals)

    def household(self, identifier: Any) -> HouseholdResult:
        """Return one household before and after: every variable, by attribute.

        Parameters
        ----------
        identifier : int or str
            Its ``household_id``.

        Raises
        ------
        DataError
            When there is no such household.
        """
        settled = tuple(self.settled(position) for position in range(len(self.policies)))
        return HouseholdResult(self.population.household(identifier), settled, self.seed)

    def save(self, folder: str | Path) -> None:
        """Write the result to a folder, with its population and policies; `olive.load` reads it.

        Tables are Parquet, the rest is JSON, each with a checksum; a file appears whole or not at
        all.

        Raises
        ------
        DataError
            When a policy has rules of its own, which a file cannot hold.
        OutputError
            When the folder cannot be written to.
        """
        save_result(self, folder)

    def values(self, variable: str, policy: int | str = 0) -> NDArray[Any]:
        """Return a variable under a policy, one value per household or person (read-only).

        Raises
        ------
        DataError
            When the variable was not kept (says how to keep it), or when this policy has no rule
            for it (says which have one).
        """
        key = (self.position(policy), variable)
        if key not in self.arrays:
            having = [self.labels[at] for at, name in self.arrays if name == variable]
            if having:
                raise DataError(
                    "policy {policy!r} has no rule for {variable!r}; the policies that have one: "
                    "{having}",
                    self.labels[key[0]],
                    variable,
                    joined(map(repr, having)),
                )
            raise DataError(
                "variable {variable!r} was not kept{hint}; ask for it: "
                "olive.simulate(..., outputs=[..., {variable!r}])",
                variable,
                nearest(variable, self.outputs),
            )
        return self.arrays[key]

    @property
    def households(self) -> pd.DataFrame:
        """Return household variables as a frame: columns are (policy label, variable)."""
        return self._frame("household")

    @property
    def persons(self) -> pd.DataFrame:
        """Return person variables as a frame: columns are (policy label, variable)."""
        return self._frame("person")

    def _frame(self, entity: str) -> pd.DataFrame:
        columns = {
            (self.labels[position], name): array
            for (position, name), array in self.arrays.items()
            if self.policies[position].rules.entity_of(name) == entity
        }
        table = self.population.households if entity == "household" else self.population.persons
        # A plain index of households: pandas aligns one level of a MultiIndex with nothing.
        index = (
            pd.Index(table["household_id"])
            if entity == "household"
            else pd.MultiIndex.from_frame(table[["household_id", "person_number"]])
        )
        frame = pd.DataFrame(columns, index=index)
        frame.columns = pd.MultiIndex.from_tuples(
            [*columns] if columns else [], names=["policy", "variable"]
        )
        return frame

    def _repr_html_(self) -> str:
        facts = [
            ["households", f"{len(self.population):,}"],
            ["incomes of", str(self.population.year)],
            ["policies", "; ".join(self.labels)],
            ["variables", f"{len(self.outputs)}: {', '.join(self.outputs)}"],
            ["seed", str(self.seed)],
        ]
        synthetic = " (SYNTHETIC DATA, not real households)" if self.population.is_synthetic else ""
        return as_html(f"Result{synthetic}", [], facts, remarks=self.notes)

    def __repr__(self) -> str:
        synthetic = "SYNTHETIC DATA, not real households; " if self.population.is_synthetic else ""
        return (
            f"Result({synthetic}{len(self.population):,} households of {self.population.year}, "
            f"policies: {', '.join(self.labels)})"
        )


def load(folder: str | Path) -> Result:
    """Read a result that `olive.Result.save` wrote.

    Parameters
    ----------
    folder : str or pathlib.Path

    Returns
    -------
    Result
        Equal to what was saved, bit by bit.

    Raises
    ------
    DataError
        When there is no result, a file was changed or damaged, or this version of olive has
        another law than the one that computed it: the run is then to be made again.

    Examples
    --------
    >>> import tempfile, olive
    >>> city = olive.Population.synthetic(households=50, seed=1)
    >>> result = olive.simulate(city, olive.law(year=2023))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     result.save(folder)
    ...     again = load(folder)
    >>> bool((again.values("disposable_income") == result.values("disposable_income")).all())
    True
    """
    found = read_result(folder)
    return Result(*(getattr(found, field.name) for field in fields(found)))


def distinct_labels(policies: Sequence[Policy]) -> tuple[Policy, ...]:
    """Return policies whose labels differ (a number is added where they do not)."""
    seen: dict[str, int] = {}
    renamed = []
    for policy in policies:
        seen[policy.label] = seen.get(policy.label, 0) + 1
        number = seen[policy.label]
        renamed.append(policy if number == 1 else _numbered(policy, number))
    return tuple(renamed)


def _numbered(policy: Policy, number: int) -> Policy:
    zh = f"{policy.zh}（{number}）" if policy.zh else ""
    return policy.renamed(f"{policy.label} ({number})", zh)


def is_family(population: Population) -> NDArray[np.bool_]:
    """Return which households are family households (collective ones stay out of shares)."""
    households = population.tables.households
    if "collective" not in households.column_names:
        return np.ones(len(population), dtype=np.bool_)
    collective: NDArray[np.bool_] = households["collective"].to_numpy().astype(np.bool_)
    return ~collective
