"""The two tables of households and persons: checked, stored, drawn, calibrated."""

from olive.errors import DataWarning
from olive.population.population import Population
from olive.population.storage import Origin
from olive.population.stream import PopulationStream
from olive.population.table_views import Arrays

__all__ = ["Arrays", "DataWarning", "Origin", "Population", "PopulationStream"]
