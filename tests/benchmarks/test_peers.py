"""The race of the peers: equal figures, and a page that says what was measured."""

from __future__ import annotations

import re
import venv
from importlib import import_module

import compare
import generate
import numpy as np
import page
import pytest
import reference_numpy
from figures import Figures
from olive_tests.income_tax import COMPREHENSIVE, OPERATING
from peers import environments
from peers.catalogue import Peer, olive, others
from peers.parameters import OPERATING_TAX, WAGE_TAX, quick_deductions
from peers.race import Runs, race
from peers.tables import read_tables, write_tables
from phases import Phases, phases

ONE = Figures(0.5, 0.25, 30_000.0, 0.4, 0.1, 1e6)


def runs_of(label, seconds, *, figures=ONE, peak_bytes=10**8):
    peer = Peer(label, label, label, module="none")
    return Runs(peer, "1.0", tuple(seconds), tuple(seconds), peak_bytes, ((figures, figures),))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables") / "city"
    write_tables(folder, 1_500)
    return folder


@pytest.fixture(scope="module")
def raced(drawn):
    """Olive and plain numpy, both with this interpreter."""
    numpy = Peer("numpy", "numpy", "numpy", "reference_numpy", "numpy")
    return race([(olive(1), drawn), (numpy, drawn)], rounds=2, threads=1)


def test_every_peer_reads_the_same_tables(drawn):
    for read, expected in zip(read_tables(drawn), generate.generate(1_500), strict=True):
        assert set(read) == set(expected)
        for name, column in expected.items():
            np.testing.assert_array_equal(read[name], column)
            assert read[name].dtype == column.dtype


def test_a_race_runs_each_peer_in_turn_and_their_figures_agree(raced):
    ours, numpy = raced
    assert [each.peer.key for each in raced] == ["olive-1", "numpy"]
    assert numpy.version == np.__version__
    for each in raced:
        assert len(each.seconds) == len(each.processor_seconds) == len(each.figures) == 2
        assert min(each.seconds) > 0
        assert each.peak_bytes > 2e7
    assert numpy.largest_difference(ours) < compare.TOLERANCE
    assert numpy.digest() == ours.digest()
    expected = reference_numpy.run(*generate.generate(1_500))
    assert numpy.figures[0] == pytest.approx(expected)


# The others need their own environments: `make bench-peers` checks them.
@pytest.mark.parametrize(
    ("module", "engine", "version"),
    [("peers.polars_lazy", "polars", "1.25"), ("peers.duckdb_sql", "duckdb", "1.0")],
)
@pytest.mark.parametrize("seed", [0, 1])
def test_queries_agree_with_the_reference(module, engine, version, seed):
    pytest.importorskip(engine, minversion=version)
    data = generate.generate(3_000, seed)
    found = import_module(module).run(*data)
    for one, expected in zip(found, reference_numpy.run(*data), strict=True):
        assert one.largest_difference(expected) < compare.TOLERANCE


def test_quick_deductions_are_those_of_the_statutory_tables():
    for schedule, table in ((WAGE_TAX, COMPREHENSIVE), (OPERATING_TAX, OPERATING)):
        assert quick_deductions(schedule) == pytest.approx([quick for _, quick in table])


def test_the_memory_of_whoever_starts_a_peer_is_not_counted(drawn, raced):
    large = np.ones(60_000_000)  # 480 MB, more than olive and numpy need for a small city
    again = race([(raced[1].peer, drawn)], rounds=1, threads=1)
    assert again[0].peak_bytes < large.nbytes


def test_a_peer_that_stops_is_told_with_its_last_words(drawn):
    broken = Peer("broken", "broken engine", "broken", "no_such_module", "numpy")
    with pytest.raises(
        RuntimeError, match=r"broken engine stopped: (?s:.)*No module named 'no_such_module'"
    ):
        race([(broken, drawn)], rounds=1, threads=1)


def test_a_peer_that_cannot_be_installed_is_told_and_left_out(
    drawn, raced, tmp_path, monkeypatch, capsys
):
    (tmp_path / "absent.txt").write_text("absent==1.0\n", encoding="utf-8")
    # Without pip nothing can be installed.
    monkeypatch.setattr(environments, "create", lambda folder, **_: venv.create(folder))
    monkeypatch.setattr(environments, "REQUIREMENTS", tmp_path)
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    absent = Peer("absent", "absent engine", "absent", "reference_numpy", "absent", "absent")
    numpy = raced[1].peer
    left = race([(absent, drawn), (numpy, drawn)], rounds=1, threads=1)
    assert [each.peer.key for each in left] == ["numpy"]
    assert "absent engine is left out" in capsys.readouterr().out


