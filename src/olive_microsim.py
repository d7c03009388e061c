"""The distribution olive-microsim under its own name: what stands in the way of ``import olive``.

Two other projects bring a module called ``olive``: ``olive-ai`` (optimisation of neural networks)
and ``olive`` (access to a database of ships). Installed into one environment, their files and ours
lie in one folder, or one hides the other. Importing this module raises an `ImportError` that says
so; ``python -m olive_microsim`` is the command line, when nothing stands in the way.
"""

from __future__ import annotations

import os
import sys

#: Names of their distributions as folders of metadata begin with.
OTHERS = {"olive_ai": "olive-ai", "olive": "olive"}
_HERE = os.path.dirname(os.path.realpath(__file__))  # pathlib takes time to load
_OURS = f"{_HERE}{os.sep}olive{os.sep}__init__.py"
_MEND = (
    "Install olive-microsim into an environment of its own: python -m venv microsim, then "
    "microsim/bin/pip install olive-microsim. 请把 olive-microsim 装进单独的虚拟环境。"
)


def others_beside(folder: str) -> list[str]:
    """Return other distributions that are installed in a folder and bring a module ``olive``.

    It reads names of files alone, so that every import can afford it.
    """
    names = (entry.rpartition("-") for entry in os.listdir(folder) if entry.endswith("-info"))
    found = {name.partition("-")[0].lower() for name, _, _ in names}
    return [shown for name, shown in OTHERS.items() if name in found]


def warn_of_others(folder: str = _HERE) -> None:
    """Warn when the files of another ``olive`` lie among those of this one."""
    if others := others_beside(folder):
        import warnings  # noqa: PLC0415 - every import of olive passes here

        warnings.warn(
            f"the distribution {' and '.join(others)} is installed in {folder} as well; "
            "it too brings a module called olive, so its files and those of olive-microsim lie in "
            f"one folder and overwrite each other. {_MEND}",
            stacklevel=3,
        )


def check() -> None:
    """Raise when ``import olive`` does not give this distribution.

    Raises
    ------
    ImportError
        Names the file that would be imported instead, and how to mend it.
    """
    from importlib.util import find_spec  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    spec = find_spec("olive")
    given = Path(spec.origin).resolve() if spec is not None and spec.origin else None
    ours = Path(_OURS)
    if given != ours or "olive_microsim" not in ours.read_text(encoding="utf-8"):
        raise ImportError(
            f"'import olive' gives {given}, which belongs to another project, not to "
            f"olive-microsim. {_MEND}"
        )


def main() -> None:
    """Run the command line ``olive``."""
    check()
    from olive.cli import main as run  # noqa: PLC0415 - olive may be another project's

    run()


# When olive itself imports this module, it is ours.
if getattr(sys.modules.get("olive"), "__file__", None) != _OURS:
    check()

if __name__ == "__main__":
    main()
