"""By which addresses one person can reach another, and that each of them asks the gate."""

import ast
import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from exchange import filters
from exchange.actions import agreements, calls, documents, hand_overs, invitations
from exchange.actions import exchanges as actions
from exchange.models import CallLetter, Exchange, Listing, SearchDocument
from tests.addresses import address, world
from tests.exchange.agreeing import DAY, MONDAY, NOON, agreed
from tests.exchange.test_ways_to_ask import ASKING
from tests.factories import (
    AffiliateFactory,
    ExchangeFactory,
    ListingFactory,
    MembershipFactory,
    PersonFactory,
    PersonSkillFactory,
    SkillFactory,
)
from volunteers import gate
from volunteers.models import Ask, Bandwidth, Block, Check, Commitment, Person, Rest
from volunteers.models.bandwidth import days, today

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
# Who may write rows of Ask and Exchange outside tests and the invented sample.
WRITES = {
    "Ask": {"volunteers/gate.py"},
    "Check": {"volunteers/gate.py"},
    "Exchange": {
        "exchange/actions/exchanges.py",
        "exchange/actions/agreements.py",
        "exchange/actions/hand_overs.py",  # who is asked there: test_hand_overs.py
    },
}
CREATES = {"create", "bulk_create", "get_or_create", "update_or_create"}


def ours():
    """Give (name, route) of each address of the site itself."""
    for resolver in get_resolver().url_patterns:
        prefix = "" if isinstance(resolver, URLPattern) else str(resolver.pattern)
        for pattern in getattr(resolver, "url_patterns", [resolver]):
            app = getattr(resolver, "app_name", None)
            named = isinstance(pattern, URLPattern) and pattern.name
            if named and app != "admin" and "logout" not in pattern.name:
                yield f"{app}:{pattern.name}", f"{prefix}{pattern.pattern}"


def written_in(model):
    """Name the files that make rows of this model."""
    found = set()
    for app in ("capx", "volunteers", "exchange", "grandtour"):
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            name = str(path.relative_to(settings.BASE_DIR))
            if "/migrations/" not in name and "/sample/" not in name and makes(path, model):
                found.add(name)
    return found


def makes(path, model):
    """Say whether a file calls Model(...) or Model.objects.create(...) and the like."""
    for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called == model or called in {f"{model}.objects.{verb}" for verb in CREATES}:
                return True
    return False


@pytest.mark.parametrize("model", sorted(WRITES))
def test_nothing_but_the_gate_lets_one_person_ask_another(model):
    assert written_in(model) == WRITES[model]


def shut(listing, asker, how):
    day = timezone.localdate()
    author = listing.author
    if how == "rests":
        Rest.objects.create(person=author, period=days(day - DAY, day + DAY))
    elif how == "alone":
        Rest.objects.create(person=author, period=days(day - DAY, day + DAY), alone=True)
    elif how == "blocked":
        Block.objects.create(person=author, blocked=asker)
    elif how == "blocks":
        Block.objects.create(person=asker, blocked=author)
    elif how == "unwilling":
        author.may_be_asked = False
    elif how == "hidden":
        author.visibility = "hidden"
    elif how == "hidden by organisers":
        author.hidden_at = timezone.now()
    else:
        author.is_active = False
    author.save()


SEEN = ["rests", "blocked", "blocks", "unwilling"]
UNSEEN = ["alone", "hidden", "hidden by organisers", "gone"]
HOW = SEEN + UNSEEN
KINDS = [
    {"kind": "offer"},
    {"kind": "request"},
    {"kind": "offer", "of": "training", "seats": 3, "first_day": MONDAY, "last_day": MONDAY},
]


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_asked_who_does_not_wish_to_be(client, how, kind):
    listing, asker = ListingFactory(**kind), PersonFactory()
    shut(listing, asker, how)
    client.force_login(asker)
    address = reverse("exchange:ask", args=[listing.pk])

    response = client.post(address, {"message": "Hi", "why": "You"})

    assert response.status_code == (200 if how in SEEN else 404)
    assert (Exchange.objects.count(), Ask.objects.count()) == (0, 0)


def shown_mark(client, address):
    return re.search(r'name="shown" value="([^"]+)"', client.get(address).text)[1]


