"""A parameter file as it was read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from olive.engine.yaml_loader import parse_yaml, yaml_text
from olive.native.files import path_of


@dataclass(frozen=True, slots=True)
class ParameterFile:
    """A parameter file as it was read, so that who holds it needs the disk no more.

    Attributes
    ----------
    name, text : str
    """

    name: str
    text: str

    @staticmethod
    def read(path: str | os.PathLike[str]) -> ParameterFile:
        """Read a file.

        Raises
        ------
        OliveError
            For what is no path, and for a file that cannot be read or is no YAML.
        """
        file = path_of(path, "parameters.yaml")
        text = yaml_text(file)
        parse_yaml(text, str(file))
        return ParameterFile(file.name, text)

    def content(self) -> Any:
        """Return what the file holds."""
        return parse_yaml(self.text, self.name)
