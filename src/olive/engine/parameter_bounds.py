"""Ranges of parameters that name other parameters: whether these are there, alike and kept to."""

from __future__ import annotations

from collections.abc import Mapping

from olive.engine.parameter_ranges import check_range
from olive.engine.parameters import Parameter, value_on
from olive.errors import Faults, nearest
from olive.messages import Message


def faults_of_bounds(
    parameters: Mapping[str, Parameter], known: Mapping[str, Parameter], faults: Faults
) -> None:
    """Add the faults of ranges that name other parameters, which are among the known."""
    for parameter in parameters.values():
        here = faults.at(f"{parameter.file}: {parameter.name}")
        named = [each for each in (parameter.minimum, parameter.maximum) if isinstance(each, str)]
        for each in named:
            if each not in known:
                hint = nearest(each, known)
                here.note("range names unknown parameter {each!r}{hint}", each, hint)
        bounds = [known[each] for each in named if each in known]
        unlike = [
            each.name
            for each in bounds
            if each.kind == "schedule" or each.keys not in {(), parameter.keys}
        ]
        for each in unlike:
            here.note("range names {each!r}, which has other keys", each)
        if not unlike:
            here.note_all(_outside(parameter, bounds))


def _outside(parameter: Parameter, bounds: list[Parameter]) -> list[Message]:
    """Return where a value lies outside bounds that change over time themselves."""
    together = (parameter, *bounds)
    first = max(each.history[0].start for each in together)
    days = sorted({max(first, entry.start) for each in together for entry in each.history})
    found = []
    for day in days if bounds else ():
        values = {bound.name: value_on(bound, day) for bound in bounds}
        fault = check_range(parameter, value_on(parameter, day).datum, values)
        if fault:
            found.append(Message("on {day}: {fault}", day, fault))
    return found
