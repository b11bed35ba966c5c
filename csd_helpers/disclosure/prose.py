"""Numbers in words: what the words of Part 1 say of figures Part 1 withholds."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from csd_helpers.commentary import Commentary
from csd_helpers.disclosure.model import Model, denominator, ended, increase, numerator, remainder
from csd_helpers.disclosure.reading import as_read
from csd_helpers.disclosure.spoken import named_months, sentences_on, spoken_numbers
from csd_helpers.errors import CsdError
from csd_helpers.figures import walkable
from csd_helpers.period import Period
from csd_helpers.release import APPROXIMATE, SUPPRESSED
from csd_helpers.suite import Suite

_PRINTED = ["text", "numerator_text", "denominator_text"]


@dataclass(frozen=True)
class _Secrets:
    """What Part 1 withholds, and how a text is held against it.

    Parameters
    ----------
    period
        The month reported.
    hidden
        By indicator and month the numbers, as digits, that would state a withheld figure, with the
        count each is.
    shown
        By indicator the numbers that Part 1 prints of it in the months its page speaks of.
    """

    period: Period
    hidden: dict[str, dict[str, dict[str, str]]]
    shown: dict[str, set[str]]

    @classmethod
    def of(cls, released: pd.DataFrame, figures: pd.DataFrame, model: Model, period: Period) -> "_Secrets":
        """Gather what is withheld of all months, and what is protected beside what is shown."""
        withheld = released["marker"].isin([SUPPRESSED, APPROXIMATE]).to_numpy()
        secrets = cls(period, defaultdict(lambda: defaultdict(dict)), defaultdict(set))
        for row, hidden in zip(walkable(figures).itertuples(), withheld, strict=True):
            told = _stating(row, model) if hidden else _protected(row, model)
            secrets.hidden[str(row.indicator)][str(row.period)].update(told)
        public = released[~withheld & released["period"].isin(secrets.always)]
        for row in walkable(public).itertuples():
            printed = " ".join(str(getattr(row, name)) for name in _PRINTED)
            secrets.shown[str(row.indicator)].update(number.digits for number in spoken_numbers(printed))
        return secrets

    @property
    def always(self) -> set[str]:
        """The months that a page speaks of without naming them."""
        return {
            str(month) for month in (self.period, self.period - 1, self.period - 12, self.period.year_end)
        }

    def held(self, key: str, text: str) -> dict[str, str]:
        """Return the secrets of an indicator in the months that a text may be about."""
        own = self.hidden.get(key, {})
        months = self.always & own.keys() | named_months(text, set(own))
        return {digits: count for month in sorted(months) for digits, count in own[month].items()}

    def told(self, key: str, text: str, suite: Suite) -> Iterator[tuple[str, str]]:
        """Yield the numbers of an indicator's words that may state a secret, with the count it is.

        Another indicator's secrets count in sentences with a word of its title, but for numbers that
        are printed of this one. Words on no indicator (an empty key) may be about every one.
        """
        for other in self.hidden:
            secret = self.held(other, text)
            if key in ("", other):
                yield from _stated(text, secret)
                continue
            for digits in self.shown.get(key, ()):
                secret.pop(digits, None)
            for sentence in sentences_on(suite.indicators[other].title, text):
                yield from _stated(sentence, secret)


def require_silent(
    texts: dict[str, list[Commentary]],
    suite: Suite,
    released: pd.DataFrame,
    figures: pd.DataFrame,
    model: Model,
    period: Period,
) -> None:
    """Refuse words of Part 1 that say what Part 1 withholds.

    A number that equals a withheld count of an indicator, its breakdowns or companions, in one of the
    months the page speaks of or the words name, is taken to be that count: printing it would be stating it.

    Parameters
    ----------
    texts
        Commentary by indicator; under an empty key, words that may be about any.
    suite
        The suite of indicators.
    released, figures
        Part 1's released figures, and all figures.
    model
        The model of the figures.

    Raises
    ------
    CsdError
        Naming the file, the number, and what to do.
    """
    secrets = _Secrets.of(released, figures, model, period)
    for key, entries in texts.items():
        for entry in entries:
            if entry.is_for(1) and not entry.header.numbers_agreed:
                for number, count in secrets.told(key, as_read(entry.text), suite):
                    _refuse(entry, period, number, count)


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
    secrets = _Secrets.of(released, figures, model, period)
    for key, entry in suite.indicators.items():
        title = as_read(entry.title)
        secret = secrets.held(key, title)
        meant = f"{entry.definition} {entry.numerator} {entry.denominator}"
        for number in spoken_numbers(meant):
            secret.pop(number.digits, None)
        for number in spoken_numbers(title):
            if number.digits in secret:
                raise CsdError(
                    f"the title of {key} says '{number.written}', which Part 1 withholds "
                    f"({secret[number.digits]})",
                    f"parameters/suite/{suite.suite}.yaml",
                    "a title without a withheld number",
                    "take the number out of the title, or put it into the definition if it belongs there",
                )


def _stated(text: str, secret: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the numbers in a text that would state a secret, as written, with the count it is."""
    for number in spoken_numbers(text):
        for digits in (number.digits, re.sub(r"\.0+$", "", number.digits)):  # "4.0 children" are four
            if digits in secret:
                yield number.written, secret[digits]


def _refuse(entry: Commentary, period: Period, number: str, count: str) -> None:
    raise CsdError(
        f"the words '{number}' may say what Part 1 withholds ({count})",
        entry.file or f"the commentary on {entry.indicator} for {period}, which is for Part 1",
        "no withheld number in public words",
        "rephrase it, write a version for Part 2 (part: 2), or name in numbers_agreed who decided "
        "that it may be public",
    )


def _stating(row: Any, model: Model) -> Iterator[tuple[str, str]]:
    """Yield the numbers that would state a figure, the most telling last."""
    if str(row.text)[:1].isdigit():
        yield str(row.text).replace(",", ""), numerator(row)
    for name in (denominator(row), remainder(row), numerator(row)):
        for count in (increase(name), ended(name), name):
            if count in model.secret:
                yield str(model.secret[count]), count


def _protected(row: Any, model: Model) -> Iterator[tuple[str, str]]:
    """Yield the numbers that would state what a month added or took away, where the figure is shown."""
    for name in (denominator(row), remainder(row), numerator(row)):
        for count in (increase(name), ended(name)):
            if count in model.targets:
                yield str(model.secret[count]), count
