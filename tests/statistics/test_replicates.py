"""Replicate weights: exact where theory says so, keyed, and in agreement with linearization."""

from decimal import Decimal
from functools import partial, update_wrapper

import numpy as np
import pytest

from olive import statistics as st
from olive.errors import DataError
from olive.statistics.replicate_pass import CELLS, gather_cells
from olive.statistics.samples import in_order

MEDIAN_LINE = st.RelativeLine(0.6)
STATISTICS = {
    "share_100_500": (partial(st.share_between, low=100_000, high=500_000), 0.05),
    "share_200_600": (partial(st.share_between, low=200_000, high=600_000), 0.05),
    "gini": (st.gini, 0.10),
    "median": (st.median, 0.10),
    "poverty": (partial(st.headcount, line=MEDIAN_LINE), 0.10),
    "gap": (partial(st.poverty_gap, line=MEDIAN_LINE), 0.10),
    "theil_l": (st.theil_l, 0.10),
    "top": (st.top_share, 0.10),
    "palma": (st.palma_ratio, 0.10),
    "s80_s20": (st.s80_s20_ratio, 0.10),
    "hoover": (st.hoover, 0.10),
    "atkinson": (partial(st.atkinson, inequality_aversion=1), 0.10),
    "wolfson": (st.wolfson, 0.10),
    "p10": (partial(st.quantile, p=0.1), 0.10),
    "p90": (partial(st.quantile, p=0.9), 0.10),
}


def skewed(n, seed):
    """Household incomes with a lognormal body and a Pareto tail, unequal weights."""
    generator = np.random.default_rng(seed)
    income = generator.lognormal(np.log(150_000), 0.65, n)
    rich = generator.uniform(size=n) < 0.02
    income[rich] = 400_000 * generator.uniform(size=rich.sum()) ** (-1 / 3)
    return income, generator.uniform(20, 100, n)


def resampled_errors(income, weights, replicates, seed):
    """Plain bootstrap: rows are drawn with replacement, each statistic is computed again."""
    generator = np.random.default_rng(seed)
    order = np.argsort(income)
    income, weights = income[order], weights[order]
    n = income.size
    found = []
    for _ in range(replicates):
        counts = np.bincount(generator.integers(0, n, n), minlength=n)
        drawn = np.flatnonzero(counts)
        sample = in_order(income[drawn], weights[drawn] * counts[drawn], None, drawn.size)
        found.append([statistic(sample) for statistic, _ in STATISTICS.values()])
    return dict(zip(STATISTICS, np.std(found, axis=0, ddof=1), strict=True))


def linearized_errors(income, weights):
    design = st.survey_design(income.size)
    errors = {}
    for name, (statistic, _) in STATISTICS.items():
        function = statistic.func if isinstance(statistic, partial) else statistic
        keywords = statistic.keywords if isinstance(statistic, partial) else {}
        errors[name] = st.estimate(
            function, income, weights=weights, uncertainty=design, counted="households", **keywords
        ).standard_error
    return errors


def test_linearized_errors_are_those_of_the_bootstrap_in_short():
    # 400 replicates know a standard error within 3.5 % (one standard deviation)
    income, weights = skewed(3_000, seed=1)
    bootstrap = resampled_errors(income, weights, 400, seed=2)
    for name, error in linearized_errors(income, weights).items():
        assert error == pytest.approx(bootstrap[name], rel=0.2), name


@pytest.mark.slow
def test_linearized_errors_are_those_of_the_bootstrap():
    # The bootstrap error of one sample's quantile is itself known only within about n^(-1/4),
    # 8 % here, so the variances of five samples are averaged.
    ours = dict.fromkeys(STATISTICS, 0.0)
    theirs = dict.fromkeys(STATISTICS, 0.0)
    for seed in range(1, 6):
        income, weights = skewed(20_000, seed)
        bootstrap = resampled_errors(income, weights, 2_000, seed + 100)
        for name, error in linearized_errors(income, weights).items():
            ours[name] += error**2
            theirs[name] += bootstrap[name] ** 2
    for name, (_, tolerance) in STATISTICS.items():
        assert np.sqrt(ours[name] / theirs[name]) == pytest.approx(1, abs=tolerance), name


