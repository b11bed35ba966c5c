"""The account of disclosure control as a page of Part 2 shows it."""

from html import escape
from typing import Any

from csd_helpers.facts import facts
from csd_helpers.period import Period
from csd_helpers.tables import Html, table

_REASONS = {
    "primary": "a small count itself",
    "too few": "over too few people",
    "complement": "its remainder is small",
    "monthly increase": "one month added a small number",
    "monthly increase of the complement": "one month added a small number to its remainder",
    "protects another": "would give another figure away",
    "beside a hidden month": "would narrow down the hidden month beside it",
    "withheld before": "an earlier edition withheld it",
    "without its parts": "a share of people without its parts",
}


def disclosure_section(account: dict[str, Any], period: Period) -> Html:
    """Tell the officer what was withheld, what it protects and what proves it."""
    parts = [
        "<h1>Disclosure control: what Part 1 withholds</h1>",
        f'<p class="lead">{_verdict(account)}</p>',
        facts(_facts(account)),
        _withheld(account, period),
        _unfixable(account),
        _unlinked(account),
    ]
    return Html("".join(parts))


def _verdict(account: dict[str, Any]) -> str:
    """Say in a sentence what a reader can work out."""
    unsafe = account["protected"] - account["verdicts"].get("safe", 0)
    if not unsafe:
        return (
            f"None of the {account['protected']:,} counts to protect can be worked out from Part 1: not from "
            "this edition, and not from all of them together."
        )
    return (
        f"{unsafe:,} of the {account['protected']:,} counts to protect are public already and cannot be "
        "protected any more; the others cannot be worked out from Part 1."
    )


def _facts(account: dict[str, Any]) -> list[tuple[str, object]]:
    editions = ", ".join(account["editions"]) or "none before this one"
    proven = "the cheapest there is" if account["proven"] else "safe, but perhaps not the cheapest there is"
    return [
        ("Figures shown", f"{account['shown']:,}"),
        ("Withheld in the latest month", str(len(account["withheld"]))),
        ("Cost of the choice", f"{account['cost']:g}, {proven}"),
        ("Proof", f"{account['twins']:,} worlds with the same Part 1"),
        ("Earlier editions considered", editions),
        ("Figures published by others", str(account["elsewhere"])),
    ]


def _withheld(account: dict[str, Any], period: Period) -> str:
    rows = [
        [row["figure"], row["value"], _REASONS.get(row["reason"], row["reason"]), row["protects"]]
        for row in account["withheld"]
    ]
    header = ["Figure", "Value", "Why", "Protects"]
    listed = table(f"Withheld from Part 1, {period.label}", header, rows, numeric=[1])
    return _section("withheld", "What is withheld", listed if rows else "<p>Nothing is withheld.</p>")


def _unfixable(account: dict[str, Any]) -> str:
    if not account["unfixable"]:
        return ""
    rows = [[row["count"], row["because"]] for row in account["unfixable"]]
    listed = table("Counts that are public already", ["Count", "Given away by"], rows)
    return _section("public", "Public already", listed)


def _unlinked(account: dict[str, Any]) -> str:
    """List what could not be linked: a relation nobody states is a hole that nobody sees."""
    if not account["unlinked"]:
        return ""
    listed = "".join(f"<li>{escape(line)}</li>" for line in account["unlinked"])
    words = (
        "<p>The register says that these belong together, but the figures do not agree. A reader who knows "
        "better could use what the audit could not: see that they are right.</p>"
    )
    count = len(account["unlinked"])
    listed = f"<details><summary>{count} relations</summary><ul>{listed}</ul></details>"
    return _section("unlinked", "What does not add up", words + listed)


def _section(name: str, title: str, content: str) -> str:
    return f'<section aria-labelledby="{name}"><h2 id="{name}">{title}</h2>{content}</section>'
