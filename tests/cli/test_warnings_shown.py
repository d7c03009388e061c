"""Warnings on standard error speak the language that a report was asked for."""

from __future__ import annotations

import warnings

import pytest

import olive
from olive.cli.console import warn_in
from olive.errors import LawWarning


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("zh", "olive: 提示：law 2040：法律记录到 2026-11-23 为止，"),
        ("en", "olive: warning: law 2040: the law is recorded to 2026-11-23; "),
    ],
)
def test_the_warning_of_a_later_law(monkeypatch, capsys, language, shown) -> None:
    with pytest.warns(LawWarning) as told:
        olive.law(year=2040)
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)  # put back afterwards
    warn_in(language)
    warnings.showwarning(told[0].message, told[0].category, "file", 1)
    said = capsys.readouterr().err
    assert said.startswith(shown)
    assert language == "en" or "carried" not in said.replace("policy.carried()", "")
