"""What the check of an extract found: problems brought together by table and rule."""

from dataclasses import dataclass
from pathlib import Path

from csd_helpers.extract import Problem
from csd_helpers.extract.catalogue import RULES, Rule
from csd_helpers.measures import MEASURES
from csd_helpers.suite import Indicator, Suite

SEVERITIES = ("blocking", "warning", "note")
_SHOWN = 5
#: Tables an indicator uses where they are there, besides those its measure needs.
_USED = {
    "cla_header": ("children_looked_after",),  # its age groups
    "cin_details": ("conferences_15_days",),  # dates of conferences
}


@dataclass(frozen=True)
class Finding:
    """A rule that a table breaks, with every problem that shows it.

    Parameters
    ----------
    severity, table, rule, field
        How bad it is, where, and the key of the rule; the column it is about, if it is about one.
    problems
        One for each row, in the order of the files.
    indicators
        Numbers and titles of the indicators that are counted from the table.
    """

    severity: str
    table: str
    rule: str
    field: str
    problems: list[Problem]
    indicators: list[str]

    @property
    def words(self) -> Rule:
        """What the rule means and what to do."""
        return RULES[self.rule]

    @property
    def title(self) -> str:
        """The rule and the column."""
        return self.words.title + (f": {self.field}" if self.field else "")

    @property
    def count(self) -> str:
        """How many rows, months or files it is about."""
        return f"{len(self.problems):,} {self.words.of}{'' if len(self.problems) == 1 else 's'}"

    @property
    def said(self) -> str:
        """What is wrong with the table as a whole, in the problem's own words; else how many rows have it."""
        first = self.problems[0]
        alone = len(self.problems) == 1 and not first.row
        return f"{first.message} {first.value}".strip() if alone else self.count

    @property
    def examples(self) -> list[Problem]:
        """Up to five problems, of different children as far as there are any."""
        first = {problem.identifier: problem for problem in reversed(self.problems)}
        return sorted(self.problems, key=lambda problem: problem is not first[problem.identifier])[:_SHOWN]


@dataclass(frozen=True)
class Findings:
    """Everything the check of a month's extract found.

    Parameters
    ----------
    month, council
        ``October 2020``, and whose extract it is.
    tables
        The findings of each table, the table with the worst first; ``""`` for what is about no table.
    page, listing
        Where the page for those who own the data, and the list of every problem, are written: the
        working folder, which is never circulated.
    compared
        In which months records and returns differ, in lines of text; empty while something is blocking.
    """

    month: str
    council: str
    tables: dict[str, list[Finding]]
    page: Path
    listing: Path
    compared: str

    @property
    def blocked(self) -> bool:
        """Whether something must be put right before a run."""
        return any(finding.severity == "blocking" for own in self.tables.values() for finding in own)

    @property
    def total(self) -> str:
        """How many findings there are of each severity, in words."""
        found = [finding.severity for own in self.tables.values() for finding in own]
        counts = {severity: found.count(severity) for severity in SEVERITIES}
        plural = {severity: "s" if number != 1 else "" for severity, number in counts.items()}
        plural["blocking"] = ""
        return ", ".join(f"{number} {severity}{plural[severity]}" for severity, number in counts.items())


def find(problems: list[Problem], suite: Suite) -> dict[str, list[Finding]]:
    """Bring problems together by table and rule, the blocking ones and their tables first.

    Parameters
    ----------
    problems
        Everything found wrong with an extract, in any order.
    suite
        The edition whose indicators are named.
    """
    groups: dict[tuple[str, str, str, str], list[Problem]] = {}
    for problem in problems:
        key = (problem.severity, problem.table, problem.rule, problem.field)
        groups.setdefault(key, []).append(problem)
    findings = [Finding(*key, own, _touched(key[1], own, suite)) for key, own in groups.items()]
    findings.sort(key=lambda finding: (SEVERITIES.index(finding.severity), -len(finding.problems)))
    tables: dict[str, list[Finding]] = {}
    for finding in findings:
        tables.setdefault(finding.table, []).append(finding)
    return tables


def _touched(table: str, problems: list[Problem], suite: Suite) -> list[str]:
    """Name the indicators counted from a table; of ``returns``, those the rows are about."""
    named = {problem.identifier for problem in problems}
    return [
        f"{indicator.number} {indicator.title}"
        for key, indicator in suite.by_number.items()
        if (key in named if table == "returns" else _uses(key, indicator, table))
    ]


def _uses(key: str, indicator: Indicator, table: str) -> bool:
    if indicator.published_from == "returns":
        return False
    if table == "population":
        return indicator.unit.startswith("rate")
    needs = {name for own in (key, *indicator.companions) if own in MEASURES for name in MEASURES[own].needs}
    return table in needs or key in _USED.get(table, ())
