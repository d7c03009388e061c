"""Input columns: what a rule set may read from the two tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from olive.engine.yaml_loader import parse_yaml
from olive.errors import DataError, only_keys, told_where
from olive.messages import Message, joined
from olive.native.immutable import FrozenMapping

if TYPE_CHECKING:
    from collections.abc import Mapping

Entity = Literal["person", "household"]
Kind = Literal["number", "bool", "code", "key"]
Pointer = Literal["", "mutual", "ancestor"]

_KEYS = (
    *("kind", "unit", "storage", "range", "neutral", "codes", "labels", "pointer", "zh", "en"),
    *("usual_median", "needed_with", "if_absent"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One input column.

    Attributes
    ----------
    name : str
        Name in the table.
    entity : {"person", "household"}
        The table that holds it.
    kind : {"number", "bool", "code", "key"}
        Numbers have a unit and a range; codes count from 0 in the order of ``codes``;
        keys identify rows.
    unit : str
        For example ``"yuan/year"``; ``"1"`` for pure numbers.
    storage : str
        The narrowest numpy type that olive writes to disk, for example ``"int8"``.
    minimum, maximum : float or None
        Allowed range of the value, inclusive.
    neutral : float or None
        The value that says "nothing to report" (no disability, no income); ``None`` when the
        column must be given.
    codes : tuple of str
        Names of the codes 0, 1, 2, ... when ``kind`` is ``"code"``.
    pointer : {"", "mutual", "ancestor"}
        For columns that name another person of the household: whether the two name each other, or
        the other one is an ancestor.
    zh, en : str
        Labels.
    code_labels : tuple of (str, str)
        Labels of the codes in Chinese and English; empty where they have none.
    usual_median : (float, float) or None
        Between which bounds the median of the positive values of a survey usually lies.
    needed_with, if_absent : str
        A column beside which this one must not be taken as neutral in silence, and what that
        would mean.
    """

    name: str
    entity: Entity
    kind: Kind = "number"
    unit: str = "1"
    storage: str = "float64"
    minimum: float | None = None
    maximum: float | None = None
    neutral: float | None = None
    codes: tuple[str, ...] = ()
    pointer: Pointer = ""
    zh: str = ""
    en: str = ""
    code_labels: tuple[tuple[str, str], ...] = ()
    usual_median: tuple[float, float] | None = None
    needed_with: str = ""
    if_absent: str = ""


def codes_by_name(column: Column) -> Mapping[str, int]:
    """Return the codes of a column by every word for them: their names and their labels.

    A label stands for its code where it is the label of one code alone; so does a Chinese label
    without its last character, as people write 天台 for 天台县.

    >>> tenure = Column("county", "household", codes=("a", "b"), code_labels=(("天台县", "Tiantai"),
    ...     ("仙居县", "Xianju")))
    >>> codes_by_name(tenure)["天台县"], codes_by_name(tenure)["仙居"], codes_by_name(tenure)["b"]
    (0, 1, 1)
    """
    words = [word for pair in column.code_labels for word in {*pair, pair[0][:-1]}]
    labels = {
        word: code
        for code, pair in enumerate(column.code_labels)
        for word in (*pair, pair[0][:-1])
        if len(word) > 1 and words.count(word) == 1
    }
    return labels | {name: code for code, name in enumerate(column.codes)}


def bounds_in_words(column: Column) -> str:
    """Return the range of a column, such as ``at least 0 and at most 12 month``.

    >>> bounds_in_words(Column("share", "person", minimum=0, maximum=1))
    'at least 0 and at most 1'
    """
    parts = []
    if column.minimum is not None:
        parts.append(Message("at least {least:,.10g}", column.minimum))
    if column.maximum is not None:
        parts.append(Message("at most {most:,.10g}", column.maximum))
    bounds = joined(parts, " and ")
    if column.unit in {"1", "code", "bool"}:
        return bounds
    return Message("{bounds} {unit}", bounds, column.unit)


def read_columns(text: str) -> Mapping[str, Column]:
    """Return the columns that YAML text declares, by name.

    Raises
    ------
    DataError
        When a column has an unknown key, or lacks its kind or storage.

    Examples
    --------
    >>> text = "person: {wage: {kind: number, unit: yuan/year, storage: float64}}"
    >>> read_columns(text)["wage"].entity
    'person'
    """
    columns: dict[str, Column] = {}
    for entity, entries in parse_yaml(text, "columns").items():
        for name, entry in entries.items():
            with told_where(f"columns: {name}"):
                columns[name] = _column(name, entity, entry)
    return FrozenMapping(columns)


def _column(name: str, entity: Entity, entry: Mapping[str, Any]) -> Column:
    for key in ("kind", "storage"):
        if key not in entry:
            raise DataError("`{key}` is missing", key)
    only_keys(entry, _KEYS)
    told = {"zh": name, "en": name, **entry}
    codes = tuple(told.pop("codes", ()))
    low, high = told.pop("range", (None, None))
    if codes:
        low, high = 0, len(codes) - 1
    labels = told.pop("labels", {})
    if labels:
        told["code_labels"] = tuple((zh, en) for zh, en in map(labels.get, codes))
    if "usual_median" in told:
        told["usual_median"] = tuple(told["usual_median"])
    return Column(name, entity, minimum=low, maximum=high, codes=codes, **told)
