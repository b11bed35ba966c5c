"""Reading: the characters and words that a reader sees of a text in Markdown."""

import re
import unicodedata
from html import unescape

import mistune


class _Words(mistune.HTMLRenderer):
    """Render what a page shows: of an image its description alone."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return the description."""
        return text


_MARKDOWN = mistune.create_markdown(renderer=_Words(escape=True), plugins=["table"])
_IN_A_WORD = re.compile(r"</?(?:a|code|em|strong)\b[^>]*>")
_END = re.compile(r"</(?:p|table)>")
_TAG = re.compile(r"<[^>]*>")


def as_read(text: str) -> str:
    """Return a text as it is written and then as its page shows it, in plain characters.

    Both, because neither tells everything: the number of a list is in the one only, a letter
    written as an entity in the other only. Paragraphs end in an empty line, other blocks in a bar.

    Examples
    --------
    >>> as_read("**fo**ur of f&#111;rty").split()
    ['**fo**ur', 'of', 'f&#111;rty', '|', '|', 'four', 'of', 'forty', '|']
    """
    html = _IN_A_WORD.sub("", str(_MARKDOWN(plain_digits(text))))
    shown = _TAG.sub(" | ", _END.sub(" |\n\n", html))
    return plain_digits(f"{text} |\n\n{unescape(unescape(shown))}")  # twice: Markdown escapes entities again


def plain_digits(text: str) -> str:
    """Return a text with ordinary letters, digits and hyphens for those that only look different.

    Examples
    --------
    >>> plain_digits("\uff14, \u2463, \u0664 and fo\u00adur")
    '4, 4, 4 and four'
    """
    return "".join(map(_plain, unicodedata.normalize("NFKC", text)))


def _plain(character: str) -> str:
    if character.isascii():
        return character
    kind, number = unicodedata.category(character), unicodedata.numeric(character, 0.5)
    if kind == "Cf":  # soft hyphens and joiners, which nobody sees
        return ""
    if kind == "Pd":
        return "-"
    return str(int(number)) if number.is_integer() else character
