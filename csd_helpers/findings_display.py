"""The findings of a check on the screen: tables on a terminal, lines in a log."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from csd_helpers.extract import Problem
from csd_helpers.findings import Finding, Findings

_STYLE = {"blocking": "bold red", "warning": "yellow", "note": "dim"}


def show(findings: Findings) -> None:
    """Print what was found, grouped by table, the blocking first, and where the page of it is."""
    console = Console()
    _line(console, f"Check of the extract for {findings.month}: {findings.total}")
    for name, own in findings.tables.items():
        if console.is_terminal:
            console.print(_table(name or "the extract", own))
        else:
            _line(console, "\n".join(["", name or "the extract", *(_lines(finding) for finding in own)]))
    if findings.compared:
        _line(console, f"\n{findings.compared}")
    _line(console, f"\n{findings.page}: the page for the data owner; {findings.listing.name} has every row")


def _line(console: Console, text: str) -> None:
    console.print(text, highlight=False, markup=False, soft_wrap=True)


def _lines(finding: Finding) -> str:
    whose = [f"{problem.identifier}: " if problem.identifier else "" for problem in finding.examples]
    examples = [f"    {who}{problem}" for who, problem in zip(whose, finding.examples, strict=True)]
    touched = [f"    touches: {'; '.join(finding.indicators)}"] if finding.indicators else []
    head = f"  {finding.severity}: {finding.title}: {finding.count} [{finding.rule}]"
    return "\n".join([head, *examples, *touched, f"    what to do: {finding.words.to_do}"])


def _table(name: str, findings: list[Finding]) -> Table:
    named = {indicator: None for finding in findings for indicator in finding.indicators}
    grid = Table(title=name, title_justify="left", title_style="bold", show_lines=True, expand=True)
    if named:
        grid.caption, grid.caption_justify = escape("touches: " + "; ".join(named)), "left"
    for heading, ratio in (("severity", 2), ("what, and what to do", 6), ("example rows", 6), ("touches", 2)):
        grid.add_column(heading, ratio=ratio, overflow="fold")
    for finding in findings:
        severity = f"[{_STYLE[finding.severity]}]{finding.severity}[/]\n{finding.count}"
        what = f"{escape(finding.title)}\n[dim]{escape(finding.words.to_do)}[/]"
        examples = "\n".join(map(_place, finding.examples))
        touched = ", ".join(indicator.split()[0] for indicator in finding.indicators)  # the numbers
        grid.add_row(severity, what, escape(examples), touched)
    return grid


def _place(problem: Problem) -> str:
    """Say in few words which row an example is, or what is wrong with the whole table."""
    value = f" '{problem.value}'" if problem.value else ""
    if not problem.row:
        return f"{problem.file or problem.table}: {problem.message}{value}"
    whose = f"{problem.identifier}: " if problem.identifier else ""
    return f"{whose}{problem.file or problem.table} row {problem.row}{value}"
