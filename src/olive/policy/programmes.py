"""Cash programmes whose cost a report shows, as household variables in yuan a year."""

PROGRAMMES = (
    "dibao",
    "tekun",
    "disability_living_subsidy",
    "disability_care_subsidy",
    "elderly_care_service_subsidy",
    "old_age_allowance",
    "resident_basic_pensions",
    "unemployment_benefits",
    "childcare_subsidy",
    "family_planning_support",
)
