import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from importlib import import_module

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from capx import erasure
from capx.states import IllegalMove
from exchange.actions import agreements, exchanges, follow_ups
from exchange.actions import hand_overs as actions
from exchange.models import Exchange, FollowUp, HandOver
from exchange.reminders import hand_overs as reminders
from tests.exchange.agreeing import DAY, MONDAY, NOON, agreed, propose
from tests.factories import (
    AffiliateFactory,
    ExchangeFactory,
    ListingFactory,
    MembershipFactory,
    PersonFactory,
    PersonSkillFactory,
    SkillFactory,
)
from tests.together import together
from tests.volunteers.test_imports import SIMPLE, brought, line
from volunteers import gate
from volunteers.actions import imports
from volunteers.actions.commitments import finish as finish_by_hand
from volunteers.actions.commitments import put_down as put_down_by_hand
from volunteers.exports import hours
from volunteers.models import Ask, Bandwidth, Block, Check, Commitment, Notice, Rest
from volunteers.models.bandwidth import days

pytestmark = pytest.mark.django_db
TWO_WEEKS = MONDAY + 13 * DAY
WORDS = "Could you take this over?"
OVER = import_module("exchange.migrations.0007_nobody_is_asked_for_what_was_over")
REFUSALS = (IllegalMove, actions.OnItsWay, gate.NotTakingRequests, gate.Tight)


def promise(person=None, *, first=MONDAY, last=MONDAY + 27 * DAY, hours=3, **about):
    """Make something that somebody has taken on by hand."""
    made = Commitment.objects.create(
        person=person or PersonFactory(),
        period=days(first, last),
        weekly_hours=Decimal(hours),
        **{"what": "The newsletter", "source": "by_hand", "key": "1", **about},
    )
    return Commitment.objects.get(pk=made.pk)


def offer(thing, taker=None, *, at=NOON):
    giver = thing.provider if isinstance(thing, Exchange) else thing.person
    said = actions.Said(WORDS, "Nobody knows it as well.")
    return actions.offer(thing, giver, taker or PersonFactory(), said, at=at)


def offered(thing=None, taker=None, *, at=NOON):
    made = offer(thing or agreed(), taker, at=at)
    return HandOver.objects.in_full().get(pk=made.pk)


def fresh(hand_over):
    return HandOver.objects.in_full().get(pk=hand_over.pk)


def told():
    """List who was told what about hand-overs."""
    rows = Notice.objects.filter(key__startswith="hand-over").select_related("recipient")
    return {(row.key.split(":")[0], row.recipient) for row in rows}


def test_whom_one_asks_is_asked_through_the_gate_and_nothing_changes_yet():
    exchange = agreed()
    hand_over = offered(exchange)

    assert (hand_over.ask.person, hand_over.ask.asker) == (hand_over.taker, exchange.provider)
    assert told() == {("hand-over-offered", hand_over.taker)}
    exchange.refresh_from_db()
    assert exchange.state == "agreed"


@pytest.mark.parametrize("how", ["rests", "unwilling", "blocked", "blocks who is helped"])
def test_who_cannot_be_asked_is_not_asked(how):
    exchange, taker = agreed(), PersonFactory()
    if how == "rests":
        Rest.objects.create(person=taker, period=days(NOON.date(), None))
    elif how == "unwilling":
        taker.may_be_asked = False
        taker.save()
    elif how == "blocked":
        Block.objects.create(person=taker, blocked=exchange.provider)
    else:
        Block.objects.create(person=taker, blocked=exchange.receiver)

    with pytest.raises(gate.NotTakingRequests):
        offer(exchange, taker)

    assert not HandOver.objects.exists()
    assert Ask.objects.count() == 1  # that of the exchange


def test_one_thing_is_on_its_way_to_one_person():
    exchange = agreed()
    offer(exchange)

    with pytest.raises(actions.OnItsWay):
        offer(exchange)


def test_only_who_helps_can_pass_it_on_and_only_while_it_goes_on():
    exchange = agreed()
    with pytest.raises(IllegalMove):
        actions.offer(
            exchange, exchange.receiver, PersonFactory(), actions.Said(WORDS), at=NOON
        )

    exchanges.withdraw(exchange, exchange.provider, "", at=NOON)
    with pytest.raises(IllegalMove):
        offer(exchange)


def test_a_commitment_moves_at_once_and_what_was_done_stays_the_givers():
    commitment = promise(first=MONDAY - 21 * DAY)
    hand_over = offered(commitment)

    actions.take(hand_over, at=NOON)

    old = Commitment.objects.get(pk=commitment.pk)
    new = Commitment.objects.get(person=hand_over.taker)
    assert (old.state, old.period.upper) == ("done", NOON.date())
    assert (new.what, new.state, new.weekly_hours) == ("The newsletter", "planned", 3)
    assert (new.period.lower, new.period.upper) == (NOON.date(), commitment.period.upper)
    assert fresh(hand_over).state == "taken"
    assert ("hand-over-taken", commitment.person) in told()


@pytest.mark.parametrize("member", [True, False])
def test_what_is_done_for_an_affiliate_stays_its_own_where_the_taker_belongs_to_it(member):
    affiliate = AffiliateFactory()
    commitment = promise(first=MONDAY - 21 * DAY)
    Commitment.objects.filter(pk=commitment.pk).update(affiliate=affiliate)
    commitment.refresh_from_db()
    hand_over = offered(commitment)
    if member:
        MembershipFactory(affiliate=affiliate, person=hand_over.taker)

    actions.take(hand_over, at=NOON)

    new = Commitment.objects.get(person=hand_over.taker)
    assert new.affiliate == (affiliate if member else None)


def test_what_has_not_begun_is_dropped_and_written_for_the_taker_as_it_is():
    commitment = promise()
    hand_over = offered(commitment)

    actions.take(hand_over, at=NOON)

    commitment.refresh_from_db()
    assert commitment.state == "dropped"
    assert Commitment.objects.get(person=hand_over.taker).period == commitment.period


