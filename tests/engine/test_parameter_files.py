"""Parameter files: every fault is reported, with file, key, what was found, what is allowed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from olive_tests.toy import KEYS

from olive.engine.parameter_files import read_parameters
from olive.engine.yaml_loader import YamlFault, read_yaml
from olive.errors import ParameterError

HEAD = "zh: 标准, en: standard, unit: yuan/year, known_to: 2024-12-31"
FIRST = "{from: 2019-01-01, value: 1, status: law, source: a}"


def read(folder: Path, text: str):
    file = folder / "topic.yaml"
    file.write_text(text, encoding="utf-8")
    return read_parameters([file], KEYS)


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(ParameterError) as caught:
        read(folder, text)
    return [line.strip() for line in str(caught.value).splitlines()[1:]]


# One definition with one fault, and the words that must stand in its report.
FAULTS = {
    "unknown key": (
        f"{{{HEAD}, rnage: [0, 1], values: [{FIRST}]}}",
        ["standard.rnage", "unknown key (did you mean 'range'"],
    ),
    "unknown key of a value": (
        f"{{{HEAD}, values: [{{from: 2019-01-01, valeu: 1, status: law}}]}}",
        ["standard.values[0].valeu", "did you mean 'value'"],
    ),
    "required key": (
        f"{{zh: a, en: b, unit: '1', values: [{FIRST}]}}",
        ["standard.known_to", "this key is missing"],
    ),
    "no values": (f"{{{HEAD}, values: []}}", ["standard.values", "at least 1 entries"]),
    "no mapping": ("5", ["standard", "found 5"]),
    "unknown status": (
        f"{{{HEAD}, values: [{{from: 2019-01-01, value: 1, status: certain}}]}}",
        ["standard.values[0].status", "'published'", "found 'certain'"],
    ),
    "not a date": (
        f"{{{HEAD}, values: [{{from: next year, value: 1, status: law}}]}}",
        ["standard.values[0].from", "date", "found 'next year'"],
    ),
    "not a number": (
        f"{{{HEAD}, values: [{{from: 2019-01-01, value: '1,000', status: law}}]}}",
        ["standard: from 2019-01-01: `value` must be a number, found '1,000'"],
    ),
    "truth value for a number": (
        f"{{{HEAD}, values: [{{from: 2019-01-01, value: true, status: law}}]}}",
        ["standard: from 2019-01-01: `value` must be a number, found True"],
    ),
    "not finite": (
        f"{{{HEAD}, values: [{{from: 2019-01-01, value: .nan, status: law}}]}}",
        ["standard: from 2019-01-01", "finite"],
    ),
    "number for a truth value": (
        (
            "{zh: a, en: b, unit: bool, known_to: 2020-01-01, "
            "values: [{from: 2019-01-01, value: 2, status: law}]}"
        ),
        ["standard: from 2019-01-01", "must be true or false, found 2"],
    ),
    "out of range": (
        (
            f"{{{HEAD}, range: [0, 2000000], values: "
            "[{from: 2019-01-01, value: 2000001, status: law}]}"
        ),
        ["from 2019-01-01", "2000001 is outside the allowed range [0, 2000000] yuan/year"],
    ),
    "unknown unit": (
        f"{{zh: a, en: b, unit: yuan per year, known_to: 2020-01-01, values: [{FIRST}]}}",
        ["standard: unit 'yuan per year' is not understood"],
    ),
    "stated in another kind of unit": (
        f"{{{HEAD}, stated_in: yuan, values: [{FIRST}]}}",
        ["standard: cannot restate 'yuan' as 'yuan/year'"],
    ),
    "dates out of order": (
        f"{{{HEAD}, values: [{FIRST}, {{from: 2018-01-01, value: 1, status: law}}]}}",
        ["standard: `from` dates must ascend"],
    ),
    "first value missing": (
        f"{{{HEAD}, values: [{{from: 2019-01-01, status: missing}}]}}",
        ["standard: the first value must not be missing"],
    ),
    "missing with a value": (
        f"{{{HEAD}, values: [{FIRST}, {{from: 2020-01-01, value: 3, status: missing}}]}}",
        ["from 2020-01-01: status missing, but a value is given"],
    ),
    "unknown by": (
        f"{{{HEAD}, by: conty, values: [{FIRST}]}}",
        ["`by: conty` is not a code column (did you mean 'county'", "give `keys`"],
    ),
    "keys without by": (f"{{{HEAD}, keys: [a, b], values: [{FIRST}]}}", ["`keys` without `by`"]),
    "table without by": (f"{{{HEAD}, kind: table, values: [{FIRST}]}}", ["a table has `by`"]),
    "schedule with by": (
        f"{{{HEAD}, kind: schedule, by: county, values: [{FIRST}]}}",
        ["kind schedule: a table has `by`, and nothing else"],
    ),
    "number of key lists": (
        f"{{{HEAD}, by: [group, county], keys: [a, b], values: [{FIRST}]}}",
        ["`keys` must list the codes of each of ['group', 'county']"],
    ),
    "table as a number": (
        f"{{{HEAD}, by: county, values: [{FIRST}]}}",
        ["from 2019-01-01: `value` must map ['north', 'south', 'islands'] to numbers"],
    ),
    "table with other keys": (
        (
            f"{{{HEAD}, by: county, values: "
            "[{from: 2019-01-01, value: {nort: 1, south: 2, islands: 3}, status: law}]}"
        ),
        ["unknown keys ['nort'] (did you mean 'north'", "missing keys ['north']"],
    ),
    "table entry not a number": (
        (
            f"{{{HEAD}, by: county, values: "
            "[{from: 2019-01-01, value: {north: x, south: 2, islands: 3}, status: law}]}"
        ),
        ["from 2019-01-01, north: must be a number, found 'x'"],
    ),
    "schedule without rates": (
        f"{{{HEAD}, kind: schedule, values: [{{from: 2019-01-01, thresholds: [0], status: law}}]}}",
        ["a schedule needs `thresholds` and `rates`"],
    ),
    "schedule of unequal length": (
        (
            f"{{{HEAD}, kind: schedule, values: "
            "[{from: 2019-01-01, thresholds: [0, 1], rates: [0.1], status: law}]}"
        ),
        ["as many rates as thresholds"],
    ),
    "schedule that descends": (
        (
            f"{{{HEAD}, kind: schedule, values: "
            "[{from: 2019-01-01, thresholds: [0, 9, 5], rates: [0.1, 0.2, 0.3], status: law}]}"
        ),
        ["thresholds must ascend, found [0.0, 9.0, 5.0]"],
    ),
    "schedule with an undefined threshold": (
        (
            f"{{{HEAD}, kind: schedule, values: "
            "[{from: 2019-01-01, thresholds: [0, .nan], rates: [0.1, 0.2], status: law}]}"
        ),
        ["at least one threshold is needed, all finite"],
    ),
    "schedule without brackets": (
        (
            f"{{{HEAD}, kind: schedule, values: "
            "[{from: 2019-01-01, thresholds: [], rates: [], status: law}]}"
        ),
        ["at least one threshold"],
    ),
    "label of no key": (
        (
            f"{{{HEAD}, by: group, keys: [high, low], labels: {{hgih: [高, high]}}, values: "
            "[{from: 2019-01-01, value: {high: 2, low: 1}, status: law}]}"
        ),
        ["`labels` names 'hgih', which is no key (did you mean 'high'"],
    ),
    "unknown bound": (
        f"{{{HEAD}, range: [0, standart], values: [{FIRST}]}}",
        ["range names unknown parameter 'standart' (did you mean 'standard'"],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_one_fault(name, tmp_path) -> None:
    definition, words = FAULTS[name]
    found = faults(tmp_path, f"standard: {definition}\n")
    assert len(found) == 1
    assert found[0].startswith("topic.yaml: standard")
    for word in words:
        assert word in found[0]


def test_every_fault_of_every_file_in_one_message(tmp_path) -> None:
    names = [name.replace(" ", "_") for name in FAULTS if name != "unknown bound"]
    definitions = [each for name, (each, _) in FAULTS.items() if name != "unknown bound"]
    half = len(names) // 2
    files = []
    for part, (start, stop) in enumerate([(0, half), (half, len(names))]):
        file = tmp_path / f"part_{part}.yaml"
        lines = zip(names[start:stop], definitions[start:stop], strict=True)
        file.write_text("\n".join(f"{name}: {each}" for name, each in lines), encoding="utf-8")
        files.append(file)
    with pytest.raises(ParameterError) as caught:
        read_parameters(files, KEYS)
    message = str(caught.value)
    for position, name in enumerate(names):
        file = files[0 if position < half else 1].name
        assert f"{file}: {name}" in message


def test_every_fault_of_one_parameter(tmp_path) -> None:
    found = faults(
        tmp_path,
        f"""
