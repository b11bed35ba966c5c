"""Small pictures: what matplotlib draws, written as the least SVG that shows it."""

from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import quote

from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Transform

FONTS = "Arial,Helvetica,sans-serif"
_UNITS = 2  # to a point: finer than a screen shows, and every number a whole one
_LETTER, _HEIGHT = 0.5, 0.72  # width and height of a letter beside the size of its type
_ANCHORS = {"center": "middle", "right": "end"}
_PLAIN = "'=:,/()"  # what needs no escape in an address


def svg_of(figure: Figure) -> str:
    """Return a figure as SVG, the same letters on every computer.

    Every chart stands twice on a page, wide and for a phone, and pages go by e-mail: matplotlib's own
    SVG is five times the size, and its layout hangs on the fonts a computer has.
    """
    width, height = (72 * inches for inches in figure.get_size_inches())
    figure.set_dpi(72)
    renderer = SvgRenderer(width, height)
    figure.draw(renderer)
    size = f"{round(width * _UNITS)},{round(height * _UNITS)}"
    opening = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0,0,{size}' fill='none'"
    return f"{opening} font-family='{FONTS}'>{''.join(renderer.written())}</svg>"


def embedded(svg: str) -> str:
    """Return SVG as the address of an image, so that the page needs no other file."""
    return "data:image/svg+xml," + quote(svg, safe=_PLAIN)


class SvgRenderer(RendererBase):
    """Write paths and texts, those of one style as one element.

    Nothing is clipped: charts draw nothing beyond their axes.
    """

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self._size = width, height
        self._up = Affine2D().scale(_UNITS, -_UNITS).translate(0, height * _UNITS)
        self._paths: list[tuple[str, list[str]]] = []  # style and steps, in the order of drawing
        self._texts: dict[str, list[str]] = {}  # by style

    def written(self) -> Iterator[str]:
        """Return the elements drawn so far, texts over paths."""
        for style, steps in self._paths:
            yield f"<path{style} d='{''.join(steps)}'/>"
        for style, texts in self._texts.items():
            yield f"<g{style}>{''.join(texts)}</g>"

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Return the size in points."""
        return self._size

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        """Return about the size of a text: places are right because the browser aligns it itself."""
        size = prop.get_size_in_points()
        return _LETTER * size * len(s), _HEIGHT * size, 0.0

    def draw_path(
        self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: Any = None
    ) -> None:
        """Write a path."""
        self._add(_style(gc, rgbFace), _steps(path, transform + self._up))

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: Any = None,
    ) -> None:
        """Write a marker at every point of a path; a round one is the round end of a line without length."""
        marker = marker_path.transformed(marker_trans)
        codes: Any = marker.codes
        points = [point for point, _ in path.iter_segments(trans, simplify=False)]
        if codes is not None and Path.CURVE4 in codes:
            width = round(marker.get_extents().width * _UNITS)
            style = f" stroke='{_hex(rgbFace)}' stroke-width='{width}' stroke-linecap='round'"
            for x, y in map(self._up.transform, points):  # of a line that is not there: none
                self._add(style, f"M{round(x)},{round(y)}h0")
        else:
            for x, y in points:
                self._add(_style(gc, rgbFace), _steps(marker, Affine2D().translate(x, y) + self._up))

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        """Write a line of text at its anchor."""
        anchor = _ANCHORS.get(mtext.get_horizontalalignment(), "") if mtext else ""
        if mtext:
            x = mtext.get_transform().transform(mtext.get_unitless_position())[0]
        style = f" fill='{_hex(gc.get_rgb())}' font-size='{round(prop.get_size_in_points() * _UNITS)}'"
        style += f" text-anchor='{anchor}'" if anchor else ""
        style += " font-weight='bold'" if prop.get_weight() == "bold" else ""
        place = f"x='{round(x * _UNITS)}' y='{round(y * _UNITS)}'"  # down from the top, as flipy says
        self._texts.setdefault(style, []).append(f"<text {place}>{escape(s)}</text>")

    def _add(self, style: str, steps: str) -> None:
        """Add to the path before, if it looks the same; nothing for what cannot be seen."""
        if self._paths and self._paths[-1][0] == style:
            self._paths[-1][1].append(steps)
        elif style:
            self._paths.append((style, [steps]))


def _hex(colour: Any) -> str:
    """Return a colour in as few letters as it needs."""
    name = to_hex(colour)
    return "#" + name[1::2] if name[1::2] == name[2::2] else name


def _style(gc: GraphicsContextBase, face: Any) -> str:
    """Return fill and stroke; empty for what cannot be seen."""
    fill = f" fill='{_hex(face)}'" if face is not None else ""
    width = gc.get_linewidth() * _UNITS
    if not width:
        return fill
    dashes: Any = gc.get_dashes()[1]
    dashed = ",".join(f"{dash * _UNITS:.0f}" for dash in dashes or ())
    stroke = f" stroke='{_hex(gc.get_rgb())}' stroke-width='{width:.3g}'"
    return fill + stroke + (f" stroke-dasharray='{dashed}'" if dashed else "")


def _steps(path: Path, transform: Transform) -> str:
    """Return a path as steps in whole units from one point to the next."""
    steps: list[str] = []
    here = (0, 0)
    segments: Any = path.iter_segments(transform, remove_nans=True, simplify=False, curves=False)
    for vertices, code in segments:
        if code == Path.CLOSEPOLY:
            steps.append("z")
            continue
        there = round(vertices[0]), round(vertices[1])
        steps.append(f"M{there[0]},{there[1]}" if code == Path.MOVETO else _step(here, there))
        here = there
    return "".join(steps)


def _step(here: tuple[int, int], there: tuple[int, int]) -> str:
    right, down = there[0] - here[0], there[1] - here[1]
    if not down:
        return f"h{right}"
    return f"v{down}" if not right else f"l{right},{down}".replace(",-", "-")
