"""The gate: read a finished page as a browser would and list why it may not leave.

It shares no code with the sanitiser, so that a fault in one is caught by the other.
"""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

FORBIDDEN = {
    *("script", "iframe", "object", "embed", "form", "base", "link", "svg", "math", "input", "button"),
    *("applet", "audio", "frame", "noscript", "select", "template", "textarea", "video"),
}
LOADING = {"action", "background", "data", "formaction", "ping", "poster", "srcdoc", "style", "xlink:href"}
METAS = {"viewport", "robots", "referrer"}
POLICY = "default-src 'none'; img-src data:; style-src 'sha256-"
IMAGES = {
    "data:image/svg+xml,%3Csvg%20": re.compile(r"[\w%'=:,./()~-]+", re.ASCII),
    "data:image/png;base64,": re.compile(r"[A-Za-z0-9+/=]+"),
}
FILLER = "no description has been provided for this image"
SPOILT = {
    "a network path": re.compile(r"\\\\[\w.-]+\\|\bfile:/"),
    "a path of a drive": re.compile(r"(?<!\w)[A-Za-z]:[\\/]\w"),
    "a path of a computer": re.compile(r"(?<![\w.])/(?:etc|home|mnt|opt|root|srv|tmp|usr|var|Users|work)/\w"),
    "a traceback": re.compile(r"\bTraceback\b"),
    "the message of an error": re.compile(r"Error: "),
    "an unfilled template": re.compile(r"\{\{|\{%"),
    "a missing value printed as such": re.compile(r"(?<![\w-])(?:nan|NaT|<NA>)(?![\w-])|^\s*None\s*$"),
    "an invisible character": re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]"),
}
READ_ALOUD = {"alt", "title", "aria-label", "abbr"}


def reasons_to_refuse(html: str) -> list[str]:
    """List why a finished page may not leave; an empty list lets it go.

    Parameters
    ----------
    html
        The whole page.

    Returns
    -------
    list of str
        Each reason once, in the order of the page. They never quote the page's text, since
        that may be what must not be read.

    Examples
    --------
    >>> reasons_to_refuse("<h1>Reviews</h1><script>x()</script><table></table>")
    ['no content security policy', 'the tag script', 'a table without a caption']
    """
    reader = PageReader()
    reader.feed(html)
    reader.close()
    missing = [] if reader.has_policy else ["no content security policy"]
    return list(dict.fromkeys(missing + reader.reasons))


class PageReader(HTMLParser):
    """Collect reasons while reading a page from top to bottom."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.reasons: list[str] = []
        self.has_policy = False
        self.level = 0
        self.styles = 0
        self.tables: list[bool] = []  # open tables, and whether each has a caption yet

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Judge a tag by its name, its attributes and its place."""
        given = {name: value or "" for name, value in attrs}
        if tag in FORBIDDEN:
            self.reasons.append(f"the tag {tag}")
        for name, value in given.items():
            self._attribute(tag, name, value)
        if re.fullmatch("h[1-6]", tag):
            self._heading(int(tag[1]))
        judge = getattr(self, f"_{tag}", None) if tag in ("meta", "img", "th", "table", "style") else None
        if judge:
            judge(given)
        if tag == "caption" and self.tables:
            self.tables[-1] = True

    def handle_endtag(self, tag: str) -> None:
        """Close a table, which should have had its caption."""
        if tag == "table" and self.tables and not self.tables.pop():
            self.reasons.append("a table without a caption")

    def handle_data(self, data: str) -> None:
        """Judge the text, or the style sheet."""
        if self.cdata_elem == "style":
            if re.search(r"@import|url\(|expression", data, re.IGNORECASE):
                self.reasons.append("a style sheet that loads from elsewhere")
            return
        self._text(data)

    def handle_comment(self, data: str) -> None:
        """Refuse comments: nobody sees them on the page, and everybody in its source."""
        self.reasons.append("a comment")

    def handle_pi(self, data: str) -> None:
        """Refuse processing instructions, which browsers read as comments."""
        self.reasons.append("a comment")

    def unknown_decl(self, data: str) -> None:
        """Refuse marked sections, which browsers read as comments."""
        self.reasons.append("a comment")

    def close(self) -> None:
        """Finish, and refuse what was left open."""
        super().close()
        if self.tables:
            self.reasons.append("a table that is not closed")

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or name in LOADING:
            self.reasons.append(f"the attribute {name} of {tag}")
        elif name in ("src", "srcset") and not inlined(value):
            self.reasons.append(f"{tag} with a {name} that is not an inlined image")
        elif name == "href" and not (tag == "a" and followable(value)):
            self.reasons.append(f"{tag} with a link that is not allowed")
        elif name in READ_ALOUD:
            self._text(value)

    def _text(self, text: str) -> None:
        self.reasons += [f"text with {what}" for what, pattern in SPOILT.items() if pattern.search(text)]

    def _heading(self, level: int) -> None:
        if level > self.level + 1:
            self.reasons.append(f"a heading h{level} after h{self.level}" if self.level else "no h1 first")
        self.level = level

    def _meta(self, given: dict[str, str]) -> None:
        if given.get("http-equiv", "").lower() == "content-security-policy":
            self.has_policy = given.get("content", "").startswith(POLICY)
        elif "http-equiv" in given or not ("charset" in given or given.get("name") in METAS):
            self.reasons.append("a meta tag that is not allowed")

    def _img(self, given: dict[str, str]) -> None:
        if "src" not in given:
            self.reasons.append("an image without a source")
        if "alt" not in given or FILLER in given["alt"].lower():
            self.reasons.append("an image without a description")

    def _th(self, given: dict[str, str]) -> None:
        if given.get("scope") not in ("col", "row", "colgroup", "rowgroup"):
            self.reasons.append("a table heading without a scope")

    def _table(self, given: dict[str, str]) -> None:
        self.tables.append(False)

    def _style(self, given: dict[str, str]) -> None:
        self.styles += 1
        if self.styles > 1:
            self.reasons.append("a second style sheet")


def inlined(value: str) -> bool:
    """Tell whether a source is an SVG or PNG inside the page."""
    kinds = IMAGES.items()
    return any(value.startswith(start) and rest.fullmatch(value, len(start)) for start, rest in kinds)


def followable(link: str) -> bool:
    """Tell whether a link leads to a website, a mailbox, this page or a page beside it.

    Examples
    --------
    >>> followable("../2020-09/index.html#visits"), followable("//elsewhere/x")
    (True, False)
    """
    if any(character <= " " or character == "\\" for character in link):
        return False
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(parts.netloc) and "@" not in parts.netloc
    if parts.scheme == "mailto":
        return not parts.netloc and "@" in parts.path
    return not parts.scheme and not parts.netloc and not link.startswith("/") and ":" not in parts.path
