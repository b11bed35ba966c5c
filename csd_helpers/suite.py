"""The suite: the register of a year's indicators, numbered for that year, keyed for ever."""

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from csd_helpers.errors import CsdError
from csd_helpers.period import Period
from csd_helpers.root import common
from csd_helpers.suite_extension import entries_of
from csd_helpers.yamlfile import Lines, line_of, validated

Unit = Literal["count", "percent", "rate_10k", "rate_100k", "average"]
Basis = Literal["ytd", "ytd_cohort", "snapshot", "rolling_12", "month", "academic_ytd", "annual"]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]

#: What a numerator is multiplied by before it is divided by the denominator.
SCALE: dict[str, int] = {"count": 1, "percent": 100, "rate_10k": 10_000, "rate_100k": 100_000, "average": 1}
DECIMAL_PLACES: dict[str, int] = {"count": 0, "percent": 1, "rate_10k": 1, "rate_100k": 1, "average": 1}
BASIS_TEXT: dict[str, str] = {
    "ytd": "year to date",
    "ytd_cohort": "year to date",
    "snapshot": "at month end",
    "rolling_12": "last 12 months",
    "month": "month",
    "academic_ytd": "academic year to date",
    "annual": "year",
}


class _Entry(BaseModel):
    """An entry of the register: unknown names are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Target(_Entry):
    """A range of acceptable performance, in the indicator's unit, and where it comes from."""

    lower: Decimal
    upper: Decimal
    origin: Literal["evidenced", "illustrative"]
    source: str = ""
    #: An annual target of a count that grows over the year: even twelfths, or the part of the
    #: year's target (in percent) to be reached by the end of April, May, ... March.
    profile: Literal["even"] | list[Decimal] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Target":
        if self.lower > self.upper:
            raise ValueError(f"the lower bound {self.lower} is above the upper bound {self.upper}")
        if isinstance(self.profile, list) and len(self.profile) != 12:
            raise ValueError(f"the profile gives {len(self.profile)} months; twelve are needed, April first")
        return self

    def bounds(self, period: Period) -> tuple[Fraction, Fraction]:
        """Return the lower and upper bound that apply in a month, exactly.

        A count that grows towards an annual target is judged by the part of the year gone,
        or it would be red until March.
        """
        if self.profile is None:
            part = Fraction(1)
        elif self.profile == "even":
            part = Fraction(period.months_into_year, 12)
        else:
            part = Fraction(self.profile[period.months_into_year - 1]) / 100
        return Fraction(self.lower) * part, Fraction(self.upper) * part


