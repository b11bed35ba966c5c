"""Children looked after: who is, how settled, how well reviewed."""

import numpy as np
import pandas as pd

from csd_helpers.measures import labels
from csd_helpers.measures.ages import by_age
from csd_helpers.measures.cases import OPEN, NotComputable, Tables, Window, make_cases, measure, share_cases
from csd_helpers.measures.dates import (
    add_months,
    add_working_days,
    birthday,
    month_of,
    months_back,
    year_end_month,
)
from csd_helpers.measures.shared import made_once
from csd_helpers.measures.spells import ADOPTIVE, care_episodes, last_month, look_up, stays_in_care

_DISTANCE_UNKNOWN = 999.9
_SHOWN = ["CHILD", "DECOM", "DEC", "LS", "PLACE", "came", "came_estimated"]


@measure("cla_episodes")
def children_looked_after(tables: Tables, window: Window) -> pd.DataFrame:
    """Find the children looked after at each month end.

    Counted: children with an open episode on the day. Left out: agreed short breaks (V3, V4); an
    episode that ends on the day. Source: SSDA903 guide 2020-21, LAIT ``LAC``.
    """
    rows = care_episodes(tables)
    rows["placement_type"] = labels.label(rows["PLACE"], labels.PLACEMENT_TYPE, labels.OTHER_PLACEMENT)
    rows["legal_status"] = labels.label(rows["LS"], labels.LEGAL_STATUS, labels.OTHER_LEGAL_STATUS)
    divided = ["placement_type", "legal_status"]
    if "PL_DISTANCE" in rows:
        rows["distance"] = _distance(rows["PL_DISTANCE"])
        divided.append("distance")
    cases = make_cases(rows[[*_SHOWN, *divided]], rows["first"], rows["last"])
    return by_age(cases, _born(cases, tables)) if "cla_header" in tables else cases


@measure("cla_episodes", "uasc")
def asylum_seeking_children(tables: Tables, window: Window) -> pd.DataFrame:
    """Find unaccompanied asylum-seeking children looked after at each month end.

    Counted: children looked after who stand in the UASC return, until the date their status ceased
    (DUC). Source: SSDA903 guide 2020-21, LAIT ``Unacc_Asylmn_Seek_Childn``.
    """
    rows = care_episodes(tables)
    seeking = tables["uasc"].drop_duplicates("CHILD", keep="last")[["CHILD", "DUC"]]
    rows = rows.merge(seeking, on="CHILD")
    return make_cases(
        rows[[*_SHOWN, "DUC"]], rows["first"], np.minimum(rows["last"], last_month(rows["DUC"]))
    )


@measure("cla_episodes")
def three_placements(tables: Tables, window: Window) -> pd.DataFrame:
    """Find children looked after with three or more placements in the 12 months to each month end.

    Numerator: three placements of 24 hours or more that touch the 12 months, the one open at their
    start included; temporary placements and adoption by the present carer are no new ones.
    Denominator: children looked after on the day. Source: LAIT ``LACStable_2016on``.
    """
    rows = care_episodes(tables)
    spells = rows[rows["counts"]].drop_duplicates("spell")
    two_before = spells["spell_end"].shift(2).where(spells["CHILD"].eq(spells["CHILD"].shift(2)))
    rows["third_latest_ended"] = look_up(
        rows["spell"], pd.Series(two_before.to_numpy(), index=spells["spell"])
    )
    ended = rows["third_latest_ended"]
    # A placement that ended on 29 February still touches the 12 months to 28 February.
    leap_day = ended.dt.month.eq(2) & ended.dt.day.eq(29)
    until = (month_of(ended) + 11 + leap_day).where(ended.notna(), -1)
    shown = rows[[*_SHOWN, "spell_start", "third_latest_ended"]]
    return share_cases(shown, rows["first"], rows["last"], rows["first"], until)


@measure("cla_episodes", "cla_header")
def long_term_stability(tables: Tables, window: Window) -> pd.DataFrame:
    """Find children in the same placement for two years, of those long looked after.

    Numerator: in the placement for two years or more, or placed for adoption and this and the
    placement before together two years. Denominator: under 16 on the day and looked after without
    a break for two and a half years or more. Source: LAIT ``LAC_LongStable%``.
    """
    rows = care_episodes(tables)
    rows["DOB"] = _born(rows, tables)
    spells = rows[rows["counts"]].drop_duplicates("spell")
    before = spells["spell_start"].shift().where(spells["care"].eq(spells["care"].shift()))
    since = before.where(spells["PLACE"].isin(ADOPTIVE) & before.notna(), spells["spell_start"])
    rows["settled_since"] = look_up(rows["spell"], since.set_axis(spells["spell"]))
    # A temporary stay at the start of a period of care belongs to no placement of an earlier one.
    rows["settled_since"] = rows["settled_since"].where(rows["settled_since"].ge(rows["came"]))
    first = np.maximum(rows["first"], months_back(rows["came"], 30))
    last = np.minimum(rows["last"], last_month(birthday(rows["DOB"], 16)))
    settled = months_back(rows["settled_since"], 24).where(rows["settled_since"].notna(), OPEN)
    return share_cases(rows[[*_SHOWN, "DOB", "settled_since"]], first, last, settled, OPEN)