@pytest.mark.parametrize("kind", KINDS)
def test_who_had_the_form_reads_one_answer_whatever_closes_somebody_meanwhile(client, kind):
    """Words, status and the number of statements; what was typed is kept; waiting goes on."""
    skill = SkillFactory()
    PersonSkillFactory(skill=skill, person__name="Bea")
    listing = ListingFactory(**kind, skills=[skill], title="One of two")
    address = reverse("exchange:ask", args=[listing.pk])
    answers = {}
    for how in HOW:
        asker = PersonFactory(name="Somebody")
        client.force_login(asker)
        words = {"message": "Hello", "why": "You", "shown": shown_mark(client, address)}
        with transaction.atomic():
            shut(listing, asker, how)
            with CaptureQueriesContext(connection) as asked:
                page = client.post(address, words)
            refused = re.search(r'name="refused" value="([^"]+)"', page.text)[1]
            wait = client.post(
                reverse("exchange:wait", args=[listing.pk]), {"refused": refused}
            )
            transaction.set_rollback(True)
        answers[how] = (
            page.status_code,
            without_token(page).replace(asker.username, ""),
            len(asked),
            (wait.status_code, wait.url),
        )
        listing.refresh_from_db()

    told = answers["rests"]
    assert told[0] == 200
    assert "is not taking requests now" in told[1]
    assert ">Hello</textarea>" in told[1]
    assert told[3] == (302, reverse("volunteers:waiting"))
    assert {how: said == told for how, said in answers.items()} == dict.fromkeys(HOW, True)
    assert (Exchange.objects.count(), Ask.objects.count()) == (0, 0)


@pytest.mark.parametrize("whose", ["nobody", "another listing", "another person", "old"])
def test_who_never_had_the_form_learns_nothing_by_a_mark(client, whose):
    listing, asker = ListingFactory(), PersonFactory()
    other = ListingFactory() if whose == "another listing" else listing
    client.force_login(PersonFactory() if whose == "another person" else asker)
    with time_machine.travel(timezone.now() - (2 if whose == "old" else 0) * DAY):
        told = shown_mark(client, reverse("exchange:ask", args=[other.pk]))
    shut(listing, asker, "hidden")
    client.force_login(asker)

    sent = {"message": "Hi", "shown": "made:up" if whose == "nobody" else told}

    address = reverse("exchange:ask", args=[listing.pk])
    assert client.post(address, sent).status_code == 404


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("kind", KINDS)
def test_no_action_goes_past_the_gate(how, kind):
    listing, asker = ListingFactory(**kind), PersonFactory()
    shut(listing, asker, how)
    act = agreements.take_seat if "of" in kind else actions.ask

    with pytest.raises(gate.NotTakingRequests):
        act(listing, asker, actions.Words("Hi", why="You"), at=timezone.now())


def without_token(response):
    """Give a page without what differs from one visit to the next."""
    own = r"[A-Za-z0-9]{64}|nonce=\"[^\"]*\"|data-who=\"[0-9]*\"|name=\"(shown|refused)\" .*"
    return re.sub(own, "", response.content.decode())


def fills(author, how):
    """Use up what they can give, or the asks that they wish to have at once."""
    day = timezone.localdate()
    if how == "asks":
        Person.objects.filter(pk=author.pk).update(open_asks=1)
        Ask.objects.create(person=author, asker=PersonFactory(), asked_at=timezone.now())
        return
    period = days(day - 30 * DAY, day + 90 * DAY)
    Bandwidth.objects.create(person=author, period=period, weekly_hours=5)
    Commitment.objects.create(
        person=author, what="Board", source="by_hand", key="1", period=period, weekly_hours=5
    )


def stands_between(author, asker, how):
    if how == "blocked":
        Block.objects.create(person=author, blocked=asker)
    elif how == "blocks":
        Block.objects.create(person=asker, blocked=author)
    else:
        long_ago = timezone.now() - 20 * DAY
        Ask.objects.create(
            person=author,
            asker=asker,
            asked_at=long_ago,
            answered_at=timezone.now(),
            declined=True,
        )


PAGES = [
    "listing",
    "person",
    "ask",
    "/catalogue/",
    "/catalogue/?room=yes",
    "/catalogue/?kind={kind}",
]


INVITES = KINDS[1:]
CAUSES = ("", "rests", "blocked", "blocks", "refused", "full", "asks")


