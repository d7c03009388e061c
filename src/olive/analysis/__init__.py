"""What results mean: indicators, comparison, growth still needed."""

from olive.analysis.attribution import attribute, interactions
from olive.analysis.budget_lines import budget_line
from olive.analysis.cliffs import cliffs
from olive.analysis.comparing import compare
from olive.analysis.comparison import Comparison
from olive.analysis.cost_effectiveness import cost_effectiveness
from olive.analysis.crossing_ledger import crossings_by_part
from olive.analysis.crossing_profile import crossing_profile
from olive.analysis.decomposition import decompose, growth_and_shape
from olive.analysis.explanation import Explanation, explain
from olive.analysis.falling_back import SHOCKS, Shock, vulnerability
from olive.analysis.feasible_targets import Feasibility, feasibility
from olive.analysis.figures import Indicator
from olive.analysis.goal_levers import Limits
from olive.analysis.goal_seek import Reached, reach
from olive.analysis.growth import GrowthNeeded, growth_for_mean, growth_for_share
from olive.analysis.income_transitions import transitions
from olive.analysis.indicators import indicators
from olive.analysis.low_income import LowIncomeMoves, low_income_moves
from olive.analysis.marginal_rates import marginal_rates
from olive.analysis.projection import project
from olive.analysis.run_card import verify_card, write_card
from olive.analysis.stream_replicates import ReplicateColumns
from olive.analysis.streamed import simulate_stream
from olive.analysis.streamed_result import StreamedResult
from olive.analysis.table import Table
from olive.analysis.thin_data import ThinData, thin_data
from olive.analysis.uncertainty import uncertainty
from olive.places.labels import Label

__all__ = [
    "SHOCKS",
    "Comparison",
    "Explanation",
    "Feasibility",
    "GrowthNeeded",
    "Indicator",
    "Label",
    "Limits",
    "LowIncomeMoves",
    "Reached",
    "ReplicateColumns",
    "Shock",
    "StreamedResult",
    "Table",
    "ThinData",
    "attribute",
    "budget_line",
    "cliffs",
    "compare",
    "cost_effectiveness",
    "crossing_profile",
    "crossings_by_part",
    "decompose",
    "explain",
    "feasibility",
    "growth_and_shape",
    "growth_for_mean",
    "growth_for_share",
    "indicators",
    "interactions",
    "low_income_moves",
    "marginal_rates",
    "project",
    "reach",
    "simulate_stream",
    "thin_data",
    "transitions",
    "uncertainty",
    "verify_card",
    "vulnerability",
    "write_card",
]
