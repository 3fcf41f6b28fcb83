"""What PostgreSQL refuses about reviews: by raw SQL, and twenty at once."""

import pytest
from django.db import IntegrityError, connection, transaction

from grandtour.actions import conflicts
from grandtour.models import (
    Assignment,
    Conflict,
    Criterion,
    Decision,
    Phase,
    Review,
    ReviewEvent,
    Score,
)
from tests.factories import PersonFactory
from tests.grandtour.test_constraints import at_once, refused
from tests.grandtour.tours import (
    NOON,
    AssignmentFactory,
    PhaseFactory,
    ReadFactory,
    ReviewerFactory,
    ReviewingFactory,
    scored,
)

pytestmark = pytest.mark.django_db


def sql(statement, **values):
    """Run SQL with nothing of ours in the way."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def begun(assignment=None):
    assignment = assignment or AssignmentFactory()
    return Review.objects.create(
        application=assignment.application,
        reviewer=assignment.reviewer,
        begun_at=NOON,
        changed_at=NOON,
    )


REVIEW = """
    INSERT INTO grandtour_review
        (state, application_id, reviewer_id, recommendation, words, begun_at, changed_at)
    VALUES ('draft', %(application)s, %(reviewer)s, '', '', now(), now())
"""
SCORE = """
    INSERT INTO grandtour_score (review_id, criterion_id, value)
    VALUES (%(review)s, %(criterion)s, %(value)s)
"""
CONFLICT = """
    INSERT INTO grandtour_conflict (application_id, reviewer_id, kind, found_at)
    VALUES (%(application)s, %(reviewer)s, 'declared', now())
