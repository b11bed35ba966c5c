"""Sparklines: the shape of a series at the height of a line of text."""

from collections.abc import Sequence
from html import escape

from csd_helpers.charts import LINE
from csd_helpers.svg import embedded
from csd_helpers.tables import Html


def sparkline(values: Sequence[float | None], target: tuple[float, float] | None, alt: str) -> Html:
    """Draw a series the height of a line: the shape of the last months, the latest one dotted."""
    width, height, pad = 120, 28, 4
    shown = [value for value in values if value is not None]
    if len(shown) < 2:
        return Html('<span class="note">too few figures</span>')
    low, high = min(shown), max(shown)
    span = (high - low) or 1.0
    step = (width - 2 * pad) / (len(values) - 1)
    points = [
        None if v is None else (pad + i * step, height - pad - (v - low) / span * (height - 2 * pad))
        for i, v in enumerate(values)
    ]
    band = _spark_band(target, low, span, width, height, pad)
    pen = f'fill="none" stroke="{LINE}" stroke-width="1.5"'
    lines = "".join(f'<polyline points="{run}" {pen}/>' for run in _runs(points))
    last = points[-1]
    dot = f'<circle cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="2.5" fill="{LINE}"/>' if last else ""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<rect width="{width}" height="{height}" fill="#fff"/>{band}{lines}{dot}</svg>'
    )
    return Html(f'<img src="{embedded(svg)}" width="{width}" height="{height}" alt="{escape(alt)}">')


def _spark_band(
    target: tuple[float, float] | None, low: float, span: float, width: int, height: int, pad: int
) -> str:
    if target is None:
        return ""
    bottom, top = (height - pad - (edge - low) / span * (height - 2 * pad) for edge in target)
    top, bottom = max(top, 0.0), min(bottom, float(height))
    if bottom <= top:
        return ""
    return f'<rect y="{top:.1f}" width="{width}" height="{bottom - top:.1f}" fill="#cfe6dc"/>'


def _runs(points: Sequence[tuple[float, float] | None]) -> list[str]:
    """Return the unbroken runs of a line; a single point becomes a short stroke."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    long = [run if len(run) > 1 else [run[0], (run[0][0] + 1, run[0][1])] for run in runs if run]
    return [" ".join(f"{x:.1f},{y:.1f}" for x, y in run) for run in long]
