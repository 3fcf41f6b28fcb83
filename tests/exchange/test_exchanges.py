from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from capx import erasure
from capx.states import IllegalMove
from exchange.actions import exchanges as actions
from exchange.models import Exchange, Listing, Message
from tests.exchange.agreeing import agreed
from tests.factories import (
    ExchangeFactory,
    ListingFactory,
    MembershipFactory,
    PersonFactory,
    PersonSkillFactory,
    SkillFactory,
)
from volunteers import gate
from volunteers.models import Bandwidth, Block, Notice, Person, Rest
from volunteers.models.bandwidth import days

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HELLO = actions.Words("Hello, could you help us?")


def events(exchange):
    return list(exchange.events.order_by("pk").values_list("verb", flat=True))


def told(person):
    rows = Notice.objects.filter(recipient=person).order_by("pk")
    return [row.key.split(":")[0] for row in rows]


def test_ask_about_an_offer_tells_its_author_and_writes_all_down():
    listing = ListingFactory()
    asker = PersonFactory()

    exchange = actions.ask(listing, asker, HELLO, at=NOON)

    assert (exchange.provider, exchange.receiver) == (listing.author, asker)
    assert (exchange.state, exchange.counterpart) == ("asked", asker)
    assert (exchange.ask.person, exchange.ask.asker) == (listing.author, asker)
    assert [m.body for m in exchange.messages.all()] == ["Hello, could you help us?"]
    assert events(exchange) == ["asked"]
    assert told(listing.author) == ["asked"]


def test_help_with_a_request_makes_who_answers_the_helper():
    listing = ListingFactory(kind="request")
    helper = PersonFactory()

    exchange = actions.ask(listing, helper, HELLO, at=NOON)

    assert (exchange.provider, exchange.receiver) == (helper, listing.author)
    assert exchange.ask.invited


def test_ask_twice_leads_to_the_first():
    listing, asker = ListingFactory(), PersonFactory()
    first = actions.ask(listing, asker, HELLO, at=NOON)

    with pytest.raises(actions.AskedAlready) as again:
        actions.ask(listing, asker, HELLO, at=NOON)

    assert again.value.exchange == first
    assert Exchange.objects.count() == 1


@pytest.mark.parametrize(
    "listing",
    [
        {"state": "paused"},
        {"state": "withdrawn"},
        {"state": "expired"},
        {"hidden_at": NOON},
    ],
)
def test_what_is_not_open_cannot_be_asked(listing):
    with pytest.raises(actions.NotOpen):
        actions.ask(ListingFactory(**listing), PersonFactory(), HELLO, at=NOON)


def test_nobody_asks_more_than_twenty_times_a_day():
    asker = PersonFactory()
    for _ in range(20):
        actions.ask(ListingFactory(), asker, HELLO, at=NOON)

    with pytest.raises(actions.TooMany):
        actions.ask(ListingFactory(), asker, HELLO, at=NOON)
    assert actions.ask(ListingFactory(), asker, HELLO, at=NOON + 2 * DAY)


def test_hours_and_days_are_spread_over_weeks_for_the_gate():
    listing = ListingFactory(hours=Decimal(8))
    words = actions.Words("", first_day=date(2026, 3, 2), last_day=date(2026, 3, 15))

    assert actions.wish_of(listing, words, at=NOON).weekly_hours == Decimal("4.00")
    assert actions.wish_of(listing, HELLO, at=NOON).weekly_hours == Decimal(2)


def test_who_is_full_cannot_be_asked_and_nothing_is_written():
    listing = ListingFactory(hours=Decimal(40))
    Bandwidth.objects.create(
        person=listing.author, period=days(NOON.date(), NOON.date() + 60 * DAY), weekly_hours=2
    )

    with pytest.raises(gate.NotTakingRequests):
        actions.ask(listing, PersonFactory(), HELLO, at=NOON)

    assert (Exchange.objects.count(), Message.objects.count()) == (0, 0)


def test_little_room_wants_a_reason():
    listing, asker = ListingFactory(), PersonFactory()
    actions.ask(listing, PersonFactory(), HELLO, at=NOON)

    with pytest.raises(gate.Tight):
        actions.ask(listing, asker, HELLO, at=NOON)
    exchange = actions.ask(
        listing, asker, actions.Words("Hi", why="You know our wiki"), at=NOON
    )

    assert exchange.ask.why == "You know our wiki"


