"""Time what turns records into figures: one council's records, or a whole nation's.

    python benchmarks/measures.py            50,000 rows in each table, 24 months; then 1, 12 and 24 months
    python benchmarks/measures.py --nation   about 20 million rows: time, and the most memory used at once

Reading is timed apart. A nation's tables are read from Parquet a few at a time, only the columns
that measures use, and let go when their indicators are counted.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from csd_helpers.extract import read_extract
from csd_helpers.figures import make_figures
from csd_helpers.measures import MEASURES
from csd_helpers.period import Period
from csd_helpers.suite import Suite, load_suite

ROOT = Path(__file__).resolve().parents[1]
OCTOBER = Period.parse("2020-10")
ROWS = 50_000
COUNCILS = 23  # of 18 tables of 50,000 rows: 20.7 million rows
GIB = 2**30
#: Columns of returns that no measure reads.
UNREAD = ["CIN", "PLACE_PROVIDER", "HOME_POST", "REASON_PLACE_CHANGE", "SEX", "ETHNIC"]
Frames = dict[str, pd.DataFrame]


class Records:
    """Made-up records of one council; its children's numbers start at its own."""

    def __init__(self, rows: int, number: int) -> None:
        self.rows, self.first = rows, number * rows * 10
        self.random = np.random.default_rng(number)

    def frames(self) -> Frames:
        """Return all tables, each with the rows asked for."""
        return self._referred() | self._protected() | self._looked_after() | self._grown() | self._employed()

    def _ids(self, each: int = 1) -> np.ndarray:
        return self.first + np.arange(self.rows) // each

    def _days(self, start: str = "2016-04-01", within: int = 1_700) -> np.ndarray:
        return np.datetime64(start, "s") + self._span(0, within)

    def _span(self, least: int, most: int) -> np.ndarray:
        return self.random.integers(least, most, self.rows).astype("timedelta64[D]")

    def _or_blank(self, days: np.ndarray, share: float) -> np.ndarray:
        return np.where(self.random.random(self.rows) < share, np.datetime64("NaT", "s"), days)

    def _pick(self, words: str) -> pd.Series:
        choices = pd.array(words.split(), dtype="str")
        return pd.Series(choices.take(self.random.integers(0, len(choices), self.rows)))

    def _referred(self) -> Frames:
        child, referred = self._ids(2), self._days()
        closed = self._or_blank(referred + self._span(10, 500), 0.2)
        started = self._days()
        enquiry = self._days()
        return {
            "contacts": pd.DataFrame({"LAchildID": child, "contact_date": self._days()}),
            "early_help": pd.DataFrame(
                {"LAchildID": child, "start_date": started, "end_date": self._or_blank(started, 1)}
            ),
            "cin_details": pd.DataFrame(
                {
                    "LAchildID": child,
                    "CINreferralDate": referred,
                    "CINclosureDate": closed,
                    "ReferralSource": self._pick("1A 2B 5B 9"),
                    "PrimaryNeedCode": self._pick("N1 N2 N5"),
                    "ReferralNFA": self._pick("0 0 1"),
                }
            ),
            "assessments": pd.DataFrame(
                {
                    "LAchildID": child,
                    "AssessmentActualStartDate": started,
                    "AssessmentAuthorisationDate": self._or_blank(started + self._span(20, 80), 0.05),
                }
            ),
            "section47": pd.DataFrame(
                {
                    "LAchildID": child,
                    "S47ActualStartDate": enquiry,
                    "DateOfInitialCPC": self._or_blank(enquiry + self._span(5, 30), 0.6),
                }
            ),
        }

    def _protected(self) -> Frames:
        child, start = self._ids(), self._days()
        end = self._or_blank(start + self._span(30, 900), 0.2)
        plan = np.arange(self.rows) // 3
        reviewed = start[plan] + (
            np.arange(self.rows) % 3 * 180 + self.random.integers(80, 95, self.rows)
        ).astype("timedelta64[D]")
        return {
            "cp_plans": pd.DataFrame(
                {
                    "LAchildID": child,
                    "CPPstartDate": start,
                    "CPPendDate": end,
                    "LatestCategoryOfAbuse": self._pick("NEG PHY SAB EMO"),
                    "NumberOfPreviousCPP": self.random.integers(0, 2, self.rows),
                }
            ),
            "cp_reviews": pd.DataFrame(
                {"LAchildID": child[plan], "CPPstartDate": start[plan], "CPPreviewDate": reviewed}
            ),
            "visits": pd.DataFrame(
                {
                    "LAchildID": self._ids(3),
                    "visit_type": self._pick("CP CLA"),
                    "visit_date": self._days("2020-01-01", 300),
                }
            ),
        }

    def _looked_after(self) -> Frames:
        """Return three episodes for each child, one after another, and what hangs on the children."""
        number, turn = np.divmod(np.arange(self.rows), 3)
        came = self._days()[number]
        length = self._span(1, 400).astype("int64")
        until = pd.Series(length).groupby(number).cumsum().to_numpy()
        stop = came + until.astype("timedelta64[D]")
        born = np.datetime64("2003-01-01", "s") + self._span(0, 5_000)
        last = pd.Series(number).ne(pd.Series(number).shift(-1)).to_numpy()
        still = last & (self.random.random(self.rows) < 0.5)
        child = self._ids(3)
        return {
            "cla_episodes": pd.DataFrame(
                {
                    "CHILD": child,
                    "DECOM": stop - length.astype("timedelta64[D]"),
                    "DEC": np.where(still, np.datetime64("NaT", "s"), stop),
                    "REC": pd.Series(np.where(last, "E4A", "X1"), dtype="str").mask(still),
                    "RNE": pd.Series(np.where(turn == 0, "S", "P"), dtype="str"),
                    "LS": self._pick("C2 C2 V2 E1"),
                    "CIN": self._pick("N1 N5"),
                    "PLACE": self._pick("U1 U4 U4 K2 H5 T1 A3"),
                    "PLACE_PROVIDER": self._pick("PR1 PR4"),
                    "HOME_POST": self._pick("A1 A2"),
                    "PL_POST": self._pick("B1 B2 B3"),
                    "URN": self._pick("SC1 SC2 SC3"),
                    "REASON_PLACE_CHANGE": self._pick("CARPL LAREQ"),
                }
            ),
            "cla_header": pd.DataFrame(
                {
                    "CHILD": self._ids(),
                    "SEX": self._pick("1 2"),
                    "DOB": born,
                    "ETHNIC": self._pick("WBRI BCRB"),
                }
            ),
            "cla_reviews": pd.DataFrame(
                {
                    "CHILD": child,
                    "REVIEW": came + (15 + turn * 110).astype("timedelta64[D]"),
                    "REVIEW_CODE": self._pick("PN1 PN3"),
                }
            ),
            "uasc": pd.DataFrame({"CHILD": self._ids(), "DOB": born, "DUC": self._or_blank(born, 1)}),
            "health": pd.DataFrame({"CHILD": child, "assessment_date": self._days("2018-01-01", 1_000)}),
        }

    def _grown(self) -> Frames:
        born = np.datetime64("1999-04-01", "D") + self.random.integers(0, 600, self.rows)
        turned = born.astype("datetime64[M]") + np.timedelta64(240, "M")
        birthday = turned.astype("datetime64[D]") + (born - born.astype("datetime64[M]"))
        asked = self._days()
        return {
            "care_leavers": pd.DataFrame(
                {
                    "CHILD": self._ids(),
                    "DOB": born.astype("datetime64[s]"),
                    "birthday_date": birthday.astype("datetime64[s]"),
                    "IN_TOUCH": self._pick("YES NO REFU"),
                    "ACTIV": self._pick("F1 P3 G5 0"),
                    "ACCOM": self._pick("B1 U1 X2"),
                    "current_ACTIV": self._pick("F1 G5"),
                }
            ),
            "ehcp": pd.DataFrame(
                {
                    "child_id": self._ids(),
                    "request_date": asked,
                    "exception": self._pick("0 0 1"),
                    "issue_date": self._or_blank(asked + self._span(90, 200), 0.1),
                }
            ),
        }

    def _employed(self) -> Frames:
        start = self._days()
        return {
            "workers": pd.DataFrame(
                {
                    "worker_id": self._ids(),
                    "team": self._pick("Referral Safeguarding"),
                    "agency": self._pick("0 1"),
                    "FTE": self.random.choice([0.5, 1.0], self.rows),
                    "start_date": start,
                    "end_date": self._or_blank(start + self._span(90, 900), 0.4),
                }
            ),
            "caseholding": pd.DataFrame(
                {
                    "worker_id": self.first + self.random.integers(0, self.rows, self.rows),
                    "LAchildID": self._ids(),
                    "start_date": start,
                    "end_date": self._or_blank(start + self._span(30, 600), 0.3),
                }
            ),
            "vacancies": pd.DataFrame(
                {
                    "team": self._pick("Referral Safeguarding"),
                    "FTE": np.ones(self.rows),
                    "start_date": start,
                    "end_date": self._or_blank(start, 1),
                }
            ),
        }


