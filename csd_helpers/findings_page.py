"""The findings of a check as one page for those who own the data; it needs nothing but itself."""

from html import escape

from csd_helpers.extract import Problem
from csd_helpers.findings import SEVERITIES, Finding, Findings
from csd_helpers.tables import table

MARKING = "Confidential: holds child identifiers - working file, not for publication"
_MEANS = {
    "blocking": "must be put right before the month can be run",
    "warning": "the rows count as they are; look at them",
    "note": "good to know",
}
_CSS = """
body { font: 1.0625rem/1.5 Arial, Helvetica, sans-serif; color: #0b0c0c; background: #fff; margin: 0 auto;
  max-width: 70rem; padding: 0 1rem 2rem }
.mark { background: #6b0f0a; color: #fff; font-weight: 700; padding: .25rem .5rem }
h1 { font-size: 1.9rem; line-height: 1.2 }
h2 { font-size: 1.4rem; margin-top: 2.5rem; padding-top: 1rem; border-top: 2px solid #0b0c0c }
h3 { font-size: 1.15rem; margin-bottom: .25rem }
p, li { max-width: 46rem; overflow-wrap: break-word }
dt { font-weight: 700 }
dd { margin: 0 0 .5rem; max-width: 46rem }
.severity { border: 2px solid #0b0c0c; padding: 0 .4rem; font-size: 1rem }
.blocking { background: #6b0f0a; color: #fff }
.warning { background: #ffc84a }
.scroll { overflow-x: auto }
.scroll:focus-visible { outline: 3px solid #0b0c0c }
table { border-collapse: collapse; margin: .5rem 0 }
caption { text-align: left; font-weight: 700; padding: .25rem 0 }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #767d81 }
tbody th { font-weight: 400 }
.n { text-align: right }
""".strip()
_PAGE = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>{css}</style>
</head>
<body>
<header><p class="mark">{marking}</p></header>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""


def findings_page(findings: Findings) -> str:
    """Return the page: a summary, then table by table what was found, what it means and what to do.

    Everything that comes from the extract is escaped; nothing is fetched, and no script runs.
    """
    title = f"Check of the records for {findings.month}: {findings.council}"
    sections = [_section(name, own) for name, own in findings.tables.items()]
    return working_page(
        title, MARKING, "\n".join([_summary(findings), *sections, _compared(findings.compared)])
    )


def working_page(title: str, marking: str, content: str) -> str:
    """Return a page of the working folder: nothing is fetched, and no script runs."""
    return _PAGE.format(title=escape(title), css=_CSS, marking=escape(marking), content=content)


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
