"""What stands in the file of a place, key by key.

Each class is a part of the file: its fields are the keys, their types the values and ranges that
are allowed. See ``docs/how_to/own_recipe.md``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from olive.china.columns import catalogue
from olive.china.recipes.quintiles import quintiles
from olive.china.recipes.recipe import LARGEST, SIZE_CLASSES
from olive.errors import DataError, nearest
from olive.places.registry import place as place_named
from olive.statistics.distributions import FAMILIES

Status = Literal["law", "published", "derived", "recalled", "proxy", "assumption"]
Positive = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
InnerShare = Annotated[float, Field(gt=0, lt=1)]


ClassShares = Annotated[
    list[Share],
    Field(
        min_length=len(catalogue()["household_class"].codes),
        max_length=len(catalogue()["household_class"].codes),
    ),
]
_ADD_UP = 0.01  # how far figures that belong together may differ: sources round


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Sourced(_Part):
    """Figures with their status; what was found or recalled says where."""

    status: Status
    source: str = ""
    url: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _has_source(self) -> Self:
        if self.status not in {"proxy", "assumption"} and not (self.source or self.note):
            raise DataError("the status {status!r} needs a `source`", self.status)
        return self


class SourcedNumber(_Sourced):
    """A positive number."""

    value: Positive


class SourcedShare(_Sourced):
    """A share between nought and one."""

    value: InnerShare


class AgeShares(_Sourced):
    """Shares of the age groups, in the order of ``ages``."""

    value: list[Share]


class ByHouseholdKind(_Part):
    """Figures of family and collective households."""

    family: SourcedNumber
    collective: SourcedNumber


class Ages(_Sourced):
    """Persons by age: one number more than there are bounds."""

    bounds: list[Annotated[int, Field(gt=0, lt=100)]] = Field(min_length=1)
    derived: dict[int, str] = {}  # from which age on, and how it was derived
    persons: list[Positive]

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if self.bounds != sorted(set(self.bounds)):
            raise ValueError("bounds must rise")
        number = len(self.bounds)
        if len(self.persons) != number + 1:
            raise DataError("{number} bounds need {number2} numbers of persons", number, number + 1)
        return self


class Sizes(_Sourced):
    """Family households by size, one to seven and more; tilted to the mean size."""

    shares: Annotated[list[InnerShare], Field(min_length=LARGEST, max_length=LARGEST)]


class Counties(_Sourced):
    """The counties of the place, by the codes of its regions."""

    persons: dict[str, Positive] = Field(min_length=1)
    recalled: list[str] = []
    urban: dict[str, InnerShare]
    level: dict[str, Positive]
    fishing: dict[str, Share]
    ages: dict[str, list[Positive]] = {}  # persons by age group, where they are known
    ages_source: str = ""

    @model_validator(mode="after")
    def _same(self) -> Self:
        for name in ("urban", "level", "fishing"):
            different = sorted(set(self.persons) ^ set(getattr(self, name)))
            if different:
                raise DataError(
                    "`{name}` and `persons` must have the same keys; see {different!r}",
                    name,
                    different[0],
                )
        return self


class Flows(_Sourced):
    """Components of income per head, yuan a year."""

    wage: Positive
    operating: Positive
    property: Positive
    transfer: Positive

    def total(self) -> float:
        """Return the income that the components add up to."""
        return self.wage + self.operating + self.property + self.transfer


class Income(_Part):
    """Disposable income per head, yuan a year: all, towns, country, and what it consists of."""

    mean: SourcedNumber
    urban: SourcedNumber
    rural: SourcedNumber
    components: dict[Literal["wage", "operating", "property", "transfer"], Positive] | None = None
    urban_components: Flows
    rural_components: Flows

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        for name in ("urban", "rural"):
            total = getattr(self, f"{name}_components").total()
            mean = getattr(self, name).value
            if _differs(total, mean):
                raise DataError(
                    "`{name}_components` add up to {total:,.0f}, not to {mean:,.0f}",
                    name,
                    total,
                    mean,
                )
        return self


class Stages(_Part):
    """Shares of the classes by stage of life, family households."""

    young: ClassShares
    middle: ClassShares
    family: ClassShares
    elder: ClassShares
    three_generation: ClassShares


class CollectiveStages(_Part):
    """Shares of the classes in collective households."""

    dormitory: ClassShares
    campus: ClassShares
    institution: ClassShares


class Classes(_Sourced):
    """Latent classes of households."""

    urban: Stages
    rural: Stages
    collective: CollectiveStages


class Hukou(_Sourced):
    """Registration of residents who are no migrants."""

    urban_local_rural: Share
    rural_local_urban: Share


class ShapeNames(_Part):
    """Names of grouped incomes in ``quintiles.csv``."""

    urban: str
    rural: str

    @model_validator(mode="after")
    def _known(self) -> Self:
        known = quintiles()
        for name in (self.urban, self.rural):
            if name not in known:
                raise DataError("no grouped incomes {name!r}{hint}", name, nearest(name, known))
        return self


class Province(_Part):
    """Published shares that set the spread: three-person definition, 100-500 and 200-600."""

    note: str = ""
    shares: Annotated[list[InnerShare], Field(min_length=2, max_length=2)]
    urban: Positive
    rural: Positive
    urban_households: InnerShare


class Lines(_Part):
    """Incomes a head, yuan a year."""

    rural: Positive
    urban: Positive


class LowTail(_Part):
    """Families of ``from_size`` and more below ``line`` are thinned, fully so again from ``below``.

    Below the line the density of families of any size falls as what is lacking to it, to the power
    ``depth``: of the line they lack (depth + 1) / (depth + 2) on average.
    """

    line: Lines
    below: Lines
    depth: Positive
    from_size: Annotated[int, Field(ge=1, lt=SIZE_CLASSES)]

    @model_validator(mode="after")
    def _rise(self) -> Self:
        if self.line.rural >= self.below.rural or self.line.urban >= self.below.urban:
            raise ValueError("`line` must be less than `below`")
        return self


class Pension(_Sourced):
    """Mean pension of the employee scheme, yuan a year."""

    urban: Positive
    rural: Positive


class Gradient(_Sourced):
    """By what power of income per head the expected size of households falls."""

    urban: Share
    rural: Share


class Spread(_Sourced):
    """Spread of income per head."""

    family: Literal[tuple(FAMILIES)]  # type: ignore[valid-type]
    size_gradient: Gradient | None = None
    low_tail: LowTail
    shape: ShapeNames
    province: Province


class Law(_Part):
    """What to know about the law that is applied; in Chinese too, where it is to be read so."""

    note: str
    zh: str = ""


class HeldOut(_Sourced):
    """A figure that the population is compared with, but not fitted to."""

    value: float
    year: int
    unit: str
    entity: Literal["household", "person"]
    measure: str
    where: str = ""
    tolerance: Positive = 0.05


class PlaceFile(_Part):
    """The file of a place and year."""

    place: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    zh: str
    year: int
    census_year: int | None = None
    law: Law | None = None
    households: ByHouseholdKind
    persons: ByHouseholdKind
    urban_person_share: SourcedShare
    urban_collective_share: SourcedShare
    ages: Ages
    male: SourcedNumber
    sizes: Sizes
    urban_age_shares: AgeShares
    urban_mean_size: SourcedNumber
    counties: Counties
    income: Income
    employee_pension: Pension
    collective_income: SourcedNumber
    disabled_persons: SourcedNumber
    classes: Classes
    hukou: Hukou
    villages: SourcedNumber
    spread: Spread
    dibao_recipients: SourcedNumber
    held_out: dict[str, HeldOut] = {}

    @model_validator(mode="before")
    @classmethod
    def _of_an_installed_place(cls, content: Any) -> Any:
        name = content.get("place") if isinstance(content, dict) else None
        if not isinstance(name, str):
            return content
        try:
            regions = place_named(name).regions
        except DataError as error:
            raise ValueError(f"place: {error}") from None
        counties = content.get("counties")
        named = counties.get("persons") if isinstance(counties, dict) else None
        for county in named if isinstance(named, dict) else ():
            if county not in regions:
                known = ", ".join(regions)
                hint = nearest(str(county), regions)
                raise ValueError(f"counties: no county {county!r}{hint}; known: {known}")
        return content

    @model_validator(mode="after")
    def _add_up(self) -> Self:
        people = self.persons.family.value + self.persons.collective.value
        part = self.urban_person_share.value
        mean = part * self.income.urban.value + (1.0 - part) * self.income.rural.value
        for name, found, wanted in (
            ("ages: persons", sum(self.ages.persons), people),
            ("counties: persons", sum(self.counties.persons.values()), people),
            ("urban_age_shares", sum(self.urban_age_shares.value), 1.0),
            ("income: urban and rural by urban_person_share", mean, self.income.mean.value),
        ):
            if _differs(found, wanted):
                raise DataError(
                    "{name} make {found:,.6g} and should make {wanted:,.6g} (within 1 %)",
                    name,
                    found,
                    wanted,
                )
        if len(self.urban_age_shares.value) != len(self.ages.persons):
            raise ValueError("urban_age_shares and ages: persons must be equally long")
        for kind in ("family", "collective"):
            size = getattr(self.persons, kind).value / getattr(self.households, kind).value
            if not 1.0 < size < LARGEST:
                raise DataError(
                    "{kind} households have {size:.3g} persons; more than 1, below {largest}",
                    kind,
                    size,
                    LARGEST,
                )
        return self


def _differs(found: float, wanted: float) -> bool:
    return abs(found / wanted - 1.0) > _ADD_UP
