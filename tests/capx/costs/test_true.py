"""What is shown as given for an affiliate and as what it cost was given for it, and is over."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from exchange.actions import exchanges, follow_ups
from exchange.models import FollowUp
from tests.capx.costs.test_shown import DAY, belonging, exchanged, join, seen, sharing
from tests.capx.test_care import NOW, TODAY
from tests.exchange.agreeing import agreed
from tests.factories import AffiliateFactory, ExchangeFactory, ListingFactory

pytestmark = pytest.mark.django_db
SAYS_AGREED = "€45"
PAST = reverse("past")


@pytest.fixture
def ola(affiliate):
    person = belonging(affiliate, name="Ola")
    sharing(affiliate, person)
    return person


def told(client, person, steward, words):
    """Say whether the steward and the person themself read words."""
    return words in seen(client, steward), words in seen(client, person, PAST)


def done(exchange):
    for side in (exchange.provider, exchange.receiver):
        follow_ups.tell(exchange, side, FollowUp(happened=True), at=NOW)


def test_a_sum_is_told_once_it_is_done_or_its_days_are_over(client, affiliate, steward, ola):
    exchanged(ola, affiliate, "Train to Gdańsk")
    done(exchanged(ola, affiliate, "Train to Sopot"))

    assert told(client, ola, steward, "Train to Gdańsk") == (True, True)
    assert told(client, ola, steward, "Train to Sopot") == (True, True)


@pytest.mark.parametrize("ago", [-120, 0], ids=["in four months", "the last day is today"])
def test_a_sum_for_days_that_are_not_over_has_cost_nothing_yet(
    client, affiliate, steward, ola, ago
):
    exchanged(ola, affiliate, "Train to Gdańsk", ago=ago)

    assert told(client, ola, steward, "Gdańsk") == (False, False)
    with time_machine.travel(NOW + (1 - ago) * DAY, tick=False):
        assert told(client, ola, steward, "Gdańsk") == (True, True)


def test_what_was_done_before_its_last_day_counts_on_the_day_it_was_done(
    client, affiliate, steward, ola
):
    exchange = exchanged(ola, affiliate, "Train to Gdańsk", ago=-2)
    done(exchange)
    exchange.refresh_from_db()

    assert exchange.state == "done"
    assert told(client, ola, steward, "Gdańsk") == (True, True)


def test_a_sum_of_what_was_let_go_of_is_no_cost(client, affiliate, steward, ola):
    before = exchanged(ola, affiliate, "Train to Gdańsk", ago=-30)
    halfway = exchanged(ola, affiliate, "Train to Sopot", ago=-3)
    for exchange in (before, halfway):
        exchanges.withdraw(exchange, ola, "I am sorry.", at=NOW)

    with time_machine.travel(NOW + timedelta(days=60), tick=False):
        for words in ("Gdańsk", "Sopot", SAYS_AGREED):
            assert told(client, ola, steward, words) == (False, False)


def test_a_sum_of_what_did_not_happen_is_no_cost(client, affiliate, steward, ola):
    exchange = exchanged(ola, affiliate, "Train to Gdańsk")
    for side in (exchange.provider, exchange.receiver):
        follow_ups.tell(exchange, side, FollowUp(happened=False), at=NOW)

    assert told(client, ola, steward, "Gdańsk") == (False, False)


def request_of(affiliate, title):
    author = belonging(affiliate)
    return ListingFactory(author=author, kind="request", affiliate=affiliate, title=title)


def answered(helper, affiliate, what_for, *, named):
    """Let somebody answer a request of an affiliate, in the name of another."""
    listing = request_of(affiliate, "Our stand")
    exchange = ExchangeFactory(
        listing=listing,
        counterpart=helper,
        counterpart_affiliate=named,
        asked_at=NOW - 90 * DAY,
    )
    line = {"side": "provider", "amount": 4500, "currency": "EUR", "what_for": what_for}
    first = TODAY - 40 * DAY
    exchange = agreed(
        exchange=exchange, at=exchange.asked_at, first=first, days=7, lines=[line]
    )
    paid = FollowUp(happened=True, paid=9100, currency="EUR")
    follow_ups.tell(exchange, helper, paid, at=NOW)
    return exchange


def test_who_helps_an_affiliate_in_the_name_of_another_did_not_do_it_for_it(
    client, affiliate, steward, ola
):
    other = AffiliateFactory(slug="wmse")
    join(ola, other)
    answered(ola, affiliate, "Train to Gdańsk", named=other)

    shown = seen(client, steward)

    assert "Ola" in shown
    assert [w for w in ("Our stand", "Gdańsk", "€45", "€91") if w in shown] == []
    assert told(client, ola, steward, "Gdańsk") == (False, True)


def test_it_is_told_to_the_affiliate_in_whose_name_they_helped(client, affiliate, steward, ola):
    answered(ola, AffiliateFactory(slug="wmse"), "Train to Gdańsk", named=affiliate)

    shown = seen(client, steward)

    assert [w for w in ("Our stand", "Gdańsk", "€45", "€91") if w not in shown] == []


def test_weeks_name_only_what_they_do_in_the_name_of_the_affiliate(client, affiliate, steward):
    person, other = belonging(affiliate, name="Ola"), AffiliateFactory()
    join(person, other)
    for title, of, named in (("Ours", other, affiliate), ("Theirs", affiliate, other)):
        exchange = ExchangeFactory(
            listing=request_of(of, title),
            counterpart=person,
            counterpart_affiliate=named,
            asked_at=NOW,
        )
        agreed(exchange=exchange, at=NOW, first=TODAY + 7 * DAY, days=7)
    sharing(affiliate, person, weeks=True, costs=False)

    shown = seen(client, steward)

    assert ("Ours" in shown, "Theirs" in shown) == (True, False)
