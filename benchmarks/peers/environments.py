"""An environment of its own for each peer, made on first use from its pinned requirements.

To move a peer to a newer version, install it in a fresh environment and write down ``pip freeze``.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from venv import create

ROOT = Path(__file__).parents[2]
REQUIREMENTS = Path(__file__).parent / "requirements"


class NotInstalled(Exception):
    """A peer's environment could not be made; says why."""


def interpreter(name: str | None) -> Path:
    """Return the interpreter of an environment, which is made or brought up to date if need be.

    Raises
    ------
    NotInstalled
        With the last words of the installer.
    """
    if name is None:
        return Path(sys.executable)
    folder = ROOT / ".venv" / "peers" / name
    python = folder / "bin" / "python"
    wanted = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")
    installed = folder / "installed.txt"
    if installed.exists() and installed.read_text(encoding="utf-8") == wanted:
        return python
    print(f"making the environment of {name} ...", flush=True)
    create(folder, with_pip=True, clear=True)
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*command, "--requirement", REQUIREMENTS / f"{name}.txt"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotInstalled((done.stderr.strip() or done.stdout.strip()).splitlines()[-1])
    installed.write_text(wanted, encoding="utf-8")
    return python
