"""What olive does, one work after the other, each as a job whose time can be taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial, reduce
from itertools import combinations
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from olive import statistics
from olive.analysis.attribution import attribute
from olive.analysis.comparing import compare
from olive.analysis.streamed import simulate_stream
from olive.analysis.uncertainty import uncertainty
from olive.engine.reform import Reform
from olive.places.labels import Label
from olive.population import Population, PopulationStream
from olive.population.calibration import PublishedFigure, Targets, calibrate
from olive.simulation import evaluate, evaluator, simulate

if TYPE_CHECKING:
    from olive.engine.policy import Policy
    from olive.simulation import Result

Job = Callable[[], object]

_SEED = 1
_AGES = (0, 6, 15, 25, 40, 50, 60, 70, 150)
_DRAWS, _REPLICATES = 100, 100
_LEVERS_OF_MANY = 6
_TAX, _TAXED = "comprehensive_income_tax", "taxable_income"


@dataclass(frozen=True)
class Workbench:
    """What the works share: a drawn city of the default place, its law and plan, a folder.

    Attributes
    ----------
    households : int
        Sample households of the city.
    threads : int
    folder : Path
        For files.
    """

    households: int
    threads: int
    folder: Path

    def draw(self) -> Population:
        """Draw the city anew."""
        return Population.synthetic(self.households, _SEED, threads=self.threads)

    @cached_property
    def city(self) -> Population:
        """The city."""
        return self.draw()

    @cached_property
    def law(self) -> Policy:
        """The law of the city's year."""
        return self.city.place.law(year=self.city.year)

    @cached_property
    def plan(self) -> Reform:
        """The whole plan."""
        return self.city.place.plan.scenario()

    @cached_property
    def parts(self) -> dict[str, Reform]:
        """The plan in parts."""
        return dict(self.city.place.plan.parts())

    @cached_property
    def result(self) -> Result:
        """Law and plan, simulated."""
        return simulate(self.city, [self.law, self.law | self.plan], threads=self.threads)

    @cached_property
    def income(self) -> tuple[np.ndarray, np.ndarray]:
        """Disposable income of each household, none negative as a Gini asks; and weights."""
        income = self.result.values(self.city.place.outputs[0])
        return np.maximum(income, 0.0), self.city.weight


