"""A rule that stands in a module, so that another process finds it."""

from olive.engine import person_rule, where


@person_rule(unit="yuan/year")
def care_bonus(age):
    """A bonus for persons of 80 and over."""
    return where(age >= 80, 1.0, 0.0)
