"""Random records that crowd around the boundaries of the definitions."""

from collections.abc import Callable
from datetime import date, timedelta

from tests.measures import plain_dates as ref
from tests.measures.dice import DAYS, Dice
from tests.measures.plain_dates import Record, Records


def referred(dice: Dice) -> Records:
    """Return referrals a year apart, more or less; and several of a child on a day."""
    rows: list[Record] = []
    for child in range(15):
        day = dice.day()
        for _ in range(int(dice.random.integers(1, 5))):
            rows.append({"LAchildID": f"c{child}", "CINreferralDate": day, "DateOfInitialCPC": None})
            again = ref.add_months(day, int(dice.pick([0, 0, 12, 12, 12, 11, -12])))
            day = dice.near(again) if dice.often(0.8) else again
    return {"cin_details": rows}


def assessed(dice: Dice) -> Records:
    """Return assessments of about 45 working days."""
    rows: list[Record] = []
    for child in range(40):
        start = dice.any_day()
        done = dice.near(ref.add_working_days(start, 45))
        if dice.often(0.3):  # open, and 45 working days old about a month end
            done = None if dice.often(0.5) else dice.after(start, 200)
            start = min(
                dice.near(dice.pick(DAYS) - timedelta(days=int(dice.pick([63, 64, 65])))), done or start
            )
        rows.append({"LAchildID": f"c{child}", "AssessmentActualStartDate": start,
                     "AssessmentAuthorisationDate": done})  # fmt: skip
    return {"assessments": rows}


def conferred(dice: Dice) -> Records:
    """Return enquiries and conferences about 15 working days apart; children who moved in."""
    enquiries: list[Record] = []
    details: list[Record] = []
    for child in range(30):
        start = dice.any_day()
        conference = dice.near(ref.add_working_days(start, 15)) if dice.often(0.8) else dice.near(start)
        for _ in range(2 if dice.often(0.3) else 1):
            known = start if dice.often(0.9) else None
            enquiries.append({"LAchildID": f"c{child}", "S47ActualStartDate": known,
                              "DateOfInitialCPC": conference if dice.often(0.9) else None})  # fmt: skip
            start = dice.near(start + timedelta(days=int(dice.random.integers(-12, 12))))
        told = conference if dice.often(0.3) else None
        details.append({"LAchildID": f"c{child}", "CINreferralDate": start, "DateOfInitialCPC": told})
    return {"section47": enquiries, "cin_details": details}


def planned(dice: Dice) -> Records:
    """Return plans about three months or two years old at a month end, with reviews and visits."""
    plans: list[Record] = []
    reviews: list[Record] = []
    visits: list[Record] = []
    for child in range(25):
        start = dice.near(ref.add_months(dice.pick(DAYS), int(dice.pick([0, -1, -3, -9, -15]))))
        if dice.often(0.4):
            start = dice.near(dice.pick(DAYS) - timedelta(days=729))
        for _ in range(2 if dice.often(0.3) else 1):
            end = max(start, dice.day()) if dice.often(0.4) else None
            plans.append({"LAchildID": f"c{child}", "CPPstartDate": start, "CPPendDate": end})
            reviews += _plan_reviews(dice, child, start)
            start = dice.after(end, 60) if end else None
            if start is None:
                break
        for _ in range(8):
            back = ref.add_months(dice.pick(DAYS), 0) - timedelta(days=int(dice.random.integers(12, 18)))
            visits.append(
                {"LAchildID": f"c{child}", "visit_date": back, "visit_type": dice.pick(["CP", "CIN"])}
            )
    return {"cp_plans": plans, "cp_reviews": reviews, "visits": visits}


def _plan_reviews(dice: Dice, child: int, start: date) -> list[Record]:
    rows: list[Record] = []
    due = ref.add_months(start, 3)
    while due < date(2021, 6, 1) and dice.often(0.9):
        held = due if dice.often(0.6) else dice.near(due) if dice.often(0.7) else due + timedelta(days=40)
        rows.append({"LAchildID": f"c{child}", "CPPstartDate": start, "CPPreviewDate": max(held, start)})
        due = ref.add_months(rows[-1]["CPPreviewDate"], 6)
    return rows


def looked_after(dice: Dice) -> Records:
    """Return children's moves through care, with reviews, visits and health assessments."""
    episodes: list[Record] = []
    header: list[Record] = []
    reviews: list[Record] = [{"CHILD": "old", "REVIEW": date(2018, 1, 15)}]
    visits: list[Record] = [{"LAchildID": "old", "visit_date": date(2018, 1, 15), "visit_type": "CLA"}]
    health: list[Record] = [{"CHILD": "old", "assessment_date": date(2018, 1, 15)}]
    for number in range(25):
        child = f"c{number}"
        own = _care(dice, child)
        episodes += own
        months = -12 * int(dice.pick([5, 15, 16, 16]))
        header.append({"CHILD": child, "DOB": dice.near(ref.add_months(dice.pick(DAYS), months))})
        reviews += _care_reviews(dice, child, own)
        for day in DAYS:
            back = timedelta(days=int(dice.random.integers(40, 46)))
            if dice.often(0.6):
                visits.append({"LAchildID": child, "visit_date": day - back, "visit_type": "CLA"})
        for _ in range(3):
            checked = dice.near(ref.add_months(dice.pick(DAYS), int(dice.pick([-6, -12]))))
            health.append({"CHILD": child, "assessment_date": checked})
    return {"cla_episodes": episodes, "cla_header": header, "cla_reviews": reviews, "visits": visits,
            "health": health}  # fmt: skip


