"""Three ways to see the plan: the law frozen before it, its letter, and all its levers."""

from __future__ import annotations

from functools import cache
from typing import Literal, get_args

from olive.engine import Operation, Reform
from olive.engine.written import as_written
from olive.errors import PlanError, closest
from olive.messages import joined
from olive.places.plan.lever_files import in_the_text, levers_of, of_the_plan
from olive.places.plan.plan_files import PlanFiles

ScenarioName = Literal["frozen", "letter", "enabling_growth"]
SCENARIOS: tuple[ScenarioName, ...] = get_args(ScenarioName)
_LABELS = {
    "frozen": ("法律冻结在方案之前", "frozen"),
    "letter": ("方案字面落实", "plan by the letter"),
    "enabling_growth": ("方案全面落实", "the plan"),
}


def scenario(plan: PlanFiles, name: ScenarioName = "enabling_growth") -> Reform:
    """Return one of the three scenarios of the plan, as a reform of any law.

    ``"frozen"``
        No plan: every dated parameter as on ``plan.frozen_day``, so that ``olive.law(year=2025) |
        plan.scenario("frozen")`` is the law of that day. That the plan starts from this day is an
        assumption, since its draft carries no date.
    ``"letter"``
        Only figures that stand in the plan's text (status published). What the text leaves open
        stays at its default, even where a figure of the text needs it: 40,000 new skilled
        workers earn the default premium.
    ``"enabling_growth"``
        The letter, and every lever whose figure is an assumption or comes from elsewhere, with
        its reason in the operation's note. This is what is meant where no name is given. Levers
        for which nothing can be said yet stand in it with a neutral figure; see
        `Plan.coverage`. Growth of incomes is no part of it: it comes with the population,
        ``population.uprate(2025, growth="plan")``.

    What state or province do anyway, and what was in force before, is in none of them even where
    the plan mentions it: see `credited_elsewhere`.

    Returns
    -------
    Reform
        ``.assumptions`` lists the operations whose figure is neither law nor published. Each
        operation names its clause, where its figure is from, and how firm that is.

    Raises
    ------
    PlanError
        When there is no such scenario, or a lever file has faults.

    Examples
    --------
    >>> import olive
    >>> olive.plan.scenario("letter").assumptions
    ()
    >>> floor = next(x for x in olive.plan.scenario().operations if x.parameter == "dibao_standard")
    >>> floor.kind, floor.value, floor.clause
    ('at_least', 13000, 'path.11.dibao_floor')
    """
    return named_scenario(plan, name)


@cache
def named_scenario(plan: PlanFiles, name: str) -> Reform:
    """Return a scenario by a name that a user typed; see `scenario`.

    Raises
    ------
    PlanError
        When there is no such scenario; names the nearest.
    """
    if name not in SCENARIOS:
        raise PlanError(
            "the plan has no scenario {name!r}{hint}; scenarios are {scenarios}",
            name,
            closest(name, {each: zh for each, (zh, _) in _LABELS.items()}),
            joined(SCENARIOS),
        )
    operations = [each for lever in levers_of(plan) for each in lever.own]
    if name == "frozen":
        operations = _frozen(plan)
    if name == "letter":
        operations = [each for each in operations if in_the_text(each, plan)]
    zh, label = _LABELS[name]
    return Reform.from_operations(operations, label=label, zh=zh)


def credited_elsewhere(plan: PlanFiles) -> Reform:
    """Return what the plan mentions but is not its effect: national and earlier measures.

    Laid on a policy by itself it gives a column of its own beside the plan's.

    Returns
    -------
    Reform
        ``operation.credit`` says whose measure each is: ``"national"`` (state or province) or
        ``"in_force_before"``.

    Examples
    --------
    >>> import olive
    >>> {each.parameter: each.credit for each in olive.plan.credited_elsewhere().operations}[
    ...     "business_loan_rate_cut"
    ... ]
    'national'
    >>> own = olive.plan.scenario().operations
    >>> [x for x in olive.plan.credited_elsewhere().operations if x in own]
    []
    """
    operations = [
        each for lever in levers_of(plan) for each in lever.operations if not of_the_plan(each)
    ]
    return Reform.from_operations(
        operations, label="national and earlier measures", zh="国家和此前已有的措施"
    )


def _frozen(plan: PlanFiles) -> list[Operation]:
    """Set every parameter that has ever changed to its value on the frozen day."""
    values = plan.place.law(plan.frozen_day).values
    return [
        Operation(
            name,
            "set",
            as_written(parameter, values[name]),
            note=f"as on {plan.frozen_day}, taken as the law before the plan",
            status=values[name].status,
            source=values[name].source,
        )
        for name, parameter in plan.place.rules.parameters.items()
        if len(parameter.history) > 1
    ]
