"""Inequality taken apart: by subgroup (generalized entropy) and by income source (Gini)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from olive.errors import DataError
from olive.statistics.arguments import mapping_of
from olive.statistics.domains import positive_mean
from olive.statistics.entropy import admit, entropy_kernel, generalized_entropy
from olive.statistics.given_columns import Numbers, checked_weights, finite, floats
from olive.statistics.inequality import gini
from olive.statistics.labels import labels
from olive.statistics.progressivity import concentration_coefficient
from olive.statistics.samples import Sample, ordered, sampled


@dataclass(frozen=True, slots=True)
class Subgroup:
    """One subgroup of a decomposition.

    Attributes
    ----------
    name : object
        The label of the group.
    weight_share : float
        Its share of the weight.
    mean : float
        Its mean, in the unit of the values.
    index : float
        GE(alpha) among its members.
    contribution : float
        What its inner inequality contributes to the total.
    """

    name: object
    weight_share: float
    mean: float
    index: float
    contribution: float


@dataclass(frozen=True, slots=True)
class SubgroupDecomposition:
    """GE(alpha) = within + between.

    Attributes
    ----------
    total, within, between : float
    groups : tuple of Subgroup
        In ascending order of their names; their contributions add up to `within`.
    """

    total: float
    within: float
    between: float
    groups: tuple[Subgroup, ...]


def decompose_by_group(
    values: Numbers, groups: Numbers, weights: Numbers, *, alpha: float
) -> SubgroupDecomposition:
    """Return the generalized entropy index within and between subgroups.

    Parameters
    ----------
    values : array-like, shape (n,)
        Above 0; zeros are admitted when alpha is above 0.
    groups : array-like, shape (n,)
        Codes or names, such as counties.
    weights : array-like, shape (n,), or number
    alpha : float
        0 is Theil L, whose weights are the shares of the population; 1 is Theil T.

    Raises
    ------
    DataError
        When values, groups, weights or alpha cannot be used, or a group has nothing.

    References
    ----------
    Shorrocks (1984), "Inequality decomposition by population subgroups", Econometrica 52(6).

    Examples
    --------
    >>> parts = decompose_by_group([1.0, 1.0, 3.0, 3.0], ["a", "a", "b", "b"], 1, alpha=0)
    >>> parts.within, round(parts.between, 6), [group.name for group in parts.groups]
    (0.0, 0.143841, ['a', 'b'])
    """
    sample = sampled(floats(values, "values"), weights)
    group_of_row = labels(groups, sample.rows, "groups", sample.is_counted)
    alpha = admit(sample, alpha)
    names, group = np.unique(sample.in_own_order(group_of_row), return_inverse=True)
    weight = np.bincount(group, sample.weights)
    amount = np.bincount(group, sample.weights * sample.values)
    if (amount <= 0.0).any():
        empty = _plain(names[int(np.argmin(amount))])
        raise DataError(
            "group {empty!r} has nothing at all, so inequality within it is "
            "undefined; merge it with another group",
            empty,
        )
    means = amount / weight
    kernel = entropy_kernel(sample.values / means[group], alpha)
    index = np.maximum(np.bincount(group, sample.weights * kernel) / weight, 0.0)
    relative = means / positive_mean(sample, "generalized entropy")
    share = weight / weight.sum()
    contributions = share * relative**alpha * index
    between = generalized_entropy(means, weight, alpha=alpha)
    within = float(contributions.sum())
    rows = zip(names, share, means, index, contributions, strict=True)
    parts = tuple(Subgroup(_plain(name), *map(float, figures)) for name, *figures in rows)
    return SubgroupDecomposition(within + between, within, between, parts)


def _plain(name: object) -> object:
    return name.item() if isinstance(name, np.generic) else name


@dataclass(frozen=True, slots=True)
class Source:
    """One income source in the Gini coefficient of the total.

    Attributes
    ----------
    share : float
        Its share of total income.
    concentration : float
        Its concentration coefficient along total income.
    contribution : float
        share x concentration; the contributions add up to the Gini of the total.
    elasticity : float
        Relative change of the Gini when this source grows by 1 % for everybody, in %:
        contribution / Gini - share.
    """

    share: float
    concentration: float
    contribution: float
    elasticity: float


def decompose_by_source(sources: Mapping[str, Numbers], weights: Numbers) -> dict[str, Source]:
    """Return what each income source contributes to the Gini coefficient of their sum.

    Parameters
    ----------
    sources : mapping of name to array-like, shape (n,)
        Wages, property income, taxes (negative) and so on; the sum is total income, 0 or more.
    weights : array-like, shape (n,), or number

    Raises
    ------
    DataError
        When sources or weights cannot be used, the sum of a source is 0, or total income is
        negative or equal for all.

    References
    ----------
    Lerman and Yitzhaki (1985), "Income inequality effects by income source", Review of
    Economics and Statistics 67(1); Shorrocks (1982).

    Examples
    --------
    >>> parts = decompose_by_source({"wage": [10.0, 20.0], "benefit": [5.0, 0.0]}, 1)
    >>> round(parts["wage"].contribution, 6), round(parts["benefit"].contribution, 6)
    (0.142857, -0.071429)
    """
    if not mapping_of("sources", sources):
        raise DataError("no income sources were given; give at least one name with its amounts")
    given = {name: floats(column, name) for name, column in sources.items()}
    sizes = {column.size for column in given.values()}
    if len(sizes) > 1:
        raise DataError("the income sources differ in length: {sizes} rows", sorted(sizes))
    counted = checked_weights(weights, sizes.pop()) > 0.0
    columns = {
        name: np.where(counted, finite(column, name, counted), 0.0)
        for name, column in given.items()
    }
    total = ordered(np.sum(list(columns.values()), axis=0), weights)
    inequality = gini(total)
    if inequality <= 0.0:
        raise DataError("total income is equal for all, so there is no inequality to take apart")
    return {name: _source(name, column, total, inequality) for name, column in columns.items()}


def _source(name: str, column: Numbers, total: Sample, inequality: float) -> Source:
    ranking = ordered(total)
    amounts = ranking.weights * ranking.in_own_order(column)
    share = float(amounts.sum()) / ranking.total_amount
    if share == 0.0:
        raise DataError("income source {name!r} adds up to 0; leave it out", name)
    concentration = concentration_coefficient(column, ranking)
    contribution = share * concentration
    return Source(share, concentration, contribution, contribution / inequality - share)
