"""Files that a command is asked to write: refused before any work where they cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from olive.native.files import check_outputs


def check_targets(targets: Mapping[str, Path | None], reads: Iterable[Path | None] = ()) -> None:
    """Refuse files that cannot be written, are one and the same, or are read by the command.

    A chart, of the option ``--chart``, must end in the name of a format that it can have.

    Parameters
    ----------
    targets : mapping of str to path or None
        The option that names each file; None where it was not given.
    reads : iterable of path or None
        Files and folders that are read.

    Raises
    ------
    OutputError
        See `olive.native.files.check_outputs`.
    DataError
        For a chart in another format.
    """
    wanted = {option: path for option, path in targets.items() if path is not None}
    check_outputs(wanted, [file for path in reads if path is not None for file in _files(path)])
    if "--chart" in wanted:
        from olive.report.chart_frame import checked_chart  # noqa: PLC0415 - heavy

        checked_chart(wanted["--chart"])


def _files(path: Path) -> Iterator[Path]:
    yield path
    if path.is_dir():
        yield from path.rglob("*.parquet")
        yield from path.rglob("*.yaml")
