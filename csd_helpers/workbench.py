"""What an analyst uses in a notebook, beyond what leaves: figures, comparisons, the records behind them."""

import subprocess
import sys
from pathlib import Path

import pandas as pd

from csd_helpers.errors import CsdError
from csd_helpers.extract import read_extract
from csd_helpers.facts import Fragment
from csd_helpers.figures import ALL
from csd_helpers.findings_page import findings_content
from csd_helpers.handover import Edition
from csd_helpers.ledger import Entry, current, editions, read_figures, read_ledger, withdrawn
from csd_helpers.measures import MEASURES
from csd_helpers.measures import cases as counted
from csd_helpers.pack import open_pack
from csd_helpers.period import Period
from csd_helpers.pipeline import check_extract as extract_findings
from csd_helpers.pipeline import load_edition
from csd_helpers.preview import Preview, draft_page
from csd_helpers.readiness import matters
from csd_helpers.readiness_page import readiness_content
from csd_helpers.root import command, find_root, never_run
from csd_helpers.working import WORKING

PUBLISHED = "published"  # what an indicator may be compared with, besides months and indicators
_QUIET = [
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
]


def records(key: str, period: str, root: Path | None = None) -> pd.DataFrame:
    """List the records behind a figure, one row per case counted or left out.

    A figure can be defended when anyone can see who is in it. The list holds children's
    identifiers: it is for the analyst, in cells tagged ``analyst``, which never leave.

    Parameters
    ----------
    key
        An indicator's (or companion's) key, ``looked_after_reviews``.
    period
        A month, ``2020-10``.
    root
        The project's root; found from the notebook's folder when not given.

    Returns
    -------
    pandas.DataFrame
        Identifiers, the dates that decided, ``numerator``, ``denominator`` and ``excluded`` (the
        reason, where a case is left out).

    Raises
    ------
    CsdError
        If the indicator is not counted from records, or the extract cannot support it.

    Examples
    --------
    Those who count, and those who count as good:

    >>> cases = records("looked_after_reviews", "2020-10")
    >>> int(cases["denominator"].sum()), int(cases["numerator"].sum())
    (330, 306)
    """
    root = root or find_root()
    edition = load_edition(Period.parse(period), root)
    return counted_records(key, edition, read_extract(edition.settings.extract, root).tables)


def counted_records(key: str, edition: Edition, tables: counted.Tables) -> pd.DataFrame:
    """List the records behind a figure of an edition, from tables that have been read already.

    Raises
    ------
    CsdError
        If the indicator is not counted from records, or the tables cannot support it.
    """
    if key not in MEASURES:
        raise CsdError(
            f"'{key}' is not counted from records", expected="one of " + ", ".join(sorted(MEASURES))
        )
    lag = next((i.lag_months for k, i in edition.suite.indicators.items() if key in (k, *i.companions)), 0)
    data_month = edition.period.ordinal - lag
    try:
        cases = MEASURES[key].cases(tables, counted.Window(data_month, data_month))
    except counted.NotComputable as gap:
        raise CsdError(f"'{key}' cannot be counted from this extract: {gap}") from None
    return counted.records(cases, data_month)


def indicator(key: str, period: str) -> Fragment:
    """Show one indicator of a month that has been run: figure, rating, chart, months, commentary.

    Every figure is shown, as in Part 2, so that the analyst sees what the exempt page says.

    Parameters
    ----------
    key
        An indicator's key, ``looked_after_reviews``.
    period
        A month, ``2020-10``.

    Raises
    ------
    CsdError
        If the month has not been run, or there is no such indicator.

    Examples
    --------
    In a notebook, the last line of a cell is shown as the page shows it:

    >>> indicator("looked_after_reviews", "2020-10")
    <Fragment: ... characters of HTML>
    """
    return open_pack(period, 2).indicator(key)


