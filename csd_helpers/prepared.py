"""What the batch is given of a period: plain data, so that it passes from one process to another."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from csd_helpers.server import Question

PARTS = (1, 2)


@dataclass(frozen=True)
class Prepared:
    """A period counted, protected and released: what the batch needs to make its pages.

    Parameters
    ----------
    releases
        The release folder of each part.
    pages
        What the page of each of a part's notebooks says around its content, the summary first.
    parameters
        The period's settings for the manifest: a database's address without its secrets.
    inputs
        The hash of everything that went in, by the name the manifest gives it.
    """

    releases: dict[int, Path]
    pages: dict[int, dict[str, dict[str, Any]]]
    parameters: dict[str, Any]
    inputs: dict[str, str]

    def downloads(self, parts: Iterable[int]) -> dict[str, bytes]:
        """Return the files beside parts' pages, each part's from a process that is given its figures only."""
        asked = {part: Question("part_files.part_files", self.releases[part]) for part in parts}
        return {
            f"part{part}/{name}": content
            for part, question in asked.items()
            for name, content in question.answer().items()
        }


def release_folders(working: Path) -> dict[int, Path]:
    """Return the folders that a part's notebooks are handed, by part."""
    return {part: working / "release" / f"part{part}" for part in PARTS}
