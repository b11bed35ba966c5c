"""The rules of care leavers, education and workforce a second time: plain Python, record by record."""

from datetime import date

from tests.measures.plain_dates import Record, Records, Result, age, open_on, since_april


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


def average_caseload_safeguarding(tables: Records, day: date) -> Result:
    """The same of the teams whose name begins with Referral."""
    own = [row for row in tables["workers"] if (row["team"] or "").startswith("Referral")]
    return average_caseload(tables | {"workers": own}, day)


def _time(rows: list[Record], day: date) -> float:
    """Return the working time of those in post, or vacant, on the day."""
    return round(sum(row["FTE"] for row in rows if open_on(row["start_date"], row["end_date"], day)), 6)


def agency_social_workers(tables: Records, day: date) -> Result:
    """The working time of agency workers in post on the day; that of all in post."""
    agency = [row for row in tables["workers"] if row["agency"] == "1"]
    return _time(agency, day), _time(tables["workers"], day)


def social_worker_vacancies(tables: Records, day: date) -> Result:
    """The working time vacant on the day; that and the time of those in post who are no agency workers."""
    own = [row for row in tables["workers"] if row["agency"] != "1"]
    return _time(tables["vacancies"], day), _time(tables["vacancies"] + own, day)
