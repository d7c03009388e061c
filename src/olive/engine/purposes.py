"""What a rule is for: said once, where the rule is declared; sums and budgets follow from it.

Roles, in the terms of the Canberra Group Handbook (2011) and the System of National Accounts:

``cash_benefit``
    Current transfer in cash to a household: assistance, subsidies, pensions, insurance benefits.
    Part of disposable income.
``in_kind_benefit``
    Social transfer in kind: a service, or help tied to an expense (a rent subsidy, reimbursed
    medical expense). It stands beside disposable income.
``tax``
    Tax on income or property.
``contribution``
    Social insurance contribution: of the household, or of its members' employers (labour cost, not
    household income).
``cost``
    Expense that a household cannot avoid: beside disposable income.

Payers are those whose money it is: ``government`` (the general budget), ``social_insurance`` (its
funds), ``employer``, ``household``, ``charity``. The public purse is the first two.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NotRequired, get_args

from olive.engine.periods import Dated, period_of
from olive.errors import RuleError, one_of, shown
from olive.messages import joined

if TYPE_CHECKING:
    from olive.engine.columns import Entity

Role = Literal["cash_benefit", "in_kind_benefit", "tax", "contribution", "cost"]
Payer = Literal["government", "social_insurance", "employer", "household", "charity"]
ROLES: tuple[Role, ...] = get_args(Role)
PAYERS: tuple[Payer, ...] = get_args(Payer)
#: Payers whose money is the public purse's.
PUBLIC: tuple[Payer, ...] = ("government", "social_insurance")
#: Others who pay benefits to households.
PRIVATE: tuple[Payer, ...] = ("employer", "charity")
#: Who pays when a rule does not say it.
_USUAL_PAYER: dict[Role, Payer] = {
    "cash_benefit": "government",
    "in_kind_benefit": "government",
    "tax": "household",
    "contribution": "household",
    "cost": "household",
}
_PAID_TO_HOUSEHOLDS = ("cash_benefit", "in_kind_benefit")
# Fields of a rule that say what it is for and when it is in force.
Further = dict[str, Any]


class Meant(Dated):
    """What a household variable is for as well; see the top of this module."""

    role: NotRequired[Role]
    payer: NotRequired[Payer]
    heading: NotRequired[str]
    entitlement: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a household variable is for.

    Attributes
    ----------
    role : {"cash_benefit", "in_kind_benefit", "tax", "contribution", "cost"}
    payer : {"government", "social_insurance", "employer", "household", "charity"}
    heading : str
        Heading of the account under which a law's own sums count it; "" for none.
    entitlement : str or None
        Variable that says what would be due if everybody claimed, where not all do.
    """

    role: Role
    payer: Payer
    heading: str = ""
    entitlement: str | None = None


def further_fields(
    entity: Entity | None,
    *,
    role: str | None = None,
    payer: str | None = None,
    heading: str = "",
    entitlement: str | None = None,
    start: str | date | None = None,
    end: str | date | None = None,
    variable: str = "",
) -> Further:
    """Return the fields of a rule that say what it is for and when it is in force."""
    purpose = _purpose_of(role, payer, heading, entitlement)
    if purpose is not None and entity != "household":
        raise RuleError(
            "role {role!r} on a variable of persons: sums are over households; declare its sum "
            "with the role, for example household_sum(..., role={role!r})",
            purpose.role,
        )
    first, last = period_of(start, end)
    return {"purpose": purpose, "start": first, "end": last, "variable": variable}


def _purpose_of(
    role: str | None, payer: str | None, heading: str, entitlement: str | None
) -> Purpose | None:
    """Return the purpose that a declaration states; None when it states no role.

    Raises
    ------
    RuleError
        For an unknown role or payer (with the nearest), a payer, heading or entitlement without a
        role, a benefit that households pay, or an entitlement to what is no benefit.
    """
    if role is None:
        for word, said in (("payer", payer), ("heading", heading), ("entitlement", entitlement)):
            if said:
                raise RuleError(
                    "{word}={said} without a role; say what the rule is for: role={roles}",
                    word,
                    shown(said),
                    joined(map(repr, ROLES)),
                )
        return None
    settled = known_role(role)
    given = _USUAL_PAYER[settled] if payer is None else payer
    paid = one_of("payer", given, PAYERS, RuleError)
    benefit = settled in _PAID_TO_HOUSEHOLDS
    if benefit and paid == "household":
        raise RuleError(
            "role {role!r} with payer 'household': a benefit is paid to households; its payer is "
            "one of {payers}",
            settled,
            joined(each for each in PAYERS if each != "household"),
        )
    if entitlement and not benefit:
        raise RuleError(
            "entitlement={entitlement} with role {role!r}: only a benefit has one",
            shown(entitlement),
            settled,
        )
    return Purpose(settled, paid, heading, entitlement)


def known_role(role: object) -> Role:
    """Return a role.

    Raises
    ------
    RuleError
        When there is no such role; gives the nearest.
    """
    return one_of("role", role, ROLES, RuleError)


def known_payers(payer: str | Iterable[str] | None) -> tuple[Payer, ...]:
    """Return the payers that are meant: one, several, or with None all.

    Raises
    ------
    RuleError
        When there is no such payer; gives the nearest.
    """
    if payer is None:
        return PAYERS
    given = [payer] if isinstance(payer, str) else payer
    return tuple(one_of("payer", each, PAYERS, RuleError) for each in given)
