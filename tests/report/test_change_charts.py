"""Charts of why a distribution changed: every bar and point is a figure of a table."""

import matplotlib as mpl
import numpy as np
import pytest
from olive_tests.made_up import population
from olive_tests.made_up import result as made_result

import olive
from olive.report import change_charts

mpl.use("Agg")


@pytest.fixture(scope="module")
def result() -> olive.simulation.Result:
    city = olive.Population.synthetic(households=500, seed=2)
    law = olive.law(year=2023)
    return olive.simulate(city, [law, law | olive.Reform(multiply={"dibao_standard": 3.0})])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_parts_end_at_the_change(result, language) -> None:
    table = olive.growth_and_shape(result)
    axes = change_charts.parts_of_change(table, language)
    shares = table.frame[table["unit"] == "1"]
    ends = np.zeros(len(shares))
    for part, bars in zip(("growth", "shape"), axes.containers, strict=True):
        widths = [bar.get_width() for bar in bars]
        assert widths == pytest.approx(list(100.0 * shares[part]))
        ends += widths
    marks = next(line for line in axes.lines if line.get_marker() == "|")
    assert ends == pytest.approx(marks.get_xdata(), abs=1e-9)
    assert marks.get_xdata() == pytest.approx(100.0 * shares["change"].to_numpy())
    first = axes.get_yticklabels()[0].get_text()
    assert ("per capita" in first or "own income" in first) == (language == "en")


def test_ranks_show_growth_and_density(result) -> None:
    compared = olive.compare(result)
    growth, relative = compared.growth_incidence(10), compared.relative_distribution()
    left = change_charts.growth_of_ranks(growth, relative)
    right = left.figure.axes[1]
    assert left.lines[0].get_ydata() == pytest.approx(100.0 * growth["growth"].to_numpy())
    tops = [bar.get_y() + bar.get_height() for bar in right.patches]
    assert tops == pytest.approx(relative["density"].to_numpy())


def test_real_data_show_how_sure_densities_are() -> None:
    rng = np.random.default_rng(3)
    before = rng.lognormal(11, 0.5, 300)
    city = population([1] * 300, [1.0] * 300, synthetic=False)
    compared = olive.compare(made_result(city, before, before * rng.uniform(1.0, 1.2, 300)))
    relative = compared.relative_distribution(4)
    left = change_charts.growth_of_ranks(compared.growth_incidence(4), relative)
    right = left.figure.axes[1]
    segments = right.collections[0].get_segments()
    ends = [[segment[0][1], segment[1][1]] for segment in segments]
    expected = relative[["density_low", "density_high"]].to_numpy()
    assert np.array(ends) == pytest.approx(expected)
