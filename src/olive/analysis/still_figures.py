"""Why a figure that is neither law nor published stands still: the one place that tells the kinds.

A quantity that may lie elsewhere has a plausible range. What has none, or is not drawn, is of one
of these kinds; all but the last are kinds in which a range of numbers means nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from olive.places.labels import Label

if TYPE_CHECKING:
    from olive.engine.parameters import Parameter, ParameterValue

StillKind = Literal["switch", "code", "open_lever", "neutral", "carried_along", "no_range"]
KINDS: tuple[StillKind, ...] = get_args(StillKind)

# What a joint run says of them, and what a row of one at a time is called.
NOTES: dict[StillKind, Label] = {
    "switch": Label(
        "是两种读法的开关，不参与抽样，只在逐项变动中取两值",
        "are switches between two readings, never drawn, set both ways only one at a time",
    ),
    "code": Label("是类别代码，不变动", "are codes of categories and stand still"),
    "open_lever": Label(
        "是方案未定数值、无人设定的措施，不属于所述方案，只在逐项变动中取至范围上端",
        "are levers that the reform leaves open and nobody has set, no part of it as stated, "
        "moved only one at a time",
    ),
    "neutral": Label(
        "是法律中没有的措施，取中性值",
        "are measures that the law does not have, at their neutral value",
    ),
    "carried_along": Label("随另一参数变动", "move with another figure"),
    "no_range": Label("没有合理范围，因此不变动", "have no plausible range and stand still"),
}
ROWS: dict[str, Label] = {
    "switch": Label("开关，取两值", "switch, both ways"),
    "code": Label("类别代码，未变动", "code, stands still"),
    "open_lever": Label("未定措施", "open lever"),
    "neutral": Label("法律中没有，中性值", "not in the law, neutral value"),
    "carried_along": Label("随另一参数变动", "moves with another figure"),
    "no_range": Label("没有合理范围，未变动", "no plausible range, stands still"),
}


def still_kind(
    parameter: Parameter, value: ParameterValue, *, left_open: bool = False
) -> StillKind:
    """Return why a figure that is neither law nor published is not drawn.

    It is left open where a reform names the parameter as a lever and leaves it at its neutral
    value.

    Examples
    --------
    >>> import olive
    >>> law = olive.law(year=2025)
    >>> def kind(name):
    ...     return still_kind(law.rules.parameters[name], law.values[name])
    >>> kind("dibao_single_claim_below_line"), kind("minimum_wage_finding"), kind("public_posts")
    ('switch', 'code', 'neutral')
    """
    if parameter.unit == "bool":
        return "switch"
    if parameter.unit == "code":
        return "code"
    if parameter.moves_with is not None:
        return "carried_along"
    if value.is_neutral:
        return "open_lever" if left_open else "neutral"
    return "no_range"
