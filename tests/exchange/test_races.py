"""What happens when several people press at the same moment."""

import pytest

from capx.states import IllegalMove
from exchange.actions import agreements, follow_ups, listings, reports, seats
from exchange.actions import exchanges as asking
from exchange.models import Exchange, FollowUp, Listing, Report
from exchange.reminders import exchanges as reminders
from tests.exchange.agreeing import DAY, MONDAY, NOON, agreed, propose
from tests.factories import ExchangeFactory, ListingFactory, PersonFactory
from tests.together import together
from volunteers import gate
from volunteers.models import Ask, Commitment, Notice, Person, Thanks

pytestmark = pytest.mark.django_db(transaction=True)
REFUSALS = (
    IllegalMove,
    seats.NoSeat,
    agreements.Changed,
    asking.AskedAlready,
    asking.NotOpen,
    asking.TooMany,
    reports.TooMany,
    gate.NotTakingRequests,
    gate.Tight,
)


def at_once(*acts):
    """Do these at once; give what each came to: an exception's name, or what it returned."""
    return together(*acts, refused=REFUSALS)


def verbs_of(exchange):
    return list(exchange.events.order_by("pk").values_list("verb", flat=True))


def told(exchange):
    """Name the notices about an exchange, in the order of the alphabet."""
    rows = Notice.objects.filter(link=exchange.get_absolute_url())
    return sorted(row.key.split(":")[0] for row in rows)


def test_two_people_take_the_last_seat():
    training = ListingFactory(of="training", seats=1, first_day=MONDAY, last_day=MONDAY)
    people = PersonFactory.create_batch(6)

    came = at_once(
        *(
            lambda p=p: agreements.take_seat(training, p, asking.Words("Me!"), at=NOON)
            for p in people
        )
    )

    assert sorted(map(str, came))[:5] == ["NoSeat"] * 5
    assert [e.place for e in Exchange.objects.all()] == [1]
    assert Ask.objects.count() == 1


def test_both_confirm_at_once():
    for _ in range(3):
        exchange = agreed()
        propose(exchange, exchange.provider, read=1)
        Exchange.objects.filter(pk=exchange.pk).update(provider_version=1)
        held = Exchange.objects.get(pk=exchange.pk)

        came = at_once(
            lambda held=held: agreements.confirm(held, held.provider, 2, at=NOON),
            lambda held=held: agreements.confirm(held, held.receiver, 2, at=NOON),
        )

        held.refresh_from_db()
        assert sorted(came) == [False, True]
        assert held.agreed_version == 2
        assert held.events.filter(verb="agreed", version=2).count() == 1
    assert Commitment.objects.count() == 3


def test_one_side_confirms_while_the_other_changes_a_word():
    exchange = ExchangeFactory()
    propose(exchange, exchange.provider)

    came = at_once(
        lambda: agreements.confirm(exchange, exchange.receiver, 1, at=NOON),
        lambda: propose(exchange, exchange.provider, read=1, what="Other words") and "proposed",
    )

    exchange.refresh_from_db()
    if "Changed" in came:
        assert (exchange.state, exchange.version, exchange.receiver_version) == (
            "asked",
            2,
            None,
        )
    else:
        assert (exchange.state, exchange.version, exchange.agreed_version) == ("agreed", 2, 1)


def test_withdraw_against_confirm_has_one_winner():
    for _ in range(4):
        exchange = ExchangeFactory()
        propose(exchange, exchange.provider)

        came = at_once(
            lambda e=exchange: asking.withdraw(e, e.receiver, "", at=NOON),
            lambda e=exchange: agreements.confirm(e, e.receiver, 1, at=NOON),
        )

        exchange.refresh_from_db()
        assert exchange.state == "withdrawn"  # after the yes, letting go is still possible
        assert came in ([None, "IllegalMove"], [None, True])
        live = Commitment.objects.live().filter(person=exchange.provider)
        assert not live.exists()


def test_decline_against_withdraw_has_one_winner():
    exchange = ExchangeFactory()

    came = at_once(
        lambda: asking.decline(exchange, exchange.provider, "No", at=NOON),
        lambda: asking.withdraw(exchange, exchange.receiver, "Never mind", at=NOON),
    )

    assert sorted(map(str, came)) == ["IllegalMove", "None"]
    assert Notice.objects.count() == 1


def test_expiry_against_an_answer_has_one_winner():
    late = NOON + 8 * DAY
    for _ in range(4):
        exchange = ExchangeFactory(asked_at=NOON)

        at_once(
            lambda: reminders.remind(late),
            lambda e=exchange: asking.say(e, e.provider, "Here I am", at=late),
        )

        exchange.refresh_from_db()
        came = (exchange.state, exchange.answered_at, verbs_of(exchange), told(exchange))
        answered = ("asked", late, ["answered"], ["said"])
        expired = ("expired", None, ["expired"], ["expired", "said"])
        assert came in (answered, expired)
        assert exchange.messages.get().body == "Here I am"  # nothing is lost either way


