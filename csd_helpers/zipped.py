"""Zipped files that are the same every time: office documents keep the clock in more than one place."""

import io
import zipfile
from collections.abc import Mapping

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest a zip file knows


def zipped(files: Mapping[str, bytes], stored: tuple[str, ...] = ()) -> bytes:
    """Return files as a zip that does not say when it was made.

    Parameters
    ----------
    files
        The contents by name, in the order they are written.
    stored
        Names of files that are not compressed.

    Examples
    --------
    >>> zipped({"a": b"1"}) == zipped({"a": b"1"})
    True
    """
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.create_system = 3  # the same on every system
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return kept.getvalue()


def steady(archive: bytes, replaced: Mapping[str, bytes] | None = None) -> bytes:
    """Return a zip without its times, some of its files replaced."""
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        files = {name: source.read(name) for name in source.namelist()}
    return zipped(files | dict(replaced or {}))
