"""Files written whole or not at all.

A file is written under a random name beside its place, brought to the disk, and renamed. A run
that is killed leaves the old file; what it had begun is removed by the next write into the folder.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from olive.errors import DataError, OutputError, shown
from olive.native.output_paths import (
    descriptor_of,
    fault_of_output,
    is_written_in_place,
    unwritable,
    with_links_followed,
)

if sys.platform != "win32":
    import fcntl

_BEGUN = re.compile(r"\.olive-[0-9a-f]{16}\.begun")


def path_of(given: object, example: str) -> Path:
    """Return what was given as a path.

    Raises
    ------
    DataError
        When it is neither a text nor a path, or empty.
    """
    if isinstance(given, str | os.PathLike) and given != "":
        return Path(given)
    raise DataError("{given} is no path; write a text such as {example!r}", shown(given), example)


def write_bytes(path: str | os.PathLike[str], content: bytes) -> Path:
    """Write a file whole or not at all, and return its path.

    Links are followed. A pipe, a device or an open descriptor such as ``/dev/stdout`` is written
    in place. A file that is replaced keeps its mode and, where the system allows it, its owner.

    Raises
    ------
    OutputError
        When the file cannot be written; what stood there before still does.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_bytes(Path(folder, "a.txt"), b"one").read_bytes()
    b'one'
    """
    with new_files([path]) as (stream,):
        stream.write(content)
    return Path(path)


def write_text(path: str | os.PathLike[str], text: str) -> Path:
    """Write a text as UTF-8, whole or not at all; see `write_bytes`."""
    return write_bytes(path, text.encode("utf-8", "backslashreplace"))


@contextmanager
def new_files(
    paths: Iterable[str | os.PathLike[str]], *, private: bool = False
) -> Iterator[tuple[BinaryIO, ...]]:
    """Open files to write that appear, all of them, when the block ends without an error.

    When one cannot take its place, those before it get their old content back.

    Parameters
    ----------
    paths : iterable of path
    private : bool
        For files of a cache: the user alone may read them, whatever stood there before, and
        nothing waits until they are on the disk.

    Raises
    ------
    OutputError
        When a file cannot be written; what stood there before still does.
    """
    targets = [Path(path) for path in paths]
    check_outputs({str(path): path for path in targets})
    with ExitStack() as stack:
        drafts = [stack.enter_context(_Draft(path, private)) for path in targets]
        try:
            yield tuple(draft.stream for draft in drafts)
            for draft in drafts:
                draft.finish()
            _place(drafts)
            if not private:
                for folder in {draft.target.parent for draft in drafts if not draft.in_place}:
                    _sync_folder(folder)
                    remove_abandoned(folder)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise unwritable(targets, error) from error


def check_outputs(
    outputs: Mapping[str, str | os.PathLike[str]], inputs: Iterable[str | os.PathLike[str]] = ()
) -> None:
    """Refuse files that cannot be written, before any work is done for them.

    Parameters
    ----------
    outputs : mapping of str to path
        What each file is called in errors, such as the option that names it.
    inputs : iterable of path
        Files that are read, which must not be written over.

    Raises
    ------
    OutputError
        When a file is a folder, its folder does not exist or cannot be written to, two outputs are
        the same file, or an output is an input.
    """
    seen: dict[Path, str] = {}
    read = {Path(os.path.realpath(path)) for path in inputs}
    for name, path in outputs.items():
        target = Path(path)
        if is_written_in_place(target):
            continue
        resolved = with_links_followed(target)
        named = str(target) if name == str(target) else f"{name} {target}"
        fault = fault_of_output(resolved)
        if fault:
            raise OutputError("{named}: cannot be written: {fault}", named, fault)
        if resolved in read:
            raise OutputError("{named}: is read as input; give another file to write to", named)
        if resolved in seen:
            raise OutputError(
                "{named}: is the same file as {seen}; give another one", named, seen[resolved]
            )
        seen[resolved] = named


def begun_files(folder: str | os.PathLike[str]) -> list[Path]:
    """Return what writes into a folder have begun: of runs under way, or that were killed."""
    with suppress(OSError):
        return sorted(each for each in Path(folder).iterdir() if _BEGUN.fullmatch(each.name))
    return []


def remove_abandoned(folder: str | os.PathLike[str]) -> None:
    """Remove what killed runs have begun in a folder: nobody holds its lock any more."""
    for path in begun_files(folder):
        with suppress(OSError):
            if sys.platform == "win32":
                path.unlink()  # refused there while a run has it open
                continue
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
            finally:
                os.close(descriptor)


class _Draft:
    """A file under its temporary name, or the stream of a pipe or device."""

    def __init__(self, path: Path, private: bool) -> None:
        self.given, self.private = path, private
        self.in_place = is_written_in_place(path)
        self.target = path if self.in_place else with_links_followed(path)
        self.temporary: Path | None = None
        self.old: _SecondName | None = None
        self.stream: BinaryIO

    def __enter__(self) -> _Draft:
        try:
            if self.in_place:
                self.stream = _open_in_place(self.given)
            else:
                self.temporary, self.stream = _open_beside(self.target, self.private)
        except OSError as error:
            raise unwritable([self.given], error) from error
        return self

    def finish(self) -> None:
        """Bring all that was written to the disk, under the mode of the file that it replaces."""
        self.stream.flush()
        if self.in_place or self.private:
            return
        with suppress(FileNotFoundError):
            _take_over(self.stream.fileno(), self.target.stat())
        os.fsync(self.stream.fileno())

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # what is left in a buffer of a file that is given up
            self.stream.close()
        if self.temporary is not None:
            with suppress(OSError):
                self.temporary.unlink()
        if self.old is not None:
            self.old.remove()


class _SecondName:
    """A second name for the file that stands, under which it can come back."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path: Path | None = None
        self._descriptor = -1
        name = _name_beside(target)
        with suppress(OSError):  # no such file yet, or a file system without second names
            os.link(target, name)
            self.path = name
            self._descriptor = os.open(name, os.O_RDONLY)
            _lock(self._descriptor)

    def bring_back(self) -> None:
        """Undo the replacement of the file; where that fails the second name stays."""
        if self.path is None:
            self.target.unlink()
            return
        path, self.path = self.path, None
        path.replace(self.target)

    def remove(self) -> None:
        """Give the second name up."""
        with suppress(OSError):
            if self.path is not None:
                self.path.unlink()
        if self._descriptor >= 0:
            os.close(self._descriptor)