def test_who_takes_it_sees_what_it_does_to_their_weeks_and_may_still_say_yes():
    taker = PersonFactory()
    Bandwidth.objects.create(
        person=taker, period=days(MONDAY, MONDAY + 90 * DAY), weekly_hours=5
    )
    hand_over = offered(promise(hours=4), taker)
    promise(taker, hours=3)

    with pytest.raises(agreements.Overfull):
        actions.take(hand_over, at=NOON)
    actions.take(fresh(hand_over), at=NOON, knowingly=True)

    assert fresh(hand_over).state == "taken"


@pytest.mark.parametrize("thing", ["exchange", "commitment"])
@time_machine.travel(NOON, tick=False)
def test_before_the_yes_who_takes_it_sees_the_weeks_before_and_after(client, thing):
    taker = PersonFactory()
    period = days(NOON.date() - 7 * DAY, NOON.date() + 90 * DAY)
    Bandwidth.objects.create(person=taker, period=period, weekly_hours=5)
    given = agreed(hours="8") if thing == "exchange" else promise(hours=4, last=TWO_WEEKS)
    hand_over = offered(given, taker)
    mine = promise(taker, hours=3, what="Keeping the books")
    client.force_login(taker)

    page = client.get(hand_over.get_absolute_url())
    shown = " ".join(re.sub(r"<[^>]+>", " ", page.text).split())

    named = "in weeks 11 (9 Mar), 12 (16 Mar): what would you put down?"
    assert f"This makes up to 140 % {named}" in shown
    assert "9 Mar 3 7 5 140 % 16 Mar 3 7 5 140 %" in shown
    assert "Keeping the books 3 h a week Put down" in shown
    assert 'name="knowingly"' in page.text
    client.post(
        reverse("volunteers:put_down", args=[mine.pk]), {"next": hand_over.get_absolute_url()}
    )
    after = client.get(hand_over.get_absolute_url())
    assert after.context["what_if"].too_full == []
    assert 'name="knowingly"' not in after.text
    client.force_login(hand_over.giver)
    assert "What a yes does" not in client.get(hand_over.get_absolute_url()).text


def test_in_an_exchange_who_is_helped_is_asked_and_the_old_deal_stands():
    exchange = agreed()
    hand_over = actions.take(offered(exchange), at=NOON)

    successor = Exchange.objects.get(pk=hand_over.successor_id)
    assert hand_over.state == "waiting"
    assert (successor.state, successor.provider) == ("asked", hand_over.taker)
    assert (successor.receiver, successor.listing) == (exchange.receiver, exchange.listing)
    terms, same = exchange.agreements.get(), successor.agreements.get()
    assert [t.now for t in terms.terms()] == [t.now for t in same.terms()]
    exchange.refresh_from_db()
    assert exchange.state == "agreed"
    assert Commitment.objects.live().get().person == exchange.provider
    assert ("hand-over-proposed", exchange.receiver) in told()


def waiting(exchange=None):
    """Let somebody say that they would take an exchange on."""
    hand_over = actions.take(offered(exchange), at=NOON)
    return hand_over, Exchange.objects.get(pk=hand_over.successor_id)


@pytest.mark.parametrize("kind", ["offer", "request"])
def test_when_who_is_helped_says_yes_the_new_one_takes_the_place_of_the_old(kind):
    old = agreed(exchange=ExchangeFactory(listing=ListingFactory(kind=kind), asked_at=NOON))
    hand_over, successor = waiting(old)

    assert agreements.confirm(successor, successor.receiver, 1, at=NOON)

    old.refresh_from_db()
    successor.refresh_from_db()
    assert (old.state, successor.state) == ("withdrawn", "agreed")
    assert fresh(hand_over).state == "taken"
    assert Commitment.objects.live().get().person == successor.provider
    assert ("hand-over-taken", old.provider) in told()
    successor.listing.refresh_from_db()
    assert successor.listing.state == ("open" if kind == "offer" else "taken")
    assert successor.place == (None if kind == "offer" else 1)


HALFWAY = NOON + 14 * DAY  # a week after it began, and a week before it ends


def passed_on(old, *, at, taker=None):
    """Pass an exchange on, and let who is helped agree; give the new one."""
    hand_over = actions.take(offered(old, taker, at=at), at=at)
    successor = Exchange.objects.get(pk=hand_over.successor_id)
    assert agreements.confirm(successor, successor.receiver, successor.version, at=at)
    return Exchange.objects.get(pk=successor.pk)


def spans(*people):
    """List what people have taken on: who, from when, until when, how many hours, how it is."""
    rows = Commitment.objects.filter(person__in=people).order_by("period")
    return [(row.person, row.period.lower, row.last_day, row.hours, row.state) for row in rows]


@pytest.mark.parametrize("hours", ["6", "5", "0.1", "3.7"])
def test_passed_on_halfway_what_was_done_stays_the_givers_and_the_rest_is_the_takers(hours):
    old = agreed(hours=hours)
    last, half = MONDAY + 13 * DAY, HALFWAY.date()

    new = passed_on(old, at=HALFWAY)

    rows = spans(old.provider, new.provider)
    assert [(row[0], row[1], row[2], row[4]) for row in rows] == [
        (old.provider, MONDAY, half - DAY, "done"),
        (new.provider, half, last, "planned"),
    ]
    assert sum(row[3] for row in rows) == Decimal(hours)


def test_passed_on_twice_and_then_agreed_anew_no_hour_is_lost_or_doubled():
    old = agreed(hours="14")
    new = passed_on(old, at=HALFWAY - 3 * DAY)
    newest = passed_on(new, at=HALFWAY)

    people = (old.provider, new.provider, newest.provider)
    assert [row[3] for row in spans(*people)] == [4, 3, 7]

    more = {"hours": "20", "days": 28, "at": HALFWAY}
    propose(newest, newest.provider, read=newest.version, **more)
    agreements.confirm(newest, newest.receiver, 2, at=HALFWAY)
    assert [(row[3], row[4]) for row in spans(*people)] == [
        (4, "done"),
        (3, "done"),
        (13, "planned"),
    ]


