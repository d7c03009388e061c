"""Scores against numerical derivatives, and standard errors worked by hand."""

from functools import partial

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from olive import statistics as st
from olive.errors import DataError

GENERATOR = np.random.default_rng(11)
N = 60
INCOME = GENERATOR.lognormal(0, 0.7, N)
INCOME[5] = INCOME[17] = INCOME[30]  # ties
TAX = 0.2 * INCOME**1.3
AFTER = INCOME - TAX + GENERATOR.uniform(0, 0.3, N)
WEIGHTS = GENERATOR.uniform(0.5, 3, N)

ONE_COLUMN = {
    "mean": st.mean,
    "total": st.total,
    "share": partial(st.share_between, low=0.5, high=1.5),
    "ranked_share": partial(st.ranked_share, low=0.41, high=0.83),
    "top": partial(st.top_share, top=0.13),
    "gini": st.gini,
    "hoover": st.hoover,
    "variation": st.coefficient_of_variation,
    "theil_t": st.theil_t,
    "theil_l": st.theil_l,
    "entropy_-1": partial(st.generalized_entropy, alpha=-1),
    "entropy_2": partial(st.generalized_entropy, alpha=2),
    "atkinson_half": partial(st.atkinson, inequality_aversion=0.5),
    "atkinson_1": partial(st.atkinson, inequality_aversion=1),
    "atkinson_2": partial(st.atkinson, inequality_aversion=2),
    "palma": st.palma_ratio,
    "s80_s20": st.s80_s20_ratio,
    "headcount": partial(st.headcount, line=0.8),
    "gap": partial(st.poverty_gap, line=0.8),
    "severity": partial(st.poverty_severity, line=0.8),
    "fgt_3": partial(st.foster_greer_thorbecke, line=0.8, poverty_aversion=3),
    "gap_of_mean": partial(st.poverty_gap, line=st.RelativeLine(0.7, of="mean")),
    "severity_of_mean": partial(st.poverty_severity, line=st.RelativeLine(0.7, of="mean")),
    "watts": partial(st.watts, line=0.8),
    "watts_of_mean": partial(st.watts, line=st.RelativeLine(0.7, of="mean")),
    "sen": partial(st.sen, line=0.8),
    "sst": partial(st.sen_shorrocks_thon, line=0.8),
    "line_of_mean": partial(st.poverty_line, line=st.RelativeLine(0.5, of="mean")),
}
TWO_COLUMNS = {
    "concentration": (st.concentration_coefficient, TAX, INCOME),
    "average_tax_rate": (st.average_tax_rate, TAX, INCOME),
    "kakwani": (st.kakwani, TAX, INCOME),
    "reynolds_smolensky": (st.reynolds_smolensky, AFTER, INCOME),
    "redistributive_effect": (st.redistributive_effect, AFTER, INCOME),
    "re_ranking": (st.re_ranking, AFTER, INCOME),
}


def derivative(of_weights, row):
    """Influence is by definition how the statistic moves with the weight of a row."""
    step = 1e-6
    up, down = WEIGHTS.copy(), WEIGHTS.copy()
    up[row] += step
    down[row] -= step
    return (of_weights(up) - of_weights(down)) / (2 * step)


