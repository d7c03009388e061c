"""The two tables of households and persons: checked, stored, drawn, calibrated."""

from olive.errors import DataWarning
from olive.population.origin import Origin
from olive.population.population import Population
from olive.population.stream import PopulationStream
from olive.population.table_views import Arrays

__all__ = ["Arrays", "DataWarning", "Origin", "Population", "PopulationStream"]