def table_of_errors(income, weights, replicates):
    table = st.estimate_table(
        {name: statistic for name, (statistic, _) in STATISTICS.items()},
        income,
        weights,
        replicates,
        counted="households",
    )
    return {name: found.standard_error for name, found in table.items()}


def test_generated_bootstrap_agrees_with_linearization_in_short():
    income, weights = skewed(12_000, seed=3)
    design = st.survey_design(income.size)
    generated = table_of_errors(
        income, weights, st.bootstrap_weights(design, replicates=400, seed=4)
    )
    for name, error in linearized_errors(income, weights).items():
        assert generated[name] == pytest.approx(error, rel=0.2), name


@pytest.mark.slow
def test_random_groups_of_many_rows_agree_with_linearization():
    # 200,000 rows: groups are drawn, and rows share cells
    income, weights = skewed(200_000, seed=3)
    design = st.survey_design(income.size)
    generated = table_of_errors(
        income, weights, st.bootstrap_weights(design, replicates=2_000, seed=4)
    )
    for name, error in linearized_errors(income, weights).items():
        tolerance = 0.12 if name in {"median", "p10", "p90"} else 0.08
        assert generated[name] == pytest.approx(error, rel=tolerance), name


def test_jackknife_of_a_mean_is_the_textbook_error():
    income = np.array([1.0, 3.0, 5.0, 7.0])
    found = st.estimate(
        st.mean,
        income,
        weights=1,
        uncertainty=st.jackknife_weights(st.survey_design(4)),
        counted="rows",
    )
    assert found.standard_error == pytest.approx(np.sqrt(20 / 12))
    assert found.degrees_of_freedom == 3


def small_design():
    generator = np.random.default_rng(8)
    strata = np.repeat(np.arange(5), 8)
    clusters = np.tile(np.repeat([0, 1], 4), 5)
    return st.survey_design(40, strata=strata, clusters=clusters), generator.lognormal(size=40)


@pytest.mark.parametrize(
    "replicates",
    [st.jackknife_weights, st.brr_weights, partial(st.brr_weights, fay=0.3)],
)
def test_replicates_are_exact_for_totals(replicates):
    # McCarthy (1969), Wolter (2007): for linear statistics these equal the design variance
    design, income = small_design()
    exact = st.estimate(st.total, income, weights=2, uncertainty=design, counted="rows")
    found = st.estimate(st.total, income, weights=2, uncertainty=replicates(design), counted="rows")
    assert found.standard_error == pytest.approx(exact.standard_error, rel=1e-12)
    assert found.degrees_of_freedom == exact.degrees_of_freedom == 5


@pytest.mark.parametrize("clusters", [3, 4, 10, 31, 32, 200])
def test_bootstrap_factors_have_mean_one_and_the_design_variance(clusters):
    design = st.survey_design(clusters)
    replicates = st.bootstrap_weights(design, replicates=4_000, seed=5)
    factors = replicates.multipliers(0, 4_000)
    assert factors.min() > 0
    assert factors.mean(axis=0) == pytest.approx(np.ones(4_000), abs=1e-12)
    values = np.arange(clusters) ** 1.5
    # the variance of 4,000 draws is known within 2.2 % (more for heavy tails): 4 deviations
    assert np.var(values @ factors) == pytest.approx(design.variance(values), rel=0.12)


def test_bootstrap_keeps_strata_apart():
    strata = np.repeat(["small", "large"], [5, 50])
    design = st.survey_design(55, strata=strata)
    factors = st.bootstrap_weights(design, replicates=2_000, seed=1).multipliers(0, 2_000)
    assert factors[:5].mean(axis=0) == pytest.approx(np.ones(2_000), abs=1e-12)
    assert factors[5:].mean(axis=0) == pytest.approx(np.ones(2_000), abs=1e-12)
    values = np.arange(55.0)
    assert np.var(values @ factors) == pytest.approx(design.variance(values), rel=0.12)


