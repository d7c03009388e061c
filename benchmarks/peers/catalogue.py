"""The peers: which engine, how it is asked, and what it does and does not do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Peer:
    """One way of running the fourteen rules.

    Attributes
    ----------
    key : str
        Short name, for ``--peers``.
    label, zh : str
        Name in tables and charts.
    module : str
        Module of ``benchmarks/`` whose ``run(persons, households, **options)`` returns the figures
        of baseline and reform.
    distribution : str or None
        Whose version is shown; None is olive itself.
    environment : str or None
        Name of the file of requirements, and of the environment; None runs it beside olive.
    options, variables : mapping
        Keyword arguments of ``run``, and environment variables of its process.
    cores : int or None
        Cores that its process may use; None: as many as the threads of the race.
    """

    key: str
    label: str
    zh: str
    module: str
    distribution: str | None = None
    environment: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    cores: int | None = None


def olive(threads: int) -> Peer:
    """Return olive on some threads."""
    return Peer(
        key="olive" if threads > 1 else "olive-1",
        label=f"olive, {threads} thread{'s' if threads > 1 else ''}",
        zh=f"olive，{threads}线程",
        module="olive_engine",
        options={"backend": "compiled", "threads": threads},
        cores=threads,
    )


def others(threads: int) -> tuple[Peer, ...]:
    """Return all other ways, each in an environment of its own."""
    return (
        Peer("numpy", "plain numpy", "纯numpy", "reference_numpy", "numpy", "numpy"),
        Peer("pandas", "pandas", "pandas", "pandas_notebook", "pandas", "pandas"),
        Peer("polars", "polars", "polars", "peers.polars_lazy", "polars", "polars"),
        Peer(
            "duckdb",
            "duckdb",
            "duckdb",
            "peers.duckdb_sql",
            "duckdb",
            "duckdb",
            options={"threads": threads},
        ),
        Peer(
            "openfisca",
            "openfisca-core",
            "openfisca-core",
            "peers.openfisca_rules",
            "openfisca-core",
            "openfisca",
        ),
        Peer(
            "policyengine",
            "policyengine-core",
            "policyengine-core",
            "peers.policyengine_rules",
            "policyengine-core",
            "policyengine",
        ),
        Peer(
            "ttsim",
            "ttsim",
            "ttsim",
            "peers.ttsim_rules",
            "ttsim-backend",
            "ttsim",
        ),
        Peer(
            "ttsim-unchecked",
            "ttsim, checks off",
            "ttsim，关闭检查",
            "peers.ttsim_rules",
            "ttsim-backend",
            "ttsim",
            options={"checks": False},
            variables={"TTSIM_BEARTYPE_CLAW": "0"},
        ),
    )
