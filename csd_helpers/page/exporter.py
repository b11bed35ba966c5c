"""The exporter: ``jupyter nbconvert --to csd`` and JupyterLab's export menu make the pack's own page."""

import base64
import hashlib
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

_TEMPLATES = Path(__file__).parent / "template"
_DRAFT: dict[str, Any] = {
    "org": "Draft preview",
    "title": "Draft preview",
    "part": 0,
    "marking": "DRAFT: not for circulation",
    "nav": [],
    "footer": "Made by hand, outside a run.",
    "downloads": [],
}


class CsdExporter(HTMLExporter):
    """Make a page of what a notebook marks for the report, and refuse one that would give more away.

    Examples
    --------
    On the command line: ``jupyter nbconvert --to csd looked_after.ipynb``.
    """

    export_from_notebook = "Scrutiny report page"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "csd"

    @default("extra_template_basedirs")
    def _template_folders(self) -> list[str]:
        return [str(_TEMPLATES)]

    @property
    def default_config(self) -> Config:
        """Only the cells that may leave, no code, no anchors, nothing embedded from files."""
        own = Config(
            {
                "CsdExporter": {
                    "preprocessors": [ReportCells],
                    "exclude_input": True,
                    "exclude_anchor_links": True,
                    "embed_images": False,
                }
            }
        )
        config = super().default_config.copy()
        config.merge(own)
        return config

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        """Add the filters the template sanitises with."""
        yield from super().default_filters()
        yield "safe_html", safe_html
        yield "safe_markdown", markdown_html

    def _init_resources(self, resources: dict[str, Any] | None) -> dict[str, Any]:
        own: dict[str, Any] = super()._init_resources(resources)
        style, digest = stylesheet()
        own["page"] = _DRAFT | dict(own.get("page", {})) | {"css": style, "css_sha": digest}
        return own

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page, or refuse it.

        Raises
        ------
        CsdError
            If the gate finds anything in the finished page that should not leave.
        """
        html, own = super().from_notebook_node(nb, resources, **options)
        refused = reasons_to_refuse(html)
        if refused:
            title = own["page"]["title"]
            raise CsdError(f"the page '{title}' is refused: it holds " + "; ".join(refused[:5]), exit_code=1)
        return html, own


@cache
def stylesheet() -> tuple[str, str]:
    """Return the stylesheet and the hash by which the page's policy knows it."""
    style = (_TEMPLATES / "csd" / "report.css").read_text(encoding="utf-8").strip()
    return style, base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