a: {{{HEAD}, values: [
    {{from: 2019-01-01, value: x, status: law}},
    {{from: 2020-01-01, value: 1, status: law}},
    {{from: 2021-01-01, value: y, status: law}}]}}
b: {{{HEAD}, range: [2, 3], values: [{FIRST}, {{from: 2020-01-01, value: 4, status: law}}]}}
""",
    )
    assert [each.split(": ")[1:3] for each in found] == [
        ["a", "from 2019-01-01"],
        ["a", "from 2021-01-01"],
        ["b", "from 2019-01-01"],
        ["b", "from 2020-01-01"],
    ]


def test_file_that_is_no_mapping(tmp_path) -> None:
    assert faults(tmp_path, "- 1\n- 2\n") == [
        "topic.yaml: must map names to definitions, found [1, 2]"
    ]
    assert read(tmp_path, "# nothing yet\n") == {}


def test_same_parameter_in_two_files(tmp_path) -> None:
    for name in ("first.yaml", "second.yaml"):
        (tmp_path / name).write_text(f"standard: {{{HEAD}, values: [{FIRST}]}}", encoding="utf-8")
    with pytest.raises(ParameterError, match=r"second.yaml: standard: already defined in first"):
        read_parameters([tmp_path / "first.yaml", tmp_path / "second.yaml"], KEYS)


def test_duplicate_key_gives_both_lines(tmp_path) -> None:
    text = f"a: {{{HEAD}, values: [{FIRST}]}}\nb: 1\na: 2\n"
    found = faults(tmp_path, text)
    assert len(found) == 1
    assert "topic.yaml, line 3, column 1: key 'a' stands twice (first on line 1)" in found[0]
    nested = faults(tmp_path, "a:\n  zh: x\n  zh: y\n")
    assert "line 3, column 3: key 'zh' stands twice (first on line 2)" in nested[0]


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['touch {path}']",
        "!!python/object/new:os.system ['touch {path}']",
        "!!python/name:os.system ''",
        "!!python/module:os ''",
        "!run touch {path}",
    ],
)
def test_tags_are_never_run(text, tmp_path) -> None:
    trap = tmp_path / "trap"
    found = faults(tmp_path, f"a: 1\nb: {text.format(path=trap)}\n")
    assert "line 2" in found[0]
    assert "tags are never run" in found[0]
    assert not trap.exists()


@pytest.mark.parametrize("text", ["a: [1, 2", "a: b: c", "\ta: 1", "a: *unknown"])
def test_malformed_yaml_gives_the_line(text, tmp_path) -> None:
    # A bracket that is never closed is noticed at the end of the text, after its last line.
    assert re.search(r"topic\.yaml, line [12], column", faults(tmp_path, text)[0])


def test_unreadable_files(tmp_path) -> None:
    with pytest.raises(YamlFault, match=r"absent.yaml: cannot be read"):
        read_yaml(tmp_path / "absent.yaml")
    (tmp_path / "latin.yaml").write_bytes("a: ä".encode("latin-1"))
    with pytest.raises(YamlFault, match=r"latin.yaml: is not UTF-8 .*save it as UTF-8"):
        read_yaml(tmp_path / "latin.yaml")


def test_stated_in_restates_values_but_not_the_range(tmp_path) -> None:
    text = f"""
