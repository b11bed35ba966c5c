"""One run at a time on one pack."""

import contextlib
import getpass
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from csd_helpers.errors import CsdError

_BYTE = 1 << 30  # the byte that is locked, far behind the text, which others may then still read


_LOOK_AGAIN = 0.5  # seconds


@contextlib.contextmanager
def locked(path: Path, what: str, wait: float = 0) -> Iterator[None]:
    """Hold a lock file while the block runs.

    The operating system holds the lock, so it is free again when the process ends, however it
    ends; the file only says whose it is. It is not removed: another run may have it open.

    Parameters
    ----------
    wait
        Seconds to wait for it to become free.

    Raises
    ------
    CsdError
        If another run holds it; the message says who, and since when.
    """
    with path.open("a+", encoding="utf-8") as file:
        if not _taken_within(file, wait):
            raise _taken(path, what)
        file.truncate(0)
        owner = {"user": user(), "host": socket.gethostname(), "pid": os.getpid(), "since": time.time()}
        file.write(json.dumps(owner))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _taken_within(file: IO[str], wait: float) -> bool:
    until = time.monotonic() + wait
    while not _take(file):
        if time.monotonic() >= until:
            return False
        time.sleep(min(_LOOK_AGAIN, wait))
    return True


def _taken(path: Path, what: str) -> CsdError:
    try:
        owner = json.loads(path.read_text(encoding="utf-8"))
        minutes = (time.time() - owner["since"]) / 60
        who = f"{owner['user']} on {owner['host']}, process {owner['pid']}, for {minutes:.0f} minutes"
    except (OSError, ValueError, KeyError):
        who = "it has only just started"
    fix = "wait until it has ended (a run waits by itself with --wait SECONDS), or end that process"
    return CsdError(f"another run is at work on {what}", who, fix=fix, exit_code=1)


def user() -> str:
    """Return the name of the account that is at work."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as in some containers
        return "somebody"


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[str]) -> bool:
        file.seek(_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            file.seek(0)
        return True

else:
    import fcntl

    def _take(file: IO[str]) -> bool:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
