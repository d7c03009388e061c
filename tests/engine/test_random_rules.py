"""Random formulas and random rule sets: both backends agree, and no buffer is used too early."""

from __future__ import annotations

from types import FunctionType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from olive_tests.toy import (
    COLUMNS,
    DAY,
    PARAMETERS,
    homes,
    parameter,
    people,
    rule_set,
    run,
    small,
    tables,
)

from olive.engine import (
    Column,
    Schedule,
    draw,
    floor,
    household_any,
    household_count,
    household_max,
    household_min,
    household_rank,
    household_sum,
    lookup,
    maximum,
    minimum,
    of,
    plain_numpy,
    policy_on,
    run_policies,
    schedule,
    subgroup_any,
    subgroup_max,
    subgroup_sum,
    where,
)
from olive.engine.program_builder import build_program

# The toy country without units, so that any two numbers may be combined.
PURE = {
    name: Column(name, column.entity, column.kind, "bool" if column.kind == "bool" else "1")
    for name, column in COLUMNS.items()
}
FIGURES = {
    "rate": PARAMETERS["rate"],
    "ceiling": parameter("ceiling", 70_000.0, "1"),
    "generous": PARAMETERS["generous"],
    "strict": PARAMETERS["strict"],
    "covered": PARAMETERS["covered"],
    "grant": parameter("grant", [1.5, -2.0, 3.0, 6_000.0], "1", by=("grade",)),
    "premium": parameter("premium", np.arange(12).reshape(3, 4), "1", by=("county", "grade")),
    "tax": parameter("tax", Schedule(np.array([-5.0, 30.0, 9e4]), np.array([0.1, 0.3, 0.2])), "1"),
}
TABLE = tables(50, seed=3)
HOME_NAMES = ("rent", "urban", "county", *FIGURES)
PERSON_NAMES = ("wage", "age", "married", "grade", *HOME_NAMES)
NUMBERS = {
    "home": ("rent", "rate", "ceiling"),
    "person": ("wage", "age", "rent", "rate", "ceiling"),
}
TRUTHS = {"home": ("urban", "generous", "strict"), "person": ("married", "urban", "generous")}
CODES = {"home": (("county",),), "person": (("grade",), ("county", "grade"))}

TWO_NUMBERS = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "minimum": minimum,
    "maximum": maximum,
}
COMPARE = {
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    ">": lambda x, y: x > y,
    ">=": lambda x, y: x >= y,
    "==": lambda x, y: x == y,
    "!=": lambda x, y: x != y,
}
TWO_TRUTHS = {
    "&": lambda x, y: x & y,
    "|": lambda x, y: x | y,
    "same": lambda x, y: x == y,
    "other": lambda x, y: x != y,
}


@st.composite
def number_trees(draw_from, entity: str, depth: int = 4):
    """Return an expression that is a number and reads at least one name."""
    form = draw_from(st.integers(0, 6)) if depth else 0
    inner = number_trees(entity, depth - 1)
    # Constants alone are worked out by Python, whose True is turned round by ~ into -2.
    constant = st.sampled_from([-2.5, 0.0, 0.1, 1.0, 3.0, 1e6]).map(lambda x: ("constant", x))
    if form == 0:
        name = st.sampled_from(NUMBERS[entity]).map(lambda name: ("name", name))
        return draw_from(
            name | st.sampled_from(CODES[entity]).map(lambda codes: ("lookup", *codes))
        )
    if form in {1, 2}:
        pair = draw_from(st.permutations([draw_from(inner), draw_from(inner | constant)]))
        return (draw_from(st.sampled_from(list(TWO_NUMBERS))), *pair)
    if form == 3:
        return ("divide", draw_from(inner | constant), draw_from(inner))
    if form == 4:
        return (draw_from(st.sampled_from(["negate", "floor"])), draw_from(inner))
    if form == 5:
        return ("schedule", draw_from(inner))
    condition = draw_from(truth_trees(entity, depth - 1))
    return ("where", condition, draw_from(inner | constant), draw_from(inner | constant))


