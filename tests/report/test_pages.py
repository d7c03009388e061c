"""The page as a file: what it holds, and how a browser shows and prints it."""

from __future__ import annotations

import ast
import html
import re
import shutil
import subprocess
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.image import imread

import olive
from olive.analysis.histogram import bracket_shares
from olive.errors import DataError
from olive.places.labels import LANGUAGES, Language
from olive.report.build import Report, build_report
from olive.report.chart_frame import checked_chart
from olive.report.html import write_html
from olive.report.page import page
from olive.report.pictures import write_chart
from olive.report.request import ReportRequest

mpl.use("Agg")

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = pytest.mark.skipif(
    BROWSER is None, reason="no chromium: apt-get install chromium fonts-noto-cjk"
)


@pytest.fixture(scope="module")
def report() -> Report:
    return build_report(ReportRequest(households=400, model_range=False))


@pytest.fixture(scope="module")
def files(report: Report, tmp_path_factory: pytest.TempPathFactory) -> dict[Language, Path]:
    folder = tmp_path_factory.mktemp("pages")
    found: dict[Language, Path] = {}
    for language in LANGUAGES:
        found[language] = folder / f"{language}.html"
        write_html(report, found[language], language)
    return found


def browse(*arguments: str) -> subprocess.CompletedProcess[str]:
    assert BROWSER is not None
    return subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *arguments],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_holds_the_page_of_the_terminal(
    report: Report, files: dict[Language, Path], language: Language
) -> None:
    text = files[language].read_text(encoding="utf-8")
    content = page(report, language)
    plain = html.unescape(re.sub(r"<[^>]+>", "\n", text))
    for sentence in (content.title, content.label, *content.headline):
        assert sentence in plain
    for section in content.sections:
        assert section.title in plain
        for item in section.items:
            if isinstance(item, str):
                assert item in plain
            else:
                assert all(label.strip() in plain for label in item.labels)
    assert text.count("<svg") == 2
    assert f'lang="{"zh-CN" if language == "zh" else "en"}"' in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_needs_nothing_else(files: dict[Language, Path], language: Language) -> None:
    text = files[language].read_text(encoding="utf-8")
    assert "<script" not in text
    assert "<link" not in text
    links = re.findall(r'(?:src|href)="([^"]*)"', text)
    assert all(link.startswith("#") for link in links)
    assert not re.search(r"url\((?!#)", text)
    assert "@import" not in text


