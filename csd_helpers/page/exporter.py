"""The pack's own page: ``jupyter nbconvert --to csd`` and JupyterLab's menu of exports make it."""

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets import default
from traitlets.config import Config

from csd_helpers.errors import CsdError
from csd_helpers.page.cells import ReportCells
from csd_helpers.page.gate import reasons_to_refuse
from csd_helpers.page.sanitise import markdown_html, safe_html

TEMPLATES = Path(__file__).parent / "template"
#: What the style sheet is better read with, and pages do without.
_SPARE = [(r"/\*.*?\*/", ""), (r"\s+", " "), (r" ?([{};,>]) ?", r"\1"), (r": ", ":"), (r";}", "}")]
DRAFT: dict[str, Any] = {
    "org": "Draft preview",
    "title": "Draft preview",
    "part": 0,
    "marking": "DRAFT: not for circulation",
    "nav": [],
    "months": [],
    "footer": "Draft: made by hand, outside a run of the pack.",
    "downloads": [],
}


class CsdExporter(HTMLExporter):
    """Make a page of what a notebook tags for it; refuse one that would give more away.

    The facts of the page are given as ``resources={"page": {...}}``: ``org``, ``title``, ``part``,
    ``marking``, ``nav`` (of ``href``, ``text``, ``current``), ``months`` (other ones) and
    ``downloads`` (of ``href``, ``text``) and ``footer``. Without them the page says that it is a draft.
    """

    export_from_notebook = "Council report page"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "csd"

    @default("extra_template_basedirs")
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(TEMPLATES)]

    @property
    def default_config(self) -> Config:
        """Allow-listed cells alone, no code, no anchor links, nothing read from files."""
        own = {
            "preprocessors": [ReportCells],
            "exclude_input": True,
            "exclude_anchor_links": True,
            "embed_images": False,
        }
        config = super().default_config.copy()
        config.merge(Config({"CsdExporter": own}))
        return config

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        """Yield the filters of the template: nbconvert's, and the two that sanitise."""
        yield from super().default_filters()
        yield "safe_html", safe_html
        yield "safe_markdown", markdown_html

    def _init_resources(self, resources: dict[str, Any] | None) -> dict[str, Any]:
        own: dict[str, Any] = super()._init_resources(resources)
        css, digest = stylesheet()
        own["page"] = DRAFT | dict(own.get("page", {})) | {"css": css, "css_sha": digest}
        return own

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page and its resources.

        Raises
        ------
        CsdError
            When a cell of the notebook failed, or the gate finds what must not leave.
        """
        # HTMLExporter would read the page once more, for what this template writes itself or has not.
        html, own = super(HTMLExporter, self).from_notebook_node(nb, resources, **options)
        reasons = reasons_to_refuse(html)
        if reasons:
            raise refusal(own["page"]["title"], reasons)
        return html, own


def refusal(title: str, reasons: list[str]) -> CsdError:
    """Return the error that says which page is refused and each reason."""
    return CsdError(
        f"the page '{title}' is refused: {'; '.join(reasons)}",
        expected="only text, tables and inlined pictures of the pack's own helpers",
        fix="correct the cell or the commentary that writes this, and make the page again",
        exit_code=1,
    )


@cache
def stylesheet() -> tuple[str, str]:
    """Return the style sheet as pages carry it, and the digest by which their policy admits it alone."""
    css = (TEMPLATES / "csd" / "report.css").read_text(encoding="utf-8")
    for spare, kept in _SPARE:
        css = re.sub(spare, kept, css, flags=re.DOTALL)
    return css.strip(), base64.b64encode(hashlib.sha256(css.strip().encode()).digest()).decode()
