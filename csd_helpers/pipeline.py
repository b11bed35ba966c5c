"""The way from a period's extract to what each part is handed."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from csd_helpers.commentary import commentary_folder, load_commentary
from csd_helpers.disclosure.account import account_of
from csd_helpers.disclosure.decision import Chosen, choose
from csd_helpers.disclosure.elsewhere import ELSEWHERE
from csd_helpers.disclosure.memory import Memory, load_memory
from csd_helpers.disclosure.proof import Proof, prove
from csd_helpers.disclosure.prose import require_silent, require_silent_titles
from csd_helpers.extract import Extract, problem_table, read_extract
from csd_helpers.extract.address import shown_source
from csd_helpers.extract.returns import returns_problems
from csd_helpers.extract.rules import rule_problems
from csd_helpers.extract_once import read_once
from csd_helpers.figures import figures_by_source
from csd_helpers.findings import Findings, find
from csd_helpers.findings_page import findings_page
from csd_helpers.handover import Edition, hand_over
from csd_helpers.judge import judge
from csd_helpers.ledger import LEDGER, acts_before, read_ledger
from csd_helpers.leftovers import listed
from csd_helpers.manifest import digest, table_digest
from csd_helpers.notes import PageNotes, note_hashes, notes_for_pages
from csd_helpers.page_frame import DISCLOSURE, page_frames
from csd_helpers.parameters import DisclosureRules, load_benchmarks, load_period, load_rules
from csd_helpers.period import Period
from csd_helpers.prepared import Prepared, release_folders
from csd_helpers.public_notes import as_commentary, public_notes
from csd_helpers.reconciliation import compare, reconcile, reconciliation_text
from csd_helpers.release import release
from csd_helpers.revision_reasons import load_reasons, reason_hashes
from csd_helpers.revisions import gone_figures, mark_revised
from csd_helpers.root import common, council_file, is_council, own_or_common, shown
from csd_helpers.row_counts import fewer_rows, write_row_counts
from csd_helpers.suite import load_suite, suite_path
from csd_helpers.suite_editions import earlier_editions
from csd_helpers.suite_extension import files_of
from csd_helpers.working import WORKING, remember

PROBLEMS, FOR_OWNERS = "problems.csv", "extract.html"
RECONCILIATION = "reconciliation.csv"


def load_edition(period: Period, root: Path) -> Edition:
    """Read everything people edit for a period."""
    settings = load_period(root, period)
    register = suite_path(root, settings.suite)
    suite = load_suite(register)
    benchmarks = load_benchmarks(root, settings.benchmark_year)
    reasons = load_reasons(root, period, list(suite.indicators))
    words = load_commentary(root, period, suite)
    return Edition(settings, suite, benchmarks, words, reasons, earlier_editions(register))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage in the block: nearly all of the many small objects made there are in use."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@_uncollected()
def prepare(period: Period, root: Path, working: Path) -> Prepared:
    """Read, check, count, judge and release a period's figures.

    All of it happens once, before any notebook runs; the notebooks only tell.

    Parameters
    ----------
    root
        The project's root: where ``parameters/`` is, and what a relative extract path starts from.
    working
        Where the analyst's figures and the release folders are written.

    Raises
    ------
    CsdError
        For anything in the parameters or the extract that must be put right first.
    """
    edition = load_edition(period, root)
    rules = load_rules(root, list(edition.suite.indicators))
    extract = checked_extract(root, edition)
    extract.require_sound()
    figures, others = judged_figures(edition, extract)
    working.mkdir(parents=True, exist_ok=True)
    figures.to_parquet(working / "figures.parquet", index=False)
    write_row_counts(extract, working)
    compared = compare(figures, others, edition.suite)
    compared.to_csv(working / RECONCILIATION, index=False)
    _write_findings(edition, extract, working, reconciliation_text(compared))
    memory = load_memory(root, period, edition.suite)
    chosen = choose(figures, edition.suite, rules, memory)
    released = {1: release(figures, 1, chosen.withheld), 2: release(figures, 2)}
    released = {part: mark_revised(own, part, memory.editions) for part, own in released.items()}
    proven = _proven(released[1], figures, edition, rules, memory, chosen, working / DISCLOSURE)
    tagged = notes_for_pages(period, root)
    notes = tagged | {1: public_notes(tagged[1], released[1], period)}
    require_silent(
        as_commentary(notes[1], edition), edition.suite, released[1], figures, proven.model, period
    )
    releases = release_folders(working)
    for part, folder in releases.items():
        account = account_of(chosen, proven, figures, edition.suite, memory) if part == 2 else None
        gone = gone_figures(released[part], part, memory.editions, edition.suite)
        hand_over(released[part], part, edition, folder, account, gone)
    settings = edition.settings.model_dump(mode="json")
    settings |= {"extract": shown_source(edition.settings.extract)}
    pages = page_frames(edition, releases, notes)
    return Prepared(releases, pages, settings, named_inputs(root, edition, extract, tagged))


def _proven(
    public: pd.DataFrame,
    figures: pd.DataFrame,
    edition: Edition,
    rules: DisclosureRules,
    memory: Memory,
    chosen: Chosen,
    folder: Path,
) -> Proof:
    """Return the proof that Part 1 gives nothing hidden back; without it there is no Part 1."""
    proof = prove(public, figures, edition.suite, rules, memory)
    proof.write(folder)
    proof.require_safe(chosen.decision.unfixable)
    require_silent(edition.commentary, edition.suite, public, figures, proof.model, edition.period)
    require_silent_titles(edition.suite, public, figures, proof.model, edition.period)
    return proof


def checked_extract(root: Path, edition: Edition) -> Extract:
    """Read a period's extract with everything wrong or doubtful about it, returns included."""
    settings = edition.settings
    extract = read_once(settings.extract, root)
    tables, places = extract.tables, extract.places
    if "returns" in tables:
        typed = returns_problems(tables["returns"], places["returns"], edition.suite, extract.problems)
        extract.problems.extend(typed)
    extract.problems.extend(fewer_rows(extract, edition.period, root))
    extract.problems.extend(
        rule_problems(tables, places, edition.period, settings.months, settings.report_date)
    )
    return extract


