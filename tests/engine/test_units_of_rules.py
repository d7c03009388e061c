"""Units and kinds are checked when rules are fitted together."""

from __future__ import annotations

import pytest
from toy import people, policy

from olive.errors import RuleError


def test_two_truth_values_are_not_multiplied() -> None:
    with pytest.raises(RuleError, match=r"'both'.*`\*` of two truth values; write `&`"):
        policy(both=people("1")(lambda married, urban: married * urban))
