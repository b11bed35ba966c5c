"""Canonical tables made of the Standard Safeguarding Dataset's."""

from collections.abc import Callable

import pandas as pd

from csd_helpers.extract.cells import read_dates
from csd_helpers.extract.limits import limit
from csd_helpers.extract.ssd import TODAY

Tables = dict[str, pd.DataFrame]
_NOT_FOR = dict.fromkeys(("care_leavers_ete", "care_leavers_accommodation", "care_leavers_in_touch"), TODAY)
_SUITABLE = {"1": "1", "0": "2", "Y": "1", "N": "2"}
_YES = ("1", "Y", "YES", "TRUE")
_HEALTH = "health"  # a check whose kind has this word is an assessment, not a dental check


def from_ssd(parts: Tables) -> Tables:
    """Turn tables of the Standard Safeguarding Dataset into canonical ones.

    Parameters
    ----------
    parts
        The SSD tables found, by their key in `SSD_TABLES` and under its column names, as text.

    Returns
    -------
    dict
        Canonical tables as far as the dataset supports them: an episode of care is joined from
        episode, placement and legal status; a plan's previous plans are counted; cancelled reviews,
        reviews not held and plans of other authorities are left out.
    """
    made: Tables = {}
    for name, (needs, build) in _BUILDERS.items():
        if all(need in parts for need in needs):
            table = build(parts)
            made[name] = table.set_axis(range(1, len(table) + 1))
    if "care_leavers" in made:
        limit(made["care_leavers"], not_for=_NOT_FOR)
    return made


def _children(parts: Tables) -> pd.DataFrame:
    sex = {"M": "1", "F": "2"}
    return parts["children"].assign(GenderCurrent=parts["children"]["GenderCurrent"].replace(sex))


def _header(parts: Tables) -> pd.DataFrame:
    """Return who is looked after, as the SSDA903 header has them."""
    people = _children(parts).set_axis(["CHILD", "DOB", "SEX", "ETHNIC"], axis=1)
    return people[people["CHILD"].isin(parts["cla_episodes"]["CHILD"])]


def _referrals(parts: Tables) -> pd.DataFrame:
    return parts["cin_details"].assign(ReferralNFA=parts["cin_details"]["ReferralNFA"].map(_yes_or_no))


def _enquiries(parts: Tables) -> pd.DataFrame:
    """Return enquiries with their conference; a conference without an enquiry here stands by itself.

    An enquiry leads to one initial conference: the first held is taken, or it would count twice.
    """
    held = parts["conferences"][parts["conferences"]["DateOfInitialCPC"].ne("")]
    held = held.sort_values("DateOfInitialCPC", kind="stable")
    own = held[held["enquiry"].ne("")].drop_duplicates(["LAchildID", "enquiry"])
    joined = parts["section47"].merge(own, on=["LAchildID", "enquiry"], how="outer")
    return pd.concat([joined, held[held["enquiry"].eq("")]]).fillna("").drop(columns="enquiry")


def _plans(parts: Tables) -> pd.DataFrame:
    """Return this authority's plans, each with the number of the child's earlier ones."""
    plans = parts["cp_plans"]
    own = plans[~_is_yes(plans["elsewhere"])].copy()
    order = read_dates(own["CPPstartDate"]).sort_values(kind="stable").index
    own["NumberOfPreviousCPP"] = own.loc[order].groupby("LAchildID").cumcount().astype("str")
    return own.drop(columns=["plan", "elsewhere"])


def _plan_reviews(parts: Tables) -> pd.DataFrame:
    """Return the reviews held, each under the start of its plan."""
    starts = parts["cp_plans"][["plan", "CPPstartDate"]].drop_duplicates("plan")
    held = parts["cp_reviews"][parts["cp_reviews"]["CPPreviewDate"].ne("")]
    return held.merge(starts, on="plan", how="inner").drop(columns="plan")


def _visits(parts: Tables) -> pd.DataFrame:
    kinds = {"cp_visits": "CP", "cla_visits": "CLA", "cin_visits": "CIN"}
    visits = [parts[name].assign(visit_type=kind) for name, kind in kinds.items() if name in parts]
    together = pd.concat(visits, ignore_index=True)
    return together.assign(seen=together["seen"].map(_yes_or_no))


def _episodes(parts: Tables) -> pd.DataFrame:
    """Return episodes of care: what began, where the child lived, and under which legal status."""
    episodes = parts["cla_episodes"].drop(columns="care")
    places = parts["placements"][parts["placements"]["placement"].ne("")].drop_duplicates("placement")
    rows = episodes.merge(places, on="placement", how="left").drop(columns="placement").fillna("")
    return rows.assign(LS=_legal_status(rows, parts["legal_status"]), HOME_POST="")


