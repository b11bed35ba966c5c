"""Tables a screen reader can read, with every cell escaped."""

from collections.abc import Sequence
from html import escape


class Html(str):
    """Text that is HTML already; any other text is escaped before it is shown."""

    __slots__ = ()


def html(text: object) -> str:
    """Return text as HTML.

    Examples
    --------
    >>> html("a < b"), html(Html("<b>a</b>"))
    ('a &lt; b', '<b>a</b>')
    """
    return str(text) if isinstance(text, Html) else escape(str(text))


def table(
    caption: str,
    header: Sequence[str],
    rows: Sequence[Sequence[object]],
    numeric: Sequence[int] = (),
    css: str = "",
) -> Html:
    """Return a table with a caption, in a region that scrolls by itself on a narrow screen.

    Parameters
    ----------
    caption
        What the table shows; also the name of its region.
    header, rows
        Column headings, and rows whose first cell is the row's heading.
    numeric
        Positions of columns of numbers, set to the right.
    css
        A class for the table.
    """
    return grouped_table(caption, header, [("", rows)], numeric, css)


def grouped_table(
    caption: str,
    header: Sequence[str],
    groups: Sequence[tuple[str, Sequence[Sequence[object]]]],
    numeric: Sequence[int] = (),
    css: str = "",
) -> Html:
    """Return a table whose rows stand under the headings of their groups; one without a title has none."""
    right = set(numeric)
    head = "".join(f'<th scope="col"{_css(right, at)}>{html(name)}</th>' for at, name in enumerate(header))
    bodies = "".join(f"<tbody>{_group(title, rows, len(header), right)}</tbody>" for title, rows in groups)
    kind = f' class="{css}"' if css else ""
    return Html(
        f'<div class="scroll" role="region" aria-label="{escape(caption)}" tabindex="0">'
        f"<table{kind}><caption>{html(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead>{bodies}</table></div>"
    )


def _group(title: str, rows: Sequence[Sequence[object]], width: int, right: set[int]) -> str:
    heading = f'<tr><th scope="rowgroup" colspan="{width}">{html(title)}</th></tr>' if title else ""
    return heading + "".join(f"<tr>{_row(row, right)}</tr>" for row in rows)


def _row(cells: Sequence[object], right: set[int]) -> str:
    first = f'<th scope="row"{_css(right, 0)}>{html(cells[0])}</th>'
    rest = "".join(f"<td{_css(right, at)}>{html(cell)}</td>" for at, cell in enumerate(cells[1:], 1))
    return first + rest


def _css(right: set[int], at: int) -> str:
    return ' class="n"' if at in right else ""