@pytest.mark.parametrize("noted", [True, False])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_shows_one_word_whatever_closes_somebody(client, kind, path, noted):
    """Whether a worker has noted it since, or it has happened a moment ago."""
    skill = SkillFactory()
    PersonSkillFactory(skill=skill, person__name="Bea")
    listing = ListingFactory(**kind, hours=8, skills=[skill], title="One of two")
    other = ListingFactory(**kind, skills=[skill], author__name="Ada", title="The other")
    SearchDocument.objects.write_all(Listing.objects.filter(pk__in=[listing.pk, other.pk]))
    documents.settle(timezone.now())
    address = {
        "listing": listing.get_absolute_url(),
        "person": listing.author.get_absolute_url(),
        "ask": reverse("exchange:ask", args=[listing.pk]),
    }.get(path, path.format(**kind))
    shown = {}
    for how in CAUSES:
        asker = PersonFactory(name="Somebody")
        client.force_login(asker)
        with transaction.atomic():
            if how == "rests":
                shut(listing, asker, how)
            elif how in {"full", "asks"}:
                fills(listing.author, how)
            elif how:
                stands_between(listing.author, asker, how)
            if noted:
                documents.settle(timezone.now())
            with CaptureQueriesContext(connection) as asked:
                page = client.get(address)
            transaction.set_rollback(True)
        words = without_token(page).replace(asker.username, "")
        shown[how] = (page.status_code, words, len(asked))

    nothing = shown.pop("")
    # Beside what somebody invites no page says a word of their room, to nobody.
    told = path == "person" or kind not in INVITES
    assert (nothing != shown["rests"]) == told
    assert {how: seen == shown["rests"] for how, seen in shown.items()} == dict.fromkeys(
        shown, True
    )


def card_of(client, listing):
    """Give the word on a card, and whether the facet finds it and how many it says it finds."""
    everybody = client.get("/catalogue/").content.decode()
    found = client.get("/catalogue/?room=yes").content.decode()
    card = everybody.partition(f'id="listing-{listing.pk}"')[2].partition("</article>")[0]
    facet = re.search(r'name="room".*?facet__count">(\d+)<', everybody, re.DOTALL)
    return (
        "open" if "room--open" in card else "closed",
        f'id="listing-{listing.pk}"' in found,
        int(facet[1]) if facet else 0,
    )


ZONES = ["Pacific/Kiritimati", "Pacific/Auckland", "America/Los_Angeles", "Pacific/Pago_Pago"]


@pytest.mark.parametrize("noted", [True, False])
@pytest.mark.parametrize("zone", ZONES)
def test_a_rest_is_on_cards_on_the_days_where_its_person_lives(client, zone, noted):
    """At any hour it is another day than in UTC in one of these at least."""
    listing = ListingFactory(author__time_zone=zone)
    SearchDocument.objects.write(listing)
    client.force_login(PersonFactory())
    here = today(listing.author, timezone.now())

    said = {}
    for days_on in (-1, 0, 1):
        rest = Rest.objects.create(
            person=listing.author, period=days(here + days_on * DAY, here + days_on * DAY)
        )
        if noted:
            documents.settle(timezone.now())
        page = client.get(listing.author.get_absolute_url()).content.decode()
        said[days_on] = ("room--open" in page, card_of(client, listing))
        rest.delete()

    room = (True, ("open", True, 1))
    assert said == {-1: room, 0: (False, ("closed", False, 0)), 1: room}


@pytest.mark.parametrize("noted", [True, False])
@pytest.mark.parametrize("zone", ZONES)
def test_a_day_that_begins_changes_the_word_everywhere_though_no_worker_runs(
    client, zone, noted
):
    """Whether a worker has noted the word a second before, or none since two days."""
    listing, viewer = ListingFactory(author__time_zone=zone), PersonFactory()
    SearchDocument.objects.write(listing)
    author, here = listing.author, today(listing.author, timezone.now())
    Rest.objects.create(person=author, period=days(here + DAY, here + DAY))
    documents.settle(timezone.now())

    said = []
    for days_on in (1, 2):
        midnight = datetime.combine(here + days_on * DAY, time(), author.zone)
        for moment in (midnight - SECOND, midnight):
            with time_machine.travel(moment.astimezone(UTC), tick=False):
                if noted and moment < midnight:
                    documents.settle(timezone.now())
                client.force_login(viewer)
                page = client.get(author.get_absolute_url()).content.decode()
                said.append(("room--open" in page, card_of(client, listing)))

    room, none = (True, ("open", True, 1)), (False, ("closed", False, 0))
    assert said == [room, none, none, room]


