"""What is asked and not agreed: pencilled into the helper's weeks, and never counted."""

from contextlib import nullcontext
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from exchange.actions import agreements, exchanges
from tests.exchange.agreeing import DAY, MONDAY, NOON, agreed, propose
from tests.factories import ExchangeFactory, ListingFactory, PersonFactory
from volunteers.models import Commitment
from volunteers.models.bandwidth import days

pytestmark = pytest.mark.django_db


def commitments(person):
    rows = Commitment.objects.filter(person=person).order_by("pk")
    return [(row.key, row.weekly_hours, row.state) for row in rows]


def test_what_is_asked_with_days_and_hours_is_pencilled_in_and_never_counted():
    listing = ListingFactory()
    words = exchanges.Words(
        message="Hello?", first_day=MONDAY, last_day=MONDAY + 6 * DAY, hours=Decimal(5)
    )
    exchange = exchanges.ask(listing, PersonFactory(), words, at=NOON)
    key = f"exchange:{exchange.pk}"

    assert commitments(listing.author) == [(key, Decimal(5), "tentative")]
    assert not Commitment.objects.live().exists()

    propose(exchange, listing.author, hours="6", days=14)
    assert commitments(listing.author) == [(key, Decimal(3), "tentative")]

    agreements.confirm(exchange, exchange.receiver, 1, at=NOON)
    assert commitments(listing.author) == [(key, Decimal(3), "planned")]


@pytest.mark.parametrize("hours", [None, "0"])
def test_terms_without_hours_leave_nothing_pencilled_in(hours):
    exchange = ExchangeFactory()
    propose(exchange, exchange.provider)
    assert commitments(exchange.provider)[0][2] == "tentative"

    propose(exchange, exchange.receiver, read=1, hours=hours)
    assert commitments(exchange.provider) == []


def test_of_what_was_never_agreed_nothing_stays_in_the_helpers_weeks():
    ends = [
        lambda one: exchanges.decline(one, one.provider, "", at=NOON),
        lambda one: exchanges.withdraw(one, one.receiver, "", at=NOON),
        lambda one: exchanges.let_go_of(one.listing, at=NOON),
    ]
    for end in ends:
        exchange = ExchangeFactory()
        propose(exchange, exchange.provider)
        assert commitments(exchange.provider)[0][2] == "tentative"
        end(exchange)
        assert commitments(exchange.provider) == []


def test_who_offers_help_with_a_request_has_it_pencilled_in_not_who_is_helped():
    listing = ListingFactory(kind="request", hours=6, first_day=MONDAY, last_day=MONDAY)
    helper = PersonFactory()

    exchanges.ask(listing, helper, exchanges.Words(message="I can help."), at=NOON)

    assert [row[2] for row in commitments(helper)] == ["tentative"]
    assert commitments(listing.author) == []


def test_a_day_of_sixteen_hours_is_kept_whole():
    assert commitments(agreed(hours="16", days=1).provider)[0][1] == Decimal(112)


@pytest.mark.parametrize(
    ("hours", "length", "kept"),
    [("168", 1, True), ("168.1", 1, False), ("80", 30, True), ("80.1", 30, False)],
)
def test_the_database_keeps_what_a_week_and_a_day_can_hold(hours, length, kept):
    row = Commitment(
        person=PersonFactory(),
        what="Something",
        source="by_hand",
        key="1",
        period=days(MONDAY, MONDAY + (length - 1) * DAY),
        weekly_hours=Decimal(hours),
    )
    refused = pytest.raises(IntegrityError, match="commitment_hours_above_0_to_80_in_a_week")
    with nullcontext() if kept else refused, transaction.atomic():
        row.save()
    assert Commitment.objects.exists() == kept
