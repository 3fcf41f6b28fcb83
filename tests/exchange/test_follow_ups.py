from datetime import UTC, datetime, time

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from capx.states import IllegalMove
from exchange.actions import agreements, follow_ups
from exchange.actions import exchanges as asking
from exchange.models import Exchange, FollowUp
from tests.exchange.agreeing import DAY, MONDAY, NOON, agreed
from tests.factories import ExchangeFactory, ListingFactory, PersonFactory
from volunteers.models import Block, Commitment, Notice, Thanks

pytestmark = pytest.mark.django_db
LATER = NOON + 30 * DAY


def tell(exchange, by, *, happened=True, at=LATER, **said):
    follow_ups.tell(exchange, by, FollowUp(happened=happened, **said), at=at)
    exchange.refresh_from_db()


def done(exchange=None):
    exchange = agreed(exchange=exchange)
    tell(exchange, exchange.provider)
    tell(exchange, exchange.receiver)
    return exchange


def told(person):
    rows = Notice.objects.filter(recipient=person).order_by("pk")
    return [row.key.split(":")[0] for row in rows]


def commitment(exchange):
    return Commitment.objects.get(person=exchange.provider).state


def test_both_say_yes_and_it_is_done():
    exchange = agreed()

    tell(exchange, exchange.provider, worked="All of it")
    assert (exchange.state, exchange.happened_at) == ("agreed", LATER)
    assert told(exchange.receiver)[-1] == "said_whether"
    tell(exchange, exchange.receiver)

    assert (exchange.state, exchange.done_at, exchange.unconfirmed) == ("done", LATER, False)
    assert commitment(exchange) == "done"
    assert told(exchange.receiver)[-1] == told(exchange.provider)[-1] == "done"


def test_both_say_no_and_it_did_not_happen():
    exchange = agreed(exchange=ExchangeFactory(listing=ListingFactory(kind="request")))

    tell(exchange, exchange.provider, happened=False)
    tell(exchange, exchange.receiver, happened=False)

    exchange.listing.refresh_from_db()
    assert (exchange.state, exchange.place, exchange.listing.state) == (
        "not_done",
        None,
        "open",
    )
    assert commitment(exchange) == "dropped"


def test_they_may_change_their_minds_until_they_say_the_same():
    exchange = agreed()
    tell(exchange, exchange.provider)
    tell(exchange, exchange.receiver, happened=False)
    assert exchange.state == "agreed"
    assert told(exchange.provider)[-1] == told(exchange.receiver)[-1] == "said_differently"

    tell(exchange, exchange.receiver, worked="It did, I forgot")

    assert exchange.state == "done"
    assert exchange.follow_ups.get(person=exchange.receiver).worked == "It did, I forgot"


def test_nobody_says_so_before_it_has_begun():
    exchange = agreed()

    with pytest.raises(follow_ups.TooEarly):
        tell(exchange, exchange.provider, at=NOON)
    tell(exchange, exchange.provider, at=NOON + 8 * DAY)


@pytest.mark.parametrize(
    ("zone", "hour", "early"),
    [("Pacific/Auckland", 20, False), ("Pacific/Honolulu", 8, True), ("UTC", 8, False)],
)
def test_it_begins_when_the_day_begins_where_one_is(client, zone, hour, early):
    exchange = agreed(exchange=ExchangeFactory(listing__author__time_zone=zone), days=1)
    client.force_login(exchange.provider)
    day = MONDAY if zone != "Pacific/Auckland" else MONDAY - DAY
    with time_machine.travel(datetime.combine(day, time(hour), UTC), tick=False):
        content = client.get(address("exchange", exchange)).content.decode()
        response = client.post(address("follow_up", exchange), {"happened": "yes"})

    assert (address("follow_up", exchange) not in content) == early
    assert (response.status_code, FollowUp.objects.count()) == ((200, 0) if early else (302, 1))


