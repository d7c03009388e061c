"""Which parameters and variables can move what is wanted, under one policy or under many."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from olive.engine.intervals import ANYTHING, Interval
from olive.engine.liveness import Reading, at_place, reading_of, where_stands
from olive.engine.policy import Policy


def relevant_totals(policy: Policy, wanted: Sequence[str], given: Collection[str]) -> set[str]:
    """Return the population totals that can matter for the wanted variables under the policy.

    Totals behind these totals are not followed. Variables in ``given`` are not computed.

    Examples
    --------
    >>> from olive.engine import Column, RuleSet, household_rule, policy_on, population_sum
    >>> @household_rule(unit="yuan/year")
    ... def rebate(rent, rents):
    ...     return rents * 0.0 + rent
    >>> columns = {"rent": Column("rent", "household", unit="yuan/year")}
    >>> declared = {"rents": population_sum("rent"), "rebate": rebate}
    >>> policy = policy_on(RuleSet.build([declared], columns=columns), "2023-01-01")
    >>> relevant_totals(policy, ["rebate"], ()), relevant_totals(policy, ["rents"], ())
    (set(), {'rents'})
    """
    return reading_of([policy], given).under(0, wanted, through=False, only_totals=True)


def can_move(
    policies: Sequence[Policy], wanted: Iterable[str], bounds: Sequence[Mapping[str, Interval]]
) -> list[set[str]]:
    """Return which parameters can move a wanted variable when some of them lie in intervals.

    Those named in the ``bounds`` of a policy may take any value in their interval, all at the same
    time; the others stand as the policy has them. Policies of the same rules are read together.
    """
    groups: dict[int, list[int]] = {}
    for position, policy in enumerate(policies):
        groups.setdefault(id(policy.rules), []).append(position)
    found: list[set[str]] = [set() for _ in policies]
    for group in groups.values():
        chosen = [policies[each] for each in group]
        names = dict.fromkeys(name for each in group for name in bounds[each])
        settled = {
            name: _side_by_side(
                [bounds[each].get(name) or where_stands([policies[each]], name) for each in group]
            )
            for name in names
        }
        reading = Reading(chosen[0].rules, frozenset(), chosen, settled)
        for name, mask in reading.reached(wanted).items():
            for place, position in enumerate(group):
                if name in bounds[position] and at_place(mask, place):
                    found[position].add(name)
    return found


def _side_by_side(intervals: Sequence[Interval]) -> Interval:
    """Return the interval with a place for each of several, or the one that they all are."""
    first = intervals[0]
    if all(
        each is first or (each.low == first.low and each.high == first.high) for each in intervals
    ):
        return first
    low, high = (np.concatenate(ends) for ends in zip(*intervals, strict=True))
    return Interval(low, high)


def can_move_alone(
    policy: Policy,
    wanted: Iterable[str],
    names: Iterable[str],
    bounds: Mapping[str, Interval] | None = None,
) -> set[str]:
    """Return which of the named parameters can move a wanted variable, each let loose by itself.

    Those in ``bounds`` may take any value in their interval beside it, all at the same time.
    """
    named = list(dict.fromkeys(names))
    if not named:
        return set()
    settled = {}
    for place, name in enumerate(named):
        stands = where_stands([policy], name)
        loosened = np.arange(len(named)) == place
        settled[name] = Interval(
            np.where(loosened, -np.inf, stands.low), np.where(loosened, np.inf, stands.high)
        )
    settled |= bounds or {}
    masks = Reading(policy.rules, frozenset(), [policy], settled).reached(wanted)
    return {name for place, name in enumerate(named) if at_place(masks.get(name), place)}


@dataclass(frozen=True, slots=True)
class Relevance:
    """What can matter under one policy."""

    policy: Policy
    given: frozenset[str] = frozenset()

    def reached(self, wanted: Iterable[str]) -> set[str]:
        """Return everything that can matter for the wanted variables, through totals as well."""
        return reading_of([self.policy], self.given).under(0, wanted)

    def live(
        self, wanted: Iterable[str], names: Iterable[str], loose: Collection[str] = ()
    ) -> set[str]:
        """Return which of the named parameters can move a wanted variable under the policy.

        Each is let loose by itself, everything else stands as the policy has it, but for the
        parameters in ``loose``, which may have any value too. So a number of places moves
        nothing while nobody is paid for them.
        """
        return can_move_alone(self.policy, wanted, names, dict.fromkeys(loose, ANYTHING))
