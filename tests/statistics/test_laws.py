"""Laws that hold for any data: scale, permutation, splitting, replication, transfers."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as some

from olive import statistics as st

MEDIAN_LINE = st.RelativeLine(0.6)

RELATIVE = {
    "share_of_bottom": lambda y, w: st.lorenz(y, w, p=[0.37])[0],
    "decile_share": lambda y, w: st.quantile_shares(y, w)[7],
    "top": lambda y, w: st.top_share(y, w, top=0.1),
    "palma": st.palma_ratio,
    "s80_s20": st.s80_s20_ratio,
    "gini": st.gini,
    "extended_gini": lambda y, w: st.extended_gini(y, w, inequality_aversion=3.5),
    "hoover": st.hoover,
    "variation": st.coefficient_of_variation,
    "theil_t": st.theil_t,
    "theil_l": st.theil_l,
    "entropy": lambda y, w: st.generalized_entropy(y, w, alpha=-1),
    "entropy_2": lambda y, w: st.generalized_entropy(y, w, alpha=2),
    "atkinson_half": lambda y, w: st.atkinson(y, w, inequality_aversion=0.5),
    "atkinson_1": lambda y, w: st.atkinson(y, w, inequality_aversion=1),
    "atkinson_2": lambda y, w: st.atkinson(y, w, inequality_aversion=2),
    "wolfson": st.wolfson,
    "headcount": lambda y, w: st.headcount(y, w, line=MEDIAN_LINE),
    "gap": lambda y, w: st.poverty_gap(y, w, line=MEDIAN_LINE),
    "severity": lambda y, w: st.poverty_severity(y, w, line=MEDIAN_LINE),
    "watts": lambda y, w: st.watts(y, w, line=MEDIAN_LINE),
    "sen": lambda y, w: st.sen(y, w, line=MEDIAN_LINE),
    "sst": lambda y, w: st.sen_shorrocks_thon(y, w, line=MEDIAN_LINE),
    "median_gap": lambda y, w: st.relative_median_poverty_gap(y, w, line=MEDIAN_LINE),
    "middle": lambda y, w: st.middle_share(y, w, band="median_75_200"),
    "tax_rate": lambda y, w: st.average_tax_rate(0.1 * y, y, w),
    "esteban_ray": lambda y, w: st.esteban_ray(y, y > st.median(y, w), w),
    "quantile_growth": lambda y, w: st.quantile_growth(y, 1.1 * y, w, p=0.3),
    "progressivity": lambda y, w: st.kakwani(y**1.5 + 1, y, w),
    "within": lambda y, w: st.decompose_by_group(y, y > 500, w, alpha=1).within,
}
ABSOLUTE = {
    "mean": st.mean,
    "median": st.median,
    "quantile_2": lambda y, w: st.quantile(y, w, p=0.3, convention="hyndman_fan_2"),
    "line": lambda y, w: st.poverty_line(y, w, line=MEDIAN_LINE),
}
SHARES = {
    "share": lambda y, w: st.share_between(y, w, low=200, high=700),
    "bands": lambda y, w: st.band_shares(y, w, thresholds=[200, 700])[1],
}
ALL = RELATIVE | ABSOLUTE | SHARES
# Those of which every progressive transfer must lower the value (or leave it as it is).
TRANSFER = [
    "gini",
    "extended_gini",
    "hoover",
    "variation",
    "theil_t",
    "theil_l",
    "entropy",
    "entropy_2",
    "atkinson_half",
    "atkinson_1",
    "atkinson_2",
    "s80_s20",
    "palma",
    "top",
]

# Whole yuan, so that rounding never makes or breaks a tie or a place beside a bound.
incomes = some.lists(some.integers(1, 1000), min_size=2, max_size=30)


@some.composite
def samples(draw):
    values = np.array(draw(incomes), dtype=np.float64)
    counts = draw(some.lists(some.integers(1, 9), min_size=values.size, max_size=values.size))
    return values, np.array(counts, dtype=np.float64)


def same(first, second, name=""):
    assert first == pytest.approx(second, rel=1e-12, abs=1e-12), name


# A sample is drawn once for all statistics: drawing it takes longer than they do.
@given(samples(), some.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_order_of_rows_does_not_matter(sample, random):
    values, weights = sample
    order = list(range(values.size))
    random.shuffle(order)
    for name, of in ALL.items():
        same(of(values[order], weights[order]), of(values, weights), name)


@given(samples())
@settings(max_examples=40, deadline=None)
def test_a_weight_of_three_is_three_rows(sample):
    values, weights = sample
    replicated = np.repeat(values, weights.astype(int))
    for name, of in ALL.items():
        same(of(values, weights), of(replicated, np.ones(replicated.size)), name)


@given(samples(), some.floats(0.01, 0.99), some.integers(0, 29))
@settings(max_examples=40, deadline=None)
def test_splitting_a_row_changes_nothing(sample, part, row):
    values, weights = sample
    row %= values.size
    split = np.append(weights, weights[row] * (1 - part))
    split[row] = weights[row] * part
    for name, of in ALL.items():
        same(of(np.append(values, values[row]), split), of(values, weights), name)


@given(samples(), some.floats(1e-6, 1e6))
@settings(max_examples=40, deadline=None)
def test_only_proportions_of_weights_matter(sample, factor):
    values, weights = sample
    for name, of in ALL.items():
        same(of(values, weights * factor), of(values, weights), name)


@given(samples())
@settings(max_examples=40, deadline=None)
def test_levels_scale_with_the_unit(sample):
    values, weights = sample
    for name, of in ABSOLUTE.items():
        same(of(values * 1000, weights) / 1000, of(values, weights), name)


@given(samples(), some.sampled_from([0.5, 4.0, 1024.0]))
@settings(max_examples=40, deadline=None)
def test_relative_statistics_have_no_unit(sample, factor):
    # powers of two, so that no rounding moves an income across a line
    values, weights = sample
    for name, of in RELATIVE.items():
        if name not in {"progressivity", "within"}:  # which contain a fixed bound of their own
            same(of(values * factor, weights), of(values, weights), name)


@given(samples())
@settings(max_examples=40, deadline=None)
def test_rows_without_weight_are_not_there(sample):
    values, weights = sample
    more = np.concatenate((values, [1.0, 5000.0]))
    for name, of in ALL.items():
        same(of(more, np.concatenate((weights, [0.0, 0.0]))), of(values, weights), name)


@given(some.lists(some.integers(1, 1000), min_size=5, max_size=20), some.data())
@settings(max_examples=60, deadline=None)
def test_a_transfer_to_a_poorer_one_never_raises_inequality(drawn, data):
    values = np.sort(np.array(drawn, dtype=np.float64))
    poorer = data.draw(some.integers(0, values.size - 2))
    richer = data.draw(some.integers(poorer + 1, values.size - 1))
    gap = values[richer] - values[poorer]
    assume(gap >= 2)
    amount = data.draw(some.floats(0.1, 0.5)) * gap
    after = values.copy()
    after[poorer] += amount
    after[richer] -= amount
    weights = np.ones(values.size)
    for name in TRANSFER:
        before = RELATIVE[name](values, weights)
        assert RELATIVE[name](after, weights) <= before + 1e-12 * max(1.0, before), name


@given(samples())
@settings(max_examples=100, deadline=None)
def test_bounds(sample):
    values, weights = sample
    assert 0 <= st.gini(values, weights) < 1
    assert 0 <= st.hoover(values, weights) <= st.gini(values, weights) + 1e-12
    assert 0 <= st.atkinson(values, weights, inequality_aversion=2) < 1
    assert st.quantile_shares(values, weights, groups=7).sum() == pytest.approx(1, abs=1e-12)
    assert st.foster_wolfson(values, weights) >= -1e-12


@given(samples())
@settings(max_examples=100, deadline=None)
def test_extended_gini_of_two_is_the_gini(sample):
    same(st.extended_gini(*sample, inequality_aversion=2), st.gini(*sample))


@given(samples(), some.lists(some.integers(0, 1000), min_size=30, max_size=30))
@settings(max_examples=100, deadline=None)
def test_effects_of_a_reform_add_up(sample, drawn):
    before, weights = sample
    after = 1.0 + np.array(drawn[: before.size], dtype=np.float64)
    vertical = st.reynolds_smolensky(after, before, weights)
    ranks = st.re_ranking(after, before, weights)
    same(st.redistributive_effect(after, before, weights), vertical - ranks)
    assert ranks >= -1e-12


@given(samples())
@settings(max_examples=100, deadline=None)
def test_household_shares_move_between_disjoint_bands_only(sample):
    values, weights = sample
    bands = st.band_shares(values, weights, thresholds=[100, 200, 500, 600])
    same(bands.sum(), 1.0)
    same(bands[1] + bands[2], st.share_between(values, weights, low=100, high=500))
    same(bands[2] + bands[3], st.share_between(values, weights, low=200, high=600))
