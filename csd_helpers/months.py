"""Months as they are asked for, one, a range or the latest, and as the list of all months names them."""

import re
from pathlib import Path

from csd_helpers.errors import CsdError
from csd_helpers.leftovers import listed
from csd_helpers.period import Period
from csd_helpers.root import common, is_council


def months_of(text: str) -> list[Period]:
    """Read a month, or the first and the last of a range.

    Examples
    --------
    >>> [str(month) for month in months_of("2019-12:2020-02")]
    ['2019-12', '2020-01', '2020-02']
    """
    first, _, last = text.partition(":")
    start, end = Period.parse(first), Period.parse(last or first)
    if end < start:
        raise CsdError(f"the range {text} ends before it starts", expected="such as 2018-04:2020-10")
    return [start + n for n in range(end.ordinal - start.ordinal + 1)]


def anchor(period: Period) -> str:
    """Return the name of a month's place in the list of all months; a name starts with a letter."""
    return f"m{period}"


def latest_month(root: Path) -> Period:
    """Return the latest month that has a parameter file and whose extract is there.

    The extract of a database server counts as there. A council of several always has a latest month.
    """
    from csd_helpers.parameters import load_period  # noqa: PLC0415  # pandas and pydantic are slow to import

    files = list(listed(common(root) / "parameters" / "periods", "*.yaml"))[::-1]
    for path in files:
        month = Period.parse(path.stem)
        extract = load_period(root, month).extract
        if "://" in extract or (root / extract).exists():
            return month
    if is_council(root) and files:  # its run says what is missing, and the other councils have theirs
        return Period.parse(files[0].stem)
    raise CsdError("no month has both a parameter file and an extract", "parameters/periods")


def require_files(root: Path, months: list[Period], model: Period | None) -> list[Path]:
    """Make sure that every month has a parameter file; return those that were written.

    Parameters
    ----------
    model
        The month whose file is copied for months that have none: the month is changed, and the
        report's date is moved with it; reports by exception, which are a month's own, are left out.
        People can read and change the copies like any other.

    Raises
    ------
    CsdError
        Naming the months without a file, if no model is given.
    """
    folder = common(root) / "parameters" / "periods"
    missing = [month for month in months if not (folder / f"{month}.yaml").exists()]
    if missing and model is None:
        raise CsdError(
            f"{len(missing)} of {len(months)} months have no parameter file: {', '.join(map(str, missing))}",
            "parameters/periods",
            fix="write them, or copy a month's settings with --from-file, such as --from-file 2020-10",
        )
    return [_copied(root, month, model) for month in missing if model]


def _copied(root: Path, month: Period, model: Period) -> Path:
    from csd_helpers.parameters import load_period  # noqa: PLC0415  # as above

    settings = load_period(root, model)
    folder = common(root) / "parameters" / "periods"
    text = (folder / f"{model}.yaml").read_text(encoding="utf-8")
    report = Period.of(settings.report_date) + (month.ordinal - model.ordinal)
    day = report.start.replace(day=min(settings.report_date.day, report.as_at.day))
    text = re.sub(r"(?m)^period:\s*\S+", f"period: {month}", text)
    text = re.sub(r"(?m)^report_date:\s*\S+", f"report_date: {day}", text)
    text = re.sub(r"(?ms)^reports_by_exception:.*?(?=^\S|\Z)", "", text).rstrip() + "\n"
    path = folder / f"{month}.yaml"
    path.write_text(text, encoding="utf-8")
    return path
