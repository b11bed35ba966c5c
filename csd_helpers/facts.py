"""Small pieces of a page: rating tags, facts, words for a movement."""

from collections.abc import Sequence
from html import escape
from typing import Any

from csd_helpers.tables import Html, html

#: Shape and word for each rating, so that none hangs on colour alone.
_TAGS = {"red": ("▼", "Red"), "amber": ("◆", "Amber"), "green": ("●", "Green")}
_PLAIN = {"not rated": "Not rated", "no data": "No data", "below expectation": "Below expectation"}
_DIRECTION = {"better": "Better", "worse": "Worse", "up": "Up", "down": "Down", "no change": "No change"}


class Fragment:
    """A piece of a page that a notebook shows."""

    def __init__(self, content: str) -> None:
        self.content = content

    def _repr_html_(self) -> str:
        """Return the piece as a notebook displays it."""
        return self.content

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self.content)} characters of HTML>"


def rating_tag(rating: str, hidden: bool = False) -> Html:
    """Return a rating as shape, word and colour.

    Examples
    --------
    >>> str(rating_tag("not rated"))
    '<span class="rag rag-none">Not rated</span>'
    """
    if rating in _TAGS:
        shape, word = _TAGS[rating]
        return Html(f'<span class="rag rag-{rating}"><span aria-hidden="true">{shape}</span> {word}</span>')
    return Html(f'<span class="rag rag-none">{rating_word(rating, hidden)}</span>')


def rating_word(rating: str, hidden: bool = False) -> str:
    """Return a rating as a word; what is not known is never a colour.

    Examples
    --------
    >>> rating_word("red"), rating_word("", hidden=True), rating_word("")
    ('Red', 'In Part 2', 'No data')
    """
    if rating in _TAGS:
        return _TAGS[rating][1]
    return _PLAIN.get(rating, "In Part 2" if hidden else "No data")


def facts(pairs: Sequence[tuple[str, object]]) -> Html:
    """Return named facts; a pair without a value is left out."""
    told = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{html(value)}</dd></div>" for name, value in pairs if value
    )
    return Html(f'<dl class="facts">{told}</dl>')


def outturn(entry: dict[str, Any]) -> str:
    """Print an indicator's latest figure with its parts: ``91.2% (303 of 332)``, ``[p]`` if provisional."""
    text, parts = entry["text"], ""
    if entry["unit"] != "count" and entry["denominator_text"] and not text.startswith("["):
        of = "" if entry["unit"].startswith("rate") else f" of {entry['denominator_text']}"
        parts = f" ({entry['numerator_text']}{of})"
    return f"{text}{parts}{provisional(entry['status'])}"


def provisional(status: str) -> str:
    """Return the mark of a figure that may still change."""
    return " [p]" if status == "provisional" else ""


def moved(movement: dict[str, str]) -> str:
    """Say a movement in words: ``Worse, −1.2 points``."""
    if not movement["direction"]:
        return "not comparable" if movement["was"].startswith("[") else ""
    word = _DIRECTION[movement["direction"]]
    return word if movement["direction"] == "no change" else f"{word}, {movement['text']}"


def target(entry: dict[str, Any]) -> str:
    """Print the target range, or what stands in its place."""
    if entry["rated_by"] == "benchmark":
        return "no local target; " + " and ".join(entry["compare_with"])
    return str(entry["target_text"])


def comment(entry: dict[str, Any], heading: str) -> Html:
    """Return management's words on an indicator under a heading of the given level."""
    by = f"{entry['commentary_author']}, {entry['commentary_date']}"
    return Html(
        f'<div class="comment">{heading}{entry["commentary_html"]}<p class="note">{escape(by)}</p></div>'
    )