_PLACES = ["U1", "U4", "U4", "U4", "A3", "A4", "A5", "A6", "K2", "T1", "T4", "P1", "H5"]


def _care(dice: Dice, child: str) -> list[Record]:
    """Return the episodes of one child: moves, returns, short stays, and leaving and coming back."""
    rows: list[Record] = []
    start = dice.near(ref.add_months(dice.pick(DAYS), int(dice.pick([-36, -30, -30, -25, -13, -3, 0]))))
    reason = "S"
    while start < date(2021, 3, 1) and len(rows) < 9:
        end = _move(dice, start)
        row: Record = {"CHILD": child, "DECOM": start, "RNE": reason, "PLACE": dice.pick(_PLACES),
                       "LS": "V4" if dice.often(0.04) else "C2", "DEC": end, "REC": None,
                       "PL_POST": dice.pick(["B1", "B1", "B2", None]),
                       "URN": dice.pick(["S1", "S1", "S2", None])}  # fmt: skip
        if rows and reason == "L":
            row |= {name: rows[-1][name] for name in ("PLACE", "PL_POST", "URN")}
        elif len(rows) > 1 and dice.often(0.5):  # back to where the child was before
            row |= {name: rows[-2][name] for name in ("PLACE", "PL_POST", "URN")}
        if end:
            row["REC"] = dice.pick(["X1"] * 8 + ["E4A", "E11", "E12"])
        rows.append(row)
        if end is None:
            break
        stays = row["REC"] == "X1"
        reason = dice.pick("PPPTBUL") if stays else "S"
        start = end if stays or dice.often(0.1) else dice.after(end, 150)
    return rows


def _move(dice: Dice, start: date) -> date | None:
    """Return when an episode ends: soon, about 12 or 24 months before a month end, or not."""
    kind = int(dice.random.integers(6))
    if kind == 0:
        return None
    if kind == 1:
        return start  # under 24 hours
    if kind == 2:
        return dice.after(start, 60)
    back = int(dice.pick([-24, -24, -12, -12, 0, 0]))
    return max(dice.near(ref.add_months(dice.pick(DAYS), back)), start + timedelta(days=1))


def _care_reviews(dice: Dice, child: str, rows: list[Record]) -> list[Record]:
    """Return reviews on, or about, the days they were due, from each day the child came."""
    held: set[date] = set()
    for came in [row["DECOM"] for row in rows if row["RNE"] == "S"]:
        due, months = ref.add_working_days(max(came, date(2016, 1, 1)), 20), 3
        while due < date(2021, 5, 1) and dice.often(0.93):
            day = due if dice.often(0.7) else dice.near(due) if dice.often(0.6) else due + timedelta(days=50)
            held.add(day)
            due, months = ref.add_months(day, months), 6
    return [{"CHILD": child, "REVIEW": day} for day in sorted(held)]


def left_care(dice: Dice) -> Records:
    """Return care leavers about their birthdays, some about 1 April, some born on a leap day."""
    rows: list[Record] = []
    for child in range(40):
        when = dice.near(dice.pick([date(2020, 4, 1), date(2020, 2, 29), date(2021, 3, 1), dice.any_day()]))
        turned = int(dice.random.integers(18, 23))
        born = date(2000, 2, 29) if dice.often(0.2) else ref.add_months(when, -12 * turned)
        day = ref.birthday(born, turned)
        rows.append({"CHILD": f"c{child}", "DOB": born, "birthday_date": day - ref.DAY * dice.often(0.1),
                     "IN_TOUCH": dice.pick(["YES", "NO", "DIED", "RHOM", "REFU", "NREQ"]),
                     "ACTIV": dice.pick(["F1", "P3", "G5", "0"]),
                     "ACCOM": dice.pick(["B1", "B2", "G1", "H2", "R1", "0"])})  # fmt: skip
    return {"care_leavers": rows}


def planned_for(dice: Dice) -> Records:
    """Return requests for a plan, issued or 20 weeks old about a month end."""
    rows: list[Record] = []
    for child in range(40):
        issued = dice.day()
        asked = dice.near(issued - timedelta(days=140))
        rows.append({"child_id": f"c{child}", "request_date": asked,
                     "exception": dice.pick(["0", "0", "1", None]),
                     "issue_date": issued if dice.often(0.6) else None})  # fmt: skip
    return {"ehcp": rows}


