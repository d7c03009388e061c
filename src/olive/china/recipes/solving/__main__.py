"""Command line of the recipe builder: ``python -m olive.china.recipes.solving``."""

from __future__ import annotations

import sys
from pathlib import Path

from olive.china.recipes.drawing import sample_weights
from olive.china.recipes.kept_weights import keep_weights
from olive.china.recipes.recipe import recipe_folder
from olive.china.recipes.solving.build import build_recipe, write_recipe


def main(arguments: list[str]) -> None:
    """Build a recipe and write it; arguments: place, year, folder (by default the package)."""
    place, year = arguments[0:2] if len(arguments) > 1 else ("taizhou", "2023")
    folder = arguments[2] if len(arguments) > 2 else str(recipe_folder(place))
    recipe = build_recipe(place, int(year), report=_say)
    path = write_recipe(recipe, Path(folder))
    sys.stdout.write(f"{path}: {recipe.digest()}\n")
    sys.stdout.write(f"{keep_weights(recipe, sample_weights(recipe), Path(folder))}\n")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
