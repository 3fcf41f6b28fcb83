"""Asking the people of one affiliate: from the bottleneck to whoever helps."""

import re
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from capx.states import IllegalMove
from exchange.actions import calls
from exchange.actions.exchanges import Words
from exchange.actions.listings import Written
from exchange.models import CallLetter, Exchange, Listing, OpenCall
from exchange.reminders.calls import remind
from tests.exchange import test_calls as of_all
from tests.exchange.test_calls import DAY, NOON, SOON, able, wanted, written
from tests.factories import (
    AffiliateFactory,
    ListingFactory,
    MembershipFactory,
    PersonFactory,
    SkillFactory,
)
from tests.together import together
from tests.volunteers.test_bottleneck_pages import NUMBERS, known
from volunteers import gate
from volunteers.models import Bandwidth, Check, Notice, Person, PersonLanguage
from volunteers.models.bandwidth import days

pytestmark = pytest.mark.django_db


@pytest.fixture
def neighbour():
    return AffiliateFactory(name="Wikimedia Next Door", slug="next-door")


@pytest.fixture
def skill():
    return SkillFactory(slug="interpreting", label="interpreting")


@pytest.fixture
def steward():
    home = AffiliateFactory(name="Wikimedia Home", slug="home")
    return MembershipFactory(affiliate=home, role="steward").person


def member(affiliate, skill, **fields):
    person = able(skill, **fields)
    MembershipFactory(person=person, affiliate=affiliate)
    return person


def speaks(person, language):
    PersonLanguage.objects.create(person=person, language=language, level="4")


def begun(affiliate, at=NOON):
    listing, skill = wanted()
    return calls.begin(listing, SOON, at=at, addressed_to=affiliate), skill


def page_of(affiliate):
    return reverse("exchange:ask_people", args=[affiliate.slug])


def words(skill, **fields):
    return {
        "title": "Help with interpreting",
        "body": "We are looking for somebody.",
        "skills": skill.slug,
        "language": "en",
        "reply_by": (timezone.localdate() + 7 * DAY).isoformat(),
        "revision": "of-this-form",
        **fields,
    }


def plain(answer):
    return " ".join(answer.content.decode().split())


def without_token(answer):
    return re.sub(r"[A-Za-z0-9]{64}|nonce=\"[^\"]*\"", "", answer.content.decode())


def test_only_people_of_the_affiliate_who_can_do_it_are_written_to(neighbour):
    call, skill = begun(neighbour)
    theirs = member(neighbour, skill)
    able(skill)
    member(AffiliateFactory(), skill)
    member(neighbour, SkillFactory())
    MembershipFactory(person=able(skill), affiliate=neighbour, confirmed_at=None)
    MembershipFactory(person=call.listing.author, affiliate=neighbour)

    remind(NOON)
    remind(NOON + DAY)

    assert written(call) == {theirs.username}
    assert Notice.objects.filter(kind="call").count() == 1


def test_who_can_do_something_below_the_skill_is_written_to(neighbour):
    call, skill = begun(neighbour)
    theirs = member(neighbour, SkillFactory(parent=skill))

    remind(NOON)

    assert written(call) == {theirs.username}


CAUSES = (
    *(of_all.resting, of_all.blocking, of_all.blocked, of_all.unwilling, of_all.hidden),
    *(of_all.asked_lately, of_all.full, of_all.silent, of_all.called_often),
)


@pytest.mark.parametrize("cause", CAUSES)
def test_nobody_of_them_is_written_to_who_has_no_room_or_no_wish(neighbour, cause):
    call, skill = begun(neighbour)
    cause(member(neighbour, skill), call.listing.author)

    calls.write(call.pk, at=NOON)

    assert written(call) == set()


@pytest.mark.parametrize("how", of_all.UNSEEN)
def test_whom_nobody_sees_is_named_to_none_of_them(neighbour, how):
    call, skill = begun(neighbour)
    member(neighbour, skill)
    of_all.UNSEEN[how](call.listing.author)

    remind(NOON)

    assert written(call) == set()


def test_ten_a_day_hear_of_it_and_those_full_before_them_are_passed_over(
    neighbour, monkeypatch
):
    monkeypatch.setattr(gate, "TURNS", (17,))
    call, skill = begun(neighbour)
    for _ in range(5):
        of_all.full(member(neighbour, skill), None)
        of_all.alone(member(neighbour, skill))
        for cause in (of_all.blocking, of_all.blocked, of_all.unwilling):
            cause(member(neighbour, skill), call.listing.author)
    for _ in range(12):
        member(neighbour, skill)

    remind(NOON)
    assert len(written(call)) == 10
    remind(NOON + DAY)
    assert len(written(call)) == 12


