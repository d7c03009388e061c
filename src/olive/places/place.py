"""What a place is: its columns, its law, its regions, its plan, and what is published of it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from olive.engine.columns import read_columns
from olive.engine.policy import policy_on
from olive.engine.ruleset import RuleSet
from olive.errors import DataError, RuleError
from olive.native.immutable import ByContent, FrozenMapping
from olive.places.labels import Label

if TYPE_CHECKING:
    from olive.engine.carrying import Carry
    from olive.engine.columns import Column
    from olive.engine.policy import Policy
    from olive.places.plan.plan import Plan
    from olive.places.recipes import Recipes

# The last day where no record ends: nothing is carried forward.
NO_END = date.max
NO_GROUP = Label("不属于任何群体", "none of the groups")
YUAN = Label("元", "yuan")


@dataclass(frozen=True, slots=True)
class Bracket:
    """An income bracket of households whose share tables show.

    Attributes
    ----------
    name : str
        For example ``"share_10_50"``.
    label : Label
    low, high : float
        Bounds, in the currency of the place a year.
    """

    name: str
    label: Label
    low: float
    high: float

    def span(self, currency: Label) -> Label:
        """Return the bounds in words, such as ``10—50万元`` and ``100,000-500,000 yuan``.

        >>> Bracket("middle", Label("中等收入", "middle"), 18_000.0, 60_000.0).span(YUAN)
        Label(zh='1.8—6万元', en='18,000-60,000 yuan')
        """
        return Label(
            f"{self.low / 1e4:.6g}—{self.high / 1e4:.6g}万{currency.zh}",
            f"{self.low:,.0f}-{self.high:,.0f} {currency.en}",
        )


@dataclass(frozen=True, slots=True)
class PovertyLine:
    """An income per capita below which persons are counted as poor.

    Attributes
    ----------
    value : float
        In the currency of the place, per head and year.
    label : Label
    """

    value: float
    label: Label


@dataclass(frozen=True, slots=True)
class Group:
    """A group of persons that tables are broken down by, defined by a rule of the place's law.

    Attributes
    ----------
    name : str
        For example ``"graduates"``.
    label : Label
    rule : str
        Variable of persons that says who belongs to it.
    """

    name: str
    label: Label
    rule: str


@dataclass(frozen=True, slots=True)
class Groups:
    """The key groups of a place, which may overlap.

    Attributes
    ----------
    groups : tuple of Group
    precedence : tuple of str
        The first group in this order that somebody belongs to is that person's only one, in
        tables that must add up.
    none : Label
        Who belongs to none.
    """

    groups: tuple[Group, ...] = ()
    precedence: tuple[str, ...] = ()
    none: Label = NO_GROUP

    def labels(self) -> dict[str, Label]:
        """Return the label of each group, and that of belonging to none."""
        return {**{group.name: group.label for group in self.groups}, "none": self.none}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Place(ByContent):
    """A place: everything that olive must know of it, as data and names of modules.

    A place is a package beside olive that announces its `Place` by an entry point of the group
    ``olive.places``; see ``docs/how_to/another_place.md``.

    Attributes
    ----------
    name : str
        For example ``"taizhou"``.
    label : Label
        Its name in titles.
    columns : Path or Traversable
        YAML file of the columns that its tables may have.
    law_packages : tuple of str
        Packages of its law, for example ``("olive.china.law", "olive.taizhou.law")``: every
        module with rules, and every YAML file of parameters. What a later package defines again
        replaces what an earlier one says.
    first_day, last_day : date
        What the record of its law covers as a whole.
    currency : Label
        What amounts are in, for example ``Label("元", "yuan")``; units begin with the English one.
    region_column : str
        Household column that holds the region.
    regions : mapping of str to Label
        Its codes, in order, with labels.
    stand_ins : mapping of str to str
        Whose figure a region takes in tables of the law that do not have it: where a place is
        laid on the law of another one.
    uprated_with : str or None
        Parameter with which amounts grow that the law ties to nothing.
    full_compliance : mapping of str to float
        Parameters and values with which everybody declares, claims and pays by the statute.
    brackets : tuple of Bracket
        Shown where no plan states brackets of its own.
    poverty_lines : tuple of PovertyLine
    groups : Groups
    outputs : tuple of str
        Variables that a result keeps unless others are named; ``disposable_income`` among them.
    plan_folder : Path or None
        Folder of its plan (``plan.yaml``, ``clauses.yaml``, ``levers/``).
    recipes_at : str
        ``"module:name"`` of its recipes, see `olive.places.recipes.Recipes`; empty without any.
    margins_at : str
        ``"module:name"`` of a function that projects the margins of a population to another year,
        for `olive.Population.age`; empty without one.
    headline_figures : tuple of str
        Published figures that readers look at first, by id.
    growth_paths, published, revenue, runs : Path or None
        Growth of incomes, published figures to validate against, public revenue, and the folder
        of shipped runs.
    earnings : tuple of str
        Person columns of what work brings, which a lost job or an illness takes away.
    unemployed : (str, str) or None
        Person column and code of those who have lost their job.
    completed_at : str
        ``"module:name"`` of a function that completes a member of a household built by hand, for
        `olive.household`; empty when nothing is to be added.
    """

    name: str
    label: Label
    columns_file: Any
    law_packages: tuple[str, ...]
    first_day: date
    last_day: date = NO_END
    currency: Label = YUAN
    region_column: str = ""
    regions: Mapping[str, Label] = field(default_factory=FrozenMapping)
    stand_ins: Mapping[str, str] = field(default_factory=FrozenMapping)
    uprated_with: str | None = None
    full_compliance: Mapping[str, float] = field(default_factory=FrozenMapping)
    brackets: tuple[Bracket, ...] = ()
    poverty_lines: tuple[PovertyLine, ...] = ()
    groups: Groups = Groups()
    outputs: tuple[str, ...] = ("disposable_income",)
    plan_folder: Path | None = None
    recipes_at: str = ""
    margins_at: str = ""
    headline_figures: tuple[str, ...] = ()
    growth_paths: Path | None = None
    published: Path | None = None
    revenue: Path | None = None
    runs: Path | None = None
    earnings: tuple[str, ...] = ()
    unemployed: tuple[str, str] | None = None
    completed_at: str = ""

    def __repr__(self) -> str:
        """Return the name and the record; all of it would fill many screens."""
        return f"Place({self.name}: {self.label.en}, law from {self.first_day})"

    def __hash__(self) -> int:
        # What is kept by place is asked for often, and a name tells places well enough apart.
        return hash(self.name)

    @property
    def columns(self) -> Mapping[str, Column]:
        """The columns that its tables may have, by name; codes of regions are the place's."""
        return _columns(self)

    @property
    def rules(self) -> RuleSet:
        """All rules of its law, fitted together, whatever the day."""
        return _rules(self)

    def law(
        self,
        day: str | date | None = None,
        *,
        year: int | None = None,
        carry: Carry = "nominal",
        uprated_to: int | None = None,
    ) -> Policy:
        """Return its law on a day, or weighted by months over a year; see `olive.law`."""
        return policy_on(
            self.rules,
            day,
            year=year,
            carry=carry,
            uprated_to=uprated_to,
            income=self.uprated_with,
            not_before=self.first_day,
            recorded_to=self.last_day,
        )

    @property
    def plan(self) -> Plan:
        """Its plan.

        Raises
        ------
        PlanError
            When it has none.
        """
        from olive.places.plan.plan import plan_of  # noqa: PLC0415 - few need a plan

        return plan_of(self)

    @property
    def has_plan(self) -> bool:
        """Whether it has a plan."""
        return self.plan_folder is not None

    @property
    def recipes(self) -> Recipes:
        """What synthetic populations of it are drawn from.

        Raises
        ------
        DataError
            When it has none.
        """
        if not self.recipes_at:
            raise DataError("the place {name!r} has no recipes, so nothing can be drawn", self.name)
        found: Recipes = named_object(self.recipes_at)
        return found

    def is_money(self, unit: str) -> bool:
        """Whether a unit is one of money: it begins with the currency."""
        return unit.partition("/")[0] == self.currency.en

    def topics(self) -> Mapping[str, ModuleType]:
        """Return the modules of its law by name, as ``dibao`` or ``income_tax``."""
        return _topics(self.law_packages)

    def parameter_files(self) -> tuple[Path, ...]:
        """Return the parameter files of its law, in the order in which they are read."""
        return tuple(
            path
            for package in self.law_packages
            for path in sorted(_folder(package).glob("*.yaml"))
        )

    def brackets_shown(self) -> tuple[Bracket, ...]:
        """Return the brackets of its plan, or its own where it has none."""
        if not self.has_plan:
            return self.brackets
        return tuple(
            Bracket(target.name, target.label, *target.bounds)
            for target in self.plan.targets()
            if target.bounds is not None
        )

    def renamed(self, name: str, label: Label, **changes: Any) -> Place:
        """Return a place like this one under another name, for example one with more regions."""
        return replace(self, name=name, label=label, **changes)