@dataclass(frozen=True, slots=True)
class Work:
    """One thing that olive does.

    Attributes
    ----------
    key : str
    label : Label
    prepare : function of Workbench
        Returns the job that is timed; what the job only uses is made before.
    divisor : int
        The job runs on this part of the households asked for; 0: on one household.
    rule : str
        Rule that the place must have; empty for any place with a plan.
    """

    key: str
    label: Label
    prepare: Callable[[Workbench], Job]
    divisor: int = 1
    rule: str = ""

    def size(self, households: int) -> int:
        """Return the households that the job runs on, of those asked for."""
        return max(households // self.divisor, 1) if self.divisor else 1


def _drawing(bench: Workbench) -> Job:
    return bench.draw


def _law_and_plan(bench: Workbench) -> Job:
    policies = [bench.law, bench.law | bench.plan]
    return partial(simulate, bench.city, policies, threads=bench.threads)


def _many_policies(bench: Workbench) -> Job:
    parts = list(bench.parts.values())[:_LEVERS_OF_MANY]
    subsets = [each for size in range(len(parts) + 1) for each in combinations(parts, size)]
    policies = [reduce(or_, each, bench.law) for each in subsets]
    totals = bench.city.place.outputs[:1]
    return partial(simulate, bench.city, policies, outputs=[], totals=totals, threads=bench.threads)


def _targets(bench: Workbench, *, model_range: bool) -> Job:
    result = bench.result
    return lambda: compare(result, model_range=model_range).targets()


def _statistics(bench: Workbench) -> Job:
    income, weight = bench.income

    def job() -> object:
        sample = statistics.ordered(income, weight)
        return (
            statistics.gini(sample),
            statistics.mean(sample),
            *(statistics.quantile(sample, p=p) for p in (0.1, 0.5, 0.9)),
            statistics.headcount(sample, line=60_000),
        )

    return job


def _replicates(bench: Workbench) -> Job:
    income, weight = bench.income
    design = statistics.survey_design(len(income))

    def job() -> object:
        replicates = statistics.bootstrap_weights(design, replicates=_REPLICATES, seed=_SEED)
        return statistics.estimate(
            statistics.gini, income, weights=weight, uncertainty=replicates, counted="households"
        )

    return job


def _calibration(bench: Workbench) -> Job:
    arrays = bench.city.arrays()
    weight = np.repeat(bench.city.weight, bench.city.size)
    counted, _ = np.histogram(arrays.persons["age"], bins=_AGES, weights=weight)
    # The older a person, the more of them: a population that has aged since.
    wanted = counted * np.linspace(0.95, 1.05, len(counted))
    targets = Targets(
        tuple(
            PublishedFigure(
                id=f"age.{low}",
                entity="person",
                measure="count",
                where=f"age >= {low} and age < {high}",
                value=float(value),
                year=bench.city.year,
                unit="persons",
                source="made up",
                status="assumption",
                tolerance=0.0,
                block="age",
            )
            for low, high, value in zip(_AGES, _AGES[1:], wanted, strict=False)
        )
    )
    return partial(calibrate, bench.city, targets)


def _writing(bench: Workbench) -> Job:
    return partial(bench.city.write, bench.folder / "written")


def _reading(bench: Workbench) -> Job:
    folder = bench.folder / "read"
    bench.city.write(folder)
    return partial(Population.read, folder)


def _streaming(bench: Workbench) -> Job:
    folder = bench.folder / "streamed"
    bench.city.write(folder)
    policies = [bench.law, bench.law | bench.plan]
    return lambda: simulate_stream(PopulationStream.read(folder), policies, threads=bench.threads)


def _attribution(bench: Workbench) -> Job:
    return partial(attribute, bench.city, bench.law, bench.parts)


def _uncertainty(bench: Workbench) -> Job:
    return partial(uncertainty, bench.city, bench.law, bench.plan, draws=_DRAWS)


def _evaluate(bench: Workbench) -> Job:
    return partial(evaluate, _TAX, {_TAXED: [60_000.0]}, bench.law)


def _evaluator(bench: Workbench) -> Job:
    return partial(evaluator(_TAX, [_TAXED], bench.law), 60_000.0)


def _one_household(bench: Workbench) -> Job:
    return partial(simulate, bench.city, [bench.law, bench.law | bench.plan])


WORKS = (
    Work("draw", Label("生成合成人口", "draw a synthetic city"), _drawing),
    Work(
        "law_and_plan",
        Label("全部法律，加上规划", "the whole law, and with the plan"),
        _law_and_plan,
    ),
    Work(
        "many_policies",
        Label("64种政策，只求总额", "64 policies, their totals alone"),
        _many_policies,
    ),
    Work("targets", Label("目标表", "table of the targets"), partial(_targets, model_range=False)),
    Work(
        "model_range",
        Label("目标表及模型区间", "table of the targets with the model range"),
        partial(_targets, model_range=True),
    ),
    Work(
        "statistics",
        Label("基尼系数、均值、分位数、贫困率", "Gini, mean, quantiles, poverty of one income"),
        _statistics,
    ),
    Work(
        "replicates",
        Label("基尼系数的标准误，100组复制权数", "standard error of a Gini, 100 replicates"),
        _replicates,
    ),
    Work("calibration", Label("权数校准到8个总数", "weights calibrated to 8 totals"), _calibration),
    Work("write", Label("写Parquet", "write Parquet"), _writing),
    Work("read", Label("读Parquet", "read Parquet"), _reading),
    Work(
        "stream",
        Label("法律及规划，从Parquet逐块计算", "law and plan over Parquet, by blocks"),
        _streaming,
    ),
    Work(
        "attribution",
        Label("规划各部分的贡献", "contributions of the plan's parts"),
        _attribution,
        divisor=10,
    ),
    Work(
        "uncertainty",
        Label("假设的100次联合抽取", "100 joint draws of the assumptions"),
        _uncertainty,
        divisor=10,
    ),
    Work(
        "one_household",
        Label("一户，全部法律加规划", "one household, law and plan"),
        _one_household,
        0,
    ),
    Work("evaluate", Label("一个人的所得税", "income tax of one person"), _evaluate, 0, _TAX),
    Work(
        "evaluator",
        Label("同上，用预先准备的函数", "the same by a prepared function"),
        _evaluator,
        0,
        _TAX,
    ),
)
