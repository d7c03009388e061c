"""olive: household income distribution microsimulation."""
