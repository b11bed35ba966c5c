"""What people type may say anything and do nothing; what should not leave is refused."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from csd_helpers.errors import CsdError
from csd_helpers.page.exporter import CsdExporter, stylesheet
from csd_helpers.page.gate import reasons_to_refuse
from csd_helpers.page.sanitise import markdown_html, safe_html
from csd_helpers.tables import table

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "[x](javascript:alert(1))",
    '<a href="java&#x09;script:alert(1)">x</a>',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<details open ontoggle=alert(1)>",
    "</style><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "--><script>alert(1)</script>",
    "<math><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    '<meta http-equiv="refresh" content="0; url=https://elsewhere.example">',
    '<base href="https://elsewhere.example/">',
    '<form action="https://elsewhere.example"><input></form>',
    '<img src="https://elsewhere.example/pixel.gif">',
    "<style>@import url(https://elsewhere.example)</style>",
    '<p style="background:url(https://elsewhere.example)">x</p>',
    '<link rel="stylesheet" href="https://elsewhere.example">',
    "![x](https://elsewhere.example/x.png)",
    "![x](part2_exempt.csv)",
    "![x](sub/part2_exempt.csv)",
    "```html\n<script>alert(1)</script>\n```",
    "```mermaid\n<script>alert(1)</script>\n```",
    r"$\href{javascript:alert(1)}{x}$",
    "\x1b]8;;https://elsewhere.example\x07x\x1b]8;;\x07",
    "left \u202etfel",
    '=HYPERLINK("https://elsewhere.example")',
]


class Elements(HTMLParser):
    """Note every element and attribute of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def is_harmless(html: str) -> bool:
    found = Elements(html)
    active = {"script", "svg", "iframe", "meta", "base", "form", "input", "style", "link", "math", "object"}
    calls = [name for name, _ in found.attributes if name.startswith("on") or name in ("style", "srcdoc")]
    fetched = [
        value for name, value in found.attributes if name in ("src", "srcset") and "data:" not in value
    ]
    scripts = [value for name, value in found.attributes if name == "href" and "script" in value.lower()]
    return not (set(found.tags) & active or calls or fetched or scripts or "\u202e" in html or "\x1b" in html)


@pytest.mark.parametrize("attack", ATTACKS)
def test_commentary_may_say_anything_and_do_nothing(attack: str) -> None:
    html = markdown_html(attack)
    assert is_harmless(html)
    assert "<img" not in html


@pytest.mark.parametrize("attack", ATTACKS)
def test_page_html_is_cleaned_of_it(attack: str) -> None:
    assert is_harmless(safe_html(f"<p>before</p>{attack}"))


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_table_shows_it_as_text(attack: str) -> None:
    assert is_harmless(safe_html(table(attack, ["a", attack], [[attack, attack]])))


def notebook(*cells: nbformat.NotebookNode) -> nbformat.NotebookNode:
    return new_notebook(cells=[new_markdown_cell("# Title", metadata={"tags": ["report"]}), *cells])


def shown(html: str, tags: tuple[str, ...] = ("report",)) -> nbformat.NotebookNode:
    output = new_output("display_data", {"text/html": html, "text/plain": "plain words"})
    stream = new_output("stream", name="stderr", text="warning from a path")
    return new_code_cell("secret_code()", outputs=[stream, output], metadata={"tags": list(tags)})


def export(*cells: nbformat.NotebookNode) -> str:
    return CsdExporter().from_notebook_node(notebook(*cells))[0]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_finished_page_is_harmless_or_refused(attack: str) -> None:
    words = new_markdown_cell(attack, metadata={"tags": ["report"]})
    try:
        html = export(words, shown(f"<p>{attack}</p>"))
    except CsdError as refused:
        assert "is refused" in str(refused)
        return
    assert is_harmless(html.split("<main", 1)[1])
    assert reasons_to_refuse(html) == []


def test_only_what_is_tagged_leaves() -> None:
    html = export(shown("<p>leaves</p>"), shown("<p>stays</p>", ("analyst",)), shown("<p>forgotten</p>", ()))
    assert "leaves" in html
    for hidden in ("stays", "forgotten", "secret_code", "warning from", "plain words"):
        assert hidden not in html


def test_an_error_anywhere_refuses_the_page() -> None:
    failed = new_code_cell("x", outputs=[new_output("error", ename="E", evalue="v", traceback=["t"])])
    with pytest.raises(CsdError, match="cell 2 ended in an error"):
        export(failed)


def test_a_page_made_outside_a_run_is_marked_draft() -> None:
    assert "DRAFT: not for circulation" in export(shown("<p>x</p>"))


def test_the_same_notebook_gives_the_same_bytes() -> None:
    assert export(shown("<p>x</p>")) == export(shown("<p>x</p>"))


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<script></script>", "the element script"),
        ('<p onclick="x">a</p>', "the attribute onclick on p"),
        ('<p style="x">a</p>', "the attribute style on p"),
        ('<img src="x.png" alt="a">', "an image that is not embedded"),
        ('<img src="data:image/png;base64,AA==">', "an image without a description"),
        ("<a href='javascript:x'>a</a>", "a link to javascript:x"),
        ("<a href='http://x'>a</a>", "a link to http://x"),
        ("<table><caption>c</caption><tr><th>a</th></tr></table>", "a table heading without scope"),
        ("<table><tr><td>a</td></tr></table>", "a table without a caption"),
        ("<!-- figures -->", "a comment"),
        (r"<p>\\server\share\x</p>", "a network path"),
        (r"<p>C:\Users\x</p>", "a drive path"),
        ("<p>/home/analyst/x</p>", "a path of a computer"),
        ("<p>Traceback (most recent</p>", "an error message"),
        ("<p>KeyError: 'child'</p>", "an error message"),
        ("<p>{{ value }}</p>", "an unfilled template"),
        ("<p>rose to nan</p>", "an empty value"),
        ("<p>None of 5</p>", "an empty value"),
        ("<h1>a</h1><h3>b</h3>", "a heading h3 below h1"),
        ('<meta http-equiv="refresh" content="0">', "a meta element"),
    ],
)
def test_the_gate_refuses_with_the_reason(html: str, reason: str) -> None:
    assert any(found.startswith(reason) for found in reasons_to_refuse(html)), reasons_to_refuse(html)


def test_the_gate_lets_ordinary_words_pass() -> None:
    assert (
        reasons_to_refuse("<h1>Reviews</h1><p>and/or 20/21, 3:1 and 12 to 15; nanny, nonetheless</p>") == []
    )


def colours() -> dict[str, tuple[float, float, float]]:
    found = dict(re.findall(r"--(\w+):#([0-9a-f]{6})", stylesheet()[0]))
    return {name: tuple(int(code[i : i + 2], 16) / 255 for i in (0, 2, 4)) for name, code in found.items()}  # type: ignore[misc]


def luminance(colour: tuple[float, float, float]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def test_rating_colours_can_be_read_and_told_apart_in_grey() -> None:
    light = {name: luminance(colour) for name, colour in colours().items()}
    assert contrast(light["red"], 1.0) >= 4.5
    assert contrast(light["green"], 1.0) >= 4.5
    assert contrast(light["amber"], light["ink"]) >= 4.5
    shades = sorted(light[name] for name in ("red", "green", "amber"))
    assert all(contrast(low, high) >= 2 for low, high in pairwise(shades))
