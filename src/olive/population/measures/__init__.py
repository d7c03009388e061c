"""Measures: a statistic of what for whom, on any two tables; figures published of them."""
