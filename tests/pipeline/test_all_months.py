"""The list of all months, and a part as one PDF."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from csd_helpers import browser as browsers
from csd_helpers.all_months import page_of_months, write_all_months
from csd_helpers.cli import cli
from csd_helpers.errors import CsdError
from csd_helpers.manifest import digest
from csd_helpers.page.gate import reasons_to_refuse
from csd_helpers.pdf import joined, write_pdfs
from tests.conftest import OCTOBER
from tests.page.conftest import browser  # noqa: F401
from tests.page.test_pages import RULES


def make_pack(root: Path, period: str, council: str = "Example Borough") -> Path:
    """Write a pack of two plain pages to each part, with its manifest."""
    pack, pages = root / "outputs" / period, {}
    for part in ("part1", "part2"):
        (pack / part).mkdir(parents=True)
        nav = '<nav><a href="index.html">S</a><a href="report.html">R</a></nav>'
        for name in ("report", "index"):
            content = f'<h1 id="{name}-{part}">{name}</h1><p><a href="report.html#report-{part}">see</a></p>'
            page = pack / part / f"{name}.html"
            page.write_text(f'<html lang="en">{nav}<main id="main" tabindex="-1">{content}</main></html>')
            pages[f"{part}/{name}.html"] = {"sha256": digest(page)}
    manifest = {"pages": pages, "parameters": {"council": council}}
    (pack / "manifest.json").write_text(json.dumps(manifest))
    return pack


def test_the_months_are_listed_newest_first_with_links_to_their_own_part(tmp_path: Path) -> None:
    for period in ("2020-09", "2020-10", "2021-01"):
        make_pack(tmp_path, period)
    (tmp_path / "outputs" / "2020-11.failed" / "part1").mkdir(parents=True)
    (tmp_path / "outputs" / "2020-09" / "part1" / "report.html").unlink()
    html = page_of_months(tmp_path, 1)
    assert reasons_to_refuse(html) == []
    assert [link.split('"')[0] for link in html.split('<a href="')[1:]] == [
        "2021-01/part1/index.html", "2021-01/part1/report.html", "2020-10/part1/index.html",
        "2020-10/part1/report.html", "2020-09/part1/index.html",
    ]  # fmt: skip
    assert "part2" not in html.replace(".part2", "") and "Part 2" not in html
    assert "Example Borough" in html and "failed" not in html


def test_where_no_pack_tells_it_the_list_blames_no_file_for_a_missing_paragraph(tmp_path: Path) -> None:
    assert "Part 2: exempt, not for publication</strong>" in page_of_months(tmp_path, 2)
    assert "Part 1: public</strong>" in page_of_months(tmp_path, 1)


def test_both_lists_are_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    make_pack(tmp_path, "2020-10", council="<b>Hostile</b>")
    (tmp_path / "outputs" / "published" / "2020-10" / "part1").mkdir(parents=True)
    write_all_months(tmp_path)
    published = (tmp_path / "outputs" / "published" / "part1.html").read_text(encoding="utf-8")
    assert 'id="m2020-10"' in published and "November" not in published
    assert sorted(path.name for path in (tmp_path / "outputs").iterdir()) == [
        "2020-10",
        "part1.html",
        "part2.html",
        "published",
    ]
    html = (tmp_path / "outputs" / "part2.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;Hostile" in html and 'href="2020-10/part2/report.html"' in html
    assert "Part 2: exempt" in html


def test_axe_finds_no_fault_in_the_list(tmp_path: Path, browser: Any) -> None:  # noqa: F811
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    make_pack(tmp_path, "2020-10")
    page = tmp_path / "outputs" / "part1.html"
    page.write_text(page_of_months(tmp_path, 1), encoding="utf-8")
    tab = browser.new_context(bypass_csp=True, viewport={"width": 320, "height": 700}).new_page()
    tab.goto(page.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth") == 320
    assert axe.run(tab, options=RULES).response["violations"] == []
    tab.close()


def test_pages_are_joined_so_that_links_lead_within(tmp_path: Path) -> None:
    pack = make_pack(tmp_path, "2020-10")
    whole = joined([pack / "part1" / "index.html", pack / "part1" / "report.html"])
    main = whole.split("<main")[1]
    assert main.index('id="page-index"') < main.index('id="page-report"')
    assert main.count('href="#report-part1"') == 2 and ".html" not in main


def test_each_part_is_printed_from_its_own_pages_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = make_pack(tmp_path, "2020-10")
    monkeypatch.setattr("csd_helpers.pdf.print_page", shutil.copyfile)
    assert write_pdfs(OCTOBER, tmp_path) == [pack / "part1" / "pack.pdf", pack / "part2" / "pack.pdf"]
    printed = (pack / "part1" / "pack.pdf").read_text()
    assert "report-part1" in printed and "part2" not in printed
    assert sorted(path.name for path in (pack / "part1").iterdir()) == [
        "index.html",
        "pack.pdf",
        "report.html",
    ]


def test_a_page_that_was_changed_is_not_printed(tmp_path: Path) -> None:
    pack = make_pack(tmp_path, "2020-10")
    (pack / "part1" / "index.html").write_text("changed")
    with pytest.raises(CsdError, match=r"part1/index\.html is not as its run left it"):
        write_pdfs(OCTOBER, tmp_path)
    assert not list(pack.rglob("*.pdf"))


def test_without_a_browser_the_command_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_pack(tmp_path, "2020-10")
    monkeypatch.setattr(browsers.shutil, "which", lambda name: None)
    monkeypatch.setattr(browsers, "_MAC", ())
    for name in browsers._FOLDERS:
        monkeypatch.delenv(name, raising=False)
    told = CliRunner().invoke(cli, ["pdf", "2020-10", "--root", str(tmp_path)])
    assert isinstance(told.exception, CsdError)
    assert "Chromium, Google Chrome or Microsoft Edge" in str(told.exception)
    assert "print it to a PDF" in str(told.exception)


def test_a_browser_is_found_where_windows_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edge = tmp_path / browsers._WINDOWS[1]
    edge.parent.mkdir(parents=True, exist_ok=True)
    edge.touch()
    monkeypatch.setattr(browsers.shutil, "which", lambda name: None)
    monkeypatch.setenv("PROGRAMFILES(X86)", str(tmp_path))
    assert browsers.find_browser() == edge


def test_a_real_browser_prints_a_tagged_pdf(tmp_path: Path) -> None:
    try:
        browsers.find_browser()
    except CsdError:
        pytest.skip("Chromium is not installed on this machine")
    pack = make_pack(tmp_path, "2020-10")
    browsers.print_page(pack / "part1" / "index.html", tmp_path / "one.pdf")
    content = (tmp_path / "one.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in content and b"/Outlines" in content  # tagged, and with an outline
