"""The finished pack, as a director, a phone and a screen reader find it."""

import re
from pathlib import Path
from typing import Any

import pytest

from csd_helpers.page.gate import reasons_to_refuse

PAGES = [
    "index", "front_door", "child_protection", "looked_after", "fostering_and_adoption", "care_leavers",
    "workforce", "education_and_youth", "report",
]  # fmt: skip
FILES = ["data.csv", "figures.ods", "figures.xlsx", "report.docx"]
BOTH = [(part, page) for part in (1, 2) for page in PAGES] + [(2, "disclosure")]
#: What WCAG 2.2 (1.4.12) lets a reader set.
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    "p { margin-bottom: 2em !important }"
)
#: Elements whose content is wider or higher than they are, but for tables, which scroll.
CLIPPED = """[...document.querySelectorAll('body *')].filter(e => e.clientWidth
  && !e.closest('.scroll, .skip')
  && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)).map(e => e.outerHTML)"""
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # what passes is not described: half the time
}


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.S).split())


def section(html: str, name: str) -> str:
    return html.split(f'<section aria-labelledby="{name}">')[1].split("</section>", maxsplit=1)[0]


def test_each_part_has_its_pages_and_its_figures_and_nothing_else(pack: Path) -> None:
    for part, more in (("part1", []), ("part2", ["disclosure"])):
        files = sorted(path.name for path in (pack / part).iterdir())
        assert files == sorted([f"{page}.html" for page in [*PAGES, *more]] + FILES)
    assert (pack / "manifest.json").is_file()


def test_part_1_tells_the_three_exceptions_and_points_to_part_2_for_two(pack: Path) -> None:
    html = (pack / "part1" / "index.html").read_text(encoding="utf-8")
    below = text_of(section(html, "below"))
    assert re.findall(r"(\d+)\. [A-Z]", below) == ["26", "29", "21"]
    assert "Indicators 22 and 23 are below expectation: see the Part 2 report." in below
    words = text_of(section(html, "commentary"))
    for opening in (
        "Many of our young people worked",
        "Referrals rose when",
        "Most reviews are held on time",
    ):
        assert opening in words
    assert "Court hearings" not in html and "Assessments could not be finished" not in html


def test_part_2_tells_all_five_with_figures_and_words(pack: Path) -> None:
    html = (pack / "part2" / "index.html").read_text(encoding="utf-8")
    assert sorted(re.findall(r"(\d+)\. [A-Z]", text_of(section(html, "below")))) == [
        "21",
        "22",
        "23",
        "26",
        "29",
    ]
    assert "Court hearings" in html and "Assessments could not be finished" in html
    assert "[c]" not in html


def test_the_page_says_when_a_figure_is_older_than_the_report(pack: Path) -> None:
    text = text_of((pack / "part1" / "care_leavers.html").read_text(encoding="utf-8"))
    assert "Data as at 30 September 2020 , earlier than the rest of this report." in text


@pytest.mark.parametrize(("part", "page"), BOTH)
def test_no_page_runs_fetches_or_gives_away_anything(pack: Path, part: int, page: str) -> None:
    html = (pack / f"part{part}" / f"{page}.html").read_text(encoding="utf-8")
    assert reasons_to_refuse(html) == []
    assert "<script" not in html
    elsewhere = re.findall(r'(?:href|src)="([^"]*(?:\.\./|part[12])[^"]*)"', html)
    listed = f"../../part{part}.html"
    assert elsewhere == [f"{listed}#m2020-09", f"{listed}#m2020-11", listed]
    assert html.count("Content-Security-Policy") == 1


@pytest.mark.parametrize(("part", "page"), BOTH)
def test_a_page_goes_by_e_mail(pack: Path, part: int, page: str) -> None:
    most = {"index": 30, "report": 150}.get(page, 120)
    assert (pack / f"part{part}" / f"{page}.html").stat().st_size <= most * 1024


