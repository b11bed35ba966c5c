"""The seven checks of commentary: words on a page against the figures beside them.

Each takes the desk and yields matters, so that an eighth is one more function in ``CHECKS``.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import chain

from csd_helpers.commentary import commentary_folder
from csd_helpers.desk import Desk, Words
from csd_helpers.disclosure.reading import as_read
from csd_helpers.disclosure.spoken import spoken_numbers
from csd_helpers.matter import Matter
from csd_helpers.period import Period
from csd_helpers.quotable import quotable, quotable_in
from csd_helpers.root import command, from_project
from csd_helpers.rounding import exact, round_half_up
from csd_helpers.wording import (
    Claim,
    claimed_months,
    names,
    shares_beside_percentages,
    small_numbers,
    typed_sections,
)

CHECK = "commentary"
_POINTS = re.compile(r"\d[\d.]*\s+(?:percentage\s+)?points?\b")  # a difference, not a figure


def missing(desk: Desk) -> Iterator[Matter]:
    """Every exception has words in each part that shows it."""
    for entry in desk.exceptions:
        key = entry["key"]
        own = desk.edition.commentary.get(key, [])
        parts = [2] if key in desk.hidden else [1, 2]
        lacking = [str(part) for part in parts if not any(words.is_for(part) for words in own)]
        if lacking:
            where = own[0].file if own else _file(desk, key)
            fix = f"{command(f'csd commentary {desk.period}', desk.root)} writes the file; fill it in"
            gap = f"without commentary for Part {' and Part '.join(lacking)}"
            what = f"{desk.label(key)}: {entry['rating']}, {gap}"
            yield Matter(CHECK, "blocking", what, where, fix)


def stale(desk: Desk) -> Iterator[Matter]:
    """The figure that words were written about is still the figure."""
    for words in chain.from_iterable(desk.edition.commentary.values()):
        now, then = desk.entries[words.indicator]["text"], words.header.written_about
        if not _same(then, now):
            what = f"{desk.label(words.indicator)}: written when this was {then}, now {now}"
            fix = f'read the words again; then set written_about: "{now}"'
            yield Matter(CHECK, "blocking", what, words.file, fix)


def contradicting(desk: Desk) -> Iterator[Matter]:
    """Percentages and counts in words agree with a figure of the indicator, and with each other."""
    for words in desk.words:
        for stated, share, part, whole in shares_beside_percentages(words.text):
            own = round_half_up(exact(100 * part) / whole, 1) if whole else 0
            what = f"'{stated}' stands beside '{share}', which is {own}%: say whose figure each is"
            yield from _reported(desk, words, share, what, "blocking")
        if words.key:
            known = quotable(desk, words.key)
            for number in spoken_numbers(_POINTS.sub(" ", words.text)):
                if number.written[0].isdigit() and number.digits not in known:
                    what = f"'{number.written}' is no figure of this indicator"
                    yield from _reported(desk, words, number.written, what, "warning")


def other_months(desk: Desk) -> Iterator[Matter]:
    """A month that words give a figure for is the month the figure is of."""
    for words in desk.words:
        data = desk.period
        if words.key:
            row = desk.figures[desk.figures["indicator"].eq(words.key)].query("breakdown == 'all'")
            data = Period.of(date.fromisoformat(row.loc[row["month"].idxmax(), "as_at"]))
        for claim in claimed_months(words.text):
            if not (claim.can_be(data) or _told_of(desk, words.key, claim)):
                what = f"'{claim.written}', but the figure is of {data.label}"
                yield from _reported(desk, words, claim.written, what, "warning")


def people(desk: Desk) -> Iterator[Matter]:
    """Public words hold no withheld number, no small number of people, and no name."""
    largest = 2 * desk.rules.largest_hidden_count  # words have no denominator that a rule could weigh
    organisation = set(re.findall(r"[a-z]+", desk.edition.settings.council.lower()))
    for words in filter(lambda words: words.public, desk.words):
        for found in dict.fromkeys(small_numbers(as_read(words.text), largest)):
            what = f"'{found}' in Part 1: a small number of people"
            yield from _reported(desk, words, found, what, "blocking")
        for found in dict.fromkeys(names(words.text, organisation)):
            what = f"'{found}' in Part 1 looks like a person's name"
            yield from _reported(desk, words, found, what, "blocking")
        if words.key and words.key not in desk.hidden:
            yield from _withheld(desk, words)


def _withheld(desk: Desk, words: Words) -> Iterator[Matter]:
    """Report numbers in public words that Part 1 withholds of the same indicator."""
    latest = desk.withheld(words.key).query("period == @period", local_dict={"period": str(desk.period)})
    secret = quotable_in(latest)
    for number in dict.fromkeys(spoken_numbers(as_read(words.text))):
        if number.digits in secret:
            what = f"'{number.written}' in Part 1 may say what Part 1 withholds"
            yield from _reported(desk, words, number.written, what, "blocking")


def suppressed(desk: Desk) -> Iterator[Matter]:
    """Words on an indicator that Part 1 withholds are for Part 2 only."""
    for words in chain.from_iterable(desk.edition.commentary.values()):
        if words.is_for(1) and words.indicator in desk.hidden:
            what = f"{desk.label(words.indicator)}: Part 1 withholds it, and these words are for Part 1"
            yield Matter(CHECK, "blocking", what, words.file, "set part: 2; Part 1 says where to look")


def sections(desk: Desk) -> Iterator[Matter]:
    """Section numbers come from the template: one that is typed is sooner or later there twice."""
    typed = [(words, number) for words in desk.words for number in dict.fromkeys(typed_sections(words.text))]
    times = Counter(number for words in desk.words for number in typed_sections(words.text))
    for words, number in typed:
        twice = times[number] > 1
        what = f"{words.about}: the section number {number} is typed" + (", twice" if twice else "")
        fix = "delete the number: the page numbers its sections"
        yield Matter(CHECK, "blocking" if twice else "warning", what, words.file, fix)


CHECKS: tuple[Callable[[Desk], Iterator[Matter]], ...] = (
    missing,
    stale,
    contradicting,
    other_months,
    people,
    suppressed,
    sections,
)


def commentary_matters(desk: Desk) -> list[Matter]:
    """Return what the seven checks find."""
    return list(chain.from_iterable(check(desk) for check in CHECKS))


def _reported(desk: Desk, words: Words, quoted: str, what: str, severity: str) -> Iterator[Matter]:
    """Yield a matter about words, unless a named person has confirmed that they may stand."""
    if not words.stand(quoted):
        fix = "put it right"
        if words.confirmed is not None:
            fix += f', or confirm it there: confirmed: [{{by: NAME, date: DAY, words: "{quoted}"}}]'
        yield Matter(CHECK, severity, f"{words.about}: {what}", words.file, fix)


def _file(desk: Desk, key: str) -> str:
    return from_project(commentary_folder(desk.root, desk.period) / f"{key}.md", desk.root)


def _same(then: str, now: str) -> bool:
    """Say whether a figure as somebody wrote it down is the figure as printed, to the places written."""
    written, printed = (text.replace(",", "").replace(" ", "").rstrip("%") for text in (then, now))
    if written == printed:
        return True
    try:
        places = -int(Decimal(written).as_tuple().exponent)
        return places >= 0 and round_half_up(exact(Decimal(printed)), places) == Decimal(written)
    except (InvalidOperation, ValueError, TypeError):
        return False


def _told_of(desk: Desk, key: str, claim: Claim) -> bool:
    """Say whether a sentence tells of an earlier month's own figure, as a comparison does."""
    own = desk.figures[desk.figures["indicator"].eq(key)]
    data = own["as_at"].str.slice(0, 7)
    months = [month for month in data.unique() if claim.can_be(Period.parse(month))]
    said = {number.digits for number in spoken_numbers(claim.sentence)}
    return bool(said & quotable_in(own[data.isin(months)]))
