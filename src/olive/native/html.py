"""Tables of texts as HTML, for notebooks."""

from __future__ import annotations

import html
from collections.abc import Sequence


def as_html(
    title: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    numeric: Sequence[bool] = (),
    remarks: Sequence[str] = (),
) -> str:
    """Return an HTML table; figures stand on the right.

    Without a head it has no headings. Numeric says which columns hold figures, none when it is
    empty; remarks are paragraphs below the table.

    Examples
    --------
    >>> print(as_html("law <2023>", [], [["rules", "504"]]))
    <table><caption>law &lt;2023&gt;</caption>
    <tbody>
    <tr><td style="text-align:left">rules</td><td style="text-align:left">504</td></tr>
    </tbody></table>
    """
    lines = [f"<table><caption>{html.escape(title)}</caption>"]
    if head:
        lines.append(f"<thead>{_line('th', head, numeric)}</thead>")
    lines += ["<tbody>", *(_line("td", row, numeric) for row in rows), "</tbody></table>"]
    return "\n".join([*lines, *(f"<p>{html.escape(remark)}</p>" for remark in remarks)])


def _line(tag: str, cells: Sequence[str], numeric: Sequence[bool]) -> str:
    sides = ("right" if number else "left" for number in numeric or [False] * len(cells))
    inner = "".join(
        f'<{tag} style="text-align:{side}">{html.escape(cell)}</{tag}>'
        for cell, side in zip(cells, sides, strict=True)
    )
    return f"<tr>{inner}</tr>"
