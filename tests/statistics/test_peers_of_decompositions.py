"""Entropy measures, decompositions and re-ranking against apode and ineqpy.

Packages without weights get every row as often as its weight says. How to install them is in
``docs/statistics.md``; run with ``pytest -m peer tests/statistics``.
"""

import numpy as np
import pandas as pd
import pytest

from olive import statistics as st

pytestmark = pytest.mark.peer

GENERATOR = np.random.default_rng(23)
ROWS = 400
INCOME = GENERATOR.lognormal(10.5, 0.8, ROWS)
WEIGHTS = GENERATOR.integers(1, 5, ROWS)
GROUPS = GENERATOR.integers(0, 3, ROWS)
# people change places: the tax falls on them at random
AFTER = INCOME * GENERATOR.uniform(0.6, 1.0, ROWS)


def entropy_of_apode(values, alpha):
    package = pytest.importorskip("apode")
    data = package.ApodeData(pd.DataFrame({"income": values}), income_column="income")
    return data.inequality.entropy(alpha=alpha)


@pytest.mark.parametrize("alpha", [-1.0, 0.0, 0.5, 1.0, 2.0, 3.0])
def test_any_entropy_of_apode(alpha):
    theirs = entropy_of_apode(np.repeat(INCOME, WEIGHTS), alpha)
    assert st.generalized_entropy(INCOME, WEIGHTS, alpha=alpha) == pytest.approx(theirs, rel=1e-10)


def test_variation_of_apode():
    package = pytest.importorskip("apode")
    frame = pd.DataFrame({"income": np.repeat(INCOME, WEIGHTS)})
    theirs = package.ApodeData(frame, income_column="income").inequality.cv()
    assert st.coefficient_of_variation(INCOME, WEIGHTS) == pytest.approx(theirs, rel=1e-10)


@pytest.mark.parametrize("alpha", [-1.0, 0.0, 0.5, 2.0])
def test_groups_of_any_entropy_from_the_parts_of_apode(alpha):
    everyone = np.repeat(INCOME, WEIGHTS)
    group = np.repeat(GROUPS, WEIGHTS)
    found = st.decompose_by_group(INCOME, GROUPS, WEIGHTS, alpha=alpha)
    # Shorrocks (1984): groups count by share x (mean of the group / mean of all)^alpha
    within = 0.0
    for part in found.groups:
        own = everyone[group == part.name]
        index = entropy_of_apode(own, alpha)
        assert part.index == pytest.approx(index, rel=1e-10)
        within += own.size / everyone.size * (own.mean() / everyone.mean()) ** alpha * index
    assert found.within == pytest.approx(within, rel=1e-10)
    assert found.between == pytest.approx(entropy_of_apode(everyone, alpha) - within, rel=1e-8)


def concentration_of_ineqpy(values, ranked_by):
    package = pytest.importorskip("ineqpy")
    along = values[np.argsort(ranked_by)]
    # its covariance divides by the number of rows less 1
    return package.inequality.concentration(along, sort=False) * (ROWS - 1) / ROWS


def test_people_who_change_places_by_ineqpy():
    before, after, along = (
        concentration_of_ineqpy(values, ranking)
        for values, ranking in ((INCOME, INCOME), (AFTER, AFTER), (AFTER, INCOME))
    )
    assert st.re_ranking(AFTER, INCOME, 1) == pytest.approx(after - along, rel=1e-8)
    assert st.reynolds_smolensky(AFTER, INCOME, 1) == pytest.approx(before - along, rel=1e-8)
    assert st.redistributive_effect(AFTER, INCOME, 1) == pytest.approx(before - after, rel=1e-8)


def test_sources_by_ineqpy():
    sources = {"after": AFTER, "tax": INCOME - AFTER}
    found = st.decompose_by_source(sources, 1)
    for name, column in sources.items():
        theirs = concentration_of_ineqpy(column, INCOME)
        assert found[name].concentration == pytest.approx(theirs, rel=1e-8)
        share = column.sum() / INCOME.sum()
        assert found[name].contribution == pytest.approx(share * theirs, rel=1e-8)
