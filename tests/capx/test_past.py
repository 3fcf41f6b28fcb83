"""What one has given so far: hours to the minute, and the sums of one's own side."""

import re
from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from capx.views.past import EACH
from exchange.actions import follow_ups
from exchange.models import FollowUp
from grandtour.actions import money, weeks
from tests.exchange.agreeing import DAY, MONDAY, NOON, agreed
from tests.factories import OrganiserFactory, PersonFactory
from tests.grandtour.tours import ClaimFactory, LineFactory, SeatFactory, StopFactory
from volunteers.models import Commitment
from volunteers.models.bandwidth import days
from volunteers.reports.given import given

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def took(person, hours, first, last, **fields):
    return Commitment.objects.create(
        **{"source": "by_hand", "state": "done", "what": "It"} | fields,
        person=person,
        key=str(Commitment.objects.count()),
        period=days(first, last),
        weekly_hours=Decimal(hours),
    )


def hours(person):
    return {month.first: month.hours for month in given(person, TODAY) if month.hours}


def test_hours_stand_in_their_months_and_none_is_lost():
    person = PersonFactory()
    took(person, "1", date(2026, 1, 26), date(2026, 2, 8))

    assert hours(person) == {
        date(2026, 1, 1): Decimal(51) / 60,
        date(2026, 2, 1): Decimal(69) / 60,
    }
    assert len(given(person, TODAY)) == 12


@pytest.mark.parametrize("state", ["planned", "running", "done"])
def test_only_days_that_have_passed_count(state):
    person = PersonFactory()
    took(person, "7", date(2026, 2, 28), date(2026, 3, 20), state=state)

    assert hours(person) == {date(2026, 2, 1): 1, date(2026, 3, 1): 1}


@pytest.mark.parametrize("state", ["tentative", "dropped"])
def test_what_was_not_done_was_not_given(state):
    person = PersonFactory()
    took(person, "7", date(2026, 2, 2), date(2026, 2, 20), state=state)

    assert hours(person) == {}


def page(client, person):
    client.force_login(person)
    content = client.get("/me/bandwidth/past/").content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content))


def test_the_page_shows_what_it_was_and_what_it_cost_ones_own_side(client):
    line = {"side": "provider", "amount": 4500, "currency": "EUR", "what_for": "Train"}
    exchange = agreed(lines=[line], first=MONDAY - 30 * DAY, days=7)
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        said = FollowUp(happened=True, paid=4200, currency="EUR")
        for side in (exchange.provider, exchange.receiver):
            told = FollowUp(happened=True) if side == exchange.receiver else said
            follow_ups.tell(exchange, side, told, at=NOON)
        helper, helped = page(client, exchange.provider), page(client, exchange.receiver)

    assert f"{exchange.listing.title} 7\u201313 Feb 2026 6 h An exchange" in helper
    assert "Train , as agreed €45" in helper
    assert "paid, as said afterwards €42" in helper
    assert "€" not in helped
    assert "No sums yet" in helped


def test_the_page_asks_the_database_the_same_for_one_and_three(client):
    seat = SeatFactory(state="confirmed")
    person = seat.person
    client.force_login(person)
    counts = []
    for number in (1, 3):
        for n in range(number):
            took(person, "3", TODAY - (40 + n) * DAY, TODAY - 20 * DAY)
            ClaimFactory(seat=seat)
        with CaptureQueriesContext(connection) as asked:
            client.get("/me/bandwidth/past/")
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 12


@pytest.fixture
def home():
    """Give the place of somebody who came home from a journey of five days."""
    stop = StopFactory(journey__edition__daily_hours=4)
    seat = SeatFactory(journey=stop.journey, state="confirmed")
    weeks.note(seat.journey, at=NOON)
    Commitment.objects.update(state="done")
    seat.refresh_from_db()
    return seat


def test_a_journey_is_in_what_one_gave_with_its_days_and_its_costs(client, home):
    organiser, line = OrganiserFactory(), LineFactory(fund__edition=home.edition)
    claims = [
        ClaimFactory(seat=home, what=what, day=date(2026, 5, day))
        for day, what in enumerate(("Train", "Ferry", "Taxi", "Bus"), start=1)
    ]
    money.approve(claims[0], money.Grant(line, 8_000), organiser, at=NOON)
    money.refuse(claims[2], "No taxis.", organiser, at=NOON)
    money.withdraw(claims[3])
    other = ClaimFactory(what="A stranger's", seat__country="DE")

    with time_machine.travel(NOON + timedelta(days=100), tick=False):
        mine, theirs = page(client, home.person), page(client, other.seat.person)

    assert f"{home.edition.name} 1\u20135 May 2026 20 h A journey" in mine
    assert "Train , Expense: Approved, €80 €100" in mine
    assert "Ferry , Expense: Waits for organisers €100" in mine
    assert "Taxi , Expense: Not approved €100" in mine
    assert ("Bus" in mine, "A stranger" in mine) == (False, False)
    assert ("Train ," in theirs, "A stranger" in theirs) == (False, True)


def test_a_stipend_that_was_given_stands_there_and_one_that_was_refused_does_not(client, home):
    organiser, journey = OrganiserFactory(), home.journey
    yes, no = (LineFactory(fund__edition=home.edition) for _n in range(2))
    money.give_stipends(
        money.Stipend(journey, "Travel"), money.Grant(yes, 5_000), organiser, at=NOON
    )
    money.give_none(
        money.Stipend(journey, "Rooms"), money.Grant(no, 7_000, "Free."), organiser, at=NOON
    )

    with time_machine.travel(NOON + timedelta(days=100), tick=False):
        mine = page(client, home.person)

    assert "Travel , Stipend: Approved €50" in mine
    assert "Rooms" not in mine


def test_what_is_drawn_alike_is_named_together(client):
    assert "An exchange, A journey" in page(client, PersonFactory())


def test_it_can_be_printed_with_where_it_comes_from(client):
    client.force_login(PersonFactory())
    content = client.get("/me/bandwidth/past/").content.decode()

    assert "data-print" in content
    assert "http://testserver/me/bandwidth/past/" in content


def test_paper_has_all_of_it_or_says_which_part_it_has(client):
    person = PersonFactory()
    for number in range(EACH + 5):
        first = TODAY - (60 + number) * DAY
        took(person, "3", first, first + 6 * DAY, what=f"Help desk {number:02}")
    client.force_login(person)

    def printed(**query):
        content = client.get("/me/bandwidth/past/", query).content.decode()
        return content, content.count("Help desk")

    first, on_first = printed()
    second, on_second = printed(page=2)
    whole, on_whole = printed(all="yes")

    assert (on_first, on_second, on_whole) == (EACH, 5, EACH + 5)
    assert f"Lines 1 to {EACH} of {EACH + 5}" in first
    assert f"Lines {EACH + 1} to {EACH + 5} of {EACH + 5}" in second
    assert ('href="?all=yes"' in first, 'href="?all=yes"' in whole) == (True, False)
    assert "Lines 1 to" not in whole


def test_sums_that_are_left_out_are_not_left_out_silently(client):
    seat = SeatFactory(state="confirmed")
    for number in range(5):
        ClaimFactory(seat=seat, what=f"Bus {number}")

    with patch("capx.views.past.SUMS", 2):
        shown = page(client, seat.person)

    assert shown.count("Bus") == 2
    assert "3 more lines are not shown here." in shown