def test_forty_parallel_asks_let_exactly_three_through():
    author = PersonFactory()
    listings = ListingFactory.create_batch(4, author=author)
    people = PersonFactory.create_batch(40)
    words = asking.Words("Hello", why="You know how")

    came = at_once(
        *(
            lambda n=n, p=p: asking.ask(listings[n % 4], p, words, at=NOON)
            for n, p in enumerate(people)
        )
    )

    assert came.count("NotTakingRequests") == 37
    assert Exchange.objects.count() == Ask.objects.filter(answered_at=None).count() == 3


def test_asks_of_one_person_sent_at_once_are_counted_one_by_one():
    asker = PersonFactory()
    requests = ListingFactory.create_batch(asking.ASKS_A_DAY + 6, kind="request")

    came = at_once(
        *(
            lambda one=one: asking.ask(one, asker, asking.Words("Hi", why="x"), at=NOON)
            for one in requests
        )
    )

    assert came.count("TooMany") == 6
    assert Ask.objects.filter(asker=asker).count() == asking.ASKS_A_DAY


def test_two_people_who_ask_each_other_at_once_do_not_wait_in_a_ring():
    for _ in range(6):
        one, other = ListingFactory.create_batch(2)

        came = at_once(
            *(
                lambda to=to, by=by: asking.ask(to, by, asking.Words("Hi", why="x"), at=NOON)
                for to, by in ((one, other.author), (other, one.author))
            )
        )

        assert [type(each) for each in came] == [Exchange, Exchange]


def test_reports_of_one_person_sent_at_once_are_counted_one_by_one():
    reporter = PersonFactory()
    bad = ListingFactory.create_batch(reports.REPORTS_A_DAY + 6)

    came = at_once(
        *(
            lambda one=one: reports.report(one, reporter, reports.Concern("spam"), at=NOON)
            for one in bad
        )
    )

    assert came.count("TooMany") == 6
    assert Report.objects.filter(reporter=reporter).count() == reports.REPORTS_A_DAY


def test_a_double_click_asks_once():
    listing, asker = ListingFactory(), PersonFactory()

    came = at_once(
        *[lambda: asking.ask(listing, asker, asking.Words("Hi", why="x"), at=NOON)] * 5
    )

    assert came.count("AskedAlready") == 4
    assert Exchange.objects.count() == 1


def test_a_listing_is_withdrawn_while_somebody_asks_and_somebody_confirms():
    words = asking.Words("Hi", why="x")
    for _ in range(4):
        listing = ListingFactory()
        waiting = ExchangeFactory(listing=listing, asked_at=NOON)
        propose(waiting, waiting.provider)
        rows = [Listing.objects.get(pk=listing.pk) for _ in range(2)]
        asker = PersonFactory()

        gone, confirmed, asked = at_once(
            lambda rows=rows: listings.withdraw(rows[0], at=NOON),
            lambda w=waiting: agreements.confirm(w, w.receiver, 1, at=NOON),
            lambda rows=rows, a=asker: asking.ask(rows[1], a, words, at=NOON) and "asked",
        )

        listing.refresh_from_db()
        waiting.refresh_from_db()
        assert (gone, listing.state) == (None, "withdrawn")
        live = Commitment.objects.live().filter(person=waiting.provider).count()
        came = (confirmed, waiting.state, verbs_of(waiting)[2:], live)
        in_time = (True, "agreed", ["confirmed", "agreed"], 1)
        assert came in (in_time, ("IllegalMove", "expired", ["expired"], 0))
        newcomer = [(e.state, told(e)) for e in listing.exchanges.filter(counterpart=asker)]
        ended = [("expired", ["asked", "listing_gone"])]
        assert (asked, newcomer) in (("asked", ended), ("NotOpen", []))


def test_both_say_at_once_that_it_happened():
    at = NOON + 30 * DAY
    for _ in range(3):
        exchange = agreed()

        came = at_once(
            *(
                lambda e=exchange, p=p: follow_ups.tell(e, p, FollowUp(happened=True), at=at)
                for p in (exchange.provider, exchange.receiver)
            )
        )

        exchange.refresh_from_db()
        assert (came, exchange.state) == ([None, None], "done")
        assert exchange.events.filter(verb="done").count() == 1


def test_thanks_are_said_once():
    exchange = agreed()
    for person in (exchange.provider, exchange.receiver):
        follow_ups.tell(exchange, person, FollowUp(happened=True), at=NOON + 30 * DAY)

    came = at_once(
        *[
            lambda: bool(
                follow_ups.thank(exchange, exchange.receiver, "!", at=NOON, shows=False)
            )
        ]
        * 4
    )

    assert sorted(map(str, came)) == ["IllegalMove"] * 3 + ["True"]
    assert Thanks.objects.count() == 1


def test_two_workers_remind_once():
    for _ in range(6):
        ExchangeFactory(asked_at=NOON)
    ExchangeFactory(asked_at=NOON - 8 * DAY)

    at_once(*[lambda: reminders.remind(NOON + 4 * DAY)] * 2)

    keys = [key.split(":")[0] for key in Notice.objects.values_list("key", flat=True)]
    assert sorted(keys) == ["expired"] + ["unanswered"] * 6
    assert Person.objects.count() == 14
