"""The rules of the front door and child protection a second time: plain Python, one record after another."""

from datetime import date

from tests.measures.plain_dates import (
    Record,
    Records,
    Result,
    add_months,
    age,
    open_on,
    since_april,
    working_days,
)


def _since_april(tables: Records, name: str, column: str, day: date) -> Result:
    """Count the records of a table with a day in the year to date."""
    number = sum(since_april(row[column], day) for row in tables[name])
    return number, number


def contacts(tables: Records, day: date) -> Result:
    """Contacts received since April."""
    return _since_april(tables, "contacts", "contact_date", day)


def early_help_assessments(tables: Records, day: date) -> Result:
    """Early help assessments started since April."""
    return _since_april(tables, "early_help", "start_date", day)


def referrals(tables: Records, day: date) -> Result:
    """Referrals received since April, each occasion."""
    return _since_april(tables, "cin_details", "CINreferralDate", day)


def section_47_enquiries(tables: Records, day: date) -> Result:
    """Enquiries started since April."""
    return _since_april(tables, "section47", "S47ActualStartDate", day)


def child_protection_plans_started(tables: Records, day: date) -> Result:
    """Plans started since April."""
    return _since_april(tables, "cp_plans", "CPPstartDate", day)


def second_child_protection_plan(tables: Records, day: date) -> Result:
    """Plans started since April; those of children who had one before."""
    own = [row for row in tables["cp_plans"] if since_april(row["CPPstartDate"], day)]
    return sum(row["NumberOfPreviousCPP"] > 0 for row in own), len(own)


def children_in_need(tables: Records, day: date) -> Result:
    """Children with a referral open on the day that was not closed without further action."""
    children = {
        row["LAchildID"]
        for row in tables["cin_details"]
        if row["ReferralNFA"] != "1" and open_on(row["CINreferralDate"], row["CINclosureDate"], day)
    }
    return len(children), len(children)


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


def ages_on_a_plan(tables: Records, day: date) -> list[int | None]:
    """Return the age on the day of each child on a plan; missing where the birth date is."""
    born = {row["LAchildID"]: row["PersonBirthDate"] for row in tables["children"]}
    children = {row["LAchildID"] for row in _open_plans(tables, day)}
    return [age(born[child], day) if born.get(child) else None for child in children]


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