monthly: {{{HEAD}, stated_in: yuan/month, range: [0, 60000], values: [
    {{from: 2019-01-01, value: 770, status: published, source: a}}]}}
by_county: {{{HEAD}, stated_in: yuan/month, by: county, values: [
    {{from: 2019-01-01, value: {{north: 1, south: 2, islands: 3}}, status: law}}]}}
brackets: {{{HEAD}, stated_in: yuan/month, kind: schedule, values: [
    {{from: 2019-01-01, thresholds: [0, 3000], rates: [0.03, 0.1], status: law}}]}}
"""
    found = {name: each.history[0].datum for name, each in read(tmp_path, text).items()}
    assert found["monthly"] == 770 * 12
    assert found["by_county"].tolist() == [12, 24, 36]
    assert found["brackets"].thresholds.tolist() == [0, 36_000]
    assert found["brackets"].rates.tolist() == [0.03, 0.1]
    (fault,) = faults(tmp_path, text.replace("60000", "9239"))
    assert "9240 is outside the allowed range [0, 9239] yuan/year" in fault


def test_tables_by_column_by_keys_and_by_two(tmp_path) -> None:
    found = read(
        tmp_path,
        f"""
by_column: {{{HEAD}, by: county, values: [
    {{from: 2019-01-01, value: {{islands: 3, north: 1, south: 2}}, status: law}}]}}
