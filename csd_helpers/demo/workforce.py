"""Social workers of the demonstration council, the posts they fill, and the cases they hold."""

from functools import partial

import numpy as np
import pandas as pd

from csd_helpers.demo.days import END, HISTORY, NEVER, Counts, follow, known, weekday

_LOADS = {"Referral and assessment": 15.4, "Safeguarding": 16.5, "Looked after": 14.2, "Leaving care": 17.0,
          "Disability": 13.1}  # cases for each full-time worker at the end of the records  # fmt: skip
_WITHOUT_CASES = {"Independent reviewing": 12.0}  # full-time equivalent
_AGENCY, _RECRUITED, _UNFILLED = 0.168, 0.05, 0.023  # of all posts: now, until some day, held by nobody
_HOURS, _HOUR_SHARES = [1.0, 0.8, 0.6], [0.8, 0.12, 0.08]
_FROM = np.datetime64("2016-04-01")


def workforce_tables(held: pd.DataFrame, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Return workers, vacancies and who holds which case.

    Parameters
    ----------
    held
        Cases by the team that holds them: child, team, start, stop (`NEVER` while open).
    """
    now = held[held["stop"].gt(END)].groupby("team").size()
    wanted = {team: now[team] / load for team, load in _LOADS.items()} | _WITHOUT_CASES
    posts = _with_agency(pd.concat([_posts(*team, rng) for team in wanted.items()], ignore_index=True), rng)
    workers = _workers(posts, rng)
    columns = ["worker_id", "team", "agency", "FTE", "start_date", "end_date"]
    return {
        "workers": _dated(workers)[columns],
        "caseholding": _dated(_holding(held, posts, workers, rng)),
        "vacancies": _dated(_vacancies(posts, rng)),
    }


def _posts(team: str, wanted: float, rng: np.random.Generator) -> pd.DataFrame:
    """Return a team's posts, full-time and part-time, which add up to what it has."""
    hours = rng.choice(_HOURS, int(wanted / _HOURS[-1]) + 2, p=_HOUR_SHARES)
    whole = hours[hours.cumsum() <= wanted]
    rest = round(wanted - whole.sum(), 1)
    return pd.DataFrame(
        {"team": team, "FTE": np.round([*whole[:-1], whole[-1] / 2 + rest, whole[-1] / 2], 2)}
    )


def _with_agency(posts: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Say from when to when a post is covered by agency workers: a few have been filled since."""
    order = rng.permutation(len(posts))
    share = posts["FTE"].to_numpy()[order].cumsum() / posts["FTE"].sum()
    agency, recruited = order[share <= _AGENCY], order[(share > _AGENCY) & (share <= _AGENCY + _RECRUITED)]
    since, until = np.full(len(posts), NEVER), np.full(len(posts), NEVER)
    since[agency] = _FROM + np.where(rng.random(len(agency)) < 0.8, 0, rng.integers(500, 1500, len(agency)))
    since[recruited] = _FROM
    until[recruited] = weekday(np.datetime64("2018-09-01") + rng.integers(0, 600, len(recruited)))
    return posts.assign(since=since, until=until)


def _workers(posts: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Let workers follow one another in each post; agency workers stay for less time."""
    begin, stop = np.full(len(posts), _FROM), np.full(len(posts), END + 1)
    covered = posts["since"].lt(END) & posts["until"].gt(END)
    spells = [pd.DataFrame({"post": posts.index, "start": _FROM})]
    for where, stay in ((covered, (150, 500)), (~covered, (300, 1900))):
        own = np.flatnonzero(where)
        gaps = partial(_stays, *stay, rng)
        who, day = follow(begin[own], stop[own], stay[0], gaps)
        spells.append(pd.DataFrame({"post": own[who], "start": day}))
    for change in ("since", "until"):
        own = posts[posts[change].between(_FROM, END)]
        spells.append(pd.DataFrame({"post": own.index, "start": own[change]}))
    rows = (
        pd.concat(spells).drop_duplicates().sort_values(["post", "start"], kind="stable", ignore_index=True)
    )
    rows["stop"] = rows["start"].shift(-1).where(rows["post"].eq(rows["post"].shift(-1)), pd.Timestamp(NEVER))
    rows = rows.join(posts, on="post")
    rows["agency"] = (rows["start"].ge(rows["since"]) & rows["start"].lt(rows["until"])).astype(int)
    rows["worker_id"] = [f"SW{number:04}" for number in 1000 + rng.permutation(len(rows))]
    return rows


def _stays(least: int, most: int, rng: np.random.Generator, count: int) -> Counts:
    """Draw how many days workers stay."""
    return rng.integers(least, most, count)


def _vacancies(posts: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the posts that agency workers cover, and a few that nobody does."""
    covered = posts[posts["since"].lt(END)]
    parts = [covered.rename(columns={"since": "start", "until": "stop"})]
    teams = rng.choice(list(_LOADS), round(_UNFILLED * posts["FTE"].sum()))
    for team in teams:
        day = _FROM + np.r_[0, rng.integers(150, 420, 12)].cumsum()
        day = weekday(day[day <= END])
        parts.append(pd.DataFrame({"team": team, "FTE": 1.0, "start": day, "stop": np.r_[day[1:], NEVER]}))
    return pd.concat(parts, ignore_index=True)[["team", "FTE", "start", "stop"]]


def _holding(
    held: pd.DataFrame, posts: pd.DataFrame, workers: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Give each case to a post by its hours, and so to the workers who follow one another in it."""
    parts = []
    for team, cases in held.groupby("team", sort=True):
        own = posts[posts["team"].eq(team)]
        share = own["FTE"].cumsum().to_numpy() / own["FTE"].sum()
        chosen = np.minimum(np.searchsorted(share, rng.random(len(cases))), len(own) - 1)
        parts.append(cases.assign(post=own.index.to_numpy()[chosen]))
    rows = pd.concat(parts).merge(workers, on="post", suffixes=("", "_worker"))
    rows["start"] = np.maximum(rows["start"], rows["start_worker"])
    rows["stop"] = np.minimum(rows["stop"], rows["stop_worker"])
    rows = rows[rows["start"].lt(rows["stop"]) & rows["stop"].gt(HISTORY)]
    return rows.sort_values(["start", "child"], kind="stable")[["worker_id", "child", "start", "stop"]]


def _dated(rows: pd.DataFrame) -> pd.DataFrame:
    """Name the days as the extract does; what has not ended has no end."""
    own = rows[rows["start"].le(END)]
    stop = known(own["stop"].to_numpy().astype("datetime64[D]"))
    named = own.drop(columns="stop").rename(columns={"start": "start_date"})
    return named.assign(end_date=stop)
