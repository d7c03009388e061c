"""Recipes of users: a YAML file of any place, and its solved numbers in an ``.npz`` beside it."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from olive.china.recipes.recipe import (
    Recipe,
    Solved,
    common_settings,
    counties_of,
    untranslated,
)
from olive.engine.yaml_loader import read_yaml
from olive.errors import DataError, Faults, nearest
from olive.messages import Message, joined
from olive.native.files import write_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

COMPANIONS = {"types": "households", "persons": "persons", "wealth": "wealth"}
_DIGEST = "settings"  # name of the entry that says which settings were solved


def read_settings(path: str | Path) -> dict[str, Any]:
    """Read and check the settings of a recipe, as arguments of `Recipe`.

    Parameters
    ----------
    path : str or pathlib.Path
        The YAML file of a place. Files ``households.yaml``, ``persons.yaml`` and ``wealth.yaml``
        in the same folder replace those that olive ships.

    Raises
    ------
    DataError
        Listing every fault with file, key and what is allowed.
    YamlFault
        When a file is missing or no YAML.
    """
    # The models take a moment to build, and the shipped recipes are checked by tests.
    from olive.china.recipes.recipe_faults import check_place  # noqa: PLC0415

    source = Path(path)
    settings: dict[str, Any] = {"place": read_yaml(source)}
    check_place(settings["place"], str(source))
    for part, name in COMPANIONS.items():
        shipped = common_settings(name)
        own = source.with_name(f"{name}.yaml")
        settings[part] = read_yaml(own) if own.exists() else shipped
        faults = Faults()
        if name != "households":
            _check_keys(settings[part], shipped, faults)
        faults.raise_as(
            DataError, "{where}: {number} fault(s) in the recipe:\n- {faults}", "\n- ", where=own
        )
    return settings


def read_recipe(path: str | Path) -> Recipe:
    """Read a recipe of your own that has been solved: the YAML file and the ``.npz`` beside it.

    Raises
    ------
    DataError
        When the settings have faults, have not been solved yet, were changed since, or were solved
        by a version of olive that fitted other totals.
    """
    source = Path(path)
    settings = read_settings(source)
    frozen = solved_file(source)
    remedy = Message("solve it: olive recipe build {source}", source)
    if not frozen.exists():
        raise DataError(
            "{source}: not solved yet ({name} is missing); {remedy}", source, frozen.name, remedy
        )
    try:
        with np.load(io.BytesIO(frozen.read_bytes()), allow_pickle=False) as stored:
            solved = Solved(**{name: stored[name] for name in Solved.__dataclass_fields__})
            digest = str(stored[_DIGEST])
    except OSError as error:
        raise DataError(
            "{frozen}: cannot be read ({error}); {remedy}", frozen, error, remedy
        ) from error
    except Exception as fault:  # zlib, zipfile and numpy each have their own, for their users
        raise DataError(
            "{frozen}: is damaged, or no solved recipe; {remedy}", frozen, remedy
        ) from fault
    if digest != settings_digest(settings):
        raise DataError(
            "{source}: the recipe was changed after it was solved; {remedy}", source, remedy
        )
    if len(solved.controls) != _controls(settings["place"]):
        raise DataError(
            "{frozen}: was solved by another version of olive; {remedy}", frozen, remedy
        )
    return Recipe(solved=solved, **settings)


def solved_file(path: Path) -> Path:
    """Return where the solved numbers of a recipe are kept.

    >>> solved_file(Path("ningbo_2022.yaml")).name
    'ningbo_2022.npz'
    """
    return path.with_suffix(".npz")


def write_solved(recipe: Recipe, target: Path) -> Path:
    """Write the solved numbers of a recipe to a file and return its path."""
    content = io.BytesIO()
    solved = {name: getattr(recipe.solved, name) for name in Solved.__dataclass_fields__}
    settings = {name: getattr(recipe, name) for name in ("place", *COMPANIONS)}
    solved[_DIGEST] = np.array(settings_digest(settings))
    np.savez_compressed(content, **solved)
    return write_bytes(target, content.getvalue())


def settings_digest(settings: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the settings, whatever the comments and the order of keys."""
    kept = {**settings, "place": untranslated(settings["place"])}
    dumped: str = yaml.safe_dump(kept, sort_keys=True, allow_unicode=True)
    return hashlib.sha256(dumped.encode()).hexdigest()


def _controls(place: Mapping[str, Any]) -> int:
    # Calibration brings linear algebra along, which shipped recipes do not need here.
    from olive.china.recipes.controls import control_names  # noqa: PLC0415

    return len(control_names(counties_of(place), place["ages"]["bounds"]))


def _check_keys(own: Any, shipped: Any, faults: Faults, place: str = "") -> None:
    """Note where the keys of a user's file are not those of the shipped one."""
    if not isinstance(shipped, dict):
        return
    if not isinstance(own, dict):
        here = faults.at(place or Message("at the top"))
        here.note("must hold the keys {shipped}", joined(shipped))
        return
    for key in own:
        if key not in shipped:
            hint = nearest(str(key), map(str, shipped))
            faults.at(f"{place}{key}").note("unknown key{hint}", hint)
    for key, entry in shipped.items():
        if key in own:
            _check_keys(own[key], entry, faults, f"{place}{key}.")
        else:
            faults.at(f"{place}{key}").note("this key is missing")
