"""The law of a place as a policy: all its rules with the parameters of a day or a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from olive.engine.reform import Reform
from olive.places.place import Place
from olive.places.registry import place as place_named

if TYPE_CHECKING:
    from datetime import date

    from olive.engine.carrying import Carry
    from olive.engine.policy import Policy


def law(
    day: str | date | None = None,
    *,
    year: int | None = None,
    carry: Carry = "nominal",
    uprated_to: int | None = None,
    place: str | Place | None = None,
) -> Policy:
    """Return the law in force on a day, or weighted by months over a year, as a policy.

    Amounts are annualised: a standard of 1,041 yuan a month is 12,492 yuan a year. The law is as it
    is carried out: take-up and compliance rates are among its parameters, each a named assumption.

    Parameters
    ----------
    day : str or date
        ISO date such as ``"2022-07-01"``.
    year : int
        Instead of a day: mid-year changes are weighted by months.
    carry : {"nominal", "indexed"}
        What becomes of a figure whose record has ended: it stands as it was, or it grows with what
        the law ties it to (dibao with consumption, contribution bounds with wages).
        ``policy.carried()`` lists them.
    uprated_to : int
        With a day: the law of that day with all its amounts grown to a year, each with what the law
        ties it to, the others (tax brackets, deductions) with income per head. It is what a
        government that changes nothing but prices would have, the counterfactual of Bargain and
        Callan (2010); the law of the day as it is lets growing incomes run into old brackets.
    place : str or Place, optional
        Whose law; by default Taizhou's. ``olive.places()`` lists what is installed.

    Raises
    ------
    DateError
        Before the first day of the record, or more than 25 years after it.
    DataError
        When no such place is installed.

    Warns
    -----
    LawWarning
        After the last recorded day.

    References
    ----------
    Bargain, O. and Callan, T. (2010): Analysing the effects of tax-benefit reforms on income
    distribution: a decomposition approach. Journal of Economic Inequality 8(1).

    Examples
    --------
    >>> law("2022-07-01").values["basic_deduction"].datum
    60000.0
    >>> law("2022-07-01", uprated_to=2025).values["basic_deduction"].datum > 60000
    True
    """
    return place_named(place).law(day, year=year, carry=carry, uprated_to=uprated_to)


def full_compliance(place: str | Place | None = None) -> Reform:
    """Return the reform with which everybody declares, claims and pays by the statute.

    ``law(...) | full_compliance()`` is what an official would compute by hand.

    Examples
    --------
    >>> policy = law("2023-01-01") | full_compliance()
    >>> policy.values["contribution_base_compliance"].datum
    1.0
    """
    return Reform(
        dict(place_named(place).full_compliance), label="full compliance", zh="足额申报缴纳"
    )
