"""Code is run only from a folder and a file that nobody but the user could have written."""

from __future__ import annotations

import os
import stat

import pytest
from olive_tests.failing import nth_failures

from olive.native.private_folder import PrivateFolder


@pytest.fixture
def kept(tmp_path):
    folder = PrivateFolder(tmp_path / "deep" / "kept", own=False)
    folder.write("a", b"content")
    return folder


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_modes_whatever_the_umask(tmp_path) -> None:
    before = os.umask(0)
    try:
        PrivateFolder(tmp_path / "kept", own=True).write("a", b"content")
    finally:
        os.umask(before)
    assert mode(tmp_path / "kept") == 0o700
    assert mode(tmp_path / "kept" / "a") == 0o600


@pytest.mark.parametrize("right", [0o020, 0o002])
def test_a_folder_that_others_may_write_to(kept, tmp_path, right) -> None:
    path = tmp_path / "deep" / "kept"
    path.chmod(0o700 | right)
    assert kept.read("a") is None
    assert not kept.holds("a")
    kept.write("b", b"content")
    assert not (path / "b").exists()
    assert mode(path) == 0o700 | right  # the user's own choice
    own = PrivateFolder(path, own=True)  # what an older version left open
    assert own.read("a") == b"content"
    assert mode(path) == 0o700


@pytest.mark.parametrize("right", [0o020, 0o002, 0o077])
def test_a_file_that_others_may_write(kept, tmp_path, right) -> None:
    path = tmp_path / "deep" / "kept" / "a"
    path.chmod(0o600 | right)
    assert (kept.read("a") is None) == bool(right & 0o022)
    kept.write("a", b"anew")
    assert mode(path) == 0o600
    assert kept.read("a") == b"anew"


@pytest.mark.skipif(os.geteuid() != 0, reason="only the administrator gives files away")
@pytest.mark.parametrize("given_away", ["deep/kept", "deep/kept/a"])
def test_of_another_owner(kept, tmp_path, given_away) -> None:
    os.chown(tmp_path / given_away, 65534, 65534)
    assert kept.read("a") is None


def test_links_and_pipes_are_no_files(kept, tmp_path) -> None:
    path = tmp_path / "deep" / "kept"
    (path / "a").rename(tmp_path / "elsewhere")
    (path / "a").symlink_to(tmp_path / "elsewhere")
    assert kept.read("a") is None
    os.mkfifo(path / "b")
    assert kept.read("b") is None


def test_a_sound_file_under_another_name(kept, tmp_path) -> None:
    path = tmp_path / "deep" / "kept"
    (path / "a").rename(path / "b")
    assert kept.read("b") is None


def test_torn_files(kept, tmp_path) -> None:
    path = tmp_path / "deep" / "kept" / "a"
    whole = path.read_bytes()
    for torn in (b"", whole[:20], whole[:-1], whole + b"\0"):
        path.write_bytes(torn)
        assert kept.read("a") is None


def test_nowhere_to_keep() -> None:
    folder = PrivateFolder(None, own=True)
    folder.write("a", b"content")
    folder.tidy()
    assert folder.read("a") is None
    assert not folder.holds("a")


def test_nth_failure(tmp_path) -> None:
    folder = PrivateFolder(tmp_path / "kept", own=True)
    for failing in nth_failures(tmp_path):
        (tmp_path / "kept" / "a").unlink(missing_ok=True)
        with failing:
            folder.write("a", b"content")
            found = folder.read("a")
        assert found in {None, b"content"}
        assert folder.read("a") in {None, b"content"}
    assert folder.read("a") == b"content"