def test_the_least_recently_asked_come_first_and_then_who_shares_a_language(
    neighbour, skill, monkeypatch
):
    monkeypatch.setattr(gate, "A_ROUND", 3)
    asker = PersonFactory()
    speaks(asker, "pl")
    long_ago, longer_ago = NOON - 40 * DAY, NOON - 60 * DAY
    late = member(neighbour, skill, last_asked_at=long_ago)
    early = member(neighbour, skill, last_asked_at=longer_ago)
    other = member(neighbour, skill)
    sharing = member(neighbour, skill)
    speaks(sharing, "pl")

    people = Person.objects.belonging_to(neighbour)
    found = gate.with_room_among(people, asker=asker, now=NOON, wish=gate.Wish())

    assert found == [sharing, other, early]
    assert late not in found


def test_database_writes_to_nobody_else_of_what_is_addressed_to_some(neighbour):
    call, skill = begun(neighbour)
    stranger, leaving = able(skill), member(neighbour, skill)
    CallLetter.objects.create(call=call, person=leaving, written_at=NOON)

    with pytest.raises(IntegrityError, match="call_letter_to_those"), transaction.atomic():
        CallLetter.objects.create(call=call, person=stranger, written_at=NOON)


def test_database_opens_a_call_to_all_and_never_narrows_it(neighbour):
    narrow, _skill = begun(neighbour)
    to_all, _skill = begun(None)

    for call in (narrow, to_all):
        with pytest.raises(IntegrityError, match="never_narrows"), transaction.atomic():
            OpenCall.objects.filter(pk=call.pk).update(addressed_to=AffiliateFactory())
    assert OpenCall.objects.filter(pk=narrow.pk).update(addressed_to=None) == 1


def test_opened_to_all_it_goes_on_where_it_was_and_nobody_hears_twice(neighbour):
    call, skill = begun(neighbour)
    theirs = [member(neighbour, skill) for _ in range(8)]
    others = [able(skill) for _ in range(5)]
    remind(NOON)

    calls.open_to_all(call, SOON + DAY)
    remind(NOON + DAY / 2)
    assert written(call) == {person.username for person in theirs}
    remind(NOON + DAY)

    assert written(call) == {person.username for person in [*theirs, *others]}
    call.refresh_from_db()
    assert (call.addressed_to, call.reply_by) == (None, SOON + DAY)


def test_what_is_over_is_opened_to_nobody(neighbour):
    call, _skill = begun(neighbour)
    calls.stop(call, at=NOON)

    with pytest.raises(IllegalMove):
        calls.open_to_all(call, SOON)


def test_the_link_of_a_bottleneck_arrives_where_one_press_asks(
    client, neighbour, skill, steward
):
    helper, outsider = member(neighbour, skill), able(skill)
    home = steward.memberships.get().affiliate
    known(skill, f"affiliate:{home.pk}", level="red", **NUMBERS)
    known(skill, f"affiliate:{neighbour.pk}", level="fine", band="low", **NUMBERS)
    client.force_login(steward)

    page = plain(client.get(f"{reverse('volunteers:bottlenecks')}?affiliate=home"))
    link = re.search(r'href="([^"]*)">Ask Wikimedia Next Door, who have room<', page)[1]
    link = link.replace("&amp;", "&")
    form = client.get(link).context["form"]
    sent = {name: form[name].value() for name in ("title", "body", "language", "reply_by")}
    sent |= {"skills": skill.slug, "revision": form["revision"].value()}
    answer = client.post(link, sent | {"affiliate": form["affiliate"].value()})

    call = OpenCall.objects.get()
    listing = call.listing
    assert answer.url == call.get_absolute_url()
    assert (call.addressed_to, call.state) == (neighbour, "open")
    assert (listing.author, listing.affiliate, listing.state) == (steward, home, "open")
    assert listing.title == "Help with interpreting"
    assert listing.body == "We are looking for somebody who can help us with interpreting."
    assert list(listing.skills.all()) == [skill]
    mine = plain(client.get(answer.url))
    assert "You ask the people of Wikimedia Next Door" in mine
    assert urlsplit(link).path == page_of(neighbour)
    assert parse_qs(urlsplit(link).query)["affiliate"] == ["home"]

    remind(timezone.now())
    assert written(call) == {helper.username}
    assert helper.name not in plain(client.get(answer.url))
    letter = Notice.objects.get(kind="call")
    assert "asks people of Wikimedia Next Door who can do it" in letter.body
    client.force_login(outsider)
    assert client.get(answer.url).status_code == 404
    client.force_login(helper)
    assert "I can help" in plain(client.get(answer.url))
    client.post(answer.url, {"message": "I have an hour on Friday"})

    exchange = Exchange.objects.get()
    assert (exchange.provider, exchange.receiver) == (helper, steward)
    assert Check.objects.get().person == steward
    call.refresh_from_db()
    assert call.state == "taken"