def test_how_many_hours_are_too_many_only_an_ask_is_told_and_it_is_noted(client):
    listing, day = ListingFactory(hours=60), timezone.localdate()
    SearchDocument.objects.write(listing)
    author = listing.author
    period = days(day - 30 * DAY, day + 90 * DAY)
    Bandwidth.objects.create(person=author, period=period, weekly_hours=8)
    Rest.objects.create(person=author, period=days(day + 40 * DAY, day + 60 * DAY))
    listing.first_day, listing.last_day = day + 41 * DAY, day + 59 * DAY
    listing.save()
    client.force_login(PersonFactory())
    ask = reverse("exchange:ask", args=[listing.pk])

    for page in (listing.get_absolute_url(), author.get_absolute_url(), ask):
        assert "room--open" in client.get(page).content.decode()
    assert card_of(client, listing) == ("open", True, 1)
    assert not Check.objects.exists()

    answer = client.post(ask, {"message": "Hi"}).content.decode()
    assert "is not taking requests now" in answer
    assert Check.objects.get().person == author


def test_whom_an_organiser_hid_reads_one_word_everywhere(client):
    listing = ListingFactory(skills=[SkillFactory()])
    SearchDocument.objects.write(listing)
    client.force_login(PersonFactory(hidden_at=timezone.now()))
    pages = [
        listing.get_absolute_url(),
        listing.author.get_absolute_url(),
        reverse("exchange:ask", args=[listing.pk]),
        "/catalogue/",
    ]

    said = [client.get(page).content.decode() for page in pages]

    assert ["ot taking requests now" in page for page in said] == [True] * 4
    assert ["room--open" in page for page in said] == [False] * 4
    assert "An organiser has hidden you" in said[2]
    assert card_of(client, listing) == ("closed", False, 0)


def test_an_ask_gets_the_same_answer_from_the_same_statements_whatever_closes_it(client):
    skill = SkillFactory()
    PersonSkillFactory(skill=skill, person__name="Bea")
    listing = ListingFactory(skills=[skill])
    author, day = listing.author, timezone.localdate()
    causes = {
        "blocked": lambda me: Block.objects.create(person=author, blocked=me),
        "refused": lambda me: stands_between(author, me, "refused"),
        "full": lambda _me: Bandwidth.objects.create(
            person=author, period=days(day, day + 90 * DAY), weekly_hours=0
        ),
        "rests": lambda _me: Rest.objects.create(
            person=author, period=days(day - DAY, day + DAY)
        ),
        "unwilling": lambda _me: (
            type(author).objects.filter(pk=author.pk).update(may_be_asked=False)
        ),
    }
    said = {}
    for cause, shut_it in causes.items():
        me = PersonFactory(name="Somebody")
        client.force_login(me)
        with transaction.atomic():
            shut_it(me)
            with CaptureQueriesContext(connection) as asked:
                page = client.post(
                    reverse("exchange:ask", args=[listing.pk]), {"message": "Hi", "hours": "3"}
                )
            transaction.set_rollback(True)
        shape = [re.sub(r"[0-9]+", "", query["sql"])[:60] for query in asked]
        words = without_token(page).replace(me.username, "")
        said[cause] = (page.status_code, words, shape)

    assert "is not taking requests now" in said["blocked"][1]
    assert {
        cause: answer == said["blocked"] for cause, answer in said.items()
    } == dict.fromkeys(causes, True)


@pytest.mark.parametrize("kind", INVITES)
def test_only_whoever_answers_what_somebody_invited_is_told_and_loses_no_word(client, kind):
    listing, asker = ListingFactory(**kind), PersonFactory()
    SearchDocument.objects.write(listing)
    shut(listing, asker, "rests")
    client.force_login(asker)
    ask = reverse("exchange:ask", args=[listing.pk])

    for page in (listing.get_absolute_url(), ask):
        assert "aking requests" not in client.get(page).content.decode()
    if "of" not in kind:
        assert "aking requests" not in client.post(ask, {"message": ""}).content.decode()
    assert not Check.objects.exists()

    told = client.post(ask, {"message": "My words"}).content.decode()
    assert "is not taking requests now" in told
    assert "My words" in told
    assert Check.objects.get().person == listing.author


