"""The date rules a second time: plain Python, one record after another, slow and easy to check.

Written from the definitions, not from the measures, so that the two can be held against each other.
A table is a list of records; a day is a ``datetime.date``; a rule takes the tables and the as-at day
and returns numerator and denominator.
"""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

Record = dict[str, object]
Records = dict[str, list[Record]]
Result = tuple[float, float]

_CLOSED_DAYS = {  # England and Wales, from the published list; 8 May 2020 took the place of 4 May
    2016: "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27",
    2017: "01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
    2018: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
    2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
}
CLOSED = {date.fromisoformat(f"{year}-{day}") for year, days in _CLOSED_DAYS.items() for day in days.split()}
DAY = timedelta(days=1)


# Dates


def working_days(start: date, end: date) -> int:
    """Count the working days after one day, up to and including another."""
    passed, day = 0, start
    while day < end:
        day += DAY
        passed += day.weekday() < 5 and day not in CLOSED
    return passed


def add_working_days(start: date, days: int) -> date:
    """Return the first day on which so many working days have passed."""
    day = start
    while days:
        day += DAY
        days -= day.weekday() < 5 and day not in CLOSED
    return day


def add_months(day: date, months: int) -> date:
    """Add calendar months (or take them off), stopping at the end of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def birthday(born: date, age: int) -> date:
    """Return the day somebody reaches an age; 1 March for a leap day in a common year."""
    year = born.year + age
    if (born.month, born.day) == (2, 29) and monthrange(year, 2)[1] == 28:
        return date(year, 3, 1)
    return born.replace(year=year)


def age(born: date, day: date) -> int:
    """Count the birthdays that have passed."""
    years = day.year - born.year
    return years if birthday(born, years) <= day else years - 1


def year_start(day: date) -> date:
    """Return the 1 April that the financial year of a day began on."""
    return date(day.year if day.month >= 4 else day.year - 1, 4, 1)


def since_april(day: date | None, on: date) -> bool:
    """Tell whether a day lies in the year to date."""
    return day is not None and year_start(on) <= day <= on


def open_on(start: date, end: date | None, day: date) -> bool:
    """Tell whether something is open at the end of a day; an end on the day counts as ended."""
    return start <= day and (end is None or end > day)


# The front door and child protection


def re_referrals(tables: Records, day: date) -> Result:
    """Referrals since April, each child once a day; again if referred in the 12 months before."""
    referred = {(row["LAchildID"], row["CINreferralDate"]) for row in tables["cin_details"]}
    own = [(child, when) for child, when in referred if since_april(when, day)]
    again = [any(c == child and add_months(when, -12) <= other < when for c, other in referred)
             for child, when in own]  # fmt: skip
    return sum(again), len(own)


def assessments_45_days(tables: Records, day: date) -> Result:
    """Assessments authorised since April; in time within 45 working days of their start."""
    done = [row for row in tables["assessments"] if since_april(row["AssessmentAuthorisationDate"], day)]
    spans = [
        working_days(row["AssessmentActualStartDate"], row["AssessmentAuthorisationDate"]) for row in done
    ]
    return sum(span <= 45 for span in spans), len(done)


def assessments_open_past_45_days(tables: Records, day: date) -> Result:
    """Assessments open on the day for more than 45 working days."""
    rows = [(row["AssessmentActualStartDate"], row["AssessmentAuthorisationDate"])
            for row in tables["assessments"]]  # fmt: skip
    past = sum(open_on(start, end, day) and working_days(start, day) > 45 for start, end in rows)
    return past, past


def conferences_15_days(tables: Records, day: date) -> Result:
    """All initial conferences since April; in time within 15 working days of the last enquiry before."""
    held = {}
    for row in tables["section47"]:
        if row["DateOfInitialCPC"]:
            starts = held.setdefault((row["LAchildID"], row["DateOfInitialCPC"]), [])
            starts.append(row["S47ActualStartDate"])
    for row in tables["cin_details"]:
        if row["DateOfInitialCPC"]:
            held.setdefault((row["LAchildID"], row["DateOfInitialCPC"]), [])
    met = of = 0
    for (_, conference), starts in held.items():
        if since_april(conference, day):
            before = [start for start in starts if start and start <= conference]
            met += bool(before) and working_days(max(before), conference) <= 15
            of += 1
    return met, of


def _open_plans(tables: Records, day: date) -> list[Record]:
    return [row for row in tables["cp_plans"] if open_on(row["CPPstartDate"], row["CPPendDate"], day)]


def child_protection_plans(tables: Records, day: date) -> Result:
    """Children on a plan on the day, each once."""
    children = {row["LAchildID"] for row in _open_plans(tables, day)}
    return len(children), len(children)


def child_protection_two_years(tables: Records, day: date) -> Result:
    """Plans open on the day; those open for more than 729 days, both ends counted."""
    plans = _open_plans(tables, day)
    return sum((day - row["CPPstartDate"]).days + 1 > 729 for row in plans), len(plans)


def child_protection_reviews(tables: Records, day: date) -> Result:
    """Plans open on the day for three months; those whose every review due up to the day was in time."""
    old = [row for row in _open_plans(tables, day) if row["CPPstartDate"] <= add_months(day, -3)]
    return sum(_plan_is_in_time(plan, tables["cp_reviews"], day) for plan in old), len(old)


def _plan_is_in_time(plan: Record, reviews: list[Record], day: date) -> bool:
    key = (plan["LAchildID"], plan["CPPstartDate"])
    held = sorted({row["CPPreviewDate"] for row in reviews if (row["LAchildID"], row["CPPstartDate"]) == key})
    due = add_months(plan["CPPstartDate"], 3)
    while due <= day:
        review = held.pop(0) if held else None
        if review is None or review > due:
            return False
        due = add_months(review, 6)
    return True


def child_protection_visits(tables: Records, day: date) -> Result:
    """Plans open on the day; those visited, or begun, within 10 working days."""
    plans, met = _open_plans(tables, day), 0
    for plan in plans:
        seen = [row["visit_date"] for row in tables["visits"]
                if row["LAchildID"] == plan["LAchildID"] and row["visit_type"] == "CP"]  # fmt: skip
        last = max(when for when in [*seen, plan["CPPstartDate"]] if when <= day)
        met += working_days(last, day) <= 10
    return met, len(plans)


# Children looked after


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


# Care leavers, education, workforce


def _leavers(tables: Records, day: date) -> list[Record]:
    """Return care leavers with a 19th, 20th or 21st birthday in the year to date."""
    return [row for row in tables["care_leavers"] if since_april(row["birthday_date"], day)
            and age(row["DOB"], row["birthday_date"]) in (19, 20, 21)
            and row["IN_TOUCH"] not in ("DIED", "RHOM")]  # fmt: skip


def care_leavers_ete(tables: Records, day: date) -> Result:
    """Care leavers; those whose activity is education, training or employment."""
    own = _leavers(tables, day)
    return sum(row["ACTIV"][0] in "FP" for row in own), len(own)


def care_leavers_accommodation(tables: Records, day: date) -> Result:
    """Care leavers not abroad, deported or of unknown residence; those suitably housed."""
    own = [row for row in _leavers(tables, day) if row["ACCOM"][0] not in "GHR"]
    return sum(row["ACCOM"][-1] == "1" for row in own), len(own)


def care_leavers_in_touch(tables: Records, day: date) -> Result:
    """Care leavers; those the council is in touch with."""
    own = _leavers(tables, day)
    return sum(row["IN_TOUCH"] == "YES" for row in own), len(own)


def ehc_plans_20_weeks_all(tables: Records, day: date) -> Result:
    """Plans issued since April; those issued within 20 weeks of the request."""
    own = [row for row in tables["ehcp"] if since_april(row["issue_date"], day)]
    return sum((row["issue_date"] - row["request_date"]).days <= 140 for row in own), len(own)


def ehc_plans_20_weeks(tables: Records, day: date) -> Result:
    """The same without those that an exception applies to."""
    return ehc_plans_20_weeks_all({"ehcp": [r for r in tables["ehcp"] if r["exception"] != "1"]}, day)


def ehc_plans_20_weeks_excepted(tables: Records, day: date) -> Result:
    """The same of those that an exception applies to."""
    return ehc_plans_20_weeks_all({"ehcp": [r for r in tables["ehcp"] if r["exception"] == "1"]}, day)


def ehc_plans_open_past_20_weeks(tables: Records, day: date) -> Result:
    """Requests without a plan on the day, more than 20 weeks old."""
    past = sum(open_on(row["request_date"], row["issue_date"], day)
               and (day - row["request_date"]).days > 140 for row in tables["ehcp"])  # fmt: skip
    return past, past


def average_caseload(tables: Records, day: date) -> Result:
    """Cases held on the day by staff in post with working time; the working time of those who hold one."""
    staff: dict[object, float] = {}
    for row in tables["workers"]:
        if row["FTE"] > 0 and open_on(row["start_date"], row["end_date"], day):
            staff[row["worker_id"]] = staff.get(row["worker_id"], 0) + row["FTE"]
    held = [row["worker_id"] for row in tables["caseholding"]
            if row["worker_id"] in staff and open_on(row["start_date"], row["end_date"], day)]  # fmt: skip
    return len(held), round(sum(staff[worker] for worker in set(held)), 6)


#: Each rule under the key of the measure it is held against.
RULES: dict[str, Callable[[Records, date], Result]] = {
    rule.__name__: rule
    for rule in (
        re_referrals,
        assessments_45_days,
        assessments_open_past_45_days,
        conferences_15_days,
        child_protection_plans,
        child_protection_two_years,
        child_protection_reviews,
        child_protection_visits,
        children_looked_after,
        three_placements,
        long_term_stability,
        looked_after_reviews,
        looked_after_reviews_held,
        looked_after_adopted,
        looked_after_visits,
        health_assessments,
        care_leavers_ete,
        care_leavers_accommodation,
        care_leavers_in_touch,
        ehc_plans_20_weeks,
        ehc_plans_20_weeks_all,
        ehc_plans_20_weeks_excepted,
        ehc_plans_open_past_20_weeks,
        average_caseload,
    )
}
