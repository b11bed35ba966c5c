"""An extract is read once for all its months, anew when a byte has changed; no month sees another."""

from pathlib import Path

import pytest

from csd_helpers import extract_once
from csd_helpers.extract import Extract
from csd_helpers.extract_once import read_once

CONTACTS = "LAchildID,contact_date,source,outcome\nA,2020-10-01,School,referral\n"


@pytest.fixture
def reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows with every reading of an extract."""
    (tmp_path / "extract").mkdir()
    (tmp_path / "extract/contacts.csv").write_text(CONTACTS)
    done: list[str] = []
    read = extract_once.read_extract

    def counted(source: str, root: Path) -> Extract:
        done.append(source)
        return read(source, root)

    monkeypatch.setattr(extract_once, "read_extract", counted)
    extract_once._read.cache_clear()
    return done


def test_the_same_bytes_are_read_once(reads: list[str], tmp_path: Path) -> None:
    first, second = read_once("extract", tmp_path), read_once("extract", tmp_path)
    assert len(reads) == 1
    assert first.tables["contacts"].equals(second.tables["contacts"])


def test_a_changed_byte_is_read(reads: list[str], tmp_path: Path) -> None:
    read_once("extract", tmp_path)
    (tmp_path / "extract/contacts.csv").write_text(CONTACTS + "B,2020-10-02,School,referral\n")
    assert len(read_once("extract", tmp_path).tables["contacts"]) == 2
    assert len(reads) == 2


def test_what_one_month_does_no_other_sees(reads: list[str], tmp_path: Path) -> None:
    first = read_once("extract", tmp_path)
    found = list(first.problems)
    first.problems.append("a problem of the month's own")
    first.tables["contacts"]["LAchildID"] = "changed"
    first.tables["contacts"].loc[0, "contact_date"] = None
    del first.tables["contacts"]
    second = read_once("extract", tmp_path)
    assert second.problems == found
    assert list(second.tables["contacts"]["LAchildID"]) == ["A"]
    assert second.tables["contacts"]["contact_date"].notna().all()
