"""Charts from released figures: the same picture every time, readable without colour, described in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from textwrap import fill
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from csd_helpers.period import Period
from csd_helpers.svg import embedded, svg_of
from csd_helpers.tables import Html

_INK, LINE, _GREY, _BAND, _HIDDEN = "#0b0c0c", "#12436D", "#454a4d", "#e1f0ea", "#e6e7e9"
_EDGE = "#1a7f5a"
_STYLE: Any = {
    "axes.facecolor": "none",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": _INK,
    "text.color": _INK,
}
_LETTER = 0.085  # inches: what a letter takes at most, on average
_MARK = 0.2  # inches: the width of [c]
_LABELS = 0.59  # of a bar chart's width, before labels are broken into lines
_WIDE, _NARROW = (7.2, 3.3), (3.5, 3.2)  # inches: 690 and 340 pixels of a page


@dataclass(frozen=True)
class Trend:
    """A series as it may be shown: values by month (None where not shown), and what it is compared with."""

    months: Sequence[Period]
    values: Sequence[float | None]
    hidden: Sequence[bool]
    unit: str
    latest_text: str
    target: tuple[float, float] | None = None
    open_side: str = ""  # high: the band reaches up to the axis; low: down to it
    benchmarks: Sequence[tuple[str, float]] = field(default_factory=tuple)
    usual: tuple[float, float] | None = None  # the natural process limits of a monthly flow
    unusual: Sequence[int] = ()  # positions of the months out of the ordinary
    break_at: int = 0  # position of the first month counted by a changed definition; 0 for none
    target_from: int = 0  # position of the first month that the target is of


def trend_chart(trend: Trend, alt: str) -> Html:
    """Draw a series over its months with target range and benchmarks, wide and for a phone.

    Everything drawn, scales included, comes from values that are shown; a month that is not
    shown is a grey band marked [c] of the same height whatever it hides.
    """
    pictures = [_svg(trend, size) for size in (_NARROW, _WIDE)]
    return _picture(pictures, alt, _WIDE)


def bar_chart(labels: Sequence[str], values: Sequence[float | None], texts: Sequence[str], alt: str) -> Html:
    """Draw one bar for each category; a category that is not shown has its mark and no bar."""
    height = 0.6 + 0.42 * len(labels)
    pictures = [_bars(labels, values, texts, (width, height)) for width in (_NARROW[0], _WIDE[0])]
    return _picture(pictures, alt, (_WIDE[0], height))


def _bars(
    labels: Sequence[str], values: Sequence[float | None], texts: Sequence[str], size: tuple[float, float]
) -> str:
    with mpl.rc_context(_STYLE):
        lines = [fill(label, int(_LABELS * size[0] / _LETTER)) for label in labels]
        left = _LETTER * max(len(line) for label in lines for line in label.split("\n")) / size[0] + 0.03
        figure = Figure(figsize=size)
        axes = figure.add_axes((left, 0.02, 0.97 - left, 0.96))
        shown = np.array([0.0 if value is None else value for value in values])
        rows = np.arange(len(labels))[::-1]
        axes.barh(rows, shown, height=0.65, color=LINE)
        top = max(shown.max(initial=0.0), 1.0)
        for row, value, text in zip(rows, shown, texts, strict=True):
            axes.text(value + 0.02 * top, row, text, va="center", fontsize=10)
        room = _LETTER * max(len(text) for text in texts) / (0.97 - left) / size[0]  # for the longest number
        axes.set(xlim=(0, top * max(1.25, 1.02 / (1 - room))), ylim=(-0.6, len(labels) - 0.4), xticks=[])
        axes.set_yticks(rows, lines)
        axes.tick_params(length=0, width=0)
        axes.spines["bottom"].set_visible(False)
        return svg_of(figure)


def _svg(trend: Trend, size: tuple[float, float]) -> str:
    with mpl.rc_context(_STYLE):
        narrow = size is _NARROW
        figure = Figure(figsize=size)  # a new one takes less time than clearing one that was drawn on
        axes = figure.add_axes((0.14, 0.11, 0.38, 0.86) if narrow else (0.08, 0.1, 0.685, 0.87))
        low, high = _limits(trend)
        axes.set(xlim=(-0.5, len(trend.months) - 0.5), ylim=(low, high))
        _draw_target(axes, trend, low, high)
        _draw_series(axes, trend, low, high)
        _draw_labels(axes, trend, low, high)
        _draw_axes(axes, trend, narrow)
        return svg_of(figure)


def _limits(trend: Trend) -> tuple[float, float]:
    """Return the ends of the scale, from what is shown: values, target and benchmarks."""
    shown = [value for value in trend.values if value is not None]
    shown += [value for _, value in trend.benchmarks] + list(trend.target or ()) + list(trend.usual or ())
    if not shown:
        return 0.0, 1.0
    low, high = min(shown), max(shown)
    margin = 0.08 * ((high - low) or abs(high) or 1.0)
    top = min(high + margin, 100.0) if trend.unit == "percent" and high <= 100 else high + margin
    return max(low - margin, 0.0), max(top, low + 1e-9)


def _draw_target(axes: Axes, trend: Trend, low: float, high: float) -> None:
    if trend.target is None:
        return
    start = low if trend.open_side == "low" else trend.target[0]
    stop = high if trend.open_side == "high" else trend.target[1]
    left = trend.target_from / len(trend.months)
    axes.axhspan(start, stop, left, color=_BAND, lw=0, zorder=0)
    for edge in set(trend.target):
        axes.axhline(edge, left, color=_EDGE, lw=1, zorder=1)


def _draw_series(axes: Axes, trend: Trend, low: float, high: float) -> None:
    """Draw the line with gaps, and a band marked [c] over each month that is hidden.

    Where the definition changed the line breaks, and a dashed line stands between.
    """
    values = np.array([np.nan if value is None else value for value in trend.values], dtype=float)
    for places in filter(len, np.split(np.arange(len(values)), [trend.break_at])):
        axes.plot(places, values[places], color=LINE, lw=1.8, marker="o", ms=4, zorder=3)
    if trend.break_at:
        axes.axvline(trend.break_at - 0.5, color=_INK, lw=1, ls=(0, (4, 3)), zorder=2)
    for limit in trend.usual or ():
        axes.axhline(limit, trend.break_at / len(values), color=_GREY, lw=1, ls=(0, (1, 2)), zorder=2)
    unusual = list(trend.unusual)
    axes.plot(unusual, values[unusual], ls="", marker="D", ms=6, color=LINE, zorder=4)
    _draw_hidden(axes, trend, low + 0.02 * (high - low))


def _draw_hidden(axes: Axes, trend: Trend, height: float) -> None:
    """Draw a band over each stretch of hidden months, and its mark unless that stood over the one before."""
    width = axes.bbox.width / mpl.rcParams["figure.dpi"]  # inches
    apart, last = _MARK / width * len(trend.months), float("-inf")
    for start, stop in _stretches(trend.hidden):
        axes.axvspan(start - 0.5, stop + 0.5, color=_HIDDEN, lw=0, zorder=2)
        middle = (start + stop) / 2
        if middle - last >= apart:
            axes.text(middle, height, "[c]", ha="center", va="bottom", fontsize=9)
            last = middle


def _stretches(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """Return first and last position of every run of hidden months."""
    edges = np.flatnonzero(np.diff(np.r_[0, np.asarray(flags, dtype=int), 0]))
    return [(int(start), int(stop) - 1) for start, stop in zip(edges[::2], edges[1::2], strict=True)]


def _draw_labels(axes: Axes, trend: Trend, low: float, high: float) -> None:
    """Name the latest value and the benchmarks at the right, none over another."""
    end = len(trend.months) - 0.5
    wanted = [(value, name, _GREY, "normal") for name, value in trend.benchmarks]
    for value, *_ in wanted:
        axes.plot([end - 5, end], [value, value], color=_GREY, lw=1.2, ls=(0, (4, 2)), zorder=2)
    if trend.values[-1] is not None:
        wanted.append((trend.values[-1], trend.latest_text, LINE, "bold"))
    wanted.sort(key=lambda label: label[0])
    heights = _spread([value for value, *_ in wanted], low, high)
    for height, (_, name, colour, weight) in zip(heights, wanted, strict=True):
        axes.text(
            end + 0.2, height, name, color=colour, weight=weight, va="center", fontsize=9.5, clip_on=False
        )


def _spread(values: Sequence[float], low: float, high: float) -> list[float]:
    """Move labels apart until each has room, keeping their order and staying on the chart."""
    room = 0.075 * (high - low)
    heights: list[float] = []
    for value in values:
        heights.append(max(value, heights[-1] + room if heights else low))
    for at in range(len(heights) - 1, -1, -1):
        ceiling = high if at == len(heights) - 1 else heights[at + 1] - room
        heights[at] = min(heights[at], ceiling)
    return heights


def _draw_axes(axes: Axes, trend: Trend, narrow: bool) -> None:
    sign = "%" if trend.unit == "percent" else ""
    axes.yaxis.set_major_locator(mpl.ticker.MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}{sign}")
    every = max(len(trend.months) // (2 if narrow else 4), 1)
    places = list(range(len(trend.months) - 1, -1, -every))
    axes.set_xticks(places, [trend.months[place].short_label for place in places])
    axes.tick_params(length=0, width=0)
    axes.grid(axis="y", color="#d8dadc", lw=0.6, zorder=0)


def _picture(pictures: Sequence[str], alt: str, size: tuple[float, float]) -> Html:
    """Return a picture that is narrow on a phone and wide elsewhere."""
    narrow, wide = (embedded(svg) for svg in pictures)
    width, height = (round(96 * inches) for inches in size)
    return Html(
        f'<picture><source media="(max-width: 30rem)" srcset="{narrow}">'
        f'<img src="{wide}" width="{width}" height="{height}" alt="{escape(alt)}"></picture>'
    )
