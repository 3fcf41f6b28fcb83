"""What the page of an exchange says to both sides."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from exchange.actions import agreements, follow_ups
from exchange.actions import exchanges as asking
from exchange.models import Exchange, FollowUp
from tests.exchange.agreeing import DAY, NOON, agreed, propose
from tests.factories import ExchangeFactory, ListingFactory, PersonFactory
from volunteers.models import Notice

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


def mail(person, name):
    row = Notice.objects.filter(recipient=person, key__startswith=f"{name}:")
    return row.order_by("-pk")[0].body


TRAIN = {
    "side": "provider",
    "amount": 4050,
    "currency": "EUR",
    "what_for": "Train",
    "payer": "Wikimedia <Polska>",
}
DEAL = """What: Two evenings of cutting
When: 9–22 Mar 2026
Hours of whoever helps: 6 h, all together
Where: Online
What should come of it: A film of three minutes
"""  # noqa: RUF001 -- the dash of a period


def test_what_was_agreed_stands_whole_in_the_mail():
    exchange = agreed(lines=[TRAIN])

    assert DEAL in mail(exchange.receiver, "agreed")
    costs = "Costs: Train: €40.50 (For whoever helps, paid by Wikimedia <Polska>)"
    assert costs in mail(exchange.provider, "agreed")


def test_a_change_is_told_from_what_was_to_what_is(client):
    exchange = agreed()
    propose(exchange, exchange.receiver, read=1, hours="4", lines=[TRAIN])

    told = mail(exchange.provider, "proposed")
    assert "Hours of whoever helps: 6 h, all together → 4 h, all together\n" in told
    assert "Costs: nothing → Train: €40.50" in told
    assert told.count("→") == 2
    content = page(client, exchange.provider, exchange)
    assert "</span>6 h, all together</del>" in content
    assert "</span>4 h, all together</ins>" in content
    assert "paid by Wikimedia &lt;Polska&gt;)</ins>" in content


def test_the_mail_about_a_seat_says_when_and_where():
    listing = ListingFactory(
        of="training",
        seats=3,
        times="Tuesdays, 18:00",
        first_day=date(2026, 4, 1),
        last_day=date(2026, 4, 2),
    )
    person = PersonFactory()

    agreements.take_seat(listing, person, asking.Words(""), at=NOON)

    told = mail(person, "seat_yours")
    assert "Tuesdays, 18:00" in told
    assert f"Where: {listing.where}" in told


def test_what_is_done_leads_to_writing_it_down():
    exchange = agreed()
    for side in (exchange.provider, exchange.receiver):
        follow_ups.tell(exchange, side, FollowUp(happened=True), at=NOON + 30 * DAY)

    assert f"/exchanges/{exchange.pk}/practice/\n" in mail(exchange.receiver, "done")


def test_days_that_are_over_want_a_tick(client):
    exchange = ExchangeFactory(asked_at=NOON)
    client.force_login(exchange.receiver)
    address = reverse("exchange:agreement", args=[exchange.pk])
    typed = {"what": "An evening", "first_day": "2026-02-01", "last_day": "2026-02-02"}
    typed |= {"read": "0", "costs-TOTAL_FORMS": "0", "costs-INITIAL_FORMS": "0"}

    assert "These days are over already" not in client.get(address).content.decode()
    content = client.post(address, typed).content.decode()
    assert "These days are over already" in content
    assert exchange.agreements.count() == 0
    client.post(address, {**typed, "past": "on"})
    assert exchange.agreements.count() == 1
