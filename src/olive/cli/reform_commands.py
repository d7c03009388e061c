"""`olive reform show|diff|check FILE`: reforms in YAML, read, compared with a law, checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from olive.cli.console import say, table_console
from olive.cli.language import SpeakingCommand, SpeakingGroup
from olive.errors import DateError, OliveError
from olive.places.labels import spoken

if TYPE_CHECKING:
    from olive.engine import Policy, Reform

reform = typer.Typer(
    cls=SpeakingGroup, help="Look into a reform file and check it.", no_args_is_help=True
)

ReformFile = Annotated[Path, typer.Argument(help="Reform file (YAML).", metavar="FILE")]
Day = Annotated[str | None, typer.Option("--date", help="Compare with the law of this day.")]
Year = Annotated[
    int | None,
    typer.Option(help="Compare with the law over this year; by default the plan's target year."),
]


@reform.command(cls=SpeakingCommand)
def show(file: ReformFile) -> None:
    """List what the reform does, in order, and how firm its figures are."""
    from olive.engine import Reform  # noqa: PLC0415
    from olive.places import place  # noqa: PLC0415
    from olive.report.reform_table import print_reform  # noqa: PLC0415

    reformed = Reform.read(file)
    # What no law can carry out is refused, not shown as if it could: `check` and `diff` do alike.
    _law(None, None) | reformed
    print_reform(reformed, place(), spoken(), table_console())


@reform.command(cls=SpeakingCommand)
def diff(file: ReformFile, date: Day = None, year: Year = None) -> None:
    """Show every parameter that the reform changes in a law: before and after."""
    from olive.engine import Reform  # noqa: PLC0415
    from olive.report.reform_table import print_differences  # noqa: PLC0415

    reformed, policy = Reform.read(file), _law(date, year)
    print_differences(reformed, policy, spoken(), table_console())


@reform.command(cls=SpeakingCommand)
def check(file: ReformFile, date: Day = None, year: Year = None) -> None:
    """Check names, ranges and years of a reform on a law; exit code 1 when something is wrong."""
    from olive.engine import Reform  # noqa: PLC0415
    from olive.places.labels import policy_label  # noqa: PLC0415
    from olive.report.reform_table import reform_word  # noqa: PLC0415

    reformed, policy = Reform.read(file), _law(date, year)
    faults = _faults(reformed, policy)
    for position, error in faults:
        key = "fault_together" if position is None else "fault"
        say(reform_word(key, spoken(), file=file, position=position, error=error))
    if faults:
        raise typer.Exit(1)
    line = reform_word(
        "fits",
        spoken(),
        file=file,
        operations=len(reformed.operations),
        parameters=len(reformed.parameters),
        law=policy_label(policy).in_language(spoken()),
        assumed=len(reformed.assumptions),
    )
    say(line)


def _law(date: str | None, year: int | None) -> Policy:
    """Return the law of a day or a year; by default that which a report lays reforms on."""
    from olive.places import place  # noqa: PLC0415

    if date is not None and year is not None:
        raise DateError("give either --date or --year, not both")
    if date is not None:
        return place().law(date)
    if year is None and not place().has_plan:
        return place().law(place().first_day)
    return place().law(year=place().plan.year if year is None else year, carry="indexed")


def _faults(reformed: Reform, policy: Policy) -> list[tuple[int | None, str]]:
    """Return the fault of each operation by itself, in every year of its path; None: of all."""
    from olive.engine import Reform  # noqa: PLC0415

    faults: list[tuple[int | None, str]] = []
    for position, each in enumerate(reformed.operations):
        for step in [each.at(start) for start, _ in each.path] or [each]:
            try:
                policy | Reform.from_operations([step] if step else [])
            except OliveError as error:
                faults.append((position, error.message))
    if not faults:
        try:
            policy | reformed
        except OliveError as error:
            faults.append((None, error.message))
    return list(dict.fromkeys(faults))
