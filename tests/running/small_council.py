"""A council with four indicators in two groups, all from returns: a month of it is run in seconds."""

import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ("summary", "front_door", "workforce", "report", "disclosure")
SUITE = """
suite: 2021-22
start: 2021-04
groups:
  front_door: {title: Contact and referral, question: "Do we act in time?"}
  workforce: {title: Workforce, question: "Is there time for children?"}
indicators:
  contacts:
    {number: 1, title: Contacts received, group: front_door, unit: count, basis: ytd, polarity: none,
     rated_by: none, numerator: contacts received, denominator: "", owner: Front door}
  assessments_45_days:
    {number: 2, title: Assessments in time, group: front_door, unit: percent, basis: ytd, polarity: high,
     rated_by: target, target: {lower: 85, upper: 95, origin: illustrative}, amber: {points: 10},
     numerator: assessments in time, denominator: assessments, owner: Front door}
  average_caseload:
    {number: 3, title: Average caseload, group: workforce, unit: average, basis: snapshot, polarity: low,
     rated_by: target, target: {lower: 12, upper: 15, origin: illustrative}, amber: {points: 2},
     numerator: cases, denominator: social workers, owner: Workforce, counts_people: false}
  agency_social_workers:
    {number: 4, title: Agency social workers, group: workforce, unit: percent, basis: snapshot,
     polarity: low, rated_by: target, target: {lower: 10, upper: 18, origin: illustrative},
     amber: {points: 5}, numerator: agency workers, denominator: workers in post, owner: Workforce,
     counts_people: false}
"""
COMMON = "{definition: Made up for a test., input: returns, published_from: returns, evidence: illustrative, "
RENUMBERED = """
extends: 2021-22
suite: 2022-23
start: 2022-04
indicators:
  contacts: {number: 4}
  assessments_45_days: {number: 1}
  average_caseload: {number: 2}
  agency_social_workers: {number: 3}
"""
HEADER = "indicator,period,numerator,denominator,value,as_at,status,source"
#: Of each month: contacts, assessments in time, assessments, cases, social workers, agency, in post.
RETURNS = {
    "2022-01": (5120, 640, 800, 2200, 150, 30, 150),
    "2022-02": (5630, 704, 880, 2240, 150, 30, 150),
    "2022-03": (6140, 768, 960, 2280, 150, 30, 150),
    "2022-04": (512, 64, 80, 2250, 150, 30, 150),
}


def write_council(folder: Path) -> Path:
    """Write its parameters, notebooks and extract."""
    suites = folder / "parameters" / "suite"
    suites.mkdir(parents=True)
    entries = re.sub(r"\{(?=number)", COMMON, SUITE)
    (suites / "2021-22.yaml").write_text(entries, encoding="utf-8")
    (suites / "2022-23.yaml").write_text(RENUMBERED, encoding="utf-8")
    rules = (ROOT / "parameters" / "disclosure.yaml").read_text(encoding="utf-8")
    (folder / "parameters" / "disclosure.yaml").write_text(
        rules.split("whole_indicators:")[0] + "whole_indicators: {}\n", encoding="utf-8"
    )
    benchmarks = (ROOT / "parameters" / "benchmarks.csv").read_text(encoding="utf-8").splitlines()
    header = next(line for line in benchmarks if not line.startswith("#"))
    (folder / "parameters" / "benchmarks.csv").write_text(f"{header}\n", encoding="utf-8")
    (folder / "notebooks").mkdir()
    for name in NOTEBOOKS:
        _write_notebook(name, folder / "notebooks")
    return folder


def _write_notebook(name: str, folder: Path) -> None:
    """Write a notebook of the project without the cells on indicators this council does not have."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    own = re.findall(r"^  (\w+):$", SUITE, re.MULTILINE)
    shown = re.compile(r'\.(?:indicator|breakdown)\("(\w+)"')
    notebook.cells = [
        cell
        for cell in notebook.cells
        if ".breakdown(" not in cell.source and all(key in own for key in shown.findall(cell.source))
    ]
    nbformat.write(notebook, folder / f"{name}.ipynb")


def write_period(folder: Path, period: str, suite: str = "2021-22") -> None:
    """Write a month's parameter file."""
    path = folder / "parameters" / "periods" / f"{period}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        f"period: {period}\nsuite: {suite}\ncouncil: Example Borough\nextract: extract\n"
        "report_date: 2022-06-15\nmonths: 4\nbenchmark_year: 2021\n"
    )


def write_returns(folder: Path, last: str, **changed: int) -> None:
    """Write the extract of a month: the returns up to it, some numerators of February being others."""
    (folder / "extract").mkdir(exist_ok=True)
    lines = [HEADER]
    for month, known in RETURNS.items():
        contacts, timely, assessed, cases, workers, agency, posts = known
        rows = {
            "contacts": (contacts, ""),
            "assessments_45_days": (timely, assessed),
            "average_caseload": (cases, workers),
            "agency_social_workers": (agency, posts),
        }
        for key, number in changed.items() if month == "2022-02" else ():
            rows[key] = (number, rows[key][1])
        days = {"2022-01": 31, "2022-02": 28, "2022-03": 31, "2022-04": 30}[month]
        if month <= last:
            tail = f"{month}-{days},final,team"
            lines += [f"{key},{month},{above},{below},,{tail}" for key, (above, below) in rows.items()]
    (folder / "extract" / "returns.csv").write_text("\n".join(lines) + "\n")
