"""Reviewers hear a week before the last day, and on the day before, and not otherwise."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from grandtour.actions import editions, reviewers
from grandtour.models import Phase
from grandtour.reminders.reviews import remind
from tests.factories import OrganiserFactory, PersonFactory
from tests.grandtour.tours import (
    NOON,
    AssignmentFactory,
    ReviewingFactory,
    scored,
)
from volunteers import gate
from volunteers.models import Ask, Check, Notice, Rest
from volunteers.models.bandwidth import days

pytestmark = pytest.mark.django_db
LAST = date(2026, 2, 20)


def on(day):
    return datetime(2026, 2, day, 12, tzinfo=ZoneInfo("UTC"))


def reminded(person):
    rows = Notice.objects.filter(recipient=person, key__startswith="reviews-due")
    return [row.key.split(":")[2] for row in rows.order_by("pk")]


def test_who_has_something_to_read_hears_twice():
    assignment = AssignmentFactory()

    for day in range(11, 22):
        for _again in range(2):
            remind(on(day))

    assert reminded(assignment.reviewer.person) == ["7", "1"]
    notice = Notice.objects.filter(key__startswith="reviews-due").first()
    assert "1 application waits for your review" in notice.subject
    assert "20 February 2026" in notice.body


def test_who_has_read_everything_or_stopped_or_was_just_asked_hears_nothing():
    read, stopped = AssignmentFactory.create_batch(2)
    scored(read.application, read.reviewer, 1, 1)
    reviewers.stop(stopped.reviewer, stopped.reviewer.person, at=NOON)
    fresh = AssignmentFactory(assigned_at=on(15) - timedelta(hours=3))

    remind(on(15))

    assert [reminded(a.reviewer.person) for a in (read, stopped, fresh)] == [[], [], []]


def test_phases_without_scores_and_editions_that_go_on_remind_nobody():
    one, other = AssignmentFactory.create_batch(2)
    Phase.objects.filter(edition=one.reviewer.edition).update(may_score=False)
    other.reviewer.edition.move("matching")

    remind(on(15))

    assert not Notice.objects.filter(key__startswith="reviews-due").exists()


def test_a_copied_edition_has_the_same_phases_as_far_from_its_last_day():
    edition = ReviewingFactory()
    its_days = editions.Days(
        date(2027, 1, 1), date(2027, 1, 31), date(2027, 5, 1), date(2027, 6, 30)
    )

    made = editions.copy(edition, "Next", "next", its_days)

    phase = made.phases.get()
    assert (phase.first_day, phase.last_day) == (date(2027, 2, 1), date(2027, 2, 20))
    assert phase.may_decide


def asked_to_read(person, by=None):
    """Ask somebody on the tenth of February at noon."""
    edition = ReviewingFactory()
    return reviewers.ask(
        edition, person, reviewers.Rights(why="You"), by or OrganiserFactory(), at=NOON
    )


def keys(person):
    rows = Notice.objects.filter(recipient=person).order_by("pk")
    return [row.key.split(":")[0] for row in rows]


def test_an_ask_to_read_is_said_again_once_and_over_after_a_week():
    person, organiser = PersonFactory(), OrganiserFactory()
    reviewer = asked_to_read(person, organiser)

    for day in range(10, 25):
        for _again in range(2):
            remind(on(day))

    reviewer.refresh_from_db()
    assert reviewer.state == "declined"
    assert keys(person) == ["review-asked", "review-waits"]
    assert keys(organiser) == ["review-not-answered"]
    ask = Ask.objects.get()
    assert (ask.answered_at.date(), ask.declined) == (date(2026, 2, 17), False)


def test_organisers_cannot_tell_by_the_end_of_an_ask_who_rests():
    person = PersonFactory()
    reviewer = asked_to_read(person)
    Rest.objects.create(person=person, period=days(date(2026, 2, 12), date(2026, 2, 25)))

    remind(on(16))
    reviewer.refresh_from_db()
    assert reviewer.state == "asked"
    remind(on(17))
    reviewer.refresh_from_db()
    assert reviewer.state == "declined"
    assert keys(person) == ["review-asked"]
    assert not person.notices.filter(by_mail=True).exists()


def test_three_unanswered_asks_to_read_are_not_for_ever():
    person = PersonFactory(open_asks=3)
    for _ in range(3):
        asked_to_read(person)

    def answer(day):
        now = on(day)
        return gate.check(person, asker=PersonFactory(), now=now, wish=gate.Wish())

    assert answer(10) == gate.Answer.CLOSED
    remind(on(18))
    assert answer(18) != gate.Answer.CLOSED


def test_organisers_take_a_question_back_and_a_late_yes_changes_nothing(client):
    person, organiser = PersonFactory(), OrganiserFactory()
    with time_machine.travel(on(11), tick=False):
        reviewer = asked_to_read(person, organiser)
        client.force_login(organiser)
        address = reverse("admin:grandtour_edition_readers", args=[reviewer.edition_id])
        assert "Take the question back" in client.get(address).content.decode()
        client.post(address, {"do": "stop", "of": reviewer.pk})
        client.force_login(person)
        client.post(
            reverse("grandtour:answer_review", args=[reviewer.edition.slug]), {"answer": "yes"}
        )

    reviewer.refresh_from_db()
    assert reviewer.state == "declined"
    assert Ask.objects.get().answered_at


def test_organisers_who_ask_are_noted_and_stopped_after_thirty(client):
    organiser = OrganiserFactory()
    edition = ReviewingFactory()
    people = PersonFactory.create_batch(31)
    client.force_login(organiser)
    address = reverse("admin:grandtour_edition_readers", args=[edition.pk])
    with time_machine.travel(on(11), tick=False):
        for person in people:
            page = client.post(
                address, {"do": "ask", "ask-username": person.username, "ask-reads": "on"}
            )

    assert "very often" in page.content.decode()
    assert Check.objects.filter(asker=organiser).count() == 30
    assert Ask.objects.count() == 30
