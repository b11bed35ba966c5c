"""Commentary: management's words on an exception, one Markdown file per indicator and period."""

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from csd_helpers.errors import CsdError
from csd_helpers.period import Period
from csd_helpers.suite import Suite

_FENCE = "---"


class Header(BaseModel):
    """The few lines at the top of a commentary file."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    author: str
    date: datetime.date
    #: The figure it was written about, as printed: ``91.2%``.
    written_about: str
    part: Literal["1", "2", "both"]
    #: Who decided that the numbers in these words may be public although a figure is withheld.
    numbers_agreed: str = ""


@dataclass(frozen=True)
class Commentary:
    """The words, who wrote them, about which figure, and for which part."""

    indicator: str
    header: Header
    text: str

    def is_for(self, part: int) -> bool:
        """Say whether the words may appear in a part."""
        return self.header.part in ("both", str(part))


def load_commentary(root: Path, period: Period, suite: Suite) -> dict[str, list[Commentary]]:
    """Read the commentary of a period, by indicator.

    A file is named after the indicator's key, ``care_leavers_ete.md``; a second version for one part
    only may stand beside it as ``care_leavers_ete.part2.md``.

    Raises
    ------
    CsdError
        If a file is about an indicator the suite does not have, or its header is not complete.
    """
    found: dict[str, list[Commentary]] = {}
    for path in sorted((root / "parameters" / "commentary" / str(period)).glob("*.md")):
        key = path.name.split(".")[0]
        if key not in suite.indicators:
            raise CsdError(
                f"commentary on '{key}', which is no indicator of the suite {suite.suite}",
                path.relative_to(root).as_posix(),
                fix="name the file after the indicator's key",
            )
        found.setdefault(key, []).append(_read(path, key, root))
    return found


def _read(path: Path, key: str, root: Path) -> Commentary:
    """Split a file into its header and its words."""
    where = path.relative_to(root).as_posix()
    _, fence, rest = path.read_text(encoding="utf-8-sig").partition(_FENCE + "\n")
    head, closing, text = rest.partition("\n" + _FENCE + "\n")
    if not (fence and closing):
        raise CsdError(
            "the commentary has no header", where, "author, date, written_about, part between --- lines"
        )
    try:
        header = Header.model_validate({k: str(v) for k, v in (yaml.safe_load(head) or {}).items()})
    except (ValidationError, yaml.YAMLError, AttributeError) as error:
        problem = error.errors()[0] if isinstance(error, ValidationError) else None
        what = f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" if problem else str(error)
        raise CsdError(
            f"the commentary's header is wrong: {what}", where, "author, date, written_about, part"
        ) from None
    return Commentary(key, header, text.strip())
