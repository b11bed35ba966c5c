"""Half-up rounding from unrounded parts, in whole-number arithmetic."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import numpy.typing as npt

_WHOLE = 2**53  # floats below it hold every whole number


def exact(number: float | int | str | Decimal | Fraction) -> Fraction:
    """Return a number as the fraction a person would read: 0.1 is one tenth.

    A float is taken by its shortest decimal form, because that is what the source printed.

    Examples
    --------
    >>> exact(0.1) + exact("0.2")
    Fraction(3, 10)
    """
    if isinstance(number, Fraction):
        return number
    if isinstance(number, float) and number.is_integer() and abs(number) < _WHOLE:
        return Fraction(int(number))
    return Fraction(str(number))


def half_up(
    numerator: npt.ArrayLike, denominator: npt.ArrayLike, scale: int = 100, dp: int = 1
) -> npt.NDArray:
    """Return ``scale × numerator ÷ denominator`` rounded half-up, in units of the last place.

    Binary floats and Python's ``round`` misprint about one published ratio in a hundred; the
    Department for Education rounds half-up from the unrounded parts.

    Parameters
    ----------
    numerator, denominator
        Whole numbers of one shape, zero or more; denominators above zero.
    scale
        100 for a percentage, 10,000 for a rate, 1 for an average.
    dp
        Decimal places of the result.

    Returns
    -------
    numpy.ndarray
        Whole numbers: 402 stands for 40.2 at one place.

    Examples
    --------
    >>> half_up([294, 1, 1], [73165, 8, 3], scale=100, dp=1).tolist()
    [4, 125, 333]
    """
    n = np.asarray(numerator, dtype=np.int64)
    d = np.asarray(denominator, dtype=np.int64)
    return (2 * scale * 10**dp * n + d) // (2 * d)


def round_half_up(value: Fraction, dp: int) -> Decimal:
    """Round one exact value half-up to ``dp`` places, keeping trailing zeros.

    Halves go away from zero, as on a calculator and in a spreadsheet.

    Examples
    --------
    >>> round_half_up(Fraction(25, 2), 0), round_half_up(Fraction(-1, 8), 2)
    (Decimal('13'), Decimal('-0.13'))
    """
    shifted = abs(value) * 10**dp
    units = (2 * shifted.numerator + shifted.denominator) // (2 * shifted.denominator)
    return Decimal(units if value >= 0 else -units).scaleb(-dp)
