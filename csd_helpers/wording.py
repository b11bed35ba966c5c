"""Wording: what a sentence says in numbers, names and months, found in plain text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from csd_helpers.disclosure.spoken import spoken_numbers
from csd_helpers.period import Period

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTH = r"(?P<month>" + "|".join(f"{name[:3]}(?:t|{name[3:]})?" for name in MONTHS) + r")\b\.?"
#: A month that a figure is said to be of: "at the end of September", "in September 2020".
_CLAIM = re.compile(
    rf"\b(?:as at|at|end of|in|for|during|of|the)\s+(?:the\s+)?(?:end\s+of\s+)?(?:\d{{1,2}}\s+)?{_MONTH}"
    r"(?:\s+(?P<year>\d{4}))?"
)
#: Before such a month these tell of a time that has gone by, or is to come.
_OTHER_TIME = re.compile(
    r"\b(?:since|until|till|by|from|before|after|between|than|against|compared|with|will|would|"
    r"expected|expects?|planned|plans?|aims?|last|next|already)\b",
    re.IGNORECASE,
)
_FIGURE_WORDS = re.compile(
    r"\b(?:figures?|position|performance|data|outturn|percentage|total)\b", re.IGNORECASE
)
_PEOPLE = (
    r"(?:child(?:ren)?|young\s+(?:people|persons?|adults?)|people|persons?|care\s+leavers?|famil(?:y|ies)|"
    r"siblings?|brothers?|sisters?|boys?|girls?|bab(?:y|ies)|infants?|teenagers?|pupils?|students?|parents?|"
    r"mothers?|fathers?|carers?|adopters?|households?|residents?|workers?|staff|employees?)"
)
_COUNT = r"(?P<number>\d+|one|two|three|four|five|six|seven|eight|nine|ten|both|couple)"
_SMALL = re.compile(rf"(?<![\w.,%£]){_COUNT}\s+(?:(?!of\b)[\w'’-]+\s+){{0,2}}?{_PEOPLE}\b", re.IGNORECASE)
_SHARE = re.compile(r"\b(\d[\d,]*)\s+(?:(?:out\s+)?of)\s+(?:the\s+|our\s+)?(\d[\d,]*)\b(?!\s*%)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|per\s+cent)(?!\s*points?)")
_NAME = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Master|Dr)\.?\s+[A-Z][\w'’-]*"  # Mrs Example
    r"|\b[A-Z]\.\s?[A-Z][a-z'’-]+"  # J. Example
    r"|\b[Cc]hild\s+[A-Z]\b"  # child K
    r"|\b(?:called|named)\s+[A-Z][a-z'’-]+"
    r"|\b[A-Z][a-z'’-]+,?\s+(?:aged|\(?age)\s+\d"  # Example, aged 9
)
_HEADING = re.compile(r"^\s*#*\s*(?P<number>\d+(?:\.\d+)+)\.?\s+(?P<title>\S.*)$", re.MULTILINE)
_PAIR = re.compile(r"(?=\b([A-Z][a-z'’-]+\s+[A-Z][a-z'’-]+)\b)")  # a look ahead: pairs may overlap
#: Words that are written with a capital and belong to no person: a pair with one of them is no name.
_ORGANISATION = """
the a an this that these those in on at of by for from our we it as and but or every all many most some
head service services director children children's children’s young people care leavers leaver council
borough county city london england department education health board committee cabinet member members
team teams hub hubs family families court courts ofsted social worker workers work fostering adoption
safeguarding partnership police national local authority government house centre centres school schools
college university programme project strategy plan plans fund scheme act part report annual review
reviews officer manager assistant lead independent reviewing virtual early help front door youth
justice offending east west north south greater outer inner new covid christmas easter bank holiday
street road monday tuesday wednesday thursday friday saturday sunday
"""
_NO_NAMES = {*_ORGANISATION.split(), *(name.lower() for name in MONTHS)}


@dataclass(frozen=True)
class Claim:
    """A month that a sentence gives a figure for; ``year`` is 0 where none is named."""

    written: str
    month: int
    year: int
    sentence: str

    def can_be(self, period: Period) -> bool:
        """Say whether a month may be the one meant."""
        return self.month == period.month and self.year in (0, period.year)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, line by line."""
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+|\n+", text) if part.strip()]


