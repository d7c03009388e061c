"""The population: households and their persons, immutable."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from olive.engine.arguments import check_run
from olive.errors import DataError
from olive.messages import Message
from olive.places.place import Place
from olive.places.registry import place as place_named
from olive.places.registry import place_of_recipe
from olive.population.entering import noted, of_folder, of_frames, of_survey
from olive.population.origin import Origin
from olive.population.population_view import PopulationView
from olive.population.storage import write_tables
from olive.population.subset import named_household, selected, with_columns
from olive.population.uprating import uprated
from olive.population.years import checked_year
from olive.progress import Progress, shown_progress

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Population(PopulationView):
    """Households and persons of one place and year.

    Build one with `synthetic`, `from_frames` or `read`.

    Examples
    --------
    >>> import pandas as pd
    >>> households = pd.DataFrame(
    ...     {"household_id": [1, 2], "weight": [10.0, 20.0], "county": ["linhai", "sanmen"]}
    ... )
    >>> persons = pd.DataFrame({"household_id": [1, 1, 2], "age": [40, 12, 70]})
    >>> village = Population.from_frames(households, persons, year=2023)
    >>> len(village), village.size.tolist(), float(village.weight.sum())
    (2, [2, 1], 30.0)
    """

    @classmethod
    def from_frames(
        cls,
        households: Any,
        persons: Any,
        *,
        year: int,
        origin: Origin | None = None,
        place: str | Place | None = None,
    ) -> Self:
        """Check two tables and return them as a population.

        Parameters
        ----------
        households : frame, mapping of columns, str or pathlib.Path
            Frames of pandas, polars or Arrow, or files (CSV, Parquet, Stata, Excel). One row a
            household: ``household_id``, ``weight`` and columns of the place
            (``olive.place().columns``); other columns are kept.
        persons : frame, mapping of columns, str or pathlib.Path
            One row a person with the ``household_id``; ``person_number`` is derived from the
            order when it is absent. Codes may be given as numbers or as names.
        year : int
            Calendar year that incomes refer to.
        origin : Origin, optional
            Where the tables come from, when it is more than the year.
        place : str or Place, optional
            Where the households live: whose columns, law and words apply. By default Taizhou.

        Raises
        ------
        DataError
            Listing every fault with column, row, value and how to mend it.
        """
        return cls(*of_frames(households, persons, year, origin, place))

    @classmethod
    def from_survey(
        cls,
        households: Any,
        persons: Any,
        mapping: str | Path | Mapping[str, Any],
        *,
        year: int | None = None,
        place: str | Place | None = None,
    ) -> Self:
        """Return a survey of your own as a population, by a mapping of its columns.

        Parameters
        ----------
        households, persons : frame, mapping of columns, str or pathlib.Path
            The survey's tables under their own column names, in their own units and codes: frames
            of pandas, polars or Arrow, or files (CSV, Parquet, Stata, Excel).
        mapping : str, pathlib.Path or mapping
            YAML file, or its content, that says where each of olive's columns comes from; see
            `olive.population.mapping.mapped` and ``docs/how_to/own_survey_data.md``.
        year : int, optional
            Calendar year that incomes refer to; the mapping's year by default.
        place : str or Place, optional
            Where it was taken; the mapping's place by default.

        Raises
        ------
        DataError
            Listing every fault with column, row, value and how to mend it.
        """
        return cls(*of_survey(households, persons, mapping, year, place))

    @classmethod
    def read(
        cls,
        folder: str | Path,
        *,
        year: int | None = None,
        place: str | Place | None = None,
        progress: Progress = None,
    ) -> Self:
        """Read a population from the two Parquet files of a folder.

        Parameters
        ----------
        folder : str or pathlib.Path
            Holds one file that ends in ``households.parquet`` and one in ``persons.parquet``.
        year : int, optional
            Needed when the files do not carry their year (files that olive did not write).
        place : str or Place, optional
            Where the households live, when the files do not say it; by default Taizhou.
        progress : callable or bool, optional
            Called with (steps done, steps in all): the two files, whether they are as written,
            their columns; True shows a bar.

        Raises
        ------
        DataError
            When the files are missing, damaged or at fault.
        """
        with shown_progress(progress, Message("read")) as told:
            return cls(*of_folder(folder, year, place, told))

    @classmethod
    def synthetic(
        cls,
        households: int = 20_000,
        seed: int = 1,
        place: str | Place | None = None,
        year: int | None = None,
        *,
        recipe: str | Path | None = None,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Self:
        """Draw a synthetic population: no real people, but the published totals of a real place.

        Each household depends on the recipe, the seed and its own number only: the first hundred
        households of a city of a million are those of a city of a hundred, apart from weights.
        Weights add up to the place whatever the number of households.

        Parameters
        ----------
        households : int
            How many to draw. Taizhou has 2.51 million family and 0.13 million collective ones.
        seed : int
            Seed of all draws.
        place : str or Place, optional
            Of which installed place; by default Taizhou.
        year : int, optional
            Which of its recipes; by default the latest.
        recipe : str or pathlib.Path, optional
            File of a solved recipe of your own instead, see ``docs/how_to/own_recipe.md``.
        threads : int, optional
            By default as many as there are processors; the result does not depend on it.
        progress : callable or bool, optional
            Called with (households done, households in all); True shows a bar.

        Raises
        ------
        DataError
            When there is no such recipe, or a number is out of range.

        Examples
        --------
        >>> city = Population.synthetic(households=1_000, seed=1)
        >>> round(float(city.weight.sum()))
        2636236
        """
        check_run(seed, threads)
        file = None if recipe is None else Path(recipe)
        found = place_named(place) if file is None else place_of_recipe(file)
        try:
            with shown_progress(progress, Message("draw"), Message("households")) as told:
                tables, origin = found.recipes.draw(
                    households, seed, year=year, file=file, threads=threads, progress=told
                )
        except MemoryError:
            raise DataError(
                "{households:,} households do not fit in memory; draw fewer", households
            ) from None
        return cls(tables, origin)

    @classmethod
    def shipped(cls, place: str | Place | None = None) -> Self:
        """Return the synthetic sample of a place: 20,000 households, for Taizhou in 2023.

        It is drawn afresh, which takes a moment, so that an installed olive needs no data files;
        the files in ``data/synthetic/`` hold the same values for Taizhou.

        Parameters
        ----------
        place : str or Place, optional
            By default the default place.

        Examples
        --------
        >>> print(len(Population.shipped()), Population.shipped().is_synthetic)
        20000 True
        """
        return cls.synthetic(households=20_000, seed=1, place=place)

    def write(self, folder: str | Path, *, progress: Progress = None) -> None:
        """Write the population to ``folder`` as two Parquet files; `read` gives it back.

        Parameters
        ----------
        folder : str or pathlib.Path
        progress : callable or bool, optional
            Called with (row groups written, row groups in all); True shows a bar.
        """
        with shown_progress(progress, Message("write")) as told:
            write_tables(folder, self.tables, self.origin, told=told)

    def with_columns(self, columns: Mapping[str, Any], *, note: str = "") -> Self:
        """Return the same households with other values in some columns.

        Parameters
        ----------
        columns : mapping of str to array_like
            Column of the catalogue to one value for each household or person, in their order.
        note : str
            What was done, for `notes`.

        Raises
        ------
        DataError
            When a column is unknown or holds identifiers, or values do not fit it.

        Examples
        --------
        >>> city = Population.synthetic(households=20, seed=1)
        >>> float(city.with_columns({"rent_paid": [0.0] * 20}).households["rent_paid"].sum())
        0.0
        """
        tables = with_columns(self.tables, columns)
        return replace(self, tables=tables, origin=noted(self.origin, note))

    def select(self, mask: Any) -> Self:
        """Return the households where ``mask`` is true, with all their persons.

        Parameters
        ----------
        mask : array_like of bool, shape (households,)
            In the order of `households`.

        Raises
        ------
        DataError
            When the mask is not one truth value a household, or is true nowhere.
        """
        origin = noted(self.origin, Message("a selection"))
        return replace(self, tables=selected(self.tables, mask), origin=origin)

    def household(self, identifier: Any) -> Self:
        """Return one household, with all its persons, as a population of its own.

        Parameters
        ----------
        identifier : int or str
            Its ``household_id``.

        Raises
        ------
        DataError
            When there is no such household.

        Examples
        --------
        >>> city = Population.synthetic(households=20, seed=1)
        >>> len(city.household(7))
        1
        """
        return self.select(named_household(self.tables, identifier))

    def uprate(self, year: int, growth: str | Mapping[str, float] = "trend") -> Self:
        """Return the same people with the incomes of another year.

        Every money column grows by the factor of its component; ages and weights stay (see
        `age`). Amounts that the law sets are computed by the rules, never grown.

        Parameters
        ----------
        year : int
            Calendar year to bring incomes to; it may be earlier than the data's.
        growth : str or mapping of str to float
            ``"trend"`` (published growth, then rates of other places), ``"plan"`` (the pace of the
            plan's aim), or factors by component for the whole span: ``{"wage": 1.10}``.

        Raises
        ------
        DataError
            When the path or a component is unknown, or the year is beyond the path.

        Examples
        --------
        >>> city = Population.synthetic(households=100, seed=1).uprate(2025)
        >>> city.year, city.notes[0]
        (2025, 'incomes grown from 2023 to 2025 on the path trend')
        """
        wanted = checked_year(year)
        tables, notes = uprated(self.tables, self.year, wanted, growth, place=self.place)
        origin = noted(self.origin, *notes)
        return replace(self, tables=tables, origin=replace(origin, year=wanted))

    def age(
        self,
        year: int,
        *,
        targets: Any = None,
        growth: str | Mapping[str, float] = "trend",
        fit_income_sums: bool = False,
        progress: Progress = None,
    ) -> Self:
        """Return the population of another year: weights by its margins, incomes by growth.

        Parameters and errors are those of `olive.population.ageing.aged`, which also
        returns the record of every step; the design effects stand in `notes`.
        """
        # Calibration brings linear algebra along, which most users of a population do not need.
        from olive.population.ageing import aged  # noqa: PLC0415

        found = aged(
            self,
            checked_year(year),
            targets=targets,
            growth=growth,
            fit_income_sums=fit_income_sums,
            progress=progress,
        )
        return replace(self, tables=found.population.tables, origin=found.population.origin)

    def brought_to(
        self, year: int, growth: str | Mapping[str, float] = "trend", *, progress: Progress = None
    ) -> Self:
        """Return the population of another year as reports take it.

        Own data keep their weights (`uprate`). A synthetic population is of a census, and
        its weights move too (`age`) where its place projects margins of other years.

        Examples
        --------
        >>> city = Population.synthetic(households=300, seed=1)
        >>> city.brought_to(2023) is city, city.brought_to(2025).year
        (True, 2025)
        """
        if checked_year(year) == self.year:
            return self
        if self.is_synthetic and self.place.margins_at:
            return self.age(year, growth=growth, progress=progress)
        return self.uprate(year, growth)