@measure("cla_episodes", "cla_reviews")
def looked_after_reviews(tables: Tables, window: Window) -> pd.DataFrame:
    """Find children whose every review due since April was on time.

    Numerator: every such review was held by the day it was due. Denominator: children looked after
    on the day with a review due in the year to date, in this period of care or an earlier one, or
    still outstanding from the year before. One late review keeps the child late until March.
    Source: Care Planning Regulations 2010, regulation 33; no national benchmark.
    """
    years = _each_year(reviews_due(tables), window).groupby(["CHILD", "year_end"], as_index=False)
    child = years.agg(
        due_from=("due_month", "min"), late_from=("late_from", "min"), reviews_due=("due", "size")
    )
    rows = stays_in_care(tables).merge(child, on="CHILD")
    first = np.maximum(rows["first"], rows["due_from"])
    last = np.minimum(rows["last"], rows["year_end"])
    shown = rows[["CHILD", "came", "left", "reviews_due"]]
    return share_cases(shown, first, last, first, rows["late_from"] - 1)


@measure("cla_episodes", "cla_reviews")
def looked_after_reviews_held(tables: Tables, window: Window) -> pd.DataFrame:
    """Find the reviews held on time, of all reviews due since April.

    The companion of the child-level figure: review by review. A review due and not yet held is late.
    """
    due = reviews_due(tables)
    first = month_of(due["due"])
    on_time = due["held"].le(due["due"])
    shown = due[["CHILD", "came", "due", "held"]]
    return make_cases(shown, first, year_end_month(first), numerator=on_time.astype(int))


@made_once
def reviews_due(tables: Tables) -> pd.DataFrame:
    """Return every review that fell due, with the day it was held.

    The first is due within 20 working days of becoming looked after, the second within three months
    of the first, later ones within six months of the one before (Care Planning Regulations 2010,
    regulation 33). Where reviews are on record only from a later date than the period of care began,
    the first one on record starts the chain.

    Returns
    -------
    pandas.DataFrame
        CHILD, care, came, left, due and held (missing if not held): the reviews due before the child left.
    """
    stays = care_episodes(tables).drop_duplicates("care")[["CHILD", "care", "came", "left"]]
    known = tables["cla_reviews"][["CHILD", "REVIEW"]].drop_duplicates()
    if known.empty:
        raise NotComputable("the extract holds no reviews")
    held = _reviews_of(stays, known)
    held["number"] = held.groupby("care").cumcount()
    late_start = held["came"].lt(known["REVIEW"].min())
    following = add_months(held["REVIEW"], 6).where(
        held["number"].gt(0) | late_start, add_months(held["REVIEW"], 3)
    )
    held["next_due"] = following
    held["due"] = held.groupby("care")["next_due"].shift()
    first = held["number"].eq(0) & ~late_start
    held.loc[first, "due"] = add_working_days(held.loc[first, "came"], 20)
    due = pd.concat([held.rename(columns={"REVIEW": "held"}), _still_to_come(stays, held, known)])
    due = due[due["due"].notna() & ~due["due"].ge(due["left"])]
    columns = ["CHILD", "care", "came", "left", "due", "held"]
    return due.sort_values(["care", "due"], kind="stable", ignore_index=True)[columns]


def _reviews_of(stays: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Put each review to the period of care it was held in."""
    both = known.merge(stays, on="CHILD")
    inside = both["REVIEW"].ge(both["came"]) & ~both["REVIEW"].gt(both["left"])
    return both[inside].sort_values(["care", "REVIEW"], kind="stable", ignore_index=True)


def _still_to_come(stays: pd.DataFrame, held: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Return the review each stay waits for after the last one held."""
    last = held.drop_duplicates("care", keep="last").set_index("care")["next_due"]
    never_held = np.full(len(stays), np.datetime64("NaT", "s"))  # of seconds: nanoseconds end in 2262
    waiting = stays.assign(due=look_up(stays["care"], last), held=never_held)
    never = waiting["due"].isna() & waiting["came"].ge(known["REVIEW"].min())
    waiting.loc[never, "due"] = add_working_days(waiting.loc[never, "came"], 20)
    return waiting


def _each_year(due: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Repeat a review for each financial year it is due or still outstanding in, up to the window's last."""
    rows = due.assign(due_month=month_of(due["due"]))
    is_late = ~rows["held"].le(rows["due"])
    ended = rows["held"].fillna(rows["left"])
    until = np.minimum(month_of(ended).where(ended.notna(), window.last), window.last)
    until = np.maximum(until.where(is_late, rows["due_month"]), rows["due_month"])
    start = year_end_month(rows["due_month"])
    times = ((year_end_month(until) - start) // 12 + 1).astype(int)
    repeated = rows.loc[rows.index.repeat(times)]
    repeated["year_end"] = start.loc[repeated.index] + 12 * repeated.groupby(level=0).cumcount()
    repeated["due_month"] = np.maximum(repeated["due_month"], repeated["year_end"] - 11)
    repeated["late_from"] = repeated["due_month"].where(is_late.loc[repeated.index], OPEN)
    return repeated.reset_index(drop=True)


def _born(rows: pd.DataFrame, tables: Tables) -> pd.Series:
    born = tables["cla_header"].drop_duplicates("CHILD", keep="last").set_index("CHILD")["DOB"]
    return look_up(rows["CHILD"], born)


def _distance(miles: pd.Series) -> pd.Series:
    """Return the band of a placement's distance from home; 999.9 stands for not known."""
    known = miles.where(miles.lt(_DISTANCE_UNKNOWN))
    bands = pd.cut(known, labels.DISTANCE_BOUNDS, labels=list(labels.DISTANCE), include_lowest=True)
    return bands.astype("object").where(known.notna(), labels.UNKNOWN_DISTANCE)
