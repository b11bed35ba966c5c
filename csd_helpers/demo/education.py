"""Education, health and care plans of the demonstration council."""

import numpy as np
import pandas as pd

from csd_helpers.demo.days import HISTORY, days_of, evenly, known, weekday

_REQUESTS, _EXCEPTED = 33.5, 0.07
_FIRST = np.datetime64("2016-07-01")
_IN_TIME = {2016: 0.6, 2017: 0.6, 2018: 0.63, 2019: 0.66, 2020: 0.7}  # by year of the request
_REASONS = ["advice was late", "the family was away", "school holidays"]


def plan_requests(new_child: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return requests for a plan, one for each child, most of them issued within 20 weeks.

    Parameters
    ----------
    new_child
        The first number that no child has yet.
    """
    asked = days_of(_REQUESTS, rng, _FIRST)
    count = len(asked)
    excepted = rng.random(count) < _EXCEPTED
    share = pd.Series(asked.astype("datetime64[Y]").astype(int) + 1970).map(_IN_TIME).to_numpy()
    in_time = evenly(share) & ~excepted
    taken = np.where(in_time, rng.integers(112, 141, count), rng.integers(145, 250, count))
    issued = weekday(asked + taken)
    table = pd.DataFrame(
        {"child": new_child + np.arange(count), "request_date": asked, "issue_date": known(issued)}
    )
    table = table.assign(exception=excepted.astype(int))
    table["exception_reason"] = np.where(excepted, rng.choice(_REASONS, count), "")
    return table[issued >= HISTORY]
