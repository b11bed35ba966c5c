"""Small pieces of a page: rating tags, facts, words for a movement."""

from collections.abc import Sequence
from html import escape
from typing import Any

from csd_helpers.period import Period
from csd_helpers.tables import Html, html

#: A word for each rating; the style sheet puts a shape before it, so that none hangs on colour alone.
_TAGS = {"red": "Red", "amber": "Amber", "green": "Green"}
_PLAIN = {"not rated": "Not rated", "no data": "No data", "below expectation": "Below expectation"}
REVISED, BREAK = " [r]", " [b]"
NO_REASON = "no reason has been given"
_DIRECTION = {"better": "Better", "worse": "Worse", "up": "Up", "down": "Down", "no change": "No change",
              "new definition": "Not comparable"}  # fmt: skip
_ALONE = ("no change", "new definition")  # words without an amount


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
    """Return a rating as word, shape and colour.

    Examples
    --------
    >>> str(rating_tag("not rated"))
    '<b class="none">Not rated</b>'
    """
    css = rating if rating in _TAGS else "none"
    return Html(f'<b class="{css}">{rating_word(rating, hidden)}</b>')


def rating_word(rating: str, hidden: bool = False) -> str:
    """Return a rating as a word; what is not known is never a colour.

    Examples
    --------
    >>> rating_word("red"), rating_word("", hidden=True), rating_word("")
    ('Red', 'In Part 2', 'No data')
    """
    if rating in _TAGS:
        return _TAGS[rating]
    return _PLAIN.get(rating, "In Part 2" if hidden else "No data")


def facts(pairs: Sequence[tuple[str, object]]) -> Html:
    """Return named facts; a pair without a value is left out."""
    told = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{html(value)}</dd></div>" for name, value in pairs if value
    )
    return Html(f'<dl class="facts">{told}</dl>')


def outturn(entry: dict[str, Any]) -> str:
    """Print an indicator's latest figure with its parts: ``91.2% (303 of 332) [p]``."""
    text, parts = entry["text"], ""
    if entry["unit"] != "count" and entry["denominator_text"] and not text.startswith("["):
        of = "" if entry["unit"].startswith("rate") else f" of {entry['denominator_text']}"
        parts = f" ({entry['numerator_text']}{of})"
    return f"{text}{parts}{marked(entry)}"


def marked(entry: dict[str, Any]) -> str:
    """Return the marks of a figure: ``[p]`` if it may still change, ``[r]`` if it was published otherwise.

    Examples
    --------
    >>> marked({"status": "provisional", "revised": "91.2%"})
    ' [p] [r]'
    """
    return (" [p]" if entry["status"] == "provisional" else "") + (REVISED if entry["revised"] else "")


def moved(movement: dict[str, str]) -> str:
    """Say a movement in words: ``Worse, −1.2 points``, with ``[r]`` if the earlier figure is revised."""
    if not movement["direction"]:
        return "not comparable" if movement["was"].startswith("[") else ""
    word, mark = _DIRECTION[movement["direction"]], REVISED if movement["revised"] else ""
    return word + mark if movement["direction"] in _ALONE else f"{word}, {movement['text']}{mark}"


def broken(entry: dict[str, Any]) -> str:
    """Say that the line breaks where a definition changed; empty where it did not.

    Examples
    --------
    >>> broken({"definition_changed": "2022-04"})
    'Counted by a changed definition since April 2022: earlier months are not comparable.'
    """
    if not entry["definition_changed"]:
        return ""
    since = Period.parse(entry["definition_changed"]).label
    return f"Counted by a changed definition since {since}: earlier months are not comparable."


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