def test_draws_belong_to_clusters_and_not_to_positions():
    names = np.array(["oak", "elm", "ash", "fig", "yew"])
    rows = names[[0, 0, 1, 2, 2, 3, 4]]
    order = np.array([6, 2, 0, 5, 1, 3, 4])
    first = st.bootstrap_weights(st.survey_design(7, clusters=rows), replicates=9, seed=3)
    second = st.bootstrap_weights(st.survey_design(7, clusters=rows[order]), replicates=9, seed=3)
    other = st.bootstrap_weights(st.survey_design(7, clusters=rows), replicates=9, seed=4)
    for replicate in range(9):
        weights = first.weights(np.ones(7), replicate)
        assert weights[0] == weights[1]
        assert second.weights(np.ones(7), replicate).tolist() == weights[order].tolist()
        assert other.weights(np.ones(7), replicate).tolist() != weights.tolist()


def test_blocks_of_replicates_do_not_matter():
    replicates = st.bootstrap_weights(st.survey_design(20), replicates=13, seed=3)
    whole = replicates.multipliers(0, 13)
    for start, stop in [(0, 1), (3, 7), (5, 13)]:
        assert (replicates.multipliers(start, stop) == whole[:, start:stop]).all()


def test_supplied_weights_give_what_generated_ones_give():
    # 30,000 rows share cells; 50 do not. Persons take the factors of their household.
    for n in (50, 30_000):
        income, weights = skewed(n, seed=6)
        weights[::7] = 0.0
        generated = st.bootstrap_weights(st.survey_design(n), replicates=30, seed=7)
        matrix = np.stack([generated.weights(weights, each) for each in range(30)], axis=1)
        supplied = st.supplied_weights(matrix, weights, method="bootstrap")
        persons = st.person_weights(weights, np.arange(n) % 4 + 1)
        for statistic in (st.gini, st.median):
            ours, theirs = (
                st.estimate(statistic, income, weights=persons, uncertainty=each, counted="persons")
                for each in (generated, supplied)
            )
            assert ours.standard_error == pytest.approx(theirs.standard_error, rel=1e-9)


def test_replicates_of_several_columns_use_all_rows():
    income, weights = skewed(40, seed=6)
    tax = 0.1 * income**1.1
    replicates = st.jackknife_weights(st.survey_design(40))
    found = st.estimate(
        st.kakwani, tax, income, weights=weights, uncertainty=replicates, counted="households"
    )
    each = [st.kakwani(tax, income, replicates.weights(weights, row)) for row in range(40)]
    value = st.kakwani(tax, income, weights)
    assert found.value == value
    assert found.standard_error == pytest.approx(
        np.sqrt(39 / 40 * sum((one - value) ** 2 for one in each))
    )


def test_paired_replicates_know_the_covariance():
    income, weights = skewed(2_000, seed=9)
    after = np.maximum(income, 90_000)
    design = st.survey_design(2_000)
    arguments = {"weights": weights, "counted": "households"}
    linear = st.estimate_difference(st.gini, income, after, uncertainty=design, **arguments)
    replicated = st.estimate_difference(
        st.gini,
        income,
        after,
        uncertainty=st.bootstrap_weights(design, replicates=1_000, seed=2),
        **arguments,
    )
    assert replicated.value == pytest.approx(linear.value, rel=1e-12)
    assert replicated.standard_error == pytest.approx(linear.standard_error, rel=0.12)
    alone = st.estimate(st.gini, income, uncertainty=design, **arguments)
    assert linear.standard_error < 0.5 * alone.standard_error


def test_cells_keep_the_statistics():
    income, weights = skewed(100_000, seed=12)
    sample = st.ordered(income, weights)
    cells = gather_cells(sample)
    assert cells.sample.values.size == CELLS
    assert (np.diff(cells.sample.values) >= 0).all()
    assert cells.sample.total_weight == pytest.approx(sample.total_weight, rel=1e-12)
    assert cells.sample.total_amount == pytest.approx(sample.total_amount, rel=1e-12)
    for statistic in (st.gini, st.theil_l, st.coefficient_of_variation, st.top_share):
        assert statistic(cells.sample) == pytest.approx(statistic(sample), rel=1e-6)