def nobody_there(_affiliate, _skill, _me):
    pass


def with_room(affiliate, skill, _me):
    member(affiliate, skill)


def closed_by(cause):
    def made(affiliate, skill, me):
        cause(member(affiliate, skill), me)

    return made


STANDINGS = {
    "room": with_room,
    "nobody": nobody_there,
    **{cause.__name__: closed_by(cause) for cause in CAUSES[:-1]},
}


def test_who_asks_reads_the_same_whether_any_or_none_of_them_has_room(
    client, neighbour, skill, steward
):
    """At the press and on the page after letters were written, by the same statements."""
    client.force_login(steward)
    seen = {}
    for name, stands in STANDINGS.items():
        with transaction.atomic():
            stands(neighbour, skill, steward)
            with CaptureQueriesContext(connection) as asked:
                answer = client.post(page_of(neighbour), words(skill))
            remind(timezone.now())
            shape = [re.sub(r"[0-9]+", "", query["sql"])[:60] for query in asked]
            then = without_token(client.get(answer.url))
            page = re.sub(r"/(calls|catalogue)/[0-9]+/", "", then)
            seen[name] = (answer.status_code, shape, page)
            transaction.set_rollback(True)

    assert seen["room"][0] == 302
    assert {name: one == seen["room"] for name, one in seen.items()} == dict.fromkeys(
        STANDINGS, True
    )


def test_what_nobody_of_them_took_ends_with_a_way_to_ask_everybody_else(client, neighbour):
    call, skill = begun(neighbour)
    author, ask_all = call.listing.author, reverse("exchange:call", args=[call.listing_id])
    member(neighbour, skill)
    other = able(skill)

    remind(NOON)
    remind(NOON + 9 * DAY)

    told = Notice.objects.get(recipient=author)
    assert "you asked the people of Wikimedia Next Door" in told.body
    assert "nobody had the time" in told.body
    assert call.get_absolute_url() in told.body
    client.force_login(author)
    over = plain(client.get(call.get_absolute_url()))
    assert "nobody else is asked" in over
    assert f'href="{ask_all}"' in over
    client.post(ask_all, {"reply_by": timezone.localdate() + DAY})
    to_all = OpenCall.objects.open().get()
    assert to_all.addressed_to is None
    remind(timezone.now())
    assert written(to_all) == {other.username}


def test_while_they_are_asked_it_can_be_opened_to_all_from_its_page(client, neighbour):
    call, _skill = begun(neighbour)
    client.force_login(call.listing.author)
    ask_all = reverse("exchange:call", args=[call.listing_id])

    assert f'href="{ask_all}"' in plain(client.get(call.get_absolute_url()))
    assert "only the people of Wikimedia Next Door" in plain(client.get(ask_all))
    until = timezone.localdate() + 20 * DAY
    answer = client.post(ask_all, {"reply_by": until})

    assert answer.url == call.get_absolute_url()
    call.refresh_from_db()
    assert (OpenCall.objects.count(), call.addressed_to, call.reply_by) == (1, None, until)
    assert "You ask everybody who can do this" in plain(client.get(answer.url))


