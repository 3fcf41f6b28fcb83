"""Nobody sees or touches at the desk what is their own, or what they have a conflict with."""

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from grandtour.actions import applications, assignments, conflicts, decisions, eligibility
from grandtour.actions.applications import Private, Written
from grandtour.models import (
    Application,
    Assignment,
    Conflict,
    Decision,
    DecisionLetter,
    Journey,
    Phase,
    ReviewEvent,
    Seat,
    barred_to,
)
from tests.addresses import decided, planned
from tests.factories import MembershipFactory, OrganiserFactory
from tests.grandtour.tours import (
    DAY,
    MAY,
    NOON,
    ApplicationFactory,
    AssignmentFactory,
    HostFactory,
    JourneyFactory,
    ReadFactory,
    ReviewerFactory,
    ReviewingFactory,
    SeatFactory,
    StopFactory,
    scored,
)
from volunteers.models import Ask, Block, Notice

pytestmark = pytest.mark.django_db
DESK = ("review", "recap", "compare", "export", "readers", "letters", "application", "letter")


@pytest.fixture
def february():
    """Let it happen while reviews are given and decided about."""
    with time_machine.travel(NOON, tick=False):
        yield


def screen(name, edition, *keys):
    return reverse(f"admin:grandtour_edition_{name}", args=[edition.pk, *keys])


def ruling(person):
    return decisions.Ruling(person, NOON, DAY)


def own(organiser, edition):
    return ReadFactory(edition=edition, person=organiser, goals="Their own goals")


def colleague(organiser, edition):
    application = ReadFactory(edition=edition, goals="Their own goals")
    ours = MembershipFactory(person=organiser).affiliate
    MembershipFactory(person=application.person, affiliate=ours)
    return application


def declared(organiser, edition):
    application = ReadFactory(edition=edition, goals="Their own goals")
    reviewer = ReviewerFactory(edition=edition, person=organiser, reviews=False, decides=True)
    Conflict.objects.create(
        application=application, reviewer=reviewer, kind="declared", found_at=NOON
    )
    return application


WAYS = pytest.mark.parametrize("way", [own, colleague, declared])


def barred(way, client):
    """Give an organiser who may all, and a decided application they leave to others."""
    edition = ReviewingFactory()
    Phase.objects.update(names_shown=True, others="always")
    organiser = OrganiserFactory()
    application = way(organiser, edition)
    reviewer = ReviewerFactory(edition=edition, person__name="Rita Reads")
    scored(application, reviewer, 4, 1, words="Half-baked, in my eyes")
    letter = decided(application, OrganiserFactory())
    DecisionLetter.objects.update(subject="Come with us")
    letter.refresh_from_db()
    client.force_login(organiser)
    return organiser, application, letter


@pytest.mark.parametrize("way", [colleague, declared])
@pytest.mark.usefixtures("february")
def test_no_screen_of_the_desk_shows_what_one_leaves_to_others(client, way):
    _organiser, application, letter = barred(way, client)
    other = ReadFactory(edition=application.edition)
    keys = {"application": [application.pk], "letter": [letter.pk]}

    for name in DESK:
        query = f"?of={application.pk}&of={other.pk}" if name == "compare" else ""
        answer = client.get(screen(name, application.edition, *keys.get(name, [])) + query)
        page = answer.content.decode()
        assert answer.status_code == (404 if name in keys else 200)
        for told in (application.code, "Half-baked", "Their own goals", letter.subject):
            assert told not in page, name
        assert f">{application.person}<" not in page, name
    page = client.get(screen("review", application.edition)).content.decode()
    assert "1 application is left to others" in page
    recap = client.get(screen("recap", application.edition)).content.decode()
    applied = re.search(r"By country.*?<td[^>]*>\s*(\d+)\s*</td>", recap, re.DOTALL)
    assert applied[1] == "2"
    assert not re.search(r'review-number">\s*1\s*<', recap)


