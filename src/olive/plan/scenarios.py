"""The plan carried out, as a reform of the law."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from olive.engine import Reform

# The plan's draft carries no date; it sets targets for the end of 2022, so the law of this day is
# taken as the law before the plan (an assumption).
FROZEN_DAY = "2022-07-01"


@cache
def scenario() -> Reform:
    """Return the plan as a reform: every lever that olive models and that has a number.

    Each operation names its clause (``clause``), where its figure comes from (``source``) and how
    firm that is (``status``). What the plan leaves without a number is left out, except the link
    of the minimum wage to growth, whose named assumption stands in the operation's note.

    The file ``scenario.yaml`` beside this module can be copied and changed, then read with
    `olive.Reform.read`.

    Examples
    --------
    >>> operation = scenario().operations[0]
    >>> (operation.parameter, operation.word, operation.value, operation.clause)
    ('dibao_standard', 'at_least', 13000, 'path.11.dibao_floor')
    """
    return Reform.read(Path(__file__).with_name("scenario.yaml"))
