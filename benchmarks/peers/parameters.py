"""What the fourteen rules read, for peers that keep no parameters of their own; yuan a year."""

from __future__ import annotations

BASELINE = {
    "minimum_wage": 2_070 * 12.0,
    "average_wage": 84_000.0,
    "contribution_floor": 0.6,
    "contribution_cap": 3.0,
    "social_insurance_rate": 0.08 + 0.02 + 0.005,
    "housing_fund_rate": 0.08,
    "basic_deduction": 60_000.0,
    "child_deduction": 24_000.0,
    "elderly_deduction": 36_000.0,
    "mortgage_deduction": 12_000.0,
    "rent_deduction": 18_000.0,
    "property_tax_rate": 0.20,
    "property_taxable_share": 0.25,
    "resident_pension": 3_600.0,
    "living_subsidy": 12 * 300.0,
    "care_subsidy_grade_1": 12 * 500.0,
    "care_subsidy_grade_2": 12 * 250.0,
    "dibao_standard": 13_000.0,
    "marginal_multiple": 2.0,
    "asset_limit_years": 2.0,
    "disregard_share": 0.5,
    "take_up_rate": 0.85,
    "low_income_care": 12 * 200.0,
    "supplement_rate": 0.10,
}
REFORMED = {"minimum_wage": BASELINE["minimum_wage"] * 1.3, "dibao_standard": 10_000.0}
REFORM = {**BASELINE, **REFORMED}

WAGE_TAX = {
    "thresholds": (0.0, 36_000.0, 144_000.0, 300_000.0, 420_000.0, 660_000.0, 960_000.0),
    "rates": (0.03, 0.10, 0.20, 0.25, 0.30, 0.35, 0.45),
}
OPERATING_TAX = {
    "thresholds": (0.0, 30_000.0, 90_000.0, 300_000.0, 500_000.0),
    "rates": (0.05, 0.10, 0.20, 0.30, 0.35),
}


def quick_deductions(schedule: dict[str, tuple[float, ...]]) -> tuple[float, ...]:
    """Return what statutory tables subtract in each bracket: rate x income less this is the tax."""
    deductions = [0.0]
    for threshold, below, rate in zip(
        schedule["thresholds"][1:], schedule["rates"], schedule["rates"][1:], strict=False
    ):
        deductions.append(deductions[-1] + threshold * (rate - below))
    return tuple(deductions)


def parameter_tree(day: str) -> dict[str, object]:
    """Return the parameters as OpenFisca and PolicyEngine read them from YAML files."""
    tree: dict[str, object] = {
        name: {"values": {day: {"value": value}}} for name, value in BASELINE.items()
    }
    for name, schedule in (("wage_tax", WAGE_TAX), ("operating_tax", OPERATING_TAX)):
        tree[name] = {
            "brackets": [
                {"threshold": {day: {"value": threshold}}, "rate": {day: {"value": rate}}}
                for threshold, rate in zip(schedule["thresholds"], schedule["rates"], strict=True)
            ]
        }
    return tree