@pytest.mark.usefixtures("february")
def test_to_who_applied_the_whole_desk_of_an_edition_is_closed_and_says_whom_to_ask(client):
    _organiser, application, letter = barred(own, client)
    OrganiserFactory(name="Fiona Free")
    other = ReadFactory(edition=application.edition)
    keys = {"application": [other.pk], "letter": [letter.pk]}

    for name in DESK:
        query = f"?of={application.pk}&of={other.pk}" if name == "compare" else ""
        answer = client.get(screen(name, application.edition, *keys.get(name, [])) + query)
        page = answer.content.decode()
        assert answer.status_code == 403, name
        assert "Fiona Free" in page
        assert other.code not in page


@WAYS
@pytest.mark.usefixtures("february")
def test_nothing_is_done_to_what_one_leaves_to_others(client, way):
    organiser, application, letter = barred(way, client)
    edition = application.edition
    reader = ReviewerFactory(edition=edition)
    known = Conflict.objects.create(
        application=application, reviewer=reader, kind="journey", found_at=NOON
    )
    address = screen("application", edition, application.pk)
    closed = 403 if way is own else 404
    of_theirs = {"do": "give", "of": reader.pk}, {"do": "lift", "of": known.pk}
    said = {"do": "hide", "hide-phrase": "x"}, {"do": "more", "more-words": "x"}
    for press in (*of_theirs, *said, {"do": "spoken", "spoken-words": "x"}):
        assert client.post(address, press).status_code == closed
    for press in ({"do": "save", "subject": "x", "body": "x"}, {"do": "discard"}):
        assert client.post(screen("letter", edition, letter.pk), press).status_code == closed
    for press in ("declined", "clear"):
        client.post(screen("review", edition), {"do": press, "of": [application.pk]})
    for press in ("write", "publish"):
        client.post(screen("letters", edition), {"do": press})
    for act in (
        decisions.discard_letter,
        lambda one, by: decisions.edit_letter(one, "", "", by),
    ):
        with pytest.raises(decisions.NotYours):
            act(letter, ruling(organiser))
    conflicts.lift(known, organiser, at=NOON)

    application.refresh_from_db()
    assert application.state == "in_review"
    assert Decision.objects.get().outcome == "shortlisted"
    assert DecisionLetter.objects.get().state == "draft"
    assert Conflict.objects.in_force().filter(pk=known.pk).exists()
    assert not ReviewEvent.objects.filter(verb__in=["redacted", "lifted", "cleared"]).exists()
    # Somebody else does all of it.
    other = OrganiserFactory()
    assert decisions.publish(edition, ruling(other)).total() == 1


@pytest.mark.usefixtures("february")
def test_one_takes_up_only_what_is_not_ones_own():
    organiser, edition = OrganiserFactory(), ReviewingFactory()
    known = ApplicationFactory(edition=edition)
    ours = MembershipFactory(person=organiser).affiliate
    MembershipFactory(person=known.person, affiliate=ours)
    other = ApplicationFactory(edition=edition)
    for one in (known, other):
        one.move("submitted", submitted_at=NOON, consented_at=NOON)

    taken = eligibility.begin_reading([known.pk, other.pk], edition, organiser, at=NOON)

    assert taken == 1
    assert Application.objects.get(state="in_review") == other


def test_conflicts_end_access_when_somebody_asks_not_when_a_clock_does(client):
    assignment = AssignmentFactory()
    now = timezone.localdate()
    Phase.objects.update(first_day=now, last_day=now)
    reader, applicant = assignment.reviewer.person, assignment.application.person
    client.force_login(reader)
    page = reverse("grandtour:read", args=[assignment.pk])
    queue = reverse("grandtour:review", args=[assignment.reviewer.edition.slug])
    assert client.get(page).status_code == 200

    ours = MembershipFactory(person=reader).affiliate
    MembershipFactory(person=applicant, affiliate=ours)

    assert client.get(page).status_code == 404
    assert client.post(page, {}).status_code == 404
    assert assignment.application.code not in client.get(queue).content.decode()
    assert not Conflict.objects.exists()


