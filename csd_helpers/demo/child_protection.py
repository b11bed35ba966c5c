"""Child protection in the demonstration council: enquiries, conferences, plans, reviews, visits."""

import numpy as np
import pandas as pd

from csd_helpers.demo.days import (
    END,
    HISTORY,
    NEVER,
    Counts,
    Days,
    add_months,
    after,
    evenly,
    follow,
    known,
    weekday,
)

_ENQUIRY, _CONFERENCE, _PLAN = 0.302, 0.385, 0.96  # of assessments; of enquiries; of conferences
_IN_TIME, _LATE_REVIEW, _LATE_VISIT = 0.87, 0.018, 0.2
_OTHER_CATEGORY, _SEEN = 0.12, 0.97
_HAD_ONE_BEFORE = 0.055  # a plan of this council from before these records
#: After how many reviews plans end.
_REVIEWS = [0.1, 0.43, 0.295, 0.13, 0.02, 0.015, 0.01]
_ABUSE, _ABUSE_SHARES = ["NEG", "EMO", "PHY", "SAB"], [0.47, 0.36, 0.11, 0.06]


def enquiries(referrals: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the section 47 enquiries that referrals led to: case, start, conference (or missing)."""
    chosen = referrals["started"].notna().to_numpy() & (rng.random(len(referrals)) < _ENQUIRY)
    case = np.flatnonzero(chosen)
    start = after(
        referrals["started"].to_numpy().astype("datetime64[D]")[case], rng.integers(0, 6, len(case))
    )
    held = evenly(np.full(len(case), _CONFERENCE))
    in_time = np.ones(len(case), dtype=bool)
    in_time[held] = evenly(np.full(held.sum(), _IN_TIME))
    taken = np.where(in_time, rng.integers(7, 16, len(case)), rng.integers(18, 28, len(case)))
    conference = np.where(held, after(start, taken), np.datetime64("NaT"))
    return pd.DataFrame({"case": case, "start": start, "conference": conference})


def plans(asked: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the plans that conferences made, and their reviews; a plan ends at one of them.

    The first review is due within three months, later ones within six months of the one before.
    """
    made = asked[asked["conference"].notna() & (rng.random(len(asked)) < _PLAN)].reset_index(drop=True)
    start = made["conference"].to_numpy().astype("datetime64[D]")
    ends_at = rng.choice(len(_REVIEWS), len(start), p=_REVIEWS)
    day, rounds, end = start, [], np.full(len(start), NEVER)
    for number in range(len(_REVIEWS)):
        late = rng.random(len(start)) < _LATE_REVIEW
        slack = np.where(late, rng.integers(6, 15, len(start)), -rng.integers(1, 15, len(start)))
        day = weekday(add_months(day, 3 if number == 0 else 6) + slack)
        end = np.where(ends_at == number, day, end)
        rounds.append(pd.DataFrame({"plan": np.arange(len(start)), "review": day})[ends_at >= number])
    reviews = pd.concat(rounds).sort_values(["plan", "review"], kind="stable", ignore_index=True)
    return made[["case"]].assign(start=start, end=end), reviews


def protection_tables(
    cases: pd.DataFrame,
    asked: pd.DataFrame,
    made: pd.DataFrame,
    reviews: pd.DataFrame,
    rng: np.random.Generator,
) -> dict[str, pd.DataFrame]:
    """Return enquiries, plans, reviews and visits of the cases in the extract, as it has them.

    Parameters
    ----------
    cases
        Every case by its number, with its child and whether it is ``kept`` in the extract.
    """
    child, kept = cases["child"].to_numpy(), cases["kept"].to_numpy()
    asked = asked[kept[asked["case"]] & asked["start"].le(END)]
    made = made.assign(child=child[made["case"]])
    made["previous"] = made.groupby("child").cumcount() + evenly(np.full(len(made), _HAD_ONE_BEFORE))
    open_since = made[kept[made["case"]] & made["start"].le(END)]
    return {
        "section47": pd.DataFrame({
            "child": child[asked["case"]],
            "S47ActualStartDate": asked["start"],
            "DateOfInitialCPC": known(_days(asked["conference"])),
            "ICPCnotRequired": asked["conference"].isna().astype(int),
        }),
        "cp_plans": _plan_table(open_since, rng),
        "cp_reviews": _review_table(open_since, reviews),
        "visits": _visits(open_since, rng),
    }  # fmt: skip


def _plan_table(made: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    first = rng.choice(_ABUSE, len(made), p=_ABUSE_SHARES)
    changed = rng.random(len(made)) < _OTHER_CATEGORY
    return pd.DataFrame({
        "child": made["child"],
        "CPPstartDate": made["start"],
        "CPPendDate": known(_days(made["end"])),
        "InitialCategoryOfAbuse": first,
        "LatestCategoryOfAbuse": np.where(changed, "NEG", first),
        "NumberOfPreviousCPP": made["previous"],
    })  # fmt: skip


def _review_table(made: pd.DataFrame, reviews: pd.DataFrame) -> pd.DataFrame:
    rows = reviews[reviews["review"].le(END)].merge(
        made[["child", "start"]], left_on="plan", right_index=True
    )
    names = {"start": "CPPstartDate", "review": "CPPreviewDate"}
    return rows.rename(columns=names)[["child", *names.values()]]


def _visits(made: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """See children on a plan every week or two, as the local standard of 10 working days asks."""

    def gaps(count: int) -> Counts:
        """Draw the days from one visit to the next."""
        late = rng.random(count) < _LATE_VISIT
        return np.where(late, rng.integers(17, 26, count), rng.integers(7, 14, count))

    start, stop = _days(made["start"]), np.minimum(_days(made["end"]), END + 1)
    who, day = follow(start, stop, 7, gaps)
    table = pd.DataFrame({"child": made["child"].to_numpy()[who], "visit_type": "CP", "visit_date": day})
    table["seen"] = (rng.random(len(table)) < _SEEN).astype(int)
    return table[table["visit_date"].ge(HISTORY)]


def _days(column: pd.Series) -> Days:
    return column.to_numpy().astype("datetime64[D]")