@pytest.mark.parametrize("at", [NOON, NOON + 40 * DAY], ids=["not begun", "long overdue"])
def test_what_had_not_begun_or_was_never_done_passes_on_whole(at):
    old = agreed(hours="6")

    new = passed_on(old, at=at)

    assert [(row[0], row[3], row[4]) for row in spans(old.provider)] == [
        (old.provider, 6, "dropped")
    ]
    assert spans(new.provider) == [(new.provider, MONDAY, MONDAY + 13 * DAY, 6, "planned")]


def test_while_who_is_helped_decides_the_giver_can_keep_it_after_all(client):
    old = agreed(exchange=ExchangeFactory(asked_at=timezone.now()))
    hand_over = actions.take(offered(old, at=timezone.now()), at=timezone.now())
    successor = Exchange.objects.get(pk=hand_over.successor_id)
    client.force_login(hand_over.giver)
    assert "stays with you" in client.get(hand_over.get_absolute_url()).content.decode()

    client.post(reverse("exchange:withdraw_hand_over", args=[hand_over.pk]))

    old.refresh_from_db()
    successor.refresh_from_db()
    assert (fresh(hand_over).state, old.state, successor.state) == (
        *("withdrawn", "agreed"),
        "expired",
    )
    assert [row.person for row in Commitment.objects.all()] == [old.provider]
    assert {
        ("hand-over-withdrawn", hand_over.taker),
        ("hand-over-taken_back", old.receiver),
    } < (told())
    assert offered(old, at=timezone.now()).state == "offered"


def test_database_refuses_a_hand_over_between_others_than_those_of_its_ask():
    hand_over = offered()
    for field in ("giver", "taker"):
        with (
            pytest.raises(IntegrityError, match="hand_over_between_those_of_its_ask"),
            transaction.atomic(),
        ):
            HandOver.objects.filter(pk=hand_over.pk).update(**{field: PersonFactory()})
    for field in ("person", "asker"):
        with (
            pytest.raises(IntegrityError, match="ask_stays_between_the_two"),
            transaction.atomic(),
        ):
            Ask.objects.filter(pk=hand_over.ask_id).update(**{field: PersonFactory()})


def ends_while_resting(person):
    """Let somebody rest from the second day to the eleventh, and run the clock beyond it."""
    first = NOON.date() + 2 * DAY
    Rest.objects.create(person=person, period=days(first, first + 9 * DAY))
    ends = []
    for number in (4, 6, 7, 12):
        reminders.remind(NOON + number * DAY)
        ends.append(HandOver.objects.get().state)
    letters = person.notices.filter(key__startswith="hand-over")
    assert letters.exists()
    assert not letters.filter(by_mail=True).exists()
    return ends


def test_who_is_asked_and_rests_has_as_long_as_everybody_and_no_letter_afterwards():
    hand_over = offered()
    ends = ends_while_resting(hand_over.taker)
    assert ends == ["offered", "offered", "expired", "expired"]


def test_who_is_helped_and_rests_has_as_long_as_everybody():
    hand_over, _successor = waiting()
    ends = ends_while_resting(hand_over.exchange.receiver)
    assert ends == ["waiting", "waiting", "kept", "kept"]


def test_when_who_is_helped_says_no_all_stays_as_it_was():
    old = agreed()
    hand_over, successor = waiting(old)

    exchanges.decline(successor, successor.receiver, "I would rather keep it", at=NOON)

    old.refresh_from_db()
    assert (old.state, fresh(hand_over).state) == ("agreed", "kept")
    assert Commitment.objects.live().get().person == old.provider
    assert ("hand-over-kept", old.provider) in told()
    offer(old)  # and somebody else can be asked


def test_after_a_week_of_silence_the_old_deal_stands():
    old = agreed(first=MONDAY + 60 * DAY)
    hand_over, successor = waiting(old)

    reminders.remind(NOON + 6 * DAY)
    assert fresh(hand_over).state == "waiting"
    reminders.remind(NOON + 7 * DAY)

    successor.refresh_from_db()
    assert (fresh(hand_over).state, successor.state) == ("kept", "expired")
    assert {who for name, who in told() if name == "hand-over-kept"} == {
        old.provider,
        hand_over.taker,
    }


def test_what_was_done_meanwhile_does_not_pass_to_anybody():
    old = agreed()
    _hand_over, successor = waiting(old)
    Exchange.objects.filter(pk=old.pk).update(
        state="done", provider_happened=True, receiver_happened=True, done_at=NOON
    )

    with pytest.raises(IllegalMove):
        agreements.confirm(successor, successor.receiver, 1, at=NOON)


@pytest.mark.parametrize("how", ["done", "said", "lapsed"])
def test_what_is_over_while_who_is_helped_decides_ends_and_frees_the_weeks_of_the_taker(how):
    old = agreed()
    hand_over, successor = waiting(old)
    late = NOON + 3 * DAY

    if how == "done":
        both = {"provider_happened": True, "receiver_happened": True}
        Exchange.objects.filter(pk=old.pk).update(**both, happened_at=late)
        follow_ups.finish(exchanges.hold(old), happened=True, at=late)
    elif how == "said":
        Exchange.objects.filter(pk=old.pk).update(provider_happened=True, happened_at=late)
    else:
        follow_ups.let_lapse(old, at=late)
    with pytest.raises(IllegalMove):
        agreements.confirm(successor, successor.receiver, 1, at=late)
    reminders.remind(late)
    reminders.remind(late)

    successor.refresh_from_db()
    assert (fresh(hand_over).state, successor.state) == ("gone", "expired")
    assert not hand_over.taker.commitments.exists()
    letter = hand_over.taker.notices.get(key__startswith="hand-over-gone")
    assert "has ended meanwhile" in letter.body
    assert not Notice.objects.filter(key__startswith="hand-over-kept").exists()
    assert not Notice.objects.filter(key__startswith="hand-over-proposed", by_mail=True)


