"""One household of a result: every variable under every policy, computed when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from olive.engine.policy import Policy
from olive.errors import DataError, closest
from olive.population import Population
from olive.simulation.one_pass import one_pass


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class HouseholdResult:
    """One household under each policy of a result, variables by attribute.

    Population totals, seed and random draws are those of the result, so every figure is the
    household's own in the simulation, whether the result kept the variable or not.

    Attributes
    ----------
    population : Population
        The household alone.
    policies : tuple of Policy
        With the population totals of the result as parameters.
    seed : int
        Seed of random draws.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=50, seed=1)
    >>> law = olive.law(year=2023).renamed("before")
    >>> higher = (law | olive.Reform({"dibao_standard": 20_000})).renamed("after")
    >>> family = olive.simulate(city, [law, higher]).household(7)
    >>> family.dibao.index.tolist()
    ['before', 'after']
    >>> bool(family.household_size["after"] == len(family.age) == len(family.wage))
    True
    """

    population: Population
    policies: tuple[Policy, ...]
    seed: int

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self.values(name)
        except DataError as fault:
            raise AttributeError(str(fault)) from fault

    def values(self, name: str) -> Any:
        """Return a variable under each policy that has a rule for it, or a column of the data.

        Parameters
        ----------
        name : str

        Returns
        -------
        pandas.Series or pandas.DataFrame or scalar
            Of a variable of the household: one value a policy; of one of persons: persons by
            policies. Of a column of the data: what the data say, of persons one value each.

        Raises
        ------
        DataError
            When there is no such variable or column.
        """
        having = [policy for policy in self.policies if name in policy.rules.rules]
        if not having:
            return self._datum(name)
        run, _ = one_pass(self.population, having, [name], seed=self.seed)
        columns = {policy.label: run.arrays[at, name] for at, policy in enumerate(having)}
        if having[0].rules.entity_of(name) == "person":
            return pd.DataFrame(columns).rename_axis("person")
        return pd.Series({label: values[0] for label, values in columns.items()}, name=name)

    def _datum(self, name: str) -> Any:
        if name in self.population.households:
            return self.population.households[name].iloc[0]
        if name in self.population.persons:
            return self.population.persons[name].rename_axis("person")
        rules = self.policies[0].rules
        known = {each: rule.zh for each, rule in rules.rules.items()}
        known |= {each: column.zh for each, column in self.population.place.columns.items()}
        raise DataError("no variable or column {name!r}{hint}", name, closest(name, known))

    def __repr__(self) -> str:
        identifier = self.population.households["household_id"].iloc[0]
        return (
            f"HouseholdResult(household {identifier}, {int(self.population.size[0])} persons, "
            f"policies: {', '.join(policy.label for policy in self.policies)})"
        )
