"""The tables of a comparison: policies against the targets and against each other."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from olive.analysis import breakdowns, crossings, gains, groups
from olive.analysis import budget as budgets
from olive.analysis import progressivity as progression
from olive.analysis.compared_policies import BUDGET, CELLS, CROSSINGS
from olive.analysis.distribution_tables import DistributionTables
from olive.analysis.indicators import indicator_labels
from olive.analysis.table import Table
from olive.analysis.words import (
    ALL,
    DEFINITION_LABELS,
    DIRECTION_LABELS,
    FAMILY_HOUSEHOLDS,
    OUTCOME_LABELS,
    words_of,
)
from olive.errors import DataError
from olive.messages import Message
from olive.places.labels import Label
from olive.progress import Progress, shown_progress


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Comparison(DistributionTables):
    """Two policies of one result against each other, and all of them against the targets.

    Made by `olive.compare`, of what `olive.analysis.compared_policies.ComparedPolicies` holds.
    Every method returns a `Table`.
    """

    def targets(self, *, progress: Progress = None) -> Table:
        """Return indicators under every policy, with change, target, gap and growth still needed.

        Parameters
        ----------
        progress : callable or bool, optional
            Called with (variants of the recipe done, variants in all) where the table shows the
            recipe range; True shows a bar.

        Returns
        -------
        Table
            One row for each indicator and definition: ``indicator``, ``definition``, ``line``
            (poverty line, yuan per head and year), ``unit``, one column a policy, ``change``
            (policy after less policy before), ``target``, ``gap`` (policy after less target),
            ``residual_growth`` (uniform growth of all disposable incomes under the policy after
            that would meet the target; missing when none does), ``best_under_uniform_growth`` (the
            largest value that any such growth reaches), ``clause``, ``sample`` (sample
            households that the figure rests on). Shares are fractions of 1, money is yuan a year.
            Real data have the standard error and the 95 % interval of the figure under the policy
            after (``after_error``, ``after_low``, ``after_high``) and of the change, paired
            (``change_error``, ``change_low``, ``change_high``). Synthetic data have the recipe
            range instead (``after_range_low``, ``after_range_high``, ``change_range_low``,
            ``change_range_high``). The notes say which it is.

        Raises
        ------
        DataError
            When a policy has the label of another column.
        """
        before, after = self.positions
        clashing = [label for label in self.result.labels if label in words_of(self.result.place)]
        if clashing:
            raise DataError(
                "a policy is called {clashing!r}, which is the name of a column of "
                "tables; simulate it under another name: policy.renamed(...)",
                clashing[0],
            )
        rows = [
            {
                "indicator": each.id,
                "definition": each.definition,
                "line": each.line,
                "unit": each.unit,
                **dict(zip(self.result.labels, each.values, strict=True)),
                "change": each.values[after] - each.values[before],
                "target": each.target.value if each.target else None,
                "gap": each.values[after] - each.target.value if each.target else None,
                "residual_growth": each.growth.growth if each.growth else None,
                "best_under_uniform_growth": each.growth.best if each.growth else None,
                "clause": each.target.id if each.target else None,
                "sample": min((count for count in each.samples if count), default=0),
                "_others": min((count for count in each.others if count), default=0),
            }
            for each in self._indicators()
        ]
        frame = pd.DataFrame(rows)
        with shown_progress(progress, Message("compare")) as told:
            spread, doubts = self._doubt(told)
        if spread is not None:
            frame = pd.concat([frame, spread], axis=1)
        return self._table(
            frame,
            Label("指标与目标", "Indicators and targets"),
            keys=("indicator", "definition", "line", "unit", "target", "clause"),
            samples=("sample", "_others"),
            words={
                "indicator": indicator_labels(self.result.place),
                "definition": DEFINITION_LABELS,
            },
            notes=(*self.rule.notes(), *doubts, *self._thin_notes()),
        )

    def crossings(self) -> Table:
        """Return who crosses the bounds of the brackets, upwards and downwards.

        Returns
        -------
        Table
            One row a ``definition``, ``threshold`` (yuan) and ``direction`` (``"up"``: below it
            before, at or above it after): ``sample``, ``households``, ``persons`` and the effect
            on each share. The effects of one definition add up to the change of its share. Real
            data have the standard error and 95 % interval of ``households``.
        """
        frame = self._rows(CROSSINGS)
        return self._table(
            frame,
            self._titled("越过收入界线的住户", "Households that cross the bounds"),
            keys=("definition", "threshold", "direction"),
            samples=("sample", "_stayed"),
            sums=crossings.crossing_sums(frame),
            words={"definition": DEFINITION_LABELS, "direction": DIRECTION_LABELS},
            notes=(*self.rule.notes(), FAMILY_HOUSEHOLDS, self.error_note),
        )

    def cells(self) -> Table:
        """Return the disjoint income cells 0-100, 100-200, 200-500, 500-600, 600+ (thousand yuan).

        Returns
        -------
        Table
            One row a ``definition`` and ``cell`` with its bounds, before and after: sample,
            households, persons, share. The shares of a definition add up to 1.
        """
        frame = self._rows(CELLS)
        return self._table(
            frame,
            self._titled("互不重叠的收入组", "Disjoint income cells"),
            keys=("definition", "cell", "low", "high"),
            samples=("sample_before", "sample_after"),
            sums=crossings.cell_sums(frame, self.rule),
            words={
                "definition": DEFINITION_LABELS,
                "cell": crossings.cell_words(self.result.place),
            },
            notes=(*self.rule.notes(), FAMILY_HOUSEHOLDS),
        )

    def winners_and_losers(
        self,
        by: str = "decile",
        *,
        threshold: float = gains.DEFAULT_YUAN,
        relative_threshold: float = gains.DEFAULT_SHARE,
        concept: str = "disposable_income",
    ) -> Table:
        """Return who gains and who loses, by category of household.

        Variables that the result did not keep are computed by one more pass.

        Parameters
        ----------
        by : str
            ``"all"``, ``"decile"``, ``"quintile"``, ``"county"``, ``"urban"``, ``"tenure"``,
            ``"household_type"``, ``"size"``, ``"group"`` (one for each household) or a household
            column of codes, truth values or texts.
        threshold, relative_threshold : float
            Winners gain more than the larger of the two, losers lose more: yuan a year and
            household, and a fraction of the household's income before.
        concept : {"disposable_income", "income_before_own_saving"}
            Whose change is looked at: disposable income of the statistical bureau, which deducts
            all contributions, or that income with the household's saving in accounts of its own
            (pension account, housing fund where deducted) added back.

        Returns
        -------
        Table
            One row a ``category`` and ``outcome`` (winners; losers; contributors, who lose by
            added social contributions only; unchanged; all): ``sample``, ``households``,
            ``persons``, ``share`` of the category's households, ``mean_change`` a household,
            ``total_change``. Real data have standard errors and 95 % intervals of the last three.

        Raises
        ------
        DataError
            When there is no such breakdown or concept, the population lacks its columns, or a
            threshold is negative.
        """
        limit = gains.checked_threshold(threshold, relative_threshold)
        income = gains.checked_concept(concept)
        categories = breakdowns.breakdown(self._example(), by)
        frame = self._gain_rows(categories, limit, income)
        own = (categories.note,) if categories.note else ()
        return self._table(
            frame,
            self._titled(
                f"受益与受损，按{categories.label.zh}",
                f"Winners and losers by {categories.label.en}",
            ),
            keys=("category", "outcome"),
            sums=gains.gain_sums(frame),
            figures=(gains.change_figures(frame),),
            words={"category": {**categories.words, "all": ALL}, "outcome": OUTCOME_LABELS},
            notes=(limit.note(income, self.result.place), FAMILY_HOUSEHOLDS, *own, self.error_note),
        )

    def group_table(self, by: str = groups.OVERLAPPING) -> Table:
        """Return members, mean income, both shares and gain of groups.

        Parameters
        ----------
        by : str
            ``"group"`` (the nine key groups, which overlap), ``"primary_group"`` (everybody in
            one at most), or a breakdown of households such as ``"county"``.

        Returns
        -------
        Table
            One row a ``category`` and ``definition``: ``sample`` and ``households`` with a member,
            ``persons`` (members), mean income per head before and after and ``gain`` (means over
            members), both shares before and after. Groups without members are left out. Real data
            have the standard error and 95 % interval of ``gain``.

        Raises
        ------
        DataError
            When there is no such breakdown, or the population lacks its columns.
        """
        pair = self._pair()
        frame, words, sums = groups.group_table(pair, by, self.uncertainty)
        note = Label(
            "收入为成员人均，含集体户；比例只计家庭户：按户为有成员的住户，按人为成员。",
            "Incomes are means over members, collective households included. Shares count family "
            "households: those with a member, or the members in them.",
        )
        return self._table(
            frame,
            self._titled("各群体", "Groups"),
            keys=("category", "definition"),
            samples=("sample", "_without"),
            sums=sums,
            figures=groups.share_figures(pair, frame, sums),
            words={"category": {**words, "all": ALL}, "definition": DEFINITION_LABELS},
            notes=(*self.rule.notes(), note, self.error_note),
        )

    def budget(self) -> Table:
        """Return what programmes cost, who receives them, and what taxes and contributions bring.

        Variables that the result did not keep are computed by one more pass.

        Returns
        -------
        Table
            One row a ``programme``, tax or contribution (those of employers too), the sum of each
            ``kind``, and the balance: amounts before, after and their change in yuan a year,
            recipient households, amount for each, take-up where a programme has one. Real data
            have standard errors and 95 % intervals of the amount after and of its change.
        """
        frame = self._rows(BUDGET)
        order = ["kind", "programme"]
        order += [name for name in frame.columns if name not in order]
        return self._table(
            frame[order],
            self._titled("公共收支", "Public balance"),
            keys=("kind", "programme"),
            samples=("sample_before", "sample_after"),
            sums=budgets.budget_sums(frame),
            figures=(budgets.TAKE_UP,),
            words={
                "programme": budgets.instrument_words(self._example()),
                "kind": budgets.KIND_LABELS,
            },
            notes=(budgets.NOTE, self.error_note),
        )

    def progressivity(self) -> Table:
        """Return how much each tax and transfer redistributes, and in whose favour.

        Returns
        -------
        Table
            One row a ``policy`` and ``instrument``: average rate, Gini without and with it,
            redistributive effect, Reynolds-Smolensky, re-ranking, Kakwani.
        """
        pair = self._pair()
        return self._table(
            progression.progressivity(pair),
            self._titled("税费与转移支付的累进性", "Progressivity of taxes and transfers"),
            keys=("policy", "instrument"),
            words={"instrument": progression.progressivity_words(pair)},
            notes=(progression.NOTE,),
        )
