"""How wages above the floor, jobs and hours respond when the minimum wage is raised.

The findings for China contradict each other, so they are alternatives: `minimum_wage_finding`
chooses whose estimates the tables of responses are read at.
"""

from __future__ import annotations

from olive.engine import clip, draw, lookup, maximum, minimum, person_rule, where

minimum_wage_job_loss_draw = draw(
    "minimum_wage_job_loss", key="person", zh="最低工资就业效应随机数"
)


@person_rule(unit="bool", zh="工资低于最低工资且得到执行")
def paid_below_floor(is_raised_to_floor, offered_wage, minimum_wage_floor):
    """Whether the floor binds: the wage offered is lower and the employer complies."""
    return is_raised_to_floor & (offered_wage < minimum_wage_floor)


@person_rule(unit="yuan/year", zh="提高到最低工资后的工资")
def wage_at_floor(
    offered_wage,
    minimum_wage_floor,
    is_raised_to_floor,
    minimum_wage_finding,
    minimum_wage_pass_through,
):
    """Wage raised to the floor; with incomplete pass-through only by that share of the gap.

    Source: 《最低工资规定》, article 12; pass-through by finding.
    """
    share = lookup(minimum_wage_pass_through, minimum_wage_finding)
    gap = maximum(minimum_wage_floor - offered_wage, 0.0)
    lifted = where(share < 1, offered_wage + gap * share, maximum(offered_wage, minimum_wage_floor))
    return where(is_raised_to_floor, lifted, offered_wage)


@person_rule(unit="1", zh="最低工资溢出增幅", clause="path.8.min_wage_linkage")
def minimum_wage_spillover(
    is_raised_to_floor,
    wage_at_floor,
    minimum_wage_floor,
    minimum_wage_increase,
    minimum_wage_finding,
    minimum_wage_spillover_multiple,
    minimum_wage_spillover_share,
):
    """Relative raise of wages above the floor when the floor rises.

    At the floor the stated share of the floor's rise; it fades in a straight line to nothing at
    the stated multiple of the floor. A multiple of 1 is no spillover.

    Source: by finding, see `minimum_wage_spillover_multiple`.
    """
    multiple = lookup(minimum_wage_spillover_multiple, minimum_wage_finding)
    share = lookup(minimum_wage_spillover_share, minimum_wage_finding)
    width = where(multiple > 1, multiple - 1.0, 1.0)
    in_floors = where(minimum_wage_floor > 0, wage_at_floor / minimum_wage_floor, multiple)
    fading = clip((multiple - in_floors) / width, 0.0, 1.0)
    reached = is_raised_to_floor & (multiple > 1)
    return where(reached, minimum_wage_increase * share * fading, 0.0)


@person_rule(unit="bool", zh="因最低工资提高失去工作", clause="path.8.min_wage_linkage")
def loses_job(
    paid_below_floor,
    minimum_wage_job_loss_draw,
    minimum_wage_increase,
    minimum_wage_finding,
    minimum_wage_job_loss,
    minimum_wage_job_loss_per_increase,
):
    """Whether a worker on whom the raised floor binds loses the job.

    The probability found grows in proportion to the rise of the floor, from none at no rise.

    Source: by finding, see `minimum_wage_job_loss`.
    """
    relative = minimum_wage_increase / minimum_wage_job_loss_per_increase
    chance = minimum(lookup(minimum_wage_job_loss, minimum_wage_finding) * relative, 1.0)
    return paid_below_floor & (minimum_wage_job_loss_draw < chance)


@person_rule(unit="1", zh="最低工资提高后的工时比例", clause="path.8.min_wage_linkage")
def hours_kept(paid_below_floor, minimum_wage_increase, minimum_wage_hours_elasticity):
    """Share of the hours that a worker on whom the raised floor binds keeps.

    Source: named assumption.
    """
    cut = minimum(minimum_wage_hours_elasticity * minimum_wage_increase, 1.0)
    return where(paid_below_floor, 1.0 - cut, 1.0)


@person_rule(unit="yuan/year", zh="工资（税费前，最低工资以上）")
def wage(wage_at_floor, minimum_wage_spillover, hours_kept, loses_job):
    """Gross wage: the offered wage raised to the floor, with the responses to a raised floor.

    Without spillover, job loss and cut hours it is the larger of the offered wage and the floor
    for everybody whom the minimum wage protects and whose employer complies.
    """
    return where(loses_job, 0.0, wage_at_floor * (1.0 + minimum_wage_spillover) * hours_kept)
