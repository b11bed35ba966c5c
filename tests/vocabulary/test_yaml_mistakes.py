"""What is no YAML is told by line, column and what was probably done."""

from pathlib import Path

import pytest
import yaml

from csd_helpers import yamlfile
from csd_helpers.errors import CsdError
from csd_helpers.yamlfile import read_entries

GOOD = "period: 2020-10\ncouncil: Example\nextract: here\ngroups:\n  a:\n    title: A\n    unit: count\n"


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parse as PyYAML does with C and without."""
    if not hasattr(yaml, request.param):
        pytest.skip("PyYAML was built without C")
    monkeypatch.setattr(yamlfile, "_PARSER", getattr(yaml, request.param))


@pytest.mark.parametrize(
    ("old", "new", "place", "what", "fix"),
    [
        ("    unit", "\tunit", "line 7, column 1", "a tab stands where spaces belong", "put spaces"),
        ("period", "\tperiod", "line 1, column 1", "a tab stands where spaces belong", "put spaces"),
        ("council: E", "council E", "line 2, column 1", "a name has no colon after it", "write name: value"),
        ("council: E", "council:E", "line 2, column 1", "or the colon no space", "write name: value"),
        ("Example", "Example: North", "line 2, column 17", "a colon stands where", "between quotes"),
        ("Example", '"Example', "line 2, column 10", "a quotation mark is not closed", "close it"),
        ("Example", "@north", "line 2, column 10", "a value begins with a sign", "between quotes"),
        ("Example", "*north", "line 2, column 10", "a value begins with *", "between quotes"),
        ("Example", "!north x", "line 2, column 10", "a value begins with !", "between quotes"),
        ("title: A", "title: [A", "line 7", "a bracket is not closed", "close it"),
        ("    unit", "   unit", "line 7, column 4", "does not go on from the one before", "alike"),
        ("Example", "E\x07", "line 2, column 11", "a sign that cannot be seen", "type the line again"),
        ("groups", "---\ngroups", "line 4, column 1", "a line of ---", "delete the line"),
    ],
)
@pytest.mark.usefixtures("parser")
def test_a_mistake_is_told_by_its_place_and_cause(
    tmp_path: Path, old: str, new: str, place: str, what: str, fix: str
) -> None:
    path = tmp_path / "2020-10.yaml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CsdError, match="not valid YAML") as refused:
        read_entries(path)
    error = refused.value
    assert what in error.what and error.where.startswith(f"{path}, {place}") and fix in error.fix
    assert error.expected.startswith("entries of the form name: value")


def test_a_day_that_is_in_no_calendar_is_told_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "2020-10.yaml"
    path.write_text(GOOD + "report_date: 2020-11-31\n")
    with pytest.raises(CsdError, match="'2020-11-31' is no day of the calendar") as refused:
        read_entries(path)
    assert refused.value.where == f"{path}, line 8" and refused.value.fix


def test_a_file_of_one_line_without_a_space_is_told_what_to_write(tmp_path: Path) -> None:
    path = tmp_path / "2020-10.yaml"
    path.write_text("period:2020-10\n")
    with pytest.raises(CsdError, match="holds no entries") as refused:
        read_entries(path)
    assert refused.value.fix == "write name: value, with a space after the colon"