def check(linearized, of_weights):
    assert linearized.value == pytest.approx(of_weights(WEIGHTS), rel=1e-12)
    assert linearized.n == N
    for row in range(N):
        expected = WEIGHTS[row] * derivative(of_weights, row)
        assert linearized.scores[row] == pytest.approx(expected, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("name", ONE_COLUMN)
def test_scores_are_derivatives(name):
    statistic = ONE_COLUMN[name]
    function = statistic.func if isinstance(statistic, partial) else statistic
    keywords = statistic.keywords if isinstance(statistic, partial) else {}
    linearized = st.linearize(function, INCOME, weights=WEIGHTS, **keywords)
    check(linearized, lambda weights: statistic(INCOME, weights))


@pytest.mark.parametrize("name", TWO_COLUMNS)
def test_scores_of_two_columns_are_derivatives(name):
    statistic, first, second = TWO_COLUMNS[name]
    linearized = st.linearize(statistic, first, second, weights=WEIGHTS)
    check(linearized, lambda weights: statistic(first, second, weights))


def test_products_and_ratios_carry_their_scores():
    mean = st.linearize(st.mean, INCOME, weights=WEIGHTS)
    gini = st.linearize(st.gini, INCOME, weights=WEIGHTS)
    # Sen's welfare, and a ratio with constants on either side
    check(mean * (1.0 - gini), lambda w: st.mean(INCOME, w) * (1 - st.gini(INCOME, w)))
    check(
        (2.0 * gini + 1.0) / mean / 4.0 - 1.0,
        lambda w: (2 * st.gini(INCOME, w) + 1) / st.mean(INCOME, w) / 4 - 1,
    )


def test_rows_without_weight_have_no_score():
    weights = WEIGHTS.copy()
    weights[::3] = 0
    scores = st.linearize(st.gini, INCOME, weights=weights).scores
    assert (scores[::3] == 0).all()
    kept = weights > 0
    inner = st.linearize(st.gini, INCOME[kept], weights=weights[kept]).scores
    assert scores[kept] == pytest.approx(inner, rel=1e-12)


def test_error_of_a_mean_by_hand():
    # 1, 3, 5, 7: mean 4, variance 20 / 3, standard error sqrt(20 / 3 / 4); t with 3 degrees 3.182
    found = st.estimate(
        st.mean, [1, 3, 5, 7], weights=2, uncertainty=st.survey_design(4), counted="households"
    )
    assert found.value == 4.0
    assert found.standard_error == pytest.approx(np.sqrt(20 / 12))
    assert found.high - 4.0 == pytest.approx(3.182446 * np.sqrt(20 / 12), rel=1e-6)
    assert found.low - 4.0 == pytest.approx(4.0 - found.high)
    assert (found.n, found.degrees_of_freedom, found.counted) == (4, 3, "households")


def test_error_of_a_share_by_hand():
    # 30 of 100: sqrt(0.3 x 0.7 / 99)
    income = np.repeat([1.0, 0.0], [30, 70])
    found = st.estimate(
        st.share_between,
        income,
        weights=5,
        uncertainty=st.survey_design(100),
        counted="households",
        low=0.5,
        high=2,
    )
    assert found.standard_error == pytest.approx(np.sqrt(0.3 * 0.7 / 99))
    assert "low=0.5, high=2" in found.convention


def test_strata_and_clusters_by_hand():
    # stratum a, clusters 1 (1, 2), 2 (3): totals 3, 3: no variance; stratum b, clusters 1 (4)
    # and 2 (6): n / (n - 1) x (1 + 1) = 4. Clusters of the same name are not the same.
    design = st.survey_design(5, strata=["a", "a", "a", "b", "b"], clusters=[1, 1, 2, 1, 2])
    found = st.estimate(st.total, [1, 2, 3, 4, 6], weights=1, uncertainty=design, counted="rows")
    assert found.standard_error == pytest.approx(2.0)
    assert found.degrees_of_freedom == 2


def test_calibration_removes_what_the_totals_explain():
    group = np.arange(N) % 3
    columns = np.eye(3)[group]
    design = st.survey_design(N, calibrated_on=columns, calibrated_weights=WEIGHTS)
    known = st.estimate(
        st.total, group == 1, weights=WEIGHTS, uncertainty=design, counted="households"
    )
    assert known.standard_error == pytest.approx(0, abs=1e-12)
    # post-stratification: the error of a total is that of deviations from the group means
    found = st.estimate(st.total, INCOME, weights=WEIGHTS, uncertainty=design, counted="rows")
    means = np.bincount(group, WEIGHTS * INCOME) / np.bincount(group, WEIGHTS)
    scores = WEIGHTS * (INCOME - means[group])
    assert found.standard_error == pytest.approx(
        np.sqrt(N / (N - 1) * ((scores - scores.mean()) ** 2).sum())
    )


def test_a_calibrated_design_serves_persons_too():
    # persons are households x size; a total of persons that was calibrated has no error
    size = (np.arange(N) % 4 + 1).astype(float)
    design = st.survey_design(N, calibrated_on=size[:, None], calibrated_weights=WEIGHTS)
    persons = st.person_weights(WEIGHTS, size)
    found = st.estimate(
        st.total, np.ones(N), weights=persons, uncertainty=design, counted="persons"
    )
    assert found.standard_error == pytest.approx(0, abs=1e-10)


def test_paired_difference_knows_the_covariance():
    design = st.survey_design(N)
    arguments = {"weights": WEIGHTS, "uncertainty": design, "counted": "households"}
    shifted = st.estimate_difference(st.mean, INCOME, INCOME + 5, **arguments)
    assert shifted.value == pytest.approx(5)
    assert shifted.standard_error == pytest.approx(0, abs=1e-12)
    change = st.estimate_difference(st.gini, INCOME, AFTER, **arguments)
    alone = [st.estimate(st.gini, income, **arguments).standard_error for income in (INCOME, AFTER)]
    assert change.standard_error < 0.5 * np.hypot(*alone)
    # mean of paired differences by the textbook formula
    mean = st.estimate_difference(
        st.mean, INCOME, AFTER, weights=1, uncertainty=design, counted="rows"
    )
    assert mean.standard_error == pytest.approx((AFTER - INCOME).std(ddof=1) / np.sqrt(N))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: st.survey_design(1), "at least 2"),
        (lambda: st.survey_design(3, strata=["a", "a", "b"]), "stratum b has a single cluster"),
        (lambda: st.survey_design(3, clusters=[1, 2]), "clusters have shape.*there are 3 rows"),
        (lambda: st.survey_design(2, strata=[1.0, np.nan]), "missing"),
        (lambda: st.survey_design(2, calibrated_on=[1, 2]), "calibrated_on has shape"),
        (lambda: st.survey_design(2, calibrated_on=[[1], [2]]), "weights are needed"),
        (
            lambda: st.linearize(st.extended_gini, [1, 2], weights=1, inequality_aversion=3),
            "extended_gini has no linearization; use replicate weights",
        ),
        (lambda: st.linearize(st.quantile, [1, 2], weights=1, p=0), "no standard error"),
        (lambda: st.linearize(st.median, [1.0] * 9, weights=1), "all alike"),
        (lambda: st.linearize(st.coefficient_of_variation, [1, 1], weights=1), "equal"),
        (lambda: st.linearize(st.sen, [1, 2], weights=1, line=st.RelativeLine(1)), "absolute"),
    ],
)
def test_undefined_errors_are_refused(call, message):
    with pytest.raises(DataError, match=message):
        call()


