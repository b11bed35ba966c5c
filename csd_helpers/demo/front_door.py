"""The front door of the demonstration council: contacts, early help, referrals, assessments."""

import numpy as np
import pandas as pd

from csd_helpers.demo.days import (
    EARLIEST,
    END,
    HISTORY,
    NEVER,
    Counts,
    Flags,
    after,
    days_of,
    known,
    weekday,
)
from csd_helpers.demo.looked_after import Children

_REFERRALS, _EARLY_HELP, _OTHER_CONTACTS = 282, 96, 749  # a month, those of children who came into care aside
_NO_ACTION, _ASSESSED = 0.09, 0.92  # of all referrals; of those taken on
_IN_TIME = {2015: 0.86, 2016: 0.86, 2017: 0.87, 2018: 0.88, 2019: 0.9, 2020: 0.92}  # by financial year
_CLOSED_AT_ONCE, _DAYS_IN_NEED = 0.54, 305  # after an assessment; mean of the others
_KNOWN_BEFORE, _CALLED_BEFORE = 0.3, 0.42  # referrals, contacts of a child heard of before
#: Where referrals come from: code, the words of the contact, share.
_SOURCES = [("6", "Police", 0.31), ("2A", "School", 0.2), ("2B", "School", 0.02), ("3A", "Health", 0.07),
            ("3C", "Health", 0.06), ("3D", "Health", 0.04), ("1A", "Family or friend", 0.04),
            ("1B", "Family or friend", 0.08), ("5B", "Council service", 0.06),
            ("5C", "Council service", 0.05), ("4", "Housing", 0.02), ("7", "Other legal agency", 0.01),
            ("8", "Other", 0.02), ("9", "Anonymous", 0.01), ("10", "Not known", 0.01)]  # fmt: skip
_NEEDS, _NEED_SHARES = ["N1", "N5", "N4", "N2", "N6", "N3", "N8"], [0.52, 0.18, 0.09, 0.08, 0.07, 0.04, 0.02]
_CLOSED = ["RC1", "RC5", "RC7", "RC8", "RC9"]


def referrals(rng: np.random.Generator) -> pd.DataFrame:
    """Draw referrals and their assessments, with days that may lie beyond the end of the records.

    Returns
    -------
    pandas.DataFrame
        In order: referral, no_action, need, source (position in the list of sources), started and
        finished (of the assessment, missing where there is none).
    """
    day = days_of(_REFERRALS, rng, EARLIEST)
    count = len(day)
    no_action = rng.random(count) < _NO_ACTION
    rows = pd.DataFrame({"referral": day, "no_action": no_action})
    rows["need"] = rng.choice(_NEEDS, count, p=_NEED_SHARES)
    return _with_assessment(rows, ~no_action & (rng.random(count) < _ASSESSED), rng)


def referrals_to_care(children: Children, rng: np.random.Generator) -> pd.DataFrame:
    """Return the referral through which each child came into care, open until the child left."""
    count = len(children.ids)
    earlier = np.where(children.asylum, 0, rng.integers(0, 150, count))
    rows = pd.DataFrame({"referral": np.maximum(children.came - earlier, children.born)})
    rows = rows.assign(no_action=False, need=np.where(children.asylum, "N8", "N1"))
    rows = _with_assessment(rows, np.full(count, True), rng)
    left = np.where(np.isnat(children.left), NEVER, children.left)
    rows["finished"] = np.minimum(rows["finished"], left)
    return rows.assign(closure=left, child=np.arange(count), came=children.came)


def _with_assessment(
    rows: pd.DataFrame, assessed: "pd.Series | np.ndarray", rng: np.random.Generator
) -> pd.DataFrame:
    """Assess children within 45 weekdays, or some later: bank holidays only ever help."""
    count, day = len(rows), rows["referral"].to_numpy().astype("datetime64[D]")
    started = after(day, rng.integers(0, 4, count))
    year = (day.astype("datetime64[M]") - np.timedelta64(3, "M")).astype("datetime64[Y]").astype(int) + 1970
    share = pd.Series(year).map(_IN_TIME).fillna(0.86).to_numpy()
    taken = np.where(rng.random(count) < share, rng.triangular(8, 40, 45, count), rng.integers(50, 75, count))
    finished = after(started, taken.astype(int))
    missing = np.datetime64("NaT")
    rows["started"] = np.where(assessed, started, missing)
    rows["finished"] = np.where(assessed, finished, missing)
    rows["source"] = rng.choice(len(_SOURCES), count, p=[share for _, _, share in _SOURCES])
    return rows


