"""Every argument of the questions about a result, given what it is not: only olive's errors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import olive
from olive import analysis
from olive.errors import DataError, OliveError

CITY = olive.Population.synthetic(households=30, seed=1)
LAW = olive.law(year=2023)
HIGHER = olive.Reform({"dibao_standard": 15_000})
RESULT = olive.simulate(CITY, [LAW, LAW | HIGHER])
PARTS = {"one": HIGHER, "two": olive.Reform({"dibao_take_up_rate": 1.0})}
OF_RESULT = {"result": RESULT, "before": 0, "after": 1}
OF_PARTS = {"population": CITY, "policy": LAW, "parts": PARTS, "seed": 0}
# Arguments with which each function works.
RIGHT = {
    "attribute": OF_PARTS | {"groups": {"a": ["one"], "b": ["two"]}, "orders": 4},
    "budget_line": {"result": RESULT, "household": 0, "over": "contractual_wage", "high": 9_000.0},
    "cliffs": {"result": RESULT, "within": 600.0, "policy": 0},
    "compare": OF_RESULT | {"closed": "low", "deflator": 1.0, "model_range": False},
    "crossing_profile": OF_RESULT | {"bound": 1e5, "by": ["county"], "direction": "up"},
    "crossings_by_part": OF_PARTS | {"definition": "household"},
    "explain": {"result": RESULT, "variable": "dibao", "household": 0, "policy": 0},
    "feasibility": {"income_per_head": 75_000.0, "shares": [0.7, 0.45], "place": "taizhou"},
    "growth_and_shape": OF_RESULT,
    "growth_for_mean": {"mean": 1.0, "target": 2.0},
    "growth_for_share": {"values": [1.0, 2.0], "weights": [1.0, 1.0]}
    | {"edges": (1.0, 3.0), "target": 0.5},
    "indicators": {"result": RESULT, "rule": None, "reached_under": 1},
    "interactions": OF_PARTS,
    "low_income_moves": {"earlier": RESULT, "later": RESULT}
    | {"line": 20_000.0, "policies": (0, 1)},
    "marginal_rates": {"result": RESULT, "by": "quintile", "share": 0.01, "policy": 0},
    "transitions": {"earlier": RESULT, "later": RESULT, "before": 0, "after": 1},
    "vulnerability": OF_RESULT | {"bound": 1e5, "shocks": analysis.SHOCKS[:1]},
}
WRONG = {
    "nothing": lambda: None,
    "truth": lambda: True,
    "text": lambda: "junk",
    "NaN": lambda: float("nan"),
    "infinite": lambda: float("inf"),
    "negative": lambda: -1,
    "large": lambda: 1e308,
    "digits": lambda: 10**5_000,
    "empty": list,
    "mapping": lambda: {"a": object()},
    "iterator": lambda: iter([1.0, 2.0]),
    "objects": lambda: [object()],
    "array": lambda: np.array(["2021-01-01"] * 4, dtype="datetime64[D]"),
    "missing": lambda: pd.NA,
    "another index": lambda: pd.Series([1.0, 2.0], index=[5, 9]),
    "frame": lambda: pd.DataFrame({"a": [1.0]}),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_wrong_value_of_any_argument_raises_only_olives_errors(name) -> None:
    function, right, foreign = getattr(analysis, name), RIGHT[name], []
    function(**right)
    for argument in right:
        for what, make in WRONG.items():
            try:
                function(**right | {argument: make()})
            except OliveError:
                continue
            except Exception as error:  # noqa: BLE001 - whatever is raised is the finding
                foreign.append(f"{argument}, {what}: {type(error).__name__}: {error!s:.80}")
    assert not foreign, "\n".join(foreign)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (lambda: olive.compare(CITY), "result is .*; give a Result, as olive.simulate"),
        (lambda: olive.attribute(RESULT, LAW, PARTS), "population is .*; give a Population"),
        (lambda: olive.uncertainty(CITY, 2023, HIGHER), "policy is 2023; give a law"),
        (lambda: olive.vulnerability(RESULT, shocks=iter(analysis.SHOCKS)), "shocks is .* a list"),
        (lambda: olive.vulnerability(RESULT, shocks=["ill"]), "an entry of shocks is 'ill'"),
        (lambda: analysis.growth_for_mean("high", 2.0), "mean is 'high'; it must be a finite"),
        (lambda: olive.law(year=2023, carry=["indexed"]), "carry .* one of nominal, indexed"),
        (lambda: olive.place(["taizhou"]), r"place is \['taizhou'\]; give the name"),
    ],
)
def test_the_error_says_what_to_give(asked, told) -> None:
    with pytest.raises(OliveError, match=told):
        asked()


def test_what_was_given_right_is_kept() -> None:
    # 75,000 / 60,000 = 1.25
    assert analysis.growth_for_mean(60_000, 75_000).growth == 0.25
    with pytest.raises(DataError, match="target"):
        analysis.growth_for_mean(60_000, float("nan"))
