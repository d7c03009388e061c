"""Every long function tells how far it is in one way: a function, True for a bar, or nobody."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

import olive
from olive import analysis, progress_bar
from olive.analysis.assumption_range import assumption_range, write_assumption_range
from olive.analysis.lever_effects import computed_effects, lever_effects
from olive.analysis.plan_parts import plan_parts, write_plan_parts
from olive.engine import Tables, run_policies
from olive.errors import DataError
from olive.population.ageing import aged
from olive.population.calibration import PublishedFigure, Targets, calibrate
from olive.report.build import build_report
from olive.report.request import ReportRequest
from olive.report.speed import measure_speed
from olive.report.works import WORKS
from olive.simulation.one_pass import one_pass

LAW = olive.law(year=2023)
RAISE = olive.Reform({"dibao_standard": 20_000})
PARTS = {"dibao": RAISE, "wages": olive.Reform(multiply={"minimum_wage": 1.1})}
FLOOR = "path.11.dibao_floor"
HOUSEHOLDS = PublishedFigure(
    "households",
    "household",
    "count",
    "",
    2_700_000.0,
    2023,
    "households",
    "census",
    "assumption",
    0.0,
)


@cache
def city() -> olive.Population:
    return olive.Population.synthetic(households=120, seed=1)


@cache
def result() -> olive.Result:
    return olive.simulate(city(), [LAW, LAW | RAISE])


@cache
def ranged() -> olive.Result:
    """Return a result of households enough for families of every size in town and country."""
    homes = olive.Population.synthetic(households=2_000, seed=1)
    return olive.simulate(homes, [LAW, LAW | RAISE])


def _card(folder: Path, **how: Any) -> None:
    analysis.write_card(olive.simulate(city(), LAW), folder / "card.yaml")
    olive.verify_card(folder / "card.yaml", city(), **how)


def _of_few_parts(call: Callable[..., Any], **how: Any) -> None:
    """Call what attributes the plan's parts with two of them: eight take seconds."""

    def few(city: olive.Population, law: olive.Policy, _: Any, **how: Any) -> Any:
        return olive.attribute(city, law, PARTS, **how)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("olive.analysis.plan_parts.attribute", few)
        call(city(), LAW, **how)


def _effects_of_one_lever(_: Path, **how: Any) -> None:
    one = partial(lever_effects, only=[FLOOR])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("olive.analysis.lever_effects.lever_effects", one)
        computed_effects(city(), **how)


def _reading(folder: Path, **how: Any) -> None:
    city().write(folder / "city")
    olive.Population.read(folder / "city", **how)


def _draws_of_one_figure(folder: Path, **how: Any) -> None:
    own = olive.Reform({"dibao_standard": 20_000})
    write_assumption_range(city(), LAW, own, seed=0, draws=2, file=folder / "x.json", **how)


#: One call of every public function that takes `progress`, by module and name.
CALLS: dict[str, Callable[..., Any]] = {
    "analysis.assumption_range.assumption_range": lambda _, **how: assumption_range(
        city(), LAW, LAW | RAISE, reform=RAISE, draws=2, **how
    ),
    "analysis.assumption_range.write_assumption_range": _draws_of_one_figure,
    "analysis.attribution.attribute": lambda _, **how: olive.attribute(city(), LAW, PARTS, **how),
    "analysis.attribution.interactions": lambda _, **how: olive.interactions(
        city(), LAW, PARTS, **how
    ),
    "analysis.cliffs.cliffs": lambda _, **how: olive.cliffs(result(), **how),
    "analysis.comparison.Comparison.targets": lambda _, **how: olive.compare(ranged()).targets(
        **how
    ),
    "analysis.cost_effectiveness.cost_effectiveness": lambda _, **how: olive.cost_effectiveness(
        city(), LAW, PARTS, draws=0, **how
    ),
    "analysis.crossing_ledger.crossings_by_part": lambda _, **how: olive.crossings_by_part(
        city(), LAW, PARTS, **how
    ),
    "analysis.decomposition.decompose": lambda _, **how: olive.decompose(city(), 2022, 2023, **how),
    "analysis.falling_back.vulnerability": lambda _, **how: olive.vulnerability(result(), **how),
    "analysis.goal_seek.reach": lambda _, **how: olive.reach(
        city(), LAW, {"resident_basic_pension_standard": olive.Limits(1.0, 2.0, "factor")}, **how
    ),
    "analysis.lever_effects.computed_effects": _effects_of_one_lever,
    "analysis.lever_effects.lever_effects": lambda _, **how: lever_effects(
        city(), LAW, only=[FLOOR], **how
    ),
    "analysis.low_income.low_income_moves": lambda _, **how: analysis.low_income_moves(
        city(), city(), line=20_000, **how
    ),
    "analysis.marginal_rates.marginal_rates": lambda _, **how: olive.marginal_rates(
        result(), **how
    ),
    "analysis.plan_parts.plan_parts": lambda _, **how: _of_few_parts(
        plan_parts, compute=True, **how
    ),
    "analysis.plan_parts.write_plan_parts": lambda folder, **how: _of_few_parts(
        write_plan_parts, seed=0, file=folder / "parts.json", **how
    ),
    "analysis.projection.project": lambda _, **how: olive.project(city(), [2023], draws=0, **how),
    "analysis.run_card.verify_card": _card,
    "analysis.streamed.simulate_stream": lambda _, **how: olive.simulate_stream(
        olive.PopulationStream.of(city()), [LAW, LAW | RAISE], **how
    ),
    "analysis.thin_data.thin_data": lambda _, **how: olive.thin_data(result(), **how),
    "analysis.uncertainty.uncertainty": lambda _, **how: olive.uncertainty(
        city(), LAW, RAISE, draws=2, **how
    ),
    "engine.execution.run_policies": lambda _, **how: run_policies(
        Tables(
            city().arrays().households,
            city().arrays().persons,
            city().arrays().starts,
            city().arrays().household_key,
        ),
        [LAW],
        ["dibao"],
        **how,
    ),
    "population.ageing.aged": lambda _, **how: aged(ranged().population, 2025, **how),
    "population.calibration.calibration.calibrate": lambda _, **how: calibrate(
        city(), Targets((HOUSEHOLDS,)), **how
    ),
    "population.population.Population.age": lambda _, **how: ranged().population.age(2025, **how),
    "population.population.Population.brought_to": lambda _, **how: ranged().population.brought_to(
        2025, **how
    ),
    "population.population.Population.read": _reading,
    "population.population.Population.synthetic": lambda _, **how: olive.Population.synthetic(
        120, **how
    ),
    "population.population.Population.write": lambda folder, **how: city().write(folder, **how),
    "population.stream.PopulationStream.synthetic": lambda _, **how: (
        olive.PopulationStream.synthetic(120, **how)
    ),
    "population.stream.PopulationStream.write": lambda folder, **how: olive.PopulationStream.of(
        city(), block=50
    ).write(folder, **how),
    "report.build.build_report": lambda _, **how: build_report(
        ReportRequest(households=120, model_range=False), **how
    ),
    "report.speed.measure_speed": lambda _, **how: measure_speed(
        500, [work for work in WORKS if work.key == "draw"], threads=1, **how
    ),
    "simulation.one_pass.one_pass": lambda _, **how: one_pass(
        city(), [LAW], ["dibao"], seed=0, **how
    ),
    "simulation.run.simulate": lambda _, **how: olive.simulate(city(), LAW, **how),
    "validation.validation.validate": lambda _, **how: olive.validate(
        city(), model_range=False, **how
    ),
}