def test_each_environment_is_pinned_to_exact_versions():
    for peer in others(threads=2):
        listed = (environments.REQUIREMENTS / f"{peer.environment}.txt").read_text()
        pins = [line for line in listed.splitlines() if not line.startswith("#")]
        assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in pins), peer.key
        assert peer.distribution.lower() in {line.partition("==")[0].lower() for line in pins}


def test_a_figure_that_differs_shows():
    other = Figures(0.5, 0.25, 30_000.0, 0.4, 0.1, 1e6 * (1 + 1e-6))
    assert runs_of("a", [1], figures=other).largest_difference(runs_of("b", [1])) == pytest.approx(
        1e-6, rel=1e-3
    )
    assert runs_of("a", [1], figures=other).digest() != runs_of("b", [1]).digest()


def test_the_table_sets_medians_and_memory_beside_olive():
    table = page.peers_table(
        [runs_of("ours", [0.1, 0.3, 0.2]), runs_of("theirs", [2, 4, 3], peak_bytes=3 * 10**8)], "en"
    )
    row = [cell.strip() for cell in table.splitlines()[-1].strip("|").split("|")]
    # median 3 s of 0.2 s: 15 x; fastest 2 s; the same of processor time; 300 MB of 100 MB: 3 x
    assert row[:9] == ["theirs", "1.0", "3.000", "15.0", "2.000", "3.000", "15.0", "300", "3.0"]


def test_the_phases_add_up_and_are_set_beside_the_memory_limit():
    # 10 + 60 + 130 ms; rules 60 ms = 12 x 5 ms
    shown = page.phases_table(Phases(0.010, 0.060, 0.130, limit=0.005), "en")
    assert [line.split("|")[2:4] for line in shown.splitlines()[2:5]] == [
        [" 10.0 ", " 5% "],
        [" 60.0 ", " 30% "],
        [" 130.0 ", " 65% "],
    ]
    assert "12.0 times the memory limit of 5.0 ms" in shown


def test_phases_of_a_small_city():
    found = phases(*generate.generate(500), threads=1)
    assert min(found.tables, found.rules, found.figures, found.limit) > 0


@pytest.mark.parametrize(("power", "shown"), [(1.0, "1.00"), (2.0, "2.00"), (0.5, "0.50")])
def test_the_slope_is_the_power_of_growth(power, shown):
    assert page.slope([(size, 3e-7 * size**power) for size in (100, 1_000, 50_000)]) == shown
    assert page.slope([(100, 1.0)]) == "–"
    assert page.slope([(100, 0.0), (200, 1.0)]) == "–"


def test_a_fixed_time_is_told_from_the_time_a_household():
    fixed, each = page.affine([(n, 0.004 + 9e-8 * n) for n in (10_000, 300_000, 10_000_000)])
    assert (fixed, each) == pytest.approx((0.004, 9e-8))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_editions_have_marks_and_what_stands_around_them_stays(language):
    text = page.PAGES[language].read_text(encoding="utf-8")
    before, after = text.split(page.BEGIN)[0], text.split(page.END)[1]
    renewed = page.replaced(text, ["one", "two"])
    assert renewed == f"{before}{page.BEGIN}\n\none\n\ntwo\n\n{page.END}{after}"
    assert page.replaced(renewed, ["one", "two"]) == renewed


@pytest.mark.parametrize("language", ["en", "zh"])
def test_charts_name_every_engine(raced, language):
    chart = page.peers_chart(raced, 1_500, language)
    assert all(page.name(each, language) in chart for each in raced)
    assert "<svg" in page.growth_chart([(1_000, raced[0]), (2_000, raced[1])], language)


@pytest.mark.slow  # quick: both have marks
def test_both_editions_are_renewed_and_tell_the_same_commit(raced, tmp_path, monkeypatch):
    pages = {"en": tmp_path / "page.md", "zh": tmp_path / "page.zh.md"}
    for each in pages.values():
        each.write_text(f"before\n{page.BEGIN}\nstale\n{page.END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(page, "PAGES", pages)
    monkeypatch.setattr(page, "DOCS", tmp_path)
    spent = Phases(0.010, 0.060, 0.130, limit=0.005)
    growth = [(1_000, raced[0]), (2_000, raced[1])]
    page.write(page.Measured(raced, spent, growth, 1_500, 1, "abc1234", (0.5, 1.5)))
    for language, each in pages.items():
        text = each.read_text(encoding="utf-8")
        assert text.startswith("before\n")
        assert text.endswith("after\n")
        assert "stale" not in text
        assert "`abc1234`" in text
        assert "0.5, 1.5" in text
        assert all(page.name(runs, language) in text for runs in raced)
        for picture in re.findall(r"\((pictures/.*?)\)", text):
            assert (tmp_path / picture).read_text(encoding="utf-8").startswith("<?xml")
