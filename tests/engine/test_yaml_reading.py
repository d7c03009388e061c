"""Every fault of a YAML file is olive's error with file and line; nothing hangs."""

from __future__ import annotations

import time
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olive.engine.yaml_loader import YamlFault, parse_yaml, read_yaml

LETTERS = "abcdefghij"


def bomb(broad: int, deep: int) -> str:
    """Return YAML whose last value stands for broad ** deep values."""
    lines = [f"a: &a [{', '.join(['x'] * broad)}]"]
    lines += [
        f"{name}: &{name} [{', '.join([f'*{before}'] * broad)}]"
        for before, name in pairwise(LETTERS[:deep])
    ]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (bomb(9, 9), "line 6.*aliases .* more than 100,000 values"),
        ("a: &a [*a]", "contains itself"),
        ("a: &a {b: [1, *a]}", "contains itself"),
        ("x: 1\nnote: 2023-02-30", "line 2.*'2023-02-30' is no date that exists"),
        ("note: 2023-01-01 25:00:00", "no date that exists"),
        ("[1, 2]: x", "line 1.*key must be a text or a number"),
        ("? {a: 1}\n: 2", "key must be a text or a number"),
        ("a: \x01", "line 1.*U\\+0001 is not allowed"),
        ("a: 1\nb: \x1b[2J", "line 2.*U\\+001B is not allowed"),
        ("a: !!int abc", "'abc' is no whole number"),
        ("a: !!int ''", "'' is no whole number"),
        ("a: !!float x", "'x' is no number"),
        ("a: !!bool perhaps", "'perhaps' is no truth value"),
        ("a: !!timestamp x", "'x' is no date"),
        ("a: !!map [1]", "expected `key: value`"),
        ("a: !!python/object/apply:os.getcwd []", "tags are never run"),
        ("[" * 5_000, "nested too deeply"),
        ("[" * 900 + "]" * 900, "nested too deeply"),
        ("- " * 5_000 + "a", "nested too deeply"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        ("[ #]\n" * 100_000, "nested too deeply"),
        ("{a: " * 100_000, "nested too deeply"),
        ("? " * 100_000, "nested too deeply"),
        ("a: " + "9" * 400, "a number of 400 digits is too large"),
        ("a: " + "9" * 5_000, "is no whole number"),
        ("a: 1\na: 2", "stands twice"),
        ("a: 1\n--- b", "another document"),
    ],
)
def test_faults(text, words) -> None:
    started = time.perf_counter()
    with pytest.raises(YamlFault, match=rf"^file.*{words}") as caught:
        parse_yaml(text, "file")
    assert time.perf_counter() - started < 2
    assert len(str(caught.value)) < 400


def test_aliases_that_stand_for_little_are_read() -> None:
    text = "a: &a [1, 2]\nb: [*a, *a]\nc: &c {x: *a}\nd: *c"
    assert parse_yaml(text, "file") == {
        "a": [1, 2],
        "b": [[1, 2], [1, 2]],
        "c": {"x": [1, 2]},
        "d": {"x": [1, 2]},
    }


def test_files(tmp_path) -> None:
    path = tmp_path / "a.yaml"
    for content, words in (("低".encode("gbk"), "GBK"), (b"a: \xff", "UTF-8")):
        path.write_bytes(content)
        with pytest.raises(YamlFault, match=words):
            read_yaml(path)
    for wrong in (tmp_path, tmp_path / "no", tmp_path / ("n" * 300), tmp_path / "a\0b"):
        with pytest.raises(YamlFault, match="cannot be read"):
            read_yaml(wrong)
    path.write_bytes("\ufeff标签: 低保\n".encode())
    assert read_yaml(path) == {"标签": "低保"}


PIECES = st.sampled_from(
    (
        *(
            "a",
            ": ",
            "- ",
            "\n",
            "  ",
            "[",
            "]",
            "{",
            "}",
            "&a ",
            "*a",
            "!!int ",
            "!!set ",
            "<<",
            "? ",
        ),
        *("!!timestamp ", "2023-02-29", "'", '"', "|", ">", "#", "%", "@", "\t", "1e3", "0x", "~"),
        *(
            "!!omap ",
            "!!binary ",
            "!!null ",
            "\x07",
            "\u202e",
            "\ud7ff",
            "=",
            "---",
            "1_0",
            ":",
            ",",
        ),
    )
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_read_or_refused(text) -> None:
    with suppress(YamlFault):
        parse_yaml(text, "file")


@pytest.mark.parametrize(
    ("written", "read"), [("015", 13), ("-017", -15), ("4:10", 250), ("1:30:15.5", 5415.5)]
)
def test_numbers_that_yaml_counts_by_another_base_are_told(written, read):
    """A county code 010 is not 8, and 4:10 is not 250 (YAML 1.1, types int and float)."""
    with pytest.raises(YamlFault, match=rf"line 2, column 4: {written} would be read as {read}"):
        parse_yaml(f"b: 1\na: {written}\n", "f.yaml")
    with pytest.raises(YamlFault, match="line 1, column 1"):
        parse_yaml(f"{written}: a\n", "f.yaml")
    assert parse_yaml(f"a: '{written}'\nb: 0\nc: 0.5\nd: 10", "f.yaml")["a"] == written


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("year：2023\nplace: x\n", "line 1: it has the wide colon"),
        ("a: 1\nyear:2023\nplace: x\n", "line 2: a blank is missing after the colon"),
        ("a:\n\tb: 1\n", "line 2: a tab stands at its beginning"),
        ("a: {b: 1，c: [}\n", "line 1: it has a wide comma"),
    ],
)
def test_what_is_mistyped_most_is_named(text, words):
    with pytest.raises(YamlFault, match=words):
        parse_yaml(text, "f.yaml")


def test_what_is_not_mistyped_is_not_named():
    for text in ("note: '：'\nb: [", "url: https://a:b\nc: ]", "# 甲：乙\na: }"):
        with pytest.raises(YamlFault) as caught:
            parse_yaml(text, "f.yaml")
        assert "; line" not in str(caught.value)
