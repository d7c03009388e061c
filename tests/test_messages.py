"""What the program says: one catalogue a language, with the same messages and places."""

from __future__ import annotations

import ast
import pickle
import re
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from string import Formatter

import pytest

import olive
from olive import errors, messages
from olive.errors import DataError, DataWarning, OliveError, RuleError, nearest
from olive.messages import Joined, Message, joined, language, recorded, said_in, speak, speaking
from olive.places.plan.scenarios import named_scenario

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
OTHERS = [each for each in messages.languages() if each != "en"]
PLACE = re.compile(r"(?<!\{)\{(\w*)(![rsa])?(:[^{}]*)?\}")


def places(text: str) -> set[str]:
    return {found.group(0) for found in PLACE.finditer(re.sub(r"\{\{(?!\{)|(?<!\})\}\}", "", text))}


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_holds_what_is_said_and_nothing_else(code) -> None:
    catalogue = pytest.importorskip("catalogue")
    said = {text for _, text in catalogue.messages()}
    known = {text for context, text in messages.catalogue(code) if context is None}
    assert sorted(said - known) == [], "run tools/catalogue.py and translate"
    assert sorted(known - said) == [], "run tools/catalogue.py"


@pytest.mark.parametrize("code", OTHERS)
def test_translations_have_the_places_of_their_message(code) -> None:
    unlike = {
        text: told
        for (context, text), told in messages.catalogue(code).items()
        if context is None and places(text) != places(told)
    }
    assert unlike == {}


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_is_english(code) -> None:
    left = [
        told
        for (_, text), told in messages.catalogue(code).items()
        if told == text and re.search("[A-Za-z]{3,} [A-Za-z]{3,}", told)
    ]
    assert left == []


def test_every_call_gives_what_its_template_names() -> None:
    catalogue = pytest.importorskip("catalogue")
    keywords, unlike = catalogue.keywords(), []
    for path in catalogue.SOURCE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and _says(call, keywords):
                template, *given = call.args
                named = {each.arg for each in call.keywords} - {"category"}
                names = list(
                    dict.fromkeys(n for _, n, _, _ in Formatter().parse(template.value) if n)
                )
                plain = not given and not named
                if not plain and (len(given) + len(named) != len(names) or not named <= {*names}):
                    unlike.append(f"{path.name}:{call.lineno}")
    assert unlike == []


def _says(call: ast.Call, keywords: dict) -> bool:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    first = call.args[0] if call.args else None
    return (
        keywords.get(name, ()) is None
        and isinstance(first, ast.Constant)
        and isinstance(first.value, str)
        and not any(isinstance(each, ast.Starred) for each in call.args)
    )


def test_arguments_stand_in_the_order_of_the_template() -> None:
    assert Message("{b} of {a}, {b}", 1, 2) == "1 of 2, 1"
    assert Message("{b} of {a}", 1, a=2) == Message("{b} of {a}", a=2, b=1)
    with pytest.raises(TypeError, match="names 1 arguments, not 2"):
        Message("{a}", 1, 2)
    with pytest.raises(TypeError, match="names 0 arguments, not 1"):
        Message(Message("made"), 1)


def test_a_message_is_its_text_and_knows_what_it_was_made_of() -> None:
    said = Message("no parameter {name!r}{hint}", name="ag", hint=nearest("ag", ["age"]))
    assert said == "no parameter 'ag' (did you mean 'age'?)"
    assert said.template == "no parameter {name!r}{hint}"
    assert said.arguments["name"] == "ag"
    for again in (pickle.loads(pickle.dumps(said)), deepcopy(said), recorded(said.record())):
        assert (again, again.template) == (said, said.template)
        assert again.in_language("zh") == "没有参数 'ag'（是否指 'age'？）"


def test_lists_and_errors_within_messages() -> None:
    inner = RuleError("no policy at position {policy}; there are {number}", policy=3, number=2)
    said = Message("{error}: {names}", error=inner, names=joined(["a", "b"], " or "))
    assert said == "no policy at position 3; there are 2: a or b"
    assert said.in_language("zh") == "位置 3 没有政策；共有 2 项: a或b"
    again = recorded(said.record())
    assert again.in_language("zh") == said.in_language("zh")
    assert isinstance(again.arguments["names"], Joined)


