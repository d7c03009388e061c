"""Feasibility of the three targets against closed forms and hand calculations."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import fisk, lognorm

import olive
from olive.analysis.feasible_targets import lognormal_gini, most_unequal
from olive.errors import DataError

QUESTION = olive.feasibility()


def row(frame, **keys):
    chosen = frame
    for name, value in keys.items():
        chosen = chosen[chosen[name] == value]
    assert len(chosen) == 1
    return chosen.iloc[0]


# Lognormal household income of mean 75,000 x size, by hand with tables of the normal
# distribution: spread and Gini at which each share is just reached, and the other share there.
@pytest.mark.parametrize(
    ("size", "spread", "gini", "other"),
    [(2.4, 0.637, 0.348, 0.301), (2.8, 0.707, 0.383, 0.355), (3.2, 0.747, 0.403, 0.394)],
)
def test_spread_for_the_lower_bracket(size, spread, gini, other) -> None:
    found = row(QUESTION.by_size([size]).frame, bracket="share_10_50")
    assert found["spread"] == pytest.approx(spread, abs=5e-4)
    assert found["gini"] == pytest.approx(gini, abs=5e-4)
    assert found["share_20_60"] == pytest.approx(other, abs=6e-4)


def test_spreads_agree_with_an_independent_distribution() -> None:
    frame = QUESTION.by_size([3.0]).frame
    for name, low, high, target in (
        ("share_10_50", 1e5, 5e5, 0.70),
        ("share_20_60", 2e5, 6e5, 0.45),
    ):
        spread = row(frame, bracket=name)["spread"]
        incomes = lognorm(spread, scale=math.exp(math.log(225_000) - spread**2 / 2))
        assert incomes.mean() == pytest.approx(225_000)
        assert incomes.cdf(high) - incomes.cdf(low) == pytest.approx(target, abs=1e-9)


def test_the_upper_bracket_is_out_of_reach_of_small_households() -> None:
    frame = QUESTION.by_size([2.4, 2.7]).frame
    small = row(frame, size=2.4, bracket="share_20_60")
    assert np.isnan(small["spread"])
    assert small["best"] == pytest.approx(0.3215, abs=1e-4)  # at no spread more than 32.1 %
    assert np.isnan(row(frame, size=2.4, bracket="both")["spread"])
    both = row(frame, size=2.7, bracket="both")
    assert both["spread"] == pytest.approx(0.326, abs=5e-4)  # the upper bracket binds
    assert both["share_10_50"] > 0.97


def test_the_upper_bracket_binds() -> None:
    frame = QUESTION.by_size([2.4, 2.8]).frame
    assert set(frame.loc[frame["bracket"] == "both", "binds"]) == {"share_20_60"}


def test_the_lognormal_of_both_shares() -> None:
    # By hand with tables of the normal distribution: median 219,400, spread 0.776, Gini 0.417,
    # mean 296,527; as floors a mean of 198,427 (2.646 persons) at a spread of 0.126.
    frame = QUESTION.lognormal().frame
    exact, least = row(frame, read_as="exactly"), row(frame, read_as="at_least")
    assert exact["median"] == pytest.approx(219_400, abs=50)
    assert exact["spread"] == pytest.approx(0.776, abs=5e-4)
    assert exact["gini"] == pytest.approx(0.417, abs=5e-4)
    assert exact["mean"] == pytest.approx(296_527, abs=5)
    assert exact["size_needed"] == pytest.approx(3.95, abs=5e-3)
    assert least["mean"] == pytest.approx(198_427, abs=5)
    assert least["size_needed"] == pytest.approx(2.646, abs=5e-4)
    assert least["spread"] == pytest.approx(0.126, abs=5e-4)
    incomes = lognorm(exact["spread"], scale=exact["median"])
    assert incomes.cdf(5e5) - incomes.cdf(1e5) == pytest.approx(0.70, abs=1e-9)
    assert incomes.cdf(6e5) - incomes.cdf(2e5) == pytest.approx(0.45, abs=1e-9)


def test_most_unequal_at_any_mean() -> None:
    # 70 % within a factor of five around the median: sigma = ln(5) / 2 / 1.0364 = 0.7764.
    assert most_unequal(QUESTION.brackets[0]) == pytest.approx(
        lognormal_gini(0.5 * math.log(5.0) / 1.0364334), abs=1e-6
    )


def test_exact_shapes_meet_all_three() -> None:
    frame = QUESTION.shapes([2.6, 3.0]).frame
    for size in (2.6, 3.0):
        found = row(frame, family="dagum", size=size)
        a, b, p = found["shape"], found["scale"], found["tail"]

        def cdf(x, a=a, b=b, p=p):
            return (1.0 + (x / b) ** -a) ** -p

        assert cdf(5e5) - cdf(1e5) == pytest.approx(0.70, abs=1e-8)
        assert cdf(6e5) - cdf(2e5) == pytest.approx(0.45, abs=1e-8)
        assert cdf(1e5) == pytest.approx(found["below"], abs=1e-8)
        # Mean of a Dagum distribution: b B(p + 1/a, 1 - 1/a) p.
        beta = math.gamma(p + 1 / a) * math.gamma(1 - 1 / a) / math.gamma(p + 1)
        assert b * p * beta == pytest.approx(75_000 * size, rel=1e-8)
    found = row(frame, family="singh_maddala", size=2.6)
    assert np.isnan(found["shape"])


def test_an_exact_shape_is_found_again() -> None:
    # A Dagum distribution with tail 1 is a log-logistic one: its own shares and mean lead back.
    incomes = fisk(4.0, scale=200_000.0)
    shares = (
        incomes.cdf(5e5) - incomes.cdf(1e5),
        incomes.cdf(6e5) - incomes.cdf(2e5),
    )
    question = olive.feasibility(incomes.mean() / 3.0, shares)
    found = row(question.shapes([3.0]).frame, family="dagum")
    assert (found["shape"], found["tail"]) == pytest.approx((4.0, 1.0), rel=1e-4)


def test_any_distribution() -> None:
    frame = QUESTION.any_distribution().frame
    # 45 % at 200,000, 25 % at 100,000, the rest at nothing: 90,000 + 25,000.
    assert row(frame, assumption="none")["mean"] == pytest.approx(115_000)
    assert row(frame, assumption="unimodal")["mean"] > 115_000


def test_mixture_of_sizes() -> None:
    frame = QUESTION.mixture([2.4, 3.0]).frame
    assert np.isnan(row(frame, size=2.4, counted="households")["spread"])
    assert row(frame, size=2.4, counted="persons")["spread"] == pytest.approx(0.41, abs=0.005)
    assert row(frame, size=3.0, counted="households")["spread"] == pytest.approx(0.39, abs=0.005)
    assert row(frame, size=3.0, counted="persons")["spread"] == pytest.approx(0.62, abs=0.005)


def test_the_city_reaches_what_its_row_says() -> None:
    city = olive.Population.synthetic(households=2_000, seed=1)
    table = QUESTION.city(olive.simulate(city, [olive.law(year=2023)]))
    assert table.synthetic
    for _, found in table.frame.dropna(subset=["factor"]).iterrows():
        for name, target in (("share_10_50", 0.70), ("share_20_60", 0.45)):
            if found["bracket"] in (name, "both"):
                assert found[name] >= target
    # A factor below one means that incomes would have to be less unequal than they are.
    assert ((table["factor"] < 1.0) == (table["gini"] < table["gini_now"]))[
        table["factor"].notna()
    ].all()


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ((0.0,), "income_per_head must be finite numbers above 0"),
        ((75_000.0, (0.7,)), "2 fractions between 0 and 1"),
        ((75_000.0, (70, 45)), "2 fractions between 0 and 1"),
        ((75_000.0, 0.7), "2 fractions between 0 and 1"),
        ((75_000.0, {0.7: 1, 0.45: 2}), "2 fractions between 0 and 1"),
    ],
)
def test_faults(arguments, fault) -> None:
    with pytest.raises(DataError, match=fault):
        olive.feasibility(*arguments)


def test_shares_and_sizes_are_given_as_any_sequence() -> None:
    question = olive.feasibility(shares=np.array([0.7, 0.45]))
    assert question.brackets == olive.feasibility(shares=(0.7, 0.45)).brackets
    for name in ("by_size", "shapes", "mixture"):
        ask = getattr(question, name)
        assert ask(np.array([2.6])).frame.equals(ask([2.6]).frame)


@pytest.mark.parametrize("sizes", [np.array([]), np.array([[2.6]]), 2.6, "2.6", [0.0]])
def test_what_is_no_list_of_sizes_is_told(sizes) -> None:
    with pytest.raises(DataError, match="sizes must be finite numbers above 0"):
        QUESTION.by_size(sizes)