@pytest.fixture
def named():
    """Give an assignment to somebody whose affiliate the applicant then names as partner."""
    edition = ReviewingFactory(kind="peer_exchange", fewest_stops=1, most_stops=1)
    host = HostFactory(edition=edition, state="accepted", decided_at=NOON)
    speaker = MembershipFactory(affiliate=host.affiliate, role="editor").person
    application = ReadFactory(edition=edition, person__name="Zyxandra", peer_role="mentee")
    reviewer = ReviewerFactory(edition=edition, person=speaker, decides=True)
    assignment = AssignmentFactory(application=application, reviewer=reviewer)
    application.partner = host
    application.save()
    return assignment


def test_who_belongs_to_the_partner_that_is_named_reads_and_decides_nothing(client, named):
    now = timezone.localdate()
    Phase.objects.update(first_day=now, last_day=now)
    application, reader = named.application, named.reviewer.person
    client.force_login(reader)
    assert "Zyxandra" in client.get(application.partner.get_absolute_url()).content.decode()

    assert barred_to(reader, application.edition) == {application.pk}
    assert client.get(reverse("grandtour:read", args=[named.pk])).status_code == 404
    today = decisions.Ruling(reader, timezone.now(), now)
    assert decisions.decide([application.pk], application.edition, "declined", today) == 0

    conflicts.find(application.edition, at=NOON)

    assert Conflict.objects.get().kind == "partner"
    assert not Assignment.objects.live().exists()


def test_who_heard_whose_it_is_knows_it_also_once_another_host_is_named(named):
    application = named.application
    edition = application.edition
    more = {"state": "incomplete", "missing": "More.", "revision": "of this form"}
    Application.objects.filter(pk=application.pk).update(**more)
    application.refresh_from_db()
    written = Written(application, [], [])
    applications.send(written, [MAY], Private(), at=NOON)
    assert Notice.objects.filter(key__startswith="partner-asked").exists()

    Application.objects.update(partner=HostFactory(edition=edition))

    assert barred_to(named.reviewer.person, edition) == {application.pk}


def test_a_block_tells_a_reader_nothing_about_what_they_have():
    assignment = AssignmentFactory()
    application, reviewer = assignment.application, assignment.reviewer
    Block.objects.create(person=reviewer.person, blocked=application.person)

    assert conflicts.find(application.edition, at=NOON) == 0

    assert barred_to(reviewer.person, application.edition) == frozenset()
    assert Assignment.objects.live().get() == assignment


@pytest.mark.parametrize("by_applicant", [True, False])
def test_with_a_block_between_them_nothing_is_given_out_and_nobody_can_tell(by_applicant):
    application = ReadFactory()
    edition = application.edition
    blocked, other = ReviewerFactory.create_batch(2, edition=edition)
    two = [application.person, blocked.person]
    person, whom = two if by_applicant else reversed(two)
    Block.objects.create(person=person, blocked=whom)

    assignments.give_out(edition, 2, OrganiserFactory(), at=NOON)

    assert Assignment.objects.get().reviewer == other
    assert barred_to(blocked.person, edition) == frozenset()
    assert not Conflict.objects.exists()


@pytest.mark.parametrize("by_applicant", [True, False])
def test_nor_is_it_given_by_hand_and_the_desk_says_what_it_says_of_a_conflict(
    client, by_applicant
):
    application = ReadFactory()
    blocked, known, free = ReviewerFactory.create_batch(3, edition=application.edition)
    two = [application.person, blocked.person]
    person, whom = two if by_applicant else reversed(two)
    Block.objects.create(person=person, blocked=whom)
    client.force_login(OrganiserFactory())
    keys = [application.edition_id, application.pk]
    address = reverse("admin:grandtour_edition_application", args=keys)
    ours = MembershipFactory(person=known.person).affiliate
    MembershipFactory(person=application.person, affiliate=ours)

    def said(reviewer):
        page = client.post(address, {"do": "give", "of": reviewer.pk}, follow=True)
        return [str(one) for one in page.context["messages"]]

    refused = said(known)

    assert "or something private stands against it" in refused[0]
    assert said(blocked) == refused
    assert said(free) == ["Done."]
    assert Assignment.objects.get().reviewer == free
    assert not Conflict.objects.filter(reviewer=blocked).exists()


