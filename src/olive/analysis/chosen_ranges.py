"""Ranges of a user's own for assumed figures, checked before any work."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from olive.engine.parameter_ranges import check_plausible
from olive.engine.parameters import Parameter, PlausibleRange, RangeForm, parameter_named
from olive.errors import DataError, shown, spelled, told_where
from olive.native.given_numbers import listed

if TYPE_CHECKING:
    from olive.engine.policy import Policy

Chosen = Iterable[str] | Mapping[str, PlausibleRange | tuple[float, float] | None] | None

GIVEN = "given by the user"
# Units of figures of which a number between two others means nothing.
NEVER_DRAWN = frozenset({"bool", "code"})


def ranges_of(chosen: Chosen, before: Policy, after: Policy) -> dict[str, PlausibleRange | None]:
    """Return the chosen parameters with ranges of the user's own."""
    if chosen is None:
        return {}
    if isinstance(chosen, str):
        raise DataError("parameters is one text; give a list: parameters=[{chosen!r}]", chosen)
    names = chosen if isinstance(chosen, Mapping) else listed(chosen)
    if names is None or not all(isinstance(name, str) for name in names):
        raise DataError("parameters is {shown}; give a list of names", shown(chosen))
    given = dict(chosen) if isinstance(chosen, Mapping) else dict.fromkeys(names)
    if not given:
        raise DataError("parameters names none; leave it out to draw all of them")
    known = {**before.rules.parameters, **after.rules.parameters}
    found: dict[str, PlausibleRange | None] = {}
    for name, ends in given.items():
        parameter = parameter_named(spelled(name), known, DataError)
        found[name] = None if ends is None else _range_of(name, ends, parameter)
    return found


def _range_of(name: str, ends: Any, parameter: Parameter) -> PlausibleRange:
    """Return a range of the user's own.

    Raises
    ------
    DataError
        When it is none, has no width, or leaves what is allowed.
    """
    found = ends
    if not isinstance(found, PlausibleRange):
        pair = listed(ends) or []
        if len(pair) != 2:
            raise DataError(
                "{name}: a range is (low, high) or a PlausibleRange, found {ends!r}", name, ends
            )
        form: RangeForm = "value" if parameter.kind == "scalar" else "factor"
        low, high = pair
        with told_where(name, DataError):
            found = PlausibleRange(low, high, GIVEN, form)
    fault = check_plausible(parameter, found)
    if fault:
        raise DataError(fault)
    if parameter.kind != "scalar" and not found.low <= 1.0 <= found.high:
        raise DataError(
            "{name} is a {kind}: its range is in multiples of its figures, around 1, "
            "found [{low:g}, {high:g}]",
            name,
            parameter.kind,
            found.low,
            found.high,
        )
    return found


def refuse_bare(
    named: Collection[str],
    ranged: Collection[str],
    bare: Collection[str],
    parameters: Mapping[str, Parameter],
) -> None:
    """Refuse chosen parameters that have no range.

    Raises
    ------
    DataError
    """
    for name in named:
        if name not in ranged:
            if parameters[name].unit in NEVER_DRAWN:
                raise DataError(
                    "{name} is a switch or code and is not drawn; set it in a reform of its own",
                    name,
                )
            why = "has no plausible range" if name in bare else "is law or published"
            raise DataError(
                "{name} {why}; give it one: parameters={{{name!r}: (low, high)}}, in its unit",
                name,
                why,
            )
