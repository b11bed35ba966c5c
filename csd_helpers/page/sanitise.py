"""Sanitising: commentary becomes safe HTML, and page HTML keeps only what a report needs."""

import re
from typing import Any

import mistune
import nh3

#: Control characters, and those that turn the reading direction round: they can make a text lie.
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_TEXT_TAGS = {
    "a", "b", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "i", "li", "ol", "p", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul", "caption",
}  # fmt: skip
_PAGE_TAGS = _TEXT_TAGS | {
    "dd", "details", "div", "dl", "dt", "figcaption", "figure", "h1", "img", "picture", "section", "small",
    "source", "span", "summary", "abbr", "tfoot",
}  # fmt: skip
_EVERYWHERE = {"class", "id", "aria-label", "aria-labelledby", "aria-hidden"}
_PAGE_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "a": {"href"},
    "div": {"role", "tabindex"},
    "details": {"open"},
    "img": {"alt", "height", "src", "width"},
    "source": {"media", "srcset"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "abbr": {"title"},
}
_IMAGE = re.compile(r"data:image/(svg\+xml|png);base64,[A-Za-z0-9+/=]+")
_LINK = re.compile(r"(https://|mailto:|#|[\w./-]+(#[\w-]+)?$)")
_markdown = mistune.create_markdown(escape=True, plugins=["table"])


def plain(text: str) -> str:
    """Return text without control characters and direction marks."""
    return _HIDDEN.sub("", text)


def markdown_html(text: str) -> str:
    """Turn commentary into HTML; raw HTML in it is shown as text, images are left out.

    Commentary is typed by many hands and travels by e-mail: it may say anything and do nothing.

    Examples
    --------
    >>> markdown_html("**Better** <script>alert(1)</script>")
    '<p><strong>Better</strong> &lt;script&gt;alert(1)&lt;/script&gt;</p>\\n'
    """
    html = str(_markdown(plain(text)))
    html = re.sub(r"<th(?=[ >])", '<th scope="col"', html)
    table = {"th": {"scope"}, "a": {"href"}}
    return nh3.clean(html, tags=_TEXT_TAGS, attributes=table, attribute_filter=_allowed, **_LINKS)


def safe_html(html: str) -> str:
    """Return page HTML with everything removed that a report does not need.

    Images only as embedded data, links only to pages of the pack, secure addresses and e-mail.
    """
    return nh3.clean(
        plain(html), tags=_PAGE_TAGS, attributes=_PAGE_ATTRIBUTES, attribute_filter=_allowed, **_LINKS
    )


_LINKS: Any = {"link_rel": None, "url_schemes": {"https", "mailto", "data"}}


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    """Return an attribute's value if it may stay."""
    if attribute in ("src", "srcset"):
        return value if _IMAGE.fullmatch(value) else None
    if attribute == "href":
        return value if _LINK.match(value) else None
    return value
