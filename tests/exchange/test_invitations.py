"""Inviting people who want to learn what one teaches."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from capx.states import IllegalMove
from exchange.actions import agreements, calls, exchanges, listings
from exchange.actions import invitations as actions
from exchange.models import Exchange, Invitation, Listing
from exchange.reminders.invitations import remind
from tests.exchange.agreeing import DAY, MONDAY, NOON
from tests.exchange.test_listings_posting import WORDS
from tests.factories import ListingFactory, PersonFactory, PersonSkillFactory, SkillFactory
from tests.together import together
from volunteers import gate, mailbox
from volunteers.actions import rest
from volunteers.models import (
    Ask,
    Bandwidth,
    Block,
    Check,
    Notice,
    Person,
    PersonLanguage,
    PersonSkill,
    Rest,
)
from volunteers.models.bandwidth import days

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
A_WEEK = timedelta(days=7)
EMPTY = "Just now there is nobody to invite"


@pytest.fixture
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def training(**fields):
    fields = {"seats": 5, "first_day": MONDAY, "last_day": MONDAY, "hours": 4} | fields
    skill = SkillFactory(slug="interpreting", label="Interpreting")
    return ListingFactory(
        of="training", title="First steps", author__name="Ada", skills=[skill], **fields
    )


def learner(listing, **fields):
    skill = listing.skills.get()
    person = PersonFactory(**fields)
    return PersonSkillFactory(skill=skill, how="wants", person=person).person


def invited(listing=None, **fields):
    listing = listing or training()
    return actions.invite(listing, learner(listing, **fields), at=NOON)


def address(listing):
    return reverse("exchange:invite", args=[listing.pk])


def page(client, listing, path=None):
    client.force_login(listing.author)
    return client.get(path or address(listing)).content.decode()


def press(client, listing, person, **words):
    client.force_login(listing.author)
    return client.post(address(listing), {"person": person.pk, **words}, follow=True)


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_who_wants_to_learn_it_is_shown_on_the_page_of_ones_own_training(client):
    listing = training()
    bo = learner(listing, name="Bo")
    PersonSkillFactory(skill=listing.skills.get(), how="teaches", person__name="Teacher")
    PersonSkillFactory(how="wants", person__name="Elsewhere")

    for path in (listing.get_absolute_url(), address(listing)):
        shown = page(client, listing, path)
        assert "Invite people who want to learn this" in shown
        assert f'name="person" value="{bo.pk}"' in shown
        assert "Teacher" not in shown
        assert "Elsewhere" not in shown


def test_nobody_else_sees_whom_one_can_invite(client):
    listing = training()
    bo = learner(listing, name="Bo")
    for viewer in (bo, PersonFactory()):
        client.force_login(viewer)
        shown = client.get(listing.get_absolute_url()).content.decode()
        assert "Invite people" not in shown
        assert client.get(address(listing)).status_code == 404
        assert client.post(address(listing), {"person": bo.pk}).status_code == 404
    assert not Ask.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "paused"},
        {"state": "taken"},
        {"state": "expired"},
        {"kind": "request", "seats": None},
        {"hidden_at": NOON},
    ],
)
def test_only_an_open_training_that_is_offered_invites(client, fields):
    listing = training(**fields)
    bo = learner(listing)

    assert "Invite people" not in page(client, listing, listing.get_absolute_url())
    assert client.get(address(listing)).status_code == 404
    with pytest.raises(exchanges.NotOpen):
        actions.invite(listing, bo, at=NOON)


def rests(person, _author):
    Rest.objects.create(person=person, period=days(TODAY - DAY, TODAY + DAY))


def blocks(person, author):
    Block.objects.create(person=person, blocked=author)


def is_blocked(person, author):
    Block.objects.create(person=author, blocked=person)


def is_unwilling(person, _author):
    Person.objects.filter(pk=person.pk).update(may_be_asked=False)


def has_hidden(person, _author):
    Person.objects.filter(pk=person.pk).update(visibility="hidden")


def was_hidden(person, _author):
    Person.objects.filter(pk=person.pk).update(hidden_at=NOON)


def is_gone(person, _author):
    Person.objects.filter(pk=person.pk).update(is_active=False)


def is_full(person, _author):
    period = days(TODAY - 30 * DAY, TODAY + 90 * DAY)
    Bandwidth.objects.create(person=person, period=period, weekly_hours=0)


def said_no(person, author):
    Ask.objects.create(
        person=person, asker=author, asked_at=NOON, answered_at=NOON, declined=True
    )


def is_paused(listing):
    listings.pause(listing)


def is_withdrawn(listing):
    listings.withdraw(listing, at=NOON)


CAUSES = [
    *(rests, blocks, is_blocked, is_unwilling, has_hidden, was_hidden, is_gone, is_full),
    said_no,
]


@pytest.mark.usefixtures("_noon")
@pytest.mark.parametrize("cause", CAUSES)
def test_who_cannot_be_asked_is_neither_shown_nor_invited_and_no_word_says_why(client, cause):
    listing = training()
    nobody = page(client, listing)
    bo = learner(listing, name="Bo")
    cause(bo, listing.author)

    assert EMPTY in nobody
    assert page(client, listing).partition("<main")[2] == nobody.partition("<main")[2]
    with pytest.raises(gate.NotTakingRequests):
        actions.invite(listing, bo, at=NOON)
    assert not Invitation.objects.exists()
    assert not Notice.objects.exists()


@pytest.mark.usefixtures("_noon")
def test_they_stand_in_the_order_in_which_others_do_and_are_ten_at_most(client):
    listing = training()
    tight, asked, fresh, speaks = (learner(listing, name=name) for name in "TAFS")
    Ask.objects.create(person=tight, asker=PersonFactory(), asked_at=NOON, answered_at=NOON)
    asked.last_asked_at = NOON - 90 * DAY
    asked.save()
    for person in (listing.author, speaks):
        PersonLanguage.objects.create(person=person, language="uk", level="4")
    shown = page(client, listing)
    keys = [f'value="{person.pk}"' for person in (speaks, fresh, asked, tight)]
    assert sorted(keys, key=shown.index) == keys

    for _ in range(9):
        learner(listing)
    assert page(client, listing).count('name="person" value=') == 10


def test_the_page_takes_as_many_statements_for_three_as_for_one(client):
    listing = training()
    client.force_login(listing.author)
    asked = []
    for _ in range(3):
        learner(listing)
        actions.invite(listing, learner(listing), at=timezone.now())
        with CaptureQueriesContext(connection) as statements:
            client.get(address(listing))
        asked.append(len(statements))
    assert asked == asked[:1] * 3


@pytest.mark.usefixtures("_noon")
def test_a_press_asks_through_the_gate_is_noted_and_writes_one_letter(client):
    listing = training()
    bo = learner(listing, name="Bo")

    answer = press(client, listing, bo)

    invitation = Invitation.objects.get()
    assert said(answer) == ["Bo is invited, and has a week to answer."]
    assert (invitation.person, invitation.state) == (bo, "waiting")
    ask = Ask.objects.get()
    assert (ask.person, ask.asker, ask.invited) == (bo, listing.author, False)
    assert Check.objects.get().person == bo
    letter = Notice.objects.get()
    assert (letter.recipient, letter.kind, letter.link) == (
        bo,
        "ask",
        invitation.get_absolute_url(),
    )
    assert "Ada invites you to a training: First steps" in letter.subject
    shown = answer.content.decode()
    assert "Invited" in shown
    assert 'name="person" value=' not in shown


@pytest.mark.usefixtures("_noon")
def test_nobody_is_invited_twice_to_one_training(client):
    invitation = invited(name="Bo")
    actions.decline(invitation, at=NOON)

    answer = press(client, invitation.listing, invitation.person)

    assert said(answer) == ["It has changed meanwhile. This is how it stands now."]
    assert Ask.objects.count() == 1
    with pytest.raises(IntegrityError, match="invitation_once"), transaction.atomic():
        Invitation.objects.create(
            listing=invitation.listing,
            person=invitation.person,
            ask=Ask.objects.create(
                person=invitation.person, asker=invitation.listing.author, asked_at=NOON
            ),
            invited_at=NOON,
        )


def test_the_database_knows_whom_an_invitation_is_between():
    listing = training()
    ask = Ask.objects.create(person=PersonFactory(), asker=listing.author, asked_at=NOON)
    with (
        pytest.raises(IntegrityError, match="invitation_between_those_of_its_ask"),
        transaction.atomic(),
    ):
        Invitation.objects.create(
            listing=listing, person=PersonFactory(), ask=ask, invited_at=NOON
        )


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_invite_once():
    listing = training()
    bo = learner(listing)

    def invite():
        return actions.invite(listing, bo, at=NOON)

    came = together(invite, invite, invite, refused=(IllegalMove, gate.Tight))

    assert sum(isinstance(one, Invitation) for one in came) == 1
    assert (Invitation.objects.count(), Ask.objects.count(), Notice.objects.count()) == (1,) * 3


@pytest.mark.django_db(transaction=True)
def test_five_who_invite_one_at_once_against_a_limit_of_three():
    first = training()
    bo = learner(first)
    others = [
        ListingFactory(of="training", seats=5, first_day=MONDAY, last_day=MONDAY)
        for _ in range(4)
    ]
    for one in others:
        one.skills.set(first.skills.all())

    came = together(
        *(lambda one=one: actions.invite(one, bo, "You", at=NOON) for one in (first, *others)),
        refused=(gate.NotTakingRequests,),
    )

    assert sum(isinstance(one, Invitation) for one in came) == 3


@pytest.mark.usefixtures("_noon")
def test_who_has_little_room_is_invited_with_a_reason_which_they_read(client):
    listing = training()
    bo = learner(listing, name="Bo")
    Ask.objects.create(person=bo, asker=PersonFactory(), asked_at=NOON, answered_at=NOON)

    tight = press(client, listing, bo).content.decode()
    assert "Bo has little room. Invite somebody else, or say why it should be them." in tight
    assert "Invite Bo all the same" in tight
    assert not Invitation.objects.exists()
    press(client, listing, bo, why="You asked me about it")

    assert Ask.objects.last().why == "You asked me about it"
    assert "You asked me about it" in Notice.objects.get().body
    client.force_login(bo)
    assert (
        "You asked me about it" in client.get(Invitation.objects.get().get_absolute_url()).text
    )


@pytest.mark.usefixtures("_noon")
def test_a_reason_is_asked_for_once_and_is_about_one_person(client):
    listing = training()
    bo, cy, open_one = (learner(listing, name=name) for name in ("Bo", "Cy", "Open"))
    for person in (bo, cy):
        Ask.objects.create(
            person=person, asker=PersonFactory(), asked_at=NOON, answered_at=NOON
        )

    tight = press(client, listing, bo)
    assert tight.context["form"].errors == {
        "why": ["Bo has little room. Invite somebody else, or say why it should be them."]
    }
    assert f'name="about" value="{bo.pk}"' in tight.text
    blank = press(client, listing, bo, about=bo.pk, why=" ")
    assert blank.context["form"].errors == tight.context["form"].errors

    other = press(client, listing, cy, about=bo.pk, why="You, Bo")
    assert list(other.context["form"].errors) == ["why"]
    assert "Invite Cy all the same" in other.text
    assert "You, Bo" not in other.text
    press(client, listing, open_one, about=bo.pk, why="You, Bo" * 100)
    assert Invitation.objects.get().person == open_one
    assert not Ask.objects.exclude(why="").exists()
    press(client, listing, bo, about=bo.pk, why="You, Bo")
    assert Ask.objects.get(person=bo, asker=listing.author).why == "You, Bo"


@pytest.mark.usefixtures("_noon")
@pytest.mark.parametrize("cause", [rests, blocks, is_blocked, is_unwilling, is_full, said_no])
def test_whatever_closes_it_a_press_says_the_same(client, cause):
    listing = training()
    bo = learner(listing, name="Bo")
    cause(bo, listing.author)

    answer = press(client, listing, bo)

    assert "Bo is not taking requests now. Invite somebody else." in answer.content.decode()
    assert answer.status_code == 200
    assert Check.objects.filter(person=bo).count() == 1


def test_who_no_longer_wants_to_learn_it_or_comes_already_is_not_invited(client):
    listing = training()
    bo, cy = learner(listing), learner(listing)
    PersonSkill.objects.filter(person=bo).delete()
    agreements.take_seat(listing, cy, exchanges.Words(""), at=NOON)

    for person in (bo, cy):
        with pytest.raises(IllegalMove):
            actions.invite(listing, person, at=NOON)
    assert EMPTY in page(client, listing)


def test_who_is_seen_by_nobody_invites_nobody_and_is_told_so(client):
    listing = training(author__visibility="hidden")
    bo = learner(listing)

    assert "Nobody sees you at the moment" in page(client, listing)
    with pytest.raises(calls.NobodySees):
        actions.invite(listing, bo, at=NOON)


def test_a_training_without_skills_says_so_plainly(client):
    listing = training()
    learner(listing)
    listing.skills.clear()

    shown = page(client, listing)

    assert "It does not say yet which skills it teaches" in shown
    assert reverse("exchange:edit", args=[listing.pk]) in shown


def test_who_invites_is_limited_like_who_asks():
    listing = training()
    Ask.objects.bulk_create(
        Ask(person=one, asker=listing.author, asked_at=NOON, answered_at=NOON)
        for one in PersonFactory.create_batch(exchanges.ASKS_A_DAY)
    )
    with pytest.raises(exchanges.TooMany):
        invited(listing)


@pytest.mark.usefixtures("_noon")
def test_who_is_invited_comes_with_one_press(client):
    invitation = invited(name="Bo")
    client.force_login(invitation.person)
    mine = client.get(reverse("exchange:exchanges")).content.decode()
    assert "You are invited" in mine
    assert invitation.get_absolute_url() in mine
    assert "Something waits for you" in client.get("/").content.decode()
    assert "Ada invites you to a training" in client.get(invitation.get_absolute_url()).text

    answer = client.post(reverse("exchange:join", args=[invitation.pk]), follow=True)

    assert said(answer) == ["The seat is yours."]
    seat = Exchange.objects.get()
    assert (seat.state, seat.receiver, seat.place) == ("agreed", invitation.person, 1)
    invitation.refresh_from_db()
    assert invitation.state == "joined"
    assert Ask.objects.filter(answered_at=None).count() == 0
    assert "You are invited" not in client.get(reverse("exchange:exchanges")).text
    assert "Joined" in page(client, invitation.listing)


@pytest.mark.usefixtures("_noon")
def test_a_no_is_told_to_nobody(client):
    invitation = invited(name="Bo")
    waits = page(client, invitation.listing)
    client.force_login(invitation.person)

    answer = client.post(
        reverse("exchange:decline_invitation", args=[invitation.pk]), follow=True
    )

    assert said(answer) == ["Done. A no is fine, and nobody is told."]
    assert page(client, invitation.listing).partition("<main")[2] == waits.partition("<main")[2]
    assert not Notice.objects.exclude(recipient=invitation.person).exists()
    assert not Ask.objects.get().declined


def stays_silent(_invitation, _at):
    pass


def declines(invitation, at):
    actions.decline(invitation, at=at)


def is_seen(client, invitation, second, now):
    """Give all that who invites learns of whom they invited: the gate, pages, another press."""
    me, bo = invitation.listing.author, invitation.person
    offer = bo.listings.get()
    pages = [
        *(bo.get_absolute_url(), offer.get_absolute_url(), address(invitation.listing)),
        *(reverse("exchange:ask", args=[offer.pk]), address(second)),
    ]
    client.force_login(me)
    seen = [client.get(path).text for path in pages]
    with transaction.atomic():
        seen += [press(client, second, bo).text, press(client, second, bo, why="You").text]
        transaction.set_rollback(True)
    mains = [re.sub(r'value="\w{64}"', "", text.partition("<main")[2]) for text in seen]
    return gate.check(bo, asker=me, now=now, wish=gate.Wish()), mains


@pytest.mark.parametrize("open_asks", [1, 3])
@pytest.mark.parametrize("in_between", [is_paused, None])
def test_a_no_looks_like_silence_to_who_invites_on_every_day(client, open_asks, in_between):
    with time_machine.travel(NOON, tick=False) as clock:
        invitation = invited(name="Bo")
        Person.objects.filter(pk=invitation.person_id).update(open_asks=open_asks)
        ListingFactory(author=invitation.person, title="What Bo offers")
        second = ListingFactory(
            of="training",
            seats=5,
            first_day=MONDAY,
            last_day=MONDAY,
            author=invitation.listing.author,
        )
        second.skills.set(invitation.listing.skills.all())
        told = {stays_silent: [], declines: []}
        for answers, seen in told.items():
            with transaction.atomic():
                answers(Invitation.objects.get(pk=invitation.pk), NOON)
                for hours in (0, 24, 167, 168, 24 * 13, 24 * 15):
                    now = NOON + timedelta(hours=hours)
                    clock.move_to(now)
                    if in_between and hours == 24:
                        in_between(invitation.listing)
                    remind(now)
                    seen.append(is_seen(client, invitation, second, now))
                transaction.set_rollback(True)
            invitation.refresh_from_db()
            invitation.listing.refresh_from_db()
            clock.move_to(NOON)

    words = [[word for word, _mains in seen] for seen in told.values()]
    assert words[0] == words[1]
    assert told[stays_silent] == told[declines]
    last = "closed" if open_asks == 1 and not in_between else "tight"
    assert words[0][2] == last
    assert words[0][-2:] == ["tight", "tight" if open_asks == 1 else "open"]


@pytest.mark.usefixtures("_noon")
def test_an_invitation_is_for_whom_it_is_to(client):
    invitation = invited()
    for person in (invitation.listing.author, PersonFactory()):
        client.force_login(person)
        assert client.get(invitation.get_absolute_url()).status_code == 404
        for way in ("exchange:join", "exchange:decline_invitation"):
            assert client.post(reverse(way, args=[invitation.pk])).status_code == 404


@pytest.mark.usefixtures("_noon")
def test_whoever_comes_another_way_is_no_longer_invited(client):
    invitation = invited()

    agreements.take_seat(invitation.listing, invitation.person, exchanges.Words(""), at=NOON)

    invitation.refresh_from_db()
    assert invitation.state == "joined"
    assert not Ask.objects.filter(answered_at=None).exists()


def is_full_now(listing):
    for _ in range(5):
        agreements.take_seat(listing, PersonFactory(), exchanges.Words(""), at=NOON)


def has_expired(listing):
    listings.expire(listing, day=MONDAY + DAY)


def is_hidden(listing):
    Listing.objects.filter(pk=listing.pk).update(hidden_at=NOON)


def author_is_hidden(listing):
    was_hidden(listing.author, None)


def author_hides(listing):
    has_hidden(listing.author, None)


def author_is_left_alone(listing):
    rest.leave_alone(listing.author, TODAY)


def author_takes_no_requests(listing):
    is_unwilling(listing.author, None)


def author_is_blocked(listing):
    blocks(listing.invitations.get().person, listing.author)


ENDS = [
    *(is_full_now, is_paused, is_withdrawn, has_expired, is_hidden, author_is_hidden),
    *(author_hides, author_is_left_alone, author_takes_no_requests),
]


@pytest.mark.usefixtures("_noon")
@pytest.mark.parametrize("end", [*ENDS, author_is_blocked])
def test_invitations_lapse_when_nobody_can_come_any_more(client, end):
    invitation = invited()
    bo = invitation.person
    Notice.objects.filter(recipient=bo).update(not_before=NOON + DAY)

    end(invitation.listing)
    remind(NOON)

    invitation.refresh_from_db()
    assert (invitation.state, invitation.ended_at) == ("lapsed", NOON)
    assert not Ask.objects.filter(person=bo, answered_at=None).exists()
    assert not Notice.objects.get(recipient=bo).by_mail
    client.force_login(bo)
    assert "You are invited" not in client.get(reverse("exchange:exchanges")).text
    shown = client.get(invitation.get_absolute_url())
    assert (shown.status_code, "This invitation is over" in shown.text) == (200, True)
    assert ("First steps" in shown.text) == Listing.objects.visible_to(bo).exists()
    for button in (">I will come<", ">No, thank you<"):
        assert button not in re.sub(r"\s*([<>])\s*", r"\1", shown.text)
    client.post(reverse("exchange:join", args=[invitation.pk]))
    assert not Exchange.objects.filter(receiver=bo).exists()


@pytest.mark.usefixtures("_noon")
@pytest.mark.parametrize("end", ENDS)
def test_what_leads_nowhere_is_shown_to_nobody_before_the_clock_ends_it(client, end):
    invitation = invited()

    end(invitation.listing)

    client.force_login(invitation.person)
    assert "You are invited" not in client.get(reverse("exchange:exchanges")).text
    assert "Something waits for you" not in client.get("/").text
    assert "I will come" not in client.get(invitation.get_absolute_url()).text
    no = client.post(reverse("exchange:decline_invitation", args=[invitation.pk]), follow=True)
    assert no.status_code == 200


@pytest.mark.usefixtures("_noon")
def test_a_block_by_who_invites_looks_like_their_rest(client):
    invitation = invited()
    client.force_login(invitation.person)
    shown = {}
    for cause in (rests, blocks):
        with transaction.atomic():
            cause(invitation.listing.author, invitation.person)
            remind(NOON)
            page = client.get(invitation.get_absolute_url()).text
            shown[cause] = re.sub(r'value="\w{64}"', "", page.partition("<main")[2])
            transaction.set_rollback(True)

    assert "I will come" in shown[blocks]
    assert shown[blocks] == shown[rests]


def comes(invitation):
    actions.join(invitation, at=NOON)


def says_no(invitation):
    actions.decline(invitation, at=NOON)


def lets_it_lapse(invitation):
    actions.lapse(invitation, at=NOON)


@pytest.mark.usefixtures("_noon")
@pytest.mark.parametrize("end", [comes, says_no, lets_it_lapse])
def test_no_letter_goes_about_what_has_its_answer(end, mailoutbox):
    invitation = invited(email="bo@example.org")
    Notice.objects.update(not_before=NOON + DAY)

    end(invitation)

    mailbox.send_some(NOON + 2 * DAY)
    mine = [one.subject for one in mailoutbox if one.to == ["bo@example.org"]]
    assert [subject for subject in mine if "invites you" in subject] == []


def test_an_invitation_ends_after_a_week_also_at_rest_and_nobody_is_reminded():
    one, other = invited(), None
    other = invited(one.listing)
    Rest.objects.create(person=other.person, period=days(TODAY + 2 * DAY, TODAY + 4 * DAY))

    remind(NOON + A_WEEK - timedelta(hours=1))
    assert [row.state for row in Invitation.objects.order_by("pk")] == ["waiting", "waiting"]
    remind(NOON + A_WEEK)
    assert [row.state for row in Invitation.objects.order_by("pk")] == ["lapsed", "lapsed"]
    assert Notice.objects.count() == 2


@pytest.mark.usefixtures("_noon")
def test_the_letter_waits_for_the_end_of_a_rest(mailoutbox):
    invitation = invited()
    rests(invitation.person, None)

    mailbox.send_some(NOON)
    assert mailoutbox == []
    mailbox.send_some(NOON + 3 * DAY)
    assert len(mailoutbox) == 1


@pytest.mark.usefixtures("_noon")
def test_the_page_of_what_is_over_says_so_and_has_no_button(client):
    invitation = invited()
    client.force_login(invitation.person)
    assert "I will come" in client.get(invitation.get_absolute_url()).text
    actions.decline(invitation, at=NOON)
    assert "I will come" not in client.get(invitation.get_absolute_url()).text
    answer = client.post(reverse("exchange:join", args=[invitation.pk]))
    assert said(answer) == ["It has changed meanwhile. This is how it stands now."]
    assert not Exchange.objects.exists()


@pytest.mark.usefixtures("_noon")
def test_a_bottleneck_leads_to_ones_own_training_or_to_the_form_of_one(client):
    parent = SkillFactory(slug="languages", label="Languages")
    listing = training()
    skill = listing.skills.get()
    skill.parent = parent
    skill.save()
    query = {"skills": "languages", "title": "Languages: a training", "affiliate": "here"}
    way = reverse("exchange:teach")

    client.force_login(listing.author)
    assert client.get(way, query)["Location"] == address(listing)

    client.force_login(PersonFactory())
    form = urlsplit(client.get(way, query)["Location"])
    assert form.path == reverse("exchange:post")
    assert parse_qs(form.query) == {
        "kind": ["offer"],
        "of": ["training"],
        "then": ["invite"],
        **{name: [value] for name, value in query.items()},
    }


@pytest.fixture
def words():
    SkillFactory(slug="interpreting")
    day = (timezone.localdate() + 30 * DAY).isoformat()
    return WORDS | {
        "of": "training",
        "skills": "interpreting",
        "step": "publish",
        "first_day": day,
        "last_day": day,
        "seats": "5",
        "takeaway": "The first steps.",
        "hours": "4",
    }


FORM = f"{reverse_lazy('exchange:post')}?kind=offer&of=training&then=invite"


def test_whoever_posts_a_training_to_invite_lands_where_people_are_invited(client, words):
    client.force_login(PersonFactory())

    answer = client.post(FORM, words)

    made = Listing.objects.get()
    assert made.state == "open"
    assert [skill.slug for skill in made.skills.all()] == ["interpreting"]
    assert answer["Location"] == address(made)


def test_whoever_looks_at_it_first_lands_there_too(client, words):
    client.force_login(PersonFactory())

    page = client.post(FORM, words | {"step": "preview"}, follow=True).text
    made = Listing.objects.get()
    paths = [reverse(f"exchange:{name}", args=[made.pk]) for name in ("publish", "edit")]

    assert [f'"{path}?then=invite"' in page for path in paths] == [True, True]
    made.title = ""
    made.save()
    lacks = client.post(f"{paths[0]}?then=invite")
    assert lacks["Location"] == f"{paths[1]}?then=invite"
    sent = words | {"based_on": client.get(paths[1]).context["form"]["based_on"].value()}
    assert client.post(lacks["Location"], sent)["Location"] == address(made)


def test_whoever_keeps_it_first_finds_people_to_invite_below_it(client, words):
    client.force_login(PersonFactory())
    client.post(FORM, words | {"step": "keep"})
    made = Listing.objects.get()
    learner(made, name="Bo")

    page = client.post(reverse("exchange:publish", args=[made.pk]), follow=True).text

    assert "Invite people who want to learn this" in page
    assert "Bo" in page


@pytest.mark.usefixtures("_noon")
def test_whom_one_has_invited_says_since_when_and_ends_after_fifty(client):
    listing = training()
    for n in range(51):
        ask = Ask.objects.create(
            person=PersonFactory(), asker=listing.author, asked_at=NOON - n * DAY
        )
        Invitation.objects.create(
            listing=listing, person=ask.person, ask=ask, invited_at=ask.asked_at
        )

    shown = page(client, listing)

    assert shown.count("Invited on") == 50
    assert "Invited on 2 March 2026" in re.sub(
        r"<[^>]*>|&nbsp;|\xa0", lambda m: "" if m[0][0] == "<" else " ", shown
    )
