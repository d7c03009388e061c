"""Middle class, polarisation, growth incidence, dominance and relative distributions.

Against closed forms of normal, lognormal and uniform distributions, brute force, and hand
arithmetic; standard errors against the spread over samples.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import integrate
from scipy.stats import lognorm, norm

from olive import statistics as st
from olive.errors import DataError

RNG = np.random.default_rng(12)
INCOME = RNG.lognormal(0, 0.6, 400)
WEIGHTS = RNG.uniform(0.5, 2, 400)
GROUPS = RNG.choice(["a", "b", "c", "d"], 400)
EVEN = (np.arange(100_000) + 0.5) / 100_000


def spread_and_error(statistic, draw, samples=150, **arguments):
    """Return the spread of a statistic over samples, and the mean of its standard errors."""
    found = []
    for _ in range(samples):
        columns = draw()
        found.append(
            st.estimate(
                statistic,
                *columns,
                weights=1,
                uncertainty=st.survey_design(columns[0].size),
                counted="rows",
                **arguments,
            )
        )
    return np.std([each.value for each in found]), np.mean([each.standard_error for each in found])


# --- the middle class


def test_the_middle_class_by_each_definition_by_hand():
    # Half a fen below the upper end counts as the end, which is outside.
    incomes = [60_000, 100_000, 499_999.999999, 500_000]
    assert st.middle_share(incomes, 1, band="statistical_bureau") == 0.25
    values, weights = [5.0, 7.5, 10.0, 12.5, 20.0], [1, 1, 2, 1, 1]
    assert st.middle_share(values, weights, band="median_75_200") == pytest.approx(4 / 6)
    assert st.middle_share(values, weights, band="median_75_125") == pytest.approx(3 / 6)
    mixed = st.middle_share(values, weights, low=6.0, high=st.RelativeLine(2.0))
    assert mixed == pytest.approx(4 / 6)


def test_relative_bands_of_a_lognormal():
    found = st.middle_share(lognorm(0.6).ppf(EVEN), 1, band="median_67_200")
    expected = norm.cdf(np.log(2) / 0.6) - norm.cdf(np.log(2 / 3) / 0.6)
    assert found == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    "arguments",
    [{"band": "median_75_200"}, {"low": 0.7, "high": st.RelativeLine(3)}, {"low": 0.7, "high": 2}],
    ids=str,
)
def test_errors_of_the_middle_class(arguments):
    rng = np.random.default_rng(3)
    spread, error = spread_and_error(
        st.middle_share, lambda: (rng.lognormal(0, 0.6, 2_000),), **arguments
    )
    assert error == pytest.approx(spread, rel=0.15)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"band": "median_75_20"}, "did you mean 'median_75_200'"),
        ({"low": 1.0}, "both low= and high="),
        ({}, "both low= and high="),
        ({"band": "median_75_200", "low": 1.0}, "either a band"),
        ({"low": 3.0, "high": 2.0}, "enclose nothing"),
    ],
)
def test_unclear_bands_are_refused(arguments, message):
    with pytest.raises(DataError, match=message):
        st.middle_share(INCOME, 1, **arguments)


# --- polarisation


def test_negatives_of_wolfson_count_as_none_when_asked():
    values = np.array([-5.0, 1.0, 2.0, 3.0, 10.0])
    with pytest.raises(DataError, match="not defined for negative values"):
        st.wolfson(values, 1)
    zeroed = np.maximum(values, 0.0)
    assert st.wolfson(values, 1, negatives="as_zero") == st.wolfson(zeroed, 1)
    ours, theirs = (
        st.linearize(st.wolfson, each, weights=1, negatives="as_zero") for each in (values, zeroed)
    )
    assert ours.scores.tolist() == theirs.scores.tolist()


def brute_esteban_ray(values, groups, weights, alpha):
    mean = np.average(values, weights=weights)
    names = np.unique(groups)
    share = [weights[groups == name].sum() / weights.sum() for name in names]
    means = [np.average(values[groups == n], weights=weights[groups == n]) / mean for n in names]
    return sum(
        p ** (1 + alpha) * q * abs(a - b)
        for p, a in zip(share, means, strict=True)
        for q, b in zip(share, means, strict=True)
    )


@pytest.mark.parametrize("alpha", [0.5, 1.3, 1.6])
def test_esteban_ray_is_the_double_sum_and_its_scores_are_derivatives(alpha):
    found = st.linearize(st.esteban_ray, INCOME, GROUPS, weights=WEIGHTS, alpha=alpha)
    brute = brute_esteban_ray(INCOME, GROUPS, WEIGHTS, alpha)
    assert found.value == pytest.approx(brute, rel=1e-12)
    for row in range(0, 400, 25):
        ends = []
        for step in (1e-6, -1e-6):
            moved = WEIGHTS.copy()
            moved[row] += step
            ends.append(brute_esteban_ray(INCOME, GROUPS, moved, alpha))
        derivative = WEIGHTS[row] * (ends[0] - ends[1]) / 2e-6
        assert found.scores[row] == pytest.approx(derivative, rel=1e-4, abs=1e-9)


def test_esteban_ray_at_its_ends():
    # Two equal poles, one with nothing: 2 x 0.5^(2 + alpha) x 2; alpha near 0: twice the Gini.
    poles = st.esteban_ray([0.0, 2.0], ["a", "b"], 1, alpha=1.0)
    assert poles == pytest.approx(2 * 0.5**3 * 2)
    rows = np.arange(INCOME.size)
    tiny = st.esteban_ray(INCOME, rows, WEIGHTS, alpha=1e-12)
    assert tiny == pytest.approx(2 * st.gini(INCOME, WEIGHTS), rel=1e-9)
    with pytest.raises(DataError, match="at most"):
        st.esteban_ray([0.0, 2.0], ["a", "b"], 1, alpha=2.0)


@pytest.mark.parametrize("alpha", [0.25, 0.5, 1.0])
def test_duclos_esteban_ray_of_a_lognormal_by_quadrature(alpha):
    made = lognorm(0.5, scale=np.exp(-0.125))  # mean 1

    def distance(y):
        below = norm.cdf((np.log(y) + 0.125) / 0.5)
        held = norm.cdf((np.log(y) + 0.125) / 0.5 - 0.5)
        return y * (2 * below - 1) + 1 - 2 * held

    expected = integrate.quad(lambda y: made.pdf(y) ** (1 + alpha) * distance(y), 1e-9, 40)[0]
    income = 30_000 * made.ppf(EVEN)
    assert st.duclos_esteban_ray(income, 1, alpha=alpha) == pytest.approx(expected, rel=2e-3)


def test_duclos_esteban_ray_without_identification_is_twice_the_gini():
    found = st.duclos_esteban_ray(INCOME, WEIGHTS, alpha=0)
    assert found == pytest.approx(2 * st.gini(INCOME, WEIGHTS), rel=1e-12)


def test_duclos_esteban_ray_depends_on_neither_unit_nor_order():
    base = st.duclos_esteban_ray(INCOME, 1)
    assert st.duclos_esteban_ray(INCOME * 1e4, 1) == pytest.approx(base, rel=1e-9)
    order = RNG.permutation(INCOME.size)
    assert st.duclos_esteban_ray(INCOME[order], 1) == pytest.approx(base, rel=1e-12)


def test_two_far_poles_are_more_polarised_than_a_spread():
    poles = np.concatenate([RNG.normal(5, 0.3, 500), RNG.normal(15, 0.3, 500)])
    wide = RNG.uniform(0, 20, 1_000)
    assert st.duclos_esteban_ray(poles, 1, alpha=1) > st.duclos_esteban_ray(wide, 1, alpha=1)
    with pytest.raises(DataError, match="all values are equal"):
        st.duclos_esteban_ray([3.0, 3.0], 1)
    with pytest.raises(DataError, match=r"from 0\.25 to 1"):
        st.duclos_esteban_ray(wide, 1, alpha=2)


@pytest.mark.parametrize("alpha", [0.0, 0.5, 1.0])
def test_errors_of_duclos_esteban_ray(alpha):
    rng = np.random.default_rng(7)
    spread, error = spread_and_error(
        st.duclos_esteban_ray, lambda: (rng.lognormal(0, 0.5, 2_000),), alpha=alpha
    )
    assert error == pytest.approx(spread, rel=0.15)


# --- growth incidence


def test_growth_incidence_of_two_lognormals():
    p = np.array([0.1, 0.5, 0.9])
    before, after = lognorm(0.5).ppf(EVEN), lognorm(0.4, scale=np.exp(0.1)).ppf(EVEN[::-1])
    found = st.growth_incidence(before, after, 1, p=p)
    assert found == pytest.approx(np.exp(0.1 - 0.1 * norm.ppf(p)) - 1, abs=2e-4)


def test_growth_incidence_is_a_ratio_of_quantiles():
    after = INCOME[::-1] * 1.1 + 0.1
    for p in (0.05, 0.5, 0.95):
        ends = [np.quantile(each, p, method="inverted_cdf") for each in (INCOME, after)]
        found = st.quantile_growth(INCOME, after, 1, p=p)
        assert found == pytest.approx(ends[1] / ends[0] - 1, rel=1e-12)
    assert st.growth_incidence(INCOME, 1.05 * INCOME, WEIGHTS, p=[0.2, 0.8]) == pytest.approx(0.05)
    with pytest.raises(DataError, match="leave the lowest quantiles out"):
        st.growth_incidence([0.0, 1.0], [1.0, 1.0], 1, p=[0.1])


def test_errors_of_growth_are_paired():
    rng = np.random.default_rng(5)

    def draw():
        before = rng.lognormal(0, 0.5, 2_000)
        return before, before * rng.lognormal(0.05, 0.2, before.size)

    spread, error = spread_and_error(st.quantile_growth, draw, p=0.5)
    assert error == pytest.approx(spread, rel=0.15)
    uniform = st.linearize(st.quantile_growth, INCOME, 1.1 * INCOME, weights=1, p=0.3)
    assert abs(uniform.scores).max() < 1e-12


# --- dominance

AMOUNTS = some.lists(some.integers(0, 20).map(float), min_size=1, max_size=8)


@settings(deadline=None)
@given(AMOUNTS, AMOUNTS)
def test_dominance_is_that_of_every_poverty_line(first, second):
    # Between the whole numbers for headcounts; gaps at the whole numbers, and far above for means.
    lines = {1: np.arange(0.5, 21), 2: np.append(np.arange(1.0, 21), 1e6)}
    for order, measure in ((1, st.headcount), (2, st.poverty_gap)):
        found = st.dominance(first, second, 1, order=order)
        mine = np.array([line * measure(first, 1, line=line) for line in lines[order]])
        theirs = np.array([line * measure(second, 1, line=line) for line in lines[order]])
        lower = bool((mine <= theirs + 1e-8).all()), bool((theirs <= mine + 1e-8).all())
        expected = {
            (True, True): "equal",
            (True, False): "first",
            (False, True): "second",
            (False, False): "neither",
        }[lower]
        assert found.better == expected
        assert (found.better == "neither") == (found.crossings.size > 0)


@settings(deadline=None)
@given(AMOUNTS, AMOUNTS)
def test_dominance_of_the_first_order_implies_the_second(first, second):
    one, two = (st.dominance(first, second, 1, order=order) for order in (1, 2))
    if one.better != "neither":
        assert two.better == one.better
    turned = st.dominance(second, first, 1, order=2)
    other = {"first": "second", "second": "first"}
    assert turned.better == other.get(two.better, two.better)
    assert turned.crossings == pytest.approx(two.crossings)


def test_two_lognormals_cross_where_their_closed_forms_do():
    first, second = lognorm(0.4, scale=np.exp(0.1)), lognorm(0.7)
    found = st.dominance(first.ppf(EVEN), second.ppf(EVEN), 1)
    # (ln x - 0.1) / 0.4 = ln x / 0.7
    assert found.better == "neither"
    assert found.better_below == "first"
    assert found.crossings == pytest.approx([np.exp(0.1 / 0.4 / (1 / 0.4 - 1 / 0.7))], rel=1e-3)


def test_a_crossing_of_the_second_order_lies_between_values():
    # Shortfalls: max(x - 10, 0), and (max(x - 4, 0) + max(x - 20, 0)) / 2 = x / 2 - 2 up to 20:
    # equal where x - 10 = x / 2 - 2, at 16.
    found = st.dominance([10.0], [4.0, 20.0], 1, order=2)
    assert found.crossings.tolist() == pytest.approx([16.0])
    assert (found.better, found.better_below) == ("neither", "first")


def test_curves_are_headcounts_and_gaps():
    found = st.dominance(INCOME, 1.2 * INCOME, WEIGHTS, order=2)
    assert found.better == "second"
    for place in (50, 300, 700):
        line = found.amounts[place]
        assert found.first[place] == pytest.approx(
            line * st.poverty_gap(INCOME, WEIGHTS, line=line), abs=1e-5
        )


# --- relative distribution


def test_a_distribution_relative_to_itself():
    found = st.relative_distribution(INCOME, INCOME, 1)
    for density in (found.density, found.location, found.shape):
        assert density == pytest.approx(1, abs=1e-9)
    assert (found.polarisation, found.lower, found.upper) == pytest.approx((0, 0, 0), abs=1e-12)


def test_a_shift_is_location_alone():
    found = st.relative_distribution(norm(0.5).ppf(EVEN), norm.ppf(EVEN), 1)
    expected = 10 * np.diff(norm.cdf(norm.ppf(np.arange(11) / 10), 0.5))
    assert found.density == pytest.approx(expected, abs=1e-3)
    assert found.location == pytest.approx(expected, abs=1e-3)
    assert found.shape == pytest.approx(1, abs=1e-3)
    assert found.polarisation == pytest.approx(0, abs=1e-4)
    assert found.divergence == pytest.approx((expected * np.log(expected)).sum() / 10, abs=1e-4)


def test_the_polarisation_of_a_wider_normal_by_quadrature():
    wider = st.relative_distribution(norm(3, 2).ppf(EVEN), norm.ppf(EVEN), 1)
    away = integrate.quad(lambda z: abs(norm.cdf(2 * z) - 0.5) * norm.pdf(z), -8, 8, points=[0])[0]
    assert wider.polarisation == pytest.approx(4 * away - 1, abs=1e-4)
    assert wider.lower == pytest.approx(wider.upper, abs=1e-3)
    assert wider.shape[0] > 1 > wider.shape[4]


def test_the_halves_tell_which_end_has_filled():
    z = norm.ppf(EVEN)
    found = st.relative_distribution(np.where(z > 0, 2 * z, z), z, 1)
    assert found.lower == pytest.approx(0, abs=1e-3)
    assert found.upper > 0.2
    assert found.polarisation == pytest.approx(0.5 * (found.lower + found.upper), abs=1e-12)
    assert st.relative_polarisation(np.where(z > 0, 2 * z, z), z, 1) == found.polarisation


def test_replicate_weights_give_its_error():
    rng = np.random.default_rng(2)
    before = rng.lognormal(0, 0.5, 300)
    found = st.estimate(
        st.relative_polarisation,
        before * rng.lognormal(0, 0.3, 300),
        before,
        weights=1,
        uncertainty=st.bootstrap_weights(st.survey_design(300), replicates=50, seed=1),
        counted="rows",
    )
    assert 0 < found.standard_error < 0.2


@pytest.mark.parametrize("part", ["density", "location", "shape"])
def test_a_density_alone_is_that_of_all_groups(part):
    # Whole incomes, so that ranks are tied.
    before = RNG.integers(1, 40, 300).astype(float)
    after = before + RNG.integers(-2, 5, 300)
    weights = RNG.integers(1, 4, 300)
    every = getattr(st.relative_distribution(after, before, weights, groups=8), part)
    for group, expected in enumerate(every):
        ranks = {"low": group / 8, "high": (group + 1) / 8}
        found = st.relative_density(after, before, weights, part=part, **ranks)
        assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("part", "ranks"), [("density", (0, 0.1)), ("location", (0.3, 0.4)), ("shape", (0.6, 0.8))]
)
@pytest.mark.parametrize("paired", [True, False])
def test_errors_of_relative_densities_are_the_spread_over_samples(part, ranks, paired):
    rng = np.random.default_rng(7)

    def draw():
        before = rng.lognormal(0, 0.5, 2_000)
        after = before if paired else rng.lognormal(0, 0.5, 2_000)
        return after * rng.lognormal(0.1, 0.2, 2_000), before

    low, high = ranks
    spread, error = spread_and_error(st.relative_density, draw, part=part, low=low, high=high)
    assert error == pytest.approx(spread, rel=0.2)


@pytest.mark.parametrize("paired", [True, False])
def test_errors_of_relative_polarisation_are_the_spread_over_samples(paired):
    rng = np.random.default_rng(8)

    def draw():
        before = rng.lognormal(0, 0.5, 2_000)
        after = before if paired else rng.lognormal(0, 0.6, 2_000)
        return after * rng.lognormal(0.1, 0.2, 2_000), before

    spread, error = spread_and_error(st.relative_polarisation, draw)
    assert error == pytest.approx(spread, rel=0.2)


def test_an_unchanged_distribution_has_no_error_relative_to_itself():
    design = st.survey_design(400)
    options = {"weights": 1, "uncertainty": design, "counted": "rows"}
    for part in ("density", "shape"):
        found = st.estimate(
            st.relative_density, INCOME, INCOME, low=0.2, high=0.4, part=part, **options
        )
        assert found.standard_error == pytest.approx(0, abs=1e-12)
    found = st.estimate(st.relative_polarisation, INCOME, INCOME, **options)
    assert found.standard_error == pytest.approx(0, abs=0.003)


def test_ranks_between_which_nobody_can_be_are_refused():
    with pytest.raises(DataError, match="the lower one first"):
        st.relative_density(INCOME, INCOME, 1, low=0.4, high=0.2)
    with pytest.raises(DataError, match="did you mean 'shape'"):
        st.relative_density(INCOME, INCOME, 1, low=0.2, high=0.4, part="shap")


def test_a_paired_change_of_polarisation_between_groups_by_replicates():
    after = INCOME * np.where(GROUPS == "a", 1.2, 1.0)
    options = {"weights": WEIGHTS, "counted": "rows"}
    design = st.survey_design(400)
    by_scores, by_replicates = (
        st.estimate_difference(
            st.esteban_ray, INCOME, after, GROUPS, uncertainty=uncertainty, **options
        )
        for uncertainty in (design, st.jackknife_weights(design))
    )
    expected = st.esteban_ray(after, GROUPS, WEIGHTS) - st.esteban_ray(INCOME, GROUPS, WEIGHTS)
    assert (by_scores.value, by_replicates.value) == pytest.approx((expected, expected))
    assert by_scores.standard_error == pytest.approx(by_replicates.standard_error, rel=0.05)
