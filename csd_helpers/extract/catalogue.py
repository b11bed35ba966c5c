"""The rules an extract is held to: what breaking one means, and what to do about it."""

from typing import NamedTuple


class Rule(NamedTuple):
    """A rule in the words of those who own the data: its name, what breaking it means, what to do."""

    title: str
    means: str
    to_do: str
    of: str = "row"  # what is counted


_AT_SOURCE = "Put the rows right in the case system and take the extract again."
_TYPED = "Put the row right where it was typed in: returns.csv, or the sheet returns."

#: Every rule by its key; how bad it is to break one is said by the problem itself.
RULES: dict[str, Rule] = {
    # reading
    "file_unread": Rule(
        "A file was left aside",
        "Its name is not that of a table, so nothing in it is counted.",
        "If it should count, give it a table's name, such as cla_episodes.csv; if not, leave it.",
        "file",
    ),
    "workbook_open": Rule(
        "A workbook is open in Excel",
        "It is read as it was saved last; changes since then are not in it.",
        "Save it, close it, and run the command again; if nobody has it open, leave it.",
        "file",
    ),
    "file_misnamed": Rule(
        "A table may be there under another name",
        "The table is not in the extract, and nothing of what was left aside is counted.",
        "If it is the table, rename it so; if not, give it a name less like a table's.",
        "file",
    ),
    "source_twice": Rule(
        "Two sources hold the same table",
        "Every row they share would count twice.",
        "Leave one of the two files in the extract's folder.",
        "file",
    ),
    "source_limit": Rule(
        "The source cannot tell everything",
        "A return or a list reaches back only so far; figures that need more are not computable.",
        "Nothing, unless these figures are wanted: then give the table from the case system.",
        "source",
    ),
    "years_overlap": Rule(
        "Yearly returns overlap",
        "The same row stands in the files of several years; the latest year's was taken.",
        "Nothing: what is still open stands in every year's return.",
        "table",
    ),
    "column_missing": Rule(
        "A column is missing",
        "The table cannot be counted without it.",
        "Add the column to the extract, or correct its heading.",
        "column",
    ),
    "column_repeated": Rule(
        "A column is there more than once",
        "It is not known which of the columns of one name counts.",
        "Leave one of them, and give the others another heading.",
        "column",
    ),
    "cell_unread": Rule("A date or number cannot be read", "The row cannot be counted.", _AT_SOURCE),
    "cell_blank": Rule(
        "A cell is blank that should not be",
        "A row without an identifier, a date or a number cannot be counted; one without a code is "
        "counted, but falls into no category.",
        _AT_SOURCE,
    ),
    "code_unknown": Rule(
        "A code is not in the code set",
        "The row counts as it is; where the code decides a figure or a category, it is in none.",
        "Correct the code in the case system. If it is valid, tell the workbook's maintainer.",
    ),
    "below_zero": Rule("A number is below zero", "It would be taken away from a total.", _AT_SOURCE),
    # within a table
    "key_repeated": Rule(
        "The same record is given more than once",
        "It would count twice, or it is not known which of the rows is right.",
        "Delete the rows that are wrong in the case system, or correct the report that joins them.",
    ),
    "row_repeated": Rule(
        "A row is repeated in full",
        "Every column is the same, so it is probably one event recorded twice; each row counts.",
        "Check the example rows. If they are one event, correct the report that doubles them.",
    ),
    "date_order": Rule(
        "A record ended before it started",
        "It is open for no month, so it is missing from figures at month end.",
        "Correct the wrong one of the two dates in the case system.",
    ),
    "date_future": Rule(
        "A date lies after the date of the report",
        "Nobody can have known it then: either the extract was taken later, or the date is mistyped and the "
        "event is missing from its real month.",
        "Correct mistyped dates in the case system. If the extract was taken later, leave them.",
    ),
    "date_before_birth": Rule(
        "A date lies before the child's birth",
        "One of the two dates is wrong, so the child's age or the event's month is. A family's unborn "
        "child may be referred, assessed or planned for: there, only dates more than 300 days before "
        "birth are listed.",
        "Compare the event's date with the date of birth and correct the wrong one.",
    ),
    "spells_overlap": Rule(
        "A record starts before the child's earlier one has ended",
        "The child would be in two places, or on two plans, at once. Where a figure is about children, "
        "each is still counted once a month; where it is about plans, both count.",
        "Correct the end of the earlier record or the start of the later one.",
    ),
    "spell_left_open": Rule(
        "A record is open although the child has a later one",
        "The earlier record was probably never closed, and is counted as open for ever.",
        "Close the earlier record in the case system, on the day it ended.",
    ),
    "episode_broken": Rule(
        "An episode says that care goes on, but none starts that day",
        "REC is X1, yet no episode of the child starts on the day of DEC: the child is missing from the "
        "figures in between, and two stays are counted where there was one.",
        "Add the missing episode, correct its date, or give the reason why care ceased.",
    ),
    # between tables
    "review_without_plan": Rule(
        "A review of a plan that is not there",
        "No plan of the child starts on the day the review names, so the review counts for none.",
        "Correct the plan's start date on the review, or add the plan to the extract.",
    ),
    "child_without_referral": Rule(
        "A child without a referral",
        "The work is counted, but the referral it came from is not in the extract.",
        "Check that referrals reach back as far as this table; record the referral if it was not.",
    ),
    "child_without_header": Rule(
        "An episode of a child without a header",
        "The child's date of birth is not known: the age group is 'Not known', and figures that need an age "
        "leave the child out.",
        "Add the child to the header file.",
    ),
    "child_without_episode": Rule(
        "A child looked after without an episode of care",
        "The row counts for nobody, since no episode says when the child was looked after.",
        "Correct the child's identifier, or add the episodes.",
    ),
    "child_unknown": Rule(
        "A visit to a child whom no other table knows",
        "The visit counts for nobody, and the child it was made to may seem not to have been visited.",
        "Correct the child's identifier on the visit, or add the child's records to the extract.",
    ),
    "worker_unknown": Rule(
        "Cases held by a worker who is not on the list",
        "The cases are left out of average caseloads.",
        "Correct the worker's identifier, or add the worker.",
    ),
    # months
    "stops_short": Rule(
        "The table stops before the month ends",
        "Its latest event is more than a month before the last day of the month reported: the extract "
        "was probably taken too early, or the latest file is missing.",
        "Take the extract again after the month's end.",
        "table",
    ),
    "rows_fewer": Rule(
        "Rows may be missing",
        "The table has lost more than a tenth of its rows since the last run: it was probably cut off, or a "
        "file of it was left out.",
        "Take the extract again, whole. If it holds less on purpose, such as fewer years, leave it.",
        "table",
    ),
    "table_gone": Rule(
        "A table is missing",
        "The last run's extract had it: it was probably forgotten, or its file has another name.",
        "Put the table's file into the extract, under its name. If it is left out on purpose, leave it.",
        "table",
    ),
    "month_thin": Rule(
        "A month is suspiciously empty",
        "It holds fewer than a third of the rows of a usual month around it: rows are probably missing.",
        "Take that month again from the case system. If the month really was so quiet, leave it.",
        "month",
    ),
    # returns
    "indicator_unknown": Rule("An unknown indicator", "The row's figure has no place in the pack.", _TYPED),
    "period_unknown": Rule("A period that is not a month", "The figure belongs to no month.", _TYPED),
    "figure_missing": Rule("A row without a figure", "Nothing can be shown for it.", _TYPED),
    "part_above_whole": Rule(
        "A numerator above its denominator",
        "The percentage would be above 100.",
        "Ask who sent the figure which of the two is wrong, and correct the row.",
    ),
    "percentage_impossible": Rule("A percentage above 100", "It cannot be right.", _TYPED),
    "denominator_missing": Rule(
        "A numerator without its denominator",
        "No percentage, rate or average can be worked out.",
        "Add the denominator, or give the value, in the row.",
    ),
}
