from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from threading import Event
from time import sleep

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from capx.states import IllegalMove
from exchange.actions import calls, exchanges
from exchange.actions.exchanges import Words
from exchange.models import CallLetter, Exchange, Listing, OpenCall
from exchange.reminders.calls import remind
from tests.factories import ListingFactory, PersonFactory, PersonSkillFactory, SkillFactory
from tests.together import together
from volunteers.models import (
    Ask,
    Bandwidth,
    Block,
    Commitment,
    Notice,
    NoticePreference,
    Person,
    Rest,
)
from volunteers.models.bandwidth import days

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TODAY = NOON.date()
SOON = TODAY + 7 * DAY


def wanted(**fields):
    skill = SkillFactory()
    listing = ListingFactory(kind="request", title="A camera", skills=[skill], **fields)
    return listing, skill


def able(skill, **fields):
    return PersonSkillFactory(skill=skill, person=PersonFactory(**fields)).person


def begun(at=NOON):
    listing, skill = wanted()
    return calls.begin(listing, SOON, at=at), skill


def written(call):
    return set(call.letters.values_list("person__username", flat=True))


def test_those_who_can_do_it_and_have_room_are_written_to_once():
    call, skill = begun()
    people = {able(skill).username for _ in range(3)}
    able(SkillFactory())

    for hour in range(5):
        remind(NOON + timedelta(hours=hour))

    assert written(call) == people
    assert Notice.objects.filter(kind="call").count() == 3


def alone(caller):
    Rest.objects.create(person=caller, period=days(TODAY - DAY, date(2099, 1, 1)), alone=True)


UNSEEN = {
    "as they wish": lambda caller: Person.objects.filter(pk=caller.pk).update(
        visibility="hidden"
    ),
    "by an organiser": lambda caller: Person.objects.filter(pk=caller.pk).update(
        hidden_at=NOON
    ),
    "with a closed account": lambda caller: Person.objects.filter(pk=caller.pk).update(
        is_active=False
    ),
    "left alone": alone,
}


@pytest.mark.parametrize("how", UNSEEN)
def test_a_caller_whom_nobody_sees_is_named_in_no_letter(how):
    call, skill = begun()
    able(skill)
    UNSEEN[how](call.listing.author)

    remind(NOON)
    assert (written(call), Notice.objects.filter(kind="call").count()) == (set(), 0)

    Person.objects.filter(pk=call.listing.author_id).update(
        visibility="public", hidden_at=None, is_active=True
    )
    Rest.objects.all().delete()
    remind(NOON + DAY)
    assert len(written(call)) == 1


def test_nobody_can_begin_to_ask_all_while_nobody_sees_them(client):
    listing, skill = wanted()
    able(skill)
    UNSEEN["as they wish"](listing.author)
    client.force_login(listing.author)

    answer = client.post(
        reverse("exchange:call", args=[listing.pk]),
        {"reply_by": (timezone.localdate() + 7 * DAY).isoformat()},
    )

    assert "Nobody sees you at the moment" in answer.content.decode()
    assert not OpenCall.objects.exists()


def test_ten_are_written_to_each_day_and_nobody_twice():
    call, skill = begun()
    for _ in range(13):
        able(skill)

    remind(NOON)
    assert len(written(call)) == 10
    remind(NOON + timedelta(hours=23))
    assert len(written(call)) == 10
    remind(NOON + DAY)
    assert len(written(call)) == 13


def resting(person, _caller):
    Rest.objects.create(person=person, period=days(TODAY, TODAY + 90 * DAY))


def blocking(person, caller):
    Block.objects.create(person=person, blocked=caller)


def blocked(person, caller):
    Block.objects.create(person=caller, blocked=person)


def unwilling(person, _caller):
    Person.objects.filter(pk=person.pk).update(may_be_asked=False)


def hidden(person, _caller):
    Person.objects.filter(pk=person.pk).update(visibility="hidden")


