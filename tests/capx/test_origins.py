"""What came of what: offers and practices of journeys, journeys of requests."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from capx import erasure
from exchange.actions import listings, practices
from exchange.models import Listing, Practice
from grandtour.actions import applications, checklists
from grandtour.models import Application, Edition, Host, Journey, Reviewer, TravelReport
from tests.exchange.test_follow_ups import done
from tests.factories import (
    ExchangeFactory,
    ListingFactory,
    MembershipFactory,
    OrganiserFactory,
    PersonFactory,
    SkillFactory,
)
from tests.grandtour.tours import (
    NOON,
    ApplicationFactory,
    EditionFactory,
    HostFactory,
    ReviewingFactory,
    SeatFactory,
    StopFactory,
)
from volunteers.models import Origin

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    """Give a place of somebody who is home again, and has reported."""
    stop = StopFactory(
        journey__state="offered",
        host__state="accepted",
        host__decided_at=NOON,
        accepted_at=NOON,
        accepted_by=PersonFactory(),
    )
    Journey.objects.filter(pk=stop.journey.pk).update(state="returned")
    stop.journey.refresh_from_db()
    seat = SeatFactory(
        journey=stop.journey,
        application__state="travelled",
        state="returned",
        accepted_at=NOON,
    )
    report = TravelReport.objects.create(
        seat=seat,
        submitted_at=NOON,
        learnt="They scan on Tuesdays, with tea.",
        changes="We scan on Thursdays now.",
        for_next="Bring biscuits.",
    )
    report.skills.set([SkillFactory(slug="scanning")])
    return seat


def press(client, person, name, *args, **said):
    client.force_login(person)
    return client.post(reverse(name, args=args), said)


def test_an_offer_of_what_was_learnt_opens_with_the_words_of_the_report(client, home):
    answers = [
        press(client, home.person, "learnt_offer", home.pk, "scanning") for _twice in range(2)
    ]

    listing = Listing.objects.get()
    assert {answer.url for answer in answers} == {reverse("exchange:edit", args=[listing.pk])}
    assert listing.state == "draft"
    assert listing.body == "They scan on Tuesdays, with tea.\n\nWe scan on Thursdays now."
    assert [skill.slug for skill in listing.skills.all()] == ["scanning"]
    assert "They scan on Tuesdays" in client.get(answers[0].url).content.decode()
    page = client.get(reverse("grandtour:report", args=[home.pk])).content.decode()
    assert reverse("learnt_offer", args=[home.pk, "scanning"]) in page


def test_it_counts_as_come_of_the_journey_once_it_is_published(client, home):
    checklists.write(home)
    seen_to = home.checklist.as_they_stand().filter(what="offer")
    press(client, home.person, "learnt_offer", home.pk, "scanning")
    listing = Listing.objects.get()
    origin = Origin.objects.get()
    assert (origin.source, origin.source_key, origin.told_at) == ("place", home.pk, None)
    assert seen_to.get().settled_at is None

    listings.publish(listing, at=NOON)

    assert Origin.objects.told().get().told_at == NOON
    assert seen_to.get().settled_at == NOON


def test_an_exchange_that_was_done_with_such_an_offer_came_of_the_journey_too(home):
    offer = ListingFactory(author=home.person)
    Origin.objects.create(
        source="place",
        source_key=home.pk,
        made="offer",
        made_key=offer.pk,
        person=home.person,
        made_at=NOON,
        told_at=NOON,
    )

    exchange = done(ExchangeFactory(listing=offer))
    done(ExchangeFactory())

    found = Origin.objects.get(made="exchange")
    assert (found.made_key, found.source_key) == (exchange.pk, home.pk)


def test_a_practice_of_the_report_and_one_of_the_application_are_drafts(client, home):
    Edition.objects.update(state="evaluating")
    press(client, home.person, "learnt_report", home.pk)
    press(client, home.person, "learnt_application", home.application.pk)
    press(client, home.person, "learnt_application", home.application.pk)

    told, written = Practice.objects.order_by("pk")
    assert (told.state, written.state) == ("draft", "draft")
    assert (told.tried, told.worked) == (
        "They scan on Tuesdays, with tea.",
        "We scan on Thursdays now.",
    )
    assert written.tried == home.application.goals
    assert not Origin.objects.told().exists()
    practices.keep(practices.Written(written, [], []), at=NOON, publish=True)
    assert Origin.objects.told().get().source == "application"


def test_nobody_makes_a_practice_of_their_application_while_it_is_read(client, home):
    for state in ("open", "reviewing", "matching"):
        Edition.objects.update(state=state)
        answer = press(client, home.person, "learnt_application", home.application.pk)
        assert answer.status_code == 404
    assert not Practice.objects.exists()


def test_an_organiser_makes_a_practice_of_how_money_was_asked_for(client):
    edition = EditionFactory()

    assert press(client, PersonFactory(), "learnt_money", edition.slug).status_code == 404
    press(client, OrganiserFactory(), "learnt_money", edition.slug)

    practice = Practice.objects.get()
    assert practice.state == "draft"
    assert edition.about in practice.tried


def test_who_wishes_to_travel_or_reads_blind_takes_no_words_of_its_money(client):
    """They name journeys that nobody has been told of."""
    edition = ReviewingFactory()
    travels, reads = OrganiserFactory(), OrganiserFactory()
    application = ApplicationFactory(edition=edition, person=travels)
    application.move("submitted", submitted_at=NOON, consented_at=NOON)
    Reviewer.objects.create(
        edition=edition, person=reads, state="reading", asked_at=NOON, answered_at=NOON
    )

    with time_machine.travel(NOON, tick=False):
        for person in (travels, reads):
            assert press(client, person, "learnt_money", edition.slug).status_code == 404
    assert not Practice.objects.exists()


def test_nobody_else_opens_a_form_with_words_of_ones_report(client, home):
    stranger = PersonFactory()

    answers = [
        press(client, stranger, "learnt_offer", home.pk, "scanning"),
        press(client, stranger, "learnt_report", home.pk),
        press(client, stranger, "learnt_application", home.application.pk),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def asked(**more):
    skill = SkillFactory()
    return ListingFactory(
        kind="request", title="Who scans?", body="We have 40 boxes.", skills=[skill], **more
    )


@time_machine.travel(NOON, tick=False)
def test_a_request_begins_an_application_with_its_words(client):
    request = asked()
    host = HostFactory()
    host.shares.set(request.skills.all())
    page = reverse("visit", args=[request.pk])
    client.force_login(request.author)
    assert str(host.affiliate) in client.get(page).content.decode()

    press(client, request.author, "visit", request.pk, edition=host.edition.slug, way="travel")

    made = Application.objects.get()
    assert made.goals == "Who scans?\n\nWe have 40 boxes."
    assert list(made.wants.all()) == list(request.skills.all())
    assert made.get_absolute_url() in client.get(page).content.decode()
    there = client.get(made.get_absolute_url()).content.decode()
    assert reverse("exchange:listing", args=[request.pk]) in there


@time_machine.travel(NOON, tick=False)
def test_what_stands_in_an_application_stays(client):
    request = asked()
    begun = ApplicationFactory(person=request.author)

    slug = begun.edition.slug
    press(client, request.author, "visit", request.pk, edition=slug, way="travel")

    begun.refresh_from_db()
    assert begun.goals == "How others scan newspapers with volunteers of eighty years."
    assert list(begun.wants.all()) == list(request.skills.all())


@time_machine.travel(NOON, tick=False)
def test_an_affiliate_that_asks_can_invite(client):
    steward = MembershipFactory(role="steward")
    request = asked(author=steward.person, affiliate=steward.affiliate)
    slug = EditionFactory().slug

    press(client, steward.person, "visit", request.pk, edition=slug, way="host")

    made = Host.objects.get()
    assert (made.state, made.affiliate) == ("draft", steward.affiliate)
    assert list(made.wants.all()) == list(request.skills.all())
    there = client.get(made.get_absolute_url()).content.decode()
    assert reverse("exchange:listing", args=[request.pk]) in there


@time_machine.travel(NOON, tick=False)
def test_nobody_looks_at_visits_for_the_request_of_another_or_for_an_offer(client):
    request, offer = asked(), ListingFactory()
    slug = EditionFactory().slug
    client.force_login(offer.author)

    for row in (request, offer):
        assert client.get(reverse("visit", args=[row.pk])).status_code == 404
    told = press(client, request.author, "visit", request.pk, edition=slug, way="host")
    assert told.status_code == 404
    assert not Host.objects.exists()


def test_a_draft_that_is_thrown_away_leaves_no_trace():
    application = ApplicationFactory()
    Origin.objects.create(
        source="request",
        source_key=1,
        made="application",
        made_key=application.pk,
        person=application.person,
        made_at=NOON,
    )

    applications.discard(application)

    assert not Origin.objects.exists()


def test_only_what_can_be_comes_of_something_and_each_of_one_thing():
    row = {"source": "place", "source_key": 1, "made_key": 2, "made_at": NOON}
    Origin.objects.create(made="offer", **row)

    for wrong in ({"made": "offer"}, {"made": "host"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Origin.objects.create(**row | wrong)


def test_what_was_told_stays_without_a_name_and_what_was_not_goes():
    person = PersonFactory()
    row = {"source": "place", "source_key": 1, "made": "offer", "person": person}
    Origin.objects.create(made_key=1, made_at=NOON, told_at=NOON, **row)
    Origin.objects.create(made_key=2, made_at=NOON, **row)

    erasure.forget(person, at=NOON + timedelta(days=1), keep_practices=False)

    assert list(Origin.objects.values_list("made_key", "person")) == [(1, None)]
