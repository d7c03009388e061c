"""A progress bar on standard error for long work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from olive.messages import Message


class _RateColumn(ProgressColumn):
    """How much is done of what is counted, and how much a second."""

    def __init__(self, counted: str) -> None:
        super().__init__()
        self._counted = counted

    def render(self, task: Task) -> Text:
        if not task.total:
            return Text("")
        said = Message(
            "{done} of {total} {counted}, {rate} a second",
            f"{task.completed:,.0f}",
            f"{task.total:,.0f}",
            self._counted,
            f"{task.speed or 0:,.0f}",
        )
        return Text(str(said))


@contextmanager
def progress_bar(label: str, counted: str = "") -> Iterator[Callable[[int, int], None]]:
    """Show a bar while the body runs; yields a callable that takes (done, total).

    Parameters
    ----------
    label : str
        What is done.
    counted : str
        What is counted, such as households: shows how many are done, and how many a second.
    """
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        *([_RateColumn(counted)] if counted else []),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        # Where nothing can be drawn over, in a file or a pipe, each bar would leave an empty line.
        disable=not (console.is_terminal or console.is_jupyter),
    ) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
