from pathlib import Path

import pytest

from csd_helpers.commentary import load_commentary
from csd_helpers.errors import CsdError
from csd_helpers.period import Period
from csd_helpers.suite import Suite, load_suite

OCTOBER = Period.parse("2020-10")
HEADER = '---\nauthor: A\ndate: 2020-11-10\nwritten_about: "38%"\npart: {part}\n---\n\n'


@pytest.fixture(scope="module")
def suite(root: Path) -> Suite:
    return load_suite(root / "parameters" / "suite" / "2020-21.yaml")


def write(root: Path, name: str, text: str) -> None:
    folder = root / "parameters" / "commentary" / "2020-10"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_words_are_kept_to_the_letter_with_their_header(tmp_path: Path, suite: Suite) -> None:
    write(tmp_path, "care_leavers_ete.md", HEADER.format(part="both") + "First – line.\n\nSecond --- line.\n")
    [words] = load_commentary(tmp_path, OCTOBER, suite)["care_leavers_ete"]
    assert words.text == "First – line.\n\nSecond --- line."
    assert (words.header.author, words.header.written_about) == ("A", "38%")


@pytest.mark.parametrize(
    ("part", "one", "two"), [("1", True, False), ("2", False, True), ("both", True, True)]
)
def test_words_are_for_the_part_they_name(
    tmp_path: Path, suite: Suite, part: str, one: bool, two: bool
) -> None:
    write(tmp_path, "care_leavers_ete.md", HEADER.format(part=part) + "x")
    [words] = load_commentary(tmp_path, OCTOBER, suite)["care_leavers_ete"]
    assert (words.is_for(1), words.is_for(2)) == (one, two)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("care_leaver.md", HEADER.format(part=1) + "x", "no indicator of the suite"),
        ("care_leavers_ete.md", "just words", "has no header"),
        ("care_leavers_ete.md", HEADER.format(part=3) + "x", "part"),
        ("care_leavers_ete.md", "---\nauthor: A\n---\nx", "Field required"),
        ("care_leavers_ete.md", "---\n- a\n---\nx", "header is wrong"),
    ],
)
def test_a_wrong_file_is_named_with_what_was_expected(
    tmp_path: Path, suite: Suite, name: str, text: str, says: str
) -> None:
    write(tmp_path, name, text)
    with pytest.raises(CsdError, match=says) as error:
        load_commentary(tmp_path, OCTOBER, suite)
    assert error.value.where == f"parameters/commentary/2020-10/{name}"


def test_a_header_that_is_no_yaml_is_told_by_its_line(tmp_path: Path, suite: Suite) -> None:
    write(tmp_path, "care_leavers_ete.md", "---\nauthor: A\ndate: 2020-11-12\npart both\n---\n\nx")
    with pytest.raises(CsdError, match="not valid YAML: a name has no colon") as error:
        load_commentary(tmp_path, OCTOBER, suite)
    assert error.value.where == "parameters/commentary/2020-10/care_leavers_ete.md, line 4, column 1"
    write(tmp_path, "care_leavers_ete.md", HEADER.format(part=1).replace("date: ", "date: 2020-13-") + "x")
    with pytest.raises(CsdError, match="header is wrong"):
        load_commentary(tmp_path, OCTOBER, suite)


def test_what_word_leaves_beside_a_commentary_is_none(tmp_path: Path, suite: Suite) -> None:
    write(tmp_path, "~$care_leavers_ete.md", "whose it is")
    assert load_commentary(tmp_path, OCTOBER, suite) == {}


def test_every_commentary_of_the_demonstration_is_readable(root: Path, suite: Suite) -> None:
    found = load_commentary(root, OCTOBER, suite)
    assert {suite.indicators[key].number for key in found} == {21, 22, 23, 26, 29}
    assert all(len(words) == 1 and words[0].text for words in found.values())
    assert not any(found[key][0].is_for(1) for key in ("foster_carers_recruited", "looked_after_adopted"))
