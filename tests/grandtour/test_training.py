"""Trainings: written in versions, done a lesson at a time, asked for before a journey."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from grandtour.actions import editions, journeys, unready
from grandtour.actions import training as actions
from grandtour.models import (
    Completion,
    Exercise,
    ExerciseAnswer,
    Lesson,
    LessonDone,
    RequiredTraining,
    Training,
    TrainingVersion,
)
from grandtour.models.training import version_for
from grandtour.reminders import journeys as reminders
from grandtour.reports import training as reports
from tests.factories import MembershipFactory, OrganiserFactory, PersonFactory
from tests.grandtour.tours import NOON, SeatFactory, StopFactory, settle
from tests.grandtour.trained import CHOICES, passed, published, written
from tests.together import together
from volunteers.models import Notice

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


@pytest.fixture
def client_of():
    """Sign somebody in."""

    def sign_in(person):
        client = Client()
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def agreed():
    """Give a journey of two that only waits to be confirmed; one training is asked for."""
    stop = StopFactory(journey__state="offered", accepted_at=NOON, accepted_by=PersonFactory())
    seats = [
        SeatFactory(
            journey=stop.journey,
            number=number,
            country=country,
            state="accepted",
            accepted_at=NOON,
            application__state="placed",
        )
        for number, country in ((1, "PL"), (2, "DE"))
    ]
    for seat in seats:
        settle(seat)
        seat.move("agreed")
    version = published()
    RequiredTraining.objects.create(edition=stop.journey.edition, training=version.training)
    return stop.journey, seats, version


def refused(name, act):
    """Assert that PostgreSQL refuses this by the rule of this name."""
    with pytest.raises(DatabaseError, match=name), transaction.atomic():
        act()


def test_what_is_published_stays_as_it_is():
    version = published()
    lesson = version.lessons.get(number=1)

    refused(
        "Cannot update", lambda: TrainingVersion.objects.filter(pk=version.pk).update(months=1)
    )
    refused("lesson_changes_in_a_draft", lambda: Lesson.objects.update(title="Other"))
    refused("exercise_changes_in_a_draft", lesson.delete)
    refused("exercise_changes_in_a_draft", lambda: Exercise.objects.update(question="Why?"))
    refused("exercise_changes_in_a_draft", lambda: Exercise.objects.all().delete())
    refused(
        "lesson_changes_in_a_draft",
        lambda: Lesson.objects.create(version=version, number=9, title="New", words="x"),
    )


def test_a_new_version_begins_as_a_copy_and_leaves_the_old_one_alone():
    first = published()
    draft = actions.draft(first.training)
    draft.lessons.filter(number=1).update(title="Changed")
    again = actions.draft(first.training)
    actions.publish(draft, at=NOON)

    assert (draft.number, again.pk) == (2, draft.pk)
    assert list(first.lessons.order_by("number").values_list("title", flat=True)) == [
        "Part 1",
        "Part 2",
    ]
    assert list(draft.lessons.order_by("number").values_list("title", flat=True)) == [
        "Changed",
        "Part 2",
    ]
    copied = draft.lessons.get(number=1).exercises.get(number=1)
    assert (copied.choices, copied.right) == (CHOICES, CHOICES[1:2])


def test_nothing_empty_is_published_and_nothing_twice():
    training = Training.objects.create(name="Empty", slug="empty")
    draft = actions.draft(training)
    with pytest.raises(actions.Empty):
        actions.publish(draft, at=NOON)
    refused(
        "training_version_published_with_a_lesson",
        lambda: TrainingVersion.objects.filter(pk=draft.pk).update(published_at=NOON),
    )
    with pytest.raises(actions.NotADraft):
        actions.publish(published(), at=NOON)


def test_a_training_is_passed_with_its_last_lesson_and_for_its_months():
    version, person = published(months=12), PersonFactory()
    first, last = version.lessons.order_by("number")

    assert actions.finish(last, person, {}, at=NOON) is False
    assert actions.finish(last, person, {}, at=NOON) is False
    assert actions.finish(first, person, {}, at=NOON) is True

    row = Completion.objects.get()
    assert (row.version, row.day, row.last_day) == (version, TODAY, date(2027, 2, 10))
    assert not LessonDone.objects.exists()


def test_postgresql_lets_nobody_pass_what_they_have_not_done():
    version, person = published(), PersonFactory()
    actions.finish(version.lessons.get(number=1), person, {}, at=NOON)
    refused(
        "completion_after_every_lesson",
        lambda: Completion.objects.create(person=person, version=version, day=TODAY),
    )
    passed(version, person)
    refused("Cannot update", lambda: Completion.objects.update(last_day=date(2099, 1, 1)))


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_pass_a_training_once():
    version, person = published(lessons=1), PersonFactory()
    lesson = version.lessons.get()

    together(*[lambda: actions.finish(lesson, person, {}, at=NOON)] * 6)

    assert Completion.objects.count() == 1


def test_whoever_began_a_version_finishes_it_within_a_month():
    first, person = published(), PersonFactory()
    actions.finish(first.lessons.get(number=1), person, {}, at=NOON)
    second = actions.draft(first.training)
    actions.publish(second, at=NOON)

    assert version_for(first.training, person, NOON + timedelta(days=29)) == first
    assert version_for(first.training, person, NOON + timedelta(days=31)) == second
    assert version_for(first.training, PersonFactory(), NOON) == second


def test_a_journey_is_confirmed_when_everybody_has_passed_what_is_asked(agreed):
    journey, (one, other), version = agreed
    passed(version, one.person)

    with pytest.raises(unready.Untrained) as missing:
        journeys.confirm(journey, OrganiserFactory(), at=NOON)
    assert missing.value.people == [(other.person, [version.training])]

    passed(version, other.person)
    journeys.confirm(journey, OrganiserFactory(), at=NOON)
    one.refresh_from_db()
    assert one.state == "confirmed"


def test_a_training_that_ends_before_the_journey_is_still_to_be_done(agreed):
    journey, (one, other), version = agreed
    last = journey.stops.get().leave
    short = published("Short", months=1)
    RequiredTraining.objects.create(edition=journey.edition, training=short.training)
    for seat in (one, other):
        passed(version, seat.person)
        passed(short, seat.person)
        seat.refresh_from_db()

    assert reports.open_for([one]) == {one.pk: [short.training]}
    refused("seat_confirmed_with_its_trainings", lambda: one.move("confirmed"))

    passed(short, one.person, at=NOON + timedelta(days=(last - TODAY).days - 28))
    assert reports.open_for([one]) == {}
    one.move("confirmed")


def test_an_edition_asks_only_for_what_can_be_done():
    stop = StopFactory()
    draft = written()
    refused(
        "required_training_can_be_done",
        lambda: RequiredTraining.objects.create(
            edition=stop.journey.edition, training=draft.training
        ),
    )


def test_a_copy_of_an_edition_asks_for_the_same_trainings(agreed):
    journey, _seats, version = agreed
    later = timedelta(days=365)
    fields = ("applications_first_day", "applications_last_day")
    fields += ("travel_first_day", "travel_last_day")
    days = editions.Days(**{name: getattr(journey.edition, name) + later for name in fields})
    made = editions.copy(journey.edition, "Next year", "next-year", days)

    assert [row.training for row in made.required_trainings.all()] == [version.training]


def test_one_of_those_who_speak_for_a_host_is_enough():
    stop = StopFactory(journey__state="offered")
    version = published()
    RequiredTraining.objects.create(
        edition=stop.journey.edition, training=version.training, side="host"
    )
    members = [
        MembershipFactory(affiliate=stop.host.affiliate, role=role)
        for role in ("editor", "steward", "member")
    ]
    assert reports.open_with_hosts([stop]) == {stop.pk: [version.training]}
    passed(version, members[2].person)
    assert reports.open_with_hosts([stop]) == {stop.pk: [version.training]}
    passed(version, members[1].person)
    assert reports.open_with_hosts([stop]) == {}


def test_the_letters_before_the_journey_name_what_is_still_to_be_done(agreed):
    journey, (one, other), version = agreed
    passed(version, one.person)
    reminders.before(journey.stops.get().arrive - timedelta(days=30))

    bodies = {
        row.recipient: row.body for row in Notice.objects.filter(key__startswith="journey-soon")
    }
    assert version.training.name not in bodies[one.person]
    assert version.training.name in bodies[other.person]
    assert f"/me/training/{version.training.slug}/" in bodies[other.person]


@time_machine.travel(NOON, tick=False)
def test_a_lesson_is_tried_until_it_is_right_and_then_explained(client_of):
    version, person = published(), PersonFactory()
    client = client_of(person)
    path = reverse("grandtour:lesson", args=[version.training.slug, 1])

    wrong = client.post(path, {"exercise-1": "0", "exercise-2": "I would ask."})
    page = wrong.content.decode()
    assert "Not quite" in page
    assert "Needs differ." in page
    assert "I would ask." in page
    assert not LessonDone.objects.exists()

    right = client.post(path, {"exercise-1": "1", "exercise-2": "I would ask."}, follow=True)
    page = right.content.decode()
    assert right.redirect_chain == [(path, 302)]
    assert "Needs differ." in page
    assert reverse("grandtour:lesson", args=[version.training.slug, 2]) in page
    assert ExerciseAnswer.objects.get().words == "I would ask."

    end = client.post(reverse("grandtour:lesson", args=[version.training.slug, 2]), {})
    assert end.url == version.training.get_absolute_url()
    assert Completion.objects.get().person == person
    assert "You passed version 1" in client.get(end.url).content.decode()


def test_what_somebody_wrote_in_a_training_nobody_else_reads(client_of):
    version, person = published(), PersonFactory()
    lesson = version.lessons.get(number=1)
    actions.finish(lesson, person, {lesson.exercises.get(number=2).pk: "Sekret"}, at=NOON)
    path = reverse("grandtour:lesson", args=[version.training.slug, 1])

    assert "Sekret" in client_of(person).get(path).content.decode()
    assert "Sekret" not in client_of(OrganiserFactory()).get(path).content.decode()


def test_a_draft_is_nowhere(client_of):
    version = written()
    client = client_of(OrganiserFactory())
    for name in ("training", "training_printed"):
        found = client.get(reverse(f"grandtour:{name}", args=[version.training.slug]))
        assert found.status_code == 404
    assert (
        version.training.name not in client.get(reverse("grandtour:trainings")).content.decode()
    )


@time_machine.travel(NOON, tick=False)
def test_the_list_has_first_what_one_needs(agreed, client_of):
    _journey, (one, _other), version = agreed
    published("Something else")
    page = client_of(one.person).get(reverse("grandtour:trainings")).content.decode()

    assert page.index(version.training.name) < page.index("Something else")
    assert "For your next journey" in page


@time_machine.travel(NOON, tick=False)
def test_the_list_asks_the_same_for_one_training_and_for_three(
    agreed, client_of, django_assert_max_num_queries
):
    _journey, (one, _other), version = agreed
    client, path = client_of(one.person), reverse("grandtour:trainings")
    client.get(path)
    with django_assert_max_num_queries(12) as first:
        client.get(path)
    one_of_them = reverse("grandtour:training", args=[version.training.slug])
    with django_assert_max_num_queries(12):
        client.get(one_of_them)
    published("Second")
    published("Third")
    with django_assert_max_num_queries(len(first)):
        client.get(path)


@time_machine.travel(NOON, tick=False)
def test_the_page_of_a_journey_says_who_still_has_what_to_do(agreed, client_of):
    journey, (one, other), version = agreed
    passed(version, one.person)
    own = client_of(other.person).get(journey.get_absolute_url()).content.decode()
    fellow = client_of(one.person).get(journey.get_absolute_url()).content.decode()
    desk = client_of(OrganiserFactory()).get(journey.get_absolute_url()).content.decode()

    section = 'id="training-title"'
    assert version.training.get_absolute_url() in own
    assert "Somebody in your group still has a training to do." in fellow
    assert section in desk
    assert str(other.person) in desk.split(section)[1].split("</section>")[0]


def test_an_organiser_who_confirms_too_early_reads_who_is_missing(agreed, client_of):
    journey, (_one, other), version = agreed
    path = reverse("admin:grandtour_journey_confirm", args=[journey.pk])
    page = client_of(OrganiserFactory()).post(path, {"yes": "1"}, follow=True).content.decode()

    assert f"{other.person}: {version.training}" in page


def test_an_organiser_writes_a_training_at_the_desk(client_of):
    client = client_of(OrganiserFactory())
    client.post(reverse("admin:grandtour_training_add"), {"name": "By rail", "slug": "by-rail"})
    version = TrainingVersion.objects.get(training__slug="by-rail")
    change = reverse("admin:grandtour_trainingversion_change", args=[version.pk])
    client.post(
        change,
        {
            "about": "Trains.",
            "audience": "both",
            "months": "24",
            "lessons-TOTAL_FORMS": "1",
            "lessons-INITIAL_FORMS": "0",
            "lessons-0-number": "1",
            "lessons-0-title": "Tickets",
            "lessons-0-words": "Buy them early.",
            "lessons-0-minutes": "5",
        },
    )
    lesson = Lesson.objects.get()
    said = {
        "number": "1",
        "title": "Tickets",
        "words": "Buy them early.",
        "minutes": "5",
        "exercises-TOTAL_FORMS": "1",
        "exercises-INITIAL_FORMS": "0",
        "exercises-0-number": "1",
        "exercises-0-question": "When?",
        "exercises-0-explanation": "Prices rise.",
    }
    desk = reverse("admin:grandtour_lesson_change", args=[lesson.pk])
    bad = client.post(desk, said | {"exercises-0-lines": "Late\nEarly"})
    assert "at least one of them right" in bad.content.decode()
    client.post(desk, said | {"exercises-0-lines": "Late\n* Early"})
    exercise = Exercise.objects.get()
    assert (exercise.choices, exercise.right) == (["Late", "Early"], ["Early"])

    client.post(
        reverse("admin:grandtour_trainingversion_publish", args=[version.pk]), {"yes": "1"}
    )
    version.refresh_from_db()
    assert version.published_at
    assert client.post(change, {"about": "Changed"}).status_code == 403
    client.post(
        reverse("admin:grandtour_training_write", args=[version.training_id]), {"yes": "1"}
    )
    assert version.training.versions.drafts().get().number == 2
