"""What would happen if I said yes: seen by who helps, before the yes, and by nobody else."""

import re
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exchange.actions import exchanges
from exchange.models import Exchange
from exchange.views.what_if import what_if
from tests.exchange.agreeing import DAY, MONDAY, NOON, propose
from tests.factories import ExchangeFactory, ListingFactory, PersonFactory
from volunteers.actions import commitments
from volunteers.models import Bandwidth, Rest
from volunteers.models.bandwidth import days

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def exchange():
    """Make an exchange whose helper can give five hours a week, and gives three."""
    exchange = ExchangeFactory(asked_at=NOON)
    helper = exchange.provider
    period = days(NOON.date() - 7 * DAY, NOON.date() + 90 * DAY)
    Bandwidth.objects.create(person=helper, period=period, weekly_hours=5)
    words = commitments.Words("Keeping the books", Decimal(3), NOON.date(), None)
    commitments.take_on(helper, words)
    return exchange


def page(client, person, exchange, name="exchange", **sent):
    client.force_login(person)
    address = reverse(f"exchange:{name}", args=[exchange.pk])
    answer = client.post(address, sent) if sent else client.get(address)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


QUESTION = "what would you put down?"


def test_before_the_yes_the_helper_sees_the_weeks_before_and_after(client, exchange):
    propose(exchange, exchange.receiver, hours="8", days=14)

    shown = page(client, exchange.provider, exchange)

    assert f"This makes up to 140 % in weeks 11 (9 Mar), 12 (16 Mar): {QUESTION}" in shown
    assert "9 Mar 3 7 5 140 % 16 Mar 3 7 5 140 %" in shown
    assert "Keeping the books 3 h a week" in shown


def test_one_week_is_named_alone(client, exchange):
    propose(exchange, exchange.receiver, hours="4", days=7)

    shown = page(client, exchange.provider, exchange)

    assert f"This makes 140 % in week 11 (9 Mar): {QUESTION}" in shown


def test_the_side_that_is_helped_sees_nothing_of_it(client, exchange):
    propose(exchange, exchange.provider, hours="8", knowingly=True)
    propose(exchange, exchange.receiver, read=1, hours="9")

    for name in ("exchange", "agreement"):
        shown = page(client, exchange.receiver, exchange, name)
        assert QUESTION not in shown
        assert "What a yes does" not in shown
        assert "Keeping the books" not in shown
    now = Exchange.objects.get(pk=exchange.pk)
    assert what_if(now, exchange.receiver, NOON, now.agreements.get(version=2)) is None


def test_what_fits_asks_nothing(client, exchange):
    propose(exchange, exchange.receiver, hours="2", days=14)

    shown = page(client, exchange.provider, exchange)

    assert QUESTION not in shown
    assert "What a yes does to your weeks" in shown


def test_a_yes_to_too_much_is_asked_for_deliberately(client, exchange):
    propose(exchange, exchange.receiver, hours="8", days=14)

    asked = page(client, exchange.provider, exchange, "confirm", version="1")
    assert "140 %" in asked
    assert "Keeping the books" in asked
    assert Exchange.objects.get(pk=exchange.pk).state == "asked"

    page(client, exchange.provider, exchange, "confirm", version="1", knowingly="on")
    assert Exchange.objects.get(pk=exchange.pk).state == "agreed"


def test_something_put_down_there_leads_back_and_makes_room(client, exchange):
    propose(exchange, exchange.receiver, hours="8", days=14)
    client.force_login(exchange.provider)
    back = f"{exchange.get_absolute_url()}#agreement"
    row = exchange.provider.commitments.get(source="by_hand")
    address = reverse("volunteers:put_down", args=[row.pk])

    answer = client.post(address, {"next": back})

    assert answer.headers["Location"] == back
    assert QUESTION not in page(client, exchange.provider, exchange)


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example/", "\0", ""])
def test_it_leads_back_to_nowhere_else(client, exchange, next_page):
    client.force_login(exchange.provider)
    row = exchange.provider.commitments.get(source="by_hand")

    answer = client.post(reverse("volunteers:put_down", args=[row.pk]), {"next": next_page})

    assert answer.headers["Location"] == "/me/bandwidth/"