@st.composite
def truth_trees(draw_from, entity: str, depth: int = 4):
    """Return an expression that is a truth value and reads at least one name."""
    form = draw_from(st.integers(0, 5)) if depth else 0
    inner, number = truth_trees(entity, depth - 1), number_trees(entity, depth - 1)
    if form == 0:
        return ("name", draw_from(st.sampled_from(TRUTHS[entity])))
    if form in {1, 2}:
        constant = st.sampled_from([0.0, 1.0, 70_000.0]).map(lambda x: ("constant", x))
        pair = draw_from(st.permutations([draw_from(number), draw_from(number | constant)]))
        return (draw_from(st.sampled_from(list(COMPARE))), *pair)
    if form == 3:
        word = draw_from(st.sampled_from(list(TWO_TRUTHS)))
        return (word, draw_from(inner), draw_from(inner))
    if form == 4:
        return ("~", draw_from(inner))
    return ("where", draw_from(inner), draw_from(inner), draw_from(inner))


def built(tree, names):
    """Return the value of a tree: arrays give an array, symbols an expression."""
    word, *parts = tree
    if word == "constant":
        return parts[0]
    if word == "name":
        return names[parts[0]]
    if word == "lookup":
        table = {1: "grant", 2: "premium"}[len(parts)]
        if parts == ["county"]:
            return lookup(names["premium"], names["county"], 2)
        return lookup(names[table], *(names[part] for part in parts))
    values = [built(part, names) for part in parts]
    if word == "schedule":
        return schedule(values[0], names["tax"])
    if word == "negate":
        return -values[0]
    if word == "~":
        return ~values[0]
    if word == "divide":
        return where(values[1] != 0, values[0] / values[1], values[0])
    together = {**TWO_NUMBERS, **COMPARE, **TWO_TRUTHS, "where": where, "floor": floor}
    return together[word](*values)


def with_arguments(function, *names: str):
    """Return the function with its arguments renamed: a rule reads what they are called."""
    code = function.__code__
    renamed = code.replace(co_varnames=(*names, *code.co_varnames[code.co_argcount :]))
    return FunctionType(renamed, function.__globals__, closure=function.__closure__)


def formula(entity: str, unit: str, tree):
    if entity == "home":

        def rule(a, b, c, d, e, f, g, h, i, j, k):
            return built(
                tree, dict(zip(HOME_NAMES, (a, b, c, d, e, f, g, h, i, j, k), strict=True))
            )

        return homes(unit)(with_arguments(rule, *HOME_NAMES))

    def rule(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o):  # noqa: E741
        values = (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o)
        return built(tree, dict(zip(PERSON_NAMES, values, strict=True)))

    return people(unit)(with_arguments(rule, *PERSON_NAMES))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_random_formulas_give_the_same_bits(data) -> None:
    rules = {}
    for entity in ("person", "home"):
        rules[f"{entity}_figure"] = formula(entity, "1", data.draw(number_trees(entity)))
        rules[f"{entity}_truth"] = formula(entity, "bool", data.draw(truth_trees(entity)))
    law = policy_on(rule_set(columns=PURE, parameters=FIGURES, **rules), DAY)
    expected = run(TABLE, law, *rules, backend="numpy")
    found = run(TABLE, law, *rules, backend="compiled")
    for name in rules:
        assert found[name].dtype == expected[name].dtype
        assert (found[name] == expected[name]).all(), name


# Formulas of two inputs that keep figures positive, so that no digits are lost.
PAIRS = {
    "1": [
        lambda x, y: x + y / 3,
        lambda x, y: maximum(x, 2 * y) + 1,
        lambda x, y: where(x > y, x, y + 7),
        lambda x, y: minimum(x, 500) * minimum(y, 700),
    ],
    "bool": [lambda x, y: x > y, lambda x, y: (x < y) | (y > 1_000)],
}
OVER_HOUSEHOLDS = [household_sum, household_max, household_min, household_count, household_any]
OVER_SUBGROUPS = [subgroup_sum, subgroup_max, subgroup_any]
INPUTS = {"person": ["wage", "age", "grade"], "home": ["rent", "weight"]}


