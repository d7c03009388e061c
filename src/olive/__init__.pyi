# The public names of olive and where each lives; read by type checkers and by the loader.

from . import statistics as statistics
from .analysis import (
    Limits as Limits,
    attribute as attribute,
    budget_line as budget_line,
    cliffs as cliffs,
    compare as compare,
    cost_effectiveness as cost_effectiveness,
    crossings_by_part as crossings_by_part,
    crossing_profile as crossing_profile,
    decompose as decompose,
    explain as explain,
    feasibility as feasibility,
    growth_and_shape as growth_and_shape,
    marginal_rates as marginal_rates,
    interactions as interactions,
    project as project,
    reach as reach,
    simulate_stream as simulate_stream,
    thin_data as thin_data,
    transitions as transitions,
    uncertainty as uncertainty,
    verify_card as verify_card,
    vulnerability as vulnerability,
    write_card as write_card,
)
from .engine import (
    Policy as Policy,
    Reform as Reform,
)
from .errors import OliveError as OliveError
from .places import (
    Place as Place,
    law as law,
    place as place,
)
from .places.default import plan as plan
from .places.registry import places as places
from .population import (
    Population as Population,
    PopulationStream as PopulationStream,
)
from .population.calibration import (
    PublishedFigure as PublishedFigure,
    Targets as Targets,
    calibrate as calibrate,
)
from .simulation import (
    Result as Result,
    evaluate as evaluate,
    evaluator as evaluator,
    household as household,
    load as load,
    member as member,
    read_household as read_household,
    simulate as simulate,
)
from .validation.validation import validate as validate

__version__: str
