"""Charts: language, fonts, and points where the figures are."""

from __future__ import annotations

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from matplotlib import font_manager
from matplotlib.text import Text

import olive
from olive.errors import ChartWarning
from olive.report import charts

mpl.use("Agg")


@pytest.fixture(scope="module")
def result():
    city = olive.Population.synthetic(households=300, seed=1)
    in_force = olive.law(year=2023).renamed("in force")
    plan = (in_force | olive.plan.scenario()).renamed("plan")
    return olive.simulate(city, [in_force, plan])


@pytest.fixture(scope="module")
def comparison(result):
    return olive.compare(result)


def test_points_and_bars_are_the_table(comparison) -> None:
    axes = charts.shares_and_targets(comparison)
    frame = comparison.targets().frame
    shares = frame[frame["indicator"].isin(["share_10_50", "share_20_60"])].iloc[::-1]
    lines = {line.get_label(): line for line in axes.get_lines()}
    for label in ("in force", "plan"):
        assert lines[label].get_xdata() == pytest.approx(100 * shares[label].to_numpy())
    (bars,) = axes.containers
    assert [bar.get_x() for bar in bars] == pytest.approx(
        100 * shares["after_range_low"].to_numpy()
    )
    ends = [bar.get_x() + bar.get_width() for bar in bars]
    assert ends == pytest.approx(100 * shares["after_range_high"].to_numpy())
    # the plan's targets: 70 % and 45 %
    assert {text.get_text() for text in axes.texts} == {"target 70%", "target 45%"}
    low, high = axes.get_xlim()
    assert low < min(bar.get_x() for bar in bars)
    assert high > max(ends)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_titles_end_within_the_picture(comparison, result, language) -> None:
    """A title says last that the data are synthetic: that must not be cut off."""
    figure, (upper, lower) = plt.subplots(2, 1, figsize=(6.4, 8.0), layout="constrained")
    charts.shares_and_targets(comparison, axes=upper, language=language)
    charts.income_distribution(result, axes=lower, language=language)
    figure.canvas.draw()
    for axes in (upper, lower):
        title = axes.get_title("left")
        (drawn,) = [each for each in axes.findobj(match=Text) if each.get_text() == title]
        assert drawn.get_window_extent().x1 <= figure.bbox.x1


def test_english_with_a_warning_where_no_font_is_chinese(comparison, result, monkeypatch) -> None:
    monkeypatch.setattr(charts, "_chinese_font", lambda: None)
    for draw, data in (
        (charts.shares_and_targets, comparison),
        (charts.income_distribution, result),
    ):
        with pytest.warns(ChartWarning, match="no Chinese font"):  # which a command says
            axes = draw(data, language="zh")
        assert all(text.get_text().isascii() for text in axes.findobj(match=Text))


def test_a_font_installed_after_matplotlib_made_its_list_is_found(monkeypatch) -> None:
    fonts = font_manager.fontManager
    name = "DejaVu Sans Mono"  # comes with matplotlib
    path = next(each.fname for each in fonts.ttflist if each.name == name)
    older = [each for each in fonts.ttflist if each.name != name]
    monkeypatch.setattr(fonts, "ttflist", older)
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [__file__, path])
    monkeypatch.setattr(charts, "_CHINESE_FONTS", (name,))
    charts._first_new_font.cache_clear()
    try:
        assert charts._chinese_font() == name
    finally:
        charts._first_new_font.cache_clear()


def test_a_policy_has_its_chinese_name_in_a_chinese_legend(result, monkeypatch) -> None:
    monkeypatch.setattr(charts, "_chinese_font", lambda: "A Chinese Font")
    law, plan = result.policies
    higher = (law | {"dibao_standard": 15_000}).renamed("higher dibao", "提高低保")
    three = olive.simulate(result.population, [law, higher, plan])
    for language, name in (("zh", "提高低保"), ("en", "higher dibao")):
        shares = charts.shares_and_targets(olive.compare(three, 0, 1), language=language)
        incomes = charts.income_distribution(three, language=language)
        for axes in (shares, incomes):
            shown = [text.get_text() for text in axes.get_legend().get_texts()]
            assert name in shown


def test_chinese_texts_get_the_chinese_font(comparison, result, monkeypatch) -> None:
    monkeypatch.setattr(charts, "_chinese_font", lambda: "A Chinese Font")
    _, given = plt.subplots()  # its texts were made with the usual font
    for axes in (
        charts.shares_and_targets(comparison, language="zh"),
        charts.income_distribution(result, axes=given, language="zh"),
    ):
        assert "合成数据" in axes.get_title(loc="left")
        chinese = [x for x in axes.findobj(match=Text) if not x.get_text().isascii()]
        assert len(chinese) >= 4
        assert all(x.get_fontfamily()[0] == "A Chinese Font" for x in chinese)
