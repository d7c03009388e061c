"""Blocks computed by workers of a Dask cluster: the bits of one thread, whoever is lost."""

from __future__ import annotations

import os
import signal

import pytest

import olive
from olive import PopulationStream, simulate_stream
from olive.errors import DataError

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stored")
    city = olive.Population.synthetic(households=600, seed=5)
    PopulationStream.of(city, block=60).write(folder)
    return folder


@pytest.fixture(scope="module")
def policies() -> list[olive.Policy]:
    law = olive.law(year=2023)
    return [law, law | olive.Reform({"dibao_standard": 30_000}, label="higher dibao")]


@pytest.fixture(scope="module")
def whole(stored, policies) -> str:
    return simulate_stream(PopulationStream.read(stored), policies, threads=1).fingerprint()


@pytest.mark.slow  # quick: threads, in test_streaming.py
def test_a_cluster_changes_no_bit(stored, policies, whole) -> None:
    with distributed.Client(
        processes=False, n_workers=2, threads_per_worker=1, dashboard_address=None
    ) as client:
        found = simulate_stream(PopulationStream.read(stored), policies, client=client)
        assert found.fingerprint() == whole
        (stored / "copy").mkdir()
        for path in stored.glob("*.parquet"):
            (stored / "copy" / path.name).write_bytes(path.read_bytes())
        stream = PopulationStream.read(stored / "copy")
        for path in (stored / "copy").glob("*000007_of*"):
            path.unlink()
        with pytest.raises(DataError, match="000007_of"):
            simulate_stream(stream, policies, client=client)


@pytest.mark.slow
def test_a_client_need_not_be_the_default_one_and_its_loss_is_told(
    stored, policies, whole, tmp_path
) -> None:
    stream, known = PopulationStream.read(stored), {"checkpoint": tmp_path / "run.npz"}
    client = distributed.Client(
        processes=False,
        n_workers=1,
        threads_per_worker=1,
        dashboard_address=None,
        set_as_default=False,
    )
    assert simulate_stream(stream, policies, client=client).fingerprint() == whole

    def close(done: int, _total: int) -> None:
        if done > 120:
            client.close()

    for _ in range(2):  # in the middle of a run, and before one
        with pytest.raises(DataError, match=r"the cluster was lost \(.*; start one and run again"):
            simulate_stream(stream, policies, client=client, progress=close, **known)
    assert simulate_stream(stream, policies, **known).fingerprint() == whole


@pytest.mark.slow
def test_a_lost_worker_costs_its_blocks_only(stored, policies, whole, tmp_path) -> None:
    killed, done_after = [], []
    with (
        distributed.LocalCluster(
            n_workers=3, threads_per_worker=1, memory_limit="1GB", dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):

        def told(done: int, _total: int) -> None:
            if done > 120 and not killed:
                killed.append(next(iter(cluster.workers.values())).pid)
                os.kill(killed[0], signal.SIGKILL)
            done_after.append(done)

        found = simulate_stream(
            PopulationStream.read(stored), policies, client=client, progress=told
        )
    assert found.fingerprint() == whole
    assert killed
    assert done_after == [60 * (block + 1) for block in range(10)]  # none was begun anew
