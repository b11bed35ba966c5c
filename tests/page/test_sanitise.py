"""Only allow-listed markup comes out of the sanitiser, whatever goes in."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_helpers.page.sanitise import markdown_html, plain_characters, safe_html
from tests.page.harm import harmful

PNG = "data:image/png;base64,iVBORw0KGgo="
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def test_attack_through_html(attack: str) -> None:
    clean = safe_html(attack)
    assert harmful(f"<p>{clean}</p>") == []
    assert not UNSEEN.search(clean)


def test_attack_through_markdown(attack: str) -> None:
    clean = markdown_html(attack)
    assert harmful(f"<p>{clean}</p>") == []
    assert "<img" not in clean
    assert not UNSEEN.search(clean)


@given(st.text(alphabet="<>/='\" abimgscriptonhrefx:;&#-![]()|`\n\t", max_size=80))
def test_no_text_makes_harmful_markup(text: str) -> None:
    assert harmful(f"<p>{safe_html(text)}</p>") == []
    assert harmful(f"<p>{markdown_html(text)}</p>") == []


@pytest.mark.parametrize(
    "html",
    [
        '<table class="wide"><caption>Reviews</caption><thead><tr><th scope="col">Month</th></tr></thead>'
        '<tbody><tr><th scope="row">Oct</th><td class="n">91%</td></tr></tbody></table>',
        '<details open=""><summary>Definition</summary><dl><dt>Numerator</dt><dd>12</dd></dl></details>',
        f'<picture><source srcset="{PNG}" media="(max-width: 30rem)"><img src="{PNG}" alt="Chart"></picture>',
        '<section aria-labelledby="visits" id="s"><h2 id="visits">Visits</h2></section>',
        '<div class="scroll" role="region" aria-label="Reviews" tabindex="0">x</div>',
        '<span class="rag rag-red"><span aria-hidden="true">▼</span> Red</span>',
        '<a href="https://www.gov.uk/x?y=1#z">a</a><a href="mailto:a@b.uk">b</a><a href="#c">c</a>',
        '<a href="looked_after.html#visits">a</a><a href="../2020-09/part1/index.html">b</a>',
    ],
)
def test_the_markup_of_the_pack_is_kept_as_it_is(html: str) -> None:
    assert safe_html(html) == html


@pytest.mark.parametrize(
    "link",
    ["http://a.uk", "ftp://a.uk", "//a.uk", "/etc/x", "\\\\s\\x", "data:text/html,x", "javascript:x", "C:/x"],
)
def test_other_links_lose_their_address(link: str) -> None:
    assert safe_html(f'<a href="{link}">x</a>') == "<a>x</a>"
    assert 'href="' not in markdown_html(f"[x]({link})")


def test_html_in_commentary_is_printed_as_typed() -> None:
    assert markdown_html('<b class="rag rag-green">Green</b>') == (
        '<p>&lt;b class="rag rag-green"&gt;Green&lt;/b&gt;</p>\n'
    )


def test_a_code_fence_brings_no_class() -> None:
    assert markdown_html("```rag-green\nGreen\n```") == "<pre><code>Green\n</code></pre>\n"


def test_an_image_in_commentary_leaves_its_description() -> None:
    assert markdown_html("![Trend of visits](part2_exempt.csv)") == "<p>Trend of visits</p>\n"


def test_a_table_in_commentary_has_headings_and_a_caption() -> None:
    table = markdown_html("| Team | Visits |\n|---|--:|\n| North | 12 |")
    assert '<th scope="col">Team</th>' in table and "<caption>" in table and "<td>12</td>" in table


@pytest.mark.parametrize("letter", ["\x00", "\x1b", "\x7f", "\u202a", "\u202e", "\u2066", "\u2069"])
def test_unseen_characters_are_dropped(letter: str) -> None:
    assert plain_characters(f"a{letter}b") == "ab"


@pytest.mark.parametrize("letter", ["\t", "\n", " ", "\u2029", "\u202f", "\u2065", "\u206a", "é"])
def test_characters_beside_them_are_kept(letter: str) -> None:
    assert plain_characters(f"a{letter}b") == f"a{letter}b"


def test_sanitising_twice_changes_nothing(attack: str) -> None:
    assert safe_html(safe_html(attack)) == safe_html(attack)
