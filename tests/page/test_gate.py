"""The gate names what is wrong with a finished page, and lets a good page go."""

import pytest

from csd_helpers.page.gate import reasons_to_refuse

POLICY = (
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; img-src data:; style-src 'sha256-x='\">"
)
PNG = "data:image/png;base64,iVBORw0KGgo="


def whole(body: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">{POLICY}'
        '<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        '<meta name="referrer" content="no-referrer"><title>Pack</title>'
        "<style>p > a {margin:0}</style></head>"
        f"<body><h1>Pack</h1>{body}</body></html>"
    )


@pytest.mark.parametrize(
    "body",
    [
        "<p>None of the 12 reviews was late. No error was found. Nan Smith House; a/b; 24/7; 9/10</p>",
        "<p>&lt;script&gt; and onclick= are only text here, and so is javascript:x</p>",
        f'<img src="{PNG}" alt="Trend"><picture><source srcset="{PNG}"><img src="{PNG}" alt=""></picture>',
        '<a href="https://www.gov.uk/a">a</a><a href="mailto:a@b.uk">a</a><a href="#x">a</a>',
        '<a href="../2020-09/part1/index.html#visits">a</a><a href="data.csv" download>a</a>',
        '<table><caption>Reviews</caption><tr><th scope="col">Month</th></tr></table>',
        "<h2>Visits</h2><h3>Commentary</h3><h2>Reviews</h2>",
        "<p>1 in 3: 33%. Part A: /visits per child</p>",
    ],
)
def test_a_good_page_may_leave(body: str) -> None:
    assert reasons_to_refuse(whole(body)) == []


FORBIDDEN = ["script", "iframe", "object", "embed", "form", "base", "link", "svg", "math", "input", "button"]


@pytest.mark.parametrize("tag", FORBIDDEN)
def test_a_forbidden_tag(tag: str) -> None:
    assert f"the tag {tag}" in reasons_to_refuse(whole(f"<{tag}></{tag}>"))
    assert f"the tag {tag}" in reasons_to_refuse(whole(f"<{tag.upper()} />"))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<p onclick=x()>a</p>", "the attribute onclick of p"),
        ("<p ONCLICK=x()>a</p>", "the attribute onclick of p"),
        ("<p style='color:red'>a</p>", "the attribute style of p"),
        ("<p srcdoc=a>a</p>", "the attribute srcdoc of p"),
        ('<meta http-equiv="refresh" content="0">', "a meta tag that is not allowed"),
        ('<meta name="author" content="A">', "a meta tag that is not allowed"),
        ('<img src="https://a.uk/x.png" alt="a">', "img with a src that is not an inlined image"),
        ('<img src="chart.png" alt="a">', "img with a src that is not an inlined image"),
        ('<img src="data:image/gif;base64,AAAA" alt="a">', "img with a src that is not an inlined image"),
        (f'<source srcset="{PNG}, https://a.uk/x">', "source with a srcset that is not an inlined image"),
        ('<a href="http://a.uk">a</a>', "a with a link that is not allowed"),
        ('<a href="https://user@a.uk">a</a>', "a with a link that is not allowed"),
        ('<a href="javascript:x">a</a>', "a with a link that is not allowed"),
        ('<a href="java&#9;script:x">a</a>', "a with a link that is not allowed"),
        ('<a href="//a.uk">a</a>', "a with a link that is not allowed"),
        ('<a href="/home/a">a</a>', "a with a link that is not allowed"),
        ('<a href="\\\\server\\a">a</a>', "a with a link that is not allowed"),
        ('<p href="#a">a</p>', "p with a link that is not allowed"),
        (f'<img src="{PNG}">', "an image without a description"),
        (
            f'<img src="{PNG}" alt="No description has been provided for this image">',
            "an image without a description",
        ),
        ('<img alt="a">', "an image without a source"),
        ("<table><caption>a</caption><tr><th>a</th></tr></table>", "a table heading without a scope"),
        ('<table><tr><th scope="col">a</th></tr></table>', "a table without a caption"),
        ("<table><caption>a</caption>", "a table that is not closed"),
        ("<!-- note to self -->", "a comment"),
        ("<?php x ?>", "a comment"),
        ("<p>\\\\server\\share\\children.csv</p>", "text with a network path"),
        ("<p>C:\\Users\\a</p>", "text with a path of a drive"),
        ("<p>from Q:/data/a.csv</p>", "text with a path of a drive"),
        ("<p>/home/analyst/a.csv</p>", "text with a path of a computer"),
        ("<p>(/tmp/x)</p>", "text with a path of a computer"),
        (f'<img src="{PNG}" alt="/mnt/share/a.csv">', "text with a path of a computer"),
        ("<pre>Traceback (most recent call last)</pre>", "text with a traceback"),
        ("<p>ValueError: age of a child</p>", "text with the message of an error"),
        ("<p>{{ value }}</p>", "text with an unfilled template"),
        ("<td>nan</td>", "text with a missing value printed as such"),
        ("<td>nan%</td>", "text with a missing value printed as such"),
        ("<td>None</td>", "text with a missing value printed as such"),
        ("<td>NaT</td>", "text with a missing value printed as such"),
        ("<td>&lt;NA&gt;</td>", "text with a missing value printed as such"),
        ("<p>12 \u202e43</p>", "text with an invisible character"),
        ("<h3>Visits</h3>", "a heading h3 after h1"),
        ("<h2>Visits</h2><h4>Commentary</h4>", "a heading h4 after h2"),
        ("<style>p{}</style>", "a second style sheet"),
        ("<style>@import 'x.css'</style>", "a style sheet that loads from elsewhere"),
    ],
)
def test_each_bad_page_is_refused_with_its_reason(body: str, reason: str) -> None:
    assert reason in reasons_to_refuse(whole(body))


def test_a_page_without_a_policy_or_a_first_heading() -> None:
    assert reasons_to_refuse("<h2>a</h2>") == ["no content security policy", "no h1 first"]
    loose = whole("").replace("default-src 'none'", "default-src *")
    assert "no content security policy" in reasons_to_refuse(loose)


def test_a_nested_table_needs_its_own_caption() -> None:
    inner = "<table><caption>a</caption><tr><td><table></table></td></tr></table>"
    assert reasons_to_refuse(whole(inner)) == ["a table without a caption"]


def test_each_reason_is_given_once_and_quotes_nothing() -> None:
    reasons = reasons_to_refuse(whole("<p>ValueError: Jane Doe</p>" * 3))
    assert reasons == ["text with the message of an error"]
