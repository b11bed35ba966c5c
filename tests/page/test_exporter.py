"""What leaves a notebook as a page."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from csd_helpers.errors import CsdError
from csd_helpers.page import exporter
from csd_helpers.page.gate import reasons_to_refuse
from tests.page.harm import harmful
from tests.page.hostile import ATTACKS, FACTS, code, page

TITLE = "<h1>Children looked after</h1>"
CSS = (Path(exporter.__file__).parent / "template" / "csd" / "report.css").read_text(encoding="utf-8")


def markdown(source: str, tag: str = "report") -> Any:
    cell = nbformat.v4.new_markdown_cell(source, id="prose")
    cell.metadata["tags"] = [tag]
    return cell


def page_or_refusal(*cells: Any) -> str:
    """Return the page; a refused page leaves nothing at all."""
    try:
        return page(code(TITLE), *cells)
    except CsdError as refused:
        assert "is refused: " in refused.what
        return "<p></p>"


def test_a_good_page_leaves_with_its_facts() -> None:
    html = page(code(TITLE + "<p>91% of reviews in time</p>"))
    for told in (
        "91% of reviews in time",
        "Anytown Council",
        FACTS["title"],
        "Part 1: public",
        "Figures (CSV)",
    ):
        assert told in html
    assert html.startswith("<!DOCTYPE html>") and '<html lang="en-GB">' in html
    assert (
        '<a aria-current="page" href="index.html">' in html or 'href="index.html" aria-current="page"' in html
    )
    assert reasons_to_refuse(html) == [] and harmful(html) == []


@pytest.mark.parametrize("kind", ["text/html", "text/markdown"])
def test_attack_through_an_output(attack: str, kind: str) -> None:
    html = page_or_refusal(code(attack, kind=kind))
    assert harmful(html) == []
    assert html == "<p></p>" or reasons_to_refuse(html) == []


def test_attack_through_prose(attack: str) -> None:
    assert harmful(page_or_refusal(markdown(attack))) == []


def test_attack_through_the_facts_of_the_page(attack: str) -> None:
    facts = FACTS | {"title": attack, "org": attack, "marking": attack, "footer": attack}
    try:
        html = page(code(TITLE), facts=facts)
    except CsdError:
        return
    assert harmful(html) == []


def test_most_attacks_leave_a_page_rather_than_none() -> None:
    assert sum(page_or_refusal(markdown(attack)) != "<p></p>" for attack in ATTACKS) > len(ATTACKS) * 0.8


def test_no_file_is_read_into_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("part2_exempt.csv").write_text("EXEMPT")
    Path("link.csv").symlink_to(tmp_path / "part2_exempt.csv")
    html = page(code(TITLE), markdown("![a](part2_exempt.csv) ![b](link.csv)"))
    assert "EXEMPT" not in html and base64.b64encode(b"EXEMPT").decode() not in html


def test_only_tagged_outputs_leave() -> None:
    shown = code(TITLE)
    shown.outputs.append(nbformat.v4.new_output("stream", name="stdout", text="PRINTED"))
    shown.outputs.append(nbformat.v4.new_output("stream", name="stderr", text="WARNED"))
    shown.metadata["secret"] = "METADATA"
    hidden = [code("<p>UNTAGGED</p>", tag=None), code("<p>ANALYST</p>", tag="analyst")]
    html = page(shown, *hidden, markdown("NOTES", tag="analyst"))
    for held in ("SOURCE", "PLAIN", "PRINTED", "WARNED", "METADATA", "UNTAGGED", "ANALYST", "NOTES", "prose"):
        assert held not in html


def test_other_kinds_of_output_do_not_leave() -> None:
    kinds = ["image/svg+xml", "image/png", "application/javascript", "text/latex", "application/json"]
    html = page(code(TITLE), *[code("U0VDUkVU", kind=kind) for kind in kinds])
    assert "U0VDUkVU" not in html


def test_a_raw_cell_does_not_leave() -> None:
    raw = nbformat.v4.new_raw_cell("<script>RAW</script>", id="raw")
    raw.metadata.update(tags=["report"], raw_mimetype="text/html")
    assert "RAW" not in page(code(TITLE), raw)


@pytest.mark.parametrize("tag", ["report", "analyst", None])
def test_an_error_in_any_cell_refuses_the_page(tag: str | None) -> None:
    failed = code("", tag=tag)
    failed.outputs = [nbformat.v4.new_output("error", ename="ValueError", evalue="Jane Doe", traceback=["x"])]
    with pytest.raises(CsdError) as refused:
        page(code(TITLE), failed)
    assert FACTS["title"] in str(refused.value) and "cell 2" in str(refused.value)
    assert "Jane Doe" not in str(refused.value)


def test_a_refusal_names_the_page_and_each_reason() -> None:
    with pytest.raises(CsdError) as refused:
        page(code(TITLE + "<table><tr><th>Month</th></tr></table>"), markdown("ValueError: x"))
    for told in (FACTS["title"], "a table heading without a scope", "a table without a caption", "an error"):
        assert told in refused.value.what


def test_a_page_made_by_hand_is_marked_as_a_draft() -> None:
    html = page(code(TITLE), facts=None)
    assert "DRAFT: not for circulation" in html and "<nav" not in html and 'class="part0"' in html


def test_the_same_notebook_gives_the_same_bytes() -> None:
    assert page(code(TITLE)) == page(code(TITLE))


def test_the_policy_admits_the_style_sheet_of_the_page_alone() -> None:
    html = page(code(TITLE))
    style = re.search("<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in html


def test_nbconvert_knows_the_exporter() -> None:
    from nbconvert.exporters import get_exporter  # noqa: PLC0415

    assert get_exporter("csd") is exporter.CsdExporter
    assert exporter.CsdExporter().embed_images is False


COLOURS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", CSS))
LETTERS = {"red": "#ffffff", "amber": COLOURS["ink"], "green": "#ffffff"}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_as_wcag_reckons_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("rating", LETTERS)
def test_ratings_can_be_read(rating: str) -> None:
    assert f".{rating} {{ background: var(--{rating})" in CSS
    assert contrast(COLOURS[rating], LETTERS[rating]) >= 4.5


@pytest.mark.parametrize("colour", ["ink", "muted", "link"])
def test_text_can_be_read_on_white_and_on_the_focus_colour(colour: str) -> None:
    assert contrast(COLOURS[colour], "#ffffff") >= 4.5
    assert contrast(COLOURS["ink"], COLOURS["focus"]) >= 4.5


def test_lines_can_be_seen() -> None:
    assert contrast(COLOURS["line"], "#ffffff") >= 3


@pytest.mark.parametrize(("one", "other"), [("red", "green"), ("green", "amber"), ("red", "amber")])
def test_ratings_differ_in_lightness_too(one: str, other: str) -> None:
    assert contrast(COLOURS[one], COLOURS[other]) >= 2


@pytest.mark.parametrize("eye", ["protanomaly", "deuteranomaly", "tritanomaly"])
@pytest.mark.parametrize(("one", "other"), [("red", "green"), ("green", "amber"), ("red", "amber")])
def test_ratings_differ_to_eyes_that_lack_a_kind_of_cone(one: str, other: str, eye: str) -> None:
    colours = pytest.importorskip("colorspacious", reason="colorspacious is not installed")
    seen = {"name": "sRGB1+CVD", "cvd_type": eye, "severity": 100}  # after Machado et al. 2009
    both = [[int(COLOURS[name][at : at + 2], 16) / 255 for at in (1, 3, 5)] for name in (one, other)]
    told = [colours.cspace_convert(colour, seen, "sRGB1") for colour in both]
    assert colours.deltaE(*told, input_space="sRGB1") >= 15  # 1 is a difference that can just be seen
