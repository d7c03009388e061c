"""Agreement with independent packages: R survey and laeken, PySAL inequality, microdf."""

import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

from olive import statistics as st

pytestmark = pytest.mark.peer

N = 600
GENERATOR = np.random.default_rng(21)
INCOME = GENERATOR.lognormal(11.8, 0.7, N)
WEIGHTS = GENERATOR.uniform(1, 9, N)
STRATA = np.repeat(np.arange(6), N // 6)
CLUSTERS = np.tile(np.repeat(np.arange(10), N // 60), 6)
GROUPS = GENERATOR.integers(0, 3, N)
DESIGN = st.survey_design(N, strata=STRATA, clusters=CLUSTERS)

SCRIPT = """
suppressMessages({library(survey); library(laeken)})
d <- read.csv(commandArgs(TRUE)[1])
put <- function(name, value) cat(name, format(as.numeric(value), digits = 15), "\\n")
put("gini", gini(d$income, weights = d$weight)$value / 100)
put("arpr", arpr(d$income, weights = d$weight)$value / 100)
put("qsr", qsr(d$income, weights = d$weight)$value)
for (p in c(0.1, 0.5, 0.85)) put(paste0("q", p), weightedQuantile(d$income, d$weight, p))
design <- svydesign(~cluster, strata = ~stratum, weights = ~weight, nest = TRUE, data = d)
put("mean_se", SE(svymean(~income, design)))
put("total_se", SE(svytotal(~income, design)))
put("share_se", SE(svymean(~I(income >= 1e5 & income < 5e5), design))[2])
put("ratio_se", SE(svyratio(~I(income^1.2), ~income, design)))
put("domain_se", SE(svymean(~income, subset(design, group == 1))))
put("df", degf(design))
totals <- colSums(model.matrix(~ factor(group), d) * d$weight)
calibrated <- calibrate(design, ~ factor(group), totals)
put("calibrated_se", SE(svytotal(~income, calibrated)))
put("jackknife_se", SE(svymean(~income, as.svrepdesign(design, type = "JKn", mse = TRUE))))
"""


@pytest.fixture(scope="module")
def r(tmp_path_factory):
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("Rscript is not installed")
    folder = tmp_path_factory.mktemp("peers")
    columns = {
        "income": INCOME,
        "weight": WEIGHTS,
        "stratum": STRATA,
        "cluster": CLUSTERS,
        "group": GROUPS,
    }
    pd.DataFrame(columns).to_csv(folder / "data.csv", index=False, float_format="%.17g")
    (folder / "script.R").write_text(SCRIPT)
    run = subprocess.run(
        [program, str(folder / "script.R"), str(folder / "data.csv")],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode != 0 and "there is no package" in run.stderr:
        pytest.skip("the R packages survey and laeken are not installed")
    assert run.returncode == 0, run.stderr
    pairs = [line.split() for line in run.stdout.splitlines() if len(line.split()) == 2]
    return {name: float(value) for name, value in pairs}


def error(statistic, values=INCOME, weights=WEIGHTS, design=DESIGN, **arguments):
    return st.estimate(
        statistic, values, weights=weights, uncertainty=design, counted="rows", **arguments
    ).standard_error


def test_values_of_laeken(r):
    assert st.gini(INCOME, WEIGHTS) == pytest.approx(r["gini"], rel=1e-12)
    line = st.RelativeLine(0.6)
    assert st.headcount(INCOME, WEIGHTS, line=line) == pytest.approx(r["arpr"], rel=1e-12)
    for p in (0.1, 0.5, 0.85):
        assert st.quantile(INCOME, WEIGHTS, p=p) == pytest.approx(r[f"q{p}"], rel=1e-12)
    # laeken leaves the straddling rows whole (Eurostat), here they are divided
    assert st.s80_s20_ratio(INCOME, WEIGHTS) == pytest.approx(r["qsr"], rel=0.02)


def test_errors_of_survey(r):
    assert error(st.mean) == pytest.approx(r["mean_se"], rel=1e-10)
    assert error(st.total) == pytest.approx(r["total_se"], rel=1e-10)
    share = error(st.share_between, low=1e5, high=5e5)
    assert share == pytest.approx(r["share_se"], rel=1e-10)
    assert DESIGN.degrees_of_freedom == r["df"]


def test_errors_of_ratios_and_subgroups_of_survey(r):
    top, bottom = (
        st.linearize(st.mean, values, weights=WEIGHTS) for values in (INCOME**1.2, INCOME)
    )
    ratio = st.estimate_linearized(top / bottom, DESIGN, statistic="ratio", counted="rows")
    assert ratio.standard_error == pytest.approx(r["ratio_se"], rel=1e-10)
    domain = np.where(GROUPS == 1, WEIGHTS, 0.0)
    assert error(st.mean, weights=domain) == pytest.approx(r["domain_se"], rel=1e-10)


def test_errors_of_calibrated_weights_and_the_jackknife_of_survey(r):
    design = st.survey_design(
        N,
        strata=STRATA,
        clusters=CLUSTERS,
        calibrated_on=np.eye(3)[GROUPS],
        calibrated_weights=WEIGHTS,
    )
    assert error(st.total, design=design) == pytest.approx(r["calibrated_se"], rel=1e-10)
    jackknife = error(st.mean, design=st.jackknife_weights(DESIGN))
    assert jackknife == pytest.approx(r["jackknife_se"], rel=1e-10)


def test_values_of_inequality():
    package = pytest.importorskip("inequality")
    assert st.gini(INCOME, 1) == pytest.approx(package.gini.Gini(INCOME).g, rel=1e-10)
    assert st.theil_t(INCOME, 1) == pytest.approx(package.theil.Theil(INCOME).T, rel=1e-8)
    for aversion in (0.5, 1, 2):
        assert st.atkinson(INCOME, 1, inequality_aversion=aversion) == pytest.approx(
            package.atkinson.atkinson(INCOME, aversion), rel=1e-10
        )
    # what that package calls Wolfson's index is the form of Foster and Wolfson, half of it
    assert st.foster_wolfson(INCOME, 1) == pytest.approx(package.wolfson.wolfson(INCOME), rel=1e-10)
    ranks, curve = package.wolfson.lorenz_curve(INCOME)
    assert st.lorenz(INCOME, 1, p=ranks) == pytest.approx(curve, abs=1e-12)
    low, high = np.interp([0.4, 0.9], ranks, curve)
    assert st.palma_ratio(INCOME, 1) == pytest.approx((1 - high) / low, rel=1e-10)
    schutz = package.schutz.Schutz(pd.DataFrame({"income": INCOME}), "income")
    assert st.hoover(INCOME, 1) == pytest.approx(schutz.distance, rel=1e-10)
    parts = st.decompose_by_group(INCOME, GROUPS, 1, alpha=1)
    theirs = package.theil.TheilD(INCOME, GROUPS)
    assert parts.between == pytest.approx(float(np.squeeze(theirs.bg)), rel=1e-8)
    assert parts.within == pytest.approx(float(np.squeeze(theirs.wg)), rel=1e-8)


def test_values_of_microdf():
    package = pytest.importorskip("microdf")
    series = package.MicroSeries(INCOME, weights=WEIGHTS)
    assert st.gini(INCOME, WEIGHTS) == pytest.approx(series.gini(), rel=1e-10)
    assert st.mean(INCOME, WEIGHTS) == pytest.approx(series.mean(), rel=1e-12)
    # it leaves straddling rows whole
    assert st.top_share(INCOME, WEIGHTS) == pytest.approx(series.top_10_pct_share(), rel=0.03)


def test_concentration_by_ranks_of_scipy():
    # Kakwani (1977): C = 2 cov(tax, rank) / mean tax, ranks from scipy, ties at their middle
    stats = pytest.importorskip("scipy.stats")
    income = np.round(INCOME, -4)
    tax = 0.1 * INCOME**1.2
    ranks = (stats.rankdata(income) - 0.5) / N
    expected = 2 * np.cov(tax, ranks, bias=True)[0, 1] / tax.mean()
    assert st.concentration_coefficient(tax, income, 1) == pytest.approx(expected, rel=1e-10)


def test_extended_gini_by_ranks_of_scipy():
    # the covariance form for aversion 3 holds up to the width of a rank
    stats = pytest.importorskip("scipy.stats")
    ranks = (stats.rankdata(INCOME) - 0.5) / N
    expected = -3 * np.cov(INCOME, (1 - ranks) ** 2, bias=True)[0, 1] / INCOME.mean()
    found = st.extended_gini(INCOME, 1, inequality_aversion=3)
    assert found == pytest.approx(expected, rel=1e-4)


def test_variation_and_entropy_of_scipy():
    stats = pytest.importorskip("scipy.stats")
    proportions = INCOME / INCOME.sum()
    # Theil T is the relative entropy of income shares against equal shares
    assert st.theil_t(INCOME, 1) == pytest.approx(
        stats.entropy(proportions, np.full(N, 1 / N)), rel=1e-10
    )
    assert st.theil_l(INCOME, 1) == pytest.approx(
        stats.entropy(np.full(N, 1 / N), proportions), rel=1e-10
    )
    assert st.coefficient_of_variation(INCOME, 1) == pytest.approx(stats.variation(INCOME))
    assert st.theil_l(INCOME, 1) == pytest.approx(
        np.log(INCOME.mean() / stats.gmean(INCOME)), rel=1e-10
    )