def _functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield every function of olive that is not private, methods too, by module and name."""
    for module in pkgutil.walk_packages(olive.__path__, "olive."):
        if "__main__" in module.name:
            continue
        loaded = importlib.import_module(module.name)
        for name, each in inspect.getmembers(loaded):
            if getattr(each, "__module__", "") != module.name or name.startswith("_"):
                continue
            where = f"{module.name.removeprefix('olive.')}.{name}"
            if inspect.isfunction(each):
                yield where, each
            elif inspect.isclass(each):
                for inner in vars(each).values():
                    function = getattr(inner, "__func__", inner)
                    if inspect.isfunction(function) and not function.__name__.startswith("_"):
                        yield f"{where}.{function.__name__}", function


def test_every_function_that_tells_of_progress_takes_the_same_and_is_tried_here() -> None:
    taking = {
        where: inspect.signature(function).parameters["progress"]
        for where, function in _functions()
        if "progress" in inspect.signature(function).parameters
    }
    assert {str(each.annotation) for each in taking.values()} <= {"Progress", "Told"}
    public = {
        where
        for where, each in taking.items()
        if each.annotation == "Progress" and each.default is None
    }
    assert public == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_anything_else_is_refused(name, tmp_path) -> None:
    with pytest.raises(DataError, match=r"progress is a str; give True for a bar on standard err"):
        CALLS[name](tmp_path, progress="yes")


# Each runs many policies; that they refuse what is no progress is quick.
LONG = {
    "analysis.assumption_range.assumption_range",
    "analysis.assumption_range.write_assumption_range",
    "analysis.goal_seek.reach",
    "analysis.plan_parts.plan_parts",
    "analysis.plan_parts.write_plan_parts",
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(each, marks=[pytest.mark.slow] if each in LONG else []) for each in CALLS],
)
def test_true_shows_a_bar_that_reaches_the_end(name, tmp_path, monkeypatch) -> None:
    told: list[tuple[int, int]] = []

    @contextmanager
    def bar(label: str, counted: str = "") -> Iterator[Callable[[int, int], None]]:
        assert label
        yield lambda *done: told.append(done)

    monkeypatch.setattr(progress_bar, "progress_bar", bar)
    CALLS[name](tmp_path, progress=True)
    assert told
    assert all(0 <= done <= total for done, total in told)
    if name != "analysis.goal_seek.reach":  # which says how many policies it simulates at most
        assert told[-1][0] == told[-1][1]


def test_a_file_or_a_pipe_gets_no_bar_and_no_empty_line(capfd, monkeypatch) -> None:
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    olive.simulate(city(), LAW, progress=True)
    assert capfd.readouterr() == ("", "")


def test_a_bar_stands_on_standard_error_and_nothing_without(capfd, monkeypatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # a bar is drawn on terminals alone
    told: list[tuple[int, int]] = []
    olive.simulate(city(), LAW, progress=lambda *done: told.append(done))
    assert told[-1] == (1, 1)
    olive.simulate(city(), LAW, progress=True)
    seen = capfd.readouterr()
    assert (seen.out, "simulate" in seen.err) == ("", True)
    for nobody in (None, False):
        olive.simulate(city(), LAW, progress=nobody)
        assert capfd.readouterr() == ("", "")