def test_text_without_arguments_is_never_read_as_a_template() -> None:
    assert str(DataError("column '{0.__class__}' {")) == "column '{0.__class__}' {"
    assert said_in("{x}", "zh") == "{x}"


@pytest.mark.parametrize(
    "record",
    [{"id": "{a:>999999999}", "arguments": {"a": 1}}, {"id": "{a.b}", "arguments": {"a": 1}}],
)
def test_a_record_asks_for_nothing_but_a_number_format(record) -> None:
    with pytest.raises(ValueError, match="place of a message"):
        recorded(record)


def test_words_are_translated_but_not_names() -> None:
    said = Message(
        "the {entity} table has the column {repeated!r} more than once",
        entity="household",
        repeated="household",
    )
    assert said.in_language("zh") == "住户表的列 'household' 不止一个"


def test_an_error_speaks_the_language_of_the_process() -> None:
    error = pickle.loads(pickle.dumps(DataError("no variable {name!r}{hint}", name="x", hint="")))
    assert str(error) == "no variable 'x'"
    with speaking("zh"):
        assert str(error) == "没有变量 'x'"
        assert str(DataWarning("no variable {name!r}{hint}", name="x", hint="")) == "没有变量 'x'"


@pytest.mark.parametrize(
    ("chosen", "environment", "spoken"),
    [
        (None, {}, "en"),
        (None, {"LANG": "zh_CN.UTF-8"}, "zh"),
        (None, {"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        (None, {"LANG": "fr_FR.UTF-8"}, "en"),
        (None, {"LANG": "zh_CN.UTF-8", "OLIVE_LANG": "en"}, "en"),
        (None, {"OLIVE_LANG": "zh"}, "zh"),
        ("en", {"OLIVE_LANG": "zh"}, "en"),
        ("zh", {"LANG": "en_US.UTF-8"}, "zh"),
    ],
)
def test_option_then_variable_then_locale(monkeypatch, chosen, environment, spoken) -> None:
    for name in ("OLIVE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    speak(chosen)
    try:
        assert language() == spoken
    finally:
        speak(None)


def test_english_reads_no_catalogue() -> None:
    code = "import sys, olive; olive.law(year=2023); assert 'babel' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_chinese_names_are_found() -> None:
    for county in ("tiantai", "天台县", "天台", "Tiantai"):
        city = olive.household([olive.member(30)], county=county)
        assert city.households["county"].tolist() == ["tiantai"]
    named = {"县": "county", "低保": "dibao"}
    for word, name in named.items():
        with pytest.raises(OliveError, match=f"did you mean '{name}'"):
            olive.evaluate("household_size", {word: [1]}, law="2023-01-01")
    with pytest.raises(OliveError, match="did you mean 'enabling_growth'"):
        named_scenario(olive.place().plan, "方案")


@pytest.mark.parametrize("template", ["{x}", "{x!r}", "{x:,}", "{x:,.2f}", "{x:g}"])
@pytest.mark.parametrize("number", [10**308, 10**309, -(10**5000)], ids=["1", "2", "3"])
def test_whole_numbers_of_any_length_are_said(template, number) -> None:
    assert len(Message(template, x=number)) < 500
    assert len(errors.shown([number, {"a": number}])) < 500


@pytest.mark.parametrize("kind", [DataError, DataWarning])
def test_a_very_long_text_of_the_users_is_cut_in_the_middle(kind) -> None:
    said = str(kind("no column {name!r}", name="a" * 5_000 + "z"))
    assert said.startswith("no column 'aaa")
    assert said.endswith("aaz'")
    assert len(said) < 700
    names = [f"column_{number}" for number in range(1_000)]
    assert "column_500" in str(kind("columns are {names}", names=joined(names)))


def test_errors_of_faults_that_were_gathered_have_translations() -> None:
    # The kind of error stands before these templates, where a reader of calls takes it for one.
    said = Message("levers cannot be used:\n  {faults}", faults="a")
    assert said.in_language("zh") == "杠杆不能使用：\n  a"
