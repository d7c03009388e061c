"""How many people could be chosen for each programme: counted in a population.

A programme with a stated number of places chooses each candidate with the probability places /
candidates. The numbers of candidates are parameters, so that one household can be computed, and
explained, without its city; `counted` sets them to what a population holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from olive.engine import Reform, run_policies

if TYPE_CHECKING:
    from olive.engine import Policy, Tables

# In the order in which places are handed out: what a lever's parameter must differ from to be on,
# and the totals that are then needed with the variables that they count.
_PROGRAMMES: tuple[tuple[tuple[str, ...], float, dict[str, str]], ...] = (
    (("disabled_jobs",), 0.0, {"disabled_job_candidates": "disabled_job_candidate"}),
    (("public_posts",), 0.0, {"public_post_candidates": "public_post_candidate"}),
    (("workshops",), 0.0, {"workshop_job_candidates": "workshop_job_candidate"}),
    (("care_workers_per_ten_thousand",), 0.0, {"care_job_candidates": "care_job_candidate"}),
    (("new_urban_jobs",), 0.0, {"new_urban_job_candidates": "new_urban_job_candidate"}),
    (
        ("registered_unemployment_cap",),
        1.0,
        {"still_unemployed_people": "still_unemployed", "labour_force": "in_labour_force"},
    ),
    (("new_high_skilled_per_year",), 0.0, {"high_skill_candidates": "high_skill_candidate"}),
    (
        ("new_skilled_per_year", "certificates_by_firms_per_year"),
        0.0,
        {"skill_candidates": "skill_candidate"},
    ),
    (("trainees_per_year",), 0.0, {"training_candidates": "training_candidate"}),
    (
        ("pension_participation",),
        0.0,
        {
            "pension_participation_workers": "counts_for_pension_participation",
            "pension_participants": "in_enterprise_pension",
            "pension_enrolment_candidates": "pension_enrolment_candidate",
        },
    ),
)


def counted(policy: Policy, tables: Tables, *, seed: int = 0) -> Policy:
    """Return the policy with the candidates of its programmes counted in a population.

    Programmes that are off are not counted, so that the law itself costs nothing. Each count
    comes after the places handed out before it.

    Parameters
    ----------
    policy : Policy
    tables : Tables
        Households and persons with every column that the rules read, and weights.
    seed : int
        The seed that the simulation will use, since who is chosen first leaves fewer for later.

    Returns
    -------
    Policy
        In which each programme chooses its stated number of people, in expectation over seeds.

    Examples
    --------
    >>> from olive.policy import law
    >>> counted(law("2023-01-01"), None).values["skill_candidates"].status
    'assumption'
    """
    for levers, neutral, totals in _PROGRAMMES:
        if all(policy.values[lever].datum == neutral for lever in levers):
            continue
        run = run_policies(tables, [policy], [], totals=list(totals.values()), seed=seed)
        found = {name: run.totals[0, source] for name, source in totals.items()}
        policy = policy | Reform(set=found)
    return policy