def test_of_what_its_giver_has_let_go_nobody_is_told_that_it_stays():
    old = agreed()
    hand_over, successor = waiting(old)
    exchanges.withdraw(old, old.provider, "", at=NOON)

    exchanges.decline(successor, successor.receiver, "", at=NOON)

    assert fresh(hand_over).state == "gone"
    assert not Notice.objects.filter(key__startswith="hand-over-kept").exists()


def test_who_let_it_go_and_then_takes_the_question_back_does_not_seem_to_keep_it():
    old = agreed()
    hand_over, _successor = waiting(old)
    exchanges.withdraw(old, old.provider, "", at=NOON)

    actions.withdraw(hand_over, at=NOON)

    assert not Notice.objects.filter(key__startswith="hand-over-taken_back").exists()


def test_who_is_helped_and_rests_is_not_asked_and_the_offer_stays():
    exchange = agreed()
    hand_over = offered(exchange)
    Rest.objects.create(person=exchange.receiver, period=days(NOON.date(), None))

    with pytest.raises(gate.NotTakingRequests):
        actions.take(hand_over, at=NOON)

    assert fresh(hand_over).state == "offered"


def test_a_no_is_told_kindly_and_pauses_the_asking():
    hand_over = offered()
    actions.decline(hand_over, at=NOON)

    assert ("hand-over-declined", hand_over.giver) in told()
    assert fresh(hand_over).ask.declined
    with pytest.raises(gate.NotTakingRequests):
        offer(hand_over.exchange, hand_over.taker)


def test_a_question_can_be_taken_back():
    hand_over = offered()
    actions.withdraw(hand_over, at=NOON)

    assert ("hand-over-withdrawn", hand_over.taker) in told()
    with pytest.raises(IllegalMove):
        actions.take(hand_over, at=NOON)


def test_it_is_reminded_of_once_and_ends_after_a_week():
    hand_over = offered(agreed(first=MONDAY + 60 * DAY))

    for n in (2, 3, 4, 6):
        reminders.remind(NOON + n * DAY)
    reminded = Notice.objects.filter(key__startswith="hand-over-unanswered")
    assert (reminded.get().recipient, fresh(hand_over).state) == (hand_over.taker, "offered")

    reminders.remind(NOON + 7 * DAY)
    assert fresh(hand_over).state == "expired"
    assert ("hand-over-declined", hand_over.giver) in told()


@pytest.mark.parametrize("who", ["giver", "taker"])
def test_whoever_leaves_leaves_nothing_on_its_way(who):
    hand_over = offered(promise())

    erasure.forget(getattr(hand_over, who), at=NOON, keep_practices=True)

    assert not HandOver.objects.on_its_way().exists()


def test_who_would_have_taken_it_leaves_and_the_old_deal_stands():
    old = agreed()
    hand_over, _successor = waiting(old)

    erasure.forget(hand_over.taker, at=NOON, keep_practices=True)

    old.refresh_from_db()
    assert (old.state, fresh(hand_over).state) == ("agreed", "kept")


def test_the_database_refuses_a_second_on_its_way_and_one_of_nothing():
    hand_over = offered()
    same = {"giver": hand_over.giver, "taker": PersonFactory(), "offered_at": NOON}
    for wrong, name in (
        ({"exchange": hand_over.exchange}, "hand_over_one_on_its_way_per_exchange"),
        ({}, "hand_over_of_one_thing"),
        ({"exchange": agreed(), "taker": hand_over.giver}, "hand_over_between"),
        ({"exchange": agreed(), "state": "taken"}, "hand_over_ended_when_over"),
        ({"exchange": agreed(), "state": "waiting"}, "hand_over_waits_with_a_successor"),
    ):
        ask = Ask.objects.create(person=same["taker"], asker=hand_over.giver, asked_at=NOON)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            HandOver.objects.create(**{**same, "ask": ask, **wrong})


# Pages: today is today.


def soon():
    day = timezone.localdate() + 7 * DAY
    return agreed(at=timezone.now(), first=day)


@pytest.fixture
def able():
    """Make an exchange about a skill that somebody else has too."""
    skill = SkillFactory()
    listing = ListingFactory(skills=[skill])
    exchange = ExchangeFactory(listing=listing)
    agreed(
        at=timezone.now(),
        first=timezone.localdate() + 7 * DAY,
        exchange=exchange,
    )
    other = PersonSkillFactory(skill=skill, person__name="Bea Able").person
    return Exchange.objects.get(pk=exchange.pk), other


def test_a_page_lists_what_is_open(client):
    exchange = soon()
    today = timezone.localdate()
    promise(exchange.provider, first=today, last=today + 30 * DAY)
    client.force_login(exchange.provider)

    page = client.get(reverse("exchange:hand_over")).content.decode()

    assert exchange.listing.title in page
    assert "The newsletter" in page
    assert page.count("Who could take this?") == 2


def test_hours_are_shown_to_the_minute_and_in_all_where_a_week_would_be_too_long(client):
    today = timezone.localdate()
    weekly = offered(promise(first=today, last=today + 30 * DAY, hours="1.333333"))
    day = today + DAY
    short = promise(weekly.giver, first=day, last=day, hours="17.5", key="2")
    client.force_login(weekly.giver)

    page = client.get(reverse("exchange:hand_over")).content.decode()

    assert "1 h 20 min a week" in page
    assert short.in_all == Decimal("2.5")
    assert "<p> 2 h 30 min </p>" in " ".join(page.split())
    assert "1 h 20 min a week" in client.get(weekly.get_absolute_url()).content.decode()


@pytest.mark.parametrize("things", [1, 3])
def test_the_page_asks_the_same_for_one_and_three(client, things, django_assert_num_queries):
    author, today = PersonFactory(), timezone.localdate()
    for n in range(things):
        exchange = ExchangeFactory(listing=ListingFactory(author=author))
        agreed(at=timezone.now(), first=today + 7 * DAY, exchange=exchange)
        promised = promise(PersonFactory(), first=today, last=today + 30 * DAY)
        Commitment.objects.filter(pk=promised.pk).update(person=author, key=f"{n}")
        theirs = promise(PersonFactory(), first=today, last=today + 30 * DAY)
        offered(theirs, author, at=timezone.now() - 20 * DAY)
        Ask.objects.update(answered_at=timezone.now())
    client.force_login(author)

    with django_assert_num_queries(11):
        client.get(reverse("exchange:hand_over"))


