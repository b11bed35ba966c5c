"""Publication: the last audit of a pack, and its entry into the ledger."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from csd_helpers.disclosure.audit import Audit, audit
from csd_helpers.disclosure.case import Case
from csd_helpers.disclosure.memory import load_memory
from csd_helpers.disclosure.proof import Proof, check_certificate, prove
from csd_helpers.errors import CsdError
from csd_helpers.frozen import PUBLISHED, settle, stage
from csd_helpers.ledger import LEDGER, Entry, add_entry, current, next_entry, read_ledger, write_figures
from csd_helpers.lock import locked, user
from csd_helpers.page_frame import DISCLOSURE
from csd_helpers.parameters import load_rules
from csd_helpers.period import Period
from csd_helpers.pipeline import load_edition
from csd_helpers.readiness import matters
from csd_helpers.root import command, never_run
from csd_helpers.working import WORKING


def audit_pack(period: Period, root: Path) -> tuple[Case, Audit, bool, str]:
    """Audit the Part 1 of a pack as it was released, against everything published before.

    Returns
    -------
    tuple
        The case, the audit, whether something could still be protected and is not, and what the
        certificate says.

    Raises
    ------
    CsdError
        If the period has not been run, or its certificate is of other figures.
    """
    working = _working(period, root)
    proof = _proof(period, root, working)
    known = _public_already(proof)
    unproven = set(check_certificate(proof.case, working / DISCLOSURE)) - known
    unsafe = {entry.target for entry in proof.audit.unsafe} - known
    twins = len(proof.audit.twins)
    said = (
        f"{len(unproven)} counts are without a proof in {DISCLOSURE}/twins.json"
        if unproven
        else f"the certificate holds: {twins:,} worlds with the same Part 1, checked without a solver"
    )
    if known:
        said += f"\n{len(known)} counts are public already, whatever this edition withholds"
    return proof.case, proof.audit, bool(unsafe or unproven), said


def publish(period: Period, root: Path, override: str = "", by: str = "") -> Entry:
    """Publish a pack: audit it once more, freeze it, and enter its figures into the ledger.

    Parameters
    ----------
    override, by
        Why it is published although it is not ready, and who decided so; both go into the ledger.
        What Part 1 must not give away is never overridden. Where nothing is in the way, nothing is
        overridden, and the reason is not recorded.

    Raises
    ------
    CsdError
        If it is not ready, something hidden can be worked out, it is published already, or somebody
        else is publishing.
    """
    working = _working(period, root)
    with _publishing(root), locked(root / "outputs" / f".{period}.lock", str(period)):
        settle(root)
        _refuse_published(root, period)
        unready = _unready(period, root)
        if unready and not override:
            raise _not_ready(command(f"csd check {period}", root), period, unready)
        proof = _proof(period, root, working)
        proof.require_safe(_public_already(proof))
        facts = {"by": by or user(), "reason": override if unready else "", "overridden": unready}
        return record(period, root, load_edition(period, root).suite.suite, facts)


def record(period: Period, root: Path, suite: str, facts: dict[str, Any]) -> Entry:
    """Freeze a pack and enter it into the ledger; the caller holds the locks and has asked the rest.

    Killed anywhere, it has either not happened, and leaves nothing that counts, or it has, and
    `settle` finishes it.
    """
    pack = root / "outputs" / str(period)
    parts = {
        part: pd.read_parquet(pack / WORKING / "release" / f"part{part}" / "figures.parquet")
        for part in (1, 2)
    }
    entry = next_entry(root, "published", period, suite=suite, when=_now(), **facts)
    manifest = stage(root, entry.name, pack)
    name, sha = write_figures(root, entry.name, parts)
    entry = replace(entry, manifest_sha256=manifest, figures=name, figures_sha256=sha)
    add_entry(root, entry)
    settle(root)
    return entry


def withdraw(period: Period, root: Path, reason: str, by: str) -> Entry:
    """Record that an edition is withdrawn; its pages and figures are kept, and stay known for ever.

    Raises
    ------
    CsdError
        If the period is not published.
    """
    with _publishing(root):
        settle(root)
        own = current(read_ledger(root), period)
        if own is None:
            raise CsdError(f"{period} is not published", str(root / LEDGER), "a period that is published")
        entry = next_entry(root, "withdrawn", period, of=own.number, by=by, reason=reason, when=_now())
        add_entry(root, entry)
        settle(root)
        return entry


@contextlib.contextmanager
def _publishing(root: Path) -> Iterator[None]:
    """Let one publish at a time: another is told who is at it."""
    folder = root / PUBLISHED
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / ".lock", "the publications"):
        yield


def _refuse_published(root: Path, period: Period) -> None:
    own = current(read_ledger(root), period)
    if own:
        withdraw = command(f"csd publish {period} --withdraw --reason ... --by ...", root)
        raise CsdError(
            f"{period} has been published already, on {own.when[:10]} by {own.by}",
            str(root / PUBLISHED / str(period)),
            "an edition that is not public",
            f"if it is wrong: {withdraw}, then run and publish",
        )


def _unready(period: Period, root: Path) -> list[str]:
    """Say what must be put right before a period is published, a sentence each."""
    blocking = [matter for matter in matters(period, root) if matter.severity == "blocking"]
    return [f"{matter.what} ({matter.where})" for matter in blocking]


def _not_ready(check: str, period: Period, unready: list[str]) -> CsdError:
    return CsdError(
        "\n  ".join([f"{period} is not ready to be published:", *unready]),
        fix=f"{check} says what to do; run again; or decide otherwise, on the record: "
        '--override "REASON" --by "NAME"',
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _working(period: Period, root: Path) -> Path:
    working = root / "outputs" / str(period) / "working"
    if not (working / "release" / "part1" / "figures.parquet").is_file():
        raise never_run(period, root)
    return working


def _proof(period: Period, root: Path, working: Path) -> Proof:
    edition = load_edition(period, root)
    rules = load_rules(root, list(edition.suite.indicators))
    released = pd.read_parquet(working / "release" / "part1" / "figures.parquet")
    figures = pd.read_parquet(working / "figures.parquet")
    return prove(released, figures, edition.suite, rules, load_memory(root, period, edition.suite))


def _public_already(proof: Proof) -> set[str]:
    """Return the counts that are not safe even if this edition shows nothing."""
    if not proof.audit.unsafe:
        return set()
    own = frozenset(name for name, entry in proof.case.statements.items() if not entry.frozen)
    return {entry.target for entry in audit(proof.case, own).unsafe}
