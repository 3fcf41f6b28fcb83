"""Whoever applies reads nothing of others by any address: every kind of row is marked.

In all that is private of others, and in what is written about one's own application, every
column holds a mark of its own. Then every address is walked with the key of each row that it
could be about: all of others, and one's own.
"""

import re
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from capx import erasure
from grandtour import models as rows
from grandtour.models import Edition, Phase
from tests.addresses import address, decided, routes, world
from tests.factories import AffiliateFactory, MembershipFactory, OrganiserFactory, PersonFactory
from tests.grandtour.planted import Marks, private
from tests.grandtour.test_leaving_to_others import planned_for
from tests.grandtour.tours import (
    AssignmentFactory,
    ClaimFactory,
    PhaseFactory,
    ReadFactory,
    ReceiptFactory,
    ReviewerFactory,
    ReviewingFactory,
    SeatFactory,
    StopFactory,
    scored,
)
from tests.told import told, words
from volunteers.models import Notice, Person

pytestmark = pytest.mark.django_db
# What reviews of one's own come to, and what a plan made of them: 83.17, 61.39, their mean,
# how far they lie apart, points of a place and of what reviewers think.
NUMBERS = re.compile(
    r"(?<![\d.,])(?:83[.,]1\d|61[.,]39|72[.,]28|10[.,]89|15[.,]40|21[.,]78|7\D?3917|6\D?1843)"
)
TAG = re.compile(r"<[^>]*>")
# What is told once somebody has left, refused or called off, which nobody here has.
UNSEEN = {"ApplicationEvent", "Journey", "Seat", "Stop"}
ROLES = (
    "who belongs to a host and reads for another edition",
    "who also organises",
)


@pytest.fixture
def _nothing_found(monkeypatch):
    """Spare thousands of guesses the page that says that there is nothing."""
    nothing = HttpResponse(status=404)
    monkeypatch.setattr("capx.urls.handler404", lambda *_a, **_k: nothing, raising=False)


def of_others(w):
    """Let somebody have at least one row of everything that is private."""
    now = timezone.now()
    person, read, home = w.asker, w.assignment.application, w.home
    scored(read, w.assignment.reviewer, 4, 1, at=now, words="?")
    for application in (read, w.cost.seat.application):
        rows.Needs.objects.create(application=application, shown_to_hosts_at=now)
    rows.Transcript.objects.create(application=read, words="?")
    rows.Redaction.objects.create(application=read, kind="by_hand", phrase="?")
    rows.ApplicationEvent.objects.create(application=read, state="in_review", at=now)
    question = rows.Question.objects.create(edition=w.application.edition, number=1, words="?")
    rows.Answer.objects.create(application=w.application, question=question, words="?")
    stop = home.journey.stops.get()
    for seat in (home, None):
        rows.StopNote.objects.create(
            stop=stop, seat=seat, person=person, written_at=now - timedelta(days=99), good="?"
        )
    rows.TravelReport.objects.create(seat=home, submitted_at=now, learnt="?")
    rows.JourneyEvent.objects.create(journey=w.seat.journey, what="offered", at=now)
    rows.NeedsCount.objects.create(edition=home.edition, kind="diet", number=1)
    rows.Leg.objects.create(
        journey=w.seat.journey,
        seat=w.seat,
        target=w.seat.journey.stops.get(),
        mode="rail",
        km=300,
        grams=3000,
        grams_plain=3000,
        factor="rail",
        factor_kg=0.01,
        factor_kg_plain=0.01,
        source="DESNZ",
        year=2025,
    )
    rows.SignUp.objects.create(event=w.invited, person=person, place=1, signed_up_at=now)
    lesson = w.taught.lessons.get(number=1)
    rows.LessonDone.objects.create(person=person, lesson=lesson, done_at=now)
    rows.ExerciseAnswer.objects.create(
        person=person, exercise=lesson.exercises.get(number=2), words="?"
    )
    for one in w.taught.lessons.all():
        rows.LessonDone.objects.get_or_create(person=w.member, lesson=one, done_at=now)
    rows.Completion.objects.create(person=w.member, version=w.taught, day=now.date())