def write(folder: Path, councils: int) -> int:
    """Write the councils' records to one Parquet file a table, a council at a time; return the rows."""
    writers: dict[str, pq.ParquetWriter] = {}
    rows = 0
    for number in range(councils):
        for name, frame in Records(ROWS, number).frames().items():
            piece = pa.Table.from_pandas(frame, preserve_index=False)
            if name not in writers:
                writers[name] = pq.ParquetWriter(folder / f"{name}.parquet", piece.schema)
            writers[name].write_table(piece)
            rows += len(frame)
    for writer in writers.values():
        writer.close()
    years = pd.DataFrame({"year": range(2014, 2021), "population_0_17": 73_000, "population_10_17": 33_000})
    years.to_parquet(folder / "population.parquet")
    return rows


def suite() -> Suite:
    return load_suite(ROOT / "parameters" / "suite" / "2020-21.yaml")


def seconds(tables: Frames, months: int) -> float:
    """Return how long the whole suite takes over so many months."""
    register = suite()
    start = time.perf_counter()
    make_figures(tables, register, OCTOBER.window(months))
    return time.perf_counter() - start


def one_council() -> None:
    """Time reading and computing for one council."""
    with tempfile.TemporaryDirectory() as name:
        rows = write(Path(name), 1)
        start = time.perf_counter()
        tables = read_extract(Path(name)).tables
        print(f"{rows:,} rows in {len(tables)} tables read in {time.perf_counter() - start:.1f} s")
    seconds(tables, 1)  # what is made once for a process
    for months in (1, 12, 24):
        print(f"{months:2} months: {min(seconds(tables, months) for _ in range(3)):.2f} s")


