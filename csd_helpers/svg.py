"""Small pictures: matplotlib's SVG without what a page does not need, which is two thirds of it."""

import base64
import re

FONTS = "Arial,Helvetica,sans-serif"
_STYLE = f"path{{fill:none}}text{{font:10px {FONTS}}}"
_NUMBER = r"-?[\d.]+"
_DROPPED = [
    (re.compile(pattern, re.S), replacement)
    for pattern, replacement in [
        (r"<\?xml.*?<svg", "<svg"),
        (r"<metadata>.*?</metadata>|<!--.*?-->|<style.*?</style>", ""),
        (r"\s*\n\s*", " "),
        (r"> <", "><"),
        (r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r"\1"),
        (r' (?:xmlns:xlink|version|clip-path|transform)="[^"]*"', ""),
        (r"<defs>(?:</defs>|<clipPath.*?</clipPath></defs>)", ""),
        (r"xlink:href", "href"),
        (r"(\d+\.\d)\d+", r"\1"),
        (r"(\d)\.0(?=[^\d])", r"\1"),
        (r' id="(?:figure|axes|patch|line2d|text|xtick|ytick|matplotlib)[^"]*"', ""),
        (r"#000000", "#000"),
        (r"#ffffff", "#fff"),
        (r'([";]) ?(?:fill: ?none|font-family: [^;"]*|text-anchor: ?start|font-size: ?10px|'
         r'stroke-line(?:join|cap): ?[a-z]+|stroke-dashoffset: ?0)(?=[;"])', r"\1"),
        (r'([";]);+', r"\1"),
        (r'([":;,]) +', r"\1"),
        (r';+"', '"'),
        (r' style=""', ""),
        (r'(<use [^>]*?) style="[^"]*"', r"\1"),
        (r" L ", " "),
        (r'([MLC]) | (?=z?"/>)', r"\1"),
        (r"<g/>|<g></g>", ""),
    ]
]  # fmt: skip
_DOTS = re.compile(
    r'<defs><path id="\w+" d="[^"]*C[^"]*" style="[^"]*?stroke:(#\w+)[^"]*"/></defs>'
    r"<g>((?:<use [^>]*/>)+)</g>"
)
_PLACE = re.compile(rf'x="({_NUMBER})" y="({_NUMBER})"')
_NAME = re.compile(r'(?<=id=")\w+(?=")')


def smaller(svg: str) -> str:
    """Return matplotlib's SVG with the same picture and a third of the text.

    Every chart stands twice on a page, wide and for a phone, and pages go by e-mail. Round markers become
    one path of dots; nothing is clipped, since charts draw nothing beyond their axes.

    Parameters
    ----------
    svg
        As ``Figure.savefig`` writes it with text as text.
    """
    for pattern, replacement in _DROPPED:
        svg = pattern.sub(replacement, svg)
    svg = _DOTS.sub(_dots, svg)
    for number, name in enumerate(dict.fromkeys(_NAME.findall(svg))):
        svg = svg.replace(f'id="{name}"', f'id="m{number}"').replace(f'"#{name}"', f'"#m{number}"')
    return re.sub(r"(<svg[^>]*>)", rf"\1<style>{_STYLE}</style>", svg, count=1).strip()


def embedded(svg: str) -> str:
    """Return SVG as the address of an image, so that the page needs no other file."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _dots(found: re.Match[str]) -> str:
    """Draw round markers as the round ends of strokes without length."""
    colour, uses = found.groups()
    path = "".join(f"M{x} {y}h0" for x, y in _PLACE.findall(uses))
    return f'<path d="{path}" style="stroke:{colour};stroke-width:5;stroke-linecap:round"/>'
