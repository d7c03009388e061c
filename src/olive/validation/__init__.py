"""Published figures against a population, and the range of synthetic cities."""
