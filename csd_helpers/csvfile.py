"""What a CSV file must look like: commas between the cells, and no row wider than its heading."""

from collections.abc import Iterable, Sequence

from csd_helpers.errors import CsdError

QUOTES = "put a value with a comma in it between quotes"
_OTHERS = {";": "';'", "\t": "tabs", "|": "'|'"}  # what Excel and databases write instead of a comma


def require_commas(heading: Sequence[str], where: str) -> None:
    """Refuse a file whose first row shows that its cells are not separated by commas alone.

    Raises
    ------
    CsdError
        If other signs separate the cells, or the first row is Excel's ``sep=``.
    """
    line = ",".join(heading)
    signs = [name for sign, name in _OTHERS.items() if sign in line and len(heading) == 1]
    if line.lower().startswith("sep="):
        what = f"the first row is '{line}', which only Excel reads"
    elif signs:
        what = f"the cells are separated by {signs[0]}"
    else:
        return
    expected = "commas between the cells, and the headings in the first row"
    raise CsdError(what, where, expected, "save it as CSV UTF-8 with commas, or as a workbook (.xlsx)")


def width_of(heading: Sequence[str]) -> int:
    """Return how many columns a heading names: what is empty at its end is none."""
    return _filled(heading)


def surplus(row: Sequence[str], width: int) -> str:
    """Say that a row has more cells than the heading; empty if there is nothing in those.

    Examples
    --------
    >>> surplus(["A", "1", "", ""], 2), surplus(["A", "Smith", " Jo"], 2)
    ('', 'has 3 cells where the heading has 2')
    """
    if len(row) <= width or (filled := _filled(row)) <= width:
        return ""
    return f"has {filled} cells where the heading has {width}"


def _filled(row: Iterable[str]) -> int:
    """Return how many cells a row has, up to the last with something in it."""
    return max((number for number, cell in enumerate(row, 1) if cell.strip()), default=0)
