"""Divisions by zero and codes without an entry are errors, never figures."""

from __future__ import annotations

import pytest
from olive_tests.toy import PARAMETERS, parameter, people, policy, run, small

from olive.engine import (
    clip,
    household_max,
    household_min,
    lookup,
    maximum,
    minimum,
    run_policies,
    schedule,
    where,
)
from olive.errors import DataError

BACKENDS = pytest.mark.parametrize("backend", ["numpy", "compiled"])
TABLE = small([2, 1], age=[20.0, 30.0, 40.0], weight=[1.0, 1.0])


def undefined(age):
    """0 / 0 for the person of 30."""
    return where(age == 30, (age - 30) / (age - 30), 1.0)


@BACKENDS
@pytest.mark.parametrize(
    "formula",
    [
        lambda ratio: maximum(ratio, 0.0),
        lambda ratio: maximum(0.0, ratio),
        lambda ratio: minimum(ratio, 0.0),
        lambda ratio: minimum(0.0, ratio),
        lambda ratio: minimum(ratio, ratio),
        lambda ratio: clip(ratio, 0.0, 1.0),
    ],
)
def test_smaller_and_larger_do_not_hide_an_undefined_figure(formula, backend) -> None:
    law = policy(ratio=people("1")(undefined), result=people("1")(formula))
    with pytest.raises(DataError, match=r"'result' is nan for row 1 .*household row 0.*where\(\)"):
        run(TABLE, law, "result", backend=backend)


@BACKENDS
@pytest.mark.parametrize("declare", [household_max, household_min])
def test_group_extremes_do_not_hide_an_undefined_figure(declare, backend) -> None:
    law = policy(ratio=people("1")(undefined), most=declare("ratio"))
    with pytest.raises(DataError, match=r"'most' is nan for row 0 of the household table"):
        run(TABLE, law, "most", backend=backend)


@BACKENDS
def test_schedule_does_not_hide_an_undefined_amount(backend) -> None:
    law = policy(
        ratio=people("1")(undefined),
        charge=people("yuan/year")(lambda ratio, allowance, tax: schedule(ratio * allowance, tax)),
    )
    with pytest.raises(DataError, match=r"'charge' is nan"):
        run(TABLE, law, "charge", backend=backend)


@BACKENDS
def test_totals_are_checked_like_outputs(backend) -> None:
    law = policy(ratio=people("1")(undefined))
    with pytest.raises(DataError, match=r"the total of 'ratio' is nan; keep 'ratio' as an output"):
        run_policies(TABLE, [law], [], totals=["ratio"], backend=backend)


@BACKENDS
@pytest.mark.parametrize("shift", [-21, 10, 1e300, -1e300])
def test_computed_code_without_an_entry_is_an_error(shift, backend) -> None:
    law = policy(
        granted=people("yuan/year")(
            lambda age, grant: lookup(grant, where(age == 20, age + shift, 0))
        )
    )
    with pytest.raises(DataError):
        run(TABLE, law, "granted", backend=backend)


@BACKENDS
def test_undefined_code_is_an_error(backend) -> None:
    law = policy(
        ratio=people("1")(undefined),
        granted=people("yuan/year")(lambda ratio, grant: lookup(grant, ratio)),
    )
    with pytest.raises(DataError):
        run(TABLE, law, "granted", backend=backend)


@BACKENDS
def test_parameters_alone_follow_the_arithmetic_of_columns(backend) -> None:
    """A comparison of parameters can be turned round; a division by a zero one can be guarded."""
    law = policy(
        parameters={**PARAMETERS, "zero": parameter("zero", 0.0, "1")},
        larger=people("bool")(lambda rate, share, age: ~(rate > share)),
        guarded=people("1")(lambda rate, zero, age: where(zero == 0, 7.0, rate / zero)),
    )
    found = run(TABLE, law, "larger", "guarded", backend=backend)
    assert found["larger"].tolist() == [True, True, True]  # 0.08 is not above 0.4
    assert found["guarded"].tolist() == [7.0, 7.0, 7.0]