class Amber(_Entry):
    """How far from the target range amber reaches: in the indicator's unit, or relative to the bound."""

    points: Annotated[Decimal, Field(ge=0)] | None = None
    percent_of_target: Annotated[Decimal, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> "Amber":
        if (self.points is None) == (self.percent_of_target is None):
            raise ValueError("give either points or percent_of_target")
        return self

    def reach(self, bound: Fraction) -> Fraction:
        """Return the width of the amber band next to a bound."""
        if self.points is not None:
            return Fraction(self.points)
        return abs(bound) * Fraction(self.percent_of_target or 0) / 100


class Companion(_Entry):
    """A second figure printed beside an indicator's own, never mixed with it."""

    title: str
    unit: Unit
    basis: Basis


class Breakdown(_Entry):
    """A split of an indicator's cases into categories, counted unless another unit is given."""

    title: str
    unit: Unit = "count"
    #: The companion whose cases are split; the indicator's own where it is empty.
    of: str = ""
    #: What is divided, in words; the indicator's title where it is empty.
    cases: str = ""


class Flow(_Entry):
    """How a count at a month's end comes about: last month's and those that started, less those that ended.

    ``starts`` is the indicator that counts the starts since April. ``aged`` names the counts of those that
    have been in the stock for so many months or more, and stay in it until they end.
    """

    starts: Key
    aged: dict[str, Annotated[int, Field(ge=1)]] = {}


class Indicator(_Entry):
    """One entry of the register."""

    number: Annotated[int, Field(ge=1)]
    title: str
    group: Key
    unit: Unit
    basis: Basis
    polarity: Literal["high", "low", "in_range", "none"]
    definition: str
    #: The first month counted by it, ``2022-04``, where it is another than before: the line breaks there.
    definition_changed: str = ""
    numerator: str
    denominator: str = ""
    input: str
    published_from: Literal["records", "returns"]
    rated_by: Literal["target", "benchmark", "none"]
    target: Target | None = None
    amber: Amber | None = None
    #: Code in the DfE Local Authority Interactive Tool.
    benchmark: str = ""
    #: The areas a benchmark rating is made against.
    compare_with: list[str] = ["London", "England"]
    decimal_places: Annotated[int, Field(ge=0, le=4)] | None = None
    owner: str
    lag_months: Annotated[int, Field(ge=0, le=12)] = 0
    counts_people: bool = True
    #: A year to date that can be less than the month before's: who leaves is no longer counted.
    may_fall: bool = False
    #: Twelve months that are the sum of single ones, in which nobody is counted twice.
    sums_months: bool = False
    flow: Flow | None = None
    #: Part 1 may print "about 60%" where the figure itself must be withheld.
    coarsen: bool = False
    companions: dict[Key, Companion] = {}
    breakdowns: dict[Key, Breakdown] = {}
    evidence: str

    @field_validator("denominator")
    @classmethod
    def _text(cls, value: str) -> str:
        return value.strip()

    @field_validator("definition_changed")
    @classmethod
    def _month(cls, value: str) -> str:
        if value and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value):
            raise ValueError("this is not a month such as 2022-04")
        return value

    @model_validator(mode="after")
    def _rating_is_possible(self) -> "Indicator":
        rated = self.rated_by != "none"
        if self.amber and self.rated_by != "target":
            raise ValueError("an amber tolerance is given for an indicator that is not rated by a target")
        if self.rated_by == "target" and not (self.target and self.amber):
            raise ValueError("an indicator rated by a target needs a target and an amber tolerance")
        if self.rated_by == "benchmark" and not self.benchmark:
            raise ValueError("an indicator rated by benchmark needs a benchmark code")
        if rated and self.polarity == "none":
            raise ValueError("a rated indicator needs a polarity: high, low or in_range")
        for name, breakdown in self.breakdowns.items():
            if breakdown.of and breakdown.of not in self.companions:
                raise ValueError(f"breakdown {name} is of '{breakdown.of}', which is no companion")
        if self.unit != "count" and not self.denominator:
            raise ValueError("a percentage, rate or average needs the words for its denominator")
        self._refuse_relative_tolerance_of_zero()
        return self

    def _refuse_relative_tolerance_of_zero(self) -> None:
        if self.amber and self.target and self.amber.percent_of_target is not None:
            bounds = {"high": [self.target.lower], "low": [self.target.upper]}
            if 0 in bounds.get(self.polarity, [self.target.lower, self.target.upper]):
                raise ValueError("a tolerance relative to a target of zero is always zero: use points")

    @property
    def dp(self) -> int:
        """Decimal places the outturn is printed to."""
        return DECIMAL_PLACES[self.unit] if self.decimal_places is None else self.decimal_places

    def scale(self, period: Period) -> Fraction:
        """Return what numerator ÷ denominator is multiplied by in a month.

        A year-to-date rate is annualised (× 12 ÷ months so far), or it could not be compared
        with the yearly rates the Department for Education publishes.
        """
        return scale_of(self.unit, self.basis, period)


def scale_of(unit: str, basis: str, period: Period) -> Fraction:
    """Return the factor from numerator ÷ denominator to the outturn in its unit."""
    annual = Fraction(12, period.months_into_year) if unit.startswith("rate") and basis == "ytd" else 1
    return SCALE[unit] * Fraction(annual)


class Group(_Entry):
    """A group of indicators: one notebook, one page."""

    title: str
    question: str