@pytest.mark.parametrize(("zone", "waits"), [("Pacific/Auckland", True), ("UTC", False)])
def test_home_says_that_something_waits_by_the_day_where_one_is(client, zone, waits):
    exchange = agreed(exchange=ExchangeFactory(listing__author__time_zone=zone), days=1)
    client.force_login(exchange.provider)
    with time_machine.travel(datetime.combine(MONDAY, time(20), UTC), tick=False):
        assert client.get("/").context["waiting"] == waits


def test_a_block_stops_the_words_of_a_follow_up_and_not_its_answer():
    exchange = agreed()
    Block.objects.create(person=exchange.provider, blocked=exchange.receiver)

    tell(exchange, exchange.receiver, worked="NASTY", did_not="WORDS", paid=100, currency="EUR")

    said = exchange.follow_ups.get()
    assert (said.happened, said.worked, said.did_not, said.paid) == (True, "", "", 100)


def test_what_is_settled_stays():
    exchange = done()

    with pytest.raises(IllegalMove):
        tell(exchange, exchange.provider, happened=False)
    with pytest.raises(IllegalMove):
        asking.withdraw(exchange, exchange.provider, "", at=LATER)


def test_thanks_from_both_close_it():
    exchange = done()
    follow_ups.thank(exchange, exchange.receiver, "You saved us", at=LATER, shows=True)
    exchange.refresh_from_db()
    assert (exchange.state, exchange.receiver_closed_at) == ("done", LATER)

    follow_ups.say_nothing_more(exchange, exchange.provider, at=LATER)

    exchange.refresh_from_db()
    assert (exchange.state, exchange.ended_at) == ("closed", LATER)
    thanks = Thanks.objects.get()
    assert (thanks.words, thanks.giver_shows, thanks.receiver_shows) == (
        "You saved us",
        True,
        False,
    )
    assert told(exchange.provider)[-1] == "thanked"


def test_thanks_wait_for_nobody():
    exchange = done()

    for side in (exchange.provider, exchange.receiver):
        assert not Exchange.objects.waiting_for(side, LATER.date()).exists()


def test_thanks_are_said_once_and_only_for_what_is_done():
    exchange = done()
    follow_ups.thank(exchange, exchange.receiver, "!", at=LATER, shows=False)

    with pytest.raises(IllegalMove):
        follow_ups.thank(exchange, exchange.receiver, "!!", at=LATER, shows=False)
    other = agreed()
    with pytest.raises(IllegalMove):
        follow_ups.thank(other, other.receiver, "!", at=LATER, shows=False)


def test_a_training_is_done_when_its_last_seat_is():
    training = ListingFactory(
        of="training", seats=2, first_day=MONDAY, last_day=MONDAY, hours=2
    )
    exchanges = [
        agreements.take_seat(training, PersonFactory(), asking.Words(""), at=NOON)
        for _ in range(2)
    ]
    for exchange in exchanges:
        assert commitment(exchange) == "planned"
        tell(exchange, exchange.provider)
        tell(exchange, exchange.receiver)

    assert commitment(exchanges[0]) == "done"


def test_database_refuses_done_by_nobody():
    exchange = agreed()

    with (
        pytest.raises(IntegrityError, match="exchange_done_by_both_or_unconfirmed"),
        transaction.atomic(),
    ):
        exchange.move("done", done_at=LATER)


# Pages


def begun(client, **what):
    exchange = agreed(first=timezone.localdate() - DAY, days=1, **what)
    client.force_login(exchange.receiver)
    return exchange


def address(name, exchange):
    return reverse(f"exchange:{name}", args=[exchange.pk])


