"""The rules of children looked after a second time: plain Python, one record after another."""

from datetime import date

from tests.measures.plain_dates import (
    Record,
    Records,
    Result,
    add_months,
    add_working_days,
    age,
    open_on,
    since_april,
    year_start,
)


def _episodes(tables: Records) -> dict[object, list[Record]]:
    """Return each child's episodes in order, without agreed short breaks."""
    children: dict[object, list[Record]] = {}
    for row in sorted(tables["cla_episodes"], key=lambda row: (row["DECOM"], row["DEC"] or date.max)):
        if row["LS"] not in ("V3", "V4"):
            children.setdefault(row["CHILD"], []).append(row)
    return children


def _continues(before: Record, row: Record) -> bool:
    """Tell whether an episode goes on from the one before: the same day, with X1, and no new start."""
    return before["REC"] == "X1" and before["DEC"] == row["DECOM"] and row["RNE"] != "S"


def _stays(rows: list[Record]) -> list[list[Record]]:
    """Chain one child's episodes into periods of care."""
    stays: list[list[Record]] = []
    for row in rows:
        if stays and _continues(stays[-1][-1], row):
            stays[-1].append(row)
        else:
            stays.append([row])
    return stays


def _placements(stay: list[Record]) -> list[list[Record]]:
    """Chain the episodes of a period of care into placements that count, each a list of episodes."""
    spells: list[list[Record]] = []
    for row in stay:
        before = spells[-1][-1]["PLACE"] if spells else ""
        adopted = row["PLACE"] in ("A3", "A5") and before.startswith("U")
        if spells and (row["RNE"] == "L" or adopted):
            spells[-1].append(row)
        else:
            spells.append([row])
    counted: list[list[Record]] = []
    interrupted = False
    for spell in spells:
        if spell[0]["PLACE"].startswith("T") or spell[0]["DECOM"] == spell[-1]["DEC"]:
            interrupted = True
            continue
        if counted and interrupted and _same_place(counted[-1][-1], spell[0]):
            counted[-1].extend(spell)
        else:
            counted.append(list(spell))
        interrupted = False
    return counted


def _same_place(one: Record, other: Record) -> bool:
    """Tell whether a child came back: the same known postcode, and the same home's number or none."""
    return bool(one["PL_POST"]) and (one["PL_POST"], one["URN"]) == (other["PL_POST"], other["URN"])


def _now(rows: list[Record], day: date) -> tuple[Record, list[Record]] | None:
    """Return the episode open on the day and its period of care; None if not looked after."""
    for stay in _stays(rows):
        for row in stay:
            if open_on(row["DECOM"], row["DEC"], day):
                return row, stay
    return None


def children_looked_after(tables: Records, day: date) -> Result:
    """Children with an episode open on the day."""
    children = sum(_now(rows, day) is not None for rows in _episodes(tables).values())
    return children, children


def ages_in_care(tables: Records, day: date) -> list[int | None]:
    """Return the age on the day of each child looked after."""
    born = {row["CHILD"]: row["DOB"] for row in tables["cla_header"]}
    return [age(born[child], day) for child, rows in _episodes(tables).items() if _now(rows, day)]


def asylum_seeking_children(tables: Records, day: date) -> Result:
    """Children looked after who are in the return of those seeking asylum, until the day that ceased."""
    ceased = {row["CHILD"]: row["DUC"] for row in tables["uasc"]}
    children = [child for child, rows in _episodes(tables).items() if child in ceased and _now(rows, day)]
    seeking = sum(ceased[child] is None or ceased[child] > day for child in children)
    return seeking, seeking


def three_placements(tables: Records, day: date) -> Result:
    """Children looked after; those with three placements that touch the 12 months to the day."""
    met = of = 0
    begin = add_months(day, -12)
    for rows in _episodes(tables).values():
        if _now(rows, day):
            spells = [spell for stay in _stays(rows) for spell in _placements(stay)]
            ends = [spell[-1]["DEC"] for spell in spells if spell[0]["DECOM"] <= day]
            met += sum(end is None or end > begin for end in ends) >= 3
            of += 1
    return met, of


