"""Words of Part 1 that say what Part 1 withholds."""

import datetime
from contextlib import nullcontext

import pandas as pd
import pytest

from csd_helpers.commentary import Commentary, Header
from csd_helpers.disclosure.decision import choose
from csd_helpers.disclosure.model import Model, model_of
from csd_helpers.disclosure.proof import prove
from csd_helpers.disclosure.prose import require_silent, require_silent_titles
from csd_helpers.disclosure.spoken import named_months, spoken_numbers
from csd_helpers.errors import CsdError
from csd_helpers.period import Period
from csd_helpers.release import Withheld, release
from tests.disclosure.test_decision import RULES, SUITE, figure


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("Three of the twenty-two were late", ["3", "22"]),
        ("1,204 contacts, 38.2% of them new", ["1204", "38.2%"]),
        ("12.5 per cent", ["12.5%"]),
        ("Both siblings and a couple of others", ["2", "2"]),
        ("On 31 October 2020, in 2019/20 and for indicator 26 of Part 2", []),
        ("within 45 working days, aged 19 to 21, in 3 months, at £500", []),
        ("No one, and one of our homes", []),
    ],
)
def test_numbers_are_heard_in_digits_and_in_words(text: str, digits: list[str]) -> None:
    assert [number.digits for number in spoken_numbers(text)] == digits


FIGURES = pd.DataFrame(
    [figure("looked_after_reviews", 57, 59), figure("looked_after_reviews", 80, 100, month=604)]
)
JUNE = Period.parse("2020-06")


def shown_and_known() -> tuple[pd.DataFrame, pd.DataFrame, Model]:
    return (
        release(FIGURES, 1, choose(FIGURES, SUITE, RULES).withheld),
        FIGURES,
        model_of(FIGURES, SUITE, RULES),
    )


def say(text: str, part: str = "both", **more: str) -> None:
    header = Header(author="A", date=datetime.date(2020, 7, 1), written_about="96.6%", part=part, **more)
    entry = Commentary("looked_after_reviews", header, text)
    require_silent({"looked_after_reviews": [entry]}, SUITE, *shown_and_known(), JUNE)


def entitle(title: str, definition: str = "") -> None:
    own = SUITE.indicators["looked_after_reviews"].model_copy(
        update={"title": title, "definition": definition}
    )
    suite = SUITE.model_copy(update={"indicators": SUITE.indicators | {"looked_after_reviews": own}})
    require_silent_titles(suite, *shown_and_known(), JUNE)


def test_a_withheld_count_in_a_title_is_refused_unless_the_definition_has_it() -> None:
    with pytest.raises(CsdError, match="looked_after_reviews says 'two', which Part 1 withholds"):
        entitle("Reviews in time, all but two")
    with pytest.raises(CsdError, match="says '57'"):
        entitle("Reviews in time: 57")
    entitle("Reviews in time, 80 in May")
    entitle("Reviews with two people or more", "Reviews in which two people or more took part.")


@pytest.mark.parametrize("text", ["Two reviews were late.", "57 were in time.", "There were 59 children."])
def test_a_withheld_count_in_public_words_is_refused(text: str) -> None:
    with pytest.raises(CsdError, match="may say what Part 1 withholds") as error:
        say(text)
    assert "looked_after_reviews" in error.value.where


def test_other_numbers_words_for_part_2_and_agreed_ones_pass() -> None:
    say("In May, 80 of 100 were in time.")
    say("Two reviews were late.", part="2")
    say("Two reviews were late.", numbers_agreed="Information Governance Manager, 20 November 2020")


MANY = pd.DataFrame(
    [
        figure("contacts", 900),
        figure("asylum_seeking_children", 4),
        figure("looked_after_adopted", 3, month=604),
        figure("looked_after_adopted", 30),
        figure("looked_after_adopted", 8, month=603),
    ]
)


def tell(text: str, key: str = "") -> None:
    """Hold words on an indicator, or on none, against Part 1 without June's 4, May's 3 and April's 8."""
    header = Header(author="A", date=datetime.date(2020, 7, 1), written_about="900", part="1")
    hidden = MANY["numerator"].lt(10)
    known = model_of(MANY, SUITE, RULES)
    shown = release(MANY, 1, Withheld(hidden, ~hidden & False, ~hidden & False))
    require_silent({key: [Commentary(key, header, text, "a file")]}, SUITE, shown, MANY, known, JUNE)


