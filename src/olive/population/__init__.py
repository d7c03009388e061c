"""The two tables of households and persons: checked, stored, drawn, calibrated."""

from olive.population.population import Arrays, Population
from olive.population.storage import Origin
from olive.population.structure import DataWarning

__all__ = ["Arrays", "DataWarning", "Origin", "Population"]
