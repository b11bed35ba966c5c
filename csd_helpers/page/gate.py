"""The gate: a finished page is read once more, and refused if anything in it should not leave."""

import re
from html.parser import HTMLParser

_FORBIDDEN = {
    "applet", "base", "button", "embed", "form", "frame", "iframe", "input", "link", "math", "object",
    "script", "svg", "textarea", "video", "audio",
}  # fmt: skip
_METAS = {"viewport", "robots", "referrer"}
_IMAGE = re.compile(r"data:image/(svg\+xml|png);base64,[A-Za-z0-9+/=]+")
_LINK = re.compile(r"(https://|mailto:|#)|[\w./-]+(#[\w-]+)?$")
_FILLER = "No description has been provided for this image"
_SPOILT = {
    r"\\\\\w+\\": "a network path",
    r"\b[A-Za-z]:\\": "a drive path",
    r"(?<![\w.])/(home|root|tmp|usr|mnt|Users|var)/\w": "a path of a computer",
    r"\bTraceback\b|\b\w+Error: ": "an error message",
    r"\{\{|\{%": "an unfilled template",
    r"(?<![\w-])(nan|NaN|NaT|None|<NA>)(?![\w-])": "an empty value printed as such",
}
_HEADINGS = ("h1", "h2", "h3", "h4")


class Gate(HTMLParser):
    """Read a page without trusting whatever made it, and note why it may not leave."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.reasons: list[str] = []
        self._level = 0
        self._captions: list[bool] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Check an element and its attributes."""
        given = {name: value or "" for name, value in attrs}
        if tag in _FORBIDDEN:
            self.reasons.append(f"the element {tag}")
        for name in given:
            if name.startswith("on") or name in ("style", "srcdoc", "formaction"):
                self.reasons.append(f"the attribute {name} on {tag}")
        for name in {"src", "srcset"} & set(given):
            if not _IMAGE.fullmatch(given[name]):
                self.reasons.append(f"an image that is not embedded: {given[name][:60]}")
        if "href" in given and not _LINK.match(given["href"]):
            self.reasons.append(f"a link to {given['href'][:60]}")
        self._check_meaning(tag, given)
        self._style = tag == "style"

    def _check_meaning(self, tag: str, given: dict[str, str]) -> None:
        """Check what a screen reader depends on."""
        if tag == "meta" and not ("charset" in given or given.get("name") in _METAS or _is_policy(given)):
            self.reasons.append("a meta element that is not the page's own")
        if tag == "img" and (
            not given.get("alt", "").strip() or _FILLER in given["alt"] or "src" not in given
        ):
            self.reasons.append("an image without a description or source")
        if tag == "th" and given.get("scope") not in ("col", "row", "colgroup", "rowgroup"):
            self.reasons.append("a table heading without scope")
        if tag == "table":
            self._captions.append(False)
        if tag == "caption" and self._captions:
            self._captions[-1] = True
        if tag in _HEADINGS:
            level = int(tag[1])
            if level > self._level + 1:
                self.reasons.append(f"a heading {tag} below h{self._level}")
            self._level = level

    def handle_endtag(self, tag: str) -> None:
        """Check that a table had a caption."""
        if tag == "table" and self._captions and not self._captions.pop():
            self.reasons.append("a table without a caption")
        self._style = False

    def handle_comment(self, data: str) -> None:
        """Refuse comments: nobody sees what they carry."""
        self.reasons.append("a comment")

    def handle_data(self, data: str) -> None:
        """Check the text a person reads."""
        if self._style:
            return
        for pattern, name in _SPOILT.items():
            if found := re.search(pattern, data):
                self.reasons.append(
                    f"{name}: {data[max(found.start() - 20, 0) : found.end() + 30].strip()!r}"
                )


def reasons_to_refuse(html: str) -> list[str]:
    """Return why a page may not leave; nothing if it may.

    Examples
    --------
    >>> reasons_to_refuse('<h1>Reviews</h1><img src="chart.png" alt="Reviews rose">')
    ['an image that is not embedded: chart.png']
    """
    gate = Gate()
    gate.feed(html)
    gate.close()
    return gate.reasons


def _is_policy(given: dict[str, str]) -> bool:
    return given.get("http-equiv", "").lower() == "content-security-policy"
