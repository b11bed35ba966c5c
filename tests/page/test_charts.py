"""What a chart draws of the values it is given, and of those it is not."""

import re
from dataclasses import replace
from itertools import pairwise
from urllib.parse import unquote

from csd_helpers.charts import Trend, bar_chart, trend_chart
from csd_helpers.period import Period

MAY = Period.parse("2020-05")
TWO = Trend([MAY, MAY + 1], [40.0, 60.0], [False, False], "percent", "60%", target=(50.0, 70.0))


def wide(trend: Trend) -> str:
    """Return the picture for a desk, as SVG."""
    return _picture(trend, "img src")


def narrow(trend: Trend) -> str:
    """Return the picture for a phone, as SVG."""
    return _picture(trend, "srcset")


def _picture(trend: Trend, place: str) -> str:
    return unquote(re.search(place + r'="data:image/svg\+xml,([^"]*)"', trend_chart(trend, ""))[1])


def dots(svg: str) -> list[str]:
    """Return where round markers stand from the left, in half points."""
    return re.findall(r"M(\d+),\d+h0", svg)


def test_a_dot_stands_at_each_month() -> None:
    """Of 1,036.8 half points (7.2 inches) the months have 0.685, from 0.08 on: at a quarter and three."""
    assert dots(wide(TWO)) == ["260", "616"]


def test_a_month_that_is_not_shown_has_its_mark_and_no_dot() -> None:
    drawn = wide(replace(TWO, values=[40.0, None], hidden=[False, True]))
    assert dots(drawn) == ["260"]
    assert drawn.count("[c]") == 1


def test_no_month_shown_is_an_empty_chart() -> None:
    """A council that holds only the month's numbers has no line, yet a page."""
    drawn = wide(replace(TWO, values=[None, None]))
    assert dots(drawn) == []
    assert "May 2020" in drawn


def test_no_mark_stands_over_another() -> None:
    """24 months, every other one hidden: 1.33 inches of a phone hold a mark of 0.2 for every fourth month."""
    hidden = [month % 2 == 1 for month in range(24)]
    values = [None if gone else 50.0 for gone in hidden]
    trend = replace(TWO, months=[MAY + month for month in range(24)], values=values, hidden=hidden)
    marks = [int(place) for place in re.findall(r"x='(\d+)'[^>]*>\[c\]", narrow(trend))]
    assert len(marks) == 6
    assert min(after - before for before, after in pairwise(marks)) >= 0.2 * 144
    assert wide(trend).count("[c]") == 12


def test_one_chart_leaves_nothing_for_the_next() -> None:
    before = trend_chart(TWO, "")
    trend_chart(replace(TWO, unit="number", target=None, benchmarks=[("England", 55.0)], usual=(1, 99)), "")
    bar_chart(["Under 1", "1 to 4"], [3.0, None], ["3", "[c]"], "")
    assert trend_chart(TWO, "") == before
