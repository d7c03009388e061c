"""A folder whose files are believed because nobody but the user could have written them.

Machine code is run as it stands. A digest tells a torn file, not a planted one: whoever writes the
file writes the digest. What counts is who may write there.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from olive.errors import OliveError
from olive.native.files import new_files, remove_abandoned

_DIGEST = 32  # bytes
_OF_OTHERS = stat.S_IWGRP | stat.S_IWOTH


class PrivateFolder:
    """Files by name, each under a digest of its name and content; a file at fault is no file.

    Parameters
    ----------
    path : pathlib.Path or None
        Is made, for the user alone, when the first file is written. None keeps nothing.
    own : bool
        Whether the folder is olive's own, so that others' right to write there, which older
        versions left to the umask, may be withdrawn.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as place:
    ...     folder = PrivateFolder(Path(place, "own"), own=True)
    ...     folder.write("a", b"content")
    ...     folder.read("a"), folder.read("b")
    (b'content', None)
    """

    def __init__(self, path: Path | None, *, own: bool) -> None:
        self._path, self._own = path, own

    def read(self, name: str) -> bytes | None:
        """Return the content of a file, or None where there is none that can be believed."""
        if self._path is None:
            return None
        with suppress(OSError):
            folder = _open_folder(self._path)
            try:
                if not self._believed(os.fstat(folder) if folder >= 0 else self._path.stat()):
                    return None
                return _content(_read(self._path, folder, name), name)
            finally:
                if folder >= 0:
                    os.close(folder)
        return None

    def holds(self, name: str) -> bool:
        """Return whether there is a file that can be believed; it may still be torn."""
        if self._path is None:
            return False
        with suppress(OSError):
            return self._believed(self._path.stat()) and (self._path / name).is_file()
        return False

    def write(self, name: str, content: bytes) -> None:
        """Keep a file, where that can be done; without it the work is done again next time."""
        if self._path is None:
            return
        with suppress(OSError, OliveError):
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._believed(self._path.stat()):
                digest = hashlib.sha256(name.encode() + content).digest()
                with new_files([self._path / name], private=True) as (stream,):
                    stream.write(digest + content)

    def tidy(self) -> None:
        """Remove what killed runs have left."""
        if self._path is not None:
            remove_abandoned(self._path)

    def _believed(self, folder: os.stat_result) -> bool:
        """Whether nobody else may write into the folder; withdraws that right where it is own."""
        if sys.platform == "win32":  # the profile of a user is theirs alone there
            return True
        if folder.st_uid != os.geteuid() or not stat.S_ISDIR(folder.st_mode):
            return False
        if folder.st_mode & _OF_OTHERS and self._own and self._path is not None:
            self._path.chmod(0o700)
            return True
        return not folder.st_mode & _OF_OTHERS


def _open_folder(path: Path) -> int:
    """Open a folder, so that it cannot be exchanged between looking and reading."""
    if sys.platform == "win32":
        return -1
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY)


def _read(path: Path, folder: int, name: str) -> bytes:
    """Return the bytes of a file that the user alone may write; empty for any other."""
    if sys.platform == "win32":
        return (path / name).read_bytes()
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    with os.fdopen(descriptor, "rb") as stream:
        found = os.fstat(descriptor)
        own = found.st_uid == os.geteuid() and not found.st_mode & _OF_OTHERS
        return stream.read() if own and stat.S_ISREG(found.st_mode) else b""


def _content(stored: bytes, name: str) -> bytes | None:
    digest, content = stored[:_DIGEST], stored[_DIGEST:]
    return content if hashlib.sha256(name.encode() + content).digest() == digest else None
