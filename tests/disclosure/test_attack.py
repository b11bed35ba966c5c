"""Published tables, and what they give away."""

from pathlib import Path

import pytest

from csd_helpers.disclosure.attack import attack, summary
from csd_helpers.errors import CsdError

TABLE = """\
year,area,reviews,in_time,share
2020,North,48,46,96
2020,South,30,c,c
2020,West,21,c,c
2020,All,99,93,94
2021,North,40,c,c
2021,South,30,25,83
2021,All,70,62,89
"""
DESCRIPTION = """\
hidden: [c]
small: [1, 2, 3, 4, 5]
tables:
  - file: reviews.csv
    names: [year, area]
    counts: [reviews, in_time]
    within: {in_time: reviews}
    ratios:
      - {column: share, numerator: in_time, denominator: reviews, places: 0}
    totals:
      - {column: area, total: All}
"""


def write(folder: Path, description: str = DESCRIPTION, table: str = TABLE) -> Path:
    (folder / "tables.yaml").write_text(description)
    (folder / "reviews.csv").write_text(table)
    return folder


def test_totals_and_remainders_give_marked_counts_back(tmp_path: Path) -> None:
    found = attack(write(tmp_path)).set_index("count")
    north = found.loc["2021 North in_time"]
    assert (north["least"], north["most"], north["verdict"]) == (37, 37, "exact")
    assert north["because"] == "2021 All in_time 62 - 2021 South in_time 25 = 37"
    south = found.loc["2020 South in_time"]  # 47 between two, of whom no more than 30 and 21
    assert (south["least"], south["most"], south["kind"]) == (26, 30, "marked")
    late = found.loc["rest of 2020 North in_time"]
    assert (late["least"], late["kind"], late["verdict"]) == (2, "remainder", "exact")
    assert "rest of 2021 South in_time" in found.index  # 30 - 25 is 5
    assert "2 withheld counts" not in summary(found.reset_index())
    assert "reviews.csv: 3 withheld counts; 1 worked out exactly" in summary(found.reset_index())


@pytest.mark.parametrize(
    ("description", "words"),
    [
        (DESCRIPTION.replace("reviews.csv", "none.csv"), "cannot be read"),
        (DESCRIPTION.replace("counts: [reviews, ", "counts: [visits, "), "no column 'visits'"),
        (DESCRIPTION.replace("names: [year, area]", "names: [year]"), "stands in it twice"),
        (DESCRIPTION.replace("column: area", "column: ward"), "no column 'ward'"),
        (DESCRIPTION.replace("hidden:", "hiden:"), "hiden"),
    ],
)
def test_a_wrong_description_is_named(tmp_path: Path, description: str, words: str) -> None:
    with pytest.raises(CsdError, match=words):
        attack(write(tmp_path, description))


def test_the_national_tables_hide_no_small_remainder(tmp_path: Path, shared_data: Path) -> None:
    name = "published_ratios_even_years.csv"
    lines = (shared_data / name).read_text(encoding="utf-8-sig").splitlines()
    own = [line for line in lines[1:] if line.startswith(("cpp_reviewed_pct,2024", "cla_3plus"))]
    (tmp_path / name).write_text("\n".join([lines[0], *own]))
    (tmp_path / "tables.yaml").write_text(
        f"hidden: [c]\nsmall: [1, 2, 3, 4, 5]\ntables:\n  - file: {name}\n"
        "    names: [kpi, time_period, old_la_code]\n    counts: [numerator, denominator]\n"
        "    within: {numerator: denominator}\n"
    )
    found = attack(tmp_path)
    remainders = found[found["kind"].eq("remainder")]
    assert remainders["verdict"].eq("exact").all() and len(remainders) > 20


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (TABLE.replace("North,48", "North,East,48"), "line 2"),
        (TABLE.replace(",", ";"), "the cells are separated by ';'"),
        (TABLE.replace("share\n", "reviews\n"), "has the column 'reviews' twice"),
        ("", "has no column 'area'"),
    ],
    ids=["wider", "semicolons", "twice", "empty"],
)
def test_a_table_that_cannot_be_read_is_named_with_what_is_wrong(
    tmp_path: Path, table: str, words: str
) -> None:
    with pytest.raises(CsdError, match=r"reviews\.csv") as error:
        attack(write(tmp_path, DESCRIPTION.replace("column: share", "column: in_time"), table))
    assert words in str(error.value)


@pytest.mark.parametrize("content", [b"PK\x03\x04 a workbook", "Übersicht".encode("latin-1")])
def test_a_file_that_is_no_csv_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    (write(tmp_path) / "reviews.csv").write_bytes(content)
    with pytest.raises(CsdError, match="the file cannot be read: it is") as error:
        attack(tmp_path)
    assert "codec" not in str(error.value) and "tokeniz" not in str(error.value)