def test_a_request_has_room_for_each_reader_also_whom_an_organiser_hid(client):
    listing = ListingFactory(kind="request", author__may_be_asked=False)
    SearchDocument.objects.write(listing)
    for hidden_at in (None, timezone.now()):
        client.force_login(PersonFactory(hidden_at=hidden_at))
        found = client.get("/catalogue/?room=yes").content.decode()
        assert f'id="listing-{listing.pk}"' in found


@pytest.mark.parametrize(("asked", "named"), [(1, 5), (1, 2)])
def test_whoever_is_in_doubt_beyond_those_asked_about_counts_as_having_no_room(
    client, monkeypatch, asked, named
):
    monkeypatch.setattr(filters, "ASKED", asked)
    monkeypatch.setattr(filters, "NAMED", named)
    listings = [ListingFactory() for _ in range(3)]
    SearchDocument.objects.write_all(Listing.objects.all())
    documents.settle(timezone.now())
    client.force_login(PersonFactory())
    assert [card_of(client, one)[0] for one in listings] == ["open"] * 3

    for one in listings:
        shut(one, None, "rests")

    assert [card_of(client, one) for one in listings] == [("closed", False, 0)] * 3


def asks_about_a_listing(kind):
    listing = ListingFactory(**kind)
    words = {"message": "Hi", "hours": "3"}
    return PersonFactory(), listing.author, None, ("ask", listing.pk), words


def asks_a_taker():
    exchange, taker = agreed(), PersonFactory(name="Taker")
    words = {"person": taker.pk, "words": "Could you?", "why": "You know it"}
    way = ("hand_over_to", "exchange", exchange.pk)
    return exchange.provider, taker, exchange.receiver, way, words


def answers_a_call(addressed_to=None):
    listing = ListingFactory(kind="request", skills=[SkillFactory()])
    call, helper = (
        calls.begin(listing, MONDAY, at=NOON, addressed_to=addressed_to),
        PersonFactory(),
    )
    if addressed_to:
        MembershipFactory(person=helper, affiliate=addressed_to)
    CallLetter.objects.create(call=call, person=helper, written_at=NOON)
    return helper, listing.author, None, ("open_call", call.pk), {"message": "I can"}


def takes_over():
    exchange, taker = agreed(), PersonFactory()
    words = hand_overs.Said("Could you?")
    made = hand_overs.offer(exchange, exchange.provider, taker, words, at=NOON)
    return taker, exchange.receiver, None, ("take", made.pk), {}


def learner_of(training):
    """Let somebody want to learn what a training teaches."""
    skill = training.skills.get()
    return PersonSkillFactory(skill=skill, how="wants", person__name="Learner").person


def invites_a_learner():
    listing = ListingFactory(**KINDS[2], skills=[SkillFactory()])
    person = learner_of(listing)
    words = {"person": person.pk, "why": "You know why"}
    return listing.author, person, None, ("invite", listing.pk), words


def joins_as_invited():
    listing = ListingFactory(**KINDS[2], skills=[SkillFactory()])
    made = invitations.invite(listing, learner_of(listing), at=NOON)
    return made.person, listing.author, None, ("join", made.pk), {}


WAYS = {
    "exchange:ask": lambda: asks_about_a_listing({"kind": "offer"}),
    "exchange:ask help": lambda: asks_about_a_listing({"kind": "request"}),
    "exchange:ask seat": lambda: asks_about_a_listing(KINDS[2]),
    "exchange:hand_over_to": asks_a_taker,
    "exchange:invite": invites_a_learner,
    "exchange:join": joins_as_invited,
    "exchange:open_call": answers_a_call,
    "exchange:open_call to one affiliate": lambda: answers_a_call(AffiliateFactory()),
    "exchange:take": takes_over,
}


def test_every_way_to_ask_is_tried_below():
    assert {way.partition(" ")[0] for way in WAYS} == ASKING


def apart(one, other, how):
    """Let something keep who is asked from whom it is about."""
    if how == "apart":
        Block.objects.create(person=one, blocked=other)
    else:
        Block.objects.create(person=other, blocked=one)


