"""What is wrong with a file that a model describes is said in olive's words, in each language."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from olive.engine.model_faults import fault_in_words


class Entry(BaseModel):
    """A key of every kind that the files of parameters, recipes and cases have."""

    model_config = ConfigDict(extra="forbid", strict=False, allow_inf_nan=False)
    number: float = Field(ge=0, le=1)
    count: int = Field(gt=0, lt=9)
    text: str = "x"
    truth: bool = True
    day: dt.date = dt.date(2023, 1, 1)
    listed: Annotated[list[float], Field(min_length=2)] = []
    mapped: dict[str, float] = {}
    kind: Literal["a", "b"] = "a"
    even: int = 0

    @field_validator("even")
    @classmethod
    def _even(cls, value: int) -> int:
        if value % 2:
            raise ValueError("must be even")
        return value


@pytest.mark.parametrize(
    ("change", "words", "chinese"),
    [
        ({"numbr": 1}, "unknown key (did you mean 'number'?)", "不认识的键"),
        ({"number": None}, "must be a number, found None", "应为数字，现为 None"),
        ({"number": "abc"}, "must be a number, found 'abc'", "应为数字"),
        ({"number": float("nan")}, "must be a finite number, found nan", "应为有限数"),
        ({"number": -1}, "must be at least 0, found -1", "不得小于 0"),
        ({"number": 2}, "must be at most 1, found 2", "不得大于 1"),
        ({"count": 0}, "must be greater than 0, found 0", "应大于 0"),
        ({"count": 9}, "must be less than 9, found 9", "应小于 9"),
        ({"count": 1.5}, "must be a whole number, found 1.5", "应为整数"),
        ({"text": 5}, "must be text, found 5", "应为文字"),
        ({"truth": "perhaps"}, "must be true or false, found 'perhaps'", "应为 true 或 false"),
        ({"day": "2023-02-30"}, "must be a date, such as 2023-07-01, found '2023-02-30'", "日期"),
        ({"listed": 5}, "must be a list, found 5", "应为列表"),
        ({"listed": [1.0]}, "must hold at least 2 entries, found [1.0]", "至少要有 2 项"),
        ({"mapped": []}, "must hold keys and their values, found []", "应由键和值组成"),
        ({"kind": "c"}, "must be 'a' or 'b', found 'c'", "应为 'a' or 'b'"),
        ({"even": 1}, "must be even", "must be even"),
    ],
)
def test_every_kind_of_fault(change, words, chinese):
    with pytest.raises(ValidationError) as caught:
        Entry.model_validate({"number": 0.5, "count": 1, **change})
    (fault,) = caught.value.errors()
    said = fault_in_words(fault, Entry.model_fields)
    assert said == words
    assert chinese in said.in_language("zh")


def test_a_key_that_is_missing():
    with pytest.raises(ValidationError) as caught:
        Entry.model_validate({"number": 0.5})
    said = fault_in_words(caught.value.errors()[0], ())
    assert said == "this key is missing"
    assert not re.search("[a-z]", said.in_language("zh"))
