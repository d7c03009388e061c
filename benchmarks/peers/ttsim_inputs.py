"""Units, persons and their columns, declared as ttsim wants them."""

from __future__ import annotations

from ttsim.tt import (
    Currency,
    TTSIMUnit,
    UnitSystem,
    policy_input,
    register_unit_builder_levels,
)

register_unit_builder_levels({"hh"})
UNIT_SYSTEM = UnitSystem(currencies={"YUAN": Currency(statutory_from="2000-01-01")})
YUAN, NUMBER = TTSIMUnit.CURRENCY.PER_YEAR, TTSIMUnit.DIMENSIONLESS
INDICATOR = TTSIMUnit.INDICATOR
YUAN_HH = YUAN.PER_LEVEL("hh")
COUNT_HH, INDICATOR_HH = TTSIMUnit.COUNT.PER_LEVEL("hh"), INDICATOR.PER_LEVEL("hh")


@policy_input(unit=NUMBER)
def p_id() -> int:
    """Person."""


@policy_input(unit=NUMBER)
def hh_id() -> int:
    """Household of the person."""


@policy_input(unit=TTSIMUnit.YEARS)
def age() -> int:
    """Age."""


@policy_input(unit=INDICATOR)
def formal() -> bool:
    """Formal employee."""


@policy_input(unit=YUAN)
def contractual_wage_y() -> float:
    """Wage by contract."""


@policy_input(unit=YUAN)
def operating_income_y() -> float:
    """Operating income."""


@policy_input(unit=YUAN)
def property_income_y() -> float:
    """Property income."""


@policy_input(unit=YUAN)
def employee_pension_y() -> float:
    """Employee pension received."""


@policy_input(unit=YUAN)
def private_transfer_y() -> float:
    """Private transfer received."""


@policy_input(unit=NUMBER)
def disability() -> int:
    """Grade of disability, 1 most severe, 0 none."""


@policy_input(unit=YUAN_HH)
def rent_y_hh() -> float:
    """Rent paid."""


@policy_input(unit=TTSIMUnit.CURRENCY.PER_LEVEL("hh"))
def assets_hh() -> float:
    """Assets."""


@policy_input(unit=YUAN_HH)
def mortgage_interest_y_hh() -> float:
    """Mortgage interest paid."""


@policy_input(unit=NUMBER)
def take_up_number_hh() -> float:
    """Uniform number that decides take-up."""