def long_term_stability(tables: Records, day: date) -> Result:
    """Children under 16 looked after for 30 months; those settled for 24 months."""
    born = {row["CHILD"]: row["DOB"] for row in tables["cla_header"]}
    met = of = 0
    for child, rows in _episodes(tables).items():
        now = _now(rows, day)
        if now and age(born[child], day) < 16 and now[1][0]["DECOM"] <= add_months(day, -30):
            since = _settled_since(now[1], day)
            met += since is not None and since <= add_months(day, -24)
            of += 1
    return met, of


def _settled_since(stay: list[Record], day: date) -> date | None:
    """Return when the placement began; placed for adoption, when the one before it began."""
    spells = [spell for spell in _placements(stay) if spell[0]["DECOM"] <= day]
    if not spells:
        return None
    adoptive = spells[-1][0]["PLACE"] in ("A3", "A4", "A5", "A6")
    return spells[-2 if adoptive and len(spells) > 1 else -1][0]["DECOM"]


def _reviews_due(rows: list[Record], held: set[date], records_begin: date) -> list[tuple]:
    """Return the reviews due in each of a child's periods of care: due, held, and when the child left."""
    due_reviews = []
    for stay in _stays(rows):
        came, left = stay[0]["DECOM"], stay[-1]["DEC"]
        unknown_start = came < records_begin
        due = None if unknown_start else add_working_days(came, 20)
        own = sorted(day for day in held if came <= day and (left is None or day <= left))
        for number, review in enumerate(own):
            due_reviews.append((due, review, left))
            due = add_months(review, 3 if number == 0 and not unknown_start else 6)
        due_reviews.append((due, None, left))
    return [(due, review, left) for due, review, left in due_reviews if due and (not left or due < left)]


def _children_reviews(tables: Records) -> dict[object, list[tuple]]:
    begin = min(row["REVIEW"] for row in tables["cla_reviews"])
    return {
        child: _reviews_due(rows, {r["REVIEW"] for r in tables["cla_reviews"] if r["CHILD"] == child}, begin)
        for child, rows in _episodes(tables).items()
    }


def looked_after_reviews(tables: Records, day: date) -> Result:
    """Children looked after with a review due in the year to date, or still outstanding since before.

    In time: every such review was held by the day it was due.
    """
    episodes, april, met, of = _episodes(tables), year_start(day), 0, 0
    for child, reviews in _children_reviews(tables).items():
        own = [(due, held) for due, held, left in reviews if due <= day and (due >= april or (
            (held is None or held >= april) and (left is None or left >= april)))]  # fmt: skip
        if own and _now(episodes[child], day):
            met += all(held is not None and held <= due for due, held in own)
            of += 1
    return met, of


def looked_after_reviews_held(tables: Records, day: date) -> Result:
    """Reviews due in the year to date; those held by the day they were due."""
    own = [review for reviews in _children_reviews(tables).values() for review in reviews
           if since_april(review[0], day)]  # fmt: skip
    return sum(held is not None and held <= due for due, held, _ in own), len(own)


def looked_after_adopted(tables: Records, day: date) -> Result:
    """Children whose last end of care in the year to date was adoption."""
    adopted = 0
    for rows in _episodes(tables).values():
        ended = [row for row in rows if row["REC"] != "X1" and since_april(row["DEC"], day)]
        adopted += bool(ended) and ended[-1]["REC"] in ("E11", "E12")
    return adopted, adopted


def looked_after_visits(tables: Records, day: date) -> Result:
    """Children looked after; those visited, or who came, within 42 days."""
    met = of = 0
    for child, rows in _episodes(tables).items():
        if now := _now(rows, day):
            seen = [row["visit_date"] for row in tables["visits"]
                    if row["LAchildID"] == child and row["visit_type"] == "CLA"]  # fmt: skip
            last = max(when for when in [*seen, now[1][0]["DECOM"]] if when <= day)
            met += (day - last).days <= 42
            of += 1
    return met, of


def health_assessments(tables: Records, day: date) -> Result:
    """Children looked after; those assessed in the last 12 months, or 6 for a child under 5."""
    born = {row["CHILD"]: row["DOB"] for row in tables["cla_header"]}
    met = of = 0
    for child, rows in _episodes(tables).items():
        if _now(rows, day):
            since = add_months(day, -6 if age(born[child], day) < 5 else -12)
            met += any(row["CHILD"] == child and since < row["assessment_date"] <= day
                       for row in tables["health"])  # fmt: skip
            of += 1
    return met, of
