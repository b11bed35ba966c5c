"""Spoken: the numbers and months that a text names, in digits and in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from csd_helpers.disclosure.reading import plain_digits

_UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {word: number for number, word in enumerate(_UNITS)} | {
    word: 10 * number for number, word in enumerate(_TENS, start=2)
}
_WORDS |= {
    "none": 0, "nil": 0, "both": 2, "pair": 2, "couple": 2, "duo": 2, "trio": 3, "threesome": 3,
    "triplets": 3, "quartet": 4, "foursome": 4, "quadruplets": 4, "quintet": 5, "sextet": 6, "septet": 7,
    "octet": 8, "dozen": 12,
}  # fmt: skip
_ROMANS = {
    tens + unit: 10 * ten + one
    for ten, tens in enumerate(("", "X", "XX", "XXX"))
    for one, unit in enumerate(("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"))
}
_ROMANS = {roman: number for roman, number in _ROMANS.items() if len(roman) > 1}  # no "I", no "child X"
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_SPAN = "(?:day|week|month|year|hour|minute)s?"
#: What looks like a count and is none: dates, years, ages, spans of time, the report's own numbers.
#: "Four week-end arrivals" and "four. Days later" are counts.
_NO_COUNT = re.compile(
    rf"""\b\d{{1,2}}\s+(?:{_MONTHS})\b(?:\s+\d{{4}})?
    | \b(?:{_MONTHS})\s+\d{{4}}\b | \b(?:19|20)\d\d(?:[/-]\d\d)?\b
    | \b(?:indicator|part|section|paragraph|regulation|ofsted\s+grade)s?\s+(?:\d+(?:\.\d+)*|[ivx]+\b)
    | \b(?:aged|ages|age)\s+\d+(?:\s*(?:to|-|and)\s*\d+)?
    | \b(?:\d+\.)?\w+\s+(?:working\s+)?{_SPAN}\b(?!-|\s+end)
    | \b(?:\d+\.)?\w+-(?:working[\s-]+)?{_SPAN}\b(?:-(?:old|long)s?\b)?(?!-|\s+end)
    | £\s?[\d,.]+ | \b(?:no|any|every|this|that|each)\s+one\b | \bone\s+of\s+(?:our|the|these|those)\b
    | \bone-(?:off|to-one|stop|size|way)\b | \b(?:two|three|four)-(?:thirds|quarters|fifths|way)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NUMBER = re.compile(
    rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?%?|(?:{'|'.join(_TENS)})[\s-](?:{'|'.join(_UNITS[1:10])})\b|[a-z]+",
    re.IGNORECASE,
)
#: Stems in the titles of indicators that tell nothing of what is counted.
_ANY_TEXT = """
the and for with within from after per not who whom whose were two three first secon more same least old aged
day week month year date time times full rate numbe perce avera equiv worki known need open start help early
compl previ requi becom subje activ issue counc
"""
#: What is counted here is nobody.
_THINGS = re.compile(
    r"\b\w+\s+(?:teams|hubs|schools|homes|offices|buildings|services|sessions|courses|workshops|meetings)\b",
    re.IGNORECASE,
)
_SHORT = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
#: A month that is named: "July", "Sept 2019", "2019-07", "07/2019", or by the year it ends: "2018/19".
_NAMED = re.compile(
    rf"""\b(?!may\b)(?P<name>(?i:{_MONTHS}|sept|{"|".join(_SHORT)}))\b\.?(?:\s+(?P<in>(?:19|20)\d\d)\b)?
    | \b(?P<year>(?:19|20)\d\d)[/-](?P<last>\d\d)\b
    | \b(?P<month>\d\d?)[/.-](?P<of>(?:19|20)\d\d)\b""",
    re.VERBOSE,
)


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
    percent = re.sub(r"\s*\bper\s?cent\b|\s+%", "%", plain_digits(text))
    plain = _NO_COUNT.sub(" ", re.sub(r"\bhalf[\s-](?:a[\s-])?dozen\b", "six", percent, flags=re.IGNORECASE))
    return [Spoken(word, digits) for word in _NUMBER.findall(plain) if (digits := _digits(word))]


def _digits(word: str) -> str:
    if word[0].isdigit():
        return re.sub(r"^0+(?=\d)", "", word.replace(",", ""))
    tens, *unit = re.split(r"[\s-]", word.lower())
    if tens in _WORDS:
        return str(_WORDS[tens] + sum(_WORDS[one] for one in unit))
    return str(_ROMANS.get(word.upper(), ""))


def named_months(text: str, among: set[str]) -> set[str]:
    """Return the months, of those there are, that a text may mean by the names in it.

    Examples
    --------
    >>> sorted(named_months("In July 2019, and since Sept", {"2019-07", "2020-07", "2019-09", "2020-09"}))
    ['2019-07', '2019-09', '2020-09']
    """
    return {month for found in _NAMED.finditer(text) for month in among if _can_be(found, month)}


def _can_be(found: re.Match[str], month: str) -> bool:
    year, number = month.split("-")
    if found["name"]:
        named = _SHORT.index(found["name"][:3].lower()) + 1
        return named == int(number) and found["in"] in (None, year)
    if found["of"]:
        return (found["of"], int(found["month"])) == (year, int(number))
    ends_a_year = month == f"{int(found['year']) + 1}-03" and found["last"] == year[2:]
    return month == f"{found['year']}-{found['last']}" or ends_a_year


def sentences_on(title: str, text: str) -> Iterator[str]:
    """Yield the sentences with a word of a title, but for numbers of teams, schools and the like in them.

    Examples
    --------
    >>> list(sentences_on("Children who were adopted", "Adoptions rose; two teams met. Four are due."))
    ['Adoptions rose;  met.']
    """
    about = _stems(title)
    for sentence in re.split(r"(?<=[.!?])\s+|\n\s*\n", text):
        if about & _stems(sentence):
            yield _THINGS.sub("", sentence)


def _stems(text: str) -> set[str]:
    words = re.findall(r"[a-z]{3,}", text.lower())
    return {word.rstrip("s")[:5] for word in words} - {*_ANY_TEXT.split()}
