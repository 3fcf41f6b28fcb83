from datetime import timedelta

import pytest
import time_machine

from exchange import tasks
from exchange.actions import agreements, follow_ups
from exchange.actions import exchanges as asking
from exchange.models import Exchange, FollowUp
from exchange.notices import exchanges as notices
from exchange.reminders import exchanges as reminders
from tests.exchange.agreeing import DAY, MONDAY, NOON, agreed, propose
from tests.factories import ExchangeFactory, ListingFactory, PersonFactory
from volunteers import mailbox
from volunteers.models import Notice, Rest
from volunteers.models.bandwidth import days

pytestmark = pytest.mark.django_db
END = NOON + 20 * DAY  # the last day of `agreed()` is 13 days after MONDAY


def remind_on(*after, since=NOON):
    """Run on these days after `since`, twice each, and say what it wrote."""
    old = set(Notice.objects.values_list("pk", flat=True))
    for number in after:
        reminders.remind(since + number * DAY)
        reminders.remind(since + number * DAY)
    new = Notice.objects.exclude(pk__in=old).order_by("pk")
    return [(row.key.split(":")[0], row.recipient_id) for row in new]


def state(exchange):
    return Exchange.objects.get(pk=exchange.pk).state


def test_an_ask_is_reminded_of_once_and_expires_after_a_week():
    exchange = ExchangeFactory(asked_at=NOON)

    assert remind_on(1, 2) == []
    assert remind_on(3, 4, 6) == [("unanswered", exchange.provider_id)]
    assert remind_on(7, 8, 30) == [("expired", exchange.receiver_id)]
    assert state(exchange) == "expired"
    exchange.ask.refresh_from_db()
    assert exchange.ask.answered_at == NOON + 7 * DAY


def rest(person, first, last):
    day = NOON.date()
    Rest.objects.create(person=person, period=days(day + first * DAY, day + last * DAY))


def test_an_ask_is_not_reminded_of_while_who_was_asked_rests():
    exchange = ExchangeFactory(asked_at=NOON)
    rest(exchange.provider, 1, 2)

    assert remind_on(2, 3, 4) == []
    assert remind_on(5) == [("unanswered", exchange.provider_id)]


@pytest.mark.parametrize("last", [4, 6, 30])
def test_whoever_asks_cannot_tell_by_the_end_of_an_ask_who_rests(last):
    asks = [ExchangeFactory(asked_at=NOON) for _ in range(2)]
    rest(asks[0].provider, 2, last)

    remind_on(3, 4, 6)
    assert {state(one) for one in asks} == {"asked"}
    assert remind_on(7) == [("expired", one.receiver_id) for one in asks]
    assert {(one.state, one.ended_at) for one in Exchange.objects.all()} == {
        ("expired", NOON + 7 * DAY)
    }


@time_machine.travel(NOON, tick=False)
def test_no_letter_asks_after_a_rest_for_what_has_ended_meanwhile(mailoutbox):
    exchange = asking.ask(ListingFactory(), PersonFactory(), asking.Words("Hi"), at=NOON)
    author = exchange.listing.author
    rest(author, 0, 20)

    remind_on(7)
    while mailbox.send_some(NOON + 22 * DAY):
        pass

    assert [mail.to for mail in mailoutbox] == [[exchange.counterpart.email]]
    assert [row.key.split(":")[0] for row in author.notices.all()] == ["asked"]


def test_days_of_rest_before_an_ask_do_not_prolong_it():
    exchange = ExchangeFactory(asked_at=NOON)
    rest(exchange.provider, -20, -3)

    remind_on(3, 7)

    assert state(exchange) == "expired"


def test_an_answer_ends_the_reminders():
    exchange = ExchangeFactory(asked_at=NOON)
    asking.say(exchange, exchange.provider, "Let me look", at=NOON + DAY)

    assert remind_on(3, 7, 30) == []
    assert state(exchange) == "asked"


def test_both_are_asked_a_week_before_whether_it_is_on():
    exchange = agreed(first=(NOON + 30 * DAY).date())

    assert remind_on(22) == []
    assert remind_on(23, 24, 30) == [
        ("coming_up", exchange.provider_id),
        ("coming_up", exchange.receiver_id),
    ]


def test_what_was_agreed_on_yesterday_needs_no_reminder_of_tomorrow():
    agreed(first=(NOON + 3 * DAY).date())

    assert remind_on(1, 2, 3) == []


def test_new_dates_are_reminded_of_anew():
    exchange = agreed(first=(NOON + 30 * DAY).date())
    remind_on(23)
    at = NOON + 24 * DAY
    propose(exchange, exchange.provider, read=1, first=(NOON + 60 * DAY).date(), at=at)
    agreements.confirm(exchange, exchange.receiver, 2, at=at)

    assert [name for name, _who in remind_on(53, 54)] == ["coming_up", "coming_up"]


