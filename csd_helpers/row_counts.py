"""How many rows each table of a run's extract had, so that a table that was cut off or forgotten shows.

A file that ends in the middle of a row is refused. One that ends between two rows is as valid as a whole
one, and only what it was before tells them apart.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from csd_helpers.extract import Extract, Problem
from csd_helpers.period import Period
from csd_helpers.working import WORKING, of_earlier_months
from csd_helpers.written import read_json

ROW_COUNTS = "rows.json"
# From month to month records are deleted and workers leave, a few in a hundred. Where a file is cut off is
# chance: nine times in ten more than a tenth is lost.
_TENTH = 10
_FEW = 50  # rows of which a tenth is a handful, as may have ended in a month


def write_row_counts(extract: Extract, working: Path) -> None:
    """Write how many rows each table has, for the checks of later extracts."""
    counts = {name: len(table) for name, table in extract.tables.items()}
    text = json.dumps(counts, indent=1, sort_keys=True)
    (working / ROW_COUNTS).write_text(f"{text}\n", encoding="utf-8", newline="\n")


def fewer_rows(extract: Extract, period: Period, root: Path) -> Iterator[Problem]:
    """Yield a warning for each table that has lost more than a tenth of its rows, or all, since the last run.

    The last run is that of the month itself and that of the nearest month before, whichever had more
    rows: a run with the very extract that was cut off must not silence the warning. Later months do
    not count: their extracts have had time to grow.

    Parameters
    ----------
    root
        The council's root, whose ``outputs`` hold what the runs left.
    """
    told = {problem.table for problem in extract.problems if problem.rule == "file_misnamed"}
    for name, (then, month) in sorted(_last_counts(period, root).items()):
        had = f"the last run's extract ({month.label}) had {then:,}"
        if name in extract.tables:
            yield from _cut_off(extract, name, then, had)
        elif name not in told:
            yield Problem("warning", name, f"is not in the extract; {had} rows of it", rule="table_gone")


def _cut_off(extract: Extract, name: str, then: int, had: str) -> Iterator[Problem]:
    now = len(extract.tables[name])
    if then >= _FEW and (then - now) * _TENTH > then:
        message = f"has {now:,} rows; {had}: was it cut off?"
        files = ", ".join(path.name for path in extract.sources.get(name, []))
        yield Problem("warning", name, message, file=files, rule="rows_fewer")


def _last_counts(period: Period, root: Path) -> dict[str, tuple[int, Period]]:
    """Return the rows each table had in the last run, and the month it was a run of."""
    runs = list(of_earlier_months(period, root, ROW_COUNTS).items())[-1:]
    runs.append((str(period), root / "outputs" / str(period) / WORKING / ROW_COUNTS))
    last: dict[str, tuple[int, Period]] = {}
    for month, path in runs:
        for name, rows in read_json(path).items():
            if isinstance(rows, int) and (name not in last or rows >= last[name][0]):
                last[name] = rows, Period.parse(month)
    return last
