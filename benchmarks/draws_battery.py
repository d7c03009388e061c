"""Put olive's keyed draws through Dieharder and ent, as they are used: key after key.

``python benchmarks/draws_battery.py`` streams the 64-bit words behind the draws, or the upper 32
bits of the uniform numbers that rules see, into the standard batteries and prints each p-value.
The order of the words is the one in which olive draws them (consecutive households, consecutive
persons, one household under many names), where a weak hash would show. Either tool is skipped, with
the reason, when it is not installed (Debian: ``apt-get install dieharder ent``).

Outcome of the last run: ``docs/random_numbers.md``.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from tempfile import NamedTemporaryFile

import numpy as np
from numpy.typing import NDArray

from olive.engine.draws import stream_key, uniform
from olive.synthesis.sampling import later_digits

BLOCK = 1 << 16  # households at a time
PERSONS = 4  # of each household
NAMES = [f"variable {number}" for number in range(64)]
SEED = 1
ENT_BYTES = 64 << 20
# Dieharder's own limits: p-values beyond them are called weak, or failed.
WEAK, FAILED = 0.005, 0.000001
# Tests by Dieharder's numbers. Left out as its author advises: 5, 6, 7 (suspect), 14 (do not use).
QUICK = (0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 13, 15, 16, 17, 100, 101, 102, 205, 209)
LONG = (*QUICK, 200, 201, 202, 203, 204, 206, 207, 208)

Words = Iterator[NDArray[np.generic]]


def _ids() -> Iterator[NDArray[np.uint64]]:
    return (np.arange(block * BLOCK, (block + 1) * BLOCK, dtype=np.uint64) for block in count())


def _upper_half(values: NDArray[np.float64]) -> NDArray[np.uint32]:
    return (values * 2.0**32).astype("<u4")


def rules_by_household() -> Words:
    """One draw of a rule, household after household."""
    stream = stream_key(SEED, "take_up")
    return (_upper_half(uniform(stream, ids)) for ids in _ids())


def rules_by_person() -> Words:
    """One draw of a rule, person after person: four persons a household."""
    stream, numbers = stream_key(SEED, "hired"), np.tile(np.arange(PERSONS), BLOCK)
    return (_upper_half(uniform(stream, np.repeat(ids, PERSONS), numbers)) for ids in _ids())


def rules_by_name() -> Words:
    """Sixty-four draws of one household, then of the next."""
    streams = [stream_key(SEED, name) for name in NAMES]
    for ids in _ids():
        yield _upper_half(np.stack([uniform(stream, ids) for stream in streams], axis=1))


def _digits(values: NDArray[np.float64]) -> NDArray[np.uint16]:
    """Return the three groups of 16 bits that the generator of cities uses of each draw."""
    groups = []
    for _ in range(3):
        groups.append((values * 2.0**16).astype("<u2"))
        values = later_digits(values)
    return np.stack(groups, axis=-1)


def city_by_household() -> Words:
    """Digits that synthetic households are drawn from, household after household."""
    stream = stream_key(SEED, "city/standing")
    return (_digits(uniform(stream, ids)) for ids in _ids())


def city_by_person_and_name() -> Words:
    """Digits that synthetic persons are drawn from: all names of a person, person after person."""
    numbers = np.tile(np.arange(PERSONS), BLOCK)
    streams = [stream_key(SEED, name) for name in NAMES[:16]]
    for ids in _ids():
        keys = np.repeat(ids, PERSONS)
        drawn = [uniform(stream, keys, numbers) for stream in streams]
        yield _digits(np.stack(drawn, axis=1))


def control_counter() -> Words:
    """Not random: household numbers themselves. A battery that passes this proves nothing."""
    return _ids()


STREAMS: dict[str, Callable[[], Words]] = {
    each.__name__: each
    for each in (
        rules_by_household,
        rules_by_person,
        rules_by_name,
        city_by_household,
        city_by_person_and_name,
        control_counter,
    )
}


def dieharder(stream: str, tests: tuple[int, ...]) -> list[tuple[str, float]]:
    """Run tests of Dieharder on a stream and return the name and p-value of each."""
    found = []
    for test in tests:
        flags = ["test_name", "ntuple", "pvalues"]
        command = ["dieharder", "-g", "200", "-d", str(test), "-c", "|"]
        for flag in flags:
            command += ["-D", flag]
        lines, read = _fed(command, stream)
        for line in lines:
            name, ntuple, value = (part.strip() for part in line.split("|")[:3])
            found.append((f"{name} {ntuple}", float(value)))
            print(f"  {name} {ntuple}: p = {float(value):.8f} {_verdict(float(value))}", flush=True)
        print(f"  ({read / 2**20:,.0f} MiB read)", flush=True)
    return found


def _fed(command: list[str], stream: str) -> tuple[list[str], int]:
    """Run a command on a stream until it has read enough; return its lines and the bytes."""
    written = 0
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            for words in STREAMS[stream]():
                process.stdin.write(words.tobytes())
                written += words.nbytes
        except BrokenPipeError:
            pass
        text = process.stdout.read().decode()
        process.stdin = None
    return [line for line in text.splitlines() if "|" in line and "#" not in line], written


def _verdict(value: float) -> str:
    tail = min(value, 1.0 - value)
    return "FAILED" if tail < FAILED else "weak" if tail < WEAK else ""


def ent(stream: str) -> None:
    """Print what ``ent`` says of the first bytes of a stream."""
    with NamedTemporaryFile() as file:
        size = 0
        for words in STREAMS[stream]():
            size += file.write(words.tobytes()[: ENT_BYTES - size])
            if size >= ENT_BYTES:
                break
        file.flush()
        done = subprocess.run(["ent", "-t", file.name], capture_output=True, text=True, check=True)
    names, values = (line.split(",")[1:] for line in done.stdout.splitlines()[:2])
    shown = ", ".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
    print(f"  ent, {ENT_BYTES >> 20} MiB: {shown}", flush=True)


def main() -> int:
    """Run the batteries that are installed; exit code 1 when a test failed."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--stream", action="append", choices=list(STREAMS), default=None)
    options.add_argument("--long", action="store_true", help="all reliable tests: hours")
    chosen = options.parse_args()
    streams = chosen.stream or [name for name in STREAMS if name != "control_counter"]
    missing = [tool for tool in ("dieharder", "ent") if shutil.which(tool) is None]
    for tool in missing:
        print(f"{tool} is not installed: skipped (Debian: apt-get install {tool})")
    values: list[float] = []
    for stream in streams:
        print(f"\n{stream}: {STREAMS[stream].__doc__}")
        if "ent" not in missing:
            ent(stream)
        if "dieharder" not in missing:
            values += [p for _, p in dieharder(stream, LONG if chosen.long else QUICK)]
    if not values:
        return 0
    verdicts = [_verdict(value) for value in values]
    print(
        f"\n{len(values)} p-values: {verdicts.count('weak')} weak "
        f"(expected {2 * WEAK * len(values):.1f}), {verdicts.count('FAILED')} failed "
        f"(expected {2 * FAILED * len(values):.4f})"
    )
    return int("FAILED" in verdicts)


if __name__ == "__main__":
    sys.exit(main())
