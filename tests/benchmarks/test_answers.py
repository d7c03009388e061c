"""The command that times every answer asks questions that olive's command line knows."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import answers
import pytest

from olive.cli.commands import command_line


@pytest.mark.parametrize("name", answers.QUESTIONS)
def test_questions_are_commands_with_their_options(name, tmp_path):
    command, *words = answers.asked(name, tmp_path, tmp_path / "card.yaml")
    known = command_line().commands[command]
    context = known.make_context(command, list(words), resilient_parsing=True)
    given = dict(pairwise(words))
    assert context.params["population"] == tmp_path == Path(given["--population"])


def test_a_question_that_cannot_be_asked_is_no_answer(tmp_path):
    found = answers.took(("explain", "disposable_income", "--household"))
    assert found.code > 1
    assert found.processor > 0.0
    assert found.wall > 0.0
