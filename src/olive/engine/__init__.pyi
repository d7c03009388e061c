# The public names of the engine and where each lives; read by type checkers and by the loader.

from .columns import Column as Column, read_columns as read_columns
from .evaluation import evaluate_with as evaluate_with
from .execution import run_policies as run_policies
from .parameters import (
    Parameter as Parameter,
    ParameterValue as ParameterValue,
    PlausibleRange as PlausibleRange,
)
from .passes import Run as Run
from .policy import Policy as Policy, policy_on as policy_on
from .reform import Reform as Reform
from .reform_operations import Operation as Operation
from .role_sums import sum_of_role as sum_of_role
from .rules import (
    Rule as Rule,
    draw as draw,
    household_any as household_any,
    household_count as household_count,
    household_max as household_max,
    household_min as household_min,
    household_rank as household_rank,
    household_rule as household_rule,
    household_sum as household_sum,
    of as of,
    person_rule as person_rule,
    plain_numpy as plain_numpy,
    population_sum as population_sum,
    subgroup_any as subgroup_any,
    subgroup_count as subgroup_count,
    subgroup_max as subgroup_max,
    subgroup_sum as subgroup_sum,
)
from .ruleset import RuleSet as RuleSet
from .tables import Tables as Tables
from .text import (
    formula_text as formula_text,
    formula_with_numbers as formula_with_numbers,
    obstacles as obstacles,
    reads_in_the_way as reads_in_the_way,
    reads_that_decide as reads_that_decide,
)
from .vocabulary import (
    Schedule as Schedule,
    clip as clip,
    floor as floor,
    least_of as least_of,
    lookup as lookup,
    maximum as maximum,
    minimum as minimum,
    schedule as schedule,
    where as where,
)