def test_writing_terms_that_are_too_much_shows_the_same(client, exchange):
    sent = {"what": "Cutting", "first_day": "2026-03-09", "last_day": "2026-03-22"}
    sent |= {"hours": "8", "read": "0", "costs-TOTAL_FORMS": "0", "costs-INITIAL_FORMS": "0"}

    shown = page(client, exchange.provider, exchange, "agreement", **sent)

    assert "140 %" in shown
    assert "Propose it all the same" in shown


def test_an_ask_that_names_days_and_hours_shows_it_too(client):
    listing = ListingFactory()
    period = days(NOON.date(), NOON.date() + 90 * DAY)
    Bandwidth.objects.create(person=listing.author, period=period, weekly_hours=5)
    words = exchanges.Words("Hello?", "You", MONDAY, MONDAY + 6 * DAY, Decimal(5))
    exchange = exchanges.ask(listing, PersonFactory(), words, at=NOON)
    Bandwidth.objects.update(weekly_hours=4)

    shown = page(client, listing.author, exchange)

    assert f"This makes 125 % in week 11 (9 Mar): {QUESTION}" in shown
    assert QUESTION not in page(client, exchange.receiver, exchange)


def test_a_promise_in_a_time_of_rest_names_the_rest(client, exchange):
    rest = days(MONDAY, MONDAY + 6 * DAY)
    Rest.objects.create(person=exchange.provider, period=rest)
    propose(exchange, exchange.receiver, hours="1", days=7)

    shown = page(client, exchange.provider, exchange)

    assert f"This falls into your rest, in week 11 (9 Mar): {QUESTION}" in shown


def test_weeks_of_rest_and_weeks_that_are_too_full_are_named_apart(client, exchange):
    rest = days(MONDAY, MONDAY + 6 * DAY)
    Rest.objects.create(person=exchange.provider, period=rest)
    propose(exchange, exchange.receiver, hours="20", days=14)

    shown = page(client, exchange.provider, exchange)

    assert f"This falls into your rest, in week 11 (9 Mar): {QUESTION}" in shown
    assert f" in week 12 (16 Mar): {QUESTION}" in shown


def test_nothing_declared_is_unknown_and_said_so(client, exchange):
    Bandwidth.objects.all().delete()
    propose(exchange, exchange.receiver, hours="8", days=7)

    shown = page(client, exchange.provider, exchange)

    assert QUESTION not in shown
    assert "9 Mar 3 11 — —" in shown
    assert "You have not said how many hours a week you can give" in shown


def test_a_change_counts_instead_of_what_was_agreed(client, exchange):
    propose(exchange, exchange.receiver, hours="4", days=14)
    page(client, exchange.provider, exchange, "confirm", version="1", knowingly="on")
    propose(exchange, exchange.receiver, read=1, hours="2", days=14)

    shown = page(client, exchange.provider, exchange)

    assert "9 Mar 3 4 5 80 %" in shown


def test_after_the_yes_nothing_is_asked_any_more(client, exchange):
    propose(exchange, exchange.provider, hours="8", knowingly=True)

    assert "What a yes does" not in page(client, exchange.provider, exchange)


def test_the_page_asks_the_database_the_same_for_one_and_three(client, exchange):
    propose(exchange, exchange.receiver, hours="8", days=14)
    counts = []
    client.force_login(exchange.provider)
    for _turn in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get(exchange.get_absolute_url())
        counts.append(len(asked))
        for n in range(3):
            words = commitments.Words(f"More {n}", Decimal(1), NOON.date(), None)
            commitments.take_on(exchange.provider, words)

    assert counts[0] == counts[1] <= 12
