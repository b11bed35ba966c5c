"""A pack from a database: the same pack as from files, and no credential in anything that is written."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml

from csd_helpers.batch import run_pack
from csd_helpers.extract import read_extract
from csd_helpers.manifest import digest
from csd_helpers.pipeline import prepare
from csd_helpers.plan import Choice
from tests.conftest import OCTOBER

EXTRACT = "outputs/demo/extract"


@pytest.fixture
def tables(council: Path) -> dict[str, pd.DataFrame]:
    return read_extract(EXTRACT, council).tables


@pytest.fixture
def own(council: Path, pack: Path, tmp_path: Path) -> Path:
    """Return a council of the test's own, its pack made from files, its extract gone."""
    folder = Path(shutil.copytree(council, tmp_path / "own"))
    shutil.rmtree(folder / EXTRACT)
    return folder


def point(root: Path, extract: str) -> None:
    """Let the period's file name another extract."""
    path = root / "parameters" / "periods" / "2020-10.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | {"extract": extract}, sort_keys=False))


def figures(working: Path) -> pd.DataFrame:
    return pd.read_parquet(working / "figures.parquet")


def test_a_database_file_makes_the_very_pages_that_files_make(
    own: Path, tables: dict[str, pd.DataFrame]
) -> None:
    before = json.loads((own / "outputs" / "2020-10" / "manifest.json").read_text())
    for name, table in tables.items():
        table.to_sql(name, f"sqlite:///{own / 'extract.db'}", index=False)
    point(own, "sqlite:///extract.db")
    outcome = run_pack(OCTOBER, own, prepare, Choice())
    assert outcome.made == [] and len(outcome.kept) == len(before["pages"])  # nothing has changed for them
    manifest = json.loads((outcome.pack / "manifest.json").read_text())
    assert manifest["pages"] == before["pages"] and manifest["downloads"] == before["downloads"]
    assert manifest["inputs"]["extract/extract.db"] == digest(own / "extract.db")
    assert not any(name.endswith(".csv") and name.startswith("extract/") for name in manifest["inputs"])
    assert manifest["parameters"]["extract"] == "sqlite:///extract.db"
