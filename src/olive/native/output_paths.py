"""Where a path leads that is written to, and why it cannot be written to."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from olive.errors import OutputError
from olive.messages import Message

_DESCRIPTOR = re.compile(r"/(?:dev|proc/(?P<process>self|thread-self|\d+))/fd/(?P<number>\d+)")
_LINKS = 40  # as many as Linux follows


def is_written_in_place(path: Path) -> bool:
    """Whether a target is written where it stands: a pipe, a device, an open descriptor."""
    if descriptor_of(path) is not None:
        return True
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):  # not there, or no name of a file
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def descriptor_of(path: Path) -> int | None:
    """Return the number of the open descriptor that a path such as ``/dev/stdout`` stands for."""
    current = os.path.abspath(path)  # noqa: PTH100 - resolve() would follow the last link
    for _ in range(_LINKS):
        found = _DESCRIPTOR.fullmatch(current)
        if found:
            process = found["process"] or "self"
            own = not process.isdecimal() or int(process) == os.getpid()
            return int(found["number"]) if own else None
        try:
            current = os.path.join(os.path.dirname(current), os.readlink(current))  # noqa: PTH115, PTH118, PTH120
        except (OSError, ValueError):
            return None
    return None


def with_links_followed(path: Path) -> Path:
    """Return where a path leads.

    Raises
    ------
    OutputError
        When its links go in a circle, or it is no name of a file.
    """
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError) as error:  # links in a circle, a name with NUL
        raise unwritable([path], error) from error


def fault_of_output(target: Path) -> str:
    """Return why a file cannot be written, with what to do; empty when it can."""
    try:
        if target.is_dir():
            return Message("it is a folder; give a file")
        if not target.parent.is_dir():
            return Message(
                "there is no folder {parent!r}; make it, or give a file in another",
                str(target.parent),
            )
        target.stat()
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        return _reason(error)
    else:
        if not os.access(target, os.W_OK):
            return Message("the file may not be written to; change its mode, or give another file")
    if not os.access(target.parent, os.W_OK | os.X_OK):
        return Message(
            "the folder {parent!r} may not be written to; give another one", str(target.parent)
        )
    return ""


def _reason(error: Exception) -> str:
    """Return what the system says, without the path, which the message names."""
    return getattr(error, "strerror", None) or str(error)


def unwritable(paths: list[Path], error: Exception) -> OutputError:
    """Return the error that says why files could not be written."""
    named = " and ".join(str(path) for path in paths)
    reason = _reason(error)
    return OutputError(
        "{named}: cannot be written ({reason}); nothing that stood there is lost", named, reason
    )
