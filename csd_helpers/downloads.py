"""Downloads: the files beside a part's pages, and its figures as a table for a spreadsheet."""

import re

import pandas as pd

from csd_helpers.page.sanitise import plain_characters

#: Each file with the words of its link.
LABELS = {
    "report.docx": "Committee report (Word)",
    "figures.xlsx": "Figures (Excel)",
    "figures.ods": "Figures (OpenDocument)",
    "data.csv": "Figures (CSV)",
}
COLUMNS = [
    "indicator", "number", "title", "period", "breakdown", "category", "numerator", "denominator",
    "value", "unit", "rating", "as_at", "status", "revised",
]  # fmt: skip
_PRINTED = {"numerator": "numerator_text", "denominator": "denominator_text", "value": "text"}
# what a spreadsheet may run: after blanks too, and in the full-width form some turn into the plain one
_FORMULA = re.compile(r"[\t\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")


def data_csv(released: pd.DataFrame) -> bytes:
    r"""Return a part's figures as ``data.csv``, one row per figure.

    What is printed is what the page prints: a suppressed figure is ``[c]``, and no digit more than
    the page shows is given away. UTF-8 with a byte order mark, because Excel asks for it.

    Parameters
    ----------
    released
        The part's ``figures.parquet``.
    """
    table = released.assign(**{name: released[text].map(digits) for name, text in _PRINTED.items()})
    words = ["title", "category"]
    table[words] = table[words].map(neutral)
    return table[COLUMNS].to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def neutral(text: str) -> str:
    """Return text that no spreadsheet runs as a formula, without characters nobody sees.

    Examples
    --------
    >>> neutral("=1+1"), neutral(" +44"), neutral("Reviews - in time")
    ("'=1+1", "' +44", 'Reviews - in time')
    """
    seen = plain_characters(text)
    return f"'{seen}" if _FORMULA.match(seen) else seen


def digits(text: str) -> str:
    """Return a printed amount as a spreadsheet reads it: no thousands comma, no percent sign.

    Examples
    --------
    >>> digits("1,386"), digits("92.7%"), digits("[c]")
    ('1386', '92.7', '[c]')
    """
    return text.replace(",", "").removesuffix("%")
