"""A file is written whole or not at all, whatever stands in its place and whatever fails."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from olive_tests.failing import nth_failures

from olive.errors import OutputError
from olive.native.files import begun_files, check_outputs, new_files, write_bytes, write_text


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_new_and_replaced(tmp_path) -> None:
    target = tmp_path / "图表 a.csv"
    assert write_text(target, "一\n") == target
    assert target.read_bytes() == "一\n".encode()
    target.chmod(0o640)
    write_bytes(target, b"two")
    assert target.read_bytes() == b"two"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert names(tmp_path) == ["图表 a.csv"]


def test_mode_of_a_new_file_follows_the_umask(tmp_path) -> None:
    before = os.umask(0o027)
    try:
        write_text(tmp_path / "new", "")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


def test_links_are_followed(tmp_path) -> None:
    (tmp_path / "deep").mkdir()
    target = tmp_path / "deep" / "target"
    target.write_text("old")
    (tmp_path / "link").symlink_to(target)
    (tmp_path / "dangling").symlink_to("deep/new")
    write_text(tmp_path / "link", "new")
    write_text(tmp_path / "dangling", "made")
    assert (tmp_path / "link").is_symlink()
    assert target.read_text() == "new"
    assert (tmp_path / "deep" / "new").read_text() == "made"
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(OutputError, match="circle"):
        write_text(tmp_path / "circle", "")


def test_pipes_are_written_in_place(tmp_path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "link").symlink_to(pipe)
    for path in (pipe, tmp_path / "link"):
        read: list[bytes] = []
        reader = threading.Thread(target=lambda found=read: found.append(pipe.read_bytes()))
        reader.start()
        write_text(path, "through")
        reader.join(10)
        assert read == [b"through"]
        assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert names(tmp_path) == ["link", "pipe"]


@pytest.mark.parametrize("name", ["/dev/fd/1", "/proc/self/fd/1"])
def test_open_descriptors_keep_what_was_written_to_them(tmp_path, name) -> None:
    code = (
        "import sys; from olive.native.files import write_text; print('before'); "
        f"write_text({name!r}, 'inside\\n'); print('after')"
    )
    out = tmp_path / "out"
    with out.open("w") as stream:
        subprocess.run([sys.executable, "-c", code], stdout=stream, check=True)
    assert out.read_text() == "before\ninside\nafter\n"
    assert names(tmp_path) == ["out"]


def test_a_planted_link_is_not_written_through(tmp_path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    for planted in ("r.csv.partial", ".r.csv.tmp", ".olive-0000000000000000.begun"):
        (tmp_path / planted).symlink_to(victim)
    write_text(tmp_path / "r.csv", "rows")
    assert victim.read_text() == "precious"
    assert (tmp_path / "r.csv").read_text() == "rows"


@pytest.mark.parametrize(
    ("outputs", "inputs", "words"),
    [
        ({"--csv": "."}, (), "--csv .*folder; give a file"),
        ({"--csv": "no/x"}, (), "there is no folder"),
        ({"--csv": "x", "--json": "./x"}, (), "--json .*same file as --csv"),
        ({"--csv": "x", "--json": "link"}, (), "same file"),
        ({"--csv": "in.yaml"}, ("in.yaml",), "read as input"),
        ({"--csv": "to_input"}, ("in.yaml",), "read as input"),
        ({"--csv": "in.yaml"}, ("to_input",), "read as input"),
        ({"--csv": "n" * 300}, (), "too long"),
        ({"--csv": "a\0b"}, (), "null byte"),
    ],
)
def test_refused_before_any_work(tmp_path, monkeypatch, outputs, inputs, words) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.yaml").write_text("a: 1")
    Path("link").symlink_to("x")
    Path("to_input").symlink_to("in.yaml")
    with pytest.raises(OutputError, match=words):
        check_outputs(outputs, inputs)
    assert Path("in.yaml").read_text() == "a: 1"


def test_a_device_may_stand_twice_among_the_outputs(tmp_path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    check_outputs({"--csv": pipe, "--json": pipe}, [pipe])


def test_nth_failure_keeps_the_old_or_gives_the_new(tmp_path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    refused = 0
    for failing in nth_failures(tmp_path):
        one.write_bytes(b"old")
        two.write_bytes(b"old")
        try:
            with failing, new_files([one, two]) as (first, second):
                first.write(b"new")
                second.write(b"new")
        except OutputError:
            refused += 1
        assert (one.read_bytes(), two.read_bytes()) in {(b"old", b"old"), (b"new", b"new")}
    assert refused > 5
    assert names(tmp_path) == ["one", "two"]


def test_nth_failure_of_files_that_are_new(tmp_path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for failing in nth_failures(tmp_path):
        one.unlink(missing_ok=True)
        two.unlink(missing_ok=True)
        try:
            with failing, new_files([one, two]) as (first, second):
                first.write(b"new")
                second.write(b"new")
        except OutputError:
            pass
        assert one.exists() == two.exists()


def test_errors_of_the_caller_pass_and_leave_nothing(tmp_path) -> None:
    (tmp_path / "a").write_text("old")

    def stop() -> None:
        with new_files([tmp_path / "a"]) as (stream,):
            stream.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stop()
    assert (tmp_path / "a").read_text() == "old"
    assert names(tmp_path) == ["a"]


def test_a_file_system_that_is_full(tmp_path) -> None:
    """The limit on the size of files is real: the system itself refuses to write."""
    code = (
        "import resource, sys; from olive.native.files import write_bytes; "
        "from olive.errors import OutputError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))\n"
        "try:\n    write_bytes(sys.argv[1], b'x' * 100_000)\n"
        "except OutputError as error:\n    print(error)"
    )
    target = tmp_path / "a"
    target.write_text("old")
    found = subprocess.run(
        [sys.executable, "-c", code, str(target)], capture_output=True, text=True, check=True
    )
    assert "cannot be written (File too large)" in found.stdout
    assert target.read_text() == "old"
    assert names(tmp_path) == ["a"]


WRITER = """
import sys
from olive.native.files import write_bytes
print("ready", flush=True)
for n in range(1_000_000):
    write_bytes(sys.argv[1], bytes([65 + n % 26]) * int(sys.argv[2]))
"""


def writer(target: Path, size: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(target), str(size)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


def is_whole(content: bytes, sizes: set[int]) -> bool:
    return len(content) in sizes and len(set(content)) <= 1


@pytest.mark.parametrize("kills", [5, pytest.param(40, marks=pytest.mark.slow)])
def test_killed_at_random_moments(tmp_path, kills) -> None:
    target, size = tmp_path / "a", 3_000_000
    draw = random.Random(kills)
    target.write_bytes(b"A" * size)
    for _ in range(kills):
        process = writer(target, size)
        time.sleep(draw.uniform(0.0, 0.05))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert is_whole(target.read_bytes(), {size})
    write_text(target, "next")
    assert names(tmp_path) == ["a"]


def test_writers_and_readers_side_by_side(tmp_path) -> None:
    target = tmp_path / "a"
    sizes = {10_000, 20_000}
    target.write_bytes(b"A" * 10_000)
    writers = [writer(target, size) for size in sizes]
    until = time.monotonic() + 1.5
    while time.monotonic() < until:
        assert is_whole(target.read_bytes(), sizes)
    assert all(each.poll() is None for each in writers)
    for each in writers:
        each.kill()
        each.wait()
    write_text(target, "next")
    assert begun_files(tmp_path) == []