@cache
def _columns(place: Place) -> Mapping[str, Column]:
    columns = dict(read_columns(place.columns_file.read_text(encoding="utf-8")))
    if place.region_column:
        given = columns[place.region_column]
        columns[place.region_column] = replace(
            given,
            codes=tuple(place.regions),
            code_labels=tuple(place.regions.values()),
            minimum=0,
            maximum=len(place.regions) - 1,
        )
    return FrozenMapping(columns)


@cache
def _rules(place: Place) -> RuleSet:
    rules = RuleSet.build(
        list(place.topics().values()),
        columns=place.columns,
        parameter_files=place.parameter_files(),
        stand_ins={place.region_column: place.stand_ins} if place.stand_ins else None,
    )
    return replace(rules, place=place.name)


@cache
def _topics(packages: tuple[str, ...]) -> Mapping[str, ModuleType]:
    found = {
        each.name: importlib.import_module(f"{package}.{each.name}")
        for package in packages
        for each in pkgutil.iter_modules([str(_folder(package))])
    }
    return FrozenMapping(dict(sorted(found.items())))


def _folder(package: str) -> Path:
    with resources.as_file(resources.files(package)) as folder:
        return Path(folder)


def named_object(at: str) -> Any:
    """Return an object named ``"module:name"``.

    Raises
    ------
    RuleError
        When the name is not of this form.
    """
    if ":" not in at:
        raise RuleError("{at!r} names no object; write 'package.module:name'", at)
    return pkgutil.resolve_name(at)
