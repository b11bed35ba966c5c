"""What people edit besides the suite: the period's file, the disclosure rules, the benchmarks."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, field_validator

from csd_helpers.council import load_council, over
from csd_helpers.csvfile import read_table
from csd_helpers.errors import CsdError
from csd_helpers.exception_report import ExceptionReport
from csd_helpers.leftovers import listed
from csd_helpers.period import Period
from csd_helpers.root import common, council_file, is_council, own_or_common, shown
from csd_helpers.yamlfile import line_of, read_entries, read_parameters, validated

GEOGRAPHIES = ("England", "London", "Statistical neighbours", "Outer London", "Bromley")
_BENCHMARK_COLUMNS = ["indicator", "code", "year", "geography", "value", "source", "neighbours_as_at"]


class PeriodFile(BaseModel):
    """What a run for one month needs to know.

    Parameters
    ----------
    period, suite
        The month reported and the edition of the suite it is reported by.
    council
        Name printed at the head of every page.
    extract
        Where the records are: a folder or file, relative to the project's root or absolute, or the
        address of a database.
    report_date
        Date of the committee's report.
    months
        Length of the trend, counted back from the period.
    benchmark_year
        Latest year of benchmarks published when the report was written.
    contact, accessibility_contact
        Whom to ask about the figures, and for them in another format; the latter is the former if not
        given.
    exempt_paragraph
        The paragraphs of Schedule 12A by which Part 2 is exempt: ``2``, or ``1 and 2``.
    reports_by_exception
        What management reports besides the suite's indicators; nothing, if it is left out.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    period: str
    suite: str
    council: str
    extract: str
    report_date: date
    months: Annotated[int, Field(ge=1, le=240)] = 24
    benchmark_year: int
    contact: str = ""
    accessibility_contact: str = ""
    exempt_paragraph: Annotated[str, Field(pattern=r"^([1-7]((, | and )[1-7])*)?$")] = ""
    reports_by_exception: list[ExceptionReport] = []

    @property
    def asked_for_formats(self) -> str:
        """Whom to ask for the pages in another format."""
        return self.accessibility_contact or self.contact

    @field_validator("period", "suite", "exempt_paragraph", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return value if isinstance(value, str) else str(value)


class WholeIndicator(BaseModel):
    """A decision to withhold an indicator from Part 1 altogether, with who took it and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: str
    decided_by: str
    decided_on: date
    #: Part 1 may say that the indicator is below expectation (a decision of its own).
    status_public: bool = False


class Named(BaseModel):
    """A decision about some figures of an indicator, with who took it and why.

    What is not given is meant in full: without ``period`` all months, without ``breakdown`` the
    headline.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    indicator: str
    period: str = ""
    breakdown: str = "all"
    category: str = "all"
    reason: str
    decided_by: str
    decided_on: date

    def names(self, figures: pd.DataFrame) -> pd.Series:
        """Say which figures it is about."""
        own = figures["indicator"].eq(self.indicator) & figures["breakdown"].eq(self.breakdown)
        own &= figures["category"].eq(self.category)
        return own & figures["period"].eq(self.period) if self.period else own


class Worth(BaseModel):
    """What withholding a figure costs the reader, never what it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    headline: Annotated[float, Field(gt=0)] = 3
    breakdown: Annotated[float, Field(gt=0)] = 1
    latest_month: Annotated[float, Field(ge=1)] = 3


class DisclosureRules(BaseModel):
    """The rules Part 1 is released by."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    largest_hidden_count: Annotated[int, Field(ge=1, le=20)]
    hide_complements: bool
    hide_zeros: bool
    hide_monthly_increases: bool
    hide_small_revisions: bool
    smallest_denominator: Annotated[int, Field(ge=0)]
    keep_withheld: bool
    worth: Worth = Worth()
    seconds: Annotated[float, Field(gt=0)] = 60
    withheld: list[Named] = []
    released: list[Named] = []
    whole_indicators: dict[str, WholeIndicator] = {}

    @property
    def small_counts(self) -> list[int]:
        """The counts that are hidden, and that a hidden count must still be able to be."""
        return list(range(0 if self.hide_zeros else 1, self.largest_hidden_count + 1))

    def for_any_council(self) -> "DisclosureRules":
        """Return the rules without what was decided to be shown of one council's figures."""
        quiet = {
            key: entry.model_copy(update={"status_public": False})
            for key, entry in self.whole_indicators.items()
        }
        return self.model_copy(update={"released": [], "whole_indicators": quiet})

    def is_small(self, count: int) -> bool:
        """Say whether a count of people is too small to be shown."""
        return count in self.small_counts


def load_period(root: Path, period: Period) -> PeriodFile:
    """Read ``parameters/periods/<period>.yaml``, with what a council of several says over it.

    Raises
    ------
    CsdError
        If the file is missing or wrong, or is about another month than its name says.
    """
    path = common(root) / "parameters" / "periods" / f"{period}.yaml"
    if not path.exists():
        known = [file.stem for file in listed(path.parent, "*.yaml")]
        raise CsdError(
            f"the period {period} has no parameter file",
            shown(path, root),
            f"one of {', '.join(known)}" if known else "a file for the period",
            f"copy {known[-1]}.yaml to {period}.yaml and change it" if known else "",
        )
    settings, lines = read_parameters(path, PeriodFile)
    where = shown(path, root)
    if is_council(root):
        entries, lines = over(read_entries(path)[0], root, period)
        settings = validated(entries, lines, council_file(root), PeriodFile)
        where = shown(council_file(root), root)
    if settings.period != str(period):
        raise CsdError(f"the file says period {settings.period}", where, f"period: {period}")
    told = [
        report.with_words(root, f"{where}, line {line_of(lines, ('reports_by_exception', at, 'file'))}")
        for at, report in enumerate(settings.reports_by_exception)
    ]
    return settings.model_copy(update={"reports_by_exception": told})


def load_rules(root: Path, suite_keys: list[str]) -> DisclosureRules:
    """Read ``parameters/disclosure.yaml``; a whole-indicator decision must name a known indicator.

    A council of several may have a file of its own. By the common one it is given nothing that was decided
    to be shown, for that was decided about other figures.
    """
    path = own_or_common(root, "disclosure.yaml")
    rules, _ = read_parameters(path, DisclosureRules)
    if not path.is_relative_to(root):
        rules = rules.for_any_council()
    decisions = {"whole_indicators": list(rules.whole_indicators)}
    decisions["withheld"] = [entry.indicator for entry in rules.withheld]
    decisions["released"] = [entry.indicator for entry in rules.released]
    unknown = [(name, key) for name, keys in decisions.items() for key in keys if key not in suite_keys]
    if unknown:
        raise CsdError(
            f"{unknown[0][0]} names '{unknown[0][1]}', which is no indicator of the suite",
            shown(path, root),
            fix="use an indicator's key from the suite",
        )
    return rules


def load_benchmarks(root: Path, year: int) -> pd.DataFrame:
    """Read the latest published benchmark of each indicator and geography, up to a year.

    A council of several without a file of its own is compared with the areas its file names.

    Returns
    -------
    pandas.DataFrame
        One row per indicator and geography: the columns of ``parameters/benchmarks.csv``, values
        in the indicator's unit. A year without a value is left out: it may have been suppressed or
        not collected, and is never zero.
    """
    path = own_or_common(root, "benchmarks.csv")
    table = read_table(path, shown(path, root))
    if list(table.columns) != _BENCHMARK_COLUMNS:
        raise CsdError(
            "the benchmarks have other columns than expected",
            shown(path, root),
            ", ".join(_BENCHMARK_COLUMNS),
            "write the columns' names in the first row, in this order",
        )
    table["year"] = _numbers(table["year"], shown(path, root)).astype("int64")
    table["value"] = _numbers(table["value"], shown(path, root), may_be_blank=True)
    council = None if path.is_relative_to(root) else load_council(root)
    if council:
        table = _of_areas(table, council[0].benchmarks, shown(council_file(root), root))
    known = table[table["year"].le(year) & table["value"].notna()]
    latest = known.sort_values("year", kind="stable").groupby(["indicator", "geography"], sort=False)
    return latest.tail(1).reset_index(drop=True)


def _numbers(cells: pd.Series, where: str, may_be_blank: bool = False) -> pd.Series:
    """Return a column's numbers; its index is the line of the file."""
    text = cells.str.strip()
    read = pd.to_numeric(text.mask(text.eq("")), errors="coerce")
    wrong = text[read.isna() & ~(text.eq("") & may_be_blank)]
    for line, cell in wrong.items():
        expected = "a number, or nothing" if may_be_blank else "a whole number"
        raise CsdError(
            f"the {cells.name} '{cell}' is no number", f"{where}, line {line}", expected, "correct the cell"
        )
    return read


def _of_areas(table: pd.DataFrame, areas: list[str], where: str) -> pd.DataFrame:
    """Return the benchmarks of the areas a council is compared with."""
    known = list(dict.fromkeys(table["geography"]))
    unknown = [area for area in areas if area not in known]
    if unknown:
        raise CsdError(f"there are no benchmarks of '{unknown[0]}'", where, "some of " + ", ".join(known))
    return table[table["geography"].isin(areas)]


Part = Literal[1, 2]
