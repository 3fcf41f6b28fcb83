"""What the page of an exchange says to both sides."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from exchange.actions import exchanges as asking
from exchange.models import Exchange
from tests.exchange.agreeing import DAY, NOON, propose
from tests.factories import ExchangeFactory, ListingFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def page(client, person, exchange):
    client.force_login(person)
    return client.get(exchange.get_absolute_url()).content.decode()


def test_why_and_when_stand_on_the_page_for_both(client):
    listing = ListingFactory()
    asking.ask(listing, PersonFactory(), asking.Words("Hello"), at=NOON)
    words = asking.Words(
        "Hi",
        first_day=date(2026, 3, 9),
        last_day=date(2026, 3, 10),
        hours=Decimal("4.5"),
        why="You know <our> wiki",
    )
    exchange = asking.ask(listing, PersonFactory(), words, at=NOON)

    for person in (exchange.provider, exchange.receiver):
        content = page(client, person, exchange)
        assert '<dd dir="auto">You know &lt;our&gt; wiki</dd>' in content
        assert "10 Mar 2026" in content
        assert "4.5 h" in content


def test_how_it_stands_follows_what_was_said(client):
    exchange = ExchangeFactory(asked_at=NOON)
    decline = reverse("exchange:decline", args=[exchange.pk])

    def standing():
        content = page(client, exchange.provider, exchange)
        client.get(reverse("exchange:exchanges"))
        buttons = content.partition('id="agreement"')[0]
        word = content.partition('<span class="state state--waits">')[2].partition("<")[0]
        return word, decline in buttons, decline in content

    assert standing() == ("Asked", True, True)
    asking.say(exchange, exchange.provider, "Gladly", at=NOON)
    assert standing() == ("Talking", False, True)
    propose(Exchange.objects.get(), exchange.receiver)
    assert standing() == ("Terms proposed", False, True)


def test_a_conversation_says_when_to_the_minute(client):
    exchange = ExchangeFactory(asked_at=NOON - DAY)
    asking.say(exchange, exchange.provider, "Gladly", at=NOON - DAY)
    asking.say(exchange, exchange.receiver, "Thank you", at=NOON)

    content = page(client, exchange.receiver, exchange)

    assert "1 Mar, 1" in content
    assert ">today, 1" in content


def test_steps_have_short_days(client):
    exchange = ExchangeFactory(asked_at=NOON - DAY)

    content = page(client, exchange.receiver, exchange)

    assert '<span class="steps__when"><time datetime="2026-03-01">1 Mar</time>' in content


def test_a_training_does_not_say_that_a_seat_binds_nobody(client):
    listing = ListingFactory(
        of="training", seats=3, first_day=date(2026, 4, 1), last_day=date(2026, 4, 2)
    )
    client.force_login(PersonFactory())

    content = client.get(listing.get_absolute_url()).content.decode()

    assert "The seat is yours at once." in content
    assert "binds nobody" not in content