"""


def pair(assignment):
    return {"application": assignment.application_id, "reviewer": assignment.reviewer_id}


def test_one_review_per_reviewer_and_application():
    assignment = AssignmentFactory()
    sql(REVIEW, **pair(assignment))

    refused("review_one_per_reviewer_and_application", lambda: sql(REVIEW, **pair(assignment)))


@pytest.mark.parametrize("value", [-1, 5, 11])
def test_a_score_stays_within_its_scale(value):
    review = begun()
    criterion = review.application.edition.criteria.first()
    keys = {"review": review.pk, "criterion": criterion.pk}

    refused("score_within_its_scale", lambda: sql(SCORE, **keys, value=value))
    sql(SCORE, **keys, value=4)
    refused(
        "score_within_its_scale",
        lambda: sql("UPDATE grandtour_score SET value = %(v)s", v=value),
    )
    assert Score.objects.get().value == 4


def test_a_scale_does_not_move_below_what_was_scored():
    review = begun()
    criterion = review.application.edition.criteria.first()
    Score.objects.create(review=review, criterion=criterion, value=4)

    for change in ("highest = 3", "lowest = 1", "weight = 9"):
        refused(
            "criterion_stays_once_scored",
            lambda change=change: sql(
                f"UPDATE grandtour_criterion SET {change} WHERE id = %(pk)s",  # noqa: S608
                pk=criterion.pk,
            ),
        )


def test_nothing_is_scored_by_the_criteria_of_another_edition():
    review, other = begun(), ReviewingFactory()

    refused(
        "score_within_one_edition",
        lambda: sql(SCORE, review=review.pk, criterion=other.criteria.first().pk, value=1),
    )


def test_who_has_a_conflict_neither_reads_nor_reviews():
    application, reviewer = ReadFactory(), None
    reviewer = ReviewerFactory(edition=application.edition)
    keys = {"application": application.pk, "reviewer": reviewer.pk}
    sql(CONFLICT, **keys)

    refused("review_without_conflict", lambda: sql(REVIEW, **keys))
    refused(
        "assignment_without_conflict",
        lambda: sql(
            "INSERT INTO grandtour_assignment (application_id, reviewer_id, assigned_at)"
            " VALUES (%(application)s, %(reviewer)s, now())",
            **keys,
        ),
    )


def test_a_conflict_comes_only_when_nothing_is_read_any_more():
    review = begun()
    keys = {"application": review.application_id, "reviewer": review.reviewer_id}

    refused("conflict_ends_reading", lambda: sql(CONFLICT, **keys))
    sql("UPDATE grandtour_review SET state = 'void'")
    refused("conflict_ends_reading", lambda: sql(CONFLICT, **keys))
    sql("UPDATE grandtour_assignment SET ended_at = now()")
    sql(CONFLICT, **keys)

    refused(
        "review_without_conflict", lambda: sql("UPDATE grandtour_review SET state = 'draft'")
    )
    refused(
        "assignment_without_conflict",
        lambda: sql("UPDATE grandtour_assignment SET ended_at = NULL"),
    )


def test_who_has_read_what_others_think_changes_nothing_any_more():
    assignment = AssignmentFactory()
    review = scored(assignment.application, assignment.reviewer, 4, 4)
    sql("UPDATE grandtour_review SET others_seen_at = now() WHERE id = %(pk)s", pk=review.pk)
    back = "UPDATE grandtour_review SET state = 'draft', given_at = NULL, score = NULL"

    refused("review_stands_once_others_are_read", lambda: sql(back))


def test_a_kind_of_conflict_is_noted_once():
    application = ReadFactory()
    reviewer = ReviewerFactory(edition=application.edition)
    keys = {"application": application.pk, "reviewer": reviewer.pk}
    sql(CONFLICT, **keys)

    refused("conflict_one_per_kind_reviewer_and_application", lambda: sql(CONFLICT, **keys))
    sql(CONFLICT.replace("declared", "journey"), **keys)


def test_nobody_reads_the_applications_of_another_edition():
    application, stranger = ReadFactory(), ReviewerFactory()
    keys = {"application": application.pk, "reviewer": stranger.pk}

    refused("review_within_one_edition", lambda: sql(REVIEW, **keys))
    refused(
        "assignment_within_one_edition",
        lambda: Assignment.objects.create(
            application=application, reviewer=stranger, assigned_at=NOON
        ),
    )


def test_a_review_is_given_with_every_score_and_postgresql_works_it_out():
    review = begun()
    first, second = review.application.edition.criteria.order_by("number")
    give = """
        UPDATE grandtour_review SET state = 'given', given_at = now(), score = 99,
        recommendation = 'yes', confidence = 2
    """
    refused("review_given_with_every_score", lambda: sql(give))
    Score.objects.create(review=review, criterion=first, value=4)
    refused("review_given_with_every_score", lambda: sql(give))
    Score.objects.create(review=review, criterion=second, value=2)
    sql(give)

    review.refresh_from_db()
    assert review.score == (100 * 3 + 50 * 1) / 4
    refused("score_stays_once_given", lambda: sql("UPDATE grandtour_score SET value = 0"))
    refused("score_stays_once_given", lambda: sql("DELETE FROM grandtour_score"))


def test_a_review_is_not_given_without_a_recommendation():
    review = begun()
    for criterion in review.application.edition.criteria.all():
        Score.objects.create(review=review, criterion=criterion, value=1)

    refused(
        "review_given_with_a_recommendation",
        lambda: sql("UPDATE grandtour_review SET state = 'given', given_at = now()"),
    )


def test_nobody_decides_about_themselves_and_what_is_published_stays():
    application = ReadFactory()
    by = {"application": application, "outcome": "shortlisted", "decided_at": NOON}

    refused(
        "decision_not_about_oneself",
        lambda: Decision.objects.create(by=application.person, **by),
    )
    Decision.objects.create(by=PersonFactory(), **by)
    refused(
        "decision_one_pending_per_application",
        lambda: Decision.objects.create(by=PersonFactory(), **by),
    )
    sql("UPDATE grandtour_decision SET published_at = now()")
    for change in (
        "UPDATE grandtour_decision SET outcome = 'declined'",
        "DELETE FROM grandtour_decision",
    ):
        refused("decision_stays_once_published", lambda change=change: sql(change))


def test_phases_of_an_edition_share_no_day():
    phase = PhaseFactory()

    refused(
        "phases_of_an_edition_do_not_overlap",
        lambda: PhaseFactory(edition=phase.edition, first_day=phase.last_day),
    )
    refused(
        "phase_days_in_order",
        lambda: Phase.objects.filter(pk=phase.pk).update(last_day="2026-01-01"),
    )


def test_nobody_edits_what_happened():
    assignment = AssignmentFactory()
    scored(assignment.application, assignment.reviewer, 3, 2)

    for act in (
        lambda: ReviewEvent.objects.update(verb="cleared"),
        lambda: ReviewEvent.objects.all().delete(),
    ):
        with pytest.raises(Exception, match="review_event_stays"), transaction.atomic():
            act()


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_begin_one_review():
    assignment = AssignmentFactory()

    through = at_once(lambda _n: sql(REVIEW, **pair(assignment)))

    assert (through, Review.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_give_no_score_outside_its_scale():
    review = begun()
    criterion = review.application.edition.criteria.first()

    through = at_once(
        lambda n: sql(SCORE, review=review.pk, criterion=criterion.pk, value=n - 7)
    )

    assert (through, Score.objects.count()) == (1, 1)
    assert 0 <= Score.objects.get().value <= 4


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_leave_no_review_beside_a_conflict():
    """Half begin the review, half declare the conflict: never both."""
    assignment = AssignmentFactory()
    keys = pair(assignment)
    Assignment.objects.update(ended_at=NOON)

    at_once(lambda n: sql(REVIEW if n % 2 else CONFLICT, **keys))

    reviews = Review.objects.standing().count()
    assert (reviews, Conflict.objects.in_force().count()) in {(1, 0), (0, 1)}


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_leave_no_score_outside_a_scale_that_moves():
    review = begun()
    criterion = review.application.edition.criteria.first()
    shrink = "UPDATE grandtour_criterion SET highest = 2 WHERE id = %(criterion)s"

    at_once(
        lambda n: (
            sql(SCORE, review=review.pk, criterion=criterion.pk, value=4)
            if n % 2
            else sql(shrink, criterion=criterion.pk)
        )
    )

    scale = Criterion.objects.get(pk=criterion.pk).highest
    assert all(score.value <= scale for score in Score.objects.all())


@pytest.mark.django_db(transaction=True)
def test_declaring_a_conflict_while_one_reviews_ends_with_the_conflict_alone():
    assignment = AssignmentFactory()

    def press(n):
        if n % 2:
            conflicts.declare(Assignment.objects.get(pk=assignment.pk), at=NOON)
        else:
            sql(REVIEW, **pair(assignment))

    at_once(press)

    assert Conflict.objects.in_force().count() == 1
    assert not Review.objects.standing().exists()
    assert not Assignment.objects.live().exists()


def test_what_is_ones_own_is_never_lifted():
    application = ReadFactory()
    reviewer = ReviewerFactory(edition=application.edition, person=application.person)
    conflicts.find(application.edition, at=NOON)

    with pytest.raises(IntegrityError), transaction.atomic():
        sql("UPDATE grandtour_conflict SET lifted_at = now()")
    assert Conflict.objects.get().reviewer == reviewer
