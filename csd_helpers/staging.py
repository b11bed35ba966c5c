"""A pack appears whole or not at all.

A run builds its pack in a hidden folder beside the pack it will replace, and the two change
places in one step. The names beside ``outputs/2020-10`` are::

    .2020-10.lock        who is at work (the system frees it when the process ends)
    .2020-10.building    a pack not finished; whoever finds it unlocked may remove it
    .2020-10.ready       a finished pack about to change places; afterwards, the pack it replaced
    .2020-10.aside       the replaced pack, for a moment, on systems that cannot exchange names
    2020-10.failed       what a run made that failed or was killed: to find out why, and for the next
                         run to take finished pages from; never a pack

``working/`` holds what people wrote as well as what runs wrote, and nothing people wrote may be
lost: see `csd_helpers.working`.
"""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from csd_helpers.errors import CsdError
from csd_helpers.exchange import exchange, flush
from csd_helpers.job import SCRATCH, NotebookResult
from csd_helpers.journal import finished
from csd_helpers.lock import locked
from csd_helpers.working import WORKING, carry_over, record


@dataclass
class IncompleteError(CsdError):
    """A run that failed, but made something worth looking at; it is kept in a folder of its own.

    ``results`` has every notebook's, ``changed`` what was not as it was for the last good pack.
    """

    results: list[NotebookResult] = field(default_factory=list)
    changed: dict[str, str] = field(default_factory=dict)


def failed_folder(output: Path) -> Path:
    """Return where what a failed run made is kept."""
    return output.with_name(f"{output.name}.failed")


_SWAPPING = ".swapping"  # in the new pack until everything of the old one has been saved


@contextlib.contextmanager
def staged(output: Path, wait: float = 0) -> Iterator[Path]:
    """Give a folder to build a pack in, and put it in the place of `output` if all goes well.

    Parameters
    ----------
    output
        The pack, such as ``outputs/2020-10``. Until the block has ended without an exception it
        stays as it is; then it is replaced in one step.
    wait
        Seconds to wait for another run on the same pack.

    Raises
    ------
    CsdError
        If another run is at work on the same pack, or the new one cannot be put in place.

    Examples
    --------
    >>> import tempfile
    >>> pack = Path(tempfile.mkdtemp()) / "2020-10"
    >>> with staged(pack) as folder:
    ...     _ = (folder / "index.html").write_text("new")
    >>> (pack / "index.html").read_text()
    'new'
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    with locked(_beside(output, "lock"), output.name, wait):
        recover(output)
        building = _beside(output, "building")
        building.mkdir()
        try:
            yield building
            _swap(building, output)
            shutil.rmtree(failed_folder(output), ignore_errors=True)
        except IncompleteError:
            shutil.rmtree(failed_folder(output), ignore_errors=True)
            building.rename(failed_folder(output))
            raise
        finally:
            shutil.rmtree(building, ignore_errors=True)
            if (output / _SWAPPING).exists():  # stopped when the new pack was in place already
                _finish(output, _beside(output, "ready"))


def recover(output: Path) -> None:
    """Tidy up what a killed run left; the caller holds the lock."""
    building = _beside(output, "building")
    shutil.rmtree(building / SCRATCH, ignore_errors=True)
    if finished(building):
        shutil.rmtree(failed_folder(output), ignore_errors=True)
        building.rename(failed_folder(output))
    shutil.rmtree(building, ignore_errors=True)
    ready, aside = _beside(output, "ready"), _beside(output, "aside")
    if aside.exists():  # killed between the renames of a system that cannot exchange
        if not output.exists():
            ready.rename(output)
        aside.rename(ready)
    if (output / _SWAPPING).exists():
        _finish(output, ready)
    shutil.rmtree(ready, ignore_errors=True)


def _swap(building: Path, output: Path) -> None:
    """Make the new pack complete on disk, then let it and the old one change places."""
    ready = _beside(output, "ready")
    (building / WORKING).mkdir(exist_ok=True)
    record(building / WORKING)
    carry_over(output / WORKING, building / WORKING)
    (building / _SWAPPING).touch()
    flush(building)
    try:
        if output.exists():
            building.rename(ready)
            exchange(ready, output, _beside(output, "aside"))
        else:
            building.rename(output)
    except OSError as error:
        raise CsdError(
            "the new pack could not be put in place; the last one is as it was",
            where=f"{output}: {error}",
            fix="close programs that have files of the pack open, and run again",
            exit_code=1,
        ) from error
    _finish(output, ready)


def _finish(output: Path, replaced: Path) -> None:
    """Save what was written into the old pack's working folder at the last moment."""
    carry_over(replaced / WORKING, output / WORKING)
    (output / _SWAPPING).unlink()
    shutil.rmtree(replaced, ignore_errors=True)


def _beside(output: Path, suffix: str) -> Path:
    return output.parent / f".{output.name}.{suffix}"