def test_from_a_click_to_another_who_helps(client, able):
    exchange, other = able
    address = reverse("exchange:hand_over_to", args=["exchange", exchange.pk])
    client.force_login(exchange.provider)
    assert "Bea Able" in client.get(address).content.decode()
    client.post(address, {"person": other.pk, "words": WORDS})
    hand_over = HandOver.objects.get()

    client.force_login(other)
    page = client.get(hand_over.get_absolute_url()).content.decode()
    assert "Two evenings of cutting" in page
    assert exchange.receiver.name not in page
    client.post(reverse("exchange:take", args=[hand_over.pk]))
    assert Check.objects.filter(person=exchange.receiver, asker=other).count() == 1
    successor = Exchange.objects.get(hand_over=hand_over)

    client.force_login(exchange.receiver)
    page = client.get(successor.get_absolute_url()).content.decode()
    assert "Instead of what was agreed before" in page
    assert "Perhaps somebody else" in client.get(exchange.get_absolute_url()).content.decode()
    client.post(reverse("exchange:confirm", args=[successor.pk]), {"version": 1})

    successor.refresh_from_db()
    assert successor.state == "agreed"


def test_a_question_to_somebody_closed_keeps_the_words(client, able):
    exchange, other = able
    other.may_be_asked = False
    other.save()
    client.force_login(exchange.provider)
    address = reverse("exchange:hand_over_to", args=["exchange", exchange.pk])

    page = client.post(address, {"person": other.pk, "words": "My own words"})

    assert page.status_code == 200
    assert "is not taking requests now" in page.content.decode()
    assert "My own words" in page.content.decode()


def test_where_nobody_can_be_asked_something_else_can_be_done(client):
    today = timezone.localdate()
    last = today + 30 * DAY
    unnamed = promise(first=today, last=last)
    me = unnamed.person
    skill = SkillFactory(slug="layout")
    named = promise(me, first=today, last=last, key="2", skill=skill)
    brought_in = promise(me, first=today, last=last, key="3", source="import")
    client.force_login(me)

    def shown(thing):
        address = reverse("exchange:hand_over_to", args=["commitment", thing.pk])
        return client.get(address).content.decode()

    edit = reverse("volunteers:commitment", args=[unnamed.pk])
    filled_in = "?kind=request&amp;of=skill&amp;title=The+newsletter&amp;skills="
    assert f'href="{edit}"' in shown(unnamed)
    assert "takes requests" not in shown(unnamed)
    assert f"{filled_in}layout" in shown(named)
    assert "Nobody takes requests just now" in shown(named)
    assert filled_in in shown(brought_in)
    assert "No skill is named" in shown(brought_in)


def test_nobody_is_offered_who_does_not_wish_to_meet_who_is_helped(client, able):
    exchange, other = able
    Block.objects.create(person=exchange.receiver, blocked=other)
    client.force_login(exchange.provider)

    page = client.get(reverse("exchange:hand_over_to", args=["exchange", exchange.pk]))

    assert "Bea Able" not in page.content.decode()


def test_a_stranger_finds_nothing(client):
    hand_over = offered(soon(), at=timezone.now())
    commitment = promise(first=timezone.localdate(), last=timezone.localdate() + 9 * DAY)
    client.force_login(PersonFactory())

    for path in (
        hand_over.get_absolute_url(),
        reverse("exchange:hand_over_to", args=["exchange", hand_over.exchange_id]),
        reverse("exchange:hand_over_to", args=["commitment", commitment.pk]),
        reverse("exchange:hand_over_to", args=["nonsense", 1]),
    ):
        assert client.get(path).status_code == 404, path
    for name in ("take", "decline_hand_over", "withdraw_hand_over"):
        path = reverse(f"exchange:{name}", args=[hand_over.pk])
        assert client.post(path).status_code == 404, path


def test_who_is_asked_cannot_take_it_back_nor_who_asks_take_it(client):
    hand_over = offered(soon(), at=timezone.now())
    client.force_login(hand_over.taker)
    back = reverse("exchange:withdraw_hand_over", args=[hand_over.pk])
    assert client.post(back).status_code == 404
    client.force_login(hand_over.giver)
    assert client.post(reverse("exchange:take", args=[hand_over.pk])).status_code == 404


# What somebody else has taken on is told to whom they ask, and only while they ask.


def with_hours(**about):
    today = timezone.localdate()
    return promise(first=today, last=today + 27 * DAY, hours="7.3", **about)


def ended(hand_over, how):
    if how == "expired":
        actions.expire(hand_over, at=timezone.now())
    else:
        {"declined": actions.decline, "withdrawn": actions.withdraw}[how](
            hand_over, at=timezone.now()
        )


@pytest.mark.parametrize("how", ["declined", "withdrawn", "expired"])
def test_who_is_not_asked_any_more_reads_nothing_of_what_goes_on(client, how):
    weekly, terms = offered(with_hours(), at=timezone.now()), offered(soon(), at=timezone.now())
    for hand_over, secret in (
        (weekly, "7 h 18 min a week"),
        (terms, "A film of three minutes"),
    ):
        client.force_login(hand_over.taker)
        assert secret in client.get(hand_over.get_absolute_url()).content.decode()

        ended(hand_over, how)

        assert secret not in client.get(hand_over.get_absolute_url()).content.decode()
        client.force_login(hand_over.giver)
        assert secret in client.get(hand_over.get_absolute_url()).content.decode()


def test_a_commitment_that_goes_leaves_no_ask_open_for_ever():
    hand_over = offered(promise(source="import"))
    Commitment.objects.filter(pk=hand_over.commitment_id).delete()

    assert not HandOver.objects.exists()
    assert not hand_over.taker.asks.open().exists()


def put_down(thing):
    put_down_by_hand(thing, NOON.date())