def test_the_first_word_of_who_was_asked_settles_the_ask():
    exchange = ExchangeFactory()

    actions.say(exchange, exchange.provider, "Gladly!", at=NOON)
    actions.say(exchange, exchange.provider, "When?", at=NOON + DAY)

    exchange.refresh_from_db()
    exchange.ask.refresh_from_db()
    assert (exchange.answered_at, exchange.ask.answered_at) == (NOON, NOON)
    assert events(exchange) == ["answered"]


def test_messages_are_told_once_a_day_until_answered():
    exchange = ExchangeFactory()
    for hour in range(3):
        actions.say(exchange, exchange.provider, f"word {hour}", at=NOON + hour * DAY / 24)
    assert told(exchange.receiver) == ["said"]

    actions.say(exchange, exchange.receiver, "answer", at=NOON + DAY / 4)
    actions.say(exchange, exchange.provider, "word 4", at=NOON + DAY / 3)
    actions.say(exchange, exchange.provider, "word 5", at=NOON + 2 * DAY)

    assert told(exchange.receiver) == ["said", "said", "said"]


def test_a_second_press_writes_nothing_twice():
    exchange = ExchangeFactory()
    for _ in range(2):
        actions.say(exchange, exchange.provider, "Yes", at=NOON)

    assert exchange.messages.count() == 1


def test_nobody_writes_more_than_sixty_messages_an_hour():
    exchange = ExchangeFactory()
    for number in range(60):
        actions.say(exchange, exchange.provider, f"{number}", at=NOON)

    with pytest.raises(actions.TooMany):
        actions.say(exchange, exchange.provider, "one more", at=NOON)


@pytest.mark.parametrize("who", ["provider", "receiver"])
def test_nobody_writes_to_somebody_who_blocked_them_or_whom_they_blocked(who):
    exchange = ExchangeFactory()
    Block.objects.create(person=exchange.provider, blocked=exchange.receiver)

    with pytest.raises(actions.ConversationOver):
        actions.say(exchange, getattr(exchange, who), "Hello?", at=NOON)


@pytest.mark.parametrize("verb", ["decline", "withdraw"])
@pytest.mark.parametrize("blocks", ["provider", "receiver"])
def test_a_block_stops_the_last_word_and_not_the_move(verb, blocks):
    exchange = ExchangeFactory()
    by = exchange.provider if verb == "decline" else exchange.receiver
    shut = getattr(exchange, blocks)
    Block.objects.create(person=shut, blocked=exchange.other(shut))

    getattr(actions, verb)(exchange, by, "NASTY WORDS", at=NOON)

    exchange.refresh_from_db()
    assert exchange.ended_by == by
    assert not exchange.messages.exists()
    notice = Notice.objects.get(recipient=exchange.other(by))
    assert "NASTY WORDS" not in notice.body


def test_who_cannot_be_written_to_is_let_go_of_without_a_word(client):
    exchange = ExchangeFactory()
    Block.objects.create(person=exchange.provider, blocked=exchange.receiver)
    client.force_login(exchange.receiver)

    assert 'name="words"' not in page(client, "withdraw", exchange.pk).content.decode()
    client.post(reverse("exchange:withdraw", args=[exchange.pk]), {"words": "NASTY"})

    exchange.refresh_from_db()
    assert (exchange.state, exchange.messages.count()) == ("withdrawn", 0)


def test_what_is_said_after_the_end_is_no_answer():
    exchange = ExchangeFactory(asked_at=NOON)
    actions.expire(exchange, at=NOON + 7 * DAY)

    actions.say(exchange, exchange.provider, "I was away", at=NOON + 8 * DAY)

    exchange.refresh_from_db()
    assert (events(exchange), exchange.answered_at) == (["expired"], None)


