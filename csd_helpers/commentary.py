"""Commentary: management's words on an exception, one Markdown file per indicator and period."""

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from csd_helpers.errors import CsdError
from csd_helpers.exception_report import Confirmation
from csd_helpers.leftovers import listed
from csd_helpers.period import Period
from csd_helpers.root import from_project
from csd_helpers.suite import Suite
from csd_helpers.yaml_mistakes import not_yaml

FENCE = "---"
_HEADER_FROM = 2  # the line after the first fence
#: Help for whoever writes: never part of the words, and each line is marked by itself, so that none
#: is published because its neighbour was deleted.
HELP = "<!-- {} -->"
_HELP = re.compile(r"^[ \t]*<!--.*?-->[ \t]*\n?", re.MULTILINE)


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
    #: Who says that words the checks report may stand.
    confirmed: list[Confirmation] = []


@dataclass(frozen=True)
class Commentary:
    """The words, who wrote them, about which figure, and for which part; in which file."""

    indicator: str
    header: Header
    text: str
    file: str = ""

    def is_for(self, part: int) -> bool:
        """Say whether the words may appear in a part."""
        return self.header.part in ("both", str(part))


def commentary_folder(root: Path, period: Period) -> Path:
    """Return the folder of a period's commentary."""
    return root / "parameters" / "commentary" / str(period)


def load_commentary(root: Path, period: Period, suite: Suite) -> dict[str, list[Commentary]]:
    """Read the commentary of a period, by indicator.

    A file is named after the indicator's key, ``care_leavers_ete.md``; a second version for one part
    only may stand beside it as ``care_leavers_ete.part2.md``. A file in which nothing has been written
    but its help is no commentary.

    Raises
    ------
    CsdError
        If a file is about an indicator the suite does not have, or its header is not complete.
    """
    found: dict[str, list[Commentary]] = {}
    for path in listed(commentary_folder(root, period), "*.md"):
        key = path.name.split(".")[0]
        if key not in suite.indicators:
            raise CsdError(
                f"commentary on '{key}', which is no indicator of the suite {suite.suite}",
                from_project(path, root),
                fix="name the file after the indicator's key",
            )
        words = _read(path, key, root)
        if words is not None:
            found.setdefault(key, []).append(words)
    return found


def _read(path: Path, key: str, root: Path) -> Commentary | None:
    """Split a file into its header and its words; None where there are no words yet."""
    where = from_project(path, root)
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CsdError("the commentary is not text in UTF-8", where, fix="save it as UTF-8") from None
    _, fence, rest = content.partition(FENCE + "\n")
    head, closing, body = rest.partition("\n" + FENCE + "\n")
    if not (fence and closing):
        raise CsdError(
            "the commentary has no header", where, "author, date, written_about, part between --- lines"
        )
    text = _HELP.sub("", body).strip()
    if "<!--" in text or "-->" in text:
        raise CsdError(
            "a line of help is broken, and might be published",
            where,
            "help between <!-- and --> on a line of its own",
            "delete what is left of the line",
        )
    return Commentary(key, _header(head, where), text, where) if text else None


def _header(head: str, where: str) -> Header:
    """Read the lines between the fences; a name without a value counts as not given."""
    try:
        given = {key: _plain(value) for key, value in (yaml.safe_load(head) or {}).items()}
        return Header.model_validate({key: value for key, value in given.items() if value is not None})
    except yaml.YAMLError as error:
        raise not_yaml(error, head, where, _HEADER_FROM) from None
    except (AttributeError, ValueError) as error:
        raise CsdError(
            f"the commentary's header is wrong: {_mistake(error)}",
            where,
            "author, date, written_about, part",
            "write each on a line between the --- lines, as name: value",
        ) from None


def _mistake(error: AttributeError | ValueError) -> str:
    """Say what is wrong with a header, by what reading it said."""
    if isinstance(error, ValidationError):
        problem = error.errors()[0]
        return f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
    return "it holds no entries" if isinstance(error, AttributeError) else "a date is no day of the calendar"


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, list) else str(value)