def compare(key: str, period: str, other: str) -> pd.DataFrame:
    """Put an indicator beside another run, what was published, or another indicator, month by month.

    The quickest way to see a revision, or whether two things move together. Every figure is shown,
    as in Part 2.

    Parameters
    ----------
    key
        An indicator's key, ``looked_after_reviews``.
    period
        A month that has been run, ``2020-10``.
    other
        Another month that has been run, ``2020-09``; ``published``, for the month as it is published
        or else what was published last; or another indicator's key.

    Returns
    -------
    pandas.DataFrame
        A row for each month that both tell, with figure and rating of each; of one indicator also
        whether the figures differ.

    Raises
    ------
    CsdError
        If a month has not been run, nothing has been published, or there is no such indicator.

    Examples
    --------
    >>> both = compare("looked_after_reviews", "2020-10", "looked_after_visits")
    >>> both.loc["2020-10"]
    looked_after_reviews           92.7%
    looked_after_reviews rating    amber
    looked_after_visits            93.5%
    looked_after_visits rating     green
    Name: 2020-10, dtype: str

    With a month or ``published`` instead, the months whose figures have changed since are

    >>> twice = compare("looked_after_reviews", "2020-10", "2020-10")
    >>> twice[twice["differs"]].index.tolist()
    []
    """
    run = open_pack(period, 2).figures
    if other == PUBLISHED:
        entry = _published(Period.parse(period))
        other_figures, other_name = read_figures(find_root(), entry)[2], f"published {entry.period}"
    elif other[:1].isdigit():
        other_figures, other_name = open_pack(other, 2).figures, f"run of {other}"
    else:
        return _months(key, run, key).join(_months(other, run, other), how="inner")
    mine, theirs = _months(key, run, f"run of {period}"), _months(key, other_figures, other_name)
    both = mine.join(theirs, how="inner", rsuffix=" (again)")
    both["differs"] = both.iloc[:, 0].ne(both.iloc[:, 2])
    return both


def check(period: str) -> Fragment:
    """Show what stands between a month and its publication, as ``csd check`` does.

    Parameters
    ----------
    period
        A month, ``2020-10``.

    Returns
    -------
    Fragment
        The verdict and a table for each check, with the command or file that puts each matter right.

    Examples
    --------
    >>> check("2020-10")
    <Fragment: ... characters of HTML>
    """
    month = Period.parse(period)
    return Fragment(readiness_content(month.label, matters(month, find_root())))


def check_extract(period: str) -> Fragment:
    """Show what is wrong or doubtful in a month's extract, as ``csd check --extract`` does.

    It lists rows by children's identifiers: it is for the analyst, in cells that never leave.

    Parameters
    ----------
    period
        A month, ``2020-10``.

    Returns
    -------
    Fragment
        Every rule that a table breaks: how many rows, some of them, what it means and what to do.

    Examples
    --------
    >>> check_extract("2020-10")
    <Fragment: ... characters of HTML>
    """
    return Fragment(findings_content(extract_findings(Period.parse(period), find_root())))


def preview(notebook: str, period: str, part: int) -> Preview:
    """Show a page as the next run would make it from the last run's figures, marked DRAFT.

    The page is made as a run makes it, in a process that is handed the part's released figures and
    nothing else. Notes tagged ``part2`` are on the draft of Part 2; those tagged ``part1`` are left
    out, since only a run checks them.

    Parameters
    ----------
    notebook
        A notebook's name, ``looked_after``.
    period
        A month that has been run, ``2020-10``.
    part
        1 or 2.

    Raises
    ------
    CsdError
        If the month has not been run, the part has no such page, or its notebook fails.

    Examples
    --------
    >>> preview("looked_after", "2020-10", part=1)
    <Preview: ... characters of HTML>
    """
    return Preview(draft_page(notebook, part, Period.parse(period), find_root()))


def _months(key: str, figures: pd.DataFrame, name: str) -> pd.DataFrame:
    own = figures[figures["indicator"].eq(key) & figures["breakdown"].eq(ALL)]
    if own.empty:
        raise CsdError(f"there is no indicator '{key}'", expected=", ".join(figures["indicator"].unique()))
    named = {"text": name, "rating": f"{name} rating"}
    return own.set_index("period")[list(named)].rename(columns=named)


def _published(period: Period) -> Entry:
    """Return the month's published edition, or else the one published last."""
    root = find_root()
    entries = read_ledger(root)
    gone = withdrawn(entries)
    others = [entry for entry in editions(entries) if entry.number not in gone]
    if not others:
        fix = f"{command(f'csd publish {period}', root)} makes the first edition"
        raise CsdError("nothing has been published yet", expected="a month that is published", fix=fix)
    return current(entries, period) or others[-1]


def working_notebooks(period: Period, root: Path) -> Path:
    """Return the folder of a month's working notebooks, which JupyterLab opens.

    Raises
    ------
    CsdError
        If there has been no run of the month.
    """
    folder = root / "outputs" / str(period) / WORKING / "notebooks" / "part2"
    if not folder.is_dir():
        raise never_run(period, root)
    return folder


def start_lab(folder: Path, options: list[str]) -> int:
    """Start JupyterLab on a folder, and return its exit code when it has been closed.

    It asks nothing of the network: no news, no newer version, no list of extensions.
    """
    own = [f"--ServerApp.root_dir={folder}", *_QUIET]
    return subprocess.call([sys.executable, "-m", "jupyterlab", *own, *options])