def small_numbers(text: str, largest: int) -> Iterator[str]:
    """Yield the places where a number up to ``largest`` stands beside a word for people.

    Examples
    --------
    >>> list(small_numbers("The course was delivered to 8 young people, of 120 children.", 10))
    ['8 young people']
    """
    for found in _SMALL.finditer(text):
        heard = spoken_numbers(found["number"])
        if heard and heard[0].digits.isdigit() and 0 < int(heard[0].digits) <= largest:
            yield " ".join(found[0].split())


def names(text: str, known: set[str]) -> Iterator[str]:
    """Yield what looks like the name of a person.

    Parameters
    ----------
    known
        Words in small letters that are no part of a person's name, such as the council's own.

    Examples
    --------
    >>> list(names("Ann Example moved to Example House. Head of Service.", {"house"}))
    ['Ann Example']
    """
    for found in _NAME.finditer(text):
        yield " ".join(found[0].split())
    for pair in _PAIR.finditer(text):
        words = [re.sub("['’]s$", "", word.lower()) for word in pair[1].split()]
        if not any(word in _NO_NAMES | known for word in words):
            yield " ".join(pair[1].split())


def shares_beside_percentages(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Yield "122 of 228" beside a percentage that is not its own, nor of the rest.

    Examples
    --------
    >>> list(shares_beside_percentages("38% are in work; 122 out of 228 are not."))
    [('38%', '122 out of 228', 122, 228)]
    >>> list(shares_beside_percentages("Of these, 46.5% work: 122 of 228 do not."))
    []
    """
    for sentence in sentences(text):
        stated = [(found[0], found[1]) for found in _PERCENT.finditer(sentence)]
        for share in _SHARE.finditer(sentence):
            part, whole = (int(share[at].replace(",", "")) for at in (1, 2))
            if part <= whole and stated and not any(_agrees(number, part, whole) for _, number in stated):
                yield stated[0][0], share[0], part, whole


def _agrees(number: str, part: int, whole: int) -> bool:
    """Say whether a percentage as written is a share's, or the rest's, to the places it has."""
    places = len(number.partition(".")[2])
    room = 0.5 / 10**places + 1e-9
    return whole > 0 and any(abs(100 * n / whole - float(number)) <= room for n in (part, whole - part))


def claimed_months(text: str) -> Iterator[Claim]:
    """Yield the months that sentences give figures for.

    A month is taken for the date of a figure only where the sentence has a number, or speaks of a
    figure, and nothing says that another time is meant: most months in a commentary tell of plans.

    Examples
    --------
    >>> [claim.written for claim in claimed_months("38% were in work at the end of September.")]
    ['at the end of September']
    >>> list(claimed_months("By March it will be 45%. Reviews moved online in April."))
    []
    """
    for sentence in sentences(text):
        in_digits = any(number.written[0].isdigit() for number in spoken_numbers(sentence))
        if not (in_digits or _FIGURE_WORDS.search(sentence)):
            continue
        for found in _CLAIM.finditer(sentence):
            clause = re.split(r"[,;:]", sentence[: found.start()])[-1]
            if not _OTHER_TIME.search(clause):
                month = [name[:3] for name in MONTHS].index(found["month"][:3]) + 1
                yield Claim(found[0].rstrip(". "), month, int(found["year"] or 0), sentence)


def typed_sections(text: str) -> Iterator[str]:
    """Yield the section numbers that are typed into headings.

    Examples
    --------
    >>> list(typed_sections("3.6.2 Care leavers\\n\\n38.2% of 68 are in work."))
    ['3.6.2']
    """
    for found in _HEADING.finditer(text):
        if found["number"].count(".") > 1 or re.match(r"[A-Z]", found["title"]):
            yield found["number"]
