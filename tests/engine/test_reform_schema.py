"""The schema of reform files says what the reader accepts."""

import json
from importlib import resources

from olive.engine.parameters import STATUSES
from olive.engine.reform import _FILE_KEYS
from olive.engine.reform_operations import OPERATION_KEYS, OPERATION_KINDS

SCHEMA = json.loads(
    resources.files("olive.engine").joinpath("reform.schema.json").read_text(encoding="utf-8")
)


def test_keys_words_and_statuses_are_those_of_the_reader() -> None:
    assert set(SCHEMA["properties"]) == set(_FILE_KEYS)
    operation = SCHEMA["properties"]["operations"]["items"]["properties"]
    assert set(operation) == set(OPERATION_KEYS)
    assert tuple(operation["operation"]["enum"]) == OPERATION_KINDS
    assert tuple(operation["status"]["enum"]) == STATUSES
