"""Lets the n-th operation on files fail, for n = 1, 2, ... until none fails."""

from __future__ import annotations

import builtins
import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

OPERATIONS = (
    (os, "open"),
    (os, "fsync"),
    (os, "link"),
    (os, "fchmod"),
    (os, "fchown"),
    (fcntl, "flock"),
    (Path, "replace"),
    (Path, "unlink"),
    (Path, "mkdir"),
    (Path, "iterdir"),
    (Path, "open"),
    (Path, "stat"),
    (Path, "read_bytes"),
    (builtins, "open"),
)


class _Stream:
    """A stream whose writes can fail; everything else is that of the real one."""

    def __init__(self, stream: Any, step: Callable[[], None]) -> None:
        self._stream, self._step = stream, step

    def write(self, content: bytes) -> int:
        self._step()
        written: int = self._stream.write(content)
        return written

    def read(self) -> bytes:
        self._step()
        content: bytes = self._stream.read()
        return content

    def __enter__(self) -> _Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def flush(self) -> None:
        self._step()
        self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _opened(real: Callable[..., Any], step: Callable[[], None], *given: Any) -> _Stream:
    return _Stream(real(*given), step)


def nth_failures(within: Path, limit: int = 400) -> Iterator[AbstractContextManager[None]]:
    """Yield contexts in which operation 1, 2, ... fails as on a bad disk, until none does.

    Only operations on files within a folder, and on open descriptors, count.
    """
    for position in range(1, limit):
        failure = _Failure(position, str(within))
        yield failure.context()
        if failure.count < position:
            assert position > 1, "no operation was seen"
            return
    raise AssertionError(f"still failing after {limit} operations")


class _Failure:
    def __init__(self, position: int, within: str) -> None:
        self.position, self.within, self.count = position, within, 0

    @contextmanager
    def context(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for owner, name in OPERATIONS:
                patch.setattr(owner, name, self.failing(getattr(owner, name)))
            patch.setattr(os, "fdopen", partial(_opened, os.fdopen, self.step))
            yield

    def step(self) -> None:
        self.count += 1
        if self.count == self.position:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def failing(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        def call(first: Any, *rest: Any, **more: Any) -> Any:
            if isinstance(first, int) or str(first).startswith(self.within):
                self.step()
            return operation(first, *rest, **more)

        return call