def employed(dice: Dice) -> Records:
    """Return staff who come and go, some after a change of hours, and the cases they hold."""
    workers: list[Record] = []
    for worker in range(18):
        start = dice.any_day()
        for _ in range(2 if dice.often(0.3) else 1):
            end = max(start, dice.day()) if dice.often(0.6) else None
            workers.append({"worker_id": f"w{worker}", "team": "Safeguarding", "agency": "0",
                            "FTE": dice.pick([0.0, 0.5, 0.6, 1.0]),
                            "start_date": start, "end_date": end})  # fmt: skip
            if end is None:
                break
            start = end if dice.often(0.5) else dice.after(end, 60)
    held: list[Record] = []
    for case in range(40):
        start = dice.day()
        end = max(start, dice.day()) if dice.often(0.6) else None
        held.append({"worker_id": f"w{dice.random.integers(20)}", "LAchildID": f"c{case}",
                     "start_date": start, "end_date": end})  # fmt: skip
    return {"workers": workers, "caseholding": held}


#: What a record of a table also says, whatever rule drew it: the columns that figures are divided by.
_ALSO: dict[str, dict[str, list]] = {
    "cin_details": {"ReferralSource": ["1A", "5B", "9", None], "PrimaryNeedCode": ["N1", "N5", None],
                    "ReferralNFA": ["0", "1", None]},
    "cp_plans": {"LatestCategoryOfAbuse": ["NEG", "EMO", None], "NumberOfPreviousCPP": [0, 0, 1]},
    "care_leavers": {"current_ACTIV": ["F1", "G5", None]},
    "workers": {"team": ["Referral and assessment", "Safeguarding", None], "agency": ["0", "1", None]},
    "cla_episodes": {"LS": ["C2", "V2", "V4", "J1"], "PL_DISTANCE": [0.0, 5.0, 5.1, 20.0, 20.1, 999.9, None]},
}  # fmt: skip


def everything(dice: Dice) -> Records:
    """Return records in all the tables that measures read."""
    records: Records = {}
    for draw in (referred, assessed, conferred, planned, looked_after, left_care, planned_for, employed):
        for name, rows in draw(dice).items():
            records.setdefault(name, []).extend(rows)
    records |= _simple(dice)
    for row in records["cin_details"]:
        row["CINclosureDate"] = None if dice.often(0.4) else dice.after(row["CINreferralDate"], 300)
    for name, columns in _ALSO.items():
        for row in records[name]:
            row |= {column: dice.pick(choices) for column, choices in columns.items()}
    return records


def _simple(dice: Dice) -> Records:
    """Return the tables that only one measure reads, or only by the way."""
    children = [row["CHILD"] for row in looked_after(dice)["cla_header"]]
    spans = [
        (start, max(start, dice.day()) if dice.often(0.5) else None) for start in map(dice.near, DAYS * 2)
    ]
    return {
        "children": [{"LAchildID": f"c{n}", "PersonBirthDate": _born(dice)} for n in range(20)],
        "contacts": [{"LAchildID": f"c{n}", "contact_date": dice.day()} for n in range(40)],
        "early_help": [{"LAchildID": f"c{n}", "start_date": dice.day(), "end_date": None} for n in range(40)],
        "uasc": [{"CHILD": child, "DUC": dice.pick([None, dice.day()])} for child in children[::3]],
        "vacancies": [{"team": "Safeguarding", "FTE": dice.pick([0.5, 1.0]),
                       "start_date": start, "end_date": end}
                      for start, end in spans],
    }  # fmt: skip


def _born(dice: Dice) -> date | None:
    """Return a birth date about a change of age group at a month end; sometimes it is not known."""
    years = int(dice.pick([0, 1, 5, 10, 16]))
    return None if dice.often(0.1) else dice.near(ref.add_months(dice.pick(DAYS), -12 * years))


#: Who draws the records of a rule; what stands here comes closest to its boundaries.
DRAWN: dict[str, Callable[[Dice], Records]] = {
    "re_referrals": referred,
    "assessments_45_days": assessed,
    "assessments_open_past_45_days": assessed,
    "conferences_15_days": conferred,
    "child_protection_plans": planned,
    "child_protection_two_years": planned,
    "child_protection_reviews": planned,
    "child_protection_visits": planned,
    "children_looked_after": looked_after,
    "three_placements": looked_after,
    "long_term_stability": looked_after,
    "looked_after_reviews": looked_after,
    "looked_after_reviews_held": looked_after,
    "looked_after_adopted": looked_after,
    "looked_after_visits": looked_after,
    "health_assessments": looked_after,
    "care_leavers_ete": left_care,
    "care_leavers_accommodation": left_care,
    "care_leavers_in_touch": left_care,
    "ehc_plans_20_weeks": planned_for,
    "ehc_plans_20_weeks_all": planned_for,
    "ehc_plans_20_weeks_excepted": planned_for,
    "ehc_plans_open_past_20_weeks": planned_for,
    "average_caseload": employed,
}