def nation(councils: int) -> None:
    """Write a nation's records, compute them in a process of its own and print its peak."""
    with tempfile.TemporaryDirectory() as name:
        start = time.perf_counter()
        rows = write(Path(name), councils)
        print(f"{rows:,} rows written in {time.perf_counter() - start:.0f} s", flush=True)
        subprocess.run([sys.executable, __file__, "--compute", name], check=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    print(f"peak {peak / GIB:.2f} GiB")


def compute(folder: Path) -> None:
    """Count every indicator of the tables in a folder, with only the tables it needs in memory."""
    start = time.perf_counter()
    held: Frames = {}
    register = suite()
    for key, indicator in register.by_number.items():
        counted = [name for name in (key, *indicator.companions) if name in MEASURES]
        needs = {"population"}.union(*(MEASURES[name].needs for name in counted))
        held = {name: table for name, table in held.items() if name in needs}
        held |= {name: read(folder, name) for name in sorted(needs - set(held))}
        alone = register.model_copy(update={"indicators": {key: indicator}})
        told = make_figures(held, alone, OCTOBER.window(24))["numerator"].notna().sum()
        print(f"{key:32} {told:5} figures {time.perf_counter() - start:6.1f} s", flush=True)


def read(folder: Path, name: str) -> pd.DataFrame:
    """Read the columns of a table that measures use; identifiers stay whole numbers."""
    path = folder / f"{name}.parquet"
    columns = [column for column in pq.read_schema(path).names if column not in UNREAD]
    table = pd.read_parquet(path, columns=columns)
    days = dict.fromkeys(table.select_dtypes("datetime"), "datetime64[s]")
    return table.astype(days)


def main() -> None:
    """Run what was asked for."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--nation", action="store_true", help="about 20 million rows")
    options.add_argument("--councils", type=int, default=COUNCILS, help="how many make a nation")
    options.add_argument("--compute", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.compute:
        compute(given.compute)
    elif given.nation:
        nation(given.councils)
    else:
        one_council()


if __name__ == "__main__":
    main()
