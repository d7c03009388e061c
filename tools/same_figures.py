"""Compare the figures of two commits to the bit: laws, plan, report and synthetic city.

``python tools/same_figures.py OLD NEW`` checks both commits out beside each other and prints one
line for each figure that differs, or says that all are the same. What is compared uses only the
public interface, so that rooms may be moved in between. Exit code 1 when anything differs.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

# Run inside each commit: prints {name: figure} as JSON.
MEASURE = r"""
import contextlib, hashlib, io, json, sys, warnings
import numpy as np
warnings.simplefilter("ignore")
import olive

def told(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:16]

found = {}
city = olive.Population.shipped()
found["city.sample"] = city.fingerprint()
found["city.other_seed"] = olive.Population.synthetic(households=3_000, seed=5).fingerprint()
zhejiang = olive.Population.synthetic(households=3_000, seed=2, place="zhejiang", year=2021)
found["city.zhejiang"] = zhejiang.fingerprint()
later = city.age(2025)
found["city.aged"] = later.fingerprint()
for year, people in ((2023, city), (2025, later)):
    for carry in ("nominal", "indexed"):
        before = olive.law(year=year, carry=carry)
        for name, value in sorted(before.values.items()):
            found[f"law.{year}.{carry}.{name}"] = told(value.vector())
    after = before | olive.plan.scenario()
    letter = before | olive.plan.scenario("letter")
    for name, value in sorted(after.values.items()):
        found[f"plan.{year}.{name}"] = told(value.vector())
    # A total over the population has no entity: it is one number, not a value a row.
    rules = [name for name, rule in after.rules.rules.items() if rule.entity is not None]
    run = olive.simulate(people, [before, letter, after], outputs=rules)
    for (position, name), array in sorted(run.arrays.items()):
        found[f"simulated.{year}.{position}.{name}"] = told(array)
    found[f"targets.{year}"] = repr(olive.compare(run).targets().frame.to_dict())
from olive.cli import main
sys.argv = ["olive", "report", "--json", "report.json"]
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main()

def leaves(value, place):
    # Every figure has its place; rows are told by their texts, so that their order is free.
    if isinstance(value, dict):
        for key, each in value.items():
            leaves(each, f"{place}.{key}")
    elif isinstance(value, list):
        for number, each in enumerate(value):
            told = each.values() if isinstance(each, dict) else ()
            texts = "|".join(text for text in told if isinstance(text, str))
            leaves(each, f"{place}[{texts or number}]")
    else:
        found[place] = repr(value)

with open("report.json", encoding="utf-8") as file:
    content = json.load(file)
content.pop("provenance", None)  # digests of rules, versions
leaves(content, "report")
print("FIGURES " + json.dumps(found))
"""


def figures(root: Path, commit: str, folder: Path) -> dict[str, str]:
    """Return the figures of a commit, checked out into a folder."""
    subprocess.run(
        ["git", "-C", root, "worktree", "add", "--quiet", "--detach", folder, commit], check=True
    )
    try:
        run = subprocess.run(
            [sys.executable, "-c", MEASURE],
            env={"PYTHONPATH": str(folder / "src"), "PATH": "", "HOME": str(folder)},
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        subprocess.run(
            ["git", "-C", root, "worktree", "remove", "--force", str(folder)], check=True
        )
    for line in run.stdout.splitlines():
        if line.startswith("FIGURES "):
            found: dict[str, str] = json.loads(line.removeprefix("FIGURES "))
            return found
    sys.exit(f"{commit}: no figures\n{run.stdout}\n{run.stderr}")


def main() -> None:
    """Compare two commits."""
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("old")
    reading.add_argument("new")
    given = reading.parse_args()
    root = Path(__file__).resolve().parents[1]
    with tempfile.TemporaryDirectory() as folder:
        old = figures(root, given.old, Path(folder) / "old")
        new = figures(root, given.new, Path(folder) / "new")
    lacking = [f"only in {given.old}: {name}" for name in old if name not in new]
    further = [f"only in {given.new}: {name}" for name in new if name not in old]
    differing = [f"differs: {name}" for name in old if name in new and old[name] != new[name]]
    for line in lacking + further + differing:
        print(line)
    print(f"{len(old)} figures of {given.old}, {len(new)} of {given.new}, {len(differing)} differ")
    sys.exit(1 if lacking or differing else 0)


if __name__ == "__main__":
    main()