class Link(_Entry):
    """Counts of different indicators that are one number, or add to one, for data of the same month.

    A reader knows this from the definitions, so disclosure control must. A count is named
    ``indicator.numerator``, ``.denominator`` or ``.remainder`` (of a companion likewise), a cell
    ``indicator.breakdown.category``.
    """

    total: str
    parts: Annotated[list[str], Field(min_length=1)]
    #: ``==`` where the parts are all of the total, ``>=`` where there are others, who are protected, too.
    op: Literal["==", ">="] = "=="


class Suite(_Entry):
    """The indicators of one year.

    Parameters
    ----------
    suite
        Name of the edition, ``2020-21``.
    start
        First month the edition's numbers, targets and tolerances apply to.
    groups, indicators
        By key, in the order they are printed.
    links
        Counts of different indicators that belong together.
    """

    suite: str
    start: str
    groups: dict[Key, Group]
    indicators: dict[Key, Indicator]
    links: list[Link] = []

    @field_validator("suite", "start", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return value if isinstance(value, str) else str(value)

    @cached_property
    def by_number(self) -> dict[str, Indicator]:
        """Indicators by key, in the order of their printed numbers."""
        return dict(sorted(self.indicators.items(), key=lambda item: item[1].number))

    def of_group(self, group: str) -> list[str]:
        """Return the keys of a group's indicators in printed order."""
        return [key for key, indicator in self.by_number.items() if indicator.group == group]


def suite_path(root: Path, name: str) -> Path:
    """Return the file of an edition; all councils of a region share it."""
    return common(root) / "parameters" / "suite" / f"{name}.yaml"


def load_suite(path: Path) -> Suite:
    """Read and check the register of a year.

    Raises
    ------
    CsdError
        With file and line, for anything that would make a page wrong: an unknown name, a number
        given twice, a lower bound above an upper one, a tolerance without a rating, an unknown group;
        in an edition that extends another, what ``suite_extension`` refuses.
    """
    content, lines = entries_of(path)
    suite = validated(content, lines, path, Suite)
    Period.parse(suite.start)
    _refuse_repeated_numbers(suite, lines, path)
    for key, indicator in suite.indicators.items():
        if indicator.group not in suite.groups:
            line = line_of(lines, ("indicators", key, "group"))
            raise CsdError(
                f"{key} belongs to '{indicator.group}', which is not a group",
                f"{path}, line {line}",
                "one of " + ", ".join(suite.groups),
            )
    _refuse_unknown_counts(suite, lines, path)
    return suite


def _refuse_unknown_counts(suite: Suite, lines: Lines, path: Path) -> None:
    """Refuse a link or flow of what is not there: it would bind nothing, and nobody would see that."""
    known = {name for key, entry in suite.indicators.items() for name in (key, *entry.companions)}
    yearly = {key for key, entry in suite.indicators.items() if entry.basis == "ytd"}
    for at, link in enumerate(suite.links):
        where = f"{path}, line {line_of(lines, ('links', at))}"
        _require_counts((link.total, *link.parts), known, where, "a count of this edition")
    for key, entry in suite.indicators.items():
        if entry.flow:
            where = f"{path}, line {line_of(lines, ('indicators', key, 'flow'))}"
            _require_counts(entry.flow.aged, known, where, "a count of this edition")
            _require_counts([entry.flow.starts], yearly, where, "an indicator that counts since April (ytd)")


def _require_counts(names: Iterable[str], known: set[str], where: str, expected: str) -> None:
    for name in names:
        if name.split(".")[0] not in known:
            raise CsdError(f"'{name}' is no count that can stand here", where, expected)


def _refuse_repeated_numbers(suite: Suite, lines: Lines, path: Path) -> None:
    first: dict[int, str] = {}
    for key, indicator in suite.indicators.items():
        if indicator.number in first:
            # An edition that extends another holds the line of only one of the two.
            line = max(
                line_of(lines, ("indicators", one, "number")) for one in (first[indicator.number], key)
            )
            raise CsdError(
                f"number {indicator.number} is given to both {first[indicator.number]} and {key}",
                f"{path}, line {line}",
                "a number of its own for each indicator",
            )
        first[indicator.number] = key
