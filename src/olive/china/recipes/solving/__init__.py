"""Build the recipes that synthetic populations are drawn from, against the rules.

``python -m olive.china.recipes.solving`` builds Taizhou's again (about two minutes) and writes the
solved numbers into the package; ``python -m olive.taizhou.build_sample`` then draws the sample.
"""

from olive.china.recipes.solving.build import build_recipe, write_recipe

__all__ = ["build_recipe", "write_recipe"]
