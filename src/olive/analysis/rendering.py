"""Texts of cells, and tables of texts as Markdown and LaTeX."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

MISSING = "–"
SHARE, RATIO = "1", "ratio"  # what the report shows in per cent, and any other pure number
PURE_UNITS = {SHARE, RATIO}
_DIGITS = {"by figure": 6, "rank": 6, "milliseconds": 3}  # without noughts at the end
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "{": r"\{",
        "}": r"\}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


def as_text(value: Any, unit: str, places: int = 4) -> str:
    """Return a cell as it is shown: money and counts whole, pure numbers to four places or more.

    Examples
    --------
    >>> as_text(1234.5, "yuan/year"), as_text(0.70123, "1"), as_text(None, "1")
    ('1,234', '0.7012', '–')
    >>> as_text(-0.00001, "1")  # a nought has no sign
    '0.0000'
    """
    if pd.isna(value):
        return MISSING if unit else ""
    if not unit:
        return str(value)
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if unit in _DIGITS:
        return f"{float(f'{value:.{_DIGITS[unit]}g}'):,.12g}"
    return f"{value:z,.{places}f}" if unit in PURE_UNITS else f"{value:z,.0f}"


def as_markdown(
    title: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    numeric: Sequence[bool],
    remarks: Sequence[str],
) -> str:
    """Return a table in Markdown; numbers stand on the right."""
    rule = ["---:" if number else "---" for number in numeric]
    lines = [_markdown_line(row) for row in (head, rule, *rows)]
    return "\n\n".join([f"**{title}**", "\n".join(lines), *remarks])


def _markdown_line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def as_latex(
    title: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    numeric: Sequence[bool],
    remarks: Sequence[str],
) -> str:
    """Return a LaTeX table; it needs the package booktabs."""
    columns = "".join("r" if number else "l" for number in numeric)
    lines = [
        r"\begin{table}",
        rf"\caption{{{title.translate(_LATEX)}}}",
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        _latex_line(head),
        r"\midrule",
        *(_latex_line(row) for row in rows),
        r"\bottomrule",
        r"\end{tabular}",
        *(rf"\par {remark.translate(_LATEX)}" for remark in remarks),
        r"\end{table}",
    ]
    return "\n".join(lines)


def _latex_line(cells: Sequence[str]) -> str:
    return " & ".join(cell.translate(_LATEX) for cell in cells) + r" \\"