@pytest.mark.parametrize(
    "text",
    [
        "\uff14 arrived",  # a digit of full width
        "\u0664 arrived",  # an Arabic digit
        "\u2463 arrived",  # a digit in a circle
        "**fo**ur arrived",
        "[fo](https://example.gov.uk)ur arrived",
        "f&#111;ur arrived",
        "fo\u00adur arrived, with a soft hyphen",
        "fo\u200bur arrived, with a space of no width",
        "four week-end arrivals",
        "four week end arrivals",
        "They were four. Days were long",
        "They were four\n\nDays were long",
        "IV arrived",
        "\u2163 arrived",
        "a quartet arrived",
        "a four-strong group",
        "4,5 and 6 of them",
        "04 arrived",
        "4.0 arrived",
        "4. They arrived.",  # a list that starts at 4
    ],
)
def test_four_is_heard_however_it_is_spelled(text: str) -> None:
    with pytest.raises(CsdError, match=r"may say what Part 1 withholds \(asylum_seeking_children\|2020-06\)"):
        tell(text)


@pytest.mark.parametrize(
    "text",
    [
        "24 and twenty-four, twenty four, 1,204 and XIV",
        "within four weeks, on 4 June, a four-week wait, 4-year-olds, in Part IV",
        "one-to-one, three-quarters",
    ],
)
def test_numbers_that_hold_a_four_are_not_four(text: str) -> None:
    tell(text)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("Eight were adopted.", False),  # April is on no page by itself
        ("In April eight were adopted.", True),
        ("Eight were adopted by Apr. 2020.", True),
        ("To 2020-04, eight.", True),
        ("April was better.\n\nThere were eight.", True),
        ("In April 2019 eight were adopted.", False),
        ("They may be eight by August.", False),
        ("In May there were three.", True),
    ],
)
def test_older_months_are_held_against_words_that_name_them(text: str, refused: bool) -> None:
    with pytest.raises(CsdError, match="looked_after_adopted") if refused else nullcontext():
        tell(text)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("There are four asylum-seeking children looked after.", True),
        ("Contacts rose. Four were from children who seek **asylum**.", True),
        ("In April eight children were adopted.", True),
        ("Four teams took the calls on asylum.", False),
        ("Contacts rose fourfold at four counters.", False),
        ("Children gave 900 of the contacts.", False),
    ],
)
def test_commentary_is_held_to_other_indicators_where_it_speaks_of_them(text: str, refused: bool) -> None:
    with pytest.raises(CsdError, match="may say what") if refused else nullcontext():
        tell(text, "contacts")


def test_a_number_printed_of_the_same_indicator_is_no_secret_of_another() -> None:
    with pytest.raises(CsdError, match="asylum_seeking_children"):
        tell("Of the children looked after, four.", "contacts")
    tell("Of the children looked after, 30 were adopted; contacts were 900.", "looked_after_adopted")


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("In July", {"2019-07", "2020-07"}),
        ("31 JULY 2019, or 31/07/2019", {"2019-07"}),
        ("2018/19", {"2019-03"}),
        ("the market may decide", set()),
    ],
)
def test_months_are_heard_by_name_and_number(text: str, months: set[str]) -> None:
    assert named_months(text, {"2019-03", "2019-07", "2020-07", "2020-05"}) == months


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("child_protection_plans_started", "Three plans were started in May."),
        ("child_protection_plans", "Five plans ended in May."),
    ],
)
def test_what_a_month_added_or_took_away_is_not_said_beside_figures_that_are_shown(
    key: str, text: str
) -> None:
    """20 and 23 started, 60 and 58 on a plan: of May, Part 1 shows the latest figures, and hides April's."""
    pairs = (("child_protection_plans_started", (20, 23)), ("child_protection_plans", (60, 58)))
    rows = [
        figure(name, n, 73_000.0, month)
        for name, own in pairs
        for month, n in zip((603, 604), own, strict=True)
    ]
    figures = pd.DataFrame(rows)
    chosen = choose(figures, SUITE, RULES)
    shown = release(figures, 1, chosen.withheld)
    assert shown["marker"].eq("").iloc[[1, 3]].all()
    model = prove(shown, figures, SUITE, RULES).model
    header = Header(author="A", date=datetime.date(2020, 6, 1), written_about="58", part="both")
    with pytest.raises(CsdError, match="may say what Part 1 withholds"):
        require_silent({key: [Commentary(key, header, text)]}, SUITE, shown, figures, model, Period(604))