def _place(drafts: list[_Draft]) -> None:
    """Rename finished files to where they belong; all of them or none."""
    files = [draft for draft in drafts if not draft.in_place]
    if len(files) > 1:
        for draft in files:
            draft.old = _SecondName(draft.target)
    done: list[_Draft] = []
    try:
        for draft in files:
            assert draft.temporary is not None
            if os.name == "nt":  # an open file cannot be renamed there
                draft.stream.close()
            draft.temporary.replace(draft.target)
            draft.temporary = None
            done.append(draft)
    except BaseException:
        for draft in done:
            assert draft.old is not None
            with suppress(OSError):
                draft.old.bring_back()
        raise


def _name_beside(target: Path) -> Path:
    return target.with_name(f".olive-{secrets.token_hex(8)}.begun")


def _open_beside(target: Path, private: bool) -> tuple[Path, BinaryIO]:
    """Open a file of a random name in the folder of the target, locked while it is written."""
    mode = 0o600 if private else _mode_of_new(target)
    while True:
        path = _name_beside(target)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with suppress(FileExistsError):
            stream = os.fdopen(os.open(path, flags, mode), "wb")
            _lock(stream.fileno())
            # Between opening and locking, another run may have taken it for abandoned.
            with suppress(FileNotFoundError):
                if path.stat().st_ino == os.fstat(stream.fileno()).st_ino:
                    return path, stream
            stream.close()


def _mode_of_new(target: Path) -> int:
    """Return the mode to open with: never wider than that of the file to be replaced."""
    try:
        return stat.S_IMODE(target.stat().st_mode) & 0o666
    except FileNotFoundError:
        return 0o666


def _take_over(descriptor: int, old: os.stat_result) -> None:
    if os.name == "nt":
        return
    with suppress(OSError):  # only the administrator gives files away
        os.fchown(descriptor, old.st_uid, old.st_gid)
    with suppress(OSError):  # file systems without modes
        os.fchmod(descriptor, stat.S_IMODE(old.st_mode))


def _open_in_place(path: Path) -> BinaryIO:
    descriptor = descriptor_of(path)
    if descriptor is not None:
        if sys.stdout is not None:  # what was printed comes first
            sys.stdout.flush()
        return os.fdopen(os.dup(descriptor), "wb")
    return path.open("wb")


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some file systems do not know how; the file itself is there
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    if sys.platform != "win32":
        with suppress(OSError):  # file systems without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
