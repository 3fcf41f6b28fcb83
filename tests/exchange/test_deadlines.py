"""Hours that are asked for are all still to come: what names a last day alone begins today."""

from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from exchange.actions import calls, exchanges
from exchange.models import CallLetter, Exchange
from exchange.views.what_if import what_if
from tests.exchange.agreeing import DAY, MONDAY, NOON
from tests.factories import (
    ExchangeFactory,
    ListingFactory,
    PersonFactory,
    PersonSkillFactory,
    SkillFactory,
)
from volunteers import gate
from volunteers.actions.watches import Stand
from volunteers.models import Bandwidth, Commitment, Notice, Watch
from volunteers.models.bandwidth import days
from volunteers.reminders import watches as reminders

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
SOON, LONG_AGO = TODAY + 2 * DAY, TODAY - 300 * DAY


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOON, tick=False):
        yield


def giving(hours, person=None):
    """Make somebody who can give so many hours a week."""
    person = person or PersonFactory()
    period = days(TODAY - 30 * DAY, TODAY + 300 * DAY)
    Bandwidth.objects.create(person=person, period=period, weekly_hours=hours)
    return person


def post(client, listing, **typed):
    client.force_login(PersonFactory())
    typed = {name: str(value) for name, value in typed.items()}
    address = reverse("exchange:ask", args=[listing.pk])
    return client.post(address, {"message": "Hello?"} | typed).content.decode()


@pytest.mark.parametrize("first", [{}, {"first_day": LONG_AGO}])
def test_what_does_not_fit_before_its_last_day_cannot_be_asked(client, first):
    listing = ListingFactory(author=giving(10))

    assert "is not taking requests now" in post(
        client, listing, hours=60, last_day=SOON, **first
    )
    assert not Exchange.objects.exists()

    post(client, listing, hours=6, last_day=SOON, **first)
    row = Commitment.objects.get()
    assert (row.period.lower, row.period.upper) == (TODAY, SOON + DAY)
    assert row.weekly_hours == Decimal(14)


def test_the_author_reads_until_when_and_what_it_does_to_their_weeks(client):
    listing = ListingFactory(author=giving(10))
    post(client, listing, hours=6, last_day=SOON)
    exchange = Exchange.objects.get()

    client.force_login(listing.author)
    assert "2\N{EN DASH}4 Mar" in client.get(exchange.get_absolute_url()).content.decode()
    letter = Notice.objects.get(recipient=listing.author)
    assert "When they would like it: 2\N{EN DASH}4 Mar" in letter.body
    assert what_if(exchange, listing.author, NOON).weeks[0].more == Decimal(6)


def test_the_days_of_a_listing_that_has_begun_begin_today():
    listing = ListingFactory(
        author=giving(10), hours=Decimal(60), first_day=LONG_AGO, last_day=TODAY + 6 * DAY
    )
    wish = exchanges.taking(listing, at=NOON)

    assert wish == gate.Wish(TODAY, TODAY + 6 * DAY, Decimal(60))
    with pytest.raises(gate.NotTakingRequests):
        exchanges.ask(listing, PersonFactory(), exchanges.Words("Hello?"), at=NOON)


@pytest.mark.parametrize(
    ("named", "of_listing", "taken"),
    [
        ((None, SOON), (MONDAY, MONDAY), (TODAY, SOON)),
        ((None, SOON), (TODAY + DAY, MONDAY), (TODAY + DAY, SOON)),
        ((MONDAY, None), (LONG_AGO, SOON), (MONDAY, None)),
        ((MONDAY, None), (None, None), (MONDAY, None)),
        ((LONG_AGO, None), (None, None), (TODAY, None)),
        ((None, LONG_AGO), (None, None), (TODAY, TODAY)),
        ((None, None), (None, SOON), (TODAY, SOON)),
        ((None, None), (LONG_AGO, LONG_AGO), (TODAY, None)),
        ((None, None), (None, None), (None, None)),
    ],
)
def test_days_that_are_named_go_before_the_listings(named, of_listing, taken):
    first, last = of_listing
    listing = ListingFactory(first_day=first, last_day=last)
    wish = exchanges.taking(listing, exchanges.Words("", "", *named), at=NOON)
    assert (wish.first_day, wish.last_day) == taken


def test_an_open_call_writes_to_nobody_who_could_not_do_it_by_its_last_day():
    skill = SkillFactory()
    request = ListingFactory(kind="request", hours=Decimal(60), last_day=SOON)
    request.skills.add(skill)
    able = giving(10)
    PersonSkillFactory(person=able, skill=skill)
    call = calls.begin(request, SOON, at=NOON)

    calls.write(call.pk, at=NOON)
    assert not CallLetter.objects.exists()

    Bandwidth.objects.filter(person=able).update(weekly_hours=80)
    calls.write(call.pk, at=NOON + DAY)
    assert CallLetter.objects.get().person == able


def test_who_waits_is_told_once_all_of_it_fits_before_the_last_day(client):
    listing = ListingFactory(author=giving(10))
    client.force_login(PersonFactory())
    wish = {"hours": "60", "last_day": str(SOON)}

    client.post(reverse("exchange:wait", args=[listing.pk]), wish)

    watch = Watch.objects.get()
    assert (watch.first_day, watch.last_day) == (TODAY, SOON)
    assert watch.weekly_hours == Decimal(140)
    reminders.look(NOON + DAY, stand=lambda _link: Stand.HERE)
    assert Watch.objects.get().told_at is None


def test_more_hours_in_a_day_than_anybody_has_can_be_waited_for(client):
    listing = ListingFactory()
    client.force_login(PersonFactory())
    wish = {"hours": "999", "last_day": str(TODAY)}
    client.post(reverse("exchange:wait", args=[listing.pk]), wish)
    assert Watch.objects.get().weekly_hours == Watch.MOST_A_WEEK


def test_nobody_asks_for_days_that_are_over(client):
    page = post(client, ListingFactory(), hours=6, last_day=TODAY - DAY)
    assert "This day is over." in page
    assert not Exchange.objects.exists()


def test_whoever_writes_it_down_later_starts_from_the_days_that_are_left(client):
    listing = ListingFactory()
    asked = ExchangeFactory(
        listing=listing, asked_at=NOON - 3 * DAY, wished_hours=6, wished_last_day=SOON
    )
    client.force_login(listing.author)
    page = client.get(reverse("exchange:agreement", args=[asked.pk])).content.decode()
    assert f'name="first_day" value="{TODAY}"' in page
    assert f'name="last_day" value="{SOON}"' in page