def pressed(client, way, words):
    """Press a button: (status, page, shape of the statements, what one reads then)."""
    with CaptureQueriesContext(connection) as asked:
        page = client.post(reverse(f"exchange:{way[0]}", args=way[1:]), words)
    shape = [re.sub(r"[0-9]+", "", query["sql"])[:60] for query in asked]
    then = client.get(page["Location"]) if page.status_code == 302 else page
    return page.status_code, without_token(page), shape, without_token(then)


@pytest.mark.parametrize("way", WAYS)
def test_each_way_to_ask_is_answered_by_the_same_statements_whatever_closes_it(client, way):
    """Also where something stands between who is asked and whom it is about."""
    with time_machine.travel(NOON, tick=False):
        asker, person, third, address, words = WAYS[way]()
        client.force_login(asker)
        causes = ["rests", "blocked", "blocks", "refused"]
        # Who is full is answered where they asked for it themselves.
        weighed = {"exchange:ask", "exchange:hand_over_to", "exchange:invite"}
        causes += ["full", "asks"] if way in weighed else []
        causes += ["apart", "apart too"] if third else []
        said = {}
        for cause in causes:
            with transaction.atomic():
                if cause == "rests":
                    day = timezone.localdate()
                    Rest.objects.create(person=person, period=days(day - DAY, day + DAY))
                elif cause in {"full", "asks"}:
                    fills(person, cause)
                elif cause.startswith("apart"):
                    apart(person, third, cause)
                else:
                    stands_between(person, asker, cause)
                said[cause] = pressed(client, address, words)
                transaction.set_rollback(True)

    told = ("is not taking requests now", "cannot be answered now", "cannot be passed on")
    assert any(words in said["rests"][3] for words in told)
    assert {cause: seen == said["rests"] for cause, seen in said.items()} == dict.fromkeys(
        causes, True
    )


@pytest.mark.parametrize("way", sorted(set(WAYS) - {"exchange:take"}))
def test_whom_an_organiser_hid_is_told_so_whichever_way_they_ask(client, way):
    with time_machine.travel(NOON, tick=False):
        asker, _person, _third, address, words = WAYS[way]()
        Person.objects.filter(pk=asker.pk).update(hidden_at=NOON)
        client.force_login(asker)
        page = client.post(reverse(f"exchange:{address[0]}", args=address[1:]), words)

    assert "An organiser has hidden you" in page.content.decode()
    assert "is not taking requests" not in page.content.decode()


def test_each_answer_about_somebodys_time_is_noted_for_them_also_a_refusal(client):
    listing, asker = ListingFactory(), PersonFactory()
    shut(listing, asker, "rests")
    client.force_login(asker)

    client.get(listing.get_absolute_url())
    client.get(reverse("exchange:ask", args=[listing.pk]))
    assert not Check.objects.exists()
    client.post(reverse("exchange:ask", args=[listing.pk]), {"message": "Hi", "hours": "6.5"})

    check = Check.objects.get()
    assert (check.person, check.asker) == (listing.author, asker)


def test_little_room_is_told_to_who_asks_and_is_noted_and_to_nobody_who_reads(client):
    """Whoever reads pages day by day learns no more than lists tell."""
    skill, asker = SkillFactory(), PersonFactory()
    PersonSkillFactory(skill=skill, person__name="Bea")
    listing = ListingFactory(skills=[skill])
    pages = [
        listing.get_absolute_url(),
        reverse("exchange:ask", args=[listing.pk]),
        listing.author.get_absolute_url(),
    ]
    client.force_login(asker)
    words = {word: [word in _read(client, page) for page in pages] for word in ROOMS}
    assert words == {word: [word == "Has room now"] * 3 for word in ROOMS}

    yesterday = timezone.now() - DAY
    Ask.objects.create(
        person=listing.author, asker=PersonFactory(), asked_at=yesterday, answered_at=yesterday
    )

    assert {word: [word in _read(client, page) for page in pages] for word in ROOMS} == words
    assert "why" not in client.get(pages[1]).context["form"].fields
    assert not Check.objects.exists()
    sent = {"message": "My words", "hours": "1"}
    told = client.post(pages[1], sent)
    assert [said for said in (*TOLD, "My words", 'value="1') if said not in told.text] == []
    assert told.context["form"].errors == {}
    assert (Check.objects.get().asker, Exchange.objects.exists()) == (asker, False)
    blank = client.post(pages[1], sent | {"why": " "})
    assert (list(blank.context["form"].errors), Check.objects.count()) == (["why"], 1)
    assert "Has room now" not in blank.text
    client.post(pages[1], sent | {"why": "She began it."})
    assert Exchange.objects.get().ask.why == "She began it."


