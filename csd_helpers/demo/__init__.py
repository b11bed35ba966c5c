"""The demonstration: a made-up council's extract, the same every time it is written."""

from pathlib import Path

import numpy as np
import pandas as pd

from csd_helpers.demo.care_leavers import care_leaver_table
from csd_helpers.demo.faults import FAULTS
from csd_helpers.demo.looked_after import children_looked_after, looked_after_files
from csd_helpers.demo.records import record_tables
from csd_helpers.demo.returns import population_table, returns_table
from csd_helpers.period import Period

LAST = "2020-10"
_NOTE = """\
Everything in this folder is made up: "Example Borough", its children and their records do not exist.
`csd demo` writes it, the same every time. The rates are tuned to figures published for 2019/20.
The records hold every case open since 1 April 2017, as they stand on 31 October 2020.

"""


def write_demo(folder: Path, last: str = LAST, months: int = 36, seed: int = 2051) -> list[Path]:
    """Write the extract of an invented council.

    Anyone can see a whole pack before any council's data are at hand, and the tests have a month
    whose story is known.

    Parameters
    ----------
    folder
        Where the tables go; made if absent.
    last, months
        The last month of the typed-in outturns and how many there are.
    seed
        The same seed writes the same bytes.

    Returns
    -------
    list of Path
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    looked_after, care_leavers, typed, *others = map(
        np.random.default_rng, np.random.SeedSequence(seed).spawn(9)
    )
    children = children_looked_after(looked_after)
    tables = looked_after_files(children, looked_after)
    tables["care_leavers"] = care_leaver_table(care_leavers)
    tables |= record_tables(children, tables["care_leavers"], others)
    tables["population"] = population_table()
    tables["returns"] = returns_table(Period.parse(last), months, children, typed)
    (folder / "READ-ME.txt").write_text(_NOTE + FAULTS, encoding="utf-8")
    return [_write(table, folder / f"{name}.csv") for name, table in tables.items()]


def _write(table: pd.DataFrame, path: Path) -> Path:
    table.to_csv(path, index=False, lineterminator="\n")
    return path


__all__ = ["LAST", "write_demo"]
