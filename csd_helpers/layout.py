"""Layout: plain text of one hundred columns."""

from textwrap import fill

WIDTH = 100
_LABEL = 15


def entry(label: str, text: str) -> list[str]:
    """Return the lines of a labelled text, hanging beside its label."""
    start = f"  {label:<{_LABEL}}"
    return _filled(text, start, " " * len(start))


def hanging(label: str, text: str) -> list[str]:
    """Return the lines of a text beside a short label."""
    return _filled(text, f"  {label:<9}", " " * 11)


def wrapped(text: str) -> list[str]:
    """Return the lines of a sentence, the second and later ones set in."""
    return _filled(text, "  ", "    ")


def _filled(text: str, first: str, later: str) -> list[str]:
    filled = fill(text, WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False)
    return filled.splitlines()
