"""`olive places`, and the place that is meant where none is named."""

import pytest

from olive.places.registry import default_place, place


def test_places_are_listed_and_the_default_is_marked(olive) -> None:
    lines = olive("places", "--lang", "en").stdout.splitlines()
    assert "* taizhou  Taizhou" in lines
    assert "  zhejiang  Zhejiang" in lines
    assert "  zhejiang  浙江" in olive("places", "--lang", "zh").stdout.splitlines()


def test_the_option_and_the_variable_choose_the_default(olive, monkeypatch) -> None:
    assert "* zhejiang" in olive("--place", "zhejiang", "places").stdout
    assert place().name == "taizhou"  # the choice ends with the command
    monkeypatch.setenv("OLIVE_PLACE", "zhejiang")
    assert "* zhejiang" in olive("places").stdout
    assert "* taizhou" in olive("--place", "taizhou", "places").stdout
    assert place().name == "zhejiang"


def test_an_unknown_place_is_refused_with_the_nearest(olive) -> None:
    done = olive("--place", "zhejian", "places", "--lang", "en")
    assert done.returncode == 1
    assert "no place 'zhejian' is installed (did you mean 'zhejiang'?)" in done.stderr


def test_a_default_ends_where_its_block_does() -> None:
    with default_place("zhejiang"), default_place(None):
        assert place().name == "zhejiang"
    with pytest.raises(RuntimeError), default_place("zhejiang"):
        raise RuntimeError
    assert place().name == "taizhou"
