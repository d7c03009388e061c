"""How long each question after the first table takes, asked as a command, start included.

``python benchmarks/answers.py`` asks every question of the shipped sample, one process each, and
prints wall and processor seconds; ``--households 2636236`` asks them of a drawn city of that size.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

LEVERS = ("minimum_wage=x1:x1.5", "dibao_standard=x1:x2")
TARGET = "share_10_50=0.6"
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
HOUSEHOLD = ("--household", "7")
#: Arguments of ``olive`` by the name of the answer; CARD is a file of the round.
QUESTIONS = {
    "explain": ("explain", "disposable_income", *HOUSEHOLD),
    "budget-line": ("budget-line", *HOUSEHOLD),
    "marginal-rates": ("marginal-rates",),
    "cliffs": ("cliffs",),
    "attribute": ("attribute",),
    "attribute, crossings": ("attribute", "--what", "crossings"),
    "attribute, interactions": ("attribute", "--what", "interactions"),
    "rank": ("rank",),
    "feasibility": ("feasibility",),
    "crossings": ("crossings",),
    "vulnerability": ("vulnerability",),
    "transitions": ("transitions",),
    "growth-and-shape": ("growth-and-shape",),
    "project": ("project",),
    "decompose": ("decompose",),
    "record": ("record", "CARD"),
    "verify": ("verify", "CARD"),
    "reach": ("reach", *(f"--lever={each}" for each in LEVERS), f"--target={TARGET}"),
}


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds that a command took, its start included.

    Attributes
    ----------
    wall, processor : float
        Processor time is that of the program and of the system, on all cores.
    code : int
        Exit code; 1 is also the answer of a question such as whether targets can be reached.
    """

    wall: float
    processor: float
    code: int


def took(arguments: tuple[str, ...]) -> Took:
    """Ask a question and return how long the answer took."""
    command = [sys.executable, "-m", "olive_microsim", *arguments]
    # An installed package stands compiled beside its source, whatever this shell asks of Python.
    setting = {name: told for name, told in os.environ.items() if name != _NO_BYTECODE}
    began = time.perf_counter()
    with subprocess.Popen(
        command, env=setting, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - began
    return Took(wall, used.ru_utime + used.ru_stime, process.returncode)


def main() -> None:
    """Ask the questions and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, help="Draw a city of this size first.")
    parser.add_argument("--population", type=Path, help="Folder with a population instead.")
    parser.add_argument("--rounds", type=int, default=2, help="The fastest round counts.")
    parser.add_argument("--only", nargs="*", choices=QUESTIONS, default=list(QUESTIONS))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        population = given.population
        if given.households is not None:
            population = Path(folder) / "city"
            drawn = took(("synthesize", str(population), "--households", str(given.households)))
            print(f"{given.households:,} households drawn in {drawn.wall:.1f} s", flush=True)
        print(f"{'answer':<25}{'wall s':>9}{'processor s':>13}{'exit code':>11}")
        for name in given.only:
            arguments = asked(name, population, Path(folder) / "card.yaml")
            fastest = min(
                (took(arguments) for _ in range(given.rounds)), key=lambda each: each.wall
            )
            print(
                f"{name:<25}{fastest.wall:>9.1f}{fastest.processor:>13.1f}{fastest.code:>11}",
                flush=True,
            )
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{os.cpu_count()} processors; load {load}")


def asked(name: str, population: Path | None, card: Path) -> tuple[str, ...]:
    """Return the arguments of ``olive`` that ask a question of a population."""
    words = tuple(str(card) if word == "CARD" else word for word in QUESTIONS[name])
    of = () if population is None else ("--population", str(population))
    return (*words, *of)


if __name__ == "__main__":
    main()
