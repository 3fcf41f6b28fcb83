"""Reviewers hear a week before the last day, and on the day before, and not otherwise."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from grandtour.actions import editions, reviewers
from grandtour.models import Phase
from grandtour.reminders.reviews import remind
from tests.grandtour.tours import (
    NOON,
    AssignmentFactory,
    ReviewingFactory,
    scored,
)
from volunteers.models import Notice

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
    days = editions.Days(
        date(2027, 1, 1), date(2027, 1, 31), date(2027, 5, 1), date(2027, 6, 30)
    )

    made = editions.copy(edition, "Next", "next", days)

    phase = made.phases.get()
    assert (phase.first_day, phase.last_day) == (date(2027, 2, 1), date(2027, 2, 20))
    assert phase.may_decide
