"""What ``csd audit``, ``csd protect`` and ``csd publish`` do."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from csd_helpers.disclosure.arithmetic import arithmetic
from csd_helpers.disclosure.audit import SAFE, Audit, audit
from csd_helpers.disclosure.case import Case, parse_case, parse_statement, read_json, require_true
from csd_helpers.disclosure.coarse import with_coarser
from csd_helpers.disclosure.printed import exchanged
from csd_helpers.disclosure.protect import protect
from csd_helpers.errors import CsdError

Answer = dict[str, Any]
_CASE = "a disclosure case"
_ANSWER = "an answer: withheld, published_instead, unfixable"


def audit_case(path: Path, answer: Path | None = None) -> tuple[Case, Audit]:
    """Audit a case of the exchange format under an answer.

    Without an answer, what the case itself says is withheld (``naive_withheld``) is; otherwise all is
    shown.

    Raises
    ------
    CsdError
        If a file cannot be read, or the answer names a statement that is not in the case.
    """
    content = read_json(path, _CASE)
    given = read_json(answer, _ANSWER) if answer else {"withheld": content.get("naive_withheld", [])}
    case = _with_instead(parse_case(content, str(path)), given.get("published_instead", []))
    require_true(case, str(path))
    withheld = given.get("withheld", [])
    unknown = sorted(set(withheld) - set(case.statements))
    if unknown:
        raise CsdError(f"'{unknown[0]}' is no statement of the case", str(answer or path), _ANSWER)
    return case, audit(case, frozenset(withheld))


def _with_instead(case: Case, published: list[Mapping[str, Any]]) -> Case:
    """Add the coarser statements an answer publishes in place of others."""
    instead = {entry.get("id", f"instead {at}"): entry for at, entry in enumerate(published)}
    added = {
        name: replace(parse_statement({"id": name, **entry}), id=name) for name, entry in instead.items()
    }
    return replace(case, statements={**case.statements, **added})


def protect_case(path: Path, seconds: float, coarsen: bool = False) -> Answer:
    """Answer a case of the exchange format: what to withhold, what to publish instead, what is lost.

    Raises
    ------
    CsdError
        If the file is no case, or does not give the true counts.
    """
    content = read_json(path, _CASE)
    case = parse_case(content, str(path))
    if not case.secret:
        raise CsdError(
            "the case has no 'secret'", str(path), "the true counts: without them nothing is decided"
        )
    require_true(case, str(path))
    given = set(case.statements)
    coarser = with_coarser(content) if coarsen else []
    if coarser:
        case = parse_case({**content, "statements": coarser}, str(path))
    decision = protect(case, seconds)
    return {
        "withheld": sorted(decision.withheld & given),
        "published_instead": _instead(coarser, decision.withheld, given),
        "unfixable": sorted(decision.unfixable),
        "gave_away": {target: decision.unfixable[target] for target in sorted(decision.unfixable)},
        "protects": dict(sorted(decision.because.items())),
        "cost": decision.cost,
        "proven": decision.proven,
    }


def _instead(statements: list[Answer], withheld: frozenset[str], given: set[str]) -> list[Answer]:
    """Return the coarser statements that are shown where the exact one is not."""
    exact = {entry["coarser"]: entry["id"] for entry in statements if "coarser" in entry}
    return exchanged(
        {key: value for key, value in entry.items() if key != "cost"}
        for entry in statements
        if entry["id"] not in given and entry["id"] not in withheld and exact[entry["id"]] in withheld
    )


def write_answer(answer: Answer, path: Path) -> None:
    """Write an answer as JSON, whole or not at all."""
    scratch = path.with_name(path.name + ".writing")
    scratch.write_text(json.dumps(answer, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    scratch.replace(path)


def verdict_table(case: Case, found: Audit) -> pd.DataFrame:
    """Return verdicts as a table: count, least, most, possible, verdict, because."""
    rows = [
        (entry.target, entry.low, entry.high, " ".join(map(str, entry.possible)), entry.verdict,
         "" if entry.verdict == SAFE else arithmetic(case, entry))
        for entry in found.verdicts.values()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["count", "least", "most", "possible", "verdict", "because"])


def verdict_text(case: Case, found: Audit) -> str:
    """Say what an audit found: a line for each count that is not safe, and a sum."""
    table = verdict_table(case, found)
    lines = [
        f"{row.verdict}: {row.count} is "
        f"{row.least if row.least == row.most else f'{row.least} to {row.most}'}: {row.because}"
        for row in table[table["verdict"].ne(SAFE)].itertuples()
    ]
    counts = ", ".join(f"{number:,} {verdict}" for verdict, number in table["verdict"].value_counts().items())
    return "\n".join([*lines, f"{len(table):,} counts to protect: {counts or 'none'}"])
