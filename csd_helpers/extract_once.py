"""An extract read once for all the months that a process makes of it."""

from functools import lru_cache
from pathlib import Path

from csd_helpers.extract import Extract, read_extract
from csd_helpers.ingredients import extract_digest


def read_once(source: str, root: Path) -> Extract:
    """Read and check an extract, or return what was read before from the very same bytes.

    In a range of months each process reads it once. Nothing that is done to what is returned is seen by
    the next month.
    """
    state = extract_digest(source, root)
    known = _read(source, root, state) if state else read_extract(source, root)
    tables = {name: table.copy(deep=False) for name, table in known.tables.items()}  # written to as copies
    return Extract(tables, list(known.problems), dict(known.sources), dict(known.places))


@lru_cache(maxsize=1)  # the months of a council follow each other
def _read(source: str, root: Path, state: str) -> Extract:
    return read_extract(source, root)
