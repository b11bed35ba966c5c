"""Words of Part 1 that say what Part 1 withholds."""

import datetime

import pandas as pd
import pytest

from csd_helpers.commentary import Commentary, Header
from csd_helpers.disclosure.decision import choose
from csd_helpers.disclosure.model import Model, model_of
from csd_helpers.disclosure.prose import require_silent, require_silent_titles, spoken_numbers
from csd_helpers.errors import CsdError
from csd_helpers.period import Period
from csd_helpers.release import release
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
    require_silent({"looked_after_reviews": [entry]}, *shown_and_known(), JUNE)


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