def _legal_status(episodes: pd.DataFrame, statuses: pd.DataFrame) -> pd.Series:
    """Return the status each episode began under: the child's latest to have begun and not yet ended."""
    begun = statuses.assign(day=read_dates(statuses["from"]), end=read_dates(statuses["until"]))
    wanted = episodes[["CHILD"]].assign(day=read_dates(episodes["DECOM"]), row=range(len(episodes)))
    found = pd.merge_asof(
        wanted.dropna(subset=["day"]).sort_values("day", kind="stable"),
        begun[["CHILD", "day", "end", "LS"]].dropna(subset=["day"]).sort_values("day", kind="stable"),
        on="day", by="CHILD",
    ).set_index("row")  # fmt: skip
    status = found["LS"].where(found["end"].isna() | found["end"].gt(found["day"]))
    return status.reindex(range(len(episodes))).fillna("").set_axis(episodes.index)


def _reviews(parts: Tables) -> pd.DataFrame:
    """Return the reviews held, under the child whose stay in care they are of."""
    reviews = parts["cla_reviews"]
    held = reviews[reviews["REVIEW"].ne("") & ~_is_yes(reviews["cancelled"])]
    children = parts["cla_episodes"][["care", "CHILD"]].drop_duplicates("care")
    return held.merge(children, on="care", how="inner").drop(columns=["care", "cancelled"])


def _health(parts: Tables) -> pd.DataFrame:
    checks = parts["health"]
    own = checks["kind"].str.contains(_HEALTH, case=False) & checks["assessment_date"].ne("")
    return checks[own].drop(columns="kind")


def _adoption(parts: Tables) -> pd.DataFrame:
    """Return the children with a plan for adoption, as far as it has come."""
    rows = parts["adoption"]
    begun = rows[rows[["DATE_INT", "DATE_MATCH", "DATE_PLACED"]].ne("").any(axis=1)]
    return _with_birth(begun, parts)


def _care_leavers(parts: Tables) -> pd.DataFrame:
    """Return the caseload as it is today; no row is of a birthday from 19 to 21."""
    rows = _with_birth(parts["care_leavers"], parts)
    adult = read_dates(rows["DOB"]) + pd.DateOffset(years=18)
    homes = rows["current_ACCOM"] + rows["suitable"].str.upper().map(_SUITABLE).fillna("")
    table = rows.drop(columns="suitable").assign(
        birthday_date=adult.dt.strftime("%Y-%m-%d").fillna(""), IN_TOUCH="", ACTIV="", ACCOM="",
        current_ACCOM=homes.where(rows["current_ACCOM"].str.len().eq(1), rows["current_ACCOM"]),
    )  # fmt: skip
    return table


def _missing(parts: Tables) -> pd.DataFrame:
    return _with_birth(parts["missing"], parts)


def _with_birth(rows: pd.DataFrame, parts: Tables) -> pd.DataFrame:
    """Add the date of birth that SSDA903's tables carry."""
    people = parts["children"].drop_duplicates("LAchildID").set_index("LAchildID")["PersonBirthDate"]
    return rows.assign(DOB=rows["CHILD"].map(people).fillna(""))


def _yes(text: str) -> bool:
    return text.strip().upper() in _YES


def _is_yes(cells: pd.Series) -> pd.Series:
    return cells.map(_yes).astype("bool")  # of an empty column, pandas could not say what it holds


def _yes_or_no(text: str) -> str:
    """Return 1 for yes, 0 for no, anything else as it is."""
    return "1" if _yes(text) else {"N": "0", "NO": "0", "FALSE": "0"}.get(text.strip().upper(), text)


def _as_it_is(name: str) -> Callable[[Tables], pd.DataFrame]:
    return lambda parts: parts[name]


#: Canonical table -> (the parts it needs, how it is made of them).
_BUILDERS: dict[str, tuple[tuple[str, ...], Callable[[Tables], pd.DataFrame]]] = {
    "children": (("children",), _children),
    "contacts": (("contacts",), _as_it_is("contacts")),
    "early_help": (("early_help",), _as_it_is("early_help")),
    "cin_details": (("cin_details",), _referrals),
    "assessments": (("assessments",), _as_it_is("assessments")),
    "section47": (("section47", "conferences"), _enquiries),
    "cp_plans": (("cp_plans",), _plans),
    "cp_reviews": (("cp_reviews", "cp_plans"), _plan_reviews),
    "visits": (("cp_visits", "cla_visits"), _visits),
    "cla_header": (("children", "cla_episodes"), _header),
    "cla_episodes": (("cla_episodes", "placements", "legal_status"), _episodes),
    "cla_reviews": (("cla_reviews", "cla_episodes"), _reviews),
    "health": (("health",), _health),
    "adoption": (("adoption", "children"), _adoption),
    "care_leavers": (("care_leavers", "children"), _care_leavers),
    "missing": (("missing", "children"), _missing),
    "caseholding": (("caseholding",), _as_it_is("caseholding")),
}
