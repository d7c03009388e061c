"""`olive.simulate`: one pass over a population for a list of policies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from olive.engine.arguments import DEFAULT_SEED, check_run
from olive.engine.passes import Backend
from olive.engine.policy import Policy
from olive.errors import DataError
from olive.messages import Message
from olive.native.given_numbers import listed
from olive.population import Population
from olive.population.years import checked_year
from olive.progress import Progress
from olive.simulation.one_pass import one_pass
from olive.simulation.result import Result, distinct_labels


def simulate(
    population: Population,
    policies: Policy | Sequence[Policy],
    *,
    outputs: Sequence[str] | None = None,
    totals: Sequence[str] = (),
    year: int | None = None,
    seed: int = DEFAULT_SEED,
    backend: Backend = "auto",
    threads: int | None = None,
    progress: Progress = None,
) -> Result:
    """Simulate every household under each policy, in one pass.

    Parameters
    ----------
    population : Population
    policies : Policy or sequence of Policy
        For example ``[olive.law(year=2023), olive.law(year=2023) | reform]``.
    outputs : sequence of str, optional
        Variables to keep for every household or person; by default ``population.place.outputs``.
        One that only some policies have a rule for is kept for those.
    totals : sequence of str
        Variables to sum with weights (yuan a year over the whole population).
    year : int, optional
        Refused unless it is the population's year: incomes of one year are not those of another.
    seed : int
        For random draws such as take-up; each draw depends only on seed, stream and household.
    backend, threads, progress
        See `olive.engine.run_policies`; results do not depend on threads.

    Returns
    -------
    Result

    Raises
    ------
    DataError, RuleError
        Before any work: unknown variables, missing columns (naming the rule that needs them),
        no policy, a policy of another place, or a year that is not the population's.

    Warns
    -----
    DataWarning
        When wages stand in the data without the schemes that their earners are insured in.

    Examples
    --------
    >>> import olive
    >>> city = olive.Population.synthetic(households=200, seed=1)
    >>> result = simulate(city, olive.law(year=2023))
    >>> bool((result.values("disposable_income") > 0).mean() > 0.9)
    True
    """
    if not isinstance(population, Population):
        raise DataError(
            "the population is a {type}; build one with "
            "olive.Population.synthetic(), from_frames() or read()",
            type(population).__name__,
        )
    chosen = checked_policies(policies, population.place.name)
    outputs = population.place.outputs if outputs is None else outputs
    check_names("outputs", outputs)
    check_names("totals", totals)
    check_run(seed, threads)
    if year is not None and checked_year(year) != population.year:
        raise DataError(
            "the population describes {year}, not {year2}; bring it there first: "
            "population.uprate({year2})",
            population.year,
            year,
        )
    named = distinct_labels(chosen)
    run, notes = one_pass(
        population,
        named,
        list(dict.fromkeys(outputs)),
        totals=list(dict.fromkeys(totals)),
        seed=seed,
        backend=backend,
        threads=threads,
        progress=progress,
    )
    notes = (*notes, *_later_laws(named, population.year), *run.notes)
    return Result(
        population,
        named,
        tuple(outputs),
        run.arrays,
        run.totals,
        run.population_totals,
        notes,
        seed,
        run.backend,
    )


def _later_laws(policies: Sequence[Policy], year: int) -> tuple[str, ...]:
    """Name policies of a later year than the incomes that they are applied to."""
    later = [policy.label for policy in policies if int(policy.period[:4]) > year]
    if not later:
        return ()
    named = ", ".join(later)
    return (
        Message(
            "incomes of {year} under later law ({named}); population.uprate(...) brings them there",
            year,
            named,
        ),
    )


def check_names(word: str, names: object) -> None:
    """Refuse an argument that is no list of names of variables."""
    if isinstance(names, str):
        raise DataError("{word} is one text; give a list: {word}=[{names!r}]", word, names)
    if not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
        raise DataError("{word} is {names!r:.60}; give a list of variables by name", word, names)


def checked_policies(policies: Policy | Iterable[Policy], place: str) -> list[Policy]:
    """Return the policies; refuse what is none, none of a place, or nothing at all."""
    several = listed(policies)
    given: list[Any] = [policies] if several is None else several
    if not given:
        raise DataError("give at least one policy, for example olive.law(year=2023)")
    for position, each in enumerate(given):
        if not isinstance(each, Policy):
            raise DataError(
                "policy {position} is a {type}; a policy is a law, or a reform carried "
                "out on one: olive.law(year=2023) | reform",
                position,
                type(each).__name__,
            )
        if each.place not in {"", place}:
            raise DataError(
                "policy {position} ({label}) is of the place {place!r}, the population of "
                "{name!r}; take the law of its place: olive.law(..., place={name!r})",
                position,
                each.label,
                each.place,
                place,
            )
    return given
