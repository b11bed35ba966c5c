"""Publication: the last audit of a pack, and its entry into the ledger."""

from pathlib import Path

import pandas as pd

from csd_helpers.disclosure.audit import Audit, audit
from csd_helpers.disclosure.case import Case
from csd_helpers.disclosure.memory import load_memory, record_publication
from csd_helpers.disclosure.proof import Proof, check_certificate, prove
from csd_helpers.errors import CsdError
from csd_helpers.parameters import load_rules
from csd_helpers.period import Period
from csd_helpers.pipeline import DISCLOSURE, load_edition


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


def publish(period: Period, root: Path) -> Path:
    """Enter a pack's released figures into the ledger, after a last audit.

    Raises
    ------
    CsdError
        If something hidden can be worked out, or the period is published already.
    """
    working = _working(period, root)
    proof = _proof(period, root, working)
    proof.require_safe(_public_already(proof))
    public, full = (
        pd.read_parquet(working / "release" / f"part{part}" / "figures.parquet") for part in (1, 2)
    )
    return record_publication(root, period, public, full)


def _working(period: Period, root: Path) -> Path:
    working = root / "outputs" / str(period) / "working"
    if not (working / "release" / "part1" / "figures.parquet").is_file():
        raise CsdError(f"there has been no run of {period} yet", fix=f"run: csd run {period}")
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
