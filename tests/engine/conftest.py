"""Compiled code of the tests goes to a folder of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    before = os.environ.get("OLIVE_CACHE")
    os.environ["OLIVE_CACHE"] = str(tmp_path_factory.mktemp("olive_cache"))
    yield
    if before is None:
        del os.environ["OLIVE_CACHE"]
    else:
        os.environ["OLIVE_CACHE"] = before
