"""Statutory returns in XML, read record by record: a national file never stands in memory."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from lxml import etree

from csd_helpers.csvfile import beginning, unreadable
from csd_helpers.errors import CsdError

_PIECE = 10_000  # rows kept as Python text before they are packed
_EXPECTED = "a return in XML"
_FLAGS = {"true": "1", "1": "1", "false": "0", "0": "0"}
Fields = dict[str, str]


def records(path: Path, *names: str) -> Iterator[etree._Element]:
    """Yield the elements of some names as they are read, freeing each afterwards.

    Entities are not resolved and nothing is fetched: a return is data, wherever it comes from.

    Raises
    ------
    CsdError
        If the file is not there or is not well-formed XML; names the line.
    """
    beginning(path, _EXPECTED)
    wanted = [f"{{*}}{name}" for name in names]
    try:
        for _, element in etree.iterparse(
            str(path), events=("end",), tag=wanted, resolve_entities=False, no_network=True, load_dtd=False
        ):
            yield element
            _free(element)
    except etree.XMLSyntaxError as error:
        place = f"{path}, line {error.lineno}" if error.lineno else str(path)
        fix = "export the return again from the system that it was submitted from, and copy it whole"
        raise CsdError(f"the file is not well-formed XML: {error.msg}", place, _EXPECTED, fix) from None
    except OSError:
        raise unreadable("it cannot be opened", path, _EXPECTED, "copy it again") from None


def collection(path: Path) -> str:
    """Return which collection a return belongs to (``CIN``, ``CSWW``), or "" where it does not say."""
    for element in records(path, "Collection", "Child", "CSWWWorker"):
        return (element.text or "").strip().upper() if local_name(element) == "Collection" else ""
    return ""


def local_name(element: etree._Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def fields(element: etree._Element) -> Fields:
    """Return the text of an element's own fields by name; elements with parts of their own are left out."""
    return {local_name(child): (child.text or "").strip() for child in element if not len(child)}


def flag(text: str) -> str:
    """Return 1 or 0 for the ways a return writes a yes or no; anything else as it is, to be reported.

    Examples
    --------
    >>> flag("TRUE"), flag("false"), flag("0"), flag("perhaps")
    ('1', '0', '0', 'perhaps')
    """
    return _FLAGS.get(text.strip().lower(), text)


class Rows:
    """Rows of one table as they arrive, packed as they grow: text in Arrow's memory, not Python's."""

    def __init__(self, columns: list[str]) -> None:
        self._columns = columns
        self._rows: list[list[str]] = []
        self._lines: list[int] = []
        self._pieces: list[pd.DataFrame] = []

    def add(self, row: Fields, line: int) -> None:
        """Add a row and the line of the file it starts on; a field that is not given is blank."""
        self._rows.append([row.get(column, "") for column in self._columns])
        self._lines.append(line)
        if len(self._rows) >= _PIECE:
            self._pack()

    def table(self) -> pd.DataFrame:
        """Return all rows; the index is each row's line in the file."""
        self._pack()
        return pd.concat(self._pieces)

    def _pack(self) -> None:
        piece = pd.DataFrame(self._rows, columns=self._columns, index=self._lines, dtype="str")
        self._pieces.append(piece)
        self._rows, self._lines = [], []


def _free(element: etree._Element) -> None:
    """Drop an element that has been read, and what the parser kept before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
