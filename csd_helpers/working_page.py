"""The frame of every page in the working folder: nothing is fetched, and no script runs."""

from html import escape

_CSS = """
body { font: 1.0625rem/1.5 Arial, Helvetica, sans-serif; color: #0b0c0c; background: #fff; margin: 0 auto;
  max-width: 70rem; padding: 0 1rem 2rem }
.mark { background: #6b0f0a; color: #fff; font-weight: 700; padding: .25rem .5rem }
h1 { font-size: 1.9rem; line-height: 1.2 }
h2 { font-size: 1.4rem; margin-top: 2.5rem; padding-top: 1rem; border-top: 2px solid #0b0c0c }
h3 { font-size: 1.15rem; margin-bottom: .25rem }
p, li { max-width: 46rem; overflow-wrap: break-word }
dt { font-weight: 700 }
dd { margin: 0 0 .5rem; max-width: 46rem }
.severity { border: 2px solid #0b0c0c; padding: 0 .4rem; font-size: 1rem }
.blocking { background: #6b0f0a; color: #fff }
.warning { background: #ffc84a }
.scroll { overflow-x: auto }
.scroll:focus-visible { outline: 3px solid #0b0c0c }
table { border-collapse: collapse; margin: .5rem 0 }
caption { text-align: left; font-weight: 700; padding: .25rem 0 }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #767d81 }
tbody th { font-weight: 400 }
.n { text-align: right }
pre { overflow-x: auto; max-width: 100%; padding: .5rem; border: 1px solid #767d81; white-space: pre-wrap;
  overflow-wrap: anywhere }
""".strip()
_PAGE = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>{css}</style>
</head>
<body>
<header><p class="mark">{marking}</p></header>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""


def working_page(title: str, marking: str, content: str) -> str:
    """Return a page of the working folder: nothing is fetched, and no script runs."""
    return _PAGE.format(title=escape(title), css=_CSS, marking=escape(marking), content=content)
