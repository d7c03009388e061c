"""Columns that rules read and the data lack: which they are, and their neutral values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from olive.engine import Column, Policy, RuleSet

# Beside the rules, which are kept so that their id stays their own: the blocks of a stream ask the
# same again and again.
_found: dict[tuple[int, tuple[str, ...]], tuple[RuleSet, frozenset[str]]] = {}
_REMEMBERED = 32


def filled_columns(
    present: Collection[str],
    policies: Sequence[Policy],
    wanted: Sequence[str],
    known: Mapping[str, Column],
) -> tuple[str, ...]:
    """Return the columns that are taken as neutral (no such income, status or cost).

    Columns of the catalogue that the data have not, and the wanted variables read: those of
    households first, each kind by name.

    Examples
    --------
    >>> import olive
    >>> known = olive.place().columns
    >>> filled_columns({"age"}, [olive.law(year=2023)], ["disabled_living_subsidy"], known)
    ()
    """
    needed: set[str] = set()
    for rules in {id(policy.rules): policy.rules for policy in policies}.values():
        needed |= _behind(rules, tuple(wanted))
    lacking = [
        name
        for name in sorted(needed)
        if name in known and name not in present and known[name].neutral is not None
    ]
    return tuple(sorted(lacking, key=lambda name: known[name].entity))


def _behind(rules: RuleSet, wanted: tuple[str, ...]) -> frozenset[str]:
    """Return every variable, column and parameter behind those wanted that have a rule."""
    key = (id(rules), wanted)
    if key not in _found:
        if len(_found) >= _REMEMBERED:
            _found.clear()
        _found[key] = rules, rules.depends_on([name for name in wanted if name in rules.rules])
    return _found[key][1]
