"""Direction of travel: better, worse, or neither."""

from dataclasses import dataclass
from fractions import Fraction

from csd_helpers.rounding import round_half_up
from csd_helpers.suite import Indicator

NEW_DEFINITION = "new definition"  # in place of a direction: the figure before is counted otherwise


@dataclass(frozen=True)
class Movement:
    """A change between two shown figures, in words and digits."""

    text: str
    direction: str


def movement(now: Fraction | None, before: Fraction | None, indicator: Indicator) -> Movement:
    """Compare two outturns that are both shown.

    A rise is good only where the indicator's polarity says so; a volume goes just up or down.
    A figure that is not shown gives no direction, or its size could be guessed from it.

    Returns
    -------
    Movement
        ``text`` such as ``+1.2 points``; ``direction`` better, worse, no change, up, down or empty.
    """
    if now is None or before is None:
        return Movement("", "")
    change = round_half_up(now - before, indicator.dp)
    if change == 0:
        return Movement("no change", "no change")
    unit = " points" if indicator.unit == "percent" else ""
    return Movement(f"{change:+,}".replace("-", "−") + unit, _direction(now > before, indicator.polarity))


def _direction(rose: bool, polarity: str) -> str:
    if polarity in ("high", "low"):
        return "better" if rose == (polarity == "high") else "worse"
    return "up" if rose else "down"
