"""The options of Annex A's drop-down lists: the statutory code inside the template's own wrapping."""

import re

_OPTION = re.compile(r"(?:[a-z]{1,2}\)\s*)?([0-9A-Z]{1,4})(?:\s*(?::|-|–)\s.*|)", re.DOTALL)
_LETTER = re.compile(r"^[a-z]{1,2}\)\s*")
_WORDS = {
    "male": "1",
    "female": "2",
    "neglect": "NEG",
    "physical abuse": "PHY",
    "sexual abuse": "SAB",
    "emotional abuse": "EMO",
    "multiple": "MUL",
}
_FLAGS = {"yes": "1", "no": "0", "y": "1", "n": "0"}
_SUITABLE = {"suitable": "1", "unsuitable": "2"}


def words(option: str) -> str:
    """Return an option without the letter the template puts before it."""
    return _LETTER.sub("", option).strip()


def code(option: str) -> str:
    """Return the code an option stands for; anything else as it is, to be reported.

    Examples
    --------
    >>> [code(text) for text in ("q) 6: Police", "a) WBRI", "N1 - Abuse or Neglect", "Physical abuse")]
    ['6', 'WBRI', 'N1', 'PHY']
    >>> code("PSRMEM - Support with memory and cognition")
    'PSRMEM - Support with memory and cognition'
    """
    found = _OPTION.fullmatch(option)
    return found[1] if found else _WORDS.get(words(option).lower(), option)


def flag(option: str) -> str:
    """Return 1 for yes and 0 for no; anything else as it is.

    Examples
    --------
    >>> flag("a) Yes"), flag("No"), flag("not known")
    ('1', '0', 'not known')
    """
    return _FLAGS.get(words(option).lower(), option)


def touch(option: str) -> str:
    """Return the code of whether the council is in touch, as SSDA903's OC3 has it: YES or NO."""
    return words(option).upper()


def home(option: str, suitability: str) -> str:
    """Return the SSDA903 code of where a care leaver lives: its letter, then 1 suitable or 2 not.

    Examples
    --------
    >>> home("U: Independent living", "a) Suitable"), home("", "")
    ('U1', '')
    """
    return code(option) + _SUITABLE.get(words(suitability).lower(), "")