def test_the_same_report_gives_the_same_file(report: Report, tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        write_html(report, tmp_path / name, "en")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_texts_of_a_user_are_escaped(tmp_path: Path) -> None:
    path = tmp_path / "reform.yaml"
    path.write_text(
        "label: <b>more</b> & <script>x()</script>\n"
        "operations:\n"
        "  - {parameter: dibao_standard, operation: at_least, value: 15000}\n",
        encoding="utf-8",
    )
    report = build_report(ReportRequest(households=400, reforms=(path,), model_range=False))
    write_html(report, tmp_path / "page.html", "en")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<script>" not in text
    assert "<b>more" not in text
    assert "&lt;b&gt;more&lt;/b&gt; &amp; &lt;script&gt;" in text


def test_the_shares_are_written_into_the_picture(report: Report) -> None:
    from matplotlib.figure import Figure

    from olive.report.charts import income_distribution

    axes = income_distribution(
        report.result, axes=Figure().subplots(), policies=("in force", "plan")
    )
    texts = [text.get_text() for text in axes.texts]
    before, after = (
        bracket_shares(report.result, label, "household") for label in ("in force", "plan")
    )
    for bounds, name, target in (
        ((100_000.0, 500_000.0), "10-50", "70%"),
        ((200_000.0, 600_000.0), "20-60", "45%"),
    ):
        share = f"{name}: {before[bounds]:.1%} to {after[bounds]:.1%}, target {target}"
        assert share in texts
    rows = {(row.indicator, row.definition): row for row in report.effects[0].targets}
    assert after[100_000.0, 500_000.0] == rows["share_10_50", "household"].after
    assert before[200_000.0, 600_000.0] == rows["share_20_60", "household"].before


@pytest.mark.parametrize(
    "ending", ["svg", *(pytest.param(each, marks=pytest.mark.slow) for each in ("png", "pdf"))]
)
def test_the_pictures_alone(report: Report, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"chart.{ending}"
    write_chart(report, file, "en")
    start = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}[ending]
    assert file.read_bytes().startswith(start)
    again = tmp_path / f"again.{ending}"
    write_chart(report, again, "en")
    assert again.read_bytes() == file.read_bytes()


def test_other_endings_are_refused() -> None:
    with pytest.raises(DataError, match="svg, png or pdf"):
        checked_chart(Path("chart.bmp"))


WIDER = [("en", 390), ("zh", 1280), ("en", 1280)]


@needs_browser
@pytest.mark.parametrize(
    ("language", "width"),
    [
        ("zh", 390),  # the tightest
        *(pytest.param(*each, marks=pytest.mark.slow) for each in WIDER),
    ],
)
def test_a_browser_shows_it_without_sideways_scrolling(
    files: dict[Language, Path], tmp_path: Path, language: Language, width: int
) -> None:
    """The page says its own width: a frame of that width holds it, and nothing sticks out."""
    frame = tmp_path / "frame.html"
    frame.write_text(
        f'<body style="margin:0"><iframe id="f" style="border:0;width:{width}px;height:900px" '
        f'src="{files[language].as_uri()}"></iframe><p id="w"></p><script>'
        "document.getElementById('f').onload = e => {"
        "const d = e.target.contentDocument.documentElement;"
        "document.getElementById('w').textContent = 'wide ' + d.scrollWidth;};</script>",
        encoding="utf-8",
    )
    done = browse(
        "--allow-file-access-from-files",
        "--virtual-time-budget=4000",
        "--dump-dom",
        frame.as_uri(),
    )
    found = re.search(r"wide (\d+)", done.stdout)
    assert found, done.stdout[-500:]
    assert int(found[1]) <= width
    shot = tmp_path / "shot.png"
    browse(f"--window-size={width},2400", f"--screenshot={shot}", files[language].as_uri())
    picture = imread(shot)
    assert picture.shape[1] == width
    assert picture[..., :3].std() > 0.05  # something is drawn


@needs_browser
@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.slow), "zh"])
def test_it_prints_on_a_few_pages(
    files: dict[Language, Path], tmp_path: Path, language: Language
) -> None:
    printed = tmp_path / "page.pdf"
    browse("--no-pdf-header-footer", f"--print-to-pdf={printed}", files[language].as_uri())
    content = printed.read_bytes()
    assert content.startswith(b"%PDF")
    pages = len(re.findall(rb"/Type\s*/Page[^s]", content))
    assert 2 <= pages <= 8


def imported(path: Path) -> set[str]:
    """Return the modules that a module imports when it runs; types alone do not count."""
    found: set[str] = set()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    runs = [
        node
        for node in tree.body
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    ]
    for node in (each for top in runs for each in ast.walk(top)):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


# What is shown comes from `olive.analysis`; `build` chooses data and policies and asks for it.
RENDERS = (
    "assumption_table",
    "balance_table",
    "charts",
    "files",
    "footnotes",
    "gain_table",
    "html",
    "indicator_rows",
    "page",
    "pictures",
    "text",
)


@pytest.mark.parametrize("name", RENDERS)
def test_the_report_renders_and_computes_nothing(name: str) -> None:
    module = Path(olive.__file__).parent / "report" / f"{name}.py"
    for each in imported(module):
        assert each.split(".")[0] not in {"numpy", "scipy"}, each
        assert not each.startswith(("olive.simulation", "olive.population", "olive.engine")), each
        assert each not in {"olive.analysis.comparing", "olive.analysis.attribution"}, each
