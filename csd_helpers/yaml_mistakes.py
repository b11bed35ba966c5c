"""What is no YAML, told by what a person probably did, at its line and column."""

import re
from typing import NamedTuple

import yaml

from csd_helpers.errors import CsdError

_EXPECTED = "entries of the form name: value, lines that belong together indented alike, with spaces"
_QUOTE = "put the value between quotes"
_LOOK = (
    "look at this line and the one before for a tab, a missing colon or space, a colon in a value, a quote"
)


class _Cause(NamedTuple):
    """What parsers say of a mistake, what it is, what to do; whether it is told where it starts."""

    said: str
    what: str
    fix: str
    at_start: bool = False


_TAB = _Cause("tab character", "a tab stands where spaces belong", "put spaces in place of the tab")
_CAUSES = (
    _TAB,
    _Cause("cannot start any token", "a value begins with a sign that has a meaning of its own", _QUOTE),
    _Cause("undefined alias", "a value begins with *, which has a meaning of its own", _QUOTE),
    _Cause(
        "could not determine a constructor", "a value begins with !, which has a meaning of its own", _QUOTE
    ),
    _Cause(
        "could not find expected ':'",
        "a name has no colon after it, or the colon no space",
        "write name: value, with a space after the colon",
        at_start=True,
    ),
    _Cause(
        "mapping values are not allowed",
        "a colon stands where there can be none",
        "put a value with a colon in it between quotes; if it is none, the line before lacks its colon or "
        "the space after it, or the two are not indented alike",
    ),
    _Cause(
        "end of stream",
        "a quotation mark is not closed",
        "close it; put a value that holds such a mark between marks of the other kind",
        at_start=True,
    ),
    _Cause(
        "expected ',' or",
        "a bracket is not closed before this line, or lacks a comma",
        "close it with ] or }",
    ),
    _Cause(
        "expected key|<block end>",
        "the line does not go on from the one before",
        "indent the lines of a list or group alike; put a value that holds a quotation mark between quotes",
    ),
    _Cause("another document", "a line of --- begins something new", "delete the line"),
    _Cause("(control|special) characters", "it holds a sign that cannot be seen", "type the line again"),
)


def not_yaml(error: yaml.YAMLError, text: str, file: str, first: int = 1) -> CsdError:
    """Return the error that a text is no YAML: where, what was probably done, what to do.

    Parameters
    ----------
    text
        What was read.
    file, first
        The file it is from, as people are told it, and the line of the file it begins in.
    """
    said = " ".join(str(error).split())
    cause = next(
        (each for each in _CAUSES if re.search(each.said, said)), _Cause("", "it cannot be read", _LOOK)
    )
    line, column = _place(error, text, cause)
    if text.splitlines()[line - 1 : line] and text.splitlines()[line - 1][column - 1 : column] == "\t":
        cause = _TAB
    where = f"{file}, line {line + first - 1}, column {column}"
    return CsdError(f"the file is not valid YAML: {cause.what}", where, _EXPECTED, cause.fix)


def _place(error: yaml.YAMLError, text: str, cause: _Cause) -> tuple[int, int]:
    """Return line and column of a mistake; some readers know only after how many signs it is."""
    start, here = getattr(error, "context_mark", None), getattr(error, "problem_mark", None)
    mark = start if cause.at_start and start else here
    if mark:
        return mark.line + 1, mark.column + 1
    before = text[: getattr(error, "position", 0)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")