@pytest.mark.parametrize("side", ["provider", "receiver"])
def test_nobody_writes_to_somebody_who_has_left(client, side):
    exchange = agreed()
    gone = getattr(exchange, side)
    stays = exchange.other(gone)
    erasure.forget(Person.objects.get(pk=gone.pk), at=timezone.now(), keep_practices=True)
    client.force_login(stays)

    response = client.post(
        reverse("exchange:say", args=[exchange.pk]), {"body": "Anybody there?"}
    )

    content = response.content.decode()
    assert (response.status_code, exchange.messages.count()) == (200, 0)
    assert "The other person is no longer here, so nothing more can be written." in content
    assert "Anybody there?" in content


def test_the_conversation_stays_open_for_a_month_after_the_end():
    exchange = ExchangeFactory()
    actions.decline(exchange, exchange.provider, "", at=NOON)

    assert actions.say(exchange, exchange.receiver, "Thanks anyway", at=NOON + 29 * DAY)
    with pytest.raises(actions.ConversationOver):
        actions.say(exchange, exchange.receiver, "Still there?", at=NOON + 31 * DAY)


def test_decline_is_kind_and_final():
    exchange = ExchangeFactory()

    actions.decline(exchange, exchange.provider, "Not this time, sorry", at=NOON)

    exchange.refresh_from_db()
    assert (exchange.state, exchange.ended_by) == ("declined", exchange.provider)
    assert exchange.messages.get().body == "Not this time, sorry"
    assert told(exchange.receiver) == ["declined"]
    with pytest.raises(IllegalMove):
        actions.withdraw(exchange, exchange.receiver, "", at=NOON)


def test_after_a_no_the_same_person_waits_two_weeks_even_if_they_talked_first():
    exchange = ExchangeFactory(asked_at=NOON)
    actions.say(exchange, exchange.provider, "Let me think", at=NOON)
    actions.decline(exchange, exchange.provider, "", at=NOON + DAY)

    ask_again = {"listing": exchange.listing, "counterpart": exchange.receiver, "words": HELLO}
    with pytest.raises(gate.NotTakingRequests):
        actions.ask(**ask_again, at=NOON + 14 * DAY)
    assert actions.ask(**ask_again, at=NOON + 16 * DAY)


def test_only_the_asked_side_declines_and_only_the_asker_takes_back():
    exchange = ExchangeFactory()

    with pytest.raises(IllegalMove):
        actions.decline(exchange, exchange.receiver, "", at=NOON)
    with pytest.raises(IllegalMove):
        actions.withdraw(exchange, exchange.provider, "", at=NOON)
    actions.withdraw(exchange, exchange.receiver, "Found it myself", at=NOON)

    assert events(exchange) == ["withdrawn"]
    assert told(exchange.provider) == ["withdrawn"]


def test_asks_about_a_listing_that_is_withdrawn_end_kindly():
    listing = ListingFactory()
    asked = ExchangeFactory(listing=listing)

    actions.let_go_of(listing, at=NOON)

    asked.refresh_from_db()
    asked.ask.refresh_from_db()
    assert (asked.state, asked.ask.answered_at) == ("expired", NOON)
    assert told(asked.counterpart) == ["listing_gone"]


def test_database_refuses_two_live_exchanges_of_one_pair():
    exchange = ExchangeFactory()

    with (
        pytest.raises(IntegrityError, match="exchange_one_live_per_run_and_counterpart"),
        transaction.atomic(),
    ):
        ExchangeFactory(listing=exchange.listing, counterpart=exchange.counterpart)


def test_database_refuses_an_exchange_without_the_gate():
    with pytest.raises(IntegrityError, match="ask_id"), transaction.atomic():
        ExchangeFactory(ask=None)


def test_database_keeps_what_is_over():
    exchange = ExchangeFactory()
    actions.decline(exchange, exchange.provider, "", at=NOON)

    with pytest.raises(IntegrityError, match="exchange_over_stays_over"), transaction.atomic():
        Exchange.objects.filter(pk=exchange.pk).update(state="asked", ended_at=None)


def test_database_keeps_history():
    exchange = ExchangeFactory()
    actions.say(exchange, exchange.provider, "Yes", at=NOON)

    with pytest.raises(Exception, match="event_stays"), transaction.atomic():
        exchange.events.all().delete()


# Pages


@pytest.fixture
def me(client):
    person = PersonFactory()
    client.force_login(person)
    return person


