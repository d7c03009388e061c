"""CSV as people and spreadsheets save it: read right, or refused with file, line and remedy."""

from __future__ import annotations

import re
import warnings

import pytest

from olive import plan
from olive.engine.csv_reading import CsvFault, parse_csv, read_csv_file
from olive.errors import DataError, DataWarning, OliveError, PlanError
from olive.population.calibration import CalibrationError, Targets
from olive.validation.published import published_figures

TARGETS = (
    "id,entity,measure,where,value,year,unit,source,status,tolerance,block\n"
    'all,person,count,,"6,662,888",2020,persons,台州市统计局,published,0,\n'
)
FIGURES = (
    "id,value,year,unit,entity,measure,where,status,source\n"
    "all,6662888,2020,persons,person,count,,published,台州市统计局\n"
)
OBSERVED = "clause,year,value,source\npath.10.pension_participation,2021,65.5,台州市统计局\n"
READERS = {
    "targets": (Targets.read, TARGETS, CalibrationError),
    "figures": (published_figures, FIGURES, DataError),
    "observed": (plan.read_observations, OBSERVED, PlanError),
}


def sources(found) -> list[str]:
    return [each.source for each in found]


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_every_usual_encoding_is_read_and_told(tmp_path, kind, encoding):
    read, text, _ = READERS[kind]
    path = tmp_path / "saved.csv"
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    if encoding.startswith("utf-8"):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = read(path)
    else:
        with pytest.warns(DataWarning, match=r"saved\.csv is not UTF-8"):
            found = read(path)
    assert sources(found) == ["台州市统计局"]


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("separator", ["\t", ";", "，", "；", "|"])
def test_other_separators(tmp_path, kind, separator):
    read, text, _ = READERS[kind]
    path = tmp_path / "saved.csv"
    path.write_text(text.replace('"6,662,888"', "6662888").replace(",", separator), "utf-8")
    assert len(list(read(path))) == 1


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "holds no table"),
        (b",,,\n", "holds no table"),
        (b"PK\x03\x04\x00\x00", "no text in UTF-8 or GB18030"),
        (b"a,b\n\xff\xff,\x81\n", "no text in UTF-8 or GB18030"),
        (b"a,a\n1,2\n", "'a' stands twice"),
        (b"a,b\n1\n", "line 2: 1 cells, but 2 columns"),
        (b"a,b\n1,2,3\n", "line 2: 3 cells, but 2 columns"),
        (b'a,b\n"1,2\n3,4\n', "line 2: a quoted cell runs over several lines"),
        (b"a,b\n1," + b"x" * 140_000 + b"\n", "a cell of more than 131,072 characters"),
        (b'a,b\n"1"2,3\n', "line 2: no CSV"),
    ],
)
def test_what_is_no_table_is_refused_by_each_reader(tmp_path, kind, content, words):
    read, _, error = READERS[kind]
    path = tmp_path / "broken.csv"
    path.write_bytes(content)
    with pytest.raises(error, match=words) as caught:
        read(path)
    assert "broken.csv" in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("kind", READERS)
def test_missing_files_and_folders(tmp_path, kind):
    read, _, error = READERS[kind]
    for path in (tmp_path / "nowhere.csv", tmp_path):
        with pytest.raises(error, match="cannot be read"):
            read(path)


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("year", ["inf", "1e400", "2020.5", "20", "", "二〇二〇", "99999999999999"])
def test_years_that_are_none(tmp_path, kind, year):
    read, text, error = READERS[kind]
    path = tmp_path / "t.csv"
    path.write_text(re.sub(",202[01],", f",{year},", text), encoding="utf-8")
    with pytest.raises(error, match=r"line 2: .*year"):
        read(path)


def test_every_fault_of_a_targets_file_is_told(tmp_path):
    path = tmp_path / "t.csv"
    row = TARGETS.splitlines()[1]
    bad = [row.replace("6,662,888", "many"), row.replace("2020", "20"), row.replace("all", "")]
    path.write_text("\n".join([TARGETS.splitlines()[0], *bad]), encoding="utf-8")
    with pytest.raises(CalibrationError) as caught:
        Targets.read(path)
    text = str(caught.value)
    assert "line 2: value 'many'" in text
    assert "line 3: year 20 must be a calendar year" in text
    assert "line 4: id is empty" in text


def test_spreadsheets_add_empty_rows_and_columns():
    table = parse_csv("a,b,,\n1,2,,\n,,,\n3,4,,\n", "x.csv", remarks=False)
    assert table.heads == ("a", "b")
    assert table.rows == ((2, ["1", "2"]), (4, ["3", "4"]))


def test_remarks_are_for_olives_own_formats():
    text = '# said "so\na,b\n#1,2\n'
    assert parse_csv(text, "x.csv", remarks=True).rows == ()
    assert parse_csv("a,b\n#1,2\n", "x.csv", remarks=False).rows == ((2, ["#1", "2"]),)


def test_quoted_cells_of_surveys_may_run_over_lines(tmp_path):
    path = tmp_path / "s.csv"
    path.write_text('a,b\n1,"x\ny"\n2,z\n', encoding="utf-8")
    table = read_csv_file(path, remarks=False)
    assert table.rows == ((2, ["1", "x\ny"]), (4, ["2", "z"]))
    with pytest.raises(CsvFault, match="line 2: a quoted cell"):
        read_csv_file(path, remarks=True)
    assert issubclass(CsvFault, OliveError)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\n\n", "\r\n\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16-le", "utf-16-be"])
def test_marks_and_line_ends_of_every_program(tmp_path, encoding, line_end):
    """㐀 and 𠮷 are names that GBK lacks: GB18030 writes them in four bytes."""
    path = tmp_path / "s.csv"
    mark = "\ufeff" if encoding.startswith("utf-16") else ""
    path.write_bytes(f"{mark}a,b{line_end}㐀,𠮷 {line_end}\n".encode(encoding))
    table = read_csv_file(path, remarks=True)
    assert table.heads == ("a", "b")
    assert [record for _, record in table.records()] == [{"a": "㐀", "b": "𠮷"}]


def test_the_separator_is_the_one_that_the_heads_have_most_of():
    """A quoted head may hold other separators; the lines above it are remarks."""
    text = '# of 2023; by county, sex\n"income, yuan";sex\n5;1\n'
    assert parse_csv(text, "x.csv", remarks=True).heads == ("income, yuan", "sex")


@pytest.mark.parametrize("cell", ["1,200", "-1,200", "12,345", " 0,125 "])
def test_a_comma_between_semicolons_may_be_that_of_decimals(cell):
    """In German or French tables 1,200 is 1.2; here it would be 1200: nobody can know."""
    with pytest.raises(CsvFault, match=r"line 3: .*decimal comma"):
        parse_csv(f"a;b\n1;x\n{cell};x\n", "x.csv", remarks=False)
    # such as 1,200,000 or 1.5, which are nothing else
    clear = "a;b\n1,200,000;1.5\n"
    assert parse_csv(clear, "x.csv", remarks=False).rows == ((2, ["1,200,000", "1.5"]),)


def test_a_title_above_the_heads_is_told():
    with pytest.raises(CsvFault, match=r"the first row must hold the names.*is it a title"):
        parse_csv("2023年住户调查\na,b\n1,2\n", "x.csv", remarks=False)