def say_done(thing):
    finish_by_hand(thing, NOON.date())


def drop(thing):
    imports.let_go(thing, at=NOON)


def let_go(thing):
    exchanges.withdraw(thing, thing.receiver, "", at=NOON)


def tell(thing):
    said = FollowUp(happened=True)
    follow_ups.tell(thing, thing.receiver, said, at=NOON + 8 * DAY)


def lapse(thing):
    follow_ups.let_lapse(thing, at=NOON)


@pytest.mark.parametrize("end", [put_down, say_done, drop, let_go, tell, lapse])
def test_nobody_is_asked_to_take_on_what_is_over(client, end):
    by_hand = {put_down: "by_hand", say_done: "by_hand", drop: "import"}
    begun = MONDAY - 7 * DAY
    thing = promise(source=by_hand[end], first=begun) if end in by_hand else agreed()
    hand_over = offered(thing)

    end(thing)

    assert fresh(hand_over).state == "gone"
    assert not hand_over.taker.asks.open().exists()
    reminders.remind(timezone.now())
    assert ("hand-over-gone", hand_over.taker) in told()
    assert not Notice.objects.filter(key__startswith="hand-over-offered", by_mail=True)
    client.force_login(hand_over.taker)
    assert hand_over.what not in client.get(reverse("exchange:hand_over")).content.decode()
    page = client.get(hand_over.get_absolute_url()).content.decode()
    assert "You are not asked any more." in page
    assert "Yes, I take it on" not in page
    for answer in ("take", "decline_hand_over"):
        address = reverse(f"exchange:{answer}", args=[hand_over.pk])
        assert client.post(address).headers["Location"] == hand_over.get_absolute_url()


def test_who_takes_back_that_it_is_put_down_reads_that_nobody_is_asked_and_asks_anew(client):
    hand_over = offered(soon_by_hand(), at=timezone.now())
    commitment = hand_over.commitment
    client.force_login(hand_over.giver)
    again = put_down_and_taken_up(client, commitment)

    assert "Whom you had asked to take it on is no longer asked" in again
    mine = client.get(hand_over.get_absolute_url()).text
    assert "Ask somebody else" in mine
    assert "You are not asked any more" not in mine
    client.force_login(hand_over.taker)
    assert "Ask somebody else" not in client.get(hand_over.get_absolute_url()).text


def put_down_and_taken_up(client, commitment):
    page = client.post(reverse("volunteers:put_down", args=[commitment.pk]), follow=True).text
    for one in HandOver.objects.filter(commitment=commitment):
        assert "Ask somebody else" not in client.get(one.get_absolute_url()).text
    [back] = re.findall(r'action="(/me/bandwidth/taken/\d+/again/[^"]*)"', page)
    return client.post(unescape(back), follow=True).text


@pytest.mark.parametrize("answered", [True, False])
def test_who_was_asked_another_time_is_not_named_when_it_is_taken_back(client, answered):
    """Only whose question ended along with it is no longer asked; others were not any more."""
    hand_over = offered(soon_by_hand(), at=timezone.now())
    commitment = hand_over.commitment
    client.force_login(hand_over.giver)
    put_down_and_taken_up(client, commitment)
    if answered:
        actions.decline(offered(commitment, at=timezone.now()), at=timezone.now())

    page = put_down_and_taken_up(client, Commitment.objects.get(pk=commitment.pk))

    assert "As it was: it counts in your weeks again" in page
    assert "Whom you had asked" not in page


def soon_by_hand():
    return promise(first=timezone.localdate(), last=timezone.localdate() + 27 * DAY)


@pytest.mark.parametrize("end", [put_down, drop, let_go, tell])
def test_what_was_over_before_the_database_minded_asks_nobody_any_more(end):
    by_hand = {put_down: "by_hand", drop: "import"}
    hand_over = offered(promise(source=by_hand[end]) if end in by_hand else agreed())
    still = [offered(), offered(promise())]
    end(hand_over.exchange or hand_over.commitment)
    HandOver.objects.filter(pk=hand_over.pk).update(state="offered", ended_at=None)
    Ask.objects.filter(pk=hand_over.ask_id).update(answered_at=None)

    with connection.cursor() as cursor:
        cursor.execute(OVER.END_WHAT_IS_OVER)

    assert fresh(hand_over).state == "gone"
    assert not hand_over.taker.asks.open().exists()
    for one in still:
        assert fresh(one).state == "offered"
        assert one.taker.asks.open().exists()
    reminders.remind(timezone.now())
    assert ("hand-over-gone", hand_over.taker) in told()


def test_nobody_is_asked_to_take_on_what_time_has_ended():
    today = NOON.date()
    hand_over = offered(promise(first=today, last=today + 2 * DAY))

    reminders.remind(NOON + 2 * DAY)
    assert fresh(hand_over).state == "offered"
    reminders.remind(NOON + 3 * DAY)

    assert fresh(hand_over).state == "gone"
    assert not hand_over.taker.asks.open().exists()
    assert ("hand-over-gone", hand_over.taker) in told()


def test_what_is_over_where_its_taker_lives_is_not_taken():
    last = NOON.date() + 2 * DAY
    taker = PersonFactory(time_zone="Pacific/Auckland")
    hand_over = offered(promise(first=NOON.date(), last=last), taker)

    with pytest.raises(IllegalMove):
        actions.take(hand_over, at=NOON + 2 * DAY)


def test_what_still_goes_on_somewhere_on_earth_can_still_be_taken_there():
    last = NOON.date() + 2 * DAY
    giver, taker = (PersonFactory(time_zone="Pacific/Pago_Pago") for _ in range(2))
    hand_over = offered(promise(giver, first=NOON.date(), last=last), taker)
    late = NOON + 2 * DAY + timedelta(hours=20)

    reminders.remind(late)
    actions.take(hand_over, at=late)

    assert Commitment.objects.get(person=taker).period.upper == last + DAY


