"""A reporting month and the months around it."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from csd_helpers.errors import CsdError

_APRIL = 3  # index of April: financial years run from April to March


@dataclass(frozen=True, order=True)
class Period:
    """A calendar month, the unit in which the suite is reported.

    Months are counted as whole numbers (as NumPy's ``datetime64[M]`` does), so that all
    periods of a series can be worked on at once.

    Parameters
    ----------
    ordinal
        Months since January 1970.

    Examples
    --------
    >>> october = Period.parse("2020-10")
    >>> october.label, october.as_at, str(october.year_end), october.months_into_year
    ('October 2020', datetime.date(2020, 10, 31), '2020-03', 7)
    """

    ordinal: int

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read a month such as ``2020-10``.

        Raises
        ------
        CsdError
            If the text is not a month.
        """
        match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", str(text))
        if not match:
            raise CsdError(f"the period '{text}' is not a month", expected="a month such as 2020-10")
        return cls((int(match[1]) - 1970) * 12 + int(match[2]) - 1)

    @classmethod
    def of(cls, day: date) -> "Period":
        """Return the month a day falls in."""
        return cls((day.year - 1970) * 12 + day.month - 1)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"

    def __add__(self, months: int) -> "Period":
        return Period(self.ordinal + months)

    def __sub__(self, months: int) -> "Period":
        return Period(self.ordinal - months)

    @property
    def year(self) -> int:
        """Calendar year."""
        return 1970 + self.ordinal // 12

    @property
    def month(self) -> int:
        """Calendar month, 1 to 12."""
        return self.ordinal % 12 + 1

    @property
    def start(self) -> date:
        """First day of the month."""
        return date(self.year, self.month, 1)

    @property
    def as_at(self) -> date:
        """Last day of the month: the date a snapshot is taken."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def label(self) -> str:
        """The month as a page prints it, ``October 2020``."""
        return f"{calendar.month_name[self.month]} {self.year}"

    @property
    def short_label(self) -> str:
        """The month as a table or an axis prints it, ``Oct 2020``."""
        return f"{calendar.month_abbr[self.month]} {self.year}"

    @property
    def year_start(self) -> "Period":
        """April of the financial year the month is in."""
        return Period(financial_year_start(self.ordinal))

    @property
    def year_end(self) -> "Period":
        """March at the end of the financial year before."""
        return self.year_start - 1

    @property
    def months_into_year(self) -> int:
        """Months of the financial year so far: 1 in April, 12 in March."""
        return self.ordinal - self.year_start.ordinal + 1

    def window(self, months: int) -> list["Period"]:
        """Return the last ``months`` periods, oldest first, this one last."""
        return [self - back for back in range(months - 1, -1, -1)]


def financial_year_start(ordinal: int) -> int:
    """Return the ordinal of the April that starts a month's financial year (arrays too)."""
    return ordinal - (ordinal - _APRIL) % 12


def long_date(day: date) -> str:
    """Print a date as a page does.

    Examples
    --------
    >>> long_date(date(2020, 11, 8))
    '8 November 2020'
    """
    return f"{day.day} {day:%B %Y}"