def page(client, name, *args):
    return client.get(reverse(f"exchange:{name}", args=args))


def test_ask_in_the_browser(client, me):
    listing = ListingFactory()

    response = client.post(
        reverse("exchange:ask", args=[listing.pk]),
        {"message": "Hello", "first_day": "", "last_day": "", "hours": "3"},
    )

    exchange = Exchange.objects.get()
    assert response.url == reverse("exchange:exchange", args=[exchange.pk])
    assert exchange.wished_hours == 3
    assert "Hello" in page(client, "exchange", exchange.pk).content.decode()


def test_ask_again_leads_to_the_conversation(client, me):
    exchange = ExchangeFactory(counterpart=me)

    response = page(client, "ask", exchange.listing.pk)

    assert response.url == reverse("exchange:exchange", args=[exchange.pk])


@pytest.mark.parametrize(
    "typed",
    [
        {"message": ""},
        {"message": "x" * 8001},
        {"message": "\0"},
        {"message": "Hi", "first_day": "2026-13-99"},
        {"message": "Hi", "first_day": "9999-12-31"},
        {"message": "Hi", "hours": "1e999"},
        {"message": "Hi", "hours": "NaN"},
        {"message": "Hi", "hours": "-4"},
        {"message": "Hi", "affiliate": "99999999999999999999"},
    ],
)
def test_bad_input_gets_a_message_and_keeps_the_rest(client, me, typed):
    MembershipFactory(person=me, role="editor")
    listing = ListingFactory()

    response = client.post(reverse("exchange:ask", args=[listing.pk]), {**typed, "why": "x"})

    assert response.status_code == 200
    assert response.context["form"].errors
    assert Exchange.objects.count() == 0


def test_hostile_words_are_shown_as_words(client, me):
    exchange = ExchangeFactory(counterpart=me)
    hostile = "<script>alert(1)</script> ' OR 1=1; -- \u202e 🦄"
    client.post(reverse("exchange:say", args=[exchange.pk]), {"body": hostile})

    content = page(client, "exchange", exchange.pk).content.decode()

    assert "<script>alert" not in content
    assert "&lt;script&gt;alert(1)" in content


def test_who_is_closed_gets_no_form_and_others_are_shown(client, me):
    skill = SkillFactory()
    listing = ListingFactory(skills=[skill])
    other = ListingFactory(skills=[skill])
    PersonSkillFactory(person=other.author, skill=skill)
    Rest.objects.create(
        person=listing.author,
        period=days(timezone.localdate() - DAY, timezone.localdate() + 9 * DAY),
    )

    content = page(client, "ask", listing.pk).content.decode()

    assert "<textarea" not in content
    assert reverse("exchange:ask", args=[other.pk]) in content


@pytest.mark.parametrize("cause", ["rests", "blocked", "unwilling", "full", "refused"])
def test_the_page_is_the_same_whatever_closes_it(client, me, cause):
    listing = ListingFactory(title="Montage", author__name="Ada")
    day = timezone.localdate()
    if cause == "rests":
        Rest.objects.create(person=listing.author, period=days(day - DAY, day + 9 * DAY))
    elif cause == "blocked":
        Block.objects.create(person=listing.author, blocked=me)
    elif cause == "unwilling":
        listing.author.may_be_asked = False
        listing.author.save()
    elif cause == "full":
        for _ in range(3):
            ExchangeFactory(listing=listing)
    else:
        declined = ExchangeFactory(listing=listing, counterpart=me)
        actions.decline(declined, listing.author, "", at=timezone.now())

    sent = client.post(reverse("exchange:ask", args=[listing.pk]), {"message": "Kept words"})

    assert sent.status_code == 200
    assert "Ada is not taking requests now" in sent.content.decode()
    assert "Kept words" in sent.content.decode()


def test_strangers_find_nothing(client, me):
    exchange = ExchangeFactory()
    names = ("exchange", "decline", "withdraw", "others", "agreement", "dates")
    names += ("follow_up", "thank", "practice_from")

    assert {page(client, name, exchange.pk).status_code for name in names} == {404}
    posted = [
        client.post(reverse(f"exchange:{name}", args=[exchange.pk]), {"body": "x"}).status_code
        for name in (*names, "say", "confirm", "keep")
        if name not in ("exchange", "others", "dates")
    ]
    assert set(posted) == {404}