def test_a_yes_to_what_nobody_asks_any_more_is_no_look_at_who_is_helped(client):
    hand_over = offered(soon(), at=timezone.now())
    actions.withdraw(hand_over, at=timezone.now())
    client.force_login(hand_over.taker)

    client.post(reverse("exchange:take", args=[hand_over.pk]))

    assert not Check.objects.exists()


def test_what_a_file_brought_and_was_passed_on_no_file_brings_back():
    affiliate = AffiliateFactory()
    steward = MembershipFactory(affiliate=affiliate, role="steward").person
    ola = MembershipFactory(affiliate=affiliate, person__email="ola@example.org").person
    file = SIMPLE + line(1, status="Scheduled", day="2026-05-09", duration="600")
    brought(file, steward, affiliate)
    hand_over = offered(ola.commitments.get(), at=NOON)
    actions.take(hand_over, at=NOON)

    again = brought(file, steward, affiliate)

    assert again.counts()["unchanged"] == 1
    assert not ola.commitments.live().exists()
    assert hand_over.taker.commitments.live().get().hours == 10


def test_what_was_done_before_it_was_passed_on_is_still_taken_away_as_csv():
    commitment = promise(source="import", first=MONDAY - 10 * DAY)
    actions.take(offered(commitment), at=NOON)

    rows = b"".join(hours.own(commitment.person)).decode().splitlines()

    assert len(rows) == 2
    assert commitment.person.commitments.get().let_go_at == NOON


def test_what_changed_since_it_was_read_is_not_taken(client):
    commitment = with_hours()
    hand_over = offered(commitment, at=timezone.now())
    client.force_login(hand_over.taker)
    page = client.get(hand_over.get_absolute_url())
    Commitment.objects.filter(pk=commitment.pk).update(weekly_hours=40)
    take = reverse("exchange:take", args=[hand_over.pk])

    late = client.post(take, {"read": page.context["read"]}, follow=True)

    assert "It has changed meanwhile" in late.content.decode()
    assert not hand_over.taker.commitments.exists()
    client.post(take, {"read": late.context["read"]})
    assert hand_over.taker.commitments.get().weekly_hours == 40


@pytest.mark.parametrize("read", ["\0", "x" * 5000, "version 9"])
def test_a_mark_that_is_none_takes_nothing_and_breaks_nothing(client, read):
    hand_over = offered(with_hours(), at=timezone.now())
    client.force_login(hand_over.taker)

    page = client.post(reverse("exchange:take", args=[hand_over.pk]), {"read": read})

    assert page.status_code < 400
    assert not hand_over.taker.commitments.exists()


def test_who_rests_meanwhile_can_still_read_what_they_are_asked(client):
    today = timezone.localdate()
    thing = promise(first=today, last=today + 27 * DAY)
    hand_over = offered(thing, at=timezone.now())
    whole = days(today, today + 60 * DAY)
    Bandwidth.objects.create(person=hand_over.taker, period=whole, weekly_hours=5)
    Rest.objects.create(person=hand_over.taker, period=whole)
    client.force_login(hand_over.taker)
    assert "This falls into your rest" in client.get(hand_over.get_absolute_url()).text


# Two press at once.


def at_once(*acts):
    acts = (lambda act=act: act() and "done" for act in acts)
    return together(*acts, refused=REFUSALS)


@pytest.mark.django_db(transaction=True)
def test_asked_of_four_at_once_it_is_on_its_way_to_one():
    exchange = agreed()
    people = PersonFactory.create_batch(4)

    came = at_once(*(lambda p=p: offer(exchange, p) for p in people))

    assert sorted(came) == ["OnItsWay"] * 3 + ["done"]
    assert HandOver.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("thing", ["exchange", "commitment"])
def test_taken_twice_at_once_it_is_taken_once(thing):
    hand_over = offered(agreed() if thing == "exchange" else promise())

    came = at_once(*[lambda: actions.take(fresh(hand_over), at=NOON)] * 4)

    assert sorted(came) == ["IllegalMove"] * 3 + ["done"]
    if thing == "commitment":
        assert Commitment.objects.live().get().person == hand_over.taker
    else:
        assert Exchange.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_taken_and_taken_back_at_once_has_one_end():
    for _ in range(4):
        hand_over = offered(promise())

        came = at_once(
            lambda h=hand_over: actions.take(fresh(h), at=NOON),
            lambda h=hand_over: actions.withdraw(fresh(h), at=NOON) or "done",
        )

        assert sorted(came) == ["IllegalMove", "done"]
        person = {"taken": hand_over.taker, "withdrawn": hand_over.giver}
        assert Commitment.objects.live().filter(
            person=person[fresh(hand_over).state], what="The newsletter"
        )


@pytest.mark.django_db(transaction=True)
def test_confirmed_by_who_is_helped_and_taken_back_at_once_has_one_end():
    for _ in range(4):
        hand_over, successor = waiting()

        came = at_once(
            lambda s=successor: agreements.confirm(s, s.receiver, 1, at=NOON),
            lambda h=hand_over: actions.withdraw(fresh(h), at=NOON) or "done",
        )

        assert sorted(came) == ["IllegalMove", "done"]
        successor.refresh_from_db()
        ends = {"taken": "agreed", "withdrawn": "expired"}
        assert successor.state == ends[fresh(hand_over).state]
        assert Commitment.objects.live().filter(key__startswith="exchange").count() == 1
        Commitment.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_the_new_deal_confirmed_and_the_old_one_let_go_at_once_leave_one_or_none():
    for _ in range(4):
        old = agreed()
        _hand_over, successor = waiting(old)

        at_once(
            lambda s=successor: agreements.confirm(s, s.receiver, 1, at=NOON),
            lambda o=old: exchanges.withdraw(o, o.provider, "", at=NOON) or "done",
        )

        old.refresh_from_db()
        successor.refresh_from_db()
        assert (old.state, successor.state) == ("withdrawn", "agreed")
        assert Commitment.objects.live().filter(person=old.provider).count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_people_who_pass_things_to_each_other_wait_in_no_ring():
    one, other = PersonFactory(open_asks=9), PersonFactory(open_asks=9)
    for n in range(6):
        pair = [promise(PersonFactory()) for _ in range(2)]
        for row, person in zip(pair, (one, other), strict=True):
            Commitment.objects.filter(pk=row.pk).update(person=person, key=f"c{n}")
        mine, theirs = (Commitment.objects.get(pk=row.pk) for row in pair)
        late = NOON + timedelta(days=20 * n)

        came = at_once(
            lambda m=mine, at=late: offer(m, other, at=at),
            lambda t=theirs, at=late: offer(t, one, at=at),
        )

        assert set(came) <= {"done", "IllegalMove"}
        Ask.objects.update(answered_at=late)


