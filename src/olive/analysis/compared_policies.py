"""Two policies of a result against each other: what every table of theirs needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from olive.analysis import budget, crossings, gains
from olive.analysis.bracket_rule import BracketRule
from olive.analysis.breakdowns import Breakdown
from olive.analysis.caveats import standing_notes
from olive.analysis.disclosure import Figures, suppress
from olive.analysis.figures import Indicator
from olive.analysis.indicators import Incomes, incomes, indicators, measures
from olive.analysis.intervals import Uncertainty, interval_rows
from olive.analysis.pairs import PolicyPair
from olive.analysis.ranges import range_rows
from olive.analysis.table import Table, placed_table
from olive.analysis.thin_data import thin_data
from olive.analysis.words import UNIT_OF_ROW, ColumnWords, words_of
from olive.native.html import as_html
from olive.native.immutable import ByContent
from olive.places.labels import Label, policy_label

if TYPE_CHECKING:
    from olive.progress import Told
    from olive.simulation.result import Result

CROSSINGS: str = "crossings"
CELLS: str = "cells"
BUDGET: str = "budget"
#: What the rows of each of these tables are computed by.
ROWS: Mapping[str, Callable[[PolicyPair, Uncertainty | None], pd.DataFrame]] = {
    CROSSINGS: crossings.crossings,
    CELLS: lambda pair, _: crossings.cells(pair),
    BUDGET: budget.budget,
}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ComparedPolicies(ByContent):
    """Rows, errors, notes and titles of the tables of two policies.

    Attributes
    ----------
    result : Result
    positions : (int, int)
        Of the policy before and the policy after.
    smallest_cell : int
        Cells of fewer sample households are suppressed; 0 for none.
    rule : BracketRule
        Which ends belong to a bracket, and in whose prices its bounds are.
    uncertainty : Design, ReplicateWeights or None
        How the sample was drawn; None when no error can be computed.
    error_note : Label
        How errors were computed, or why not.
    model_range : bool
        Whether targets of synthetic data show the recipe range.
    """

    result: Result
    positions: tuple[int, int]
    smallest_cell: int
    rule: BracketRule
    uncertainty: Uncertainty | None
    error_note: Label
    model_range: bool

    def __repr__(self) -> str:
        before, after = (self.result.labels[position] for position in self.positions)
        return f"Comparison({before} -> {after}; {self._source()!r})"

    def _source(self) -> object:
        """Return what the figures are of."""
        return self.result

    def _repr_html_(self) -> str:
        before, after = (self.result.labels[position] for position in self.positions)
        tables = [f"{name}()" for name, what in vars(type(self)).items() if _is_table(what)]
        facts = [["before", before], ["after", after], ["tables", ", ".join(tables)]]
        synthetic = " (SYNTHETIC DATA, not real households)"
        return as_html(
            f"Comparison{synthetic if self.result.population.is_synthetic else ''}", [], facts
        )

    def _indicators(self) -> Sequence[Indicator]:
        return indicators(self.result, rule=self.rule, reached_under=self.positions[1])

    def _thin_notes(self) -> tuple[Label, ...]:
        if not self.result.filled:
            return ()
        return thin_data(self.result, *self.positions, rule=self.rule).notes

    def _rows(self, name: str) -> pd.DataFrame:
        return ROWS[name](self._pair(), self.uncertainty)

    def _gain_rows(
        self, categories: Breakdown, limit: gains.Threshold, concept: gains.Concept
    ) -> pd.DataFrame:
        pair = self._pair()
        return gains.winners_and_losers(pair, categories, limit, self.uncertainty, concept)

    def _pair(self) -> PolicyPair:
        """Return every household under both policies."""
        return self._example()

    def _example(self) -> PolicyPair:
        """Return households enough for the words of a table, not for its figures."""
        return PolicyPair.of(self.result, self.positions, self.rule)

    def _incomes(self) -> tuple[Incomes, Incomes]:
        before, after = (incomes(self.result, position) for position in self.positions)
        return before, after

    def _titled(self, zh: str, en: str) -> Label:
        before, after = (policy_label(self.result.policies[each]) for each in self.positions)
        return Label(f"{zh}：{before.zh} → {after.zh}", f"{en}: {before.en} -> {after.en}")

    def _doubt(self, told: Told = None) -> tuple[pd.DataFrame | None, tuple[Label, ...]]:
        """Return intervals of real data or the recipe range of synthetic ones, and notes."""
        how = measures(self.rule)
        if self.uncertainty is not None:
            errors = interval_rows(*self._incomes(), self.uncertainty, how)
            return errors, (self.error_note,)
        if self.model_range:
            return range_rows(self.result, self.positions, how, told)
        return None, (self.error_note,)

    def _table(
        self,
        frame: pd.DataFrame,
        title: Label,
        *,
        keys: Sequence[str],
        words: Mapping[str, Mapping[str, Label]],
        notes: tuple[Label, ...],
        samples: Sequence[str] = ("sample",),
        sums: Sequence[Sequence[int]] = (),
        figures: Sequence[Figures] = (),
    ) -> Table:
        shown, suppressed = suppress(
            frame,
            smallest_cell=self.smallest_cell,
            samples=samples,
            keys=keys,
            sums=sums,
            figures=figures,
        )
        policies = {
            each.label: ColumnWords(policy_label(each), UNIT_OF_ROW)
            for each in self.result.policies
        }
        return placed_table(
            self.result.place,
            shown,
            title,
            policies | words_of(self.result.place),
            words=words,
            notes=(*notes, *standing_notes(self.result, *self.positions), *suppressed),
            synthetic=self.result.population.is_synthetic,
        )


def _is_table(method: Any) -> bool:
    return getattr(method, "__annotations__", {}).get("return") == "Table"