TOLD = ("There is little room just now", "Bea", "Why this person?")
ROOMS = ("Has room now", *(said.removeprefix("There is l") for said in TOLD))


def _read(client, address):
    return client.get(address).content.decode()


def test_who_probes_one_person_learns_no_more_after_three_answers_and_loses_no_word(client):
    listing, asker = ListingFactory(), PersonFactory()
    Bandwidth.objects.create(
        person=listing.author, period=days(MONDAY, MONDAY + 900 * DAY), weekly_hours=1
    )
    client.force_login(asker)
    address = reverse("exchange:ask", args=[listing.pk])

    for _ in range(3):
        closed = client.post(address, {"message": "My words", "hours": "19"})
        assert "is not taking requests now" in closed.content.decode()
    for hours in ("19", "1"):
        late = client.post(address, {"message": "My words", "hours": hours}).content.decode()
        assert "with the same person for a day" in late
        assert "is not taking requests now" not in late
        assert "My words" in late

    assert (Check.objects.count(), Ask.objects.count()) == (3, 0)
    other = ListingFactory(author=PersonFactory(), skills=listing.skills.all())
    client.post(reverse("exchange:ask", args=[other.pk]), {"message": "My words"})
    assert Ask.objects.get().person == other.author


def test_a_reason_that_was_asked_for_is_heard(client):
    listing, asker = ListingFactory(), PersonFactory()
    day = timezone.localdate()
    Bandwidth.objects.create(
        person=listing.author, period=days(day, day + 90 * DAY), weekly_hours=1
    )
    client.force_login(asker)
    address = reverse("exchange:ask", args=[listing.pk])
    words = {"message": "Hi", "hours": "3.6"}

    tight = client.post(address, words)
    assert "Why this person?" in tight.content.decode()
    assert client.post(address, {**words, "why": "You wrote it"}).status_code == 302

    assert Ask.objects.get().why == "You wrote it"


@pytest.mark.parametrize("role", ["stranger", "asker", "author"])
def test_only_addresses_that_ask_begin_an_exchange(role):
    """Press every address there is, with rows that are really there."""
    w = world()
    others = {"stranger": w.author, "asker": w.stranger, "author": w.asker}
    words = {"message": "Hi", "body": "Hi", "words": "Hi", "why": "Hi"}
    words |= {"person": others[role].pk}
    begun = set()
    for name, route in ours():
        client = Client()
        client.force_login(getattr(w, role))
        rows = Exchange.objects.count(), Ask.objects.count()
        with transaction.atomic():
            client.post(address(route, w), words)
            if rows != (Exchange.objects.count(), Ask.objects.count()):
                begun.add(name)
            transaction.set_rollback(True)

    assert begun <= ASKING
    assert role != "stranger" or "exchange:ask" in begun


def test_database_refuses_an_exchange_without_an_ask():
    with pytest.raises(IntegrityError, match="ask_id"), transaction.atomic():
        ExchangeFactory(ask=None)


@pytest.mark.parametrize("kind", ["offer", "request"])
def test_whom_an_organiser_hid_asks_nobody_and_is_told_so(client, kind):
    me = PersonFactory(hidden_at=timezone.now())
    listing = ListingFactory(kind=kind)
    client.force_login(me)

    answer = client.post(reverse("exchange:ask", args=[listing.pk]), {"message": "Hello there"})

    page = answer.content.decode()
    assert "An organiser has hidden you" in page
    assert "Hello there" in page
    assert (Ask.objects.count(), Exchange.objects.count()) == (0, 0)


def test_who_hides_themselves_can_still_ask(client):
    client.force_login(PersonFactory(visibility="hidden"))

    client.post(reverse("exchange:ask", args=[ListingFactory().pk]), {"message": "Hello"})

    assert Exchange.objects.count() == 1