def test_nobody_is_sent_to_sign_in(client):
    exchange = ExchangeFactory()

    assert "/login/" in page(client, "exchange", exchange.pk).url
    assert "/login/" in page(client, "ask", exchange.listing.pk).url


def test_decline_in_the_browser_asks_first(client, me):
    exchange = ExchangeFactory(listing__author=me)

    assert "It cannot be undone" in page(client, "decline", exchange.pk).content.decode()
    client.post(reverse("exchange:decline", args=[exchange.pk]), {"words": "Sorry"})

    exchange.refresh_from_db()
    assert exchange.state == "declined"


def test_writing_after_the_end_keeps_the_words(client, me):
    exchange = ExchangeFactory(counterpart=me)
    Block.objects.create(person=exchange.provider, blocked=me)

    response = client.post(reverse("exchange:say", args=[exchange.pk]), {"body": "My words"})

    assert response.status_code == 200
    assert "My words" in response.content.decode()


def test_what_waits_for_me_comes_first(client, me):
    ended = ExchangeFactory(counterpart=me, listing__title="Ended")
    actions.withdraw(ended, me, "", at=NOON)
    ExchangeFactory(counterpart=me, listing__title="Running")
    ExchangeFactory(listing__author=me, listing__title="Waiting", asked_at=NOON)

    rows = page(client, "exchanges").context["rows"]

    assert [(row["exchange"].listing.title, row["stage"]) for row in rows] == [
        ("Waiting", "waiting"),
        ("Running", "running"),
        ("Ended", "ended"),
    ]
    only = client.get(reverse("exchange:exchanges"), {"show": "waiting"}).context["rows"]
    assert [row["exchange"].listing.title for row in only] == ["Waiting"]


@pytest.mark.parametrize("address", ["?page=x", "?page=99999999999", "?show=%00", "?show=x"])
def test_strange_addresses_of_the_list_do_no_harm(client, me, address):
    assert client.get(reverse("exchange:exchanges") + address).status_code == 200


def statements(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_list_asks_the_database_the_same_for_one_and_three(client, me):
    address = reverse("exchange:exchanges")
    ExchangeFactory(counterpart=me)
    one = statements(client, address)
    ExchangeFactory.create_batch(2, listing__author=me)

    assert statements(client, address) == one <= 12
    assert one <= 12


def test_the_page_of_an_exchange_asks_the_database_at_most_twelve_times(client, me):
    exchange = ExchangeFactory(counterpart=me)
    for number in range(4):
        actions.say(exchange, exchange.provider, f"{number}", at=NOON)

    assert statements(client, reverse("exchange:exchange", args=[exchange.pk])) <= 12


@pytest.mark.parametrize("room", ["open", "closed"])
def test_the_ask_page_asks_the_database_the_same_for_one_and_three(client, me, room):
    skill = SkillFactory()
    listing = ListingFactory(skills=[skill], author__may_be_asked=room == "open")
    address = reverse("exchange:ask", args=[listing.pk])
    for _ in range(1):
        PersonSkillFactory(person=ListingFactory(skills=[skill]).author, skill=skill)
    one = statements(client, address)
    for _ in range(2):
        PersonSkillFactory(person=ListingFactory(skills=[skill]).author, skill=skill)

    assert statements(client, address) == one <= 12


def test_a_hidden_message_is_not_shown(client, me):
    exchange = ExchangeFactory(counterpart=me)
    message = actions.say(exchange, exchange.provider, "ugly words", at=NOON)
    Message.objects.filter(pk=message.pk).update(hidden_at=NOON)

    content = page(client, "exchange", exchange.pk).content.decode()

    assert "ugly words" not in content
    assert "Hidden by an organiser" in content


def test_listing_of_somebody_hidden_cannot_be_asked(client, me):
    listing = ListingFactory(author__visibility="hidden")

    assert page(client, "ask", listing.pk).status_code == 404
    assert page(client, "ask", ListingFactory(author=me).pk).status_code == 404
    assert page(client, "ask", 99999999999999999999).status_code == 404
    assert Listing.objects.count() == 2
