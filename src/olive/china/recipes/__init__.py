"""Recipes: what synthetic Chinese households are drawn from, and how they are solved."""
