"""The public purse: what it pays out and takes in, by what the rules say that they are for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from olive.engine.purposes import PUBLIC, Payer, Role

if TYPE_CHECKING:
    from olive.engine import Policy
    from olive.simulation.result import Result

#: Kinds of lines of the budget: the role, and whose money is counted.
KINDS: Mapping[str, tuple[Role, tuple[Payer, ...]]] = {
    "spending": ("cash_benefit", PUBLIC),
    "relief": ("in_kind_benefit", PUBLIC),
    "tax": ("tax", ("household", "employer")),
    "contribution": ("contribution", ("household",)),
    "employer": ("contribution", ("employer",)),
}
PAID_OUT = ("spending", "relief")
#: What households themselves pay.
LEVIES = ("tax", "contribution")


def instruments_of(policies: Iterable[Policy]) -> dict[str, tuple[str, ...]]:
    """Return programmes, taxes and contributions by kind, in the order of the alphabet.

    What only one policy has a rule for, such as a reform's own programme, is there too; a
    variable for which rules say different roles stands where the last policy puts it.

    Examples
    --------
    >>> import olive
    >>> instruments_of([olive.law(year=2023)])["tax"]
    ('income_taxes', 'property_income_tax')
    """
    kind_of: dict[str, str] = {}
    for policy in policies:
        for kind, (role, payers) in KINDS.items():
            kind_of |= dict.fromkeys(policy.rules.with_role(role, payers), kind)
    return {
        kind: tuple(sorted(name for name, own in kind_of.items() if own == kind)) for kind in KINDS
    }


def all_instruments(policies: Iterable[Policy]) -> tuple[str, ...]:
    """Return the instruments of all kinds of policies."""
    return tuple(name for names in instruments_of(policies).values() for name in names)


def entitlements_of(policies: Iterable[Policy]) -> dict[str, str]:
    """Return the variable that says what is due, of each programme that not everybody claims.

    Examples
    --------
    >>> import olive
    >>> entitlements_of([olive.law(year=2023)])
    {'dibao': 'dibao_entitlement'}
    """
    found = {}
    for policy in policies:
        for name, rule in policy.rules.rules.items():
            if rule.purpose is not None and rule.purpose.entitlement is not None:
                found[name] = rule.purpose.entitlement
    return found


def totals_of(result: Result, position: int) -> dict[str, float]:
    """Return the totals of one policy of a result, yuan a year by variable."""
    return {name: total for (at, name), total in result.totals.items() if at == position}


def public_cost(amounts: Mapping[str, float], instruments: Mapping[str, tuple[str, ...]]) -> float:
    """Return what the public purse pays out less what it takes in.

    Cash transfers and in-kind benefits, less taxes and contributions, those of employers included:
    amounts are yuan a year by instrument, of which `instruments_of` gives the kinds. What is
    lacking is nothing.

    Examples
    --------
    >>> kinds = {"spending": ("aid",), "tax": ("levy",)}
    >>> public_cost({"aid": 50.0, "levy": 30.0}, kinds)
    20.0
    """
    sums = {
        kind: sum(amounts.get(name, 0.0) for name in names) for kind, names in instruments.items()
    }
    paid = sum(amount for kind, amount in sums.items() if kind in PAID_OUT)
    return paid - sum(amount for kind, amount in sums.items() if kind not in PAID_OUT)
