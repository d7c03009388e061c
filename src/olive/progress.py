"""A progress bar on standard error for long work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar while the body runs; yields a callable that takes (done, total)."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def shown_progress(
    progress: Callable[[int, int], None] | bool | None, label: str
) -> Iterator[Callable[[int, int], None] | None]:
    """Yield whom to tell of progress: the caller's own function, a bar for True, or nobody."""
    if progress is True:
        with progress_bar(label) as told:
            yield told
    else:
        yield progress or None
