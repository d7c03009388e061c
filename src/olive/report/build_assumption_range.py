"""Compute what `olive report` shows of the shipped sample and cannot compute in its time.

Run ``python -m olive.report.build_assumption_range`` after any change of the sample, of the law, of
the plan, or of a plausible range. It writes ``assumption_range.json``, the range of the
assumptions, and ``plan_parts.json``, what each part of the plan contributes, into its runs.
"""

from __future__ import annotations

import argparse

from olive.analysis.assumption_range import FILE, write_assumption_range
from olive.analysis.plan_parts import FILE as PARTS
from olive.analysis.plan_parts import write_plan_parts
from olive.report.build import report_setting
from olive.report.request import ReportRequest

DRAWS = 1_000


def build(draws: int = DRAWS) -> None:
    """Write both files for the report's own year, seed, law and plan."""
    request = ReportRequest()
    population, in_force, plan = report_setting(request)
    folder = population.place.runs
    assert folder is not None, "the default place has a folder of shipped runs"
    found = write_assumption_range(
        population,
        in_force,
        plan,
        seed=request.seed,
        draws=draws,
        file=folder / FILE,
        progress=True,
    )
    write_plan_parts(population, in_force, seed=request.seed, file=folder / PARTS, progress=True)
    print(f"{FILE}: {found.figures} figures, {found.draws} draws")  # noqa: T201


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=DRAWS)
    build(parser.parse_args().draws)