def test_say_in_the_browser_what_was_paid(client):
    exchange = begun(client)
    typed = {"happened": "yes", "worked": "All", "amount": "1.234,50", "currency": "EUR"}

    client.post(address("follow_up", exchange), typed)

    said = FollowUp.objects.get()
    assert (said.happened, said.paid, said.currency) == (True, 123450, "EUR")
    content = client.get(address("exchange", exchange)).content.decode()
    assert "€1,234.50" in content


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"happened": "perhaps"},
        {"happened": "yes", "worked": "x" * 2001},
        {"happened": "yes", "did_not": "\0"},
        {"happened": "yes", "amount": "much", "currency": "EUR"},
        {"happened": "yes", "amount": "12", "currency": "XXXX"},
        {"happened": "yes", "amount": "9" * 20, "currency": "EUR"},
    ],
)
def test_bad_follow_ups_get_a_message(client, typed):
    exchange = begun(client)

    response = client.post(address("follow_up", exchange), typed)

    assert response.status_code == 200
    assert response.context["form"].errors
    assert FollowUp.objects.count() == 0


def test_a_changed_answer_starts_from_the_first(client):
    exchange = begun(client)
    client.post(address("follow_up", exchange), {"happened": "no", "did_not": "The train"})

    content = client.get(address("follow_up", exchange)).content.decode()

    assert "The train" in content
    assert 'value="no"' in content


def test_thank_in_the_browser_and_the_receiver_decides(client):
    exchange = done()
    client.force_login(exchange.receiver)
    client.post(address("thank", exchange), {"words": "You saved us", "shows": "on"})
    client.force_login(exchange.provider)
    assert "You saved us" in client.get(address("exchange", exchange)).content.decode()

    keep = reverse("volunteers:keep_thanks", args=[Thanks.objects.get().pk])
    client.post(keep, {"choice": "show"})
    assert Thanks.objects.shown().count() == 1
    client.post(keep, {"choice": "hide"})
    assert Thanks.objects.shown().count() == 0
    client.post(keep, {"choice": "remove"})
    assert Thanks.objects.count() == 0


@pytest.mark.parametrize("words", ["", "x" * 2001, "\0"])
def test_bad_thanks_get_a_message(client, words):
    exchange = done()
    client.force_login(exchange.receiver)

    response = client.post(address("thank", exchange), {"words": words})

    assert response.context["form"].errors
    assert Exchange.objects.get().receiver_closed_at is None


def test_nothing_more_to_say_in_the_browser(client):
    exchange = done()
    client.force_login(exchange.receiver)

    client.post(address("thank", exchange), {"nothing": "1"})

    assert Exchange.objects.get().receiver_closed_at is not None
    assert Thanks.objects.count() == 0


def test_words_typed_beside_not_now_are_kept_and_asked_about(client):
    exchange = done()
    client.force_login(exchange.receiver)

    response = client.post(address("thank", exchange), {"nothing": "1", "words": "You saved"})

    content = response.content.decode()
    assert "You saved" in content
    assert "What you wrote is not sent yet." in content
    assert Exchange.objects.get().receiver_closed_at is None
    client.post(address("thank", exchange), {"nothing": "sure", "words": "You saved"})
    assert Exchange.objects.get().receiver_closed_at is not None
    assert Thanks.objects.count() == 0


def test_thanks_can_be_said_for_good_after_the_question_was_put_away(client):
    exchange = done()
    for side in (exchange.provider, exchange.receiver):
        follow_ups.say_nothing_more(exchange, side, at=LATER)
    client.force_login(exchange.receiver)
    page = client.get(exchange.get_absolute_url()).content.decode()
    assert address("thank", exchange) in page

    with time_machine.travel(LATER + 400 * DAY, tick=False):
        client.force_login(exchange.receiver)
        client.post(address("thank", exchange), {"words": "I still think of it"})

    assert Thanks.objects.get().words == "I still think of it"
    exchange.refresh_from_db()
    assert (exchange.state, exchange.receiver_closed_at) == ("closed", LATER)
    client.force_login(exchange.receiver)
    page = client.get(exchange.get_absolute_url()).content.decode()
    assert address("thank", exchange) not in page


def test_a_removed_thank_you_is_not_said_again(client):
    exchange = done()
    follow_ups.thank(exchange, exchange.receiver, "!", at=LATER, shows=False)
    Thanks.objects.all().delete()
    client.force_login(exchange.receiver)

    assert client.get(address("thank", exchange)).status_code == 404
