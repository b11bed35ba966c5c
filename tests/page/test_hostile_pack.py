"""A pack in which all that people write is hostile: nothing runs, nothing is fetched."""

import io
import json
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from csd_helpers.pack import Pack, open_pack
from csd_helpers.page.gate import reasons_to_refuse
from csd_helpers.page.sanitise import markdown_html
from csd_helpers.part_files import part_files
from csd_helpers.prepared import Prepared
from tests.page.harm import harmful
from tests.page.hostile import ATTACKS, code, page

#: What a page is refused for altogether: the others must leave one that does no harm.
REFUSED = "{{7*7}}"
FREE = {
    *("accessibility", "as_at", "author", "commentary_author", "commentary_date", "contact", "council"),
    *("date", "definition", "denominator", "distance_text", "figure", "geography", "label", "marking"),
    *("numerator", "numerator_text", "owner", "question", "report_date", "since_text", "source"),
    *("target_text", "title"),
}


def hostile(value: Any, attacks: Iterator[str], name: str = "") -> Any:
    """Return a part of ``pack.json`` with one attack after another in place of all that people wrote."""
    if isinstance(value, dict):
        return {key: hostile(inner, attacks, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [hostile(inner, attacks, name) for inner in value]
    if name in ("commentary_html", "html") and value:
        return markdown_html(next(attacks))
    return next(attacks) if name in FREE and isinstance(value, str) and value else value


@pytest.fixture(scope="module")
def attacked(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return Part 2's release folder with hostile words and categories."""
    folder = tmp_path_factory.mktemp("hostile")
    attacks = cycle(attack for attack in ATTACKS if attack != REFUSED)
    told = json.loads((prepared.releases[2] / "pack.json").read_text(encoding="utf-8"))
    (folder / "pack.json").write_text(json.dumps(hostile(told, attacks)), encoding="utf-8")
    figures = pd.read_parquet(prepared.releases[2] / "figures.parquet")
    names = {category: next(attacks) for category in figures["category"].unique() if category != "all"}
    for column, new in (
        ("category", names),
        ("title", {title: next(attacks) for title in set(figures["title"])}),
    ):
        figures[column] = figures[column].map(lambda text, new=new: new.get(text, text))
    figures.to_parquet(folder / "figures.parquet", index=False)
    return folder


def pages(pack: Pack) -> Iterator[str]:
    """Yield the summary, the committee report and a page for each group."""
    yield page(
        code(pack.heading().content),
        *(code(p.content) for p in (pack.summary(), pack.commentary(), pack.notes())),
    )
    yield page(code(pack.report().content))
    for group in pack.content["groups"]:
        own = [entry for entry in pack.content["indicators"] if entry["group"] == group["key"]]
        shown = [pack.indicator(entry["key"]) for entry in own]
        shown += [pack.breakdown(e["key"], *(b["key"] for b in e["breakdowns"])) for e in own]
        yield page(code(pack.heading(group["key"]).content), *(code(piece.content) for piece in shown))


@pytest.fixture(scope="module")
def written(attacked: Path) -> list[str]:
    """Return the pages of the hostile pack."""
    return list(pages(open_pack("2020-10", 2, str(attacked))))


def test_no_page_of_a_hostile_pack_does_harm(written: list[str]) -> None:
    assert len(written) == 9
    assert [harmful(html) + reasons_to_refuse(html) for html in written] == [[]] * 9
    assert "&lt;script" in written[0]  # what was typed is shown as it was typed


def test_nothing_runs_and_nothing_is_fetched_even_without_the_policy(
    written: list[str], browser: Any, tmp_path: Path
) -> None:
    done: list[str] = []
    context = browser.new_context(bypass_csp=True)
    tab = context.new_page()
    tab.on("dialog", lambda dialog: (done.append(dialog.message), dialog.dismiss()))
    tab.on(
        "request", lambda request: done.append(request.url) if not request.url.startswith("data:") else None
    )
    for number, html in enumerate(written):
        (tmp_path / f"{number}.html").write_text(html, encoding="utf-8")
        tab.goto((tmp_path / f"{number}.html").as_uri())
        assert tab.evaluate("document.scripts.length") == 0
    context.close()
    assert done == [(tmp_path / f"{number}.html").as_uri() for number in range(9)]


def test_the_files_beside_them_hold_no_formula(attacked: Path) -> None:
    csv = part_files(attacked)["data.csv"].decode("utf-8-sig")
    assert '=HYPERLINK(""https://evil.example/"",""x"")' in csv
    cells = pd.read_csv(io.StringIO(csv), dtype=str).fillna("")
    assert not cells.map(lambda text: text.startswith(("=", "+", "-", "@", "\t", "\r"))).any().any()