@pytest.mark.parametrize(("part", "page"), BOTH)
def test_axe_finds_no_fault(pack: Path, browser: Any, part: int, page: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    tab = browser.new_context(bypass_csp=True).new_page()  # axe is a script: the page's policy would stop it
    tab.goto((pack / f"part{part}" / f"{page}.html").as_uri())
    found = axe.run(tab, options=RULES).response["violations"]
    tab.close()
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == []


@pytest.mark.parametrize("page", ["index", "looked_after", "report"])
@pytest.mark.parametrize("width", [320, 640, 1280])
def test_a_page_bears_zoom_and_wider_spacing(pack: Path, browser: Any, page: str, width: int) -> None:
    context = browser.new_context(bypass_csp=True, viewport={"width": width, "height": 700})
    tab = context.new_page()  # 640: what is left of 1280 at 200 %
    tab.goto((pack / "part2" / f"{page}.html").as_uri())
    for style in (" ", SPACING):
        tab.add_style_tag(content=style)
        assert tab.evaluate("document.documentElement.scrollWidth") == width
        assert tab.evaluate(CLIPPED) == []
    context.close()


@pytest.mark.parametrize("part", [1, 2])
def test_the_summary_is_two_sheets_of_paper(pack: Path, browser: Any, part: int) -> None:
    tab = browser.new_page()
    tab.goto((pack / f"part{part}" / "index.html").as_uri())
    printed = tab.pdf(prefer_css_page_size=True)
    tab.close()
    assert len(re.findall(rb"/Type */Page\b", printed)) == 2
    sizes = re.findall(rb"/MediaBox *\[0 0 ([\d.]+) ([\d.]+)", printed)
    assert [(round(float(wide)), round(float(high))) for wide, high in sizes] == [(842, 595)] * 2  # A4


def test_forced_colours_leave_words_borders_and_charts(pack: Path, browser: Any) -> None:
    context = browser.new_context(forced_colors="active", color_scheme="dark")
    tab = context.new_page()
    tab.goto((pack / "part2" / "index.html").as_uri())
    style = "getComputedStyle(document.querySelector('{}')).{}"
    # the reader's letters and ground: our own are dark on yellow, and white on red
    assert tab.evaluate(style.format("b.amber", "color")) == "rgb(255, 255, 255)"
    assert tab.evaluate(style.format("b.red", "backgroundColor")) != "rgb(107, 15, 10)"
    assert tab.evaluate(style.format("b.red", "borderTopStyle")) == "solid"
    assert tab.evaluate(style.format("b.none", "borderTopStyle")) == "dashed"
    assert tab.evaluate(style.format("td img", "backgroundColor")) == "rgb(255, 255, 255)"
    context.close()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_a_phone_and_asks_nothing_of_the_network(pack: Path, browser: Any, page: str) -> None:
    tab = browser.new_page(viewport={"width": 320, "height": 700})
    asked: list[str] = []
    complaints: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: complaints.append(message.text))
    tab.goto((pack / "part2" / f"{page}.html").as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") == 320
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert complaints == []
    loaded = tab.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
    assert loaded
    tab.close()


@pytest.mark.parametrize("part", [1, 2])
def test_the_latest_figures_are_seen_on_a_phone_without_scrolling(
    pack: Path, browser: Any, part: int
) -> None:
    tab = browser.new_page(viewport={"width": 390, "height": 700})
    tab.goto((pack / f"part{part}" / "index.html").as_uri())
    cells = "[...document.querySelectorAll('.wide td:nth-child(3)')]"
    edges = tab.evaluate(f"{cells}.map(cell => cell.getBoundingClientRect().right)")
    tab.close()
    assert len(edges) > 30
    assert max(edges) <= 390


def test_every_chart_says_its_figure_in_words(pack: Path) -> None:
    html = (pack / "part1" / "looked_after.html").read_text(encoding="utf-8")
    described = re.findall(r'<img[^>]*alt="([^"]*)"', html)
    trends = [alt for alt in described if alt.startswith("Line chart of ")]
    assert len(trends) == 7
    assert all(re.search(r"now [\d.,]+%?", alt) for alt in trends)


#: Texts of charts, the wide ones and those for a phone, that reach beyond the edge of their picture.
CUT_OFF = """() => [...document.querySelectorAll('picture source, picture img')]
  .map(e => e.srcset || e.src).flatMap(address => {
    const svg = new DOMParser().parseFromString(
      decodeURIComponent(address.slice(address.indexOf(',') + 1)), 'image/svg+xml').documentElement
    document.body.append(svg)
    const edge = svg.getBoundingClientRect()
    const cut = [...svg.querySelectorAll('text')].filter(t => t.getBoundingClientRect().right > edge.right
      || t.getBoundingClientRect().left < edge.left).map(t => t.textContent)
    const texts = svg.querySelectorAll('text').length
    svg.remove()
    return texts ? cut : ['a chart without text']
  })"""


@pytest.mark.parametrize("page", PAGES[1:-1])
def test_no_word_of_a_chart_is_cut_off_at_its_edge(pack: Path, browser: Any, page: str) -> None:
    tab = browser.new_page(bypass_csp=True)
    tab.goto((pack / "part2" / f"{page}.html").as_uri())
    assert tab.locator("picture").count() > 0
    assert tab.evaluate(CUT_OFF) == []
    tab.close()
