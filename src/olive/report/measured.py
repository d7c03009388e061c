"""What a report is written from: a population simulated in memory, or block by block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from olive.analysis.comparing import compare
from olive.analysis.enrolment import ENROLMENT_VARIABLES, EnrolmentMemo, enrolment_memo, has_scheme
from olive.analysis.gains import concepts_of
from olive.analysis.indicators import household_sizes, income_variables
from olive.analysis.pairs import PolicyPair
from olive.analysis.public_purse import all_instruments, entitlements_of
from olive.analysis.stream_sums import ENROLMENT, TABLES
from olive.analysis.streamed import simulate_stream
from olive.messages import Message
from olive.progress import Progress
from olive.simulation import simulate

if TYPE_CHECKING:
    from olive.analysis.comparison import Comparison
    from olive.engine.policy import Policy
    from olive.places.place import Place
    from olive.population import Population, PopulationStream
    from olive.report.request import ReportRequest
    from olive.simulation.result import Result

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Policies side by side, and whom they were computed for.

    Attributes
    ----------
    result : Result
        Of every household; of the first ones where the population was streamed.
    population : Population or None
        None where it was streamed: what needs every household at once is left out.
    comparisons : tuple of Comparison
        One for each pair.
    sample_households : int
    households, persons : float
    enrolment : EnrolmentMemo or None
        Of the first pair, where the law has an employees' pension scheme to join.
    notes : tuple of str
        Of population and run.
    provenance : dict of str to str
    """

    result: Result
    population: Population | None
    comparisons: tuple[Comparison, ...]
    sample_households: int
    households: float
    persons: float
    enrolment: EnrolmentMemo | None
    notes: tuple[str, ...]
    provenance: dict[str, str]

    @property
    def streamed(self) -> bool:
        """Whether the population was too large for memory."""
        return self.population is None


def outputs_of(place: Place, laws: Sequence[Policy]) -> tuple[str, ...]:
    """Return the variables that a report of some policies shows something of."""
    instruments = (*all_instruments(laws), *entitlements_of(laws).values())
    found = (*income_variables(place), *place.outputs, *instruments, *concepts_of(place)[1:])
    return tuple(dict.fromkeys(found))


def in_memory(
    population: Population,
    laws: Sequence[Policy],
    pairs: Pairs,
    request: ReportRequest,
    progress: Progress,
) -> Measured:
    """Simulate a population all at once."""
    place = population.place
    joining = ENROLMENT_VARIABLES if has_scheme(place) else ()
    outputs = (*outputs_of(place, laws), *joining)
    result = simulate(population, laws, outputs=outputs, seed=request.seed, progress=progress)
    comparisons = tuple(
        compare(result, *pair, closed=request.closed, model_range=request.model_range and not at)
        for at, pair in enumerate(pairs)
    )
    weight = population.weight
    first = PolicyPair.of(result, comparisons[0].positions, comparisons[0].rule)
    return Measured(
        result=result,
        population=population,
        comparisons=comparisons,
        sample_households=len(population),
        households=float(weight.sum()),
        persons=float((weight * household_sizes(result, 0)).sum()),
        enrolment=enrolment_memo(first) if joining else None,
        notes=(*population.notes, *result.notes),
        provenance=_texts(asdict(result.provenance)),
    )


def block_by_block(
    stream: PopulationStream,
    laws: Sequence[Policy],
    pairs: Pairs,
    request: ReportRequest,
    progress: Progress,
) -> Measured:
    """Simulate a population that is too large for memory."""
    joining = has_scheme(stream.place)
    found = simulate_stream(
        stream,
        laws,
        tables=[name for name in TABLES if joining or name != ENROLMENT],
        pairs=pairs,
        closed=request.closed,
        seed=request.seed,
        progress=progress,
    )
    comparisons = tuple(found.compare(*pair) for pair in pairs)
    example = found.run.example
    return Measured(
        result=example,
        population=None,
        comparisons=comparisons,
        sample_households=stream.households,
        households=found.households,
        persons=found.persons,
        enrolment=comparisons[0].enrolment() if joining else None,
        notes=(*found.notes, _STREAMED),
        provenance=_texts(asdict(example.provenance) | {"population": stream.fingerprint()}),
    )


_STREAMED = Message(
    "so many households are computed block by block: weights stay those of the data's year, and "
    "intervals, ranges of recipes and assumptions, contributions of parts, single heavy values "
    "and the picture of the distribution are left out"
)


def _texts(given: dict[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in given.items()}