def closed(rows: pd.DataFrame, plans: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Close each case: at once, after its assessment, some months later, or after the plan ended."""
    count = len(rows)
    begun = rows["finished"].fillna(rows["referral"]).to_numpy().astype("datetime64[D]")
    assessed = rows["started"].notna().to_numpy()
    brief = ~assessed | (rng.random(count) < _CLOSED_AT_ONCE)
    days = np.where(brief, rng.integers(0, 6, count), 20 + rng.exponential(_DAYS_IN_NEED, count).astype(int))
    days = np.where(assessed | rows["no_action"], days, rng.integers(5, 40, count))
    closure = weekday(np.minimum(begun + days, NEVER))
    closure = np.maximum(closure, rows["referral"].to_numpy().astype("datetime64[D]"))
    ended = plans["end"].to_numpy().astype("datetime64[D]") + rng.integers(30, 150, len(plans))
    closure[plans["case"]] = np.maximum(closure[plans["case"]], ended)
    return rows.assign(closure=closure)


def same_child(rows: pd.DataFrame, rng: np.random.Generator) -> Counts:
    """Return which child each referral is for: a new one, or one whose case was closed before.

    A case is followed by one other at most, so that no child is in need twice at a time.
    """
    count = len(rows)
    start, stop = (rows[name].to_numpy().astype("datetime64[D]") for name in ("referral", "closure"))
    order = np.argsort(stop, kind="stable")
    low = np.searchsorted(stop[order], start - 270)
    high = np.searchsorted(stop[order], start - 6)
    chosen = order[np.minimum(low + (rng.random(count) * (high - low)).astype(int), count - 1)]
    follows = (high > low) & (rng.random(count) < _KNOWN_BEFORE)
    again = pd.Series(chosen).where(follows).duplicated() & follows
    return _roots(np.where(follows & ~again, chosen, np.arange(count)))


def _roots(before: Counts) -> Counts:
    """Follow each chain of earlier events to its first one."""
    while not np.array_equal(further := before[before], before):
        before = further
    return before


def contacts(cases: pd.DataFrame, new_child: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return contacts: those that became a referral or early help, and those that went no further.

    Parameters
    ----------
    new_child
        The first number that no child has yet.
    """
    referred = cases[cases["referral"].ge(HISTORY)]
    day = weekday(referred["referral"].to_numpy().astype("datetime64[D]") - rng.integers(0, 2, len(referred)))
    own = pd.DataFrame(
        {"child": referred["child"], "day": day, "source": referred["source"], "outcome": "referral"}
    )
    parts = [own]
    for level, outcomes in (
        (_EARLY_HELP, ["early help"]),
        (_OTHER_CONTACTS, ["information", "no further action"]),
    ):
        day = days_of(level, rng)
        source = rng.choice(len(_SOURCES), len(day), p=[share for _, _, share in _SOURCES])
        part = pd.DataFrame({"child": -1, "day": day, "source": source})
        parts.append(part.assign(outcome=rng.choice(outcomes, len(day))))
    rows = pd.concat(parts).sort_values("day", kind="stable", ignore_index=True)
    in_care = rows["child"].isin(referred.loc[referred["came"].notna(), "child"]).to_numpy()
    return rows.assign(child=_callers(rows, in_care, new_child, rng))


def _callers(rows: pd.DataFrame, in_care: Flags, new_child: int, rng: np.random.Generator) -> Counts:
    """Say which child a contact is about: many of them were heard of in the last 400 days."""
    day, own = rows["day"].to_numpy().astype("datetime64[D]"), rows["child"].to_numpy()
    low, high = np.searchsorted(day, day - 400), np.searchsorted(day, day)
    chosen = low + (rng.random(len(day)) * (high - low)).astype(int)
    follows = (own < 0) & (high > low) & ~in_care[chosen] & (rng.random(len(day)) < _CALLED_BEFORE)
    first = _roots(np.where(follows, chosen, np.arange(len(day))))
    new = np.where(own < 0, new_child + np.arange(len(day)), own)
    return new[first]


def early_help(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the early help that contacts led to."""
    own = rows[rows["outcome"].eq("early help")]
    start = after(own["day"].to_numpy().astype("datetime64[D]"), rng.integers(0, 8, len(own)))
    stop = weekday(start + rng.integers(60, 240, len(own)))
    table = pd.DataFrame({"child": own["child"], "start_date": start, "end_date": known(stop)})
    return table[table["start_date"].le(END)]


def contact_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Return contacts as the extract has them."""
    words = np.array([text for _, text, _ in _SOURCES])[rows["source"]]
    table = pd.DataFrame(
        {"child": rows["child"], "contact_date": rows["day"], "source": words, "outcome": rows["outcome"]}
    )
    return table.drop_duplicates(ignore_index=True)  # the same child, day, source and outcome: one event


def need_tables(cases: pd.DataFrame, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Return episodes of need and assessments as the extract has them."""
    closure = known(cases["closure"].to_numpy().astype("datetime64[D]"))
    reason = np.where(cases["no_action"], "RC8", rng.choice(_CLOSED, len(cases)))
    details = pd.DataFrame({
        "child": cases["child"],
        "CINreferralDate": cases["referral"],
        "ReferralSource": np.array([code for code, _, _ in _SOURCES])[cases["source"]],
        "PrimaryNeedCode": cases["need"],
        "CINclosureDate": closure,
        "ReasonForClosure": np.where(np.isnat(closure), "", reason),
        "ReferralNFA": cases["no_action"].astype(int),
    })  # fmt: skip
    begun = cases[cases["started"].le(END)]
    finished = known(begun["finished"].to_numpy().astype("datetime64[D]"))
    assessments = pd.DataFrame({
        "child": begun["child"],
        "AssessmentActualStartDate": begun["started"],
        "AssessmentAuthorisationDate": finished,
    })  # fmt: skip
    return {"cin_details": details, "assessments": assessments}
