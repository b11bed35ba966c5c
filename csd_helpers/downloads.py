"""Downloads: a part's figures as a table for a spreadsheet."""

import pandas as pd

COLUMNS = [
    "indicator", "number", "title", "period", "breakdown", "category", "numerator", "denominator",
    "value", "unit", "rating", "as_at", "status",
]  # fmt: skip
_PRINTED = {"numerator": "numerator_text", "denominator": "denominator_text", "value": "text"}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def data_csv(released: pd.DataFrame) -> bytes:
    r"""Return a part's figures as ``data.csv``, one row per figure.

    What is printed is what the page prints: a suppressed figure is ``[c]``, and no digit more than
    the page shows is given away. UTF-8 with a byte order mark, because Excel asks for it.

    Parameters
    ----------
    released
        The part's ``figures.parquet``.

    Examples
    --------
    >>> neutral(pd.Series(["=1+1", "Reviews"])).tolist()
    ["'=1+1", 'Reviews']
    """
    table = released.assign(**{name: _digits(released[text]) for name, text in _PRINTED.items()})
    words = ["title", "category"]
    table[words] = table[words].apply(neutral)
    return table[COLUMNS].to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def neutral(text: pd.Series) -> pd.Series:
    """Quote text that a spreadsheet would run as a formula."""
    return text.where(~text.str.startswith(_FORMULA_STARTS), "'" + text)


def _digits(text: pd.Series) -> pd.Series:
    """Return printed amounts as a spreadsheet reads them: no thousands comma, no percent sign."""
    return text.str.replace(",", "").str.removesuffix("%")