@st.composite
def rule_sets(draw_from):
    """Return a random graph of rules of every form, in which each reads earlier ones."""
    numbers = {entity: list(names) for entity, names in INPUTS.items()}
    rules = {}
    for position in range(draw_from(st.integers(1, 14))):
        name = f"v{position}"
        form = draw_from(
            st.sampled_from(
                ["person", "person", "home", "group", "rank", "of", "sub", "draw", "numpy"]
            )
        )
        person = st.sampled_from(numbers["person"])
        if form in {"person", "home", "numpy"}:
            at_hand = numbers["home"] + (numbers["person"] if form != "home" else [])
            pair = draw_from(
                st.lists(st.sampled_from(at_hand), min_size=2, max_size=2, unique=True)
            )
            unit = draw_from(st.sampled_from(["1", "1", "bool"])) if form != "numpy" else "1"
            function = draw_from(st.sampled_from(PAIRS[unit]))
            declare = homes if form == "home" else people
            rules[name] = declare(unit)(with_arguments(function, *pair))
            if form == "numpy":
                rules[name] = plain_numpy(rules[name])
            if unit == "1":
                numbers["home" if form == "home" else "person"].append(name)
        elif form == "group":
            declare = draw_from(st.sampled_from(OVER_HOUSEHOLDS))
            rules[name] = declare(draw_from(person))
            if declare is not household_any:
                numbers["home"].append(name)
        elif form == "rank":
            rules[name] = household_rank(draw_from(person))
            numbers["person"].append(name)
        elif form == "of":
            rules[name] = of("spouse", draw_from(person))
            numbers["person"].append(name)
        elif form == "sub":
            declare = draw_from(st.sampled_from(OVER_SUBGROUPS))
            rules[name] = declare(draw_from(person), by="unit_number")
            if declare is not subgroup_any:
                numbers["person"].append(name)
        else:
            key = draw_from(st.sampled_from(["person", "household"]))
            rules[name] = draw(f"s{position}", key=key)
            numbers["person" if key == "person" else "home"].append(name)
    outputs = draw_from(
        st.lists(st.sampled_from([*rules, "wage", "rent"]), min_size=1, max_size=4, unique=True)
    )
    return rules, outputs


@settings(max_examples=40, deadline=None)
@given(rule_sets())
def test_random_rule_sets_agree(drawn) -> None:
    """What is kept decides which buffers are reused; it must not decide any figure."""
    rules, outputs = drawn
    law = policy_on(rule_set(columns=PURE, parameters={}, **rules), DAY)
    everything = run(TABLE, law, *rules, backend="numpy")
    for backend in ("numpy", "compiled"):
        all_kept = run(TABLE, law, *rules, backend=backend)
        few_kept = run(TABLE, law, *outputs, backend=backend)
        for name in outputs:
            if name in rules:
                assert (few_kept[name] == all_kept[name]).all(), (backend, name)
        for name in rules:
            np.testing.assert_allclose(
                all_kept[name].astype(float), everything[name].astype(float), rtol=1e-12
            )
        totals = run_policies(TABLE, [law], [], totals=outputs, backend=backend).totals
        for name in outputs:
            values = everything[name] if name in rules else run(TABLE, law, name)[name]
            weight = TABLE.households["weight"]
            if values.size != weight.size:
                weight = np.repeat(weight, np.diff(TABLE.starts))
            assert totals[0, name] == pytest.approx(float((weight * values).sum()), rel=1e-11)


@settings(max_examples=150, deadline=None)
@given(rule_sets())
def test_last_use_is_the_last_use(drawn) -> None:
    rules, outputs = drawn
    law = policy_on(rule_set(columns=PURE, parameters={}, **rules), DAY)
    program = build_program([law], TABLE.entities(), outputs)
    written = {step.output: position for position, step in enumerate(program.steps)}
    assert len(written) == len(program.steps)  # every slot is written once
    for position, step in enumerate(program.steps):
        for slot in step.inputs:
            assert program.last_use[slot] >= position
            assert program.slots[slot].column is not None or written[slot] < position
    for slot, last in enumerate(program.last_use):
        readers = [place for place, step in enumerate(program.steps) if slot in step.inputs]
        kept = slot in program.outputs.values()
        assert last == (len(program.steps) if kept else max(readers, default=-1))
    # Nothing is computed that no output needs.
    needed = law.rules.depends_on(outputs)
    assert {step.rule.name for step in program.steps} <= needed


def test_small_table_of_one_person() -> None:
    table = small([1], wage=[1.0], married=[True])
    law = policy_on(
        rule_set(twice=people("yuan/year")(lambda wage, married: wage * 2 * married)), DAY
    )
    for backend in ("numpy", "compiled"):
        assert run(table, law, "twice", backend=backend)["twice"].tolist() == [2.0]
