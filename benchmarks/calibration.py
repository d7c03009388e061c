"""Time of calibrating a million households to 69 margins, with a hash of the weights.

Run: OPENBLAS_NUM_THREADS=1 python benchmarks/calibration.py [--households N] [--methods logit ...]
"""

from __future__ import annotations

import argparse
import hashlib
import platform
import time
from itertools import pairwise

import numpy as np
import pandas as pd

from olive.population.calibration import PublishedFigure, Targets, calibrate

COUNTIES = 9
AGE_EDGES = (0, 6, 15, 25, 40, 50, 60, 70, 121)
CASES = {"linear": None, "raking": None, "logit": (0.2, 5.0), "truncated": (0.2, 5.0)}


def draw_tables(households: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw households and persons without any claim to realism."""
    rng = np.random.default_rng(seed)
    size = rng.choice(np.arange(1, 7), households, p=[0.28, 0.29, 0.2, 0.13, 0.06, 0.04])
    urban = rng.random(households) < 0.62
    home = pd.DataFrame(
        {
            "household_id": np.arange(households),
            "weight": 2.5e6 / households * rng.uniform(0.5, 1.5, households),
            "county": rng.integers(0, COUNTIES, households),
            "urban": urban,
            "size": size,
            "owner": rng.random(households) < 0.85,
            "mortgage": rng.random(households) < 0.2,
        }
    )
    persons = int(size.sum())
    age = np.minimum(rng.gamma(3.2, 13.0, persons).astype(np.int64), 120)
    status = np.where(age < 15, 7, np.where(age >= 65, 6, rng.integers(0, 6, persons)))
    wage = np.where(status < 3, np.exp(rng.normal(11.0, 0.6, persons)), 0.0)
    person = pd.DataFrame(
        {
            "household_id": np.repeat(home["household_id"].to_numpy(), size),
            "age": age,
            "sex": rng.integers(0, 2, persons),
            "status": status,
            "education": np.where(age < 6, 0, rng.integers(0, 6, persons)),
            "disability": np.where(rng.random(persons) < 0.03, rng.integers(1, 5, persons), 0),
            "care": (age > 75) & (rng.random(persons) < 0.2),
            "wage": wage,
            "pension": np.where(status == 6, np.exp(rng.normal(9.5, 0.8, persons)), 0.0),
            "business": np.where(status == 4, np.exp(rng.normal(10.8, 0.9, persons)), 0.0),
            "property": np.where(rng.random(persons) < 0.3, rng.exponential(8e3, persons), 0.0),
        }
    )
    return home, person


def margins() -> list[tuple[str, str, str, str, str]]:
    """List the 69 margins: id, block, entity, measure, where."""
    rows = [
        (f"county{c}.{u}", "county", "person", "count", f"county == {c} and urban == {u}")
        for c in range(COUNTIES)
        for u in ("true", "false")
    ]
    rows += [(f"size{s}", "size", "household", "count", f"size == {s}") for s in range(1, 7)]
    for low, high in pairwise(AGE_EDGES):
        for sex in (0, 1):
            text = f"age >= {low} and age < {high} and sex == {sex}"
            rows.append((f"age{low}.{sex}", "age", "person", "count", text))
    rows += [(f"status{s}", "status", "person", "count", f"status == {s}") for s in range(8)]
    for column in ("wage", "pension", "business", "property"):
        for u in ("true", "false"):
            rows.append((f"{column}.{u}", column, "person", f"sum:{column}", f"urban == {u}"))
    rows += [
        (f"education{e}", "education", "person", "count", f"education == {e}") for e in range(6)
    ]
    rows += [
        (f"disability{d}", "disability", "person", "count", f"disability == {d}")
        for d in range(1, 5)
    ]
    rows.append(("owner", "tenure", "household", "count", "owner == true"))
    rows.append(("mortgage", "", "household", "count", "mortgage == true"))
    rows.append(("care", "", "person", "count", "care == true"))
    return rows


def shifted_targets(home: pd.DataFrame, person: pd.DataFrame, strength: float) -> Targets:
    """Totals of the same tables under other weights, so that they can be met together."""
    rng = np.random.default_rng(7)
    size = len(home)
    old = np.bincount(person["household_id"], weights=person["age"] >= 60, minlength=size)
    rich = np.bincount(person["household_id"], weights=person["wage"] / 1e5, minlength=size)
    shift = (
        0.25 * old
        + 0.12 * np.minimum(rich, 5.0)
        + 0.15 * home["urban"]
        + rng.normal(0.0, 0.15, COUNTIES)[home["county"]]
        - 0.2 * (home["size"] >= 5)
    )
    weight = home["weight"] * np.clip(np.exp(strength * (shift - shift.mean())), 0.3, 4.0)
    zero = [
        PublishedFigure(*row[:1], *row[2:], 1.0, 2020, "1", "drawn", "published", 0.0, row[1])
        for row in margins()
    ]
    there = calibrate(
        {"household": home.assign(weight=weight), "person": person},
        Targets(tuple(zero)),
        hold_out=tuple(target.id for target in zero),
    ).targets["before"]
    return Targets(
        tuple(
            PublishedFigure(
                t.id,
                t.entity,
                t.measure,
                t.where,
                float(v),
                2020,
                "1",
                "drawn",
                "published",
                0.0,
                t.block,
            )
            for t, v in zip(zero, there, strict=True)
        )
    )


def main() -> None:
    """Print one line a method: seconds, iterations, errors, design effect, ratios, hash."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--strength", type=float, default=1.0)
    parser.add_argument("--methods", nargs="+", default=list(CASES), choices=list(CASES))
    options = parser.parse_args()
    home, person = draw_tables(options.households, seed=1)
    targets = shifted_targets(home, person, options.strength)
    print(f"{platform.processor() or platform.machine()}, numpy {np.__version__}")
    print(f"{len(home):,} households, {len(person):,} persons, {len(targets)} margins")
    for method in options.methods:
        began = time.perf_counter()
        result = calibrate(
            {"household": home, "person": person}, targets, method=method, bounds=CASES[method]
        )
        elapsed = time.perf_counter() - began
        table = result.targets
        shift = (table["target"] / table["before"] - 1.0).abs()
        summary = result.summary()
        digest = hashlib.sha256(result.weights.tobytes()).hexdigest()[:12]
        print(
            f"{method:9s} {elapsed:5.1f} s, {result.iterations} iterations, {result.status}, "
            f"shifts median {shift.median():.1%} max {shift.max():.1%}, largest relative miss "
            f"{summary['largest_relative_miss']:.1e}, deff {summary['design_effect']:.2f}, "
            f"g {summary['g_min']:.3f}-{summary['g_max']:.3f}, redundant "
            f"{len(result.redundant)}, sha256 {digest}"
        )


if __name__ == "__main__":
    main()
