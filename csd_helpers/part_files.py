"""The files that go beside a part's pages, all made from its released figures and nothing else."""

import contextlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from csd_helpers.committee_report import report_blocks, title
from csd_helpers.downloads import data_csv
from csd_helpers.excel import excel_workbook
from csd_helpers.open_document import open_document
from csd_helpers.page.sanitise import plain_characters
from csd_helpers.period import Period
from csd_helpers.sheets import sheets_of
from csd_helpers.word import word_document


def part_files(release: Path) -> dict[str, bytes]:
    """Return the files of `csd_helpers.downloads.LABELS` by name.

    Parameters
    ----------
    release
        The part's release folder: ``pack.json`` and ``figures.parquet``.
    """
    pack = json.loads((release / "pack.json").read_text(encoding="utf-8"))
    released = pd.read_parquet(release / "figures.parquet")
    sheets = sheets_of(pack, released)
    named, council = (
        plain_characters(f"{title(pack)} (Part {pack['part']})"),
        plain_characters(pack["council"]),
    )
    told = (named, council, Period.parse(pack["period"]))
    with _scratch_in(release):
        return {
            "report.docx": word_document(report_blocks(pack), *told),
            "figures.xlsx": excel_workbook(sheets, *told),
            "figures.ods": open_document(sheets, *told),
            "data.csv": data_csv(released),
        }


@contextlib.contextmanager
def _scratch_in(folder: Path) -> Iterator[None]:
    """Let libraries keep their temporary files in a folder.

    openpyxl writes every sheet to one. A process that is killed leaves them behind, figures and all:
    not in the folder all users of a computer share, but where the next run clears away.
    """
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        tempfile.tempdir = scratch
        try:
            yield
        finally:
            tempfile.tempdir = before
