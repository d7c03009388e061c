"""Texts of users, odd terminals and odd files: everything is shown or refused, nothing is lost."""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len

from olive import plan
from olive.cli import main

Run = Callable[..., subprocess.CompletedProcess[str]]
COMMAND = [sys.executable, "-c", "from olive.cli import main; main()"]
SMALL = ("report", "--households", "200", "--no-model-range")
REFORM = """
label: "[/x] [red] [table 3] :smile: \\e[2J\\u202Eback\\x07"
zh: "[/y] [blue]"
operations:
  - {parameter: dibao_standard, operation: at_least, value: 13000, clause: "[/z] [table 3]",
     note: "[red] \\e]0;title\\a", source: "[b]"}
"""
UNSHOWN = ("\x1b", "\u202e", "\x07")


@pytest.fixture
def reform(tmp_path: Path) -> Path:
    path = tmp_path / "[red] reform.yaml"
    path.write_text(REFORM, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("reform", "show"), ("[/x] [red] [table 3] :smile:", "[/z] [table 3]", "[red]", "[b]")),
        (("reform", "show", "--lang", "zh"), ("[/y] [blue]", "[/z] [table 3]")),
        (("reform", "diff"), ("[/z] [table 3]",)),
        (("reform", "diff", "--lang", "zh"), ("[/z] [table 3]",)),
        (("reform", "check"), ("[red] reform.yaml",)),
    ],
)
def test_brackets_are_shown_and_escapes_are_not(olive: Run, reform, arguments, shown) -> None:
    done = olive(*arguments, str(reform))
    assert done.returncode == 0, done.stderr
    for text in shown:
        assert text in done.stdout
    assert not any(each in done.stdout for each in UNSHOWN)


def test_a_report_with_such_labels_into_files_before_the_screen(olive: Run, reform, tmp_path):
    table, everything = tmp_path / "table.csv", tmp_path / "all.json"
    files = ("--reform", str(reform), "--csv", str(table), "--json", str(everything))
    done = olive(*SMALL, *files, encoding="cp1252")
    assert done.returncode == 0, done.stderr
    assert "[/x] [red] [table 3]" in done.stdout
    assert not any(each in done.stdout for each in UNSHOWN)
    assert table.stat().st_size > 1_000
    assert everything.stat().st_size > 1_000


TABLES = (
    ("plan",),
    ("plan", "--monitor", "observed.csv"),
    ("plan", "--coverage"),
    ("plan", "--scenario", "letter"),
    ("validate", "--households", "300", "--seeds", "1", "--no-model-range"),
    ("reform", "show", "plan.yaml"),
    ("reform", "diff", "plan.yaml"),
)
WORD = re.compile("[!-~]+")  # Chinese breaks between any two characters


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("arguments", TABLES)
def test_words_stay_whole_at_80_columns(olive, tmp_path, monkeypatch, arguments, language) -> None:
    """A narrow terminal shows every word and figure of a wide one, on lines that fit."""
    monkeypatch.chdir(tmp_path)
    plan.scenario().write("plan.yaml")
    Path("observed.csv").write_text(
        "clause,year,value,source\n"
        "path.10.pension_participation,2021,65,yearbook\n"
        "path.10.pension_participation,2023,69,yearbook\n"
    )
    wide, narrow = (olive(*arguments, "--lang", language, columns=columns) for columns in (220, 80))
    assert narrow.returncode == 0, narrow.stderr
    assert set(WORD.findall(wide.stdout)) == set(WORD.findall(narrow.stdout))
    assert "…" not in narrow.stdout.replace(" … ", "")
    assert max(map(cell_len, narrow.stdout.splitlines())) <= 80


def test_an_empty_label_is_the_name_of_the_file(olive: Run, tmp_path) -> None:
    for label in ('""', '"  "', "null", "~"):
        path = tmp_path / "floor.yaml"
        path.write_text(
            f"label: {label}\noperations: [{{parameter: dibao_standard, operation: set, "
            "value: 13000}]\n",
            encoding="utf-8",
        )
        done = olive("reform", "show", str(path))
        assert done.returncode == 0, done.stderr
        assert done.stdout.lstrip().startswith("floor")
    path.write_text("label: [a]\noperations: []\n", encoding="utf-8")
    done = olive("reform", "show", str(path))
    assert "`label` must be a text, found ['a']" in done.stderr


def test_names_of_files_in_errors(olive: Run, tmp_path) -> None:
    done = olive("reform", "show", str(tmp_path / "\x1b[2J\u202e[x].yaml"))
    assert done.returncode == 1
    assert "[2J[x].yaml: cannot be read" in done.stderr
    assert not any(each in done.stderr for each in UNSHOWN)


