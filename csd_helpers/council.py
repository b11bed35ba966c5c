"""A council of several: what it does not share with the others."""

import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from csd_helpers.errors import CsdError
from csd_helpers.period import Period
from csd_helpers.root import council_file, is_council
from csd_helpers.yamlfile import Lines, read_entries, validated

Entries = dict[str, Any]
_SQLITE = "sqlite:///"
#: What a month's common file says of one council only, and no other may be told by.
OF_ONE_COUNCIL = (
    "council",
    "extract",
    "contact",
    "accessibility_contact",
    "exempt_paragraph",
    "reports_by_exception",
)


class Council(BaseModel):
    """What ``parameters/councils/<name>.yaml`` says besides entries of the period's file.

    Parameters
    ----------
    council
        Name printed at the head of every page.
    extract
        Where the records are; ``{period}`` in it stands for the month.
    benchmarks
        The areas of the common ``benchmarks.csv`` that this council is compared with. Statistical
        neighbours are each council's own: give them in a file ``benchmarks.csv`` in its folder.
    periods
        Entries for single months, over all others.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    council: Annotated[str, Field(min_length=1)]
    extract: Annotated[str, Field(min_length=1)]
    benchmarks: list[str] = ["England"]
    periods: dict[str, dict[str, Any]] = {}

    @field_validator("periods")
    @classmethod
    def _are_months(cls, value: dict[str, Any]) -> dict[str, Any]:
        strange = [name for name in value if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", name)]
        if strange:
            raise ValueError(f"'{strange[0]}' is not a month such as 2020-10")
        return value


def load_council(root: Path) -> tuple[Council, Entries, Lines] | None:
    """Read the file of a council's folder: as a model, as entries, their lines; None if it is not one.

    Raises
    ------
    CsdError
        For every mistake in the file, with its line.
    """
    if not is_council(root):
        return None
    path = council_file(root)
    content, lines = read_entries(path)
    return validated(content, lines, path, Council), content, lines


def over(common: Entries, root: Path, period: Period) -> tuple[Entries, Lines]:
    """Return a month's common entries with a council's own over them, and the lines of its own.

    What the common file says of one council alone is left out, whatever the council's file says.
    """
    found = load_council(root)
    if found is None:
        raise CsdError("this is not a council's folder", str(root))
    _, content, lines = found
    month = str(period)
    own = {name: value for name, value in content.items() if name not in ("benchmarks", "periods")}
    here = content.get("periods", {}).get(month, {})
    shared = {name: value for name, value in common.items() if name not in OF_ONE_COUNCIL}
    merged = shared | own | here
    merged["extract"] = _from_root(str(merged["extract"]).replace("{period}", month))
    deeper = {place[2:]: line for place, line in lines.items() if place[:2] == ("periods", month)}
    return merged, lines | {place: line for place, line in deeper.items() if place}


def _from_root(extract: str) -> str:
    """Return an extract's place from the council's folder; it is written down from the project's.

    Examples
    --------
    >>> _from_root("../extracts/northmoor/2020-10")
    '../../../extracts/northmoor/2020-10'
    >>> _from_root("postgresql://server/northmoor")
    'postgresql://server/northmoor'
    """
    if extract.startswith(_SQLITE):
        return _SQLITE + _from_root(extract.removeprefix(_SQLITE))
    return extract if "://" in extract or Path(extract).is_absolute() else f"../../{extract}"
