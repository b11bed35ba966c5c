"""The findings of a check as one page for those who own the data; it needs nothing but itself."""

from html import escape

from csd_helpers.extract import Problem
from csd_helpers.findings import SEVERITIES, Finding, Findings
from csd_helpers.tables import table
from csd_helpers.working_page import working_page

MARKING = "Confidential: holds child identifiers - working file, not for publication"
_MEANS = {
    "blocking": "must be put right before the month can be run",
    "warning": "the rows count as they are; look at them",
    "note": "good to know",
}


def findings_page(findings: Findings) -> str:
    """Return the page: a summary, then table by table what was found, what it means and what to do.

    Everything that comes from the extract is escaped; nothing is fetched, and no script runs.
    """
    title = f"Check of the records for {findings.month}: {findings.council}"
    return working_page(title, MARKING, findings_content(findings))


def findings_content(findings: Findings) -> str:
    """Return what the page says below its title."""
    sections = [_section(name, own) for name, own in findings.tables.items()]
    return "\n".join([_summary(findings), *sections, _compared(findings.compared)])


def _summary(findings: Findings) -> str:
    if not findings.tables:
        return "<p>Nothing doubtful was found.</p>"
    rows = [
        (finding.title, name or "the extract", finding.severity, finding.count)
        for name, own in findings.tables.items()
        for finding in own
    ]
    meanings = "".join(f"<dt>{name}</dt><dd>{escape(_MEANS[name])}</dd>" for name in SEVERITIES)
    verdict = (
        "The month cannot be run until what is blocking is put right."
        if findings.blocked
        else "Nothing here stops the month from being run."
    )
    listing = escape(findings.listing.name)
    return (
        f"<p>{verdict} Nothing has been changed or left out by this check: what is wrong is put right "
        f"where it was recorded. Example rows are shown here; every row is in {listing}.</p>"
        f"<dl>{meanings}</dl>"
        + table(f"What was found: {findings.total}", ["What", "Table", "Severity", "How many"], rows)
    )


def _compared(text: str) -> str:
    if not text:
        return ""
    first, *months = text.split("\n")
    items = "".join(f"<li>{escape(month.strip())}</li>" for month in months)
    listed = f"<ul>{items}</ul>" if items else ""
    return f"<section><h2>Records and returns</h2><p>{escape(first)}</p>{listed}</section>"


def _section(name: str, findings: list[Finding]) -> str:
    heading = f"Table {escape(name)}" if name else "The extract as a whole"
    return "\n".join([f"<section><h2>{heading}</h2>", *map(_finding, findings), "</section>"])


def _finding(finding: Finding) -> str:
    words = finding.words
    touched = "; ".join(finding.indicators) or "none directly"
    facts = {
        "How many": finding.count,
        "What it means": words.means,
        "What to do": words.to_do,
        "Indicators it touches": touched,
    }
    said = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in facts.items())
    severity = f'<span class="severity {finding.severity}">{finding.severity}</span>'
    return f"<h3>{severity} {escape(finding.title)}</h3><dl>{said}</dl>" + _examples(finding)


def _examples(finding: Finding) -> str:
    where = finding.table or "the extract"
    caption = f"Examples, {where}: {finding.title} ({len(finding.examples)} of {finding.count})"
    header = ["Identifier", "File", "Row", "Column", "What is there", "What is wrong"]
    return table(caption, header, [_row(problem) for problem in finding.examples])


def _row(problem: Problem) -> list[str]:
    row = str(problem.row) if problem.row else "all"
    wrong = problem.message.removesuffix(":")
    expected = f" (expected {problem.expected})" if problem.expected else ""
    return [problem.identifier or "-", problem.file, row, problem.field, problem.value, wrong + expected]
