"""Sparklines: the shape of a series at the height of a line of text."""

from collections.abc import Sequence
from html import escape

import numpy as np

from csd_helpers.svg import embedded
from csd_helpers.tables import Html

_WIDTH, _HEIGHT, _PAD, _DOT = 80, 20, 2, 1  # shown half as large again, so that whole units are fine enough
_LINE, _BAND = "navy", "#cec"


def sparkline(
    values: Sequence[float | None], target: tuple[float, float] | None, alt: str, break_at: int = 0
) -> Html:
    """Draw a series the height of a line: the shape of the last months, the latest one marked.

    The scale comes from the values that are shown, and the target range is the band behind them. At
    ``break_at``, if it is not 0, the definition changed: no line leads there.
    """
    known = np.array([np.nan if value is None else value for value in values], dtype=float)
    if np.count_nonzero(~np.isnan(known)) < 2:
        return Html('<span class="note">too few figures</span>')
    low, span = np.nanmin(known), np.ptp(known[~np.isnan(known)]) or 1.0
    places = np.linspace(_PAD, _WIDTH - _PAD, len(known)).round()
    heights = _heights(known, low, span)
    svg = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0,0,{_WIDTH},{_HEIGHT}'>{_band(target, low, span)}"
        f"<path fill='none' stroke='{_LINE}' d='{_line(places, heights, break_at)}'/></svg>"
    )
    return Html(f'<img src="{embedded(svg)}" alt="{escape(alt)}">')


def _heights(values: np.ndarray, low: float, span: float) -> np.ndarray:
    """Return how far down from the top values are drawn."""
    return (_HEIGHT - _PAD - (values - low) / span * (_HEIGHT - 2 * _PAD)).round()


def _band(target: tuple[float, float] | None, low: float, span: float) -> str:
    if target is None:
        return ""
    bottom, top = np.clip(_heights(np.array(target), low, span), 0, _HEIGHT)
    if bottom <= top:
        return ""
    return f"<path fill='{_BAND}' d='M0,{top:.0f}h{_WIDTH}v{bottom - top:.0f}H0z'/>"


def _line(places: np.ndarray, heights: np.ndarray, break_at: int) -> str:
    """Return the unbroken runs of a line as steps, a month alone as a stroke, the last one as a dot."""
    shown, steps = ~np.isnan(heights), []
    for at in np.flatnonzero(shown):
        if at and shown[at - 1] and at != break_at:
            right, down = places[at] - places[at - 1], heights[at] - heights[at - 1]
            steps.append(f"l{right:.0f},{down:.0f}" if down else f"h{right:.0f}")
        else:
            alone = at + 1 == len(shown) or not shown[at + 1] or at + 1 == break_at
            steps.append(f"M{places[at] - alone:.0f},{heights[at]:.0f}" + ("h2" if alone else ""))
    end = f"m-{_DOT},-{_DOT}h{2 * _DOT}v{2 * _DOT}z" if shown[-1] else ""
    return ("".join(steps) + end).replace(",-", "-")
