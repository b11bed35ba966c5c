"""Reasons for revisions: why figures are not as they were published, as ``parameters/revisions.csv`` says."""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from csd_helpers.errors import CsdError
from csd_helpers.period import Period

REASONS = Path("parameters") / "revisions.csv"
COLUMNS = ["report", "indicator", "period", "part", "reason", "by"]
_PARTS = ("1", "2", "both")


@dataclass(frozen=True)
class Reason:
    """Why figures are revised in one month's report.

    Parameters
    ----------
    line
        Line of the file.
    report
        The month whose report shows the revision; a later revision needs a reason of its own.
    indicator, period
        What it explains; empty for every indicator, or every month.
    part
        Which part prints it: 1, 2 or both.
    text, by
        The reason, and whose it is.
    """

    line: int
    report: str
    indicator: str
    period: str
    part: str
    text: str
    by: str

    def is_for(self, part: int) -> bool:
        """Say whether a part prints it."""
        return self.part in ("both", str(part))

    def explains(self, part: int, indicator: str, period: str) -> bool:
        """Say whether it is the reason of a figure's revision in a part."""
        return self.is_for(part) and self.indicator in ("", indicator) and self.period in ("", period)

    @property
    def where(self) -> str:
        """Where it is written."""
        return f"{REASONS.as_posix()}, line {self.line}"

    @property
    def is_exact(self) -> tuple[bool, bool]:
        """How closely it says what it explains: the indicator counts before the month."""
        return bool(self.indicator), bool(self.period)


def load_reasons(root: Path, report: Period, indicators: Sequence[str]) -> list[Reason]:
    """Read the reasons given for the revisions of a month's report.

    The whole file is checked, whichever months its lines are of.

    Parameters
    ----------
    indicators
        The keys of the month's suite.

    Raises
    ------
    CsdError
        With file and line, for columns, months, parts and indicators that are not known, a reason
        without words or name, and two lines that explain the same.
    """
    path = root / REASONS
    if not path.exists():
        return []
    reasons = [_reason(fields, line) for line, fields in _lines(path)]
    _refuse_repeated(reasons)
    own = [reason for reason in reasons if reason.report == str(report)]
    for reason in own:
        if reason.indicator and reason.indicator not in indicators:
            expected = "an indicator's key from the suite, or nothing for all of them"
            raise _mistake(reason.line, f"'{reason.indicator}' is no indicator of the suite", expected)
    return own


def reason_for(reasons: Sequence[Reason], part: int, indicator: str, period: str) -> str:
    """Return the reason of a figure's revision that says most closely what it is about; empty if none."""
    found = [reason for reason in reasons if reason.explains(part, indicator, period)]
    return max(found, key=lambda reason: reason.is_exact).text if found else ""


def reason_hashes(reasons: Sequence[Reason]) -> dict[str, str]:
    """Return the hash of a month's reasons, by the name the manifest gives them.

    The reasons of other months are no input of this one: a month that is published can be made again.
    """
    if not reasons:
        return {}
    told = "\n".join(repr(astuple(reason)[1:]) for reason in reasons)
    return {f"{REASONS.as_posix()}, {reasons[0].report}": hashlib.sha256(told.encode()).hexdigest()}


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the fields of each line with its number, after the header; comments are left out."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CsdError(
            "the file is not in UTF-8", str(REASONS), fix="save it as CSV UTF-8 (comma delimited)"
        ) from None
    lines = ("" if line.startswith("#") else line for line in text.splitlines(keepends=True))
    reader = csv.reader(lines)
    rows = ((reader.line_num, [field.strip() for field in row]) for row in reader if any(row))
    header = next(rows, (1, []))
    if header[1] != COLUMNS:
        raise _mistake(header[0], "the columns are not those expected", ",".join(COLUMNS))
    yield from rows


def _reason(fields: list[str], line: int) -> Reason:
    if len(fields) != len(COLUMNS):
        what = f"{len(fields)} fields stand where there should be {len(COLUMNS)}"
        raise _mistake(line, what, ",".join(COLUMNS), 'put a reason with a comma in it between quotes: "..."')
    reason = Reason(line, *fields)
    for month in filter(None, (reason.report or "(none)", reason.period)):
        try:
            Period.parse(month)
        except CsdError as error:
            raise _mistake(line, error.what, error.expected) from None
    if reason.period > reason.report:
        raise _mistake(line, f"{reason.period} is after the report", "a month up to the report's")
    if reason.part not in _PARTS:
        raise _mistake(line, f"there is no part '{reason.part}'", "1, 2 or both")
    if not (reason.text and reason.by):
        raise _mistake(line, "a reason needs words, and a name", "why it was revised, and who says so")
    return reason


def _refuse_repeated(reasons: Sequence[Reason]) -> None:
    first: dict[tuple[str, str, str, int], int] = {}
    for reason in reasons:
        for part in (1, 2):
            place = (reason.report, reason.indicator, reason.period, part)
            if reason.is_for(part) and first.setdefault(place, reason.line) != reason.line:
                what = f"line {first[place]} explains the same for Part {part}"
                raise _mistake(reason.line, what, "one reason for each revision and part", "remove one")


def _mistake(line: int, what: str, expected: str, fix: str = "") -> CsdError:
    return CsdError(what, f"{REASONS.as_posix()}, line {line}", expected, fix)