def test_estimates_say_what_they_count():
    design = st.survey_design(3)
    with pytest.raises(DataError, match="did you mean 'households'"):
        st.estimate(st.mean, [1, 2, 3], weights=1, uncertainty=design, counted="household")
    with pytest.raises(DataError, match="level"):
        st.estimate(st.mean, [1, 2, 3], weights=1, uncertainty=design, counted="rows", level=95)
    with pytest.raises(DataError, match="weight 0 outside"):
        st.estimate(st.mean, [1, 2], weights=1, uncertainty=design, counted="rows")
    found = st.estimate(st.mean, [1, 2, 3], weights=1, uncertainty=design, counted="persons")
    assert "mean of persons: 2 (95% interval" in str(found)
    assert "linearization, 1 strata, 3 clusters" in str(found)


def mixture(rng, rows):
    """Two bumps, where a wide window would take the valley between them for their tops."""
    low = rng.random(rows) < 0.6
    return np.where(low, rng.normal(10, 2, rows), rng.normal(18, 3, rows))


@pytest.mark.parametrize("p", [0.25, 0.5, 0.75])
def test_errors_of_quantiles_are_not_too_wide(p):
    """Against the density of the distribution that the samples are drawn from."""
    rng, rows = np.random.default_rng(8), 3_000

    def reached(level):
        return 0.6 * norm.cdf(level, 10, 2) + 0.4 * norm.cdf(level, 18, 3) - p

    level = brentq(reached, 0, 40)
    height = 0.6 * norm.pdf(level, 10, 2) + 0.4 * norm.pdf(level, 18, 3)
    exact = np.sqrt(p * (1 - p) / rows) / height
    design = st.survey_design(rows)
    found = [
        st.estimate(
            st.quantile, mixture(rng, rows), weights=1, uncertainty=design, counted="rows", p=p
        ).standard_error
        for _ in range(40)
    ]
    assert np.mean(found) == pytest.approx(exact, rel=0.06)


def test_heaped_values_get_the_wider_window():
    # A twelfth of the rows stand at the median: no narrow window has any width there.
    values = np.concatenate([np.linspace(0, 1, 5_000), np.full(900, 1.5), np.linspace(2, 3, 5_000)])
    found = st.linearize(st.median, values, weights=1)
    assert np.isfinite(found.scores).all()


@pytest.mark.parametrize(
    "line", [0.6, st.RelativeLine(0.6), st.RelativeLine(0.6, of="mean")], ids=str
)
def test_the_error_of_the_median_gap_is_its_spread_over_samples(line):
    rng, rows = np.random.default_rng(4), 4_000
    found = [
        st.estimate(
            st.relative_median_poverty_gap,
            rng.lognormal(0, 0.7, rows),
            weights=1,
            uncertainty=st.survey_design(rows),
            counted="rows",
            line=line,
        )
        for _ in range(150)
    ]
    spread = np.std([each.value for each in found])
    assert np.mean([each.standard_error for each in found]) == pytest.approx(spread, rel=0.15)


def test_nobody_poor_has_no_median_gap():
    assert st.relative_median_poverty_gap([10.0, 20.0], 1, line=5.0) == 0.0
    assert not st.linearize(
        st.relative_median_poverty_gap, [10.0, 20.0], weights=1, line=5.0
    ).scores.any()


def test_the_median_gap_with_weights_by_hand():
    # Poor: 20 (weight 1), 60 (2), 70 (1): half of 4 is reached at 60; (100 - 60) / 100.
    gap = st.relative_median_poverty_gap([70, 20, 60, 200], [1, 1, 2, 5], line=100.0)
    assert gap == pytest.approx(0.4)
