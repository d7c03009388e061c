"""Who bears a tax and what it does to inequality: concentration, Kakwani, Reynolds-Smolensky."""

from __future__ import annotations

from olive.errors import DataError
from olive.messages import Message
from olive.statistics.domains import positive_mean
from olive.statistics.given_columns import FloatArray, Numbers, finite, floats
from olive.statistics.inequality import gini
from olive.statistics.quantiles import middle_weights
from olive.statistics.samples import Sample, Values, ordered, sampled


def concentration_coefficient(values: Numbers, ranked_by: Values, weights: Numbers = None) -> float:
    """Return the concentration coefficient of values along the ranking by another variable.

    Twice the area between the diagonal and the concentration curve. Rows that tie in the
    ranking count as one row, so their order does not matter.

    Parameters
    ----------
    values : array-like, shape (n,)
        Such as a tax or a benefit; negative values are admitted, the sum must not be 0.
    ranked_by : array-like, shape (n,), or Sample
        Such as income before the tax.
    weights : array-like, shape (n,), or number

    Returns
    -------
    float
        From -1 to 1 for values of 0 or more: negative when the low end has more than its share.

    Raises
    ------
    DataError
        When values, ranking or weights cannot be used, or the values add up to 0.

    References
    ----------
    Kakwani (1977), "Applications of Lorenz curves in economic analysis", Econometrica 45(3).

    Examples
    --------
    >>> round(concentration_coefficient([3.0, 2.0, 1.0], [10.0, 20.0, 30.0], 1), 6)
    -0.222222
    """
    ranking = ordered(ranked_by, weights)
    amounts = ranking.weights * aligned(values, ranking, "values")
    total = float(amounts.sum())
    if total == 0.0:
        raise DataError("the values add up to 0, so nothing is concentrated anywhere")
    spread = 2.0 * float((amounts * middle_weights(ranking)).sum())
    return spread / (ranking.total_weight * total) - 1.0


def aligned(values: Numbers, ranking: Sample, name: str) -> FloatArray:
    """Return the values of the rows of a ranking, in its order."""
    array = floats(values, name)
    if array.size != ranking.rows:
        raise DataError(
            "there are {size} {name} and {rows} rows in the ranking", array.size, name, ranking.rows
        )
    return ranking.in_own_order(finite(array, name, ranking.is_counted))


def average_tax_rate(tax: Numbers, income_before: Values, weights: Numbers = None) -> float:
    """Return the tax of all over the income of all: a ratio of sums, no mean of rates.

    Parameters
    ----------
    tax : array-like, shape (n,)
        Negative for a benefit.
    income_before : array-like, shape (n,), or Sample
        Sum above 0.
    weights : array-like, shape (n,), or number

    Raises
    ------
    DataError
        When tax, income or weights cannot be used, or income does not add up to more than 0.

    Examples
    --------
    >>> round(average_tax_rate([0.0, 2.0, 8.0], [10.0, 20.0, 70.0], 1), 12)
    0.1
    """
    income = sampled(income_before, weights)
    mean = positive_mean(income, "the average tax rate")
    paid = aligned(tax, income, "taxes")
    return float((income.weights * paid).sum()) / income.total_weight / mean


def kakwani(tax: Numbers, income_before: Values, weights: Numbers = None) -> float:
    """Return Kakwani's progressivity: concentration of the tax less the Gini of income before.

    Positive for a progressive tax. For a benefit, positive means the better-off get more than
    in proportion to their income.

    Parameters
    ----------
    tax : array-like, shape (n,)
        Sum not 0.
    income_before : array-like, shape (n,), or Sample
        Income before the tax, 0 or more.
    weights : array-like, shape (n,), or number

    Returns
    -------
    float
        From -2 to 1 for taxes of 0 or more; 0 for a proportional tax.

    Raises
    ------
    DataError
        When tax, income or weights cannot be used.

    References
    ----------
    Kakwani (1977), "Measurement of tax progressivity: an international comparison", Economic
    Journal 87(345).

    Examples
    --------
    >>> round(kakwani([0.0, 0.0, 6.0], [10.0, 20.0, 30.0], 1), 6)
    0.444444
    """
    ranking = ordered(income_before, weights)
    return concentration_coefficient(tax, ranking) - gini(ranking)


def redistributive_effect(
    income_after: Numbers, income_before: Values, weights: Numbers = None
) -> float:
    """Return the fall of the Gini coefficient: Gini before less Gini after.

    Equals `reynolds_smolensky` less `re_ranking`.

    Parameters
    ----------
    income_after, income_before : array-like, shape (n,)
        0 or more.
    weights : array-like, shape (n,), or number

    Raises
    ------
    DataError
        When incomes or weights cannot be used.

    Examples
    --------
    >>> round(redistributive_effect([10.0, 20.0, 24.0], [10.0, 20.0, 30.0], 1), 6)
    0.049383
    """
    ranking = ordered(income_before, weights)
    after = aligned(income_after, ranking, Message("incomes after"))
    return gini(ranking) - gini(after, ranking.weights)


def reynolds_smolensky(
    income_after: Numbers, income_before: Values, weights: Numbers = None
) -> float:
    """Return the vertical effect: Gini before less the concentration of income after.

    Income after is ranked by income before, so changes of rank do not count.

    Parameters
    ----------
    income_after : array-like, shape (n,)
        Sum not 0.
    income_before : array-like, shape (n,), or Sample
        0 or more.
    weights : array-like, shape (n,), or number

    Raises
    ------
    DataError
        When incomes or weights cannot be used.

    References
    ----------
    Reynolds and Smolensky (1977), "Public expenditures, taxes and the distribution of income".

    Examples
    --------
    >>> round(reynolds_smolensky([10.0, 20.0, 24.0], [10.0, 20.0, 30.0], 1), 6)
    0.049383
    """
    ranking = ordered(income_before, weights)
    return gini(ranking) - concentration_coefficient(income_after, ranking)


def re_ranking(income_after: Numbers, income_before: Values, weights: Numbers = None) -> float:
    """Return the Atkinson-Plotnick index: Gini after less concentration after.

    Parameters
    ----------
    income_after, income_before : array-like, shape (n,)
        0 or more.
    weights : array-like, shape (n,), or number

    Returns
    -------
    float
        0 or more; 0 when nobody changes rank.

    Raises
    ------
    DataError
        When incomes or weights cannot be used.

    References
    ----------
    Plotnick (1981), "A measure of horizontal inequity", Review of Economics and Statistics
    63(2).

    Examples
    --------
    >>> round(re_ranking([30.0, 10.0], [10.0, 30.0], 1), 6)
    0.5
    """
    ranking = ordered(income_before, weights)
    after = aligned(income_after, ranking, Message("incomes after"))
    return gini(after, ranking.weights) - concentration_coefficient(income_after, ranking)
