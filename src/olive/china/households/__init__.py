"""The rules that draw synthetic Chinese households: one topic = one module."""
