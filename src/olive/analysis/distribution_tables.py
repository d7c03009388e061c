"""Tables of a comparison on whole distributions: the middle class, polarisation, dominance."""

from __future__ import annotations

from olive.analysis import distribution, two_distributions
from olive.analysis.compared_policies import ComparedPolicies
from olive.analysis.table import Table
from olive.analysis.words import DEFINITION_LABELS


class DistributionTables(ComparedPolicies):
    """What the literature measures of two policies; see `olive.analysis.comparison.Comparison`."""

    __slots__ = ()

    def distribution(self) -> Table:
        """Return the middle class, polarisation and income after necessary costs.

        Returns
        -------
        Table
            One row an ``indicator``: figures under both policies, ``change``, ``sample``. Real
            data have standard errors and 95 % intervals after and of the change, paired.
        """
        return self._table(
            distribution.distribution(self._pair(), self.uncertainty),
            self._titled("中等收入群体与极化", "Middle class and polarisation"),
            keys=("indicator", "definition", "unit"),
            samples=("sample", "_others", "_beside"),
            words={"indicator": distribution.MEASURE_LABELS, "definition": DEFINITION_LABELS},
            notes=(distribution.DISTRIBUTION_NOTE, distribution.MIXED_NOTE, self.error_note),
        )

    def growth_incidence(self, groups: int = 20) -> Table:
        """Return by how much income per head has grown at each rank of persons.

        Parameters
        ----------
        groups : int
            Ranks are the ends of so many equal groups of persons, the highest left out.

        Returns
        -------
        Table
            One row a ``rank``: income per head there before and after, ``growth``. Real data
            have the standard error and 95 % interval of the growth.
        """
        return self._table(
            distribution.growth_incidence(self._pair(), self.uncertainty, groups),
            self._titled("增长发生曲线", "Growth incidence"),
            keys=("rank",),
            samples=("sample", "_others"),
            words={},
            notes=(distribution.GROWTH_NOTE, self.error_note),
        )

    def relative_distribution(self, groups: int = 10) -> Table:
        """Return where persons after stand in the ranks before (Handcock and Morris).

        Parameters
        ----------
        groups : int
            Equal groups of persons before.

        Returns
        -------
        Table
            One row a group, by the ``rank`` at its end: ``density`` and what it is made of,
            ``location`` and ``shape``, ``sample``. Notes give the median relative polarisation.
            Real data have standard errors and 95 % intervals of density, shape and polarisation.
        """
        frame, notes = two_distributions.relative_distribution(
            self._pair(), self.uncertainty, groups
        )
        return self._table(
            frame,
            self._titled("相对分布", "Relative distribution"),
            keys=("rank",),
            sums=[range(len(frame))],  # shares of all persons
            words={},
            notes=(*notes, self.error_note),
        )

    def dominance(self) -> Table:
        """Return which distribution of income per head dominates, and where the curves cross.

        Returns
        -------
        Table
            One row an ``order``: ``better``; ``better_below`` the lowest crossing, and above the
            highest; ``crossing_points``, ``lowest_crossing``, ``highest_crossing``, ``sample``.
        """
        better = two_distributions.BETTER_LABELS
        return self._table(
            two_distributions.dominance(self._pair()),
            self._titled("随机占优", "Stochastic dominance"),
            keys=("order", "better", "better_below", "better_above"),
            samples=("sample", "_others"),
            words={
                "order": two_distributions.ORDER_LABELS,
                **dict.fromkeys(("better", "better_below", "better_above"), better),
            },
            notes=(two_distributions.DOMINANCE_NOTE,),
        )

    def dominance_curves(self, groups: int = 10) -> Table:
        """Return the headcount and the mean shortfall before and after at lines of many heights.

        Where `dominance` says which curve lies lower, this table says by how much, and how sure.

        Parameters
        ----------
        groups : int
            Lines are the upper ends of so many equal groups of persons before, the highest left
            out.

        Returns
        -------
        Table
            One row a ``rank`` and its ``poverty_line``: ``headcount`` and mean ``shortfall``
            (yuan per head) before, after and their changes. Real data have standard errors and
            95 % intervals of the changes, paired.
        """
        return self._table(
            two_distributions.dominance_curves(self._pair(), self.uncertainty, groups),
            self._titled("各贫困线下的人口比例与平均缺口", "Headcount and shortfall at every line"),
            keys=("rank",),
            samples=("sample", "_others"),
            words={},
            notes=(two_distributions.CURVES_NOTE, self.error_note),
        )