def beside(seat, person, affiliate):
    """Give somebody a place like this one in another journey of the same edition."""
    stop = seat.journey.stops.first()
    other = StopFactory(
        journey__edition=seat.edition,
        journey__state=seat.journey.state,
        host__affiliate=affiliate,
        host__state="accepted",
        host__decided_at=timezone.now(),
        arrive=stop.arrive,
        leave=stop.leave,
    )
    same = ("state", "offered_at", "reply_by", "accepted_at")
    return SeatFactory(
        journey=other.journey,
        application__person=person,
        application__state=seat.application.state,
        **{name: getattr(seat, name) for name in same},
    )


def applies(w, person, marks):
    """Let somebody else apply everywhere, travel, and be decided about; give their world."""
    ours, now = AffiliateFactory(), timezone.now()
    seat, home, paid = (beside(one, person, ours) for one in (w.seat, w.home, w.cost.seat))
    cost = ReceiptFactory(cost=ClaimFactory(seat=paid)).cost
    for edition in Edition.objects.exclude(applications__person=person):
        ReadFactory(edition=edition, person=person)
    read = rows.Application.objects.get(person=person, edition=w.assignment.reviewer.edition)
    for number in range(2):
        scored(read, ReviewerFactory(edition=read.edition), 4, 4, at=now, words=f"{number}")
    rows.Redaction.objects.create(application=read, kind="by_hand", phrase="?")
    letter = decided(read, w.ruler)
    about_them = [*read.reviews.all(), *read.redactions.all(), letter]
    for row in about_them:
        marks.plant(row)
    for score, review in zip(("83.17", "61.39"), read.reviews.order_by("pk"), strict=True):
        rows.Review.objects.filter(pk=review.pk).update(score=score)
    planned_for(read, w.organiser)
    return replace(
        w,
        application=rows.Application.objects.get(person=person, edition=w.host.edition),
        assignment=read.assignments.first(),
        letter=letter,
        seat=seat,
        home=home,
        cost=cost,
        item=rows.ChecklistItem.objects.create(seat=home, what="papers", due=now.date()),
        passed_on=rows.Sharing.objects.create(seat=home, day=now.date(), what="A talk"),
        looks_back=rows.LookBack.objects.create(person=person, seat=home, asked_at=now),
    )


def reads_elsewhere(person):
    """Let somebody read blind for an edition to which they have not applied."""
    today = timezone.localdate()
    edition = ReviewingFactory(phases=False)
    PhaseFactory(edition=edition, first_day=today, last_day=today)
    reviewer = ReviewerFactory(edition=edition, person=person)
    AssignmentFactory(application=ReadFactory(edition=edition), reviewer=reviewer)


# Whose keys stand in an address, by how it begins; of an address that begins otherwise no row
# of a tour.
MODELS = {
    "grand-tour/applications/": rows.Application,
    "grand-tour/checklist/": rows.ChecklistItem,
    "grand-tour/costs/": rows.Cost,
    "grand-tour/events/": rows.StopEvent,
    "grand-tour/hosts/": rows.Host,
    "grand-tour/journeys/": rows.Journey,
    "grand-tour/places/": rows.Seat,
    "grand-tour/reading/": rows.Assignment,
    "grand-tour/shared/": rows.Sharing,
    "grand-tour/stops/": rows.Stop,
    "grand-tour/look-back/": None,  # signed
    "admin/grandtour/cost/fund/": rows.Fund,
    "admin/grandtour/cost/line/": rows.BudgetLine,
    "admin/grandtour/cost/of/": rows.Edition,
    "admin/grandtour/cost/": rows.Cost,
    "admin/grandtour/edition/": rows.Edition,
    "admin/grandtour/host/": rows.Host,
    "admin/grandtour/journey/seats/": rows.Seat,
    "admin/grandtour/journey/": rows.Journey,
    "admin/grandtour/lookbackanswer/": rows.LookBackAnswer,
    "admin/grandtour/plan/of/": rows.Edition,
    "admin/grandtour/plan/": rows.Plan,
    "admin/grandtour/training/": rows.Training,
    "admin/grandtour/trainingversion/": rows.TrainingVersion,
    "admin/grandtour/lesson/": rows.Lesson,
}
KEYS = ("<int:pk>", "<path:object_id>")