@pytest.mark.parametrize(
    "encoding",
    ["ascii", *(pytest.param(each, marks=pytest.mark.slow) for each in ("cp1252", "gbk"))],
)
@pytest.mark.parametrize(
    "arguments", [("plan", "--coverage"), ("plan", "--scenario", "letter", "--lang", "zh")]
)
def test_outputs_without_chinese(olive: Run, encoding, arguments) -> None:
    done = olive(*arguments, encoding=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.parametrize(
    "closing",
    [">&- 2>&-", *(pytest.param(each, marks=pytest.mark.slow) for each in (">&-", "2>&-"))],
)
def test_a_closed_output(tmp_path, closing) -> None:
    table = tmp_path / "t.csv"
    command = [sys.executable, "-c", COMMAND[2], "plan", "--csv", str(table)]
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {closing}', "sh", *command],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert table.stat().st_size > 1_000


@pytest.mark.slow  # quick: a closed output
def test_a_reader_that_leaves() -> None:
    process = subprocess.Popen(
        [*COMMAND, "plan", "--coverage"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.wait(60) in {0, 1}
    assert process.stderr.read() == ""
    process.stderr.close()


# A process that a shell put in the background is born deaf to Ctrl-C.
INTERRUPTIBLE = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from olive.cli import main
print(flush=True)
main()
"""


@pytest.mark.parametrize("moments", [4, pytest.param(40, marks=pytest.mark.slow)])
def test_ctrl_c_at_any_moment(moments) -> None:
    draw = random.Random(moments)
    for moment in range(moments):
        process = subprocess.Popen(
            [sys.executable, "-c", INTERRUPTIBLE, *SMALL],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(draw.uniform(0.0, 0.1 if moment % 2 else 1.0))
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=60)
        assert process.returncode != 0
        assert "Traceback" not in complaint, complaint


def test_ctrl_c_that_something_swallows_is_told_in_the_end(monkeypatch) -> None:
    def swallowing() -> None:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("olive.cli.commands.run", swallowing)
    # Tests that a shell put in the background are deaf to Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 130
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("report", "--reform", "r.yaml", "--csv", "r.yaml"), "--csv r.yaml: is read as input"),
        (("report", "--reform", "r.yaml", "--json", "l.yaml"), "is read as input"),
        (("report", "--csv", "x", "--json", "./x"), "the same file as --"),
        (("report", "--csv", "no/x"), "there is no folder"),
        (("report", "--json", "."), "it is a folder"),
        (("validate", "--csv", "no/x"), "there is no folder"),
        (("validate", "--page", "."), "it is a folder"),
        (("validate", "--targets", "r.yaml", "--csv", "r.yaml"), "is read as input"),
        (("plan", "--csv", "no/x"), "there is no folder"),
        (("plan", "--monitor", "r.yaml", "--csv", "r.yaml"), "is read as input"),
        (("feasibility", "--csv", "no/x"), "there is no folder"),
        (("reach", "--lever", "a=1:2", "--write", "no/x"), "there is no folder"),
        (("synthesize", "r.yaml"), "cannot be used as a folder"),
    ],
)
def test_targets_are_refused_before_any_work(olive: Run, tmp_path, monkeypatch, arguments, words):
    (tmp_path / "r.yaml").write_text("operations: []")
    (tmp_path / "l.yaml").symlink_to("r.yaml")
    monkeypatch.chdir(tmp_path)
    started = time.monotonic()
    done = olive(*arguments)
    assert done.returncode == 1
    assert words in done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert time.monotonic() - started < 20
    assert (tmp_path / "r.yaml").read_text() == "operations: []"


def test_populations_are_not_written_over(olive: Run, tmp_path) -> None:
    folder = str(tmp_path / "city")
    assert olive("synthesize", folder, "--households", "50").returncode == 0
    before = {path: path.read_bytes() for path in Path(folder).iterdir()}
    again = olive(
        "synthesize", folder, "--households", "50", "--place", "zhejiang", "--year", "2021"
    )
    assert again.returncode == 1
    assert "of another population" in again.stderr
    targets = tmp_path / "targets.csv"
    targets.write_text("id\n")
    again = olive("calibrate", folder, str(targets), folder)
    assert "is read as input" in again.stderr
    again = olive("report", "--population", folder, "--csv", str(next(iter(before))))
    assert "is read as input" in again.stderr
    assert {path: path.read_bytes() for path in Path(folder).iterdir()} == before


def test_pipes_are_written_through(olive: Run, tmp_path) -> None:
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    done = olive("plan", "--csv", pipe)
    reader.join(30)
    assert done.returncode == 0, done.stderr
    assert read[0].startswith("clause,")
    assert pipe.is_fifo()


@pytest.mark.slow  # quick: outputs without Chinese
def test_csv_on_standard_output() -> None:
    command = [*COMMAND, "plan", "--csv", "/dev/fd/1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("clause,")


def test_warnings_are_one_line(olive: Run, tmp_path) -> None:
    path = tmp_path / "month.yaml"
    path.write_text(
        "operations: [{parameter: dibao_standard, operation: set, value: 1083}]", encoding="utf-8"
    )
    done = olive("reform", "check", str(path))
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("olive: warning: dibao_standard: 1,083 against")
    assert ".py" not in done.stderr