def test_zero_weights_in_the_replicates():
    # a subgroup: only rows of one cluster of each stratum have weight; BRR leaves cells empty
    design, income = small_design()
    weights = np.where(np.arange(40) % 8 < 6, 1.0, 0.0)
    found = st.estimate(
        st.mean, income, weights=weights, uncertainty=st.brr_weights(design), counted="rows"
    )
    assert found.n == 30
    assert found.standard_error > 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: st.bootstrap_weights(st.survey_design(2)), "3 clusters in every stratum"),
        (lambda: st.bootstrap_weights(st.survey_design(5), replicates=1), "at least 2"),
        (lambda: st.brr_weights(st.survey_design(3)), "exactly 2 clusters"),
        (lambda: st.brr_weights(st.survey_design(2), fay=1), "below 1"),
        (lambda: st.supplied_weights([1, 2], 1, method="brr"), "shape"),
        (lambda: st.supplied_weights([[1, 1]], 1, method="bootstap"), "did you mean 'bootstrap'"),
        (lambda: st.supplied_weights([[1, 1]], 1, method="fay"), "give fay="),
        (lambda: st.supplied_weights([[1, 1]], 1, method="brr", fay=0.5), "only then"),
        (lambda: st.supplied_weights([[1, -1]], 1, method="brr"), "0 or more"),
        (lambda: st.supplied_weights([[1, 1], [1, 1]], [0, 1], method="brr"), "weight 0"),
        (lambda: st.supplied_weights([[1, 1]], 1, method="brr", scales=[1]), "2 replicates"),
    ],
)
def test_replicates_that_cannot_be(call, message):
    with pytest.raises(DataError, match=message):
        call()


def test_a_statistic_undefined_in_a_replicate_names_it():
    replicates = st.jackknife_weights(st.survey_design(3))
    with pytest.raises(DataError, match=r"gini in replicate 2: .*mean"):
        st.estimate(st.gini, [0, 0, 1], weights=1, uncertainty=replicates, counted="rows")
    with pytest.raises(DataError, match="3 rows and the data 2"):
        st.estimate(st.gini, [0, 1], weights=1, uncertainty=replicates, counted="rows")


def spoiled(value: object) -> np.ndarray:
    matrix = np.ones((4, 3), dtype=object)
    matrix[2, 1] = value
    return matrix


@pytest.mark.parametrize(
    ("replicates", "fault"),
    [
        (spoiled(None), r"1 are not, the first \(nan\) in row 2 of replicate 1"),
        (spoiled(float("nan")), r"the first \(nan\) in row 2 of replicate 1"),
        (spoiled(-1.0).astype(float), r"the first \(-1\.0\) in row 2 of replicate 1"),
        (spoiled(10**400), r"the first \(inf\) in row 2 of replicate 1"),
        (spoiled("x"), "must be numbers, but its elements are of type str"),
        (np.ones((3, 3)), "3 rows, but there are 4 weights .* also after a selection"),
        (np.ones((3, 4)), "3 rows, but there are 4 weights"),
        (np.ones((4, 1)), "2 replicates or more"),
        (np.ones(4), "of shape"),
    ],
)
def test_replicate_weights_that_cannot_be_used(replicates, fault) -> None:
    with pytest.raises(DataError, match=fault):
        st.supplied_weights(replicates, [1.0, 2.0, 3.0, 4.0], method="bootstrap")


def test_decimals_are_replicate_weights() -> None:
    given = st.supplied_weights(spoiled(Decimal("0.5")), np.ones(4), method="bootstrap")
    assert given.weights(np.ones(4), 1).tolist() == [1.0, 1.0, 0.5, 1.0]


def test_what_a_statistic_was_bound_to_is_said_of_wrapped_ones_too():
    # A partial of a partial is not merged where the inner one carries attributes.
    line = update_wrapper(partial(st.headcount, line=MEDIAN_LINE), st.headcount)
    replicates = st.jackknife_weights(st.survey_design(4))
    said = "poor below the line; line=RelativeLine(fraction=0.6, of='median')"
    incomes = [10.0, 20.0, 30.0, 40.0]
    one = st.estimate(line, incomes, weights=1, uncertainty=replicates, counted="households")
    table = st.estimate_table({"poor": line}, incomes, 1, replicates, counted="households")
    assert one.convention == table["poor"].convention == said
