"""Waiting to ask about a listing that ends, is hidden or paused meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from exchange.actions import listings
from exchange.models import Listing
from exchange.reminders import watches as reminders
from tests.factories import ListingFactory, PersonFactory
from volunteers import notices
from volunteers.actions import watches
from volunteers.gate import Wish
from volunteers.models import Check, Notice, Watch

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TWO_DAYS = 2 * DAY  # by then everybody who waits was looked after once
State = Listing.State


def waiting(**about):
    listing = ListingFactory(title="Cutting films", **about)
    subject = watches.Subject(listing.title, f"/catalogue/{listing.pk}/ask/")
    watches.wait(listing.author, PersonFactory(), subject, Wish(), at=NOON)
    return listing


def told():
    return list(Notice.objects.values_list("key", "link"))


def test_what_is_open_is_told_as_before():
    listing = waiting()

    reminders.look(NOON + TWO_DAYS)

    [(key, link)] = told()
    assert key.startswith("can-be-asked")
    assert link == f"/catalogue/{listing.pk}/ask/"


@pytest.mark.parametrize("end", ["withdrawn", "expired", "discarded"])
def test_what_has_ended_is_told_once_and_nobody_learns_of_anybodys_room(end):
    listing = waiting(last_day=NOON.date())
    if end == "withdrawn":
        listings.withdraw(listing, at=NOON)
    elif end == "expired":
        listings.expire(listing, day=NOON.date() + DAY)
    else:
        listing.delete()

    for n in range(2, 9):
        reminders.look(NOON + n * DAY)

    mine = Notice.objects.filter(recipient=Watch.objects.get().watcher)
    [(key, link)] = mine.values_list("key", "link")
    assert key.startswith("no-longer-there")
    assert link == "/catalogue/?q=Cutting+films"
    assert not Check.objects.exists()


@pytest.mark.parametrize("how", ["paused", "taken", "hidden"])
def test_what_is_out_of_sight_waits_on_without_a_word_and_is_told_when_it_is_back(how):
    listing = waiting()
    rows = Listing.objects.filter(pk=listing.pk)
    rows.update(**({"hidden_at": timezone.now()} if how == "hidden" else {"state": how}))

    reminders.look(NOON + TWO_DAYS)
    assert told() == []

    rows.update(state=State.OPEN, hidden_at=None)
    reminders.look(NOON + 2 * TWO_DAYS)
    assert len(told()) == 1


def test_what_has_ended_of_somebody_hidden_ends_without_a_word():
    listing = waiting()
    listings.withdraw(listing, at=NOON)
    listing.author.visibility = "hidden"
    listing.author.save()

    reminders.look(NOON + TWO_DAYS)

    assert told() == []
    assert not Watch.objects.live(NOON + TWO_DAYS).exists()


def test_one_who_waits_and_goes_wrong_stops_no_other_and_is_looked_after_the_next_time(
    monkeypatch, caplog
):
    broken, whole = waiting(), waiting()
    first, second = Watch.objects.order_by("pk")
    tell = notices.can_be_asked

    def fail(watch):
        tell(watch)
        if watch.person == broken.author:
            raise ValueError("a name that breaks the letter")

    with monkeypatch.context() as once:
        once.setattr(notices, "can_be_asked", fail)
        reminders.look(NOON + TWO_DAYS)

    assert [link for _key, link in told()] == [f"/catalogue/{whole.pk}/ask/"]
    assert f"Nothing was done about volunteers.Watch {first.pk}" in caplog.text
    assert list(Check.objects.values_list("asker", flat=True)) == [second.watcher_id]

    reminders.look(NOON + TWO_DAYS)
    assert {link for _key, link in told()} == {
        f"/catalogue/{one.pk}/ask/" for one in (broken, whole)
    }