def test_who_leaves_an_affiliate_is_led_to_what_is_open_in_its_name(client):
    membership = MembershipFactory(role="editor")
    me, affiliate = membership.person, membership.affiliate
    offer_of_ours = ListingFactory(author=me, affiliate=affiliate, title="Ours")
    agreed(exchange=ExchangeFactory(listing=offer_of_ours))
    agreed(exchange=ExchangeFactory(listing=ListingFactory(author=me, title="Mine")))
    promise(
        me,
        affiliate=affiliate,
        source="import",
        key="2",
        last=timezone.localdate() + 27 * DAY,
    )
    client.force_login(me)

    left = client.post(reverse("volunteers:leave", args=[affiliate.slug]), follow=True)

    page = left.content.decode()
    assert left.redirect_chain[-1][0] == reverse(
        "exchange:hand_over", query={"affiliate": affiliate.slug, "left": "yes"}
    )
    assert [row.listing.title for row in left.context["helping"]] == ["Ours"]
    assert [row.what for row in left.context["commitments"]] == ["The newsletter"]
    assert str(affiliate) in page
    assert "You have left" in page


def test_what_is_done_for_who_asks_in_its_name_is_not_open_in_its_name(client):
    asker = MembershipFactory(role="editor")
    affiliate, me = asker.affiliate, MembershipFactory(affiliate=asker.affiliate).person
    asks = {"counterpart": asker.person, "counterpart_affiliate": affiliate}
    agreed(exchange=ExchangeFactory(listing=ListingFactory(author=me), **asks))
    ExchangeFactory(listing=ListingFactory(author=me), **asks)
    client.force_login(me)

    named = client.get(reverse("exchange:hand_over", query={"affiliate": affiliate.slug}))
    whole = client.get(reverse("exchange:hand_over"))

    open_with_me = [
        [len(page.context["helping"]), len(page.context["asked"])] for page in (named, whole)
    ]
    assert open_with_me == [[0, 0], [1, 1]]


def test_who_has_taken_on_nothing_goes_back_to_the_affiliate(client):
    membership = MembershipFactory()
    client.force_login(membership.person)

    left = client.post(
        reverse("volunteers:leave", args=[membership.affiliate.slug]), follow=True
    )

    assert left.redirect_chain[-1][0] == membership.affiliate.get_absolute_url()
    assert "You have left" in left.content.decode()
    address = reverse("exchange:hand_over", query={"affiliate": membership.affiliate.slug})
    assert "nothing in its name" in client.get(address).content.decode()
    assert client.get(f"{address}-and-more").status_code == 404


def test_who_has_little_room_is_asked_only_with_a_reason(client, able):
    exchange, other = able
    Ask.objects.create(person=other, asker=PersonFactory(), asked_at=timezone.now() - DAY)
    Ask.objects.update(answered_at=timezone.now())
    address = reverse("exchange:hand_over_to", args=["exchange", exchange.pk])
    client.force_login(exchange.provider)

    page = client.post(address, {"person": other.pk, "words": WORDS})

    assert "has little room" in page.content.decode()
    assert WORDS in page.content.decode()
    assert not HandOver.objects.exists()
    client.post(address, {"person": other.pk, "words": WORDS, "why": "She began it."})
    assert HandOver.objects.get().ask.why == "She began it."


def test_a_reason_for_one_is_not_said_to_another_nor_asked_of_them(client, able):
    exchange, other = able
    Ask.objects.create(person=other, asker=PersonFactory(), asked_at=timezone.now() - DAY)
    Ask.objects.update(answered_at=timezone.now())
    address = reverse("exchange:hand_over_to", args=["exchange", exchange.pk])
    client.force_login(exchange.provider)

    tight = client.post(address, {"person": other.pk, "words": WORDS})
    errors = tight.context["form"].errors
    assert [len(told) for told in errors.values()] == [1]
    first = tight.text.index("<button", tight.text.index('name="about"'))
    assert "Ask Bea Able all the same" in tight.text[first:][:200]
    said = {"about": other.pk, "why": "She began it.", "words": WORDS}
    client.post(address, {"person": PersonFactory().pk, **said})

    assert HandOver.objects.get().ask.why == ""


def test_nobodys_hours_can_be_read_by_changing_what_one_has_noted(client):
    """Ten hours, of which 6.3 are taken: whatever the hours of mine, who is named is named."""
    skill, me, target = SkillFactory(), PersonFactory(), PersonFactory()
    PersonSkillFactory(person=target, skill=skill, how="has")
    first = timezone.localdate() + 14 * DAY
    around = days(first - 30 * DAY, first + 30 * DAY)
    Bandwidth.objects.create(person=target, period=around, weekly_hours=10)
    promise(target, first=first - 30 * DAY, last=first + 30 * DAY, hours="6.3")
    mine = promise(me, first=first, last=first + 6 * DAY, hours=1, key="2", skill=skill)
    client.force_login(me)

    named = set()
    for weekly in ("0.5", "3.6", "3.8", "20"):
        Commitment.objects.filter(pk=mine.pk).update(weekly_hours=Decimal(weekly))
        page = client.get(reverse("exchange:hand_over_to", args=["commitment", mine.pk]))
        named.add(target in page.context["people"])

    assert named == {True}


def test_a_broken_name_of_an_affiliate_is_no_page(client):
    client.force_login(PersonFactory())

    address = reverse("exchange:hand_over")

    assert client.get(f"{address}?affiliate=a%00b").status_code == 404
