"""The check of a place's file that a user wrote: every fault, in words."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from olive.china.recipes.recipe_settings import PlaceFile
from olive.engine.model_faults import fault_in_words
from olive.errors import DataError, Faults
from olive.messages import Message


def check_place(content: Any, where: str) -> None:
    """Refuse the content of a place's file that has faults.

    Parameters
    ----------
    content : object
        What the YAML holds.
    where : str
        Name of the file, for the message.

    Raises
    ------
    DataError
        Listing every fault: file, key, what is missing, unknown or out of range.

    Examples
    --------
    >>> try:
    ...     check_place({"plaze": "ningbo"}, "ningbo.yaml")
    ... except DataError as error:
    ...     print(str(error).splitlines()[1])
    - plaze: unknown key (did you mean 'place'?)
    """
    try:
        PlaceFile.model_validate(content)
    except ValidationError as error:
        faults = Faults()
        for each in sorted(error.errors(), key=lambda each: each["type"] != "extra_forbidden"):
            location = each["loc"]
            here = faults.at(".".join(map(str, location)) or Message("at the top"))
            here.note(fault_in_words(each, _keys(location[:-1])))
        faults.raise_as(
            DataError, "{where}: {number} fault(s) in the recipe:\n- {faults}", "\n- ", where=where
        )


def _keys(location: tuple[Any, ...]) -> list[str]:
    """Return the keys that are allowed at a place of the file."""
    model: Any = PlaceFile
    for part in location:
        field = model.model_fields.get(part) if _is_part(model) else None
        model = next(_parts(field.annotation), None) if field is not None else model
    return list(model.model_fields) if _is_part(model) else []


def _parts(annotation: Any) -> Iterator[Any]:
    """Yield the parts of a file that an annotation names."""
    if _is_part(annotation):
        yield annotation
    for inner in get_args(annotation):
        yield from _parts(inner)


def _is_part(annotation: Any) -> bool:
    return inspect.isclass(annotation) and issubclass(annotation, BaseModel)