def test_a_second_press_of_the_form_leads_to_what_the_first_began(
    client, neighbour, skill, steward
):
    client.force_login(steward)

    came = [client.post(page_of(neighbour), words(skill)).url for _ in range(2)]

    assert came == [OpenCall.objects.get().get_absolute_url()] * 2
    assert Listing.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_four_presses_at_once_one_asks(neighbour, skill, steward):
    def press():
        row = Listing(
            author=steward,
            kind="request",
            of="service",
            title="A",
            body="B",
            language="en",
            revision="form",
        )
        calls.ask_people_of(neighbour, Written(row, [skill], [], ""), SOON, at=NOON)

    came = together(*[press] * 4, refused=IllegalMove)

    assert came.count("IllegalMove") == 3
    assert (OpenCall.objects.count(), Listing.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_opened_at_the_moment_at_which_letters_are_written_nobody_hears_twice(neighbour):
    call, skill = begun(neighbour)
    for _ in range(3):
        member(neighbour, skill)
        able(skill)

    together(
        *[partial(calls.write, call.pk, at=NOON)] * 3, partial(calls.open_to_all, call, SOON)
    )
    calls.write(call.pk, at=NOON + DAY)

    assert call.letters.count() == Notice.objects.filter(kind="call").count() == 6


WRONG = {
    "no skill": ({"skills": ""}, "skills"),
    "no words": ({"body": ""}, "body"),
    "a day that is over": ({"reply_by": "2020-01-01"}, "reply_by"),
    "a day far away": ({"reply_by": "2099-01-01"}, "reply_by"),
    "hours below nothing": ({"hours": "-1"}, "hours"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_said_beside_it_and_what_was_typed_is_kept(
    client, neighbour, skill, steward, wrong
):
    client.force_login(steward)
    typed, field = WRONG[wrong]

    answer = client.post(page_of(neighbour), words(skill, title="My own words", **typed))

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert 'value="My own words"' in plain(answer)
    assert (OpenCall.objects.count(), Listing.objects.count()) == (0, 0)


def hides(me):
    Person.objects.filter(pk=me.pk).update(visibility="hidden")


def asks_often(me):
    for _ in range(5):
        more = ListingFactory(kind="request", author=me, skills=[SkillFactory()])
        calls.begin(more, SOON, at=timezone.now())


CANNOT = {
    "Nobody sees you at the moment": hides,
    "often this week. Wait a while": asks_often,
}


@pytest.mark.parametrize("said", CANNOT)
def test_who_can_ask_nobody_now_is_told_and_nothing_is_posted(
    client, neighbour, skill, steward, said
):
    CANNOT[said](steward)
    before = Listing.objects.count(), OpenCall.objects.count()
    client.force_login(steward)

    page = plain(client.post(page_of(neighbour), words(skill, title="My own words")))

    assert said in page
    assert 'value="My own words"' in page
    assert (Listing.objects.count(), OpenCall.objects.count()) == before


def test_nobody_asks_in_the_name_of_an_affiliate_for_which_they_do_not_speak(
    client, neighbour, skill, steward
):
    client.force_login(steward)

    given = client.get(f"{page_of(neighbour)}?affiliate=next-door").context["form"]
    answer = client.post(page_of(neighbour), words(skill, affiliate=neighbour.pk))

    assert given["affiliate"].value() is None
    assert list(answer.context["form"].errors) == ["affiliate"]
    assert not Listing.objects.exists()


def test_the_form_takes_as_many_statements_with_three_of_all_as_with_one(
    client, neighbour, skill, steward, django_assert_num_queries
):
    client.force_login(steward)
    address = f"{page_of(neighbour)}?skills=interpreting&affiliate=home"
    client.get(address)
    with CaptureQueriesContext(connection) as first:
        client.get(address)
    for _ in range(2):
        MembershipFactory(person=steward, role="steward")
        member(neighbour, skill)
    more = ",".join(SkillFactory().slug for _ in range(2))

    assert len(first) <= 14
    with django_assert_num_queries(len(first)):
        client.get(f"{page_of(neighbour)}?skills=interpreting,{more}&affiliate=home")


def test_letters_to_ten_take_as_many_reads_as_a_letter_to_one(neighbour):
    counts = []
    for people in (1, 10):
        call, skill = begun(neighbour)
        for _ in range(people):
            member(neighbour, skill)
        with CaptureQueriesContext(connection) as asked:
            calls.write(call.pk, at=NOON)
        reads = [
            query for query in asked if query["sql"].startswith(("SELECT", "\n    SELECT"))
        ]
        counts.append(len([one for one in reads if "noticepreference" not in one["sql"]]))

    assert counts[0] == counts[1]


def test_however_many_are_full_as_few_statements_look_at_them(neighbour):
    asker, counts, period = PersonFactory(), [], days(NOON.date(), SOON + 90 * DAY)
    for number in (1, 410):
        people = Person.objects.bulk_create(PersonFactory.build_batch(number))
        Bandwidth.objects.bulk_create(
            Bandwidth(person=person, period=period, weekly_hours=0) for person in people
        )
        with CaptureQueriesContext(connection) as asked:
            gate.with_room_among(Person.objects.all(), asker=asker, now=NOON, wish=gate.Wish())
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 4


def test_the_page_of_an_affiliate_leads_to_its_form(client, neighbour):
    client.force_login(PersonFactory())

    assert page_of(neighbour) in plain(client.get(neighbour.get_absolute_url()))


def test_a_stranger_to_the_call_finds_none(client, neighbour):
    call, skill = begun(neighbour)
    client.force_login(member(neighbour, skill))

    assert client.get(call.get_absolute_url()).status_code == 404


def test_a_member_answers_by_the_same_gate(neighbour):
    call, skill = begun(neighbour)
    helper = member(neighbour, skill)
    calls.write(call.pk, at=NOON)
    of_all.unwilling(call.listing.author, None)

    with pytest.raises(gate.NotTakingRequests):
        calls.answer(call, helper, Words("I can"), at=NOON)
