"""What results mean: indicators, comparison, growth still needed."""

from olive.analysis.comparison import Comparison, compare
from olive.analysis.growth import GrowthNeeded, growth_for_mean, growth_for_share
from olive.analysis.indicators import Indicator, indicators

__all__ = [
    "Comparison",
    "GrowthNeeded",
    "Indicator",
    "compare",
    "growth_for_mean",
    "growth_for_share",
    "indicators",
]