def asked_lately(person, _caller):
    Ask.objects.create(person=person, asker=PersonFactory(), asked_at=NOON - DAY)


def full(person, _caller):
    period = days(TODAY, TODAY + 90 * DAY)
    Bandwidth.objects.create(person=person, period=period, weekly_hours=1)
    Commitment.objects.create(
        person=person,
        what="Something",
        source="by_hand",
        key="1",
        period=period,
        weekly_hours=Decimal(1),
    )


def silent(person, _caller):
    NoticePreference.objects.create(person=person, kind="call")


def called_often(person, _caller):
    for _ in range(2):
        other, _skill = wanted()
        call = calls.begin(other, SOON, at=NOON)
        CallLetter.objects.create(call=call, person=person, written_at=NOON - DAY)


@pytest.mark.parametrize(
    "cause",
    [
        *(resting, blocking, blocked, unwilling, hidden, asked_lately, full, silent),
        called_often,
    ],
)
def test_nobody_is_written_to_who_has_no_room_or_no_wish(cause):
    call, skill = begun()
    cause(able(skill), call.listing.author)

    calls.write(call.pk, at=NOON)

    assert written(call) == set()


def test_the_first_who_can_help_takes_it_and_nobody_else_is_asked():
    call, skill = begun()
    first, second = able(skill), able(skill)
    calls.write(call.pk, at=NOON)

    exchange = calls.answer(call, first, Words("I have one"), at=NOON)
    with pytest.raises(IllegalMove):
        calls.answer(call, second, Words("I too"), at=NOON)
    able(skill)
    remind(NOON + 2 * DAY)

    call.refresh_from_db()
    assert (call.state, exchange.provider) == ("taken", first)
    assert len(written(call)) == 2


def test_who_finds_the_request_in_the_catalogue_takes_the_call_too():
    call, _skill = begun()

    exchanges.ask(call.listing, PersonFactory(), Words("I can help"), at=NOON)

    call.refresh_from_db()
    assert call.state == "taken"


@pytest.mark.django_db(transaction=True)
def test_of_twelve_who_press_at_once_one_takes_it():
    call, _skill = begun()
    people = PersonFactory.create_batch(12)
    acts = (partial(calls.answer, call, person, Words("Me"), at=NOON) for person in people)
    came = together(*acts, refused=IllegalMove)

    assert len(came) - came.count("IllegalMove") == Exchange.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", [calls.stop, calls.lapse])
def test_who_asks_at_the_moment_at_which_a_call_ends_is_not_turned_away(end):
    call, _skill = begun()
    helper, ended = PersonFactory(), Event()

    def ends():
        try:
            with transaction.atomic():
                end(call, at=NOON)
                ended.set()
                sleep(0.3)  # so that the ask meets a call that has ended and is not committed
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        ending = pool.submit(ends)
        assert ended.wait(30)
        exchange = exchanges.ask(call.listing, helper, Words("Me"), at=NOON)
        ending.result()

    call.refresh_from_db()
    assert exchange.state == "asked"
    assert call.state in ("stopped", "lapsed")


@pytest.mark.django_db(transaction=True)
def test_eight_workers_write_to_everybody_once():
    call, skill = begun()
    for _ in range(3):
        able(skill)

    together(*[partial(calls.write, call.pk, at=NOON)] * 8)

    assert call.letters.count() == Notice.objects.filter(kind="call").count() == 3


def test_what_nobody_took_ends_by_itself_and_the_caller_hears_once():
    call, _skill = begun()

    remind(NOON + 7 * DAY)
    assert OpenCall.objects.open().exists()
    for day in (9, 10):
        remind(NOON + day * DAY)

    call.refresh_from_db()
    assert call.state == "lapsed"
    told = Notice.objects.filter(recipient=call.listing.author, key__startswith="call-lapsed")
    assert told.count() == 1


