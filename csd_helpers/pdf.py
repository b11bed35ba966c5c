"""A part's pages as one PDF, for those who want paper or a single file.

A browser writes the time into a PDF and numbers its parts anew each time, so the PDF is the one file of a
part that is not the same to the byte when it is made again.
"""

import re
import tempfile
from pathlib import Path

from csd_helpers.browser import print_page
from csd_helpers.errors import CsdError
from csd_helpers.manifest import digest, read_pages
from csd_helpers.period import Period
from csd_helpers.root import command, from_project, never_run

PDF = "pack.pdf"
_MAIN = re.compile(r'<main id="main" tabindex="-1">(.*)</main>', re.DOTALL)
_LINK = re.compile(r'href="([\w-]+)\.html(?:#([\w-]+))?"')


def write_pdfs(period: Period, root: Path) -> list[Path]:
    """Print the pages of each part of a pack as ``pack.pdf`` beside them.

    Raises
    ------
    CsdError
        If the period has not been run, its pages are not as the run left them, or there is no browser.
    """
    pack = root / "outputs" / str(period)
    pages = read_pages(pack)
    if not pages:
        raise never_run(period, root)
    changed = [name for name, facts in pages.items() if not _is_as_made(pack / name, facts["sha256"])]
    if changed:
        raise CsdError(
            f"the page {changed[0]} is not as its run left it",
            from_project(pack / changed[0], root),
            fix=f"run: {command(f'csd run {period}', root)}",
        )
    made = []
    for part in sorted({name.split("/")[0] for name in pages}):
        own = [pack / name for name in pages if name.startswith(f"{part}/")]
        target = pack / part / PDF
        _print(joined(_in_order(own)), target)
        made.append(target)
    return made


def joined(pages: list[Path]) -> str:
    """Return pages as one: what surrounds the first, the content of all, links made to lead within."""
    first = pages[0].read_text(encoding="utf-8")
    content = []
    for page in pages:
        found = _MAIN.search(page.read_text(encoding="utf-8"))
        if found is None:
            raise CsdError("the page has no content that can be printed", str(page))
        content.append(f'<div id="page-{page.stem}" class="printed">{found[1]}</div>')
    whole = _LINK.sub(lambda link: f'href="#{link[2] or "page-" + link[1]}"', "".join(content))
    return _MAIN.sub(lambda _: f'<main id="main" tabindex="-1">{whole}</main>', first)


def _in_order(pages: list[Path]) -> list[Path]:
    """Put the pages as the first one's navigation has them."""
    index = next(page for page in pages if page.name == "index.html")
    names = [f"{name}.html" for name, _ in _LINK.findall(index.read_text(encoding="utf-8"))]
    return sorted(pages, key=lambda page: names.index(page.name) if page.name in names else len(names))


def _print(html: str, target: Path) -> None:
    """Print a page and put the result in place in one step."""
    beside = target.with_name(f".{target.name}")
    with tempfile.TemporaryDirectory(prefix="csd-") as scratch:
        page, printed = Path(scratch) / "pack.html", Path(scratch) / PDF
        page.write_text(html, encoding="utf-8")
        print_page(page, printed)
        beside.write_bytes(printed.read_bytes())
    beside.replace(target)


def _is_as_made(page: Path, sha256: str) -> bool:
    return page.is_file() and digest(page) == sha256
