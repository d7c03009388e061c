"""What this machine is, for measurements of speed; nothing of who or where it is."""

from __future__ import annotations

import platform
import subprocess
from dataclasses import dataclass
from pathlib import Path

from olive.native.cores import available_cores


@dataclass(frozen=True, slots=True)
class Machine:
    """Processor, cores that this process may use, memory in GiB, operating system, Python."""

    processor: str
    cores: int
    memory: float | None
    system: str
    python: str


def this_machine() -> Machine:
    """Return the description of this machine.

    >>> this_machine().cores >= 1
    True
    """
    return Machine(
        processor=_processor(),
        cores=available_cores(),
        memory=_memory(),
        system=f"{platform.system()} {platform.machine()}",
        python=f"{platform.python_implementation()} {platform.python_version()}",
    )


def _processor() -> str:
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        names = [line for line in listed.read_text().splitlines() if line.startswith("model name")]
        if names:
            return names[0].partition(":")[2].strip()
    if platform.system() == "Darwin":
        command = ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed
        if done.stdout.strip():
            return done.stdout.strip()
    return platform.processor() or platform.machine()


def _memory() -> float | None:
    listed = Path("/proc/meminfo")
    if not listed.exists():
        return None
    kibibytes = int(listed.read_text().partition("MemTotal:")[2].split()[0])
    return kibibytes / 2**20
