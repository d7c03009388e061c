"""Runs over a stream: the same bits for any threads and grouping, and after any interruption."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from itertools import count

import numpy as np
import pytest
from pyarrow import parquet

import olive
from olive import PopulationStream, simulate_stream
from olive.errors import DataError, OutputError
from olive.simulation import streaming
from olive.simulation.block_tasks import sums_of_blocks
from olive.simulation.checkpoint import Checkpoint

HOMES, BLOCK = 600, 150


@pytest.fixture(scope="module")
def city() -> olive.Population:
    return olive.Population.synthetic(households=HOMES, seed=5)


@pytest.fixture(scope="module")
def stream(city) -> PopulationStream:
    return PopulationStream.of(city, block=BLOCK)


@pytest.fixture(scope="module")
def policies() -> list[olive.Policy]:
    law = olive.law(year=2023)
    return [law, law | olive.Reform({"dibao_standard": 30_000}, label="higher dibao")]


@pytest.fixture(scope="module")
def whole(stream, policies) -> str:
    return simulate_stream(stream, policies, threads=1).fingerprint()


class Stopped(Exception):
    """What a run is stopped by."""


def stopping(after: int):
    calls = count(1)

    def told(_done: int, _total: int) -> None:
        if next(calls) == after:
            raise Stopped

    return told


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_no_bit(stream, policies, whole, threads: int) -> None:
    assert simulate_stream(stream, policies, threads=threads).fingerprint() == whole


def test_grouping_of_blocks_changes_no_bit(stream, policies, whole, monkeypatch) -> None:
    def in_groups(tasks, numbers, _threads):
        groups = [numbers[:1], numbers[1:3], numbers[3:]]
        random.Random(4).shuffle(groups)
        return (sums_of_blocks(tasks, random.Random(4).sample(each, len(each))) for each in groups)

    monkeypatch.setattr(streaming, "in_threads", in_groups)
    assert simulate_stream(stream, policies).fingerprint() == whole


def test_drawn_read_and_sliced_blocks_give_the_same_bits(
    stream, policies, whole, tmp_path, monkeypatch
) -> None:
    stream.write(tmp_path)
    monkeypatch.setattr("olive.china.recipes.synthetic.BLOCK", BLOCK)
    for other in (PopulationStream.read(tmp_path), PopulationStream.synthetic(HOMES, seed=5)):
        assert simulate_stream(other, policies).fingerprint() == whole


@pytest.mark.parametrize("after", [1, 3])
def test_a_run_that_was_stopped_goes_on(stream, policies, whole, tmp_path, after: int) -> None:
    checkpoint = tmp_path / "run.npz"
    with pytest.raises(Stopped):
        simulate_stream(
            stream, policies, checkpoint=checkpoint, threads=1, progress=stopping(after)
        )
    told: list[int] = []
    found = simulate_stream(
        stream, policies, checkpoint=checkpoint, progress=lambda done, _: told.append(done)
    )
    assert found.fingerprint() == whole
    assert len(told) < len(stream)  # the first block was kept at once
    again = simulate_stream(stream, policies, checkpoint=checkpoint, progress=stopping(1))
    assert again.fingerprint() == whole  # nothing was left to do


@pytest.mark.slow  # quick: threads and grouping change no bit
def test_totals_over_the_population_are_summed_first_and_kept(stream, tmp_path) -> None:
    law = olive.law(year=2023)
    planned = [law, law | olive.plan.scenario()]
    few = PopulationStream.of(stream.block(0), block=60)
    found = simulate_stream(few, planned, threads=1)
    in_memory = olive.simulate(stream.block(0), planned)
    totals = in_memory.population_totals
    assert {*found.population_totals} == {*totals}
    for key, value in totals.items():
        assert found.population_totals[key] == pytest.approx(value, rel=1e-12)
    stops = 0
    for after in (1, 2, 3, 4):  # in each pass
        with pytest.raises(Stopped):
            simulate_stream(
                few, planned, threads=1, checkpoint=tmp_path / "run.npz", progress=stopping(after)
            )
        stops += 1
    again = simulate_stream(few, planned, checkpoint=tmp_path / "run.npz")
    assert (stops, again.fingerprint()) == (4, found.fingerprint())


def test_a_checkpoint_of_another_run_is_refused(stream, policies, city, tmp_path) -> None:
    checkpoint = tmp_path / "run.npz"
    simulate_stream(stream, policies, checkpoint=checkpoint)
    others = [
        lambda: simulate_stream(stream, policies[1:], checkpoint=checkpoint),
        lambda: simulate_stream(stream, policies, checkpoint=checkpoint, seed=1),
        lambda: simulate_stream(stream, policies, checkpoint=checkpoint, closed="high"),
        lambda: simulate_stream(stream, policies, checkpoint=checkpoint, tables=[]),
        lambda: simulate_stream(
            PopulationStream.of(city, block=BLOCK + 1), policies, checkpoint=checkpoint
        ),
    ]
    for other in others:
        with pytest.raises(DataError, match="is of another run"):
            other()


def test_a_damaged_checkpoint_is_refused(stream, policies, tmp_path) -> None:
    checkpoint = tmp_path / "run.npz"
    simulate_stream(stream, policies, checkpoint=checkpoint)
    content = checkpoint.read_bytes()
    for damaged in (b"", content[:10], content[:-50], b"junk" * 100):
        checkpoint.write_bytes(damaged)
        with pytest.raises(DataError, match=r"or damaged; delete it to begin anew") as refused:
            simulate_stream(stream, policies, checkpoint=checkpoint)
        assert "pickle" not in str(refused.value)


def test_changed_bytes_of_a_checkpoint_are_refused_or_change_nothing(stream, tmp_path) -> None:
    path = tmp_path / "run.npz"
    found = simulate_stream(stream, olive.law(year=2023), tables=[], checkpoint=path)
    content, drawn = path.read_bytes(), random.Random(3)
    for _ in range(300):
        changed = bytearray(content)
        for _ in range(drawn.choice([1, 30])):
            changed[drawn.randrange(len(changed))] = drawn.randrange(256)
        path.write_bytes(changed)
        try:
            sums = Checkpoint(path, found.run.fingerprint).load().sums
        except DataError:
            continue
        assert replace(found, run=replace(found.run, sums=_plain(sums))).fingerprint() == (
            found.fingerprint()
        )


def _plain(sums) -> dict:
    return {name.removeprefix("0/"): values for name, values in sums.total().items()}


def test_results_are_written_of_blocks_that_a_checkpoint_knows_the_sums_of(
    stream, policies, whole, tmp_path
) -> None:
    known = {"checkpoint": tmp_path / "run.npz"}
    simulate_stream(stream, policies, **known)  # no folder yet
    folders = [tmp_path / "first", tmp_path / "second"]
    assert simulate_stream(stream, policies, **known, folder=folders[0]).fingerprint() == whole
    simulate_stream(stream, policies, folder=folders[1])
    (folders[0] / "000002_of_000004_household_results.parquet").unlink()
    assert simulate_stream(stream, policies, **known, folder=folders[0]).fingerprint() == whole
    written, wanted = (
        {path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders
    )
    assert len(wanted) >= len(stream)
    assert written == wanted


@pytest.mark.slow  # quick: its sums are, block by block
def test_results_of_every_household_are_those_in_memory(stream, city, policies, tmp_path) -> None:
    wanted = ("dibao", "wage")
    simulate_stream(stream, policies, outputs=wanted, folder=tmp_path)
    in_memory = olive.simulate(city, policies, outputs=wanted)
    for entity, name in (("household", "dibao"), ("person", "wage")):
        files = sorted(tmp_path.glob(f"*_{entity}_results.parquet"))
        assert [parquet.ParquetFile(path).num_row_groups for path in files] == [1] * len(stream)
        assert files[0].name == f"000001_of_000004_{entity}_results.parquet"
        for label in in_memory.labels:
            columns = [parquet.read_table(path)[f"{name} | {label}"] for path in files]
            found = np.concatenate([column.to_numpy() for column in columns])
            np.testing.assert_array_equal(found, in_memory.values(name, label))
    with pytest.raises(OutputError, match="already holds 000001_of_000004_household"):
        simulate_stream(stream, policies, outputs=wanted, folder=tmp_path, seed=1)
    simulate_stream(stream, policies, outputs=wanted, folder=tmp_path)  # the same run may


def test_a_full_disk_stops_the_run_and_it_goes_on(
    stream, policies, whole, tmp_path, monkeypatch
) -> None:
    files = {"checkpoint": tmp_path / "run.npz", "folder": tmp_path / "results"}
    begun, sync = count(1), os.fsync

    def full(descriptor: int) -> None:
        if next(begun) > 6:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="No space left"):
            simulate_stream(stream, policies, outputs=["dibao"], threads=1, **files)
    for path in files["folder"].glob("*.parquet"):
        parquet.read_table(path)  # those that stand there are whole
    found = simulate_stream(stream, policies, outputs=["dibao"], **files)
    assert found.fingerprint() == whole
    names = {path.name.partition("_of_")[0] for path in files["folder"].iterdir()}
    assert names == {"000001", "000002", "000003", "000004"}


def test_a_block_at_fault_stops_the_run_and_it_goes_on_when_mended(
    stream, policies, whole, tmp_path
) -> None:
    folder, checkpoint = tmp_path / "data", tmp_path / "run.npz"
    stream.write(folder)
    path = sorted(folder.glob("*persons.parquet"))[2]
    good = path.read_bytes()
    damaged = PopulationStream.read(folder)  # ends of files are whole, so nothing is seen yet
    path.write_bytes(good[:2_000] + bytes(40) + good[2_040:])
    with pytest.raises(DataError, match="cannot be read as Parquet"):
        simulate_stream(damaged, policies, checkpoint=checkpoint, threads=1)
    path.write_bytes(good)
    found = simulate_stream(PopulationStream.read(folder), policies, checkpoint=checkpoint)
    assert found.fingerprint() == whole


KILLED = """
import sys, olive
stream = olive.PopulationStream.read(sys.argv[1])
law = olive.law(year=2023)
higher = law | olive.Reform({"dibao_standard": 30_000}, label="higher dibao")
olive.simulate_stream(
    stream,
    [law, higher],
    outputs=["dibao"],
    checkpoint=sys.argv[2],
    folder=sys.argv[3],
    threads=2,
    progress=lambda done, total: print(done, flush=True),
)
"""


@pytest.mark.slow
def test_ten_kills_at_random_moments_change_no_bit(stream, policies, whole, tmp_path) -> None:
    data, results = tmp_path / "data", tmp_path / "results"
    PopulationStream.of(olive.Population.synthetic(12_000, seed=5), block=100).write(data)
    wanted = simulate_stream(PopulationStream.read(data), policies, outputs=["dibao"])
    chance, kills = random.Random(7), 0
    for _ in range(10):
        command = [sys.executable, "-c", KILLED, data, tmp_path / "run.npz", results]
        run = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert run.stdout is not None
        for _ in range(chance.randint(1, 5)):
            run.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.1))
        run.send_signal(signal.SIGKILL)
        run.communicate()
        kills += run.returncode == -signal.SIGKILL
    # A run may come to its end before its kill: where this process waits long for its turn.
    assert kills >= 5
    told: list[int] = []
    found = simulate_stream(
        PopulationStream.read(data),
        policies,
        outputs=["dibao"],
        checkpoint=tmp_path / "run.npz",
        folder=results,
        progress=lambda done, _: told.append(done),
    )
    assert found.fingerprint() == wanted.fingerprint()
    assert len(told) <= 120 - kills  # each run kept one block at least
    assert not list(results.glob(".olive-*"))
    fresh = tmp_path / "fresh"
    simulate_stream(PopulationStream.read(data), policies, outputs=["dibao"], folder=fresh)
    for path in sorted(fresh.iterdir()):
        assert parquet.read_table(results / path.name).equals(parquet.read_table(path))
    shutil.rmtree(results)
