"""What programs leave in people's folders: lock files of Office, shadows of macOS; nobody's input."""

from collections.abc import Iterator
from pathlib import Path

EXCEL_LOCK = "~$"  # before the name of a workbook, as long as Excel has it open
_BEGINNINGS = (EXCEL_LOCK, ".~", "._")


def is_leftover(path: Path) -> bool:
    """Say whether a file was left by a program beside what people put in a folder.

    Examples
    --------
    >>> [is_leftover(Path(name)) for name in ("~$extract.xlsx", ".~lock.extract.xlsx#", "extract.xlsx")]
    [True, True, False]
    """
    return path.name.startswith(_BEGINNINGS)


def listed(folder: Path, pattern: str = "*") -> Iterator[Path]:
    """Yield what people put in a folder, in order of name; nothing where there is no folder."""
    yield from (path for path in sorted(folder.glob(pattern)) if not is_leftover(path))