def test_both_are_asked_a_week_after_whether_it_happened():
    exchange = agreed()

    assert remind_on(1, 6, since=END) == []
    assert remind_on(7, 8, 20, since=END) == [
        ("did_it_happen", exchange.provider_id),
        ("did_it_happen", exchange.receiver_id),
    ]


def test_who_has_said_so_is_not_asked():
    exchange = agreed()
    follow_ups.tell(exchange, exchange.provider, FollowUp(happened=True), at=END)

    assert remind_on(7, 8, since=END) == [("did_it_happen", exchange.receiver_id)]


@pytest.mark.parametrize(("happened", "becomes"), [(True, "done"), (False, "not_done")])
def test_one_word_counts_after_two_weeks_of_silence(happened, becomes):
    exchange = agreed()
    at = END + 8 * DAY
    follow_ups.tell(exchange, exchange.provider, FollowUp(happened=happened), at=at)

    remind_on(13, since=at)
    assert state(exchange) == "agreed"
    remind_on(14, 15, since=at)

    assert state(exchange) == becomes
    assert Exchange.objects.get().unconfirmed == happened


def test_the_two_weeks_do_not_begin_before_the_question_is_asked():
    exchange = agreed()
    follow_ups.tell(exchange, exchange.provider, FollowUp(happened=True), at=NOON + 8 * DAY)

    remind_on(0, 7, 20, since=END)
    assert state(exchange) == "agreed"
    remind_on(21, since=END)
    assert state(exchange) == "done"


def test_what_nobody_speaks_of_is_put_away_after_sixty_days():
    exchange = agreed()

    remind_on(59, since=END)
    assert state(exchange) == "agreed"
    assert remind_on(60, 61, since=END) == [
        ("lapsed", exchange.provider_id),
        ("lapsed", exchange.receiver_id),
    ]
    assert state(exchange) == "expired"


def test_what_both_see_differently_is_put_away_after_sixty_days():
    exchange = agreed()
    for person, happened in ((exchange.provider, True), (exchange.receiver, False)):
        follow_ups.tell(exchange, person, FollowUp(happened=happened), at=END)

    remind_on(14, 59, since=END)
    assert state(exchange) == "agreed"
    remind_on(60, since=END)
    assert state(exchange) == "expired"


def test_thanks_are_asked_for_once_and_it_closes_after_a_month():
    exchange = agreed()
    for person in (exchange.provider, exchange.receiver):
        follow_ups.tell(exchange, person, FollowUp(happened=True), at=END)
    follow_ups.thank(exchange, exchange.receiver, "!", at=END, shows=False)

    assert remind_on(2, since=END) == []
    assert remind_on(3, 4, 20, since=END) == [("time_for_thanks", exchange.provider_id)]
    assert remind_on(30, 31, since=END) == []
    assert state(exchange) == "closed"


def test_an_expired_seat_is_free_again():
    training = ListingFactory(of="training", seats=1, first_day=MONDAY, last_day=MONDAY)
    exchange = agreements.take_seat(training, PersonFactory(), asking.Words(""), at=NOON)

    reminders.remind(NOON + 90 * DAY)

    exchange.refresh_from_db()
    assert (exchange.state, exchange.place) == ("expired", None)


def test_nothing_due_asks_the_database_the_same_whatever_there_is(django_assert_num_queries):
    for _ in range(3):
        ExchangeFactory(asked_at=NOON)
    remind_on(3)

    with django_assert_num_queries(8):
        reminders.remind(NOON + 3 * DAY + timedelta(hours=1))


def test_one_exchange_that_goes_wrong_stops_no_other(monkeypatch, caplog):
    broken, whole = (ExchangeFactory(asked_at=NOON) for _ in range(2))
    tell = notices.tell

    def fail(to, exchange, *about, **more):
        tell(to, exchange, *about, **more)
        if exchange == broken:
            raise ValueError("a name that breaks the letter")

    monkeypatch.setattr(notices, "tell", fail)

    assert remind_on(3) == [("unanswered", whole.provider_id)]
    assert remind_on(7) == [("expired", whole.receiver_id)]
    assert (state(broken), state(whole)) == ("asked", "expired")
    assert caplog.text.count(f"Nothing was done about exchange.Exchange {broken.pk}") == 6
    monkeypatch.undo()
    assert remind_on(8) == [("expired", broken.receiver_id)]


def test_the_timetable_knows_only_one_word():
    exchange = ExchangeFactory(asked_at=NOON - 3650 * DAY)

    tasks.remind()

    assert state(exchange) == "expired"


def test_somebody_who_left_is_written_to_by_nobody():
    exchange = ExchangeFactory(asked_at=NOON)
    exchange.provider.is_active = False
    exchange.provider.save()

    assert remind_on(3, 4) == []
