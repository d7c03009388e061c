"""Agreement with independent packages: apode, povertyInequalityMeasures and ineqpy.

Packages without weights get every row as often as its weight says. How to install them is in
``docs/statistics.md``; run with ``pytest -m peer tests/statistics``.
"""

import numpy as np
import pandas as pd
import pytest

from olive import statistics as st

pytestmark = pytest.mark.peer

GENERATOR = np.random.default_rng(22)
INCOME = GENERATOR.lognormal(10.5, 0.8, 400)
WEIGHTS = GENERATOR.integers(1, 5, 400)
REPEATED = np.repeat(INCOME, WEIGHTS)
LINE = 25_000.0


def apode_data(values):
    package = pytest.importorskip("apode")
    return package.ApodeData(pd.DataFrame({"income": values}), income_column="income")


@pytest.mark.parametrize(
    ("statistic", "method"),
    [
        (st.headcount, "headcount"),
        (st.poverty_gap, "gap"),
        (st.poverty_severity, "severity"),
        (st.watts, "watts"),
        (st.sen_shorrocks_thon, "sst"),
    ],
)
def test_poverty_of_apode(statistic, method):
    theirs = getattr(apode_data(REPEATED).poverty, method)(pline=LINE)
    assert statistic(INCOME, WEIGHTS, line=LINE) == pytest.approx(theirs, rel=1e-10)


def test_any_aversion_of_apode():
    theirs = apode_data(REPEATED).poverty.fgt(pline=LINE, alpha=1.5)
    found = st.foster_greer_thorbecke(INCOME, WEIGHTS, line=LINE, poverty_aversion=1.5)
    assert found == pytest.approx(theirs, rel=1e-10)


def test_sen_from_the_parts_of_apode():
    # its own index takes the Gini of all; Sen (1976) takes that of the poor
    everyone, poor = apode_data(REPEATED), apode_data(REPEATED[REPEATED < LINE])
    share, depth = everyone.poverty.headcount(pline=LINE), poor.poverty.gap(pline=LINE)
    theirs = share * (depth + (1 - depth) * poor.inequality.gini())
    assert st.sen(INCOME, WEIGHTS, line=LINE) == pytest.approx(theirs, rel=1e-10)


def test_wolfson_of_apode():
    # 800 rows cut the Lorenz curve exactly in half
    values = GENERATOR.lognormal(10.5, 0.8, 800)
    theirs = apode_data(values).polarization.wolfson()
    assert st.wolfson(values, 1) == pytest.approx(theirs, rel=1e-10)


@pytest.mark.parametrize(
    ("statistic", "function"),
    [
        (st.poverty_gap, "get_poverty_gap_index"),
        (st.poverty_severity, "get_poverty_severity_index"),
        (st.watts, "get_watts_index"),
    ],
)
def test_weighted_poverty_of_poverty_inequality_measures(statistic, function):
    package = pytest.importorskip("povertyInequalityMeasures.poverty")
    frame = pd.DataFrame({"income": INCOME, "weight": WEIGHTS})
    theirs = getattr(package, function)(LINE, frame, "income", "weight")
    # it rounds to five decimals
    assert statistic(INCOME, WEIGHTS, line=LINE) == pytest.approx(theirs, abs=5.1e-6)


def test_progressivity_of_ineqpy():
    package = pytest.importorskip("ineqpy")
    tax = 0.1 * INCOME * (INCOME / INCOME.max())
    n = INCOME.size
    # its covariance divides by n - 1
    factor = (n - 1) / n
    kakwani = package.inequality.kakwani(tax, INCOME) * factor
    assert st.kakwani(tax, INCOME, 1) == pytest.approx(kakwani, rel=1e-8)
    # it ranks every variable by itself, which is the same where nobody changes places
    after = INCOME - tax
    effect = package.inequality.reynolds_smolensky(INCOME, after) * factor
    assert st.reynolds_smolensky(after, INCOME, 1) == pytest.approx(effect, rel=1e-8)
