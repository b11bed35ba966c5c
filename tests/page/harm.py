"""A plain check of finished markup, by another parser than the gate's and another rule."""

import re
from typing import Any

from lxml import html as markup

HARMLESS = {
    *("html", "head", "body", "title", "style", "meta", "header", "footer", "main", "nav"),
    *("a", "abbr", "article", "aside", "b", "blockquote", "br", "caption", "code", "col", "colgroup"),
    *("dd", "del", "details", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3"),
    *("h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "picture", "pre", "s", "section", "small"),
    *("source", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th"),
    *("thead", "time", "tr", "ul"),
}
WITHIN = re.compile(r"#[\w-]*|[\w-]+\.(?:html|csv)(?:#[\w-]+)?")  # a link that stays in the pack
INERT = {
    *("alt", "class", "id", "lang", "name", "content", "charset", "role", "scope", "tabindex", "open"),
    *("download", "media", "colspan", "rowspan", "start", "title", "width", "height"),
}


def harmful(html: str) -> list[str]:
    """List elements and attributes that could run, load or lead elsewhere."""
    found = []
    for element in markup.document_fromstring(html).iter():
        if element.tag not in HARMLESS:
            found.append(f"element {element.tag}")
        else:
            found += [f"{element.tag} {name}" for name, value in element.attrib.items() if acts(name, value)]
    return found


def acts(name: Any, value: Any) -> bool:
    """Tell whether an attribute could act."""
    if name in INERT or str(name).startswith("aria-"):
        return False
    if name == "http-equiv":
        return bool(value != "Content-Security-Policy")
    if name == "href":
        return not WITHIN.fullmatch(str(value))
    return not (
        name in ("src", "srcset")
        and str(value).startswith(("data:image/svg+xml,%3Csvg%20", "data:image/png;base64,"))
    )