by_keys: {{{HEAD}, by: group, keys: [A, B], labels: {{A: [甲, first]}}, values: [
    {{from: 2019-01-01, value: {{B: 2, A: 1}}, status: law}}]}}
by_two: {{{HEAD}, by: [county, group], keys: [[north, south], [1, 2, 3]], values: [
    {{from: 2019-01-01, status: law,
      value: {{south: {{1: 4, 2: 5, 3: 6}}, north: {{3: 3, 2: 2, 1: 1}}}}}}]}}
covered: {{zh: a, en: b, unit: bool, known_to: 2020-01-01, by: county, values: [
    {{from: 2019-01-01, value: {{north: true, south: false, islands: true}}, status: law}}]}}
""",
    )
    data = {name: each.history[0].datum.tolist() for name, each in found.items()}
    assert data == {
        "by_column": [1, 2, 3],
        "by_keys": [1, 2],
        "by_two": [[1, 2, 3], [4, 5, 6]],
        "covered": [1, 0, 1],
    }
    assert found["by_two"].keys == (("north", "south"), ("1", "2", "3"))
    assert found["by_column"].kind == "table"
    assert found["by_keys"].key_labels == {"A": ("甲", "first")}


def test_range_with_a_named_bound_holds_on_every_day(tmp_path) -> None:
    text = f"""
cap: {{{HEAD}, values: [
    {{from: 2019-01-01, value: 100, status: law}}, {{from: 2021-01-01, value: 50, status: law}}]}}
base: {{{HEAD}, range: [0, cap], values: [{{from: 2019-01-01, value: FIGURE, status: law}}]}}
"""
    assert read(tmp_path, text.replace("FIGURE", "50"))["base"].maximum == "cap"
    found = faults(tmp_path, text.replace("FIGURE", "60"))
    assert found == [
        (
            "topic.yaml: base: on 2021-01-01: base: 60 is outside the allowed range "
            "[0, cap = 50.0] yuan/year"
        )
    ]
    other = text.replace("range: [0, cap]", "range: [0, brackets]") + (
        f"brackets: {{{HEAD}, kind: schedule, values: "
        "[{from: 2019-01-01, thresholds: [0], rates: [0.1], status: law}]}\n"
    )
    assert (
        "range names 'brackets', which has other keys"
        in faults(tmp_path, other.replace("FIGURE", "1"))[0]
    )
