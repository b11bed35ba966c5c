"""Allow-lists for everything that is written into a page."""

import re

import mistune
import nh3

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
PROSE = {
    *("a", "abbr", "b", "blockquote", "br", "code", "del", "em", "hr", "i", "li", "ol", "p", "pre"),
    *("s", "small", "span", "strong", "sub", "sup", "ul"),
}
TABLE = {"caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
PICTURE = {"img", "picture", "source"}
STRUCTURE = {
    *("article", "aside", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "section"),
    *("summary", "time"),
}
DROPPED_WHOLE = {"script", "style", "svg", "math", "iframe", "noscript", "template"}
ARIA = {"aria-current", "aria-describedby", "aria-hidden", "aria-label", "aria-labelledby"}
ATTRIBUTES = {
    "*": {"class", "id", "lang", "role", "tabindex", *ARIA},
    "a": {"href", "download"},
    "abbr": {"title"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "source": {"srcset", "media", "width", "height"},
    "td": {"colspan", "headers", "rowspan"},
    "th": {"abbr", "colspan", "headers", "rowspan", "scope"},
    "time": {"datetime"},
}
MARKDOWN_ATTRIBUTES = {
    "a": {"href"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "ol": {"start"},
    "th": {"scope"},
}
SCHEMES = {"https", "mailto", "data"}  # data is for images only: see _kept
IMAGE = re.compile(r"data:image/(?:svg\+xml,%3Csvg[A-Za-z0-9%'=:,./()_~-]+|png;base64,[A-Za-z0-9+/]+={0,2})")
LINK = re.compile(
    r"https://[^\s\\]+|mailto:[^\s\\:]+@[^\s\\:]+|#[^\s\\]*"
    r"|(?:(?:\.{1,2}|[\w-][\w.-]*)/)*(?:[\w-][\w.-]*)?(?:#[^\s\\]*)?"
)
RULES = {
    "href": LINK,
    "src": IMAGE,
    "srcset": IMAGE,
    "role": re.compile(r"group|img|list|listitem|note|region"),
    "scope": re.compile(r"col|row|colgroup|rowgroup"),
    "tabindex": re.compile(r"0|-1"),
}
# control characters (other than tab and new line), and those that turn the direction of the text
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
HARMFUL = "#harmful-link"  # what mistune writes for a link it will not follow


def plain_characters(text: str) -> str:
    r"""Drop control characters and those that reverse the direction of the text.

    They are invisible and can make a sentence read otherwise than it is written.

    Examples
    --------
    >>> plain_characters("12\u202e of 34\x1b")
    '12 of 34'
    """
    return UNSEEN.sub("", text)


def safe_html(html: str) -> str:
    """Keep only allow-listed elements, attributes, links and inlined images.

    For the output of the project's own helpers, which escape the data they print: this is the
    second lock, not the first.

    Parameters
    ----------
    html
        Text/html output of a cell.

    Returns
    -------
    str
        The same with everything else removed; scripts and style sheets with their contents.

    Examples
    --------
    >>> safe_html('<p onclick="x()">Reviews <script>x()</script><a href="javascript:x()">in time</a></p>')
    '<p>Reviews <a>in time</a></p>'
    """
    tags = HEADINGS | PROSE | TABLE | PICTURE | STRUCTURE
    return _clean(html, tags, ATTRIBUTES)


def markdown_html(text: str) -> str:
    """Render prose in Markdown; HTML in it is shown as text and images are not.

    Parameters
    ----------
    text
        Commentary or a Markdown cell. Tables are understood; anything an author types as HTML
        is printed as typed, so nobody can draw a rating with a sentence.

    Returns
    -------
    str
        Sanitised HTML; an image leaves its description.

    Examples
    --------
    >>> markdown_html("**91%** of reviews <b>in time</b>")
    '<p><strong>91%</strong> of reviews &lt;b&gt;in time&lt;/b&gt;</p>\\n'
    """
    renderer = PageRenderer(escape=True)
    html = str(mistune.create_markdown(renderer=renderer, plugins=["table"])(plain_characters(text)))
    return _clean(html, HEADINGS | PROSE | TABLE | {"div"}, MARKDOWN_ATTRIBUTES)


class PageRenderer(mistune.HTMLRenderer):
    """Render Markdown with headed, captioned tables and without images."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return the description alone: the page loads nothing."""
        return text

    def block_code(self, code: str, info: str | None = None) -> str:
        """Return code as text, whatever language it names."""
        return f"<pre><code>{mistune.escape(code)}</code></pre>\n"

    def table(self, text: str) -> str:
        """Return a table with a caption, in a region that scrolls on a narrow screen."""
        scroll = '<div class="scroll" role="group" tabindex="0" aria-label="Table in the text">'
        return f"{scroll}<table><caption>Table in the text</caption>{text}</table></div>\n"

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        """Return a cell; a heading says that it heads a column."""
        return f'<th scope="col">{text}</th>' if head else f"<td>{text}</td>"


def _clean(html: str, tags: set[str], attributes: dict[str, set[str]]) -> str:
    clean = nh3.clean(
        plain_characters(html),
        tags=tags,
        clean_content_tags=DROPPED_WHOLE,
        attributes=attributes,
        attribute_filter=_kept,
        url_schemes=SCHEMES,
        link_rel=None,
    )
    return plain_characters(clean)  # again: entities are characters by now


def _kept(tag: str, name: str, value: str) -> str | None:
    """Return the value of an attribute, or None to drop it."""
    rule = RULES.get(name)
    if value == HARMFUL or (rule and not rule.fullmatch(value.strip())):
        return None
    return value.strip() if rule else value
