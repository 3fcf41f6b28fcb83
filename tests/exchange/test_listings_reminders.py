"""When people hear about their own listings again."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exchange.actions import listings as actions
from exchange.models import Listing, SearchDocument
from exchange.notices import listings as notices
from exchange.reminders import listings as reminders
from tests.factories import ListingFactory
from volunteers.models import Notice

pytestmark = pytest.mark.django_db

POSTED = datetime(2026, 1, 1, 12, tzinfo=UTC)
State = Listing.State


def remind_on(day, *, after=POSTED):
    now = after + timedelta(days=day)
    with time_machine.travel(now, tick=False):
        reminders.remind(now)


def subjects():
    return list(Notice.objects.order_by("pk").values_list("subject", flat=True))


def test_asks_after_ninety_days_again_after_two_weeks_and_then_pauses():
    listing = ListingFactory(title="Maps", published_at=POSTED)
    SearchDocument.objects.write(listing)

    for day in (1, 89, 90, 91, 103, 104, 105, 117):
        remind_on(day)
    assert subjects() == ["Still true? “Maps”", "Once more: is “Maps” still true?"]
    assert Listing.objects.get().state == State.OPEN

    remind_on(118)
    remind_on(150)
    assert subjects()[2:] == ["Paused: “Maps”"]
    assert Listing.objects.get().state == State.PAUSED
    assert not SearchDocument.objects.exists()


def test_twice_at_the_same_moment_writes_once():
    ListingFactory(published_at=POSTED)

    remind_on(90)
    remind_on(90)

    assert Notice.objects.count() == 1


def test_a_clock_that_stood_still_for_a_year_pauses_nothing_unasked():
    ListingFactory(published_at=POSTED)

    remind_on(400)

    assert Listing.objects.get().state == State.OPEN
    assert Notice.objects.count() == 1


def test_who_says_it_is_true_is_asked_again_after_another_ninety_days():
    listing = ListingFactory(title="Maps", published_at=POSTED)
    remind_on(90)
    actions.confirm(listing, at=POSTED + timedelta(days=95))

    for day in (104, 118, 184):
        remind_on(day)
    assert len(subjects()) == 1

    remind_on(185)
    assert subjects() == ["Still true? “Maps”"] * 2


def test_what_is_paused_is_not_asked_after():
    ListingFactory(state=State.PAUSED, published_at=POSTED)

    remind_on(200)

    assert subjects() == []


@pytest.mark.parametrize("state", [State.OPEN, State.PAUSED, State.TAKEN])
def test_what_has_passed_its_last_day_ends_and_its_author_hears_of_it(state):
    listing = ListingFactory(title="Maps", state=state, last_day=date(2026, 1, 10))
    SearchDocument.objects.write(listing)

    noon = datetime(2026, 1, 11, 11, tzinfo=UTC)
    reminders.remind(noon)
    assert Listing.objects.get().state == state  # the tenth is not over in Honolulu

    reminders.remind(noon + timedelta(hours=2))
    reminders.remind(noon + timedelta(hours=2))
    assert Listing.objects.get().state == State.EXPIRED
    assert not SearchDocument.objects.exists()
    notice = Notice.objects.get()
    assert (notice.recipient, notice.subject) == (listing.author, "It has ended: “Maps”")
    assert notice.link == f"/catalogue/{listing.pk}/renew/"


def test_nobody_is_asked_about_what_an_organiser_has_hidden():
    ListingFactory(published_at=POSTED, hidden_at=POSTED)

    remind_on(200)

    assert subjects() == []
    assert Listing.objects.get().state == State.OPEN


def test_what_somebody_left_open_whose_account_is_closed_is_paused_unasked():
    listing = ListingFactory(published_at=POSTED, author__is_active=False)
    SearchDocument.objects.write(listing)

    remind_on(89)
    assert Listing.objects.get().state == State.OPEN
    remind_on(90)

    assert (Listing.objects.get().state, subjects()) == (State.PAUSED, [])
    with CaptureQueriesContext(connection) as again:
        remind_on(91)
    assert len(again) == 3  # it reads what is due, and finds nothing


def test_one_listing_that_goes_wrong_stops_no_other(monkeypatch, caplog):
    broken, whole = ListingFactory.create_batch(2, published_at=POSTED)
    write = notices.still_true

    def fail(listing, *, nth):
        write(listing, nth=nth)
        if listing == broken:
            raise ValueError("a title that breaks the letter")

    monkeypatch.setattr(notices, "still_true", fail)
    remind_on(90)

    assert [row.recipient for row in Notice.objects.all()] == [whole.author]
    assert f"Nothing was done about exchange.Listing {broken.pk}" in caplog.text


def test_drafts_and_what_is_withdrawn_do_not_end_again():
    ListingFactory(state=State.DRAFT, last_day=date(2026, 1, 10))
    ListingFactory(state=State.WITHDRAWN, last_day=date(2026, 1, 10))

    reminders.remind(datetime(2026, 2, 1, tzinfo=UTC))

    assert subjects() == []


@pytest.mark.parametrize("listings", [1, 3])
def test_reading_what_is_due_takes_the_same_statements(listings, django_assert_num_queries):
    ListingFactory.create_batch(listings, published_at=datetime.now(UTC))

    with django_assert_num_queries(3):
        reminders.remind(datetime.now(UTC))