def hosted(reviewer, application):
    """Let somebody have been a guest of the affiliate a reviewer belongs to."""
    stop = StopFactory(host__state="accepted", host__decided_at=NOON, journey=JourneyFactory())
    MembershipFactory(person=reviewer.person, affiliate=stop.host.affiliate)
    SeatFactory(
        journey=stop.journey,
        application__person=application.person,
        state="closed",
        accepted_at=NOON,
    )


def test_hosts_leave_their_guests_to_others():
    application = ReadFactory()
    reviewer = ReviewerFactory(edition=application.edition)
    hosted(reviewer, application)

    assert conflicts.find(application.edition, at=NOON) == 1

    assert Conflict.objects.get().kind == "host"
    assert barred_to(reviewer.person, application.edition) == {application.pk}


def test_lifting_one_kind_leaves_the_others_to_be_found():
    application = ReadFactory()
    edition = application.edition
    reviewer = ReviewerFactory(edition=edition)
    ours = MembershipFactory(person=reviewer.person).affiliate
    MembershipFactory(person=application.person, affiliate=ours)
    conflicts.find(edition, at=NOON)
    conflicts.lift(Conflict.objects.get(), OrganiserFactory(), at=NOON)
    assert conflicts.find(edition, at=NOON) == 0
    assert barred_to(reviewer.person, edition) == frozenset()
    assignments.give(application, reviewer, OrganiserFactory(), at=NOON)
    assert Assignment.objects.readable().count() == 1

    Ask.objects.create(
        person=application.person, asker=reviewer.person, asked_at=NOON, answered_at=NOON
    )

    assert Assignment.objects.readable().count() == 0
    assert conflicts.find(edition, at=NOON) == 1
    assert set(Conflict.objects.in_force().values_list("kind", flat=True)) == {"exchange"}


def test_nobody_lifts_what_stands_in_their_own_way():
    application = ReadFactory()
    reviewer = ReviewerFactory(edition=application.edition, person=OrganiserFactory())
    known = Conflict.objects.create(
        application=application, reviewer=reviewer, kind="declared", found_at=NOON
    )

    conflicts.lift(known, reviewer.person, at=NOON)
    assert Conflict.objects.in_force().exists()

    conflicts.lift(known, OrganiserFactory(), at=NOON)
    assert not Conflict.objects.in_force().exists()


def statements(act):
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def costs(number, organiser):
    """Count the statements of each step from a first look to the letters, for so many."""
    edition, by = ReviewingFactory(), ruling(organiser)
    keys = [one.pk for one in ApplicationFactory.create_batch(number, edition=edition)]
    Application.objects.filter(pk__in=keys).update(
        state="submitted", submitted_at=NOON, consented_at=NOON
    )
    return [
        statements(act)
        for act in (
            lambda: eligibility.begin_reading(keys, edition, organiser, at=NOON),
            lambda: decisions.decide(keys, edition, "waiting", by),
            lambda: decisions.write_letters(edition, by),
            lambda: decisions.clear(keys, edition, by),
            lambda: decisions.decide(keys, edition, "declined", by),
            lambda: decisions.write_letters(edition, by),
            lambda: decisions.publish(edition, by),
        )
    ]


@pytest.mark.usefixtures("february")
def test_deciding_about_many_costs_as_much_as_about_few():
    organiser = OrganiserFactory()
    costs(1, organiser)

    few, many = costs(2, organiser), costs(12, organiser)

    assert few == many
    assert max(many) <= 25
    assert Application.objects.filter(state="declined").count() == 15


def planned_for(application, organiser):
    """Give somebody a place in a journey that was planned, with reasons in numbers."""
    reason = {
        "key": f"a{application.pk}",
        "code": "placed",
        "points": 73917,
        "parts": {"score": 61843, "first_time": 12074},
        "stays": [],
        "rules": {},
    }
    seat = SeatFactory(
        journey=JourneyFactory(edition=application.edition), application=application
    )
    plan = planned(seat, organiser)
    plan.reasons = {"travellers": [reason], "stays": []}
    plan.save()
    Journey.objects.filter(pk=seat.journey_id).update(plan=plan, state="offered")
    Seat.objects.filter(pk=seat.pk).update(state="accepted", accepted_at=timezone.now())
    return plan
