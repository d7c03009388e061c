"""The words of the two tables: every input column with its entity, unit, range and labels."""

from olive.columns.catalogue import Column, catalogue

__all__ = ["Column", "catalogue"]