def test_a_request_that_is_gone_is_asked_about_no_more():
    call, skill = begun()
    able(skill)
    Listing.objects.filter(pk=call.listing_id).update(state="paused")

    remind(NOON)

    call.refresh_from_db()
    assert (call.state, written(call)) == ("stopped", set())


def test_who_was_written_to_is_forgotten_a_month_after_the_end():
    call, skill = begun()
    able(skill)
    calls.write(call.pk, at=NOON)
    call.refresh_from_db()
    calls.stop(call, at=NOON)

    remind(NOON + 31 * DAY)

    assert not CallLetter.objects.exists()
    assert not Notice.objects.filter(kind="call").exists()


def test_only_an_open_request_with_skills_can_be_put_to_everybody():
    offer = ListingFactory(skills=[SkillFactory()])
    bare = ListingFactory(kind="request")
    paused, _skill = wanted(state="paused")

    for listing in (offer, bare, paused):
        with pytest.raises(calls.NotCallable):
            calls.begin(listing, SOON, at=NOON)


def test_nobody_asks_everybody_twice_at_once_nor_more_than_five_times_a_week():
    listing, skill = wanted()
    calls.begin(listing, SOON, at=NOON)
    with pytest.raises(calls.AlreadyOpen):
        calls.begin(listing, SOON, at=NOON)
    for _ in range(4):
        more = ListingFactory(kind="request", author=listing.author, skills=[skill])
        calls.begin(more, SOON, at=NOON)

    more = ListingFactory(kind="request", author=listing.author, skills=[skill])
    with pytest.raises(calls.TooMany):
        calls.begin(more, SOON, at=NOON)


def test_from_ones_own_request_to_somebody_who_helps(client):
    listing, skill = wanted()
    helper = able(skill)
    client.force_login(listing.author)
    begin = reverse("exchange:call", args=[listing.pk])

    assert begin in client.get(listing.get_absolute_url()).content.decode()
    day = timezone.localdate() + 5 * DAY
    answer = client.post(begin, {"reply_by": day})
    call = OpenCall.objects.get()
    assert answer.url == call.get_absolute_url()
    remind(timezone.now())
    mine = client.get(answer.url).content.decode()
    assert helper.name not in mine
    client.force_login(helper)
    assert "I can help" in client.get(answer.url).content.decode()
    client.post(answer.url, {"message": "I have a camera"})

    exchange = Exchange.objects.get()
    assert (exchange.provider, exchange.receiver) == (helper, listing.author)


def test_who_comes_later_gets_a_kind_word_and_keeps_what_they_wrote(client):
    call, skill = begun(timezone.now())
    first, later = able(skill), able(skill)
    calls.write(call.pk, at=timezone.now())
    calls.answer(call, first, Words("Me"), at=timezone.now())
    client.force_login(later)

    page = client.post(call.get_absolute_url(), {"message": "My own words"}).content.decode()

    assert "Somebody was a little faster" in page
    assert "My own words" in page
    assert first.name not in page


@pytest.mark.parametrize("day", ["", "soon", "2020-01-01", "2099-01-01"])
def test_a_day_that_cannot_be_is_refused_beside_its_field(client, day):
    listing, _skill = wanted()
    client.force_login(listing.author)

    answer = client.post(reverse("exchange:call", args=[listing.pk]), {"reply_by": day})

    assert (answer.status_code, OpenCall.objects.count()) == (200, 0)


def test_a_stranger_finds_no_call(client):
    call, _skill = begun(timezone.now())
    client.force_login(PersonFactory())

    assert client.get(call.get_absolute_url()).status_code == 404
    assert client.post(reverse("exchange:stop_call", args=[call.pk])).status_code == 404


def test_the_caller_stops_it(client):
    call, _skill = begun(timezone.now())
    client.force_login(call.listing.author)

    client.post(reverse("exchange:stop_call", args=[call.pk]))

    call.refresh_from_db()
    assert call.state == "stopped"
