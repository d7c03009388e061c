"""A number of any kind and size, wherever one is given: used as what it is, or one clear error."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import olive
from olive import statistics
from olive.analysis import Shock
from olive.analysis.bracket_rule import BracketRule
from olive.analysis.chosen_ranges import ranges_of
from olive.analysis.gains import checked_threshold
from olive.analysis.goal_levers import spans_of, wanted_of
from olive.engine import PlausibleRange
from olive.errors import OliveError
from olive.places.labels import Label
from olive.population import Population
from olive.population.calibration.distances import choose_distance

NO_NUMBERS = {
    "whole beyond float64": 10**400,
    "below it": -(10**400),
    "too long to spell": 10**5000,
    "decimal beyond": Decimal("1e400"),
    "signalling": Decimal("sNaN"),
    "fraction beyond": Fraction(10**400),
    "long double beyond": np.longdouble("inf"),
    "complex": 1 + 2j,
    "numpy's complex": np.complex128(1),
    "length of time": np.timedelta64(5, "D"),
    "day": dt.date(2020, 1, 1),
    "missing": pd.NA,
    "nan": float("nan"),
    "text": "1e400",
    "list": [1.0],
    "object": object(),
}
INCOMES = [1.0, 2.0, 7.0, 10.0]
LAW = olive.law(year=2023)
WORKER = olive.household([olive.member(40, contractual_wage=60_000)], county="wenling")
LABEL = Label("x", "x")


def figure(**changed):
    fields = {"value": 5.0, "year": 2020, "unit": "persons", "source": "s", "status": "published"}
    fields |= {"tolerance": 0.0, **changed}
    return olive.PublishedFigure("a", "person", "count", "", **fields)


TAKERS = {
    "line": lambda x: statistics.headcount(INCOMES, 1, line=x),
    "relative line": statistics.RelativeLine,
    "aversion": lambda x: statistics.atkinson(INCOMES, 1, inequality_aversion=x),
    "extended Gini": lambda x: statistics.extended_gini(INCOMES, 1, inequality_aversion=x),
    "alpha": lambda x: statistics.generalized_entropy(INCOMES, 1, alpha=x),
    "polarisation": lambda x: statistics.duclos_esteban_ray(INCOMES, 1, alpha=x),
    "quantile": lambda x: statistics.quantile(INCOMES, 1, p=x),
    "groups": lambda x: statistics.quantile_shares(INCOMES, 1, groups=x),
    "value": lambda x: statistics.gini([*INCOMES, x], 1),
    "weight": lambda x: statistics.gini(INCOMES, [1, 1, 1, x]),
    "rank": lambda x: statistics.lorenz(INCOMES, 1, p=[0.1, x]),
    "rows": statistics.survey_design,
    "replicates": lambda x: statistics.bootstrap_weights(statistics.survey_design(4), replicates=x),
    "age": lambda x: olive.household([olive.member(x)], county="wenling"),
    "wage": lambda x: olive.household([olive.member(40, contractual_wage=x)], county="wenling"),
    "year": lambda x: olive.law(year=x),
    "uprated to": lambda x: olive.law(year=2022, uprated_to=x),
    "set": lambda x: LAW | {"dibao_standard": x},
    "multiply": lambda x: LAW | olive.Reform(multiply={"dibao_standard": x}),
    "range": lambda x: PlausibleRange(x, 2.0, "made up"),
    "evaluated": lambda x: olive.evaluate(
        "child_claim", {"age": [1, x]}, "2023-07-01", absent="neutral"
    ),
    "seed": lambda x: olive.simulate(WORKER, LAW, outputs=["dibao"], seed=x),
    "year of a run": lambda x: olive.simulate(WORKER, LAW, outputs=["dibao"], year=x),
    "households": lambda x: Population.synthetic(households=x, seed=1),
    "year of a recipe": lambda x: Population.synthetic(households=10, seed=1, year=x),
    "year to bring to": WORKER.brought_to,
    "growth": lambda x: WORKER.uprate(2024, {"wages": x}),
    "household": WORKER.household,
    "limits": lambda x: spans_of(LAW, {"dibao_standard": (x, 20_000)}),
    "limits alone": lambda x: spans_of(LAW, {"dibao_standard": x}),
    "factors": lambda x: spans_of(LAW, {"dibao_standard": olive.Limits(1, x, "factor")}),
    "target": lambda x: wanted_of({"per_capita_income": x}, "household", olive.place()),
    "budget": lambda x: olive.reach(WORKER, LAW, {"dibao_standard": (1, 20_000)}, budget=x),
    "mean": olive.feasibility,
    "shares": lambda x: olive.feasibility(None, (x, 0.5)),
    "all shares": lambda x: olive.feasibility(None, x),
    "deflator": lambda x: BracketRule(deflator=x),
    "threshold": lambda x: checked_threshold(x, 0.0),
    "shock": lambda x: Shock("a", LABEL, "main_earner", x, 0.5, 0.1, 0.9, LABEL),
    "probability": lambda x: Shock("a", LABEL, "main_earner", 0.5, x, 0.1, 0.9, LABEL),
    "years of a decomposition": lambda x: olive.decompose(WORKER, x, 2025),
    "years of a projection": lambda x: olive.project(WORKER, [x]),
    "phase-in": lambda x: olive.project(WORKER, [2023], phase_in=(x, 2025)),
    "published value": lambda x: figure(value=x),
    "published year": lambda x: figure(year=x),
    "compared in": lambda x: figure(at=x),
    "tolerance": lambda x: figure(tolerance=x),
    "bounds": lambda x: olive.calibrate(WORKER, olive.Targets((figure(),)), bounds=(x, 10.0)),
    "bounds alone": lambda x: olive.calibrate(WORKER, olive.Targets((figure(),)), bounds=x),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("take", TAKERS.values(), ids=TAKERS)
def test_what_is_no_number_of_ours_is_refused(take):
    for name, number in NO_NUMBERS.items():
        try:
            taken = take(number)
        except OliveError as fault:
            assert len(fault.message.in_language("zh")) < 1_500, name  # noqa: PT017
        else:
            pytest.fail(f"{name} was taken: {taken!r:.80}")


@pytest.mark.parametrize("other", [Decimal("sNaN"), pd.NA, 1j, None])
def test_an_identifier_that_cannot_be_compared_is_refused(other):
    given = {"age": [31, 32], "household_id": [1, other]}
    with pytest.raises(OliveError, match="household_id must hold whole numbers or text"):
        olive.evaluate("dibao", given, "2023-07-01", absent="neutral")


HALVES = [Decimal("0.5"), Fraction(1, 2), np.float16(0.5), np.longdouble(0.5)]


@pytest.mark.parametrize("half", HALVES, ids=lambda each: type(each).__name__)
def test_a_half_of_any_library_is_a_half(half):
    def same(measure, **arguments):
        expected = dict.fromkeys(arguments, 0.5)
        assert measure(INCOMES, 1, **arguments) == measure(INCOMES, 1, **expected)

    same(statistics.atkinson, inequality_aversion=half)
    same(statistics.generalized_entropy, alpha=half)
    same(statistics.quantile, p=half)
    same(statistics.duclos_esteban_ray, alpha=half)
    assert BracketRule(deflator=half).brackets() == BracketRule(deflator=0.5).brackets()
    raised = LAW | olive.Reform(multiply={"dibao_standard": half})
    halved = LAW.values["dibao_standard"].datum / 2
    np.testing.assert_array_equal(raised.values["dibao_standard"].datum, halved)
    assert PlausibleRange(half, 2, "made up") == PlausibleRange(0.5, 2.0, "made up")
    assert figure(value=half).value == 0.5


@pytest.mark.parametrize("kind", [tuple, list, np.array, pd.Series])
def test_two_ends_are_given_as_any_sequence(kind):
    law = olive.law(year=2023)
    ends = kind([0.5, 0.9])
    found = ranges_of({"dibao_take_up_rate": ends}, law, law)["dibao_take_up_rate"]
    assert (found.low, found.high) == (0.5, 0.9)
    (span,) = spans_of(law, {"dibao_take_up_rate": ends})
    assert (span.low, span.high) == (0.5, 0.9)
    assert choose_distance("logit", kind([0.5, 2.0])) == choose_distance("logit", (0.5, 2.0))


@pytest.mark.parametrize("ends", ["12", 0.5, np.array(0.5), {0.5: 1, 0.9: 2}, {0.5, 0.9}, [0.5]])
def test_what_is_no_pair_of_ends_is_told(ends):
    law = olive.law(year=2023)
    with pytest.raises(OliveError, match=r"a range is \(low, high\)"):
        ranges_of({"dibao_take_up_rate": ends}, law, law)
    with pytest.raises(OliveError, match=r"limits are \(low, high\)"):
        spans_of(law, {"dibao_take_up_rate": ends})
    with pytest.raises(OliveError, match="Impossible bounds"):
        choose_distance("logit", ends)
