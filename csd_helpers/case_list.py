"""Case list: the cases behind a figure as a file for the analyst, kept out of every folder that leaves."""

from pathlib import Path

import pandas as pd

from csd_helpers.downloads import neutral
from csd_helpers.errors import CsdError

_LEAVING = ("part1", "part2", "published")
_LAST = ["numerator", "denominator", "excluded"]


def write_cases(cases: pd.DataFrame, file: Path, root: Path) -> None:
    """Write a list of cases, a row each, as CSV for a spreadsheet.

    Parameters
    ----------
    cases
        What `csd_helpers.workbench.records` returns.
    file
        Where to write; its folder must be there, and it must not.
    root
        The project's root, whose packs the list must be kept out of.

    Raises
    ------
    CsdError
        If the file is there already, cannot be written, or lies in a folder that is circulated.
    """
    target = file.resolve()
    if leaves(target, root):
        raise CsdError(
            "a list of children must not lie in a folder that is circulated",
            str(target),
            "a place outside part1, part2 and published folders",
            "give another file",
        )
    try:
        with target.open("xb") as stream:
            stream.write(cases_csv(cases))
    except FileExistsError:
        raise CsdError("the file is there already", str(file), fix="give another name or move it") from None
    except OSError as error:
        raise CsdError(f"the file cannot be written: {error.strerror}", str(file)) from None


def cases_csv(cases: pd.DataFrame) -> bytes:
    """Return cases as CSV: identifiers and dates, then memberships and exclusion reason.

    UTF-8 with a byte order mark, dates as 2020-10-31, and text a spreadsheet would run neutralised.
    """
    table = cases[[*cases.columns.difference(_LAST, sort=False), *_LAST]].copy()
    for name in table.select_dtypes("datetime"):
        table[name] = table[name].dt.strftime("%Y-%m-%d")
    words = table.select_dtypes(["str", "object"]).columns
    table[words] = table[words].astype("str").map(neutral, na_action="ignore")
    return table.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def leaves(target: Path, root: Path) -> bool:
    """Say whether a resolved path lies in a folder that is circulated.

    That is any folder of a pack named part1 or part2 (those of drafts and failed runs, and what the
    notebooks are handed, too) and the published ones; whether by its name or where a link leads.
    """
    outputs = root / "outputs"
    home = outputs.resolve()
    parts = target.relative_to(home).parts if target.is_relative_to(home) else ()
    named = any(part.casefold() in _LEAVING for part in parts)
    linked = [path.resolve() for name in _LEAVING for path in [*outputs.glob(f"*/{name}"), outputs / name]]
    return named or any(target.is_relative_to(folder) for folder in linked)
