"""Two folders change places in one step, safely on disk."""

import ctypes
import os
import sys
from pathlib import Path

_HERE = -100  # AT_FDCWD: paths as the process sees them
_EXCHANGE = 2  # RENAME_EXCHANGE on Linux, RENAME_SWAP on macOS


def exchange(new: Path, current: Path, aside: Path) -> None:
    """Let `new` and `current` change places.

    Linux and macOS do it in one step. Elsewhere it takes three renames; `aside` is the name
    the current folder has in between, by which a killed run's state is recognised.
    """
    if not _exchange_in_one_step(new, current):
        current.rename(aside)
        try:
            new.rename(current)
        except OSError:
            aside.rename(current)
            raise
        aside.rename(new)
    _flush_folder(current.parent)


def _exchange_in_one_step(first: Path, second: Path) -> bool:
    names = os.fsencode(first), os.fsencode(second)
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return bool(library.renamex_np(*names, _EXCHANGE) == 0)
        return bool(library.renameat2(_HERE, names[0], _HERE, names[1], _EXCHANGE) == 0)
    except (AttributeError, OSError, TypeError):  # Windows, or a C library without the call
        return False


def flush(folder: Path) -> None:
    """Make sure that a folder and everything in it has reached the disk."""
    for path in folder.rglob("*"):
        if path.is_dir():
            _flush_folder(path)
        else:
            with path.open("rb+") as file:
                os.fsync(file.fileno())
    _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    if os.name != "posix":  # Windows has no such thing
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
