"""The command line as a user's shell runs it, but in this process, where modules are loaded."""

from __future__ import annotations

import io
import os
import sys
import warnings
from subprocess import CompletedProcess
from unittest import mock

from olive.cli import main
from olive.messages import speak


def run_olive(
    *arguments: object, columns: int = 220, encoding: str = "utf-8"
) -> CompletedProcess[str]:
    """Run ``olive`` with arguments on a terminal of so many columns and an encoding.

    It passes the same door as the shell's command: streams, warnings, exit code. What depends on
    the process itself (signals, closed streams) is tested in one of its own.
    """
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2))
    given = [str(each) for each in arguments]
    with (
        mock.patch.object(sys, "argv", ["olive", *given]),
        mock.patch.object(sys, "stdout", out),
        mock.patch.object(sys, "stderr", err),
        mock.patch.dict(os.environ, {"COLUMNS": str(columns)}),
        warnings.catch_warnings(),
    ):
        warnings.resetwarnings()
        try:
            main()
            code = 0
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
        finally:
            speak(None)  # the language of a command ends with it
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.detach().getvalue().decode(encoding))  # type: ignore[attr-defined]
    return CompletedProcess(given, code, *texts)
