"""Numbers in words: what the commentary of Part 1 says of figures Part 1 withholds."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from csd_helpers.commentary import Commentary
from csd_helpers.disclosure.model import Model, denominator, increase, numerator, remainder
from csd_helpers.errors import CsdError
from csd_helpers.figures import walkable
from csd_helpers.period import Period
from csd_helpers.release import APPROXIMATE, SUPPRESSED
from csd_helpers.suite import Suite

_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {word: number for number, word in enumerate(_UNITS)} | {
    word: 10 * number for number, word in enumerate(_TENS, start=2)
}
_WORDS |= {"none": 0, "both": 2, "pair": 2, "couple": 2, "dozen": 12}
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
#: What looks like a count and is none: dates, years, ages, spans of time, the report's own numbers.
_NO_COUNT = re.compile(
    rf"""\b\d{{1,2}}\s+(?:{_MONTHS})\b(?:\s+\d{{4}})?
    | \b(?:{_MONTHS})\s+\d{{4}}\b | \b(?:19|20)\d\d(?:[/-]\d\d)?\b
    | \b(?:indicator|part|section|paragraph|regulation|ofsted\s+grade)s?\s+\d+(?:\.\d+)*
    | \b(?:aged|ages|age)\s+\d+(?:\s*(?:to|-|–|and)\s*\d+)?
    | \b[\w.]+[\s-]+(?:working\s+)?(?:day|week|month|year|hour|minute)s?\b
    | £\s?[\d,.]+ | \b(?:no|any|every|this|that|each)\s+one\b | \bone\s+of\s+(?:our|the|these|those)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?%?|[a-z]+(?:-[a-z]+)?", re.IGNORECASE)


@dataclass(frozen=True)
class Spoken:
    """A number in a text: as written, and as digits (``12``, ``38.2%``)."""

    written: str
    digits: str


def spoken_numbers(text: str) -> list[Spoken]:
    """Return the counts and percentages that a text speaks of, in digits or in words.

    Examples
    --------
    >>> [n.digits for n in spoken_numbers("Three of the twenty-two, 13.6%, were late by 5 days.")]
    ['3', '22', '13.6%']
    """
    plain = _NO_COUNT.sub(" ", text.replace("per cent", "%").replace(" %", "%"))
    return [Spoken(word, digits) for word in _NUMBER.findall(plain) if (digits := _digits(word))]


def _digits(word: str) -> str:
    if word[0].isdigit():
        return word.replace(",", "")
    tens, _, unit = word.lower().partition("-")
    if unit:
        both = tens in _TENS and unit in _WORDS
        return str(_WORDS[tens] + _WORDS[unit]) if both else ""
    return str(_WORDS[tens]) if tens in _WORDS else ""


def require_silent(
    texts: dict[str, list[Commentary]],
    released: pd.DataFrame,
    figures: pd.DataFrame,
    model: Model,
    period: Period,
) -> None:
    """Refuse words of Part 1 that say what Part 1 withholds.

    A number that equals a withheld count of the indicator, its breakdowns or companions, in one of
    the months the page speaks of, is taken to be that count: printing it would be stating it.

    Parameters
    ----------
    texts
        Commentary by indicator.
    released, figures
        Part 1's released figures, and all figures.
    model
        The model of the figures.

    Raises
    ------
    CsdError
        Naming the file, the number, and what to do.
    """
    secrets = _secrets(_withheld(released, figures, period), model)
    for key, entries in texts.items():
        for entry in entries:
            if entry.is_for(1) and not entry.header.numbers_agreed:
                _refuse(entry, period, secrets[key])


def require_silent_titles(
    suite: Suite, released: pd.DataFrame, figures: pd.DataFrame, model: Model, period: Period
) -> None:
    """Refuse a title that says what Part 1 withholds.

    A number that the indicator's definition has too (``three or more placements``) is its definition's.

    Raises
    ------
    CsdError
        Naming the indicator, the number, and what to do.
    """
    secrets = _secrets(_withheld(released, figures, period), model)
    for key, entry in suite.indicators.items():
        secret = secrets[key]
        meant = f"{entry.definition} {entry.numerator} {entry.denominator}"
        for number in spoken_numbers(meant):
            secret.pop(number.digits, None)
        for number in spoken_numbers(entry.title):
            if number.digits in secret:
                raise CsdError(
                    f"the title of {key} says '{number.written}', which Part 1 withholds "
                    f"({secret[number.digits]})",
                    f"parameters/suite/{suite.suite}.yaml",
                    "a title without a withheld number",
                    "take the number out of the title, or put it into the definition if it belongs there",
                )


def _withheld(released: pd.DataFrame, figures: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return the figures that Part 1 withholds in the months its pages speak of."""
    months = {str(month) for month in (period, period - 1, period - 12, period.year_end)}
    hidden = released["marker"].isin([SUPPRESSED, APPROXIMATE]) & released["period"].isin(months)
    return walkable(figures[hidden.to_numpy()])


def _refuse(entry: Commentary, period: Period, secret: dict[str, str]) -> None:
    for number in spoken_numbers(entry.text):
        if number.digits in secret:
            raise CsdError(
                f"the words '{number.written}' may say what Part 1 withholds ({secret[number.digits]})",
                entry.file or f"the commentary on {entry.indicator} for {period}, which is for Part 1",
                "no withheld number in public words",
                "rephrase it, write a version for Part 2 (part: 2), or name in numbers_agreed who decided "
                "that it may be public",
            )


def _secrets(withheld: pd.DataFrame, model: Model) -> dict[str, dict[str, str]]:
    """Return by indicator the numbers, as digits, that would state a withheld figure, with what they are."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in withheld.itertuples():
        found[str(row.indicator)].update(_stating(row, model))
    return found


def _stating(row: Any, model: Model) -> Iterator[tuple[str, str]]:
    """Yield the numbers that would state a figure, the most telling last."""
    if str(row.text)[:1].isdigit():
        yield str(row.text).replace(",", ""), numerator(row)
    for name in (denominator(row), remainder(row), numerator(row)):
        for count in (increase(name), name):
            if count in model.secret:
                yield str(model.secret[count]), count
