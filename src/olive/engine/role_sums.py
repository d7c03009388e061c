"""Sums by role: what a household gets, pays or spends in all rules that say they are for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import reduce
from operator import add
from typing import Any, Unpack

from olive.engine.periods import Dated
from olive.engine.purposes import Payer, Role, further_fields, known_payers, known_role
from olive.engine.rules import FormulaRule, Rule
from olive.errors import RuleError, nearest
from olive.messages import joined


def _added(*amounts: Any) -> Any:
    """Return the sum of amounts from the first to the last; nothing where there are none."""
    return reduce(add, amounts) if amounts else 0.0


@dataclass(frozen=True, slots=True)
class RoleSum(FormulaRule):
    """The sum of all household variables of a role; it is settled when rules are fitted together.

    Attributes
    ----------
    role : Role
    payers : tuple of Payer
        Whose money is counted.
    under : str or None
        The heading that is counted; "" is what has no heading, None everything.
    summands : tuple of str
        Variables in the order in which they are added: that of the alphabet.
    """

    role: Role = field(kw_only=True)
    payers: tuple[Payer, ...] = field(kw_only=True)
    under: str | None = field(kw_only=True)
    summands: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return the variables that are summed."""
        return self.summands

    def counts(self, rule: Rule) -> bool:
        """Return whether the variable of a rule is in the sum."""
        purpose = rule.purpose
        return (
            purpose is not None
            and purpose.role == self.role
            and purpose.payer in self.payers
            and self.under in {None, purpose.heading}
        )

    def settled(self, rules: Mapping[str, Rule]) -> RoleSum:
        """Return the sum of what it counts among rules, in the order of the alphabet."""
        counted = (name for name, rule in rules.items() if self.counts(rule))
        return replace(self, summands=tuple(sorted(counted)))

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, ({each.name: getattr(self, each.name) for each in fields(self)},)


def _rebuilt(content: Mapping[str, Any]) -> RoleSum:
    return RoleSum(**content)


def sum_of_role(
    role: Role,
    *,
    unit: str = "yuan/year",
    payer: Payer | Iterable[Payer] | None = None,
    heading: str | None = None,
    zh: str = "",
    en: str = "",
    **further: Unpack[Dated],
) -> RoleSum:
    """Declare a household variable: the sum of all variables of a role.

    What is summed follows from the rules that are fitted together, those of a reform included, so
    that nobody keeps a list. Amounts are added in the order of the alphabet.

    Parameters
    ----------
    role : {"cash_benefit", "in_kind_benefit", "tax", "contribution", "cost"}
    unit : str
        Of every variable that is summed.
    payer : str or iterable of str, optional
        Whose money is counted; anybody's without it.
    heading : str, optional
        Count only what stands under this heading; ``""`` is what stands under none.
    zh, en : str
        Labels.
    start, end, variable
        As for `olive.engine.household_rule`.

    Raises
    ------
    RuleError
        For an unknown role or payer.

    Examples
    --------
    >>> benefits = sum_of_role("cash_benefit", payer=("government", "social_insurance"))
    >>> benefits.role, benefits.payers
    ('cash_benefit', ('government', 'social_insurance'))
    """
    return RoleSum(
        name="",
        entity="household",
        unit=unit,
        zh=zh,
        en=en,
        clause=None,
        function=_added,
        role=known_role(role),
        payers=known_payers(payer),
        under=heading,
        **further_fields("household", **further),
    )


def with_sums_settled(rules: Mapping[str, Rule]) -> dict[str, Rule]:
    """Return rules in which every sum of a role knows what it adds up."""
    return {
        name: rule.settled(rules) if isinstance(rule, RoleSum) else rule
        for name, rule in rules.items()
    }


def check_purposes(
    rules: Mapping[str, Rule], columns: Iterable[str], brought: Iterable[str]
) -> None:
    """Refuse what would be lost: a heading that no sum counts, an entitlement that is not there.

    Brought are the names of the rules that are looked at.

    Raises
    ------
    RuleError
        With the nearest heading or variable.
    """
    sums = [rule for rule in rules.values() if isinstance(rule, RoleSum)]
    for name in brought:
        purpose = rules[name].purpose
        if purpose is None:
            continue
        counted = sorted({each.under for each in sums if each.role == purpose.role and each.under})
        if purpose.heading and counted and purpose.heading not in counted:
            raise RuleError(
                "rule {name!r} stands under heading {heading!r}, which no sum of role {role!r} "
                "counts{hint}; headings are {headings}; a rule without a heading is counted too",
                name,
                purpose.heading,
                purpose.role,
                nearest(purpose.heading, counted),
                joined(counted),
            )
        known = {*rules, *columns}
        if purpose.entitlement is not None and purpose.entitlement not in known:
            raise RuleError(
                "rule {name!r} names the entitlement {entitlement!r}, which is no variable or "
                "column{hint}",
                name,
                purpose.entitlement,
                nearest(purpose.entitlement, known),
            )


def variables_of_role(
    rules: Mapping[str, Rule], role: Role, payer: Payer | Iterable[Payer] | None = None
) -> tuple[str, ...]:
    """Return the household variables of a role in the order of the alphabet."""
    wanted = known_payers(payer)
    return tuple(
        sorted(
            name
            for name, rule in rules.items()
            if rule.purpose is not None
            and rule.purpose.role == role
            and rule.purpose.payer in wanted
        )
    )