def check_extract(period: Period, root: Path) -> Findings:
    """Check a period's extract, and write what was found into the pack's working folder.

    Nothing is put right, and the pack's pages stay as they are: what was found is for those who
    can put it right at its source. Records and returns are compared once nothing is blocking.
    """
    edition = load_edition(period, root)
    return report_findings(edition, checked_extract(root, edition), root)


def report_findings(edition: Edition, extract: Extract, root: Path) -> Findings:
    """Write what the check of an extract found, for those who own the data."""
    period = edition.period
    working = root / "outputs" / str(period) / WORKING
    working.mkdir(parents=True, exist_ok=True)
    compared = ""
    if not any(problem.severity == "blocking" for problem in extract.problems):
        months = period.window(edition.settings.months)
        compared = reconciliation_text(reconcile(extract.tables, edition.suite, months))
    findings = _write_findings(edition, extract, working, compared)
    remember(working, [PROBLEMS, FOR_OWNERS])
    return findings


def _write_findings(edition: Edition, extract: Extract, working: Path, compared: str) -> Findings:
    """Write every problem as a table, and the findings as a page."""
    found = find(extract.problems, edition.suite)
    listing, page = working / PROBLEMS, working / FOR_OWNERS
    month, council = edition.period.label, edition.settings.council
    findings = Findings(month, council, found, page, listing, compared)
    problem_table(extract.problems).to_csv(listing, index=False)
    page.write_text(findings_page(findings), encoding="utf-8")
    return findings


def judged_figures(edition: Edition, extract: Extract) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return all figures of an edition with their ratings, and what the sources not published have."""
    periods = edition.period.window(edition.settings.months)
    figures, others = figures_by_source(extract.tables, edition.suite, periods)
    return judge(figures, edition.suite, edition.benchmarks, edition.earlier), others


def inputs_now(period: Period, root: Path) -> dict[str, str]:
    """Return the hashes of everything a run of a period would be made from now."""
    edition = load_edition(period, root)
    notes = notes_for_pages(period, root)
    return named_inputs(root, edition, read_extract(edition.settings.extract, root), notes)


def named_inputs(root: Path, edition: Edition, extract: Extract, notes: PageNotes) -> dict[str, str]:
    """Name and hash all that the pack was made from.

    The extract's files go without their folder; a server's tables are hashed as they were read.
    """
    settings, acts = edition.settings, acts_before(read_ledger(root), edition.period)
    parameters = [
        common(root) / "parameters" / "periods" / f"{settings.period}.yaml",
        *([council_file(root)] if is_council(root) else []),
        *files_of(suite_path(root, settings.suite)),
        own_or_common(root, "disclosure.yaml"),
        own_or_common(root, "benchmarks.csv"),
        *(path for path in [root / ELSEWHERE] if path.exists()),
        *(root / LEDGER / act.figures for act in acts if act.figures),
        *listed(commentary_folder(root, edition.period), "*.md"),
        *(root / report.file for report in settings.reports_by_exception if report.file),
    ]
    withdrawn = {f"withdrawal of {act.period}, entry {act.number}": act.previous for act in acts if act.of}
    named = {shown(path, root): path for path in parameters}
    records = {f"extract/{path.name}": path for paths in extract.sources.values() for path in paths}
    hashes = {name: digest(path) for name, path in (named | records).items()}
    hashes |= withdrawn | reason_hashes(edition.reasons) | note_hashes(notes)
    served = {name: table for name, table in extract.tables.items() if name not in extract.sources}
    return hashes | {f"extract/{name}": table_digest(table) for name, table in served.items()}