def guessed(route, w):
    """Fill in an address with every key that it could be about, each also as it is meant."""
    about = next((start for start in MODELS if route.startswith(start)), None)
    if "grand" in route and any(key in route for key in KEYS):
        assert about, f"Whose key is it in {route}?"
    model = MODELS.get(about)
    if model is None:
        return {address(route, w)}
    found = set()
    for row in model.objects.all():
        path = route.replace("<slug:slug>", w.skill.slug).replace("<int:stop>", "1")
        for key in KEYS:
            path = path.replace(key, str(row.pk))
        if "<int:key>" in path:
            kind = rows.DecisionLetter if "/letters/" in path else rows.Application
            found |= {
                f"/{path.replace('<int:key>', str(key.pk))}" for key in kind.objects.all()
            }
        else:
            found.add(f"/{path}")
    return found


def of_slugs(route):
    """Fill in the address of each edition."""
    if not route.startswith("grand-tour/<slug:slug>/"):
        return set()
    return {f"/{route.replace('<slug:slug>', one.slug)}" for one in Edition.objects.all()}


def asked(first, method, path):
    """Give what an address answers; whatever it changed is undone, also who is signed in."""
    client = Client()
    client.cookies = deepcopy(first.cookies)
    before = transaction.savepoint()
    answer = getattr(client, method)(path)
    page = told(answer)
    transaction.savepoint_rollback(before)
    return answer.status_code, page


def marked():
    """Make a world in which all that is private is marked."""
    w, marks = world(), Marks()
    Phase.objects.update(names_shown=True, others="always")
    of_others(w)
    for model in private():
        assert model.objects.exists(), f"nothing of others in {model.__name__}"
        for row in model.objects.all():
            marks.plant(row)
    return w, marks


@pytest.mark.usefixtures("pages_only", "_nothing_found")
def test_whom_it_concerns_finds_the_marks():
    """Prove that the test below looks where there is something to see."""
    w, marks = marked()
    found = set()
    for person in (w.asker, w.organiser, w.assignment.reviewer.person, w.author):
        client = Client()
        client.force_login(person)
        for route in routes():
            paths = guessed(route, w) if "/places/" in route else {address(route, w)}
            for path in paths if "grand" in route or route.startswith("me/") else ():
                page = asked(client, "get", path)[1]
                found |= {where.split()[0] for where in marks.found(page)}

    assert marks.models - found == UNSEEN


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.usefixtures("pages_only", "_nothing_found")
def test_an_applicant_finds_nothing_of_others_and_no_review_by_any_address(client, role):
    w, marks = marked()
    person = OrganiserFactory() if role == "who also organises" else PersonFactory()
    mine = applies(w, person, marks)
    if role != "who also organises":
        MembershipFactory(affiliate=w.affiliate, person=person, role="member")
        reads_elsewhere(person)
    client.force_login(person)

    found, pages = {}, 0
    paths = {
        path: route
        for route in routes()
        for path in (
            guessed(route, w) | of_slugs(route) | {address(route, one) for one in (w, mine)}
        )
    }
    read = mine.assignment.application_id, w.assignment.application_id
    compared = f"/admin/grandtour/edition/{w.assignment.reviewer.edition_id}/review/compare/"
    paths |= {f"{compared}?of={read[0]}&of={read[1]}": "compared"}
    for path, route in paths.items():
        for method in ("get", "post") if "grand" in route else ("get",):
            status, page = asked(client, method, path)
            pages += status == 200
            if where := marks.found(page) + NUMBERS.findall(TAG.sub(" ", page)):
                found[f"{method} {route} {path}"] = where
    file = words(b"".join(erasure.gift(Person.objects.get(pk=person.pk))), "application/zip")
    letters = Notice.objects.filter(recipient=person)
    mail = "\n".join(f"{one.subject} {one.body} {one.link}" for one in letters)

    assert found == {}
    assert marks.found(file) == []
    assert marks.found(mail) == []
    assert pages > 100
    assert len(paths) > 400
    journey = rows.Journey.objects.get(plan__isnull=False, seats__person=person)
    page = client.get(journey.get_absolute_url()).text
    assert "how your application was read" in page
